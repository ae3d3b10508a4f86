"""The forms in which values are written, and which of them together make a column a number, a date or a text.

One list of patterns serves Python, on a sample, and DuckDB, on all rows, so that both see the same form.
A form is decided per column, over all its values: `1.234` alone may be either number, and is neither until
its neighbours tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lienthong.engine.shapes import ColumnType

_DAY, _MONTH, _YEAR, _SEP = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "[12][0-9]{3}", "[/.-]"
_LATE_DAY, _CLOCK = "(?:1[3-9]|2[0-9]|3[01])", "[ T]+[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?"
_ISO_DAY = "[12][0-9]{3}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12][0-9]|3[01])"

MARK = r"\.{2,}|…+\.*|[-–—]{1,3}|[xX]|(?i:nan|null|n/a|na|#n/a|none|<na>)"
"""What stands for a missing value between numbers or dates: `..`, `…`, `-`, `x`, and what programs write."""

FORMS: tuple[tuple[str, str], ...] = (
    ("small", r"-?(?:0|[1-9][0-9]{0,2})"),
    ("integer", r"-?[1-9][0-9]{3,17}"),
    ("zeros", r"0[0-9]+"),
    ("long", r"-?[1-9][0-9]{18,}"),
    ("plus", r"\+[0-9][0-9 .()-]*"),
    ("whole", r"-?(?:0|[1-9][0-9]{0,14})\.0"),
    ("zeros_whole", r"0[0-9]+\.0"),
    ("dot_or_group", r"-?[1-9][0-9]{0,2}\.[0-9]{3}"),
    ("dot", r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    ("groups", r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}"),
    ("groups_comma", r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+"),
    ("comma_or_group", r"-?[1-9][0-9]{0,2},[0-9]{3}"),
    ("comma", r"-?(?:0|[1-9][0-9]*),[0-9]+"),
    ("us_groups", r"-?[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}"),
    ("us_groups_dot", r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+"),
    ("spaced", "-?[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+"),
    ("spaced_comma", "-?[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+,[0-9]+"),
    ("power", r"-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}"),
    ("either_date", f"{_MONTH}{_SEP}{_MONTH}{_SEP}{_YEAR}"),
    ("day_first", f"{_LATE_DAY}{_SEP}{_MONTH}{_SEP}{_YEAR}"),
    ("month_first", f"{_MONTH}{_SEP}{_LATE_DAY}{_SEP}{_YEAR}"),
    ("either_moment", f"{_MONTH}{_SEP}{_MONTH}{_SEP}{_YEAR}{_CLOCK}"),
    ("day_first_moment", f"{_LATE_DAY}{_SEP}{_MONTH}{_SEP}{_YEAR}{_CLOCK}"),
    ("month_first_moment", f"{_MONTH}{_SEP}{_LATE_DAY}{_SEP}{_YEAR}{_CLOCK}"),
    ("short_either_20", f"{_MONTH}/{_MONTH}/[0-3][0-9]"),
    ("short_either_19", f"{_MONTH}/{_MONTH}/[4-9][0-9]"),
    ("short_day_20", f"{_LATE_DAY}/{_MONTH}/[0-3][0-9]"),
    ("short_day_19", f"{_LATE_DAY}/{_MONTH}/[4-9][0-9]"),
    ("short_month_20", f"{_MONTH}/{_LATE_DAY}/[0-3][0-9]"),
    ("short_month_19", f"{_MONTH}/{_LATE_DAY}/[4-9][0-9]"),
    ("iso_date", _ISO_DAY),
    (
        "iso_moment",
        _ISO_DAY + r"[ T][0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?",
    ),
    (
        "iso_zoned",
        _ISO_DAY
        + r"[ T][0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?(?: ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?))",
    ),
    ("clock", r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"),
    ("truth", r"(?i:true|false)"),
    ("native_integer", "-?[0-9]+\u0001"),
    ("native_dot", "-?[0-9.]+(?:e[+-]?[0-9]+)?\u0001"),
    ("native_date", "[0-9]{4}-[0-9]{2}-[0-9]{2}\u0001"),
    ("native_moment", "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+\u0001"),
    ("native_clock", "[0-9]{2}:[0-9:.]+\u0001"),
    ("native_truth", "(?:true|false)\u0001"),
    ("mark", MARK),
)
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in FORMS))
_BEGINNINGS = frozenset("0123456789-+.…–—#<xXtTfFnN")

_PLAIN_NUMBERS = frozenset({"small", "integer", "whole", "dot", "dot_or_group", "power"})
_LOCAL_NUMBERS = frozenset(
    {
        "small",
        "integer",
        "dot_or_group",
        "groups",
        "groups_comma",
        "comma_or_group",
        "comma",
        "spaced",
        "spaced_comma",
    }
)
_US_NUMBERS = frozenset({"us_groups", "us_groups_dot"})
_SHORT_DAYS = frozenset(
    f"short_{order}_{century}" for order in ("either", "day", "month") for century in ("20", "19")
)
_CODES = frozenset({"small", "integer", "zeros", "long", "plus", "whole", "zeros_whole"})
_UNSURE = frozenset({"small", "integer", "dot_or_group", "mark"})
_CERTAIN_LOCAL = ("groups", "groups_comma", "comma", "spaced", "spaced_comma")
_DAYS = frozenset({"either_date", "day_first"})
_MOMENTS = frozenset({"either_moment", "day_first_moment"}) | _DAYS
_ISO_MOMENTS = frozenset({"iso_date", "iso_moment"})
NATIVE = "\u0001"
"""Stands behind a value that its source gave as a number, date or truth, beside texts in the same column."""
_NATIVE_TYPES: dict[str, ColumnType] = {
    "native_integer": "integer", "native_dot": "double", "native_date": "date", "native_moment": "timestamp",
    "native_clock": "time", "native_truth": "boolean",
}  # fmt: skip
_WRITTEN_NUMBERS = _PLAIN_NUMBERS | _LOCAL_NUMBERS | _US_NUMBERS
NUMBERS = _WRITTEN_NUMBERS | _CODES

Style = Literal[
    "plain",
    "comma",
    "point",
    "whole",
    "day_first",
    "month_first",
    "short_day_20",
    "short_day_19",
    "short_month_20",
    "short_month_19",
    "zoned",
    "codes",
    "code_floats",
    "digits",
    "native",
    "chosen",
]
"""How values are turned: as written, from comma and dot, from thousands parted by commas (`1,234.5`), from `1.0`, from dates
of either order, with years of two digits in one century; codes as text."""

Lean = Literal["dot", "comma", "unknown"]
"""What the neighbours of a number say about its marks: dot for decimals, comma for decimals, or nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a column becomes and how; `marks` says whether marks of missing values stand among the values.

    `ambiguous` is set when a number could be read in two ways, and therefore stays text; `undated` when a day with a year
    of two digits could. `nearly` is the type that all but a few values hold.
    """

    type: ColumnType
    style: Style = "plain"
    marks: bool = False
    ambiguous: bool = False
    nearly: ColumnType | None = None
    undated: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether values are taken as they are written, and none stands in the way of another type."""
        return (
            self.style == "plain"
            and not (self.marks or self.ambiguous or self.undated)
            and self.nearly is None
        )


