"""What a reader asks of a replica: which columns, which rows, in which order, from where on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lienthong.engine.serve.errors import (
    ColumnUnknown,
    CursorInvalid,
    FilterInvalid,
    MaskedColumnUsed,
    ValueInvalid,
)
from lienthong.engine.serve.values import Keeping
from lienthong.engine.session import quoted

MaskWord = Literal["hide", "partial"]
Mask = Mapping[str, str]
Filter = tuple[str, str, Any]

_COMPARISONS = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
OPERATORS = (*_COMPARISONS, "ne", "prefix", "in", "null")
LARGEST_LIST = 1000
LARGEST_QUESTION = 10_000
"""Values of all conditions together: SQLite takes three times as many, and a question for changes asks them twice."""


@dataclass(frozen=True, slots=True)
class View:
    """The columns that a reader sees, in order, and which of them only in part."""

    columns: tuple[Keeping, ...]
    partial: frozenset[str]
    hidden: frozenset[str]

    def usable(self, known: Mapping[str, Keeping], name: str) -> Keeping:
        """A column for a condition or an order; a hidden column is as good as none."""
        if name not in known or name in self.hidden:
            raise unknown_column(name, [column for column in known if column not in self.hidden])
        if name in self.partial:
            raise MaskedColumnUsed(column=name)
        return known[name]


def unknown_column(name: str, known: Sequence[str]) -> ColumnUnknown:
    """The refusal of a column name, with the names that would do."""
    return ColumnUnknown(column=str(name)[:80], columns=", ".join(known))


def viewed(known: Mapping[str, Keeping], columns: Sequence[str] | None, mask: Mask | None) -> View:
    """The view of these columns under this mask (`hide`: not at all, `partial`: the end of it)."""
    mask = mask or {}
    for name, word in mask.items():
        if name not in known:
            raise unknown_column(name, list(known))
        if word not in ("hide", "partial"):
            raise ValueError(f"a mask is hide or partial, not {word!r}")
    hidden = frozenset(name for name, word in mask.items() if word == "hide")
    partial = frozenset(name for name, word in mask.items() if word == "partial")
    seen = [name for name in known if name not in hidden]
    for name in columns or ():
        if name not in seen:
            raise unknown_column(name, seen)
    wanted = list(dict.fromkeys(columns)) if columns else seen
    return View(tuple(known[name] for name in wanted), partial, hidden)


def conditions(
    known: Mapping[str, Keeping], view: View, filters: Sequence[Filter]
) -> tuple[list[str], list[Any]]:
    """SQL conditions and their parameters for filters of the form (column, operator, value).

    Null is smaller than nothing and larger than nothing: only `ne` and `null` find it.
    """
    parts: list[str] = []
    parameters: list[Any] = []
    for name, operator, value in filters:
        column = view.usable(known, name)
        condition, values = _condition(column, operator, value)
        parts.append(condition)
        parameters.extend(values)
        if len(parameters) > LARGEST_QUESTION:
            form = f"1-{LARGEST_QUESTION} giá trị / values"
            raise ValueInvalid(column=name, value=str(value)[:40], type="list", form=form)
    return parts, parameters


@dataclass(frozen=True, slots=True)
class Condition:
    """What a reader asks of every row: SQL over the kept values, and a name by which the same condition is known again."""

    sql: str
    parameters: tuple[Any, ...]
    columns: frozenset[str]
    name: str


def condition_of(known: Mapping[str, Keeping], view: View, filters: Sequence[Filter]) -> Condition:
    """All these filters as one condition, the same in whatever order they are given."""
    single: dict[str, tuple[list[str], list[Any]]] = {}
    conditions(known, view, filters)
    for one in filters:
        parts, values = conditions(known, view, [one])
        # The order of what stands in a list says nothing either.
        found = (parts, sorted(values, key=repr) if one[1] == "in" else values)
        single[repr(found)] = found
    ordered_parts = [single[form] for form in sorted(single)]
    return Condition(
        sql="(" + " AND ".join(part for (part,), _ in ordered_parts) + ")",
        parameters=tuple(value for _, values in ordered_parts for value in values),
        columns=frozenset(name for name, _, _ in filters),
        name=hashlib.sha256("\n".join(sorted(single)).encode()).hexdigest()[:32],
    )


def _condition(column: Keeping, operator: str, value: Any) -> tuple[str, list[Any]]:
    name, kind = quoted(column.column.name), column.column.type
    allowed = [word for word in OPERATORS if _knows(kind, word)]
    if operator not in allowed:
        raise FilterInvalid(
            column=column.column.name, operator=str(operator)[:20], operators=", ".join(allowed)
        )
    if operator == "null":
        wanted = str(value).lower()
        if wanted not in ("true", "false", "1", "0"):
            raise ValueInvalid(column=column.column.name, value=wanted[:40], type="null", form="true / false")
        return f"{name} IS {'' if wanted in ('true', '1') else 'NOT '}NULL", []
    if operator == "in":
        values = list(value) if isinstance(value, (list, tuple, set, frozenset)) else []
        if not 1 <= len(values) <= LARGEST_LIST:
            form = f"1-{LARGEST_LIST} giá trị / values"
            raise ValueInvalid(column=column.column.name, value=str(value)[:40], type="list", form=form)
        return f"{name} IN ({', '.join('?' * len(values))})", [column.asked(part) for part in values]
    asked = column.asked(value)
    if operator == "ne":
        return f"{name} IS NOT ?", [asked]
    if operator == "prefix":
        return f"({name} >= ? AND substr({name}, 1, ?) = ?)", [asked, len(asked), asked]
    return f"{name} {_COMPARISONS[operator]} ?", [asked]


def _knows(kind: str, operator: str) -> bool:
    if operator == "prefix":
        return kind == "text"
    if kind in ("json", "binary"):
        return operator == "null"
    return True


@dataclass(frozen=True, slots=True)
class Order:
    """The order of pages: columns with their direction, made total by the key."""

    parts: tuple[tuple[str, bool], ...]
    """(column, descending)"""
    needed: frozenset[str]
    """The columns of the key, which are never null."""

    def sql(self) -> str:
        """The order as SQL; SQLite puts nulls first, and last when descending."""
        return ", ".join(f"{quoted(name)}{' DESC' if down else ''}" for name, down in self.parts)

    def after(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """The condition for rows behind the one with these values."""
        names = [name for name, _ in self.parts]
        directions = {down for _, down in self.parts}
        if len(directions) == 1 and all(name in self.needed for name in names):
            row = ", ".join(quoted(name) for name in names)
            sign = "<" if directions == {True} else ">"
            return f"({row}) {sign} ({', '.join('?' * len(names))})", list(values)
        alternatives: list[str] = []
        parameters: list[Any] = []
        for position, ((name, down), value) in enumerate(zip(self.parts, values, strict=True)):
            beyond, more = _beyond(quoted(name), down, value)
            same = [f"{quoted(earlier)} IS ?" for earlier in names[:position]]
            alternatives.append("(" + " AND ".join([*same, beyond]) + ")")
            parameters.extend([*values[:position], *more])
        return "(" + " OR ".join(alternatives) + ")", parameters


def _beyond(name: str, down: bool, value: Any) -> tuple[str, list[Any]]:
    if value is None:
        return ("0" if down else f"{name} IS NOT NULL"), []
    if down:
        return f"({name} < ? OR {name} IS NULL)", [value]
    return f"{name} > ?", [value]


def ordered(
    known: Mapping[str, Keeping], view: View, order: Sequence[str] | None, key: Sequence[str]
) -> Order:
    """The order by these columns (`-` before a name: descending), then by the key."""
    parts: dict[str, bool] = {}
    for word in order or ():
        name = word.removeprefix("-") if word not in known else word
        view.usable(known, name)
        parts.setdefault(name, name != word)
    for name in key:
        parts.setdefault(name, False)
    return Order(tuple(parts.items()), frozenset(key))


class PageMarks:
    """Opaque page marks: sealed, since the key that a page ends with may be hidden from the reader."""

    def __init__(self, secret: str) -> None:
        self._secret = bytes.fromhex(secret)
        self._seal = AESGCM(self._secret)

    def write(self, values: Sequence[Any], question: bytes, *, steady: bool = False) -> str:
        """The mark behind the row with these kept values, for this question.

        `steady`: the same mark for the same values, so that a page asked twice is the same to the last byte.
        """
        content = orjson.dumps(
            [
                {"b": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
                for value in values
            ]
        )
        # A nonce made from what it seals comes twice only with the same content.
        nonce = (
            hmac.digest(self._secret, question + b"\0" + content, "sha256")[:12] if steady else os.urandom(12)
        )
        sealed = self._seal.encrypt(nonce, content, question)
        return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def read(self, mark: str, question: bytes) -> list[Any]:
        """The values in a mark; CursorInvalid unless it was written here, for this question."""
        try:
            raw = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
            content = orjson.loads(self._seal.decrypt(raw[:12], raw[12:], question))
        except (ValueError, TypeError, InvalidTag):
            raise CursorInvalid from None
        return [base64.b64decode(value["b"]) if isinstance(value, dict) else value for value in content]


def question_of(order: Order, conditions_sql: Sequence[str], parameters: Sequence[Any]) -> bytes:
    """What a page mark is bound to: order and filters, not the columns shown nor the size of a page."""
    form = repr((order.parts, list(conditions_sql), list(parameters)))
    return hashlib.sha256(form.encode()).digest()[:16]
