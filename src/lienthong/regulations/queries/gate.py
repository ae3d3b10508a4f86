"""The go-live gate: every line that the law asks for on the day, evaluated from the records (experience.md
D6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.authority.addresses import case_address, search_address
from lienthong.authority.models import OverlapCase
from lienthong.authority.queries import NOT_SEARCHED, compared_from_others, last_search, undecided_cases_of
from lienthong.catalogue.access import database_for
from lienthong.catalogue.addresses import declare_address, file_address
from lienthong.catalogue.copies import brief_words_of, copies_of_one
from lienthong.catalogue.models import DECIDED_STANDINGS, Database
from lienthong.catalogue.queries import catalogue_with
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.holds.models import Hold
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.tracing import carries
from lienthong.inventory.queries import concluded_assessment
from lienthong.law.answers import ChecklistItem
from lienthong.law.errors import ProvisionUnknown
from lienthong.law.queries import checklist, find_parameter, provision_of

from .. import rules
from ..addresses import desk_address, drafting_address, process_address, structure_address
from ..models import DRAFTING_STATES, Regulation, RegulationState
from .covering import regulations_applying, regulations_covering
from .documents import coverage_of, current_process, current_structure

CHECKLIST = "go_live"
STEP = "go_live"
CYCLE = "data_check.cycle"
NAMES_TOLD = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What one look at the records gave: the verdict, what was seen, and where it is put right."""

    state: str
    vi: str
    en: str
    fix: str = ""
    fix_vi: str = ""
    fix_en: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """One evaluation of the gate for one database at one moment; failures come first."""

    database: Database
    lines: tuple[rules.GateLine, ...]
    rule_set: str
    evaluated_at: datetime

    @property
    def passed(self) -> bool:
        return rules.gate_opens(self.lines)

    @property
    def failed(self) -> tuple[rules.GateLine, ...]:
        return tuple(line for line in self.lines if line.state != rules.MET)

    def as_json(self) -> list[dict[str, Any]]:
        """The lines as a gate run keeps them."""
        return [asdict(line) for line in self.lines]


@carries("REG-04", "REG-05", "REG-06", "CAT-02", "INV-02", "OVL-05")
def evaluate_gate(*, actor: Actor, database: Database, on: date | None = None) -> GateResult:
    """Evaluate every condition for putting a database into operation on a day, from the records; changes
    nothing.

    The lines are those of the law's checklist on the day; besides them stand the search for overlaps and each
    open hold on the step. Whoever may open the database's file may see it.
    """
    _require_known(actor, database)
    today = on or timezone.localdate()
    asked = checklist(CHECKLIST, on=today)
    lines = [_line(item, _look(item.looks_at, database, today)) for item in asked]
    lines.append(_overlap_line(database, today))
    lines += [_hold_line(hold, today) for hold in open_holds(database, STEP) if hold.code != NOT_SEARCHED]
    return GateResult(
        database=database,
        lines=tuple(rules.failures_first(lines)),
        rule_set=asked[0].rule_set if asked else "",
        evaluated_at=timezone.now(),
    )


def _require_known(actor: Actor, database: Database) -> None:
    found = database_for(actor, database.code)
    if found.pk != database.pk:
        raise NotFound(what=f"cơ sở dữ liệu {database.code}", what_en=f"Database {database.code}")


def _look(looks_at: str, database: Database, today: date) -> Found:
    look = LOOKS.get(looks_at)
    if look is None:
        return Found(
            rules.UNKNOWN,
            "Phiên bản phần mềm này chưa đánh giá được điều kiện này",
            "This version of the product cannot evaluate this condition",
        )
    return look(database, today)


def _line(item: ChecklistItem, found: Found) -> rules.GateLine:
    met = found.state == rules.MET
    return rules.GateLine(
        code=item.looks_at,
        requirement=item.requirement,
        provision=item.provision.ref,
        state=found.state,
        text_vi=item.vi,
        text_en=item.en,
        found_vi=found.vi,
        found_en=found.en,
        hint_vi="" if met else item.hint_vi,
        hint_en="" if met else item.hint_en,
        fix="" if met else found.fix,
        fix_vi="" if met else found.fix_vi,
        fix_en="" if met else found.fix_en,
        mark=item.mark,
    )