TEXT = Plan("text")


@lru_cache(maxsize=1 << 14)
def form_of(text: str) -> str:
    """The name of the first form that the whole text has; `text` when it has none."""
    if text[:1] not in _BEGINNINGS:
        return "text"
    found = _ANY.fullmatch(text)
    return (found.lastgroup or "text") if found else "text"


def counted(values: Iterable[str]) -> Counter[str]:
    """How many values have which form; empty ones are not counted."""
    found: Counter[str] = Counter()
    for value, many in Counter(values).items():
        if value:
            found[form_of(value)] += many
    return found


def lean_of(columns: Iterable[Mapping[str, int]], delimiter: str | None) -> Lean:
    """What the certain numbers of a table say about uncertain ones in it."""
    local = dots = 0
    together = list(columns)
    for counts in together:
        if counts.get("text", 0) * 2 > sum(counts.values()):
            continue
        local += sum(counts.get(form, 0) for form in _CERTAIN_LOCAL)
        dots += sum(counts.get(form, 0) for form in ("dot", "whole", *_US_NUMBERS))
    if local and not dots:
        return "comma"
    if dots and not local:
        return "dot"
    if delimiter == "," and not local:
        return "dot"
    unsure = [found for found in together if found.get("dot_or_group") and set(found) <= _UNSURE]
    pooled = sum(map(Counter, unsure), Counter[str]())
    return "comma" if not dots and not local and _reads_as_groups(pooled, "unknown") else "unknown"


