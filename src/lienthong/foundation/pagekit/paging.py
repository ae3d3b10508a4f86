"""Which rows of a long list stand on the page that an address asks for, and where the pages beside it are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.http import urlencode


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows of one page: `rows` to take of the list, the numbers of the first and last for people, the addresses beside;
    for a list inside a form, where the pages beside begin, empty where there is none.
    """

    rows: slice
    total: int
    first: int
    last: int
    previous_url: str
    next_url: str
    previous_place: str
    next_place: str


def stretch(
    given: str, total: int, size: int, query: Mapping[str, str] | None = None, *, anchor: str = ""
) -> Stretch:
    """The page of `size` rows that begins behind so many (`?sau=`); what is no number begins, what is too much ends the list.

    `query` is what the addresses of the pages keep, `anchor` the place of the page to which they lead.
    """
    after = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    place = max(0, min(after, (total - 1) // size * size))

    previous = str(max(0, place - size)) if place else ""
    following = str(place + size) if place + size < total else ""

    def address(behind: str) -> str:
        place_in = f"#{anchor}" if anchor else ""
        return f"?{urlencode({**(query or {}), 'sau': behind})}{place_in}" if behind else ""

    return Stretch(
        rows=slice(place, place + size),
        total=total,
        first=place + 1,
        last=min(place + size, total),
        previous_url=address(previous),
        next_url=address(following),
        previous_place=previous,
        next_place=following,
    )
