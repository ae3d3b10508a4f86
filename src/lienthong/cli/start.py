"""`lienthong start`: everything on one machine, from an empty directory, until Ctrl-C."""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lienthong import __version__

from .datadir import CannotStart, hold, make_folders
from .preparing import is_prepared, keep_stamp
from .supervising import Child, Signals, end_all, supervise

SIGN_IN = "tai-khoan/dang-nhap/"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
# A web process that was begun this often and never answered will not answer.
HOPELESS = 4


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=lambda: Path(os.environ.get("LIENTHONG_DATA_DIR", "data")),
    help="Thư mục dữ liệu / Data directory [data]",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe / Address to listen on"
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Cổng / Port to listen on"
)
@click.option(
    "--demo/--no-demo",
    default=True,
    help="Tạo dữ liệu trình diễn nếu chưa có dữ liệu / Fill in the demo when empty",
)
@click.option(
    "--logs",
    type=click.Choice(["file", "console"]),
    default="file",
    show_default=True,
    help="Nhật ký JSON ghi vào DATA/tmp hay ra màn hình / JSON logs to DATA/tmp or to the console",
)
def start(data: Path, host: str, port: int, demo: bool, logs: str) -> None:
    """Khởi động hệ thống / Start everything: web, worker, demo. Ctrl-C stops it."""
    try:
        sys.exit(_start(data.expanduser().resolve(), host, port, demo, logs))
    except CannotStart as error:
        click.echo(error.line, err=True)
        sys.exit(2)


def _start(root: Path, host: str, port: int, demo: bool, logs: str) -> int:
    begun = time.monotonic()
    hosts = _allowed_hosts(host)
    make_folders(root)
    lock = hold(root)
    address = _check_port(host, port)
    os.environ["LIENTHONG_DATA_DIR"] = str(root)
    os.environ["LIENTHONG_ALLOWED_HOSTS"] = ",".join(hosts)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.product")
    signals = Signals()
    # The writing end stays in this process alone: when it is gone, however it went, its children learn of it.
    lifeline, _ = os.pipe()
    command = [sys.executable, "-m", "lienthong.cli.children", "--lifeline", str(lifeline)]
    inherited = (lifeline, lock)

    web = [*command, "web", "--host", address, "--port", str(port), "--workers", str(_web_processes())]
    children = [
        Child(name, line, log=_log(root, name, logs), pass_fds=inherited)
        for name, line in (("web", web), ("worker", [*command, "worker"]))
    ]
    click.echo(f"Liên Thông {__version__}")
    found = is_prepared(root, demo=demo)
    if found is None:
        click.echo(f"Chuẩn bị dữ liệu / Preparing: {root}")
        prepare = [*command, "prepare", "--demo" if demo else "--no-demo"]
        try:
            found = _prepare(prepare, root, inherited, signals, children, demo)
        except CannotStart:
            end_all(children, signals)
            raise
        if found is None:
            return 0
        keep_stamp(root, demo=demo, found=found)
    os.environ["LIENTHONG_DEMO"] = "1" if found["demo"] else "0"

    watch = _until_ready(
        children[0], address, port, lambda: _announce(host, port, bool(found["demo"]), begun)
    )
    served = supervise(children, signals, say=lambda line: click.echo(line, err=True), meanwhile=watch)
    if served:
        click.echo("\nĐang dừng / Stopping")
    end_all(children, signals)
    if not served:
        raise CannotStart(
            f"Máy chủ web không khởi động được; xem {children[0].log or 'nhật ký ở trên'}.",
            f"The web server does not start; see {children[0].log or 'the log above'}.",
        )
    return 0


