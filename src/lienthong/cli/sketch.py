"""`lienthong sketch`: what of a database may leave for a comparison, as a file; its key; and what a file tells."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from lienthong import __version__
from lienthong.cli.ending import password_from
from lienthong.cli.sketched import leaving_of, told_in_one_line
from lienthong.cli.sketchprint import print_file, print_left
from lienthong.engine.overlap.errors import SketchKeyMissing, SketchNotWritten, SketchTooSmall
from lienthong.engine.overlap.keys import read_key, write_new_key
from lienthong.engine.overlap.leaving import FLOOR, Leaving, Policy
from lienthong.engine.overlap.sketchfile import DAYS, Letter, is_sketch_file, read_sketch, write_sketch

_LANG = click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
_JSON = click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")


@click.command()
@click.argument("source")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Khóa của kỳ đối chiếu, cần cho mức 2 / Key of the matching period, needed for level 2",
)
@click.option(
    "--level",
    type=click.Choice(["0", "1", "2"]),
    required=True,
    help="0: tên và kiểu; 1: thêm thống kê đã làm mờ; 2: thêm mã băm có khóa / 0: names and types; 1: and a "
    "suppressed profile; 2: and keyed hashes",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Tệp lập ra / File to make"
)
@click.option("--name", help="Tên cơ sở dữ liệu / Name of the database")
@click.option("--by", "made_by", help="Người hoặc đơn vị lập tệp / Person or unit that makes the file")
@click.option("--period", default="", help="Kỳ đối chiếu, ví dụ 2026-Q4 / Matching period, such as 2026-Q4")
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    default=DAYS,
    show_default=True,
    help="Số ngày tệp có hiệu lực / Days for which the file is good",
)
@click.option(
    "--least-values",
    type=click.IntRange(FLOOR),
    default=100,
    show_default=True,
    help="Số giá trị ít nhất để mã băm được ra ngoài / Values from which on hashes leave",
)
@click.option(
    "--least-personal",
    type=click.IntRange(FLOOR),
    default=1000,
    show_default=True,
    help="Như trên, đối với dữ liệu cá nhân / The same for personal data",
)
@click.option(
    "--password-env",
    metavar="NAME",
    help="Biến môi trường chứa mật khẩu / Environment variable that holds the password",
)
@_JSON
@_LANG
def sketch(
    source: str,
    key_file: Path | None,
    level: str,
    out: Path,
    name: str | None,
    made_by: str | None,
    period: str,
    days: int,
    least_values: int,
    least_personal: int,
    password_env: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Lập tệp phác thảo để đối chiếu mà không đưa dòng dữ liệu nào ra ngoài / Make a sketch file, with which a
    database can be compared while no row leaves.

    SOURCE: đường dẫn hoặc địa chỉ như của lệnh look / a path or an address as of the command look. Giá trị chỉ ra
    ngoài dưới dạng mã băm có khóa, và chỉ ở mức 2 / Values leave as keyed hashes only, and at level 2 only.
    """
    with told_in_one_line():
        key = read_key(key_file) if key_file else None
        if level == "2" and key is None:
            raise SketchKeyMissing(file=out.name)
        _require_place(out)
        policy = Policy(least_values, max(least_values, least_personal))
        what = leaving_of(
            source, key, policy, level=int(level), password=password_from(password_env), name=name
        )
        if level == "2" and not what.sets:
            raise SketchTooSmall(
                source=what.sketch.name, values=policy.least_values, identifiers=policy.least_personal
            )
        now = datetime.now(UTC).replace(microsecond=0)
        letter = Letter(
            level=int(level),
            made_by=made_by or _user(),
            made_at=now,
            expires=date.today() + timedelta(days=days),
            period=period,
            software=f"lienthong {__version__}",
            policy=policy.as_json(),
        )
        letter = write_sketch(out, what, letter, key)
    if as_json:
        click.echo(json.dumps(told(what, letter, out.name), ensure_ascii=False, indent=2))
    else:
        click.echo(print_left(told(what, letter, out.name), lang))


def _require_place(out: Path) -> None:
    """Refuse before anything is read what could not be written in the end. Raises SketchNotWritten."""
    if not out.absolute().parent.is_dir():
        raise SketchNotWritten(
            file=out.name, reason_vi="không có thư mục này", reason_en="there is no such folder"
        )
    if out.exists() and not is_sketch_file(out):
        raise SketchNotWritten(
            file=out.name,
            reason_vi="đã có tệp khác mang tên này, không ghi đè",
            reason_en="another file of this name exists and is not written over",
        )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"


def told(what: Leaving, letter: Letter, file: str) -> dict[str, Any]:
    """What left, for people and programs."""
    return {
        "file": file,
        "digest": letter.digest,
        "database": what.sketch.name,
        **letter.as_json(),
        "tables": [
            {
                "name": table.name,
                "rows": table.rows,
                "columns": [
                    {
                        "name": column.name,
                        "type": column.type,
                        "level": column.level,
                        "personal": (table.name, column.name) in what.personal,
                        "hashes": {family: len(values.hashes) for family, values in column.values.items()},
                        "lists": list(column.lists),
                    }
                    for column in table.columns
                ],
            }
            for table in what.sketch.tables
        ],
    }


@click.command("sketch-key")
@click.argument("file", type=click.Path(path_type=Path))
def sketch_key(file: Path) -> None:
    """Lập khóa ngẫu nhiên cho một kỳ đối chiếu / Make a random key for a matching period.

    Giao khóa cho các bên có dữ liệu qua kênh riêng; bên so sánh không được có khóa / Hand it to the parties that hold
    data, by a channel of its own; whoever compares must not have it.
    """
    with told_in_one_line():
        known_by = write_new_key(file)
    click.echo(f"Đã lập khóa {known_by} / Made the key {known_by}: {file.name}")


@click.command("sketch-show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Khóa để kiểm tra niêm phong / Key to check the seal with",
)
@_JSON
@_LANG
def sketch_show(file: Path, key_file: Path | None, as_json: bool, lang: str) -> None:
    """Kiểm tra một tệp phác thảo và cho biết trong tệp có gì / Check a sketch file and tell what is in it."""
    with told_in_one_line():
        read = read_sketch(file, today=date.today(), key=read_key(key_file) if key_file else None)
    what = told(Leaving(read.sketch, read.personal, ()), read.letter, file.name)
    if as_json:
        click.echo(json.dumps(what, ensure_ascii=False, indent=2))
    else:
        click.echo(print_file(what, lang, sealed=key_file is not None and read.letter.seal is not None))
