"""What a regulation must say, when two contradict each other, when the gate opens: on plain values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lienthong.foundation.tracing import carries

# The clauses without which a regulation cannot be issued (REG-07), in the order of the form.
MANDATORY_CLAUSES = ("use_term", "log_retention_months", "authentication", "account_issuing", "conditions")

MET = "met"
FAILED = "failed"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Terms:
    """The mandatory clauses of one regulation; an empty text, None or zero months means: not stated."""

    use_term: str = ""
    log_retention_months: int | None = None
    authentication: str = ""
    account_issuing: str = ""
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class Covering:
    """One regulation as the consistency check sees it: which databases, when, under which terms."""

    identity: int
    databases: frozenset[int]
    terms: Terms
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two regulations that cover the same data with different terms: which databases and which clauses."""

    other: int
    databases: frozenset[int]
    clauses: tuple[str, ...]


@carries("REG-07")
def missing_clauses(terms: Terms) -> tuple[str, ...]:
    """The mandatory clauses that the regulation does not state."""
    return tuple(name for name in MANDATORY_CLAUSES if not _plain(getattr(terms, name)))


@carries("REG-02")
def conflicts_with(draft: Covering, others: Iterable[Covering]) -> tuple[Conflict, ...]:
    """The regulations that would hold at the same time, for the same database, under other terms.

    Terms differ when their words do, spaces, capitals and final points aside; a clause that one of the two
    leaves open does not contradict the other.
    """
    found = []
    for other in others:
        shared = draft.databases & other.databases
        if not shared or not periods_meet(draft, other):
            continue
        clauses = tuple(
            name
            for name in MANDATORY_CLAUSES
            if (mine := _plain(getattr(draft.terms, name)))
            and (theirs := _plain(getattr(other.terms, name)))
            and mine != theirs
        )
        if clauses:
            found.append(Conflict(other.identity, shared, clauses))
    return tuple(found)


def periods_meet(one: Covering, two: Covering) -> bool:
    """Whether there is a day on which both are in force; an open end never ends."""
    starts = max(one.effective_from or date.min, two.effective_from or date.min)
    ends = min(one.effective_to or date.max, two.effective_to or date.max)
    return starts <= ends


def in_force(effective_from: date | None, effective_to: date | None, on: date) -> bool:
    """Whether a published regulation holds on a date; its last day still counts."""
    return (
        effective_from is not None and effective_from <= on and (effective_to is None or on <= effective_to)
    )


@dataclass(frozen=True, slots=True)
class GateLine:
    """One requirement at the gate: what was looked at, what was found, how to put it right."""

    code: str
    requirement: str
    provision: str
    state: str
    text_vi: str
    text_en: str
    found_vi: str
    found_en: str
    hint_vi: str = ""
    hint_en: str = ""
    fix: str = ""
    """Where it is put right: an address in no language, and what is done there."""
    fix_vi: str = ""
    fix_en: str = ""
    mark: str = ""
    """How far the provision was checked; `agency` for a rule that the agency keeps by itself."""

    def text(self, locale: str = "vi") -> str:
        return self.text_vi if locale.startswith("vi") else self.text_en

    def found(self, locale: str = "vi") -> str:
        return self.found_vi if locale.startswith("vi") else self.found_en

    def hint(self, locale: str = "vi") -> str:
        return self.hint_vi if locale.startswith("vi") else self.hint_en

    def fix_label(self, locale: str = "vi") -> str:
        return self.fix_vi if locale.startswith("vi") else self.fix_en


@carries("REG-04")
def gate_opens(lines: Sequence[GateLine]) -> bool:
    """Every line must be met; what cannot be evaluated keeps it shut, and so does a gate without lines."""
    return bool(lines) and all(line.state == MET for line in lines)


def failures_first(lines: Iterable[GateLine]) -> list[GateLine]:
    """The lines in the order in which they are shown: what failed, what is unknown, what is met."""
    order = {FAILED: 0, UNKNOWN: 1, MET: 2}
    return sorted(lines, key=lambda line: order[line.state])


def _plain(value: object) -> str:
    text = "" if value is None or value == 0 else str(value)
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(".;, ")
