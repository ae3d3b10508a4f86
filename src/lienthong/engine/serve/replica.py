"""Read a replica: pages by keyset, one row by key, counts, batches; from any number of threads."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthong.engine.serve.asking import (
    Condition,
    Filter,
    Mask,
    Order,
    PageMarks,
    View,
    condition_of,
    conditions,
    ordered,
    question_of,
    viewed,
)
from lienthong.engine.serve.building import FORM
from lienthong.engine.serve.errors import (
    CursorInvalid,
    KeyInvalid,
    LimitInvalid,
    QueryTooLong,
    ReplicaDamaged,
    ReplicaMissing,
    ServeError,
)
from lienthong.engine.serve.values import Keeping, Show, keeping
from lienthong.engine.session import quoted
from lienthong.engine.shapes import Column

_STEPS = 20_000
_MOST_PLANS = 200
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """Which version a replica holds."""

    table: str
    version: int
    rows: int
    digest: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    published_at: dt.datetime
    built_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows as JSON values, the version they are of, and the mark of the next page (None: the last).

    The version may be another one than that of the page before: the replica was replaced in between. Rows
    then follow on by the order all the same; a reader who needs one state compares the numbers and starts
    again.
    """

    rows: list[Row]
    next: str | None
    version: int
    columns: tuple[str, ...]
    digest: str = ""


class Plan:
    """How a view is read, and how what was read is shown."""

    def __init__(self, view: View, by_key: Order, key: Sequence[str]) -> None:
        self.view = view
        self.by_key = by_key
        self.key: tuple[Keeping, ...] = ()
        self.names = tuple(k.column.name for k in view.columns)
        self.places = {name: position for position, name in enumerate(self.names)}
        self.select = ", ".join(map(quoted, self.names))
        self.by_key_sql = (
            f"SELECT {self.select} FROM rows WHERE {' AND '.join(f'{quoted(k)} = ?' for k in key)}"
        )
        self._made = _object_maker(self.names)
        self._showing: list[tuple[int, Show]] = []
        for position, k in enumerate(view.columns):
            show = k.showing(partial=k.column.name in view.partial)
            if show is not None:
                self._showing.append((position, show))

    def usable_key(self, known: Mapping[str, Keeping], key: Sequence[str]) -> tuple[Keeping, ...]:
        """The columns of the key, each of which the reader must see in full."""
        self.key = tuple(self.view.usable(known, name) for name in key)
        return self.key

    def object(self, row: Sequence[Any]) -> Row:
        """One kept row as a JSON object."""
        made = dict(zip(self.names, row, strict=False))
        for position, show in self._showing:
            made[self.names[position]] = show((row[position],))[0]
        return made

    def tuples(self, found: Sequence[Sequence[Any]]) -> Iterable[tuple[Any, ...]]:
        """Kept rows as tuples of JSON values; further values at the end of a row may be left there."""
        if not self._showing or not found:
            return found  # type: ignore[return-value]
        columns: list[Sequence[Any]] = list(zip(*found, strict=True))
        for position, show in self._showing:
            columns[position] = show(columns[position])
        return zip(*columns, strict=True)

    def objects(self, found: Sequence[Sequence[Any]]) -> list[Row]:
        """Kept rows as JSON objects."""
        return self._made(self.tuples(found))


def _object_maker(names: Sequence[str]) -> Callable[[Iterable[Sequence[Any]]], list[Row]]:
    """Makes JSON objects of tuples; further values at the end of a tuple are left out.

    Written out for its columns, as named tuples are: it takes a third of what `dict(zip(…))` does.
    """
    cells = [f"v{position}" for position in range(len(names))]
    pairs = ", ".join(f"{name!r}: {cell}" for name, cell in zip(names, cells, strict=True))
    made: Callable[[Iterable[Sequence[Any]]], list[Row]] = eval(  # noqa: S307 - names are quoted, nothing else varies
        f"lambda rows: [{{{pairs}}} for {', '.join([*cells, '*_'])}, in rows]", {"__builtins__": {}}
    )
    return made