def plan_of(counts: Mapping[str, int], lean: Lean = "dot", *, typed: bool = False) -> Plan:
    """What a column with these forms is. `typed`: its source tells text from number, so plain digits are text."""
    marks = counts.get("mark", 0)
    here = {form.replace("small", "integer") for form, many in counts.items() if many and form != "mark"}
    filled = sum(many for form, many in counts.items() if form != "mark")
    if not filled:
        return TEXT
    native = {_NATIVE_TYPES[form] for form in here if form in _NATIVE_TYPES}
    if native:
        return _beside_native(native, here - _NATIVE_TYPES.keys(), counts, filled, marks)
    plan = _settled(here, counts, lean)
    if plan.style in ("codes", "code_floats", "digits"):
        return plan if not marks else Plan("text", plan.style)
    if plan.type == "text":
        nearly = _nearly(counts, filled)
        return Plan("text", ambiguous=plan.ambiguous, nearly=nearly, undated=plan.undated)
    if typed and plan.type == "integer" and plan.style == "plain" and not marks:
        return Plan("text", "digits")
    return Plan(plan.type, plan.style, bool(marks))


def _beside_native(
    native: set[ColumnType], here: set[str], counts: Mapping[str, int], filled: int, marks: int
) -> Plan:
    """What a column is in which some cells are numbers or dates by their source, and others are text."""
    kind = _joined(native)
    rest = _settled(here, counts, "comma") if here else Plan(kind or "text")
    both = _joined({kind, rest.type}) if kind is not None else None
    if both is None or both == "text" or rest.style in ("codes", "code_floats", "digits", "month_first"):
        return Plan("text", nearly=_nearly(counts, filled))
    return Plan(both, rest.style, bool(marks))


def _joined(kinds: set[ColumnType]) -> ColumnType | None:
    """The one type that holds values of all these types; None when there is none but text."""
    if len(kinds) == 1:
        return next(iter(kinds))
    if kinds == {"integer", "double"}:
        return "double"
    if kinds == {"date", "timestamp"}:
        return "timestamp"
    return None


def _settled(here: set[str], counts: Mapping[str, int], lean: Lean) -> Plan:
    if here == {"integer"}:
        return Plan("integer")
    if here <= {"integer", "whole"}:
        return Plan("integer", "whole")
    if here <= _CODES:
        return Plan("text", "code_floats" if here & {"whole", "zeros_whole"} else "codes")
    if here <= _WRITTEN_NUMBERS:
        return _number(here, counts, lean)
    if here <= _SHORT_DAYS:
        return _short_day(here)
    if here == {"truth"}:
        return Plan("boolean")
    if here == {"clock"}:
        return Plan("time")
    if here == {"iso_date"}:
        return Plan("date")
    if here <= _ISO_MOMENTS:
        return Plan("timestamp")
    if here <= {"iso_zoned"}:
        return Plan("timestamp", "zoned")
    if here <= _DAYS:
        return Plan("date", "day_first")
    if here <= _MOMENTS:
        return Plan("timestamp", "day_first")
    if here <= {"either_date", "month_first"}:
        return Plan("date", "month_first")
    if here <= {"either_date", "month_first", "either_moment", "month_first_moment"}:
        return Plan("timestamp", "month_first")
    return TEXT


