"""A flow as its pages say it: how it stands in one word and one sentence, its picture, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lienthong.authority.addresses import correction_address
from lienthong.authority.correction_access import corrections_visible_to
from lienthong.authority.flow_queries import glance_of
from lienthong.authority.flow_rules import CONVERSIONS
from lienthong.authority.models import FlowRun, Reconciliation, RunState, SyncFlow
from lienthong.catalogue.addresses import here
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.pagekit.figures import number_text

# Glance: badge of the page kit.
KINDS = {
    "draft": "todo",
    "in_step": "ok",
    "held": "waiting",
    "unproved": "waiting",
    "running": "running",
    "differs": "failed",
    "late": "late",
    "stopped": "blocked",
    "paused": "stopped",
    "ended": "ended",
}
RUN_KINDS = {
    RunState.RUNNING: "running",
    RunState.DONE: "done",
    RunState.GUARDED: "blocked",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "ended",
}


def word_of(glance: str) -> str:
    """How a flow stands, as its badge says it."""
    return {
        "draft": _("Being set up"),
        "in_step": _("In step"),
        "held": _("In step but for rows held back"),
        "unproved": _("Not reconciled yet"),
        "running": _("Synchronising"),
        "differs": _("Differs from its source"),
        "late": _("Late"),
        "stopped": _("Stopped, waits for a person"),
        "paused": _("Paused"),
        "ended": _("Ended"),
    }[glance]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a flow stands at a glance."""

    glance: str
    kind: str
    word: str


def standing_of(flow: SyncFlow, *, running: bool) -> Standing:
    glance = glance_of(flow, running=running)
    return Standing(glance, KINDS[glance], word_of(glance))


def said_of(flow: SyncFlow) -> str:
    """What is to be known of a flow, in one sentence."""
    if flow.halted_because and flow.state in {"stopped", "paused"}:
        return flow.halted_because
    if flow.last_good_at is None:
        return _("No run has finished yet.")
    at = date_format(localtime(flow.last_good_at), "H:i d/m/Y")
    if flow.in_step is False:
        return _("Last run at %(at)s; copy and source differ.") % {"at": at}
    return _("Last run at %(at)s.") % {"at": at}


def conversion_word(code: str) -> str:
    """A conversion in the reader's language."""
    words = CONVERSIONS.get(code, ("", ""))
    return words[0 if (get_language() or "vi").startswith("vi") else 1]


def mapping_rows(flow: SyncFlow) -> list[dict[str, Any]]:
    """The mapping as the page shows it: source column, what is done to it, target column."""
    return [
        one
        | {
            "word": conversion_word(one["conversion"]) if one["conversion"] else "",
            "key": one["target"] in flow.key,
        }
        for one in flow.mapping()
    ]


def run_row(run: FlowRun) -> dict[str, Any]:
    """One run as a list shows it."""
    return {
        "run": run,
        "kind": RUN_KINDS[RunState(run.state)],
        "url": reverse("authority-run", args=[run.flow.number, run.pk]),
        "said": run_said(run),
    }


def run_said(run: FlowRun) -> str:
    """What a run did, in one line."""
    locale = get_language() or "vi"
    if run.state == RunState.DONE:
        if not run.changed and not run.set_aside and not run.held:
            return _("Nothing had changed")
        parts = [
            _("%(n)s added") % {"n": number_text(run.inserted)} if run.inserted else "",
            _("%(n)s changed") % {"n": number_text(run.updated)} if run.updated else "",
            _("%(n)s deleted") % {"n": number_text(run.deleted)} if run.deleted else "",
            _("%(n)s set aside") % {"n": number_text(run.set_aside)} if run.set_aside else "",
            _("%(n)s held back") % {"n": number_text(run.held)} if run.held else "",
        ]
        return ", ".join(part for part in parts if part)
    return str(run.error.get("vi" if locale.startswith("vi") else "en", ""))


def why_of(run: FlowRun) -> dict[str, str]:
    """Why changes were noticed in this way, and why nothing is claimed, in the reader's language."""
    locale = "vi" if (get_language() or "vi").startswith("vi") else "en"
    return {
        "rung": str(run.why.get(locale, "")),
        "choice": str(run.why.get(f"choice_{locale}", "")),
        "unproved": str(run.why.get(f"unproved_{locale}", "")),
        "error": str(run.error.get(locale, "")),
        "hint": str(run.error.get(f"hint_{locale}", "")),
    }


def reconciliation_said(found: Reconciliation) -> str:
    """What a reconciliation found, in one sentence."""
    if found.is_equal:
        return _("Both sides are equal: %(n)s rows") % {"n": number_text(found.target_rows)}
    if not found.differing and found.held:
        return _("Both sides are equal but for %(n)s rows held back") % {"n": number_text(found.held)}
    if not found.differing:
        return _("The source was changing while it was compared")
    parts = [
        _("%(n)s missing from the copy") % {"n": number_text(found.missing)} if found.missing else "",
        _("%(n)s only in the copy") % {"n": number_text(found.extra)} if found.extra else "",
        _("%(n)s with different values") % {"n": number_text(found.changed)} if found.changed else "",
    ]
    return ngettext("%(n)s row differs: %(parts)s", "%(n)s rows differ: %(parts)s", found.differing) % {
        "n": number_text(found.differing),
        "parts": ", ".join(part for part in parts if part),
    }


def holding_corrections(actor: Actor, numbers: Iterable[str]) -> list[dict[str, str]]:
    """The corrections that hold rows back, each with its page for those who may open it."""
    listed = list(numbers)
    seen = set(corrections_visible_to(actor).filter(number__in=listed).values_list("number", flat=True))
    return [
        {"number": number, "url": here(correction_address(number)) if number in seen else ""}
        for number in listed
    ]


def kind_word(kind: str) -> str:
    """How a row differs."""
    return {
        "missing": _("Missing from the copy"),
        "extra": _("Only in the copy"),
        "changed": _("Different values"),
    }[kind]
