"""The decision that issues a catalogue of databases, with the catalogue as its annex, and the same as a workbook.

Written in Vietnamese, as official papers are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone, translation

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, posts_of_agency
from lienthong.agencies.roles import Role
from lienthong.agencies.rules import place_named
from lienthong.foundation.papers.shapes import MOTTO, Annex, Block, Heading, Paper, Text, dated, grid
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries
from lienthong.law.basis import status_on
from lienthong.law.queries import basis_on

from .copies import without_secret_sources
from .differences import values_of
from .models import CatalogueReview, Database, IssuedCatalogue, LocalBase, PersonalDataClass, Tier
from .queries import entries_shown

DECISION = "catalogue.issue_decision"
ITEMS_TOLD = 12
"""How many items of one group are named in the annex; the workbook names them all."""
GROUPS = (("open", "Dữ liệu mở"), ("shared", "Dùng chung"), ("private_use", "Dùng riêng"))
# The base of a local database in few words, for a narrow column.
BASES = {
    LocalBase.ASSIGNED_BY_LAW.value: "theo pháp luật giao",
    LocalBase.BUILT_FOR_EGOVERNMENT.value: "phục vụ chính quyền điện tử",
}
IN_FORCE = ("Còn hiệu lực", "Chưa đối chiếu được")

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class CataloguePaper:
    """What the papers of one version say, whether it is issued or still a draft."""

    agency: Agency
    version: int
    entries: Sequence[Entry]
    number: str
    day: date | None
    place: str
    before: IssuedCatalogue | None
    submission: str

    @property
    def dated_on(self) -> date:
        return self.day or timezone.localdate()


@carries("SEC-01")
def draft_of(review: CatalogueReview) -> list[dict[str, Any]]:
    """The entries of a draft that may be shown: what became a secret since leaves no trace."""
    codes = [entry["code"] for entry in review.draft]
    secret = set(Database.objects.filter(code__in=codes, is_secret=True).values_list("code", flat=True))
    return without_secret_sources([entry for entry in review.draft if entry["code"] not in secret])


def paper_of_review(review: CatalogueReview) -> CataloguePaper:
    """The papers of a draft; once issued, those of the version to which the review led."""
    if review.state == "issued" and review.catalogue is not None:
        return paper_of_issued(review.catalogue)
    before = IssuedCatalogue.objects.filter(agency=review.agency).first()
    return CataloguePaper(
        agency=review.agency,
        version=before.version + 1 if before else 1,
        entries=draft_of(review),
        number="",
        day=None,
        place=review.place,
        before=before,
        submission=_submission(review),
    )


def paper_of_issued(catalogue: IssuedCatalogue) -> CataloguePaper:
    """The papers of an issued version, as it was issued."""
    review = CatalogueReview.objects.filter(catalogue=catalogue).first()
    before = IssuedCatalogue.objects.filter(agency=catalogue.agency, version__lt=catalogue.version).first()
    return CataloguePaper(
        agency=catalogue.agency,
        version=catalogue.version,
        entries=entries_shown(catalogue),
        number=catalogue.decision_number,
        day=catalogue.decision_date,
        place=review.place if review is not None else place_of(catalogue.agency),
        before=before,
        submission=_submission(review) if review is not None else "",
    )


def place_of(agency: Agency) -> str:
    """The place named on the papers of an agency, as far as its name tells it."""
    return place_named(agency.name, agency.parent.name if agency.parent else "")


def _submission(review: CatalogueReview) -> str:
    if not review.submission_number or review.submission_date is None:
        return ""
    return f"{review.submission_number} ngày {review.submission_date:%d/%m/%Y}"


@carries("CAT-02", "CAT-06")
def decision_paper(written: CataloguePaper) -> Paper:
    """The decision of the head, with the catalogue as its annex on pages that lie on their long side."""
    agency, day = written.agency, written.dated_on
    title, name = _signer(agency)
    told = f"Danh mục cơ sở dữ liệu của {agency.name}"
    number = f"Quyết định số {written.number or '....../QĐ-......'} ngày {_day_of(written)}"
    return Paper(
        kind=DECISION,
        above=agency.parent.name if agency.parent else "",
        issuer=agency.name,
        number=f"Số: {written.number or '       /QĐ-'}",
        motto=MOTTO,
        dated=_dated(written.place, written.day),
        day=day,
        title="Quyết định",
        about=f"Về việc ban hành {told}",
        basis=(*basis_on(day), *_proposal(written)),
        blocks=(
            Heading("QUYẾT ĐỊNH:", level=0),
            Text(
                f"Điều 1. Ban hành kèm theo Quyết định này {told}, phiên bản {written.version}, gồm "
                f"{len(written.entries)} cơ sở dữ liệu."
            ),
            Text(_replaced(written)),
            Text(
                "Điều 3. Thủ trưởng các đơn vị quản lý cơ sở dữ liệu có tên trong Danh mục thực hiện việc cập nhật, kết "
                "nối, chia sẻ dữ liệu theo quy định; khi có thay đổi, báo cáo để sửa đổi, bổ sung Danh mục."
            ),
            Text(
                "Điều 4. Thủ trưởng các đơn vị trực thuộc và tổ chức, cá nhân liên quan chịu trách nhiệm thi hành "
                "Quyết định này./."
            ),
        ),
        signer=(title,),
        signer_name=name,
        recipients=("Như Điều 4", "Các đơn vị trực thuộc", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        annexes=(
            Annex(
                title="Phụ lục",
                about=told,
                attached_to=f"Ban hành kèm theo {number}",
                blocks=annex_blocks(written),
            ),
        ),
        data={
            "phien_ban": written.version,
            "so_csdl": len(written.entries),
            "so_quyet_dinh": written.number,
        },
    )


def _day_of(written: CataloguePaper) -> str:
    return f"{written.day:%d/%m/%Y}" if written.day else "...../...../......"


def _dated(place: str, day: date | None) -> str:
    if day is None:
        return f"{place or '............'}, ngày ..... tháng ..... năm ......"
    return dated(place, day)


def _proposal(written: CataloguePaper) -> tuple[str, ...]:
    if not written.submission:
        return ()
    return (f"Xét đề nghị của đơn vị chuyên trách công nghệ thông tin tại văn bản số {written.submission}",)


def _replaced(written: CataloguePaper) -> str:
    said = "Điều 2. Quyết định này có hiệu lực kể từ ngày ký"
    if written.before is None:
        return f"{said}."
    before = written.before
    return (
        f"{said} và thay thế Quyết định số {before.decision_number} ngày {before.decision_date:%d/%m/%Y} ban hành "
        f"Danh mục phiên bản {before.version}."
    )


def _signer(agency: Agency) -> tuple[str, str]:
    """In what capacity the decision is signed, and by whom, as far as the posts of the agency say it."""
    heads = people_in_role(agency, Role.HEAD)
    post = posts_of_agency(agency).filter(role=Role.HEAD, person_id__in=heads).first()
    if post is None:
        return "Thủ trưởng cơ quan", ""
    return post.title or "Thủ trưởng cơ quan", post.person.full_name


def annex_blocks(written: CataloguePaper) -> tuple[Block, ...]:
    """The catalogue as a table, or as two where its entries say to which part they belong (GOVF-03)."""
    parts = (("own", "Phần A. Dữ liệu gốc của cơ quan"), ("other", "Phần B. Dữ liệu khác"))
    of_part = {key: [one for one in written.entries if _part(one) == key] for key, _title in parts}
    if not of_part["other"]:
        return (_table(written.entries, written.dated_on, ""),)
    return tuple(_table(of_part[key], written.dated_on, title) for key, title in parts if of_part[key])


@carries("GOVF-03")
def _part(entry: Entry) -> str:
    return "other" if entry.get("catalogue_part") == "other" else "own"


def _table(entries: Iterable[Entry], day: date, caption: str) -> Block:
    rows = [
        (
            place,
            f"{entry['name']} ({entry['code']})",
            _tier(entry),
            _named(entry.get("managing_unit")),
            _basis(entry, day),
            f"{entry['purpose']} {entry['scope']}",
            _collected(entry),
            _items(entry),
        )
        for place, entry in enumerate(entries, start=1)
    ]
    return grid(
        [("TT", 0.5), ("Tên cơ sở dữ liệu (mã)", 2.2), ("Loại", 1.3), ("Đơn vị quản lý", 1.5), ("Căn cứ pháp lý", 2),
         ("Mục đích, phạm vi, nội dung", 2.8), ("Cơ chế thu thập, cập nhật, nguồn", 2.2),
         ("Mục dữ liệu theo nhóm và đối tượng khai thác", 3.2)],
        rows,
        caption,
    )  # fmt: skip


def _tier(entry: Entry) -> str:
    with translation.override("vi"):
        found = str(Tier(entry["tier"]).label) if entry["tier"] in Tier.values else str(entry["tier"])
    base = BASES.get(str(entry.get("local_base") or ""))
    return f"{found}, {base}" if base else found


def _named(unit: Any) -> str:
    return str(unit.get("name", "")) if isinstance(unit, Mapping) else str(unit or "")


def _basis(entry: Entry, day: date) -> str:
    """The legal basis, with its status on the day where that is not simply in force."""
    text = " ".join(str(entry["legal_basis"]).split())
    status = status_on(text, day)
    return text if status in IN_FORCE else f"{text} ({status[:1].lower()}{status[1:]})"


@carries("OVL-02", "OVL-04")
def _collected(entry: Entry) -> str:
    """How data are collected, and from which source the copy follows."""
    return " ".join(
        [
            " ".join(str(entry["collection"]).split()),
            *(f"{one['said']}." for one in entry.get("copies") or ()),
        ]
    )


def _items(entry: Entry) -> str:
    told = []
    for group, word in GROUPS:
        items = (entry.get("items") or {}).get(group) or []
        if not items:
            continue
        by_users: dict[str, list[str]] = {}
        for item in items:
            by_users.setdefault(str(item.get("users") or ""), []).append(str(item["title"]))
        shown = []
        for users, titles in by_users.items():
            names = ", ".join(titles[:ITEMS_TOLD])
            more = f" và {len(titles) - ITEMS_TOLD} mục khác" if len(titles) > ITEMS_TOLD else ""
            shown.append(f"{names}{more}" + (f" (cho: {users})" if users else ""))
        told.append(f"{word} ({len(items)}): {'; '.join(shown)}.")
    return " ".join(told) or "Chưa phân nhóm."


@carries("CAT-06")
def annex_sheets(written: CataloguePaper) -> list[Sheet]:
    """A version as a workbook: every statutory field of each entry, then every data item with its users."""
    day = written.dated_on
    lines = (
        f"Danh mục cơ sở dữ liệu của {written.agency.name}, phiên bản {written.version}",
        f"Quyết định số {written.number or '......'} ngày {_day_of(written)}",
    )
    with translation.override("vi"):
        rows = [
            (
                place, entry["code"], entry["name"], _tier(entry), _named(entry.get("owner")),
                _named(entry.get("managing_unit")), entry["legal_basis"], status_on(entry["legal_basis"], day),
                entry["purpose"], entry["scope"], entry["collection"], "; ".join(values_of(entry.get("copies"))),
                entry.get("specialised_rules", ""),
                entry.get("sector_reuse", ""), _personal(entry), "; ".join(values_of(entry.get("code_lists"))),
                "; ".join(values_of(entry.get("keys"))),
                *(len((entry.get("items") or {}).get(group) or []) for group, _word in GROUPS),
            )
            for place, entry in enumerate(written.entries, start=1)
        ]  # fmt: skip
    columns = (
        SheetColumn("TT", 6, "number"), SheetColumn("Mã", 16), SheetColumn("Tên cơ sở dữ liệu", 40),
        SheetColumn("Loại", 20), SheetColumn("Chủ quản", 26), SheetColumn("Đơn vị quản lý", 30),
        SheetColumn("Căn cứ pháp lý", 40), SheetColumn(f"Hiệu lực của căn cứ tại {day:%d/%m/%Y}", 24),
        SheetColumn("Mục đích", 40), SheetColumn("Phạm vi, nội dung", 40),
        SheetColumn("Cơ chế thu thập, cập nhật và nguồn", 40), SheetColumn("Nguồn chuẩn, cơ chế đồng bộ", 40),
        SheetColumn("Quy định chuyên ngành", 30),
        SheetColumn("Sử dụng lại của bộ quản lý ngành", 30), SheetColumn("Dữ liệu cá nhân", 18),
        SheetColumn("Danh mục dùng chung", 30), SheetColumn("Khóa dữ liệu", 30),
        *(SheetColumn(f"Số mục: {word.lower()}", 12, "number") for _group, word in GROUPS),
    )  # fmt: skip
    items = [
        (entry["code"], entry["name"], word, item.get("table", ""), item["title"], item.get("users", ""))
        for entry in written.entries
        for group, word in GROUPS
        for item in (entry.get("items") or {}).get(group) or []
    ]
    item_columns = (
        SheetColumn("Mã", 16), SheetColumn("Cơ sở dữ liệu", 40), SheetColumn("Nhóm", 16), SheetColumn("Bảng", 30),
        SheetColumn("Mục dữ liệu", 40), SheetColumn("Đối tượng khai thác", 40),
    )  # fmt: skip
    return [Sheet("Danh mục", columns, rows, lines), Sheet("Mục dữ liệu", item_columns, items, lines)]


def _personal(entry: Entry) -> str:
    value = entry.get("personal_data")
    return str(PersonalDataClass(value).label) if value in PersonalDataClass.values else ""


def comparison_sheets(older: IssuedCatalogue, newer: IssuedCatalogue, shown: Iterable[Any]) -> list[Sheet]:
    """What separates two versions as a workbook, one row for each field with both values."""
    rows = []
    for one in shown:
        changes = one.changes or (None,)
        for change in changes:
            label = change.label if change else ""
            before = "; ".join(change.before) if change else ""
            after = "; ".join(change.after) if change else ""
            rows.append((one.word, one.code, one.name, one.unit, label, before, after))
    columns = (
        SheetColumn("Thay đổi", 14), SheetColumn("Mã", 16), SheetColumn("Cơ sở dữ liệu", 40),
        SheetColumn("Đơn vị quản lý", 30), SheetColumn("Nội dung", 28), SheetColumn("Trước", 50), SheetColumn("Sau", 50),
    )  # fmt: skip
    lines = (
        f"So sánh danh mục cơ sở dữ liệu của {newer.agency.name}",
        f"Phiên bản {older.version} (Quyết định số {older.decision_number} ngày {older.decision_date:%d/%m/%Y}) và "
        f"phiên bản {newer.version} (Quyết định số {newer.decision_number} ngày {newer.decision_date:%d/%m/%Y})",
    )
    return [Sheet("So sánh", columns, rows, lines)]
