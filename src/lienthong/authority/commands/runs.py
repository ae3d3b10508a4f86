"""Runs of flows: ordered by a person, the schedule or a change of the source; what they did; what stopped them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import Database, Dataset
from lienthong.engine.errors import EngineError
from lienthong.engine.sync.errors import AlreadyRunning
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.commands import publish
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step

from ..access import require
from ..addresses import flow_address
from ..flow_access import may_work_on
from ..flow_errors import FlowBusy, NothingToConfirm
from ..flow_events import DeletionsConfirmed, FlowGuarded, FlowPaused, FlowRan, FlowRunFailed
from ..flow_queries import CONFIRM, RUN_JOB, due_flows, guarded_run, live_run
from ..flow_results import Ran
from ..indexing import index_flow
from ..models import FlowRun, FlowState, RowSetAside, RunCause, RunState, SyncFlow
from .flow_dues import begin_delay, end_terms
from .flows import due_after, tell_people_of

# Rows that are listed with a run; their number is told in full.
LISTED = 200


@carries("CON-01", "OVL-04")
def start_run(*, actor: Actor, flow: SyncFlow, mending: bool = False) -> Job:
    """Run a flow now. With `mending` both tables are compared in full, so that rows that were changed by hand in the copy
    are set right as well. Raises `FlowBusy`.
    """
    require(may_work_on(actor, flow), "chạy đồng bộ", "run this flow")
    if flow.state != FlowState.ACTIVE or not flow.runs_here:
        raise refused(flow, "go_on" if flow.state in {FlowState.PAUSED, FlowState.STOPPED} else "activate")
    if live_run(flow) is not None:
        raise FlowBusy(number=flow.number)
    return _order(actor, flow, RunCause.MENDING if mending else RunCause.PERSON)


def _order(actor: Actor, flow: SyncFlow, cause: str, due: datetime | None = None) -> Job:
    return start_job(
        actor=actor,
        name=RUN_JOB,
        title_vi=f"Đồng bộ theo luồng {flow.number}",
        title_en=f"Synchronisation, flow {flow.number}",
        subject=flow,
        arguments={"flow_id": flow.pk, "cause": cause, "due_at": due.isoformat() if due else ""},
        only_once=f"authority.flow:{flow.pk}",
    )


@carries("OVL-04", "D278-12")
def start_due_runs(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Start every flow whose moment has come; returns how many. Run by the tick.

    For a flow that is stopped or paused the term begins in which it must be brought in step again.
    """
    moment = now or timezone.now()
    started = 0
    for flow in due_flows(moment):
        due = flow.next_due_at
        if due is None or (flow.state == FlowState.ACTIVE and live_run(flow) is not None):
            continue
        with transaction.atomic():
            later = due_after(flow, moment)
            # Another worker may have been first.
            if not SyncFlow.objects.filter(pk=flow.pk, next_due_at=due).update(next_due_at=later):
                continue
            if flow.state == FlowState.ACTIVE:
                _order(actor, flow, RunCause.SCHEDULE, due)
                started += 1
            else:
                begin_delay(actor, flow, due)
    return started


@carries("OVL-04")
def follow_change(*, actor: Actor, dataset: Dataset) -> int:
    """Run the flows that follow a dataset as soon as it changes: a version was published; returns how many."""
    flows = SyncFlow.objects.filter(
        dataset=dataset, state=FlowState.ACTIVE, frequency="on_change", carried_out="here"
    )
    ordered = 0
    for flow in flows.select_related("database", "responsible_unit"):
        if flow.database.is_secret or live_run(flow) is not None:
            continue
        _order(actor, flow, RunCause.CHANGE, timezone.now())
        ordered += 1
    return ordered


def begin_run(*, flow: SyncFlow, job: Job | None, cause: str, due: datetime | None = None) -> FlowRun:
    """The record of a run that a job has begun; the same one when the job goes on after a break."""
    if job is not None:
        found = FlowRun.objects.filter(job=job).first()
        if found is not None:
            return found
    return FlowRun.objects.create(flow=flow, job=job, cause=cause, due_at=due)


