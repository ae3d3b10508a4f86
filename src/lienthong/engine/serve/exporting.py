"""Rows into files: CSV, CSV for Excel, Parquet, JSON, NDJSON, XLSX; streamed, complete or not there at all.

- `csv`: for machines. UTF-8, comma, ISO dates, decimal point; text in quotes, so that codes with leading
  zeros are known as text and an empty text from null.
- `csv_excel`: for people who double-click. UTF-8 with a mark at the front, semicolon, decimal comma, and
  a `'` before text that Excel would take for a formula. Excel drops leading zeros of codes: use `xlsx` for
  those.
- `xlsx`: text stays text (codes keep their zeros, nothing is a formula); whole numbers and decimals beyond 15
  digits are written as text, since Excel would round them; days before 1900 are text too.
- `json` (one array of objects) and `ndjson` (one object a line): values as `engine.serve.values` says.
- `parquet`: true types, zstd.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import xlsxwriter

from lienthong.engine.serve.asking import Filter, Mask, viewed
from lienthong.engine.serve.errors import ExportTooLarge, FormatUnknown
from lienthong.engine.serve.replica import Replica
from lienthong.engine.serve.values import Keeping, keeping
from lienthong.engine.shapes import Column
from lienthong.engine.store.versions import Rows

FORMATS = ("csv", "csv_excel", "parquet", "json", "ndjson", "xlsx")
BATCH = 10_000
_EXCEL_ROWS, _EXCEL_COLUMNS, _EXCEL_TEXT, _EXCEL_DIGITS = 1_048_575, 16_384, 32_767, 15
_EXCEL_YEAR = 1900
_FORMULA = r"^[=+\-@\t\r]"


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished file: how many rows and bytes, and its SHA-256 in hexadecimal."""

    path: Path
    format: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stream:
    """Typed columns and the batches that fill them."""

    columns: tuple[Column, ...]
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


Writer = Callable[[Path, Stream], int]


