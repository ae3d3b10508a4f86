"""A flow as the engine is told of it: both sides, the plan, the secrets at the moment of use; and what came of it.

Used by the jobs, the commands that try a connection, and the demo. Nothing secret is kept, told or logged here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from lienthong.catalogue.code_lists import codes_became
from lienthong.catalogue.replicas import store_folder
from lienthong.engine.errors import EngineError
from lienthong.engine.session import Limits
from lienthong.engine.sources import open_source
from lienthong.engine.sync.opening import open_target
from lienthong.engine.sync.reconciling import SETTLE_SECONDS, reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import ColumnMap, Conversion, Side, SyncPlan
from lienthong.engine.sync.target import State
from lienthong.inventory.errors import SecretReferenceRefused
from lienthong.inventory.models import Source
from lienthong.inventory.queries import bound_source, demo_folder, file_of, work_folder
from lienthong.inventory.rules import require_reference
from lienthong.inventory.vault import password_of

from .feeds import NodeFeed, rows_of_feed
from .flow_errors import CredentialUnreadable, FeedRefused, FlowSourceMissing, TargetNotBound
from .flow_queries import Blocked, blocked_rows, target_binding
from .flow_results import Compared, Ran, compared_of, ran_of
from .models import RunCause, SourceChoice, SyncFlow

TARGET_VARIABLE, FEED_VARIABLE = "LIENTHONG_TARGET_", "LIENTHONG_FEED_"
# Rows of a reconciliation that are listed; their number is told in full.
LISTED = 1000
# The engine's own tables in a target, and the job by which a connection is tried.
OWN = "lienthong_"
TRIAL = "lienthong-trial"

Progress = Callable[[int, int], None]


def target_folders() -> list[Path]:
    """The folders from which an SQLite file typed in a form may be written to."""
    folders = [Path(folder) for folder in settings.TARGET_FOLDERS]
    if settings.DEMO:
        folders.append(demo_folder())
    return folders


def require_target_reference(given: str) -> str:
    """A reference to the password of a connection for writing: `env:LIENTHONG_TARGET_NAME`, or `file:` in `keys/targets`."""
    return require_reference(given, _keys("targets"), TARGET_VARIABLE)


def require_feed_reference(given: str) -> str:
    """A reference to the credential of a feed: `env:LIENTHONG_FEED_NAME`, or `file:` in `keys/feeds`."""
    return require_reference(given, _keys("feeds"), FEED_VARIABLE)


def _keys(name: str) -> list[Path]:
    return [Path(settings.DATA_DIR) / "keys" / name]


def _referred(reference: str, variable: str, folder: str) -> str | None:
    """What a reference stands for, read at the moment of use. Raises `CredentialUnreadable`."""
    if not reference:
        return None
    try:
        kind, _, name = require_reference(reference, _keys(folder), variable).partition(":")
        found = os.environ[name] if kind == "env" else Path(name).read_text(encoding="utf-8")
    except (SecretReferenceRefused, KeyError, OSError, ValueError):
        raise CredentialUnreadable() from None
    return found.rstrip("\r\n")


def require_feed(given: str) -> str:
    """The address of a changes feed, if nothing in it is secret or reaches elsewhere."""
    parts = urlsplit(given)
    if parts.scheme != "https" or not parts.hostname:
        raise FeedRefused(why="phải bắt đầu bằng https://", why_en="it must begin with https://")
    if parts.username or parts.password:
        raise FeedRefused(why="có tài khoản trong địa chỉ", why_en="there is a user in it")
    return given[:600]


def seen_over(address: str, reference: str) -> list[dict[str, Any]]:
    """The tables behind a connection for writing, after it was tried: it answers, and lets itself be written to."""
    secret = _referred(reference, TARGET_VARIABLE, "targets")
    with tempfile.TemporaryDirectory(prefix="target-", dir=work_folder()) as folder:
        limits = Limits(temp_directory=Path(folder))
        with open_source(address, password=secret, limits=limits) as found:
            tables = [
                {
                    "name": table.name,
                    "key": list(table.primary_key),
                    "columns": [
                        {"name": column.name, "type": column.type}
                        for column in table.columns
                        if not column.generated
                    ],
                }
                for table in found.tables()
                if table.kind == "table" and not table.name.startswith(OWN)
            ]
    _try_writing(address, secret, tables)
    return tables


def _try_writing(address: str, secret: str | None, tables: list[dict[str, Any]]) -> None:
    """Write the state of a job that does not exist into the target, and take it back. Raises TargetReadOnly."""
    keyed = next((table for table in tables if table["key"]), None)
    if keyed is None:
        return
    with open_target(Side(address, keyed["name"], password=lambda: secret), create=False) as target:
        try:
            target.begin()
            target.prepare(keyed["key"], keyed["key"])
            target.write_state(State(TRIAL))
            target.forget(TRIAL)
        finally:
            target.rollback()


@contextmanager
def sides_of(flow: SyncFlow, *, writing: bool) -> Iterator[tuple[Side, Side]]:
    """Source and target of a flow, with the passwords at hand for the time of use.

    The target is reached over the connection for writing; where another system writes, over the read-only source.
    """
    with ExitStack() as stack:
        source = stack.enter_context(_source_side(flow))
        yield source, stack.enter_context(_target_side(flow, writing=writing))


@contextmanager
def _source_side(flow: SyncFlow) -> Iterator[Side]:
    if flow.source_kind == SourceChoice.DATASET and flow.dataset is not None:
        yield Side(f"store:{store_folder()}", flow.dataset.store_table)
        return
    if flow.source_kind == SourceChoice.LIVE and flow.source_database is not None:
        bound = bound_source(flow.source_database)
        if bound is None:
            raise FlowSourceMissing(why="nguồn đã bị gỡ", why_en="the source was released")
        with _bound_side(bound, flow.source_table) as side:
            yield side
        return
    yield Side(flow.feed_url)


def _feed_of(flow: SyncFlow) -> NodeFeed:
    credential = flow.feed_secret_ref
    return NodeFeed(flow.feed_url, lambda: _referred(credential, FEED_VARIABLE, "feeds"))


@contextmanager
def _bound_side(bound: Source, table: str) -> Iterator[Side]:
    with tempfile.TemporaryDirectory(prefix="follow-", dir=work_folder()) as folder:
        address = file_of(bound, Path(folder)) if bound.uploaded else bound.address
        secret = password_of(bound)
        yield Side(address, table, password=lambda: secret.reveal() if secret else None)


@contextmanager
def _target_side(flow: SyncFlow, *, writing: bool) -> Iterator[Side]:
    binding = target_binding(flow.database)
    if binding is not None:
        reference = binding.secret_ref
        yield Side(
            binding.address,
            flow.target_table,
            password=lambda: _referred(reference, TARGET_VARIABLE, "targets"),
        )
        return
    bound = bound_source(flow.database)
    if writing or bound is None:
        raise TargetNotBound(name=flow.database.name, name_en=flow.database.display_name("en"))
    with _bound_side(bound, flow.target_table) as side:
        yield side


def columns_of(flow: SyncFlow) -> tuple[ColumnMap, ...]:
    """The mapping of a flow as the engine takes it; the table of codes is read at the moment of use."""
    table: dict[str, list[str]] | None = None
    found = []
    for one in flow.mapping():
        conversion = None
        if one["conversion"] == "codes":
            table = codes_became(flow.code_version) if table is None and flow.code_version else table
            conversion = Conversion("codes", {"table": table or {}, "unknown": "set_aside"})
        elif one["conversion"].startswith("date_"):
            conversion = Conversion("date", {"order": one["conversion"].removeprefix("date_")})
        elif one["conversion"]:
            conversion = Conversion(one["conversion"])
        found.append(ColumnMap(one["target"], one["source"], conversion))
    return tuple(found)


def plan_of(flow: SyncFlow, source: Side, target: Side, cause: str, blocked: Blocked) -> SyncPlan:
    """What the engine is to do in one run. To mend a copy both tables are compared, whatever changed by whose hand: by
    digests where source and copy allow it, else row by row. What is blocked is held back in either case.
    """
    return SyncPlan(
        source=source,
        target=target,
        key=tuple(flow.key),
        columns=columns_of(flow),
        rung="contents" if cause == RunCause.MENDING else flow.rung,
        watermark=flow.watermark or None,
        deletes=flow.deletes,  # type: ignore[arg-type]
        tombstone=flow.tombstone or None,
        guard_share=flow.guard_percent / 100,
        on_bad_row=flow.bad_rows,  # type: ignore[arg-type]
        job=flow.number,
        held=tuple(blocked.rows),
    )


def run_now(
    flow: SyncFlow,
    *,
    cause: str,
    on_progress: Any = None,
    should_stop: Callable[[], bool] | None = None,
) -> Ran:
    """Run a flow here and now; raises errors of the engine that name both sides as people know them."""
    blocked = blocked_rows(flow)
    with named_for_people(flow), sides_of(flow, writing=True) as (source, target):
        done = run_sync(
            plan_of(flow, source, target, cause, blocked),
            open_side=lambda side: _feed_of(flow) if side.kind == "feed" else None,
            on_progress=on_progress,
            should_stop=should_stop,
            confirm_deletes=flow.delete_confirmed or 0,
        )
    return ran_of(done, [case.number for case in blocked.corrections])


def compare_now(
    flow: SyncFlow,
    *,
    on_progress: Any = None,
    should_stop: Callable[[], bool] | None = None,
    settle_seconds: float = SETTLE_SECONDS,
) -> Compared:
    """Compare the copy of a flow with its source here and now; rows that differ are read again after a pause.

    Rows that the flow holds back are told apart from the differences.
    """
    blocked = blocked_rows(flow)
    with ExitStack() as stack:
        stack.enter_context(named_for_people(flow))
        source, target = stack.enter_context(sides_of(flow, writing=False))
        if source.kind == "feed":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="feed-", dir=work_folder())))
            source = _spooled(flow, folder / "nguon.parquet", should_stop)
        found = reconcile(
            source,
            target,
            key=tuple(flow.key),
            columns=columns_of(flow),
            limit=LISTED,
            on_progress=on_progress,
            should_stop=should_stop,
            settle_seconds=settle_seconds,
            held=blocked.rows,
        )
    return compared_of(found, [case.number for case in blocked.corrections])


def _spooled(flow: SyncFlow, path: Path, should_stop: Callable[[], bool] | None) -> Side:
    """What a feed has told so far, as a file that a copy can be compared with."""
    sources = {one["target"]: one["source"] for one in flow.columns}
    key = [sources[name] for name in flow.key]
    wanted = [one["source"] for one in flow.columns if one["source"]]
    rows_of_feed(_feed_of(flow), key, wanted, path, should_stop or (lambda: False))
    return Side(str(path), path.stem)


@contextmanager
def named_for_people(flow: SyncFlow) -> Iterator[None]:
    """Errors of the engine name a dataset as people know it, not the table behind it."""
    try:
        yield
    except EngineError as error:
        opaque = flow.dataset.store_table if flow.dataset is not None else ""
        if not opaque or opaque not in str(error.facts):
            raise
        facts = {
            name: value.replace(opaque, f"“{flow.source_name}”") if isinstance(value, str) else value
            for name, value in error.facts.items()
        }
        named = type(error)(**facts)
    else:
        return
    raise named
