"""Work that takes time: searching one database against all others, running a flow, comparing a copy with its source."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from lienthong.catalogue.models import Database
from lienthong.engine.errors import EngineError, LookInterrupted
from lienthong.engine.overlap.shapes import DatabaseSketch
from lienthong.engine.sync.errors import GuardStopped
from lienthong.foundation.errors import DomainError
from lienthong.foundation.jobs.context import JobCancelled, JobContext
from lienthong.foundation.jobs.performing import RUNS_IN_ALL
from lienthong.foundation.jobs.registry import job
from lienthong.inventory.models import Source

from .addresses import flow_address, reconciliation_address, search_address, sketches_address
from .commands import (
    begin_run,
    note_trouble,
    record_guarded_run,
    record_overlaps,
    record_reconciliation,
    record_run,
    record_run_cancelled,
    record_run_failed,
    record_sketch,
)
from .commands.reconciliations import order_reconciliation
from .comparing import compare_all, sketch_of
from .errors import SourceNotBound
from .flow_access import SIDES as FLOW_SIDES
from .following import compare_now, run_now
from .models import FlowRun, RunCause, SketchPassage, SyncFlow
from .queries import comparable_with, searchable_source
from .rules import LeftOut
from .sketching import comparable_sketches, compare_files, make_file

KEY_BYTES = 32


@job
def search(context: JobContext) -> dict[str, Any] | None:
    """Compare a database with every other that has a bound source, under a key that lives only as long as the
    search.
    """
    database = Database.objects.select_related("owner", "managing_unit").get(
        pk=context.arguments["database_id"]
    )
    source = searchable_source(database)
    if source is None:
        raise SourceNotBound(name=database.name)
    started_at, key = timezone.now(), secrets.token_bytes(KEY_BYTES)
    others = list(comparable_with(database))
    mine = _sketch(context, source, key, 0, len(others) + 1)
    sketched: list[DatabaseSketch] = []
    left_out: list[LeftOut] = []
    for place, other in enumerate(others, start=1):
        try:
            sketched.append(_sketch(context, other, key, place, len(others) + 1))
        except (EngineError, DomainError):
            context.raise_if_stopped()
            # Where a source of others lies is not told to those who search.
            left_out.append(
                LeftOut(other.database_id, "không đọc được nguồn", "its source could not be read")
            )
    found = compare_all(mine, sketched)
    context.progress(1, 1, "Đang ghi nhận kết quả", "Recording what was found")
    with context.finish_once() as result:
        recorded = record_overlaps(
            actor=context.actor,
            database=database,
            job=context.job,
            comparisons=found.comparisons,
            left_out=left_out,
            started_at=started_at,
            method=found.method,
        )
        result["opened"] = recorded.opened
        result["result_url"] = search_address(database.code)
    return None


def _sketch(context: JobContext, source: Source, key: bytes, place: int, sources: int) -> DatabaseSketch:
    def on_table(done: int, tables: int) -> None:
        # Parts of one source count in hundredths, so that the whole search has one measure.
        step = place * 100 + (done * 100 // tables if tables else 0)
        context.progress(
            step,
            sources * 100,
            f"Đang đọc nguồn {place + 1}/{sources}, bảng {done + 1}/{tables}",
            f"Reading source {place + 1} of {sources}, table {done + 1} of {tables}",
        )

    try:
        return sketch_of(source, key, on_table=on_table, should_stop=context.should_stop)
    except LookInterrupted:
        context.raise_if_stopped()
        raise


@job
def make_sketch(context: JobContext) -> dict[str, Any] | None:
    """Make a sketch file of a bound source, to be compared elsewhere."""
    database = Database.objects.select_related("owner", "managing_unit").get(
        pk=context.arguments["database_id"]
    )
    source = searchable_source(database)
    if source is None:
        raise SourceNotBound(name=database.name)
    context.progress(0, 2, "Đang đọc nguồn", "Reading the source")
    folder = Path(settings.DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sketch-", dir=folder) as place:
        path = Path(place) / "tep.sketch"
        made = make_file(
            source,
            path,
            level=int(context.arguments["level"]),
            period=str(context.arguments["period"]),
            made_by=database.managing_unit.name,
        )
        context.raise_if_stopped()
        with context.finish_once() as result:
            record_sketch(actor=context.actor, database=database, job=context.job, made=made, path=path)
            result["result_url"] = sketches_address(database.code)
    return None


@job
def compare_sketch(context: JobContext) -> dict[str, Any] | None:
    """Compare a sketch that was handed in with those of other databases."""
    passage = SketchPassage.objects.select_related("database__owner", "file").get(
        pk=context.arguments["passage_id"]
    )
    started_at = timezone.now()
    others = comparable_sketches(passage)
    found = compare_files(passage, others)
    with context.finish_once() as result:
        recorded = record_overlaps(
            actor=context.actor,
            database=passage.database,
            job=context.job,
            comparisons=found.comparisons,
            started_at=started_at,
            method=found.method,
        )
        result["opened"] = recorded.opened
        result["result_url"] = search_address(passage.database.code)
    return None


@job
def run_flow(context: JobContext) -> dict[str, Any] | None:
    """Bring the copy of a flow up to its source; compared with it at once after the first run, and after mending."""
    flow = SyncFlow.objects.select_related(*FLOW_SIDES).get(pk=context.arguments["flow_id"])
    cause, due = str(context.arguments["cause"]), str(context.arguments["due_at"])
    run = begin_run(flow=flow, job=context.job, cause=cause, due=datetime.fromisoformat(due) if due else None)
    context.say_kept("Các bước đã ghi xong được giữ nguyên.", "The steps that were written whole are kept.")
    actor = context.actor
    try:
        ran = run_now(flow, cause=cause, on_progress=_rows_told(context), should_stop=context.should_stop)
        context.raise_if_stopped()
    except JobCancelled:
        record_run_cancelled(actor=actor, run=run)
        raise
    except (EngineError, DomainError) as error:
        if context.cancelled:
            record_run_cancelled(actor=actor, run=run)
        if not context.should_stop():
            _failed(context, run, error)
        raise
    with context.finish_once() as result:
        record_run(actor=actor, run=run, ran=ran)
        flow.refresh_from_db()
        if flow.in_step is None or cause == RunCause.MENDING or flow.in_step is False:
            order_reconciliation(actor, flow)
        result["result_url"] = flow_address(flow.number)
    return None


def _failed(context: JobContext, run: FlowRun, error: EngineError | DomainError) -> None:
    """Record what kept a run from its end: for good, or for now when it will be tried again."""
    if isinstance(error, GuardStopped):
        record_guarded_run(
            actor=context.actor,
            run=run,
            error=error,
            would_delete=int(error.facts["deletes"]),
            of_rows=int(error.facts["rows"]),
        )
    elif getattr(error, "transient", False) and context.job.retries + 1 < RUNS_IN_ALL:
        note_trouble(run=run, error=error)
    else:
        record_run_failed(actor=context.actor, run=run, error=error)


def _rows_told(context: JobContext) -> Callable[..., None]:
    def told(done: int, total: int, *_what: object) -> None:
        context.progress(done, total, f"Đã xử lý {_number_vi(done)} dòng", f"{done:,} rows done")

    return told


def _number_vi(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@job
def reconcile_flow(context: JobContext) -> dict[str, Any] | None:
    """Compare the copy of a flow with its source, and certify what came out."""
    flow = SyncFlow.objects.select_related(*FLOW_SIDES).get(pk=context.arguments["flow_id"])

    def told(done: int, total: int, *_what: object) -> None:
        context.progress(done, total, "Đang so hai bên", "Comparing both sides")

    found = compare_now(flow, on_progress=told, should_stop=context.should_stop)
    context.raise_if_stopped()
    with context.finish_once() as result:
        kept = record_reconciliation(actor=context.actor, flow=flow, compared=found, job=context.job)
        result["result_url"] = reconciliation_address(kept.number)
    return None
