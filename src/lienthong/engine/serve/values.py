"""How each kind of value is kept in a replica, shown in JSON, and read from a question.

- text: TEXT; a string.
- integer: INTEGER; a number.
- decimal: INTEGER scaled, wide ones as sortable TEXT; a string with all digits of the scale, `"12.50"`.
- double: REAL; a number, null for what JSON cannot write (NaN).
- boolean: INTEGER 0 or 1; true or false.
- date: TEXT; `"2026-11-20"`.
- time: TEXT; `"07:30:00"`, with a fraction only where there is one.
- timestamp: TEXT with six digits of fraction, zoned ones in UTC; `"2026-11-20T07:30:00"`, zoned ones with
  `Z`.
- json: TEXT; the value itself.
- binary: BLOB; a string in base64.

The kept forms sort as the values do, so that SQLite can compare and page without knowing the type.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from lienthong.engine.masks import partly_shown
from lienthong.engine.serve.errors import ValueInvalid
from lienthong.engine.session import quoted
from lienthong.engine.shapes import Column

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_NARROW = 18
_WIDE = 10**38
_ZONED = "TIMESTAMP WITH TIME ZONE"
_TRUE, _FALSE = {"true", "1", "có"}, {"false", "0", "không"}
_FORMS = {
    "integer": "-123",
    "decimal": "12.50",
    "double": "12.5",
    "boolean": "true / false",
    "date": "2026-11-20",
    "time": "07:30:00",
    "timestamp": "2026-11-20T07:30:00",
    "text": "chữ / text",
    "json": "-",
    "binary": "base64",
}

Decode = Callable[[Any], Any]
Show = Callable[[Sequence[Any]], list[Any]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a replica keeps one column."""

    column: Column
    declared: str
    """The type in SQLite."""
    encode: str
    """SQL (DuckDB) from the stored value to the kept one."""
    decode: Decode | None
    """From the kept value to JSON; None when they are the same."""
    zoned: bool = False
    scale: int = 0
    wide: bool = False

    def json(self, kept: Any) -> Any:
        """The kept value as JSON shows it."""
        return kept if kept is None or self.decode is None else self.decode(kept)

    def masked(self, kept: Any) -> Any:
        """The kept value as a reader with a partial mask sees it: always text, or null."""
        if kept is None:
            return None
        kind = self.column.type
        if kind in ("date", "timestamp"):
            return f"{str(kept)[:4]}-**-**"
        if kind in ("boolean", "json", "binary"):
            return "***"
        return partly_shown(self.json(kept))

    def showing(self, *, partial: bool) -> Show | None:
        """From kept values to what JSON shows, or a partial mask; None when they are the same. A column at a time:
        a call for each value would take longer than reading it.
        """
        kind = self.column.type
        if partial:
            if kind in ("date", "timestamp"):
                return _years_of_days
            return _ends_of_text if kind == "text" else _each(self.masked)
        if kind == "timestamp":
            return _zoned_moments if self.zoned else _plain_moments
        if kind == "decimal" and not self.wide and self.scale:
            return _Decimals(self.scale)
        return None if self.decode is None else _each(self.decode)

    def asked(self, value: Any) -> Any:
        """A value of a question in the kept form; ValueInvalid when it is not of this type."""
        try:
            return self._parsed(value)
        except (ValueError, TypeError, ArithmeticError, OverflowError):
            raise ValueInvalid(
                column=self.column.name,
                value=str(value)[:40],
                type=self.column.type,
                form=_FORMS[self.column.type],
            ) from None

    def _parsed(self, value: Any) -> Any:
        kind = self.column.type
        if kind == "text" and type(value) is str and value.isascii():
            return value
        if value is None or isinstance(value, (list, tuple, dict, set)):
            raise ValueError(kind)
        text = str(value).strip() if kind != "text" else str(value)
        if kind == "text":
            return unicodedata.normalize("NFC", text)
        if kind == "boolean":
            if text.lower() in _TRUE | _FALSE:
                return int(text.lower() in _TRUE)
            raise ValueError(kind)
        if kind == "integer":
            number = int(text)
            if not -(2**63) <= number < 2**63:
                raise ValueError(kind)
            return number
        if kind == "decimal":
            return self._scaled(decimal.Decimal(text))
        if kind == "double":
            real = float(text)
            if not math.isfinite(real):
                raise ValueError(kind)
            return real
        if kind == "date":
            return dt.date.fromisoformat(text).isoformat()
        if kind == "time":
            return _short_time(dt.time.fromisoformat(text))
        if kind == "timestamp":
            return self._moment(dt.datetime.fromisoformat(text))
        if kind == "binary":
            return base64.b64decode(text, validate=True)
        raise ValueError(kind)

    def _scaled(self, value: decimal.Decimal) -> Any:
        if not value.is_finite():
            raise ValueError(value)
        with decimal.localcontext(prec=60):
            scaled = value.scaleb(self.scale)
            if scaled != scaled.to_integral_value():
                raise ValueError(value)
            number = int(scaled)
        if self.wide:
            return _sortable(number)
        if abs(number) >= 10**_NARROW:
            raise ValueError(value)
        return number

    def _moment(self, value: dt.datetime) -> str:
        if value.tzinfo is not None:
            value = value.astimezone(dt.UTC).replace(tzinfo=None)
        return value.isoformat(timespec="microseconds")


