"""What the comparison of databases speaks of: sketches go in, matches with their reasons come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from lienthong.engine.shapes import ColumnType

METHOD = "overlap-6"
"""The version of signals and weights, kept with every finding so that it can be replayed."""

PUBLISHED_BITS = 30
"""Leading bits of a hash that leave at least, more for sets of millions: two of 200,000 values in 5,000 pairs are alike in them."""

MOST_TOP = 8
"""Of how many values a profile says how frequent they are."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""What part of the values lies below each of the quantiles of a profile."""

Hashes = npt.NDArray[np.uint64]
TablePair = tuple[int, int]
"""The places of a table of the left database and of one of the right."""
Family = Literal["plain", "digits", "core", "day"]
FAMILIES: tuple[Family, ...] = get_args(Family)
MatchKind = Literal["overlap", "code_list"]
ValueKind = Literal["number", "date", "moment", "code", "text", "boolean", "opaque"]


@dataclass(frozen=True, slots=True)
class ValueSet:
    """Keyed hashes of the canonical values of a column, smallest first: all of them, or the first `k`."""

    hashes: Hashes
    distinct: int
    complete: bool
    bits: int = 64
    """How many leading bits of each hash are known; the others are zero."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """The profile of a column as far as matching needs it; shares are parts of one."""

    kind: ValueKind
    rows: int
    nulls: int
    distinct: int
    min_length: int = 0
    max_length: int = 0
    avg_length: float = 0.0
    masks: Mapping[str, float] = field(default_factory=dict)
    """Shape of values (digits as 9, runs of letters as a) -> share of the distinct values."""
    beginnings: Mapping[str, float] = field(default_factory=dict)
    """How long codes begin, by two or three of their signs -> share of the distinct values."""
    semantics: Mapping[str, float] = field(default_factory=dict)
    """Semantic type -> share of the distinct values that pass its rule."""
    lower: float | None = None
    upper: float | None = None
    middle: float | None = None
    quantiles: tuple[float, ...] = ()
    """Of numbers and days (since 1970): a tenth, a quarter, half, three quarters and nine tenths lie below."""
    births: tuple[float, ...] = ()
    """Of numbers of persons that tell when they were born: the quantiles of these days."""
    top: tuple[float, ...] = ()
    """Shares of the most frequent values among the filled rows, the largest first."""
    counter: bool = False
    """A running number: dense whole numbers, whose values mean nothing outside their table."""
    padded: bool = False
    """Codes of one width with leading zeros."""

    @property
    def filled(self) -> int:
        """Rows with a value."""
        return self.rows - self.nulls

    @property
    def repetition(self) -> float:
        """How often a value occurs on average."""
        return self.filled / self.distinct if self.distinct else 0.0

    @property
    def unique(self) -> bool:
        """True when (nearly) every row has a value of its own."""
        return self.distinct > 0 and self.distinct >= 0.98 * self.filled and self.nulls <= 0.02 * self.rows


@dataclass(frozen=True, slots=True)
class ColumnSketch:
    """One column as it may be compared: level 0 has names and types, 1 the facts too, 2 hashed values too."""

    name: str
    type: ColumnType
    title: str = ""
    description: str = ""
    is_key: bool = False
    facts: ColumnFacts | None = None
    values: Mapping[Family, ValueSet] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    """Common lists that (nearly) all values come from."""
    in_order: tuple[int, ...] = ()
    """Keyed hashes of the values in the order of the rows, 0 where there is none; of tables of a few rows, never in a file."""

    @property
    def level(self) -> int:
        """How much is disclosed."""
        return 2 if self.values else 1 if self.facts else 0


@dataclass(frozen=True, slots=True)
class TableSketch:
    """The columns of one table."""

    name: str
    columns: tuple[ColumnSketch, ...]
    rows: int | None = None
    title: str = ""
    persons: ValueSet | None = None
    """Keyed hashes of name and day of birth together, where each row is of a person; never in a file."""


@dataclass(frozen=True, slots=True)
class DatabaseSketch:
    """The tables of one database. `rank`: whose copy stands above (0 is the highest); None when not known.

    `profiled`: profiles were made, so that a column without one was of too few rows for it to leave.
    """

    name: str
    tables: tuple[TableSketch, ...]
    rank: int | None = None
    profiled: bool = False


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column by its database and table."""

    database: str
    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.database}.{self.table}.{self.column}"

    def as_json(self) -> dict[str, str]:
        """The reference in its published form."""
        return {"database": self.database, "table": self.table, "column": self.column}


