"""Who reports wrong data, who sees the case, who verifies and corrects, who settles what is contested."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.roles import REACHING_DOWN, Role
from lienthong.catalogue.access import databases_visible_to, may_own
from lienthong.catalogue.models import Database
from lienthong.catalogue.national import coordinating_unit
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.tracing import carries
from lienthong.inventory.access import may_reveal

from .models import CorrectionCase, IssueLevel

# Who speaks for an agency that uses data.
REPORTING = frozenset(
    {Role.CONSUMER_OFFICER, Role.FOCAL_OFFICER, Role.IT_UNIT, Role.DATABASE_OWNER, Role.HEAD}
)


def may_report_for(actor: Actor, reporter: Agency) -> bool:
    """Whether the actor says in the name of this agency that data are wrong."""
    return actor.is_system or (actor.has(*REPORTING) and acts_for(actor, reporter))


@carries("SEC-01")
def may_report(actor: Actor, database: Database, reporter: Agency) -> bool:
    """Whether the actor says for this agency that data of this database are wrong; of a secret nothing is said here."""
    return actor.is_system or (not database.is_secret and may_report_for(actor, reporter))


def may_begin_report(actor: Actor, database: Database) -> bool:
    """Whether the actor says for the own unit that data of this database are wrong: asked without reading anything."""
    return not database.is_secret and bool(actor.unit_id) and actor.has(*REPORTING)


@carries("SEC-01", "QUA-01")
def corrections_visible_to(actor: Actor) -> QuerySet[CorrectionCase]:
    """The cases of databases whose file the actor may open, those the own side reported, those it was told of.

    A database that has become secret hides its cases from all but those who may know of it.
    """
    if actor.is_system:
        return CorrectionCase.objects.all()
    own = Agency.objects.filter(pk=actor.unit_id or 0).first()
    if own is None:
        return CorrectionCase.objects.none()
    reach = Q(database__in=databases_visible_to(actor).values("pk"))
    if actor.has(*REPORTING):
        units = Agency.objects.filter(pk=own.pk)
        if actor.roles & REACHING_DOWN:
            units = Agency.objects.filter(path__startswith=own.path)
        mine = Q(reporter__in=units.values("pk")) | Q(notices__agency__in=units.values("pk"))
        reach |= mine & Q(database__is_secret=False)
    return CorrectionCase.objects.filter(
        pk__in=CorrectionCase.objects.filter(reach).order_by().values("pk").distinct()
    )


def correction_for(actor: Actor, number: str) -> CorrectionCase:
    """The case of this number, or one refusal whether it is not there or may not be known of."""
    sides = (
        "database__owner",
        "database__managing_unit",
        "dataset",
        "reporter",
        "reported_by",
        "proof_version",
    )
    case = corrections_visible_to(actor).select_related(*sides).filter(number=number).first()
    if case is None:
        raise NotFound(what=f"hồ sơ đính chính {number[:20]}", what_en=f"Correction {number[:20]}")
    return case


@carries("SEC-01")
def may_correct(actor: Actor, case: CorrectionCase) -> bool:
    """Whether the actor verifies and corrects: who works on the database said to be wrong."""
    return actor.is_system or (not case.database.is_secret and may_own(actor, case.database))


def may_take_in_slip(actor: Actor, database: Database) -> bool:
    """Whether the actor enters a warning slip that has come in: who works on the database."""
    return actor.is_system or (not database.is_secret and may_own(actor, database))


def may_contest(actor: Actor, case: CorrectionCase) -> bool:
    """Whether the actor contests a finding, or urges: who reports for the side that reported."""
    if actor.is_system:
        return True
    return case.reporter is not None and not case.database.is_secret and may_report_for(actor, case.reporter)


def may_urge_correction(actor: Actor, case: CorrectionCase) -> bool:
    """Whether the actor urges: the side that reported, those above the provider, the coordinating ministry."""
    if may_contest(actor, case):
        return True
    if case.database.is_secret:
        return False
    above = actor.has(Role.IT_UNIT, Role.HEAD) and acts_for(actor, case.database.owner)
    return above or actor.has(Role.COORDINATING_MINISTRY)


@carries("DIS-02", "DIS-03", "DIS-04")
def may_settle(actor: Actor, case: CorrectionCase) -> bool:
    """Whether the actor decides what is contested, at the level where it lies: the provider, then the IT unit of the
    owner, then its head; at the last level the coordinating ministry, or the head who records what came from above.
    """
    if actor.is_system:
        return True
    if case.database.is_secret:
        return False
    if case.level in {"", IssueLevel.PROVIDER}:
        return may_own(actor, case.database)
    if case.level == IssueLevel.IT_UNIT:
        return actor.has(Role.IT_UNIT, Role.HEAD) and acts_for(actor, case.database.owner)
    of_owner = actor.has(Role.HEAD) and acts_for(actor, case.database.owner)
    return of_owner or (case.level == IssueLevel.LAST and actor.has(Role.COORDINATING_MINISTRY))


def may_pass_on(actor: Actor, case: CorrectionCase) -> bool:
    """Whether the actor takes a contested finding to the next level: the side that reported, or who has it now."""
    return may_contest(actor, case) or may_settle(actor, case)


def may_close_correction(actor: Actor, case: CorrectionCase) -> bool:
    """Whether the actor closes: the side that reported, which sees whether it was done, or the provider."""
    return may_correct(actor, case) or may_contest(actor, case)


def may_receive_correction(actor: Actor, case: CorrectionCase, agency: Agency) -> bool:
    """Whether the actor says for an agency that it received a correction."""
    return actor.is_system or (not case.database.is_secret and may_report_for(actor, agency))


@carries("SEC-02")
def may_see_values(actor: Actor, case: CorrectionCase) -> bool:
    """Whether the actor may open the personal values of the rows: who owns the database said to be wrong."""
    return actor.is_system or (not case.database.is_secret and may_reveal(actor, case.database))


def unit_of_level(case: CorrectionCase) -> tuple[Agency, str]:
    """From whom the settlement is due: unit and role."""
    if case.level == IssueLevel.PROVIDER:
        return case.database.managing_unit, str(Role.DATABASE_OWNER)
    if case.level == IssueLevel.IT_UNIT:
        return case.database.owner, str(Role.IT_UNIT)
    coordinating = coordinating_unit()
    if case.level == IssueLevel.LAST and coordinating is not None:
        return coordinating, str(Role.COORDINATING_MINISTRY)
    return case.database.owner, str(Role.HEAD)
