"""What the values of a column mean: every type is weighed against chance, with what the name says as the prior.

A type is likely in so far as more values keep its form than would by chance: one ten-digit number in eleven passes as
a tax code, so a column in which all do is one. Where a form proves nothing (nine digits) the name must speak for it.
The weights are logarithms of odds; a column has the type of the greatest that is above zero.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lienthong.engine.profile import forms
from lienthong.engine.profile.cues import Cue, by_form, cues_of, kinds
from lienthong.engine.profile.lists import ERA_NAMES, LEVEL_NAMES, UnitList, name_key, unit_lists
from lienthong.engine.shapes import ColumnType, SemanticType

_PRIOR = {2: 3.0, 1: 0.5, 0: -4.0, -1: -9.0}
_OTHER_SAID = -3.0
_WEIGHED, _KEPT, _PASSED, _LISTED, _MIXED = 60, 0.96, 0.6, 0.75, 0.2
_DENSE, _REPEATED = 10.0, 2
_NEEDED = 0.5
"""Share of values that must be digits for identifiers of digits to be tried at all."""


@dataclass
class Values:
    """The distinct values of a column that were looked at, as text, and what else is known of it.

    `distinct` is how many there are in all, `low` and `high` the range of the whole column when it has numbers.
    """

    texts: Sequence[str]
    type: ColumnType = "text"
    name: str = ""
    comment: str = ""
    distinct: int = 0
    whole: bool = False
    """True for numbers without a fraction, whatever their type."""
    counts: Sequence[int] = ()
    """The rows of each value, where they were counted."""

    @cached_property
    def weights(self) -> Sequence[int]:
        """What each value weighs: its rows where values repeat (a slip of the hand is one row), else one."""
        if len(self.counts) == len(self.texts) and sum(self.counts) >= _REPEATED * len(self.texts):
            return self.counts
        return [1] * len(self.texts)

    @cached_property
    def weight(self) -> int:
        """What all values weigh together."""
        return sum(self.weights)

    @cached_property
    def digits(self) -> list[str]:
        """The values that are digits, without separators; other values are empty."""
        return [forms.digits_of(text) for text in self.texts]

    @cached_property
    def plain(self) -> list[str]:
        """The values folded."""
        return [forms.folded(text) for text in self.texts]

    @cached_property
    def lost_zeros(self) -> bool:
        """Whether leading zeros may have been lost: numbers, or texts of digits of which none begins with zero."""
        if self.type != "text":
            return True
        digits = [text for text in self.digits if text]
        leading = sum(text[0] == "0" for text in digits)
        return bool(digits) and leading <= 0.01 * len(digits)

    @cached_property
    def dense(self) -> bool:
        """Whether the numbers lie as close together as those of a counter."""
        numbers = sorted(int(text) for text in self.digits if text and len(text) < 19)
        if len(numbers) < 5:
            return False
        low, high = numbers[len(numbers) // 20], numbers[-1 - len(numbers) // 20]
        return (high - low + 1) < _DENSE * max(self.distinct, len(numbers))

    def share(self, test: Callable[[str], bool], of: Sequence[str] | None = None) -> float:
        """The share of the values that pass a test, `of` being the values in another form."""
        taken = self.texts if of is None else of
        if len(taken) != len(self.texts):
            return sum(map(test, taken)) / len(taken) if taken else 0.0
        return (
            sum(weight for text, weight in zip(taken, self.weights, strict=True) if test(text)) / self.weight
        )

    def lengths(self, *allowed: int) -> float:
        """The share of the values that are digits of one of these lengths."""
        return self.share(lambda digits: len(digits) in allowed, self.digits)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type with the share that passes and the share that would by chance; `said` when a cue must speak for it."""

    name: str
    passed: float
    chance: float
    said: int = 0
    detail: str | None = None
    notes: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    def weight(self, count: int, cue: Cue, other_said: bool) -> float:
        """The logarithm of the odds that the column has this type."""
        if cue.strength < self.said or not self.passed:
            return -math.inf
        kept = min(self.passed, 0.999)
        chance = min(max(self.chance, 1e-4), 0.97)
        gain = kept * math.log(_KEPT / chance) + (1 - kept) * math.log((1 - _KEPT) / (1 - chance))
        prior = _PRIOR[cue.strength] + (_OTHER_SAID if other_said and cue.strength < 2 else 0.0)
        return prior + min(count, _WEIGHED) * gain


