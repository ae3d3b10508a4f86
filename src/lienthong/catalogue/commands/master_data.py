"""National master data: the published list is recorded in versions, each item has one trusted source."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.lists.reading import Cues, ListRow, Needed, rows_of
from lienthong.foundation.lists.reports import (
    CHANGED,
    NEW,
    UNCHANGED,
    ListLine,
    ListReport,
    keep_list,
    refused,
)
from lienthong.foundation.text import fold, nfc
from lienthong.foundation.tracing import carries
from lienthong.law.errors import NoAuthorityNamed
from lienthong.law.queries import authority_role

from ..access import may_keep_master_data, require_owner
from ..code_list_events import MasterDataListRecorded, TrustedSourceNamed
from ..governing_errors import CodeRepeated, MasterItemIncomplete, MasterListRefused, MasterSourceTaken
from ..models import CoreDomain, Database, MasterDataItem, MasterDataList
from ..writing import choice_named

LABEL = "catalogue.master_data"
CUES: Cues = (
    ("source_code", ("ma csdl", "ma co so du lieu")),
    ("source_name", ("nguon tin cay", "nguon chuan", "co so du lieu", "csdl", "nguon", "source")),
    ("owner_name", ("co quan chu quan", "chu quan", "co quan", "owner")),
    ("keys", ("khoa dinh danh", "khoa", "identifier key", "key")),
    ("domain", ("mien du lieu", "mien", "domain")),
    ("is_basic", ("du lieu nen tang", "co ban", "basic")),
    ("code", ("ma muc", "ma du lieu chu", "ma so", "ma", "code")),
    ("name", ("ten du lieu chu", "muc du lieu", "ten", "name")),
)
_NEEDED = (
    Needed(frozenset({"code"}), "Mã mục dữ liệu chủ", "Code of the item"),
    Needed(frozenset({"name"}), "Tên mục dữ liệu chủ", "Name of the item"),
)
_FOLLOWED = ("name", "keys", "domain", "owner_name", "source_name", "source_id", "is_basic")
_BASIC_WORDS = ("dan cu", "dat dai", "doanh nghiep")


def hand_in_master_data(*, actor: Actor, upload: Upload) -> StoredFile:
    """Keep the list of national master data, to be looked through before it is recorded. Raises ListKindRefused."""
    _require_keeping(actor)
    return keep_list(actor=actor, upload=upload, label=LABEL)


@carries("D278-07", "D278-06", "MDM-01")
def take_over_master_data(
    *,
    actor: Actor,
    file: StoredFile,
    decision_number: str = "",
    decision_date: date | None = None,
    agreement: str = "",
    valid_from: date | None = None,
    dry_run: bool = False,
) -> ListReport:
    """Record a version of the list of national master data from a file, which holds the whole list.

    Of each row it is said what it changes; a second source for one item is refused. The same list under the same
    decision changes nothing. Publishes `MasterDataListRecorded`; raises `MasterListRefused`.
    """
    _require_keeping(actor)
    rows = rows_of(file, CUES, _NEEDED)
    known = {item.code: item for item in MasterDataItem.objects.select_related("source")}
    databases = {database.code: database for database in Database.objects.filter(is_secret=False)}
    report = ListReport()
    taken: dict[str, dict[str, Any]] = {}
    seen: dict[str, int] = {}
    for row in rows:
        try:
            line = _take(row, taken, seen, known, databases)
        except DomainError as error:
            line = refused(row, error, code=row["code"], name=row["name"])
        report.lines.append(line)
    for code, item in known.items():
        if code not in taken and item.left_on is None:
            report.lines.append(
                ListLine(
                    0,
                    code,
                    item.name,
                    CHANGED,
                    "Không còn trong danh mục, vẫn được giữ",
                    "Left the list; it is kept",
                )
            )
    if dry_run:
        return report
    _require_published(decision_number, decision_date, agreement, valid_from)
    assert decision_date is not None
    assert valid_from is not None
    same = MasterDataList.objects.filter(decision_number=nfc(decision_number).strip()).first()
    if same is not None:
        if report.changes:
            raise MasterListRefused(
                why=f"quyết định {same.decision_number} đã ghi cho phiên bản {same.version}",
                why_en=f"decision {same.decision_number} is recorded for version {same.version}",
            )
        return report
    with transaction.atomic():
        _record(actor, taken, known, decision_number, decision_date, agreement, valid_from)
    return report


def _record(
    actor: Actor,
    taken: dict[str, dict[str, Any]],
    known: dict[str, MasterDataItem],
    decision_number: str,
    decision_date: date,
    agreement: str,
    valid_from: date,
) -> None:
    last = MasterDataList.objects.first()
    if last is not None and valid_from <= last.valid_from:
        raise MasterListRefused(
            why=f"ngày hiệu lực không sau phiên bản {last.version}",
            why_en=f"it is not in force after version {last.version}",
        )
    try:
        by = authority_role("master_data_list", valid_from)
        publisher = (by.role_vi, by.role_en)
    except NoAuthorityNamed:
        publisher = ("", "")
    made = MasterDataList.objects.create(
        version=last.version + 1 if last else 1,
        decision_number=nfc(decision_number).strip()[:60],
        decision_date=decision_date,
        agreement=nfc(agreement).strip()[:300],
        valid_from=valid_from,
        published_by_vi=publisher[0],
        published_by_en=publisher[1],
        entries=[
            {"code": code} | {name: value for name, value in values.items() if name != "source_id"}
            for code, values in taken.items()
        ],
        recorded_by_id=int(actor.user_id) if actor.user_id else None,
    )
    for code, values in taken.items():
        item = known.get(code) or MasterDataItem(code=code)
        for name, value in values.items():
            setattr(item, name, value)
        item.listed_in, item.left_on = made, None
        item.save()
    for code, item in known.items():
        if code not in taken and item.left_on is None:
            item.left_on = valid_from
            item.save(update_fields=["left_on"])
    publish(
        actor=actor,
        fact=MasterDataListRecorded(list_id=made.pk, version=made.version, items=len(taken)),
    )


def _take(
    row: ListRow,
    taken: dict[str, dict[str, Any]],
    seen: dict[str, int],
    known: dict[str, MasterDataItem],
    databases: dict[str, Database],
) -> ListLine:
    code, name = nfc(row["code"]).strip(), nfc(row["name"]).strip()
    if not code or not name or len(code) > 80:
        raise MasterItemIncomplete()
    source = databases.get(row["source_code"].strip().upper()) if row["source_code"] else None
    values = {
        "name": name[:250],
        "keys": row["keys"][:300],
        "domain": _domain(row["domain"]),
        "owner_name": row["owner_name"][:250],
        "source_name": (source.name if source else row["source_name"])[:250],
        "source_id": source.pk if source else None,
        "is_basic": _basic(row["is_basic"], name),
    }
    if code in taken:
        earlier = taken[code]
        if fold(str(earlier["source_name"])) != fold(str(values["source_name"])):
            raise MasterSourceTaken(item=code, source=earlier["source_name"] or "–")
        raise CodeRepeated(given=code, number=seen[code])
    present = known.get(code)
    if present is not None and present.source_id and not source and not row["source_name"]:
        values["source_id"], values["source_name"] = present.source_id, present.source_name
    taken[code], seen[code] = values, row.number
    if present is None or present.left_on is not None:
        return ListLine(row.number, code, name, NEW)
    changed = [field for field in _FOLLOWED if getattr(present, field) != values[field]]
    if not changed:
        return ListLine(row.number, code, name, UNCHANGED)
    if "source_name" in changed:
        said = (
            f"Nguồn tin cậy: {present.source_name or '–'} → {values['source_name'] or '–'}",
            f"Trusted source: {present.source_name or '–'} → {values['source_name'] or '–'}",
        )
        return ListLine(row.number, code, name, CHANGED, *said)
    return ListLine(row.number, code, name, CHANGED)


@carries("D278-06", "MDM-01")
def name_trusted_source(*, actor: Actor, item: MasterDataItem, database: Database) -> MasterDataItem:
    """Say that a database is the single trusted source of an item of national master data.

    Publishes `TrustedSourceNamed`; raises `MasterSourceTaken` when the item has another source.
    """
    require_owner(actor, database, "nêu nguồn tin cậy", "name this database as a trusted source")
    with transaction.atomic():
        locked = MasterDataItem.objects.select_for_update().get(pk=item.pk)
        if locked.source_id == database.pk:
            return locked
        taken = locked.source_id is not None or (
            locked.source_name and fold(locked.source_name) != fold(database.name)
        )
        if taken or database.is_secret:
            raise MasterSourceTaken(item=locked.code, source=locked.source_name or "–")
        locked.source, locked.source_name = database, database.name
        locked.save(update_fields=["source", "source_name"])
        publish(
            actor=actor,
            fact=TrustedSourceNamed(database_id=database.pk, item=f"{locked.code} {locked.name}"),
        )
    item.refresh_from_db()
    return item


def _require_keeping(actor: Actor) -> None:
    if not may_keep_master_data(actor):
        raise NotAllowed(
            act="ghi nhận danh mục dữ liệu chủ quốc gia", act_en="record the list of national master data"
        )


def _require_published(number: str, day: date | None, agreement: str, valid_from: date | None) -> None:
    missing = (
        ("thiếu số quyết định", "the number of the decision is missing", bool(number.strip())),
        ("thiếu văn bản thống nhất với chủ quản", "the agreement is missing", bool(agreement.strip())),
        ("thiếu ngày hiệu lực", "the day of entry into force is missing", valid_from is not None),
        (
            "ngày quyết định trống hoặc sau hôm nay",
            "the date of the decision is missing or after today",
            day is not None and day <= timezone.localdate(),
        ),
    )
    for vi, en, is_there in missing:
        if not is_there:
            raise MasterListRefused(why=vi, why_en=en)


def _domain(cell: str) -> str:
    return choice_named("domain", cell, CoreDomain) if cell else ""


def _basic(cell: str, name: str) -> bool:
    if cell:
        return fold(cell).strip() in {"co", "x", "yes", "1", "true"}
    return any(word in fold(name) for word in _BASIC_WORDS)
