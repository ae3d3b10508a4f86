"""What changed in a source between two looks: structure, names, types, keys, words and sharp changes of numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from lienthong.foundation.tracing import carries

Form = Mapping[str, Any]
"""A table in the published form of a look, or one of its columns."""

# Fewer than this share of the rows before: more than a day's deletions, rather a load that failed half way.
ROWS_DROPPED = 0.5
# More than so many times the rows before: rather a load that ran twice, or another system's rows.
ROWS_JUMPED = 3.0
# Tables and columns below so many rows change by half through the work of one afternoon: nothing is said of them.
ROWS_AT_LEAST = 100
# Empty cells rose by more than this share of all rows: a form stopped asking, or an import lost a column.
NULLS_JUMPED = 0.2
# The distinct values fell below this share of those before while the rows did not: a column was overwritten.
DISTINCT_COLLAPSED = 0.5
# Bytes grew by more than this factor, where that is worth a look at the disk.
SIZE_GREW = 2.0
SIZE_AT_LEAST = 100 * 1024 * 1024
# Two columns are taken for one that was renamed when their shares of empty cells lie so near, their distinct values
# within so much of each other; names count as alike from this likeness on.
NULLS_NEAR = 0.05
DISTINCT_NEAR = 0.8
NAMES_ALIKE = 0.6
# Two tables are taken for one that was renamed when they share so many of their columns.
COLUMNS_SHARED = 0.8
_LONGEST_QUOTE = 80

# What changed: code to severity and text in Vietnamese and English.
DRIFTS: dict[str, tuple[str, str, str]] = {
    "table_gone": ("error", "Không còn bảng {table}", "Table {table} is gone"),
    "table_new": ("info", "Bảng mới {table}", "New table {table}"),
    "table_renamed": (
        "warning",
        "Bảng {was} có lẽ đã đổi tên thành {table}",
        "Table {was} was probably renamed to {table}",
    ),
    "kind_changed": ("warning", "{table} đổi loại: {was} → {now}", "{table} changed its kind: {was} → {now}"),
    "column_gone": ("error", "Không còn cột {table}.{column}", "Column {table}.{column} is gone"),
    "column_new": ("info", "Cột mới {table}.{column}", "New column {table}.{column}"),
    "column_renamed": (
        "warning",
        "Cột {table}.{was} có lẽ đã đổi tên thành {column}",
        "Column {table}.{was} was probably renamed to {column}",
    ),
    "type_widened": (
        "info",
        "Cột {table}.{column} mở rộng kiểu: {was} → {now}",
        "Column {table}.{column} takes more than before: {was} → {now}",
    ),
    "type_narrowed": (
        "warning",
        "Cột {table}.{column} thu hẹp kiểu: {was} → {now}",
        "Column {table}.{column} takes less than before: {was} → {now}",
    ),
    "type_changed": (
        "warning",
        "Cột {table}.{column} đổi kiểu: {was} → {now}",
        "Column {table}.{column} changed its type: {was} → {now}",
    ),
    "nullable_now": (
        "warning",
        "Cột {table}.{column} không còn bắt buộc",
        "Column {table}.{column} may be empty now",
    ),
    "required_now": (
        "info",
        "Cột {table}.{column} trở thành bắt buộc",
        "Column {table}.{column} may no longer be empty",
    ),
    "key_changed": (
        "warning",
        "Bảng {table} đổi khóa chính: {was} → {now}",
        "Table {table} changed its primary key: {was} → {now}",
    ),
    "reference_new": ("info", "Bảng {table} thêm tham chiếu {now}", "Table {table} now refers to {now}"),
    "reference_gone": (
        "warning",
        "Bảng {table} bỏ tham chiếu {was}",
        "Table {table} no longer refers to {was}",
    ),
    "comment_changed": (
        "info",
        "Mô tả của {place} đổi: “{was}” → “{now}”",
        "The comment of {place} changed: “{was}” → “{now}”",
    ),
    "partitions_changed": (
        "info",
        "Bảng {table}: {was} → {now} phân vùng",
        "Table {table}: {was} → {now} partitions",
    ),
    "table_emptied": (
        "error",
        "Bảng {table} không còn dòng nào (trước có {was})",
        "Table {table} has no row left (it had {was})",
    ),
    "rows_dropped": (
        "error",
        "Bảng {table} giảm mạnh: {was} → {now} dòng",
        "Table {table} fell sharply: {was} → {now} rows",
    ),
    "rows_jumped": (
        "warning",
        "Bảng {table} tăng đột biến: {was} → {now} dòng",
        "Table {table} rose sharply: {was} → {now} rows",
    ),
    "rows_changed": ("info", "Bảng {table}: {was} → {now} dòng", "Table {table}: {was} → {now} rows"),
    "nulls_jumped": (
        "warning",
        "Cột {table}.{column} trống nhiều hơn hẳn: {was}% → {now}%",
        "Column {table}.{column} is empty far more often: {was}% → {now}%",
    ),
    "distinct_collapsed": (
        "warning",
        "Cột {table}.{column} chỉ còn {now} giá trị khác nhau (trước có {was})",
        "Column {table}.{column} has only {now} distinct values left (it had {was})",
    ),
    "size_grew": (
        "warning",
        "Bảng {table} phình to: {was} → {now} MB",
        "Table {table} grew: {was} → {now} MB",
    ),
}
_WEIGHTS = {"error": 0, "warning": 1, "info": 2}
_VIETNAMESE = str.maketrans(",.", ".,")
# Each type, and what can hold all of its values.
_HELD_BY: dict[str, frozenset[str]] = {
    "boolean": frozenset({"integer", "decimal", "double", "text"}),
    "integer": frozenset({"decimal", "double", "text"}),
    "decimal": frozenset({"double", "text"}),
    "double": frozenset({"text"}),
    "date": frozenset({"timestamp", "text"}),
    "time": frozenset({"text"}),
    "timestamp": frozenset({"text"}),
    "json": frozenset({"text"}),
}
_WHOLE = ("tinyint", "smallint", "mediumint", "int", "bigint")
_WHOLE_NAMES = {"int2": "smallint", "integer": "int", "int4": "int", "int8": "bigint"}


@carries("INV-01")
def drifts_between(
    before: Iterable[Form], after: Iterable[Form], *, unread: Collection[str] = ()
) -> list[dict[str, Any]]:
    """What changed in a source since the look before, the gravest first.

    `unread` names tables that could not be read this time: nothing is said of them.
    """
    old = {table["name"]: table for table in before if table["name"] not in unread}
    new = {table["name"]: table for table in after}
    renamed = _renamed_tables(
        [table for name, table in old.items() if name not in new],
        [table for name, table in new.items() if name not in old],
    )
    found = [_drift("table_gone", name) for name in old if name not in new and name not in renamed.values()]
    for name, table in new.items():
        earlier = old.get(renamed.get(name, name))
        if earlier is None:
            found.append(_drift("table_new", name))
            continue
        if name in renamed:
            found.append(_drift("table_renamed", name, was=renamed[name], now=name))
        found += _structure(earlier, table)
        found += _numbers(earlier, table)
    return sorted(found, key=lambda drift: _WEIGHTS[drift["severity"]])


def tables_unread(findings: Iterable[Mapping[str, Any]]) -> set[str]:
    """The tables that are there and could not be read, as the findings of a look tell."""
    return {
        finding["place"]
        for finding in findings
        if finding["code"] in ("table_unreadable", "table_not_permitted")
        and (finding.get("evidence") or {}).get("error") != "source.table_gone"
    }


def _renamed_tables(gone: Sequence[Form], fresh: Sequence[Form]) -> dict[str, str]:
    """The tables that are probably an old one under a new name: new name to old."""
    renamed: dict[str, str] = {}
    for table in fresh:
        columns = {(column["name"], column["type"]) for column in table["columns"]}
        best = max(
            (one for one in gone if one["name"] not in renamed.values()),
            key=lambda one: _shared(columns, one),
            default=None,
        )
        if best is None or _shared(columns, best) < COLUMNS_SHARED:
            continue
        rows, rows_before = int(table["rows"] or 0), int(best["rows"] or 0)
        if min(rows, rows_before) >= ROWS_DROPPED * max(rows, rows_before):
            renamed[table["name"]] = best["name"]
    return renamed


def _shared(columns: set[tuple[str, str]], table: Form) -> float:
    others = {(column["name"], column["type"]) for column in table["columns"]}
    return len(columns & others) / max(len(columns | others), 1)


def _structure(before: Form, after: Form) -> Iterator[dict[str, Any]]:
    name = after["name"]
    old = {column["name"]: column for column in before["columns"]}
    new = {column["name"]: column for column in after["columns"]}
    renamed = _renamed_columns(before, after)
    for column in old:
        if column not in new and column not in renamed.values():
            yield _drift("column_gone", name, column)
    for column, form in new.items():
        earlier = old.get(renamed.get(column, column))
        if earlier is None:
            yield _drift("column_new", name, column)
            continue
        if column in renamed:
            yield _drift("column_renamed", name, column, was=renamed[column], now=column)
        yield from _column(name, earlier, form)
    if before.get("kind") and after.get("kind") and before["kind"] != after["kind"]:
        yield _drift("kind_changed", name, was=before["kind"], now=after["kind"])
    keys = [", ".join(table.get("primary_key") or []) for table in (before, after)]
    if keys[0] != keys[1]:
        yield _drift("key_changed", name, was=keys[0] or "–", now=keys[1] or "–")
    references = [{_reference(key) for key in table.get("foreign_keys") or []} for table in (before, after)]
    for reference in sorted(references[1] - references[0]):
        yield _drift("reference_new", name, now=reference)
    for reference in sorted(references[0] - references[1]):
        yield _drift("reference_gone", name, was=reference)
    yield from _comment(name, "", before, after)
    counts = [len(table.get("partitions") or []) for table in (before, after)]
    if counts[0] != counts[1] and "partitions" in before:
        yield _drift("partitions_changed", name, was=counts[0], now=counts[1])


def _renamed_columns(before: Form, after: Form) -> dict[str, str]:
    """The columns that are probably an old one under a new name: new name to old."""
    old_names = [column["name"] for column in before["columns"]]
    new_names = [column["name"] for column in after["columns"]]
    gone = [column for column in before["columns"] if column["name"] not in new_names]
    fresh = [column for column in after["columns"] if column["name"] not in old_names]
    scored = []
    for one in gone:
        for other in fresh:
            at_place = old_names.index(one["name"]) == new_names.index(other["name"])
            score = _likeness(one, other, at_place, int(before["rows"] or 0), int(after["rows"] or 0))
            if score:
                scored.append((score, other["name"], one["name"]))
    renamed: dict[str, str] = {}
    for _, new, old in sorted(scored, key=lambda pair: -pair[0]):
        if new not in renamed and old not in renamed.values():
            renamed[new] = old
    return renamed


def _likeness(one: Form, other: Form, at_place: bool, rows_before: int, rows: int) -> float:
    """How surely two columns are one under two names; 0 where that is no more than a guess."""
    if one["type"] != other["type"]:
        return 0
    names = SequenceMatcher(None, one["name"].casefold(), other["name"].casefold()).ratio()
    same_native = one.get("native_type") == other.get("native_type")
    if not rows_before or not rows:
        return 1 + names if at_place and same_native else 0
    distinct = sorted((int(one["distinct"]), int(other["distinct"])))
    near = (
        abs(int(one["nulls"]) / rows_before - int(other["nulls"]) / rows) <= NULLS_NEAR
        and distinct[0] >= DISTINCT_NEAR * distinct[1]
    )
    if not near:
        return 0
    range_kept = one.get("min") is not None and (one["min"], one["max"]) == (other["min"], other["max"])
    if not (at_place or range_kept or names >= NAMES_ALIKE):
        return 0
    return 1 + at_place + range_kept + same_native + names


def _column(table: str, before: Form, after: Form) -> Iterator[dict[str, Any]]:
    name = after["name"]
    code = _type_drift(before, after)
    if code:
        natives = before.get("native_type"), after.get("native_type")
        was, now = natives if all(natives) else (before["type"], after["type"])
        if before["type"] != after["type"] and was == now:
            was, now = before["type"], after["type"]
        yield _drift(code, table, name, was=was, now=now)
    nullable = before.get("nullable"), after.get("nullable")
    if nullable == (False, True):
        yield _drift("nullable_now", table, name)
    elif nullable == (True, False):
        yield _drift("required_now", table, name)
    yield from _comment(table, name, before, after)


def _type_drift(before: Form, after: Form) -> str:
    """Which change of type it is; empty where there is none."""
    was, now = before["type"], after["type"]
    if was != now:
        if now in _HELD_BY.get(was, ()):
            return "type_widened"
        return "type_narrowed" if was in _HELD_BY.get(now, ()) else "type_changed"
    natives = [str(column.get("native_type") or "").lower() for column in (before, after)]
    if natives[0] == natives[1] or not all(natives):
        return ""
    base, bounds = zip(*map(_taken_apart, natives), strict=True)
    if base[0] != base[1]:
        if base[0] in _WHOLE and base[1] in _WHOLE:
            return "type_widened" if _WHOLE.index(base[1]) > _WHOLE.index(base[0]) else "type_narrowed"
        return "type_changed"
    if not bounds[0] or not bounds[1]:
        return "" if bounds[0] == bounds[1] else "type_widened" if bounds[0] else "type_narrowed"
    pairs = list(zip(*bounds, strict=False))
    if all(later >= earlier for earlier, later in pairs):
        return "type_widened"
    return "type_narrowed"


def _taken_apart(native: str) -> tuple[str, tuple[int, ...]]:
    """The word of a type and its bounds: `varchar(20)` is `varchar` and 20; a text without bounds takes any length."""
    bounds = tuple(int(number) for number in re.findall(r"\d+", native.partition("(")[2]))
    base = native.partition("(")[0].strip() + native.partition(")")[2]
    base = {"text": "varchar", "character varying": "varchar", "character": "char", "numeric": "decimal"}.get(
        base, base
    )
    base = _WHOLE_NAMES.get(base, base)
    return base, () if base in _WHOLE else bounds


def _reference(key: Form) -> str:
    return f"{', '.join(key['columns'])} → {key['ref_table']} ({', '.join(key['ref_columns'])})"


def _comment(table: str, column: str, before: Form, after: Form) -> Iterator[dict[str, Any]]:
    was, now = (" ".join(str(form.get("comment") or "").split()) for form in (before, after))
    if was != now and "comment" in before:
        yield _drift("comment_changed", table, column, was=_cut(was), now=_cut(now))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def _numbers(before: Form, after: Form) -> Iterator[dict[str, Any]]:
    name, was, now = after["name"], int(before.get("rows") or 0), int(after.get("rows") or 0)
    if was != now:
        yield _drift(_rows_drift(was, now), name, was=was, now=now)
    if min(was, now) >= ROWS_AT_LEAST:
        old = {column["name"]: column for column in before["columns"]}
        for column in after["columns"]:
            if column["name"] in old:
                yield from _column_numbers(name, old[column["name"]], column, was, now)
    sizes = before.get("size_bytes") or 0, after.get("size_bytes") or 0
    if sizes[1] >= SIZE_AT_LEAST and sizes[0] and sizes[1] > SIZE_GREW * sizes[0]:
        yield _drift("size_grew", name, was=sizes[0] >> 20, now=sizes[1] >> 20)


def _rows_drift(was: int, now: int) -> str:
    if was and not now:
        return "table_emptied"
    if was >= ROWS_AT_LEAST and now < ROWS_DROPPED * was:
        return "rows_dropped"
    return "rows_jumped" if was >= ROWS_AT_LEAST and now > ROWS_JUMPED * was else "rows_changed"


def _column_numbers(
    table: str, before: Form, after: Form, rows_before: int, rows: int
) -> Iterator[dict[str, Any]]:
    shares = int(before["nulls"]) / rows_before, int(after["nulls"]) / rows
    if shares[1] - shares[0] > NULLS_JUMPED:
        was, now = (round(100 * share, 1) for share in shares)
        yield _drift("nulls_jumped", table, after["name"], was=was, now=now)
    distinct = int(before["distinct"]), int(after["distinct"])
    kept = rows - int(after["nulls"]) >= DISTINCT_COLLAPSED * (rows_before - int(before["nulls"]))
    if kept and distinct[0] >= 2 and distinct[1] < DISTINCT_COLLAPSED * distinct[0]:
        yield _drift("distinct_collapsed", table, after["name"], was=distinct[0], now=distinct[1])


def _drift(code: str, table: str, column: str = "", was: Any = None, now: Any = None) -> dict[str, Any]:
    return {
        "code": code,
        "table": table,
        "column": column,
        "was": was,
        "now": now,
        "severity": DRIFTS[code][0],
    }


def text_of_drift(drift: Mapping[str, Any], locale: str) -> str:
    """What changed, in one sentence."""
    vietnamese = locale.startswith("vi")
    template = DRIFTS[drift["code"]][1 if vietnamese else 2]
    facts = {name: _shown(value, vietnamese) for name, value in drift.items()}
    place = f"{drift['table']}.{drift['column']}" if drift["column"] else drift["table"]
    return template.format(**facts, place=place)


def _shown(value: Any, vietnamese: bool) -> Any:
    if value == "":
        return "–"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    text = f"{value:,}".removesuffix(".0")
    return text.translate(_VIETNAMESE) if vietnamese else text