@carries("OVL-04", "D278-12")
def record_run(*, actor: Actor, run: FlowRun, ran: Ran) -> FlowRun:
    """Record what a run did; the flow is in time again. Publishes `FlowRan`."""
    with transaction.atomic():
        flow = SyncFlow.objects.select_for_update().get(pk=run.flow_id)
        for name in (
            "rung", "why", "first", "read", "inserted", "updated", "deleted", "set_aside", "held", "chunks",
            "proved", "from_mark", "to_mark", "findings",
        ):  # fmt: skip
            setattr(run, name, getattr(ran, name))
        run.held_by = list(ran.held_by)
        run.state, run.finished_at, run.error, run.error_code = RunState.DONE, timezone.now(), {}, ""
        run.save()
        RowSetAside.objects.bulk_create(
            RowSetAside(
                run=run,
                key=one.key[:300],
                column=one.column[:255],
                code=one.code[:80],
                why_vi=one.why_vi[:400],
                why_en=one.why_en[:400],
            )
            for one in ran.aside[:LISTED]
        )
        flow.last_good_at, flow.delete_confirmed = run.finished_at, None
        flow.save(update_fields=["last_good_at", "delete_confirmed"])
        end_terms(actor, flow, "in_step")
        finish_work(actor=actor, subject=flow, act=CONFIRM)
        by = ", ".join(run.held_by)
        event = publish(
            actor=actor,
            fact=FlowRan(
                flow_id=flow.pk,
                run_id=run.pk,
                number=flow.number,
                database_id=flow.database_id,
                inserted=run.inserted,
                updated=run.updated,
                deleted=run.deleted,
                set_aside=run.set_aside,
                held_vi=f"; giữ lại {run.held} dòng theo {by}" if run.held else "",
                held_en=f"; {run.held} held back by {by}" if run.held else "",
            ),
        )
        if run.set_aside:
            tell_people_of(
                flow,
                f"Luồng {flow.number} để riêng {run.set_aside} dòng không ghi được",
                f"Flow {flow.number} set {run.set_aside} rows aside",
                event.pk,
            )
    return run


def note_trouble(*, run: FlowRun, error: EngineError | DomainError) -> None:
    """Note what kept a run from its end for now; it is tried again."""
    run.error_code, run.error = error.code[:120], _words(error)
    run.save(update_fields=["error_code", "error"])


@carries("OVL-04", "D278-12")
def record_run_failed(*, actor: Actor, run: FlowRun, error: EngineError | DomainError) -> FlowRun:
    """Record that a run did not succeed, and why; the copy is as it was.

    What a repeat may mend is left to the schedule; all else stops the flow until a person lets it go on. Publishes
    `FlowRunFailed`.
    """
    with transaction.atomic():
        run.state, run.finished_at = RunState.FAILED, timezone.now()
        run.error_code, run.error = error.code[:120], _words(error)
        run.save()
        flow = SyncFlow.objects.select_related("database", "responsible_unit").get(pk=run.flow_id)
        fact = FlowRunFailed(
            flow_id=flow.pk,
            run_id=run.pk,
            number=flow.number,
            code=error.code,
            why_vi=error.text("vi"),
            why_en=error.text("en"),
        )
        passing = getattr(error, "transient", False) or isinstance(error, AlreadyRunning)
        if flow.state == FlowState.ACTIVE and not passing:
            take_step(
                actor=actor,
                record=flow,
                step="stop",
                fact=fact,
                because=f"{error.text('vi')} {error.hint('vi')}",
            )
        else:
            publish(actor=actor, fact=fact)
        begin_delay(actor, flow, run.due_at or run.started_at)
        tell_people_of(
            flow,
            f"Luồng {flow.number} đồng bộ không thành: {error.text('vi')}",
            f"Flow {flow.number} did not succeed: {error.text('en')}",
            f"flow-run:{run.pk}",
        )
    return run


@carries("OVL-04")
def record_guarded_run(
    *, actor: Actor, run: FlowRun, error: EngineError, would_delete: int, of_rows: int
) -> FlowRun:
    """Record that the guard stopped a run before it deleted too much: a person has to confirm it, once. Publishes
    `FlowGuarded`.
    """
    with transaction.atomic():
        run.state, run.finished_at = RunState.GUARDED, timezone.now()
        run.error_code, run.error = error.code[:120], _words(error)
        run.would_delete, run.of_rows = would_delete, of_rows
        run.save()
        flow = SyncFlow.objects.select_related("database", "responsible_unit").get(pk=run.flow_id)
        fact = FlowGuarded(
            flow_id=flow.pk, run_id=run.pk, number=flow.number, would_delete=would_delete, of_rows=of_rows
        )
        take_step(
            actor=actor, record=flow, step="stop", fact=fact, because=f"{error.text('vi')} {error.hint('vi')}"
        )
        begin_delay(actor, flow, run.due_at or run.started_at)
        open_work(
            subject=flow,
            act=CONFIRM,
            title_vi="xác nhận hoặc xử lý việc xóa quá mức cho phép",
            title_en="confirm or settle deletions beyond the limit",
            about=f"{flow.database.name}, {flow.target_table}",
            url=flow_address(flow.number),
            unit=flow.responsible_unit,
            role=Role.DATABASE_OWNER,
            number=flow.number,
        )
        tell_people_of(
            flow,
            f"Luồng {flow.number} dừng trước khi xóa {would_delete} dòng",
            f"Flow {flow.number} stopped before deleting {would_delete} rows",
            f"flow-run:{run.pk}",
        )
    return run


