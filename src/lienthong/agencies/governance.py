"""Reads of data governance: who and what is in place in an agency, what is missing and by when, what a list says (C19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone, translation

from lienthong.foundation.errors import NotFound
from lienthong.foundation.tracing import carries
from lienthong.law.answers import ChecklistItem, ClockView, ParameterValue, here
from lienthong.law.models import Mark
from lienthong.law.queries import checklist, clock_views, clocks_of_many, find_parameter, rule_set_on

from .models import (
    Agency,
    AgencyKind,
    DataDoor,
    GovernanceBody,
    GovernanceBodyKind,
    GovernanceCase,
    GovernanceList,
    GovernancePaper,
    GovernancePaperKind,
    GovernanceRole,
    GovernanceRoleKind,
    GovernanceState,
    SteeringCommittee,
)
from .queries import agency_by_code

GATE = "governance"
REVIEW_TERM = "governance.status_review"
PHASE_ONE = "governance.phase1.group{group}"
PHASE_TWO = "governance.phase2.group{group}"
STEWARDS = "roles.steward"
COMMITTEE_TERM = "steering_committee.setup"
REVIEWS = "governance.phase3.review"
# What the agency keeps (GOVF-06); the other kinds of papers are acts of a day.
KEPT = (
    GovernancePaperKind.DICTIONARY,
    GovernancePaperKind.CATALOGUE,
    GovernancePaperKind.ACCESS_MATRIX,
    GovernancePaperKind.AUDIT_LOG,
    GovernancePaperKind.RETENTION,
)
# What the chief data officer signs in person (GOVF-05).
SIGNED = (GovernancePaperKind.ACCESS_MATRIX, GovernancePaperKind.ACCESS_REQUEST)
MOST_TOLD = 5


@dataclass(frozen=True)
class GovernanceLine:
    """One thing that must be in place: what was found, where it is written, by when it is due."""

    item: ChecklistItem
    state: str
    found_vi: str
    found_en: str
    clock: ClockView | None = None
    due_on: date | None = None

    @property
    def is_met(self) -> bool:
        return self.state == "met"

    @property
    def applies(self) -> bool:
        return self.state != "none"

    @property
    def found(self) -> str:
        return here(self.found_vi, self.found_en)

    @property
    def mark(self) -> str:
        """How far the rule was checked, in the reader's language."""
        return str(Mark(self.item.mark).label)

    @property
    def due(self) -> date | None:
        """The last day, where one is set and the thing is not in place."""
        if self.is_met or not self.applies:
            return None
        return self.clock.due_on if self.clock else self.due_on


@dataclass(frozen=True)
class Asked:
    """What the rule of a day asks for: the lines of its list, the parameters that they look at."""

    items: list[ChecklistItem]
    steward: ParameterValue | None
    committee: ParameterValue | None


@dataclass
class Governance:
    """What is on record of one agency on a day."""

    agency: Agency
    on: date
    case: GovernanceCase | None
    officer: GovernanceRole | None
    stewards: list[GovernanceRole]
    contacts: list[GovernanceRole]
    bodies: dict[str, GovernanceBody]
    committee: SteeringCommittee | None
    door: DataDoor | None
    papers: list[GovernancePaper]
    communes: list[Agency]
    clocks: dict[str, ClockView]
    asked_for: Asked
    lines: list[GovernanceLine] = field(default_factory=list)

    @property
    def body_rows(self) -> list[tuple[GovernanceBodyKind, GovernanceBody | None]]:
        """The five bodies in order, with who holds each."""
        return [(kind, self.bodies.get(kind)) for kind in GovernanceBodyKind]

    @property
    def people_rows(self) -> list[list[GovernanceRole]]:
        """Stewards, then the contacts of communes."""
        return [self.stewards, self.contacts]

    @property
    def uncovered(self) -> list[Agency]:
        """The communes without a contact."""
        covered = {contact.unit_id for contact in self.contacts}
        return [one for one in self.communes if one.pk not in covered]

    @property
    def missing(self) -> list[GovernanceLine]:
        return [line for line in self.lines if line.applies and not line.is_met]

    @property
    def met(self) -> int:
        return sum(1 for line in self.lines if line.is_met)

    @property
    def asked(self) -> int:
        return sum(1 for line in self.lines if line.applies)

    def line(self, looks_at: str) -> GovernanceLine | None:
        return next((line for line in self.lines if line.item.looks_at == looks_at), None)

    @property
    def is_province(self) -> bool:
        return self.agency.kind == AgencyKind.PROVINCE


