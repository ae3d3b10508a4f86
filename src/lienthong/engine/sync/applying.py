"""One step into the target: rows that changed, rows that are gone and where the run stands, all in one transaction.

A row that the target refuses is found by halving the rows until it stands alone; it is set aside or stops the run, and
the step is still applied whole or not at all. Cost: one pass over the rows; each refused row costs as many passes over
ever smaller halves as the number of rows has binary digits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lienthong.engine.masks import partly_shown
from lienthong.engine.session import Connection, quoted
from lienthong.engine.sync.errors import GuardStopped, TargetRefused, TooManySetAside
from lienthong.engine.sync.shapes import SyncPlan
from lienthong.engine.sync.target import (
    GONE,
    HELD,
    KEPT,
    Aside,
    Counts,
    RowRefused,
    State,
    Target,
    keys_batch,
)

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 50_000
OURS = "_lienthong_"
"""What columns begin with that a step has beside those of the target."""
DELETE_REFUSED = "delete_"
"""Stands before the reason of a row set aside because the target would not let it be deleted."""


@dataclass(slots=True)
class Step:
    """What waits in the session to be applied: the table of captured rows, the keys that are still there, and how.

    `captured` holds the target's columns, `_lienthong_k0`… (the key at the source), `_lienthong_problem` and `_lienthong_gone`; `kept` the target's key.
    `alone` says that the target has none of the rows yet. `held` are the keys in the target that are held back, each with
    that of the source; `still_held` the rows remembered as such by earlier runs.
    """

    session: Connection
    captured: str
    key_columns: int
    kept: str | None = None
    alone: bool = False
    deletes_again: Sequence[tuple[str | None, ...]] = ()
    held: Mapping[tuple[str | None, ...], tuple[str | None, ...]] = field(default_factory=dict)
    still_held: Sequence[Aside] = ()


@dataclass(slots=True)
class Applied:
    """What one step did; rows that were held back are told apart from those that could not be kept."""

    counts: Counts = field(default_factory=Counts)
    aside: list[Aside] = field(default_factory=list)
    held: list[Aside] = field(default_factory=list)
    rows: int = 0


def apply_step(
    target: Target,
    plan: SyncPlan,
    step: Step,
    state: Callable[[Applied], State],
    *,
    settled: Sequence[str] | None,
    already_aside: int = 0,
    confirmed: int = 0,
) -> Applied:
    """Apply a step and remember the state it leads to. Raises GuardStopped, TargetRefused, TooManySetAside: nothing was done."""
    work = _Work(target, plan, step, already_aside)
    target.begin()
    try:
        done = work.all_of_it(confirmed)
        told = state(done)
        target.write_aside(told.job, [*step.still_held, *done.held, *done.aside], settled)
        target.write_state(told)
        target.commit()
    except BaseException:
        target.rollback()
        raise
    return done


class _Work:
    def __init__(self, target: Target, plan: SyncPlan, step: Step, already: int) -> None:
        self.target, self.plan, self.step, self.already = target, plan, step, already
        self.done = Applied()
        columns = _columns_of(step.session, step.captured)
        self.sent = [column for column in columns if not column.startswith(OURS)]
        self._place = "rowid"
        if any(column.casefold() == "rowid" for column in columns):
            # A column of that name hides where the session keeps a row.
            self._place, table = f"{OURS}place", quoted(step.captured)
            step.session.execute(
                f"CREATE OR REPLACE TABLE {table} AS SELECT *, row_number() OVER () - 1 AS {self._place} FROM {table}"
            )

    def all_of_it(self, confirmed: int) -> Applied:
        """Set aside what cannot be sent, send the rest, delete what is gone."""
        rows = int(self._told("SELECT count(*) FROM {t}")[0][0])
        self.done.rows = rows
        self._set_aside_problems()
        before = None
        gone = int(
            self._told("SELECT count(*) FROM {t} WHERE _lienthong_gone AND _lienthong_problem IS NULL")[0][0]
        )
        removing = bool(gone or self.step.kept is not None or self.step.deletes_again)
        if removing:
            before = self.target.count()
        if rows > gone:
            self._send(0, rows)
        if removing:
            self._remove(before or 0, confirmed)
        return self.done

    def _told(self, sql: str) -> list[tuple[Any, ...]]:
        return self.step.session.execute(sql.format(t=quoted(self.step.captured))).fetchall()

    def _set_aside_problems(self) -> None:
        keys = ", ".join(f"_lienthong_k{place}" for place in range(self.step.key_columns))
        allowed = self.plan.most_set_aside - self.already
        found = self._told(
            f"SELECT _lienthong_problem, {keys} FROM {{t}} WHERE _lienthong_problem <> '{HELD}' ORDER BY ALL LIMIT {max(0, allowed) + 1}"
        )
        for problem, *key in found:
            reason, _, column = str(problem).partition(":")
            self._note(Aside(tuple(key), reason, column or None))
        if self.step.held:
            held = self._told(f"SELECT {keys} FROM {{t}} WHERE _lienthong_problem = '{HELD}' ORDER BY ALL")
            self.done.held += [Aside(tuple(key), HELD) for key in held]

    def _note(self, row: Aside) -> None:
        """Set a row aside. Raises TargetRefused where the plan says to stop, TooManySetAside beyond its limit."""
        if self.plan.on_bad_row == "stop":
            raise TargetRefused(
                table=self.target.table,
                key=", ".join(str(partly_shown(part)) for part in row.key),
                reason=row.reason,
                column=row.column or "–",
            )
        self.done.aside.append(row)
        count = self.already + len(self.done.aside)
        if count > self.plan.most_set_aside:
            reasons = Counter(one.reason for one in self.done.aside)
            raise TooManySetAside(
                table=self.target.table,
                count=f"> {self.plan.most_set_aside}",
                limit=self.plan.most_set_aside,
                reason=reasons.most_common(1)[0][0],
            )

    def _send(self, low: int, high: int) -> None:
        refused: list[tuple[int, RowRefused]] = []
        self._halved(low, high, refused)
        # A row may have waited for another of the same step (a parent, a value given up): once more, until nothing moves.
        while refused:
            still: list[tuple[int, RowRefused]] = []
            for place, _ in refused:
                self._halved(place, place + 1, still)
            if len(still) == len(refused):
                break
            refused = still
        keys = ", ".join(f"_lienthong_k{place}" for place in range(self.step.key_columns))
        for place, error in refused:
            (key,) = self._told(f"SELECT {keys} FROM {{t}} WHERE {self._place} = {place}")
            self._note(Aside(tuple(key), error.reason, error.column))

    def _halved(self, low: int, high: int, refused: list[tuple[int, RowRefused]]) -> None:
        self.target.mark()
        try:
            self.target.stage(self._rows(low, high))
            counts = self.target.insert_staged() if self.step.alone else self.target.merge()
        except RowRefused as error:
            self.target.undo()
            places = self._told(
                f"SELECT count(*), min({self._place}) FROM {{t}} WHERE {self._sendable(low, high)}"
            )[0]
            if places[0] <= 1:
                if places[0]:
                    refused.append((int(places[1]), error))
                return
            middle = (low + high) // 2
            self._halved(low, middle, refused)
            if self.plan.on_bad_row == "stop" and refused:
                return
            self._halved(middle, high, refused)
            return
        self.target.keep()
        self.done.counts += counts

    def _rows(self, low: int, high: int) -> Iterator[pa.RecordBatch]:
        picked = ", ".join(f"{quoted(name)}" for name in self.sent)
        yield from self.step.session.execute(
            f"SELECT {picked} FROM {quoted(self.step.captured)} WHERE {self._sendable(low, high)}"
        ).to_arrow_reader(BATCH_ROWS)

    def _sendable(self, low: int, high: int) -> str:
        place = self._place
        return f"{place} >= {low} AND {place} < {high} AND _lienthong_problem IS NULL AND NOT _lienthong_gone"

    def _keys(self, table: str, where: str = "") -> Iterator[pa.RecordBatch]:
        picked = ", ".join(quoted(name) for name in self.plan.key)
        yield from self.step.session.execute(f"SELECT {picked} FROM {quoted(table)}{where}").to_arrow_reader(
            BATCH_ROWS
        )

    def _remove(self, before: int, confirmed: int) -> None:
        if self.step.kept is not None:
            self._stage_kept(self.step.kept)
            gone = self.target.gather_gone() - self._spare()
        else:
            self.target.stage_keys(GONE, self._gone_keys())
            self._spare()
            gone = self.target.count_gone()
        if not gone:
            return
        require_allowed(self.plan, self.target, gone, before, confirmed)
        self.target.mark()
        try:
            deleted = self.target.delete_gone()
            self.target.keep()
            self.done.counts += Counts(deleted=deleted)
        except RowRefused:
            self.target.undo()
            self._remove_singly()

    def _stage_kept(self, table: str) -> None:
        """Hand the keys that are to stay to the target, less those that it cannot hold and so has no rows of."""
        self.target.mark()
        try:
            self.target.stage_keys(KEPT, self._keys(table))
            self.target.keep()
        except RowRefused:
            self.target.undo()
            picked = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in self.plan.key)
            found = self.step.session.execute(f"SELECT {picked} FROM {quoted(table)}").fetchall()
            self.target.stage_keys(KEPT, [keys_batch(self.plan.key, self._holdable(found))])

    def _holdable(self, keys: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
        """Of these keys those that the target can hold, told by halves."""
        self.target.mark()
        try:
            self.target.stage_keys(KEPT, [keys_batch(self.plan.key, keys)])
        except RowRefused:
            self.target.undo()
            middle = len(keys) // 2
            return [*self._holdable(keys[:middle]), *self._holdable(keys[middle:])] if middle else []
        self.target.keep()
        return list(keys)

    def _spare(self) -> int:
        """Let stay what is held back; how many rows they are."""
        if not self.step.held:
            return 0
        spared = self.target.spare(GONE, [keys_batch(self.plan.key, list(self.step.held))])
        self.done.held += [Aside(self.step.held.get(key, key), HELD) for key in spared]
        return len(spared)

    def _gone_keys(self) -> Iterator[pa.RecordBatch]:
        yield from self._keys(self.step.captured, " WHERE _lienthong_gone AND _lienthong_problem IS NULL")
        if self.step.deletes_again:
            picked = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in self.plan.key)
            # What was gone may have come again since, and what was read now counts.
            read = set(self._told(f"SELECT {picked} FROM {{t}}"))
            again = [key for key in self.step.deletes_again if key not in read]
            yield keys_batch(self.plan.key, again)

    def _remove_singly(self) -> None:
        """Delete what can be deleted, by halves; what is still referred to stays, and is set aside."""
        waiting = [self.target.gone_keys()]
        refused: list[tuple[tuple[str | None, ...], RowRefused]] = []
        while waiting:
            keys = waiting.pop()
            if not keys:
                continue
            self.target.mark()
            try:
                self.target.stage_keys(GONE, [keys_batch(self.plan.key, keys)])
                deleted = self.target.delete_gone()
            except RowRefused as error:
                self.target.undo()
                if len(keys) == 1:
                    refused.append((keys[0], error))
                else:
                    waiting += [keys[: len(keys) // 2], keys[len(keys) // 2 :]]
                continue
            self.target.keep()
            self.done.counts += Counts(deleted=deleted)
        for key, why in refused:
            self._note(Aside(key, DELETE_REFUSED + why.reason, why.column))


def require_allowed(plan: SyncPlan, target: Target, gone: int, before: int, confirmed: int) -> None:
    """The guard: refuse to delete more than the plan's share of the rows there were, unless so many were confirmed."""
    allowed = plan.guard_share
    if allowed is not None and gone > allowed * before and gone > confirmed:
        raise GuardStopped(
            table=target.table,
            deletes=gone,
            rows=before,
            share=round(100 * gone / max(before, 1), 1),
            allowed=round(100 * allowed, 1),
        )


def _columns_of(session: Connection, table: str) -> list[str]:
    return [str(row[0]) for row in session.execute(f"DESCRIBE {quoted(table)}").fetchall()]
