"""What the gate asks for besides the regulation: the exchange structure and the sharing process."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from ..access import may_record_for, require
from ..errors import ColumnsMissing, DateInFuture, NumberMissing, StepsMissing, TitleMissing
from ..events import AgencySharingProcessRecorded, ExchangeStructureRecorded, SharingProcessRecorded
from ..models import ExchangeStructure, SharingProcess
from ..queries import compare_columns, structure_columns


@carries("REG-05")
def record_exchange_structure(
    *,
    actor: Actor,
    database: Database,
    title: str,
    document_number: str,
    document_date: date,
    columns: Iterable[dict[str, str]] | None = None,
) -> ExchangeStructure:
    """Record the issued structure in which a database's data are exchanged.

    Its columns are taken over from the described ones unless given. Publishes `ExchangeStructureRecorded`;
    raises `ColumnsMissing`, `TitleMissing`, `NumberMissing`, `DateInFuture`.
    """
    require_owner(actor, database, "ghi nhận cấu trúc dữ liệu trao đổi", "record the exchange structure")
    described = structure_columns(database)
    kept = described if columns is None else [_column(column) for column in columns]
    if not kept:
        raise ColumnsMissing(database=database.name)
    named, number = _document(title, document_number, document_date)
    with transaction.atomic():
        structure = ExchangeStructure.objects.create(
            database=database,
            title=named,
            document_number=number,
            document_date=document_date,
            columns=kept,
            recorded_by_id=actor.user_id,
        )
        coverage = compare_columns(kept, described)
        publish(
            actor=actor,
            fact=ExchangeStructureRecorded(
                database_id=database.pk,
                structure_id=structure.pk,
                document_number=number,
                matched=coverage.matched,
                total=coverage.total,
            ),
        )
    return structure


@carries("REG-06")
def record_sharing_process(
    *,
    actor: Actor,
    title: str,
    document_number: str,
    document_date: date,
    steps: Iterable[str],
    database: Database | None = None,
    agency: Agency | None = None,
) -> SharingProcess:
    """Record the issued process by which data are shared, of one database or of every database of an agency.

    Publishes `SharingProcessRecorded` or `AgencySharingProcessRecorded`; raises `StepsMissing`,
    `TitleMissing`, `NumberMissing`, `DateInFuture`.
    """
    if (database is None) == (agency is None):
        raise ValueError("name either the database or the agency")
    if database is not None:
        require_owner(actor, database, "ghi nhận quy trình chia sẻ", "record the sharing process")
    elif agency is not None:
        require(may_record_for(actor, agency), "ghi nhận quy trình chia sẻ", "record the sharing process")
    named, number = _document(title, document_number, document_date)
    kept = [step for step in (" ".join(nfc(step).split()) for step in steps) if step]
    if not kept:
        raise StepsMissing()
    with transaction.atomic():
        process = SharingProcess.objects.create(
            database=database,
            agency=agency,
            title=named,
            document_number=number,
            document_date=document_date,
            steps=kept,
            recorded_by_id=actor.user_id,
        )
        publish(actor=actor, fact=_recorded(process))
    return process


def _recorded(process: SharingProcess) -> SharingProcessRecorded | AgencySharingProcessRecorded:
    if process.database_id is not None:
        return SharingProcessRecorded(
            database_id=process.database_id,
            process_id=process.pk,
            document_number=process.document_number,
        )
    return AgencySharingProcessRecorded(
        agency_id=process.agency_id or 0,
        process_id=process.pk,
        document_number=process.document_number,
    )


def _document(title: str, number: str, signed_on: date) -> tuple[str, str]:
    named, numbered = nfc(title).strip(), nfc(number).strip()
    if not named:
        raise TitleMissing()
    if not numbered:
        raise NumberMissing()
    if signed_on > timezone.localdate():
        raise DateInFuture(given=f"{signed_on:%d/%m/%Y}")
    return named[:300], numbered[:60]


def _column(given: dict[str, str]) -> dict[str, str]:
    try:
        return {name: str(given[name]) for name in ("table", "column", "type")} | {
            "title": str(given.get("title") or given["column"])
        }
    except KeyError as error:
        raise InputRefused(
            name="Cột", name_en="Column", why=f"thiếu {error.args[0]}", why_en=f"{error.args[0]} is missing"
        ) from None
