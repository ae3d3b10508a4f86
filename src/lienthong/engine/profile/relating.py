"""How the tables of one source refer to each other: columns whose values are keys of another table.

Each column keeps the smallest hashes of its values from the read that counted it, so that two columns are compared
without reading either again: of the hashes of one that the other must hold too, how many does it hold?
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from struct import pack, unpack
from typing import Any

from lienthong.engine.profile.checking import finding
from lienthong.engine.profile.cues import spoken
from lienthong.engine.shapes import (
    Checked,
    ColumnProfile,
    ColumnType,
    ForeignKey,
    LookedTable,
    Place,
    Reference,
    SemanticType,
    Table,
    TableProfile,
)

KEPT_HASHES = 256
COUNTED_AT_MOST = 100
"""References of one look whose lost rows are counted; each count reads two columns again."""
TABLES_AT_MOST = 300
"""Among more tables than this references are not looked for: pairs grow with the square."""
_LEAST_VALUES, _CONTAINED, _COMPARED = 3, 0.97, 8
_GENERIC = frozenset({"id", "ma", "so", "code", "key", "name", "ten", "no", "fk", "ref", "uid", "stt"})


def hash_of(kind: ColumnType, value: str) -> str:
    """SQL (DuckDB) for the hash of a value; of whole numbers the same whatever number of bytes a column gives them."""
    return f"hash(TRY_CAST({value} AS HUGEINT))" if kind == "integer" else f"hash({value})"


def sketch_of(kind: ColumnType, value: str) -> str:
    """SQL (DuckDB) for the smallest hashes of the different values of a column of texts or whole numbers."""
    return f"min({hash_of(kind, value)}, {KEPT_HASHES}) FILTER ({value} IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class _Key:
    table: str
    column: ColumnProfile
    table_words: frozenset[str]
    own_words: frozenset[str]

    def is_said_by(self, words: frozenset[str]) -> bool:
        """Whether a column's name names this key or its table."""
        return bool(words) and any(told and told <= words for told in (self.table_words, self.own_words))


def references_of(tables: Sequence[LookedTable]) -> list[Reference]:
    """References that the values show, beside those that the source declares; the surest of each column."""
    keys = [key for looked in tables for key in _keys(looked)]
    found = []
    for looked in tables:
        declared = {column for key in looked.table.foreign_keys for column in key.columns}
        for column in looked.profile.columns:
            if column.name in declared or column.distinct < _LEAST_VALUES or not column.sketch:
                continue
            if column.semantic.name in ("date", "year", "money", "sex"):
                continue
            told = [one for key in keys if (one := _compared(looked, column, key)) is not None]
            if told:
                found.append(max(told, key=lambda one: (one.said, one.share, -one.of)).reference)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    reference: Reference
    said: bool
    share: float
    of: int


def _keys(looked: LookedTable) -> Iterator[_Key]:
    single = looked.table.primary_key[0] if len(looked.table.primary_key) == 1 else None
    for column in looked.profile.columns:
        is_key = column.name == single or (single is None and column.key_candidate)
        if (
            is_key
            and column.distinct >= _LEAST_VALUES
            and column.sketch
            and column.semantic.name not in ("date", "money")
        ):
            yield _Key(looked.table.name, column, _words(looked.table.name), _words(column.name))


def _words(name: str) -> frozenset[str]:
    words = frozenset(word.removesuffix("s") if len(word) > 3 else word for word in spoken(name).split())
    return words - _GENERIC


def _compared(looked: LookedTable, column: ColumnProfile, key: _Key) -> _Told | None:
    if key.table == looked.table.name and key.column.name == column.name:
        return None
    if column.type != key.column.type or column.distinct > 1.1 * key.column.distinct:
        return None
    words = _words(column.name)
    if looked.table.primary_key == (column.name,) or (
        column.key_candidate and words <= _words(looked.table.name)
    ):
        # What names the rows of its own table refers to no other.
        return None
    said = key.is_said_by(words)
    if column.type == "integer" and not said:
        # Small numbers lie within any other small numbers.
        return None
    share, compared = containment(column, key.column)
    if compared < min(_COMPARED, column.distinct) or share < _CONTAINED:
        return None
    if not said and (compared < 20 or key.column.distinct > 50 * column.distinct):
        return None
    return _Told(
        Reference(looked.table.name, column.name, key.table, key.column.name, round(share, 4)),
        said,
        share,
        key.column.distinct,
    )


