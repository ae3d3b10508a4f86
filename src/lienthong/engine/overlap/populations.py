"""Of whom two tables speak: of the same people or firms, of others of the same kind, or of another kind of subject.

What one pair of columns shows holds for its neighbours: where the numbers of persons come from other parts of the
country, or births lie in other years, names and telephones are those of others, however alike they look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from lienthong.engine.overlap.names import concepts, of_relatives
from lienthong.engine.overlap.semantics import NUMBERS_A_SUBJECT, OVER_DECADES
from lienthong.engine.overlap.shapes import ColumnSketch, Reason, TableSketch
from lienthong.engine.overlap.signals import Evidence
from lienthong.engine.overlap.spans import apart
from lienthong.engine.overlap.subjects import Kind, held_by, subject_of

_OF_KIND: Mapping[str, Kind] = {
    "citizen_number": "person",
    "health_card": "person",
    "person_name": "person",
    OVER_DECADES: "person",
    "checked_tax_code": "business",
    "company_name": "business",
    "plate": "vehicle",
    "chassis": "vehicle",
}
_OF_OTHERS = frozenset({"father", "mother", "spouse", "relative", "representative"})
_OF_WHOEVER = ("phone", "email", "address")
_TOGETHER, _ENOUGH, _FEW = 0.3, 20, 0.1
_BIRTH_TELLS = 0.9
_A_LIFE = 110 * 365.25


def of_other_subjects(
    pairs: Sequence[tuple[tuple[int, int], Evidence, Sequence[Reason]]],
) -> list[list[Reason]]:
    """For every candidate (its tables, its evidence, what it says itself) what the tables' subjects say against it."""
    others: dict[tuple[tuple[int, int], Kind], float] = {}
    together: set[tuple[tuple[int, int], Kind]] = set()
    for tables, evidence, own in pairs:
        kind = _kind_of(evidence)
        if kind is None or _of_somebody_else(evidence):
            continue
        shown = _shown(evidence, own)
        if shown is None:
            together.add((tables, kind))
        elif shown > 0:
            others[tables, kind] = max(shown, others.get((tables, kind), 0.0))
    found: list[list[Reason]] = []
    against: dict[tuple[int, int], dict[Kind, float]] = defaultdict(dict)
    for (tables, kind), value in others.items():
        if (tables, kind) not in together:
            against[tables][kind] = value
    births: dict[tuple[int, int], float] = {}
    for tables, evidence, _ in pairs:
        if tables not in births:
            births[tables] = _BIRTH_TELLS * _births_apart(evidence.left_table, evidence.right_table)
            if births[tables] > 0 and (tables, "person") not in together:
                against[tables]["person"] = max(births[tables], against[tables].get("person", 0.0))
    for tables, evidence, own in pairs:
        reasons = []
        value = _against(evidence, against.get(tables, {}))
        if value > 0 and not any(reason.code in ("other_beginnings", "range_apart") for reason in own):
            reasons.append(_other_subjects(evidence, value))
        if _of_another_kind(evidence):
            reasons.append(_other_kind(evidence))
        found.append(reasons)
    return found


def _kind_of(evidence: Evidence) -> Kind | None:
    """What kind of subject both columns number, name or date."""
    one, other = held_by(evidence.left), held_by(evidence.right)
    if one == other and one is not None:
        return _OF_KIND.get(one)
    dated = [
        column.facts is not None and column.facts.kind == "date" for column in (evidence.left, evidence.right)
    ]
    named = [
        "birth_date" in concepts(column.title or column.name) for column in (evidence.left, evidence.right)
    ]
    births = [name or told == OVER_DECADES for name, told in zip(named, (one, other), strict=True)]
    return "person" if all(dated) and all(births) else None


def _of_somebody_else(evidence: Evidence) -> bool:
    return of_relatives(*(column.title or column.name for column in (evidence.left, evidence.right)))


