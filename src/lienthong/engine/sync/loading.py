"""The first load: the source's rows in order of their key, a chunk at a time, each with the place reached.

A run that is broken off goes on behind the last chunk that was written whole. Changes made meanwhile are not lost: the
mark of the changes is taken before the first chunk, so the next run sees them. Into a target that held rows before, the
last step also removes those that the source does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lienthong.engine.masks import partly_shown
from lienthong.engine.session import literal, quoted
from lienthong.engine.sync.applying import Applied
from lienthong.engine.sync.climbing import FIRST, mark_now, mark_shown
from lienthong.engine.sync.errors import SourceKeyRepeated
from lienthong.engine.sync.logged import LoggedReader
from lienthong.engine.sync.pgtarget import PostgresqlTarget
from lienthong.engine.sync.piping import Pipe, copy_chunk, pipes
from lienthong.engine.sync.reading import KeyText, Part
from lienthong.engine.sync.target import RowRefused, State
from lienthong.engine.sync.working import CAPTURED, KEYS, Work

WHOLE = "sync_whole"


def load(work: Work, before: State | None, *, created: bool = False) -> None:
    """Load the target for the first time, or go on with it.

    Cost: one pass over the source's rows, and for a database one more look at its key per chunk; of the rows one chunk
    is in memory, between two PostgreSQL servers some hundred kilobytes. A source without a usable key order is read once
    into the session, which lies on disk beyond its limit, and cut there; only what was not yet written is written.
    """
    fields = dict(before.fields) if before is not None else begun(work)
    if created and isinstance(work.target, PostgresqlTarget) and not work.target.has_key():
        fields["keyless"] = True
    work.tally.rung, work.tally.choice = FIRST.rung, (FIRST.vi, FIRST.en)
    if before is not None and isinstance(work.reader, LoggedReader):
        work.reader.pin(fields["mark"])
    cut = _InParts(work) if _reads_in_parts(work) else _ReadWhole(work)
    pipe = Pipe(work) if fields["emptied"] and pipes(work) else None
    while not fields.get("loaded"):
        work.tell(int(fields["rows"]), work.reader.rows_estimated or 0, "reading")
        last = tuple(fields["last_key"]) if fields.get("last_key") else None
        if pipe is not None:
            upto = work.reader.boundary(work.source_key, last, work.plan.chunk_rows)
            if copy_chunk(pipe, fields, last, upto, int(fields["rows"])) is not None:
                continue
        captured, upto = cut.next(last)
        work.tell(int(fields["rows"]) + captured, work.reader.rows_estimated or 0, "applying")

        def reached(done: Applied, captured: int = captured, upto: KeyText | None = upto) -> State:
            fields["rows"] = int(fields["rows"]) + captured
            fields["last_key"] = list(upto) if upto is not None else None
            fields["loaded"] = upto is None
            if upto is None and fields["emptied"] and not fields.get("keyless"):
                fields["phase"] = "following"
            return work.state(**fields)

        alone = bool(fields["emptied"])
        work.apply(reached, alone=alone, settled=(), already_aside=work.unkept())
        work.aside = work.target.aside(work.job)
    if fields.get("keyless"):
        _add_key(work, fields)
    if not fields["emptied"]:
        _remove_the_rest(work, fields, cut)
    # Chunks are read one after the other: only rows read at once are known to have stood side by side.
    told(work, fields, at_once=before is None and (isinstance(cut, _ReadWhole) or work.tally.chunks == 1))


def begun(work: Work) -> dict[str, Any]:
    """Note that a load begins, with what the source says before anything is read."""
    fields: dict[str, Any] = {
        "phase": "loading",
        "mark": mark_now(work),
        "emptied": work.target.is_empty(),
        "last_key": None,
        "rows": 0,
    }
    work.target.begin()
    work.target.write_state(work.state(**fields))
    work.target.commit()
    return fields


def told(work: Work, fields: dict[str, Any], *, at_once: bool) -> None:
    """Tell how the load ended."""
    work.tally.to_mark = mark_shown(fields.get("mark"))
    kept = work.plan.deletes == "none" and not fields.get("emptied")
    work.tally.deletes = "none" if kept else "keys"
    work.tally.compared = at_once


def _reads_in_parts(work: Work) -> bool:
    # Rows that may come to share a key must be seen together.
    plain = all(column.conversion is None for column in work.columns if column.target in work.plan.key)
    return work.reader.in_parts and plain and work.source_key == work.reader.declared_key


class _InParts:
    """A source whose own index gives the next chunk."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def next(self, last: KeyText | None) -> tuple[int, KeyText | None]:
        """Capture the chunk behind `last`: how many rows, and the key it reaches; None at the end."""
        work = self._work
        upto = work.reader.boundary(work.source_key, last, work.plan.chunk_rows)
        return work.capture(Part(work.source_key, after=last, upto=upto)), upto

    def nothing(self) -> None:
        """Capture no row: what is applied next only removes."""
        self._work.capture(Part(self._work.source_key, condition="1 = 0"))


