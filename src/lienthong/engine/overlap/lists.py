"""Common code lists: known from the lists themselves, hashed under the same key as the columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from lienthong.engine.overlap.canonical import canonical_text, hashes_of
from lienthong.engine.overlap.names import in_table, opaque
from lienthong.engine.overlap.semantics import PASSED
from lienthong.engine.overlap.shapes import ColumnFacts, Family, Hashes, ValueSet
from lienthong.engine.profile.lists import lowest_units

_FROM_LIST = 0.95
_TOO_MANY = 1.2
_MANY_CODES, _LONG = 12, 1_000
_COMMUNE_WIDTH, _HALF = 5, 0.5
_NAMES_OF_UNITS = frozenset({"unit_3", "admin_unit", "unit_2"})


@dataclass(frozen=True, slots=True)
class CommonList:
    """A code list that many databases use. `concepts`: only columns whose name says one of these use it."""

    name: str
    vi: str
    en: str
    values: tuple[str, ...]
    concepts: tuple[str, ...] = ()
    width: int = 0
    """Digits of each code, with leading zeros."""

    @property
    def of_digits(self) -> bool:
        """True when its values are numbers."""
        return self.values[0].isdigit()

    @property
    def size(self) -> int:
        """How many values it has."""
        return len(self.values)


@lru_cache(maxsize=1)
def common_lists() -> Mapping[str, CommonList]:
    """The shipped lists, see `data/lists.json`."""
    text = files("lienthong.engine.overlap").joinpath("data/lists.json").read_text(encoding="utf-8")
    return {
        name: CommonList(
            name,
            entry["vi"],
            entry["en"],
            tuple(entry["values"]),
            tuple(entry.get("names_only", ())),
            int(entry.get("width", 0)),
        )
        for name, entry in json.loads(text)["lists"].items()
    }


def lists_of(
    column: str, table: str, facts: ColumnFacts, values: Mapping[Family, ValueSet], key: bytes
) -> tuple[str, ...]:
    """The common lists that nearly all values of a column come from."""
    plain = values["plain"]
    if not plain.complete or not plain.distinct or facts.kind in ("date", "moment"):
        return ()
    found = []
    named = set(in_table(column, table))
    for entry in (*common_lists().values(), *_unit_lists(column, facts, named)):
        wrong_name = entry.concepts and not set(entry.concepts) & named
        if entry.of_digits != (facts.semantics.get("digits", 0.0) >= _HALF):
            continue
        if plain.distinct > _TOO_MANY * entry.size or (wrong_name and not _told_by_width(entry, facts)):
            continue
        if _share_of(entry, values, key) >= _FROM_LIST:
            found.append(entry.name)
    return tuple(found)


def _told_by_width(entry: CommonList, facts: ColumnFacts) -> bool:
    """Codes of one width with leading zeros, so many of them that chance would not keep them within the list."""
    return (
        entry.width > 0 and facts.padded and facts.max_length == entry.width and facts.distinct >= _MANY_CODES
    )


def _share_of(entry: CommonList, values: Mapping[Family, ValueSet], key: bytes) -> float:
    members, bare = _hashed_list(entry, key)
    share = 0.0
    forms: tuple[tuple[Family, Hashes], ...] = (("plain", members), ("core", members), ("digits", bare))
    for family, known in forms:
        hashes = values[family].hashes if family in values else None
        if hashes is not None and len(hashes) and len(known):
            at = np.searchsorted(known, hashes).clip(max=len(known) - 1)
            share = max(share, float((known[at] == hashes).mean()))
    return share


def _unit_lists(column: str, facts: ColumnFacts, named: set[str]) -> Iterable[CommonList]:
    """The lists of communes, where a column looks like using them; they are long, so others never meet them."""
    says_so = bool(named & _NAMES_OF_UNITS)
    if facts.semantics.get("digits", 0.0) >= PASSED:
        whole = facts.padded and facts.max_length == _COMMUNE_WIDTH
        # Of so many numbers under a name that says nothing, chance would not keep nearly all within the list.
        unnamed = opaque(column) and facts.distinct >= _MANY_CODES and not facts.counter
        if facts.max_length <= _COMMUNE_WIDTH and (says_so or whole or unnamed):
            yield _communes()[0]
    elif facts.kind == "text" and (says_so or facts.semantics.get("unit_name", 0.0) >= _HALF):
        yield _communes()[1]


@lru_cache(maxsize=1)
def _communes() -> tuple[CommonList, CommonList]:
    codes, names = lowest_units()
    return (
        CommonList(
            "commune_code", "mã xã, phường", "codes of communes", tuple(sorted(codes)), width=_COMMUNE_WIDTH
        ),
        CommonList("commune_name", "tên xã, phường", "names of communes", tuple(sorted(names))),
    )


def listed(name: str) -> CommonList:
    """The list of this name; one without values where a sketch names a list that is not shipped."""
    known = {**common_lists(), **{entry.name: entry for entry in _communes()}}
    return known.get(name, CommonList(name, name, name, ()))


@lru_cache(maxsize=256)
def _hashed_list(entry: CommonList, key: bytes) -> tuple[Hashes, Hashes]:
    # Long lists come as letters and digits alone.
    plain = set(entry.values) if entry.size > _LONG else {canonical_text(value) for value in entry.values}
    bare = {value.lstrip("0") or "0" for value in plain if value.isdigit()}
    return _array(plain, key), _array(bare, key)


def _array(values: set[str], key: bytes) -> Hashes:
    return np.sort(np.frombuffer(hashes_of(values, key), dtype=">u8").astype(np.uint64))
