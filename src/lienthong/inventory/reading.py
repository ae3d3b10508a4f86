"""Reading a bound source: table by table for a look, row by row for a version. Used by the jobs and the demo."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from lienthong.catalogue.commands import mark_replica_built
from lienthong.catalogue.errors import LookUnreadable
from lienthong.catalogue.models import Database, Dataset, DatasetVersion
from lienthong.catalogue.replicas import change_sets, replica_path, version_store
from lienthong.engine.errors import EngineError, LookInterrupted, SourceEmpty
from lienthong.engine.profile.relating import TABLES_AT_MOST, comparable_form, comparable_table
from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.shapes import LookedTable, Table
from lienthong.engine.sources import Source as OpenSource
from lienthong.engine.sources.copying import rows_of
from lienthong.engine.sources.noting import unreadable
from lienthong.foundation.accounts.actor import Actor

from .commands import keep_relations, keep_table, keep_unread, record_captured
from .errors import ColumnsGone, SecretNotCaptured, SecretSourceFailed, SourceNotBound
from .models import Survey
from .queries import bound_source, code_lists_of, hashes_in, opened, rhythms_of, unread_in

Progress = Callable[[int, int, str, str], None]
"""Told the steps done, the steps there are, and what is being done, in Vietnamese and in English."""


def quietly(done: int, total: int, vi: str, en: str) -> None:
    """Tell nobody."""


def never() -> bool:
    """Never stop."""
    return False


@dataclass
class Reading:
    """What a look could not read, and how long it took."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


def read_tables(
    survey: Survey, *, progress: Progress = quietly, should_stop: Callable[[], bool] = never
) -> Reading:
    """Read every table of the source and keep what was found at once; tables kept before are not read again.

    A table that cannot be read is a finding, kept at once as well; one that was locked or took too long is tried once
    more at the end. Raises what concerns the whole source (a passing fault lets the job try again), the first error
    when nothing could be read, `LookInterrupted` when stopped.
    """
    begun = time.monotonic()
    reading = Reading()
    with discreetly(survey.database), opened(survey.source) as source:
        tables = source.tables()
        _require_usable_names(tables)
        source.code_lists.update(code_lists_of(survey.database))
        source.rhythms.update(rhythms_of(survey.database))
        turn = _Turn(survey, source, tables, progress, should_stop)
        waiting = turn.read(list(enumerate(tables, start=1)), last=False)
        turn.read(waiting, last=True)
        if not survey.surveyed.exists():
            raise turn.first_failure or SourceEmpty(source=source.display)
        turn.relate()
        listed = {table.name for table in tables}
        reading.findings = [one for one in unread_in(survey) if one["place"] in listed]
        reading.findings += [finding.as_json() for finding in source.findings()]
    reading.seconds = round(time.monotonic() - begun, 2)
    return reading


class _Turn:
    """One way through the tables of a source, going on where an earlier one was cut off."""

    def __init__(
        self,
        survey: Survey,
        source: OpenSource,
        tables: Sequence[Table],
        progress: Progress,
        should_stop: Callable[[], bool],
    ) -> None:
        self.survey, self.source, self.tables = survey, source, tables
        self.progress, self.should_stop = progress, should_stop
        self.first_failure: EngineError | None = None
        self.kept = set(survey.surveyed.values_list("name", flat=True))
        # What an earlier turn could not read for good is not tried again; what was locked then is.
        self.given_up = {one["place"] for one in unread_in(survey) if not one["evidence"].get("transient")}
        widths = [len(table.columns) for table in tables]
        self.before = [0, *accumulate(widths)]
        self.steps = sum(widths)

    def read(self, places: Sequence[tuple[int, Table]], *, last: bool) -> list[tuple[int, Table]]:
        """Read these tables; gives those that may be readable a little later."""
        again = []
        for place, table in places:
            where = (
                f"Đang đọc bảng {place}/{len(self.tables)}",
                f"Reading table {place} of {len(self.tables)}",
            )
            self.progress(self.before[place - 1], self.steps, *where)
            if table.name in self.kept or table.name in self.given_up:
                continue
            try:
                before = self.before[place - 1]
                found = _looked_at(
                    self.source, table, before, self.steps, where, self.progress, self.should_stop
                )
                few = len(self.tables) <= TABLES_AT_MOST
                hashes = comparable_form(found) if few else None
                keep_table(survey=self.survey, place=place, form=found.as_json(), hashes=hashes)
            except EngineError as error:
                if error.of_whole_source or isinstance(error, LookInterrupted):
                    raise
                self.first_failure = self.first_failure or error
                keep_unread(survey=self.survey, finding=unreadable(table.name, error).as_json())
                if error.transient and not last:
                    again.append((place, table))
        return again

    def relate(self) -> None:
        """Find how the tables refer to each other, those of an earlier turn too, and rows that refer to nothing."""
        if not 1 < len(self.tables) <= TABLES_AT_MOST:
            return
        self.progress(self.steps, self.steps, "Đang so các bảng với nhau", "Comparing the tables")
        looked = [comparable_table(form) for form in hashes_in(self.survey)]
        for one in self.source.related(looked, self.should_stop):
            if one.profile.references or one.profile.checks:
                keep_relations(survey=self.survey, form=one.as_json())


