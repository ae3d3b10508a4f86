"""Take over a list of databases that was handed in as a file."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import unit_of
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

from .. import rules
from ..access import databases_visible_to, may_own, may_register
from ..errors import DatabaseRepeated, UnitUnknown
from ..events import DatabasesTakenOver
from ..models import Database, LocalBase, PersonalDataClass, Tier
from ..queries import free_code, registering_agencies
from ..writing import governed_of
from .databases import amend_database, register_database

LABEL = "catalogue.listing"
BECAUSE = "Danh sách cơ sở dữ liệu"

# What a heading says, in folded words; the narrower come first, as they choose first.
CUES: Cues = (
    ("criticality_decision", ("quyet dinh phan loai", "decision that classes it")),
    ("criticality_date", ("ngay phan loai", "ngay quyet dinh", "date of that decision")),
    ("criticality", ("muc do quan trong", "cot loi", "criticality")),
    ("layers", ("lop du lieu", "data layers")),
    ("core_domain", ("mien du lieu", "mien loi", "core domain")),
    ("catalogue_part", ("phan cua danh muc", "phan danh muc", "part of the catalogue")),
    ("identifier_keys", ("khoa dinh danh", "identifier keys")),
    ("digitised_from", ("nguon hinh thanh", "so hoa", "from where data come")),
    ("mandatory_item", ("muc cua phu luc", "muc phu luc", "item of the appendix")),
    ("is_mandatory", ("ket noi bat buoc", "phai ket noi", "chia se bat buoc", "must connect")),
    ("storage_procedure_url", ("lien ket quy trinh", "link to the")),
    ("storage_procedure", ("quy trinh ky thuat luu tru", "quy trinh luu tru", "storage procedure")),
    ("storage_months", ("thoi han luu tru", "thoi han luu", "stored for")),
    ("managing_unit", ("don vi quan ly", "don vi van hanh", "don vi phu trach", "don vi thuc hien", "managing unit")),
    ("owner", ("co quan chu quan", "don vi chu quan", "chu quan", "co quan quan ly", "owner")),
    ("legal_basis", ("can cu phap ly", "co so phap ly", "van ban phap ly", "can cu", "legal basis")),
    ("local_base", ("co so hinh thanh", "base of a local database")),
    ("name_en", ("tieng anh", "name in english", "english")),
    ("specialised_rules", ("quy dinh chuyen nganh", "chuyen nganh", "specialised rules")),
    ("sector_reuse", ("su dung lai", "reuse")),
    ("personal_data", ("du lieu ca nhan", "personal data")),
    ("purpose", ("muc dich", "muc tieu", "purpose")),
    ("collection", ("thu thap", "cap nhat", "nguon du lieu", "nguon", "collection")),
    ("scope", ("pham vi", "noi dung", "bo du lieu", "du lieu chinh", "mo ta", "scope", "content")),
    ("tier", ("loai csdl", "loai co so du lieu", "phan loai", "cap", "loai", "class")),
    ("code", ("ma csdl", "ma co so du lieu", "ma dinh danh", "ma so", "ma", "code")),
    ("name", ("ten csdl", "ten co so du lieu", "co so du lieu", "csdl", "ten", "name")),
)  # fmt: skip
_NEEDED = (Needed(frozenset({"name"}), "Tên cơ sở dữ liệu", "Name of the database"),)

# Words of a class as lists write them; the first that stands in the cell decides.
_TIERS = (
    ("quoc gia", Tier.NATIONAL), ("national", Tier.NATIONAL), ("nganh", Tier.SECTOR), ("sector", Tier.SECTOR),
    ("noi bo", Tier.INTERNAL), ("internal", Tier.INTERNAL), ("dia phuong", Tier.LOCAL), ("tinh", Tier.LOCAL),
    ("local", Tier.LOCAL), ("bo", Tier.MINISTRY), ("ministry", Tier.MINISTRY),
)  # fmt: skip
_PERSONAL = (
    ("nhay cam", PersonalDataClass.SENSITIVE), ("sensitive", PersonalDataClass.SENSITIVE),
    ("khong", PersonalDataClass.NONE), ("none", PersonalDataClass.NONE), ("no", PersonalDataClass.NONE),
    ("co", PersonalDataClass.BASIC), ("co ban", PersonalDataClass.BASIC), ("basic", PersonalDataClass.BASIC),
)  # fmt: skip
_FOLLOWED = (
    "name", "name_en", "tier", "local_base", "legal_basis", "purpose", "scope", "collection",
    "specialised_rules", "sector_reuse", "personal_data",
)  # fmt: skip


def hand_in_listing(*, actor: Actor, upload: Upload) -> StoredFile:
    """Keep a list of databases, to be looked through before it is taken over. Raises ListKindRefused."""
    _require_register(actor)
    return keep_list(actor=actor, upload=upload, label=LABEL)


@carries("CAT-01", "CAT-06")
def take_over_listing(*, actor: Actor, file: StoredFile, dry_run: bool = False) -> ListReport:
    """Register the databases of a list, amend those on record, and say of each row what became of it.

    A row is known by its code, or by the name of a database of the same unit where the list has no codes. What a row
    leaves empty stays as it is; a row that cannot be taken is reported and nothing else is lost; the same list again
    changes nothing. With `dry_run` everything is done and undone. Publishes `DatabasesTakenOver`, and the event of
    each act. Raises what reading the file raises.
    """
    _require_register(actor)
    rows = rows_of(file, CUES, _NEEDED)
    report = ListReport()
    with transaction.atomic():
        known = _Known(actor)
        for row in rows:
            try:
                with transaction.atomic():
                    line = _take(actor, row, known)
            except DomainError as error:
                line = refused(row, error, code=row["code"], name=row["name"])
            report.lines.append(line)
        if dry_run:
            transaction.set_rollback(True)
        elif report.changes:
            publish(
                actor=actor,
                fact=DatabasesTakenOver(
                    file_id=file.pk,
                    file_name=file.name,
                    added=report.count(NEW),
                    changed=report.count(CHANGED),
                    unchanged=report.count(UNCHANGED),
                    refused=report.count("refused"),
                ),
            )
    return report


class _Known:
    """The units for which the actor registers, and the databases already there, read once."""

    def __init__(self, actor: Actor) -> None:
        may = registering_agencies(actor)
        self.own = unit_of(actor) or may.unit
        self.top = may.owner
        self.units = {unit.pk: unit for unit in may.units}
        self.by_word: dict[str, Agency] = {}
        for agency in [*may.owners, *may.units]:
            self.by_word[fold(agency.name)] = agency
            self.by_word[fold(agency.code)] = agency
        self.databases = {database.code: database for database in databases_visible_to(actor)}
        self.by_name = {
            (database.managing_unit_id, fold(database.name)): database for database in self.databases.values()
        }
        self.rows: dict[str, int] = {}


def _require_register(actor: Actor) -> None:
    if not may_register(actor):
        raise NotAllowed(act="nhập danh sách cơ sở dữ liệu", act_en="take over a list of databases")


def _take(actor: Actor, row: ListRow, known: _Known) -> ListLine:
    unit = _unit(row["managing_unit"], known) or known.own or _unit(row["owner"], known)
    if unit is None:
        raise UnitUnknown(given=row["managing_unit"] or row["owner"] or "–")
    code = rules.normal_code(row["code"]) if row["code"] else ""
    present = known.databases.get(code) if code else known.by_name.get((unit.pk, fold(row["name"])))
    identity = code or f"{unit.pk} {fold(row['name'])}"
    if identity in known.rows:
        raise DatabaseRepeated(name=row["name"], number=known.rows[identity])
    known.rows[identity] = row.number
    given = _given(row)
    governed = governed_of(row)
    if present is not None:
        return _follow(actor, row, present, given | governed)
    owner = _unit(row["owner"], known) or known.top or unit
    if owner.pk != unit.pk and not unit.path.startswith(owner.path):
        owner = unit
    database = register_database(
        actor=actor,
        code=code or free_code(unit),
        owner=owner,
        managing_unit=unit,
        **{"name": row["name"], "tier": "", "legal_basis": "", "purpose": "", "scope": "", "collection": ""}
        | given,
    )
    if governed:
        amend_database(actor=actor, database=database, reason=BECAUSE, **governed)
    return ListLine(
        row.number,
        database.code,
        database.name,
        NEW,
        f"Đăng ký mới, {unit.name} quản lý",
        f"Newly registered, managed by {unit.name}",
    )


def _follow(actor: Actor, row: ListRow, database: Database, given: dict[str, Any]) -> ListLine:
    if not may_own(actor, database):
        raise NotAllowed(act="sửa cơ sở dữ liệu này", act_en="amend this database")
    changes = {
        field: value
        for field, value in given.items()
        if getattr(database, field) != (nfc(value) if isinstance(value, str) else value)
    }
    if not changes:
        return ListLine(row.number, database.code, database.name, UNCHANGED)
    amended = amend_database(actor=actor, database=database, reason=BECAUSE, **changes)
    labels = [rules.AMENDABLE[field] for field in changes]
    return ListLine(
        row.number,
        amended.code,
        amended.name,
        CHANGED,
        f"Sửa {', '.join(vi for vi, _ in labels)}",
        f"Amended: {', '.join(en for _, en in labels)}",
    )


def _unit(given: str, known: _Known) -> Agency | None:
    if not given:
        return None
    found = known.by_word.get(fold(given))
    if found is None:
        raise UnitUnknown(given=given)
    return found


def _given(row: ListRow) -> dict[str, str]:
    """What the row says of the database; empty cells say nothing."""
    given = {field: row[field] for field in _FOLLOWED if row[field]}
    if "tier" in given:
        given["tier"] = _word(given["tier"], _TIERS) or given["tier"][:12]
    if "local_base" in given:
        by_law = "giao" in fold(given["local_base"]) or "law" in fold(given["local_base"])
        given["local_base"] = LocalBase.ASSIGNED_BY_LAW if by_law else LocalBase.BUILT_FOR_EGOVERNMENT
    elif given.get("tier") == Tier.LOCAL:
        given["local_base"] = LocalBase.BUILT_FOR_EGOVERNMENT
    if "personal_data" in given:
        given["personal_data"] = _word(given["personal_data"], _PERSONAL) or PersonalDataClass.BASIC
    return given


def _word(cell: str, words: tuple[tuple[str, str], ...]) -> str:
    spoken = f" {fold(cell)} "
    return next((str(value) for word, value in words if f" {word} " in spoken), "")