class _ReadWhole:
    """A source that is read once; the chunks are cut from what was read, in the order of the keys as texts."""

    def __init__(self, work: Work) -> None:
        self._work = work
        work.capture(Part(work.source_key))
        work.reader.session.execute(f"DROP TABLE IF EXISTS {WHOLE}")
        work.reader.session.execute(f"ALTER TABLE {quoted(CAPTURED)} RENAME TO {WHOLE}")

    def next(self, last: KeyText | None) -> tuple[int, KeyText | None]:
        """Capture the chunk behind `last`: how many rows, and the key it reaches; None at the end."""
        work, session = self._work, self._work.reader.session
        parts = [f"coalesce(_lienthong_k{place}, '')" for place in range(len(work.source_key))]
        names = ", ".join(parts)
        behind = [_behind(parts, [part or "" for part in last])] if last is not None else []
        where = f"WHERE {behind[0]}" if behind else ""
        found = session.execute(
            f"SELECT {names} FROM {WHOLE} {where} ORDER BY {names} LIMIT 1 OFFSET {work.plan.chunk_rows - 1}"
        ).fetchall()
        upto = tuple(str(part) for part in found[0]) if found else None
        tests = behind if upto is None else [*behind, f"NOT ({_behind(parts, upto)})"]
        where = f"WHERE {' AND '.join(tests)}" if tests else ""
        session.execute(f"CREATE OR REPLACE TABLE {quoted(CAPTURED)} AS SELECT * FROM {WHOLE} {where}")
        rows = session.execute(f"SELECT count(*) FROM {quoted(CAPTURED)}").fetchall()[0][0]
        return int(rows), upto

    def nothing(self) -> None:
        """Capture no row: what is applied next only removes."""
        self._work.reader.session.execute(
            f"CREATE OR REPLACE TABLE {quoted(CAPTURED)} AS SELECT * FROM {WHOLE} LIMIT 0"
        )


def _behind(names: Sequence[str], values: Sequence[str]) -> str:
    """SQL (DuckDB): the row lies behind these values of its key. Written out, since DuckDB fails on two bounds of rows."""
    first = f"{names[0]} > {literal(values[0])}"
    if len(names) == 1:
        return first
    return f"({first} OR ({names[0]} = {literal(values[0])} AND {_behind(names[1:], values[1:])}))"


def _add_key(work: Work, fields: dict[str, Any]) -> None:
    """Give the loaded table its key, together with the state that says so. Raises SourceKeyRepeated."""
    target = work.target
    assert isinstance(target, PostgresqlTarget)
    work.tell(int(fields["rows"]), int(fields["rows"]), "indexing")
    fields.pop("keyless")
    fields["phase"] = "following"
    target.begin()
    try:
        target.add_key(work.plan.key)
        target.write_state(work.state(**fields))
        target.commit()
    except RowRefused:
        target.rollback()
        count, example = target.repeated(work.plan.key)
        raise SourceKeyRepeated(
            source=work.reader.display, table=work.reader.table, key=", ".join(work.source_key),
            count=count, example=", ".join(str(partly_shown(part)) for part in example),
        ) from None  # fmt: skip
    except BaseException:
        target.rollback()
        raise


def _remove_the_rest(work: Work, fields: dict[str, Any], cut: _InParts | _ReadWhole) -> None:
    """Remove what the target held before and the source does not have, unless the plan leaves that alone."""
    work.tell(int(fields["rows"]), int(fields["rows"]), "comparing")
    removes = work.plan.deletes != "none"
    if removes:
        work.capture_keys()
    cut.nothing()

    def reached(done: Applied) -> State:
        fields["phase"] = "following"
        return work.state(**fields)

    work.apply(reached, kept=KEYS if removes else None, settled=())
