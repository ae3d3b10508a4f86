"""Place a layout, go back to the product's own."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.files.commands import store_file
from lienthong.foundation.holds.queries import subject_of

from .kinds import PaperKind
from .layouts import check_template
from .models import PaperTemplate
from .queries import specimens

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST = 5_000_000


def place_template(
    *, actor: Actor, owner: Model, kind: PaperKind, name: str, content: bytes
) -> PaperTemplate:
    """Take a layout into use for one kind of paper of an office, in place of the one before.

    It is filled with a made-up paper and with the office's newest real one; a fault refuses it with its place, and the one
    before stays. Who may is decided by the caller. Raises as `check_template`.
    """
    check_template(content, name=name, samples=specimens(owner, kind), facts=kind.facts)
    owner_kind, owner_id = subject_of(owner)
    with transaction.atomic():
        kept = store_file(
            actor=actor,
            name=name,
            chunks=[content],
            media_type=WORD,
            subject=owner,
            label=f"layout:{kind.code}",
            limit=LARGEST,
        )
        withdraw_template(actor=actor, owner=owner, kind=kind)
        return PaperTemplate.objects.create(
            kind=kind.code,
            owner_kind=owner_kind,
            owner_id=owner_id,
            file=kept,
            placed_by=actor.user_id or actor.origin,
        )


def withdraw_template(*, actor: Actor, owner: Model, kind: PaperKind) -> int:
    """Go back to the product's own layout; returns how many were in use. The earlier ones are kept."""
    owner_kind, owner_id = subject_of(owner)
    live = PaperTemplate.objects.filter(
        kind=kind.code, owner_kind=owner_kind, owner_id=owner_id, withdrawn_at__isnull=True
    )
    return live.update(withdrawn_at=timezone.now())