TITLED = ("có từ chỉ loại đơn vị đứng đầu", "with the word for a kind of unit in front")
ZERO_LOST = ("số 0 đứng đầu đã mất", "the leading zero is lost")


def semantic_type(values: Values) -> SemanticType:
    """The semantic type of a column, with its pass rate, cue and reason in Vietnamese and English."""
    if not values.texts and values.type not in ("date", "timestamp"):
        return SemanticType()
    cues = cues_of(values.name, values.comment)
    strong = {name for name, cue in cues.items() if cue.strength == 2}
    best: tuple[float, Candidate] | None = None
    nearly: Candidate | None = None
    for candidate in _candidates(values, cues):
        cue = cues[candidate.name]
        weight = candidate.weight(max(1, len(values.texts)), cue, bool(strong - {candidate.name}))
        if weight > 0 and candidate.passed >= (_LISTED if candidate.detail else _PASSED):
            if best is None or weight > best[0]:
                best = weight, candidate
        elif (
            cue.strength == 2
            and candidate.passed > _MIXED
            and (nearly is None or candidate.passed > nearly.passed)
        ):
            nearly = candidate
    if best is not None:
        return _told(best[1], cues[best[1].name])
    if nearly is not None:
        return _mixed(nearly, cues[nearly.name])
    return SemanticType()


def _told(candidate: Candidate, cue: Cue) -> SemanticType:
    kind = kinds()[candidate.name]
    vi = f"{_percent(candidate.passed, ',')} giá trị đúng dạng {kind.vi}"
    en = f"{_percent(candidate.passed, '.')} of the values have the form of a {kind.en}"
    if candidate.name in ("person_name", "organisation_name", "address", "sex", "date", "year", "money"):
        en = f"{_percent(candidate.passed, '.')} of the values read as: {kind.en}"
    for note_vi, note_en in candidate.notes:
        vi, en = f"{vi}, {note_vi}", f"{en}, {note_en}"
    if cue.strength > 0:
        vi, en = (
            f"{vi}; tên hoặc chú thích cột có “{cue.word}”",
            f"{en}; its name or comment holds “{cue.word}”",
        )
    else:
        vi, en = f"{vi}; tên cột không gợi ý", f"{en}; its name says nothing of it"
    return SemanticType(candidate.name, candidate.passed, vi, en, candidate.detail)


def _mixed(candidate: Candidate, cue: Cue) -> SemanticType:
    kind = kinds()[candidate.name]
    return SemanticType(
        None,
        candidate.passed,
        f"tên hoặc chú thích cột có “{cue.word}” nhưng chỉ {_percent(candidate.passed, ',')} giá trị đúng dạng {kind.vi}",
        f"its name or comment holds “{cue.word}”, yet only {_percent(candidate.passed, '.')} of the values "
        f"have the form of a {kind.en}",
    )


def _percent(share: float, point: str) -> str:
    text = f"{math.floor(share * 1000) / 10:.1f}".removesuffix(".0")
    return text.replace(".", point) + "%"


def _candidates(values: Values, cues: Mapping[str, Cue]) -> Iterator[Candidate]:
    if values.type in ("date", "timestamp"):
        yield Candidate("date", 1.0, 0.01)
        return
    if values.type in ("boolean", "time", "json", "binary"):
        return
    if values.type in ("decimal", "double") and not values.whole:
        yield from _measures(values, cues)
        return
    share = values.share(bool, values.digits)
    if share >= _NEEDED:
        yield from _identifiers(values, cues)
        yield from _codes(values, cues)
        yield from _numbers(values, cues)
    if values.type == "text":
        yield from _written(values)
        if share < _NEEDED:
            yield from _names(values, cues)


