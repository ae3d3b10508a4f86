"""A regulation is issued, made public, replaced, and runs out."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import mark_non_compliant
from lienthong.catalogue.models import Database, DatabaseState
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import StepNotAllowed
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from ..access import may_edit, may_issue, require
from ..addresses import desk_address, gate_address
from ..errors import AlreadyOver, DatesReversed, MandatoryClausesMissing, NumberMissing
from ..events import RegulationExpired, RegulationIssued, RegulationPublished, RegulationReplaced
from ..indexing import index_regulation
from ..models import Regulation, RegulationState
from ..queries import covered_databases, regulations_covering, run_out_on
from .drafting import CLAUSE_NAMES


@carries("REG-07")
def issue_regulation(
    *,
    actor: Actor,
    regulation: Regulation,
    number: str,
    issued_on: date,
    effective_from: date,
    effective_to: date | None = None,
) -> Regulation:
    """Issue a regulation under its document number, in force from a date.

    Head or database owner of the issuing agency. Publishes `RegulationIssued`; raises
    `MandatoryClausesMissing` (naming all that is missing), `NumberMissing`, `DatesReversed`.
    """
    require(may_issue(actor, regulation), "ban hành quy chế", "issue this regulation")
    missing = regulation.missing_clauses
    if missing:
        names = [CLAUSE_NAMES[name] for name in missing]
        raise MandatoryClausesMissing(
            count=len(missing),
            missing=", ".join(vi for vi, _ in names),
            missing_en=", ".join(en for _, en in names),
            clauses=missing,
        )
    named = nfc(number).strip()
    if not named:
        raise NumberMissing()
    if effective_to is not None and effective_to < effective_from:
        raise DatesReversed(
            effective_from=f"{effective_from:%d/%m/%Y}", effective_to=f"{effective_to:%d/%m/%Y}"
        )
    with transaction.atomic():
        take_step(
            actor=actor,
            record=regulation,
            step="issue",
            fact=RegulationIssued(
                regulation_id=regulation.pk,
                number=named[:60],
                effective_from=effective_from,
                effective_to=effective_to,
            ),
            number=named[:60],
            issued_on=issued_on,
            effective_from=effective_from,
            effective_to=effective_to,
        )
        regulation.issued_by_id = actor.user_id
        regulation.save(update_fields=["issued_by"])
        finish_work(actor=actor, subject=regulation)
        open_work(
            subject=regulation,
            act="publish",
            title_vi="công khai quy chế",
            title_en="publish the regulation",
            about=regulation.title,
            url=desk_address(regulation.slug, regulation.version),
            unit=regulation.drafting_unit,
        )
    return regulation


@carries("REG-03")
def publish_regulation(*, actor: Actor, regulation: Regulation) -> Regulation:
    """Make an issued regulation public; the version that it replaces ends on the day before it takes effect.

    Publishes `RegulationPublished`, and `RegulationReplaced` for the version before; raises `AlreadyOver`.
    """
    require(may_edit(actor, regulation) or may_issue(actor, regulation), "công khai quy chế", "publish it")
    today = timezone.localdate()
    if regulation.effective_to is not None and regulation.effective_to < today:
        raise AlreadyOver(effective_to=f"{regulation.effective_to:%d/%m/%Y}")
    with transaction.atomic():
        take_step(
            actor=actor,
            record=regulation,
            step="publish",
            fact=RegulationPublished(
                regulation_id=regulation.pk,
                number=regulation.number,
                slug=regulation.slug,
                version=regulation.version,
            ),
        )
        before = regulation.replaces
        if before is not None and before.state == RegulationState.PUBLISHED:
            _replace(actor, before, regulation)
        finish_work(actor=actor, subject=regulation)
        index_regulation(regulation)
    return regulation


def _replace(actor: Actor, before: Regulation, after: Regulation) -> None:
    start = after.effective_from or timezone.localdate()
    last_day = max(start - timedelta(days=1), before.effective_from or start - timedelta(days=1))
    take_step(
        actor=actor,
        record=before,
        step="give_way",
        fact=RegulationReplaced(regulation_id=before.pk, by_version=after.version, last_day=last_day),
        last_day=last_day,
    )


@carries("REG-04")
def expire_regulations(*, actor: Actor = SYSTEM, on: date | None = None) -> int:
    """End every regulation whose last day has passed; returns how many.

    A database in operation that no other regulation covers is marked as no longer compliant, and its unit is
    asked for a new one. Publishes `RegulationExpired`. Run by the tick; doing it again changes nothing.
    """
    today = on or timezone.localdate()
    ended = 0
    for regulation in run_out_on(today):
        try:
            _expire(actor, regulation, today)
        except StepNotAllowed:
            # Another worker was first.
            continue
        ended += 1
    return ended


def _expire(actor: Actor, regulation: Regulation, today: date) -> None:
    with transaction.atomic():
        bare = _left_without(regulation, today)
        take_step(
            actor=actor,
            record=regulation,
            step="expire",
            fact=RegulationExpired(
                regulation_id=regulation.pk,
                last_day=regulation.effective_to,
                left_without=len(bare),
            ),
        )
        for database in bare:
            _lose_compliance(actor, database, regulation)
        index_regulation(regulation)


def _left_without(regulation: Regulation, today: date) -> list[Database]:
    running = covered_databases(regulation).filter(state=DatabaseState.IN_OPERATION)
    return [
        database
        for database in running.select_related("owner", "managing_unit")
        if not regulations_covering(database, today).exclude(pk=regulation.pk).exists()
    ]


def _lose_compliance(actor: Actor, database: Database, regulation: Regulation) -> None:
    because = f"quy chế số {regulation.number} hết hiệu lực sau ngày {regulation.effective_to:%d/%m/%Y}"
    mark_non_compliant(actor=actor, database=database, because=because)
    open_work(
        subject=database,
        act="renew_regulation",
        title_vi="ban hành quy chế thay thế",
        title_en="issue a new regulation",
        about=database.name,
        url=gate_address(database.code),
        unit=database.managing_unit,
        role=Role.DATABASE_OWNER,
    )
