"""What must be up to date before anything answers: tables, static files, the law, the demo's job.

`start` itself does not load Django; it runs this as a child, and only when something has changed since the
last time.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
STAMP = "tmp/prepared.json"
DEMO_JOB = "demo.fill"
# Libraries that bring tables or static files of their own.
LIBRARIES = (
    "django",
    "django-allauth",
    "django-htmx",
    "django-ninja",
    "django-simple-history",
    "django-tasks-db",
    "whitenoise",
)
# Large files of libraries that no page asks for.
NOT_SERVED = ("redoc*", "htmax*", "htmx-4*")


def is_prepared(root: Path, *, demo: bool) -> dict[str, Any] | None:
    """What the last preparation found, if nothing has changed since; asks neither Django nor a server."""
    try:
        stamp = json.loads((root / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(stamp, dict) or stamp.get("wanted") != demo or stamp.get("code") != code_digest():
        return None
    tables = tables_digest(root)
    return stamp if tables is not None and tables == stamp.get("tables") else None


def keep_stamp(root: Path, *, demo: bool, found: dict[str, Any]) -> None:
    """Remember what was prepared, for `is_prepared`."""
    stamp = {**found, "wanted": demo, "code": code_digest(), "tables": tables_digest(root)}
    temporary = root / f"{STAMP}.new"
    temporary.write_text(json.dumps(stamp), encoding="utf-8")
    temporary.replace(root / STAMP)


def code_digest() -> str:
    """A digest of all that preparation depends on: the package's own files, by size and time, and its
    libraries.
    """
    digest = hashlib.sha256()
    for key in ("LIENTHONG_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        digest.update(f"{key}={os.environ.get(key, '')}\n".encode())
    # The year: with a new one, the law's calendar of working days is filled in further.
    digest.update(f"{sys.version} {PACKAGE} {date.today().year}\n".encode())
    for name in LIBRARIES:
        try:
            digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
        except importlib.metadata.PackageNotFoundError:
            digest.update(f"{name} -\n".encode())
    for entry in sorted(_files(str(PACKAGE))):
        digest.update(f"{entry}\n".encode())
    return digest.hexdigest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in {"__pycache__", "tests"}:
                    yield from _files(entry.path)
            elif not entry.name.endswith(".pyc"):
                state = entry.stat()
                yield f"{entry.path} {state.st_size} {state.st_mtime_ns}"


def tables_digest(root: Path) -> str | None:
    """A digest of the steps by which the tables were made; nothing where the database is not the data
    directory's own.
    """
    if os.environ.get("LIENTHONG_DATABASE_URL"):
        return None
    database = root / "control.db"
    if not database.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=2)) as connection:
            steps = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    except sqlite3.Error:
        return None
    return hashlib.sha256(repr(steps).encode()).hexdigest()


def prepare(*, demo: bool) -> dict[str, Any]:
    """Bring everything up to date; gives whether the demo is shown, or why it could not be done, in two
    languages.
    """
    import django

    django.setup()
    from django.db import Error

    from lienthong.foundation.errors import DomainError

    try:
        with _no_other_start():
            _make_tables()
            _load_the_law()
            shown = _start_the_demo(demo)
        _collect_static()
    except DomainError as error:
        return {"vi": error.text("vi"), "en": error.text("en")}
    except Error as error:
        # The text of a driver's error may hold the password of the database.
        kind = type(error.__cause__ or error).__name__
        return {
            "vi": f"Không dùng được cơ sở dữ liệu điều khiển ({kind}). Kiểm tra LIENTHONG_DATABASE_URL.",
            "en": f"The control database cannot be used ({kind}). Check LIENTHONG_DATABASE_URL.",
        }
    except OSError as error:
        return {
            "vi": f"Không ghi được {error.filename or 'tệp'} ({error.strerror}).",
            "en": f"{error.filename or 'A file'} cannot be written ({error.strerror}).",
        }
    return {"demo": shown}


@contextmanager
def _no_other_start() -> Iterator[None]:
    """On a server, several machines may start at once: one of them makes the tables."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('lienthong.prepare'))")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('lienthong.prepare'))")


def _make_tables() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from .first_tables import make_first_tables

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()) and not make_first_tables(executor):
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _load_the_law() -> None:
    from lienthong.law.commands import load_law

    load_law()


def _start_the_demo(wanted: bool) -> bool:
    """Whether this installation is a demo: an empty one becomes one, unless it must not."""
    from lienthong.agencies.models import Agency
    from lienthong.foundation.accounts.actor import SYSTEM
    from lienthong.foundation.jobs.commands import start_job
    from lienthong.foundation.jobs.models import Job, JobState

    from .errors import DemoNeedsItsBanner

    before = Job.objects.filter(name=DEMO_JOB).order_by("-pk").first()
    if not wanted:
        if before is not None:
            raise DemoNeedsItsBanner
        return False
    if before is None and Agency.objects.exists():
        return False
    if before is None or before.state in {JobState.FAILED, JobState.CANCELLED}:
        start_job(
            actor=SYSTEM,
            name=DEMO_JOB,
            title_vi="Tạo dữ liệu trình diễn",
            title_en="Fill in the demo",
            only_once=DEMO_JOB,
            open_to_all=True,
        )
    return True


def _collect_static() -> None:
    from django.core.management import call_command

    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=list(NOT_SERVED)
    )
