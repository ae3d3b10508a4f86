"""A table whose source gives values rather than text: a sheet of a workbook, the records of a JSON document.

A column of one kind goes into the engine as it is. A column of texts, or of texts among numbers, is decided like a
column of a CSV, except that its source told text from number: plain digits in it stay text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lienthong.engine.session import Connection, ShouldStop, quoted
from lienthong.engine.shapes import (
    Column,
    ColumnType,
    Finding,
    ForeignKey,
    Reading,
    ReadingChoice,
    SkippedRow,
    Table,
)
from lienthong.engine.sources.converting import convert
from lienthong.engine.sources.forms import NATIVE, TEXT, Plan, counted, plan_of
from lienthong.engine.sources.heading import BLANKS, PLAIN_BLANKS, Row
from lienthong.engine.sources.notes import notes_of, report_of, told
from lienthong.engine.sources.sorting import Sorted

if TYPE_CHECKING:
    import pyarrow

_SAMPLED = 400
_HELD_BYTES = 1 << 20
_ODD = (b"\xc2\xa0", b"\xe2\x80", b"\xef\xbb\xbf", b"\t", b"\v", b"\f")
_KINDS: dict[type, ColumnType] = {
    bool: "boolean", int: "integer", float: "double", datetime: "timestamp", date: "date", time: "time",
}  # fmt: skip


@dataclass(slots=True)
class ValueTable:
    """Rows held in Arrow until they are read into the engine; texts that may be more are decided there."""

    name: str
    label: str
    source: pyarrow.Table
    plans: dict[str, Plan]
    numbers: Sequence[int]
    found: Sorted
    header_rows: tuple[int, ...] = ()
    above: tuple[SkippedRow, ...] = ()
    beginning: Sequence[Row] = ()
    sheet: str | None = None
    encoding: str | None = None
    choice: ReadingChoice = field(default_factory=ReadingChoice)
    keys: tuple[ForeignKey, ...] = ()
    primary_key: tuple[str, ...] = ()
    capture: str | None = None
    notes: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    table: Table = field(init=False)

    @classmethod
    def of(cls, *, values: Mapping[str, Sequence[Any]], choice: ReadingChoice, **given: Any) -> ValueTable:
        """The table of these columns of values."""
        import pyarrow

        arrays, plans = [], {}
        for name, column in values.items():
            array, plans[name] = _array(column, forced=name in choice.types)
            arrays.append(array)
        source = pyarrow.Table.from_arrays(arrays, names=list(values))
        return cls(source=source, plans=plans, choice=choice, **given)

    def __post_init__(self) -> None:
        self.table = Table(
            name=self.name,
            columns=tuple(
                Column(name=name, type=self._likely(name), ordinal=order)
                for order, name in enumerate(self.source.column_names, 1)
            ),
            rows=self.source.num_rows,
            primary_key=self.primary_key,
            foreign_keys=self.keys,
        )

    def _likely(self, name: str) -> ColumnType:
        """The type of a column as a sample shows it."""
        if name in self.choice.types:
            return self.choice.types[name]
        if self.plans[name].style == "native":
            return self.plans[name].type
        values = self.source.column(name).slice(0, _SAMPLED).to_pylist()
        return plan_of(counted(value.strip(BLANKS) for value in values if value), typed=True).type

    def put_away(self, folder: Path) -> None:
        """Keep the rows in a file of this folder instead of in memory, when they are many."""
        if self.source.nbytes > _HELD_BYTES:
            import pyarrow

            path = folder / f"{self.label}.arrow"
            with (
                pyarrow.OSFile(str(path), "wb") as sink,
                pyarrow.ipc.new_file(sink, self.source.schema) as writer,
            ):
                writer.write_table(self.source)
            # What is mapped is read from the file when it is wanted, and let go by the system.
            self.source = pyarrow.ipc.open_file(pyarrow.memory_map(str(path))).read_all()

    def ready(self, connection: Connection, should_stop: ShouldStop | None = None) -> str:
        """Read the table into the engine, once, and give the relation that holds it."""
        if self.capture is None:
            passing, raw = f"{self.label}_in", f"{self.label}_text"
            connection.register(passing, self.source)
            try:
                # What is registered is seen by this connection alone, not by the cursors that do the work.
                connection.execute(f"CREATE OR REPLACE TABLE {quoted(raw)} AS FROM {quoted(passing)}")
            finally:
                connection.unregister(passing)
            try:
                texts = [name for name, plan in self.plans.items() if plan.style != "native"]
                settled = {name: plan for name, plan in self.plans.items() if plan.style == "native"}
                settled |= {name: plan for name in texts if (plan := self._plainly(name)) is not None}
                done = convert(
                    connection,
                    quoted(raw),
                    self.label,
                    self.source.column_names,
                    settled=settled,
                    chosen=self.choice.types,
                    typed=frozenset(texts),
                    composing=any(_holds(self.source.column(name), b"\xcc", b"\xcd") for name in texts),
                    blanks=BLANKS
                    if any(_holds(self.source.column(name), *_ODD) for name in texts)
                    else PLAIN_BLANKS,
                    refuse=self._refuse,
                    should_stop=should_stop,
                )
            finally:
                connection.execute(f"DROP TABLE IF EXISTS {quoted(raw)}")
            places = {name: place for place, name in enumerate(self.source.column_names)}
            self.table = replace(self.table, columns=done.columns, rows=done.rows)
            self.reading = report_of(
                self.found,
                encoding=self.encoding,
                sheet=self.sheet,
                header_rows=self.header_rows,
                conversions=done.conversions,
            )
            self.notes = self.warnings + notes_of(
                self.name, self.found, done, places, self._rows, above=self.above
            )
            self.capture = quoted(self.label)
        return self.capture

    def forget(self, connection: Connection) -> None:
        """Let go of the copy in the engine."""
        if self.capture is not None:
            connection.execute(f"DROP TABLE IF EXISTS {self.capture}")
            self.capture = None

    def _plainly(self, name: str) -> Plan | None:
        """The plan of a column whose first values leave no doubt: words, or codes with leading zeros."""
        if name in self.choice.types:
            return None
        values = self.source.column(name).slice(0, _SAMPLED).to_pylist()
        forms = counted(value.strip(BLANKS) for value in values if value)
        if forms["text"] * 2 > sum(forms.values()) + 4:
            return TEXT
        return (
            Plan("text", "codes")
            if forms["zeros"] and set(forms) <= {"zeros", "small", "integer", "long"}
            else None
        )

    def _rows(self) -> Iterator[Row]:
        columns = [
            column.to_pylist() if self.plans[name].style != "native" else [None] * self.source.num_rows
            for name, column in zip(self.source.column_names, self.source.columns, strict=True)
        ]
        return zip(self.numbers, zip(*columns, strict=True), strict=True)

    def _refuse(self, name: str, kind: ColumnType) -> None:
        rows = ((number, [_shown(cell) for cell in cells]) for number, cells in self._rows())
        raise told(self.name, rows, self.source.column_names.index(name), name, kind, self.plans[name])


def _holds(column: pyarrow.ChunkedArray, *signs: bytes) -> bool:
    """Whether any of these bytes stands in a column of texts."""
    for chunk in column.chunks:
        data = chunk.buffers()[2]
        if data is not None:
            text = data.to_pybytes()
            if any(sign in text for sign in signs):
                return True
    return False


def _shown(cell: Any) -> Any:
    return cell.rstrip(NATIVE) if isinstance(cell, str) else cell


def _array(values: Sequence[Any], *, forced: bool) -> tuple[pyarrow.Array, Plan]:
    """A column as Arrow, and its plan when its source says what it is; texts are still to be decided."""
    import pyarrow

    kinds = set(map(type, values)) - {type(None)}
    if (
        str in kinds
        and kinds != {str}
        and not any(value.strip(BLANKS) for value in values if value.__class__ is str)
    ):
        kinds.discard(str)
        values = [None if value.__class__ is str else value for value in values]
    if not forced and kinds and str not in kinds and all(kind in _KINDS for kind in kinds):
        kind = _one_kind(kinds)
        if kind == "double":
            array = pyarrow.array(values, type=pyarrow.float64())
            return (
                (array.cast(pyarrow.int64()), Plan("integer", "native"))
                if _whole(array)
                else (array, Plan("double", "native"))
            )
        if kind == "timestamp" and date in kinds:
            values = [datetime(v.year, v.month, v.day) if v.__class__ is date else v for v in values]
        if kind is not None:
            try:
                return pyarrow.array(values, type=_arrow(kind)), Plan(kind, "native")
            except (pyarrow.ArrowInvalid, OverflowError):
                pass
    if kinds <= {str}:
        return pyarrow.array([value or None for value in values], type=pyarrow.string()), TEXT
    return pyarrow.array([_written(value) for value in values], type=pyarrow.string()), TEXT


def _one_kind(kinds: set[type]) -> ColumnType | None:
    names = {_KINDS[kind] for kind in kinds}
    if len(names) == 1:
        return names.pop()
    if names == {"integer", "double"}:
        return "double"
    return "timestamp" if names == {"date", "timestamp"} else None


def _whole(array: pyarrow.Array) -> bool:
    """Whether every number is whole and small enough to be exact."""
    import pyarrow.compute as compute

    same = compute.all(compute.equal(compute.floor(array), array)).as_py()
    largest = compute.max(compute.abs(array)).as_py()
    return bool(same) and largest is not None and largest < 1 << 53


def _arrow(kind: ColumnType) -> pyarrow.DataType:
    import pyarrow

    return {
        "integer": pyarrow.int64(),
        "double": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
        "time": pyarrow.time64("us"),
        "timestamp": pyarrow.timestamp("us"),
    }[kind]


def _written(value: Any) -> str | None:
    """A value among texts, marked as what its source knew it to be."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return f"{'true' if value else 'false'}{NATIVE}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return f"{int(value)}{NATIVE}"
    if isinstance(value, datetime):
        return f"{value.isoformat(sep=' ')}{NATIVE}"
    return f"{value}{NATIVE}"
