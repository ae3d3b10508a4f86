"""Reads around flows: what they lack, which are due, how they stand, what their runs and reconciliations say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from lienthong.catalogue.models import Database, DataField, Dataset
from lienthong.catalogue.queries import personal_columns
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.jobs.queries import LIVE, jobs_of
from lienthong.foundation.tracing import carries
from lienthong.inventory.queries import bound_source
from lienthong.law.answers import ParameterValue
from lienthong.law.models import Clock
from lienthong.law.queries import clocks_of, find_parameter

from . import flow_rules
from .correction_records import corrections_blocking, rows_blocked_from_sync
from .flow_rules import Need, glance
from .models import (
    CorrectionCase,
    FlowRun,
    FlowState,
    Outcome,
    OverlapCase,
    PairKind,
    Reconciliation,
    RunState,
    SourceChoice,
    SyncFlow,
    SyncMethod,
    TargetBinding,
)
from .queries import pairs_of

# The longest that a copy may stay behind its source, after which time what is overdue goes one step up, and how often
# both are compared: of the law for one database, else of the agency.
DELAY = "sync.max_delay.all"
ESCALATION = "sync.escalation"
CROSSCHECK = "data_crosscheck.all"
FLOW_KIND = "authority.syncflow"
RUN_JOB, CHECK_JOB = "authority.run_flow", "authority.reconcile_flow"
# Acts that are due on a flow.
BRING_IN_STEP, CONFIRM, AGREE, DIRECT_FLOW = (
    "bring_in_step",
    "confirm_deletions",
    "agree_to_flow",
    "direct_flow",
)


@dataclass(frozen=True, slots=True)
class Blocked:
    """The rows of its source that a flow holds back, each by its key, and the corrections that ask for it."""

    rows: Sequence[dict[str, object]]
    corrections: Sequence[CorrectionCase]


@carries("GOVF-12", "OVL-04")
def blocked_rows(flow: SyncFlow) -> Blocked:
    """What a flow holds back now: rows of its source whose identifier was found wrong and is not mended yet.

    Rows of the copy that were found wrong are never held back: a run is what mends them. Costs two reads.
    """
    found = source_table(flow)
    if found is None:
        return Blocked([], [])
    corrections = list(corrections_blocking(*found).annotate(named=Count("rows")).filter(named__gt=0))
    return Blocked(rows_blocked_from_sync(*found) if corrections else [], corrections)


def source_table(flow: SyncFlow) -> tuple[Database, str] | None:
    """The database and table that a flow follows; None for the feed of another node."""
    if flow.dataset is not None:
        return flow.dataset.database, flow.dataset.table.name
    if flow.source_database is not None and flow.source_table:
        return flow.source_database, flow.source_table
    return None


def named_in_law(flow: SyncFlow) -> str:
    """The name under which the law sets limits for the copy or for its source; the copy's own first."""
    source = flow.source_database
    return flow.database.named_in_law or (source.named_in_law if source is not None else "")


@carries("D278-12")
def longest_delay(flow: SyncFlow) -> ParameterValue | None:
    """The longest that a copy may stay behind: what the law says of one of the databases, else of all."""
    return find_parameter(DELAY, database_code=named_in_law(flow) or None)


@carries("D278-12")
def check_rhythm(flow: SyncFlow) -> timedelta | None:
    """How often copy and source are compared; None where nobody has set it."""
    found = find_parameter(CROSSCHECK, database_code=named_in_law(flow) or None)
    return flow_rules.rhythm(found.value, found.unit) if found is not None else None


def target_binding(database: Database) -> TargetBinding | None:
    """The connection over which a database is written now."""
    live = TargetBinding.objects.filter(database=database, released_at__isnull=True)
    return live.select_related("bound_by").first()


def target_tables(database: Database) -> list[dict[str, Any]]:
    """The tables that the connection for writing held when it was last tried, else those of the catalogue."""
    bound = target_binding(database)
    if bound is not None and bound.tables:
        return list(bound.tables)
    return _described_tables(database)


def _described_tables(database: Database) -> list[dict[str, Any]]:
    tables = database.tables.filter(gone_since__isnull=True).prefetch_related("fields")
    return [
        {
            "name": table.name,
            "key": list(table.primary_key),
            "columns": [
                {"name": field.name, "type": field.type}
                for field in table.fields.all()
                if field.gone_since is None
            ],
        }
        for table in tables
    ]


def target_columns(flow: SyncFlow) -> list[str]:
    """The columns of the table that is kept in step."""
    return next(
        (
            [column["name"] for column in table["columns"]]
            for table in target_tables(flow.database)
            if table["name"] == flow.target_table
        ),
        [],
    )


def source_columns(flow: SyncFlow) -> list[str]:
    """The columns that the source offers: of the dataset's newest version, or of the described table."""
    if flow.dataset is not None:
        latest = flow.dataset.latest
        if latest is not None and latest.columns:
            return [str(column["name"]) for column in latest.columns]
        return list(flow.dataset.columns) or _fields(flow.dataset.database, flow.dataset.table.name)
    if flow.source_database is not None and flow.source_table:
        return _fields(flow.source_database, flow.source_table)
    return []


