"""`lienthong store`: versioned tables in a folder; no server, no Django."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lienthong.cli.ending import password_from
from lienthong.cli.sketched import told_in_one_line
from lienthong.engine.errors import TableNotFound

if TYPE_CHECKING:
    from lienthong.engine.store.ducklake import DuckLakeStore
    from lienthong.engine.store.versions import Version

BROKEN = 1
_JSON = click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
_LANG = click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
_FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_TABLE = click.argument("table")


@contextmanager
def opened_store(folder: Path, *, make: bool = False) -> Iterator[DuckLakeStore]:
    """The store in a folder, or of several machines when the environment says where its catalogue is."""
    from lienthong.engine.store.ducklake import DuckLakeStore
    from lienthong.engine.store.errors import TableUnknown
    from lienthong.engine.store.placing import places_from

    with told_in_one_line():
        places = places_from(folder, os.environ)
        if not make and places.catalogue is None and not (folder / "catalog.sqlite").is_file():
            raise TableUnknown(table=str(folder))
        store = DuckLakeStore(replace(places, root=folder.absolute()))
        try:
            yield store
        finally:
            store.close()


@click.group()
def store() -> None:
    """Kho phiên bản: công bố, đọc, so sánh, kiểm tra / Versioned tables: publish, read, compare, verify."""


@store.command()
@_FOLDER
@_TABLE
@click.argument("source")
@click.option("--key", required=False, metavar="COLUMN[,COLUMN]", help="Cột khóa / Columns of the key")
@click.option(
    "--from-table", metavar="NAME", help="Bảng của nguồn, khi nguồn có nhiều bảng / Table of the source"
)
@click.option(
    "--changes", is_flag=True, help="Nguồn chỉ chứa dòng thay đổi, có cột _change / Only changed rows"
)
@click.option("--new-columns", is_flag=True, help="Cho phép thêm cột / Allow new columns")
@click.option(
    "--allow-empty", is_flag=True, help="Cho phép phiên bản không có dòng nào / Allow a version without rows"
)
@click.option("--note", default="", help="Ghi chú cho phiên bản / Note of the version")
@click.option("--password-env", metavar="NAME", help="Biến chứa mật khẩu / Variable that holds the password")
@_JSON
@_LANG
def publish(
    folder: Path, table: str, source: str, key: str | None, from_table: str | None, changes: bool, new_columns: bool,
    allow_empty: bool, note: str, password_env: str | None, as_json: bool, lang: str,
) -> None:  # fmt: skip
    """Công bố phiên bản kế tiếp từ một nguồn / Publish the next version from a source.

    SOURCE: như lệnh look / as for look. Không có gì khác thì giữ phiên bản cũ / Nothing new keeps the version.
    """
    from lienthong.engine.sources import open_source
    from lienthong.engine.sources.copying import rows_of

    with (
        opened_store(folder, make=True) as kept,
        open_source(source, password=password_from(password_env)) as opened,
    ):
        names = [one.name for one in opened.tables()]
        if from_table is None and len(names) != 1:
            raise TableNotFound(source=opened.display, table="--from-table")
        read = from_table or names[0]
        given: dict[str, Any] = (
            {"changes": opened.read_arrow(read)}
            if changes
            else {"full": rows_of(opened, read, on_percent=_percent)}
        )
        parts = tuple(key.split(",")) if key else opened.table(read).primary_key or None
        found = kept.publish(
            table, key=parts, new_columns=new_columns, allow_empty=allow_empty, note=note, **given
        )
    if sys.stderr.isatty():
        click.echo(err=True)
    _print(as_json, version_form(found) | {"already": found.already}, lambda: _version_line(found, lang))


@store.command()
@_FOLDER
@click.argument("table", required=False)
@_JSON
@_LANG
def versions(folder: Path, table: str | None, as_json: bool, lang: str) -> None:
    """Liệt kê các phiên bản / List versions."""
    with opened_store(folder) as kept:
        found = [one for name in ([table] if table else kept.tables()) for one in kept.versions(name)]
        if table and not found:
            kept.version(table)
    _print(
        as_json,
        [version_form(one) for one in found],
        lambda: "\n".join(_version_line(one, lang) for one in found),
    )


@store.command()
@_FOLDER
@_TABLE
@click.option("--version", "number", type=click.IntRange(1))
@_JSON
@_LANG
def show(folder: Path, table: str, number: int | None, as_json: bool, lang: str) -> None:
    """Xem một phiên bản: cột, khóa, mã tổng hợp / Show a version: columns, key, digest."""
    with opened_store(folder) as kept:
        found = kept.version(table, number)
    columns = "\n".join(f"  {column.name}  {column.native_type}" for column in found.columns)
    words = ("khóa", "mã tổng hợp") if lang == "vi" else ("key", "digest")
    _print(
        as_json,
        version_form(found),
        lambda: (
            f"{_version_line(found, lang)}\n{words[0]}: {', '.join(found.key)}\n{words[1]}: {found.digest}\n{columns}"
        ),
    )


@store.command()
@_FOLDER
@_TABLE
@click.argument("left", type=click.IntRange(1))
@click.argument("right", type=click.IntRange(1))
@click.option("--limit", type=click.IntRange(0, 100_000), default=20, show_default=True)
@_JSON
@_LANG
def diff(folder: Path, table: str, left: int, right: int, limit: int, as_json: bool, lang: str) -> None:
    """So hai phiên bản theo từng dòng / Compare two versions row by row."""
    with opened_store(folder) as kept:
        found = kept.net_diff(table, left, right, limit=limit)
    form = {
        "table": table, "left": left, "right": right, "inserted": found.inserted, "updated": found.updated,
        "deleted": found.deleted, "changed_columns": dict(found.changed_columns),
        "differences": [
            {"kind": one.kind, "key": one.key, "columns": one.columns, "left": one.left, "right": one.right}
            for one in found.differences
        ],
    }  # fmt: skip
    words = ("thêm", "sửa", "xóa") if lang == "vi" else ("inserted", "updated", "deleted")

    def lines() -> str:
        counts = (found.inserted, found.updated, found.deleted)
        head = ", ".join(f"{word} {count}" for word, count in zip(words, counts, strict=True))
        signs = {"extra": "+", "missing": "-", "changed": "~"}
        rows = [
            f"{signs[one.kind]} {', '.join(map(str, one.key))}"
            + "".join(
                f"\n    {name}: {(one.left or {}).get(name)} → {(one.right or {}).get(name)}"
                for name in one.columns
            )
            for one in found.differences
        ]
        return "\n".join([head, *rows])

    _print(as_json, form, lines)


@store.command()
@_FOLDER
@_TABLE
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--version", "number", type=click.IntRange(1))
@_JSON
def export(folder: Path, table: str, target: Path, number: int | None, as_json: bool) -> None:
    """Ghi một phiên bản ra tệp .parquet, .csv hoặc .ndjson / Write a version into a file."""
    from lienthong.engine.session import literal
    from lienthong.engine.store.lake import translated

    formats = {
        ".parquet": "FORMAT parquet, COMPRESSION zstd",
        ".csv": "FORMAT csv, HEADER",
        ".ndjson": "FORMAT json",
    }
    if target.suffix.lower() not in formats:
        raise click.UsageError("TARGET: .parquet | .csv | .ndjson")
    with opened_store(folder) as kept:
        rows = kept.at(table, number)
        partial = target.with_name(f".{target.name}.partial")
        try:
            partial.touch()
        except OSError as error:
            error.filename = str(target)
            raise
        try:
            order = ", ".join(f'"{part}"' for part in rows.version.key)
            with translated(table):
                relation = rows.relation().order(order)
                relation.query(
                    "rows",
                    f"COPY (SELECT * FROM rows) TO {literal(str(partial))} ({formats[target.suffix.lower()]})",
                )
            partial.replace(target)
        finally:
            for left in (partial, partial.with_name(f"tmp_{partial.name}")):
                left.unlink(missing_ok=True)
    found = rows.version
    _print(as_json, version_form(found) | {"target": str(target)}, lambda: f"{target}: {found.rows}")


@store.command()
@_FOLDER
@click.argument("table", required=False)
@click.option(
    "--sweep-hours",
    type=click.IntRange(0),
    help="Xóa tệp thừa cũ hơn số giờ này / Remove leftovers older than",
)
@_JSON
def compact(folder: Path, table: str | None, sweep_hours: int | None, as_json: bool) -> None:
    """Sắp xếp lại tệp; mọi phiên bản giữ nguyên / Bring files into order; every version stays as it is."""
    with opened_store(folder) as kept:
        done = [kept.compact(name) for name in ([table] if table else kept.tables())]
        swept = kept.sweep(older_than_hours=sweep_hours) if sweep_hours is not None else 0
    form = [
        {"table": one.table, "files_before": one.files_before, "files_after": one.files_after} for one in done
    ]
    _print(
        as_json,
        {"tables": form, "swept": swept},
        lambda: "\n".join(f"{one.table}: {one.files_before} → {one.files_after}" for one in done),
    )


@store.command()
@_FOLDER
@click.argument("table", required=False)
@click.option("--version", "number", type=click.IntRange(1))
@click.option(
    "--engine",
    metavar="duckdb|spark",
    help="Bộ máy xử lý; mặc định theo LIENTHONG_ENGINE / Engine; LIENTHONG_ENGINE unless given",
)
@_JSON
@_LANG
def verify(
    folder: Path, table: str | None, number: int | None, engine: str | None, as_json: bool, lang: str
) -> None:
    """Đọc lại phiên bản, đối chiếu mã tổng hợp; thoát 1 khi sai / Read versions again; exit 1 when one does not hold."""
    from lienthong.engine.clusters.choosing import chosen_engine, verified_by
    from lienthong.engine.store.errors import StoreDamaged
    from lienthong.engine.store.keeping import Verified

    with opened_store(folder) as kept:
        chosen = chosen_engine(engine)
        names = [table] if table else list(kept.tables())
        found = []
        for name in names:
            for version in [kept.version(name, number)] if number else kept.versions(name):
                try:
                    if chosen == "duckdb":
                        found.append(kept.verify(name, version.number))
                    else:
                        found.append(verified_by(chosen, kept, name, version.number))
                except StoreDamaged:
                    found.append(
                        Verified(name, version.number, version.digest, "", version.rows, version.rows)
                    )
    words = ("đúng", "SAI") if lang == "vi" else ("holds", "DOES NOT HOLD")
    form = [
        {"table": one.table, "version": one.version, "holds": one.holds, "recorded": one.recorded, "found": one.found,
         "damaged": one.damaged}
        for one in found
    ]  # fmt: skip
    _print(
        as_json,
        form,
        lambda: "\n".join(f"{one.table}@{one.version}: {words[not one.holds]}" for one in found),
    )
    if not all(one.holds for one in found):
        sys.exit(BROKEN)


def version_form(version: Version) -> dict[str, Any]:
    """A version as JSON."""
    return {
        "table": version.table, "version": version.number, "rows": version.rows, "digest": version.digest,
        "key": list(version.key), "published_at": version.published_at.isoformat(), "inserted": version.inserted,
        "updated": version.updated, "deleted": version.deleted, "note": version.note,
        "columns": [{"name": column.name, "type": column.type} for column in version.columns],
    }  # fmt: skip


def _version_line(version: Version, lang: str) -> str:
    words = ("dòng", "không có gì mới") if lang == "vi" else ("rows", "nothing new")
    when = version.published_at.strftime("%Y-%m-%d %H:%M:%SZ")
    counts = f"+{version.inserted} ~{version.updated} -{version.deleted}"
    return f"{version.table}@{version.number}  {when}  {version.rows} {words[0]}  {counts}" + (
        f"  ({words[1]})" if version.already else ""
    )


def _percent(percent: float) -> None:
    if sys.stderr.isatty() and percent >= 0:
        click.echo(f"\r{percent:.0f} %", nl=False, err=True)


def _print(as_json: bool, form: Any, text: Callable[[], str]) -> None:
    click.echo(json.dumps(form, ensure_ascii=False, indent=2, default=str) if as_json else text())
