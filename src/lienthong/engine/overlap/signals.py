"""What speaks for and against two columns being the same: each signal with its strength, weight and words.

The score is the logistic of the base plus what every signal adds, so any finding can be taken apart and
replayed. Signals are monotone: more agreement never lowers a score. Weights were set on made-up Vietnamese
copies and on public sample databases; they are part of `shapes.METHOD`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lienthong.engine.overlap.estimating import Common
from lienthong.engine.overlap.lists import common_lists
from lienthong.engine.overlap.names import similarity
from lienthong.engine.overlap.semantics import BY_NAME, PASSED, telling
from lienthong.engine.overlap.shapes import ColumnFacts, ColumnSketch, Family, Reason, TableSketch

BASE = -3.2
THRESHOLD = 0.5

_NAME, _NAME_FROM = 3.8, 0.25
_TITLE_SHARE = 0.9
_VALUES, _BOTH_WAYS = 6.5, 0.8
_ENOUGH = 3.0
_LOST_ZEROS = 0.1
_DIFFERENT_VALUES, _DIFFERENT_MEASURES = -3.4, -1.8
_NOTHING_COMMON, _SAMPLE = 0.1, 8.0
_TYPES, _SAME_TYPES = -2.6, 0.4
_SEMANTIC, _OTHER_SEMANTIC, _ONE_SEMANTIC = 1.2, -3.0, -1.5
_MASKS, _LENGTHS = 0.8, -0.8
_RANGES, _APART = 0.6, -2.6
_KEYS, _KEY_AND_NOT = 0.5, -0.6
_SAME_LIST, _OTHER_LIST = 2.0, -1.5
CONTEXT, NUMBERS = 1.6, 4.5
ELSEWHERE, FITS_ELSEWHERE, BOTH_ELSEWHERE, NO_SUBJECTS = -1.6, -4.0, -10.0, -3.5

_TEMPORAL = ("date", "moment")
_BITS_OF_LETTER, _MOST_BITS = 2.0, 24.0
_MEANINGLESS, _TELLING_DIGITS = 0.98, 5.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One pair of columns with what was measured of it before any weighing."""

    left: ColumnSketch
    right: ColumnSketch
    left_table: TableSketch
    right_table: TableSketch
    common: Common | None = None
    family: Family = "plain"
    plain: Common | None = None
    """The containment in the plain form, when another form was the better one."""


def signals(pair: Evidence) -> list[Reason]:
    """Every signal that has something to say of this pair, context aside."""
    found = [_name(pair)]
    if pair.left.facts is not None and pair.right.facts is not None:
        left, right = pair.left.facts, pair.right.facts
        found += [*_kinds(left, right), *_semantics(left, right), *_shapes(left, right)]
        found += [*_ranges(left, right, pair.common), *_roles(left, right)]
    else:
        found += _declared_types(pair)
    if pair.common is not None:
        found += _values(pair, pair.common)
    found += _lists(pair)
    return [reason for reason in found if abs(reason.adds) > 0.005]


def weight_of(reasons: list[Reason]) -> float:
    """What all signals and the base add up to, in log-odds."""
    return BASE + sum(reason.adds for reason in reasons)


def score(weight: float) -> float:
    """The probability that the two columns are the same."""
    return 1.0 / (1.0 + math.exp(-weight))


def _name(pair: Evidence) -> Reason:
    titles = [
        (one or pair.left.name, other or pair.right.name)
        for one, other in (
            (pair.left.title, pair.right.title),
            (pair.left.description, pair.right.description),
        )
        if one or other
    ]
    alike = similarity(
        pair.left.name,
        pair.right.name,
        left_table=pair.left_table.name,
        right_table=pair.right_table.name,
        extra=titles,
    )
    value = max(0.0, (alike - _NAME_FROM) / (1 - _NAME_FROM))
    return Reason(
        "name",
        "Tên cột nói cùng một điều" if alike >= 0.8 else "Tên cột gần nghĩa",
        "The names of the columns say the same" if alike >= 0.8 else "The names of the columns are related",
        _NAME,
        value,
    )


def _declared_types(pair: Evidence) -> list[Reason]:
    kinds = [_type_family(column.type) for column in (pair.left, pair.right)]
    if "text" in kinds:
        return []
    return [_types(kinds[0] == kinds[1])]


def _type_family(kind: str) -> str:
    if kind in ("integer", "decimal", "double"):
        return "number"
    return "time" if kind in ("date", "time", "timestamp") else kind


def _types(agree: bool) -> Reason:
    if agree:
        return Reason("types", "Cùng kiểu giá trị", "The values are of one kind", _SAME_TYPES, 1.0)
    return Reason("types", "Kiểu giá trị khác nhau", "The values are of different kinds", _TYPES, 1.0)


