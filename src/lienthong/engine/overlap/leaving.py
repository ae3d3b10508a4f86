"""What of a sketch may leave, and what is held back: small sets, rare shapes, ranges of personal data.

What is held back is said, in the file and to whoever makes it. A rule for every fact of a column stands here; a fact
without one does not leave.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from lienthong.engine.errors import EngineError
from lienthong.engine.overlap.shapes import (
    MOST_TOP,
    QUANTILES,
    ColumnFacts,
    ColumnSketch,
    DatabaseSketch,
    Family,
    TableSketch,
    ValueSet,
)
from lienthong.engine.overlap.sketching import PUBLISHED, Plan, cut
from lienthong.engine.profile.sensitivity import propose
from lienthong.engine.shapes import SemanticType, Sensitivity
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.naming import unique_names

FLOOR = 10
"""No policy lets a set with fewer values leave, and no file with one is read: a set of one asks whether it is there."""
PERSONAL: tuple[Sensitivity, ...] = ("basic", "sensitive")
_STRICTNESS: tuple[Sensitivity, ...] = ("none", "basic", "sensitive")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LONG_NUMBER = re.compile(r"\d[\d .-]{4,}\d")
_NUMBER_OF_ONE = re.compile(r"\d{9,}")
_ADDRESSEE = re.compile(r"[^\s@,;:()<>\"']+@[^\s@,;:()<>\"']+")
_EXAMPLE = re.compile(
    r"\b(ví dụ|thí dụ|vd|chẳng hạn|e\.?\s?g\.?|for example|for instance|example|such as)(?=\W)(?:[^.;)\n]|\.(?=\S))*",
    re.IGNORECASE,
)
_PROFILED = 20_000
_MANY_DAYS, _TWO_YEARS = 100, 730.5
_LONGEST = 2_000

Why = Literal["few_values", "few_personal_values", "few_rows", "range", "rare_shapes", "state_secret"]
WHY: Mapping[Why, tuple[str, str]] = {
    "few_values": ("không đưa mã băm ra ngoài: quá ít giá trị", "no hashes leave: too few values"),
    "few_personal_values": (
        "không đưa mã băm ra ngoài: dữ liệu cá nhân có quá ít giá trị",
        "no hashes leave: personal data with too few values",
    ),
    "few_rows": ("không đưa thống kê ra ngoài: quá ít dòng", "no profile leaves: too few rows"),
    "range": (
        "không đưa giá trị nhỏ nhất, lớn nhất, giữa ra ngoài: dữ liệu cá nhân",
        "least, greatest and middle value do not leave: personal data",
    ),
    "rare_shapes": ("không đưa các dạng hiếm ra ngoài", "rare shapes do not leave"),
    "state_secret": (
        "không đưa cột ra ngoài: có dấu hiệu bí mật nhà nước",
        "the column does not leave: it seems to hold a state secret",
    ),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """From how many different values on hashes leave, for personal data more; what is fewer than `suppress_under` is not told."""

    least_values: int = 100
    least_personal: int = 1000
    suppress_under: int = FLOOR
    plan: Plan = PUBLISHED

    def __post_init__(self) -> None:
        if min(self.least_values, self.least_personal, self.suppress_under) < FLOOR:
            raise ValueError(f"no policy goes below {FLOOR}")

    def as_json(self) -> dict[str, int]:
        """The policy as a file states it."""
        return {
            "least_values": self.least_values,
            "least_personal_values": self.least_personal,
            "suppress_under": self.suppress_under,
            "hashes": self.plan.k,
            "complete_up_to": self.plan.complete,
            "bits": self.plan.bits,
        }


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something of a column that does not leave, and why."""

    table: str
    column: str
    why: Why

    def as_json(self) -> dict[str, str]:
        """What is held back as a file states it."""
        vi, en = WHY[self.why]
        return {"table": self.table, "column": self.column, "why": self.why, "vi": vi, "en": en}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the profile says of a column: the class of personal data proposed, and whether it may hold a state secret."""

    sensitivity: Sensitivity = "none"
    state_secret: bool = False

    @property
    def personal(self) -> bool:
        """Whether the column holds data of persons."""
        return self.sensitivity in PERSONAL


Meanings = Mapping[tuple[str, str], Meaning]


def meanings_of(source: Source, *, by_names: bool = False) -> dict[tuple[str, str], Meaning]:
    """The meaning of every column of an open source, from its profile, or `by_names` alone, for which no row is read.

    A table that cannot be profiled is taken for personal data.
    """
    found: dict[tuple[str, str], Meaning] = {}
    for table in source.tables():
        if table.kind != "table":
            continue
        if by_names:
            for column in table.columns:
                told = propose(column.name, column.comment or "", SemanticType(), persons=True)
                found[table.name, _named(column.name)] = Meaning(told.sensitivity, told.state_secret)
            continue
        try:
            profile = source.profile(table)
        except EngineError:
            found.update(
                ((table.name, _named(column.name)), Meaning("sensitive")) for column in table.columns
            )
            continue
        for profiled in profile.columns:
            found[table.name, _named(profiled.name)] = Meaning(profiled.sensitivity, profiled.state_secret)
    return found


def _named(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def stricter(meanings: Meanings, classes: Mapping[tuple[str, str], Sensitivity]) -> Meanings:
    """The meanings with the classes that a person has confirmed: what either takes for personal data is."""
    found = dict(meanings)
    for place, given in classes.items():
        known = found.get(place, Meaning("sensitive"))
        found[place] = replace(known, sensitivity=max(known.sensitivity, given, key=_STRICTNESS.index))
    return found


def _explained(meanings: Meanings, table: TableSketch) -> dict[str, Meaning]:
    """The meaning of each column of a table, told by its title and description too."""
    found = {one.name: meanings.get((table.name, one.name), Meaning("sensitive")) for one in table.columns}
    persons = any(meaning.personal for meaning in found.values())
    for column in table.columns:
        if column.title or column.description:
            told = propose(column.title, column.description, SemanticType(), persons=persons)
            known = found[column.name]
            found[column.name] = Meaning(
                max(known.sensitivity, told.sensitivity, key=_STRICTNESS.index),
                known.state_secret or told.state_secret,
            )
    return found


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves of a database, which of its columns hold data of persons, and what is held back."""

    sketch: DatabaseSketch
    personal: frozenset[tuple[str, str]]
    withheld: tuple[Withheld, ...]

    @property
    def sets(self) -> int:
        """How many columns leave with hashes."""
        return sum(bool(column.values) for table in self.sketch.tables for column in table.columns)


