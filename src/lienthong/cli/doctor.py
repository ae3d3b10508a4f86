"""`lienthong doctor`: is everything there that must be, and what to do where it is not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import click

from .datadir import CannotStart, is_held
from .loading import data_option, load

PACKAGE = Path(__file__).resolve().parent.parent
EXTENSIONS = ("postgres_scanner", "mysql_scanner", "sqlite_scanner", "ducklake")
FREE_MB = 1000
# A running worker that has left no sign for this long does not work; a delivery owed for longer is stuck.
SILENCE = timedelta(seconds=60)
STUCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and where it is a fault, what to do."""

    code: str
    ok: bool
    found_vi: str
    found_en: str
    hint_vi: str = ""
    hint_en: str = ""


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
def doctor(data: Path, as_json: bool) -> None:
    """Kiểm tra hệ thống / Check that everything is in order; exit code 1 where it is not."""
    checks = list(_checks(data))
    faults = [check for check in checks if not check.ok]
    if as_json:
        report = {"status": "fault" if faults else "ok", "checks": [asdict(check) for check in checks]}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for check in checks:
            click.echo(f"{'✓' if check.ok else '✗'} {check.found_vi} / {check.found_en}")
            if not check.ok:
                click.echo(f"    → {check.hint_vi} / {check.hint_en}")
    sys.exit(1 if faults else 0)


def _checks(data: Path) -> Iterator[Check]:
    root = data.expanduser().resolve()
    yield _python()
    yield _directory(root)
    yield _disk(root)
    yield from _extensions()
    try:
        load(data)
    except CannotStart as error:
        vi, _, en = error.line.partition(" / ")
        yield Check("database", False, vi, en, "Chạy lienthong start.", "Run lienthong start.")
        return
    reachable = _reachable()
    yield reachable
    if reachable.ok:
        looks: list[Callable[[], Check]] = [
            _tables,
            _full_text,
            lambda: _worker(root),
            _deliveries,
            _languages,
            _static,
        ]
        for look in looks:
            yield look()


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check(
        "python",
        sys.version_info >= (3, 11),
        f"Python {version}",
        f"Python {version}",
        "Cài Python 3.11 trở lên.",
        "Install Python 3.11 or newer.",
    )


