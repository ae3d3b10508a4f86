"""What a person chose for the reading of a table: check that it can be meant, and refuse what cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lienthong.engine.errors import ReadingRefused
from lienthong.engine.shapes import COLUMN_TYPES, ReadingChoice

_READABLE = tuple(kind for kind in COLUMN_TYPES if kind not in ("json", "binary"))
_KEYS = frozenset({"encoding", "delimiter", "header_rows", "keep_rows", "skip_rows", "types"})
_REPORTED = frozenset({"sheet", "skipped_rows", "skipped", "conversions"})


def refused(
    table: str,
    vi: str,
    en: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
) -> ReadingRefused:
    """The refusal of a choice, with the place that stands in the way."""
    where_vi, where_en = "", ""
    if row is not None:
        where_vi, where_en = f"Dòng {row}", f"Row {row}"
    if column is not None:
        where_vi += f", cột “{column}”" if where_vi else f"Cột “{column}”"
        where_en += f", column “{column}”" if where_en else f"Column “{column}”"
    lead_vi, lead_en = f"{where_vi}: " if where_vi else "", f"{where_en}: " if where_en else ""
    return ReadingRefused(
        table=table,
        row=row,
        column=column,
        value=value,
        reason_vi=f"{lead_vi}{vi}",
        reason_en=f"{lead_en}{en}",
    )


def check_rows(table: str, rows: Iterable[int], last: int, first: int = 1) -> None:
    """Refuse a chosen row that the file does not have, or that stands above the data."""
    for row in sorted(rows):
        if row > last or row < 1:
            raise refused(table, f"bảng chỉ có {last} dòng", f"the table has only {last} rows", row=row)
        if row < first:
            raise refused(
                table,
                "dòng này nằm trên tiêu đề cột hoặc là tiêu đề cột",
                "this row is above the heading or part of it",
                row=row,
            )


def check_types(table: str, choice: ReadingChoice, names: Iterable[str]) -> None:
    """Refuse a type for a column that is not there, or that no file can hold."""
    there = set(names)
    for name, kind in choice.types.items():
        if name not in there:
            raise refused(table, "bảng không có cột này", "the table has no such column", column=name)
        if kind not in _READABLE:
            raise refused(
                table, f"không đọc được kiểu “{kind}”", f"the type “{kind}” cannot be read", column=name
            )


def choices_from(form: Any) -> dict[str, ReadingChoice]:
    """The choices for the tables of a source from their JSON form, `{table: {key: value}}`. Raises ReadingRefused."""
    if not isinstance(form, Mapping):
        raise refused(
            "…",
            "phải là một đối tượng JSON: tên bảng và cách đọc",
            "a JSON object is expected: tables and choices",
        )
    return {str(table): choice_from(choice, str(table)) for table, choice in form.items()}


def choice_from(form: Any, table: str) -> ReadingChoice:
    """A choice from its JSON form, the keys of a reading report; what a report only tells is passed over.

    Raises ReadingRefused with the key that is wrong.
    """
    if not isinstance(form, Mapping):
        raise refused(table, "phải là một đối tượng JSON", "a JSON object is expected")
    unknown = sorted(set(form) - _KEYS - _REPORTED)
    if unknown:
        raise refused(table, f"không có khóa “{unknown[0]}”", f"there is no key “{unknown[0]}”")
    for key in ("encoding", "delimiter"):
        if form.get(key) is not None and not isinstance(form[key], str):
            raise refused(table, f"“{key}” phải là chữ", f"“{key}” has to be text")
    delimiter = form.get("delimiter")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"\x00'):
        raise refused(
            table, "dấu phân cách phải là một ký tự", "the delimiter has to be one character", value=delimiter
        )
    header = form.get("header_rows")
    types = form.get("types") or {}
    if not isinstance(types, Mapping) or not all(isinstance(kind, str) for kind in types.values()):
        raise refused(
            table, "“types” phải là tên cột và kiểu", "“types” has to be names and types of columns"
        )
    for name, kind in types.items():
        if kind not in _READABLE:
            raise refused(table, f"không có kiểu “{kind}”", f"there is no type “{kind}”", column=name)
    return ReadingChoice(
        encoding=form.get("encoding"),
        delimiter=delimiter,
        header_rows=None if header is None else tuple(sorted(_rows(header, "header_rows", table))),
        keep_rows=frozenset(_rows(form.get("keep_rows") or (), "keep_rows", table)),
        skip_rows=frozenset(_rows(form.get("skip_rows") or (), "skip_rows", table)),
        types=dict(types),
    )


def _rows(given: Any, key: str, table: str) -> list[int]:
    usable = isinstance(given, list | tuple | set | frozenset) and len(given) <= 100_000
    if not usable or not all(isinstance(row, int) and not isinstance(row, bool) and row > 0 for row in given):
        raise refused(table, f"“{key}” phải là số dòng, từ 1", f"“{key}” has to be numbers of rows, from 1")
    return list(given)
