"""A flow of synchronisation set up: planned, mapped, agreed to, put to work, paused, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import CodeListVersion, Database, Dataset, SyncFrequency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step

from .. import flow_rules
from ..access import require
from ..addresses import flow_address
from ..errors import ReasonMissing
from ..flow_access import is_secret_flow, may_agree, may_work_on
from ..flow_errors import (
    AgreementMissing,
    FlowIncomplete,
    FlowOfItself,
    FlowOfSecret,
    FlowSourceMissing,
    MappingRefused,
    ScheduleTooSlow,
    TargetTableMissing,
)
from ..flow_events import (
    FlowActivated,
    FlowAgreed,
    FlowAmended,
    FlowEnded,
    FlowPaused,
    FlowPlanned,
    FlowResumed,
)
from ..flow_queries import (
    AGREE,
    CONFIRM,
    check_rhythm,
    known_pairs,
    longest_delay,
    needs_of,
    source_columns,
    target_columns,
    target_tables,
)
from ..following import require_feed, require_feed_reference
from ..indexing import index_flow
from ..models import (
    BadRowChoice,
    CarriedOut,
    DeletesChoice,
    FlowState,
    OverlapCase,
    Rung,
    SourceChoice,
    SyncFlow,
)

SERIES = "LDB"
NIGHT = time(1)


@carries("OVL-02", "OVL-04", "CON-01")
def plan_flow(
    *,
    actor: Actor,
    database: Database,
    source_kind: str,
    frequency: str,
    responsible_unit: Agency,
    run_at: time = NIGHT,
    dataset: Dataset | None = None,
    source_database: Database | None = None,
    source_table: str = "",
    feed_url: str = "",
    feed_secret_ref: str = "",
    feed_owner: str = "",
    carried_out: str = CarriedOut.HERE,
    case: OverlapCase | None = None,
) -> SyncFlow:
    """Plan how a database follows its authority: from a published dataset, a live source or another node's changes
    feed, how often, who answers for it; for an overlap case, or freely.

    A schedule slower than the law allows for one of the databases is refused. Publishes `FlowPlanned`; raises
    `FlowSourceMissing`, `FlowOfItself`, `FlowOfSecret`, `ScheduleTooSlow`, `FeedRefused`.
    """
    flow = SyncFlow(
        database=database,
        source_kind=source_kind,
        frequency=frequency,
        run_at=run_at,
        responsible_unit=responsible_unit,
        carried_out=carried_out,
        case=case,
        planned_by_id=actor.user_id or None,
    )
    require(may_work_on(actor, flow), "lập luồng đồng bộ", "plan a flow of synchronisation")
    _require_choices(flow)
    _set_source(flow, dataset, source_database, nfc(source_table).strip(), feed_url.strip())
    flow.feed_secret_ref = require_feed_reference(feed_secret_ref) if feed_secret_ref.strip() else ""
    flow.feed_owner = nfc(feed_owner).strip()[:250]
    if case is not None and case.lower_id != database.pk:
        raise InputRefused(
            name="Hồ sơ chồng lấn",
            name_en="Overlap case",
            why="không phải hồ sơ của CSDL này",
            why_en="it is not a case of this database",
        )
    if is_secret_flow(flow):
        raise FlowOfSecret()
    _require_fast_enough(flow)
    with transaction.atomic():
        flow.number = next_number(SERIES)
        flow.save()
        index_flow(flow)
        if flow.needs_agreement:
            _ask_to_agree(flow)
        publish(
            actor=actor,
            fact=FlowPlanned(
                flow_id=flow.pk,
                number=flow.number,
                database_id=database.pk,
                source_database_id=flow.source_database_id,
                source_kind=source_kind,
            ),
        )
    return flow


def _require_choices(flow: SyncFlow) -> None:
    for value, known, vi, en in (
        (flow.source_kind, SourceChoice.values, "Nguồn", "Source"),
        (flow.frequency, SyncFrequency.values, "Tần suất", "Frequency"),
        (flow.carried_out, CarriedOut.values, "Nơi thực hiện", "Carried out by"),
    ):
        if value not in known:
            raise InputRefused(name=vi, name_en=en, why="không có lựa chọn này", why_en="no such choice")


def _set_source(
    flow: SyncFlow, dataset: Dataset | None, source: Database | None, table: str, feed: str
) -> None:
    if flow.source_kind == SourceChoice.DATASET:
        if dataset is None:
            raise FlowSourceMissing(why="chưa chọn bộ dữ liệu", why_en="no dataset was chosen")
        flow.dataset, flow.source_database = dataset, dataset.database
    elif flow.source_kind == SourceChoice.LIVE:
        if source is None or not table:
            raise FlowSourceMissing(
                why="chưa chọn CSDL và bảng nguồn", why_en="database and table of the source were not chosen"
            )
        flow.source_database, flow.source_table = source, table[:255]
    else:
        flow.feed_url = require_feed(feed)
    if flow.source_database_id == flow.database_id:
        raise FlowOfItself()


def _require_fast_enough(flow: SyncFlow) -> None:
    limit = longest_delay(flow)
    # A rule of the agency is about being late, not about how often a flow runs.
    if limit is None or limit.is_agency_rule:
        return
    if flow_rules.is_too_slow(flow.frequency, limit.value, limit.unit):
        basis = limit.provision
        raise ScheduleTooSlow(
            limit=f"{limit.value} {_UNITS.get(limit.unit, ('', ''))[0]}",
            limit_en=f"{limit.value} {_UNITS.get(limit.unit, ('', ''))[1]}",
            basis=basis.citation_vi if basis else limit.note_vi,
            basis_en=basis.citation_en if basis else limit.note_en,
        )


_UNITS = {
    "working_day": ("ngày làm việc", "working day(s)"),
    "calendar_day": ("ngày", "day(s)"),
    "hour": ("giờ", "hour(s)"),
    "month": ("tháng", "month(s)"),
}


def _ask_to_agree(flow: SyncFlow) -> None:
    source = flow.source_database
    if source is None:
        return
    open_work(
        subject=flow,
        act=AGREE,
        title_vi="đồng ý cho CSDL khác đồng bộ từ nguồn",
        title_en="agree that another database follows the source",
        about=f"{flow.database.name}, {flow.database.owner.name}",
        url=flow_address(flow.number),
        unit=source.managing_unit,
        role=Role.DATABASE_OWNER,
        number=flow.number,
    )


@carries("OVL-04")
def amend_flow(
    *,
    actor: Actor,
    flow: SyncFlow,
    frequency: str = "",
    run_at: time | None = None,
    responsible_unit: Agency | None = None,
    guard_percent: int | None = None,
    rung: str = "",
    watermark: str | None = None,
    deletes: str = "",
    tombstone: str | None = None,
    bad_rows: str = "",
) -> SyncFlow:
    """Change when a flow runs, who answers, how changes are noticed, and what stops it. Publishes `FlowAmended`."""
    require(may_work_on(actor, flow), "sửa luồng đồng bộ", "amend this flow")
    with transaction.atomic():
        locked = SyncFlow.objects.select_for_update().get(pk=flow.pk)
        _require_not_ended(locked)
        schedule = (locked.frequency, locked.run_at)
        for name, value, known in (
            ("frequency", frequency, SyncFrequency.values),
            ("rung", rung, Rung.values),
            ("deletes", deletes, DeletesChoice.values),
            ("bad_rows", bad_rows, BadRowChoice.values),
        ):
            if value and value in known:
                setattr(locked, name, value)
        for name, given in (("watermark", watermark), ("tombstone", tombstone)):
            if given is not None:
                setattr(locked, name, nfc(given).strip()[:255])
        locked.run_at = run_at or locked.run_at
        locked.responsible_unit = responsible_unit or locked.responsible_unit
        if guard_percent is not None:
            locked.guard_percent = min(100, max(0, guard_percent))
        _require_fast_enough(locked)
        if locked.is_live and schedule != (locked.frequency, locked.run_at):
            locked.next_due_at = due_after(locked, timezone.now())
        locked.save()
        publish(
            actor=actor,
            fact=FlowAmended(
                flow_id=locked.pk,
                number=locked.number,
                what_vi="lịch chạy, cách phát hiện thay đổi",
                what_en="schedule, how changes are noticed",
            ),
        )
    flow.refresh_from_db()
    return flow


def _require_not_ended(flow: SyncFlow) -> None:
    if flow.state == FlowState.ENDED:
        raise refused(flow, "go_on")


@carries("OVL-04")
def map_columns(
    *,
    actor: Actor,
    flow: SyncFlow,
    target_table: str,
    key: Sequence[str],
    columns: Sequence[Mapping[str, Any]],
    code_version: CodeListVersion | None = None,
) -> SyncFlow:
    """Say into which table a flow writes, by which key, and which column of the source fills which column there.

    Columns of the table that are not named are left alone. Publishes `FlowAmended`; raises `TargetTableMissing`,
    `MappingRefused`.
    """
    require(may_work_on(actor, flow), "ánh xạ cột của luồng đồng bộ", "map the columns of this flow")
    table = nfc(target_table).strip()
    known = target_tables(flow.database)
    if known and table not in {one["name"] for one in known}:
        raise TargetTableMissing(table=table[:80])
    entered = [
        {
            "target": str(one["target"]),
            "source": str(one["source"]),
            "conversion": str(one.get("conversion") or ""),
        }
        for one in columns
        if one.get("source")
    ]
    _require_sound(flow, table, list(key), entered)
    with transaction.atomic():
        locked = SyncFlow.objects.select_for_update().get(pk=flow.pk)
        _require_not_ended(locked)
        taken = SyncFlow.objects.filter(database=locked.database_id, target_table=table)
        other = taken.exclude(pk=locked.pk).exclude(state=FlowState.ENDED).first()
        if other is not None:
            raise MappingRefused(
                why=f"bảng {table} đã do luồng {other.number} đồng bộ",
                why_en=f"table {table} is kept in step by flow {other.number} already",
            )
        locked.target_table, locked.key, locked.columns = table[:255], list(key), entered
        locked.code_version = code_version
        locked.save(update_fields=["target_table", "key", "columns", "code_version"])
        publish(
            actor=actor,
            fact=FlowAmended(
                flow_id=locked.pk,
                number=locked.number,
                what_vi=f"ánh xạ {len(entered)} cột",
                what_en=f"{len(entered)} columns mapped",
            ),
        )
    flow.refresh_from_db()
    return flow


def _require_sound(flow: SyncFlow, table: str, key: list[str], columns: list[dict[str, str]]) -> None:
    if not key:
        raise MappingRefused(why="chưa chọn cột khóa", why_en="no column of the key was chosen")
    unfilled, twice = flow_rules.refused_columns(key, columns)
    if unfilled:
        named = ", ".join(unfilled[:5])
        raise MappingRefused(
            why=f"cột khóa chưa có cột nguồn: {named}",
            why_en=f"columns of the key that nothing fills: {named}",
        )
    if twice:
        named = ", ".join(twice[:5])
        raise MappingRefused(why=f"cột lấy từ hai nguồn: {named}", why_en=f"columns filled twice: {named}")
    offered = source_columns(flow)
    held: list[dict[str, str]] = next(
        (one["columns"] for one in target_tables(flow.database) if one["name"] == table), []
    )
    wrong = [one["source"] for one in columns if offered and one["source"] not in offered]
    names = {one["name"] for one in held}
    wrong += [one["target"] for one in columns if names and one["target"] not in names]
    wrong += [one["conversion"] for one in columns if one["conversion"] not in flow_rules.CONVERSIONS]
    if wrong:
        named = ", ".join(wrong[:5])
        raise MappingRefused(why=f"không có: {named}", why_en=f"there is no: {named}")


def proposed_columns(flow: SyncFlow, target_table: str = "") -> list[dict[str, str]]:
    """What the machine proposes to map, from the pairs of the case and from equal names."""
    if target_table:
        flow.target_table = target_table
    return flow_rules.proposed_mapping(target_columns(flow), source_columns(flow), known_pairs(flow))


@carries("CON-01")
def agree_to_flow(*, actor: Actor, flow: SyncFlow) -> SyncFlow:
    """Agree, for the source's side, that a flow reads it. Publishes `FlowAgreed`."""
    require(may_agree(actor, flow), "đồng ý cho đọc nguồn", "agree that the source is read")
    with transaction.atomic():
        locked = SyncFlow.objects.select_for_update().get(pk=flow.pk)
        _require_not_ended(locked)
        if locked.source_agreed_at is None:
            locked.source_agreed_at, locked.source_agreed_by_id = timezone.now(), actor.user_id or None
            locked.save(update_fields=["source_agreed_at", "source_agreed_by"])
            finish_work(actor=actor, subject=locked, act=AGREE)
            event = publish(actor=actor, fact=FlowAgreed(flow_id=locked.pk, number=locked.number))
            tell_people_of(
                locked,
                f"Chủ quản nguồn đồng ý cho luồng {locked.number} đọc nguồn",
                f"The source's owner agreed to flow {locked.number}",
                event.pk,
            )
    flow.refresh_from_db()
    return flow