def governance_of(agency: Agency, on: date | None = None) -> Governance:
    """Everything on record of an agency on a day (today), with each thing that must be in place."""
    return governance_of_many([agency], on)[0]


def governance_of_many(agencies: Sequence[Agency], on: date | None = None) -> list[Governance]:
    """As `governance_of`, for many agencies in their order; as many questions for a hundred as for one."""
    day = on or timezone.localdate()
    asked = Asked(
        items=checklist(GATE, day),
        steward=find_parameter(STEWARDS, on=day),
        committee=find_parameter(COMMITTEE_TERM, on=day),
    )
    of = {"agency__in": [agency.pk for agency in agencies]}
    sent = Prefetch("lists", GovernanceList.objects.defer("content"))
    cases = {one.agency_id: one for one in GovernanceCase.objects.filter(**of).prefetch_related(sent)}
    roles = _by_agency(
        _on(GovernanceRole.objects.filter(**of), day)
        .select_related("unit", "person", "body__unit")
        .order_by("unit__sort_key", "full_name", "pk")
    )
    bodies = _by_agency(_on(GovernanceBody.objects.filter(**of), day).select_related("unit"))
    committees = _by_agency(
        SteeringCommittee.objects.filter(**of, decision_date__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .order_by("-decision_date", "-pk")
    )
    doors = _by_agency(DataDoor.objects.filter(**of, ended_on__isnull=True).select_related("operator"))
    papers = _by_agency(GovernancePaper.objects.filter(**of).select_related("signed_by"))
    below = Q(pk__in=())
    for agency in agencies:
        below |= Q(path__startswith=agency.path)
    communes = list(Agency.objects.filter(below, kind=AgencyKind.COMMUNE, valid_to__isnull=True))
    clocks = _clocks_of(cases.values())
    found = []
    for agency in agencies:
        held, case = roles[agency.pk], cases.get(agency.pk)
        one = Governance(
            agency=agency,
            on=day,
            case=case,
            officer=next((role for role in held if role.kind == GovernanceRoleKind.DATA_OFFICER), None),
            stewards=[role for role in held if role.kind == GovernanceRoleKind.STEWARD],
            contacts=[role for role in held if role.kind == GovernanceRoleKind.COMMUNE_CONTACT],
            bodies={body.kind: body for body in bodies[agency.pk]},
            committee=next(iter(committees[agency.pk]), None),
            door=next(iter(doors[agency.pk]), None),
            papers=papers[agency.pk],
            communes=[commune for commune in communes if commune.path.startswith(agency.path)],
            clocks=clocks[case.pk] if case is not None else {},
            asked_for=asked,
        )
        one.lines = lines_of(one)
        found.append(one)
    return found


def _by_agency(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    grouped: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.agency_id].append(row)
    return grouped


def _clocks_of(cases: Iterable[GovernanceCase]) -> defaultdict[int, dict[str, ClockView]]:
    of_case: defaultdict[int, dict[str, ClockView]] = defaultdict(dict)
    clocks = list(clocks_of_many(GovernanceCase._meta.label_lower, [case.pk for case in cases]))
    for clock, view in zip(clocks, clock_views(clocks), strict=True):
        of_case[int(clock.subject_id)][view.key] = view
    return of_case


def _on(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


@carries("GOVF-04", "GOVF-05", "GOVF-06", "GOVF-07", "D278-09", "OTH-10")
def lines_of(found: Governance) -> list[GovernanceLine]:
    """What must be in place on the day, each with what was found; the rule of the day says what is asked."""
    lines = []
    for item in found.asked_for.items:
        state, vi, en = _LOOKS[item.looks_at](found)
        clock = found.clocks.get(_term(item.looks_at, found.case)) if found.case else None
        if clock is not None and clock.stopped:
            clock = None
        due = _due(item.looks_at, found)
        if state == "failed" and ((clock and clock.state == "overdue") or (due and due < found.on)):
            state = "late"
        lines.append(GovernanceLine(item, state, vi, en, clock, due))
    return lines


def _term(looks_at: str, case: GovernanceCase | None) -> str:
    group = case.group if case else 1
    return {
        "committee": COMMITTEE_TERM,
        "status_review": REVIEW_TERM,
        "training": PHASE_TWO.format(group=group),
        "yearly_review": "",
        "agent_node": "",
        "data_door": "",
        "kept_papers": "",
    }.get(looks_at, PHASE_ONE.format(group=group))


def _due(looks_at: str, found: Governance) -> date | None:
    if looks_at == "yearly_review":
        return found.case.review_due_on if found.case else None
    if looks_at == "committee":
        value = found.asked_for.committee
        return value.value if value and isinstance(value.value, date) else None
    return None


Found = tuple[str, str, str]


def _committee(found: Governance) -> Found:
    one = found.committee
    if one is None:
        return "failed", "Chưa ghi nhận quyết định thành lập", "No decision is on record"
    said = f"{one.leader_name}, {one.leader_position}; QĐ số {one.decision_number}"
    said_en = f"{one.leader_name}, {one.leader_position}; decision {one.decision_number}"
    if not one.led_by_head:
        return (
            "failed",
            f"{said}; trưởng ban không phải người đứng đầu",
            f"{said_en}; the leader is not the head",
        )
    return "met", said, said_en


def _status_review(found: Governance) -> Found:
    if found.case is None:
        return "failed", "Chưa mở hồ sơ thiết lập", "The set-up has not begun"
    if found.case.reviewed_on is None:
        return "failed", "Chưa ghi kết quả rà soát", "No review is on record"
    day = found.case.reviewed_on
    return "met", f"Rà soát ngày {day:%d/%m/%Y}", f"Reviewed on {day.day} {day:%B %Y}"


def _data_officer(found: Governance) -> Found:
    one = found.officer
    if one is None:
        return "failed", "Chưa cử", "Not appointed"
    return (
        "met",
        f"{one.full_name}, {one.position}; QĐ số {one.decision_number}",
        f"{one.full_name}, {one.position}; decision {one.decision_number}",
    )


def _five_bodies(found: Governance) -> Found:
    absent = [kind for kind in GovernanceBodyKind if kind not in found.bodies]
    if not absent:
        return "met", "Đủ 5/5 bộ phận", "All 5 of 5 bodies"
    have = len(GovernanceBodyKind) - len(absent)
    vi, en = names_in("vi", absent), names_in("en", absent)
    return "failed", f"Có {have}/5 bộ phận, còn thiếu: {vi}", f"{have} of 5 bodies, missing: {en}"


def names_in(language: str, kinds: Iterable[Any]) -> str:
    """The names of kinds in one language."""
    with translation.override(language):
        labels = [str(kind.label) for kind in kinds]
        return ", ".join(label[:1].lower() + label[1:] for label in labels)


def _compliance_in_house(found: Governance) -> Found:
    one = found.bodies.get(GovernanceBodyKind.COMPLIANCE)
    if one is None:
        return "failed", "Chưa có bộ phận tuân thủ", "There is no compliance body"
    if one.outsourced:
        return "failed", f"{one.unit.name} đang thuê ngoài", f"{one.unit.display_name('en')} outsources it"
    return "met", f"{one.unit.name} tự thực hiện", f"{one.unit.display_name('en')} does it itself"


def _compliance_police(found: Governance) -> Found:
    if not found.is_province:
        return "none", "Chỉ áp dụng với cấp tỉnh", "For provinces only"
    one = found.bodies.get(GovernanceBodyKind.COMPLIANCE)
    if one is None:
        return "failed", "Chưa có bộ phận tuân thủ", "There is no compliance body"
    if not one.is_police:
        return (
            "failed",
            f"{one.unit.name} không phải Công an cấp tỉnh",
            f"{one.unit.display_name('en')} is not the provincial police",
        )
    return "met", one.unit.name, one.unit.display_name("en")


def _stewards(found: Governance) -> Found:
    value = found.asked_for.steward
    least = value.value if value and isinstance(value.value, int) else 1
    have = len(found.stewards)
    state = "met" if have >= max(least, 1) else "failed"
    return state, f"Đã có {have} nhân sự phụ trách", f"{have} steward(s) on record"


def _commune_contacts(found: Governance) -> Found:
    if not found.is_province:
        return "none", "Chỉ áp dụng với cấp tỉnh", "For provinces only"
    if not found.communes:
        return (
            "unknown",
            "Chưa ghi nhận xã, phường nào thuộc tỉnh",
            "No commune of the province is on record",
        )
    absent, all_of_them = found.uncovered, len(found.communes)
    have = all_of_them - len(absent)
    if not absent:
        return "met", f"{have}/{all_of_them} xã, phường đã có đầu mối", f"{have} of {all_of_them} communes"
    told = ", ".join(one.name for one in absent[:MOST_TOLD])
    more = f" và {len(absent) - MOST_TOLD} nơi khác" if len(absent) > MOST_TOLD else ""
    more_en = f" and {len(absent) - MOST_TOLD} more" if len(absent) > MOST_TOLD else ""
    return (
        "failed",
        f"{have}/{all_of_them} xã, phường đã có đầu mối; còn thiếu: {told}{more}",
        f"{have} of {all_of_them} communes; missing: {told}{more_en}",
    )


def _data_door(found: Governance) -> Found:
    if found.door is None:
        return "failed", "Chưa ghi nhận nền tảng", "No platform is on record"
    one = found.door
    return (
        "met",
        f"{one.platform}, {one.operator.name} vận hành",
        f"{one.platform}, operated by {one.operator.display_name('en')}",
    )


def _agent_node(found: Governance) -> Found:
    one = found.door
    if one is None or not one.node:
        return "failed", "Chưa ghi nhận Agent Node", "No Agent Node is on record"
    said = f"{one.node}, {one.node_site}" if one.node_site else one.node
    if one.running_since is None or one.running_since > found.on:
        return "failed", f"{said}; chưa vận hành", f"{said}; not in operation"
    since = one.running_since
    return (
        "met",
        f"{said}; vận hành từ {since:%d/%m/%Y}",
        f"{said}; in operation from {since.day} {since:%B %Y}",
    )


def _kept_papers(found: Governance) -> Found:
    have = {paper.kind for paper in found.papers}
    absent = [kind for kind in KEPT if kind not in have]
    if not absent:
        return "met", "Đủ 5/5 loại", "All 5 of 5 kinds"
    count = len(KEPT) - len(absent)
    return (
        "failed",
        f"Có {count}/5 loại, còn thiếu: {names_in('vi', absent)}",
        f"{count} of 5 kinds, missing: {names_in('en', absent)}",
    )


def _list_sent(found: Governance) -> Found:
    last = found.case.lists.first() if found.case else None
    if last is None:
        return "failed", "Chưa gửi", "Not sent"
    day = last.sent_on
    return (
        "met",
        f"Bản {last.version}, công văn {last.letter_number} ngày {day:%d/%m/%Y}",
        f"List {last.version}, letter {last.letter_number} of {day.day} {day:%B %Y}",
    )


def _training(found: Governance) -> Found:
    day = found.case.trained_on if found.case else None
    if day is None:
        return "failed", "Chưa ghi nhận đợt tập huấn", "No training is on record"
    return "met", f"Ngày {day:%d/%m/%Y}", f"On {day.day} {day:%B %Y}"


def _yearly_review(found: Governance) -> Found:
    case = found.case
    if case is None or case.state != GovernanceState.RUNNING:
        return "failed", "Chưa đưa vào vận hành", "Not in operation yet"
    last = case.last_review_on
    if case.review_due_on is not None and case.review_due_on < found.on:
        return (
            "failed",
            f"Lần đánh giá tới đã đến hạn ngày {case.review_due_on:%d/%m/%Y}",
            f"The next review was due on {case.review_due_on.day} {case.review_due_on:%B %Y}",
        )
    if last is None:
        since = case.running_since or found.on
        return (
            "met",
            f"Vận hành từ {since:%d/%m/%Y}, chưa đến kỳ đánh giá",
            f"In operation from {since.day} {since:%B %Y}, no review due yet",
        )
    return "met", f"Đánh giá ngày {last:%d/%m/%Y}", f"Reviewed on {last.day} {last:%B %Y}"


_LOOKS = {
    "committee": _committee,
    "status_review": _status_review,
    "data_officer": _data_officer,
    "five_bodies": _five_bodies,
    "compliance_in_house": _compliance_in_house,
    "compliance_police": _compliance_police,
    "stewards": _stewards,
    "commune_contacts": _commune_contacts,
    "data_door": _data_door,
    "agent_node": _agent_node,
    "kept_papers": _kept_papers,
    "list_sent": _list_sent,
    "training": _training,
    "yearly_review": _yearly_review,
}


def list_content(found: Governance) -> dict[str, Any]:
    """What a list for the National Data Centre says on a day, as plain values that are kept."""
    with translation.override("vi"):
        return {
            "agency": found.agency.name,
            "code": found.agency.code,
            "day": found.on.isoformat(),
            "rule_set": rule_set_on(found.on).title_vi,
            "committee": _committee_row(found.committee),
            "people": [
                _person_row(one) for one in [*filter(None, [found.officer]), *found.stewards, *found.contacts]
            ],
            "bodies": [_body_row(one) for _kind, one in found.body_rows if one is not None],
            "door": _door_row(found.door),
        }


def _committee_row(one: SteeringCommittee | None) -> dict[str, str] | None:
    if one is None:
        return None
    return {
        "leader": one.leader_name,
        "position": one.leader_position,
        "members": one.members,
        "decision": _decision(one),
    }


def _person_row(one: GovernanceRole) -> dict[str, str]:
    return {
        "role": str(GovernanceRoleKind(one.kind).label),
        "name": one.full_name,
        "position": one.position,
        "unit": one.unit.name,
        "phone": one.phone,
        "email": one.email,
        "scope": one.scope,
        "reports": "; ".join(part for part in (one.own_head, one.body.unit.name if one.body else "") if part),
        "decision": _decision(one),
    }


def _body_row(one: GovernanceBody) -> dict[str, str]:
    return {
        "body": str(GovernanceBodyKind(one.kind).label),
        "unit": one.unit.name,
        "leader": ", ".join(part for part in (one.lead_name, one.lead_position) if part),
        "outsourced": "Có" if one.outsourced else "Không",
        "decision": _decision(one),
    }


def _door_row(one: DataDoor | None) -> dict[str, str] | None:
    if one is None:
        return None
    return {
        "platform": one.platform,
        "operator": one.operator.name,
        "node": one.node,
        "site": one.node_site,
        "since": f"{one.running_since:%d/%m/%Y}" if one.running_since else "",
    }


def _decision(one: GovernanceRole | GovernanceBody | SteeringCommittee) -> str:
    return f"{one.decision_number}, {one.decision_date:%d/%m/%Y}"


def has_changed_since_sent(found: Governance) -> bool:
    """Whether people, bodies or the door are others now than in the list that was sent last."""
    last = found.case.lists.first() if found.case else None
    if last is None:
        return False
    now = list_content(found)
    return any(now[name] != last.content.get(name) for name in ("people", "bodies", "committee", "door"))


def governed_agencies() -> QuerySet[Agency]:
    """The open agencies at the top, which set up data governance."""
    return Agency.objects.filter(parent__isnull=True, valid_to__isnull=True)


def governance_by_code(text: str) -> Governance:
    """What is on record of the agency with this code; refuses where there is none, or where it is a unit."""
    agency = agency_by_code(text)
    if agency.parent_id is not None:
        raise NotFound(
            what=f"trang quản trị dữ liệu của {agency.name}",
            what_en=f"A page of data governance of {agency.display_name('en')}",
        )
    return governance_of(agency)
