"""Take over a list of agencies that was handed in as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from lienthong.agencies import events
from lienthong.agencies.access import require_administrator
from lienthong.agencies.errors import AgencyAboveMissing, CodesDisagree, RowRepeated
from lienthong.agencies.models import Agency, AgencyKind, IdentifierCode
from lienthong.agencies.rules import CodeForm, ReadCode, read_code
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.lists.reading import Cues, ListRow, Needed, rows_of
from lienthong.foundation.lists.reports import (
    CHANGED,
    NEW,
    REFUSED,
    UNCHANGED,
    ListLine,
    ListReport,
    keep_list,
    refused,
)
from lienthong.foundation.text import fold, nfc
from lienthong.foundation.tracing import carries

from .agencies import correct_agency_contact, found_agency, rename_agency

LABEL = "agencies.roster"
_CONTACT = ("address", "phone", "email", "website")
# Words of a kind as lists write them; the first that stands in the cell decides.
_KINDS: tuple[tuple[str, AgencyKind], ...] = (
    ("uy ban nhan dan tinh", AgencyKind.PROVINCE), ("cap tinh", AgencyKind.PROVINCE),
    ("cap xa", AgencyKind.COMMUNE), ("xa", AgencyKind.COMMUNE), ("phuong", AgencyKind.COMMUNE),
    ("bo", AgencyKind.MINISTRY), ("so", AgencyKind.DEPARTMENT), ("don vi", AgencyKind.UNIT),
)  # fmt: skip
# What a heading says, in folded words; the first that stands in it decides, so the narrower come first.
CUES: Cues = (
    ("parent", ("cap tren", "truc thuoc", "co quan chu quan", "don vi chu quan", "parent")),
    ("former", ("qcvn 102", "qcvn", "ma cu", "dinh danh cu", "dang cu", "former")),
    ("name_en", ("tieng anh", "name en", "english")),
    ("address", ("dia chi", "tru so", "address")),
    ("phone", ("dien thoai", "so dt", "sdt", "phone")),
    ("email", ("thu dien tu", "email", "e mail")),
    ("website", ("trang tin", "trang thong tin", "website", "cong thong tin")),
    ("kind", ("loai", "phan loai", "kind")),
    ("code", ("ma dinh danh", "ma co quan", "ma don vi", "ma to chuc", "identifier", "code", "ma")),
    ("name", ("ten co quan", "ten don vi", "ten to chuc", "co quan", "don vi", "ten", "name")),
)  # fmt: skip
_NEEDED = (
    Needed(frozenset({"code", "former"}), "Mã định danh", "Identifier code"),
    Needed(frozenset({"name"}), "Tên cơ quan", "Name"),
)


def hand_in_roster(*, actor: Actor, upload: Upload) -> StoredFile:
    """Keep a list of agencies, to be looked through before it is taken over. Raises ListKindRefused."""
    require_administrator(actor, "nhập danh sách cơ quan", "take over a list of agencies")
    return keep_list(actor=actor, upload=upload, label=LABEL)


@carries("IDC-01")
def take_over_roster(*, actor: Actor, file: StoredFile, dry_run: bool = False) -> ListReport:
    """Enter the agencies of a list, follow its names and contacts, and say of each row what became of it.

    A row is known by its identifier code in either form; units stand below the agency whose code theirs begins with, or
    the one the list names. A row that cannot be taken is reported and nothing else is lost; taking the same list again
    changes nothing. With `dry_run` everything is done and undone. Publishes `RosterTakenOver`, and the event of each
    act. Raises what reading the file raises.
    """
    require_administrator(actor, "nhập danh sách cơ quan", "take over a list of agencies")
    rows = rows_of(file, CUES, _NEEDED)
    report = ListReport()
    with transaction.atomic():
        known = _Known()
        found: dict[int, ListLine] = {}
        for row, read in _upper_first(rows, found):
            try:
                with transaction.atomic():
                    found[row.number] = _take(actor, row, read, known)
            except DomainError as error:
                found[row.number] = refused(row, error, code=row["code"] or row["former"], name=row["name"])
        report.lines = [found[row.number] for row in rows if row.number in found]
        if dry_run:
            transaction.set_rollback(True)
        elif report.changes:
            publish(
                actor=actor,
                fact=events.RosterTakenOver(
                    file_id=file.pk,
                    file_name=file.name,
                    added=report.count(NEW),
                    changed=report.count(CHANGED),
                    unchanged=report.count(UNCHANGED),
                    refused=report.count(REFUSED),
                ),
            )
    return report


class _Known:
    """The agencies on record by each code they hold, read once."""

    def __init__(self) -> None:
        agencies = {agency.pk: agency for agency in Agency.objects.all()}
        held = IdentifierCode.objects.filter(valid_to__isnull=True).values_list("code", "agency_id")
        self.by_code = {code: agencies[pk] for code, pk in held}
        self.by_code |= {agency.code: agency for agency in agencies.values()}
        self.by_name = {fold(agency.name): agency for agency in agencies.values() if agency.is_open}
        self.rows: dict[str, int] = {}

    def add(self, agency: Agency) -> None:
        self.by_code[agency.code] = agency
        self.by_name[fold(agency.name)] = agency


def _upper_first(rows: Sequence[ListRow], found: dict[int, ListLine]) -> list[tuple[ListRow, ReadCode]]:
    """The rows whose code can be read, those above before those below; the others are refused at once."""
    readable: list[tuple[ListRow, ReadCode]] = []
    for row in rows:
        try:
            readable.append((row, _code_of(row)))
        except DomainError as error:
            found[row.number] = refused(row, error, code=row["code"] or row["former"], name=row["name"])
    return sorted(readable, key=lambda one: (len(one[1].groups), one[0].number))


def _code_of(row: ListRow) -> ReadCode:
    read = read_code(row["code"] or row["former"])
    if row["code"] and row["former"]:
        other = read_code(row["former"])
        if other.code != read.code:
            raise CodesDisagree(given=row["code"], former=row["former"], read=other.code)
    return read


def _take(actor: Actor, row: ListRow, read: ReadCode, known: _Known) -> ListLine:
    if read.code in known.rows:
        raise RowRepeated(code=read.code, number=known.rows[read.code])
    known.rows[read.code] = row.number
    present = known.by_code.get(read.code)
    if present is not None:
        return _follow(actor, row, present)
    parent = _parent(row, read, known)
    agency = found_agency(
        actor=actor,
        code=read.code,
        name=row["name"],
        name_en=row["name_en"],
        kind=_kind(row, read),
        parent=parent,
        address=row["address"],
        phone=row["phone"],
        email=row["email"],
        website=row["website"],
    )
    known.add(agency)
    below = f" thuộc {parent.name}" if parent else ""
    below_en = f" below {parent.name}" if parent else ""
    return ListLine(row.number, read.code, agency.name, NEW, f"Thêm mới{below}", f"New{below_en}")


def _follow(actor: Actor, row: ListRow, agency: Agency) -> ListLine:
    """Bring an agency on record in line with its row: what the row leaves empty stays as it is."""
    said, said_en = [], []
    name = nfc(row["name"])
    if name and name != " ".join(agency.name.split()):
        rename_agency(
            actor=actor,
            agency=agency,
            name=name,
            name_en=row["name_en"] or agency.name_en,
            reason="Danh sách cơ quan",
        )
        said.append(f"Đổi tên từ “{agency.name}”")
        said_en.append(f"Renamed from “{agency.name}”")
    contact = {field: row[field] or getattr(agency, field) for field in _CONTACT}
    if any(contact[field] != getattr(agency, field) for field in _CONTACT):
        correct_agency_contact(actor=actor, agency=agency, **contact)
        said.append("Sửa thông tin liên hệ")
        said_en.append("Contact details corrected")
    verdict = CHANGED if said else UNCHANGED
    return ListLine(
        row.number, agency.code, name or agency.name, verdict, "; ".join(said), "; ".join(said_en)
    )


def _parent(row: ListRow, read: ReadCode, known: _Known) -> Agency | None:
    given = row["parent"]
    if given:
        above = known.by_name.get(fold(given))
        if above is None:
            try:
                above = known.by_code.get(read_code(given).code)
            except DomainError:
                above = None
        if above is None:
            raise AgencyAboveMissing(above=given)
        return above
    for length in range(len(read.groups) - 1, 0, -1):
        code = ".".join(read.groups[:length])
        if code in known.by_code:
            return known.by_code[code]
    if len(read.groups) > 1:
        raise AgencyAboveMissing(above=".".join(read.groups[:-1]))
    return None


def _kind(row: ListRow, read: ReadCode) -> str:
    spoken = f" {fold(row['kind'])} "
    for words, kind in _KINDS:
        if row["kind"] and f" {words} " in spoken:
            return kind.value
    if read.form is CodeForm.OTHER:
        return AgencyKind.OTHER.value
    if len(read.groups) == 1:
        name = fold(row["name"])
        is_province = name.startswith(("uy ban nhan dan", "ubnd"))
        return (AgencyKind.PROVINCE if is_province else AgencyKind.MINISTRY).value
    return (AgencyKind.DEPARTMENT if len(read.groups) == 2 else AgencyKind.UNIT).value
