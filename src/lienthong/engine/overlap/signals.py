"""What speaks for and against two columns being the same: each signal with its strength, weight and words.

The score is the logistic of the base plus what every signal adds, so any finding can be taken apart and replayed.
Signals are monotone: more agreement never lowers a score. How much each counts stands in `data/weights.json`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lienthong.engine.overlap.chance import beyond, expected, share_by_chance, tells
from lienthong.engine.overlap.estimating import Common
from lienthong.engine.overlap.lists import listed
from lienthong.engine.overlap.names import abbreviates, bookkeeping, of_relatives, similarity, told_apart
from lienthong.engine.overlap.resembling import same_profile, spread_alike
from lienthong.engine.overlap.semantics import BY_NAME, NAMES_A_SUBJECT, OVER_DECADES, telling
from lienthong.engine.overlap.shapes import (
    ColumnFacts,
    ColumnSketch,
    Family,
    Reason,
    TableSketch,
)
from lienthong.engine.overlap.spans import apart, inside
from lienthong.engine.overlap.subjects import subject_of
from lienthong.engine.overlap.weights import weights

_NAME_FROM, _SAYS_THE_SAME, _SURELY_ALIKE = 0.25, 0.8, 0.9
_ENOUGH = 3.0
_LOST_ZEROS = 0.1
_NOTHING_COMMON, _SAMPLE, _SAMPLE_TOLD, _CHANCE_MEETING = 0.1, 8.0, 2.0, 0.3
_FEW_VALUES = 3
_SHORT_LIST, _REPEATED = 30, 3.0
_EXACT_COPY = 0.5
_USUAL, _SPECIAL = 0.2, 6.0
_MOST_BEGINNINGS, _FEW_BEGINNINGS, _SOME_CODES = 0.6, 0.4, 20
_TEMPORAL = ("date", "moment")


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

    @property
    def level(self) -> int:
        """What could be compared: 2 values, 1 profiles, 0 names alone."""
        if self.common is not None:
            return 2
        # An empty column tells no more than its name.
        return min(
            1 if column.facts is not None and column.facts.distinct else 0
            for column in (self.left, self.right)
        )

    def reason(self, code: str, vi: str, en: str, value: float) -> Reason:
        """A signal with the weight that it has at this level of evidence."""
        return Reason(code, vi, en, weights().of(code, level=self.level), value)


def signals(pair: Evidence) -> list[Reason]:
    """Every signal that has something to say of this pair, context aside."""
    found = _names(pair)
    if pair.left.facts is not None and pair.right.facts is not None:
        left, right = pair.left.facts, pair.right.facts
        for signal in (_kinds, _semantics, _shapes, _beginnings, _ranges, _profiles, _roles):
            found += signal(pair, left, right)
        if pair.common is not None:
            found += _values(pair, pair.common, left, right)
    else:
        found += _declared_types(pair)
    found += _lists(pair)
    return [reason for reason in found if abs(reason.adds) > 0.005]


def _names(pair: Evidence) -> list[Reason]:
    left, right = pair.left, pair.right
    titles = [
        (one or left.name, other or right.name)
        for one, other in ((left.title, right.title), (left.description, right.description))
        if one or other
    ]
    tables = {"left_table": pair.left_table.name, "right_table": pair.right_table.name}
    alike = similarity(left.name, right.name, **tables, extra=titles)
    value = max(0.0, (alike - _NAME_FROM) / (1 - _NAME_FROM))
    found = []
    if value > 0:
        same = alike >= _SAYS_THE_SAME
        found.append(
            pair.reason(
                "name",
                "Tên cột nói cùng một điều" if same else "Tên cột gần nghĩa",
                "The names of the columns say the same" if same else "The names of the columns are related",
                value,
            )
        )
    if alike > _SAYS_THE_SAME:
        found.append(
            pair.reason(
                "same_name",
                "Hai tên cột cùng một khái niệm",
                "The two names are one concept",
                (alike - _SAYS_THE_SAME) / (1 - _SAYS_THE_SAME),
            )
        )
    short = abbreviates(left.name, right.name)
    if short > 0 and value < _SURELY_ALIKE:
        found.append(
            pair.reason(
                "abbreviation",
                "Một tên cột là chữ đầu của tên kia",
                "One name is made of the first letters of the other",
                short,
            )
        )
    names = [column.title or column.name for column in (left, right)]
    subjects = [f"{table.name} {subject_of(table) or ''}" for table in (pair.left_table, pair.right_table)]
    otherwise = told_apart(names[0], names[1], *subjects)
    if _same_subject(pair) and not of_relatives(*names):
        # An owner, a patient, a representative: each is a person in the register of persons.
        otherwise = 0.0
    if otherwise > 0 and value < _SURELY_ALIKE:
        found.append(
            pair.reason(
                "other_names",
                "Tên cột nói hai điều khác nhau",
                "The names of the columns say two different things",
                otherwise,
            )
        )
    if bookkeeping(names[0]) or bookkeeping(names[1]):
        found.append(
            pair.reason(
                "bookkeeping",
                "Cột để ghi sổ (số thứ tự, ghi chú, ngày cập nhật), bảng nào cũng có",
                "A column for keeping the table itself (row number, remark, last change), as every table has",
                1.0,
            )
        )
    return found


def _same_subject(pair: Evidence) -> bool:
    """True when both columns name or number people, firms or vehicles."""
    told = [telling(column.facts.semantics) for column in (pair.left, pair.right) if column.facts is not None]
    return len(told) == 2 and told[0] == told[1] and told[0] in NAMES_A_SUBJECT


def _declared_types(pair: Evidence) -> list[Reason]:
    kinds = [_type_family(column.type) for column in (pair.left, pair.right)]
    return [] if "text" in kinds else [_types(pair, agree=kinds[0] == kinds[1])]


def _type_family(kind: str) -> str:
    if kind in ("integer", "decimal", "double"):
        return "number"
    return "time" if kind in ("date", "time", "timestamp") else kind


def _types(pair: Evidence, *, agree: bool) -> Reason:
    if agree:
        return pair.reason("types", "Cùng kiểu giá trị", "The values are of one kind", 1.0)
    return pair.reason(
        "other_types", "Kiểu giá trị khác nhau", "The values are of different kinds", _sampled(pair)
    )


def _sampled(pair: Evidence) -> float:
    """How much a difference tells: of a handful of values little."""
    seen = [column.facts.distinct for column in (pair.left, pair.right) if column.facts is not None]
    return min(seen) / (min(seen) + _SAMPLE) if seen else 1.0


def _kinds(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    kinds = {left.kind, right.kind}
    if not left.distinct or not right.distinct:
        return []
    if len(kinds) == 1 or kinds <= set(_TEMPORAL):
        return [_types(pair, agree=True)]
    if kinds <= {"code", "number"}:
        whole = min(facts.semantics.get("digits", 0.0) for facts in (left, right))
        return (
            [_types(pair, agree=True)] if whole >= 0.9 else [] if pair.common else [_types(pair, agree=False)]
        )
    if kinds <= {"code", "text"} or max(left.distinct, right.distinct) <= _FEW_VALUES:
        return []
    if pair.family == "day" or (kinds & set(_TEMPORAL) and "number" in kinds and _counted(left, right)):
        return []
    return [_types(pair, agree=False)]


def _counted(left: ColumnFacts, right: ColumnFacts) -> bool:
    """True when the numbers of one side may be the days of the other, as spreadsheets count them."""
    days, numbers = (left, right) if left.kind in _TEMPORAL else (right, left)
    if None in (days.lower, days.upper, numbers.lower, numbers.upper):
        return False
    shift = 25_569
    return min(days.upper or 0, (numbers.upper or 0) - shift) >= max(
        days.lower or 0, (numbers.lower or 0) - shift
    )


def _semantics(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    one, other = telling(left.semantics), telling(right.semantics)
    if one is None and other is None:
        return []
    if one == other and one is not None:
        rule = BY_NAME[one]
        return [
            pair.reason(
                "semantic",
                f"Cả hai cột đều là {rule.vi}",
                f"Both columns hold: {rule.en}",
                rule.strength,
            )
        ]
    if pair.common is not None and pair.common.common and pair.family != "plain":
        # The values agree in a form that tells of lost zeros or left out words.
        return []
    if one is not None and other is not None:
        first, second = BY_NAME[one], BY_NAME[other]
        return [
            pair.reason(
                "other_semantic",
                f"Một bên là {first.vi}, bên kia là {second.vi}",
                f"One side holds: {first.en}; the other: {second.en}",
                1.0,
            )
        ]
    told, facts = (one, right) if one is not None else (other, left)
    rule = BY_NAME[str(told)]
    if rule.name == OVER_DECADES:
        # A class at school was born within two years.
        return []
    missing = (1.0 - facts.semantics.get(rule.name, 0.0)) * _sampled(pair)
    return [
        pair.reason("one_semantic", f"Chỉ một bên là {rule.vi}", f"Only one side holds: {rule.en}", missing)
    ]


def _shapes(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    if (
        left.kind not in ("code", "text")
        or right.kind not in ("code", "text")
        or not left.masks
        or not right.masks
        or (telling(left.semantics) is not None and telling(left.semantics) == telling(right.semantics))
    ):
        return []
    value = 2 * _cosine(left.masks, right.masks) - 1
    lengths = abs(left.avg_length - right.avg_length) / max(left.avg_length, right.avg_length, 1.0)
    found = [
        pair.reason("shape", "Giá trị cùng dạng", "The values look alike", value)
        if value >= 0
        else pair.reason(
            "other_shape", "Giá trị khác dạng", "The values look different", -value * _sampled(pair)
        )
    ]
    special = value * min(special_form(left), special_form(right))
    if special > 0:
        found.append(
            pair.reason(
                "special_shape",
                "Mã cùng một dạng riêng, ít nơi khác có",
                "The codes have one form of their own, seldom seen elsewhere",
                special,
            )
        )
    if lengths > 0.5:
        found.append(
            pair.reason(
                "length",
                "Độ dài giá trị khác nhau nhiều",
                "The lengths of the values are far apart",
                min(1.0, 2 * lengths - 1) * _sampled(pair),
            )
        )
    return found


def special_form(facts: ColumnFacts) -> float:
    """How special the usual form of a column of codes is, from 0 to 1: letters, digits and signs in one order."""
    if facts.kind != "code" or not facts.masks:
        return 0.0
    mask, share = max(facts.masks.items(), key=lambda item: item[1])
    others = len(mask) - mask.count("9")
    if not others or share < _USUAL:
        return 0.0
    return share * min(1.0, (len(mask) + others - 3) / _SPECIAL)


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    dot = sum(share * right.get(mask, 0.0) for mask, share in left.items())
    norms = math.sqrt(sum(v * v for v in left.values()) * sum(v * v for v in right.values()))
    return dot / norms if norms else 0.0


def _beginnings(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    """Codes of one register begin alike: by the part of the country, the year, the kind."""
    told = min(sum(left.beginnings.values()), sum(right.beginnings.values()))
    if told < _MOST_BEGINNINGS or min(left.distinct, right.distinct) < _SOME_CODES:
        return []
    signs = min(len(begins) for facts in (left, right) for begins in facts.beginnings)
    mine, theirs = _cut(left.beginnings, signs), _cut(right.beginnings, signs)
    known = max(
        sum(share for begins, share in one.items() if begins in other) / sum(one.values())
        for one, other in ((mine, theirs), (theirs, mine))
    )
    alike = sum(min(share, theirs.get(begins, 0.0)) for begins, share in mine.items())
    if known < _FEW_BEGINNINGS:
        if pair.common is not None and pair.common.common:
            return []
        return [
            pair.reason(
                "other_beginnings",
                "Mã bắt đầu khác nhau: của nơi khác, năm khác hoặc loại khác",
                "The codes begin otherwise: of other places, years or kinds",
                (1.0 - known / _FEW_BEGINNINGS) * _sampled(pair),
            )
        ]
    return [
        pair.reason("beginnings", "Mã bắt đầu giống nhau", "The codes begin alike", alike * min(1.0, known))
    ]


def _cut(beginnings: Mapping[str, float], signs: int) -> dict[str, float]:
    """The beginnings in so many signs: of one code written with separators, or longer, more may be told."""
    found: dict[str, float] = {}
    for begins, share in beginnings.items():
        found[begins[:signs]] = found.get(begins[:signs], 0.0) + share
    return found


def _quantiles_apart(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    """The ranges of columns of which only quantiles are known: how much of one lies where the other may."""
    off = apart(left.quantiles, right.quantiles)
    return [_range_apart(pair, off) if off > 0 else _range(pair, inside(left.quantiles, right.quantiles))]


def _range_apart(pair: Evidence, value: float) -> Reason:
    return pair.reason(
        "range_apart",
        "Khoảng giá trị tách rời nhau",
        "The ranges of the values are apart",
        value * _sampled(pair),
    )


def _range(pair: Evidence, value: float) -> Reason:
    return pair.reason(
        "range", "Khoảng giá trị nằm trong nhau", "The range of one lies within the other", value
    )


def _ranges(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    bounds = (left.lower, left.upper, right.lower, right.upper)
    if any(bound is None for bound in bounds) and {left.kind, right.kind} <= set(_TEMPORAL):
        return _quantiles_apart(pair, left, right) if left.quantiles and right.quantiles else []
    numeric = {left.kind, right.kind} <= {"number", "code"} or {left.kind, right.kind} <= set(_TEMPORAL)
    if any(bound is None for bound in bounds) or not numeric or left.counter or right.counter:
        return []
    if "code" in (left.kind, right.kind) and (telling(left.semantics) or telling(right.semantics)):
        # Where a number lies says nothing once it is an identifier, written with or without zeros.
        return []
    low_left, up_left, low_right, up_right = (float(bound or 0) for bound in bounds)
    together = min(up_left, up_right) - max(low_left, low_right)
    narrower = min(up_left - low_left, up_right - low_right)
    if together < 0:
        if pair.common is not None and pair.common.common:
            return []
        return [_range_apart(pair, 1.0)]
    found = [_range(pair, 1.0 if narrower <= 0 else max(0.0, together / narrower))]
    alike = spread_alike(left, right)
    if alike > 0:
        found.append(
            pair.reason(
                "spread",
                "Giá trị phân bố giống nhau",
                "The values are spread alike between low and high",
                alike,
            )
        )
    return found


def _profiles(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    same = same_profile(left, right)
    common = pair.common
    if common is not None and common.left.value == common.right.value == 1.0:
        exact = (left.rows, left.filled) == (right.rows, right.filled)
        same = max(same, _EXACT_COPY) if exact else same
    if same <= 0:
        return []
    return [
        pair.reason(
            "same_profile",
            "Số lượng, tần suất và phân bố giá trị của hai cột như nhau",
            "Counts, frequencies and spread of the values are the same on both sides",
            same,
        )
    ]


def _roles(pair: Evidence, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    if left.unique and right.unique and min(left.distinct, right.distinct) >= 3:
        return [
            pair.reason(
                "key",
                "Ở cả hai bảng, mỗi dòng có một giá trị riêng",
                "In both tables every row has a value of its own",
                1.0,
            )
        ]
    referred = (left.unique and right.repetition >= 3) or (right.unique and left.repetition >= 3)
    if referred and not _same_subject(pair):
        return [
            pair.reason(
                "key_and_not",
                "Một bên không lặp giá trị, bên kia lặp nhiều lần",
                "One side never repeats a value, the other does often",
                1.0,
            )
        ]
    return []


def _values(pair: Evidence, common: Common, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    days = pair.family == "day"
    chance = max(share_by_chance(left, right, days=days), share_by_chance(right, left, days=days))
    share = common.larger
    counted = common.common / (common.common + _ENOUGH)
    told = min(tells(left), tells(right))
    lift = max(0.0, share.value - chance) * told
    found: list[Reason] = []
    if lift > 0:
        one, other = _percent(common.left), _percent(common.right)
        less = min(common.left.value, common.right.value)
        found = [
            pair.reason(
                "values",
                f"{one[0]} giá trị bên trái có ở bên phải, {other[0]} giá trị bên phải có ở bên trái",
                f"{one[1]} of the left values are on the right, {other[1]} of the right ones on the left",
                lift * counted,
            ),
            pair.reason(
                "both_ways",
                "Hai bên gần như cùng một tập giá trị",
                "Both sides hold nearly the same set of values",
                less * counted * told if less >= 0.5 else 0.0,
            ),
            *_other_form(pair, common),
        ]
    by_chance = expected(left, right, days=days)
    sure = beyond(common.common, by_chance) * told
    if _short_list(left) and _short_list(right):
        # A few words that occur in both tell little, the same list of words tells much.
        sure *= share.value
    if sure > 0:
        found.append(
            pair.reason(
                "beyond_chance",
                f"{_vi(f'{common.common:,}')} giá trị chung, ngẫu nhiên chỉ có khoảng {_vi(f'{by_chance:,.0f}')}",
                f"{common.common:,} values are common, chance would give about {by_chance:,.0f}",
                sure,
            )
        )
    if sure < _CHANCE_MEETING and share.high < _NOTHING_COMMON and not (left.counter and right.counter):
        found += _nothing_common(pair, common, left, right)
    return found


def _short_list(facts: ColumnFacts) -> bool:
    return facts.distinct <= _SHORT_LIST and facts.repetition >= _REPEATED


def _nothing_common(pair: Evidence, common: Common, left: ColumnFacts, right: ColumnFacts) -> list[Reason]:
    if max(left.distinct, right.distinct) <= _FEW_VALUES:
        # Two or three values may be one list in two codings.
        return []
    seen = min(common.seen_left, common.seen_right)
    told = [telling(facts.semantics) for facts in (left, right)]
    sample = _SAMPLE_TOLD if told[0] is not None and told[0] == told[1] else _SAMPLE
    measured = {left.kind, right.kind} & {"number", "date", "moment"}
    return [
        pair.reason(
            "different_measures" if measured else "different_values",
            "Hầu như không có giá trị chung",
            "There are hardly any common values",
            (1 - common.larger.high / _NOTHING_COMMON) * seen / (seen + sample),
        )
    ]


def _other_form(pair: Evidence, common: Common) -> list[Reason]:
    """Say that the values agree only in another form: zeros lost, words left out, days counted."""
    before = pair.plain.larger.value if pair.plain is not None else common.larger.value
    if pair.family == "plain" or common.larger.value - before < _LOST_ZEROS:
        return []
    code, vi, en = {
        "digits": (
            "leading_zeros",
            "Mã chỉ khớp sau khi bù số 0 ở đầu: một bên đã làm mất số 0",
            "The codes agree once leading zeros are put back: one side has lost them",
        ),
        "core": (
            "unit_words",
            "Giá trị khớp sau khi bỏ từ chỉ loại đơn vị, đường phố, doanh nghiệp",
            "The values agree without the words for kinds of units, streets and businesses",
        ),
        "day": (
            "counted_days",
            "Ngày khớp sau khi đổi về cùng cách viết: một bên kèm giờ hoặc là số ngày của bảng tính",
            "The days agree in one writing: one side has hours, or counts days as spreadsheets do",
        ),
    }[pair.family]
    return [pair.reason(code, vi, en, 1.0)]


def _lists(pair: Evidence) -> list[Reason]:
    one, other = set(pair.left.lists), set(pair.right.lists)
    if one & other:
        entry = listed(sorted(one & other)[0])
        return [
            pair.reason(
                "common_list",
                f"Cả hai cột dùng danh mục chung: {entry.vi}",
                f"Both columns use a common list: {entry.en}",
                1.0,
            )
        ]
    if one and other:
        return [
            pair.reason(
                "other_list",
                "Hai cột dùng hai danh mục chung khác nhau",
                "The columns use two different common lists",
                1.0,
            )
        ]
    return []


def value_strength(reasons: Sequence[Reason]) -> float:
    """How strongly the common values speak, from 0 to 1."""
    return max(
        (reason.value for reason in reasons if reason.code in ("values", "beyond_chance")), default=0.0
    )


def _percent(share: object) -> tuple[str, str]:
    value = getattr(share, "value", 0.0) * 100
    low, high = getattr(share, "low", 0.0) * 100, getattr(share, "high", 0.0) * 100
    text = f"{value:.1f}%"
    if high - low >= 0.1:
        text += f" ({low:.0f}-{high:.0f}%)"
    return text.replace(".", ","), text


def _vi(number: str) -> str:
    """A number written in English as it is written in Vietnamese: points between thousands, a comma before parts."""
    return number.translate(str.maketrans(",.", ".,"))
