"""A pool of connections before PostgreSQL: one that hands out by the transaction is refused, and nothing is left in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing

import psycopg
import pytest

from lienthong.engine.errors import SourcePooled
from lienthong.engine.sources import open_source
from lienthong.engine.sync.opening import open_target
from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan

from .databases import asked

PoolBefore = Callable[[str, str], AbstractContextManager[str]]


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_a_pool_that_hands_out_by_the_transaction_is_refused(
    new_postgres_database: str, pool_before: PoolBefore, mode: str
) -> None:
    # given a pool in which a session's statements may be carried out anywhere
    with pool_before(new_postgres_database, mode) as pooled:
        # when it is read from or written to
        for act in (lambda: open_source(pooled), lambda: open_target(Side(pooled, "t"), create=True)):
            with pytest.raises(SourcePooled) as refused:
                act()
            assert "pool_mode = session" in refused.value.hint("vi")
        # then its other users find their connections as they were
        with closing(psycopg.connect(pooled, autocommit=True)) as other:
            for _ in range(6):
                assert other.execute("SHOW default_transaction_read_only", prepare=False).fetchone() == (
                    "off",
                )


def test_a_pool_that_hands_out_by_the_session_is_as_good_as_the_server(
    postgres_databases: Callable[[], str], pool_before: PoolBefore
) -> None:
    source, target = postgres_databases(), postgres_databases()
    asked(
        source,
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT n, 'v' FROM generate_series(1, 500) n",
    )
    with pool_before(source, "session") as pooled:
        sides = [
            Side(pooled.rpartition("/")[0] + "/" + url.rpartition("/")[2], "t") for url in (source, target)
        ]
        plan = SyncPlan(sides[0], sides[1], ("id",), create=True)
        assert run_sync(plan).inserted == 500
        asked(source, "UPDATE t SET v = 'w' WHERE id < 4", "DELETE FROM t WHERE id = 9")
        run = run_sync(plan)
        assert (run.rung, run.updated, run.deleted) == ("xmin", 3, 1)
        assert reconcile(*sides, settle_seconds=0).equal
