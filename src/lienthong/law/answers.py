"""What is answered when the law is asked: plain values that pages, rules and other apps may keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.foundation.pagekit.figures import day_text

from .rules import COUNTED_UNITS, FIXED_UNITS, Unit


def here(vi: str, en: str) -> str:
    """The text in the language of the reader."""
    return vi if (get_language() or "vi").startswith("vi") else en


@dataclass(frozen=True)
class Cited:
    """A provision as it is cited: reference and words in both languages."""

    ref: str
    citation_vi: str
    citation_en: str
    summary_vi: str
    summary_en: str
    mark: str
    instrument: str

    @property
    def citation(self) -> str:
        return here(self.citation_vi, self.citation_en)

    @property
    def summary(self) -> str:
        return here(self.summary_vi, self.summary_en)


class Standing(StrEnum):
    """How a provision stands on a day; a guidance may outlive the text that it was written for."""

    HOLDS = "holds"
    ENDED = "ended"
    NOT_YET = "not_yet"
    GUIDES_ENDED = "guides_ended"


@dataclass(frozen=True, slots=True)
class Ground:
    """A provision on which something rests on a day, and how it stands then.

    `kept`: where it has ended, what it asked for goes on as a rule of the agency.
    """

    cited: Cited
    standing: Standing
    since: date | None
    kept: bool

    @property
    def holds(self) -> bool:
        """Whether a paper of the day may rest on it."""
        return self.standing is Standing.HOLDS

    @property
    def goes_on(self) -> bool:
        """Whether it has ended and what it asked for goes on as a rule of the agency."""
        return self.kept and self.standing in (Standing.ENDED, Standing.GUIDES_ENDED)

    @property
    def ref(self) -> str:
        return self.cited.ref

    @property
    def summary(self) -> str:
        return self.cited.summary

    @property
    def citation(self) -> str:
        """As the reader's language cites it, saying so where it has ended or has not begun."""
        return f"{self.cited.citation} ({self.remark})" if self.remark else self.cited.citation

    @property
    def remark(self) -> str:
        """What is to be said of one that does not stand; empty where it does."""
        if self.standing is Standing.HOLDS:
            return ""
        since = {"day": day_text(self.since) if self.since else ""}
        if self.standing is Standing.NOT_YET:
            return _("not in force before %(day)s") % since
        if self.standing is Standing.ENDED:
            said = _("no longer in force since %(day)s") % since
        else:
            said = _("guides a text no longer in force since %(day)s") % since
        return _("%(said)s; kept as a rule of the agency") % {"said": said} if self.goes_on else said


@dataclass(frozen=True)
class StaleCitation:
    """A legal text that is cited in a writing and does not hold, or only in parts, on the day of the writing."""

    slug: str
    citation_vi: str
    citation_en: str
    status: str
    ended_on: date | None
    begins_on: date | None
    instead_vi: str
    instead_en: str

    @property
    def citation(self) -> str:
        return here(self.citation_vi, self.citation_en)

    @property
    def instead(self) -> str:
        """The text that stands in its place, where one is known."""
        return here(self.instead_vi, self.instead_en)


@dataclass(frozen=True)
class ParameterValue:
    """One parameter as it holds on a day: its value in its unit, where it is written, how far it was
    checked.
    """

    key: str
    value: int | date | bool | str | None
    unit: str
    mark: str
    rule_set: str
    label_vi: str
    label_en: str
    provision: Cited | None = None
    bound: str = ""
    ahead: bool = False
    anchor: str = ""
    source: tuple[str, ...] = ()
    note_vi: str = ""
    note_en: str = ""
    database_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    edited: bool = False
    parameter_id: int = 0

    @property
    def label(self) -> str:
        return here(self.label_vi, self.label_en)

    @property
    def note(self) -> str:
        return here(self.note_vi, self.note_en)

    @property
    def citation(self) -> str:
        """The provision in the reader's language; empty for a rule of the agency."""
        return self.provision.citation if self.provision else ""

    @property
    def is_term(self) -> bool:
        """Whether a clock can be started from it."""
        return Unit(self.unit) in COUNTED_UNITS or Unit(self.unit) in FIXED_UNITS

    @property
    def is_agency_rule(self) -> bool:
        return self.mark == "agency"


@dataclass(frozen=True)
class Word:
    """What one rule set calls a thing."""

    code: str
    vi: str
    en: str
    rule_set: str
    note_vi: str = ""
    note_en: str = ""

    @property
    def text(self) -> str:
        return here(self.vi, self.en)

    @property
    def note(self) -> str:
        return here(self.note_vi, self.note_en)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ChecklistItem:
    """One line of a checklist as it holds on a day."""

    requirement: str
    looks_at: str
    vi: str
    en: str
    hint_vi: str
    hint_en: str
    mark: str
    rule_set: str
    provision: Cited
    note_vi: str = ""
    note_en: str = ""

    @property
    def text(self) -> str:
        return here(self.vi, self.en)

    @property
    def hint(self) -> str:
        return here(self.hint_vi, self.hint_en)


@dataclass(frozen=True)
class Length:
    """How long a term is, as its rule says it."""

    value: int | date | bool | str | None
    unit: str
    mark: str


@dataclass(frozen=True)
class ClockView:
    """A running term as a page shows it: `remaining` is negative when late, in `unit`; `not_counted` are
    days of rest.
    """

    due_at: datetime
    due_on: date
    unit: str
    remaining: int
    stopped: datetime | None
    mark: str
    state: str
    value: int | date | bool | str | None
    term: Length
    bound: str
    not_counted: tuple[date, ...]
    anchor_at: datetime
    anchor_event: str
    rule_set: str
    key: str
    label_vi: str
    label_en: str
    outcome: str = ""
    in_time: bool | None = None
    calendar_known: bool = True
    sources: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        return here(self.label_vi, self.label_en)

    @property
    def is_agency_rule(self) -> bool:
        return self.mark == "agency"