@carries("OVL-04")
def activate_flow(*, actor: Actor, flow: SyncFlow, first_run: datetime | None = None) -> SyncFlow:
    """Put a flow to work: it runs now, or at the moment given, and from then on by its schedule. Publishes
    `FlowActivated`.

    Raises `FlowIncomplete` naming what is missing, `AgreementMissing`, `FlowOfSecret`, `ScheduleTooSlow`.
    """
    require(may_work_on(actor, flow), "đưa luồng đồng bộ vào chạy", "put this flow to work")
    if is_secret_flow(flow):
        raise FlowOfSecret()
    missing = [need for need in needs_of(flow) if not need.met]
    if [need.code for need in missing] == ["agreement"]:
        raise AgreementMissing(number=flow.number)
    if missing:
        raise FlowIncomplete(
            number=flow.number,
            missing=", ".join(need.vi for need in missing),
            missing_en=", ".join(need.en for need in missing),
        )
    _require_fast_enough(flow)
    now = timezone.now()
    first = (first_run or now) if flow.runs_here else None
    with transaction.atomic():
        take_step(
            actor=actor,
            record=flow,
            step="activate",
            fact=FlowActivated(flow_id=flow.pk, number=flow.number, next_due_at=first),
        )
        wait = check_rhythm(flow)
        flow.next_due_at = first
        # A copy that another system keeps in step is compared at once: there is no run to wait for.
        flow.next_check_at = (now + wait if wait else None) if flow.runs_here else now
        flow.save(update_fields=["next_due_at", "next_check_at"])
    return flow