@carries("REG-04")
def _use_regulation(database: Database, today: date) -> Found:
    agency = Agency.objects.get(pk=database.owner.top_id)
    seen = Regulation.objects.filter(issuer__path__startswith=agency.path).count()
    holding = regulations_covering(database, today).first()
    if holding is not None:
        until = f", đến hết ngày {_day(holding.effective_to)}" if holding.effective_to else ""
        until_en = f", until {_day(holding.effective_to)}" if holding.effective_to else ""
        return Found(
            rules.MET,
            f"Quy chế số {holding.number}, hiệu lực từ ngày {_day(holding.effective_from)}{until}",
            f"Regulation {holding.number}, in force from {_day(holding.effective_from)}{until_en}",
        )
    draft_vi, draft_en = "Soạn quy chế", "Draft a regulation"
    vi, en = (
        f"Đã xem {seen} quy chế, không có quy chế nào áp dụng",
        f"{seen} regulation(s) seen, none applies",
    )
    nearest = regulations_applying(database).order_by("-drafted_at").first()
    if nearest is None:
        return Found(rules.FAILED, vi, en, drafting_address(database.code), draft_vi, draft_en)
    said_vi, said_en = _why_not(nearest)
    # Whoever owns the database finishes the draft there is; a regulation of the past needs a new version.
    return Found(
        rules.FAILED,
        f"{vi}; {said_vi}",
        f"{en}; {said_en}",
        desk_address(nearest.slug, nearest.version),
        "Mở quy chế",
        "Open the regulation",
    )


def _why_not(regulation: Regulation) -> tuple[str, str]:
    if regulation.state in DRAFTING_STATES:
        return f"dự thảo “{regulation.title}” chưa ban hành", f"draft “{regulation.title}” is not issued"
    if regulation.state == RegulationState.ISSUED:
        return (
            f"quy chế số {regulation.number} chưa công khai",
            f"regulation {regulation.number} is not published",
        )
    start = regulation.effective_from
    if regulation.state == RegulationState.PUBLISHED and start and start > timezone.localdate():
        return (
            f"quy chế số {regulation.number} có hiệu lực từ ngày {_day(start)}",
            f"regulation {regulation.number} is in force from {_day(start)}",
        )
    end = _day(regulation.effective_to)
    return (
        f"quy chế số {regulation.number} hết hiệu lực sau ngày {end}",
        f"regulation {regulation.number} ended after {end}",
    )


@carries("REG-05")
def _exchange_structure(database: Database, today: date) -> Found:
    structure = current_structure(database)
    fix = (structure_address(database.code), "Ghi nhận cấu trúc", "Record the structure")
    if structure is None:
        return Found(rules.FAILED, "Chưa ghi nhận cấu trúc nào", "No structure is recorded", *fix)
    coverage = coverage_of(structure)
    vi = f"Văn bản số {structure.document_number}, khớp {coverage.matched}/{coverage.total} cột"
    en = f"Document {structure.document_number}, {coverage.matched} of {coverage.total} columns match"
    if coverage.is_full:
        return Found(rules.MET, vi, en)
    off = (*coverage.missing, *coverage.changed)
    names = ", ".join(off[:NAMES_TOLD]) + (" …" if len(off) > NAMES_TOLD else "")
    return Found(rules.FAILED, f"{vi}; chưa khớp: {names}", f"{en}; not matching: {names}", *fix)


@carries("REG-06")
def _sharing_process(database: Database, today: date) -> Found:
    process = current_process(database)
    if process is None:
        return Found(
            rules.FAILED,
            "Chưa ghi nhận quy trình nào của CSDL hoặc của cơ quan",
            "No process of the database or of its agency is recorded",
            process_address(database.code),
            "Ghi nhận quy trình",
            "Record the process",
        )
    vi = f"Văn bản số {process.document_number} ngày {_day(process.document_date)}, {len(process.steps)} bước"
    en = f"Document {process.document_number} of {_day(process.document_date)}, {len(process.steps)} steps"
    if process.agency is not None:
        vi, en = f"{vi}, của {process.agency.name}", f"{en}, of {process.agency.display_name('en')}"
    return Found(rules.MET, vi, en)


@carries("CAT-02")
def _issued_catalogue(database: Database, today: date) -> Found:
    catalogue = catalogue_with(database)
    if catalogue is not None:
        day = _day(catalogue.decision_date)
        return Found(
            rules.MET,
            f"Danh mục phiên bản {catalogue.version}, Quyết định số {catalogue.decision_number} ngày {day}",
            f"Version {catalogue.version} of the catalogue, Decision {catalogue.decision_number} of {day}",
        )
    vi, en = {
        "not_declared": ("CSDL chưa khai báo vào danh mục", "The database is not declared for the catalogue"),
    }.get(
        database.entry_state,
        ("CSDL đã khai báo, danh mục chưa ban hành", "The database is declared, the catalogue is not issued"),
    )
    if database.entry_state == "not_declared":
        return Found(rules.FAILED, vi, en, declare_address(database.code), "Khai báo", "Declare it")
    return Found(rules.FAILED, vi, en, "/lam-viec/danh-muc/", "Mở danh mục", "Open the catalogue")


