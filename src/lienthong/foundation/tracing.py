"""Requirement tracing: which requirement a rule, command, gate line or test carries.

`@carries("FOC-01")` on code and the same mark on its test; `lienthong.law` knows every id, a test holds the two
together, and a page is generated from both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any] | type)

CARRIED: dict[str, set[str]] = {}


def carries(*requirement_ids: str) -> Callable[[T], T]:
    """Mark a function or class as the place where these requirements are carried out, or tested."""

    def mark(thing: T) -> T:
        place = f"{thing.__module__}.{thing.__qualname__}"
        for requirement_id in requirement_ids:
            CARRIED.setdefault(requirement_id, set()).add(place)
        thing.carries = (*getattr(thing, "carries", ()), *requirement_ids)  # type: ignore[union-attr]
        return thing

    return mark
