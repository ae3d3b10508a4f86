"""Data audits: planned, scoped, measured, reported, signed, followed up, closed (GOVF-14, D278-13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone, translation

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step
from lienthong.law.queries import checklist, find_parameter

from .. import auditing, yearly
from ..access import require
from ..audit_access import (
    in_charge_of,
    may_answer_audit,
    may_audit,
    may_plan_audit,
    may_sign_audit,
    outsider_fault,
)
from ..audit_errors import AuditExists, AuditMeasureByMachine
from ..audit_facts import audit_facts
from ..errors import DecisionMissing
from ..events import (
    AuditClosed,
    AuditFollowedUp,
    AuditMeasured,
    AuditPlanned,
    AuditReported,
    AuditScoped,
    AuditSentBack,
    AuditSigned,
    FindingAnswered,
    FindingDropped,
    FindingNoted,
    MeasureEntered,
)
from ..indexing import index_audit
from ..measures import MEASURES, Scope, seen_of
from ..models import (
    AuditFinding,
    AuditKind,
    AuditMeasure,
    AuditPeriod,
    AuditSet,
    AuditState,
    DataAudit,
    ErrorType,
    FollowUp,
    Light,
    UpgradeOrigin,
    WarnedBy,
)
from ..stocktaking import databases_to_audit
from . import audit_work as work
from .campaigns import person
from .issues import open_warning
from .upgrades import propose_item

SERIES = "KTDL"


@carries("GOVF-14", "D278-02")
def plan_audit(
    *, actor: Actor, agency: Agency, auditor: Agency, lead: str, kind: str, year: int, quarter: int, aim: str
) -> DataAudit:
    """Plan a data audit of an agency over a quarter (1 to 4) or a year (0), by a unit that does not own the data.

    Publishes `AuditPlanned`; raises `AuditPeriodRefused`, `AuditNotAsked`, `AuditorNotIndependent`, `AuditExists`.
    """
    require(may_plan_audit(actor, agency), "lập kế hoạch kiểm toán dữ liệu", "plan a data audit")
    auditing.require_period(year, quarter, timezone.localdate())
    named = auditing.require_text(lead, "người chủ trì", "The lead auditor")
    aimed = auditing.require_text(aim, "mục đích, nội dung", "The aim")
    kind = AuditKind(kind)
    auditing.require_independent(in_charge=(), related=outsider_fault(agency, auditor, kind))
    if kind == AuditKind.SELF and not auditor.path.startswith(agency.path):
        raise InputRefused(
            name="đơn vị kiểm toán",
            name_en="The auditing unit",
            why=f"không thuộc {agency.name}; hãy chọn kiểm toán chéo",
            why_en=f"does not belong to {agency.display_name('en')}; choose a cross audit",
        )
    audit = DataAudit(
        agency=agency, auditor=auditor, lead=named, kind=kind, year=year, quarter=quarter, aim=aimed
    )
    audit.period = AuditPeriod.QUARTER if quarter else AuditPeriod.YEAR
    key = auditing.QUARTER if quarter else auditing.YEAR
    spans = {}
    for locale in ("vi", "en"):
        with translation.override(locale):
            spans[locale] = audit.span
    auditing.require_rule(find_parameter(key, on=audit.last_day), spans["vi"])
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        same = DataAudit.objects.filter(agency=agency, kind=kind, year=year, quarter=quarter).first()
        if same is not None:
            raise AuditExists(number=same.number)
        audit.number, audit.planned_by_id = next_number(SERIES), person(actor)
        audit.save()
        work.audit_due(audit)
        index_audit(audit)
        publish(
            actor=actor,
            fact=AuditPlanned(
                audit_id=audit.pk, number=audit.number, span_vi=spans["vi"], span_en=spans["en"]
            ),
        )
    return audit


@carries("GOVF-14", "SEC-01")
def scope_audit(*, actor: Actor, audit: DataAudit, databases: Sequence[Database]) -> DataAudit:
    """Decide which databases are audited; none of a secret. Publishes `AuditScoped`; raises `AuditorNotIndependent`."""
    require(may_audit(actor, audit), "xác định phạm vi kiểm toán", "decide the scope of the audit")
    auditing.require_scope(databases)
    allowed = {one.pk for one in databases_to_audit(audit.agency)}
    strange = [one.name for one in databases if one.pk not in allowed]
    if strange:
        raise InputRefused(
            name="phạm vi",
            name_en="The scope",
            why=f"không thuộc {audit.agency.name}: {yearly.told(strange)}",
            why_en=f"not of {audit.agency.display_name('en')}: {yearly.told(strange)}",
        )
    with transaction.atomic():
        fact = AuditScoped(audit_id=audit.pk, databases=len(databases))
        take_step(actor=actor, record=audit, step="scope", fact=fact)
        audit.databases.set(databases)
        auditing.require_independent(in_charge=in_charge_of(actor, audit))
        audit.measures.all().delete()
        _keep_indicators(audit)
        work.audit_due(audit)
    return audit


def _keep_indicators(audit: DataAudit) -> None:
    """The indicators that the rules ask for on the last day of the period, or today while it runs."""
    day = min(audit.last_day, timezone.localdate())
    for group in AuditSet.values:
        for item in checklist(group, day):
            AuditMeasure.objects.create(
                audit=audit,
                set=group,
                key=item.looks_at,
                position=audit.measures.count() + 1,
                requirement=item.requirement,
                provision=item.provision.ref,
                mark=item.mark,
                name_vi=item.vi,
                name_en=item.en,
                hint_vi=item.hint_vi,
                hint_en=item.hint_en,
                by_hand=item.looks_at not in MEASURES,
            )


@carries("GOVF-14", "D278-12", "D278-13")
def measure_audit(*, actor: Actor, audit: DataAudit) -> DataAudit:
    """Measure every indicator that follows from the records; what the auditor has entered stays. Publishes `AuditMeasured`."""
    _require_auditor(actor, audit, "đo chỉ số kiểm toán", "measure the indicators")
    if not audit.is_open_for_measuring:
        raise refused(audit, "measure")
    databases = list(audit.databases.select_related("owner", "managing_unit").order_by("sort_key", "pk"))
    auditing.require_scope(databases)
    scope = Scope(audit.agency, databases, audit.first_day, audit.last_day)
    scale = int(str(find_parameter(auditing.SCALE, on=scope.until).value))  # type: ignore[union-attr]
    with transaction.atomic():
        measures = list(audit.measures.select_for_update())
        for one in measures:
            if one.by_hand:
                continue
            found = MEASURES[one.key](scope)
            one.count, one.whole, one.seen = found.count, found.whole, seen_of(found)
            one.level = auditing.level_of(found.count, found.whole, scale)
            one.measured_at = timezone.now()
            one.save()
        waiting = sum(one.is_waiting for one in measures)
        take_step(
            actor=actor,
            record=audit,
            step="measure",
            fact=AuditMeasured(audit_id=audit.pk, measured=len(measures) - waiting, waiting=waiting),
            levels=_levels(measures),
            scale=scale,
        )
        work.audit_due(audit)
    return audit


def _levels(measures: Sequence[AuditMeasure]) -> dict[str, float | None]:
    by_set = {
        group: auditing.mean_level(one.level for one in measures if one.set == group)
        for group in AuditSet.values
    }
    return by_set | {"total": auditing.mean_level(by_set.values())}


@carries("GOVF-14")
def enter_measure(
    *,
    actor: Actor,
    audit: DataAudit,
    key: str,
    level: int | None,
    evidence: str = "",
    not_applicable: str = "",
) -> AuditMeasure:
    """Judge an indicator that the product cannot know: a level with evidence, or why it does not apply.

    Publishes `MeasureEntered`; raises `AuditMeasureByMachine` for one that is measured.
    """
    _require_auditor(actor, audit, "đánh giá chỉ số kiểm toán", "judge an indicator")
    if audit.state != AuditState.MEASURED:
        raise refused(audit, "report")
    with transaction.atomic():
        one = audit.measures.select_for_update().filter(key=key).first()
        if one is None or not one.by_hand:
            raise AuditMeasureByMachine()
        one.not_applicable = nfc(not_applicable).strip()[:300]
        if one.not_applicable:
            one.level, one.evidence = None, nfc(evidence).strip()
        else:
            one.level = auditing.require_level(level, audit.scale)
            one.evidence = auditing.require_text(evidence, "minh chứng", "The evidence")
        one.measured_at, one.entered_by_id = timezone.now(), person(actor)
        one.save()
        DataAudit.objects.filter(pk=audit.pk).update(levels=_levels(list(audit.measures.all())))
        said = "–" if one.level is None else f"{one.level}/{audit.scale}"
        publish(
            actor=actor,
            fact=MeasureEntered(audit_id=audit.pk, name_vi=one.name_vi, name_en=one.name_en, level=said),
        )
    audit.refresh_from_db()
    return one


@carries("GOVF-14")
def note_finding(
    *,
    actor: Actor,
    audit: DataAudit,
    text: str,
    action: str,
    light: str,
    database: Database | None = None,
    measure: AuditMeasure | None = None,
    follow_up: str = FollowUp.STATEMENT,
) -> AuditFinding:
    """Note what the audit found wrong, in one database or in the agency as a whole. Publishes `FindingNoted`."""
    _require_auditor(actor, audit, "ghi phát hiện kiểm toán", "note a finding")
    if audit.state != AuditState.MEASURED:
        raise refused(audit, "report")
    if database is not None and not audit.databases.filter(pk=database.pk).exists():
        raise InputRefused(
            name="cơ sở dữ liệu",
            name_en="The database",
            why="không thuộc phạm vi",
            why_en="it is out of scope",
        )
    if database is None and follow_up != FollowUp.STATEMENT:
        raise InputRefused(
            name="cách theo dõi",
            name_en="The follow-up",
            why="mục nâng cấp, phiếu cảnh báo phải gắn với một cơ sở dữ liệu",
            why_en="upgrade items and warnings are about one database",
        )
    with transaction.atomic():
        found = AuditFinding.objects.create(
            audit=audit,
            measure=measure if measure is not None and measure.audit_id == audit.pk else None,
            database=database,
            text=auditing.require_text(text, "phát hiện", "The finding"),
            action=auditing.require_text(action, "kiến nghị", "What is to be done"),
            light=Light(light),
            follow_up=FollowUp(follow_up),
        )
        publish(actor=actor, fact=FindingNoted(audit_id=audit.pk, findings=audit.found.count()))
    return found


@carries("GOVF-14")
def drop_finding(*, actor: Actor, audit: DataAudit, finding: AuditFinding) -> None:
    """Take back a finding before the report. Publishes `FindingDropped`."""
    _require_auditor(actor, audit, "bỏ phát hiện kiểm toán", "drop a finding")
    if audit.state != AuditState.MEASURED or finding.audit_id != audit.pk:
        raise refused(audit, "report")
    with transaction.atomic():
        finding.delete()
        publish(actor=actor, fact=FindingDropped(audit_id=audit.pk))


@carries("D278-13", "GOVF-14")
def report_audit(*, actor: Actor, audit: DataAudit, conclusion: str, recommendations: str = "") -> DataAudit:
    """Draw up the report and hand it to the head of the agency audited.

    Publishes `AuditReported`; raises `AuditMeasuresMissing` while indicators wait for the auditor.
    """
    _require_auditor(actor, audit, "báo cáo kết quả kiểm toán", "report the result")
    said = auditing.require_text(conclusion, "kết luận", "The conclusion")
    auditing.require_measured([(one.name_vi, one.name_en) for one in audit.measures.all() if one.is_waiting])
    with transaction.atomic():
        audit.conclusion, audit.recommendations = said, nfc(recommendations).strip()
        take_step(
            actor=actor,
            record=audit,
            step="report",
            fact=AuditReported(audit_id=audit.pk, findings=audit.found.count()),
            facts=audit_facts(audit, day=timezone.localdate()),
            conclusion=said,
            recommendations=nfc(recommendations).strip(),
            by=person(actor),
        )
        work.signing_due(actor, audit)
    return audit


@carries("D278-13")
def send_audit_back(*, actor: Actor, audit: DataAudit, reason: str) -> DataAudit:
    """Send a report back to the auditor with a reason. Publishes `AuditSentBack`."""
    require(may_sign_audit(actor, audit), "trả lại báo cáo kiểm toán", "send the report back")
    said = nfc(yearly.require_return_reason(reason))
    with transaction.atomic():
        fact = AuditSentBack(audit_id=audit.pk)
        take_step(actor=actor, record=audit, step="send_back", fact=fact, reason=said, because=said)
        work.audit_due(audit)
    return audit


@carries("D278-13")
def sign_audit(*, actor: Actor, audit: DataAudit, number: str, day: date | None) -> DataAudit:
    """Sign the report with its number and day. Publishes `AuditSigned`; raises `DecisionMissing`."""
    require(may_sign_audit(actor, audit), "ký báo cáo kiểm toán", "sign the report")
    if not number.strip() or day is None:
        raise DecisionMissing()
    at = timezone.localdate(audit.reported_at) if audit.reported_at else None
    yearly.require_paper_date(day, decided=at, today=timezone.localdate(), at="day")
    with transaction.atomic():
        audit.report_number = number.strip()
        take_step(
            actor=actor,
            record=audit,
            step="sign",
            fact=AuditSigned(audit_id=audit.pk, report=number.strip()),
            facts=audit_facts(audit, day=day),
            number=number.strip(),
            day=day,
            by=person(actor),
        )
        work.follow_up_due(actor, audit)
    return audit


@carries("GOVF-14", "GOVF-12", "INV-08")
def follow_audit_up(*, actor: Actor, audit: DataAudit) -> DataAudit:
    """Turn each finding of a signed report into an upgrade item, a quality warning or a question to the agency.

    Publishes `AuditFollowedUp`.
    """
    require(may_plan_audit(actor, audit.agency), "theo dõi kiến nghị kiểm toán", "follow the findings up")
    counts = dict.fromkeys(FollowUp.values, 0)
    with transaction.atomic():
        locked = DataAudit.objects.select_for_update().get(pk=audit.pk)
        if locked.state != AuditState.SIGNED:
            raise refused(locked, "follow_up")
        for one in locked.found.select_related("database__owner", "database__managing_unit"):
            _open_follow_up(actor, locked, one)
            counts[one.follow_up] += 1
        fact = AuditFollowedUp(
            audit_id=audit.pk,
            upgrades=counts[FollowUp.UPGRADE],
            issues=counts[FollowUp.ISSUE],
            statements=counts[FollowUp.STATEMENT],
        )
        take_step(actor=actor, record=audit, step="follow_up", fact=fact)
        work.closing_due(actor, audit, questions=counts[FollowUp.STATEMENT])
    return audit


def _open_follow_up(actor: Actor, audit: DataAudit, one: AuditFinding) -> None:
    said = f"Kiểm toán dữ liệu {audit.number}: {one.text}"
    if one.database is None or one.database.is_secret:
        return
    if one.follow_up == FollowUp.UPGRADE and one.upgrade is None:
        one.upgrade = propose_item(
            actor=actor,
            database=one.database,
            criterion=yearly.STATEMENT,
            origin=UpgradeOrigin.AUDIT,
            found_vi=said,
            found_en="",
            action=one.action,
            requirement="INV-08",
        )
    elif one.follow_up == FollowUp.ISSUE and one.issue is None:
        one.issue = open_warning(
            actor,
            one.database,
            table="",
            column="",
            error_type=ErrorType.WRONG_VALUE,
            light=Light(one.light),
            warned_by=WarnedBy.AUDIT,
            text_vi=said,
        )
    one.save()


@carries("GOVF-14")
def answer_finding(*, actor: Actor, audit: DataAudit, finding: AuditFinding, answer: str) -> AuditFinding:
    """Answer a finding in writing: what the agency has done. Publishes `FindingAnswered`."""
    require(may_answer_audit(actor, audit), "trả lời phát hiện kiểm toán", "answer a finding")
    if audit.state != AuditState.FOLLOW_UP or finding.audit_id != audit.pk:
        raise refused(audit, "close")
    with transaction.atomic():
        finding.answer = auditing.require_text(answer, "trả lời", "The answer")
        finding.answered_at, finding.answered_by_id = timezone.now(), person(actor)
        finding.save(update_fields=["answer", "answered_at", "answered_by"])
        publish(actor=actor, fact=FindingAnswered(audit_id=audit.pk))
    return finding


@carries("GOVF-14")
def close_audit(*, actor: Actor, audit: DataAudit) -> DataAudit:
    """Close an audit whose findings are all settled. Publishes `AuditClosed`; raises `AuditAnswersMissing`."""
    require(may_plan_audit(actor, audit.agency), "đóng cuộc kiểm toán", "close the audit")
    found = audit.found.select_related("upgrade", "issue")
    auditing.require_settled(sum(not one.is_settled for one in found))
    with transaction.atomic():
        take_step(actor=actor, record=audit, step="close", fact=AuditClosed(audit_id=audit.pk))
        work.audit_over(actor, audit)
    return audit


def _require_auditor(actor: Actor, audit: DataAudit, act: str, act_en: str) -> None:
    require(may_audit(actor, audit), act, act_en)
    auditing.require_independent(in_charge=in_charge_of(actor, audit))
