"""Names for an engine that does not tell upper from lower case."""

from __future__ import annotations

from collections.abc import Sequence


def unique_names(names: Sequence[str]) -> list[str]:
    """The names in their order, a number added to those that were taken before."""
    taken: set[str] = set()
    unique = []
    for name in names:
        candidate, number = name, 2
        while candidate.casefold() in taken:
            candidate, number = f"{name}_{number}", number + 1
        taken.add(candidate.casefold())
        unique.append(candidate)
    return unique


def backquoted(name: str) -> str:
    """The name as MySQL quotes it, and SQLite where nothing but a name is meant."""
    return "`" + name.replace("`", "``") + "`"
