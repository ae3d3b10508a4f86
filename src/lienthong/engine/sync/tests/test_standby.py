"""A replica of PostgreSQL that may only be read, as a source: followed as its primary is, until it takes over from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from lienthong.engine.errors import EngineError
from lienthong.engine.sources import open_source
from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sync.errors import TargetReadOnly
from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan
from tests.servers import running_standby

from .databases import asked


@pytest.fixture
def servers(postgres_server: str, postgres_databases: Callable[[], str]) -> Iterator[tuple[str, str, str]]:
    """A database on the primary, the same on its replica, and another one that is no replica's."""
    source, target = postgres_databases(), postgres_databases()
    # A replica that waits for nobody: who reads what the primary has cleared away is cut off at once.
    with running_standby(postgres_server, max_standby_streaming_delay="0") as standby:
        yield source, standby.rpartition("/")[0] + "/" + source.rpartition("/")[2], target


def arrived(primary: str, standby: str) -> None:
    """Wait until the replica has what the primary has."""
    written = asked(primary, "SELECT pg_current_wal_insert_lsn()")[0][0]
    until = time.monotonic() + 30
    while not asked(standby, f"SELECT pg_last_wal_replay_lsn() >= '{written}'")[0][0]:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_replica_is_followed_until_it_takes_over(servers: tuple[str, str, str]) -> None:
    # given a copy of what the replica has
    primary, standby, target = servers
    asked(
        primary,
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT n, 'v' FROM generate_series(1, 900) n",
    )
    arrived(primary, standby)
    plan = SyncPlan(Side(standby, "t"), Side(target, "t"), ("id",), create=True)
    assert run_sync(plan).inserted == 900
    # when rows change at the primary, they come with the transactions that wrote them there
    asked(primary, "UPDATE t SET v = 'w' WHERE id < 4", "DELETE FROM t WHERE id = 9")
    arrived(primary, standby)
    run = run_sync(plan)
    assert (run.rung, run.updated, run.deleted) == ("xmin", 3, 1)
    assert reconcile(Side(standby, "t"), Side(target, "t"), settle_seconds=0).equal
    # and it is no target
    with pytest.raises(TargetReadOnly):
        run_sync(SyncPlan(Side(target, "t"), Side(standby, "t"), ("id",)))
    # when a reader stands in the way of what the primary cleared away, it is told that a repeat may help
    with open_source(standby) as source:
        assert isinstance(source, PostgresqlSource)
        source.told("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        source.told("SELECT count(*) FROM t")
        asked(primary, "UPDATE t SET v = 'x' WHERE id > 800", "VACUUM t")
        arrived(primary, standby)
        with pytest.raises(EngineError) as cut_off:
            source.told("SELECT count(*) FROM t")
        assert cut_off.value.transient
    run_sync(plan)
    # when it takes over, numbers of transactions may be given out anew: the contents are compared once
    asked(standby, "SELECT pg_promote()", "UPDATE t SET v = 'y' WHERE id = 1")
    run = run_sync(plan)
    assert (run.rung, run.updated) == ("digests", 1)
    assert "lên thay" in run.choice_vi
    assert run_sync(plan).rung == "xmin"
