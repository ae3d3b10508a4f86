"""Decisions about databases and their catalogue, on plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthong.foundation.text import nfc, words
from lienthong.foundation.tracing import carries

from .errors import (
    ClassMissing,
    CodeRefused,
    ColumnsUnknown,
    CriteriaNotMet,
    DecisionDateRefused,
    DecisionNumberMissing,
    DossierBasisMissing,
    DossierDayRefused,
    DossierKindRefused,
    DossierReasonMissing,
    EntryFieldMissing,
    EntryIncomplete,
    KeyRefused,
    LegalBasisMissing,
    LetterRefused,
    ListEntryUnreadable,
    ListOutOfOrder,
    LocalBaseMissing,
    PartsMissing,
    PersonalDataNotOpen,
)

TIERS = ("national", "sector", "ministry", "local", "internal")
LOCAL_BASES = ("assigned_by_law", "built_for_egovernment")

_CODE = re.compile(r"[A-Z0-9]+(?:[.\-][A-Z0-9]+)*")

Label = tuple[str, str]
"""A thing's name in Vietnamese and in English."""

# The statutory contents of an entry that the owner writes (law.md D.2).
ENTRY_FIELDS: dict[str, Label] = {
    "name": ("tên cơ sở dữ liệu", "the name"),
    "legal_basis": ("căn cứ pháp lý", "the legal basis"),
    "purpose": ("mục đích", "the purpose"),
    "scope": ("phạm vi, nội dung", "the scope and content"),
    "collection": (
        "cơ chế thu thập, cập nhật và nguồn",
        "how data are collected and updated, and from where",
    ),
}

AMENDABLE: dict[str, Label] = ENTRY_FIELDS | {
    "name_en": ("tên tiếng Anh", "name in English"),
    "tier": ("loại", "class"),
    "local_base": ("cơ sở hình thành", "base of a local database"),
    "managing_unit": ("đơn vị quản lý", "managing unit"),
    "specialised_rules": ("quy định chuyên ngành", "specialised rules"),
    "sector_reuse": ("sử dụng lại của bộ quản lý ngành", "reuse by the ministry of the sector"),
    "personal_data": ("dữ liệu cá nhân", "personal data"),
    "layers": ("lớp dữ liệu", "data layers"),
    "core_domain": ("miền dữ liệu lõi", "core domain"),
    "catalogue_part": ("phần của danh mục", "part of the catalogue"),
    "identifier_keys": ("khóa định danh", "identifier keys"),
    "copy_reason": ("lý do lưu bản sao dữ liệu quốc gia", "why a copy of national data is kept"),
    "is_mandatory": ("thuộc danh mục CSDL phải kết nối", "in the list of databases that must connect"),
    "mandatory_item": ("mục của phụ lục", "item of the appendix"),
    "is_appendix_one": ("thuộc Phụ lục I", "in Appendix I"),
    "named_in_law": ("văn bản quy định riêng", "own limits by one decree"),
    "connect_by": ("hạn kết nối riêng", "own day of connection"),
    "connect_by_basis": ("văn bản quy định hạn kết nối riêng", "text that sets this day"),
    "connected_on": ("ngày kết nối", "day of connection"),
    "standardised_on": ("ngày chuẩn hóa xong", "day standardised"),
    "digitised_from": ("nguồn hình thành dữ liệu", "from where data come"),
    "storage_months": ("thời hạn lưu trữ (tháng)", "stored for (months)"),
    "storage_permanent": ("lưu trữ vĩnh viễn", "stored permanently"),
    "storage_procedure": ("quy trình kỹ thuật lưu trữ", "technical storage procedure"),
    "storage_procedure_url": ("liên kết quy trình lưu trữ", "link to the storage procedure"),
    "storage_procedure_file": ("tệp quy trình lưu trữ", "file of the storage procedure"),
    "log_months": ("thời gian giữ nhật ký xử lý (tháng)", "processing log kept for (months)"),
    "criticality": ("mức độ quan trọng", "criticality"),
    "criticality_decision": ("quyết định phân loại", "decision that classes it"),
    "criticality_date": ("ngày quyết định phân loại", "date of that decision"),
    "rank_year": ("năm xếp hạng", "year of the rank"),
    "rank_class": ("hạng", "rank"),
    "rank_score": ("điểm xếp hạng", "score of the rank"),
    "share_ability": ("khả năng chia sẻ", "ability to share"),
    "share_ability_note": ("cách chia sẻ hoặc lý do chưa chia sẻ được", "how to share, or why not"),
}


