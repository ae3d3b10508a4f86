"""Find things: in any spelling, exact marks first, only what the actor may know of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.pagekit.paging import Stretch, stretch
from lienthong.foundation.text import fold, nfc
from lienthong.foundation.text import words as words_of

from .full_text import named, newest
from .models import Entry

CANDIDATES = 500
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits: `total` is exact up to `CANDIDATES`; `unmarked_from` is where hits begin that match only without marks."""

    hits: list[Entry]
    total: int
    more_than_counted: bool
    unmarked_from: int | None
    facets: dict[str, Counter[str]] = field(default_factory=dict)


def entries_visible_to(actor: Actor) -> QuerySet[Entry]:
    """What the actor may find: public things, things of the actor's unit; things with keepers only as one of them."""
    visible = Q(is_public=True, keepers="|")
    if actor.unit_id:
        visible |= Q(units__contains=f"|{actor.unit_id}|", keepers="|")
    if actor.user_id:
        visible |= Q(keepers__contains=f"|{actor.user_id}|")
    return Entry.objects.filter(visible)


def search(
    text: str,
    *,
    actor: Actor,
    kinds: tuple[str, ...] = (),
    facets: dict[str, str] | None = None,
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """Find what holds all words of the text in any spelling; hits with the very marks typed come first, then the newest.

    Ranks at most the `CANDIDATES` hits entered last, so a broad word costs as much as a narrow one.
    """
    words = words_of(text)[:MOST_WORDS]
    found = newest(words, audience=audience_of(actor), kinds=kinds, most=CANDIDATES + 1)
    entries = entries_visible_to(actor).filter(pk__in=found)
    rows = list(
        entries.order_by("-updated_at", "-pk").values_list("pk", "exact", "names", "facets", "sort_key")
    )
    more = len(rows) > CANDIDATES
    rows = rows[:CANDIDATES]
    for name, value in (facets or {}).items():
        rows = [row for row in rows if value in _values(row[3].get(name))]
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        for name, value in row[3].items():
            counts.setdefault(name, Counter()).update(_values(value))
    typed = nfc(text).casefold().split()
    folded_title = " ".join(words)
    # Text typed without any mark says nothing about marks: then every hit is an exact one.
    marked = any(fold(word) != word for word in typed)

    def unmarked(row: tuple) -> bool:  # type: ignore[type-arg]
        return marked and not all(word in row[1] for word in typed)

    rows.sort(key=lambda row: (unmarked(row), folded_title not in row[2], row[4] if not words else ""))
    page = rows[offset : offset + limit]
    first_unmarked = next((i for i, row in enumerate(page) if unmarked(row)), None)
    by_pk = Entry.objects.in_bulk([row[0] for row in page])
    return Found(
        hits=[by_pk[row[0]] for row in page if row[0] in by_pk],
        total=len(rows),
        more_than_counted=more,
        unmarked_from=first_unmarked,
        facets=counts,
    )


def search_page(
    text: str,
    *,
    actor: Actor,
    after: str,
    size: int,
    query: Mapping[str, str],
    kinds: tuple[str, ...] = (),
    facets: dict[str, str] | None = None,
) -> tuple[Found, Stretch]:
    """As `search`, the page that an address asks for, with the pages beside it; one too far is the last."""

    def searched(part: Stretch) -> Found:
        return search(text, actor=actor, kinds=kinds, facets=facets, offset=part.rows.start, limit=size)

    asked = stretch(after, CANDIDATES, size)
    found = searched(asked)
    part = stretch(after, found.total, size, query)
    return (found if part.rows == asked.rows else searched(part)), part


def number_found(text: str, *, actor: Actor, kinds: tuple[str, ...] = ()) -> int:
    """How many things the actor would find, exact up to `CANDIDATES`."""
    found = newest(words_of(text)[:MOST_WORDS], audience=audience_of(actor), kinds=kinds, most=CANDIDATES + 1)
    return min(len(found), CANDIDATES)


def called(text: str, *, kind: str, most: int) -> list[str] | None:
    """The object ids of things of one kind whose title or code holds all words of the text; none at all if over `most`.

    Whoever may see them: for lists that ask for themselves what the actor may see, and never shown as it is.
    """
    words = words_of(text)[:MOST_WORDS]
    found = named(words, kind=kind, most=most + 1) if words else []
    if len(found) > most:
        return None
    return list(Entry.objects.filter(pk__in=found).values_list("object_id", flat=True))


def audience_of(actor: Actor) -> list[str]:
    """The words of the index that let the actor find a row."""
    words = ["pub"]
    if actor.unit_id:
        words.append(f"u{actor.unit_id}")
    if actor.user_id:
        words.append(f"p{actor.user_id}")
    return words


def _values(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