def _identifiers(values: Values, cues: Mapping[str, Cue]) -> Iterator[Candidate]:
    digits = values.digits
    lost = values.lost_zeros
    if values.dense:
        # Only a name can make an identifier of numbers that follow one another.
        cues_only = 2
    else:
        cues_only = 0
    yield from _citizen(values, cues_only, lost)
    exact = values.share(forms.is_tax_code, digits)
    yield Candidate("tax_code", exact, 0.09, cues_only)
    if lost:
        padded = values.share(lambda text: forms.is_tax_code(_padded(text, 10, 9, 10, 13)), digits)
        if padded > exact:
            yield Candidate("tax_code", padded, 0.1, cues_only, notes=(ZERO_LOST,))
    yield from _phones(values, cues_only, lost)
    yield from _insurance(values, cues_only, lost)
    nine = values.lengths(9)
    if lost and values.lengths(8) > 0.02 and values.lengths(8) < 0.6:
        yield Candidate("old_identity_number", values.lengths(8, 9), 0.75, 1, notes=(ZERO_LOST,))
    else:
        yield Candidate("old_identity_number", nine, 0.75, 1)


def _citizen(values: Values, cues_only: int, lost: bool) -> Iterator[Candidate]:
    form, kept = values.lengths(12), values.share(forms.keeps_citizen_structure, values.digits)
    notes: tuple[tuple[str, str], ...] = ()
    chance, numbers = 0.025, values.digits
    if lost and form < 0.5:
        numbers = [_padded(text, 12, 10, 11, 12) for text in values.digits]
        form, kept = values.lengths(10, 11, 12), values.share(forms.keeps_citizen_structure, numbers)
        chance, notes = 0.26, (ZERO_LOST,)
    yield Candidate(
        "citizen_number",
        kept,
        chance,
        cues_only if _varies(numbers, notes) else 2 if notes else 1,
        notes=notes,
    )
    if form > kept + 0.02 and kept < 0.9 and (not notes or values.lengths(11, 12) > 0.5):
        note = (
            f"{_percent(kept, ',')} giữ cấu trúc mã nơi sinh, giới tính, năm sinh",
            f"{_percent(kept, '.')} keep the structure of place, sex and year of birth",
        )
        yield Candidate("citizen_number", form, 0.6, 2, notes=(*notes, note))


def _varies(numbers: Sequence[str], notes: Sequence[object]) -> bool:
    """Whether these are persons: of both sexes and many years; where zeros were lost, also of several areas."""
    kept = [text for text in numbers if forms.keeps_citizen_structure(text)]
    if len(kept) < 30:
        return True
    least = 0.03 * len(kept)

    def kinds_at(start: int, end: int) -> int:
        """How many different parts stand at this place, slips of the hand aside."""
        return sum(count >= least for count in Counter(text[start:end] for text in kept).values())

    several = kinds_at(1, 3) >= 3 or sum(text[1] != "0" for text in kept) > 0.5 * len(kept)
    return kinds_at(3, 4) >= 2 and len({text[4:6] for text in kept}) >= 8 and (not notes or several)


def _phones(values: Values, cues_only: int, lost: bool) -> Iterator[Candidate]:
    national = values.share(forms.is_phone)
    yield Candidate("phone", national, 0.06, cues_only)
    if lost and values.lengths(9) > 0.3:
        padded = values.share(
            lambda text: forms.is_phone_without_zero(text) or forms.is_phone(text), values.digits
        )
        spread = len({text[:2] for text in values.digits if len(text) == 9})
        yield Candidate("phone", padded, 0.4 if spread >= 3 else 0.9, cues_only, notes=(ZERO_LOST,))


