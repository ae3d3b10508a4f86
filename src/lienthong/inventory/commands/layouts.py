"""The agency's own Word layout of its inventory papers."""

from __future__ import annotations

from django.db import transaction

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.papers.commands import place_template, withdraw_template
from lienthong.foundation.papers.models import PaperTemplate

from ..access import may_plan, require
from ..events import LayoutPlaced, LayoutWithdrawn
from ..written_records import KIND, sample_paper


def place_layout(*, actor: Actor, agency: Agency, name: str, content: bytes) -> PaperTemplate:
    """Take a Word layout of the agency's own into use for records and reports; a faulty one is refused with its place.

    Publishes `LayoutPlaced`.
    """
    require(may_plan(actor, agency), "thay mẫu biên bản, báo cáo", "replace the layout of the papers")
    with transaction.atomic():
        placed = place_template(
            actor=actor, owner=agency, kind=KIND, name=name, content=content, sample=sample_paper()
        )
        publish(actor=actor, fact=LayoutPlaced(agency_id=agency.pk, file=placed.file.name))
    return placed


def withdraw_layout(*, actor: Actor, agency: Agency) -> None:
    """Go back to the product's own layout. Publishes `LayoutWithdrawn`."""
    require(may_plan(actor, agency), "thay mẫu biên bản, báo cáo", "replace the layout of the papers")
    with transaction.atomic():
        if withdraw_template(actor=actor, owner=agency, kind=KIND):
            publish(actor=actor, fact=LayoutWithdrawn(agency_id=agency.pk))
