"""Evaluate the rules of quality of one column: what to count for it, and what the counts come to.

Counts are taken in the same read as the measures, over distinct values and their rows (`portable.grouped`), so a rule
costs what testing the distinct values costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lienthong.engine.portable import CONDITIONS, placeholder_sql, rows_where
from lienthong.engine.profile.cues import Cue, cues_of, found_in, kinds, spoken
from lienthong.engine.profile.rules import RULES, grouped_digits, percent
from lienthong.engine.shapes import Checked, Column, Finding, Place, SemanticType

_DIGITS_OF = {
    "citizen_number": (12,), "old_identity_number": (9,), "social_insurance": (10,), "tax_code": (10, 13, 12),
}  # fmt: skip
_IDENTIFIERS = frozenset({"citizen_number", "old_identity_number", "tax_code", "social_insurance", "health_insurance",
                          "passport", "plate", "email"})  # fmt: skip
_MEASURED_AMOUNTS = (
    "so luong",
    "so nguoi",
    "dien tich",
    "quantity",
    "count",
    "so ho",
    "dan so",
    "population",
    "area",
)
_PAST = (
    "sinh", "birth", "dob", "cap", "issue", "tao", "created", "sua", "updated", "cap nhat", "ky", "nhap", "mat", "chet",
    "death", "thanh lap", "dang ky", "nop", "nhan", "tiep nhan", "bat dau", "vao",
)  # fmt: skip
_FUTURE = ("het han", "han", "expiry", "expire", "valid until", "ket thuc", "den ngay", "end", "du kien", "ke hoach",
           "due", "plan", "hieu luc", "deadline", "to", "hen", "tra")  # fmt: skip
_CUT_LENGTHS = frozenset({20, 25, 30, 32, 40, 45, 50, 60, 64, 80, 100, 120, 128, 150, 200, 250, 254, 255, 256, 300, 400, 500,
                          512, 1000, 1024, 2000, 2048, 4000, 4096, 8000})  # fmt: skip
_NEARLY = 0.98
LONGEST_LOOKED_AT = 50
"""So many of the longest texts show whether texts were cut off."""


OF_ODD_TEXTS = ("text_untrimmed", "control_character", "markup_left", "mojibake", "decomposed_text")
"""The rules that only a text breaks in which `portable.looked_over` saw something odd."""
NOT_OF_DIGITS = (*OF_ODD_TEXTS, "no", "text_empty")
"""The counts to which no text of digits alone adds."""


@dataclass(slots=True)
class Subject:
    """A column as the rules see it: what is known before all its rows are read."""

    column: Column
    table: str
    read_as: str
    semantic: SemanticType
    is_key: bool = False
    mandatory: bool = False
    quantiles: Sequence[Any] = ()
    today: date = field(default_factory=date.today)

    @property
    def cue(self) -> Mapping[str, Cue]:
        """What its name says."""
        return cues_of(self.column.name, self.column.comment or "")

    @property
    def place(self) -> Place:
        """Where its findings are."""
        return Place(self.table, self.column.name)


@dataclass(frozen=True, slots=True)
class Counter:
    """One count of rows that break a rule: the condition on a value `v` under which it is broken."""

    rule: str
    condition: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """How many rows break the rule, over `v` and `n`."""
        return rows_where(self.condition)


def counters_for(subject: Subject) -> list[Counter]:
    """The counts that this column needs beside its measures."""
    made: list[Counter] = []

    def count(rule: str, condition: str, **facts: Any) -> None:
        made.append(Counter(rule, condition, facts))

    kind = subject.read_as
    nothing = "nothing" if kind == "text" else placeholder_sql(kind, "duckdb", "v")  # type: ignore[arg-type]
    if nothing is not None:
        count("value_placeholder", nothing)
    if kind == "text":
        count("no", CONDITIONS["no"].sql("duckdb", "v"))
        count("text_empty", CONDITIONS["empty"].sql("duckdb", "v"))
        _text_counters(subject, count)
    elif kind in ("integer", "decimal", "double"):
        _number_counters(subject, count)
    elif kind in ("date", "timestamp"):
        _date_counters(subject, count)
    return made


def _text_counters(subject: Subject, count: Callable[..., None]) -> None:
    name = subject.semantic.name
    for rule in OF_ODD_TEXTS:
        if rule == "mojibake" and name == "url":
            continue
        count(rule, f"CASE WHEN odd THEN {CONDITIONS[rule].sql('duckdb', 'v')} ELSE false END")
    said = "v IS NOT NULL AND NOT nothing"
    if name is None:
        count("number_like", CONDITIONS["number_like"].sql("duckdb", "v"))
    form = CONDITIONS.get(f"form_{name}")
    if name in ("email", "phone"):
        count(f"{name}_invalid", f"{said} AND NOT {CONDITIONS[f'form_{name}'].sql('duckdb', 'v')}")
    elif name == "date":
        count("date_impossible", f"{said} AND {CONDITIONS['no_day'].sql('duckdb', 'v')}")
    elif form is not None:
        lost = _lost(subject, said, count)
        kind = kinds().get(name or "")
        facts = {"form_vi": kind.vi, "form_en": kind.en} if kind else {}
        count("identifier_form", f"{said} AND NOT {form.sql('duckdb', 'v')}{lost}", **facts)
    if name == "tax_code":
        digits = CONDITIONS["digits"].sql("duckdb", "v")
        count("check_digit", f"{said} AND {CONDITIONS['wrong_check_digit'].sql('duckdb', digits)}")


def _lost(subject: Subject, said: str, count: Callable[..., None]) -> str:
    """Count what has lost its leading zero; it is then no second defect of form."""
    widths = {"citizen_number": (12, 10), "tax_code": (10, 9), "social_insurance": (10, 9), "phone": (10, 9)}
    width = widths.get(subject.semantic.name or "")
    if width is None:
        return ""
    text = "v" if subject.read_as == "text" else "CAST(v AS VARCHAR)"
    short = (
        f"CASE WHEN strlen({text}) BETWEEN {width[1]} AND {width[0] - 1} "
        f"THEN regexp_full_match({text}, '[1-9][0-9]+') ELSE false END"
    )
    if subject.semantic.name == "citizen_number" and "9" in (subject.semantic.detail or ""):
        return ""
    count("leading_zero_lost", f"{said} AND {short}")
    return f" AND NOT {short}"


def _number_counters(subject: Subject, count: Callable[..., None]) -> None:
    name, cues = subject.semantic.name, subject.cue
    said = spoken(subject.column.name)
    if name in ("citizen_number", "tax_code", "social_insurance", "phone") and subject.read_as == "integer":
        _lost(subject, "v IS NOT NULL", count)
        if name == "tax_code":
            padded = "lpad(CAST(v AS VARCHAR), greatest(10, length(CAST(v AS VARCHAR))), '0')"
            count("check_digit", f"v IS NOT NULL AND {CONDITIONS['wrong_check_digit'].sql('duckdb', padded)}")
        return
    if name == "year":
        count("year_out_of_range", f"v < 1900 OR v > {subject.today.year + 5}")
    elif name == "coordinate":
        low, high = _bounds(said, subject.quantiles)
        count("coordinate_out_of_range", f"v < {low} OR v > {high}")
    elif name == "money" or cues["money"].strength == 2 or found_in(said, _MEASURED_AMOUNTS):
        count("negative_amount", "v < 0")
    if name in (None, "money") and len(subject.quantiles) == 5:
        low, _, _, _, high = subject.quantiles
        if isinstance(low, int | float) and isinstance(high, int | float) and high > low:
            spread = high - low
            # Beside a bound of more places than their own, decimals would be widened for every comparison.
            value = "CAST(v AS DOUBLE)" if subject.read_as == "decimal" else "v"
            count("outlier", f"{value} > {high + 20 * spread!r} OR {value} < {low - 20 * spread!r}")


def _bounds(said: str, quantiles: Sequence[Any]) -> tuple[float, float]:
    """Viet Nam with its seas: latitude 6 to 24, longitude 101 to 118."""
    middle = quantiles[2] if len(quantiles) == 5 else None
    is_latitude = found_in(said, ("vi do", "lat", "latitude", "vido", "tinh lat"))
    is_longitude = found_in(said, ("kinh do", "lon", "lng", "long", "longitude", "kinhdo"))
    if is_latitude or (not is_longitude and isinstance(middle, int | float) and abs(middle) < 60):
        return 6.0, 24.0
    return 101.0, 118.0


def _date_counters(subject: Subject, count: Callable[..., None]) -> None:
    said = spoken(subject.column.name) + spoken(subject.column.comment or "")
    tomorrow = subject.today + timedelta(days=1)
    meant = f"NOT {placeholder_sql('date', 'duckdb', 'v')}"
    if found_in(said, _PAST) and not found_in(said, _FUTURE):
        count("date_in_future", f"CASE WHEN v > DATE '{tomorrow}' THEN {meant} ELSE false END")
    count("date_too_old", f"CASE WHEN v < DATE '1900-01-01' THEN {meant} ELSE false END")


def judged(
    subject: Subject, counters: Sequence[Counter], found: Mapping[str, Any], rows: int, distinct: int
) -> tuple[list[Checked], list[Finding], int]:
    """The rules that were evaluated for a column, the findings of the broken ones, and its placeholder values."""
    filled = int(found["filled"])
    nulls = rows - filled
    facts = {counter.rule: counter.facts for counter in counters}
    counted = {counter.rule: int(found.get(counter.rule) or 0) for counter in counters}
    noes = counted.pop("no", 0)
    placeholders = counted.pop("value_placeholder", 0)
    if noes and not _answers_yes(distinct):
        placeholders += noes
    tested: dict[str, tuple[int, int]] = {}
    if rows:
        tested["value_missing"] = (rows, nulls)
        if nulls == rows:
            return _checks(subject, {"value_missing": (rows, nulls), "column_empty": (rows, rows)}, facts)
    if filled:
        tested["value_placeholder"] = (filled, max(0, placeholders - counted.get("text_empty", 0)))
    numbers = counted.pop("number_like", 0)
    empty = counted.get("text_empty", 0)
    meant = filled - placeholders
    if meant > 0 and "number_like" in facts:
        tested["mixed_types"] = (meant, meant - numbers if 0.8 <= numbers / meant < 1 else 0)
    for rule, failed in counted.items():
        tested[rule] = (filled if rule in ("text_empty",) else max(filled - empty, failed), failed)
    if subject.is_key or subject.mandatory:
        tested["mandatory_missing"] = (rows, nulls + placeholders)
    if subject.is_key:
        tested["key_repeated"] = (filled, filled - distinct)
    elif filled > 1 and _names_rows(subject):
        tested["nearly_unique"] = (
            filled,
            filled - distinct if _should_be_unique(subject, filled, distinct) else 0,
        )
    tested["column_constant"] = (filled, filled if distinct == 1 and filled > 9 else 0)
    tested["column_empty"] = (rows, 0)
    if subject.semantic.name == "date" and subject.read_as == "text":
        tested["date_as_text"] = (filled, filled)
    _cut_off(found, tested, facts)
    checks, findings, _ = _checks(subject, tested, facts)
    return checks, findings, placeholders


def _cut_off(
    found: Mapping[str, Any], tested: dict[str, tuple[int, int]], facts: dict[str, Mapping[str, Any]]
) -> None:
    """Texts that were cut pile up at one length, where others grow fewer towards their longest."""
    if "longest" not in found:
        return
    tested["text_truncated"] = (int(found["filled"]), 0)
    if not may_be_cut(found):
        return
    lengths, longest = list(found.get("longest") or ()), found["max_length"]
    cut, before = lengths.count(longest), lengths.count(longest - 1)
    if cut >= 5 and cut >= 4 * before and (longest >= 50 or cut == LONGEST_LOOKED_AT):
        tested["text_truncated"] = (int(found["filled"]), cut)
        facts["text_truncated"] = {"length": longest}


def may_be_cut(found: Mapping[str, Any]) -> bool:
    """Whether the longest text of a column is as long as programs let texts be, and others are shorter."""
    return found["max_length"] in _CUT_LENGTHS and found["min_length"] != found["max_length"]


def _answers_yes(distinct: int) -> bool:
    """A column of a few values in which `không` stands answers a question."""
    return distinct <= 4


def _names_rows(subject: Subject) -> bool:
    """Whether the values of a column may name its rows."""
    return subject.semantic.name in _IDENTIFIERS or (
        subject.read_as in ("text", "integer") and subject.column.ordinal == 1
    )


def _should_be_unique(subject: Subject, filled: int, distinct: int) -> bool:
    share = distinct / filled
    if not _NEARLY <= share < 1:
        return False
    return subject.semantic.name in _IDENTIFIERS or share >= 0.99


def _checks(
    subject: Subject, tested: Mapping[str, tuple[int, int]], facts: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Checked], list[Finding], int]:
    checks = [Checked(rule, of, failed) for rule, (of, failed) in tested.items() if of]
    findings = [
        finding(check, subject.place, facts.get(check.code, {})) for check in checks if check.failed > 0
    ]
    return checks, findings, 0


def finding(check: Checked, place: Place, facts: Mapping[str, Any] | None = None) -> Finding:
    """The finding of a broken rule, with its counts and its text in both languages."""
    rule = RULES[check.code]
    share = check.failed / check.tested if check.tested else 0.0
    evidence: dict[str, Any] = {"count": check.failed, "tested": check.tested, "share": round(share, 6)}
    for key, locale in (("text", "vi"), ("text_en", "en")):
        told = {"count": grouped_digits(check.failed, locale), "tested": grouped_digits(check.tested, locale)}
        evidence[key] = rule.text({**told, **(facts or {}), "percent": percent(share, locale)}, locale)
    extra = {key: value for key, value in (facts or {}).items() if not key.endswith(("_vi", "_en"))}
    severity = rule.severity
    if check.code == "value_missing" and share < 0.05:
        severity = "info"
    return Finding(check.code, place, {**extra, **evidence}, severity)
