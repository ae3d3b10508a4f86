"""What counts as a report, whether an identifier is at fault, which level comes next: decisions on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lienthong.engine.masks import partly_shown
from lienthong.foundation.tracing import carries

from .correction_errors import ColumnsNotThere, CorrectionTextMissing

MISSING, EXTRA, CHANGED = "missing", "extra", "changed"
# A report by hand lists so many rows, a reconciliation hands over so many of its list; counts are always in full.
MOST_ROWS = 1000
LEVELS = ("provider", "it_unit", "head", "last")
# What each text is called when it is missing.
PARTS = {
    "text": ("dữ liệu sai ở đâu, thế nào", "where the data are wrong, and how"),
    "finding": ("kết quả kiểm tra", "what the check found"),
    "measure": ("cách đính chính", "how it was corrected"),
    "summary": ("nội dung thông báo cho bên khai thác", "what the consumers are told"),
    "because": ("lý do không đồng ý", "why it is contested"),
    "settlement": ("kết luận giải quyết", "what was decided"),
    "outcome": ("kết quả", "how it ended"),
    "slip": ("số phiếu cảnh báo", "the number of the warning slip"),
}


@dataclass(frozen=True, slots=True)
class RowSaid:
    """One row said to be wrong: its key by column, which columns differ, what counts (`left`) and what stands there
    (`right`).

    `kind`: `missing` and `extra` are seen from the data said to be wrong.
    """

    kind: str
    key: Mapping[str, Any]
    columns: Sequence[str] = ()
    left: Mapping[str, Any] | None = None
    right: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RowKept:
    """A row as it is stored: masked, and in full where a column of it is personal."""

    kind: str
    columns: list[str]
    shown: dict[str, Any]
    full: dict[str, Any] | None = field(default=None)


def require_words(name: str, given: str) -> str:
    """The text without its edges; refused when it says nothing."""
    said = given.strip()
    if len(said) < 3:
        vi, en = PARTS[name]
        raise CorrectionTextMissing(at=name, part=vi, part_en=en)
    return said


def require_columns_of(given: Iterable[str], known: Collection[str]) -> list[str]:
    """The columns named, in the order given; refused where one is not there. With no columns known, all pass."""
    named = list(dict.fromkeys(name.strip() for name in given if name.strip()))
    strange = [name for name in named if known and name not in known]
    if strange:
        raise ColumnsNotThere(columns=", ".join(strange)[:200])
    return named


@carries("GOVF-12")
def identifier_at_fault(
    columns: Iterable[str], rows: Iterable[RowSaid], identifiers: Collection[str], threshold: object
) -> bool:
    """Whether a column that names persons or things is said to be wrong: it must hold to the last row.

    `threshold` is what the rules of the day ask of such columns, in percent; without it nothing is critical by
    this rule.
    """
    if not isinstance(threshold, int) or threshold < 100 or not identifiers:
        return False
    named = {*columns, *(name for row in rows for name in row.columns)}
    return bool(named & set(identifiers))


@carries("SEC-02")
def row_to_keep(row: RowSaid, personal: Collection[str]) -> RowKept:
    """A row with its personal values masked, and in full beside it where there are any."""
    full = {
        "key": _plain(row.key),
        "left": _plain(row.left) if row.left is not None else None,
        "right": _plain(row.right) if row.right is not None else None,
    }
    shown = {
        part: {name: partly_shown(value) if name in personal else value for name, value in values.items()}
        if values is not None
        else None
        for part, values in full.items()
    }
    return RowKept(row.kind, list(row.columns), shown, full if shown != full else None)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): plain_value(value) for name, value in values.items()}


def plain_value(value: Any) -> Any:
    """A value as JSON holds it, of at most 300 characters."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()[:300]
    return str(value)[:300]


def next_level(level: str) -> str | None:
    """The level to which an issue goes that was not settled; None after the last."""
    place = LEVELS.index(level) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def is_equal(certificate: Mapping[str, Any]) -> bool:
    """Whether a certificate of reconciliation says that both sides hold the same."""
    return certificate.get("equal") is True


@carries("SEC-02")
def without_sources(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """A certificate as every party to a case may read it: without where each side's data lie."""
    return {
        name: {part: value for part, value in side.items() if part != "source"}
        if name in ("left", "right") and isinstance(side, Mapping)
        else side
        for name, side in certificate.items()
    }
