"""The set-up of data governance in an agency, step by step: begun, reviewed, complete, sent, trained, running (C19)."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import governance, governance_events, rules
from lienthong.agencies.access import (
    DECIDING,
    GOVERNING,
    may_urge_governance,
    require_acting_for,
)
from lienthong.agencies.addresses import governance_address
from lienthong.agencies.errors import (
    GovernanceAlreadyBegun,
    GovernanceBelongsAbove,
    GovernanceContentMissing,
    GovernanceDateRefused,
    GovernanceIncomplete,
    GovernanceNotBegun,
)
from lienthong.agencies.models import (
    Agency,
    GovernanceCase,
    GovernanceGroup,
    GovernanceList,
    GovernancePaper,
    GovernancePaperKind,
    GovernanceRoleKind,
    GovernanceState,
)
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, step_label, take_step
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.models import Instrument
from lienthong.law.queries import clocks_of, find_parameter, parameter
from lienthong.law.rules import add_months

from .agencies import require_open
from .work import finish_work, open_work

SERIES = "QT"
DISPATCH = "cv-4856-2026"
COMMITTEE = "set_up_committee"
# State of the case, the act that is due then, in which role, and under which term.
DUE: dict[str, tuple[str, str, str, Role, str]] = {
    GovernanceState.OPENED: (
        "review_governance_status",
        "rà soát hiện trạng quản trị dữ liệu",
        "review the status of data governance",
        Role.IT_UNIT,
        governance.REVIEW_TERM,
    ),
    GovernanceState.STATUS_REVIEWED: (
        "appoint_data_officer",
        "cử người chịu trách nhiệm dữ liệu",
        "appoint the chief data officer",
        Role.HEAD,
        governance.PHASE_ONE,
    ),
    GovernanceState.OFFICER_APPOINTED: (
        "complete_governance_bodies",
        "hoàn tất năm bộ phận quản trị dữ liệu",
        "complete the five bodies of data governance",
        Role.HEAD,
        governance.PHASE_ONE,
    ),
    GovernanceState.BODIES_COMPLETE: (
        "send_governance_list",
        "gửi danh sách đến Trung tâm Dữ liệu quốc gia",
        "send the list to the National Data Centre",
        Role.IT_UNIT,
        governance.PHASE_ONE,
    ),
    GovernanceState.LIST_SENT: (
        "train_for_governance",
        "tập huấn quản trị dữ liệu",
        "train the people of data governance",
        Role.IT_UNIT,
        governance.PHASE_TWO,
    ),
    GovernanceState.TRAINED: (
        "put_governance_into_operation",
        "đưa quản trị dữ liệu vào vận hành",
        "put data governance into operation",
        Role.HEAD,
        "",
    ),
    GovernanceState.RUNNING: (
        "review_governance",
        "đánh giá quản trị dữ liệu hằng năm",
        "review data governance",
        Role.IT_UNIT,
        "",
    ),
}


@carries("GOVF-04", "GOVF-05", "OTH-10")
def begin_governance_setup(
    *,
    actor: Actor,
    agency: Agency,
    group: int = GovernanceGroup.ONE,
    anchored_on: date | None = None,
) -> GovernanceCase:
    """Begin the set-up of an agency at the top; its terms run from the date of the guiding dispatch, or the day given.

    `group` is that of the dispatch, on which phases 1 and 2 depend. Publishes `GovernanceBegun`; raises
    `GovernanceBelongsAbove` for a unit, `GovernanceAlreadyBegun`, and ParameterNotInForce for a day without the terms.
    """
    require_acting_for(
        actor, agency, GOVERNING, "mở hồ sơ thiết lập quản trị dữ liệu", "begin the governance set-up"
    )
    if group not in GovernanceGroup.values:
        raise GovernanceContentMissing(at="group", name="nhóm theo công văn", name_en="group of the dispatch")
    day = anchored_on or _dispatch_day()
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        require_at_the_top(agency)
        require_open(agency)
        standing = GovernanceCase.objects.filter(agency=agency).first()
        if standing is not None:
            raise GovernanceAlreadyBegun(name=agency.name, number=standing.number)
        case = GovernanceCase.objects.create(
            number=next_number(SERIES), agency=agency, group=group, anchored_on=day
        )
        anchor = _morning(day)
        for key in (governance.REVIEW_TERM, governance.PHASE_ONE, governance.PHASE_TWO):
            start_clock(
                actor=actor,
                subject=case,
                key=key.format(group=group),
                anchor_at=anchor,
                anchor_event="dispatch_date",
            )
        publish(
            actor=actor,
            fact=governance_events.GovernanceBegun(
                agency_id=agency.pk, case_id=case.pk, number=case.number, group=group, anchored_on=day
            ),
        )
        if governance.governance_of(agency).committee is None:
            _ask_for_committee(actor, case, anchor)
        take_up(actor=actor, case=case)
    return case


@carries("GOVF-05")
def record_status_review(
    *, actor: Actor, case: GovernanceCase, findings: str, reviewed_on: date | None = None
) -> GovernanceCase:
    """Record what the review of the status found; its term stops. Publishes `GovernanceStatusReviewed`."""
    agency = case.agency
    require_acting_for(actor, agency, GOVERNING, "ghi kết quả rà soát hiện trạng", "record the status review")
    day = _done_on(reviewed_on, "reviewed_on", None)
    said = _text(findings, "findings", "kết quả rà soát hiện trạng", "findings of the review")
    with transaction.atomic():
        case = _locked(case)
        fact = governance_events.GovernanceStatusReviewed(
            agency_id=agency.pk, case_id=case.pk, reviewed_on=day
        )
        take_step(actor=actor, record=case, step="review_status", fact=fact, findings=said, reviewed_on=day)
        stop_term(actor, case, governance.REVIEW_TERM, "reviewed", day)
        take_up(actor=actor, case=case)
    return case


def take_up(*, actor: Actor, case: GovernanceCase) -> None:
    """Go on where what the next step waits for is already there, and say what is due now."""
    if case.state == GovernanceState.STATUS_REVIEWED:
        officer = case.agency.governance_roles.filter(
            kind=GovernanceRoleKind.DATA_OFFICER, valid_to__isnull=True
        )
        if officer.exists():
            fact = governance_events.DataOfficerTakenUp(
                agency_id=case.agency_id, case_id=case.pk, number=case.number
            )
            take_step(actor=actor, record=case, step="take_up_officer", fact=fact)
    _say_what_is_due(actor, case)


@carries("GOVF-04")
def confirm_governance_bodies(*, actor: Actor, case: GovernanceCase) -> GovernanceCase:
    """Confirm that all five bodies are held as asked: 5 of 5, compliance in house, in a province led by the police.

    Publishes `GovernanceBodiesCompleted`; raises `GovernanceIncomplete` with what is missing.
    """
    require_acting_for(
        actor, case.agency, DECIDING, "hoàn tất năm bộ phận quản trị dữ liệu", "complete the five bodies"
    )
    with transaction.atomic():
        case = _locked(case)
        _require(
            case, "complete_bodies", "data_officer", "five_bodies", "compliance_in_house", "compliance_police"
        )
        fact = governance_events.GovernanceBodiesCompleted(agency_id=case.agency_id, case_id=case.pk)
        take_step(actor=actor, record=case, step="complete_bodies", fact=fact)
        _say_what_is_due(actor, case)
    return case


@carries("GOVF-05")
def send_governance_list(
    *, actor: Actor, case: GovernanceCase, letter_number: str, sent_on: date | None = None, signer: str = ""
) -> GovernanceList:
    """Record that the list of people and bodies was sent to the National Data Centre, and keep it as it was sent.

    After the first, a later list is a new version beside it. Publishes `GovernanceListSent`; raises `GovernanceIncomplete`.
    """
    agency = case.agency
    require_acting_for(actor, agency, GOVERNING, "gửi danh sách quản trị dữ liệu", "send the governance list")
    number = _text(letter_number, "letter_number", "số công văn", "letter number")[:60]
    day = _done_on(sent_on, "sent_on", case.reviewed_on)
    with transaction.atomic():
        case = _locked(case)
        if not case.has_started_to_send and case.state != GovernanceState.BODIES_COMPLETE:
            raise refused(case, "send_list")
        _require(case, "send_list", "data_officer", "five_bodies", "compliance_in_house", "compliance_police")
        last = case.lists.first()
        if last is not None and day < last.sent_on:
            raise date_refused("sent_on", day, "trước lần gửi liền trước", "before the list sent last")
        sent = GovernanceList.objects.create(
            case=case,
            version=(last.version if last else 0) + 1,
            letter_number=number,
            sent_on=day,
            signer=nfc(signer).strip()[:150],
            content=governance.list_content(governance.governance_of(agency)),
        )
        fact = governance_events.GovernanceListSent(
            agency_id=agency.pk,
            case_id=case.pk,
            version=sent.version,
            letter_number=number,
            sent_on=day,
        )
        if case.state == GovernanceState.BODIES_COMPLETE:
            take_step(actor=actor, record=case, step="send_list", fact=fact)
            stop_term(actor, case, governance.PHASE_ONE.format(group=case.group), "list_sent", day)
            _say_what_is_due(actor, case)
        else:
            publish(actor=actor, fact=fact)
    return sent


@carries("GOVF-05")
def record_governance_training(
    *,
    actor: Actor,
    case: GovernanceCase,
    training: str,
    trained_on: date | None = None,
    trained_people: int | None = None,
) -> GovernanceCase:
    """Record that the people of data governance were trained; the term of phase 2 stops. Publishes `GovernancePeopleTrained`."""
    agency = case.agency
    require_acting_for(actor, agency, GOVERNING, "ghi nhận đợt tập huấn", "record the training")
    said = _text(training, "training", "nội dung tập huấn", "contents of the training")
    day = _done_on(trained_on, "trained_on", case.reviewed_on)
    with transaction.atomic():
        case = _locked(case)
        fact = governance_events.GovernancePeopleTrained(agency_id=agency.pk, case_id=case.pk, trained_on=day)
        take_step(
            actor=actor,
            record=case,
            step="train",
            fact=fact,
            trained_on=day,
            training=said,
            trained_people=trained_people,
        )
        stop_term(actor, case, governance.PHASE_TWO.format(group=case.group), "trained", day)
        _say_what_is_due(actor, case)
    return case


@carries("GOVF-05")
def put_governance_into_operation(
    *, actor: Actor, case: GovernanceCase, running_since: date | None = None
) -> GovernanceCase:
    """Put data governance into operation; from then on it is reviewed as often as the law asks.

    Publishes `GovernancePutIntoOperation`.
    """
    agency = case.agency
    require_acting_for(
        actor, agency, DECIDING, "đưa quản trị dữ liệu vào vận hành", "put data governance into operation"
    )
    day = _done_on(running_since, "running_since", case.trained_on)
    with transaction.atomic():
        case = _locked(case)
        fact = governance_events.GovernancePutIntoOperation(
            agency_id=agency.pk, case_id=case.pk, running_since=day
        )
        take_step(actor=actor, record=case, step="run", fact=fact, running_since=day)
        case.review_due_on = _next_review(day)
        case.save(update_fields=["review_due_on"])
        _say_what_is_due(actor, case)
    return case


@carries("GOVF-05")
def review_governance(
    *, actor: Actor, case: GovernanceCase, findings: str, reviewed_on: date | None = None
) -> GovernanceCase:
    """Record a yearly review of data governance in operation. Publishes `GovernanceReviewed`."""
    agency = case.agency
    require_acting_for(actor, agency, GOVERNING, "đánh giá quản trị dữ liệu", "review data governance")
    said = _text(findings, "findings", "kết quả đánh giá", "findings of the review")
    day = _done_on(reviewed_on, "reviewed_on", case.last_review_on or case.running_since)
    with transaction.atomic():
        case = _locked(case)
        if case.state != GovernanceState.RUNNING:
            raise GovernanceIncomplete(
                step="đánh giá hằng năm",
                step_en="review it yearly",
                missing="đưa quản trị dữ liệu vào vận hành",
                missing_en="data governance in operation",
            )
        case.last_review_on, case.review_due_on = day, _next_review(day)
        case.save(update_fields=["last_review_on", "review_due_on"])
        GovernancePaper.objects.create(
            agency=agency,
            kind=GovernancePaperKind.REVIEW,
            title=f"Đánh giá quản trị dữ liệu ngày {day:%d/%m/%Y}",
            text=said,
            dated=day,
        )
        publish(
            actor=actor,
            fact=governance_events.GovernanceReviewed(agency_id=agency.pk, case_id=case.pk, reviewed_on=day),
        )
        finish_work(actor=actor, subject=case, act=DUE[GovernanceState.RUNNING][0])
        _say_what_is_due(actor, case)
    return case


@carries("GOVF-05")
def urge_governance_setup(*, actor: Actor, case: GovernanceCase) -> GovernanceCase:
    """Urge the act that a set-up waits for: who prepares and who decides are told. Publishes `GovernanceUrged`."""
    if not may_urge_governance(actor, case.agency):
        raise NotAllowed(act="đôn đốc thiết lập quản trị dữ liệu", act_en="urge the governance set-up")
    with transaction.atomic():
        case = _locked(case)
        _act, vi, en, _role, _key = DUE[case.state]
        case.urged_at, case.times_urged = timezone.now(), case.times_urged + 1
        case.save(update_fields=["urged_at", "times_urged"])
        publish(
            actor=actor,
            fact=governance_events.GovernanceUrged(
                agency_id=case.agency_id,
                case_id=case.pk,
                number=case.number,
                waiting_vi=vi,
                waiting_en=en,
            ),
        )
    return case


def case_of(agency: Agency) -> GovernanceCase:
    """The set-up of an agency; refuses where none has begun."""
    found = GovernanceCase.objects.select_related("agency").filter(agency=agency).first()
    if found is None:
        raise GovernanceNotBegun(name=agency.name)
    return found


def require_at_the_top(agency: Agency) -> None:
    """Refuse a unit: governance and the door are those of the agency above (GOVF-07)."""
    if agency.parent_id is not None:
        top = Agency.objects.get(pk=agency.top_id)
        raise GovernanceBelongsAbove(name=agency.name, above=top.name)


def stop_term(actor: Actor, case: GovernanceCase, key: str, outcome: str, day: date) -> None:
    """Stop a running term of a set-up with the day on which it was met."""
    for clock in clocks_of(case).filter(parameter_key=key, stopped_at__isnull=True):
        moment = min(timezone.now(), _morning(day)) if day < timezone.localdate() else timezone.now()
        stop_clock(actor=actor, clock=clock, outcome=outcome, stopped_at=moment)


def date_refused(at: str, day: date, why: str, why_en: str) -> GovernanceDateRefused:
    """The refusal of a day, at its field."""
    return GovernanceDateRefused(at=at, why=why, why_en=why_en, **rules.told(given=day))


def _require(case: GovernanceCase, step: str, *looks_at: str) -> None:
    found = governance.governance_of(case.agency)
    lines = [line for code in looks_at if (line := found.line(code)) is not None]
    missing = [line for line in lines if line.applies and not line.is_met]
    if missing:
        words = step_label(case, step)
        raise GovernanceIncomplete(
            step=words["vi"].lower(),
            step_en=words["en"].lower(),
            missing="; ".join(f"{line.item.vi} ({line.found_vi})" for line in missing),
            missing_en="; ".join(f"{line.item.en} ({line.found_en})" for line in missing),
        )


def _dispatch_day() -> date:
    """The date of the guiding dispatch, from which the terms run."""
    issued = Instrument.objects.filter(slug=DISPATCH).values_list("issued_on", flat=True).first()
    return issued or timezone.localdate()


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))


def _ask_for_committee(actor: Actor, case: GovernanceCase, anchor: datetime) -> None:
    if find_parameter(governance.COMMITTEE_TERM, on=anchor) is None:
        return
    clock = start_clock(
        actor=actor,
        subject=case,
        key=governance.COMMITTEE_TERM,
        anchor_at=anchor,
        anchor_event="dispatch_date",
    )
    agency = case.agency
    open_work(
        subject=case,
        act=COMMITTEE,
        title_vi="lập ban chỉ đạo về dữ liệu",
        title_en="set up the data steering committee",
        about=agency.name,
        url=governance_address(agency.code),
        unit=unit_holding(agency, Role.HEAD),
        role=Role.HEAD,
        clock=clock,
        number=case.number,
    )


def _say_what_is_due(actor: Actor, case: GovernanceCase) -> None:
    for state, (act, *_rest) in DUE.items():
        if state != case.state:
            finish_work(actor=actor, subject=case, act=act)
    act, vi, en, role, key = DUE[case.state]
    clock = None
    if key:
        clock = clocks_of(case).filter(parameter_key=key.format(group=case.group)).last()
    agency = case.agency
    open_work(
        subject=case,
        act=act,
        title_vi=vi,
        title_en=en,
        about=agency.name,
        url=governance_address(agency.code),
        unit=unit_holding(agency, role),
        role=role,
        clock=clock,
        due_at=_night(case.review_due_on) if case.state == GovernanceState.RUNNING else None,
        number=case.number,
    )


def _night(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


def _next_review(day: date) -> date:
    times = parameter(governance.REVIEWS, on=day).value
    return add_months(day, 12 // max(times, 1) if isinstance(times, int) else 12)


def _done_on(given: date | None, at: str, after: date | None) -> date:
    """The day on which a step was done: today unless given, never in the future, never before the step before it."""
    today = timezone.localdate()
    day = given or today
    if day > today:
        raise date_refused(at, day, "sau ngày hôm nay", "it lies in the future")
    if after is not None and day < after:
        raise date_refused(at, day, "trước bước liền trước", "it lies before the step before it")
    return day


def _text(given: str, at: str, name: str, name_en: str) -> str:
    said = nfc(given).strip()
    if not said:
        raise GovernanceContentMissing(at=at, name=name, name_en=name_en)
    return said


def _locked(case: GovernanceCase) -> GovernanceCase:
    return GovernanceCase.objects.select_for_update(of=("self",)).select_related("agency").get(pk=case.pk)
