"""Information systems as a workbook, and back: the same columns both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation

from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.text import fold

from .errors import SystemsFileRefused
from .models import Connection, InformationSystem, SystemKind, SystemState

# What a row is given by: the fact, the title of its column and its width.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("code", "Mã", 18),
    ("name", "Tên hệ thống", 40),
    ("name_en", "Tên tiếng Anh", 34),
    ("kind", "Loại", 28),
    ("owner", "Mã cơ quan chủ quản", 18),
    ("operator", "Mã đơn vị vận hành", 18),
    ("purpose", "Mục đích, đối tượng sử dụng", 46),
    ("databases", "Mã cơ sở dữ liệu sử dụng", 30),
    ("connection", "Khả năng kết nối", 32),
    ("connected_to", "Đang kết nối với", 34),
    ("standard", "Tiêu chuẩn kỹ thuật kết nối", 30),
    ("safety_level", "Cấp độ an toàn", 12),
    ("safety_decision", "Quyết định phê duyệt cấp độ", 28),
    ("in_use_since", "Năm đưa vào sử dụng", 12),
    ("state", "Trạng thái", 18),
    ("note", "Ghi chú", 34),
)
NEEDED = ("code", "name", "kind", "owner", "purpose", "connection")


def _words(choices: Any) -> dict[str, str]:
    """The Vietnamese words of choices, folded, to their codes; a code stands for itself."""
    with translation.override("vi"):
        return {fold(str(label)): str(value) for value, label in choices.choices} | {
            str(value): str(value) for value in choices.values
        }


def sheet_of(systems: Iterable[InformationSystem]) -> Sheet:
    """Systems as a sheet that can be edited and entered again."""
    with translation.override("vi"):
        rows = [
            (
                one.code, one.name, one.name_en, one.get_kind_display(), one.owner.code, one.operator.code, one.purpose,
                ", ".join(sorted(database.code for database in one.databases.all() if not database.is_secret)),
                one.get_connection_display(), one.connected_to, one.standard,
                str(one.safety_level or ""), one.safety_decision, str(one.in_use_since or ""), one.get_state_display(),
                one.note,
            )
            for one in systems
        ]  # fmt: skip
    return Sheet(
        "Hệ thống thông tin", tuple(SheetColumn(title, width) for _fact, title, width in COLUMNS), rows
    )


def rows_to_enter(found: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The rows of a workbook as facts, with their numbers in the file. Raises `SystemsFileRefused` without its columns."""
    titles = {fold(title): fact for fact, title, _width in COLUMNS}
    top, head = next(
        (
            (place, row)
            for place, row in enumerate(found)
            if "code" in {titles.get(fold(cell)) for cell in row}
        ),
        (0, ()),
    )
    places = {titles[fold(cell)]: at for at, cell in enumerate(head) if fold(cell) in titles}
    missing = [title for fact, title, _width in COLUMNS if fact in NEEDED and fact not in places]
    if missing:
        said = ", ".join(f"“{title}”" for title in missing)
        raise SystemsFileRefused(faults=f"thiếu cột {said}.", faults_en=f"these columns are missing: {said}.")
    kinds, connections, states = _words(SystemKind), _words(Connection), _words(SystemState)
    rows = []
    for number, row in enumerate(found[top + 1 :], start=top + 2):
        facts: dict[str, Any] = {
            fact: row[at].strip() if at < len(row) else "" for fact, at in places.items()
        }
        if not any(facts.values()):
            continue
        facts["kind"] = kinds.get(fold(facts["kind"]), kinds.get(facts["kind"], facts["kind"]))
        said = facts["connection"]
        facts["connection"] = connections.get(fold(said), connections.get(said, said))
        state = facts.pop("state", "")
        facts["in_use"] = states.get(fold(state), SystemState.RUNNING) != SystemState.BUILDING
        rows.append(facts | {"row": number})
    return rows
