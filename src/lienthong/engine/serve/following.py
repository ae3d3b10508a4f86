"""Changes since: what a consumer needs to keep a copy in step, in pages that cannot be got wrong.

Changes come version by version, and within a version by key: every page is a slice of what one version changed,
so that it is the same whenever it is asked for. A consumer who applies pages in turn (a row that was inserted or
updated: put it in place of what is there; one that was deleted: take it away) and goes on from `next` has, at
the end, every row once. Repeating a page, or going back to any older mark and following on from there, leads to
the same state: whatever is replayed is followed by all that came after it.

Who keeps only a part of the table gives a condition. Each version's changes are then told as seen from within that
part: a row that comes to meet the condition is inserted, one that ceases to is deleted, one that met it neither
before nor after is not spoken of. So the copy is what the filtered rows are, nothing is told of rows that its
reader did not ask for, and going back to an older mark is as safe as without a condition.

Versions become visible in order and in full, whoever published them and however long that took; so nothing can
appear behind a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lienthong.engine.serve.asking import Condition, Filter, Mask, PageMarks, unknown_column
from lienthong.engine.serve.changesets import ChangeSet, ChangeSets
from lienthong.engine.serve.errors import (
    ConditionOther,
    CursorInvalid,
    KeyNotShown,
    LimitInvalid,
    SinceInvalid,
)
from lienthong.engine.serve.replica import About, Replica, Row
from lienthong.engine.store.versions import CHANGE, VersionStore

Word = Literal["insert", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one row: `row` as it is now, or no more than the key of a row that is gone."""

    change: Word
    row: Row


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Some changes that lead from version `since` to version `to`, and the mark to go on from.

    `next` is always there. `more` False: the consumer has version `served` in full and asks again later.
    """

    changes: list[Change]
    next: str
    more: bool
    since: int
    to: int
    served: int
    columns: tuple[str, ...]
    types: tuple[str, ...]

    def described(self) -> list[dict[str, str]]:
        """The columns that rows have, also where none is told of: what becomes known before any row does."""
        return [{"name": name, "type": kind} for name, kind in zip(self.columns, self.types, strict=True)]


class Following:
    """The changes of the table behind a replica, up to the version that the replica holds.

    `sets` keeps what each version changed; `store` is opened only when a set has to be made.
    """

    def __init__(
        self,
        replica: Replica,
        sets: ChangeSets,
        store: Callable[[], VersionStore],
        *,
        largest_page: int = 1000,
    ) -> None:
        self.replica = replica
        self.sets = sets
        self.largest_page = largest_page
        self._store = store
        self._readers: dict[Path, ChangeSet] = {}

    def page(
        self,
        after: str | None = None,
        *,
        since: int | None = None,
        limit: int = 100,
        columns: Sequence[str] | None = None,
        filters: Sequence[Filter] = (),
        mask: Mask | None = None,
    ) -> ChangesPage:
        """Up to `limit` changes behind the mark `after`, or behind version `since` (0: everything).

        `columns`, `filters` and `mask` as in `Replica.page`; the key is always shown, and refused as `KeyNotShown`
        where the mask would not let it be. A row is told of whichever of its columns changed, chosen or not. Marks
        are sealed and belong to this table and these filters (`ConditionOther`), in whatever order they are given; they do
        not depend on columns. Costs the rows of the page; under a condition also the changes between them that do not meet it.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= self.largest_page:
            raise LimitInvalid(limit=str(limit)[:20], largest=self.largest_page)
        about, marks = self.replica.about(), self.replica.marks()
        key_masked = [name for name in about.key if name in (mask or {})]
        if key_masked:
            raise KeyNotShown(key=", ".join(key_masked))
        question = f"changes of {about.table}".encode()
        condition = self.replica.condition(filters, mask)
        step, values = self._place(after, since, about, marks, question, condition)
        names = self._shown(about, columns, mask)
        kinds = {column.name: str(column.type) for column in about.columns} | dict.fromkeys(
            mask or {}, "text"
        )
        types = tuple(kinds[name] for name in names)
        if step > about.version:
            resting = after or marks.write(_bound(condition, [about.version]), question, steady=True)
            return ChangesPage([], resting, False, step - 1, step - 1, about.version, names, types)
        reader = self._reader(about.table, step, both=condition is not None)
        found, last = reader.slice(values, limit, names, mask, condition)
        following = [step] if last is None else [step, *last]
        return ChangesPage(
            changes=[_change(row, about.key) for row in found],
            next=marks.write(_bound(condition, following), question, steady=True),
            more=last is not None or step < about.version,
            since=step - 1,
            to=step,
            served=about.version,
            columns=names,
            types=types,
        )

    def _place(
        self,
        after: str | None,
        since: int | None,
        about: About,
        marks: PageMarks,
        question: bytes,
        condition: Condition | None,
    ) -> tuple[int, list[Any] | None]:
        """The version whose changes come next, and the key behind which they come."""
        if after is None:
            number = 0 if since is None else since
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= about.version:
                raise SinceInvalid(since=str(since)[:20], latest=about.version)
            return number + 1, None
        content = marks.read(after, question)
        bound = content.pop(0) if content and isinstance(content[0], str) else None
        if bound != (condition.name if condition else None):
            raise ConditionOther
        if not content or not isinstance(content[0], int):
            raise CursorInvalid
        if len(content) == 1:
            return content[0] + 1, None
        if len(content) != 1 + len(about.key):
            raise CursorInvalid
        return content[0], content[1:]

    def _shown(self, about: About, columns: Sequence[str] | None, mask: Mask | None) -> tuple[str, ...]:
        known = [column.name for column in about.columns]
        hidden = {name for name, word in (mask or {}).items() if word == "hide"}
        seen = [name for name in known if name not in hidden]
        wanted = list(dict.fromkeys(columns)) if columns else seen
        for name in wanted:
            if name not in seen:
                raise unknown_column(name, seen)
        return (*(name for name in about.key if name not in wanted), *wanted)

    def _reader(self, table: str, step: int, *, both: bool) -> ChangeSet:
        path = self.sets.ready(table, step, both=both) or self.sets.step(
            self._store(), table, step, both=both
        )
        reader = self._readers.get(path)
        if reader is None:
            if len(self._readers) > self.sets.keep:
                self._readers.clear()
            reader = self._readers[path] = ChangeSet(path, largest_page=self.largest_page)
        return reader


def _bound(condition: Condition | None, place: list[Any]) -> list[Any]:
    """The content of a mark: the place, and before it the condition to which it is bound."""
    return place if condition is None else [condition.name, *place]


def _change(row: Row, key: Sequence[str]) -> Change:
    word: Word = row.pop(CHANGE)
    return Change(word, {name: row[name] for name in key} if word == "delete" else row)
