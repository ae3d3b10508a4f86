"""Work on a version by the engine that was chosen: DuckDB here, or Spark where the configuration names it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

import duckdb

from lienthong.engine.clusters.digesting import digest_files
from lienthong.engine.clusters.errors import EngineUnknown
from lienthong.engine.clusters.measuring import (
    ColumnMeasures,
    OnColumn,
    asked_of,
    measure_here,
    measure_on,
    read_here,
)
from lienthong.engine.clusters.opening import Engine, named_cluster, open_cluster
from lienthong.engine.evidence.digests import RowDigest, digest_query
from lienthong.engine.session import ShouldStop
from lienthong.engine.store.keeping import Verified
from lienthong.engine.store.versions import Version

ENGINE = "LIENTHONG_ENGINE"


class Versions(Protocol):
    """What is needed of a store of versions."""

    def version(self, table: str, number: int | None = None) -> Version:
        """The record of one version."""
        ...

    def files(self, table: str, version: int | None = None) -> Sequence[Path | str]:
        """Parquet files that together hold exactly its rows."""
        ...


@dataclass(frozen=True, slots=True)
class VersionMeasures:
    """What an engine found in a version: its digest beside the one on record, and the measures of each column."""

    version: Version
    engine: Engine
    digest: str
    columns: tuple[ColumnMeasures, ...]

    @property
    def holds(self) -> bool:
        """Whether the rows still give the digest on record."""
        return self.digest == self.version.digest


def chosen_engine(asked: str | None = None, environment: Mapping[str, str] | None = None) -> Engine:
    """The engine that was asked for, else the one that `LIENTHONG_ENGINE` names, else DuckDB. Raises EngineUnknown."""
    known = os.environ if environment is None else environment
    name = asked or known.get(ENGINE, "").strip().lower() or "duckdb"
    for engine in get_args(Engine):
        if engine == name:
            return engine  # type: ignore[no-any-return]
    raise EngineUnknown(engine=name)


def measured_version(
    store: Versions,
    table: str,
    number: int | None = None,
    *,
    engine: Engine = "duckdb",
    only_digest: bool = False,
    on_progress: OnColumn | None = None,
    should_stop: ShouldStop | None = None,
) -> VersionMeasures:
    """Read a version from its files by this engine: its digest, and unless `only_digest` the measures of its columns.

    Digest, measures and rules are the same by either. Raises Interrupted when `should_stop` says so, and ClusterErrors.
    """
    version = store.version(table, number)
    address = named_cluster() if engine == "spark" else None
    files = store.files(table, version.number)
    columns = version.native_columns()
    with duckdb.connect() as connection:
        asked = [] if only_digest else asked_of(connection, files, table, version.columns)
        if address is None:
            connection.execute("SET TimeZone = 'UTC'")
            relation = read_here(files)
            counted = connection.execute(digest_query(relation, columns)).fetchone()
            digest, found = RowDigest.of(counted or ()), measure_here(connection, relation, asked)
        else:
            with open_cluster(address) as cluster:
                digest = digest_files(cluster, files, columns)
                found = (
                    measure_on(cluster, files, asked, on_progress=on_progress, should_stop=should_stop)
                    if asked
                    else []
                )
    return VersionMeasures(version, engine, str(digest), tuple(found))


def verified_by(engine: Engine, store: Versions, table: str, number: int) -> Verified:
    """A version read again by this engine and held against its record, as the store does it here.

    A cluster reads rows, not their hidden hashes: `damaged` rows are not told apart, the digest tells that there are some.
    """
    found = measured_version(store, table, number, engine=engine, only_digest=True)
    version = found.version
    return Verified(version.table, version.number, version.digest, found.digest, version.rows, 0)