def due_after(flow: SyncFlow, after: datetime) -> datetime | None:
    """The next moment of the flow's schedule."""
    if not flow.runs_here:
        return None
    zone = timezone.get_current_timezone()
    anchor = timezone.localdate(flow.activated_at or flow.planned_at)
    return flow_rules.next_due(flow.frequency, flow.run_at, after, zone, anchor)


@carries("OVL-04")
def pause_flow(*, actor: Actor, flow: SyncFlow, reason: str) -> SyncFlow:
    """Pause a flow, with the reason; its term goes on, since the copy ages. Publishes `FlowPaused`."""
    require(may_work_on(actor, flow), "tạm dừng luồng đồng bộ", "pause this flow")
    said = nfc(reason).strip()
    if not said:
        raise ReasonMissing()
    take_step(
        actor=actor,
        record=flow,
        step="pause",
        fact=FlowPaused(flow_id=flow.pk, number=flow.number),
        reason=said,
        because=said,
    )
    return flow


@carries("OVL-04")
def resume_flow(*, actor: Actor, flow: SyncFlow) -> SyncFlow:
    """Let a paused or stopped flow go on; what was missed is done at once. Publishes `FlowResumed`."""
    require(may_work_on(actor, flow), "cho luồng đồng bộ chạy tiếp", "let this flow go on")
    with transaction.atomic():
        take_step(
            actor=actor,
            record=flow,
            step="go_on",
            fact=FlowResumed(flow_id=flow.pk, number=flow.number),
        )
        now = timezone.now()
        if flow.runs_here and (flow.next_due_at is None or flow.next_due_at > now):
            flow.next_due_at = now
            flow.save(update_fields=["next_due_at"])
        finish_work(actor=actor, subject=flow, act=CONFIRM)
    return flow


