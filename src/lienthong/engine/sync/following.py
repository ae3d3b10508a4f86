"""A run after the first: the changes since the mark, by the rung chosen, in one step with the new mark."""

from __future__ import annotations

from collections.abc import Callable

from lienthong.engine.session import quoted
from lienthong.engine.sync.applying import Applied
from lienthong.engine.sync.climbing import (
    Mark,
    believed,
    chosen,
    mark_by_transactions,
    mark_now,
    mark_shown,
    since,
    written_since,
)
from lienthong.engine.sync.holding import capture_vanished
from lienthong.engine.sync.logged import LoggedReader
from lienthong.engine.sync.piping import follow_piped, pipes
from lienthong.engine.sync.reading import KeyText, Part
from lienthong.engine.sync.target import State
from lienthong.engine.sync.working import CAPTURED, KEYS, Work, deletes_by, waiting


def follow(work: Work, before: State) -> None:
    """Bring the target in step with what changed since the last run. One transaction holds all of it."""
    choice = chosen(work, before)
    rung = choice.rung
    mark: Mark = dict(before.get("mark") or {})
    if rung != "saved_hash":
        # What another rung brings over makes the hashes stale.
        mark.pop("saved", None)
    work.tally.rung, work.tally.choice = rung, (choice.vi, choice.en)
    work.tally.from_mark = mark_shown(mark, rung)
    work.tell(0, 0, "reading")
    if rung == "full":
        _compare_all(work, before)
    elif rung == "digests":
        _by_digests(work, before)
    elif rung == "saved_hash":
        _by_saved(work, before, mark)
    elif rung == "feed":
        _by_log(work, before, mark)
    elif pipes(work) and follow_piped(work, before, mark):
        pass
    elif rung == "watermark":
        _by_watermark(work, before, mark)
    elif rung == "xmin":
        _by_transaction(work, before, mark)
    work.tally.compared = rung not in ("watermark", "xmin", "saved_hash")


def _compare_all(work: Work, before: State) -> None:
    """Every row of the source against the target: what differs is changed, what is gone is removed."""
    mark = mark_now(work)
    rows = work.capture(Part(work.source_key))
    removes = work.plan.deletes != "none"
    if removes:
        _keep_captured_keys(work)
    work.tally.deletes = "keys" if removes else "none"
    _finish(work, before, mark, rows, kept=KEYS if removes else None)


def _by_saved(work: Work, before: State, mark: Mark) -> None:
    """The rows whose hash is not the one saved last time; the first time every row, and their hashes are saved."""
    from lienthong.engine.sync.saving import capture_unsaved, save

    now = mark_now(work) | {"saved": True}
    found = capture_unsaved(work, saved=bool(mark.get("saved")))
    removes = work.plan.deletes != "none"
    work.tally.deletes = "keys" if removes else "none"
    if found is None:
        if removes:
            _keep_captured_keys(work)
        _finish(
            work, before, now, 0, kept=KEYS if removes else None, within=lambda done: save(work, done.aside)
        )
        return
    rows, gone = found
    _, deletes_again = waiting(work)
    _finish(
        work, before, now, rows, kept=None, deletes_again=[*gone, *deletes_again] if removes else [],
        within=lambda done: save(work, done.aside),
    )  # fmt: skip


def _by_digests(work: Work, before: State) -> None:
    """The rows that differ between source and target, found by digests of both."""
    from lienthong.engine.sync.digesting import capture_differing

    mark = mark_now(work)
    found = capture_differing(work)
    if found is None:
        _compare_all(work, before)
        return
    rows, gone = found
    removes = work.plan.deletes != "none"
    work.tally.deletes = "keys" if removes else "none"
    _finish(work, before, mark, rows, kept=None, deletes_again=gone if removes else [])


