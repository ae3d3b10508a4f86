"""Reads: how databases stand to others that hold the same data, and how this is said in papers and on pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import translation

from lienthong.foundation.tracing import carries

from .models import DECIDED_STANDINGS, CopyStanding, Database, Standing, SyncFrequency, SyncMethod

# What is said of a standing and of both its databases: of their seventy other columns a page needs none.
_SAID = (
    *(field.name for field in CopyStanding._meta.concrete_fields),
    *(
        f"{side}__{name}"
        for side in ("database", "source")
        for name in ("code", "name", "name_en", "owner__code", "owner__name", "owner__name_en")
    ),
    *(f"responsible_unit__{name}" for name in ("code", "name", "name_en")),
)


@carries("SEC-01")
def copies_of(databases: Iterable[Database]) -> dict[int, list[CopyStanding]]:
    """How each of these databases stands to others, by its key; nothing that names a secret database.

    Where an authority is still to be named, both sides have the row.
    """
    ids = [database.pk for database in databases]
    found: dict[int, list[CopyStanding]] = {}
    rows = (
        CopyStanding.objects.filter(
            Q(database__in=ids) | Q(source__in=ids, standing=Standing.NAME_AUTHORITY),
            database__is_secret=False,
            source__is_secret=False,
        )
        .select_related("database__owner", "source__owner", "responsible_unit")
        .only(*_SAID)
        .order_by("number")
    )
    wanted = set(ids)
    for row in rows:
        if row.database_id in wanted:
            found.setdefault(row.database_id, []).append(row)
        if row.standing == Standing.NAME_AUTHORITY and row.source_id in wanted:
            found.setdefault(row.source_id, []).append(row)
    return found


def copies_of_one(database: Database) -> list[CopyStanding]:
    """How one database stands to others."""
    return copies_of([database]).get(database.pk, [])


@carries("OVL-02", "OVL-04")
def copies_as_issued(rows: Iterable[CopyStanding]) -> list[dict[str, Any]]:
    """What the entry of a catalogue says of them: what was decided, never a case that is open."""
    return [_issued(row) for row in rows if row.standing in DECIDED_STANDINGS]


def _issued(row: CopyStanding) -> dict[str, Any]:
    said: dict[str, Any] = {
        "number": row.number,
        "standing": row.standing,
        "source": {"code": row.source.code, "name": row.source.name},
        "owner": {"code": row.source.owner.code, "name": row.source.owner.name},
        "said": words_of(row, row.database)[0],
        "said_en": words_of(row, row.database)[1],
    }
    unit = row.responsible_unit
    if row.standing == Standing.SYNCHRONISE and unit is not None:
        said |= {
            "method": row.method,
            "frequency": row.frequency,
            "responsible_unit": {"code": unit.code, "name": unit.name},
            "started_on": row.started_on.isoformat() if row.started_on else "",
        }
    if row.standing == Standing.EXCEPTION:
        said |= {
            "legal_ground": row.legal_ground,
            "review_date": row.review_date.isoformat() if row.review_date else "",
        }
    return said


def words_of(row: CopyStanding, database: Database) -> tuple[str, str]:
    """How a database stands to another in one sentence, in Vietnamese and in English."""
    other = row.source if row.database_id == database.pk else row.database
    vi = f"“{other.name}” ({other.owner.name})"
    en = f"“{other.display_name('en')}” ({other.owner.display_name('en')})"
    if row.standing == Standing.SYNCHRONISE:
        return _followed(row, vi, en)
    if row.standing == Standing.STOP:
        return f"Phải ngừng thu thập phần dữ liệu đã có ở {vi}", f"Is to stop collecting what {en} holds"
    if row.standing == Standing.STOPPED:
        return f"Đã ngừng thu thập phần dữ liệu đã có ở {vi}", f"Has stopped collecting what {en} holds"
    if row.standing == Standing.EXCEPTION:
        ground, day = " ".join(row.legal_ground.split()), _day(row.review_date)
        return (
            f"Được thu thập riêng dữ liệu đã có ở {vi} theo {ground}; xem xét lại ngày {day}",
            f"May collect what {en} holds by {ground}; to be reviewed on {day}",
        )
    if row.standing == Standing.NAME_AUTHORITY:
        return (
            f"Chồng lấn với {vi}, cùng cấp: chờ xác định nguồn chuẩn",
            f"Overlaps with {en}, of equal class: an authority is to be named",
        )
    return f"Chồng lấn với {vi}: chưa kết luận", f"Overlaps with {en}: not decided yet"


def _followed(row: CopyStanding, vi: str, en: str) -> tuple[str, str]:
    unit = row.responsible_unit
    since = f"chạy từ ngày {_day(row.started_on)}" if row.started_on else "chưa chạy"
    since_en = f"running since {_day(row.started_on)}" if row.started_on else "not running yet"
    parts = (
        _label(SyncMethod(row.method), "vi"),
        _label(SyncFrequency(row.frequency), "vi"),
        f"{unit.name} chịu trách nhiệm" if unit else "",
        since,
    )
    parts_en = (
        _label(SyncMethod(row.method), "en"),
        _label(SyncFrequency(row.frequency), "en"),
        f"{unit.display_name('en')} answers for it" if unit else "",
        since_en,
    )
    return (
        f"Đồng bộ từ {vi}: {'; '.join(part for part in parts if part)}",
        f"Follows {en}: {'; '.join(part for part in parts_en if part)}",
    )


def brief_words_of(row: CopyStanding) -> tuple[str, str]:
    """The same by the number of the case alone, for what is kept when the other database may become a secret."""
    vi, en = STANDING_WORDS[Standing(row.standing)]
    if row.standing == Standing.SYNCHRONISE:
        since = f"chạy từ ngày {_day(row.started_on)}" if row.started_on else "chưa chạy"
        since_en = f"running since {_day(row.started_on)}" if row.started_on else "not running yet"
        frequency = SyncFrequency(row.frequency)
        vi = f"{vi} ({_label(frequency, 'vi')}, {since})"
        en = f"{en} ({_label(frequency, 'en')}, {since_en})"
    if row.standing == Standing.EXCEPTION:
        vi, en = f"{vi} đến ngày {_day(row.review_date)}", f"{en} until {_day(row.review_date)}"
    return f"{row.number}: {vi}", f"{row.number}: {en}"


STANDING_WORDS = {
    Standing.UNDECIDED: ("chưa kết luận", "not decided"),
    Standing.NAME_AUTHORITY: ("chờ xác định nguồn chuẩn", "waits for an authority to be named"),
    Standing.SYNCHRONISE: ("đồng bộ từ nguồn chuẩn", "follows the authority"),
    Standing.STOP: ("phải ngừng thu thập", "is to stop collecting"),
    Standing.STOPPED: ("đã ngừng thu thập", "has stopped collecting"),
    Standing.EXCEPTION: ("ngoại lệ đã ký", "signed exception"),
}


def _label(choice: SyncMethod | SyncFrequency, language: str) -> str:
    with translation.override(language):
        said = str(choice.label)
    return said[:1].lower() + said[1:]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day is not None else "–"


@carries("SEC-01")
def without_secret_sources(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries as they were issued, without what they say of a source that became a secret since."""
    named = {copy["source"]["code"] for entry in entries for copy in entry.get("copies", ())}
    if not named:
        return entries
    secret = set(Database.objects.filter(code__in=named, is_secret=True).values_list("code", flat=True))
    if not secret:
        return entries
    return [
        entry | {"copies": [copy for copy in entry["copies"] if copy["source"]["code"] not in secret]}
        if entry.get("copies")
        else entry
        for entry in entries
    ]