def _looked_at(
    source: OpenSource,
    table: Table,
    before: int,
    steps: int,
    where: tuple[str, str],
    progress: Progress,
    should_stop: Callable[[], bool],
) -> LookedTable:
    def within(done: int, total: int, _table: str) -> None:
        progress(before + len(table.columns) * done // max(total, 1), steps, *where)

    profile = source.profile(table, within, should_stop)
    return LookedTable(source.seen(table), profile, source.reading(table))


def _require_usable_names(tables: Sequence[Table]) -> None:
    for name in (name for table in tables for name in (table.name, *(c.name for c in table.columns))):
        if len(name) > 255:
            raise LookUnreadable(
                why=f"tên “{name[:40]}…” dài quá 255 ký tự",
                why_en=f"“{name[:40]}…” is longer than 255 characters",
            )


@contextmanager
def discreetly(database: Database) -> Iterator[None]:
    """Of a secret source, an error tells its code alone: its job is seen by colleagues who may not know more."""
    try:
        yield
    except EngineError as error:
        if not database.is_secret or isinstance(error, LookInterrupted):
            raise
        refusal = SecretSourceFailed(cause=error.code, transient=error.transient)
    else:
        return
    raise refusal


def capture(
    dataset: Dataset,
    *,
    actor: Actor,
    note: str = "",
    progress: Progress = quietly,
    should_stop: Callable[[], bool] = never,
) -> tuple[DatasetVersion, bool]:
    """Bring the rows of a dataset from its source into the store and into its replica.

    Returns the newest version and whether it is new. Every step may be done again: what the store holds is recorded
    first, unchanged rows make no version, a replica is built once for a version.
    """
    if dataset.database.is_secret:
        raise SecretNotCaptured()
    source = bound_source(dataset.database)
    if source is None:
        raise SourceNotBound()
    record_published(dataset, actor=actor)
    newest_before = dataset.latest
    with opened(source) as found, named_for_people(dataset):
        rows = _rows(found, dataset, progress, should_stop)
        published = version_store().publish(
            dataset.store_table, full=rows, key=tuple(dataset.key), note=note[:300]
        )
    progress(9, 10, "Đang ghi nhận phiên bản", "Recording the version")
    version = record_captured(actor=actor, dataset=dataset, version=published)
    put_into_replica(dataset, version, actor=actor)
    return version, newest_before is None or newest_before.number != version.number


def record_published(dataset: Dataset, *, actor: Actor) -> None:
    """Record versions that the store published before a capture was cut off."""
    last = dataset.latest
    for version in version_store().versions(dataset.store_table):
        if version.number > (last.number if last else 0):
            record_captured(actor=actor, dataset=dataset, version=version)


def put_into_replica(dataset: Dataset, version: DatasetVersion, *, actor: Actor) -> None:
    """Answer from this version from now on; nothing is done when its replica is there already."""
    path = replica_path(dataset)
    if version.replica_at is not None and path.exists():
        return
    refresh_replica(version_store(), dataset.store_table, version.number, path, sets=change_sets(dataset))
    mark_replica_built(actor=actor, version=version)


def _rows(source: OpenSource, dataset: Dataset, progress: Progress, should_stop: Callable[[], bool]) -> Any:
    """The chosen columns of the table, for the store to read once; it lets the source go before it compares them."""
    table = source.table(dataset.table.name)
    columns = list(dataset.columns) or [column.name for column in table.columns]
    known = {column.name for column in table.columns}
    missing = [column for column in columns if column not in known]
    if missing:
        raise ColumnsGone(table=table.name, columns=", ".join(missing[:5]))
    expected = max(table.rows or dataset.table.rows or 0, 1)

    def told(percent: float) -> None:
        done = round(max(percent, 0.0) * expected / 100)
        progress(round(max(percent, 0.0)) * 8, 1000, f"Đã đọc {done} dòng", f"{done} rows read")

    return rows_of(source, table, columns, on_percent=told, should_stop=should_stop)


@contextmanager
def named_for_people(dataset: Dataset) -> Iterator[None]:
    """Errors of the store name the dataset as people know it, not the table behind it."""
    try:
        yield
    except EngineError as error:
        if error.facts.get("table") != dataset.store_table:
            raise
        named = type(error)(**(error.facts | {"table": f"“{dataset.name}”"}))
    else:
        return
    raise named
