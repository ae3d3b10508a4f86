"""Common code lists: known from the lists themselves, hashed under the same key as the columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from lienthong.engine.overlap.canonical import canonical_text, hashed
from lienthong.engine.overlap.names import in_table
from lienthong.engine.overlap.shapes import Family, Hashes, ValueSet

_FROM_LIST = 0.95
_TOO_MANY = 1.2


@dataclass(frozen=True, slots=True)
class CommonList:
    """A code list that many databases use. `concepts`: only columns whose name says one of these use it."""

    name: str
    vi: str
    en: str
    values: tuple[str, ...]
    concepts: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def common_lists() -> Mapping[str, CommonList]:
    """The shipped lists, see `data/lists.json`."""
    text = files("lienthong.engine.overlap").joinpath("data/lists.json").read_text(encoding="utf-8")
    return {
        name: CommonList(
            name, entry["vi"], entry["en"], tuple(entry["values"]), tuple(entry.get("names_only", ()))
        )
        for name, entry in json.loads(text)["lists"].items()
    }


def lists_of(column: str, table: str, values: Mapping[Family, ValueSet], key: bytes) -> tuple[str, ...]:
    """The common lists that nearly all values of a column come from."""
    plain = values["plain"]
    if not plain.complete or not plain.distinct:
        return ()
    found = []
    for entry, members, bare in _hashed_lists(key):
        if plain.distinct > _TOO_MANY * len(entry.values) or (
            entry.concepts and not set(entry.concepts) & set(in_table(column, table))
        ):
            continue
        share = float(np.isin(plain.hashes, members).mean())
        digits = values.get("digits")
        if digits is not None and len(digits.hashes):
            share = max(share, float(np.isin(digits.hashes, bare).mean()))
        if share >= _FROM_LIST:
            found.append(entry.name)
    return tuple(found)


@lru_cache(maxsize=8)
def _hashed_lists(key: bytes) -> list[tuple[CommonList, Hashes, Hashes]]:
    hashed_lists = []
    for entry in common_lists().values():
        plain = {canonical_text(value) for value in entry.values}
        bare = {value.lstrip("0") or "0" for value in plain if value.isdigit()}
        hashed_lists.append((entry, _array(plain, key), _array(bare, key)))
    return hashed_lists


def _array(values: set[str], key: bytes) -> Hashes:
    return np.sort(np.array([hashed(value, key) for value in values], dtype=np.uint64))
