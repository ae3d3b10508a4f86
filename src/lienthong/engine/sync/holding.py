"""Rows that a plan holds back: told in words of the source, known again among captured rows, in the target and in a comparison.

A row that is held back is neither inserted, changed nor deleted in the target, and counts neither against the guard nor as
one that could not be kept. The target remembers the keys of those that a run left as they were: once they are let go, the
next run reads them again by their keys, whatever way of noticing changes it takes, and those that are gone are removed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lienthong.engine.session import Connection, literal, quoted
from lienthong.engine.shapes import Finding, Place
from lienthong.engine.sync.converting import Codes, Value, converted, select_list
from lienthong.engine.sync.reading import KeyText, Part
from lienthong.engine.sync.shapes import ColumnMap, SyncPlan
from lienthong.engine.sync.target import HELD, Aside

if TYPE_CHECKING:
    from lienthong.engine.sync.agreeing import Agreement
    from lienthong.engine.sync.witnesses import Row
    from lienthong.engine.sync.working import Work

HELD_KEYS = "sync_held"
RELEASED = "sync_released"
_GIVEN = "sync_given_keys"


def named_key(row: Mapping[str, Any], key: Sequence[str], columns: Collection[str]) -> KeyText | None:
    """The key by which a row is named; None where it is named by other columns, or by nothing that can be understood.

    A value under a name that is no column stands for the whole key, its parts separated by commas.
    """
    named = {name: _text(value) for name, value in row.items()}
    if set(key) <= set(named):
        return tuple(named[name] for name in key)
    if len(named) == 1 and not set(named) & set(columns):
        value = next(iter(named.values())) or ""
        parts = [value] if len(key) == 1 else [part.strip() for part in value.split(",")]
        return tuple(parts) if len(parts) == len(key) else None
    return None


def hold_back(work: Work) -> None:
    """Note in the session which rows the plan holds back, by their keys at the source and in the target.

    Costs nothing without such rows; rows that are named by other columns than the key are looked up at the source.
    """
    wanted = work.plan.held
    if wanted:
        columns = [column.name for column in work.reader.columns]
        keys: list[KeyText] = []
        unknown = 0
        by_columns: dict[tuple[str, ...], list[KeyText]] = {}
        for row in wanted:
            key = named_key(row, work.source_key, columns)
            if key is not None and None not in key:
                keys.append(key)
            elif key is None and row and set(row) <= set(columns):
                names = tuple(sorted(row))
                by_columns.setdefault(names, []).append(tuple(_text(row[name]) for name in names))
            else:
                unknown += 1
        for names, values in by_columns.items():
            keys += _looked_up(work, names, values)
        if unknown:
            work.tally.findings = [one for one in work.tally.findings if one.code != "held_unknown"]
            work.tally.findings.append(_not_understood(work, unknown))
        kinds = [work.reader.kind_of(name) for name in work.source_key]
        keys = [tuple(_plain(part, kind) for part, kind in zip(key, kinds, strict=True)) for key in keys]
        _noted(work, HELD_KEYS, [spelling for key in keys for spelling in _spellings(key)])
    work.held = frozenset(_keys_in(work, HELD_KEYS)) if wanted else frozenset()


def mark_held(work: Work, table: str) -> None:
    """Mark the captured rows that are held back, so that nothing is done with them."""
    if not work.held:
        return
    for names in (_places(work.plan), work.plan.key):
        listed = ", ".join(quoted(name) for name in names)
        work.reader.session.execute(
            f"UPDATE {quoted(table)} SET _lienthong_problem = '{HELD}' WHERE ({listed}) IN (SELECT ({listed}) FROM {HELD_KEYS})"
        )


def released(work: Work) -> tuple[KeyText, ...]:
    """The keys that were held back at earlier runs and are no longer, at the source."""
    return tuple(row.key for row in work.aside if row.reason == HELD and row.key not in work.held)


def still_held(work: Work) -> list[Aside]:
    """The rows remembered as held back that still are."""
    return [row for row in work.aside if row.reason == HELD and row.key in work.held]


def capture_vanished(work: Work, table: str) -> None:
    """Put the released keys that the source no longer has among the captured rows, as rows that are gone."""
    keys = released(work)
    if not keys or work.plan.deletes == "none":
        return
    _noted(work, RELEASED, keys)
    places = _places(work.plan)
    listed = ", ".join([*(quoted(name) for name in work.plan.key), *places])
    same = " AND ".join(f"c.{place} = r.{place}" for place in places)
    work.reader.session.execute(
        f"INSERT INTO {quoted(table)} BY NAME SELECT {listed}, CAST(NULL AS VARCHAR) AS _lienthong_problem, true AS _lienthong_gone "
        f"FROM {RELEASED} r WHERE _lienthong_problem IS NULL AND NOT EXISTS (SELECT 1 FROM {quoted(table)} c WHERE {same})"
    )


def held_in_target(work: Work) -> dict[KeyText, KeyText]:
    """For each key in the target's spelling that of the source; keys that the target cannot have are left out."""
    if not work.held:
        return {}
    names = [*(quoted(name) for name in work.plan.key), *_places(work.plan)]
    rows = work.reader.session.execute(
        f"SELECT {', '.join(names)} FROM {HELD_KEYS} WHERE _lienthong_problem IS NULL"
    ).fetchall()
    width = len(work.plan.key)
    return {tuple(row[:width]): tuple(row[width:]) for row in rows}


