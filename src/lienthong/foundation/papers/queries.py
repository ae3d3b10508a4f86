"""Which layout a paper is written in."""

from __future__ import annotations

from django.db.models import Model

from lienthong.foundation.files.commands import path_of
from lienthong.foundation.holds.queries import subject_of

from .models import PaperTemplate


def layout_in_use(owner: Model, kind: str) -> PaperTemplate | None:
    """The office's own layout of a kind of paper; none where the product's is used."""
    owner_kind, owner_id = subject_of(owner)
    found = PaperTemplate.objects.filter(
        kind=kind, owner_kind=owner_kind, owner_id=owner_id, withdrawn_at__isnull=True
    )
    return found.select_related("file").first()


def layout_bytes(owner: Model, kind: str) -> bytes | None:
    """The content of the office's own layout; none where the product's is used."""
    found = layout_in_use(owner, kind)
    return path_of(found.file.sha256).read_bytes() if found is not None else None
