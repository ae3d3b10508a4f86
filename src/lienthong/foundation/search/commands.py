"""Put things into the search, and take them out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from lienthong.foundation.text import nfc, sort_key, words

from .full_text import audience_words
from .models import Entry


def index(
    *,
    kind: str,
    object_id: object,
    title: str,
    url: str,
    summary: str = "",
    body: str = "",
    names: str = "",
    is_public: bool = False,
    units: Iterable[object] = (),
    keepers: Iterable[object] = (),
    facets: dict[str, Any] | None = None,
) -> Entry:
    """Make a thing findable for its audience, replacing what was there.

    `names`: what it is called besides its title, such as a code. `units`: ids of the units whose people may find it; `keepers`: ids of the only people who may, for secret material.
    """
    units, keepers = list(units), list(keepers)
    told = audience_words(kind, is_public=is_public, units=units, keepers=keepers)
    text = nfc(" ".join(part for part in (title, summary, body) if part))
    entry, _ = Entry.objects.update_or_create(
        kind=kind,
        object_id=str(object_id),
        defaults={
            "title": nfc(title)[:400],
            "summary": nfc(summary)[:600],
            "body": nfc(body),
            "url": url,
            # Words alone: PostgreSQL would take `h99.01` or an address for one word, and so not find its parts.
            "folded": " ".join(words(text)),
            "exact": text.casefold(),
            "names": " ".join(words(f"{title} {names}")),
            "audience": " ".join(told),
            "sort_key": sort_key(title)[:400],
            "facets": facets or {},
            "is_public": is_public,
            "units": _listed(units),
            "keepers": _listed(keepers),
            "updated_at": timezone.now(),
        },
    )
    return entry


def unindex(kind: str, object_id: object) -> None:
    """Take a thing out of the search."""
    Entry.objects.filter(kind=kind, object_id=str(object_id)).delete()


def _listed(ids: Iterable[object]) -> str:
    return "|" + "".join(f"{identity}|" for identity in ids)