def _keep_captured_keys(work: Work) -> None:
    # A row that cannot be sent is still there: what the target has of it stays.
    keys = ", ".join(quoted(name) for name in work.plan.key)
    there = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in work.plan.key)
    work.reader.session.execute(
        f"CREATE OR REPLACE TABLE {quoted(KEYS)} AS SELECT {keys} FROM {quoted(CAPTURED)} WHERE {there} AND NOT _lienthong_gone"
    )


def _by_log(work: Work, before: State, mark: Mark) -> None:
    """What the source itself says has changed since the mark, and the rows set aside last time."""
    reader = work.reader
    assert isinstance(reader, LoggedReader)
    again, deletes_again = waiting(work)
    reached = reader.capture_changes(CAPTURED, work.projection(), mark)
    session, captured = reader.session, quoted(CAPTURED)
    if again:
        part = Part(work.source_key, keys=again, only_keys=True)
        reader.capture("sync_again", work.projection(), part)
        same = " AND ".join(
            f"c._lienthong_k{place} = a._lienthong_k{place}" for place in range(len(work.source_key))
        )
        session.execute(
            f"INSERT INTO {captured} SELECT * FROM sync_again a WHERE NOT EXISTS (SELECT 1 FROM {captured} c WHERE {same})"
        )
    rows = work.settle_captured()
    work.tally.deletes = "feed"
    _finish(work, before, mark | reached, rows, kept=None, deletes_again=deletes_again)


def _by_watermark(work: Work, before: State, mark: Mark) -> None:
    """The rows whose watermark is at the mark or beyond, the window before it, and those set aside last time."""
    bound = since(work, mark)
    again, deletes_again = waiting(work)
    rows = work.capture(Part(work.source_key, since=bound, keys=again))
    found = work.reader.session.execute(_greatest_captured(work)).fetchall()[0][0]
    if found is not None:
        mark = mark | {"watermark": {"column": work.plan.watermark, "value": believed(str(found))}}
    _seeing_removed(work, before, mark, rows, deletes_again)


def _by_transaction(work: Work, before: State, mark: Mark) -> None:
    """The rows written by transactions since the mark, and those set aside last time."""
    now = mark_by_transactions(work, mark)
    again, deletes_again = waiting(work)
    condition = written_since(mark["xid"], now["xid"])
    rows = work.capture(Part(work.source_key, condition=condition, keys=again))
    _seeing_removed(work, before, now, rows, deletes_again)


def _seeing_removed(work: Work, before: State, mark: Mark, rows: int, deletes_again: list[KeyText]) -> None:
    """Finish a run whose rung tells nothing of removed rows."""
    by = deletes_by(work)
    if by == "keys":
        # Read after the rows: a key that came in between is kept, never taken for gone.
        work.tell(rows, rows, "comparing")
        work.capture_keys()
    work.tally.deletes = by
    _finish(work, before, mark, rows, kept=KEYS if by == "keys" else None, deletes_again=deletes_again)


def _greatest_captured(work: Work) -> str:
    kind = work.reader.kind_of(str(work.plan.watermark))
    if kind in ("integer", "decimal", "double"):
        return f"SELECT arg_max(_lienthong_watermark, TRY_CAST(_lienthong_watermark AS DOUBLE)) FROM {quoted(CAPTURED)}"
    return f"SELECT max(_lienthong_watermark) FROM {quoted(CAPTURED)}"


def _finish(
    work: Work,
    before: State,
    mark: Mark,
    rows: int,
    *,
    kept: str | None,
    deletes_again: list[KeyText] | None = None,
    within: Callable[[Applied], None] | None = None,
) -> None:
    capture_vanished(work, CAPTURED)
    work.tell(rows, rows, "applying")
    fields = {**before.fields, "phase": "following", "mark": mark, "rung": work.tally.rung, "keys": None}

    def reached(done: Applied) -> State:
        if within is not None:
            within(done)
        return work.state(**fields)

    work.apply(reached, kept=kept, settled=None, deletes_again=deletes_again or [])
    work.tally.to_mark = mark_shown(mark, work.tally.rung)
