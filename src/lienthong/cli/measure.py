"""`lienthong measure`: prove a published version and count what is in it, here or on a cluster; no server, no Django."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from lienthong.cli.store import opened_store
from lienthong.engine.clusters.choosing import VersionMeasures, chosen_engine, measured_version

BROKEN = 1
_WORDS = {
    "vi": ("đúng mã tổng hợp", "SAI mã tổng hợp", "dòng", "khác nhau", "trống", "vi phạm"),
    "en": ("the digest holds", "the digest DOES NOT HOLD", "rows", "distinct", "empty", "broken"),
}


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("table")
@click.option(
    "--version",
    "number",
    type=click.IntRange(1),
    help="Phiên bản; mặc định mới nhất / Version; the newest unless given",
)
@click.option(
    "--engine",
    metavar="duckdb|spark",
    help="Bộ máy xử lý; mặc định theo LIENTHONG_ENGINE / Engine; LIENTHONG_ENGINE unless given",
)
@click.option("--only-digest", is_flag=True, help="Chỉ kiểm mã tổng hợp / Only prove the digest")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def measure(
    folder: Path,
    table: str,
    number: int | None,
    engine: str | None,
    only_digest: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Kiểm mã tổng hợp và đo các cột của một phiên bản / Prove the digest of a version and measure its columns.

    Với --engine spark, việc chạy trên cụm mà LIENTHONG_SPARK_REMOTE hoặc LIENTHONG_SPARK_MASTER chỉ ra; kết quả như trên một
    máy / With --engine spark the work runs on the cluster that LIENTHONG_SPARK_REMOTE or LIENTHONG_SPARK_MASTER names; the result
    is that of one machine.

    Mã thoát / exit code: 0 đúng / holds; 1 sai / does not; 2 không làm được / could not be done.
    """
    with opened_store(folder) as store:
        found = measured_version(
            store,
            table,
            number,
            engine=chosen_engine(engine),
            only_digest=only_digest,
            on_progress=_progress if sys.stderr.isatty() and not as_json else None,
        )
    click.echo(
        json.dumps(_form(found), ensure_ascii=False, indent=2, default=_shown)
        if as_json
        else _text(found, lang)
    )
    sys.exit(0 if found.holds else BROKEN)


def _progress(done: int, total: int, column: str) -> None:
    click.echo(f"[{done}/{total}] {column}", err=True)


def _form(found: VersionMeasures) -> dict[str, Any]:
    return {
        "table": found.version.table,
        "version": found.version.number,
        "engine": found.engine,
        "holds": found.holds,
        "recorded": found.version.digest,
        "digest": found.digest,
        "columns": [
            {"name": one.name, "rows": one.rows, **one.measures, "rules": dict(one.rules)}
            for one in found.columns
        ],
    }


def _text(found: VersionMeasures, lang: str) -> str:
    holds, broken, rows, distinct, empty, failed = _WORDS[lang]
    first = f"{found.version.table}@{found.version.number}: {holds if found.holds else broken} ({found.engine}) {found.digest}"
    lines = [first]
    for one in found.columns:
        filled = int(one.measures["filled"])
        rules = ", ".join(f"{rule} {count}" for rule, count in one.rules.items() if count)
        lines.append(
            f"  {one.name}: {one.rows} {rows}, {one.rows - filled} {empty}, {one.measures['distinct']} {distinct}"
            + (f"; {failed}: {rules}" if rules else "")
        )
    return "\n".join(lines)


def _shown(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else str(value)
