"""Who sees what is inside a source: fewer people than know that the database exists."""

from __future__ import annotations

from lienthong.agencies.access import acts_for
from lienthong.agencies.roles import Role
from lienthong.catalogue.access import database_for, may_own
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed


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
