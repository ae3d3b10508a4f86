"""The kinds of paper that the product writes, each named by the app that writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from lienthong.foundation.errors import NotFound

from .shapes import Paper


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper: its names, a made-up paper with every part, and the newest real one of an office."""

    code: str
    """As it stands on `Paper.kind`."""
    slug: str
    """As it stands in addresses."""
    vi: str
    en: str
    sample: Callable[[], Paper]
    latest: Callable[[Model], Paper | None]
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What may follow `du_lieu.` in a layout: what stands there in Vietnamese and in English."""


_KINDS: dict[str, PaperKind] = {}


def register(*kinds: PaperKind) -> None:
    """Name kinds of paper; an app does it when it is ready."""
    _KINDS.update({kind.code: kind for kind in kinds})


def paper_kinds() -> list[PaperKind]:
    """Every kind of paper, in the order in which the apps named them."""
    return list(_KINDS.values())


def kind_at(slug: str) -> PaperKind:
    """The kind of paper at an address. Raises `NotFound`."""
    for kind in _KINDS.values():
        if kind.slug == slug:
            return kind
    raise NotFound(what=f"loại giấy tờ “{slug[:60]}”", what_en=f"Kind of paper “{slug[:60]}”")
