"""One CSV or TSV file as a table.

A clean file goes straight into the engine: types are proposed from a sample and checked on every row while the
file is read once. A number must print back as it was written, so `007`, `+84…` and codes of twenty digits stay
text wherever in the file they appear. What does not hold, or was drawn for people (titles, groups, totals,
notes), takes the longer way: its rows are told apart, the rest is written clean into the private folder of the
source, and every column is decided over all its values.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from lienthong.engine.errors import EngineError, FileMalformed, SourceEmpty, SourceTooLarge
from lienthong.engine.session import Connection, ShouldStop, literal, quoted, run_each
from lienthong.engine.shapes import Column, Finding, Reading, ReadingChoice, SkippedRow, Table
from lienthong.engine.sources.choosing import check_rows, check_types, refused
from lienthong.engine.sources.converting import (
    Conversions,
    Converted,
    convert,
    lean_among,
    plan_among,
    sql_type,
)
from lienthong.engine.sources.encoding import (
    UTF8,
    EncodingMismatch,
    encoding_of,
    known_encoding,
    transcode,
)
from lienthong.engine.sources.forms import TEXT, Plan, counted
from lienthong.engine.sources.heading import BLANKS, PLAIN_BLANKS, Heading, Row, find_heading
from lienthong.engine.sources.notes import report_of, told
from lienthong.engine.sources.sorting import Sorted, sort_rows
from lienthong.engine.sources.suspecting import changed, suspicious
from lienthong.engine.sources.textrows import MOST_COLUMNS, Dialect, dialect_of, first_rows, rows_of

# A number that prints back as it was written loses nothing. Most are seen to be plain by cheaper tests.
_SHORT_AND_PLAIN = (
    "strlen({c}) <= 15 AND NOT (contains({c}, 'e') OR contains({c}, 'E') OR contains({c}, '_') "
    "OR starts_with({c}, '+') OR starts_with({c}, ' ') OR ends_with({c}, ' ') "
    "OR (starts_with({c}, '0') AND NOT starts_with({c}, '0.') AND {c} <> '0') "
    "OR (starts_with({c}, '-0') AND NOT starts_with({c}, '-0.')))"
)
_CHECKED = {
    "BIGINT": "CAST({c} AS BIGINT)::VARCHAR = {c}",
    "DOUBLE": (
        f"CAST({{c}} AS DOUBLE) IS NOT NULL AND (({_SHORT_AND_PLAIN}) "
        "OR CAST({c} AS DOUBLE)::VARCHAR IN ({c}, {c} || '.0'))"
    ),
    "BOOLEAN": "{c} IN ('true', 'false') OR lower({c}) IN ('true', 'false')",
}
_BUFFER_BYTES = 4 << 20
_LONG_BUFFER_BYTES = 256 << 20
_BLOCK = 1 << 20
_MARKS = (b"\xcc", b"\xcd")
"""What every combining mark begins with in UTF-8, and no Vietnamese letter that is one with its mark."""
_ODD_SPACES = (
    (b"\xc2", b"\xc2\xa0"),
    (b"\xe2", b"\xe2\x80"),
    (b"\xef", b"\xef\xbb\xbf"),
    *((sign, sign) for sign in (b"\t", b"\v", b"\f")),
)


@dataclass(slots=True)
class CsvTable:
    """A CSV file, linked or transcoded into the private folder of a source under a generated name."""

    name: str
    display: str
    original: Path
    folder: Path
    label: str
    choice: ReadingChoice = field(default_factory=ReadingChoice)
    capture: str | None = None
    rows: int | None = None
    notes: list[Finding] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    encoding: str = "utf-8"
    dialect: Dialect = field(default_factory=lambda: Dialect(","))
    heading: Heading | None = None
    plans: dict[str, Plan] = field(default_factory=dict)
    settled: dict[str, Plan] = field(default_factory=dict)
    plain: bool = False
    void: frozenset[str] = frozenset()
    long: bool = False
    sample: list[Row] = field(default_factory=list)

    @property
    def staged(self) -> Path:
        """The only path that DuckDB gets to see: it would take the user's own name for a pattern."""
        return self.folder / f"{self.label}.csv"

    @property
    def cleaned(self) -> Path:
        """Where the rows of data are written when other rows stand among them."""
        return self.folder / f"{self.label}-rows.csv"

    @property
    def table(self) -> Table:
        """The table as far as it is known: types from the sample, and from every row once it was read."""
        return Table(
            name=self.name,
            columns=tuple(
                Column(name=name, type=self.plans.get(name, TEXT).type, ordinal=order)
                for order, name in enumerate((n for n in self._known().names if n not in self.void), 1)
            ),
            rows=self.rows,
        )

    def describe(self, connection: Connection) -> None:
        """Find out how the file is written. Raises SourceEmpty, FileMalformed, SourceTooLarge, ReadingRefused."""
        self._stage(self._encoding(whole=False))
        self._lay_out()

    def beginning(self, most: int) -> list[Row]:
        """The first rows as they stand in the file."""
        return first_rows(self.staged, self.dialect, self.display, most)[:most]

    def row_numbers(self) -> list[int] | None:
        """The number in the file of each row of data, once it was read; None where they cannot be told."""
        found = sort_rows(
            self._body(self.dialect), self._known(), keep=self.choice.keep_rows, skip=self.choice.skip_rows
        )
        numbers = [number for number, cells in self._data(found) if self._is_row(number, cells)]
        return numbers if len(numbers) == self.rows else None

    def ready(self, connection: Connection, should_stop: ShouldStop | None = None) -> str:
        """Read the file into the engine, once, and give the relation that holds it."""
        if self.capture is None:
            self._read(connection, should_stop)
            self._leave_void(connection)
            self.capture = quoted(self.label)
        return self.capture

    def forget(self, connection: Connection) -> None:
        """Let go of what was read."""
        if self.capture is not None:
            connection.execute(f"DROP TABLE IF EXISTS {self.capture}")
            self.capture = None

    def _known(self) -> Heading:
        if self.heading is None:
            raise FileMalformed(source=self.display, kind="CSV")
        return self.heading

    def _encoding(self, *, whole: bool) -> str:
        if self.choice.encoding is None:
            return encoding_of(self.original, whole=whole)
        chosen = known_encoding(self.choice.encoding)
        if chosen is None:
            raise refused(
                self.name,
                f"không có bảng mã “{self.choice.encoding}”",
                f"there is no encoding “{self.choice.encoding}”",
            )
        return chosen

    def _stage(self, encoding: str) -> None:
        if encoding == "binary":
            raise FileMalformed(source=self.display, kind="CSV")
        self.encoding = encoding
        self.staged.unlink(missing_ok=True)
        mismatch: EngineError | None = None
        if encoding in UTF8 and self.choice.encoding is None:
            self.staged.symlink_to(self.original.absolute())
        else:
            try:
                transcode(self.original, encoding, self.staged, strict=self.choice.encoding is not None)
            except EncodingMismatch as error:
                mismatch = refused(
                    self.name,
                    f"tệp không viết theo bảng mã {encoding}",
                    f"the file is not written in {encoding}",
                    row=error.line,
                )
        if mismatch is not None:
            raise mismatch
        with self.staged.open("rb") as file:
            if not file.read(1 << 16).removeprefix(b"\xef\xbb\xbf").strip():
                raise SourceEmpty(source=self.display)

    def _lay_out(self) -> None:
        """Find delimiter, heading and, from a sample, types."""
        ending = self.original.suffix.lower()
        self.dialect = dialect_of(self.staged, self.display, ending, self.choice.delimiter)
        self.sample = first_rows(self.staged, self.dialect, self.display)
        if self.choice.header_rows:
            self.sample = self._far_enough(self.choice.header_rows)
        widest = max((len(cells) for _, cells in self.sample), default=0)
        if widest > MOST_COLUMNS:
            raise SourceTooLarge.beyond(self.display, MOST_COLUMNS, "cột", "columns")
        far = max(self.choice.header_rows or (0,)) + 300
        heading = find_heading(self.sample[:far], chosen=self.choice.header_rows)
        if heading is None:
            raise SourceEmpty(source=self.display)
        check_types(self.name, self.choice, heading.names)
        self.heading = heading
        columns = [self._sampled(place) for place in heading.positions]
        forms = [counted(values) for values in columns]
        named = dict(zip(heading.names, forms, strict=True))
        lean = lean_among(named, self.dialect.delimiter)
        self.plans = {name: plan_among(name, found, lean) for name, found in named.items()}
        for name, kind in self.choice.types.items():
            self.plans[name] = Plan(kind)
        self.plain = self._is_plain()
        self.settled = self._clearly_text()
        # A folder may have thousands of tables: of each only what was learnt is kept.
        self.sample = []

    def _far_enough(self, chosen: tuple[int, ...]) -> list[Row]:
        rows: list[Row] = []
        for row in rows_of(self.staged, replace(self.dialect), self.display):
            rows.append(row)
            if row[0] >= max(chosen) + 500:
                break
        check_rows(self.name, chosen, rows[-1][0] if rows else 0)
        return rows

    def _sampled(self, place: int) -> list[str]:
        start = self._known().body_from
        cells = (row[place] for number, row in self.sample if number >= start and place < len(row))
        return [cell.strip(BLANKS) for cell in cells]

    def _read(self, connection: Connection, should_stop: ShouldStop | None) -> None:
        """Read by the shortest way that keeps every value; a longer one when a row or value stands in the way."""
        ways: list[Callable[[], None]] = [
            lambda: self._thoroughly(connection, should_stop, self.staged),
            lambda: self._transcoded(connection, should_stop),
            lambda: self._sorted_out(connection, should_stop),
            lambda: self._unquoted(connection, should_stop),
        ]
        if self.plain:
            ways.insert(0, lambda: self._straight(connection, should_stop))
        else:
            ways = ways[1:]
        for way in ways:
            try:
                way()
                return
            except (duckdb.InterruptException, duckdb.OutOfMemoryException):
                raise
            except (duckdb.Error, csv.Error, UnicodeError, _OtherWay):
                continue
        raise FileMalformed(source=self.display, kind="CSV")

    def _leave_void(self, connection: Connection) -> None:
        """Leave out columns that neither the heading names nor any row fills: they come of delimiters too many."""
        heading = self._known()
        words = [row[place] for place in heading.positions for row in heading.rows if place < len(row)]
        named = {
            place for place in heading.positions for row in heading.rows if place < len(row) and row[place]
        }
        unnamed = [
            name for name, place in zip(heading.names, heading.positions, strict=True) if place not in named
        ]
        if not words or not unnamed:
            return
        counts = ", ".join(f"count({quoted(name)})" for name in unnamed)
        found = connection.execute(f"SELECT {counts} FROM {quoted(self.label)}").fetchall()[0]
        self.void = frozenset(name for name, many in zip(unnamed, found, strict=True) if not many)
        for name in self.void if len(self.void) < len(heading.names) else ():
            connection.execute(f"ALTER TABLE {quoted(self.label)} DROP COLUMN {quoted(name)}")

    def _is_plain(self) -> bool:
        """Whether the file, as far as the sample shows, begins with one line of names and goes on with data."""
        heading = self._known()
        if self.choice != ReadingChoice() or heading.above or len(heading.header_rows) > 1:
            return False
        if heading.header_rows and any("\n" in cell or "\r" in cell for cell in self.sample[0][1]):
            return False
        under = [row for row in self.sample if row[0] >= heading.body_from]
        found = sort_rows(under, heading)
        return not found.aside and not found.shorter

    def _straight(self, connection: Connection, should_stop: ShouldStop | None) -> None:
        """A clean file in one read: types are checked on the way, and what was drawn for people is looked for."""
        plans = self.plans
        apart, odd = self._seen_bytes()
        if (
            apart
            or self.long
            or any(not (plan.is_clear or plan.style in ("codes", "digits")) for plan in plans.values())
        ):
            raise _OtherWay
        names = self._known().names
        selected = ", ".join(f"{_converted(name, sql_type(plans[name]))} AS {quoted(name)}" for name in names)
        types = {
            name: "VARCHAR" if sql_type(plans[name]) in _CHECKED else sql_type(plans[name]) for name in names
        }
        rows = _run(
            connection,
            f"CREATE OR REPLACE TABLE {quoted(self.label)} AS SELECT {selected} "
            f"FROM {self._reader(self.staged, types, straight=True)}",
            should_stop,
        )[0][0]
        if suspicious(connection, quoted(self.label), self._known(), plans, should_stop):
            found = sort_rows(self._body(self.dialect), self._known())
            if found.aside:
                raise _OtherWay
        decoded = None if self.encoding in UTF8 else self.encoding
        blanks = BLANKS if odd else PLAIN_BLANKS
        done = changed(connection, self.label, names, plans, decoded, blanks, should_stop)
        self.rows = rows
        self._report(Sorted(), done)

    def _thoroughly(self, connection: Connection, should_stop: ShouldStop | None, path: Path) -> None:
        """A file whose rows are all data: every column is decided over all its values."""
        self._through_text(connection, should_stop, path, Sorted(), straight=True)
        if suspicious(connection, quoted(self.label), self._known(), self.plans, should_stop):
            found = sort_rows(self._body(self.dialect), self._known())
            if found.aside:
                raise _OtherWay

    def _transcoded(self, connection: Connection, should_stop: ShouldStop | None) -> None:
        """The same once more when the file proves to be in another encoding than its beginning."""
        encoding = self._encoding(whole=True)
        if self.choice.encoding is not None or encoding == self.encoding or encoding in UTF8:
            raise _OtherWay
        self._stage(encoding)
        self._lay_out()
        if not self.plain:
            raise _OtherWay
        self._thoroughly(connection, should_stop, self.staged)

    def _unquoted(self, connection: Connection, should_stop: ShouldStop | None) -> None:
        """A mark of quotation that does not close is rather an inch than a quotation."""
        self.dialect = replace(self.dialect, quote="", escape="")
        self._sorted_out(connection, should_stop)

    def _sorted_out(self, connection: Connection, should_stop: ShouldStop | None) -> None:
        """Tell the rows of data from others, and read those."""
        heading = self._known()
        found = sort_rows(
            self._body(self.dialect), heading, keep=self.choice.keep_rows, skip=self.choice.skip_rows
        )
        last = 0
        with self.cleaned.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            for number, cells in self._body(self.dialect):
                last = number
                if number in found.aside or not self._is_row(number, cells):
                    continue
                writer.writerow([cells[place] if place < len(cells) else "" for place in heading.positions])
        check_rows(self.name, (*self.choice.keep_rows, *self.choice.skip_rows), last, heading.body_from)
        self._through_text(connection, should_stop, self.cleaned, found, straight=False)
        self.cleaned.unlink(missing_ok=True)

    def _is_row(self, number: int, cells: Sequence[str]) -> bool:
        alone = len(self._known().positions) == 1
        return number in self.choice.keep_rows or alone or any(cell and cell.strip(BLANKS) for cell in cells)

    def _body(self, dialect: Dialect) -> Iterator[Row]:
        start = self._known().body_from
        return (row for row in rows_of(self.staged, dialect, self.display) if row[0] >= start)

    def _through_text(
        self,
        connection: Connection,
        should_stop: ShouldStop | None,
        path: Path,
        found: Sorted,
        *,
        straight: bool,
    ) -> None:
        heading = self._known()
        raw = f"{self.label}_text"
        apart, odd = self._seen_bytes()
        if self.long and straight:
            raise _OtherWay
        types = dict.fromkeys(heading.names, "VARCHAR")
        try:
            reader = self._reader(path, types, straight=straight)
            _run(connection, f"CREATE OR REPLACE TABLE {quoted(raw)} AS FROM {reader}", should_stop)
            done = convert(
                connection,
                quoted(raw),
                self.label,
                heading.names,
                settled=self.settled,
                chosen=self.choice.types,
                delimiter=self.dialect.delimiter,
                decoded=None if self.encoding in UTF8 else self.encoding,
                composing=apart,
                blanks=BLANKS if odd else PLAIN_BLANKS,
                refuse=lambda name, kind: self._refuse(name, kind, found),
                should_stop=should_stop,
            )
        finally:
            connection.execute(f"DROP TABLE IF EXISTS {quoted(raw)}")
        self.plans = done.plans
        self.rows = done.rows
        self._report(found, done)

    def _clearly_text(self) -> dict[str, Plan]:
        """The columns in whose sample words prevail: no value further down makes them anything else."""
        heading = self._known()
        settled = {}
        for name, place in zip(heading.names, heading.positions, strict=True):
            forms = counted(self._sampled(place)[:400])
            if forms["text"] * 2 > sum(forms.values()) + 4 and name not in self.choice.types:
                settled[name] = TEXT
        return settled

    def _refuse(self, name: str, kind: str, found: Sorted) -> None:
        column = self._known().positions[self._known().names.index(name)]
        plan = self.plans.get(name, TEXT)
        raise told(self.name, self._data(found), column, name, kind, plan)

    def _data(self, found: Sorted) -> Iterator[Row]:
        return (row for row in self._body(self.dialect) if row[0] not in found.aside)

    def _seen_bytes(self) -> tuple[bool, bool]:
        """Whether any letter of the file may stand apart from its mark, and any space be an odd one.

        A quick look at single bytes, which spares most files the careful one. It also sees lines so long that the
        engine would pass over them.
        """
        apart = odd = False
        with self.staged.open("rb") as file:
            file.seek(3)
            while block := file.read(_BLOCK):
                apart = apart or any(sign in block for sign in _MARKS)
                odd = odd or any(first in block and whole in block for first, whole in _ODD_SPACES)
                if len(block) == _BLOCK and b"\n" not in block and b"\r" not in block:
                    self.long = True
        return apart, odd

    def _reader(self, path: Path, types: dict[str, str], *, straight: bool) -> str:
        """The SQL that reads the file, or the clean rows of it, with these types."""
        columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items())
        dialect = self.dialect if straight else Dialect(",")
        skip = len(self._known().header_rows) if straight else 0
        options = [
            literal(str(path)),
            "auto_detect = false",
            f"delim = {literal(dialect.delimiter)}",
            f"quote = {literal(dialect.quote)}",
            f"escape = {literal(dialect.escape)}",
            f"skip = {skip}",
            "header = false",
            f"columns = {{{columns}}}",
            f"buffer_size = {_BUFFER_BYTES if straight else 4 * _BUFFER_BYTES}",
        ]
        if self.long:
            options[-1] = f"buffer_size = {_LONG_BUFFER_BYTES}"
            options.append(f"max_line_size = {_LONG_BUFFER_BYTES // 2}")
        if dialect.new_line != "\\n":
            options.append(f"new_line = {literal(dialect.new_line)}")
        return f"read_csv({', '.join(options)})"

    def _report(self, found: Sorted, done: Converted | Conversions) -> None:
        heading = self._known()
        conversions = done.conversions if isinstance(done, Converted) else done
        self.reading = report_of(
            found,
            encoding=self.encoding,
            delimiter=self.dialect.delimiter,
            header_rows=heading.header_rows,
            conversions=conversions,
        )
        self.notes = told_notes(self, found, done)


