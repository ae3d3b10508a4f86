"""`lienthong sync`: keep a copy in step with its source by a plan in a file; no server, no Django."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click
import yaml

from lienthong.cli.ending import password_from
from lienthong.cli.sketched import told_in_one_line
from lienthong.cli.syncprint import print_run, print_status
from lienthong.engine.errors import EngineError
from lienthong.engine.sync.errors import GuardStopped, PlanInvalid, SyncStopped
from lienthong.engine.sync.opening import open_reader
from lienthong.engine.sync.planfile import form_of, plan_from, plan_in
from lienthong.engine.sync.running import check_sync, forget_sync, run_sync, sync_status
from lienthong.engine.sync.shapes import Side, SyncPlan

SET_ASIDE = 1
BROKEN_OFF = 3
GUARDED = 4
STEPS = {
    "reading": "đang đọc / reading",
    "applying": "đang ghi / writing",
    "comparing": "đang so khóa / comparing keys",
    "indexing": "đang lập khóa / building the key",
}

plan_argument = click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
lang_option = click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)


@click.group()
def sync() -> None:
    """Giữ bản sao khớp với nguồn / Keep a copy in step with its source.

    Phương án là một tệp YAML do lệnh init lập / A plan is a YAML file that init begins.
    """


@sync.command()
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--source", required=True, metavar="ADDRESS", help="Nguồn / The source")
@click.option("--source-table", default="", metavar="NAME", help="Bảng nguồn / Table of the source")
@click.option("--target", required=True, metavar="ADDRESS", help="Bên nhận / The target")
@click.option("--target-table", default="", metavar="NAME", help="Bảng nhận / Table of the target")
@click.option("--key", default="", metavar="COLUMN[,COLUMN]", help="Cột khóa / Columns of the key")
@click.option("--watermark", metavar="COLUMN", help="Cột mốc thời gian / Column that grows with every change")
@click.option(
    "--source-password-env", metavar="NAME", help="Biến chứa mật khẩu nguồn / Variable with the password"
)
@click.option(
    "--target-password-env", metavar="NAME", help="Biến chứa mật khẩu bên nhận / Variable with the password"
)
@click.option("--create", is_flag=True, help="Tạo bảng nhận khi chưa có / Make the target table when missing")
def init(
    plan: Path, source: str, source_table: str, target: str, target_table: str, key: str, watermark: str | None,
    source_password_env: str | None, target_password_env: str | None, create: bool,
) -> None:  # fmt: skip
    """Lập tệp phương án từ nguồn / Begin a plan file from what the source has."""
    with told_in_one_line():
        if plan.exists():
            raise PlanInvalid(
                reason_vi=f"đã có tệp {plan.name}", reason_en=f"there is already a file {plan.name}"
            )
        for side in (source, target):
            _without_password(side)
        secret = password_from(source_password_env)
        with open_reader(Side(source, source_table, password=lambda: secret)) as reader:
            names = [column.name for column in reader.columns]
            keyed = tuple(key.split(",")) if key else reader.declared_key
            table = reader.table
        begun = SyncPlan(
            Side(source, table),
            Side(target, target_table or table),
            keyed,
            watermark=watermark,
            create=create,
        )
        passwords = {"source": source_password_env, "target": target_password_env}
        form = form_of(begun, names, {side: name for side, name in passwords.items() if name})
        plan_from(form, plan.parent)
        plan.write_text(yaml.safe_dump(form, allow_unicode=True, sort_keys=False), encoding="utf-8")
    click.echo(f"{plan}: {len(names)} cột / columns; key: {', '.join(keyed) or '–'}")


@sync.command()
@plan_argument
@json_option
def check(plan: Path, as_json: bool) -> None:
    """Thử phương án mà không ghi gì / Try a plan without writing rows."""
    with told_in_one_line():
        columns = check_sync(plan_in(plan))
    told = [{"target": one.target, "source": one.source} for one in columns]
    if as_json:
        click.echo(json.dumps({"columns": told}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"Dùng được / It can be used: {len(told)} cột / columns.")


@sync.command()
@plan_argument
@click.option(
    "--confirm-deletes", type=click.IntRange(0), default=0, metavar="N",
    help="Cho phép lần này xóa tới N dòng / Let this run delete up to N rows",
)  # fmt: skip
@click.option(
    "--rung", metavar="NAME", help="Cách phát hiện thay đổi cho lần này / Way to notice changes, this time"
)
@json_option
@lang_option
def run(plan: Path, confirm_deletes: int, rung: str | None, as_json: bool, lang: str) -> None:
    """Chạy một lần đồng bộ / Bring the copy in step once.

    Mã thoát / exit code: 0 xong / done; 1 xong, có dòng để riêng / done, rows were set aside; 2 không chạy được / it could not
    be done; 3 đứt giữa chừng, chạy lại sẽ tiếp tục / broken off, run again to go on; 4 dừng vì sẽ xóa quá nhiều / stopped by the
    guard; 130 dừng theo yêu cầu / stopped on request.
    """
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        # The step at hand is finished or undone; a second signal ends the program at once.
        if stopping:
            raise KeyboardInterrupt
        stopping.append(number)

    shown = sys.stderr.isatty() and not as_json
    with told_in_one_line():
        read = plan_in(plan)
        if rung is not None:
            read = replace(read, rung=rung)
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            done = run_sync(
                read,
                on_progress=_progress if shown else None,
                should_stop=lambda: bool(stopping),
                confirm_deletes=confirm_deletes,
            )
        except EngineError as error:
            _say(error)
            sys.exit(_code(error, stopping))
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            if shown:
                click.echo("\r\x1b[K", nl=False, err=True)
    click.echo(json.dumps(done.as_json(), ensure_ascii=False, indent=2) if as_json else print_run(done, lang))
    if done.set_aside:
        sys.exit(SET_ASIDE)


@sync.command()
@plan_argument
@json_option
@lang_option
def status(plan: Path, as_json: bool, lang: str) -> None:
    """Xem phương án đang ở mốc nào / See where a plan stands."""
    with told_in_one_line():
        found = sync_status(plan_in(plan))
    click.echo(print_status(found, as_json, lang))


@sync.command()
@plan_argument
def forget(plan: Path) -> None:
    """Quên mốc để nạp lại từ đầu; dữ liệu giữ nguyên / Forget the mark, to load anew; the rows stay."""
    with told_in_one_line():
        forget_sync(plan_in(plan))
    click.echo(
        "Đã quên mốc; lần chạy sau nạp lại từ đầu. — Forgotten; the next run loads from the beginning."
    )


def _without_password(address: str) -> None:
    side = Side(address)
    if side.kind in ("postgresql", "mysql", "oracle", "sqlserver") and side.named().password is not None:
        raise PlanInvalid(
            reason_vi="không ghi mật khẩu trong địa chỉ; dùng --source-password-env, --target-password-env",
            reason_en="no password stands in an address; use --source-password-env, --target-password-env",
        )


def _code(error: EngineError, stopping: list[int]) -> int:
    if isinstance(error, SyncStopped) and stopping:
        return 128 + stopping[0]
    if isinstance(error, GuardStopped):
        return GUARDED
    return BROKEN_OFF if error.transient else 2


def _say(error: EngineError) -> None:
    line = f"{error.text('vi')} {error.hint('vi')} — {error.text('en')} {error.hint('en')}"
    click.echo(" ".join(line.split()), err=True)


def _progress(done: int, total: int, step: str) -> None:
    share = f"{100 * done // total:3d} %" if total else f"{done}"
    click.echo(f"\r\x1b[K{share}  {STEPS.get(step, step)}", nl=False, err=True)
