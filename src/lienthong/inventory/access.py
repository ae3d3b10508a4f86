"""Who sees what is inside a source: fewer people than know that the database exists."""

from __future__ import annotations

from django.db.models import QuerySet

from lienthong.agencies.access import acts_for
from lienthong.agencies.roles import Role
from lienthong.catalogue.access import database_for, databases_visible_to, may_own
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.tracing import carries

from .models import QualityIssue


def may_look_inside(actor: Actor, database: Database) -> bool:
    """Whether the actor sees sources, looks and assessments: the database's own people, focal officer, keeper."""
    if may_own(actor, database):
        return True
    if database.is_secret:
        return actor.has(Role.SECRETS_KEEPER)
    ours = acts_for(actor, database.owner) or acts_for(actor, database.managing_unit)
    return actor.has(Role.FOCAL_OFFICER, Role.SECRETS_KEEPER) and ours


def inside_of(actor: Actor, code: str) -> Database:
    """The database with this code, whose inside the actor may see; 404 if it may not be known of."""
    database = database_for(actor, code)
    if not may_look_inside(actor, database):
        raise NotAllowed(
            act="xem nguồn, khảo sát, đánh giá của cơ sở dữ liệu", act_en="look inside this database"
        )
    return database


def may_reveal(actor: Actor, database: Database) -> bool:
    """Whether the actor may see values of personal columns: who works on the database as its owner, nobody above."""
    if actor.is_system:
        return True
    return may_own(actor, database) and actor.has(Role.DATABASE_OWNER, Role.SECRETS_KEEPER)


def require_reveal(actor: Actor, database: Database) -> None:
    """Refuse unless the actor may see values of personal columns."""
    if not may_reveal(actor, database):
        raise NotAllowed(act="xem giá trị của cột dữ liệu cá nhân", act_en="see values of personal columns")


def require_warning(actor: Actor, database: Database) -> None:
    """Refuse unless the actor may warn of the quality of this database: who looks inside it."""
    if not may_look_inside(actor, database):
        raise NotAllowed(act="mở phiếu cảnh báo chất lượng", act_en="open a quality warning")


@carries("SEC-01")
def issues_visible_to(actor: Actor) -> QuerySet[QualityIssue]:
    """The quality warnings of databases whose inside the actor may see."""
    if actor.is_system:
        return QualityIssue.objects.all()
    known = databases_visible_to(actor).select_related("owner", "managing_unit")
    inside = [database.pk for database in known if may_look_inside(actor, database)]
    return QualityIssue.objects.filter(database__in=inside)


def issue_for(actor: Actor, number: str) -> QualityIssue:
    """The quality warning of this number; 404 if it may not be known of."""
    found = issues_visible_to(actor).select_related(
        "database__owner", "database__managing_unit", "unit", "field", "clock__parameter", "clock__rule_set",
        "clock__provision", "opened_by", "rechecked",
    )  # fmt: skip
    issue = found.filter(number=number).first()
    if issue is None:
        raise NotFound(what=f"phiếu {number[:20]}", what_en=f"Warning {number[:20]}")
    return issue
