"""What is said of a source that could be read, but not wholly, or only with care.

Each note is a finding with a code, its place, its weight and its words: what was seen, and what to do about it.
The words travel in the evidence, so that whoever shows a finding needs no list of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lienthong.engine.errors import EngineError
from lienthong.engine.shapes import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class Note:
    """The words of a kind of finding, with the names of its facts in braces."""

    severity: Severity
    text_vi: str
    text_en: str
    hint_vi: str
    hint_en: str


NOTES: Mapping[str, Note] = {
    "table_not_permitted": Note(
        "warning",
        "không có quyền đọc bảng này",
        "there is no permission to read this table",
        "Cấp cho tài khoản chỉ đọc quyền SELECT trên bảng, hoặc ghi nhận bảng không thuộc phạm vi kiểm kê.",
        "Grant the read-only account SELECT on the table, or record that it is out of scope.",
    ),
    "columns_not_permitted": Note(
        "warning",
        "không có quyền đọc {count} cột của bảng: {names}",
        "there is no permission to read {count} column(s) of the table: {names}",
        "Cấp quyền SELECT trên cả bảng, hoặc ghi nhận các cột này không thuộc phạm vi kiểm kê.",
        "Grant SELECT on the whole table, or record that these columns are out of scope.",
    ),
    "partitions_counted_once": Note(
        "info",
        "gồm {count} phân vùng ({names}); dòng của phân vùng tính vào bảng này, không liệt kê riêng",
        "made of {count} partition(s) ({names}); their rows are counted here and the partitions are not listed",
        "Không cần làm gì: số dòng của bảng đã gồm mọi phân vùng.",
        "Nothing needs to be done: the number of rows covers every partition.",
    ),
    "own_rows_beside_partitions": Note(
        "warning",
        "bảng cha có dòng của riêng mình bên cạnh {count} phân vùng kế thừa; tất cả được tính một lần",
        "the parent holds rows of its own beside {count} inheriting partition(s); all are counted once",
        "Kiểm tra quy tắc phân vùng: dòng nằm ở bảng cha thường do không khớp điều kiện của phân vùng nào.",
        "Check the rule of the partitions: rows in the parent usually match the condition of none of them.",
    ),
    "inherits_with_more_columns": Note(
        "info",
        "kế thừa bảng {parent} và có thêm cột; được liệt kê riêng, dòng của nó không tính vào bảng cha",
        "inherits from {parent} and has columns of its own; it is listed apart and not counted in the parent",
        "Không cần làm gì: mỗi dòng chỉ được tính một lần.",
        "Nothing needs to be done: every row is counted once.",
    ),
    "table_changed": Note(
        "warning",
        "đổi cấu trúc trong lúc khảo sát; số đo là của cấu trúc mới",
        "changed its columns during the look; what was counted is of the new ones",
        "Khảo sát lại khi việc nâng cấp cơ sở dữ liệu đã xong.",
        "Look again when the upgrade of the database is done.",
    ),
    "look_broken_off": Note(
        "error",
        "mất nguồn dữ liệu giữa chừng: đã đọc {read}/{tables} bảng; chưa đọc: {names} ({why})",
        "the source went away: {read} of {tables} tables were read; not read: {names} ({why_en})",
        "Khảo sát lại khi nguồn hoạt động; các bảng đã đọc được giữ nguyên.",
        "Look again when the source is back; the tables that were read are kept.",
    ),
    "sizes_unknown": Note(
        "info",
        "không hỏi được dung lượng các bảng",
        "the sizes of the tables could not be asked for",
        "Cấp quyền xem dung lượng cho tài khoản, hoặc bỏ qua.",
        "Give the account the right to see sizes, or leave it.",
    ),
}


def note(code: str, table: str, column: str | None = None, **facts: Any) -> Finding:
    """A finding of this kind at this place, with its words in both languages."""
    kind = NOTES[code]
    words = {
        "text": kind.text_vi.format(**facts),
        "text_en": kind.text_en.format(**facts),
        "hint": kind.hint_vi.format(**facts),
        "hint_en": kind.hint_en.format(**facts),
    }
    return Finding(code, Place(table, column), {**facts, **words}, kind.severity)


def unreadable(table: str, error: EngineError) -> Finding:
    """A table that could not be read, and why: the look goes on with the others."""
    evidence = {
        "error": error.code,
        "transient": error.transient,
        "text": error.text("vi"),
        "text_en": error.text("en"),
        "hint": error.hint("vi"),
        "hint_en": error.hint("en"),
    }
    return Finding("table_unreadable", Place(table), evidence, "error")


def listed(names: tuple[str, ...] | list[str], most: int = 5) -> str:
    """A few names for a sentence; an ellipsis stands for the rest."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, …"
