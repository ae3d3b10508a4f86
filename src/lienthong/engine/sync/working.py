"""What one run has in its hands: both sides open, the plan made whole, what it tells while it works, and its tally."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.session import ShouldStop, quoted
from lienthong.engine.shapes import Finding
from lienthong.engine.sync.applying import DELETE_REFUSED, Applied, Step, apply_step
from lienthong.engine.sync.converting import Codes, select_list
from lienthong.engine.sync.errors import SyncStopped
from lienthong.engine.sync.holding import held_in_target, mark_held, released, still_held
from lienthong.engine.sync.reading import KeyText, Part, Reader
from lienthong.engine.sync.shapes import ColumnMap, SyncPlan
from lienthong.engine.sync.target import HELD, Aside, Counts, State, Target, TargetColumn

OnProgress = Callable[[int, int, str], None]
"""Told the rows done, the rows expected (0: not known) and the step: `reading`, `applying`, `comparing`, `indexing`."""

CAPTURED = "sync_captured"
KEYS = "sync_keys"


@dataclass(slots=True)
class Tally:
    """What the run did so far, over all its attempts."""

    rung: str = "initial"
    choice: tuple[str, str] = ("", "")
    """Why this rung, in Vietnamese and English."""
    deletes: str = "none"
    read: int = 0
    counts: Counts = field(default_factory=Counts)
    chunks: int = 0
    from_mark: str | None = None
    to_mark: str | None = None
    compared: bool = False
    """Whether the contents themselves were compared, or a complete log was followed."""
    altered: bool = False
    """Whether triggers of the target may make other rows of those that are written."""
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Work:
    """One attempt of a run."""

    plan: SyncPlan
    job: str
    reader: Reader
    target: Target
    columns: tuple[ColumnMap, ...]
    takes: dict[str, TargetColumn]
    tally: Tally
    fingerprint: str
    confirmed: int = 0
    on_progress: OnProgress | None = None
    should_stop: ShouldStop | None = None
    aside: tuple[Aside, ...] = ()
    codes: Codes | None = None
    held: frozenset[KeyText] = frozenset()
    """The keys at the source of the rows that are held back."""

    @property
    def source_key(self) -> tuple[str, ...]:
        """The columns of the source behind the key."""
        sources = {column.target: column.source for column in self.columns}
        return tuple(str(sources[name]) for name in self.plan.key)

    def used(self) -> list[str]:
        """The columns of the source that a run reads, in the source's order."""
        beside = {self.plan.watermark, self.plan.tombstone}
        wanted = {column.source for column in self.columns} | beside
        return [column.name for column in self.reader.columns if column.name in wanted]

    def codes_here(self) -> Codes:
        """The tables of codes in the session."""
        self.codes = self.codes or Codes(self.reader.session)
        return self.codes

    def unkept(self) -> int:
        """How many rows wait because they could not be kept."""
        return sum(row.reason != HELD for row in self.aside)

    def tell(self, done: int, total: int, step: str) -> None:
        """Say how far the run is, and stop if that is wanted. Raises SyncStopped."""
        if self.should_stop is not None and self.should_stop():
            raise SyncStopped(job=self.job, chunks=self.tally.chunks)
        if self.on_progress is not None:
            self.on_progress(done, total, step)

    def capture(self, part: Part) -> int:
        """Capture a part of the source's rows, converted, beside what is wrong with each; how many they are."""
        self.reader.capture(CAPTURED, self.projection(), part, self.should_stop, self.used())
        return self.settle_captured()

    def projection(self) -> str:
        """SQL (DuckDB): the columns of a captured row, its key at the source, and whether it is gone there."""
        texts = self.reader.texts()
        listed = select_list(
            self.columns, self.takes, texts, self.codes_here(), self.target.kind, self.plan.key
        )
        keys = ", ".join(
            f"{texts[name][0]} AS _lienthong_k{place}" for place, name in enumerate(self.source_key)
        )
        gone = "false"
        if self.plan.tombstone is not None:
            value = texts[self.plan.tombstone][0]
            gone = f"coalesce(lower(trim({value})) NOT IN ('', '0', 'f', 'false', 'n', 'no'), false)"
        extra = ""
        if self.plan.watermark is not None:
            extra = f", {texts[self.plan.watermark][0]} AS _lienthong_watermark"
        return f"{listed}, {keys}, {gone} AS _lienthong_gone{extra}"

    def settle_captured(self) -> int:
        """Mark captured rows that share a key, since nobody can say which of them counts; how many rows there are."""
        session, table = self.reader.session, quoted(CAPTURED)
        keys = ", ".join(quoted(name) for name in self.plan.key)
        known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in self.plan.key)
        # Of a row that is gone nothing counts but its key.
        session.execute(
            f"UPDATE {table} SET _lienthong_problem = NULL WHERE _lienthong_gone AND _lienthong_problem IS NOT NULL AND {known}"
        )
        mark_held(self, CAPTURED)
        rows, distinct = session.execute(
            f"SELECT count(*), count(DISTINCT ({keys})) FROM {table} WHERE _lienthong_problem IS NULL"
        ).fetchall()[0]
        if rows != distinct:
            session.execute(
                f"UPDATE {table} SET _lienthong_problem = 'key_repeated' WHERE _lienthong_problem IS NULL AND ({keys}) IN "
                f"(SELECT ({keys}) FROM {table} WHERE _lienthong_problem IS NULL GROUP BY {keys} HAVING count(*) > 1)"
            )
        return int(session.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def capture_keys(self) -> None:
        """Capture the keys of all rows of the source, converted."""
        keyed = [column for column in self.columns if column.target in self.plan.key]
        listed = select_list(
            keyed, self.takes, self.reader.texts(), self.codes_here(), self.target.kind, self.plan.key
        )
        picked = listed.rpartition(", CASE")[0] if ", CASE" in listed else listed.rpartition(", CAST")[0]
        only = [*self.source_key]
        self.reader.capture(KEYS, picked, Part(self.source_key), self.should_stop, only)
        # A row without a key can have no copy that is to be kept.
        empty = " OR ".join(f"{quoted(name)} IS NULL" for name in self.plan.key)
        self.reader.session.execute(f"DELETE FROM {quoted(KEYS)} WHERE {empty}")

    def state(self, **fields: Any) -> State:
        """The state that the run is about to leave behind."""
        seen = [
            [column.name, column.type, column.native_type or ""]
            for column in self.reader.columns
            if column.name in set(self.used())
        ]
        common = {"fingerprint": self.fingerprint, "source_columns": seen}
        return State(self.job, common | fields, dt.datetime.now(dt.UTC))

    def apply(
        self,
        state: Callable[[Applied], State],
        *,
        kept: str | None = None,
        alone: bool = False,
        settled: Sequence[str] | None = None,
        already_aside: int = 0,
        deletes_again: Sequence[KeyText] = (),
    ) -> Applied:
        """Apply what was captured as one step, and count it."""
        step = Step(
            self.reader.session, CAPTURED, len(self.source_key), kept, alone, deletes_again,
            held_in_target(self), still_held(self) if settled is None else (),
        )  # fmt: skip
        done = apply_step(
            self.target, self.plan, step, state, settled=settled, already_aside=already_aside,
            confirmed=self.confirmed,
        )  # fmt: skip
        self.tally.read += done.rows
        self.tally.counts += done.counts
        self.tally.chunks += 1
        return done


def deletes_by(work: Work) -> str:
    """By what this run sees removed rows, where its rung does not tell by itself."""
    if work.plan.deletes != "auto":
        return work.plan.deletes
    return "tombstone" if work.plan.tombstone is not None else "keys"


def waiting(work: Work) -> tuple[tuple[KeyText, ...], list[KeyText]]:
    """Of the rows set aside: the keys to read again, and those to delete again; none of what is still held back."""
    refused = [row for row in work.aside if row.reason != HELD]
    again = [row.key for row in refused if not row.reason.startswith(DELETE_REFUSED)]
    deletes = [row.key for row in refused if row.reason.startswith(DELETE_REFUSED)]
    return tuple(dict.fromkeys([*again, *released(work)])), deletes
