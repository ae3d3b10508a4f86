"""What is due on a database: to be looked at, described, declared, issued. One act of each kind at a time."""

from __future__ import annotations

from datetime import datetime

from lienthong.agencies.commands import finish_work, forget_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.law.models import Clock

from ..addresses import (
    declare_address,
    dossier_address,
    fields_address,
    list_draft_address,
    source_address,
)
from ..models import Database, DossierState, NationalDossier, NationalListDraft
from ..national import coordinating_unit, preparing_unit, signing_unit
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


# --- national dossiers

PREPARE_DOSSIER = "prepare_national_dossier"
SIGN_DOSSIER = "sign_national_dossier"
RECEIVE_DOSSIER = "receive_national_dossier"
AGREE_MASTER_DATA = "agree_master_data"
CONNECT = "connect_national_database"
SUBMIT_LIST = "submit_national_list"
DECIDE_LIST = "record_national_list"


def dossier_due(dossier: NationalDossier, *, returned: bool = False, clock: Clock | None = None) -> None:
    """It is to be prepared, or completed after it came back."""
    unit, role = preparing_unit(dossier.database)
    title = (
        ("Bổ sung hồ sơ CSDL quốc gia bị trả lại", "Complete the national dossier that was returned")
        if returned
        else ("Lập hồ sơ đề xuất CSDL quốc gia", "Prepare the national dossier")
    )
    _dossier_work(dossier, PREPARE_DOSSIER, title, unit, role, clock)


def signature_due(dossier: NationalDossier, *, clock: Clock | None = None) -> None:
    """The head is to sign and send it."""
    title = ("Ký, gửi hồ sơ CSDL quốc gia", "Sign and send the national dossier")
    _dossier_work(dossier, SIGN_DOSSIER, title, signing_unit(dossier.database), Role.HEAD, clock)


def receipt_due(dossier: NationalDossier) -> None:
    """The coordinating ministry is to take it into a draft list, or return it."""
    unit = coordinating_unit()
    if unit is not None:
        title = ("Tiếp nhận hồ sơ CSDL quốc gia", "Receive the national dossier")
        _dossier_work(dossier, RECEIVE_DOSSIER, title, unit, Role.COORDINATING_MINISTRY)


def agreement_due(dossier: NationalDossier) -> None:
    """The owner is to agree the master data that are synchronised."""
    unit, role = preparing_unit(dossier.database)
    title = ("Thống nhất dữ liệu chủ được đồng bộ", "Agree the master data that are synchronised")
    _dossier_work(dossier, AGREE_MASTER_DATA, title, unit, role)


def connection_due(dossier: NationalDossier, *, clock: Clock | None, due_at: datetime | None) -> None:
    """The owner is to connect the database by its day."""
    unit, role = preparing_unit(dossier.database)
    title = ("Kết nối CSDL quốc gia", "Connect the national database")
    _dossier_work(dossier, CONNECT, title, unit, role, clock, due_at)


def list_due(draft: NationalListDraft, act: str) -> None:
    """A draft list is to be submitted, or its result recorded."""
    titles = {
        SUBMIT_LIST: ("Trình danh mục CSDL quốc gia", "Submit the list of national databases"),
        DECIDE_LIST: (
            "Ghi nhận kết quả phê duyệt danh mục CSDL quốc gia",
            "Record the result for the national list",
        ),
    }
    open_work(
        subject=draft,
        act=act,
        title_vi=titles[act][0],
        title_en=titles[act][1],
        about=draft.number,
        url=list_draft_address(draft.number),
        unit=draft.agency,
        role=Role.COORDINATING_MINISTRY,
        number=draft.number,
    )


def settled(actor: Actor, subject: NationalDossier | NationalListDraft, act: str | None = None) -> None:
    """An act on a dossier or a draft list is done, or nothing is due on it any more."""
    finish_work(actor=actor, subject=subject, act=act)


def dossiers_forgotten(database: Database) -> None:
    """Nothing that was due on a dossier of a database that became a secret stands on any list."""
    for dossier in database.national_dossiers.all():
        forget_work(subject=dossier)


def dossiers_taken_up(database: Database) -> None:
    """What is due on the dossiers of a database that is no secret any more stands on the lists again."""
    for dossier in database.national_dossiers.select_related("database__owner", "database__managing_unit"):
        match dossier.state:
            case DossierState.DRAFT | DossierState.ELIGIBLE:
                dossier_due(dossier)
            case DossierState.RETURNED:
                dossier_due(dossier, returned=True)
            case DossierState.READY:
                signature_due(dossier)
            case DossierState.SUBMITTED | DossierState.CONSOLIDATED | DossierState.WITH_APPROVER:
                receipt_due(dossier)
            case DossierState.CONNECT_DUE:
                connection_due(dossier, clock=None, due_at=None)


def _dossier_work(
    dossier: NationalDossier,
    act: str,
    title: tuple[str, str],
    unit: Agency,
    role: str,
    clock: Clock | None = None,
    due_at: datetime | None = None,
) -> None:
    if dossier.database.is_secret:
        return
    open_work(
        subject=dossier,
        act=act,
        title_vi=title[0],
        title_en=title[1],
        about=dossier.database.name,
        url=dossier_address(dossier.number),
        unit=unit,
        role=role,
        clock=clock,
        due_at=due_at,
        number=dossier.number,
    )
