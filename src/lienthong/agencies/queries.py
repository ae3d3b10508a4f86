"""Reads: agencies and their codes, posts, focal officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, TypedDict, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.papers.queries import layout_bytes
from lienthong.foundation.search.queries import search
from lienthong.foundation.tracing import carries
from lienthong.law.answers import ChecklistItem
from lienthong.law.errors import NoRuleSetOn
from lienthong.law.queries import checklist

from . import rules
from .delegating import subjects_of
from .errors import IdentifierCodeRefused
from .models import (
    Agency,
    CodeScheme,
    Delegation,
    FocalAppointment,
    FocalState,
    IdentifierCode,
    Post,
    Question,
    Work,
)

PAGE = 50
# A clock may be counted anew (a new holiday, a changed parameter): its date goes before the one noted with the act.
RUNS_OUT = Coalesce("clock__due_at", "due_at")
UNITS_SHOWN = 20


class RunsOut(TypedDict):
    """What `work_of` adds to an act that is due."""

    runs_out: datetime | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    DueWork = WithAnnotations[Work, RunsOut]


def is_id(text: str) -> bool:
    """Whether a text that came with an address can be the id of a row."""
    return text.isascii() and text.isdigit() and len(text) < 19


def posts_on(person_id: int | str, on: date) -> QuerySet[Post]:
    """The posts a person holds on a date, own ones and those delegated; a delegation ends with the post it comes from."""
    lasting = Q(delegated_by__valid_to__isnull=True) | Q(delegated_by__valid_to__gte=on)
    held = Q(delegated_by__isnull=True) | (
        Q(delegated_by__valid_from__lte=on, delegation__isnull=False, delegation__ended_at__isnull=True)
        & lasting
    )
    return (
        Post.objects.filter(held, person_id=int(person_id), valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("agency", "person", "delegation", "delegated_by__person")
        .order_by("pk")
    )


def unit_of(actor: Actor) -> Agency | None:
    """The unit for which the actor acts."""
    return Agency.objects.filter(pk=actor.unit_id).first() if actor.unit_id else None


def agency_and_units(agency: Agency) -> QuerySet[Agency]:
    """The agency and everything below it."""
    return Agency.objects.filter(path__startswith=agency.path)


def agency_and_above(agency: Agency) -> list[Agency]:
    """The agency and those above it, from the top down."""
    found = Agency.objects.in_bulk([int(part) for part in agency.path.strip("/").split("/")])
    return sorted(found.values(), key=lambda one: len(one.path.split("/")))


def layout_for(agency: Agency, kind: str) -> bytes | None:
    """The Word layout in which an agency writes a kind of paper: its own, else that of the nearest agency above it."""
    found = (layout_bytes(one, kind) for one in reversed(agency_and_above(agency)))
    return next((content for content in found if content is not None), None)


def top_agencies() -> QuerySet[Agency]:
    return Agency.objects.filter(parent__isnull=True)


def agency_by_code(text: str, on: date | None = None) -> Agency:
    """The agency that a code names, in any form and also by a code of the past; refuses when there is none.

    A code that was given again names the agency that holds it on the date (today), else the latest.
    """
    day = on or timezone.localdate()
    missing = NotFound(what=f"cơ quan có mã {text[:40]}", what_en=f"An agency with code {text[:40]}")
    try:
        code = rules.current_form(text)
    except IdentifierCodeRefused:
        raise missing from None
    agency = Agency.objects.select_related("parent").filter(code=code).first()
    if agency is not None:
        return agency
    kept = IdentifierCode.objects.filter(code=code).select_related("agency__parent")
    past = sorted(kept, key=lambda one: (_holds(one, day), one.valid_from or date.min), reverse=True)
    if not past:
        raise missing
    return past[0].agency


def _holds(code: IdentifierCode, day: date) -> bool:
    return (code.valid_from or date.min) <= day <= (code.valid_to or date.max)


def focal_officer_of(agency: Agency, on: date | None = None) -> FocalAppointment | None:
    """The focal officer of an agency on a date (today); a unit without one has that of the agency above."""
    ids = [int(part) for part in agency.path.strip("/").split("/")]
    found = {appointment.agency_id: appointment for appointment in _serving(on).filter(agency_id__in=ids)}
    return next((found[i] for i in reversed(ids) if i in found), None)


def published_focal_officers(on: date | None = None) -> QuerySet[FocalAppointment]:
    """The focal officers of a date (today) whose five fields are public."""
    return _serving(on).filter(published_at__isnull=False).select_related("agency")


def _serving(on: date | None = None) -> QuerySet[FocalAppointment]:
    day = on or timezone.localdate()
    served = FocalAppointment.objects.filter(
        state__in=[FocalState.APPOINTED, FocalState.PUBLISHED, FocalState.ENDED], valid_from__lte=day
    )
    return served.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def published_focal_officer_of(agency: Agency) -> FocalAppointment | None:
    """The published officer whom people turn to for an agency today: its own, else that of the agency above."""
    line = [int(part) for part in agency.path.strip("/").split("/")]
    officers = {one.agency_id: one for one in published_focal_officers().filter(agency_id__in=line)}
    return next((officers[pk] for pk in reversed(line) if pk in officers), None)


def people_in_role(agency: Agency, role: str, on: date | None = None) -> list[int]:
    """Who holds a role in an agency on a date: ids of people."""
    today = on or timezone.localdate()
    return list(
        Post.objects.filter(agency=agency, role=role, valid_from__lte=today, delegated_by__isnull=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .values_list("person_id", flat=True)
    )


def unit_holding(agency: Agency, role: str, on: date | None = None) -> Agency:
    """The unit in which an act for a role is done: the agency, or the nearest above that has it."""
    today = on or timezone.localdate()
    line = agency_and_above(agency)
    staffed = set(
        Post.objects.filter(agency__in=line, role=role, valid_from__lte=today, delegated_by__isnull=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .values_list("agency_id", flat=True)
    )
    return next((one for one in reversed(line) if one.pk in staffed), agency)


def posts_of_agency(agency: Agency) -> QuerySet[Post]:
    """Every post of an agency or unit: held ones first, then those that ended."""
    return (
        agency.posts.select_related("person", "delegation", "delegated_by__person")
        .order_by(F("valid_to").desc(nulls_first=True), "person__sort_key", "pk")
    )  # fmt: skip


def work_of(actor: Actor) -> QuerySet[DueWork]:
    """What is due from the actor: acts of the unit in one of the actor's roles, and acts for the person.

    In the order in which it runs out; `runs_out` is when.
    """
    due = Work.objects.annotate(runs_out=RUNS_OUT)
    if not actor.user_id:
        return due.none()
    mine = Q(person_id=actor.user_id)
    if actor.unit_id:
        in_unit = Q(unit_id=actor.unit_id, person__isnull=True) & (Q(role="") | Q(role__in=actor.roles))
        if actor.acts is not None:
            in_unit &= _any_kind(subjects_of(actor.acts))
        mine |= in_unit
    return due.filter(mine).select_related("unit", "clock").order_by(F("runs_out").asc(nulls_last=True), "pk")


def _any_kind(beginnings: tuple[str, ...]) -> Q:
    wanted = Q(pk__in=[])
    for beginning in beginnings:
        wanted |= Q(subject_kind__startswith=beginning)
    return wanted


def delegations_of(person_id: int | str) -> QuerySet[Delegation]:
    """The delegations that a person gave or received, the latest first."""
    return (
        Delegation.objects.filter(
            Q(post__person_id=int(person_id)) | Q(post__delegated_by__person_id=int(person_id))
        )
        .select_related("post__person", "post__agency", "post__delegated_by__person")
        .order_by("-post__valid_from", "-pk")
    )


@dataclass(frozen=True)
class AgencyPage:
    """What everybody may know of one agency; `moved` says that it was not asked for by its present code."""

    agency: Agency
    above: list[Agency]
    former_code_form: str | None
    other_codes: list[IdentifierCode]
    former_names: list[str]
    units: list[Agency]
    unit_count: int
    focal: FocalAppointment | None
    moved: bool

    @property
    def hidden_units(self) -> int:
        return self.unit_count - len(self.units)

    @property
    def focal_is_own(self) -> bool:
        """Whether the officer shown is the agency's own rather than that of the agency above."""
        return self.focal is not None and self.focal.agency_id == self.agency.pk