@dataclass(frozen=True, slots=True)
class Share:
    """What part of one side's values the other has too, with its 95 % interval; parts of one."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """The share in its published form, rounded to four digits."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal: what it says to a person, its strength from 0 to 1, and how much of it counts.

    `weight * value` is what the signal adds to the score in log-odds (negative: speaks against).
    """

    code: str
    vi: str
    en: str
    weight: float
    value: float

    @property
    def adds(self) -> float:
        """Log-odds that this signal adds."""
        return self.weight * self.value

    def as_json(self) -> dict[str, Any]:
        """The reason in its published form."""
        return {
            "code": self.code,
            "vi": self.vi,
            "en": self.en,
            "weight": round(self.weight, 3),
            "value": round(self.value, 4),
        }


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Two columns of two databases that are held for the same thing, and why.

    `kind`: `overlap` (the same subjects are held) or `code_list` (both use one common list).
    `containment_left` is the share of the left values that the right has too. `level` is the level of
    evidence. `is_key`: both columns name the rows of their tables. `common` estimates how many values both
    have.
    """

    left: ColumnRef
    right: ColumnRef
    kind: MatchKind
    score: float
    level: int
    containment_left: Share | None = None
    containment_right: Share | None = None
    common: int | None = None
    is_key: bool = False
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The match in its published form."""
        shares = None
        if self.containment_left is not None and self.containment_right is not None:
            shares = {"left": self.containment_left.as_json(), "right": self.containment_right.as_json()}
        return {
            "left": self.left.as_json(),
            "right": self.right.as_json(),
            "kind": self.kind,
            "score": round(self.score, 4),
            "containment": shares,
            "common": self.common,
            "level": self.level,
            "is_key": self.is_key,
            "reasons": [reason.as_json() for reason in self.reasons],
            "against": [reason.as_json() for reason in self.against],
        }


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """What two tables have to do with each other.

    `kind`: `overlap`, `code_list` (only common lists in both) or `none`. `subjects` is the match that
    best shows which subjects are in both; its shares are those of the verdict.
    """

    left_table: str
    right_table: str
    kind: Literal["overlap", "code_list", "none"]
    score: float
    matches: int
    left_rows: int | None
    right_rows: int | None
    subjects: ColumnMatch | None = None

    def as_json(self) -> dict[str, Any]:
        """The verdict in its published form."""
        return {
            "left_table": self.left_table,
            "right_table": self.right_table,
            "kind": self.kind,
            "score": round(self.score, 4),
            "matches": self.matches,
            "left_rows": self.left_rows,
            "right_rows": self.right_rows,
            "subjects": None
            if self.subjects is None
            else {"left": self.subjects.left.column, "right": self.subjects.right.column},
        }


@dataclass(frozen=True, slots=True)
class DatabaseVerdict:
    """What two databases have to do with each other.

    `above` names the database whose copy stands above by rank; None when ranks are equal or not known.
    """

    left: str
    right: str
    overlaps: bool
    score: float
    above: str | None
    tables: tuple[TableVerdict, ...]

    def as_json(self) -> dict[str, Any]:
        """The verdict in its published form."""
        return {
            "left": self.left,
            "right": self.right,
            "overlaps": self.overlaps,
            "score": round(self.score, 4),
            "tables": [table.as_json() for table in self.tables],
        }


@dataclass(frozen=True, slots=True)
class Overlap:
    """All that was found between two databases: matches above the threshold, best first, and the verdict."""

    matches: tuple[ColumnMatch, ...]
    verdict: DatabaseVerdict
    method: str = METHOD