def normal_code(given: str) -> str:
    """The code as it is kept: capital letters, digits, dots and hyphens, 3 to 60 characters."""
    code = given.strip().upper()
    if not 3 <= len(code) <= 60 or not _CODE.fullmatch(code):
        raise CodeRefused(given=given[:80])
    return code


@carries("CAT-01")
def require_class(tier: str) -> None:
    """A database is of one of five classes."""
    if tier not in TIERS:
        raise ClassMissing()


@carries("CAT-04")
def require_local_base(tier: str, local_base: str) -> str:
    """The base on which a local database rests; other classes have none."""
    if tier != "local":
        return ""
    if local_base not in LOCAL_BASES:
        raise LocalBaseMissing()
    return local_base


@carries("LDL-03")
def require_legal_basis(legal_basis: str) -> None:
    """Nothing is collected without a law or a decision that says so."""
    if len(legal_basis.strip()) < 5:
        raise LegalBasisMissing()


@carries("CAT-06")
def require_entry_fields(given: Mapping[str, str]) -> None:
    """The statutory contents that are written at registration are all there."""
    for field, (vi, en) in ENTRY_FIELDS.items():
        if field in given and not str(given[field]).strip():
            if field == "legal_basis":
                raise LegalBasisMissing()
            raise EntryFieldMissing(at=field, name=vi, name_en=en[0].upper() + en[1:])


@carries("CAT-02", "CAT-06", "LDL-01")
def require_complete_entry(
    entry: Mapping[str, str], *, fields: int, unconfirmed: int, without_class: int, ended_class: int = 0
) -> None:
    """An entry for the catalogue has its statutory contents, and every item is described and classed."""
    missing = [label for field, label in ENTRY_FIELDS.items() if not str(entry.get(field, "")).strip()]
    if not fields:
        missing.append(("bảng, cột (khảo sát nguồn dữ liệu)", "tables and columns (look at the source)"))
    if unconfirmed:
        missing.append(
            (f"xác nhận mô tả của {unconfirmed} cột", f"the confirmed description of {unconfirmed} column(s)")
        )
    if without_class:
        missing.append(
            (f"nhóm chia sẻ của {without_class} cột", f"the sharing class of {without_class} column(s)")
        )
    if ended_class:
        missing.append(
            (
                f"chọn lại nhóm chia sẻ của {ended_class} cột có nhóm đã hết căn cứ",
                f"a new sharing class for {ended_class} column(s) whose class has lost its basis",
            )
        )
    if missing:
        raise EntryIncomplete(missing=[vi for vi, _ in missing], missing_en=[en for _, en in missing])


def require_decision(number: str, signed_on: date, today: date) -> str:
    """The number and date of the decision by which a catalogue is issued."""
    given = nfc(number).strip()
    if not given:
        raise DecisionNumberMissing()
    if signed_on > today:
        raise DecisionDateRefused(given=signed_on.strftime("%d/%m/%Y"))
    return given


