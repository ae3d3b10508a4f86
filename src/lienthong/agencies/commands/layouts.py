"""An agency's own Word layout of a kind of paper."""

from __future__ import annotations

from django.db import transaction

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.papers.commands import place_template, withdraw_template
from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.models import PaperTemplate

from ..access import may_lay_out
from ..events import LayoutPlaced, LayoutWithdrawn
from ..models import Agency


def place_layout(
    *, actor: Actor, agency: Agency, kind: PaperKind, name: str, content: bytes
) -> PaperTemplate:
    """Take an agency's own Word layout into use for a kind of paper; a faulty one is refused with its place.

    Publishes `LayoutPlaced`. Raises as `check_template`.
    """
    _require(actor, agency)
    with transaction.atomic():
        placed = place_template(actor=actor, owner=agency, kind=kind, name=name, content=content)
        fact = LayoutPlaced(
            agency_id=agency.pk, kind=kind.code, paper=kind.vi, paper_en=kind.en, file=placed.file.name
        )
        publish(actor=actor, fact=fact)
    return placed


def withdraw_layout(*, actor: Actor, agency: Agency, kind: PaperKind) -> None:
    """Go back to the product's own layout. Publishes `LayoutWithdrawn` where another was in use."""
    _require(actor, agency)
    with transaction.atomic():
        if withdraw_template(actor=actor, owner=agency, kind=kind):
            fact = LayoutWithdrawn(agency_id=agency.pk, kind=kind.code, paper=kind.vi, paper_en=kind.en)
            publish(actor=actor, fact=fact)


def _require(actor: Actor, agency: Agency) -> None:
    if not may_lay_out(actor, agency):
        raise NotAllowed(
            act="thay mẫu giấy tờ của cơ quan", act_en="replace the layout of the agency's papers"
        )