def _insurance(values: Values, cues_only: int, lost: bool) -> Iterator[Candidate]:
    ten = values.lengths(10)
    notes: tuple[tuple[str, str], ...] = ()
    if lost and ten < 0.9 and values.lengths(9, 10) > ten:
        ten, notes = values.lengths(9, 10), (ZERO_LOST,)
    yield Candidate("social_insurance", ten, 0.55, max(1, cues_only), notes=notes)
    codes = [_padded(text, 10, 9, 10) if lost else text for text in values.digits]
    codes = [text for text in codes if len(text) == 10]
    if len(codes) < max(100, 0.9 * len(values.texts)) or values.dense:
        return
    # Without a word for it: the first two digits are those of an area, many areas occur, and it is nothing else.
    areas = [text[:2] for text in codes]
    in_list = sum(area in forms.AREA_CODES for area in areas) / len(areas)
    checked = sum(map(forms.is_tax_code, codes)) / len(codes)
    phones = sum(map(forms.is_phone, codes)) / len(codes)
    note = ("hai số đầu là mã tỉnh", "the first two digits are the code of an area")
    common = sum(count >= 0.01 * len(areas) for count in Counter(areas).values())
    if common >= 5 and checked < 0.3 and phones < 0.3 and in_list > 0.9:
        passed = in_list * len(codes) / len(values.texts)
        yield Candidate("social_insurance", passed, 0.64, cues_only, notes=(*notes, note))


def _codes(values: Values, cues: Mapping[str, Cue]) -> Iterator[Candidate]:
    short = [text for text in values.digits if text and len(text) <= 5]
    if values.share(lambda text: 0 < len(text) <= 5, values.digits) < _PASSED:
        return
    cue = cues["administrative_code"]
    width = max(Counter(map(len, short)))
    if values.type == "text":
        width = Counter(map(len, short)).most_common(1)[0][0] if not values.lost_zeros else _usual(short)
    for units in unit_lists():
        if units.width != width and not (values.type != "text" and units.width > width):
            continue
        padded = values.type != "text" or values.lost_zeros
        test = _in_codes(units, padded)
        passed = values.share(test, values.digits)
        span = 10**units.width if not padded else max(int(text) for text in short) + 1
        chance = min(0.9, 1.15 * len(units.codes) / max(span, len(units.codes)))
        if padded and units.width < 5:
            chance = max(chance, 0.7)
        if cue.strength == 2:
            chance = min(chance, 0.5)
        said = 0 if units.level == "commune" or (not padded and units.level == "first") else 1
        if len(values.texts) < 5:
            said = max(said, 1)
        if cue.strength and _level_said(values.name) not in (None, units.level):
            passed *= 0.5
        yield Candidate(
            "administrative_code", passed, chance, said, f"{units.level} {units.era}", _unit_notes(units)
        )


def _usual(short: Sequence[str]) -> int:
    """The width of codes without the few that are longer by a slip of the hand."""
    lengths = Counter(map(len, short))
    return max(length for length, count in lengths.items() if count >= 0.05 * len(short))


def _in_codes(units: UnitList, padded: bool) -> Callable[[str], bool]:
    if padded:
        return lambda text: bool(text) and text.zfill(units.width) in units.codes
    return lambda text: text in units.codes


def _level_said(name: str) -> str | None:
    said = cues_of(name, "")["administrative_code"].word.split()
    for words, level in (
        (("tinh", "tp"), "first"),
        (("huyen", "quan", "qh"), "district"),
        (("xa", "phuong", "px"), "commune"),
    ):
        if any(word in said for word in words):
            return level
    return None


def _unit_notes(units: UnitList) -> tuple[tuple[str, str], ...]:
    level, era = LEVEL_NAMES[units.level], ERA_NAMES[units.era]
    return ((f"{level[0]} {era[0]}", f"{level[1]} {era[1]}"),)


def _numbers(values: Values, cues: Mapping[str, Cue]) -> Iterator[Candidate]:
    years = values.share(lambda text: len(text) == 4 and 1900 <= int(text) <= 2100, values.digits)
    yield Candidate("year", years, 0.2 if len(values.texts) >= 3 else 0.5, 0 if len(values.texts) > 3 else 1)
    days = values.share(lambda text: len(text) == 8 and forms.day_of(text) is not None, values.digits)
    yield Candidate("date", days, 0.02)
    if cues["money"].strength == 2:
        yield Candidate("money", values.share(bool, values.digits), 0.6, 2)
    if cues["sex"].strength == 2 and len(values.texts) <= 4:
        yield Candidate(
            "sex", values.share(lambda text: text in ("0", "1", "2", "3", "9"), values.digits), 0.3, 2
        )


