"""Rules that need a second look at a column's distinct values: spellings of one value, and lists of codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lienthong.engine.profile.checking import Subject, finding
from lienthong.engine.profile.forms import folded
from lienthong.engine.profile.lists import ERA_NAMES, LEVEL_NAMES, name_key, unit_lists
from lienthong.engine.session import Connection
from lienthong.engine.shapes import Checked, ColumnProfile, Finding

_SPELLED = 50_000
_NO_WORDS = frozenset({"citizen_number", "old_identity_number", "tax_code", "social_insurance", "health_insurance", "phone",
                       "plate", "passport", "email", "url", "date", "year", "coordinate", "administrative_code"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list that the values of a column are to come from, and how people call it."""

    vi: str
    en: str
    values: Collection[str]


def second_look(
    connection: Connection,
    relation: str,
    sql: str,
    subject: Subject,
    profile: ColumnProfile,
    given: CodeList | None = None,
) -> list[tuple[Checked, Finding | None]]:
    """The rules that were evaluated for this column, each with its finding when it is broken."""
    made: list[tuple[Checked, Finding | None]] = []

    def note(rule: str, tested: int, failed: int, facts: Mapping[str, Any]) -> None:
        check = Checked(rule, tested, failed)
        made.append((check, finding(check, subject.place, facts) if failed else None))

    filled = profile.rows - profile.nulls
    if not filled or profile.distinct > _SPELLED:
        return made
    words = subject.read_as == "text" and subject.semantic.name not in _NO_WORDS
    if words and profile.distinct < 0.9 * filled:
        spelled = "lower(nfc_normalize(regexp_replace(trim(v), '\\s+', ' ', 'g')))"
        found = connection.execute(
            f"SELECT coalesce(sum(n - most), 0) FROM (SELECT sum(n) AS n, max(n) AS most FROM (SELECT {sql} AS v, count(*) AS n "
            f"FROM {relation} WHERE {sql} IS NOT NULL GROUP BY ALL) GROUP BY {spelled} HAVING count(*) > 1)"
        ).fetchall()
        note("spelling_variant", filled, int(found[0][0]), {})
    listed = given or _units_of(subject)
    if listed is not None:
        values = connection.execute(
            f"SELECT CAST({sql} AS VARCHAR), count(*) FROM {relation} WHERE {sql} IS NOT NULL GROUP BY ALL"
        ).fetchall()
        test = _test(subject, listed)
        failed = sum(int(count) for value, count in values if not test(str(value)))
        note("code_unknown", filled, failed, {"list_vi": listed.vi, "list_en": listed.en})
    return made


def _units_of(subject: Subject) -> CodeList | None:
    name, detail = subject.semantic.name, subject.semantic.detail
    if name not in ("administrative_code", "administrative_name") or not detail:
        return None
    level, _, era = detail.partition(" ")
    for units in unit_lists():
        if (units.level, units.era) == (level, era):
            vi = f"đơn vị hành chính {LEVEL_NAMES[level][0]} {ERA_NAMES[era][0]}"
            en = f"{LEVEL_NAMES[level][1]} {ERA_NAMES[era][1]}"
            return CodeList(vi, en, units.codes if name == "administrative_code" else units.names)
    return None


def _test(subject: Subject, listed: CodeList) -> Any:
    values = listed.values if isinstance(listed.values, set | frozenset) else frozenset(listed.values)
    if subject.semantic.name == "administrative_name" and listed.values and not listed.vi.startswith("="):
        return lambda value: name_key(folded(value)) in values or value in values
    width = max((len(value) for value in values), default=0)
    if subject.read_as == "text":
        return lambda value: value.strip() in values
    return lambda value: value in values or value.zfill(width) in values
