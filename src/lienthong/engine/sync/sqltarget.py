"""What targets have in common: the statements, in words that each database spells its own way."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from lienthong.engine.sync.target import (
    ASIDE,
    GONE,
    KEPT,
    SAVED,
    STAGE,
    STATE,
    Aside,
    Batches,
    Counts,
    State,
    Target,
)


class SqlTarget(Target):
    """A target that is told what to do in SQL. `self.sent` are the columns of the rows it takes, `self.key` its key."""

    sent: tuple[str, ...] = ()
    key: tuple[str, ...] = ()

    @abstractmethod
    def _do(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Carry out a statement; how many rows it touched. Raises our errors."""

    @abstractmethod
    def _ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement. Raises our errors."""

    @abstractmethod
    def _quoted(self, name: str) -> str:
        """A name as the database quotes it."""

    @abstractmethod
    def _own_name(self) -> str:
        """The table as the database calls it."""

    @abstractmethod
    def _beside(self, name: str) -> str:
        """A table of ours (STATE, ASIDE) or a temporary one, as the database calls it."""

    @abstractmethod
    def _same_key(self, left: str, right: str) -> str:
        """That two rows have one key, exactly: SQL."""

    @abstractmethod
    def _differs(self, column: str, left: str, right: str) -> str:
        """That two values of a column are not the same, nulls compared: SQL."""

    @abstractmethod
    def _update(self, values: Sequence[str], differs: str) -> str:
        """The statement that changes rows of the table to the staged ones where they differ."""

    _placeholder = "%s"
    _as_text = "CAST({c} AS CHAR)"

    def _values(self) -> list[str]:
        return [name for name in self.sent if name not in self.key]

    def _listed(self, names: Sequence[str], alias: str = "") -> str:
        dot = f"{alias}." if alias else ""
        return ", ".join(f"{dot}{self._quoted(name)}" for name in names)

    def merge(self) -> Counts:
        updated = 0
        values = self._values()
        if values:
            differs = " OR ".join(self._differs(name, "t", "s") for name in values)
            updated = self._do(self._update(values, differs))
        inserted = self._do(
            f"{self._insert()} SELECT {self._listed(self.sent, 's')} FROM {self._beside(STAGE)} s "
            f"{self._without(self._own_name(), 't', 's')}"
        )
        return Counts(inserted, updated)

    def insert_staged(self) -> Counts:
        return Counts(
            self._do(f"{self._insert()} SELECT {self._listed(self.sent)} FROM {self._beside(STAGE)}")
        )

    def _insert(self) -> str:
        return f"INSERT INTO {self._own_name()} ({self._listed(self.sent)})"

    def gather_gone(self) -> int:
        self._do(f"DELETE FROM {self._beside(GONE)}")
        return self._do(
            f"INSERT INTO {self._beside(GONE)} SELECT {self._listed(self.key, 't')} FROM {self._own_name()} t "
            f"{self._without(self._beside(KEPT), 'k', 't')}"
        )

    def _without(self, table: str, name: str, other: str) -> str:
        # Not by NOT EXISTS: MariaDB remembers its answer for a key under the collation, where `b` is `B`.
        first = self._quoted(self.key[0])
        return f"LEFT JOIN {table} {name} ON {self._same_key(name, other)} WHERE {name}.{first} IS NULL"

    def spare(self, name: str, batches: Batches) -> list[tuple[str | None, ...]]:
        # The keys that are there were asked for before, and are no more.
        self.stage_keys(KEPT, batches)
        shown = ", ".join(self._as_text.format(c=f"k.{self._quoted(one)}") for one in self.key)
        found = self._ask(
            f"SELECT DISTINCT {shown} FROM {self._beside(KEPT)} k JOIN {self._beside(name)} g "
            f"ON {self._same_key('g', 'k')}"
        )
        if found:
            self._do(self._delete_kept(self._beside(name)))
        return [tuple(row) for row in found]

    def _delete_kept(self, table: str) -> str:
        """The statement that deletes the rows of a temporary table whose keys are among KEPT."""
        kept, same = self._beside(KEPT), self._same_key("g", "k")
        return f"DELETE FROM {table} AS g WHERE EXISTS (SELECT 1 FROM {kept} k WHERE {same})"

    def count_gone(self) -> int:
        return int(
            self._ask(
                f"SELECT count(*) FROM {self._own_name()} t JOIN {self._beside(GONE)} g "
                f"ON {self._same_key('t', 'g')}"
            )[0][0]
        )

    def delete_gone(self) -> int:
        return self._do(
            f"DELETE FROM {self._own_name()} AS t WHERE EXISTS "
            f"(SELECT 1 FROM {self._beside(GONE)} g WHERE {self._same_key('t', 'g')})"
        )

    def gone_keys(self) -> list[tuple[str | None, ...]]:
        shown = ", ".join(self._as_text.format(c=self._quoted(name)) for name in self.key)
        return [tuple(row) for row in self._ask(f"SELECT {shown} FROM {self._beside(GONE)}")]

    def require_writable(self, columns: Sequence[str], key: Sequence[str]) -> None:
        own, changed = self._own_name(), self._listed(columns)
        first = self._quoted(next((name for name in columns if name not in key), columns[0]))
        self.begin()
        try:
            # Rights are asked for before rows are looked for, and there are none to be touched.
            self._do(f"DELETE FROM {own} WHERE 1 = 0")
            self._do(f"INSERT INTO {own} ({changed}) SELECT {changed} FROM {own} WHERE 1 = 0")
            if len(columns) > len(key):
                self._do(f"UPDATE {own} SET {first} = {first} WHERE 1 = 0")
        finally:
            self.rollback()

    def count(self) -> int:
        return int(self._ask(f"SELECT count(*) FROM {self._own_name()}")[0][0])

    def is_empty(self) -> bool:
        return not self._ask(f"SELECT 1 FROM {self._own_name()} LIMIT 1")

    def state(self, job: str) -> State | None:
        if not self._has(STATE):
            return None
        rows = self._ask(
            f"SELECT fields, changed_at FROM {self._beside(STATE)} WHERE job = {self._placeholder}", (job,)
        )
        if not rows:
            return None
        return State(job, json.loads(rows[0][0]), dt.datetime.fromisoformat(rows[0][1]))

    @abstractmethod
    def _has(self, name: str) -> bool:
        """Whether one of the tables in which jobs are remembered is there."""

    def write_state(self, state: State) -> None:
        mark = self._placeholder
        fields = json.dumps(dict(state.fields), ensure_ascii=False)
        moment = (state.changed_at or dt.datetime.now(dt.UTC)).isoformat()
        self._do(f"DELETE FROM {self._beside(STATE)} WHERE job = {mark}", (state.job,))
        self._do(
            f"INSERT INTO {self._beside(STATE)} (job, fields, changed_at) VALUES ({mark}, {mark}, {mark})",
            (state.job, fields, moment),
        )

    def forget(self, job: str) -> None:
        for table in (ASIDE, SAVED, STATE):
            self._do(f"DELETE FROM {self._beside(table)} WHERE job = {self._placeholder}", (job,))

    def write_aside(self, job: str, rows: Sequence[Aside], settled: Sequence[str] | None) -> None:
        mark, table = self._placeholder, self._beside(ASIDE)
        if settled is None:
            self._do(f"DELETE FROM {table} WHERE job = {mark}", (job,))
        else:
            for key in settled:
                self._do(f"DELETE FROM {table} WHERE job = {mark} AND row_id = {mark}", (job, _row_id(key)))
        for row in {one.key_text(): one for one in rows}.values():
            key = row.key_text()
            self._do(f"DELETE FROM {table} WHERE job = {mark} AND row_id = {mark}", (job, _row_id(key)))
            self._do(
                f"INSERT INTO {table} (job, row_id, row_key, reason, column_name) "
                f"VALUES ({mark}, {mark}, {mark}, {mark}, {mark})",
                (job, _row_id(key), key, row.reason, row.column),
            )

    def aside(self, job: str) -> tuple[Aside, ...]:
        rows = self._ask(
            f"SELECT row_key, reason, column_name FROM {self._beside(ASIDE)} WHERE job = {self._placeholder} "
            "ORDER BY row_id",
            (job,),
        )
        return tuple(Aside(tuple(json.loads(key)), reason, column) for key, reason, column in rows)

    def write_saved(self, job: str, parts: Sequence[str]) -> None:
        mark, table = self._placeholder, self._beside(SAVED)
        self._do(f"DELETE FROM {table} WHERE job = {mark}", (job,))
        for place, part in enumerate(parts):
            self._do(
                f"INSERT INTO {table} (job, part, content) VALUES ({mark}, {mark}, {mark})",
                (job, f"{place:06d}", part),
            )

    def saved(self, job: str) -> list[str]:
        found = self._ask(
            f"SELECT content FROM {self._beside(SAVED)} WHERE job = {self._placeholder} ORDER BY part", (job,)
        )
        return [str(row[0]) for row in found]

    def mark(self) -> None:
        self._do("SAVEPOINT lienthong_step")

    def undo(self) -> None:
        self._do("ROLLBACK TO SAVEPOINT lienthong_step")
        self.keep()

    def keep(self) -> None:
        self._do("RELEASE SAVEPOINT lienthong_step")


def _row_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


STATE_COLUMNS = (
    (STATE, "job {short} NOT NULL PRIMARY KEY, fields {long} NOT NULL, changed_at {short} NOT NULL"),
    (
        ASIDE,
        "job {short} NOT NULL, row_id {short} NOT NULL, row_key {long} NOT NULL, reason {short} NOT NULL, "
        "column_name {short}, PRIMARY KEY (job, row_id)",
    ),
    (SAVED, "job {short} NOT NULL, part {short} NOT NULL, content {long} NOT NULL, PRIMARY KEY (job, part)"),
)