def _measures(values: Values, cues: Mapping[str, Cue]) -> Iterator[Candidate]:
    numbers = [number for text in values.texts if (number := _number(text)) is not None]
    if not numbers:
        return
    fine = sum(len(text.partition(".")[2]) >= 4 for text in values.texts) / len(values.texts)
    if cues["coordinate"].strength == 2 or (cues["coordinate"].strength == 1 and fine > 0.5):
        passed = sum(-180 <= number <= 180 for number in numbers) / len(numbers)
        yield Candidate("coordinate", passed, 0.6, 1)
    for low, high in ((8.0, 23.6), (102.0, 117.9)):
        inside = sum(low <= number <= high for number in numbers) / len(numbers)
        if fine > 0.8 and len(numbers) >= 20:
            yield Candidate("coordinate", inside, 0.5)
    if cues["money"].strength == 2:
        yield Candidate("money", 1.0, 0.7, 2)


def _written(values: Values) -> Iterator[Candidate]:
    yield Candidate("email", values.share(forms.is_email), 0.001)
    yield Candidate("url", values.share(forms.is_url), 0.001)
    yield Candidate("health_insurance", values.share(forms.is_health_card), 0.001)
    yield Candidate("plate", values.share(forms.is_plate), 0.05)
    yield Candidate("passport", values.share(forms.is_passport), 0.6, 1)
    yield Candidate(by_form("own_code"), values.share(forms.is_long_own_code), 0.01)
    yield Candidate(by_form("own_code"), values.share(forms.is_own_code), 0.5, 1)
    yield Candidate("date", values.share(lambda text: forms.day_of(text) is not None), 0.005)
    yield Candidate("coordinate", values.share(forms.is_coordinate), 0.3, 2)
    yield Candidate("coordinate", max(values.share(forms.is_latitude), values.share(forms.is_longitude)), 0.1)
    yield Candidate("money", values.share(forms.is_money), 0.4, 2)
    if not any(map(str.isdigit, "".join(values.texts[:50]))) or len(values.texts) <= 8:
        yield Candidate("sex", values.share(lambda text: text in forms.SEXES, values.plain), 0.02)
    phones = values.share(forms.is_phone)
    yield Candidate("phone", phones, 0.06)


def _names(values: Values, cues: Mapping[str, Cue]) -> Iterator[Candidate]:
    plain = values.plain
    # Xa, Quan and Phuong are family names too: a column in which nearly all begin so names units.
    titled = values.share(forms.is_unit_title, plain)
    if titled > 0.9:
        yield Candidate("administrative_name", titled, 0.02, 0, None, (TITLED,))
    else:
        yield Candidate("person_name", values.share(forms.is_person), 0.25)
    if cues["person_name"].strength == 2 and titled <= 0.9:
        yield Candidate("person_name", values.share(forms.is_wordy), 0.6, 2)
    bodies = values.share(forms.is_body)
    yield Candidate("organisation_name", bodies, 0.12)
    if cues["organisation_name"].strength == 2:
        wordy = values.share(lambda text: " " in text.strip() and any(map(str.isalpha, text)))
        yield Candidate("organisation_name", min(wordy, bodies + 0.7), 0.75, 2)
    yield Candidate("address", values.share(forms.is_address, plain), 0.15)
    if cues["address"].strength == 2:
        wordy = values.share(lambda text: any(map(str.isalpha, text)) and len(text) > 3)
        yield Candidate("address", wordy, 0.75, 2)
    yield from _unit_names(values)


def _unit_names(values: Values) -> Iterator[Candidate]:
    keys = [name_key(text) for text in values.plain]
    if sum(len(key) > 30 for key in keys) > len(keys) // 2:
        return
    found = []
    for units in unit_lists():
        passed = values.share(lambda key, units=units: key in units.names, keys)  # type: ignore[misc]
        found.append((passed, units))
    best = max(passed for passed, _ in found)
    for passed, units in found:
        if passed == best:
            yield Candidate(
                "administrative_name", passed, 0.15 if units.level == "commune" else 0.05, 0,
                f"{units.level} {units.era}", _unit_notes(units),
            )  # fmt: skip
            return


def _padded(text: str, width: int, *lengths: int) -> str:
    return text.zfill(width) if len(text) in lengths and len(text) <= width else text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