def _allowed_hosts(host: str) -> list[str]:
    """The names under which the product answers: those of the environment, this machine's own, and the one
    given.
    """
    given = [
        name.strip() for name in os.environ.get("LIENTHONG_ALLOWED_HOSTS", "").split(",") if name.strip()
    ]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    everywhere = address is not None and address.is_unspecified
    if everywhere and not given:
        raise CannotStart(
            f"Để lắng nghe trên mọi địa chỉ ({host}), đặt LIENTHONG_ALLOWED_HOSTS là các tên máy chủ.",
            f"To listen on all addresses ({host}), set LIENTHONG_ALLOWED_HOSTS to the host names.",
        )
    own = [] if everywhere else [f"[{host}]" if address is not None and address.version == 6 else host]
    return list(dict.fromkeys([*given, *LOOPBACK, *own]))


def _check_port(host: str, port: int) -> str:
    """The address that the host stands for, once it is known that the port there is free."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise CannotStart(f"Không có địa chỉ “{host}”.", f"There is no address “{host}”.") from None
    with socket.socket(family, kind) as probe:
        # So that a port whose last connections have only just ended is not taken for one in use.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise CannotStart(
                f"Không mở được cổng {port} trên {host} ({error.strerror}); chọn cổng khác bằng --port.",
                f"Port {port} on {host} cannot be opened ({error.strerror}); choose another with --port.",
            ) from None
    return str(address[0])


def _prepare(
    command: list[str],
    root: Path,
    inherited: tuple[int, ...],
    signals: Signals,
    others: list[Child],
    demo: bool,
) -> dict[str, Any] | None:
    """Bring everything up to date in a child, while the others load; None when told to stop meanwhile."""
    log = root / "tmp" / "prepare.log"
    child = Child("prepare", command, log=log, pass_fds=inherited)
    log.unlink(missing_ok=True)
    child.begin()
    os.environ["LIENTHONG_DEMO"] = "1" if demo else "0"
    for other in others:
        other.begin(held=True)
    while (code := child.ended()) is None:
        if signals.told_to_stop:
            end_all([child, *others], signals)
            return None
        signals.wait(0.2)
    found = _last_line(log)
    if code != 0 or found is None:
        raise CannotStart(f"Chuẩn bị không thành công; xem {log}.", f"Preparing failed; see {log}.")
    if "demo" not in found:
        raise CannotStart(str(found.get("vi")), str(found.get("en")))
    for other in others:
        if found["demo"] == demo:
            other.release()
        else:
            # Loaded under the wrong assumption: to be begun anew.
            other.sweep()
    return found


def _last_line(log: Path) -> dict[str, Any] | None:
    for line in reversed(log.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and ("demo" in found or "vi" in found):
            return found
    return None


def _web_processes() -> int:
    given = os.environ.get("LIENTHONG_WEB_PROCESSES", "")
    return int(given) if given.isdigit() and int(given) else min(2, os.cpu_count() or 1)


def _log(root: Path, name: str, logs: str) -> Path | None:
    return root / "tmp" / f"{name}.log" if logs == "file" else None


def _until_ready(
    web: Child, address: str, port: int, ready: Callable[[], None]
) -> Callable[[], float | None]:
    """What to do in every round of supervision: look whether the product answers, and say so once."""
    answered = False

    def look() -> float | None:
        nonlocal answered
        if answered:
            return 1.0
        if web.restarts >= HOPELESS:
            return None
        if _answers(address, port):
            answered = True
            ready()
        return 0.1

    return look


def _answers(address: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_reachable(address), port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    """An address of this machine at which a server that listens there answers."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _announce(host: str, port: int, demo: bool, begun: float) -> None:
    shown = "localhost" if _reachable(host) in {"127.0.0.1", "::1"} else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    lines = [f"Mở trình duyệt / Open in a browser:  {address}"]
    if demo:
        lines += [
            f"Bản trình diễn, số liệu giả định; tài khoản và mật khẩu in ở {address}{SIGN_IN}",
            "Demo, make-believe data; accounts and passwords are printed on the sign-in page.",
        ]
    lines.append(f"Dừng bằng Ctrl-C / Ctrl-C stops it  ({time.monotonic() - begun:.1f} s)")
    click.echo("\n".join(lines))
    sys.stdout.flush()