def require_columns(
    table: str, known: Sequence[str], columns: Sequence[str], key: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The columns and the key of a dataset: columns of the table, the key among them."""
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise ColumnsUnknown(table=table, columns=", ".join(unknown[:5]))
    kept = list(dict.fromkeys(columns)) or list(known)
    named = list(dict.fromkeys(key))
    if not named:
        raise KeyRefused(why="chưa chọn cột khóa", why_en="no key column was chosen")
    outside = [column for column in named if column not in kept]
    if outside:
        raise KeyRefused(
            why=f"cột {outside[0]} không thuộc bộ dữ liệu",
            why_en=f"column {outside[0]} is not part of the dataset",
        )
    return kept, named


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the machine proposes for a column, and why; a person confirms it."""

    title: str
    personal_data: str
    sharing_class: str
    reason_vi: str
    reason_en: str


# Words of a column's name or comment that speak of a person. Without marks; longest first decides.
_SENSITIVE = (
    "ton giao", "dan toc", "benh", "suc khoe", "chan doan", "nhom mau", "tien an", "sinh trac", "van tay",
    "religion", "ethnic", "diagnosis", "health",
)  # fmt: skip
_BASIC = (
    "cccd", "cmnd", "can cuoc", "so dinh danh", "ho chieu", "ho va ten", "ho ten", "ten khai sinh",
    "ngay sinh", "nam sinh", "noi sinh", "gioi tinh", "que quan", "thuong tru", "tam tru", "dien thoai",
    "so dt", "email", "thu dien tu", "bhxh", "bhyt", "full name", "first name", "last name", "birth date",
    "birthday", "date of birth", "phone", "passport",
)  # fmt: skip
_CODE_WORDS = ("ma", "code", "id", "loai", "type")


def _spoken(name: str, comment: str) -> str:
    # soDinhDanh, SO_DINH_DANH and "số định danh" read alike.
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " " + " ".join(words(f"{apart.replace('_', ' ')} {comment.replace('_', ' ')}")) + " "


def title_of(name: str, comment: str = "") -> str:
    """A readable title: the source's own comment, else its column name in words."""
    said = nfc(comment).strip()
    if said:
        return said[0].upper() + said[1:250]
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").strip()
    return (apart[:1].upper() + apart[1:].lower())[:250] or name[:250]


def propose(name: str, comment: str = "") -> Proposal:
    """Propose title, personal-data class and sharing class of a column from its name and its comment."""
    spoken = _spoken(name, comment)
    title = title_of(name, comment)
    for cues, found, shared in ((_SENSITIVE, "sensitive", "private_use"), (_BASIC, "basic", "shared")):
        cue = next((cue for cue in sorted(cues, key=len, reverse=True) if f" {cue} " in spoken), None)
        if cue is not None:
            return Proposal(
                title,
                found,
                shared,
                f"tên hoặc chú thích của cột có “{cue}”, thường là dữ liệu cá nhân",
                f"name or comment of the column holds “{cue}”, usually personal data",
            )
    return Proposal(
        title,
        "none",
        "shared",
        "tên và chú thích của cột không cho thấy dữ liệu cá nhân; dữ liệu cơ quan nhà nước được dùng chung",
        "name and comment show no personal data; data of state agencies are shared",
    )


_WEIGHTS = {"none": 0, "basic": 1, "sensitive": 2}


def is_graver(personal_data: str, than: str) -> bool:
    """Whether one class of personal data asks for more care than another."""
    return _WEIGHTS.get(personal_data, 0) > _WEIGHTS.get(than, 0)


@carries("SEC-02")
def proposal_of(column: Mapping[str, Any]) -> Proposal:
    """What is proposed for a column of a look: by its values where the look judged them, and by its name.

    The graver of the two classes is proposed; a person lowers it where it is wrong.
    """
    named = propose(column["name"], column.get("comment") or "")
    seen = column.get("sensitivity") or "none"
    if seen == "none" or seen not in _WEIGHTS or is_graver(named.personal_data, seen):
        return named
    reason = column.get("sensitivity_reason") or {}
    return Proposal(
        named.title,
        seen,
        "private_use" if seen == "sensitive" else "shared",
        reason.get("vi") or named.reason_vi,
        reason.get("en") or named.reason_en,
    )


@carries("CAT-07")
def looks_like_code(name: str) -> bool:
    """Whether a column seems to hold codes, so that a shared code list is expected."""
    spoken = _spoken(name, "").split()
    return bool(spoken) and (spoken[0] in _CODE_WORDS or spoken[-1] in _CODE_WORDS)


@carries("SEC-02")
def require_openable(personal_data: str, sharing_class: str) -> None:
    """Personal data are never classed as open."""
    if personal_data != "none" and sharing_class == "open":
        raise PersonalDataNotOpen()


def next_code(unit_code: str, taken: Iterable[str]) -> str:
    """The next free code of a unit's databases: `H99.07.DB08` after `H99.07.DB07`."""
    prefix = f"{unit_code.upper()}.DB"
    numbers = [
        int(code[len(prefix) :])
        for code in taken
        if code.startswith(prefix) and code[len(prefix) :].isdigit()
    ]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"


@carries("NDB-04")
def require_kind(kind: str, *, in_list: bool) -> None:
    """Only what stands in the list is edited or withdrawn, only what does not is added."""
    if kind == "add" and in_list:
        raise DossierKindRefused(why="đã có trong danh mục", why_en="stands in the list already")
    if kind in ("edit", "withdraw") and not in_list:
        raise DossierKindRefused(why="chưa có trong danh mục", why_en="does not stand in the list")
    if kind not in ("add", "edit", "withdraw"):
        raise DossierKindRefused(why="cần một loại đề xuất", why_en="needs a kind of proposal")


def require_proposal_day(day: date, today: date, *, governed: bool) -> None:
    """A dossier is of a day that is past or today, and under rules that the product holds."""
    if day > today:
        raise DossierDayRefused(given=f"{day:%d/%m/%Y}", why="sau hôm nay", why_en="it is after today")
    if not governed:
        raise DossierDayRefused(
            given=f"{day:%d/%m/%Y}", why="chưa có bộ quy định áp dụng", why_en="no rules of that day are held"
        )


@carries("NDB-04")
def require_reason(kind: str, reason: str) -> str:
    """Why the list is to change; to add needs no more than the dossier itself."""
    given = nfc(reason).strip()
    if kind != "add" and not given:
        raise DossierReasonMissing()
    return given


@carries("NDB-01", "NDB-02", "LTE-02")
def require_criteria(criteria: Iterable[tuple[Label, bool, bool]], bases: int) -> int:
    """Every criterion is met with evidence, and a legal text names the database; returns how many criteria.

    `criteria`: label, whether met, whether there is evidence.
    """
    listed = list(criteria)
    unmet = [label for label, met, shown in listed if not (met and shown)]
    if unmet or not listed:
        raise CriteriaNotMet(
            criteria="; ".join(vi for vi, _ in unmet), criteria_en="; ".join(en for _, en in unmet)
        )
    if not bases:
        raise DossierBasisMissing()
    return len(listed)


@carries("NDB-03", "LTE-03")
def require_parts(parts: Iterable[tuple[Label, str]]) -> None:
    """No part of the dossier is empty."""
    empty = [label for label, text in parts if not text.strip()]
    if empty:
        raise PartsMissing(parts="; ".join(vi for vi, _ in empty), parts_en="; ".join(en for _, en in empty))


@carries("NDB-04")
def require_letter(number: str, day: date | None, *, proposed_on: date, today: date) -> str:
    """The official letter that goes with a dossier."""
    given = nfc(number).strip()
    if not given or len(given) > 60:
        raise LetterRefused(why="thiếu số công văn", why_en="its number is missing")
    if day is None or not proposed_on <= day <= today:
        raise LetterRefused(
            why="ngày công văn nằm ngoài khoảng từ ngày đề xuất đến hôm nay",
            why_en="its date is not between the proposal and today",
        )
    return given


@carries("NDB-07")
def require_list_order(
    decided_on: date, effective_on: date, *, last: date | None, earliest: date | None, today: date
) -> None:
    """A version of the list comes after the one before and after its submission, and binds from its day on."""
    if decided_on > today:
        raise ListOutOfOrder(given=f"{decided_on:%d/%m/%Y}", why="sau hôm nay", why_en="it is after today")
    if earliest is not None and decided_on < earliest:
        raise ListOutOfOrder(
            given=f"{decided_on:%d/%m/%Y}", why="trước ngày trình", why_en="it is before the submission"
        )
    if last is not None and decided_on < last:
        raise ListOutOfOrder(
            given=f"{decided_on:%d/%m/%Y}",
            why="trước quyết định của phiên bản liền trước",
            why_en="it is before the decision of the version before",
        )
    if effective_on < decided_on:
        raise ListOutOfOrder(
            given=f"{effective_on:%d/%m/%Y}",
            why="có hiệu lực trước ngày ký",
            why_en="it would bind before it was signed",
        )


def list_lines(text: str) -> list[tuple[str, str]]:
    """Name and owner of each database of a list that is written one a line, `name | owner`."""
    found: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(nfc(text).splitlines(), start=1):
        if not line.strip():
            continue
        name, bar, owner = (part.strip() for part in line.partition("|"))
        if not bar or not name or not owner:
            raise ListEntryUnreadable(
                line=number, why="cần tên, dấu “|” và chủ quản", why_en="name, “|” and owner are needed"
            )
        if len(name) > 250 or len(owner) > 250:
            raise ListEntryUnreadable(line=number, why="dài quá 250 ký tự", why_en="over 250 characters")
        if " ".join(words(name)) in found:
            raise ListEntryUnreadable(line=number, why="tên đã có ở dòng trên", why_en="named twice")
        found[" ".join(words(name))] = (name, owner)
    if not found or len(found) > 500:
        raise ListEntryUnreadable(
            line=1, why="cần từ 1 đến 500 cơ sở dữ liệu", why_en="1 to 500 databases are needed"
        )
    return list(found.values())