def containment(column: ColumnProfile, key: ColumnProfile) -> tuple[float, int]:
    """The share of the values of a column that a key holds too, and of how many values that was seen."""
    theirs = set(key.sketch)
    bound = max(theirs) if len(key.sketch) >= KEPT_HASHES else None
    comparable = [value for value in column.sketch if bound is None or value <= bound]
    if not comparable:
        return 0.0, 0
    return sum(value in theirs for value in comparable) / len(comparable), len(comparable)


def without_sketches(profile: TableProfile) -> TableProfile:
    """The profile without what its columns would be compared by."""
    return replace(profile, columns=tuple(replace(column, sketch=()) for column in profile.columns))


def comparable_form(looked: LookedTable) -> dict[str, Any]:
    """What a table is compared by with tables that are read later: its keys, counts and hashes; as JSON.

    Hashes tell values to whoever tries them out: keep it sealed, and no longer than the look lasts.
    """
    return {
        "name": looked.table.name,
        "rows": looked.profile.rows,
        "primary_key": list(looked.table.primary_key),
        "foreign_keys": [
            [list(key.columns), key.ref_table, list(key.ref_columns)] for key in looked.table.foreign_keys
        ],
        "columns": [
            [
                column.name, column.type, column.nulls, column.distinct, column.semantic.name, column.key_candidate,
                b64encode(pack(f"<{len(column.sketch)}Q", *column.sketch)).decode(),
            ]
            for column in looked.profile.columns
            if column.distinct
        ],
    }  # fmt: skip


def comparable_table(form: Mapping[str, Any]) -> LookedTable:
    """A table as far as it can be compared, from its comparable form."""
    columns = []
    for name, kind, nulls, distinct, semantic, is_key, packed in form["columns"]:
        raw = b64decode(packed)
        columns.append(
            ColumnProfile(
                name=name,
                type=kind,
                rows=form["rows"],
                nulls=nulls,
                distinct=distinct,
                semantic=SemanticType(semantic),
                key_candidate=is_key,
                sketch=unpack(f"<{len(raw) // 8}Q", raw),
            )
        )
    keys = tuple(
        ForeignKey(tuple(names), table, tuple(ref_names)) for names, table, ref_names in form["foreign_keys"]
    )
    table = Table(form["name"], (), primary_key=tuple(form["primary_key"]), foreign_keys=keys)
    return LookedTable(table, TableProfile(form["name"], form["rows"], tuple(columns)))


def with_references(
    tables: Sequence[LookedTable], orphans: Callable[[Reference], int | None]
) -> list[LookedTable]:
    """The tables with the references that their values show and with rows that refer to nothing.

    `orphans` counts these rows; it is asked where the sketches of both columns show that there are some.
    """
    if len(tables) > TABLES_AT_MOST:
        return list(tables)
    seen = references_of(tables)
    counted = 0
    by_name = {looked.table.name: looked for looked in tables}
    related = []
    for looked in tables:
        own = tuple(one for one in seen if one.table == looked.table.name)
        checks, findings = list(looked.profile.checks), list(looked.profile.findings)
        for reference in (*_declared(looked, by_name), *own):
            target = by_name[reference.ref_table].profile.column(reference.ref_column)
            column = looked.profile.column(reference.column)
            share, compared = containment(column, target)
            # Fewer values may be lost than a sketch shows; of declared references every one that shows is counted.
            shows = bool(compared) and share < 1
            counted += shows
            failed = 0 if not shows else orphans(reference) if counted <= COUNTED_AT_MOST else None
            if failed is None or not compared:
                continue
            check = Checked("orphan_reference", column.rows - column.nulls, failed)
            checks.append(check)
            if failed:
                facts = {"ref": f"{reference.ref_table}.{reference.ref_column}"}
                findings.append(finding(check, Place(looked.table.name, column.name), facts))
        profile = replace(looked.profile, checks=tuple(checks), findings=tuple(findings), references=own)
        related.append(replace(looked, profile=profile))
    return related


def _declared(looked: LookedTable, by_name: dict[str, LookedTable]) -> Iterator[Reference]:
    for key in looked.table.foreign_keys:
        target = by_name.get(key.ref_table)
        if len(key.columns) == 1 and target is not None:
            names = {column.name for column in target.profile.columns}
            if (
                key.ref_columns
                and key.ref_columns[0] in names
                and key.columns[0] in {c.name for c in looked.profile.columns}
            ):
                yield Reference(looked.table.name, key.columns[0], key.ref_table, key.ref_columns[0], 1.0)