def _fields(database: Database, table: str) -> list[str]:
    found = DataField.objects.filter(
        table__database=database, table__name=table, gone_since__isnull=True
    ).order_by("ordinal", "pk")
    return list(found.values_list("name", flat=True))


def known_pairs(flow: SyncFlow) -> list[tuple[str, str]]:
    """Columns that the case has already shown to hold the same: target column, source column; keys first."""
    if flow.case is None:
        return []
    table = flow.source_table or (flow.dataset.table.name if flow.dataset is not None else "")
    return [
        (shown.lower.column, shown.higher.column)
        for shown in pairs_of(flow.case)
        if shown.pair.kind == PairKind.OVERLAP
        and shown.pair.verdict != "reject"
        and (not flow.target_table or shown.lower.table == flow.target_table)
        and (not table or shown.higher.table == table)
    ]


def datasets_to_follow(database: Database) -> QuerySet[Dataset]:
    """The published datasets of other databases that are no secret."""
    return (
        Dataset.objects.filter(database__is_secret=False)
        .exclude(database=database)
        .select_related("database__owner", "table")
        .order_by("name")
    )


def needs_of(flow: SyncFlow) -> list[Need]:
    """What a flow must have before it is put to work, each met or not."""
    source_vi, source_en, source = _source_need(flow)
    key = bool(flow.key) and not flow_rules.refused_columns(flow.key, flow.columns)[0]
    needs = [
        Need("source", source_vi, source_en, source),
        Need("mapping", "khóa và ánh xạ cột", "key and mapping of columns", key and bool(flow.target_table)),
    ]
    if flow.runs_here:
        bound = target_binding(flow.database)
        needs.insert(
            1,
            Need(
                "target",
                "kết nối ghi đã thử được",
                "a connection for writing that was tried",
                bound is not None and bound.tried_at is not None,
            ),
        )
    else:
        needs.insert(
            1,
            Need(
                "target",
                "nguồn chỉ đọc của CSDL để đối soát",
                "the read-only source of the database, to reconcile it",
                bound_source(flow.database) is not None,
            ),
        )
    if any(one["conversion"] == "codes" for one in flow.columns):
        needs.append(
            Need(
                "codes",
                "danh mục dùng chung để đổi mã",
                "the shared code list by which codes are turned",
                flow.code_version is not None,
            )
        )
    if flow.needs_agreement:
        needs.append(
            Need(
                "agreement",
                "chủ quản nguồn đồng ý",
                "the agreement of the source's owner",
                flow.source_agreed_at is not None,
            )
        )
    return needs


def _source_need(flow: SyncFlow) -> tuple[str, str, bool]:
    if flow.source_kind == SourceChoice.DATASET:
        published = flow.dataset is not None and flow.dataset.latest is not None
        return "bộ dữ liệu nguồn đã có phiên bản", "a dataset with a version", published
    if flow.source_kind == SourceChoice.LIVE:
        live = flow.source_database is not None and bound_source(flow.source_database) is not None
        return (
            "nguồn trực tiếp đã kết nối, có bảng nguồn",
            "a bound live source and its table",
            live and bool(flow.source_table),
        )
    return "địa chỉ luồng thay đổi", "the address of the changes feed", bool(flow.feed_url)


def live_run(flow: SyncFlow) -> Job | None:
    """The job that runs or reconciles a flow now."""
    return jobs_of(flow).filter(name__in=[RUN_JOB, CHECK_JOB], state__in=LIVE).first()


def running_flows(flows: Iterable[SyncFlow]) -> set[int]:
    """Of many flows those that a job works on now."""
    ids = [str(flow.pk) for flow in flows]
    live = Job.objects.filter(subject_kind=FLOW_KIND, subject_id__in=ids, state__in=LIVE)
    return {int(one) for one in live.values_list("subject_id", flat=True)}


def glance_of(flow: SyncFlow, *, running: bool) -> str:
    """How a flow stands, in one word of `flow_rules.GLANCES`."""
    return glance(
        str(flow.state),
        late=flow.late_since is not None,
        in_step=flow.in_step,
        running=running,
        held=flow.held_back > 0,
    )


def last_good_run(flow: SyncFlow) -> FlowRun | None:
    """The last run that brought the copy up to its source."""
    return flow.runs.filter(state=RunState.DONE).first()


def guarded_run(flow: SyncFlow) -> FlowRun | None:
    """The run whose deletions wait to be confirmed: the last one, if its guard stopped it."""
    last = flow.runs.exclude(state=RunState.RUNNING).first()
    return last if last is not None and last.state == RunState.GUARDED and last.confirmed_at is None else None


