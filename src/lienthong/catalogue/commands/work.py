"""What is due on a database: to be looked at, described, declared, issued. One act of each kind at a time."""

from __future__ import annotations

from lienthong.agencies.commands import finish_work, forget_work, open_work
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor

from ..addresses import declare_address, fields_address, source_address
from ..models import Database
from ..queries import responsible_for

SURVEY = "survey"
DESCRIBE = "describe"
DECLARE = "declare"
ISSUE = "issue_catalogue"


def survey_due(database: Database) -> None:
    """Its source is to be bound and looked at."""
    _due(database, SURVEY, "Kết nối, khảo sát nguồn dữ liệu", "Bind and look at the source", source_address)


def description_due(database: Database, columns: int) -> None:
    """So many of its columns wait to be confirmed."""
    title_vi, title_en = f"Xác nhận mô tả {columns} cột", f"Confirm the description of {columns} column(s)"
    _due(database, DESCRIBE, title_vi, title_en, fields_address)


def declaration_due(database: Database) -> None:
    """It is described and can be declared for the catalogue."""
    _due(database, DECLARE, "Khai báo vào danh mục", "Declare for the catalogue", declare_address)


def issue_due(database: Database) -> None:
    """It waits for the head of its owner, or the nearest above, to issue the catalogue."""
    if database.is_secret:
        return
    agency = unit_holding(database.owner, Role.HEAD)
    open_work(
        subject=database,
        act=ISSUE,
        title_vi="Ban hành trong danh mục cơ sở dữ liệu",
        title_en="Issue in the catalogue of databases",
        about=database.name,
        url="/lam-viec/danh-muc/",
        unit=agency,
        role=Role.HEAD,
        number=database.code,
    )


def done(actor: Actor, database: Database, act: str | None = None) -> None:
    """An act is done, or (with none named) nothing is due on this database any more."""
    finish_work(actor=actor, subject=database, act=act)


def forgotten(database: Database) -> None:
    """Nothing that was due on it, or done, stands on any list: those lists are read by people who may not know of it."""
    forget_work(subject=database)


def _due(database: Database, act: str, title_vi: str, title_en: str, address: object) -> None:
    unit, role = responsible_for(database)
    open_work(
        subject=database,
        act=act,
        title_vi=title_vi,
        title_en=title_en,
        about=database.name,
        url=address(database.code),  # type: ignore[operator]
        unit=unit,
        role=role,
        number=database.code,
    )
