"""The review of a catalogue: opened, urged, drawn up, submitted, sent back, issued, amended (C2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused, NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step
from lienthong.law.commands import start_clock

from .. import review_rules, rules
from ..access import may_issue, may_run_review
from ..addresses import declaration_address
from ..errors import NothingToIssue
from ..events import (
    CatalogueAmending,
    CatalogueDrafted,
    CatalogueDraftReturned,
    CatalogueSubmitted,
    DatabaseDeclared,
    OverlapsChecked,
    ReviewIssued,
    ReviewOpened,
    UnitsUrgedToDeclare,
)
from ..indexing import index_review
from ..models import (
    DECLARATION_TERM,
    CatalogueReview,
    Database,
    DeclarationState,
    EntryState,
    IssuedCatalogue,
    ReviewState,
    UnitDeclaration,
)
from ..queries import catalogue_draft, entries_of
from ..review_errors import CatalogueNotReady, DraftOutdated, NobodyToUrgeToDeclare, ReviewRunning
from ..reviewing import (
    DeclarationProgress,
    ReviewLine,
    last_catalogue,
    obstacles_in,
    progress_of,
    review_clock,
    units_to_review,
)
from . import review_work, work
from .catalogues import put_in_force, standing_entries

SERIES = "RS"
OPENED = "review_opened"


@carries("CAT-02", "CAT-03")
def open_review(
    *,
    actor: Actor,
    agency: Agency,
    document_number: str,
    opened_on: date | None,
    guidance: str,
    place: str,
    units: Sequence[Agency],
) -> CatalogueReview:
    """Open a review of an agency's catalogue: each unit is given its declaration and its term.

    The term is the parameter `catalogue.review.declaration` of the day of the paper. Publishes `ReviewOpened`;
    raises `ReviewRunning`, `ReviewPaperMissing`, `ReviewDayRefused`.
    """
    _require(may_run_review(actor, agency), "mở đợt rà soát danh mục", "open a review of the catalogue")
    day = review_rules.require_paper(
        number=document_number,
        guidance=guidance,
        place=place,
        units=units,
        opened_on=opened_on,
        today=timezone.localdate(),
    )
    _require_own_units(agency, units)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        running = CatalogueReview.objects.filter(agency=agency).exclude(state=ReviewState.ISSUED).first()
        if running is not None:
            raise ReviewRunning(
                number=running.number, agency=agency.name, agency_en=agency.display_name("en")
            )
        review = CatalogueReview.objects.create(
            number=next_number(SERIES, year=day.year),
            agency=agency,
            document_number=nfc(document_number).strip()[:60],
            opened_on=day,
            guidance=nfc(guidance).strip(),
            place=nfc(place).strip()[:80],
            opened_by_id=person(actor),
        )
        anchor = datetime.combine(day, time(8), timezone.get_current_timezone())
        clock = start_clock(
            actor=actor, subject=review, key=DECLARATION_TERM, anchor_at=anchor, anchor_event=OPENED
        )
        for unit in dict.fromkeys(units):
            declaration = UnitDeclaration.objects.create(review=review, unit=unit)
            own = start_clock(
                actor=actor,
                subject=declaration,
                key=DECLARATION_TERM,
                anchor_at=anchor,
                anchor_event=OPENED,
            )
            review_work.declaration_due(actor, declaration, own)
        vi, en = review_rules.day_told(clock.due_on)
        event = publish(
            actor=actor,
            fact=ReviewOpened(
                review_id=review.pk,
                document=review.document_number,
                units=len(units),
                due_vi=vi,
                due_en=en,
            ),
        )
        index_review(review)
        for declaration in review.declarations.select_related("unit", "review"):
            notify(
                people=review_work.people_of(declaration),
                text_vi=f"{review.number}: khai báo danh mục cơ sở dữ liệu của {declaration.unit.name}, hạn {vi}",
                text_en=f"{review.number}: declare the databases of {declaration.unit.display_name('en')} by {en}",
                url=declaration_address(review.number, declaration.unit.code),
                event_id=str(event.pk),
            )
    return review


def _require_own_units(agency: Agency, units: Sequence[Agency]) -> None:
    allowed = {unit.pk for unit in units_to_review(agency)}
    strange = [unit.name for unit in units if unit.pk not in allowed]
    if strange:
        raise InputRefused(
            name="đơn vị tham gia",
            name_en="The units that take part",
            why=f"không trực thuộc {agency.name}: {review_rules.told(strange)}",
            why_en=f"not right below {agency.display_name('en')}: {review_rules.told(strange)}",
        )


@carries("CAT-03")
def urge_units_to_declare(
    *, actor: Actor, review: CatalogueReview, units: Sequence[Agency] = ()
) -> list[UnitDeclaration]:
    """Urge the units that have not declared: those named, or all; their officers and heads are told.

    Publishes `UnitsUrgedToDeclare`; raises `NobodyToUrgeToDeclare`.
    """
    _require(may_run_review(actor, review.agency), "đôn đốc đơn vị khai báo", "urge units to declare")
    waiting = review.declarations.filter(state__in=[DeclarationState.OPEN, DeclarationState.RETURNED])
    if units:
        waiting = waiting.filter(unit__in=list(units))
    found = list(waiting.select_related("unit", "review")) if review.is_open else []
    if not found:
        raise NobodyToUrgeToDeclare()
    clock = review_clock(review)
    due = f"{clock.due_on:%d/%m/%Y}" if clock is not None else ""
    with transaction.atomic():
        event = publish(
            actor=actor,
            fact=UnitsUrgedToDeclare(
                review_id=review.pk,
                count=len(found),
                units=review_rules.told(one.unit.name for one in found),
                unit_ids=tuple(one.unit_id for one in found),
            ),
        )
        for one in found:
            UnitDeclaration.objects.filter(pk=one.pk).update(
                urged_at=timezone.now(), times_urged=one.times_urged + 1
            )
            notify(
                people=review_work.people_of(one),
                text_vi=f"Đôn đốc khai báo danh mục cơ sở dữ liệu, hạn {due}: {one.unit.name}",
                text_en=f"The declaration of databases is due on {due}: {one.unit.display_name('en')}",
                url=declaration_address(review.number, one.unit.code),
                event_id=str(event.pk),
            )
    return found


@carries("CAT-02", "OVL-05")
def draw_up_draft(*, actor: Actor, review: CatalogueReview) -> CatalogueReview:
    """Check that no overlap is open, then draw up the draft of the next version from what the units declared.

    Every entry is kept in the draft as it stands now: that is what the head is asked to issue. Publishes
    `OverlapsChecked`, `CatalogueDrafted`, and `DatabaseDeclared` for each entry that is new or changed; raises
    `CatalogueNotReady` with the first of what is open (all of it: `reviewing.obstacles_in`), `NothingToIssue`.
    """
    _require(may_run_review(actor, review.agency), "lập dự thảo danh mục", "draw up the draft catalogue")
    with transaction.atomic():
        locked = CatalogueReview.objects.select_for_update().get(pk=review.pk)
        if not locked.is_before_draft and locked.state != ReviewState.OPEN:
            raise refused(locked, "draw_up")
        amended = _is_amended(locked)
        lines = [] if amended else _standing(_ready(locked))
        if locked.state != ReviewState.OVERLAP_CHECKED:
            take_step(
                actor=actor, record=locked, step="check_overlaps", fact=OverlapsChecked(review_id=locked.pk)
            )
        draft, ending = _amended_draft(locked) if amended else _reviewed_draft(actor, locked, lines)
        last = last_catalogue(locked.agency)
        take_step(
            actor=actor,
            record=locked,
            step="draw_up",
            fact=CatalogueDrafted(review_id=locked.pk, version=last.version + 1 if last else 1),
            draft=draft,
            ending=ending,
            by=person(actor),
        )
        review_work.review_due(actor, locked, "submit_catalogue", Role.IT_UNIT)
    review.refresh_from_db()
    return review


def _is_amended(review: CatalogueReview) -> bool:
    """Whether the review has led to a version already, and goes on with changes that were reported since."""
    return review.catalogue_id is not None


def _ready(review: CatalogueReview) -> list[DeclarationProgress]:
    progress = progress_of(review)
    obstacles = obstacles_in(review, progress)
    if obstacles:
        first = obstacles[0]
        raise CatalogueNotReady(count=len(obstacles), first=first.vi, first_en=first.en)
    return progress


def _standing(progress: list[DeclarationProgress]) -> list[ReviewLine]:
    return [line for one in progress for line in one.lines]


def _reviewed_draft(
    actor: Actor, review: CatalogueReview, lines: list[ReviewLine]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    standing = sorted(
        (line for line in lines if not line.ends), key=lambda line: (line.database.sort_key, line.database.pk)
    )
    for line in standing:
        database = line.database
        if database.entry_state != EntryState.ISSUED or line.difference.kind != "same":
            take_step(
                actor=actor, record=database, step="declare", fact=DatabaseDeclared(database_id=database.pk)
            )
            work.done(actor, database, work.DECLARE)
    entries = entries_of([line.database for line in standing])
    ending = [
        {"code": line.database.code, "reason": line.answer.reason if line.answer else ""}
        for line in lines
        if line.ends
    ]
    return [entries[line.database.pk] for line in standing], ending


def _amended_draft(review: CatalogueReview) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    found = catalogue_draft(review.agency)
    if not found.declared:
        raise NothingToIssue(agency=review.agency.name, agency_en=review.agency.display_name("en"))
    return standing_entries(found.declared, found.standing, found.last), []


@carries("CAT-02")
def submit_draft(*, actor: Actor, review: CatalogueReview, number: str, day: date | None) -> CatalogueReview:
    """Submit the draft to the head of the agency. Publishes `CatalogueSubmitted`."""
    _require(may_run_review(actor, review.agency), "trình dự thảo danh mục", "submit the draft catalogue")
    dated = review_rules.require_day(
        day,
        at="day",
        first=review.opened_on,
        today=timezone.localdate(),
        before="trước ngày mở đợt rà soát",
        before_en="it is before the review was opened",
    )
    given = rules.require_decision(number, dated, timezone.localdate())
    with transaction.atomic():
        take_step(
            actor=actor,
            record=review,
            step="submit",
            fact=CatalogueSubmitted(review_id=review.pk, document=given[:60]),
            number=given[:60],
            day=dated,
        )
        review_work.review_due(actor, review, "issue_reviewed_catalogue", Role.HEAD)
    return review


@carries("CAT-02")
def return_draft(*, actor: Actor, review: CatalogueReview, reason: str) -> CatalogueReview:
    """Send the draft back to the IT unit with what must be done. Publishes `CatalogueDraftReturned`."""
    _require(may_issue(actor, review.agency), "trả lại dự thảo danh mục", "send the draft catalogue back")
    said = review_rules.require_reason(reason)
    with transaction.atomic():
        take_step(
            actor=actor,
            record=review,
            step="send_back",
            fact=CatalogueDraftReturned(review_id=review.pk),
            reason=said,
            because=said,
        )
        review_work.review_due(actor, review, "draw_up_catalogue", Role.IT_UNIT)
    return review


@carries("CAT-02", "CAT-06", "SEC-01")
def issue_reviewed_catalogue(
    *, actor: Actor, review: CatalogueReview, decision_number: str, decision_date: date
) -> IssuedCatalogue:
    """Issue the catalogue that a review led to: exactly the draft that was submitted, as version N.

    Refused while anything is open (`CatalogueNotReady`): an overlap found since the submission, a declaration sent
    back. What became a secret since is left out. Publishes `CatalogueIssued`, `ReviewIssued`, `EntryIssued` for each
    entry that is new or changed and `EntryEnded` for each that leaves; raises the refusals of `issue_catalogue`.
    """
    _require(
        may_issue(actor, review.agency), "ban hành danh mục cơ sở dữ liệu", "issue the catalogue of databases"
    )
    number = rules.require_decision(decision_number, decision_date, timezone.localdate())
    review_rules.require_day(
        decision_date,
        at="decision_date",
        first=review.submission_date or review.opened_on,
        today=timezone.localdate(),
        before="trước ngày trình",
        before_en="it is before the submission",
    )
    with transaction.atomic():
        locked = CatalogueReview.objects.select_for_update().get(pk=review.pk)
        if locked.state != ReviewState.SUBMITTED:
            raise refused(locked, "issue")
        if not _is_amended(locked):
            _ready(locked)
        codes = {entry["code"] for entry in locked.draft}
        held = Database.objects.select_for_update().filter(code__in=codes, is_secret=False)
        databases = {database.code: database for database in held}
        entries = [entry for entry in locked.draft if entry["code"] in databases]
        if not entries:
            raise DraftOutdated()
        leaving = Database.objects.select_for_update().filter(
            code__in=[one["code"] for one in locked.ending], is_secret=False
        )
        catalogue = put_in_force(
            actor=actor,
            agency=locked.agency,
            number=number,
            day=decision_date,
            entries=entries,
            databases=list(databases.values()),
            ending=list(leaving),
        )
        take_step(
            actor=actor,
            record=locked,
            step="issue",
            fact=ReviewIssued(review_id=locked.pk, version=catalogue.version, decision=number),
            catalogue=catalogue,
        )
        review_work.review_settled(actor, locked)
        index_review(locked)
    review.refresh_from_db()
    return catalogue


@carries("CAT-02")
def amend_catalogue(*, actor: Actor, review: CatalogueReview, reason: str) -> CatalogueReview:
    """Take up changes that were reported after the issue: what is declared anew goes into the next version.

    Publishes `CatalogueAmending`; raises `ReviewRunning` while another review of the agency is open.
    """
    _require(
        may_run_review(actor, review.agency), "sửa đổi danh mục đã ban hành", "amend the issued catalogue"
    )
    said = review_rules.require_reason(reason)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=review.agency_id)
        running = (
            CatalogueReview.objects.filter(agency=review.agency).exclude(state=ReviewState.ISSUED).first()
        )
        if running is not None and running.pk != review.pk:
            raise ReviewRunning(
                number=running.number,
                agency=review.agency.name,
                agency_en=review.agency.display_name("en"),
            )
        take_step(
            actor=actor,
            record=review,
            step="amend",
            fact=CatalogueAmending(review_id=review.pk),
            reason=said,
            because=said,
        )
        review_work.review_due(actor, review, "draw_up_catalogue", Role.IT_UNIT)
    return review


def person(actor: Actor) -> int | None:
    """The person who acts, as a key of a record."""
    return int(actor.user_id) if actor.user_id else None


def _require(allowed: bool, act: str, act_en: str) -> None:
    if not allowed:
        raise NotAllowed(act=act, act_en=act_en)