def _kinds(left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    if not left.distinct or not right.distinct:
        return []
    if left.kind == right.kind or {left.kind, right.kind} == {"date", "moment"}:
        return [_types(True)]
    if {left.kind, right.kind} <= {"code", "number"}:
        whole = min(facts.semantics.get("digits", 0.0) for facts in (left, right))
        return [_types(whole >= 0.9)]
    if {left.kind, right.kind} <= {"code", "text"}:
        return []
    if "boolean" in (left.kind, right.kind) and max(left.distinct, right.distinct) <= 3:
        return []
    return [_types(False)]


def _semantics(left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    one, other = telling(dict(left.semantics)), telling(dict(right.semantics))
    if one is None and other is None:
        return []
    if one == other and one is not None:
        rule = BY_NAME[one]
        return [
            Reason(
                "semantic",
                f"Cả hai cột đều là {rule.vi}",
                f"Both columns hold: {rule.en}",
                _SEMANTIC,
                min(left.semantics[one], right.semantics[one]),
            )
        ]
    if one is not None and other is not None:
        return [
            Reason(
                "semantic",
                f"Một bên là {BY_NAME[one].vi}, bên kia là {BY_NAME[other].vi}",
                f"One side holds: {BY_NAME[one].en}; the other: {BY_NAME[other].en}",
                _OTHER_SEMANTIC,
                1.0,
            )
        ]
    told, facts = (one, right) if one is not None else (other, left)
    missing = 1.0 - facts.semantics.get(str(told), 0.0)
    rule = BY_NAME[str(told)]
    return [
        Reason(
            "semantic",
            f"Chỉ một bên là {rule.vi}",
            f"Only one side holds: {rule.en}",
            _ONE_SEMANTIC,
            missing,
        )
    ]


def _shapes(left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    if left.kind not in ("code", "text") or right.kind not in ("code", "text"):
        return []
    if not left.masks or not right.masks:
        return []
    alike = _cosine(dict(left.masks), dict(right.masks))
    value = 2 * alike - 1
    lengths = abs(left.avg_length - right.avg_length) / max(left.avg_length, right.avg_length, 1.0)
    found = [
        Reason("shape", "Giá trị cùng dạng", "The values look alike", _MASKS, value)
        if value >= 0
        else Reason("shape", "Giá trị khác dạng", "The values look different", _MASKS, value)
    ]
    if lengths > 0.5:
        found.append(
            Reason(
                "length",
                "Độ dài giá trị khác nhau nhiều",
                "The lengths of the values are far apart",
                _LENGTHS,
                min(1.0, 2 * lengths - 1),
            )
        )
    return found


def _cosine(left: dict[str, float], right: dict[str, float]) -> float:
    dot = sum(share * right.get(mask, 0.0) for mask, share in left.items())
    norms = math.sqrt(sum(v * v for v in left.values()) * sum(v * v for v in right.values()))
    return dot / norms if norms else 0.0


def _ranges(left: ColumnFacts, right: ColumnFacts, common: Common | None) -> list[Reason]:
    bounds = (left.lower, left.upper, right.lower, right.upper)
    numeric = {left.kind, right.kind} <= {"number", "code"} or {left.kind, right.kind} <= set(_TEMPORAL)
    if any(bound is None for bound in bounds) or not numeric or left.counter or right.counter:
        return []
    low_left, up_left, low_right, up_right = (float(bound or 0) for bound in bounds)
    together = min(up_left, up_right) - max(low_left, low_right)
    narrower = min(up_left - low_left, up_right - low_right)
    if together < 0 and (common is None or common.common == 0):
        return [
            Reason("range", "Khoảng giá trị tách rời nhau", "The ranges of the values are apart", _APART, 1.0)
        ]
    inside = 1.0 if narrower <= 0 else max(0.0, together / narrower)
    centre = _centred(left, right)
    return [
        Reason(
            "range",
            "Khoảng giá trị nằm trong nhau",
            "The range of one lies within the other",
            _RANGES,
            inside * centre,
        )
    ]


def _centred(left: ColumnFacts, right: ColumnFacts) -> float:
    """1 when the middle of the narrower column lies well within the range of the wider."""
    if left.middle is None or right.middle is None:
        return 0.5
    spread = max((left.upper or 0) - (left.lower or 0), (right.upper or 0) - (right.lower or 0))
    return 1.0 - min(1.0, abs(left.middle - right.middle) / spread) if spread > 0 else 1.0


def _roles(left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    if left.unique and right.unique and min(left.distinct, right.distinct) >= 3:
        return [
            Reason(
                "key",
                "Ở cả hai bảng, mỗi dòng có một giá trị riêng",
                "In both tables every row has a value of its own",
                _KEYS,
                1.0,
            )
        ]
    if (left.unique and right.repetition >= 3) or (right.unique and left.repetition >= 3):
        return [
            Reason(
                "key",
                "Một bên không lặp giá trị, bên kia lặp nhiều lần",
                "One side never repeats a value, the other does often",
                _KEY_AND_NOT,
                1.0,
            )
        ]
    return []


def _values(pair: Evidence, common: Common) -> list[Reason]:
    left, right = pair.left.facts, pair.right.facts
    if left is None or right is None:
        return []
    chance = max(_by_chance(left, right), _by_chance(right, left))
    share = common.larger
    counted = common.common / (common.common + _ENOUGH)
    lift = max(0.0, share.value - chance) * min(_telling(left), _telling(right))
    found: list[Reason] = []
    if lift > 0:
        one, other = _percent(common.left), _percent(common.right)
        found.append(
            Reason(
                "values",
                f"{one[0]} giá trị bên trái có ở bên phải, {other[0]} giá trị bên phải có ở bên trái",
                f"{one[1]} of the left values are on the right, {other[1]} of the right ones on the left",
                _VALUES,
                lift * counted,
            )
        )
        less = min(common.left.value, common.right.value)
        found.append(
            Reason(
                "both_ways",
                "Hai bên gần như cùng một tập giá trị",
                "Both sides hold nearly the same set of values",
                _BOTH_WAYS,
                less * counted if less >= 0.5 else 0.0,
            )
        )
        found += _other_form(pair, common)
    if share.high < _NOTHING_COMMON and not (left.counter and right.counter):
        seen = min(common.seen_left, common.seen_right)
        measured = {left.kind, right.kind} & {"number", "date", "moment"}
        found.append(
            Reason(
                "different_values",
                "Hầu như không có giá trị chung",
                "There are hardly any common values",
                _DIFFERENT_MEASURES if measured else _DIFFERENT_VALUES,
                (1 - share.high / _NOTHING_COMMON) * seen / (seen + _SAMPLE),
            )
        )
    return found


def _other_form(pair: Evidence, common: Common) -> list[Reason]:
    """Say that the values agree only in another form: leading zeros lost, words for units left out."""
    before = pair.plain.larger.value if pair.plain is not None else common.larger.value
    if pair.family == "plain" or common.larger.value - before < _LOST_ZEROS:
        return []
    if pair.family == "digits":
        return [
            Reason(
                "leading_zeros",
                "Mã chỉ khớp sau khi bù số 0 ở đầu: một bên đã làm mất số 0",
                "The codes agree once leading zeros are put back: one side has lost them",
                0.1,
                1.0,
            )
        ]
    return [
        Reason(
            "unit_words",
            "Tên khớp sau khi bỏ từ chỉ loại đơn vị ở đầu",
            "The names agree without the word for the kind of unit in front",
            0.1,
            1.0,
        )
    ]


def _by_chance(one: ColumnFacts, other: ColumnFacts) -> float:
    """The share of the values of one column that would be in the other if both were drawn blindly."""
    if one.counter or other.counter or "boolean" in (one.kind, other.kind):
        return _MEANINGLESS
    if (
        one.lower is not None
        and one.upper is not None
        and other.lower is not None
        and other.upper is not None
    ):
        whole = one.semantics.get("digits", 0.0) >= PASSED or one.kind == "date"
        if whole:
            domain = max(one.upper, other.upper) - min(one.lower, other.lower) + 1
            return min(_MEANINGLESS, other.distinct / max(domain, 1.0))
    bits = min(_MOST_BITS, _BITS_OF_LETTER * min(one.avg_length, other.avg_length))
    return min(_MEANINGLESS, float(other.distinct / 2**bits))


def _telling(facts: ColumnFacts) -> float:
    """How much one value of a column says: small whole numbers occur everywhere."""
    if facts.semantics.get("digits", 0.0) < PASSED or facts.kind not in ("number", "code"):
        return 1.0
    digits = facts.max_length if facts.padded else math.log10(max(facts.upper or 0.0, 0.0) + 2)
    return min(1.0, digits / _TELLING_DIGITS)


def _lists(pair: Evidence) -> list[Reason]:
    one, other = set(pair.left.lists), set(pair.right.lists)
    if one & other:
        entry = common_lists()[sorted(one & other)[0]]
        return [
            Reason(
                "common_list",
                f"Cả hai cột dùng danh mục chung: {entry.vi}",
                f"Both columns use a common list: {entry.en}",
                _SAME_LIST,
                1.0,
            )
        ]
    if one and other:
        return [
            Reason(
                "common_list",
                "Hai cột dùng hai danh mục chung khác nhau",
                "The columns use two different common lists",
                _OTHER_LIST,
                1.0,
            )
        ]
    return []


def _percent(share: object) -> tuple[str, str]:
    value = getattr(share, "value", 0.0) * 100
    low, high = getattr(share, "low", 0.0) * 100, getattr(share, "high", 0.0) * 100
    text = f"{value:.1f}%"
    if high - low >= 0.1:
        text += f" ({low:.0f}-{high:.0f}%)"
    return text.replace(".", ","), text
