"""The yearly registration on the National Data Portal: needs for others' data are noted, each record's state is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused, NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from ..access import may_note_needs, require_owner
from ..errors import EntryFieldMissing
from ..indexing import index_need
from ..models import Database, DataNeed, NeedState, PortalState
from ..portal_errors import NeedEnded, NeedYearRefused, PortalNothingChosen
from ..portal_events import (
    DataNeedAmended,
    DataNeedEnded,
    DataNeedNoted,
    NeedPortalStateRecorded,
    PortalStateRecorded,
)
from ..portal_registration import require_portal_step, words_of

NEEDED = {
    "title": ("dữ liệu cần khai thác", "The data needed"),
    "items": ("mục dữ liệu", "The data items"),
    "holder_name": ("cơ quan đang quản lý dữ liệu", "The agency that holds the data"),
    "purpose": ("mục đích sử dụng", "The purpose of use"),
    "basis": ("căn cứ pháp lý", "The legal basis"),
}


@carries("PRT-01")
def note_data_need(
    *,
    actor: Actor,
    agency: Agency,
    title: str,
    items: str,
    holder_name: str,
    purpose: str,
    basis: str,
    year: int | None = None,
    frequency: str = "",
    database: Database | None = None,
) -> DataNeed:
    """Note that an agency or unit needs data of others in a year (this one): which, from whom, for which task, by which law.

    `database`: the one that holds them, where it is on record here. Publishes `DataNeedNoted`; raises
    `EntryFieldMissing`, `NeedYearRefused`.
    """
    _require_noting(actor, agency)
    values = _written(
        title=title,
        items=items,
        holder_name=holder_name,
        purpose=purpose,
        basis=basis,
        frequency=frequency,
    )
    this_year = timezone.localdate().year
    for_year = year or this_year
    if for_year not in (this_year, this_year + 1):
        raise NeedYearRefused(given=str(for_year))
    with transaction.atomic():
        need = DataNeed.objects.create(
            number=next_number("NC"), unit=agency, year=for_year, database=_known(database), **values
        )
        index_need(need)
        publish(actor=actor, fact=DataNeedNoted(need_id=need.pk, number=need.number, year=for_year))
    return need


@carries("PRT-01")
def amend_data_need(*, actor: Actor, need: DataNeed, **changes: Any) -> DataNeed:
    """Amend a need that still stands; unit, year and number stay. Publishes `DataNeedAmended`; raises `NeedEnded`."""
    _require_noting(actor, need.unit)
    given = _written(**{name: value for name, value in changes.items() if name != "database"})
    if "database" in changes:
        given["database"] = _known(changes["database"])
    with transaction.atomic():
        locked = _open_need(need)
        for name, value in given.items():
            setattr(locked, name, value)
        locked.save()
        index_need(locked)
        publish(actor=actor, fact=DataNeedAmended(need_id=locked.pk, number=locked.number))
    need.refresh_from_db()
    return need


def end_data_need(*, actor: Actor, need: DataNeed, met: bool, reason: str = "") -> DataNeed:
    """End a need: it was met, or the data are needed no longer, which says why.

    Publishes `DataNeedEnded`; raises `NeedEnded`, `EntryFieldMissing`.
    """
    _require_noting(actor, need.unit)
    if not met and not reason.strip():
        raise EntryFieldMissing(
            at="reason",
            name="lý do không còn nhu cầu",
            name_en="The reason why the data are needed no longer",
        )
    state = NeedState.MET if met else NeedState.WITHDRAWN
    with transaction.atomic():
        locked = _open_need(need)
        locked.state, locked.ended_because = state, nfc(reason).strip()[:300]
        locked.save(update_fields=["state", "ended_because"])
        index_need(locked)
        fact = DataNeedEnded(need_id=locked.pk, number=locked.number, state=state, **_words(state))
        publish(actor=actor, fact=fact, reason=reason)
    need.refresh_from_db()
    return need


@carries("PRT-01", "PRT-03")
def record_portal_state(
    *,
    actor: Actor,
    agency: Agency,
    databases: Sequence[Database],
    needs: Sequence[DataNeed],
    year: int,
    state: str,
    day: date,
    note: str = "",
) -> int:
    """Record where databases and needs of an agency stand on the National Data Portal for a year; returns how many.

    Of all or of none: a record whose step is refused leaves the others as they were. Publishes `PortalStateRecorded`,
    `NeedPortalStateRecorded`; raises `PortalNothingChosen`, `PortalStepRefused`, `PortalReasonMissing`,
    `PortalDayRefused`.
    """
    _require_noting(actor, agency)
    for database in databases:
        require_owner(
            actor, database, "ghi trạng thái trên Cổng dữ liệu quốc gia", "record the portal's state"
        )
    for need in needs:
        _require_noting(actor, need.unit)
    if not databases and not needs:
        raise PortalNothingChosen(year=str(year))
    if state not in PortalState.values:
        raise InputRefused(
            name="Trạng thái", name_en="State", why="không có trạng thái này", why_en="no such state"
        )
    with transaction.atomic():
        chosen: list[Database | DataNeed] = [
            *Database.objects.select_for_update().filter(
                pk__in=[one.pk for one in databases], is_secret=False
            ),
            *DataNeed.objects.select_for_update().filter(pk__in=[one.pk for one in needs]),
        ]
        for record in chosen:
            require_portal_step(record, state, year, day, note)
            record.portal_state, record.portal_year, record.portal_on = state, year, day
            record.portal_note = nfc(note).strip()[:300] if state == PortalState.REJECTED else ""
            record.save()
            words = _words(PortalState(state))
            if isinstance(record, Database):
                fact = PortalStateRecorded(database_id=record.pk, year=year, state=state, **words)
                publish(actor=actor, fact=fact)
            else:
                told = NeedPortalStateRecorded(
                    need_id=record.pk, number=record.number, year=year, state=state, **words
                )
                publish(actor=actor, fact=told)
    return len(chosen)


def _require_noting(actor: Actor, unit: Agency) -> None:
    if not may_note_needs(actor, unit):
        raise NotAllowed(act="ghi nhận nhu cầu khai thác dữ liệu", act_en="note a need for data of others")


def _written(**values: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in values.items():
        text = nfc(value).strip()
        if name in NEEDED and not text:
            vi, en = NEEDED[name]
            raise EntryFieldMissing(at=name, name=vi, name_en=en)
        limit = DataNeed._meta.get_field(name).max_length  # type: ignore[union-attr]
        kept[name] = text[:limit] if limit else text
    return kept


def _known(database: Database | None) -> Database | None:
    """A database that may be named to others; a secret one is left out without a word."""
    return database if database is not None and not database.is_secret else None


def _open_need(need: DataNeed) -> DataNeed:
    locked = DataNeed.objects.select_for_update(of=("self",)).select_related("unit").get(pk=need.pk)
    if locked.state != NeedState.OPEN:
        raise NeedEnded(number=locked.number)
    return locked


def _words(state: NeedState | PortalState) -> dict[str, str]:
    vi, en = words_of(state)
    return {"state_vi": vi, "state_en": en}