class _Opened:
    """One connection to one state of the file, with what the file says of itself."""

    def __init__(self, path: Path, identity: tuple[int, int, int]) -> None:
        self.identity = identity
        self.pid = os.getpid()
        # Immutable: the file is only ever replaced, so there is nothing to lock and no journal to look for.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self.connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            told = dict(self.connection.execute("SELECT name, value FROM replica"))
            if told["form"] != FORM:
                raise ReplicaDamaged(replica=path.name)
            self.about = _about(told)
            self.marks = PageMarks(told["cursor_key"])
        except (sqlite3.Error, KeyError, ValueError):
            self.connection.close()
            raise ReplicaDamaged(replica=path.name) from None
        except BaseException:
            self.connection.close()
            raise
        self.end = math.inf
        self.connection.set_progress_handler(lambda: time.monotonic() > self.end, _STEPS)
        self.known: Mapping[str, Keeping] = {column.name: keeping(column) for column in self.about.columns}
        self.plans: dict[object, Plan] = {}

    def plan(self, columns: Sequence[str] | None, mask: Mask | None) -> Plan:
        """How these columns are read under this mask; made once."""
        place = (None if columns is None else tuple(columns), tuple(mask.items()) if mask else ())
        found = self.plans.get(place)
        if found is None:
            view = viewed(self.known, columns, mask)
            found = Plan(view, ordered(self.known, view, None, self.about.key), self.about.key)
            if len(self.plans) >= _MOST_PLANS:
                self.plans.clear()
            self.plans[place] = found
        return found


