"""How the governance of a database is written in lists: from a cell to a value, and back into a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from lienthong.foundation.lists.cells import day_of
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.foundation.text import fold, nfc

from .governing_errors import NotOfThisList
from .models import (
    CataloguePart,
    CoreDomain,
    Criticality,
    Database,
    DataLayer,
    DigitisedFrom,
    LocalBase,
    PersonalDataClass,
    Tier,
)

_CHOICES: Mapping[str, Any] = {
    "core_domain": CoreDomain,
    "catalogue_part": CataloguePart,
    "criticality": Criticality,
}
_LISTS: Mapping[str, Any] = {"layers": DataLayer, "digitised_from": DigitisedFrom}
_TEXTS = (
    "identifier_keys", "mandatory_item", "storage_procedure", "storage_procedure_url", "criticality_decision",
)  # fmt: skip
_YES = {"co", "x", "yes", "true", "1", "phai ket noi"}
_NO = {"khong", "no", "false", "0"}

# The columns of the workbook of databases: field and heading, as `commands.listings` understands them.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("code", "Mã CSDL", 18),
    ("name", "Tên cơ sở dữ liệu", 44),
    ("name_en", "Tên tiếng Anh", 30),
    ("tier", "Loại CSDL", 20),
    ("owner", "Cơ quan chủ quản", 24),
    ("managing_unit", "Đơn vị quản lý", 24),
    ("legal_basis", "Căn cứ pháp lý", 40),
    ("local_base", "Cơ sở hình thành", 30),
    ("purpose", "Mục đích", 36),
    ("scope", "Phạm vi, nội dung", 40),
    ("collection", "Thu thập, cập nhật", 36),
    ("specialised_rules", "Quy định chuyên ngành", 30),
    ("sector_reuse", "Sử dụng lại của bộ quản lý ngành", 30),
    ("personal_data", "Dữ liệu cá nhân", 22),
    ("criticality", "Mức độ quan trọng", 24),
    ("criticality_decision", "Quyết định phân loại", 22),
    ("criticality_date", "Ngày phân loại", 14),
    ("layers", "Lớp dữ liệu", 30),
    ("core_domain", "Miền dữ liệu lõi", 18),
    ("catalogue_part", "Phần của danh mục", 24),
    ("identifier_keys", "Khóa định danh", 24),
    ("digitised_from", "Nguồn hình thành", 34),
    ("is_mandatory", "Kết nối bắt buộc", 16),
    ("mandatory_item", "Mục của phụ lục", 22),
    ("storage_months", "Thời hạn lưu trữ (tháng)", 18),
    ("storage_procedure", "Quy trình kỹ thuật lưu trữ", 30),
    ("storage_procedure_url", "Liên kết quy trình", 30),
)


def governed_of(row: Any) -> dict[str, Any]:
    """What a row of a list says of the governance; empty cells say nothing. Raises NotOfThisList."""
    found: dict[str, Any] = {name: row[name] for name in _TEXTS if row[name]}
    for name, choices in _CHOICES.items():
        if row[name]:
            found[name] = choice_named(name, row[name], choices)
    for name, choices in _LISTS.items():
        if row[name]:
            parts = [
                part for part in row[name].replace("\n", ";").replace(",", ";").split(";") if part.strip()
            ]
            chosen = {choice_named(name, part, choices) for part in parts}
            found[name] = [value for value in choices.values if value in chosen]
    if row["is_mandatory"]:
        word = fold(row["is_mandatory"]).strip()
        if word not in _YES | _NO:
            raise NotOfThisList(at="is_mandatory", given=row["is_mandatory"][:60])
        found["is_mandatory"] = word in _YES
    if row["storage_months"]:
        found["storage_months"] = _months(row["storage_months"])
    if row["criticality_date"]:
        found["criticality_date"] = _day(row["criticality_date"])
    return found


def databases_workbook(databases: Iterable[Database]) -> bytes:
    """The databases as a workbook that can be taken over again: taken over as it is, it changes nothing."""
    with override("vi"):
        rows = [[_cell(database, name) for name, _title, _width in COLUMNS] for database in databases]
        columns = tuple(
            SheetColumn(title, width, "number" if name == "storage_months" else "text")
            for name, title, width in COLUMNS
        )
        return to_xlsx([Sheet(_("Databases"), columns, rows)])


def _cell(database: Database, name: str) -> Any:
    value = getattr(database, name)
    if name in ("owner", "managing_unit"):
        return value.code
    if name in _LISTS:
        return "; ".join(str(_LISTS[name](one).label) for one in value if one in _LISTS[name].values)
    if name in _CHOICES:
        return str(_CHOICES[name](value).label) if value else ""
    if name == "tier":
        return str(Tier(value).label)
    if name == "local_base":
        return str(LocalBase(value).label) if value else ""
    if name == "personal_data":
        return "Không" if value == PersonalDataClass.NONE else str(PersonalDataClass(value).label)
    if name == "is_mandatory":
        return "Có" if value else "Không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else value


def choice_named(name: str, cell: str, choices: Any) -> str:
    """The choice that a cell names: by its code, its word in either language, or the beginning of that word."""
    spoken = fold(cell).strip()
    words: dict[str, list[str]] = {}
    for value in choices.values:
        words[value] = [value]
        for language in ("vi", "en"):
            with override(language):
                words[value].append(fold(str(choices(value).label)))
    for nearness in (_same, _begins, _within):
        found = [value for value, said in words.items() if any(nearness(spoken, one) for one in said)]
        if len(found) == 1:
            return str(found[0])
    raise NotOfThisList(at=name, given=nfc(cell)[:60])


def _same(spoken: str, said: str) -> bool:
    return spoken == said


def _begins(spoken: str, said: str) -> bool:
    return said.startswith(spoken) or spoken.startswith(said)


def _within(spoken: str, said: str) -> bool:
    return f" {spoken} " in f" {said} "


def _months(cell: str) -> int:
    digits = "".join(char for char in cell.split(",")[0].split(".")[0] if char.isdigit())
    if not digits or int(digits) > 6000:
        raise NotOfThisList(at="storage_months", given=cell[:60])
    years = "nam" in fold(cell).split() or "year" in fold(cell)
    return int(digits) * (12 if years else 1)


def _day(cell: str) -> date:
    found = day_of(cell)
    if found is None:
        raise NotOfThisList(at="criticality_date", given=cell[:60])
    return found
