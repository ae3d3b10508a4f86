"""Read tables once and reduce all their columns together: one long table of distinct values, few statements over it.

A statement costs milliseconds whatever it reads, and a database has hundreds of columns: asked column by column, most
of the time would go into asking.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from lienthong.engine.overlap.canonical import (
    NO_VALUE,
    born_sql,
    canonical_text,
    core_sql,
    day_first_packed_sql,
    day_sql,
    digits_sql,
    fold_sql,
    hashed,
    hashes_of,
    month_first_sql,
    number_sql,
    phone_sql,
    serial_day_sql,
    text_sql,
    thousands_sql,
)
from lienthong.engine.overlap.lists import lists_of
from lienthong.engine.overlap.persons import MOST_ROWS as MOST_PEOPLE
from lienthong.engine.overlap.persons import person_columns, persons_sql
from lienthong.engine.overlap.semantics import (
    DAYS,
    OVER_DECADES,
    PASSED,
    RULES,
    kind_of,
    over_decades,
    telling,
)
from lienthong.engine.overlap.shapes import (
    MOST_TOP,
    QUANTILES,
    ColumnFacts,
    ColumnSketch,
    Family,
    Hashes,
    TableSketch,
    ValueKind,
    ValueSet,
)
from lienthong.engine.overlap.smallest import Smallest
from lienthong.engine.overlap.together import MOST_ROWS
from lienthong.engine.profile.values import column_type
from lienthong.engine.session import Connection, literal, quoted
from lienthong.engine.shapes import Column, ColumnType, Table

VALUES, ROWS = "sketched_values", "sketched_rows"
_COPIED_ROWS, _CELLS, _LITTLE = 3_000_000, 4_000_000, 500_000
_SHAPED_VALUES = 4_000
_MASKS = 16
_NINES = "translate(v, '012345678', '999999999')"
# Texts without a letter, which most are, are spared the search for letters.
_MASK = (
    rf"CASE WHEN regexp_full_match(v, '[\x00-@\[-`{{-~]*') THEN {_NINES} "
    rf"ELSE regexp_replace({_NINES}, '\p{{L}}+', 'a', 'g') END"
)
_BEGINNINGS, _LONG_CODE, _CODE = 32, 9, 6
_COUNTER_LEAST, _COUNTER_START, _COUNTER_DENSITY = 5, 10, 2.0
_SERIAL_FIRST, _SERIAL_LAST = 10_000.0, 60_000.0
_NO_HASH = 0
_HASHED_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much a sketch holds: the `k` smallest hashes, or all of them up to `complete` distinct values."""

    k: int = 1024
    complete: int = 2000
    level: int = 2
    bits: int = 64
    in_order: bool = False
    """Whether the hashes of tables of a few rows are kept in the order of the rows too."""


@dataclass(slots=True)
class _Read:
    """One column as it was read: its place in the sketches, and what was learnt of it so far."""

    column: Column
    table: Table
    rows: int
    distinct: int = 0
    filled: int = 0
    top: tuple[float, ...] = ()
    semantics: Mapping[str, float] | None = None
    lengths: tuple[int, int, float] = (0, 0, 0.0)
    masks: Mapping[str, float] | None = None
    beginnings: Mapping[str, float] | None = None
    amounts: tuple[float, ...] = ()
    births: tuple[float, ...] = ()
    kind: ValueKind = "opaque"