def agency_page(text: str) -> AgencyPage:
    """The public facts of the agency with this code; refuses when there is none."""
    agency = agency_by_code(text)
    above = agency_and_above(agency)
    units = agency.units.filter(valid_to__isnull=True)
    return AgencyPage(
        agency=agency,
        above=above[:-1],
        former_code_form=rules.former_form(agency.code),
        other_codes=list(agency.codes.exclude(code=agency.code).order_by("-valid_from", "code")),
        former_names=[name for name in agency.former_names.split("; ") if name],
        units=list(units[:UNITS_SHOWN]),
        unit_count=units.count(),
        focal=published_focal_officer_of(agency),
        moved=text != agency.code,
    )


@dataclass(frozen=True)
class Branch:
    """One agency of the tree with its first units."""

    agency: Agency
    units: list[Agency]
    unit_count: int
    focal: FocalAppointment | None

    @property
    def hidden(self) -> int:
        return self.unit_count - len(self.units)


Line = TypeVar("Line")


@dataclass(frozen=True)
class Listed(Generic[Line]):
    """One page of a list; `next_after` is the key from which the next page goes on."""

    rows: list[Line]
    next_after: str = ""
    total: int | None = None


def agency_tree(*, after: str = "", limit: int = PAGE, below: Agency | None = None) -> Listed[Branch]:
    """The open agencies at the top (or below one), each with its first units, in Vietnamese order.

    `after` is the code of the last agency of the page before.
    """
    agencies = Agency.objects.filter(parent=below, valid_to__isnull=True)
    return _branches(_page_after(agencies, after, limit), limit)


