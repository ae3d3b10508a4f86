"""What a run of synchronisation is told and what it tells: plain frozen values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from lienthong.engine.errors import SourceAddressInvalid
from lienthong.engine.shapes import Finding
from lienthong.engine.sources.address import Address, parse_address, printable

SideKind = Literal["postgresql", "mysql", "sqlite", "oracle", "sqlserver", "path", "store", "feed"]

Rung = Literal["initial", "feed", "watermark", "xmin", "saved_hash", "digests", "full"]
"""How changes were noticed, the cheapest first after `initial`; `docs/how-to/keep-a-copy-in-step.md` explains each."""

RUNGS: tuple[str, ...] = get_args(Rung)

Deletes = Literal["auto", "feed", "tombstone", "keys", "none"]
"""By what rows are seen that are gone from the source; `none` leaves them in the target, and proves nothing."""

ConversionKind = Literal[
    "trim", "nfc", "upper", "lower", "digits", "pad", "date", "decimal", "text", "constant", "codes"
]

SHARE_OF_DELETES = 0.1
OVERLAP_SECONDS = 300
CHUNK_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Side:
    """One table, and where it is.

    `address` is a path or a URL as `engine.sources` takes it, `store:FOLDER#table[@version]` for a table of our store, or
    an `https://…` changes feed whose opener the caller hands in. `table` may stand in the address after `#`.
    `password` is asked for when the side is opened, so that no secret stands in a plan. `options` are for the opener.
    """

    address: str = field(repr=False)
    table: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    password: Callable[[], str | None] | None = field(default=None, repr=False, compare=False)

    @property
    def kind(self) -> SideKind:
        """What stands behind the address. Raises SourceAddressInvalid, SourceKindUnknown."""
        if self.address.startswith("store:"):
            return "store"
        if self.address.startswith(("https://", "http://")):
            return "feed"
        return self.named().kind

    def named(self) -> Address:
        """The address of a database, file or folder, taken apart, with its password."""
        secret = self.password() if self.password is not None else None
        return parse_address(self.address, secret)

    def store_table(self) -> tuple[Path, str, int | None]:
        """Folder, table and version (None: the newest) of a `store:` address."""
        place, _, tail = self.address.removeprefix("store:").partition("#")
        name, _, version = (self.table or tail).partition("@")
        if not version and tail.partition("@")[0] == name:
            # The table may be named twice, and the version with one of them only.
            version = tail.partition("@")[2]
        if not place or not name or (version and not version.isdigit()):
            raise SourceAddressInvalid(
                source="store:…",
                reason_vi="kho phiên bản viết là store:THƯ-MỤC#bảng hoặc store:THƯ-MỤC#bảng@số",
                reason_en="a versioned table is written store:FOLDER#table or store:FOLDER#table@number",
            )
        return Path(place), name, int(version) if version else None

    @property
    def display(self) -> str:
        """The side for people; holds no secret."""
        if self.address.startswith("store:"):
            shown = printable(self.address)
            return shown if "#" in shown or not self.table else f"{shown}#{printable(self.table)}"
        if self.address.startswith(("https://", "http://")):
            scheme, _, rest = self.address.partition("://")
            place = rest.partition("?")[0].partition("#")[0].rpartition("@")[2]
            return printable(f"{scheme}://{place}")
        shown = parse_address(self.address).display
        return f"{shown} {printable(self.table)}".rstrip()


@dataclass(frozen=True, slots=True)
class Conversion:
    """One step by which a value of the source becomes one of the target; `then` is the step after it.

    `trim`, `nfc`, `upper`, `lower`, `digits` (digits alone), `text` take nothing. `pad`: `length`, leading zeros.
    `date`: `order` of written days (`dmy`, `mdy`, `ymd`; `dmy` when not given). `decimal`: `scale`, half up. `constant`:
    `value`. `codes`: `table`, each old code with the codes that follow it, and `unknown` (`set_aside`, `keep`, `null`). A
    code that several codes follow is never guessed: the row is set aside.
    """

    kind: ConversionKind
    options: Mapping[str, Any] = field(default_factory=dict)
    then: Conversion | None = None

    def steps(self) -> tuple[Conversion, ...]:
        """This step and those after it."""
        return (self, *(self.then.steps() if self.then is not None else ()))


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A column of the target and the column of the source that fills it; `source` None only for a constant."""

    target: str
    source: str | None
    conversion: Conversion | None = None


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What is to follow what, and how.

    `key` names columns of the target that together name one row; each is mapped. Without `columns` every column of the
    source goes to the target's column of the same name. `rung` is one of `RUNGS` below `initial`, or `auto`: the cheapest
    that the source permits, or `contents`: both tables against each other whatever the source tells, by digests where both
    sides allow it. `watermark` is the source's column that grows with every change, `overlap_seconds` how far a
    run looks back behind the last one (of a watermark that is a number: so many units). `deletes` says by what removed
    rows are seen, `tombstone` the source's column that is filled (or true) once a row is removed. `guard_share` is the
    share of the target's rows that one run may delete, None for any. `on_bad_row` sets a row aside that cannot be kept, or
    stops. `create` makes the target table when there is none. `job` names this plan in the target: one state each.
    `held` names rows that this run is to leave as they are in the target, each by columns of the source and their values:
    they are neither written nor deleted, and come with the first run that no longer names them.
    """

    source: Side
    target: Side
    key: tuple[str, ...]
    columns: tuple[ColumnMap, ...] = ()
    rung: str = "auto"
    watermark: str | None = None
    overlap_seconds: float = OVERLAP_SECONDS
    deletes: Deletes = "auto"
    tombstone: str | None = None
    guard_share: float | None = SHARE_OF_DELETES
    chunk_rows: int = CHUNK_ROWS
    on_bad_row: Literal["set_aside", "stop"] = "set_aside"
    most_set_aside: int = 1000
    create: bool = False
    job: str = ""
    held: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that could not be kept: its key with most of it hidden, the stable code of the reason, and the column."""

    key: tuple[str | None, ...]
    reason: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class SyncRun:
    """What one run did. Counts are of rows; `read` is what came from the source; marks are for people and for the record.

    `held` counts the rows that were left as they are because the plan holds them back; they are not among `set_aside`.
    `proved` is True when the run itself saw that the copy is equal: it followed a complete log or compared the contents,
    removed rows were seen, and nothing was set aside or held back. Otherwise `unproved_vi`, `unproved_en` say why not; a reconciliation
    may still prove it. `rung_vi`, `rung_en` tell a person how changes were noticed, `choice_vi`,
    `choice_en` why in this way.
    """

    job: str
    rung: str
    read: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    set_aside: int = 0
    held: int = 0
    chunks: int = 0
    attempts: int = 1
    from_mark: str | None = None
    to_mark: str | None = None
    deletes: str = "none"
    proved: bool = False
    unproved_vi: str = ""
    unproved_en: str = ""
    rung_vi: str = ""
    rung_en: str = ""
    choice_vi: str = ""
    choice_en: str = ""
    began_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    aside: tuple[SetAside, ...] = ()
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The run in its published form."""
        return {
            "job": self.job,
            "rung": self.rung,
            "rung_text": {"vi": self.rung_vi, "en": self.rung_en},
            "rung_choice": {"vi": self.choice_vi, "en": self.choice_en},
            "read": self.read,
            "inserted": self.inserted,
            "updated": self.updated,
            "deleted": self.deleted,
            "set_aside": self.set_aside,
            "held": self.held,
            "chunks": self.chunks,
            "attempts": self.attempts,
            "from_mark": self.from_mark,
            "to_mark": self.to_mark,
            "deletes": self.deletes,
            "proved": self.proved,
            "unproved": {"vi": self.unproved_vi, "en": self.unproved_en},
            "began_at": self.began_at.isoformat() if self.began_at else None,
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "aside": [
                {"key": list(one.key), "reason": one.reason, "column": one.column} for one in self.aside
            ],
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where a job stands, as its target remembers: never begun, loading, or in step up to `mark`."""

    job: str
    phase: Literal["never", "loading", "following"]
    rung: str | None = None
    mark: str | None = None
    rows_loaded: int = 0
    set_aside: int = 0
    changed_at: dt.datetime | None = None