def record_run_cancelled(*, actor: Actor, run: FlowRun) -> FlowRun:
    """Record that a person stopped a run: whole steps that were applied stay, the next run goes on from there."""
    run.state, run.finished_at = RunState.CANCELLED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    return run


@carries("OVL-04")
def confirm_deletions(*, actor: Actor, flow: SyncFlow) -> Job:
    """Confirm, once, the deletions before which the guard stopped the last run, and run again: no more rows than then
    may go. Publishes `DeletionsConfirmed`; raises `NothingToConfirm`.
    """
    require(may_work_on(actor, flow), "xác nhận việc xóa", "confirm these deletions")
    with transaction.atomic():
        locked = SyncFlow.objects.select_for_update().get(pk=flow.pk)
        run = guarded_run(locked)
        if run is None or locked.state != FlowState.STOPPED:
            raise NothingToConfirm()
        run.confirmed_by_id, run.confirmed_at = actor.user_id or None, timezone.now()
        run.save(update_fields=["confirmed_by", "confirmed_at"])
        locked.delete_confirmed = run.would_delete
        locked.save(update_fields=["delete_confirmed"])
        fact = DeletionsConfirmed(flow_id=locked.pk, number=locked.number, rows=run.would_delete or 0)
        take_step(actor=actor, record=locked, step="go_on", fact=fact)
        finish_work(actor=actor, subject=locked, act=CONFIRM)
        locked.refresh_from_db()
        job = _order(actor, locked, RunCause.PERSON, run.due_at)
    flow.refresh_from_db()
    return job


def settle_lost_runs(*, actor: Actor = SYSTEM) -> int:
    """Close the records of runs whose job ended without them; returns how many. Run by the tick."""
    lost = FlowRun.objects.filter(state=RunState.RUNNING, job__isnull=False)
    ended = lost.exclude(job__state__in=["queued", "running"]).select_related("job", "flow")
    count = 0
    for run in ended:
        with transaction.atomic():
            job = run.job
            if job is None:
                continue
            cancelled = job.state == "cancelled"
            run.state = RunState.CANCELLED if cancelled else RunState.FAILED
            run.finished_at = job.finished_at or timezone.now()
            run.error_code = job.error_code
            run.error = {
                "vi": job.error_vi,
                "en": job.error_en,
                "hint_vi": job.hint_vi,
                "hint_en": job.hint_en,
            }
            run.save()
            if not cancelled:
                begin_delay(actor, run.flow, run.due_at or run.started_at)
            count += 1
    return count


@carries("SEC-01")
def set_aside_flows(*, actor: Actor, database: Database) -> int:
    """Pause the live flows of a database that became a secret, and take their work off all lists; returns how many."""
    flows = [*database.flows_in.filter(state__in=["active", "stopped"])]
    flows += [*database.flows_out.filter(state__in=["active", "stopped"])]
    for flow in flows:
        with transaction.atomic():
            take_step(
                actor=actor,
                record=flow,
                step="pause",
                fact=FlowPaused(flow_id=flow.pk, number=flow.number),
                because="chuyển ra khỏi quy trình này",
            )
            finish_work(actor=actor, subject=flow)
            end_terms(actor, flow, "set_aside")
    take_up_flows(database=database)
    return len(flows)


@carries("SEC-01")
def take_up_flows(*, database: Database) -> int:
    """Make the flows of a database findable, or not, as its secrecy now asks; returns how many. Paused ones stay paused
    until a person lets them go on.
    """
    flows = [*database.flows_in.all(), *database.flows_out.all()]
    for flow in flows:
        index_flow(flow)
    return len(flows)


def _words(error: EngineError | DomainError) -> dict[str, str]:
    return {
        "vi": error.text("vi"),
        "en": error.text("en"),
        "hint_vi": error.hint("vi"),
        "hint_en": error.hint("en"),
    }
