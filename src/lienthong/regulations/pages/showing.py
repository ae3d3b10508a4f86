"""A regulation as its pages say it: state, clauses, conflicts, steps, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.catalogue.models import Database
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.pagekit.figures import day_text, number_text
from lienthong.regulations.models import Regulation, RegulationState
from lienthong.regulations.rules import MANDATORY_CLAUSES

HISTORY_SHOWN = 50


def force_kind(regulation: Regulation, on: date | None = None) -> str:
    """How its standing looks, as a state of the page kit."""
    today = on or timezone.localdate()
    if regulation.in_force_on(today):
        return "met"
    if regulation.state in {RegulationState.EXPIRED, RegulationState.AMENDED}:
        return "stopped"
    if regulation.state == RegulationState.PUBLISHED:
        return "stopped" if regulation.effective_to and regulation.effective_to < today else "waiting"
    return "todo"


def force_text(regulation: Regulation, on: date | None = None) -> str:
    """Whether it holds, in words with its date."""
    today = on or timezone.localdate()
    start, end = regulation.effective_from, regulation.effective_to
    if regulation.is_public and end is not None and end < today:
        return _("No longer in force since %(day)s") % {
            "day": day_text(date.fromordinal(end.toordinal() + 1))
        }
    if regulation.in_force_on(today):
        if end is not None:
            return _("In force until %(day)s") % {"day": day_text(end)}
        return _("In force")
    if regulation.is_public and start is not None and start > today:
        return _("In force from %(day)s") % {"day": day_text(start)}
    return str(regulation.get_state_display())


@dataclass(frozen=True, slots=True)
class Clause:
    """One mandatory clause as a summary shows it; empty text: not stated."""

    name: str
    label: str
    text: str


def clauses(regulation: Regulation) -> list[Clause]:
    """The five mandatory clauses, in the order of the law."""
    found = []
    for name in MANDATORY_CLAUSES:
        label = clause_label(name)
        if name == "authentication":
            text = str(regulation.get_authentication_display()) if regulation.authentication else ""
        elif name == "log_retention_months":
            months = regulation.log_retention_months
            text = _("%(n)s months") % {"n": number_text(months)} if months else ""
        else:
            text = str(getattr(regulation, name))
        found.append(Clause(name, label, text))
    return found


def clause_label(name: str) -> str:
    """What a mandatory clause is called."""
    if name == "log_retention_months":
        return _("Sharing log is kept for")
    return str(Regulation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def conflict_lines(regulation: Regulation) -> list[dict[str, Any]]:
    """What the last consistency check found, in words."""
    kept = regulation.findings or []
    others = Regulation.objects.in_bulk([one["regulation"] for one in kept])
    databases = Database.objects.filter(
        pk__in=[pk for one in kept for pk in one["databases"]], is_secret=False
    ).in_bulk()
    return [
        {
            "other": others.get(one["regulation"]),
            "databases": [databases[pk].shown_name for pk in one["databases"] if pk in databases],
            "clauses": [clause_label(name) for name in one["clauses"]],
        }
        for one in kept
    ]


def steps(regulation: Regulation) -> list[dict[str, str]]:
    """The way from draft to public, as a line of stops."""
    order = (
        (RegulationState.DRAFT, _("Draft regulation")),
        (RegulationState.CONSISTENCY_CHECKED, _("Consistency")),
        (RegulationState.LEGAL_REVIEWED, _("Legal opinion")),
        (RegulationState.ISSUED, _("Issuance")),
        (RegulationState.PUBLISHED, _("Made public")),
    )
    states = [state for state, _label in order]
    # A state other than draft names what is done; the step after it comes next.
    done = states.index(regulation.state) + 1 if regulation.state in states[1:] else 0
    if regulation.state in {RegulationState.AMENDED, RegulationState.EXPIRED}:
        done = len(order)
    found = []
    for index, (_state, label) in enumerate(order):
        state = "done" if index < done else "current" if index == done else "todo"
        if state == "current" and regulation.findings:
            state = "blocked"
        found.append({"name": label, "state": state, "detail": "", "href": ""})
    return found


def history_lines(kind: str, identity: object) -> list[dict[str, Any]]:
    """What happened to a record, newest first, in the reader's language."""
    locale = get_language() or "vi"
    return [
        {
            "at": event.occurred_at,
            "actor": event.who,
            "text": f"{event.sentence(locale)}. {event.reason}" if event.reason else event.sentence(locale),
            "href": "",
        }
        for event in history_of(kind, identity)[:HISTORY_SHOWN]
    ]
