"""`lienthong reconcile`: prove two copies equal, or list the rows in which they differ; no server, no Django."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from lienthong.cli.ending import password_from
from lienthong.cli.reconcileprint import print_reconciliation, print_verification
from lienthong.cli.sketched import told_in_one_line
from lienthong.engine.sync.certifying import Certificate
from lienthong.engine.sync.disagreements import CertificateInvalid, ColumnsNotFound
from lienthong.engine.sync.reconciling import Reconciliation
from lienthong.engine.sync.reconciling import reconcile as reconciled
from lienthong.engine.sync.shapes import ColumnMap, Side
from lienthong.engine.sync.verifying import verify

DIFFERS = 1
STEPS = {
    "digest": "đang tính mã tổng hợp / digesting",
    "search": "đang tìm dòng khác nhau / looking for rows that differ",
    "read": "đang đọc các dòng khác nhau / reading the rows that differ",
}


@click.command()
@click.argument("left", required=False)
@click.argument("right", required=False)
@click.option(
    "--key",
    metavar="COLUMN[,COLUMN]",
    help="Cột khóa, theo tên ở RIGHT / Columns of the key, as RIGHT names them",
)
@click.option(
    "--columns",
    metavar="COLUMN[=COLUMN][,…]",
    help="Cột đối chiếu; tên-ở-RIGHT=tên-ở-LEFT khi khác tên / Columns to compare; name-in-RIGHT=name-in-LEFT where they differ",
)
@click.option("--table", metavar="NAME", help="Bảng ở cả hai bên / Table on both sides")
@click.option("--left-table", metavar="NAME", help="Bảng ở LEFT / Table of LEFT")
@click.option("--right-table", metavar="NAME", help="Bảng ở RIGHT / Table of RIGHT")
@click.option(
    "--left-zone",
    metavar="ZONE",
    help="Múi giờ của LEFT khi dữ liệu không ghi / Zone of moments in LEFT that name none",
)
@click.option(
    "--right-zone",
    metavar="ZONE",
    help="Múi giờ của RIGHT khi dữ liệu không ghi / Zone of moments in RIGHT that name none",
)
@click.option(
    "--left-password-env",
    metavar="NAME",
    help="Biến môi trường chứa mật khẩu của LEFT / Variable that holds the password of LEFT",
)
@click.option(
    "--right-password-env",
    metavar="NAME",
    help="Biến môi trường chứa mật khẩu của RIGHT / Variable that holds the password of RIGHT",
)
@click.option(
    "--limit",
    type=click.IntRange(0, 1_000_000),
    default=100,
    show_default=True,
    help="Số dòng khác nhau được liệt kê / Differences that are listed",
)
@click.option(
    "--hide",
    multiple=True,
    metavar="COLUMN",
    help="Che bớt giá trị của cột / Show the values of a column only in part",
)
@click.option(
    "--canonical",
    is_flag=True,
    help="Luôn dùng dạng chuẩn c1, kể cả giữa hai PostgreSQL / Use the form c1 even between two PostgreSQL",
)
@click.option(
    "--settle",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    help="Số giây chờ trước khi đọc lại dòng khác nhau / Seconds before rows that differ are read again",
)
@click.option(
    "--certificate",
    "kept",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.json",
    help="Ghi giấy chứng nhận ra tệp / Write the certificate to a file",
)
@click.option(
    "--verify",
    "certified",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.json",
    help="Kiểm tra lại giấy chứng nhận / Compute again what a certificate says",
)
@click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def reconcile(
    left: str | None, right: str | None, key: str | None, columns: str | None, table: str | None,
    left_table: str | None, right_table: str | None, left_zone: str | None, right_zone: str | None,
    left_password_env: str | None, right_password_env: str | None, limit: int, hide: tuple[str, ...],
    canonical: bool, settle: float, kept: Path | None, certified: Path | None, as_json: bool, lang: str,
) -> None:  # fmt: skip
    """Đối chiếu hai bản dữ liệu / Compare two copies of data.

    LEFT là nguồn, RIGHT là bản sao: đường dẫn hoặc địa chỉ như của lệnh look, hoặc store:THƯ-MỤC#bảng[@phiên-bản]; tên
    bảng ghi sau dấu # được / LEFT is the source, RIGHT the copy: paths or addresses as of the command look, or
    store:FOLDER#table[@version]; a table may stand after #.

    Mã thoát / exit code: 0 bằng nhau / equal; 1 khác nhau / they differ; 2 không đối chiếu được / it could not be done.
    """
    if certified is None and (left is None or right is None):
        raise click.UsageError("LEFT RIGHT, hoặc --verify FILE.json / or --verify FILE.json")
    with told_in_one_line():
        sides = [
            _side(address, own or table, zone, password)
            for address, own, zone, password in (
                (left, left_table, left_zone, left_password_env),
                (right, right_table, right_zone, right_password_env),
            )
        ]
        if certified is not None:
            told = verify(
                _certificate(certified),
                *sides,
                columns=_columns(columns) if columns and "=" in columns else None,
            )
            click.echo(print_verification(told, as_json, lang))
            sys.exit(0 if told.holds else DIFFERS)
        assert sides[0] is not None
        assert sides[1] is not None
        found = reconciled(
            sides[0],
            sides[1],
            key=_names(key),
            columns=_columns(columns),
            limit=limit,
            canonical=canonical,
            settle_seconds=settle,
            on_progress=_progress if sys.stderr.isatty() and not as_json else None,
        )
        found = found.hiding(_hidden(found, hide))
        if kept is not None:
            kept.write_text(
                json.dumps(found.certificate.as_json(), ensure_ascii=False, indent=2) + "\n", "utf-8"
            )
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2, default=str))
    else:
        click.echo(print_reconciliation(found, lang))
    sys.exit(0 if found.equal else DIFFERS)


def _side(address: str | None, table: str | None, zone: str | None, password_env: str | None) -> Side | None:
    if address is None:
        return None
    if not address.startswith("store:") and not Path(address).exists():
        # Before the last @ a # is part of a password.
        userinfo, at, place = address.rpartition("@")
        place, _, after = place.partition("#")
        address, table = f"{userinfo}{at}{place}", table or after
    password = password_from(password_env)
    return Side(address, table or "", {"zone": zone}, (lambda: password) if password is not None else None)


def _hidden(found: Reconciliation, hide: Sequence[str]) -> set[str]:
    """The columns to hide, as differences name them; a name of either side will do. Raises ColumnsNotFound."""
    made = found.certificate
    known = {one.left: one.right for one in made.columns} | {one.right: one.right for one in made.columns}
    names = [name for one in hide for name in ([one] if one in known else one.split(","))]
    unknown = [name for name in names if name not in known and name not in made.not_compared]
    if unknown:
        raise ColumnsNotFound(source=made.right.source, table=made.right.table, columns=", ".join(unknown))
    return {one.right for one in made.columns if one.left in names or one.right in names}


def _names(listed: str | None) -> list[str] | None:
    return [name.strip() for name in listed.split(",") if name.strip()] if listed else None


def _columns(listed: str | None) -> list[ColumnMap] | None:
    names = _names(listed)
    if names is None:
        return None
    pairs = [name.partition("=") for name in names]
    return [ColumnMap(target.strip(), (source or target).strip()) for target, _, source in pairs]


def _certificate(path: Path) -> Certificate:
    try:
        return Certificate.from_json(_content(path))
    except (OSError, UnicodeDecodeError):
        raise CertificateInvalid(
            reason_vi="không đọc được tệp", reason_en="the file cannot be read"
        ) from None


def _content(path: Path) -> str:
    """The certificate in the file: alone, or as `--json` printed it among the rest."""
    text = path.read_text("utf-8")
    try:
        whole = json.loads(text)
    except ValueError:
        return text
    inner = whole.get("certificate") if isinstance(whole, dict) else None
    return json.dumps(inner) if isinstance(inner, dict) else text


def _progress(done: int, total: int, step: str) -> None:
    click.echo(f"[{done}/{total}] {STEPS.get(step, step)}", err=True)
