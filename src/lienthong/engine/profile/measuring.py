"""Build the profile of a relation: a sample tells what its columns mean, then each column is read once for all counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lienthong.engine.portable import ORDERED, TEMPORAL, Measured, grouped
from lienthong.engine.profile.checking import LONGEST_LOOKED_AT, Counter, Subject, counters_for, judged
from lienthong.engine.profile.comparing import Compared, Side, compare
from lienthong.engine.profile.conforming import CodeList, second_look
from lienthong.engine.profile.placing import Numbered, numbered, placed
from lienthong.engine.profile.relating import sketch_of
from lienthong.engine.profile.sampling import SAMPLE_ROWS, Sample, Shown, look_at, take_sample
from lienthong.engine.profile.semantics import Values, semantic_type
from lienthong.engine.profile.sensitivity import Proposal, holds_persons, propose
from lienthong.engine.profile.unrepeated import FEW_REPEATS, hardly_repeats, measured_by_rows
from lienthong.engine.profile.values import column_type, scalar, temporal_scalar
from lienthong.engine.session import Connection, ShouldStop, quoted, run_each
from lienthong.engine.shapes import (
    Checked,
    Column,
    ColumnProfile,
    ColumnType,
    Counted,
    Finding,
    SemanticType,
    Table,
    TableProfile,
)

OnProgress = Callable[[int, int, str], None]
"""Called with the steps done, the steps there are, and the name of the table at hand."""

TOP_VALUES = 10
SHOWN_FROM = 10
"""In columns with data of persons, a frequent value is shown from this many rows on."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is looked at beyond the counts, which always take all rows: rows of the sample, None for all."""

    sample_rows: int | None = SAMPLE_ROWS