class Replica:
    """The replica at a path, read-only. A file that is swapped in is noticed at the next question.

    `largest_page` bounds `limit`; a question that takes longer than `seconds` is given up.
    """

    def __init__(self, path: Path | str, *, largest_page: int = 1000, seconds: float = 10.0) -> None:
        self.path = Path(path)
        self.largest_page = largest_page
        self.seconds = seconds
        self._local = threading.local()

    def about(self) -> About:
        """Which version is served now."""
        return self._open().about

    def page(
        self,
        after: str | None = None,
        limit: int = 100,
        columns: Sequence[str] | None = None,
        filters: Sequence[Filter] = (),
        mask: Mask | None = None,
        order: Sequence[str] | None = None,
    ) -> Page:
        """Up to `limit` rows behind the mark `after`, in the order of the key or of `order` and then the key.

        `filters` are (column, operator, value), all of which must hold: `eq ne lt le gt ge prefix in null`.
        `mask` hides a column or shows the end of its values only; a masked column can be neither filtered nor
        sorted by. `order` names columns, with `-` before a name for descending. The same filters and order
        must be given with the mark as without it.
        """
        self._check_limit(limit)
        opened = self._open()
        plan = opened.plan(columns, mask)
        wheres, parameters = conditions(opened.known, plan.view, filters)
        # The key orders every page, also when the reader does not see it: marks are sealed.
        arranged = ordered(opened.known, plan.view, order, opened.about.key) if order else plan.by_key
        question = question_of(arranged, wheres, parameters)
        values = None if after is None else opened.marks.read(after, question)
        found, last = self._slice(opened, plan, (wheres, parameters), arranged, values, limit)
        following = None if last is None else opened.marks.write(last, question)
        return Page(plan.objects(found), following, opened.about.version, plan.names, opened.about.digest)

    def condition(self, filters: Sequence[Filter], mask: Mask | None = None) -> Condition | None:
        """Filters as `page` takes them as one condition on rows of this table; None when there are none."""
        if not filters:
            return None
        opened = self._open()
        return condition_of(opened.known, opened.plan(None, mask).view, filters)

    def marks(self) -> PageMarks:
        """What seals the page marks of this replica; it stays when the file is swapped."""
        return self._open().marks

    def _check_limit(self, limit: object) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= self.largest_page:
            raise LimitInvalid(limit=str(limit)[:20], largest=self.largest_page)

    def _slice(
        self,
        opened: _Opened,
        plan: Plan,
        conditions: tuple[list[str], list[Any]],
        arranged: Order,
        values: Sequence[Any] | None,
        limit: int,
        source: tuple[str, list[Any]] = ("rows", []),
    ) -> tuple[list[tuple[Any, ...]], list[Any] | None]:
        """Kept rows behind these values, and the values of the last of them when others follow."""
        wheres, parameters = conditions
        if values is not None:
            if len(values) != len(arranged.parts):
                raise CursorInvalid
            condition, more = arranged.after(values)
            wheres, parameters = [*wheres, condition], [*parameters, *more]
        # What the order needs is read once: as part of the view where it is there, else behind it.
        places = [plan.places.get(name, -1) for name, _ in arranged.parts]
        behind = [name for name, _ in arranged.parts if name not in plan.places]
        picked = ", ".join([plan.select, *map(quoted, behind)])
        where = f" WHERE {' AND '.join(wheres)}" if wheres else ""
        relation, asked = source
        sql = f"SELECT {picked} FROM {relation}{where} ORDER BY {arranged.sql()} LIMIT ?"
        found = self._asked(opened, sql, [*asked, *parameters, limit + 1])
        if len(found) <= limit:
            return found, None
        found.pop()
        extra = iter(found[-1][len(plan.names) :])
        return found, [found[-1][place] if place >= 0 else next(extra) for place in places]

    def get(self, key: Any, columns: Sequence[str] | None = None, mask: Mask | None = None) -> Row | None:
        """The row with this key (a sequence when the key has several columns), or None."""
        return self.found(key, columns, mask)[0]

    def found(
        self, key: Any, columns: Sequence[str] | None = None, mask: Mask | None = None
    ) -> tuple[Row | None, About]:
        """The row with this key, or None, and the version in which it was looked for."""
        opened = self._open()
        plan = opened.plan(columns, mask)
        parts = key if isinstance(key, (list, tuple)) else (key,)
        keepings = plan.key or plan.usable_key(opened.known, opened.about.key)
        if len(parts) != len(keepings):
            raise KeyInvalid(key=", ".join(opened.about.key))
        values = [k.asked(part) for k, part in zip(keepings, parts, strict=True)]
        found = self._asked(opened, plan.by_key_sql, values)
        return plan.object(found[0]) if found else None, opened.about

    def count(self, filters: Sequence[Filter] = (), mask: Mask | None = None) -> int:
        """How many rows there are, or how many pass the filters."""
        opened = self._open()
        wheres, parameters = conditions(opened.known, viewed(opened.known, None, mask), filters)
        if not wheres:
            return opened.about.rows
        sql = f"SELECT count(*) FROM rows WHERE {' AND '.join(wheres)}"
        return int(self._asked(opened, sql, parameters)[0][0])

    def batches(
        self,
        columns: Sequence[str] | None = None,
        filters: Sequence[Filter] = (),
        mask: Mask | None = None,
        *,
        size: int = 10_000,
    ) -> tuple[View, Iterator[list[tuple[Any, ...]]]]:
        """All rows by key as tuples of JSON values: one state, whatever is swapped in meanwhile."""
        opened = self._new(self._identity())
        try:
            plan = opened.plan(columns, mask)
            wheres, parameters = conditions(opened.known, plan.view, filters)
        except ServeError:
            opened.connection.close()
            raise
        where = f" WHERE {' AND '.join(wheres)}" if wheres else ""
        key = ", ".join(quoted(name) for name in opened.about.key)
        sql = f"SELECT {plan.select} FROM rows{where} ORDER BY {key}"

        def stream() -> Iterator[list[tuple[Any, ...]]]:
            try:
                cursor = opened.connection.execute(sql, parameters)
                while found := cursor.fetchmany(size):
                    yield list(plan.tuples(found))
            finally:
                opened.connection.close()

        return plan.view, stream()

    def close(self) -> None:
        """Let go of the file in this thread; the next question opens it again."""
        opened = getattr(self._local, "opened", None)
        if opened is not None:
            opened.connection.close()
            self._local.opened = None

    def _open(self) -> _Opened:
        identity = self._identity()
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is not None and opened.identity == identity and opened.pid == os.getpid():
            return opened
        fresh = self._new(identity)
        if opened is not None and opened.pid == os.getpid():
            opened.connection.close()
        self._local.opened = fresh
        return fresh

    def _new(self, identity: tuple[int, int, int]) -> _Opened:
        try:
            return _Opened(self.path, identity)
        except sqlite3.Error:
            raise ReplicaMissing(replica=self.path.name) from None

    def _identity(self) -> tuple[int, int, int]:
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            raise ReplicaMissing(replica=self.path.name) from None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _asked(self, opened: _Opened, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What a question finds, unless it takes too long."""
        opened.end = time.monotonic() + self.seconds
        try:
            return opened.connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise QueryTooLong(seconds=self.seconds) from None
            raise ReplicaDamaged(replica=self.path.name) from None
        except sqlite3.DatabaseError:
            raise ReplicaDamaged(replica=self.path.name) from None


def _about(told: Mapping[str, str]) -> About:
    return About(
        table=told["table"],
        version=int(told["version"]),
        rows=int(told["rows"]),
        digest=told["digest"],
        key=tuple(json.loads(told["key"])),
        columns=tuple(
            Column(name, kind, nullable, None, native, ordinal)
            for ordinal, (name, kind, native, nullable) in enumerate(json.loads(told["columns"]), start=1)
        ),
        published_at=dt.datetime.fromisoformat(told["published_at"]),
        built_at=dt.datetime.fromisoformat(told["built_at"]),
    )