@carries("INV-02")
def _assessment(database: Database, today: date) -> Found:
    fix = (f"{file_address(database.code)}danh-gia/", "Đánh giá dữ liệu", "Assess the data")
    assessment = concluded_assessment(database)
    if assessment is None or assessment.concluded_at is None:
        return Found(rules.FAILED, "Chưa có đánh giá nào được kết luận", "No assessment is concluded", *fix)
    concluded = timezone.localdate(assessment.concluded_at)
    vi = f"Đã đánh giá năm {assessment.year}, kết luận ngày {_day(concluded)}"
    en = f"Assessed in {assessment.year}, concluded on {_day(concluded)}"
    cycle = find_parameter(CYCLE, on=today)
    years = cycle.value if cycle is not None and isinstance(cycle.value, int) else None
    if years is not None and today > _years_later(concluded, years):
        return Found(
            rules.FAILED, f"{vi}, quá chu kỳ {years} năm", f"{en}, past the cycle of {years} year(s)", *fix
        )
    return Found(rules.MET, vi, en)


LOOKS: dict[str, Callable[[Database, date], Found]] = {
    "use_regulation": _use_regulation,
    "exchange_structure": _exchange_structure,
    "sharing_process": _sharing_process,
    "issued_catalogue": _issued_catalogue,
    "assessment": _assessment,
}


@carries("OVL-01", "OVL-02", "OVL-04", "OVL-05")
def _overlap_line(database: Database, today: date) -> rules.GateLine:
    search = last_search(database)
    waiting = undecided_cases_of(database).count()
    decided = [brief_words_of(row) for row in copies_of_one(database) if row.standing in DECIDED_STANDINGS]
    told = "".join(f"; {vi}" for vi, _en in decided[:NAMES_TOLD]) + (
        " …" if len(decided) > NAMES_TOLD else ""
    )
    told_en = "".join(f"; {en}" for _vi, en in decided[:NAMES_TOLD]) + (
        " …" if len(decided) > NAMES_TOLD else ""
    )
    if search is None:
        state, vi, en = rules.FAILED, "Chưa tìm chồng lấn lần nào", "Overlaps were never searched"
        met = compared_from_others(database)
        if met:
            vi = f"Chưa tìm từ phía CSDL này; đã được so khi tìm từ {met} CSDL khác"
            en = f"Not searched from here; compared when {met} other database(s) were searched"
    else:
        day, n = _day(timezone.localdate(search.finished_at)), search.compared.count()
        state = rules.MET
        vi = f"Đã tìm ngày {day}, so với {n} CSDL; còn {waiting} hồ sơ chưa kết luận{told}"
        en = f"Searched on {day}, compared with {n} database(s); {waiting} case(s) not decided{told_en}"
    missing = search is None
    return rules.GateLine(
        code="overlap_search",
        requirement="OVL-05",
        provision=_provision_of("OVL-05", today),
        state=state,
        text_vi="Đã tìm chồng lấn với các CSDL khác",
        text_en="Overlaps with other databases have been searched",
        found_vi=vi,
        found_en=en,
        hint_vi="Tìm chồng lấn từ hồ sơ của CSDL" if missing else "",
        hint_en="Search for overlaps from the file of the database" if missing else "",
        fix=search_address(database.code) if missing else "",
        fix_vi="Tìm chồng lấn" if missing else "",
        fix_en="Search for overlaps" if missing else "",
    )


def _hold_line(hold: Hold, today: date) -> rules.GateLine:
    case = None
    if hold.cause_kind == "authority.overlapcase":
        case = OverlapCase.objects.filter(pk=hold.cause_id).first()
    # A hold names a place of a text, or the requirement under which it was placed
    rests_on = _provision_of(hold.provision, today)
    requirement, provision = (hold.provision, rests_on) if rests_on else ("", hold.provision)
    day = _day(timezone.localdate(hold.opened_at))
    return rules.GateLine(
        code=hold.code,
        requirement=case.requirement if case is not None else requirement,
        provision=case.provision if case is not None else provision,
        state=rules.FAILED,
        text_vi=hold.text_vi.rstrip("."),
        text_en=hold.text_en.rstrip("."),
        found_vi=f"Giữ lại từ ngày {day}",
        found_en=f"Held since {day}",
        hint_vi="Giải quyết nội dung này rồi đánh giá lại",
        hint_en="Settle it, then evaluate again",
        fix=case_address(case.number) if case is not None else "",
        fix_vi="Mở hồ sơ" if case is not None else "",
        fix_en="Open the case" if case is not None else "",
    )


def _provision_of(requirement: str, today: date) -> str:
    try:
        return provision_of(requirement, today)
    except ProvisionUnknown:
        return ""


def lines_of(kept: Sequence[dict[str, Any]]) -> list[rules.GateLine]:
    """The lines of a gate run as they were kept."""
    return [rules.GateLine(**line) for line in kept]


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February has no twin in most years.
        return day.replace(year=day.year + years, day=28)


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value is not None else ""
