"""Agree on what is compared: which columns pair up, as what their values are compared, and how a row is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lienthong.engine.evidence.canonical import Kind, Native, agreed
from lienthong.engine.session import quoted
from lienthong.engine.shapes import ColumnType, Finding, Place
from lienthong.engine.sync.certifying import CertifiedColumn
from lienthong.engine.sync.disagreements import ColumnsIncomparable, ColumnsNotFound, NoKey
from lienthong.engine.sync.shapes import ColumnMap
from lienthong.engine.sync.witnesses import ComparedColumn, Form, HereWitness, SideColumn, Task, Witness

if TYPE_CHECKING:
    from lienthong.engine.sync.converting import Codes, Value


@dataclass(frozen=True, slots=True)
class Agreement:
    """What each side is asked, and what people are told about it."""

    left: Task
    right: Task
    pairs: tuple[tuple[SideColumn, SideColumn], ...]
    maps: tuple[ColumnMap, ...]
    key: tuple[str, ...]
    """The columns of the key as the right side calls them, in the order in which they were named."""
    not_compared: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def canonical(self) -> Agreement:
        """The same comparison in a form that no server has to itself."""
        form: Form = "c2" if any(column.kind == "json" for column in self.left.columns) else "c1"
        return replace(self, left=replace(self.left, form=form), right=replace(self.right, form=form))

    def certified(self) -> tuple[CertifiedColumn, ...]:
        """The pairs of columns as a certificate tells of them."""
        return tuple(
            CertifiedColumn(
                left=one.name,
                right=other.name,
                kind=task.kind,
                key=task.is_key,
                left_type=one.type,
                right_type=other.type,
                conversion=_told(mapped),
            )
            for (one, other), task, mapped in zip(self.pairs, self.right.columns, self.maps, strict=True)
        )


def agreement(
    left: Witness,
    right: Witness,
    *,
    key: Sequence[str] | None,
    columns: Sequence[ColumnMap] | Sequence[str] | None,
    zones: tuple[str | None, str | None] = (None, None),
) -> Agreement:
    """Pair the columns of two sides. Raises ColumnsNotFound, ColumnsIncomparable, NoKey."""
    maps = _maps(left, right, columns)
    wanted_key = _key(left, right, key, maps)
    maps = _with_key(left, maps, wanted_key)
    _require(left, [one.source for one in maps if one.source is not None])
    _require(right, [one.target for one in maps])
    codes = _codes(left, maps)
    keys = {name.casefold() for name in wanted_key}
    told: tuple[list[ComparedColumn], list[ComparedColumn]] = ([], [])
    pairs: list[tuple[SideColumn, SideColumn]] = []
    findings = []
    for one in maps:
        other = _found(right, one.target)
        here, read_as = _source_column(left, one, other, codes)
        kind = _kind(here, other)
        is_key = other.name.casefold() in keys
        told[0].append(ComparedColumn(here.name, here.native, kind, is_key, other.name, read_as))
        told[1].append(ComparedColumn(other.name, other.native, kind, is_key, other.name))
        pairs.append((here, other))
        if {here.means, other.means} == {"naive", "aware"} and not any(zones):
            findings.append(_note("naive_taken_as_utc", right.table, here, other))
        if "text" in (here.means, other.means) and kind != "text":
            findings.append(_note("text_read_as_value", right.table, here, other))
    whole = [column for column in told[0] if column.is_key]
    paired = [column for column in told[1] if column.is_key]
    whole_number = (
        len(whole) == 1 and whole[0].native == paired[0].native == "integer" and whole[0].read_as is None
    )
    form = _form(left, right, pairs, told[0], zones)
    tasks = [
        Task(tuple(side), form=form, zone=zone, whole_number=whole_number)
        for side, zone in zip(told, zones, strict=True)
    ]
    told_key = tuple(_found(right, name).name for name in wanted_key)
    taken_left, taken_right = {one.source for one in maps}, {one.target for one in maps}
    alone = [column.name for column in left.columns if column.name not in taken_left]
    alone += [column.name for column in right.columns if column.name not in taken_right]
    return Agreement(
        tasks[0], tasks[1],
        tuple(pairs),
        tuple(maps), told_key, tuple(dict.fromkeys(alone)), tuple(findings),
    )  # fmt: skip


def _maps(
    left: Witness, right: Witness, columns: Sequence[ColumnMap] | Sequence[str] | None
) -> list[ColumnMap]:
    if columns is None:
        found = []
        for column in left.columns:
            other = _named(right, column.name)
            if other is not None:
                found.append(ColumnMap(other.name, column.name))
        return found
    maps = [ColumnMap(one, one) if isinstance(one, str) else one for one in columns]
    return [one if one.source or one.conversion else replace(one, source=one.target) for one in maps]


def _key(
    left: Witness, right: Witness, key: Sequence[str] | None, maps: Sequence[ColumnMap]
) -> tuple[str, ...]:
    if key:
        return tuple(key)
    if right.primary_key:
        return right.primary_key
    sources = {one.source: one.target for one in maps}
    if left.primary_key and all(name in sources for name in left.primary_key):
        return tuple(sources[name] for name in left.primary_key)
    raise NoKey(source=right.display, table=right.table)


def _with_key(left: Witness, maps: list[ColumnMap], key: Sequence[str]) -> list[ColumnMap]:
    """The maps with those of the key, which come first where they were not named."""
    mapped = {one.target.casefold() for one in maps}
    missing = [ColumnMap(name, name) for name in key if name.casefold() not in mapped]
    return [*missing, *maps]


def _named(witness: Witness, name: str) -> SideColumn | None:
    """The column of this name; where no other is alike, whatever the case of its letters."""
    for column in witness.columns:
        if column.name == name:
            return column
    alike = [column for column in witness.columns if column.name.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None


def _found(witness: Witness, name: str) -> SideColumn:
    column = _named(witness, name)
    if column is None:
        raise ColumnsNotFound(source=witness.display, table=witness.table, columns=name)
    return column


def _codes(left: Witness, maps: Sequence[ColumnMap]) -> Codes | None:
    """Where the tables of codes are kept for this comparison; None where nothing is converted."""
    if not isinstance(left, HereWitness) or all(one.conversion is None for one in maps):
        return None
    from lienthong.engine.sync.converting import Codes

    return Codes(left.connection)


def _source_column(
    left: Witness, one: ColumnMap, other: SideColumn, codes: Codes | None
) -> tuple[SideColumn, str | None]:
    """The column of the left side that is compared with `other`, and SQL of its value where it is converted first."""
    column = _found(left, one.source) if one.source is not None else SideColumn("", "text")
    if one.conversion is None or codes is None:
        return column, None
    from lienthong.engine.sync.converting import Value, converted

    value = Value(_travelling(column), _TYPES[column.means])
    return _as_taken(column, converted(value, one, codes), other)


def _travelling(column: SideColumn) -> str:
    """SQL (DuckDB): a value in the spelling in which conversions take it."""
    value = quoted(column.name) if column.name else "CAST(NULL AS VARCHAR)"
    if column.native == "aware":
        return f"CAST({value} AT TIME ZONE 'UTC' AS VARCHAR)"
    return f"lower(hex({value}))" if column.native == "binary" else f"CAST({value} AS VARCHAR)"


def _as_taken(column: SideColumn, value: Value, other: SideColumn) -> tuple[SideColumn, str]:
    """The converted value as the column of the other side would take it."""
    wanted, sql = other.means, value.sql
    if wanted in ("integer", "decimal", "double", "single"):
        typed = {"integer": "HUGEINT", "decimal": "DECIMAL(38,12)"}.get(wanted, "DOUBLE")
        return replace(column, native=wanted, meant=None), f"TRY_CAST(({sql}) AS {typed})"
    if wanted == "boolean":
        return replace(column, native="boolean", meant=None), f"TRY_CAST(({sql}) AS BOOLEAN)"
    if wanted == "binary":
        given = f"unhex({sql})" if value.type == "binary" else f"encode({sql})"
        return replace(column, native="binary", meant=None), given
    means = "text" if wanted == "text" else wanted
    return replace(column, native="text", meant=means), f"({sql})"


_TYPES: dict[Native, ColumnType] = {
    "text": "text", "integer": "integer", "decimal": "decimal", "double": "double", "single": "double",
    "boolean": "boolean", "date": "date", "time": "time", "naive": "timestamp", "aware": "timestamp", "json": "json",
    "binary": "binary",
}  # fmt: skip


def _require(witness: Witness, names: Sequence[str]) -> None:
    missing = [name for name in names if _named(witness, name) is None]
    if missing:
        raise ColumnsNotFound(source=witness.display, table=witness.table, columns=", ".join(missing))


def _kind(one: SideColumn, other: SideColumn) -> Kind:
    kind = agreed(one.means, other.means)
    if kind is None:
        raise ColumnsIncomparable(
            left=one.name,
            left_type=one.type or one.native,
            right=other.name,
            right_type=other.type or other.native,
        )
    return kind


def _form(
    left: Witness,
    right: Witness,
    pairs: Sequence[tuple[SideColumn, SideColumn]],
    columns: Sequence[ComparedColumn],
    zones: tuple[str | None, str | None],
) -> Form:
    """The form in which rows are hashed: that of the servers themselves where both would hash every column alike."""
    alike = all(one.hashed_alike and one.hashed_alike == other.hashed_alike for one, other in pairs)
    converted = any(column.read_as for column in columns) or any(zones)
    if left.hashes_like and left.hashes_like == right.hashes_like and alike and not converted:
        return "pg1"
    return "c2" if any(column.kind == "json" for column in columns) else "c1"


def _note(code: str, table: str, one: SideColumn, other: SideColumn) -> Finding:
    evidence: dict[str, Any] = {
        "left": one.name,
        "left_type": one.type,
        "right_type": other.type,
        **NOTES[code],
    }
    return Finding(code, Place(table, other.name), evidence, "info")


NOTES = {
    "naive_taken_as_utc": {
        "text_vi": "một bên không ghi múi giờ; giá trị bên đó được hiểu là giờ UTC",
        "text_en": "one side names no time zone; its values are taken as UTC",
        "hint_vi": "Nếu bên đó ghi giờ Việt Nam, nêu múi giờ (--left-zone hoặc --right-zone Asia/Ho_Chi_Minh).",
        "hint_en": "Where they are local time, name the zone (--left-zone or --right-zone Asia/Ho_Chi_Minh).",
    },
    "text_read_as_value": {
        "text_vi": "một bên lưu dạng chữ; chữ được đọc theo kiểu của bên kia khi đọc được",
        "text_en": "one side keeps text; it is read as the other side's type where it can be",
        "hint_vi": "Không cần làm gì nếu cột đúng là cùng một trường thông tin.",
        "hint_en": "Nothing needs to be done where the columns mean the same.",
    },
}


def _told(column: ColumnMap) -> dict[str, Any] | None:
    """The conversion as a certificate tells of it; of a table of codes its size and digest."""
    if column.conversion is None:
        return None
    steps = []
    for step in column.conversion.steps():
        options = {name: value for name, value in step.options.items() if not isinstance(value, Mapping)}
        table = step.options.get("table")
        if isinstance(table, Mapping):
            form = json.dumps(dict(table), ensure_ascii=False, sort_keys=True)
            options |= {"codes": len(table), "sha256": hashlib.sha256(form.encode()).hexdigest()}
        steps.append({"kind": step.kind, **options})
    return {"steps": steps}
