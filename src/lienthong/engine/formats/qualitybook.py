"""The quality of a database as a workbook for people: scores, the worst fields, every finding, every rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from lienthong.engine.profile.rules import CHARACTERISTICS, CRITERIA, RULES
from lienthong.engine.profile.scoring import Part, Score, worst_fields

Row = Sequence[str | int | float | None]
_WEIGHTS = {
    "error": ("nghiêm trọng", "error"),
    "warning": ("cảnh báo", "warning"),
    "info": ("thông tin", "info"),
}
_ORDER = {"error": 0, "warning": 1, "info": 2}
_SHEETS = {
    "scores": ("Điểm", "Scores"),
    "worst": ("Trường kém nhất", "Worst fields"),
    "findings": ("Phát hiện", "Findings"),
    "rules": ("Quy tắc", "Rules"),
}
_HEADS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "scores": (("Bảng", "Trường", "Điểm", "Từ", "Đến", "Cách đếm", "Số phép thử", "Số vi phạm"),
               ("Table", "Field", "Score", "From", "To", "Counted", "Tests", "Failures")),
    "worst": (("Bảng", "Trường", "Điểm", "Quy tắc làm mất điểm nhiều nhất"), ("Table", "Field", "Score", "Costliest rule")),
    "findings": (("Bảng", "Trường", "Mức độ", "Tiêu chí", "Phát hiện", "Số dòng", "Trên tổng số", "Cách xử lý", "Mã"),
                 ("Table", "Field", "Weight", "Criterion", "Finding", "Rows", "Of", "What to do", "Code")),
    "rules": (("Mã", "Tiêu chí", "Đặc tính ISO/IEC 25012", "Mức độ", "Trọng số", "Đếm gì", "Cách xử lý"),
              ("Code", "Criterion", "ISO/IEC 25012", "Weight", "Factor", "What is counted", "What to do")),
}  # fmt: skip


def write_quality(
    path: Path, database: Part, tables: Iterable[Mapping[str, Any]], locale: str = "vi"
) -> None:
    """Write the workbook of a database's quality; `tables` are those of the look, in their published form."""
    at = 1 if locale.startswith("en") else 0
    rows: dict[str, list[Row]] = {
        "scores": list(_scores(database, at)),
        "worst": [
            (one.table, one.column, one.score.value, _said(one.rule, at)) for one in worst_fields(database)
        ],
        "findings": sorted(_findings(tables, at), key=lambda row: (_ORDER[str(row[-1])], -int(row[5] or 0))),
        "rules": list(_rules(at)),
    }
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, titles in _SHEETS.items():
            sheet = book.add_worksheet(titles[at])
            heads = _HEADS[name][at]
            sheet.freeze_panes(1, 0)
            for place, text in enumerate(heads):
                sheet.write_string(0, place, text, head)
                sheet.set_column(place, place, 44 if len(text) > 9 and place > 2 else 22, wrapped)
            for number, row in enumerate(rows[name], 1):
                for place, value in enumerate(row[: len(heads)]):
                    sheet.write(number, place, value)
            if rows[name]:
                sheet.autofilter(0, 0, len(rows[name]), len(heads) - 1)


def _scores(database: Part, at: int) -> Iterator[Row]:
    yield _line(database.name, "", database.score, at)
    for name, score in database.criteria.items():
        yield _line(f"{database.name}: {CRITERIA[name][at]}", "", score, at)
    for table in database.parts:
        yield _line(table.name, "", table.score, at)
        for column in table.parts:
            yield _line(table.name, column.name, column.score, at)


def _line(table: str, column: str, score: Score, at: int) -> Row:
    counted = (("mọi dòng", "all rows") if score.exact else ("trên mẫu", "a sample"))[at]
    return (table, column, score.value, score.low, score.high, counted, score.tested, score.failed)


def _findings(tables: Iterable[Mapping[str, Any]], at: int) -> Iterator[Row]:
    for table in tables:
        told = [("", one) for one in table.get("findings") or ()]
        for column in table["columns"]:
            told += [(column["name"], one) for one in column.get("findings") or ()]
        for name, found in told:
            rule = RULES.get(found["code"])
            evidence = found.get("evidence") or {}
            yield (
                table["name"],
                name,
                _WEIGHTS[found["severity"]][at],
                CRITERIA[rule.criterion][at] if rule else "",
                evidence.get("text_en" if at else "text") or _said(found["code"], at),
                evidence.get("count"),
                evidence.get("tested"),
                (rule.hint_en if at else rule.hint_vi) if rule else "",
                found["code"],
                found["severity"],
            )


def _rules(at: int) -> Iterator[Row]:
    for rule in RULES.values():
        yield (
            rule.code, CRITERIA[rule.criterion][at], CHARACTERISTICS[rule.characteristic][at],
            _WEIGHTS[rule.severity][at], rule.weight, rule.counted(("vi", "en")[at]), rule.hint_en if at else rule.hint_vi,
        )  # fmt: skip


def _said(code: str | None, at: int) -> str:
    rule = RULES.get(code or "")
    return rule.counted(("vi", "en")[at]) if rule else (code or "")