def found_agencies(text: str, *, actor: Actor, offset: int = 0, limit: int = PAGE) -> Listed[Branch]:
    """The agencies that hold all words of the text in their names, codes or the focal officer's fields."""
    found = search(text, actor=actor, kinds=("agency",), offset=offset, limit=limit)
    by_id = Agency.objects.in_bulk([int(hit.object_id) for hit in found.hits])
    agencies = [by_id[int(hit.object_id)] for hit in found.hits if int(hit.object_id) in by_id]
    listed = _branches(agencies)
    more = str(offset + limit) if offset + limit < found.total else ""
    return Listed(listed.rows, more, found.total)


def focal_directory(*, after: str = "", limit: int = PAGE) -> Listed[DirectoryLine]:
    """The public directory: every agency at the top, and every unit that has had an officer of its own.

    An agency whose officer is not published stands there too, so that a gap is seen (FOC-05).
    """
    had_one = FocalAppointment.objects.filter(published_at__isnull=False).values("agency_id")
    agencies = Agency.objects.filter(valid_to__isnull=True).filter(Q(parent__isnull=True) | Q(pk__in=had_one))
    return _with_officers(_page_after(agencies.select_related("parent"), after, limit), limit)


def found_in_directory(
    text: str, *, actor: Actor, offset: int = 0, limit: int = PAGE
) -> Listed[DirectoryLine]:
    """The lines of the public directory that hold all words of the text."""
    found = search(
        text, actor=actor, kinds=("agency",), facets={"directory": "yes"}, offset=offset, limit=limit
    )
    by_id = Agency.objects.select_related("parent").in_bulk([int(hit.object_id) for hit in found.hits])
    agencies = [by_id[int(hit.object_id)] for hit in found.hits if int(hit.object_id) in by_id]
    more = str(offset + limit) if offset + limit < found.total else ""
    return Listed(_with_officers(agencies).rows, more, found.total)


def vacant_agencies() -> QuerySet[Agency]:
    """The open agencies at the top without a published focal officer today."""
    return Agency.objects.filter(parent__isnull=True, valid_to__isnull=True).exclude(
        pk__in=published_focal_officers().values("agency_id")
    )


def vacancies_not_asked_for(act: str) -> QuerySet[Agency]:
    """The agencies at the top with people but without an officer or a nomination, whose head was not asked yet."""
    asked = _open_work("agencies.agency", act)
    serving = FocalAppointment.objects.exclude(state=FocalState.ENDED).values("agency_id")
    peopled = Post.objects.filter(valid_to__isnull=True)
    return (
        Agency.objects.filter(parent__isnull=True, valid_to__isnull=True)
        .filter(Exists(peopled.filter(agency__path__startswith=OuterRef("path"))))
        .exclude(pk__in=serving)
        .exclude(pk__in=asked)
    )


