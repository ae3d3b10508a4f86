"""One CSV or TSV file as a table.

DuckDB's sniffer proposes delimiter, header and types from a sample; every proposal is then checked on
every row while the file is read once into the engine. A number must print back as it was written, so
`007`, `+84…` and codes of twenty digits stay text wherever in the file they appear. What does not hold
is read again one type wider.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from lienthong.engine.errors import EngineError, FileMalformed, SourceEmpty
from lienthong.engine.session import Connection, ShouldStop, literal, quoted, run_each
from lienthong.engine.shapes import Column, ColumnType, Finding, Place, Table
from lienthong.engine.sources.encoding import encoding_of, transcode

_TYPES: dict[str, ColumnType] = {
    "BIGINT": "integer",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "VARCHAR": "text",
}
# A number that prints back as it was written loses nothing. Most are seen to be plain by cheaper tests.
_SHORT_AND_PLAIN = (
    "strlen({c}) <= 15 AND NOT (contains({c}, 'e') OR contains({c}, 'E') OR contains({c}, '_') "
    "OR starts_with({c}, '+') OR starts_with({c}, ' ') "
    "OR (starts_with({c}, '0') AND NOT starts_with({c}, '0.') AND {c} <> '0') "
    "OR (starts_with({c}, '-0') AND NOT starts_with({c}, '-0.')))"
)
_CHECKED = {
    "BIGINT": "CAST({c} AS BIGINT)::VARCHAR = {c} OR CAST({c} AS BIGINT)::VARCHAR = trim({c})",
    "DOUBLE": (
        f"CAST({{c}} AS DOUBLE) IS NOT NULL AND (({_SHORT_AND_PLAIN}) "
        "OR CAST({c} AS DOUBLE)::VARCHAR IN (trim({c}), trim({c}) || '.0'))"
    ),
    "BOOLEAN": "{c} IN ('true', 'false') OR lower(trim({c})) IN ('true', 'false')",
}
_SAMPLE_ROWS = 10_240
_BUFFER_BYTES = 4 << 20
_LENIENT_BUFFER_BYTES = 64 << 20
_CODE_PAGES = {"cp1258": "Windows-1258", "cp1252": "Windows-1252", "latin-1": "ISO 8859-1"}
_WIDER = {"BIGINT": "DOUBLE"}
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class _Form:
    """How the file is written: what the sniffer found, made explicit for the reader."""

    delimiter: str
    quote: str
    escape: str
    new_line: str
    skip: int
    header: bool
    names: tuple[str, ...]
    types: tuple[str, ...]
    date_format: str | None
    time_format: str | None
    quote_seen: bool = True
    lenient: bool = False

    def reader(self, path: Path, *, as_text: bool) -> str:
        """The SQL that reads the file, types to be checked (or, `as_text`, all types) as text."""
        types = ["VARCHAR" if as_text or kind in _CHECKED else kind for kind in self.types]
        columns = ", ".join(
            f"{literal(name)}: {literal(kind)}" for name, kind in zip(self.names, types, strict=True)
        )
        options = [
            literal(str(path)),
            "auto_detect = false",
            f"delim = {literal(self.delimiter)}",
            f"quote = {literal(self.quote)}",
            f"escape = {literal(self.escape)}",
            f"skip = {self.skip}",
            f"header = {str(self.header).lower()}",
            f"columns = {{{columns}}}",
            f"buffer_size = {_LENIENT_BUFFER_BYTES if self.lenient else _BUFFER_BYTES}",
        ]
        if self.new_line != "\\n":
            options.append(f"new_line = {literal(self.new_line)}")
        if self.date_format and "DATE" in types:
            options.append(f"dateformat = {literal(self.date_format)}")
        if self.time_format and any(kind.startswith("TIMESTAMP") for kind in types):
            options.append(f"timestampformat = {literal(self.time_format)}")
        if self.lenient:
            options += ["null_padding = true", "strict_mode = false", "max_line_size = 16777216"]
        return f"read_csv({', '.join(options)})"

    def converted(self, name: str, kind: str) -> str:
        """The SQL of one column in its type; raises an error in the engine where a value does not hold."""
        column = quoted(name)
        if kind not in _CHECKED:
            return column
        holds = _CHECKED[kind].format(c=column)
        cast = f"CAST({column} AS {kind})"
        return f"CASE WHEN {column} IS NULL THEN NULL WHEN {holds} THEN {cast} ELSE error('') END"

    def fails(self, name: str, kind: str) -> str:
        """The SQL that says whether some value of a column, read as text, does not hold in this type."""
        column = quoted(name)
        if kind in _CHECKED:
            holds = _CHECKED[kind].format(c=column).replace("CAST(", "TRY_CAST(")
        else:
            form = {"DATE": self.date_format, "TIMESTAMP": self.time_format}.get(kind)
            parsed = f"try_strptime({column}, {literal(form)})" if form else f"TRY_CAST({column} AS {kind})"
            holds = f"{parsed} IS NOT NULL"
        return f"coalesce(bool_or({column} IS NOT NULL AND NOT coalesce({holds}, false)), false)"


@dataclass(slots=True)
class CsvTable:
    """A CSV file, linked or transcoded into the private folder of a source under a generated name."""

    name: str
    display: str
    original: Path
    folder: Path
    label: str
    form: _Form | None = None
    capture: str | None = None
    rows: int | None = None
    notes: list[Finding] = field(default_factory=list)

    @property
    def staged(self) -> Path:
        """The only path that DuckDB gets to see: it would take the user's own name for a pattern."""
        return self.folder / f"{self.label}.csv"

    @property
    def table(self) -> Table:
        """The table as far as it is known: types from the sample, and from every row once it was read."""
        form = self._known_form()
        return Table(
            name=self.name,
            columns=tuple(
                Column(name=name, type=_TYPES.get(kind, "text"), ordinal=order)
                for order, (name, kind) in enumerate(zip(form.names, form.types, strict=True), 1)
            ),
            rows=self.rows,
        )

    def describe(self, connection: Connection) -> None:
        """Find out how the file is written. Raises SourceEmpty, FileMalformed."""
        self._stage(encoding_of(self.original, whole=False))
        try:
            self._sniff(connection)
        except duckdb.Error:
            failed = True
        else:
            failed = False
        if failed:
            self._sniff_again(connection)

    def ready(self, connection: Connection, should_stop: ShouldStop | None = None) -> str:
        """Read the file into the engine, once, and give the relation that holds it."""
        if self.capture is None:
            self._read(connection, should_stop)
            self.capture = quoted(self.label)
        return self.capture

    def forget(self, connection: Connection) -> None:
        """Let go of what was read."""
        if self.capture is not None:
            connection.execute(f"DROP TABLE IF EXISTS {self.capture}")
            self.capture = None

    def _known_form(self) -> _Form:
        if self.form is None:
            raise FileMalformed(source=self.display, kind="CSV")
        return self.form

    def _stage(self, encoding: str) -> None:
        if encoding == "binary":
            raise FileMalformed(source=self.display, kind="CSV")
        self.staged.unlink(missing_ok=True)
        if encoding in ("utf-8", "utf-8-sig"):
            self.staged.symlink_to(self.original.absolute())
        else:
            transcode(self.original, encoding, self.staged)
            self._note("transcoded", {"encoding": _CODE_PAGES.get(encoding, encoding.upper())}, "info")
        with self.staged.open("rb") as file:
            if not file.read(1 << 16).removeprefix(b"\xef\xbb\xbf").strip():
                raise SourceEmpty(source=self.display)

    def _sniff(self, connection: Connection, **options: Any) -> None:
        given = "".join(f", {name} = {_option(value)}" for name, value in options.items())
        row = connection.execute(
            "SELECT Delimiter, Quote, Escape, NewLineDelimiter, SkipRows, HasHeader, Columns, DateFormat, "
            f"TimestampFormat FROM sniff_csv({literal(str(self.staged))}, sample_size = {_SAMPLE_ROWS}, "
            f"buffer_size = {_BUFFER_BYTES}{given})"
        ).fetchall()[0]
        delimiter, quote, escape, new_line, skip, header, columns, date_format, time_format = row
        unquoted = quote in ("(empty)", "")
        quote = '"' if unquoted else quote
        form = _Form(
            delimiter=delimiter,
            quote=quote,
            escape=quote if escape in ("(empty)", "") else escape,
            new_line=new_line,
            skip=skip,
            header=header,
            names=tuple(column["name"] for column in columns),
            types=tuple(column["type"] if column["type"] in _TYPES else "VARCHAR" for column in columns),
            date_format=date_format,
            time_format=time_format,
            quote_seen=not unquoted,
            lenient="null_padding" in options,
        )
        first_rows = self._first_rows(form, form.skip + 1)
        data_skipped = next(
            (i for i, cells in enumerate(first_rows[: form.skip]) if _filled(cells) > 1), None
        )
        if data_skipped is not None and not options:
            # The sniffer leaves out whatever does not fit; a line of several cells is no title, but data.
            self._sniff(
                connection,
                delim=form.delimiter,
                skip=data_skipped,
                null_padding=True,
                strict_mode=False,
                header=True,
            )
            return
        if not form.header and len(first_rows) > form.skip and _names_years(first_rows[form.skip]):
            form = replace(form, header=True, names=_unique(first_rows[form.skip]))
        if form.skip:
            self._note("lines_before_header", {"lines": form.skip}, "info")
        if form.lenient:
            self._note("irregular_rows", {}, "warning")
        self.form = form

    def _sniff_again(self, connection: Connection) -> None:
        tries: list[Callable[[], None]] = [
            lambda: self._sniff(connection, null_padding=True, strict_mode=False),
        ]
        encoding = encoding_of(self.original, whole=True)
        if encoding not in ("utf-8", "utf-8-sig"):
            self._stage(encoding)
            tries.insert(0, lambda: self._sniff(connection))
        for attempt in tries:
            try:
                attempt()
                return
            except duckdb.Error:
                continue
        raise FileMalformed(source=self.display, kind="CSV")

    def _first_rows(self, form: _Form, count: int) -> list[list[str]]:
        with self.staged.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            start = file.read(1 << 18)
        quoting: dict[str, Any] = (
            {"quotechar": form.quote} if len(form.quote) == 1 else {"quoting": csv.QUOTE_NONE}
        )
        rows: list[list[str]] = []
        try:
            for cells in csv.reader(start.splitlines(keepends=True), delimiter=form.delimiter[:1], **quoting):
                rows.append(cells)
                if len(rows) >= count:
                    break
        except csv.Error:
            return rows
        return rows

    def _read(self, connection: Connection, should_stop: ShouldStop | None) -> None:
        def widen() -> None:
            self._widen(connection, should_stop)

        def plain() -> None:
            self._loosened(quote="", escape="")

        def lenient() -> None:
            self._loosened(quote='"', escape='"', lenient=True)

        # A quotation mark that the sample did not show is rather an inch than a quotation.
        loosened = [lenient, widen, plain, widen]
        if not self._known_form().quote_seen:
            loosened = [plain, widen, *loosened]
        attempts = [lambda: None, widen, lambda: self._transcoded(connection), *loosened]
        for prepare in attempts:
            try:
                prepare()
                self.rows = self._capture(connection, should_stop)
                return
            except duckdb.InterruptException:
                raise
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error:
                continue
        raise FileMalformed(source=self.display, kind="CSV")

    def _capture(self, connection: Connection, should_stop: ShouldStop | None) -> int:
        form = self._known_form()
        selected = ", ".join(
            f"{form.converted(name, kind)} AS {quoted(name)}"
            for name, kind in zip(form.names, form.types, strict=True)
        )
        sql = (
            f"CREATE OR REPLACE TABLE {quoted(self.label)} AS "
            f"SELECT {selected} FROM {form.reader(self.staged, as_text=False)}"
        )
        return int(run_each(connection, [_rows(sql)], workers=1, should_stop=should_stop)[0][0])

    def _widen(self, connection: Connection, should_stop: ShouldStop | None) -> None:
        """Give every column that holds a value beyond its type the next wider type."""
        form = self._known_form()
        while True:
            checked = [order for order, kind in enumerate(form.types) if kind != "VARCHAR"]
            if not checked:
                break
            tests = ", ".join(form.fails(form.names[order], form.types[order]) for order in checked)
            sql = f"SELECT {tests} FROM {form.reader(self.staged, as_text=True)}"
            answers = run_each(connection, [_rows(sql)], workers=1, should_stop=should_stop)[0]
            failed = {order for order, fails in zip(checked, answers, strict=True) if fails}
            if not failed:
                break
            form = replace(
                form,
                types=tuple(
                    _WIDER.get(kind, "VARCHAR") if order in failed else kind
                    for order, kind in enumerate(form.types)
                ),
            )
        self.form = form

    def _transcoded(self, connection: Connection) -> None:
        encoding = encoding_of(self.original, whole=True)
        if encoding not in ("utf-8", "utf-8-sig") and self.staged.is_symlink():
            self._stage(encoding)
            self._sniff(connection)

    def _loosened(self, **changes: Any) -> None:
        self.form = replace(self._known_form(), **changes)
        if "lenient" in changes:
            self._note("irregular_rows", {}, "warning")

    def _note(self, code: str, evidence: dict[str, Any], severity: Any) -> None:
        if all(note.code != code for note in self.notes):
            self.notes.append(Finding(code, Place(self.name), evidence, severity))


def explained(display: str) -> Callable[[duckdb.Error], EngineError]:
    """What an error of DuckDB means while a file is read."""
    return lambda error: FileMalformed(source=display, kind="CSV")


def _rows(sql: str) -> Callable[[Connection], Sequence[Any]]:
    def run(cursor: Connection) -> Sequence[Any]:
        row: Sequence[Any] = cursor.execute(sql).fetchall()[0]
        return row

    return run


def _option(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else literal(str(value))


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _names_years(cells: Sequence[str]) -> bool:
    """Whether a first line heads a table with years: text in front, then at least three years in order."""
    names = [cell.strip() for cell in cells]
    if len(set(names)) != len(names) or not all(names) or names[0].isdigit():
        return False
    years = [int(name) for name in names if len(name) == 4 and name.isdigit() and int(name) in _YEARS]
    others = [name for name in names if not name.replace(".", "", 1).replace(",", "", 1).isdigit()]
    in_order = years == sorted(years) or years == sorted(years, reverse=True)
    return len(years) >= 3 and in_order and len(years) + len(others) == len(names)


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in cells)
