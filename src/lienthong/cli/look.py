"""`lienthong look`: what is in a database or file, without a server and without Django."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

import click

from lienthong.cli.declared import Declared, declared_from
from lienthong.cli.ending import BROKEN_OFF, INTERRUPTED, WRONG, password_from, say_and_exit, terminated
from lienthong.cli.lookprint import print_look
from lienthong.engine.errors import EngineError
from lienthong.engine.session import Limits
from lienthong.engine.shapes import Look, ReadingChoice
from lienthong.engine.sources import Measure, choices_from, open_source


@click.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
@click.option(
    "--password-env",
    metavar="NAME",
    help="Biến môi trường chứa mật khẩu / Environment variable that holds the password",
)
@click.option(
    "--reading",
    "reading",
    type=click.Path(exists=True, dir_okay=False, readable=True),
    metavar="FILE.json",
    help="Cách đọc tự chọn cho từng bảng của tệp / How to read each table of a file instead",
)
@click.option(
    "--all-rows",
    is_flag=True,
    help="Xét mọi dòng khi nhận biết ý nghĩa, mẫu và phân vị / Tell meanings, patterns and quantiles from every row",
)
@click.option(
    "--in-place",
    is_flag=True,
    help="Để cơ sở dữ liệu tự đếm, không chụp dữ liệu về / Let the database count, capture no rows",
)
@click.option(
    "--codes",
    "codes",
    multiple=True,
    metavar="COLUMN=FILE",
    help="Danh mục mã mà cột phải theo, [bảng.]cột=tệp; dùng nhiều lần được / Codes that a column is to hold",
)
@click.option(
    "--rhythm",
    "rhythms",
    multiple=True,
    metavar="[TABLE=]CYCLE",
    help="Nhịp cập nhật đã khai báo: số ngày, hoặc “hằng tháng” / Declared cycle of updates: days, or “monthly”",
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def look(
    source: str,
    as_json: bool,
    password_env: str | None,
    reading: str | None,
    all_rows: bool,
    in_place: bool,
    codes: tuple[str, ...],
    rhythms: tuple[str, ...],
    lang: str,
) -> None:
    """Xem trong nguồn dữ liệu có gì / See what is in a data source.

    SOURCE: một đường dẫn (CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines, GeoJSON, Parquet, SQLite, thư mục) hoặc
    sqlite:///TỆP, postgresql://…, mysql://…, oracle://…, mssql://… / a path (CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines,
    GeoJSON, Parquet, SQLite, folder) or sqlite:///FILE, postgresql://…, mysql://…, oracle://…, mssql://…
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, terminated)
    try:
        limits = Limits(sample_rows=None) if all_rows else Limits()
        measure: Measure = "in_place" if in_place else "captured"
        declared = declared_from(codes, rhythms)
        seen = _looked(source, password_from(password_env), _choices(reading), limits, measure, declared)
        declared.require_places_in(seen)
    except EngineError as error:
        say_and_exit(f"{error.text('vi')} — {error.text('en')}", WRONG)
    except KeyboardInterrupt:
        say_and_exit("Đã dừng theo yêu cầu. — Stopped on request.", INTERRUPTED)
    except RuntimeError as error:
        # DuckDB's way to pass a signal on when it falls into a statement of the main thread.
        if str(error) != "Query interrupted":
            raise
        if isinstance(error.__context__, SystemExit):
            raise error.__context__ from None
        say_and_exit("Đã dừng theo yêu cầu. — Stopped on request.", INTERRUPTED)
    if as_json:
        click.echo(json.dumps(seen.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(print_look(seen, lang))
    broken = next((one for one in seen.findings if one.code == "look_broken_off"), None)
    if broken is not None:
        say_and_exit(f"{broken.evidence['text']} — {broken.evidence['text_en']}", BROKEN_OFF)


def _looked(
    address: str,
    password: str | None,
    choices: dict[str, ReadingChoice],
    limits: Limits,
    measure: Measure,
    declared: Declared,
) -> Look:
    on_progress = _show_progress if sys.stderr.isatty() else None
    try:
        with open_source(
            address, password=password, choices=choices, limits=limits, measure=measure
        ) as source:
            source.code_lists.update(declared.code_lists)
            source.rhythms.update(declared.rhythms)
            return source.look(on_progress)
    finally:
        if on_progress is not None:
            click.echo("\r\x1b[K", nl=False, err=True)


def _choices(path: str | None) -> dict[str, ReadingChoice]:
    """How tables are to be read, from a JSON file `{"table": {"header_rows": [3], ...}}`. Raises ReadingRefused."""
    if path is None:
        return {}
    form: object = None
    with suppress(OSError, ValueError, RecursionError):
        form = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    return choices_from(form)


def _show_progress(done: int, total: int, table: str) -> None:
    share = 100 * done // max(total, 1)
    click.echo(f"\r\x1b[K{share:3d} %  {table[:60]}", nl=False, err=True)
