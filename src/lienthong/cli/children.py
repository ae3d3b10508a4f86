"""What `start` runs as processes of their own: `prepare`, `web`, `worker`. Never called by hand."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from .lifeline import end_with_parent, listen_for_the_end, signal_on_parents_death

# Granian's own lines go where all others go: to the JSON handler of the settings.
_GRANIAN_LOGS = {
    "formatters": {},
    "handlers": {},
    "loggers": {
        "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
        "granian.access": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
# Requests that one web process takes in at once, and the memory beyond which it is replaced (MB).
BACKPRESSURE = 64
MEMORY_LIMIT = 800


held_option = click.option("--held", is_flag=True, help="Load, then wait for a line on standard input")


@click.group()
@click.option("--lifeline", type=int, required=True)
def main(lifeline: int) -> None:
    """Run one child of `lienthong start`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.product")
    end_with_parent(lifeline)


@main.command()
@click.option("--demo/--no-demo", default=True)
def prepare(demo: bool) -> None:
    """Bring the database, the static files and the law up to date; prints one line of JSON."""
    from .preparing import prepare as bring_up_to_date

    print(json.dumps(bring_up_to_date(demo=demo)), flush=True)


@main.command()
@click.option("--host", required=True)
@click.option("--port", type=int, required=True)
@click.option("--workers", type=int, required=True)
@held_option
def web(host: str, port: int, workers: int, held: bool) -> None:
    """Serve the pages, the API and the gateway."""
    if held:
        _load_modules()
        _wait_until_released()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Loaded once here; the processes that answer are forked from this one.
    load_application()
    os.environ["LIENTHONG_WEB_PARENT"] = str(os.getpid())
    Granian(
        "lienthong.web:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_threads(),
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        workers_max_rss=MEMORY_LIMIT,
        log_level=LogLevels.warning,
        log_dictconfig=_GRANIAN_LOGS,
    ).serve(target_loader=load_application, wrap_loader=False)


def load_application() -> Any:
    """The WSGI application; in a process that answers requests, one that dies with the process it was forked
    from.
    """
    parent = os.environ.get("LIENTHONG_WEB_PARENT")
    if parent is not None and int(parent) != os.getpid():
        signal_on_parents_death(signal.SIGKILL, int(parent))
    from django.db import connections

    application = import_module("lienthong.web").application
    connections.close_all()
    # What is loaded stays: looked through for garbage again and again, it would hold a request up for a tenth of a second.
    gc.collect()
    gc.freeze()
    return application


def _load_modules() -> None:
    """Load what takes long and needs neither tables nor static files: both may still be in the making."""
    import django

    django.setup()
    from django.apps import apps

    for name in ["lienthong.api.root", *(f"{app.name}.urls" for app in apps.get_app_configs())]:
        if name.startswith("lienthong.") and find_spec(name) is not None:
            import_module(name)


def _wait_until_released() -> None:
    if not sys.stdin.buffer.readline():
        # Whoever held this process has gone.
        os._exit(0)


def _threads() -> int:
    from django.db import connection

    # One writer at a time: more threads only wait for SQLite's lock.
    return 1 if connection.vendor == "sqlite" else 3


@main.command()
@held_option
def worker(held: bool) -> None:
    """Work on jobs, and tick."""
    stop = threading.Event()
    wait_for_the_end = listen_for_the_end()

    def work() -> None:
        import django
        from django.db import connection

        django.setup()
        from lienthong.foundation.jobs.working import run_worker

        if held:
            _wait_until_released()
        # On SQLite the lock on the data directory keeps every other worker away.
        run_worker(stop, alone=connection.vendor == "sqlite")

    working = threading.Thread(target=work, name="worker", daemon=True)
    working.start()
    threading.Thread(target=_leave_with, args=(working,), daemon=True).start()
    wait_for_the_end()
    stop.set()
    working.join()
    sys.stderr.flush()
    # Not an ordinary end: that would wait for threads that are deep inside a library.
    os._exit(0)


def _leave_with(working: threading.Thread) -> None:
    working.join()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