def guarded(database: DatabaseSketch, meanings: Meanings, policy: Policy) -> DatabaseSketch:
    """A live database as it may be compared with the sketch of somebody else: no set that leaves would be smaller.

    Otherwise a holder of the key learnt from a table of one row whether that row is in the other database.
    """
    tables = []
    for table in database.tables:
        columns = []
        explained = _explained(meanings, table)
        for column in table.columns:
            least = policy.least_personal if explained[column.name].personal else policy.least_values
            kept = {family: found for family, found in column.values.items() if found.distinct >= least}
            columns.append(replace(column, values=kept, in_order=()))
        tables.append(replace(table, columns=tuple(columns)))
    return replace(database, tables=tuple(tables))


def leaving(database: DatabaseSketch, meanings: Meanings, policy: Policy, *, level: int) -> Leaving:
    """Reduce a sketch to what this policy lets leave at this level.

    A column whose meaning is not known is taken for personal data.
    """
    withheld: list[Withheld] = []
    tables = []
    personal = set()
    for table, table_name in zip(database.tables, _leaving_names(database.tables), strict=True):
        columns = []
        explained = _explained(meanings, table)
        for column, name in zip(table.columns, _leaving_names(table.columns), strict=True):
            meaning = explained[column.name]
            if meaning.state_secret:
                withheld.append(Withheld(table_name, f"({len(withheld) + 1})", "state_secret"))
                continue
            if meaning.personal:
                personal.add((table_name, name))
            kept, held = _reduced(replace(column, name=name), meaning, policy, level)
            columns.append(kept)
            withheld += [Withheld(table_name, name, why) for why in held]
        rows = (
            None
            if level == 0 or table.rows is None or table.rows < policy.suppress_under
            else _rounded(table.rows)
        )
        tables.append(TableSketch(table_name, tuple(columns), rows, without_values(table.title)))
    return Leaving(
        DatabaseSketch(printed(_NUMBER_OF_ONE.sub("…", database.name)), tuple(tables), profiled=level > 0),
        frozenset(personal),
        tuple(withheld),
    )


def _reduced(
    column: ColumnSketch, meaning: Meaning, policy: Policy, level: int
) -> tuple[ColumnSketch, list[Why]]:
    named = replace(
        column,
        title=without_values(column.title),
        description=without_values(column.description),
        facts=None,
        values={},
        lists=(),
        in_order=(),
    )
    if level == 0 or column.facts is None:
        return named, []
    if column.facts.filled < policy.suppress_under:
        return named, ["few_rows"]
    facts, held = _reduced_facts(column.facts, meaning, policy)
    lists = column.lists
    if level == 1:
        return replace(named, facts=facts, lists=lists), held
    least = policy.least_personal if meaning.personal else policy.least_values
    values = _cut(column.values, least, policy.plan)
    if column.values and not values:
        held = [*held, "few_personal_values" if meaning.personal else "few_values"]
    return replace(named, facts=facts, values=values, lists=lists), held


