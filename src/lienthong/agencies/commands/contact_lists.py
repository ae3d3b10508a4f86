"""Take over a list of the communes' contacts for data that was handed in as a file."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import governance_events, rules
from lienthong.agencies.access import GOVERNING, require_acting_for
from lienthong.agencies.errors import CommuneUnknown, GovernanceContentMissing, RowRepeated
from lienthong.agencies.models import Agency, AgencyKind, GovernanceRole, GovernanceRoleKind
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.lists.cells import day_of
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

from .governance_roles import PERSON, end_governance_role, name_commune_contact, require_after, written

LABEL = "agencies.commune_contacts"
CUES: Cues = (
    ("decision_number", ("so quyet dinh", "quyet dinh so", "decision number")),
    ("decision_date", ("ngay quyet dinh", "ngay ky", "decision date")),
    ("valid_from", ("tu ngay", "hieu luc tu", "from")),
    ("phone", ("dien thoai", "so dt", "sdt", "phone")),
    ("email", ("thu dien tu", "email", "e mail")),
    ("full_name", ("ho va ten", "ho ten", "can bo dau moi", "nguoi dau moi", "full name")),
    ("position", ("chuc vu", "chuc danh", "position")),
    ("code", ("ma dinh danh", "ma xa", "ma don vi", "ma co quan", "ma", "code")),
    ("unit", ("ten xa", "xa phuong", "don vi", "co quan", "uy ban nhan dan", "ubnd", "xa", "commune", "unit")),
)  # fmt: skip
_NEEDED = (
    Needed(frozenset({"code", "unit"}), "Mã hoặc tên xã, phường", "Code or name of the commune"),
    Needed(frozenset({"full_name"}), "Họ và tên", "Full name"),
    Needed(frozenset({"decision_number"}), "Số quyết định", "Decision number"),
)
_FOLLOWED = ("position", "phone", "email")


def hand_in_commune_contacts(*, actor: Actor, agency: Agency, upload: Upload) -> StoredFile:
    """Keep a list of commune contacts, to be looked through before it is taken over. Raises ListKindRefused."""
    _require(actor, agency)
    return keep_list(actor=actor, upload=upload, label=LABEL)


@carries("GOVF-05")
def take_over_commune_contacts(
    *, actor: Actor, agency: Agency, file: StoredFile, dry_run: bool = False
) -> ListReport:
    """Name the contacts of a list, replace those it names otherwise, and say of each row what became of it.

    A commune is known by its identifier code in any form or by its name. A row that cannot be taken is reported and
    nothing else is lost; the same list again changes nothing; with `dry_run` everything is done and undone. Publishes
    `CommuneContactsTakenOver`, and the event of each act.
    """
    _require(actor, agency)
    rows = rows_of(file, CUES, _NEEDED)
    report = ListReport()
    with transaction.atomic():
        known = _Known(agency)
        for row in rows:
            try:
                with transaction.atomic():
                    report.lines.append(_take(actor, agency, row, known))
            except DomainError as error:
                report.lines.append(refused(row, error, code=row["code"], name=row["full_name"]))
        if dry_run:
            transaction.set_rollback(True)
        elif report.changes:
            publish(
                actor=actor,
                fact=governance_events.CommuneContactsTakenOver(
                    agency_id=agency.pk,
                    file_id=file.pk,
                    file_name=file.name,
                    added=report.count(NEW),
                    changed=report.count(CHANGED),
                    refused=report.count(REFUSED),
                ),
            )
    return report


class _Known:
    """The open communes of an agency by code and by name, and who answers for data in each today, read once."""

    def __init__(self, agency: Agency) -> None:
        communes = Agency.objects.filter(
            path__startswith=agency.path, kind=AgencyKind.COMMUNE, valid_to__isnull=True
        )
        self.by_code = {one.code: one for one in communes}
        self.by_name: dict[str, Agency | None] = {}
        for one in communes:
            for name in {_spoken(one.name), _spoken(one.name).removeprefix("ubnd ")}:
                # Two communes of one name are told apart by their codes alone.
                self.by_name[name] = None if name in self.by_name else one
        serving = GovernanceRole.objects.filter(
            agency=agency, kind=GovernanceRoleKind.COMMUNE_CONTACT, valid_to__isnull=True
        )
        self.serving = {role.unit_id: role for role in serving.select_related("unit", "agency")}
        self.rows: dict[int, int] = {}

    def commune(self, row: ListRow) -> Agency:
        if row["code"]:
            found = self.by_code.get(rules.read_code(row["code"]).code)
        else:
            name = _spoken(row["unit"])
            found = self.by_name.get(name) or self.by_name.get(name.removeprefix("ubnd "))
        if found is None:
            raise CommuneUnknown(given=(row["code"] or row["unit"])[:80])
        return found


def _take(actor: Actor, agency: Agency, row: ListRow, known: _Known) -> ListLine:
    commune = known.commune(row)
    if commune.pk in known.rows:
        raise RowRepeated(code=commune.code, number=known.rows[commune.pk])
    known.rows[commune.pk] = row.number
    present = known.serving.get(commune.pk)
    if present is not None and fold(present.full_name) == fold(row["full_name"]):
        return _follow(row, present)
    day = _day(row, "decision_date", "ngày quyết định", "decision date")
    begins = day_of(row["valid_from"]) or day
    said, said_en = f"Đầu mối của {commune.name}", f"Contact of {commune.display_name('en')}"
    if present is not None:
        require_after(begins, present.valid_from, present.full_name)
        end_governance_role(actor=actor, role=present, valid_to=rules.eve_of(begins))
        said, said_en = f"{said}, thay {present.full_name}", f"{said_en}, in place of {present.full_name}"
    given = name_commune_contact(
        actor=actor,
        agency=agency,
        unit=commune,
        full_name=row["full_name"],
        position=row["position"],
        phone=row["phone"],
        email=row["email"],
        decision_number=row["decision_number"],
        decision_date=day,
        valid_from=begins,
    )
    known.serving[commune.pk] = given
    return ListLine(row.number, commune.code, given.full_name, CHANGED if present else NEW, said, said_en)


def _follow(row: ListRow, present: GovernanceRole) -> ListLine:
    """The contact on record, brought in line with its row; what the row leaves empty stays as it is."""
    given = {name: nfc(row[name]).strip() or getattr(present, name) for name in _FOLLOWED}
    if all(given[name] == getattr(present, name) for name in _FOLLOWED):
        return ListLine(row.number, present.unit.code, present.full_name, UNCHANGED)
    for name, value in written(PERSON, full_name=present.full_name, **given).items():
        setattr(present, name, value)
    present.save()
    return ListLine(
        row.number,
        present.unit.code,
        present.full_name,
        CHANGED,
        "Sửa thông tin liên hệ",
        "Contact details corrected",
    )


def _day(row: ListRow, field: str, name: str, name_en: str) -> date:
    day = day_of(row[field])
    if day is None or day > timezone.localdate():
        raise GovernanceContentMissing(at=field, name=name, name_en=name_en)
    return day


def _spoken(name: str) -> str:
    return " ".join(fold(name).replace("uy ban nhan dan", "ubnd").split())


def _require(actor: Actor, agency: Agency) -> None:
    require_acting_for(
        actor, agency, GOVERNING, "nhập danh sách đầu mối cấp xã", "take over commune contacts"
    )
