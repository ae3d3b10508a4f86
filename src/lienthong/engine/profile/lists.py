"""The administrative units before and since July 2025: their codes and names, as code lists to compare with."""

from __future__ import annotations

import itertools
import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from lienthong.engine.errors import DriverMissing

Level = Literal["first", "district", "commune"]
Era = Literal["before_2025", "since_2025"]

LEVEL_NAMES: dict[str, tuple[str, str]] = {
    "first": ("cấp tỉnh", "first-level units"),
    "district": ("cấp huyện", "districts"),
    "commune": ("cấp xã", "communes"),
}
ERA_NAMES: dict[str, tuple[str, str]] = {
    "before_2025": ("trước 01/7/2025", "before July 2025"),
    "since_2025": ("từ 01/7/2025", "since July 2025"),
}


@dataclass(frozen=True, slots=True)
class UnitList:
    """The units of one level and era: their codes, names as `name_key` makes them, and the code of the unit above each."""

    level: Level
    era: Era
    codes: frozenset[str]
    names: frozenset[str]
    above: dict[str, str]

    @property
    def width(self) -> int:
        """Digits of a code."""
        return {"first": 2, "district": 3, "commune": 5}[self.level]


@lru_cache(maxsize=1)
def unit_lists() -> tuple[UnitList, ...]:
    """The five lists: three levels before July 2025, two since."""
    old, new = _asked(
        "SELECT DISTINCT provinceCode, provinceKey, provinceShortKey, districtCode, districtKey, districtShortKey, "
        "wardCode, wardKey, wardShortKey FROM admin_units_legacy",
        "SELECT provinceCode, provinceKey, provinceShortKey, wardCode, wardKey, wardShortKey FROM admin_units",
    )
    return (
        _units("first", "before_2025", [(*row[:3], "") for row in old]),
        _units("district", "before_2025", [(*row[3:6], row[0]) for row in old]),
        _units("commune", "before_2025", [(*row[6:9], row[3]) for row in old]),
        _units("first", "since_2025", [(*row[:3], "") for row in new]),
        _units("commune", "since_2025", [(*row[3:6], row[0]) for row in new]),
    )


@lru_cache(maxsize=1)
def lowest_units() -> tuple[frozenset[str], frozenset[str]]:
    """The codes and the names of all communes, before July 2025 and since, without the rest of the lists."""
    rows = itertools.chain(
        *_asked(
            "SELECT wardCode, wardKey, wardShortKey FROM admin_units_legacy",
            "SELECT wardCode, wardKey, wardShortKey FROM admin_units",
        )
    )
    codes, long, short = zip(*rows, strict=True)
    return frozenset(filter(None, codes)), frozenset(filter(None, long + short))


def _asked(*statements: str) -> list[list[Any]]:
    # Found without importing it: the package compiles its parser of addresses when it is imported.
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise DriverMissing(package="vietnamadminunits")
    path = Path(spec.origin).parent / "data" / "dataset.db"
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        return [connection.execute(statement).fetchall() for statement in statements]
    finally:
        connection.close()


def _units(level: Level, era: Era, rows: list[tuple[str | None, str | None, str | None, str]]) -> UnitList:
    names = {name for _, long, short, _ in rows for name in (long, short) if name}
    above = {code: parent for code, _, _, parent in rows if code and parent}
    return UnitList(level, era, frozenset(row[0] for row in rows if row[0]), frozenset(names), above)


def name_key(plain: str) -> str:
    """A folded name as the lists hold it: letters and digits alone."""
    return "".join(letter for letter in plain if letter.isalnum())