def _directory(root: Path) -> Check:
    hint = (f"Chạy lienthong start --data {root}.", f"Run lienthong start --data {root}.")
    if not root.is_dir():
        return Check(
            "data_directory", False, f"Không có thư mục {root}", f"There is no directory {root}", *hint
        )
    probe = root / "tmp" / ".doctor"
    try:
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Check(
            "data_directory",
            False,
            f"Không ghi được vào {root} ({error.strerror})",
            f"{root} cannot be written ({error.strerror})",
            "Cấp quyền ghi cho tài khoản đang chạy phần mềm.",
            "Give the account that runs this the right to write there.",
        )
    open_to_others = [
        path
        for path in [root / "keys", *(root / "keys").glob("*")]
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_others:
        return Check(
            "data_directory",
            False,
            f"Người khác đọc được {open_to_others[0]}",
            f"Others can read {open_to_others[0]}",
            f"Chạy chmod -R go= {root / 'keys'}.",
            f"Run chmod -R go= {root / 'keys'}.",
        )
    return Check("data_directory", True, f"Thư mục dữ liệu {root}", f"Data directory {root}")


def _disk(root: Path) -> Check:
    there = next(path for path in (root, *root.parents) if path.exists())
    free = shutil.disk_usage(there).free // 1_000_000
    return Check(
        "disk",
        free >= FREE_MB,
        f"Đĩa còn trống {free} MB",
        f"{free} MB of disk free",
        f"Giải phóng ít nhất {FREE_MB} MB trên đĩa chứa {there}.",
        f"Free at least {FREE_MB} MB on the disk of {there}.",
    )


def _extensions() -> Iterator[Check]:
    import duckdb

    from lienthong.engine.errors import EngineError
    from lienthong.engine.session import load_extension

    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    version = duckdb.__version__
    for name in EXTENSIONS:
        package = f"duckdb-extension-{name.replace('_', '-')}=={version}"
        try:
            load_extension(connection, name)
        except (EngineError, duckdb.Error):
            yield Check(
                f"duckdb_{name}",
                False,
                f"Không nạp được phần mở rộng {name} cho DuckDB {version}",
                f"The extension {name} for DuckDB {version} does not load",
                f"Cài đặt {package}.",
                f"Install {package}.",
            )
        else:
            yield Check(f"duckdb_{name}", True, f"DuckDB {version}: {name}", f"DuckDB {version}: {name}")
    connection.close()


def _reachable() -> Check:
    from django.db import Error, connection

    try:
        connection.ensure_connection()
    except Error as error:
        # Only the kind: the text of a driver's error may hold the password.
        kind = type(error.__cause__ or error).__name__
        return Check(
            "database",
            False,
            f"Không kết nối được cơ sở dữ liệu điều khiển ({kind})",
            f"The control database cannot be reached ({kind})",
            "Kiểm tra LIENTHONG_DATABASE_URL và máy chủ cơ sở dữ liệu.",
            "Check LIENTHONG_DATABASE_URL and the database server.",
        )
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    return Check("database", True, f"Cơ sở dữ liệu điều khiển: {name}", f"Control database: {name}")


def _tables() -> Check:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Check(
        "tables",
        missing == 0,
        f"Còn {missing} bước cập nhật bảng" if missing else "Các bảng đã cập nhật",
        f"{missing} steps of the tables are missing" if missing else "Tables are up to date",
        "Dừng rồi chạy lại lienthong start.",
        "Stop lienthong and start it again.",
    )


def _full_text() -> Check:
    from django.db import connection

    if connection.vendor != "sqlite":
        return Check("full_text", True, "Tìm kiếm toàn văn: tsvector", "Full text search: tsvector")
    memory = sqlite3.connect(":memory:")
    try:
        memory.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        ok = True
    except sqlite3.OperationalError:
        ok = False
    finally:
        memory.close()
    return Check(
        "full_text",
        ok,
        f"SQLite {sqlite3.sqlite_version} {'có' if ok else 'không có'} FTS5",
        f"SQLite {sqlite3.sqlite_version} {'with' if ok else 'without'} FTS5",
        "Dùng bản Python có SQLite kèm FTS5, hoặc PostgreSQL.",
        "Use a Python whose SQLite has FTS5, or PostgreSQL.",
    )


def _worker(root: Path) -> Check:
    from django.utils import timezone

    from lienthong.foundation.jobs.models import Job, JobState
    from lienthong.foundation.jobs.ticking import worker_seen_at

    waiting = Job.objects.filter(state=JobState.QUEUED).count()
    seen = worker_seen_at()
    alive = seen is not None and timezone.now() - seen < SILENCE
    if not is_held(root) and not alive:
        return Check(
            "worker",
            True,
            f"Hệ thống đang dừng; {waiting} công việc chờ",
            f"The system is stopped; {waiting} jobs wait",
        )
    return Check(
        "worker",
        alive,
        f"Tiến trình xử lý {'hoạt động' if alive else 'không phản hồi'}; {waiting} công việc chờ",
        f"The worker {'is at work' if alive else 'gives no sign'}; {waiting} jobs wait",
        f"Xem {root / 'tmp' / 'worker.log'}; dừng rồi chạy lại lienthong start.",
        f"See {root / 'tmp' / 'worker.log'}; stop lienthong and start it again.",
    )


def _deliveries() -> Check:
    from django.utils import timezone

    from lienthong.foundation.events.models import Delivery

    owed = Delivery.objects.filter(done_at__isnull=True)
    stuck = owed.filter(event__occurred_at__lt=timezone.now() - STUCK, attempts__gt=0)
    worst = stuck.order_by("-attempts").first()
    count = owed.count()
    return Check(
        "deliveries",
        worst is None,
        f"{count} sự kiện chờ xử lý" + (f"; “{worst.reaction}” lỗi {worst.attempts} lần" if worst else ""),
        f"{count} reactions are owed"
        + (f"; “{worst.reaction}” failed {worst.attempts} times" if worst else ""),
        "Xem nhật ký worker.log, tìm reaction_failed.",
        "See worker.log and look for reaction_failed.",
    )


def _languages() -> Check:
    behind = [po for po in PACKAGE.rglob("locale/*/LC_MESSAGES/*.po") if not po.with_suffix(".mo").exists()]
    return Check(
        "languages",
        not behind,
        f"Thiếu {len(behind)} bản dịch đã biên dịch" if behind else "Đủ tiếng Việt và tiếng Anh",
        f"{len(behind)} compiled translations are missing" if behind else "Vietnamese and English are there",
        "Chạy make setup, hoặc cài lại gói lienthong.",
        "Run make setup, or install the package again.",
    )


def _static() -> Check:
    from django.conf import settings

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    try:
        names = json.loads(manifest.read_text(encoding="utf-8"))["paths"]
        fonts = [name for name in names if name.endswith(".woff2")]
        missing = [name for name in names.values() if not (manifest.parent / name).exists()]
    except (OSError, ValueError, KeyError):
        fonts, missing = [], ["staticfiles.json"]
    ok = bool(fonts) and not missing
    return Check(
        "static_files",
        ok,
        f"{len(fonts)} tệp phông chữ" if ok else f"Thiếu tệp tĩnh: {(missing or ['*.woff2'])[0]}",
        f"{len(fonts)} font files" if ok else f"Static files are missing: {(missing or ['*.woff2'])[0]}",
        f"Xóa {manifest.parent} rồi chạy lại lienthong start.",
        f"Remove {manifest.parent} and start lienthong again.",
    )