def _shown(evidence: Evidence, own: Sequence[Reason]) -> float | None:
    """How surely this pair shows that the subjects are others, from 0 to 1; None when it shows that some are the same."""
    values = {reason.code: reason.value for reason in own}
    told = held_by(evidence.left)
    common, left, right = evidence.common, evidence.left.facts, evidence.right.facts
    if common is not None and left is not None and right is not None:
        if told not in NUMBERS_A_SUBJECT or told != held_by(evidence.right):
            return 0.0
        if (
            common.common > 1
            and max(values.get("values", 0.0), values.get("beyond_chance", 0.0)) >= _TOGETHER
        ):
            return None
        seen = min(common.seen_left, common.seen_right)
        return max(0.0, 1 - common.larger.high / _FEW) * seen / (seen + _ENOUGH)
    return values.get("other_beginnings", 0.0) if told in NUMBERS_A_SUBJECT else 0.0


def _births_apart(left: TableSketch, right: TableSketch) -> float:
    one, other = births_of(left), births_of(right)
    return apart(one, other) if one and other else 0.0


def births_of(table: TableSketch) -> Sequence[float]:
    """When the people of a table were born, as quantiles of days; empty where nothing tells it.

    A column that is called so goes before one that looks so; no register is of births over more than a life.
    """
    told: list[tuple[int, Sequence[float]]] = []
    for column in table.columns:
        names = concepts(column.title or column.name)
        if column.facts is None or set(names) & _OF_OTHERS:
            continue
        dated = column.facts.kind == "date" and (
            "birth_date" in names or OVER_DECADES in column.facts.semantics
        )
        births = column.facts.births or (column.facts.quantiles if dated else ())
        if births and births[-1] - births[0] <= _A_LIFE:
            told.append((0 if "birth_date" in names else 1 if "citizen_number" in names else 2, births))
    return min(told, key=lambda one: one[0])[1] if told else ()


def _against(evidence: Evidence, others: Mapping[Kind, float]) -> float:
    if not others or _of_somebody_else(evidence):
        return 0.0
    kind = _kind_of(evidence)
    if kind is not None:
        return others.get(kind, 0.0)
    one = held_by(evidence.left)
    if one in _OF_WHOEVER and one == held_by(evidence.right):
        subjects = {subject_of(evidence.left_table), subject_of(evidence.right_table)}
        return max((others.get(subject, 0.0) for subject in subjects if subject is not None), default=0.0)
    return 0.0


def _of_another_kind(evidence: Evidence) -> bool:
    """True for facts about whoever a row is of, where rows are of firms on one side and of people on the other."""
    subjects = subject_of(evidence.left_table), subject_of(evidence.right_table)
    if None in subjects or subjects[0] == subjects[1] or set(evidence.left.lists) & set(evidence.right.lists):
        return False
    return all(map(_about_whoever, (evidence.left, evidence.right)))


def of_whoever(evidence: Evidence) -> bool:
    """True for an address, a telephone at a desk, a day: in the profiles of any two tables they look alike.

    A mobile telephone is of a person, and so is a name.
    """
    columns = evidence.left, evidence.right
    if any(
        column.facts is not None and column.facts.semantics.get("mobile", 0.0) >= 0.5 for column in columns
    ):
        return False
    return all(map(_about_whoever, columns))


def _about_whoever(column: ColumnSketch) -> bool:
    """True for a telephone, an address, a day: of firms and of people alike."""
    told = held_by(column)
    if told is not None:
        return told in (*_OF_WHOEVER, OVER_DECADES)
    if column.facts is not None and column.facts.kind in ("date", "moment"):
        return True
    return bool(set(_OF_WHOEVER) & set(concepts(column.title or column.name)))


def _other_subjects(evidence: Evidence, value: float) -> Reason:
    return evidence.reason(
        "other_subjects",
        "Hai bảng nói về những đối tượng khác nhau cùng loại",
        "The two tables are about other subjects of the same kind",
        value,
    )


def _other_kind(evidence: Evidence) -> Reason:
    return evidence.reason(
        "other_kind",
        "Một bảng về tổ chức, bảng kia về cá nhân",
        "One table is about firms, the other about people",
        1.0,
    )