def contacts_not_confirmed_since(day: date, act: str) -> QuerySet[FocalAppointment]:
    """The published officers whose contact nobody confirmed since a day, and who were not asked yet."""
    return (
        published_focal_officers()
        .filter(confirmed_at__date__lt=day)
        .exclude(pk__in=_open_work("agencies.focalappointment", act))
        .select_related("agency")
    )


def _open_work(kind: str, act: str) -> list[int]:
    due = Work.objects.filter(subject_kind=kind, act=act, done_at__isnull=True)
    return [int(identity) for identity in due.values_list("subject_id", flat=True)]


def _page_after(agencies: QuerySet[Agency], after: str, limit: int) -> list[Agency]:
    """Up to one row more than the page holds, from behind the agency with this code."""
    last = Agency.objects.filter(code=after).first() if after else None
    if last is not None:
        agencies = agencies.filter(Q(sort_key__gt=last.sort_key) | Q(sort_key=last.sort_key, pk__gt=last.pk))
    return list(agencies.order_by("sort_key", "pk")[: limit + 1])


def _branches(agencies: list[Agency], limit: int = PAGE) -> Listed[Branch]:
    shown = agencies[:limit]
    numbered = Agency.objects.filter(parent__in=shown, valid_to__isnull=True).annotate(
        place=Window(RowNumber(), partition_by=F("parent_id"), order_by=[F("sort_key").asc(), F("pk").asc()])
    )
    units: dict[int | None, list[Agency]] = {}
    for unit in numbered.filter(place__lte=UNITS_SHOWN).order_by("sort_key", "pk"):
        units.setdefault(unit.parent_id, []).append(unit)
    counts = dict(
        Agency.objects.filter(parent__in=shown, valid_to__isnull=True)
        .order_by()
        .values_list("parent_id")
        .annotate(Count("pk"))
    )
    officers = {one.agency_id: one for one in published_focal_officers().filter(agency__in=shown)}
    rows = [Branch(one, units.get(one.pk, []), counts.get(one.pk, 0), officers.get(one.pk)) for one in shown]
    return Listed(rows, shown[-1].code if len(agencies) > limit else "")


@dataclass(frozen=True)
class DirectoryLine:
    """One line of the public directory: an agency, and its officer if one is published."""

    agency: Agency
    officer: FocalAppointment | None


def _with_officers(agencies: list[Agency], limit: int = PAGE) -> Listed[DirectoryLine]:
    shown = agencies[:limit]
    officers = {one.agency_id: one for one in published_focal_officers().filter(agency__in=shown)}
    rows = [DirectoryLine(one, officers.get(one.pk)) for one in shown]
    return Listed(rows, shown[-1].code if len(agencies) > limit else "")


@dataclass(frozen=True)
class CodeRead:
    """A code as it is understood: in both forms, whose it is or was, and the scheme that it belongs to."""

    given: str
    code: str
    form: str
    former: str | None
    agency: Agency | None
    scheme: CodeScheme | None

    @property
    def is_of_the_past(self) -> bool:
        """Whether the agency is known by another code today."""
        return self.agency is not None and self.agency.code != self.code


def read_identifier(text: str) -> CodeRead:
    """Read a code in any form and turn it into the other. Raises `IdentifierCodeRefused`."""
    read = rules.read_code(text)
    try:
        agency: Agency | None = agency_by_code(read.code)
    except NotFound:
        agency = None
    scheme = CodeScheme.objects.filter(code=read.code[:3]).first() if read.code.startswith("Z") else None
    return CodeRead(text.strip(), read.code, str(read.form), rules.former_form(read.code), agency, scheme)


@carries("SEC-04")
def prohibited_acts(on: date | None = None) -> list[ChecklistItem]:
    """What nobody may do with data by the law of a day (today): the kinds of incidents that are reported."""
    try:
        return checklist("prohibited_act", on or timezone.localdate())
    except NoRuleSetOn:
        return []


def act_reported(question: Question) -> str:
    """The prohibited act that a matter reports, in the words of the law of its day; empty for a question."""
    if not question.prohibited_act:
        return ""
    known = {act.looks_at: act.text for act in prohibited_acts(timezone.localdate(question.asked_at))}
    return known.get(question.prohibited_act, question.prohibited_act)
