"""What is due after a look: the yearly assessment."""

from __future__ import annotations

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.roles import Role
from lienthong.catalogue.addresses import file_address
from lienthong.catalogue.models import Database
from lienthong.catalogue.queries import responsible_for
from lienthong.foundation.accounts.actor import Actor

from ..queries import is_assessed_this_year

ASSESS = "assess"
SECRECY = "decide_secrecy"


def assessment_due(database: Database) -> None:
    """A database that was looked at is to be assessed, once a year; opening it again changes nothing."""
    if is_assessed_this_year(database):
        return
    unit, role = responsible_for(database)
    open_work(
        subject=database,
        act=ASSESS,
        title_vi="Đánh giá, kết luận chất lượng dữ liệu",
        title_en="Assess the data and conclude",
        about=database.name,
        url=f"{file_address(database.code)}danh-gia/",
        unit=unit,
        role=role,
        number=database.code,
    )


def secrecy_due(database: Database, url: str) -> None:
    """A column was passed on: the keeper of secrets decides whether it holds one. The work names no database."""
    open_work(
        subject=database,
        act=SECRECY,
        title_vi="Xem xét dấu hiệu bí mật nhà nước của một cột dữ liệu",
        title_en="Decide whether a column holds a state secret",
        about="",
        url=url,
        unit=database.managing_unit,
        role=Role.SECRETS_KEEPER,
        number=database.code,
    )


def secrecy_done(actor: Actor, database: Database) -> None:
    """No column waits for the keeper any more."""
    finish_work(actor=actor, subject=database, act=SECRECY)


def assessment_done(actor: Actor, database: Database) -> None:
    """The assessment was concluded."""
    finish_work(actor=actor, subject=database, act=ASSESS)