class Gatherer:
    """Sketches of the tables added to it, all under one key."""

    def __init__(self, connection: Connection, key: bytes, plan: Plan) -> None:
        self._connection, self._key, self._plan = connection, key, plan
        self._tables: list[tuple[Table, int | None, list[ColumnSketch | None], str]] = []
        self._pending: dict[int, tuple[_Read, list[ColumnSketch | None], int]] = {}
        self._cells = 0
        self._in_order: dict[tuple[str, str], tuple[int, ...]] = {}

    def add(self, relation: str, table: Table | str) -> None:
        """Read one table: `relation` is what SQL on this connection reads FROM."""
        described = table if isinstance(table, Table) else _described(self._connection, relation, table)
        sketched: list[ColumnSketch | None] = [None] * len(described.columns)
        if self._plan.level == 0:
            sketched[:] = [_named(column, described) for column in described.columns]
            self._tables.append((described, None, sketched, relation))
            return
        (rows,) = self._one(
            f"CREATE OR REPLACE TEMP TABLE {ROWS} AS SELECT * FROM {relation} LIMIT {_COPIED_ROWS + 1}"
        )
        read = ROWS
        if rows > _COPIED_ROWS:
            self._connection.execute(f"DROP TABLE {ROWS}")
            (rows,), read = self._one(f"SELECT count(*) FROM {relation}"), relation
        self._tables.append((described, rows, sketched, relation))
        # The types as they are read: a source may declare others than its rows keep to.
        read_as = {
            column.name: column.type for column in _described(self._connection, read, described.name).columns
        }
        places = []
        self._order(read, rows, described, read_as)
        for place, column in enumerate(described.columns):
            column = replace(column, type=read_as.get(column.name, column.type))
            if column.type in ("json", "binary"):
                (filled,) = self._one(f"SELECT count({quoted(column.name)}) FROM {read}")
                sketched[place] = replace(
                    _named(column, described), facts=ColumnFacts("opaque", rows, rows - int(filled), 0)
                )
            else:
                places.append((place, column))
        step = max(1, _CELLS // max(1, rows))
        for first in range(0, len(places), step):
            self._take(read, rows, described, sketched, places[first : first + step])

    def _order(self, read: str, rows: int, table: Table, read_as: Mapping[str, ColumnType]) -> None:
        if not self._plan.in_order or not 0 < rows <= MOST_ROWS:
            return
        texts = ", ".join(
            _as_read(quoted(column.name), read_as.get(column.name, column.type)) for column in table.columns
        )
        known: dict[str, int] = {}

        def hashed_value(value: str | None) -> int:
            if value is None or value.strip().lower() in NO_VALUE:
                return 0
            if value not in known:
                known[value] = hashed(canonical_text(value), self._key)
            return known[value]

        in_order = zip(*self._all(f"SELECT {texts} FROM {read}"), strict=True)
        for column, values in zip(table.columns, in_order, strict=True):
            self._in_order[table.name, column.name] = tuple(map(hashed_value, values))

    def finished(self) -> list[TableSketch]:
        """The sketches of all tables, in the order in which they were added."""
        self._reduce()
        return [
            TableSketch(
                table.name,
                tuple(column for column in columns if column is not None),
                rows,
                table.comment or "",
                persons=self._persons(table, rows, columns, relation),
            )
            for table, rows, columns, relation in self._tables
        ]

    def _persons(
        self, table: Table, rows: int | None, columns: Sequence[ColumnSketch | None], relation: str
    ) -> ValueSet | None:
        found = person_columns(columns) if self._plan.in_order and (rows or 0) <= MOST_PEOPLE else None
        if found is None:
            return None
        name, birth = (
            _as_read(quoted(table.columns[place].name), columns[place].type)  # type: ignore[union-attr]
            for place in found
        )
        facts = columns[found[1]].facts  # type: ignore[union-attr]
        day = _day_of(facts.semantics if facts is not None else {})
        read = self._connection.execute(persons_sql(relation, name, birth, day, self._key)).fetchnumpy()
        hashes = np.sort(np.asarray(read["h"], dtype=np.uint64))
        hashes = np.ascontiguousarray(hashes[hashes != _NO_HASH])
        return ValueSet(hashes, len(hashes), True) if len(hashes) else None

    def clear(self) -> None:
        """Take the temporary tables away."""
        for made in (ROWS, VALUES):
            self._connection.execute(f"DROP TABLE IF EXISTS {made}")

    def _take(
        self,
        read: str,
        rows: int,
        table: Table,
        sketched: list[ColumnSketch | None],
        places: Sequence[tuple[int, Column]],
    ) -> None:
        if self._cells and self._cells + rows * len(places) > _CELLS:
            self._reduce()
        first = len(self._pending)
        missing = ", ".join(literal(word) for word in NO_VALUE)
        numbers = ", ".join(str(first + order) for order in range(len(places)))
        texts = ", ".join(_as_read(quoted(column.name), column.type) for _, column in places)
        made = f"INSERT INTO {VALUES}" if self._pending else f"CREATE OR REPLACE TEMP TABLE {VALUES} AS"
        self._connection.execute(
            f"{made} SELECT c, v, count(*) AS n FROM "
            f"(SELECT unnest([{numbers}])::INTEGER AS c, unnest([{texts}]) AS v FROM {read}) "
            f"WHERE v IS NOT NULL AND lower(trim(v)) NOT IN ({missing}) GROUP BY c, v"
        )
        for order, (place, column) in enumerate(places):
            self._pending[first + order] = (_Read(column, table, rows), sketched, place)
        self._cells += rows * len(places)

    def _reduce(self) -> None:
        """Turn what was read into sketches."""
        with self._alone():
            self._reduce_all()
        self._pending, self._cells = {}, 0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One thread for little data: two would wait for each other longer than they work."""
        if self._cells > _LITTLE:
            yield
            return
        (threads,) = self._one("SELECT current_setting('threads')")
        self._connection.execute("SET threads = 1")
        try:
            yield
        finally:
            self._connection.execute(f"SET threads = {int(threads)}")

    def _reduce_all(self) -> None:
        columns = {number: read for number, (read, _, _) in self._pending.items()}
        if columns:
            self._count(columns)
            self._shape({number: read for number, read in columns.items() if read.distinct})
            self._measure(columns)
            facts = {number: _facts(read) for number, read in columns.items()}
            sets = self._sets({number: fact for number, fact in facts.items() if fact.distinct})
            for number, (read, sketched, place) in self._pending.items():
                sketched[place] = self._sketch(read, facts[number], sets.get(number, {}))

    def _sketch(self, read: _Read, facts: ColumnFacts, values: Mapping[Family, ValueSet]) -> ColumnSketch:
        named = _named(read.column, read.table)
        if not values:
            return replace(named, facts=facts)
        facts = replace(facts, distinct=values["plain"].distinct)
        lists = lists_of(named.name, read.table.name, facts, values, self._key)
        return replace(
            named,
            facts=facts,
            values=values if self._plan.level >= 2 else {},
            lists=lists,
            in_order=self._in_order.get((read.table.name, read.column.name), ()),
        )

    def _count(self, columns: Mapping[int, _Read]) -> None:
        for number, distinct, filled, top in self._all(
            f"SELECT c, count(*), sum(n), max(n, {MOST_TOP}) FROM {VALUES} GROUP BY c"
        ):
            read = columns[number]
            read.distinct, read.filled = int(distinct), int(filled)
            read.top = tuple(round(int(times) / read.filled, 4) for times in top)

    def _shape(self, columns: Mapping[int, _Read]) -> None:
        """Lengths, rules that hold and masks, of all values or of a part told by their hashes."""
        if not columns:
            return
        steps = {
            n: -(-read.distinct // _SHAPED_VALUES)
            for n, read in columns.items()
            if read.distinct > _SHAPED_VALUES
        }
        some = f"SELECT c, v FROM {VALUES}"
        if steps:
            # Of one type with the hash: of two, the division is that of numbers of 128 bits, and dear.
            cases = " ".join(f"WHEN {number} THEN {step}::UBIGINT" for number, step in steps.items())
            some += f" WHERE hash(v) % (CASE c {cases} ELSE 1::UBIGINT END) = 0"
        # Each text is looked at once, in however many columns it stands.
        each = f"(SELECT v, list(c) AS held FROM ({some}) GROUP BY v)"
        passes = ", ".join(f"CAST({rule.sql} AS INTEGER) AS r{place}" for place, rule in enumerate(RULES))
        shares = ", ".join(f"avg(r{place})" for place in range(len(RULES)))
        told = {}
        for number, low, high, mean, *passed in self._all(
            f"SELECT c, min(size), max(size), avg(size), {shares} FROM (SELECT unnest(held) AS c, * FROM (SELECT held, "
            f"length(v) AS size, {passes} FROM (SELECT held, v, trim(v) AS t, {fold_sql('v')} AS f FROM {each}))) GROUP BY c"
        ):
            read = columns[number]
            read.lengths = int(low), int(high), float(mean)
            read.semantics = {rule.name: float(share or 0) for rule, share in zip(RULES, passed, strict=True)}
            read.kind = kind_of(read.column.type, read.semantics)
            told[number] = read
        masks: dict[int, dict[str, float]] = {number: {} for number in told}
        for number, mask, count, whole in self._all(
            "SELECT c, mask, count(*) AS times, sum(times) OVER (PARTITION BY c) FROM (SELECT unnest(held) AS c, mask FROM "
            f"(SELECT held, {_MASK} AS mask FROM {each})) GROUP BY c, mask "
            f"QUALIFY row_number() OVER (PARTITION BY c ORDER BY times DESC, mask) <= {_MASKS}"
        ):
            masks[number][str(mask)[:60]] = count / float(whole)
        for number, read in told.items():
            read.masks = masks[number]
        self._begin(told, some)

    def _begin(self, columns: Mapping[int, _Read], some: str) -> None:
        """How long codes begin, each in its full form: a part of the country, a year, a kind, never a value."""
        forms = {number: form for number, read in columns.items() if (form := _long_code(read)) is not None}
        if not forms:
            return
        cases: dict[str, list[int]] = {}
        for number, form in forms.items():
            cases.setdefault(form, []).append(number)
        written = " ".join(f"WHEN c IN ({_listed(numbers)}) THEN {form}" for form, numbers in cases.items())
        found: dict[int, dict[str, float]] = {}
        for number, begins, count, whole in self._all(
            "SELECT c, b, count(*) AS times, sum(times) OVER (PARTITION BY c) FROM "
            f"(SELECT c, CASE {written} END AS b FROM ({some}) WHERE c IN ({_listed(forms)})) "
            f"GROUP BY c, b QUALIFY row_number() OVER (PARTITION BY c ORDER BY times DESC, b) <= {_BEGINNINGS}"
        ):
            found.setdefault(number, {})[str(begins)] = round(count / float(whole), 4)
        for number, beginnings in found.items():
            columns[number].beginnings = beginnings

    def _measure(self, columns: Mapping[int, _Read]) -> None:
        """Bounds and quantiles of numbers and days."""
        quantiles = f"quantile_cont(a, [{', '.join(map(str, QUANTILES))}])"
        for amount, numbers in _grouped(columns, _amount_of):
            # A condition on `a` would be asked of the values, and `a` be told twice more for it.
            for number, low, high, quarters in self._all(
                f"SELECT c, min(a), max(a), {quantiles} FROM (SELECT c, CASE WHEN isfinite(a) THEN a END AS a FROM "
                f"(SELECT c, {amount} AS a FROM {VALUES} WHERE c IN ({_listed(numbers)}))) GROUP BY c"
            ):
                if low is None:
                    continue
                columns[number].amounts = (float(low), float(high), *map(float, quarters))
        numbered = [n for n, read in columns.items() if telling(read.semantics or {}) == "citizen_number"]
        if numbered:
            for number, quarters in self._all(
                f"SELECT c, {quantiles} FROM (SELECT c, {born_sql('v')} AS a FROM {VALUES} "
                f"WHERE c IN ({_listed(numbered)})) GROUP BY c"
            ):
                columns[number].births = tuple(map(float, quarters or ()))

    def _sets(self, facts: Mapping[int, ColumnFacts]) -> dict[int, dict[Family, ValueSet]]:
        wanted: dict[str, list[int]] = {}
        families: dict[tuple[int, str], list[Family]] = {}
        for number, fact in facts.items():
            for family, expression in forms_of(fact).items():
                if (number, expression) not in families:
                    wanted.setdefault(expression, []).append(number)
                families.setdefault((number, expression), []).append(family)
        found: dict[int, dict[Family, ValueSet]] = {}
        for expression, numbers in wanted.items():
            for number, made in self._hashed(expression, numbers).items():
                for family in families[number, expression]:
                    if family == "plain" or made.distinct:
                        found.setdefault(number, {})[family] = made
        return found

    def _hashed(self, expression: str, numbers: Sequence[int]) -> dict[int, ValueSet]:
        """The sets of these columns, all of one form. Each text is hashed once, in however many columns it stands."""
        smallest = Smallest(self._plan.complete + 1)
        # What has no form is left out afterwards: a condition on `s` would have it made twice more for every value.
        told = self._connection.execute(
            f"SELECT s, list(c) FROM (SELECT DISTINCT c, {expression} AS s FROM {VALUES} WHERE c IN ({_listed(numbers)})) "
            "GROUP BY s"
        )
        while rows := told.fetchmany(_HASHED_AT_ONCE):
            texts = [text for text, _ in rows if text]
            owners = [held for text, held in rows if text]
            made = np.frombuffer(hashes_of(texts, self._key), dtype=">u8").astype(np.uint64)
            times = np.fromiter(map(len, owners), np.int64, len(owners))
            smallest.add(
                np.fromiter(chain.from_iterable(owners), np.int32, int(times.sum())), np.repeat(made, times)
            )
        return {number: self._set(*smallest.of(number)) for number in numbers}

    def _set(self, hashes: Hashes, distinct: int) -> ValueSet:
        if distinct <= self._plan.complete:
            return ValueSet(hashes.copy(), distinct, True)
        return ValueSet(hashes[: self._plan.k].copy(), distinct, False)

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        return found

    def _one(self, sql: str) -> tuple[Any, ...]:
        return self._all(sql)[0]


def forms_of(facts: ColumnFacts) -> dict[Family, str]:
    """The canonical forms of a column's values, as SQL on `v`."""
    semantics = facts.semantics
    phone = telling(semantics) == "phone"
    whole = semantics.get("digits", 0.0) >= PASSED
    forms: dict[Family, str] = {"plain": _plain_of(facts, phone=phone)}
    if phone:
        forms["digits"] = digits_sql(phone_sql("v"))
    elif facts.kind in ("code", "number") and (whole or semantics.get("tax_code", 0.0) >= PASSED):
        loses = semantics.get("leading_zero", 0.0) > 0 or not whole
        forms["digits"] = digits_sql("v") if loses else forms["plain"]
    elif facts.kind == "text":
        forms["core"] = core_sql("v")
    if facts.kind == "date":
        forms["day"] = forms["plain"]
    elif facts.kind == "moment":
        forms["day"] = day_sql("v")
    elif looks_serial(facts):
        forms["day"] = serial_day_sql("v")
    return forms


def _long_code(read: _Read) -> str | None:
    """SQL for how a value of a column of long codes begins; None for other columns."""
    told = telling(read.semantics or {})
    if told == "phone":
        return f"left(lpad({phone_sql('v')}, 10, '0'), 3)"
    if told == "citizen_number":
        return "left(lpad(trim(v), 12, '0'), 3)"
    if read.kind != "code" or read.lengths[0] < _CODE:
        return None
    signs = 3 if read.lengths[0] >= _LONG_CODE else 2
    bare = "regexp_replace(upper(v), '[^0-9A-Z]', '', 'g')"
    return f"coalesce(nullif(regexp_extract({bare}, '^[A-Z]{{1,3}}'), ''), left({bare}, {signs}))"


def looks_serial(facts: ColumnFacts) -> bool:
    """True when whole numbers may be days as spreadsheets count them."""
    if facts.kind not in ("number", "code") or facts.padded or facts.counter:
        return False
    if facts.semantics.get("digits", 0.0) < PASSED:
        return False
    # A few slips of the pen do not matter.
    return (
        bool(facts.quantiles) and facts.quantiles[0] >= _SERIAL_FIRST and facts.quantiles[-1] <= _SERIAL_LAST
    )


def _plain_of(facts: ColumnFacts, *, phone: bool) -> str:
    if facts.kind == "date":
        return _day_of(facts.semantics)
    if facts.kind in ("boolean", "moment"):
        return "v"
    if facts.kind == "number":
        if facts.semantics.get("thousands", 0.0) >= 0.5:
            return thousands_sql("v")
        return "v" if facts.semantics.get("digits", 0.0) >= 1 else number_sql("v")
    return phone_sql("v") if phone else text_sql("v")


def _day_of(semantics: Mapping[str, float]) -> str:
    told = {name: semantics.get(name, 0.0) for name in DAYS}
    best = max(told, key=lambda name: (round(told[name], 2), name in ("day_first", "iso_day", "packed_day")))
    return {"month_first": month_first_sql, "packed_day_first": day_first_packed_sql}.get(best, day_sql)("v")


def _amount_of(read: _Read) -> str | None:
    if not read.distinct or read.kind not in ("number", "code", "date", "moment"):
        return None
    if read.kind in ("date", "moment"):
        return f"epoch(TRY_CAST({_day_of(read.semantics or {})} AS DATE)) / 86400"
    if read.semantics is not None and read.semantics["thousands"] >= 0.5:
        return f"TRY_CAST({thousands_sql('v')} AS DOUBLE)"
    return "TRY_CAST(replace(v, ',', '.') AS DOUBLE)"


def _facts(read: _Read) -> ColumnFacts:
    if not read.distinct or read.semantics is None:
        return ColumnFacts("opaque", read.rows, read.rows, 0)
    semantics, (shortest, longest, mean) = read.semantics, read.lengths
    lower, upper, *quantiles = read.amounts or (None, None)
    if read.kind == "date" and over_decades(quantiles):
        semantics = {**semantics, OVER_DECADES: 1.0}
    whole = read.column.type == "integer" or (semantics["digits"] >= 0.99 and semantics["leading_zero"] == 0)
    return ColumnFacts(
        kind=read.kind,
        rows=read.rows,
        nulls=read.rows - read.filled,
        distinct=read.distinct,
        min_length=shortest,
        max_length=longest,
        avg_length=mean,
        masks=read.masks or {},
        beginnings=read.beginnings or {},
        semantics={name: round(share, 4) for name, share in semantics.items() if share > 0},
        lower=lower,
        upper=upper,
        middle=quantiles[2] if quantiles else None,
        quantiles=tuple(quantiles),
        births=read.births,
        top=read.top,
        counter=whole and _counts_up(lower, upper, read.distinct),
        padded=shortest == longest and semantics["digits"] >= PASSED and semantics["leading_zero"] > 0,
    )


def _counts_up(lower: float | None, upper: float | None, distinct: int) -> bool:
    if lower is None or upper is None or distinct < _COUNTER_LEAST:
        return False
    return 0 <= lower <= _COUNTER_START and upper - lower + 1 <= _COUNTER_DENSITY * distinct


def _grouped(
    columns: Mapping[int, _Read], told: Callable[[_Read], str | None]
) -> Iterable[tuple[str, list[int]]]:
    groups: dict[str, list[int]] = {}
    for number, read in columns.items():
        expression = told(read)
        if expression is not None:
            groups.setdefault(expression, []).append(number)
    return groups.items()


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _described(connection: Connection, relation: str, name: str) -> Table:
    found = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    columns = [
        Column(column, column_type(native), True, None, native, ordinal)
        for ordinal, (column, native, *_) in enumerate(found, start=1)
    ]
    return Table(name, tuple(columns))


def _named(column: Column, table: Table) -> ColumnSketch:
    return ColumnSketch(
        name=unicodedata.normalize("NFC", column.name),
        type=column.type,
        description=column.comment or "",
        is_key=table.primary_key == (column.name,),
    )


def _as_read(name: str, kind: ColumnType) -> str:
    """SQL for the text of a value, equal for equal values of one column."""
    if kind == "boolean":
        return f"CASE WHEN {name} THEN '1' WHEN NOT {name} THEN '0' END"
    if kind == "double":
        return f"regexp_replace(CAST({name} + 0.0::DOUBLE AS VARCHAR), '\\.0$', '')"
    if kind == "decimal":
        text = f"CAST({name} AS VARCHAR)"
        return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    if kind == "timestamp":
        return f"regexp_replace(CAST({name} AS VARCHAR), '[ T]00:00:00(\\.0+)?(\\+00)?$', '')"
    return f"CAST({name} AS VARCHAR)"
