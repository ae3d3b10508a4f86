"""Which layout a paper is written in."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from lienthong.foundation.files.commands import path_of
from lienthong.foundation.holds.queries import subject_of

from .kinds import PaperKind
from .models import PaperTemplate
from .shapes import Paper


def layout_in_use(owner: Model, kind: str) -> PaperTemplate | None:
    """The office's own layout of a kind of paper; none where the product's is used."""
    return layouts_of(owner, kind).filter(withdrawn_at__isnull=True).first()


def layout_bytes(owner: Model, kind: str) -> bytes | None:
    """The content of the office's own layout; none where the product's is used."""
    found = layout_in_use(owner, kind)
    return content_of(found) if found is not None else None


def layouts_of(owner: Model, kind: str) -> QuerySet[PaperTemplate]:
    """Every layout that an office has had for a kind of paper, the newest first."""
    owner_kind, owner_id = subject_of(owner)
    found = PaperTemplate.objects.filter(kind=kind, owner_kind=owner_kind, owner_id=owner_id)
    return found.select_related("file").order_by("-placed_at", "-pk")


def content_of(layout: PaperTemplate) -> bytes:
    """The Word file of a layout."""
    return path_of(layout.file.sha256).read_bytes()


def specimens(owner: Model, kind: PaperKind) -> list[Paper]:
    """The papers in which a layout is tried: a made-up one with every part, and the office's newest real one."""
    real = kind.latest(owner)
    return [kind.sample(), *([real] if real is not None else [])]