def _cut(sets: Mapping[Family, ValueSet], least: int, plan: Plan) -> dict[Family, ValueSet]:
    values: dict[Family, ValueSet] = {}
    for family, found in sets.items():
        if found.distinct >= least:
            same = next((other for other in values if sets[other] is found), None)
            values[family] = cut(found, plan) if same is None else values[same]
    return values


def printed(text: str) -> str:
    """The text as it may stand in a file that others print."""
    return CONTROL.sub(" ", text)[:_LONGEST]


def _leaving_names(named: Sequence[TableSketch] | Sequence[ColumnSketch]) -> list[str]:
    """The names as they leave, each another one: a file may be named after the person whom it is about."""
    return unique_names([printed(_NUMBER_OF_ONE.sub("…", one.name)) for one in named])


def without_values(text: str) -> str:
    """A title or description without the examples it gives: they may be somebody's name, number or address."""
    plain = _EXAMPLE.sub(r"\1 …", unicodedata.normalize("NFC", text))
    return printed(_LONG_NUMBER.sub("…", _ADDRESSEE.sub("…", plain)))


def _reduced_facts(facts: ColumnFacts, meaning: Meaning, policy: Policy) -> tuple[ColumnFacts, list[Why]]:
    held: list[Why] = []
    few = facts.distinct < policy.suppress_under
    kept: dict[str, Any] = {name: rule(getattr(facts, name)) for name, rule in FACTS.items()}
    counted = min(facts.distinct, _PROFILED)
    masks = {
        mask: round(share, 2)
        for mask, share in facts.masks.items()
        if share * counted >= policy.suppress_under and not CONTROL.search(mask)
    }
    beginnings = {
        begins: round(share, 2)
        for begins, share in facts.beginnings.items()
        if share * counted >= policy.suppress_under and not CONTROL.search(begins)
    }
    if len(masks) < len(facts.masks):
        held.append("rare_shapes")
    ranges = {name: getattr(facts, name) for name in RANGES}
    if (meaning.personal or few) and any(bound is not None for bound in ranges.values()):
        held.append("range")
        ranges = dict.fromkeys(RANGES)
    elif facts.kind == "opaque" or few:
        ranges = dict.fromkeys(RANGES)
    kept |= {name: None if bound is None else _significant(bound) for name, bound in ranges.items()}
    listed: dict[str, Any] = {
        "quantiles": _quantiles(facts, told=ranges["lower"] is not None),
        "births": _in_years(facts.births) if facts.distinct >= _MANY_DAYS else (),
        "top": tuple(round(share, 2) for share in facts.top if share * facts.filled >= policy.suppress_under),
    }
    return ColumnFacts(**kept, **listed, masks=masks, beginnings=beginnings), held


def _quantiles(facts: ColumnFacts, *, told: bool) -> tuple[float, ...]:
    """Quantiles of data that is not personal; of days of persons, to two years, where many lie below each of them."""
    if told:
        return tuple(_significant(bound) for bound in facts.quantiles)
    if facts.kind != "date" or facts.distinct < _MANY_DAYS:
        return ()
    return _in_years(facts.quantiles)


def _in_years(days: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(day / _TWO_YEARS) * _TWO_YEARS for day in days)


def _significant(number: float, digits: int = 3) -> float:
    if not number or not math.isfinite(number):
        return 0.0
    return round(number, digits - 1 - math.floor(math.log10(abs(number))))


def _rounded(count: int) -> int:
    """A count to three significant digits: enough to compare sizes, too little to tell one row."""
    return round(_significant(count))


def _same(value: Any) -> Any:
    return value


def _shares(semantics: Mapping[str, float]) -> dict[str, float]:
    return {name: round(share, 2) for name, share in semantics.items() if round(share, 2) > 0}


FACTS: Mapping[str, Callable[[Any], Any]] = {
    "kind": _same,
    "rows": _rounded,
    "nulls": lambda count: _rounded(count) if count >= FLOOR else 0,
    "distinct": _rounded,
    "min_length": _same,
    "max_length": _same,
    "avg_length": lambda length: round(length, 1),
    "semantics": _shares,
    "counter": _same,
    "padded": _same,
}
"""Facts that always leave, and how they are rounded."""
RANGES = ("lower", "upper", "middle")
LISTED: Mapping[str, int] = {"quantiles": len(QUANTILES), "births": len(QUANTILES), "top": MOST_TOP}
"""Facts of several numbers, and how many at most: quantiles leave as ranges do, frequencies where the value is not rare."""
QUARTERED = ("quantiles", "births")
"""Of these, facts that are told whole or not at all."""
