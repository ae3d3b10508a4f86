"""PostgreSQL to PostgreSQL: rows go from one server to the other in its binary form, untouched on the way.

Possible where nothing is converted and both sides keep the same types. A step that the target refuses because of one
of its rows is done again in the common way, which finds that row.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg
from psycopg import pq

from lienthong.engine.session import Interrupted, quoted
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sync.applying import require_allowed
from lienthong.engine.sync.asking import both
from lienthong.engine.sync.climbing import (
    Mark,
    believed,
    mark_by_transactions,
    mark_shown,
    since,
    transactions_now,
    written_since,
)
from lienthong.engine.sync.holding import held_in_target, released, still_held
from lienthong.engine.sync.keysets import KeySets
from lienthong.engine.sync.pgtarget import PostgresqlTarget
from lienthong.engine.sync.reading import DatabaseReader, KeyText, Part
from lienthong.engine.sync.target import GONE, HELD, STAGE, Aside, Counts, RowRefused, State, keys_batch
from lienthong.engine.sync.working import Work, deletes_by, waiting

_PIECE = 1 << 18
_MISSED_AT_MOST = 20_000


def pipes(work: Work) -> bool:
    """Whether rows can go from server to server as they are."""
    reader, target = work.reader, work.target
    if not isinstance(reader, DatabaseReader) or not isinstance(target, PostgresqlTarget):
        return False
    if not isinstance(reader.source, PostgresqlSource) or work.source_key != reader.declared_key:
        return False
    if not reader.source.keeps_key(reader.table):
        return False
    if min(reader.source.session.info.server_version, target.session.info.server_version) < 110_000:
        return False
    own = {column.name: column for column in reader.columns}
    return all(
        one.conversion is None
        and one.source is not None
        and reader.source.keeps_builtin(reader.table, one.source)
        and own[one.source].native_type == work.takes[one.target].native
        for one in work.columns
    )


class Pipe:
    """The way between the two servers; the source is read in transactions that see one state of it."""

    def __init__(self, work: Work) -> None:
        assert isinstance(work.reader, DatabaseReader)
        assert isinstance(work.reader.source, PostgresqlSource)
        assert isinstance(work.target, PostgresqlTarget)
        self.work, self.reader, self.target = work, work.reader, work.target
        self.source = work.reader.source
        # Compiling these statements costs more than it saves; and a run takes one processor of the source, which has others
        # to serve.
        uncompiled = "SELECT set_config('jit', 'off', false)"
        self._ask(f"{uncompiled}, set_config('max_parallel_workers_per_gather', '0', false)")
        self.target.ask(uncompiled)
        self.source.timeline()
        self._wanted = [str(column.source) for column in work.columns]
        self.held: list[Aside] = []
        """The rows that were left as they are because they are held back."""

    @contextmanager
    def one_view(self) -> Iterator[None]:
        """Read the source as it is at one moment, and sure that its columns are those it was opened with."""
        self._ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            # Holds the columns still until the end: an ALTER TABLE waits for us, or we see what it did.
            self.source.require_unchanged(self.reader.table, self._wanted)
            yield
        finally:
            with suppress(psycopg.Error):
                self.source.session.execute(b"ROLLBACK")

    def rows(self, part: Part) -> str:
        """The statement that reads the mapped columns of a part, as they are."""
        listed = ", ".join(self.reader.quoted(name) for name in self._wanted)
        tests = [self.reader.condition(part), self.alive()]
        where = " AND ".join(filter(None, tests))
        return f"SELECT {listed} FROM {self.reader.own_name}{f' WHERE {where}' if where else ''}"

    def holds(self, part: Part) -> bool:
        """Whether a row of this part is held back."""
        among = Part(part.key, keys=tuple(self.work.held), only_keys=True, as_text=True)
        tests = " AND ".join(
            f"({test})" for test in (self.reader.condition(part), self.reader.condition(among)) if test
        )
        return bool(self._ask(f"SELECT 1 FROM {self.reader.own_name} WHERE {tests} LIMIT 1"))

    def without_held(self, name: str) -> int:
        """Take what is held back out of the rows (STAGE) or keys (GONE) that are to be applied; how many they are."""
        known = held_in_target(self.work)
        if not known:
            return 0
        spared = self.target.spare(name, [keys_batch(self.target.key, list(known))])
        self.held += [Aside(known.get(key, key), HELD) for key in spared]
        return len(spared)

    def alive(self) -> str:
        """SQL: the row is not marked as removed; nothing where no column says so."""
        tombstone = self.work.plan.tombstone
        return f"NOT {removed(self.reader.quoted(tombstone))}" if tombstone is not None else ""

    def into(self, table: str, columns: Sequence[str], query: str) -> int:
        """Copy what a query reads into a table; how many rows. Raises RowRefused, and as both sides do."""
        listed = ", ".join(quoted(name) for name in columns)
        into = f"COPY {table} ({listed}) FROM STDIN (FORMAT binary)"
        with closing(self._pieces(f"COPY ({query}) TO STDOUT (FORMAT binary)")) as pieces:
            return self.target.copy_binary(into, pieces)

    def _pieces(self, sql: str) -> Generator[bytes, None, None]:
        connection, ended = self.source.session.pgconn, False
        try:
            result = connection.exec_(sql.encode())
            if result.status != pq.ExecStatus.COPY_OUT:
                raise psycopg.errors.error_from_result(result)
            held: list[Any] = []
            size = 0
            get = connection.get_copy_data
            while True:
                length, data = get(0)
                if length <= 0:
                    break
                held.append(data)
                size += length
                if size >= _PIECE:
                    yield b"".join(held)
                    held, size = [], 0
                    self._heed()
            if held:
                yield b"".join(held)
            self._ended(connection)
            ended = True
        except psycopg.Error as error:
            failure = self.source.explained_refusal(error)
        else:
            return
        finally:
            if not ended:
                self._let_go(connection)
        raise_alone(failure)

    def _let_go(self, connection: pq.abc.PGconn) -> None:
        """Break off a COPY of which no more is wanted, so that the session takes other commands."""
        with suppress(psycopg.Error):
            self.source.session.cancel()
            while connection.get_copy_data(0)[0] > 0:
                pass
            while connection.get_result() is not None:
                pass

    def _heed(self) -> None:
        if self.work.should_stop is not None and self.work.should_stop():
            raise Interrupted

    def _ended(self, connection: pq.abc.PGconn) -> None:
        while (result := connection.get_result()) is not None:
            if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.COPY_OUT):
                raise psycopg.errors.error_from_result(result)

    def _ask(self, sql: str) -> list[Any]:
        try:
            cursor = self.source.session.execute(sql.encode())
            return cursor.fetchall() if cursor.description is not None else []
        except psycopg.Error as error:
            failure = self.source.explained_refusal(error)
        return raise_alone(failure)


def removed(column: str) -> str:
    """SQL (PostgreSQL): the column says that the row is removed."""
    return f"coalesce(lower(trim({column}::text)) NOT IN ('', '0', 'f', 'false', 'n', 'no'), false)"


def copy_chunk(
    pipe: Pipe, fields: dict[str, Any], last: KeyText | None, upto: KeyText | None, rows_before: int
) -> int | None:
    """One chunk of a first load straight into the empty table, with the state; None when one of its rows is refused or held."""
    work, target = pipe.work, pipe.target
    columns = [column.target for column in work.columns]
    part = Part(work.source_key, after=last, upto=upto)
    if work.held and pipe.holds(part):
        return None
    target.begin()
    try:
        with pipe.one_view():
            rows = pipe.into(target.own_name, columns, pipe.rows(part))
        done = fields | {
            "rows": rows_before + rows,
            "last_key": list(upto) if upto is not None else None,
            "loaded": upto is None,
            "phase": "following" if upto is None and not fields.get("keyless") else "loading",
        }
        target.write_state(work.state(**done))
        target.commit()
    except RowRefused:
        target.rollback()
        return None
    except BaseException:
        target.rollback()
        raise
    fields.update(done)
    work.tally.read += rows
    work.tally.chunks += 1
    work.tally.counts += Counts(inserted=rows)
    return rows


def follow_piped(work: Work, before: State, mark: Mark) -> bool:
    """A run by watermark or transactions in one transaction of each side; False when a row is refused and nothing was done."""
    again, deletes_again = waiting(work)
    if deletes_again or released(work) or work.tally.rung not in ("watermark", "xmin"):
        return False
    pipe, target = Pipe(work), work.target
    assert isinstance(target, PostgresqlTarget)
    by = deletes_by(work)
    target.begin()
    try:
        target.clear(STAGE)
        with pipe.one_view():
            part, now = _changed(work, mark, again)
            rows = pipe.into(f"pg_temp.{STAGE}", target.sent, pipe.rows(part))
            now = _moved(pipe, now, part)
            pipe.without_held(STAGE)
            work.tell(rows, rows, "applying")
            if by == "keys":
                counts, remembered = _merged_by_keys(pipe, before)
            else:
                counts, remembered = target.merge(), None
                if by == "tombstone":
                    counts += _removed(pipe, part)
        target.write_aside(work.job, [*still_held(work), *pipe.held], None)
        told = {"phase": "following", "mark": now, "rung": work.tally.rung, "keys": remembered}
        target.write_state(work.state(**{**before.fields, **told}))
        target.commit()
    except RowRefused:
        target.rollback()
        return False
    except BaseException:
        target.rollback()
        raise
    work.tally.deletes = by
    work.tally.read += rows
    work.tally.counts += counts
    work.tally.chunks += 1
    work.tally.to_mark = mark_shown(now, work.tally.rung)
    return True


def _changed(work: Work, mark: Mark, again: tuple[KeyText, ...]) -> tuple[Part, Mark]:
    if work.tally.rung == "watermark":
        transactions = transactions_now(work)
        now = mark | ({"xid": transactions} if transactions is not None else {})
        return Part(work.source_key, since=since(work, mark), keys=again), now
    now = mark_by_transactions(work, mark)
    return Part(work.source_key, condition=written_since(mark["xid"], now["xid"]), keys=again), now


def _moved(pipe: Pipe, now: Mark, part: Part) -> Mark:
    """The mark of the next run: the greatest watermark among the rows that were read."""
    watermark = pipe.work.plan.watermark
    if watermark is None or (part.since is None and pipe.work.tally.rung != "watermark"):
        return now
    sent = next((one.target for one in pipe.work.columns if one.source == watermark), None)
    # Of the rows that have just come over the target tells it for nothing; otherwise the source looks once more.
    if sent is not None:
        found = pipe.target.greatest_staged(pipe.reader.sent_greatest(watermark, sent))
    else:
        found = pipe.reader.greatest_of(watermark, part)
    return now if found is None else now | {"watermark": {"column": watermark, "value": believed(found)}}


def _removed(pipe: Pipe, part: Part) -> Counts:
    """Remove what the source marks as removed."""
    work, target = pipe.work, pipe.target
    keys = ", ".join(pipe.reader.quoted(name) for name in work.source_key)
    tests = [pipe.reader.condition(part), removed(pipe.reader.quoted(str(work.plan.tombstone)))]
    query = f"SELECT {keys} FROM {pipe.reader.own_name} WHERE {' AND '.join(filter(None, tests))}"
    target.clear(GONE)
    if not pipe.into(f"pg_temp.{GONE}", target.key, query):
        return Counts()
    pipe.without_held(GONE)
    return _deleted(work, target.count_gone())


def _merged_by_keys(pipe: Pipe, before: State) -> tuple[Counts, dict[str, Any]]:
    """Merge what came over, remove what only the target has; and what to remember of the source's keys.

    The source reads its keys while the target merges: they are two servers, and have nothing to do with each other.
    """
    work, target, source = pipe.work, pipe.target, pipe.source
    sets = KeySets(
        source, pipe.reader.own_name, work.source_key, target, before.get("keys"), condition=pipe.alive()
    )
    there, counts = both(
        sets.at_source, target.merge, (source.session.cancel, target.interrupt), work.should_stop
    )
    work.tell(0, 0, "comparing")
    gone, missed = sets.compared(there)
    if missed:
        counts += _caught_up(pipe, missed)
    if gone:
        target.stage_key_texts(GONE, gone)
        count = len(gone) - pipe.without_held(GONE)
        counts += _deleted(work, count, sets.rows_before)
    return counts, sets.to_remember


def _caught_up(pipe: Pipe, missed: Sequence[KeyText]) -> Counts:
    """Rows that came to the source with an old mark: fetched by their keys, since the keys show that they lack."""
    if len(missed) > _MISSED_AT_MOST:
        raise RowRefused("missed")
    counts, target = Counts(), pipe.target
    for first in range(0, len(missed), 2000):
        part = Part(pipe.work.source_key, keys=tuple(missed[first : first + 2000]), only_keys=True)
        target.clear(STAGE)
        pipe.into(f"pg_temp.{STAGE}", target.sent, pipe.rows(part))
        pipe.without_held(STAGE)
        counts += target.merge()
    return counts


def _deleted(work: Work, gone: int, rows: int | None = None) -> Counts:
    if not gone:
        return Counts()
    before = work.target.count() if rows is None else rows
    require_allowed(work.plan, work.target, gone, before, work.confirmed)
    return Counts(deleted=work.target.delete_gone())