def keeping(column: Column) -> Keeping:
    """How a replica keeps this column."""
    name, kind, native = quoted(column.name), column.type, str(column.native_type)
    if kind == "decimal":
        return _keeping_decimal(column, name, native)
    if kind == "timestamp":
        zoned = native == _ZONED
        moment = f"timezone('UTC', {name})" if zoned else name
        encode = f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%f')"
        return Keeping(column, "TEXT", encode, _zoned_moment if zoned else _plain_moment, zoned=zoned)
    if kind == "date":
        return Keeping(column, "TEXT", f"CAST({name} AS VARCHAR)", None)
    if kind == "time":
        return Keeping(column, "TEXT", f"CAST({name} AS VARCHAR)", None)
    if kind == "boolean":
        return Keeping(column, "INTEGER", f"CAST({name} AS BIGINT)", bool)
    if kind == "integer":
        return Keeping(column, "INTEGER", name, None)
    if kind == "double":
        return Keeping(column, "REAL", name, _finite)
    if kind == "json":
        return Keeping(column, "TEXT", f"CAST({name} AS VARCHAR)", orjson.loads)
    if kind == "binary":
        return Keeping(column, "BLOB", name, _base64)
    return Keeping(column, "TEXT", name, None)


def _keeping_decimal(column: Column, name: str, native: str) -> Keeping:
    match = _DECIMAL.fullmatch(native)
    width, scale = (int(match[1]), int(match[2])) if match else (38, 0)
    digits = f"replace(CAST({name} AS VARCHAR), '.', '')" if scale else f"CAST({name} AS VARCHAR)"
    if width <= _NARROW:
        return Keeping(column, "INTEGER", f"CAST({digits} AS BIGINT)", _Scaled(scale), scale=scale)
    number = f"CAST({digits} AS HUGEINT)"
    encode = (
        f"CASE WHEN {name} IS NULL THEN NULL WHEN {name} < 0 "
        f"THEN '0' || lpad(CAST({_WIDE}::HUGEINT + {number} AS VARCHAR), 38, '0') "
        f"ELSE '1' || lpad(CAST({number} AS VARCHAR), 38, '0') END"
    )
    return Keeping(column, "TEXT", encode, _Wide(scale), scale=scale, wide=True)


class _Scaled:
    """From a scaled integer to its decimal text."""

    def __init__(self, scale: int) -> None:
        self._scale = scale

    def __call__(self, kept: int) -> str:
        if not self._scale:
            return str(kept)
        digits = str(abs(kept)).rjust(self._scale + 1, "0")
        return f"{'-' if kept < 0 else ''}{digits[: -self._scale]}.{digits[-self._scale :]}"


class _Wide(_Scaled):
    """From the sortable text of a wide decimal to its decimal text."""

    def __call__(self, kept: Any) -> str:
        number = int(kept[1:])
        return super().__call__(number if kept[0] == "1" else number - _WIDE)


def _each(change: Decode) -> Show:
    return lambda values: [None if value is None else change(value) for value in values]


def _ends_of_text(values: Sequence[Any]) -> list[Any]:
    """What `engine.masks.partly_shown` leaves of texts."""
    return [
        "*" * (len(value) - 3) + value[-3:] if value is not None and len(value) >= 8 else partly_shown(value)
        for value in values
    ]


def _years_of_days(values: Sequence[Any]) -> list[Any]:
    return [value if value is None else f"{value[:4]}-**-**" for value in values]


def _plain_moments(values: Sequence[Any]) -> list[Any]:
    return [
        value if value is None else value[:19] if value[19:] == ".000000" else _plain_moment(value)
        for value in values
    ]


def _zoned_moments(values: Sequence[Any]) -> list[Any]:
    return [value if value is None else f"{value}Z" for value in _plain_moments(values)]


class _Decimals:
    """From scaled integers to decimal texts."""

    def __init__(self, scale: int) -> None:
        self._scale = scale
        self._one = _Scaled(scale)

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        whole, scale, one = 10**self._scale, self._scale, self._one
        return [
            None
            if value is None
            else f"{(text := str(value))[:-scale]}.{text[-scale:]}"
            if value >= whole
            else one(value)
            for value in values
        ]


def _sortable(number: int) -> str:
    return f"1{number:038d}" if number >= 0 else f"0{_WIDE + number:038d}"


def _plain_moment(kept: str) -> str:
    return kept.rstrip("0").rstrip(".") if "." in kept else kept


def _zoned_moment(kept: str) -> str:
    return _plain_moment(kept) + "Z"


def _short_time(value: dt.time) -> str:
    text = value.replace(tzinfo=None).isoformat()
    return text.rstrip("0") if "." in text else text


def _finite(kept: float) -> float | None:
    return kept if math.isfinite(kept) else None


def _base64(kept: bytes) -> str:
    return base64.b64encode(kept).decode("ascii")