def profile_relation(
    connection: Connection,
    relation: str,
    *,
    table: str,
    columns: Sequence[Column] | None = None,
    declared: Table | None = None,
    depth: Depth | None = None,
    lists: Mapping[str, CodeList] | None = None,
    rhythm: int | None = None,
    workers: int = 1,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> TableProfile:
    """Tell what is in a relation: exact counts over all rows, rules of quality, meaning and class of every column.

    `columns` gives names and types to report, in the order of the relation; without it they are those of the
    relation. `declared` brings the keys that the source declares, `lists` the codes a column is to hold, `rhythm` every
    how many days data are to come. Raises `session.Interrupted` when `should_stop` says so, and DuckDB's errors as they are.
    """
    native = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    reported = list(columns) if columns is not None else _columns_of(native)
    measured = [_measured(name, kind) for name, kind, *_ in native]
    work = _Work(connection, relation, table, workers, should_stop)
    rows = int(work.alone(_query(f"SELECT count(*) FROM {relation}"))[0])
    total = len(measured)

    def done(count: int) -> None:
        if on_progress is not None:
            on_progress(count, total, table)

    done(0)
    at = numbered(relation, rows)
    sample = take_sample(connection, relation, rows, (depth or Depth()).sample_rows)
    if sample.is_whole:
        relation = sample.relation
        work = replace(work, relation=relation)
    at = at or numbered(relation, rows)
    try:
        jobs = [
            _looked(work, read, column, declared, sample, rows)
            for column, read in zip(reported, measured, strict=True)
        ]
        order = _dearest_first(connection, measured, sample)
        looked = dict(zip(order, work.side_by_side([jobs[at] for at in order], done), strict=True))
        seen = [looked[at] for at in range(total)]
        counters = [one.counters for one in seen]
        sides = _sides(measured, seen, rows, sample.rows)
        if at is not None:
            work.place(sides, counters, at)
        work.look_again(sides, lists or {})
        keyed = declared is not None and bool(declared.primary_key)
        compared: Compared = work.alone(
            lambda cursor: compare(
                cursor,
                relation,
                sample.relation,
                table,
                sides,
                rows,
                keyed=keyed,
                declared_rhythm=rhythm,
                at=at if at is not None and at.whole else None,
                some=sample.some(),
            )
        )
    finally:
        sample.drop(connection)
    return TableProfile(
        table=table,
        rows=rows,
        columns=tuple(side.profile for side in sides),
        findings=tuple(compared.findings),
        checks=tuple(compared.checks),
        sampled=sample.rows,
        dependencies=tuple(compared.dependencies),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What every step of a profile works with."""

    connection: Connection
    relation: str
    table: str
    workers: int
    should_stop: ShouldStop | None

    def alone(self, job: Callable[[Connection], Any]) -> Any:
        """Do one piece of work on all threads."""
        return run_each(self.connection, [job], workers=1, should_stop=self.should_stop)[0]

    def side_by_side(
        self, jobs: Sequence[Callable[[Connection], Any]], done: Callable[[int], None] | None = None
    ) -> list[Any]:
        """Do work on several columns at the same time, each on one thread of its own."""
        if len(jobs) < 2 * self.workers:
            return run_each(self.connection, jobs, workers=1, should_stop=self.should_stop, on_done=done)
        # Columns side by side, each on one thread, take a quarter less work than one column on all threads: no
        # partial hash tables have to be merged.
        (threads,) = self.connection.execute("SELECT current_setting('threads')").fetchall()[0]
        self.connection.execute("SET threads = 1")
        try:
            return run_each(
                self.connection, jobs, workers=self.workers, should_stop=self.should_stop, on_done=done
            )
        finally:
            self.connection.execute(f"SET threads = {threads}")

    def place(self, sides: Sequence[Side], counters: Sequence[Sequence[Counter]], at: Numbered) -> None:
        """Find the first rows that break the rules of each column."""

        def job(side: Side, asked: Sequence[Counter]) -> Callable[[Connection], ColumnProfile]:
            return lambda cursor: placed(cursor, side.sql, side.subject.read_as, side.profile, asked, at)

        jobs = [job(side, asked) for side, asked in zip(sides, counters, strict=True)]
        for side, profile in zip(sides, self.side_by_side(jobs), strict=True):
            side.profile = profile

    def look_again(self, sides: Sequence[Side], lists: Mapping[str, CodeList]) -> None:
        """Evaluate the rules that need the distinct values once more."""

        def again(side: Side) -> Callable[[Connection], Sequence[tuple[Checked, Finding | None]]]:
            return lambda cursor: second_look(
                cursor, self.relation, side.sql, side.subject, side.profile, lists.get(side.name)
            )

        for side, more in zip(sides, self.side_by_side([again(side) for side in sides]), strict=True):
            side.profile = replace(
                side.profile,
                checks=(*side.profile.checks, *(check for check, _ in more)),
                findings=(*side.profile.findings, *(found for _, found in more if found is not None)),
            )


@dataclass(frozen=True, slots=True)
class _Looked:
    """A column with what the sample shows of it, and what was counted of it in all rows."""

    subject: Subject
    counters: Sequence[Counter]
    shown: Shown
    found: dict[str, Any]


def _looked(
    work: _Work, measured: Measured, column: Column, declared: Table | None, sample: Sample, rows: int
) -> Callable[[Connection], _Looked]:
    """Look at a column in the sample, and count in all rows what its meaning asks for."""

    def run(cursor: Connection) -> _Looked:
        shown = look_at(cursor, measured, sample)
        meaning = meaning_of(column, shown, rows, sample.rows)
        subject = subject_of(column, work.table, measured.type, meaning, shown, declared)
        counters = counters_for(subject)
        return _Looked(
            subject, counters, shown, _counted(cursor, work.relation, measured, counters, shown, rows)
        )

    return run


def _counted(
    cursor: Connection,
    relation: str,
    column: Measured,
    counters: Sequence[Counter],
    shown: Shown,
    rows: int,
) -> dict[str, Any]:
    """The measures of a column and what its rules ask, from its different values or, where hardly one repeats, its rows."""
    asked = _asked(column, counters, shown)
    found = None
    if hardly_repeats(column, shown, rows):
        found = measured_by_rows(cursor, column, relation, asked, shown, rows)
    if found is None:
        statement = grouped(column, relation, 0, asked)
        _, (found,) = statement.read(cursor.execute(statement.sql).fetchall()[0])
    return found


def _dearest_first(connection: Connection, measured: Sequence[Measured], sample: Sample) -> list[int]:
    """The columns in the order in which they are looked at: texts first, the longest before, that none is left to be waited for alone."""
    texts = [at for at, column in enumerate(measured) if column.type == "text"]
    sizes: Sequence[Any] = ()
    if len(texts) > 1:
        asked = ", ".join(f"sum(strlen({measured[at].expression}))" for at in texts)
        sizes = connection.execute(f"SELECT {asked} FROM {sample.some()}").fetchall()[0]
    size = dict(zip(texts, sizes, strict=False))
    return sorted(range(len(measured)), key=lambda at: (at not in texts, -(size.get(at) or 0)))


def _sides(measured: Sequence[Measured], seen: Sequence[_Looked], rows: int, sampled: int) -> list[Side]:
    persons = holds_persons(one.subject.semantic for one in seen)
    sides = []
    for read, one in zip(measured, seen, strict=True):
        column = one.subject.column
        plain = column_profile(column.name, column.type, rows, one.found, read.type)
        profile = deepened(plain, one.subject, one.counters, one.found, one.shown, persons, sampled)
        sides.append(Side(read.expression, one.subject, profile))
    return sides


def meaning_of(column: Column, shown: Shown, rows: int, sampled: int) -> SemanticType:
    """The semantic type of a column from what a sample shows of it."""
    distinct = shown.distinct
    if shown.filled and distinct > 0.9 * shown.filled and sampled:
        distinct = distinct * rows // sampled
    return semantic_type(
        Values(
            texts=shown.values,
            type=column.type,
            name=column.name,
            comment=column.comment or "",
            distinct=distinct,
            whole=shown.whole,
            counts=shown.counts,
        )
    )


def subject_of(
    column: Column,
    table: str,
    read_as: ColumnType,
    meaning: SemanticType,
    shown: Shown,
    declared: Table | None,
) -> Subject:
    """A column as the rules see it."""
    return Subject(
        column=column,
        table=table,
        read_as=read_as,
        semantic=meaning,
        is_key=declared is not None and declared.primary_key == (column.name,),
        mandatory=declared is not None and column.name in declared.primary_key,
        quantiles=shown.quantiles,
    )


def deepened(
    profile: ColumnProfile,
    subject: Subject,
    counters: Sequence[Counter],
    found: dict[str, Any],
    shown: Shown,
    persons: bool,
    sampled: int,
) -> ColumnProfile:
    """The counts of a column together with what they mean: placeholders, findings, meaning, class, top values."""
    checks, findings, placeholders = judged(subject, counters, found, profile.rows, profile.distinct)
    top = _top(found.get("top"), temporal=subject.read_as in TEMPORAL)
    proposal = propose(
        subject.column.name,
        subject.column.comment or "",
        subject.semantic,
        [one.value for one in top],
        persons=persons,
    )
    filled = profile.rows - profile.nulls
    characters = found.get("characters")
    return replace(
        profile,
        placeholders=placeholders,
        avg_length=round(float(characters) / filled, 2) if characters is not None and filled else None,
        quantiles=shown.quantiles,
        patterns=shown.patterns,
        top=_showable(top, proposal),
        semantic=subject.semantic,
        sensitivity=proposal.sensitivity,
        sensitivity_reason=proposal.reason,
        state_secret=proposal.state_secret,
        findings=tuple(findings),
        sampled=sampled,
        approximate=("quantiles", "patterns")
        if sampled < profile.rows
        else ("patterns",)
        if shown.part
        else (),
        checks=tuple(checks),
        key_candidate=filled > 0 and profile.distinct == profile.rows,
        sketch=tuple(found.get("sketch") or ()),
    )


def counted_by_source(told: ColumnProfile, counted: ColumnProfile) -> ColumnProfile:
    """What a read told of a column, with the counts and the range that the source itself gives."""
    return replace(
        told,
        rows=counted.rows,
        nulls=counted.nulls,
        distinct=counted.distinct,
        min=counted.min,
        max=counted.max,
        min_length=counted.min_length,
        max_length=counted.max_length,
        key_candidate=counted.rows > 0 and counted.distinct == counted.rows,
    )


def column_profile(
    name: str, kind: ColumnType, rows: int, found: dict[str, Any], read_as: ColumnType
) -> ColumnProfile:
    """The profile of one column from its measures; `read_as` is the type that the values were measured in."""

    def bound(which: str) -> Any:
        value = found.get(which)
        if kind not in ORDERED:
            return None
        if kind == "boolean" and value in (0, 1):
            return bool(value)
        if isinstance(value, str) and (read_as in TEMPORAL or kind in TEMPORAL):
            return temporal_scalar(value)
        return scalar(value)

    return ColumnProfile(
        name=name,
        type=kind,
        rows=rows,
        nulls=rows - int(found["filled"]),
        distinct=int(found["distinct"]),
        min=bound("min"),
        max=bound("max"),
        min_length=found.get("min_length") if kind == "text" else None,
        max_length=found.get("max_length") if kind == "text" else None,
    )


def _asked(column: Measured, counters: Sequence[Counter], seen: Shown) -> list[tuple[str, str]]:
    asked = [(counter.rule, counter.sql) for counter in counters]
    if column.type == "text":
        asked.append(("characters", "sum(length(v) * n)"))
        asked.append(("longest", f"max(length(v), {LONGEST_LOOKED_AT})"))
    if column.type in ("text", "integer"):
        asked.append(("sketch", sketch_of(column.type, "v")))
    # Where hardly a value of many comes twice there is no common one to be found.
    if column.type not in ("json", "binary") and (
        seen.filled < 10_000 or seen.distinct < FEW_REPEATS * seen.filled
    ):
        top = f"arg_max({{'v': v, 'n': n}}, n, {TOP_VALUES + 1}) FILTER (v IS NOT NULL)"
        if column.type in TEMPORAL:
            top = f"list_transform({top}, one -> {{'v': CAST(one.v AS VARCHAR), 'n': one.n}})"
        asked.append(("top", top))
    return asked


def _top(found: Any, *, temporal: bool) -> list[Counted]:
    """The commonest values, of those that occur more than once; the most rows first, then in order."""
    counted = [(int(one["n"]), one["v"]) for one in found or () if one["n"] > 1]
    counted.sort(key=lambda one: (-one[0], str(one[1])))
    return [
        Counted(temporal_scalar(value) if temporal else scalar(value), rows)
        for rows, value in counted[:TOP_VALUES]
    ]


def _showable(top: Sequence[Counted], proposal: Proposal) -> tuple[Counted, ...]:
    if proposal.sensitivity == "none":
        return tuple(top)
    return tuple(one for one in top if one.count >= SHOWN_FROM)


def _columns_of(native: Sequence[Sequence[Any]]) -> list[Column]:
    return [
        Column(name=name, type=column_type(kind), native_type=kind, ordinal=order)
        for order, (name, kind, *_) in enumerate(native, 1)
    ]


def _measured(name: str, native: str) -> Measured:
    column, kind = quoted(name), column_type(native)
    if kind in TEMPORAL:
        return Measured(column, kind, f"min({column})::VARCHAR", f"max({column})::VARCHAR")
    if native == "FLOAT":
        # The shortest number that means this value, 0.1, not the double next to it, 0.10000000149011612.
        return Measured(column, kind, f"min({column})::VARCHAR::DOUBLE", f"max({column})::VARCHAR::DOUBLE")
    if kind == "text" and native != "VARCHAR":
        return Measured(f"{column}::VARCHAR", kind)
    return Measured(column, kind)


def _query(sql: str) -> Callable[[Connection], Sequence[Any]]:
    def run(cursor: Connection) -> Sequence[Any]:
        row: Sequence[Any] = cursor.execute(sql).fetchall()[0]
        return row

    return run