def export(
    rows: Replica | Rows,
    format: str,
    path: Path | str,
    *,
    columns: Sequence[str] | None = None,
    filters: Sequence[Filter] = (),
    mask: Mask | None = None,
) -> Exported:
    """Write rows to a file in one of `FORMATS`, in the order of the key, with memory that does not grow.

    `rows` is a replica or the rows of a version; filters need a replica. The file appears under `path` when
    it is complete. Masked columns come out as text in every format.
    """
    if format not in FORMATS:
        raise FormatUnknown(format=str(format)[:20], formats=", ".join(FORMATS))
    path = Path(path)
    stream = (
        _of_replica(rows, columns, filters, mask)
        if isinstance(rows, Replica)
        else _of_version(rows, columns, filters, mask)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    try:
        written = _WRITERS[format](partial, stream)
        digest = hashlib.sha256()
        with partial.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
            os.fsync(file.fileno())
            size = file.tell()
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return Exported(path, format, written, size, digest.hexdigest())


def _of_replica(
    replica: Replica, columns: Sequence[str] | None, filters: Sequence[Filter], mask: Mask | None
) -> Stream:
    view, lists = replica.batches(columns, filters, mask, size=BATCH)
    shown = tuple(_seen(k.column, k.column.name in view.partial) for k in view.columns)
    schema = pa.schema([(column.name, _arrow_type(column)) for column in shown])

    def batches() -> Iterator[pa.RecordBatch]:
        for found in lists:
            values = zip(*found, strict=True)
            arrays = [_typed(column, list(cells)) for column, cells in zip(shown, values, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return Stream(shown, schema, batches())


def _of_version(
    rows: Rows, columns: Sequence[str] | None, filters: Sequence[Filter], mask: Mask | None
) -> Stream:
    if filters:
        raise ValueError("rows of a version are exported whole: filter through a replica")
    known = {column.name: keeping(column) for column in rows.version.columns}
    view = viewed(known, columns, mask)
    names = [k.column.name for k in view.columns]
    shown = tuple(_seen(k.column, k.column.name in view.partial) for k in view.columns)
    schema = pa.schema([(column.name, _arrow_type(column)) for column in shown])

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows.arrow(names, batch_rows=BATCH):
            arrays = []
            for position, (column, k) in enumerate(zip(shown, view.columns, strict=True)):
                array = batch.column(position)
                if k.column.name in view.partial:
                    array = _masked(k, array)
                elif column.type == "double":
                    array = pc.if_else(pc.is_finite(array), array, None)  # JSON and replicas know no others
                arrays.append(array.cast(_arrow_type(column)))
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return Stream(shown, schema, batches())


def _seen(column: Column, masked: bool) -> Column:
    return Column(column.name, "text", column.nullable, None, "VARCHAR", column.ordinal) if masked else column


def _masked(k: Keeping, array: pa.Array) -> pa.Array:
    plain = Keeping(k.column, k.declared, k.encode, None)  # the text is already what JSON would show
    return pa.array([plain.masked(value) for value in _as_text(k.column, array).to_pylist()], pa.string())


def _arrow_type(column: Column) -> pa.DataType:
    native = str(column.native_type)
    if column.type == "decimal":
        width, scale = native.removeprefix("DECIMAL(").rstrip(")").split(",")
        return pa.decimal128(int(width), int(scale))
    if column.type == "timestamp":
        return pa.timestamp("us", "UTC" if native == "TIMESTAMP WITH TIME ZONE" else None)
    return {
        "integer": pa.int64(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "time": pa.time64("us"),
        "binary": pa.binary(),
    }.get(column.type, pa.string())


def _typed(column: Column, values: list[Any]) -> pa.Array:
    """JSON values as an array of the true type."""
    wanted = _arrow_type(column)
    if column.type == "json":
        values = [None if value is None else orjson.dumps(value).decode() for value in values]
    elif column.type == "binary":
        values = [None if value is None else base64.b64decode(value) for value in values]
    elif column.type == "time":
        values = [None if value is None else dt.time.fromisoformat(value) for value in values]
    if column.type in ("date", "timestamp", "decimal"):
        return pa.array(values, pa.string()).cast(wanted)
    return pa.array(values, wanted)


def _as_text(column: Column, array: pa.Array) -> pa.Array:
    """An array as the text that JSON shows; numbers and booleans too."""
    if column.type == "timestamp":
        zoned = array.type.tz is not None
        text = array.cast(pa.timestamp("us")).cast(pa.string())
        text = pc.replace_substring_regex(text, r"\.?0+$", "", max_replacements=1)
        text = pc.replace_substring(text, " ", "T", max_replacements=1)
        return pc.binary_join_element_wise(text, "Z", "") if zoned else text
    if column.type == "time":
        return pc.replace_substring_regex(array.cast(pa.string()), r"\.?0+$", "", max_replacements=1)
    if column.type == "binary":
        encoded = [None if v is None else base64.b64encode(v).decode() for v in array.to_pylist()]
        return pa.array(encoded, pa.string())
    return array.cast(pa.string())


def _write_parquet(path: Path, stream: Stream) -> int:
    written = 0
    with pq.ParquetWriter(path, stream.schema, compression="zstd") as writer:
        for batch in stream.batches:
            writer.write_batch(batch)
            written += batch.num_rows
    return written


def _write_csv(path: Path, stream: Stream) -> int:
    return _csv(path, stream, mark=b"", delimiter=",", excel=False)


def _write_csv_excel(path: Path, stream: Stream) -> int:
    return _csv(path, stream, mark=b"\xef\xbb\xbf", delimiter=";", excel=True)


def _csv(path: Path, stream: Stream, *, mark: bytes, delimiter: str, excel: bool) -> int:
    names = [column.name for column in stream.columns]
    header = pa.schema([(name, pa.string()) for name in names])
    options = pacsv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="needed")
    written = 0
    with path.open("wb") as file:
        file.write(mark)
        with pacsv.CSVWriter(file, header, write_options=options) as writer:
            titles = [pa.array([name]) for name in names]
            titles = [_unformula(title) for title in titles] if excel else titles
            writer.write_batch(pa.RecordBatch.from_arrays(titles, schema=header))
        writer = None
        for batch in stream.batches:
            cells = [
                _csv_cells(column, array, excel)
                for column, array in zip(stream.columns, batch.columns, strict=True)
            ]
            lines = pa.RecordBatch.from_arrays(cells, names=names)
            writer = writer or pacsv.CSVWriter(file, lines.schema, write_options=options)
            writer.write_batch(lines)
            written += batch.num_rows
        if writer is not None:
            writer.close()
    return written


def _csv_cells(column: Column, array: pa.Array, excel: bool) -> pa.Array:
    if excel and column.type in ("double", "decimal"):
        return pc.replace_substring(_as_text(column, array), ".", ",", max_replacements=1)
    if column.type in ("integer", "double", "decimal", "boolean", "date"):
        return array
    text = _as_text(column, array)
    return _unformula(text) if excel and column.type in ("text", "json") else text


def _unformula(text: pa.Array) -> pa.Array:
    risky = pc.fill_null(pc.match_substring_regex(text, _FORMULA), False)
    return pc.if_else(risky, pc.binary_join_element_wise("'", text, ""), text)


def _write_json(path: Path, stream: Stream) -> int:
    written = 0
    with path.open("wb") as file:
        file.write(b"[")
        for row in _objects(stream):
            file.write(b",\n" if written else b"\n")
            file.write(orjson.dumps(row))
            written += 1
        file.write(b"\n]\n")
    return written


def _write_ndjson(path: Path, stream: Stream) -> int:
    written = 0
    with path.open("wb") as file:
        for row in _objects(stream):
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            written += 1
    return written


def _objects(stream: Stream) -> Iterator[dict[str, Any]]:
    for batch in stream.batches:
        cells = []
        for column, array in zip(stream.columns, batch.columns, strict=True):
            if column.type in ("integer", "double", "boolean", "text"):
                cells.append(array.to_pylist())
            elif column.type == "json":
                cells.append([None if v is None else orjson.loads(v) for v in array.to_pylist()])
            else:
                cells.append(_as_text(column, array).to_pylist())
        names = [column.name for column in stream.columns]
        for row in zip(*cells, strict=True):
            yield dict(zip(names, row, strict=True))


def _write_xlsx(path: Path, stream: Stream) -> int:
    if len(stream.columns) > _EXCEL_COLUMNS:
        raise _too_large(f"{_EXCEL_COLUMNS} cột", f"{_EXCEL_COLUMNS} columns")
    settings = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "tmpdir": str(path.parent),
    }
    written = 0
    with path.open("wb") as file, xlsxwriter.Workbook(file, settings) as book:
        sheet = book.add_worksheet("Data")
        bold = book.add_format({"bold": True})
        shapes = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "timestamp": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "time": book.add_format({"num_format": "hh:mm:ss"}),
        }
        sheet.freeze_panes(1, 0)
        for position, column in enumerate(stream.columns):
            sheet.write_string(0, position, column.name, bold)
        for batch in stream.batches:
            cells = [
                _excel_cells(column, array)
                for column, array in zip(stream.columns, batch.columns, strict=True)
            ]
            for row in zip(*cells, strict=True):
                written += 1
                if written > _EXCEL_ROWS:
                    raise _too_large(f"{_EXCEL_ROWS} dòng", f"{_EXCEL_ROWS} rows")
                for position, value in enumerate(row):
                    _write_cell(sheet, written, position, value, shapes)
    return written


def _excel_cells(column: Column, array: pa.Array) -> list[Any]:
    if column.type in ("text", "json", "boolean", "date", "time", "double"):
        return list(array.to_pylist())
    if column.type == "timestamp":
        return list(array.cast(pa.timestamp("us")).to_pylist())
    if column.type == "integer":
        return [v if v is None or abs(v) < 10**_EXCEL_DIGITS else str(v) for v in array.to_pylist()]
    texts = _as_text(column, array).to_pylist()
    if column.type == "decimal":
        return [v if v is None or sum(c.isdigit() for c in v) > _EXCEL_DIGITS else float(v) for v in texts]
    return list(texts)


def _write_cell(sheet: Any, row: int, position: int, value: Any, shapes: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, str):
        if len(value) > _EXCEL_TEXT:
            raise _too_large(f"{_EXCEL_TEXT} ký tự trong một ô", f"{_EXCEL_TEXT} characters in one cell")
        sheet.write_string(row, position, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, position, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, position, value)
    elif getattr(value, "year", _EXCEL_YEAR) < _EXCEL_YEAR:
        sheet.write_string(row, position, value.isoformat())
    elif hasattr(value, "hour") and hasattr(value, "year"):
        sheet.write_datetime(row, position, value, shapes["timestamp"])
    else:
        shape = shapes["date"] if hasattr(value, "year") else shapes["time"]
        sheet.write_datetime(row, position, value, shape)


def _too_large(limit_vi: str, limit_en: str) -> ExportTooLarge:
    return ExportTooLarge(format="xlsx", limit_vi=limit_vi, limit_en=limit_en)


_WRITERS: dict[str, Writer] = {
    "csv": _write_csv,
    "csv_excel": _write_csv_excel,
    "parquet": _write_parquet,
    "json": _write_json,
    "ndjson": _write_ndjson,
    "xlsx": _write_xlsx,
}
