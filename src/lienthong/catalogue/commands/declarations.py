"""The declaration of one unit in a review: answered, sent, sent back, accepted."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.queries import clocks_of

from .. import review_rules
from ..access import may_declare_for, may_run_review
from ..addresses import declaration_address
from ..events import (
    DeclarationAccepted,
    DeclarationReturned,
    DeclarationsCompleted,
    DeclarationsReopened,
    UnitDeclared,
)
from ..models import (
    DECLARATION_TERM,
    Answer,
    CatalogueReview,
    DeclarationState,
    DeclaredDatabase,
    ReviewState,
    UnitDeclaration,
)
from ..reviewing import progress_of_declaration
from . import review_work
from .reviews import OPENED, person


@carries("CAT-03", "SEC-01")
def answer_databases(
    *,
    actor: Actor,
    declaration: UnitDeclaration,
    answers: Mapping[str, str],
    reasons: Mapping[str, str] | None = None,
    note: str | None = None,
) -> UnitDeclaration:
    """Keep what a unit says of its databases so far, by code: `stands`, `ended`, or empty to take it back.

    Codes that are not the unit's are passed over without a word, so that nothing is told of them.
    """
    _require_declaring(actor, declaration)
    with transaction.atomic():
        locked = _locked(declaration)
        if locked.is_in or not _is_running(locked):
            raise refused(locked, "declare")
        mine = {line.database.code: line.database for line in progress_of_declaration(locked).lines}
        for code, answer in answers.items():
            database = mine.get(code)
            if database is None:
                continue
            if answer not in Answer.values:
                DeclaredDatabase.objects.filter(declaration=locked, database=database).delete()
                continue
            DeclaredDatabase.objects.update_or_create(
                declaration=locked,
                database=database,
                defaults={
                    "answer": answer,
                    "reason": nfc((reasons or {}).get(code, "")).strip(),
                    "at": timezone.now(),
                    "by_id": person(actor),
                },
            )
        if note is not None:
            locked.note = nfc(note).strip()
            locked.save(update_fields=["note"])
    declaration.refresh_from_db()
    return declaration


@carries("CAT-03")
def declare_unit(*, actor: Actor, declaration: UnitDeclaration, holds_none: bool = False) -> UnitDeclaration:
    """Send a unit's declaration to the IT unit: each database confirmed or ended, or that the unit holds none.

    Publishes `UnitDeclared`; raises `DatabasesUnanswered`, `EndedReasonMissing`, `HoldsNoneNotSaid`.
    """
    _require_declaring(actor, declaration)
    with transaction.atomic():
        locked = _locked(declaration)
        if not _is_running(locked):
            raise refused(locked, "declare")
        lines = progress_of_declaration(locked).lines
        if not locked.is_in:
            review_rules.require_ended_reasons(
                {line.database.name: line.answer.reason for line in lines if line.ends and line.answer}
            )
            holds_none = review_rules.require_answers(
                unanswered=[line.database.name for line in lines if line.answer is None],
                databases=len(lines),
                holds_none=holds_none,
            )
        take_step(
            actor=actor,
            record=locked,
            step="declare",
            fact=UnitDeclared(review_id=locked.review_id, declaration_id=locked.pk, unit=locked.unit.name),
            holds_none=holds_none,
            by=person(actor),
        )
        for clock in clocks_of(locked).filter(stopped_at__isnull=True):
            stop_clock(actor=actor, clock=clock, outcome="declared")
        review_work.acceptance_due(actor, locked)
    declaration.refresh_from_db()
    return declaration


@carries("CAT-03")
def return_declaration(*, actor: Actor, declaration: UnitDeclaration, reason: str) -> UnitDeclaration:
    """Send a unit's declaration back with what must be added; its term runs on. Publishes `DeclarationReturned`.

    A draft that was drawn up meanwhile is given up: the declarations are open again.
    """
    _require_running_review(actor, declaration, "trả lại khai báo", "send a declaration back")
    said = review_rules.require_reason(reason)
    with transaction.atomic():
        review = CatalogueReview.objects.select_for_update().get(pk=declaration.review_id)
        if review.catalogue_id is not None or review.state == ReviewState.SUBMITTED:
            raise refused(declaration, "send_back")
        take_step(
            actor=actor,
            record=declaration,
            step="send_back",
            fact=DeclarationReturned(
                review_id=review.pk, declaration_id=declaration.pk, unit=declaration.unit.name
            ),
            reason=said,
            because=said,
        )
        if review.state != ReviewState.OPEN:
            take_step(
                actor=actor, record=review, step="reopen", fact=DeclarationsReopened(review_id=review.pk)
            )
            review_work.review_settled(actor, review)
        first = clocks_of(review).order_by("pk").first()
        clock = start_clock(
            actor=actor,
            subject=declaration,
            key=DECLARATION_TERM,
            anchor_at=first.anchor_at if first is not None else timezone.now(),
            anchor_event=OPENED,
        )
        review_work.declaration_due(actor, declaration, clock, again=True)
        notify(
            people=review_work.people_of(declaration),
            text_vi=f"{review.number}: khai báo của {declaration.unit.name} được trả lại. {said}"[:500],
            text_en=f"{review.number}: the declaration of {declaration.unit.display_name('en')} was sent back. {said}"[
                :500
            ],
            url=declaration_address(review.number, declaration.unit.code),
        )
    return declaration


@carries("CAT-03")
def accept_declaration(*, actor: Actor, declaration: UnitDeclaration) -> UnitDeclaration:
    """Accept a unit's declaration; after the last the overlaps are checked and the draft is due.

    Publishes `DeclarationAccepted`, and `DeclarationsCompleted` with the last.
    """
    _require_running_review(actor, declaration, "chấp nhận khai báo", "accept a declaration")
    with transaction.atomic():
        review = CatalogueReview.objects.select_for_update().get(pk=declaration.review_id)
        if review.state != ReviewState.OPEN:
            raise refused(declaration, "accept")
        take_step(
            actor=actor,
            record=declaration,
            step="accept",
            fact=DeclarationAccepted(
                review_id=review.pk, declaration_id=declaration.pk, unit=declaration.unit.name
            ),
            by=person(actor),
        )
        review_work.declaration_settled(actor, declaration)
        complete_where_all_accepted(actor, review)
    return declaration


def complete_where_all_accepted(actor: Actor, review: CatalogueReview) -> None:
    """After the last acceptance the draft is due from the IT unit."""
    if (
        review.state != ReviewState.OPEN
        or review.declarations.exclude(state=DeclarationState.ACCEPTED).exists()
    ):
        return
    take_step(
        actor=actor,
        record=review,
        step="complete_declarations",
        fact=DeclarationsCompleted(review_id=review.pk),
    )
    review_work.review_due(actor, review, "draw_up_catalogue", Role.IT_UNIT)


def hand_over_declarations(*, former_id: int, successor_id: int) -> None:
    """Hand the open declarations of a merged unit over to the one that received it; doing it again changes nothing.

    What was sent stays under the name of the unit that sent it. Where the receiving unit declares itself, it
    speaks for both.
    """
    successor = Agency.objects.get(pk=successor_id)
    waiting = UnitDeclaration.objects.filter(
        unit_id=former_id,
        state__in=[DeclarationState.OPEN, DeclarationState.RETURNED],
        review__state=ReviewState.OPEN,
    ).select_related("review", "unit")
    for one in waiting:
        with transaction.atomic():
            review_work.declaration_settled(SYSTEM, one)
            if UnitDeclaration.objects.filter(review=one.review, unit=successor).exists():
                one.delete()
                complete_where_all_accepted(SYSTEM, one.review)
                continue
            UnitDeclaration.objects.filter(pk=one.pk).update(unit=successor)
            one.refresh_from_db()
            review_work.declaration_due(SYSTEM, one, clocks_of(one).filter(stopped_at__isnull=True).first())


def _locked(declaration: UnitDeclaration) -> UnitDeclaration:
    found = UnitDeclaration.objects.select_for_update(of=("self",)).select_related("review__agency", "unit")
    return found.get(pk=declaration.pk)


def _is_running(declaration: UnitDeclaration) -> bool:
    return bool(declaration.review.state == ReviewState.OPEN)


def _require_declaring(actor: Actor, declaration: UnitDeclaration) -> None:
    if not may_declare_for(actor, declaration):
        raise NotAllowed(act="khai báo danh mục của đơn vị", act_en="declare the databases of the unit")


def _require_running_review(actor: Actor, declaration: UnitDeclaration, act: str, act_en: str) -> None:
    if not may_run_review(actor, declaration.review.agency):
        raise NotAllowed(act=act, act_en=act_en)