def due_flows(now: datetime) -> QuerySet[SyncFlow]:
    """The flows whose moment to run has come, also those that cannot run as they are stopped or paused."""
    return (
        SyncFlow.objects.filter(
            state__in=[FlowState.ACTIVE, FlowState.STOPPED, FlowState.PAUSED],
            carried_out="here",
            next_due_at__lte=now,
            database__is_secret=False,
        )
        .exclude(source_database__is_secret=True)
        .select_related("database__owner", "database__managing_unit", "responsible_unit")
    )


def checks_due(now: datetime) -> QuerySet[SyncFlow]:
    """The flows whose copy is to be compared with its source now."""
    return (
        SyncFlow.objects.filter(state=FlowState.ACTIVE, next_check_at__lte=now, database__is_secret=False)
        .exclude(source_database__is_secret=True)
        .select_related("database__owner", "database__managing_unit", "responsible_unit")
    )


def delay_clock(flow: SyncFlow) -> Clock | None:
    """The running term within which a copy is to be brought in step."""
    return clocks_of(flow).filter(parameter_key__startswith="sync.max_delay", stopped_at__isnull=True).first()


def escalation_clock(flow: SyncFlow) -> Clock | None:
    return clocks_of(flow).filter(parameter_key=ESCALATION, stopped_at__isnull=True).first()


def flows_past_their_term(now: datetime) -> list[SyncFlow]:
    """The flows whose term has run out and of which nobody was told yet."""
    late = Clock.objects.filter(
        subject_kind=FLOW_KIND,
        parameter_key__startswith="sync.max_delay",
        stopped_at__isnull=True,
        due_at__lt=now,
    ).values_list("subject_id", flat=True)
    ids = [int(one) for one in late]
    if not ids:
        return []
    flows = SyncFlow.objects.filter(pk__in=ids, late_since__isnull=True, database__is_secret=False)
    return list(flows.select_related("database__owner", "database__managing_unit", "responsible_unit"))


def flows_to_escalate(now: datetime) -> list[SyncFlow]:
    """The late flows on which nothing was done within the further term."""
    late = Clock.objects.filter(
        subject_kind=FLOW_KIND, parameter_key=ESCALATION, stopped_at__isnull=True, due_at__lt=now
    ).values_list("subject_id", flat=True)
    ids = [int(one) for one in late]
    if not ids:
        return []
    flows = SyncFlow.objects.filter(
        pk__in=ids, late_since__isnull=False, escalated_at__isnull=True, database__is_secret=False
    )
    return list(flows.select_related("database__owner", "database__managing_unit", "responsible_unit"))


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the runs that a schedule asked for since a moment, how many were done in time."""

    due: int
    in_time: int


@carries("D278-12")
def punctuality(flow: SyncFlow, since: datetime | None) -> Punctuality:
    """How punctual the runs of a flow were since a moment: each moment of the schedule counts once, and is in time when
    a run that answers it was done before the longest delay had run out.
    """
    runs = flow.runs.filter(due_at__isnull=False).exclude(state=RunState.RUNNING)
    if since is not None:
        runs = runs.filter(due_at__gt=since)
    done: dict[datetime, datetime | None] = {}
    for due, state, finished in runs.values_list("due_at", "state", "finished_at"):
        if due is None:
            continue
        at = finished if state == RunState.DONE else None
        before = done.get(due)
        done[due] = min(filter(None, (before, at)), default=None)
    # Terms that had run out, each with the moment at which it was stopped.
    terms = [
        (clock.due_at, clock.stopped_at)
        for clock in clocks_of(flow).filter(parameter_key__startswith="sync.max_delay")
    ]
    in_time = sum(
        at is not None
        and not any(ended < at and (stopped is None or stopped >= at) for ended, stopped in terms)
        for at in done.values()
    )
    return Punctuality(len(done), in_time)


def proof_of(case: OverlapCase) -> Reconciliation | None:
    """What proves that a case was carried out: the newest certificate of one of its flows, if both sides are equal."""
    flows = SyncFlow.objects.filter(case=case, proved_at__isnull=False, in_step=True)
    found = Reconciliation.objects.filter(flow__in=flows).select_related("flow").order_by("-made_at", "-pk")
    newest = found.first()
    return newest if newest is not None and newest.is_equal else None


def is_carried_out_by_proof(case: OverlapCase) -> bool:
    """Whether the lower side of a case keeps a copy, so that a run and a certificate of equality carry it out."""
    mechanism = getattr(case, "mechanism", None)
    return (
        case.outcome == Outcome.MUST_SYNCHRONISE
        and mechanism is not None
        and mechanism.method == SyncMethod.SYNCHRONISE
    )


def personal_targets(flow: SyncFlow) -> set[str]:
    """Columns of the copy whose values are personal data, on either side."""
    own = {column for table, column in personal_columns(flow.database) if table == flow.target_table}
    source, table = flow.source_database, flow.source_table
    if flow.dataset is not None:
        table = flow.dataset.table.name
    if source is None:
        return own
    others = {column for name, column in personal_columns(source) if name == table}
    return own | {one["target"] for one in flow.columns if one["source"] in others}