class HeldApart:
    """Tells of rows that were found to differ whether they are among those held back: by the columns by which those are named."""

    def __init__(
        self, held: Sequence[Mapping[str, Any]], terms: Agreement, connection: Connection | None
    ) -> None:
        names = [column.name for column in terms.left.columns]
        spoken = [column.spoken for column in terms.right.columns]
        key = [names[spoken.index(one)] for one in terms.key]
        self._kinds = [column.kind for column in terms.right.columns]
        self._wanted: dict[tuple[int, ...], set[tuple[str, ...]]] = {}
        for row in held:
            named = named_key(row, key, names)
            told = dict(zip(key, named, strict=True)) if named is not None else dict(row)
            if not told or not set(told) <= set(names):
                continue
            places = tuple(sorted(names.index(name) for name in told))
            values = tuple(
                self._comparable(at, _as_converted(_text(told[names[at]]), terms.maps[at], connection))
                for at in places
            )
            self._wanted.setdefault(places, set()).add(values)

    def has(self, rows: Sequence[Row]) -> bool:
        """Whether one of these rows, as either side has it, is held back."""
        return any(
            tuple(self._comparable(at, row.values[at]) for at in places) in wanted
            for places, wanted in self._wanted.items()
            for row in rows
        )

    def _comparable(self, place: int, value: Any) -> str:
        # How a number is spelled, padding and the form of Unicode do not matter.
        text = unicodedata.normalize("NFC", _text(value) or "")
        return str(_plain(text, self._kinds[place]))


def _as_converted(value: str | None, column: ColumnMap, connection: Connection | None) -> str | None:
    if column.conversion is None or connection is None or value is None:
        return value
    sql = converted(Value(literal(value), "text"), column, Codes(connection)).sql
    return _text(connection.execute(f"SELECT {sql}").fetchall()[0][0])


def _places(plan: SyncPlan) -> list[str]:
    return [f"_lienthong_k{place}" for place in range(len(plan.key))]


def _noted(work: Work, table: str, keys: Sequence[KeyText]) -> None:
    """Make a table of keys at the source, beside what they are in the target."""
    import pyarrow as pa

    session = work.reader.session
    places = _places(work.plan)
    given = pa.table(
        {name: pa.array([key[at] for key in keys], pa.string()) for at, name in enumerate(places)}
    )
    session.register(_GIVEN, given)
    keyed = [column for column in work.columns if column.target in work.plan.key]
    sources = {
        name: (quoted(place), work.reader.kind_of(name))
        for name, place in zip(work.source_key, places, strict=True)
    }
    listed = select_list(keyed, work.takes, sources, work.codes_here(), work.target.kind, work.plan.key)
    try:
        session.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT DISTINCT {', '.join(places)}, {listed} FROM {_GIVEN}"
        )
    finally:
        session.unregister(_GIVEN)


def _keys_in(work: Work, table: str) -> list[KeyText]:
    found = work.reader.session.execute(f"SELECT {', '.join(_places(work.plan))} FROM {table}").fetchall()
    return [tuple(row) for row in found]


def _looked_up(work: Work, names: tuple[str, ...], values: Sequence[KeyText]) -> list[KeyText]:
    """The keys of the rows in which these columns hold these values."""
    texts = work.reader.texts()
    projection = ", ".join(f"{texts[name][0]} AS _lienthong_k{at}" for at, name in enumerate(work.source_key))
    part = Part(
        names,
        keys=tuple(spelling for one in values for spelling in _spellings(one)),
        only_keys=True,
        as_text=True,
    )
    only = list(dict.fromkeys([*names, *work.source_key]))
    work.reader.capture("sync_named", projection, part, work.should_stop, only)
    return _keys_in(work, "sync_named")


def _spellings(key: KeyText) -> list[KeyText]:
    """A key as it may stand at the source: as it was given, and in both forms of Unicode."""
    forms = [key]
    for form in ("NFC", "NFD"):
        forms.append(tuple(unicodedata.normalize(form, part) if part is not None else None for part in key))
    return list(dict.fromkeys(forms))


def _plain(value: str | None, kind: str) -> str | None:
    """A whole number as sources write it."""
    if kind == "integer" and value is not None and value.lstrip("-").isdecimal():
        return str(int(value))
    return value


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _not_understood(work: Work, count: int) -> Finding:
    evidence = {
        "count": count,
        "text_vi": "có dòng cần giữ lại nhưng không nhận ra được theo khóa hay cột nào của bảng nguồn",
        "text_en": "rows are to be held back that neither the key nor any column of the source tells",
        "hint_vi": "Nêu dòng bằng giá trị khóa của bảng nguồn.",
        "hint_en": "Name the rows by the key of the source.",
    }
    return Finding("held_unknown", Place(work.reader.table), evidence, "warning")
