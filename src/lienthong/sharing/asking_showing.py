"""A check of a form as pages, papers and programs say it: each item with its holders, the verdict in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lienthong.law.queries import citations_for

from . import asking_rules as rules
from .asking import Found, Hit, grounds, hits_shown, known_databases
from .models import AskAgainCheck, AskedItem

KINDS = {rules.HELD: "due", rules.OFFERED: "late", rules.ANNOUNCED: "due", "": "done"}


def kind_words(kind: str) -> str:
    """How an item is held, in the reader's language."""
    return {
        rules.HELD: _("Held by the agency itself"),
        rules.OFFERED: _("Shared by a live service"),
        rules.ANNOUNCED: _("Announced in an issued catalogue"),
    }.get(kind, _("Nobody is known to hold it"))


def verdict_words(allowed: bool | None, *, paper: bool) -> str:
    """Whether an item may be asked for, in the reader's language."""
    if allowed is None:
        return (
            _("Not permitted before it is answered")
            if not paper
            else _("Paper is not permitted; to be answered")
        )
    if allowed:
        return _("May be asked for")
    return _("Not permitted, on paper neither") if paper else _("Not permitted: taken from where it is held")


@dataclass(frozen=True)
class ShownItem:
    """One item of a check with what may be shown of its holders."""

    item: AskedItem
    hits: list[Hit]
    ground: str = ""

    @property
    def kind(self) -> str:
        return self.hits[0].kind if self.hits else ""

    @property
    def state(self) -> str:
        if not self.hits:
            return "done"
        if self.item.answer:
            return "decided"
        return KINDS[self.kind] if any(hit.is_sure for hit in self.hits) else "due"

    @property
    def kind_text(self) -> str:
        return kind_words(self.kind)

    @property
    def may_be_asked(self) -> bool | None:
        return rules.may_be_asked((hit.kind for hit in self.hits), self.item.answer)

    @property
    def paper_forbidden(self) -> bool:
        return rules.paper_forbidden(hit.kind for hit in self.hits if hit.is_sure) and not self.may_be_asked

    @property
    def verdict(self) -> str:
        if self.may_be_asked is None and not any(hit.is_sure for hit in self.hits):
            return _("May be held already; to be looked at")
        return verdict_words(self.may_be_asked, paper=self.paper_forbidden)

    @property
    def source(self) -> Hit | None:
        """From where the unit takes it, as far as that may be shown."""
        return next((hit for hit in self.hits if hit.database == self.item.source), None)


def items_shown(check: AskAgainCheck) -> list[ShownItem]:
    """The items of a check in their order."""
    items = list(check.items.select_related("answered_by"))
    known = known_databases(hit for item in items for hit in item.hits)
    words = {one.looks_at: one.text for one in grounds()}
    return [
        ShownItem(item, hits_shown(item.hits, known), words.get(item.ground, item.ground)) for item in items
    ]


def found_shown(found: Sequence[Found]) -> list[ShownItem]:
    """What was found of items that no check keeps."""
    return [
        ShownItem(
            AskedItem(
                place=place, name=one.asked.name, title=one.asked.title, description=one.asked.description
            ),
            list(one.hits),
        )
        for place, one in enumerate(found, start=1)
    ]


def basis() -> list[str]:
    """The provisions on which such a check rests today, as they are cited."""
    return citations_for("OVL-06", "OVL-07", "LTE-05", "D224-03", "LDL-04")