@carries("OVL-04")
def end_flow(*, actor: Actor, flow: SyncFlow, reason: str) -> SyncFlow:
    """End a flow for good, with the reason; its runs and certificates stay. Publishes `FlowEnded`."""
    require(may_work_on(actor, flow), "kết thúc luồng đồng bộ", "end this flow")
    said = nfc(reason).strip()
    if not said:
        raise ReasonMissing()
    with transaction.atomic():
        take_step(
            actor=actor,
            record=flow,
            step="end",
            fact=FlowEnded(flow_id=flow.pk, number=flow.number),
            reason=said,
            because=said,
        )
        finish_work(actor=actor, subject=flow)
        from .flow_dues import end_terms

        end_terms(actor, flow, "ended")
        index_flow(flow)
    return flow


def tell_people_of(flow: SyncFlow, vi: str, en: str, event: Any) -> None:
    """Tell those who answer for a flow: the owners of the database that follows."""
    unit = unit_holding(flow.responsible_unit, Role.DATABASE_OWNER)
    people = [
        *people_in_role(unit, Role.DATABASE_OWNER),
        *people_in_role(unit_holding(flow.database.managing_unit, Role.DATABASE_OWNER), Role.DATABASE_OWNER),
    ]
    notify(people=people, text_vi=vi, text_en=en, url=flow_address(flow.number), event_id=str(event))