def _number(here: set[str], counts: Mapping[str, int], lean: Lean) -> Plan:
    """A number with fractions or groups; text when its marks can be read in two ways, or differ between values."""
    local = here.intersection(_CERTAIN_LOCAL)
    plain = here & {"dot", "whole", "power"}
    if here & _US_NUMBERS or ("comma_or_group" in here and "dot" in here):
        # Commas that part thousands leave the point to fractions; a comma or a point used otherwise leaves both open.
        if local or "power" in here:
            return Plan("text", ambiguous=bool(here & _US_NUMBERS))
        fractions = here & {"us_groups_dot", "dot", "dot_or_group", "whole"}
        return Plan("double" if fractions else "integer", "point")
    fractions = here & {"groups_comma", "comma", "comma_or_group", "spaced_comma"}
    as_local = Plan("double" if fractions else "integer", "comma")
    if local and not plain:
        return as_local
    if plain and not local and "comma_or_group" not in here:
        return Plan("text", "digits") if here <= {"power", "integer"} else Plan("double")
    if plain or local:
        return TEXT
    if here <= {"integer", "dot_or_group"}:
        if lean == "comma":
            return as_local
        if _reads_as_groups(counts, lean):
            return as_local
        return Plan("double") if lean == "dot" else Plan("text", ambiguous=True)
    if "dot_or_group" not in here and lean == "comma":
        return as_local
    return Plan("text", ambiguous=True)


def _short_day(here: set[str]) -> Plan:
    """A day with a year of two digits: read where order and century have one reading over the whole column, else text."""
    orders = {form.split("_")[1] for form in here} - {"either"}
    centuries = {form.split("_")[2] for form in here}
    if len(orders) != 1 or len(centuries) != 1:
        return Plan("text", undated=True)
    return Plan("date", f"short_{orders.pop()}_{centuries.pop()}")  # type: ignore[arg-type]


def _reads_as_groups(counts: Mapping[str, int], lean: Lean) -> bool:
    """Whether whole numbers, all below a thousand, stand among many of the form 1.234: no fraction is that regular."""
    return (
        counts.get("small", 0) > 0
        and not counts.get("integer")
        and counts.get("dot_or_group", 0) >= (40 if lean == "dot" else 3)
    )


def _nearly(counts: Mapping[str, int], filled: int) -> ColumnType | None:
    """The type that most values have, when the others alone make the column text: four of five numbers, half dates."""
    numbers = sum(counts.get(form, 0) for form in _WRITTEN_NUMBERS | {"native_integer", "native_dot"})
    days = sum(counts.get(form, 0) for form in _DAYS | {"iso_date", "native_date"})
    moments = sum(counts.get(form, 0) for form in _MOMENTS | _ISO_MOMENTS)
    for many, kind, share in ((numbers, "double", 8), (days, "date", 5), (moments, "timestamp", 5)):
        if many < filled and many * 10 >= filled * share:
            whole = counts.get("integer", 0) + counts.get("small", 0) == many
            return "integer" if kind == "double" and whole else kind  # type: ignore[return-value]
    return None


def holds(form: str, kind: ColumnType) -> bool:
    """Whether a value of this form may stand in a column of this type, whatever the marks of its numbers."""
    if form == "mark":
        return True
    if kind in ("integer", "double", "decimal"):
        return form in _WRITTEN_NUMBERS | {"native_integer", "native_dot"}
    if kind == "date":
        return form in _DAYS | _SHORT_DAYS | {"iso_date", "native_date"}
    if kind == "timestamp":
        return form in _MOMENTS | _ISO_MOMENTS
    return True