def told_notes(file: CsvTable, found: Sorted, done: Converted | Conversions) -> list[Finding]:
    """What a person should know of how the file was read."""
    from lienthong.engine.sources.notes import notes_of

    places = dict(zip(file._known().names, file._known().positions, strict=True))
    return notes_of(
        file.name, found, done if isinstance(done, Converted) else None, places, lambda: file._data(found),
        encoding=None if file.encoding in UTF8 else file.encoding,
        above=file._known().above,
    )  # fmt: skip


class _OtherWay(Exception):
    """This way does not fit the file; the next one is tried."""


def explained(display: str) -> Callable[[duckdb.Error], EngineError]:
    """What an error of DuckDB means while a file is read."""
    return lambda error: FileMalformed(source=display, kind="CSV")


def _converted(name: str, kind: str) -> str:
    """The SQL of one column in its type; raises an error in the engine where a value does not hold."""
    column = quoted(name)
    if kind not in _CHECKED:
        return column
    holds = _CHECKED[kind].format(c=column)
    cast = f"CAST({column} AS {kind})"
    return f"CASE WHEN {column} IS NULL THEN NULL WHEN {holds} THEN {cast} ELSE error('') END"


def _run(connection: Connection, sql: str, should_stop: ShouldStop | None) -> Any:
    return run_each(
        connection, [lambda cursor: cursor.execute(sql).fetchall()], workers=1, should_stop=should_stop
    )[0]


__all__ = ["CsvTable", "SkippedRow", "explained"]
