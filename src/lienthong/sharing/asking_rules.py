"""Decisions about forms that ask for what is held already: pure functions on plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.foundation.tracing import carries

from .asking_errors import (
    AnswerMissing,
    ExceptionUnknown,
    LawMissing,
    NothingAsked,
    SourceMissing,
    TooManyItems,
    WhyMissing,
)


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item that a form asks for."""

    name: str
    title: str = ""
    description: str = ""


# How an item may be held already, the strongest first: by the agency itself, offered by a live service, announced in an
# issued catalogue without a service yet.
HELD, OFFERED, ANNOUNCED = "held", "offered", "announced"
HELD_AS = (HELD, OFFERED, ANNOUNCED)
REQUIREMENT_OF = {HELD: "LTE-05", OFFERED: "OVL-06", ANNOUNCED: "D224-03"}

TAKE, EXCEPTION, OTHER_DATA = "take", "exception", "other_data"
BY_OTHER_LAW = "other_law"
MOST_ITEMS = 500
_PARTS = re.compile(r"\t|\s*[;|]\s*")


@carries("OVL-07")
def paper_forbidden(kinds: Iterable[str]) -> bool:
    """Whether no paper may be asked for an item: it can be had through a live connection."""
    return OFFERED in set(kinds)


@carries("OVL-06", "LTE-05")
def may_be_asked(kinds: Iterable[str], answer: str) -> bool | None:
    """Whether a form may ask for an item; None while the unit has not answered who holds it."""
    if not list(kinds):
        return True
    return {TAKE: False, EXCEPTION: True, OTHER_DATA: True}.get(answer)


@carries("OVL-06", "LTE-05", "D224-03")
def require_whole_answer(
    answer: str, *, source: bool, ground: str, grounds: Iterable[str], reason: str, legal_ground: str
) -> None:
    """An answer is whole: from which database it is taken; on which lawful exception and why; or why it is not the same."""
    if answer not in (TAKE, EXCEPTION, OTHER_DATA):
        raise AnswerMissing()
    if answer == TAKE and not source:
        raise SourceMissing()
    if answer == EXCEPTION and ground not in set(grounds):
        raise ExceptionUnknown()
    if answer != TAKE and not reason.strip():
        raise WhyMissing()
    if answer == EXCEPTION and ground == BY_OTHER_LAW and not legal_ground.strip():
        raise LawMissing()


def asked_in(text: str) -> list[FormItem]:
    """The items of a pasted list: one a line, as `name`, `name; title` or `name; title; description`; each once."""
    found: dict[str, FormItem] = {}
    for line in text.splitlines():
        parts = [
            " ".join(part.split()) for part in _PARTS.split(line.strip().lstrip("-*•").strip(), maxsplit=2)
        ]
        if parts and parts[0]:
            name, title, description = (*parts, "", "")[:3]
            found.setdefault(name.casefold(), FormItem(name[:250], title[:250], description[:2000]))
    return require_items(found.values())


def require_items(items: Iterable[FormItem]) -> list[FormItem]:
    """At least one item, and no more than one check looks through."""
    found = list(items)
    if not found:
        raise NothingAsked()
    if len(found) > MOST_ITEMS:
        raise TooManyItems(limit=MOST_ITEMS)
    return found
