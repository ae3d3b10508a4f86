"""One run of a plan: open both sides, hold the job, load or follow, try again what is transient, tell what was done."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from lienthong.engine.errors import (
    EngineError,
    LookInterrupted,
    SourceNotFound,
    SourceRefused,
    TableChanged,
    TableFailed,
    TableGone,
)
from lienthong.engine.masks import partly_shown
from lienthong.engine.session import Interrupted, ShouldStop
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sync.climbing import in_words, mark_shown
from lienthong.engine.sync.errors import AlreadyRunning, SyncStopped, TargetUnfit
from lienthong.engine.sync.following import follow
from lienthong.engine.sync.holding import hold_back
from lienthong.engine.sync.loading import load
from lienthong.engine.sync.opening import open_reader, open_target
from lienthong.engine.sync.pgtarget import PostgresqlTarget
from lienthong.engine.sync.plans import (
    check_plan,
    fingerprint,
    job_of,
    named_in,
    require_source,
    require_target,
    resolved,
    source_key_of,
)
from lienthong.engine.sync.reading import Reader
from lienthong.engine.sync.shapes import ColumnMap, SetAside, Side, SyncPlan, SyncRun, SyncStatus
from lienthong.engine.sync.target import HELD, Aside, NewColumn, Target
from lienthong.engine.sync.working import OnProgress, Tally, Work

OpenSide = Callable[[Side], Any]
"""Opens a side that the engine cannot open by itself (a changes feed); None for one that it can."""

ATTEMPTS = 4
_PAUSES = (0.5, 2.0, 8.0)


class _Reshaped(Exception):
    """The source changed while it was read, in a way that the plan can live with: begin again."""


def run_sync(
    plan: SyncPlan,
    *,
    open_side: OpenSide | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    confirm_deletes: int = 0,
    attempts: int = ATTEMPTS,
    pauses: tuple[float, ...] = _PAUSES,
) -> SyncRun:
    """Bring the target of a plan in step with its source: load it the first time, follow the changes from then on.

    Every step is one transaction of the target that also holds where the run stands, so a run that dies leaves the old
    state or the new one and the next run goes on from there. What is transient is tried again, `attempts` times in all,
    with growing pauses (seconds). `confirm_deletes` lets this one run delete so many rows beyond the guard.
    Raises PlanInvalid, SourceChanged, TargetUnfit, GuardStopped, TargetRefused, TooManySetAside, AlreadyRunning,
    SyncStopped, and what concerns either side. Cost: the first run O(rows), later ones as `climbing` says.
    """
    check_plan(plan)
    job, began, tally = job_of(plan), dt.datetime.now(dt.UTC), Tally()
    tried = 0
    while True:
        tried += 1
        try:
            aside = _attempt(plan, job, tally, open_side, on_progress, should_stop, confirm_deletes)
            return _told(plan, job, tally, aside, began, tried)
        except (LookInterrupted, Interrupted):
            raise_alone(SyncStopped(job=job, chunks=tally.chunks))
        except _Reshaped:
            if tried >= attempts:
                raise_alone(TableChanged(source=plan.source.display, table=plan.source.table))
        except EngineError as error:
            passing = error.transient and not isinstance(error, (SyncStopped, AlreadyRunning))
            if not passing or tried >= attempts:
                raise
        _pause(pauses[min(tried - 1, len(pauses) - 1)] if pauses else 0, job, tally, should_stop)


def check_sync(plan: SyncPlan, *, open_side: OpenSide | None = None) -> tuple[ColumnMap, ...]:
    """Try a plan before it is used: both sides open, the columns there and fit, the account may write. No row is touched.

    Gives which column goes where. Raises what a run would raise before it begins.
    """
    check_plan(plan)
    with (
        open_target(plan.target, create=plan.create) as target,
        open_reader(plan.source, open_side, source_key_of(plan), named_in(plan)) as reader,
    ):
        columns = resolved(plan, reader.columns)
        takes = target.columns()
        beside = [name for name in (plan.watermark, plan.tombstone) if name is not None]
        require_source(
            reader.display,
            reader.table,
            reader.columns,
            columns,
            beside,
            None,
            implicit=not plan.columns,
            takes=takes,
        )
        if takes or not plan.create:
            if not takes:
                raise _no_table(target)
            require_target(target.display, target.table, takes, columns)
            target.prepare([column.target for column in columns], plan.key)
            target.require_writable([column.target for column in columns], plan.key)
        return columns


def sync_status(plan: SyncPlan) -> SyncStatus:
    """Where a plan stands, as its target remembers. Changes nothing."""
    job = job_of(plan)
    try:
        opened = open_target(plan.target, create=False)
    except SourceNotFound:
        if not plan.create:
            raise
        return SyncStatus(job, "never")
    with opened as target:
        state = target.state(job)
        if state is None:
            return SyncStatus(job, "never")
        return SyncStatus(
            job=job,
            phase="following" if state.get("phase") == "following" else "loading",
            rung=state.get("rung"),
            mark=mark_shown(state.get("mark"), state.get("rung")),
            rows_loaded=int(state.get("rows", 0)),
            set_aside=sum(row.reason != HELD for row in target.aside(job)),
            changed_at=state.changed_at,
        )


def forget_sync(plan: SyncPlan) -> None:
    """Let the target forget a plan, so that its next run loads from the beginning. The rows stay."""
    job = job_of(plan)
    with open_target(plan.target, create=False) as target:
        target.hold(job)
        if target.state(job) is not None:
            target.begin()
            target.forget(job)
            target.commit()


def _attempt(
    plan: SyncPlan,
    job: str,
    tally: Tally,
    open_side: OpenSide | None,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
    confirmed: int,
) -> tuple[Aside, ...]:
    with open_target(plan.target, create=plan.create) as target:
        target.hold(job)
        with open_reader(plan.source, open_side, source_key_of(plan), named_in(plan)) as reader:
            state = target.state(job)
            columns = resolved(plan, reader.columns)
            takes = target.columns()
            if not takes:
                # A table that is made now holds nothing of what an earlier one was given.
                state = None
            beside = [name for name in (plan.watermark, plan.tombstone) if name is not None]

            def require(now: Reader, before: Sequence[Sequence[str]] | None) -> None:
                require_source(
                    now.display, now.table, now.columns, columns, beside, before,
                    implicit=not plan.columns, takes=takes,
                )  # fmt: skip

            require(reader, state.get("source_columns") if state is not None else None)
            made = not takes
            if made:
                takes = _created(plan, target, reader, columns)
            found = require_target(target.display, target.table, takes, columns)
            target.prepare([column.target for column in columns], plan.key)
            tally.altered = target.has_triggers()
            work = Work(
                plan, job, reader, target, columns, found, tally, fingerprint(plan, columns), confirmed,
                on_progress, should_stop, target.aside(job),
            )  # fmt: skip
            hold_back(work)
            try:
                if state is None or state.get("phase") != "following":
                    load(work, state, created=made)
                else:
                    follow(work, state)
            except (SourceRefused, TableFailed, TableChanged, TableGone) as error:
                # Did the source fail, or is it another one by now? If its columns changed, that is what is said.
                seen = [[one.name, one.type, one.native_type or ""] for one in reader.columns]
                with open_reader(plan.source, open_side, source_key_of(plan), named_in(plan)) as again:
                    require(again, seen)
                if not isinstance(error, TableChanged):
                    raise
                raise _Reshaped from None
            return target.aside(job)


def _created(plan: SyncPlan, target: Target, reader: Reader, columns: Any) -> Any:
    if not plan.create:
        raise _no_table(target)
    known = {column.name: column for column in reader.columns}
    alike = [
        one.target
        for one in columns
        if sum(one.target.casefold() == o.target.casefold() for o in columns) > 1
    ]
    if alike and target.kind != "postgresql":
        raise TargetUnfit(
            target=target.display,
            table=target.table,
            reason_vi=f"các cột {', '.join(alike)} chỉ khác nhau ở chữ hoa, chữ thường",
            reason_en=f"the columns {', '.join(alike)} differ in upper and lower case alone",
        )
    made = []
    for column in columns:
        source = known.get(column.source) if column.source is not None else None
        plain = source is not None and column.conversion is None
        if source is None or not plain:
            made.append(NewColumn(column.target, "text"))
            continue
        native = reader.builtin(column.source) if target.kind == "postgresql" else None
        # A list is written as its own database writes it, which no other takes for JSON.
        listed = (source.native_type or "").endswith("[]")
        made.append(NewColumn(column.target, "text" if listed else source.type, native=native))
    # Building the key of a loaded table costs less than keeping it while rows come in, where rows come in unseen.
    later = isinstance(target, PostgresqlTarget) and all(one.native for one in made)
    target.create(made, plan.key, keyed=not later)
    return target.columns()


def _no_table(target: Target) -> TargetUnfit:
    return TargetUnfit(
        target=target.display,
        table=target.table,
        reason_vi="chưa có bảng này",
        reason_en="there is no such table",
    )


def _pause(seconds: float, job: str, tally: Tally, should_stop: ShouldStop | None) -> None:
    end = time.monotonic() + seconds * random.uniform(0.75, 1.25)  # noqa: S311
    while time.monotonic() < end:
        if should_stop is not None and should_stop():
            raise SyncStopped(job=job, chunks=tally.chunks)
        time.sleep(0.05)


def _told(
    plan: SyncPlan, job: str, tally: Tally, aside: tuple[Aside, ...], began: dt.datetime, tried: int
) -> SyncRun:
    vi, en = in_words(tally.rung)
    held = sum(row.reason == HELD for row in aside)
    aside = tuple(row for row in aside if row.reason != HELD)
    against = [
        (
            not tally.compared,
            "cách phát hiện này không so nội dung; cần đối soát để chứng minh",
            "this way of noticing compares no contents; a reconciliation proves it",
        ),
        (
            tally.altered and bool(tally.counts.inserted or tally.counts.updated),
            "bảng nhận có trigger, có thể đổi dòng được ghi; cần đối soát để chứng minh",
            "the target has triggers, which may change the rows written; a reconciliation proves it",
        ),
        (
            tally.deletes == "none",
            "phương án không theo dõi dòng bị xóa ở nguồn",
            "the plan does not follow rows removed at the source",
        ),
        (
            bool(aside),
            f"còn {len(aside)} dòng để riêng chưa ghi được",
            f"{len(aside)} rows are still set aside",
        ),
        (
            bool(held),
            f"{held} dòng đang được giữ lại theo yêu cầu",
            f"{held} rows are held back on request",
        ),
    ]
    open_points = [(why_vi, why_en) for holds, why_vi, why_en in against if holds]
    return SyncRun(
        job=job,
        rung=tally.rung,
        read=tally.read,
        inserted=tally.counts.inserted,
        updated=tally.counts.updated,
        deleted=tally.counts.deleted,
        set_aside=len(aside),
        held=held,
        chunks=tally.chunks,
        attempts=tried,
        from_mark=tally.from_mark,
        to_mark=tally.to_mark,
        deletes=tally.deletes,
        proved=not open_points,
        unproved_vi="; ".join(one for one, _ in open_points),
        unproved_en="; ".join(one for _, one in open_points),
        rung_vi=vi,
        rung_en=en,
        choice_vi=tally.choice[0],
        choice_en=tally.choice[1],
        began_at=began,
        ended_at=dt.datetime.now(dt.UTC),
        aside=tuple(
            SetAside(
                tuple(None if p is None else str(partly_shown(p)) for p in row.key), row.reason, row.column
            )
            for row in aside
        ),
        findings=tuple(tally.findings),
    )
