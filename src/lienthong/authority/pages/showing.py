"""A case as its page says it: the finding in one sentence, the consequence, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.authority.models import CaseState, Outcome, OverlapCase, ProposedOutcome
from lienthong.authority.queries import ShownPair
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.pagekit.figures import percent_text

HISTORY_SHOWN = 50

# How each state looks; states of the page kit.
STATE_KINDS = {
    CaseState.DETECTED: "todo",
    CaseState.ASSIGNED: "todo",
    CaseState.ASSESSED: "todo",
    CaseState.EXCEPTION_ASKED: "waiting",
    CaseState.SYNC_PLANNED: "running",
    CaseState.SYNC_LIVE: "running",
    CaseState.STOPPING: "running",
    CaseState.CLOSED: "done",
}


def finding(case: OverlapCase, leading: ShownPair | None) -> str:
    """What was found, in one sentence."""
    locale = get_language() or "vi"
    if leading is None or leading.lower.share is None:
        return _("The two databases seem to hold the same data")
    same_owner = case.higher.owner_id == case.lower.owner_id
    return _("%(share)s of the values in %(column)s also occur at %(agency)s") % {
        "share": percent_text(leading.lower.share * 100, 1),
        "column": f"{leading.lower.table}.{leading.lower.column}",
        "agency": (case.higher if same_owner else case.higher.owner).display_name(locale),
    }


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from one outcome in catalogue, gate and report."""

    outcome: str
    label: str
    follows: tuple[str, ...]


def consequences(case: OverlapCase) -> list[Consequence]:
    """What each outcome would bring with it, shown before the decision is taken."""
    lower = case.lower.display_name(get_language() or "vi")
    said = {
        Outcome.MUST_SYNCHRONISE: (
            _("Catalogue: the entry of “%(name)s” names its source and how it follows.") % {"name": lower},
            _("Gate: this case no longer stands in the way of going live."),
            _(
                "Next: where a copy is kept, a flow keeps it in step; a run and a certificate of equality close the case."
            ),
        ),
        Outcome.STOP_COLLECTING: (
            _("Catalogue and gate: “%(name)s” waits until the duplicate collection has stopped.")
            % {"name": lower},
            _("Next: the managing unit records that it has stopped."),
        ),
        Outcome.NO_OVERLAP: (
            _("Gate: this case no longer stands in the way of going live."),
            _("The same columns open no further case."),
        ),
        Outcome.EXCEPTION: (
            _("The head of agency signs; until then declaration and going live wait."),
            _("On the review date the case opens again."),
        ),
    }
    return [
        Consequence(str(outcome), str(outcome.label), said[outcome])
        for outcome in Outcome
        if not (case.needs_authority and outcome in {Outcome.MUST_SYNCHRONISE, Outcome.STOP_COLLECTING})
    ]


def proposal_title(case: OverlapCase) -> str:
    """What the machine proposes, with the requirement it rests on."""
    return f"{ProposedOutcome(case.proposed_outcome).label} ({case.requirement})"


def proposal_reason(case: OverlapCase) -> str:
    """Why: the order of the two classes, in words."""
    locale = get_language() or "vi"
    facts = {
        "lower": case.lower.display_name(locale),
        "higher": case.higher.display_name(locale),
        "lower_tier": case.lower.get_tier_display(),
        "higher_tier": case.higher.get_tier_display(),
    }
    if case.authority_id is not None:
        return _("“%(higher)s” was named as the authority.") % facts
    if case.proposed_outcome == ProposedOutcome.ONE_STORE:
        return _("Both databases belong to one agency; the same data are kept in one system only.")
    if case.needs_authority:
        return (
            _("Both databases are of the class “%(higher_tier)s”; one of them must be named first.") % facts
        )
    return _("“%(higher)s” (%(higher_tier)s) stands above “%(lower)s” (%(lower_tier)s).") % facts


def history_lines(case: OverlapCase) -> list[dict[str, Any]]:
    """What happened to a case, newest first, in the reader's language."""
    locale = get_language() or "vi"
    events = history_of("authority.overlapcase", case.pk)[:HISTORY_SHOWN]
    return [
        {
            "at": event.occurred_at,
            "actor": event.who,
            "text": f"{event.sentence(locale)}. {event.reason}" if event.reason else event.sentence(locale),
            "href": "",
        }
        for event in events
    ]
