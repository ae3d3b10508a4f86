"""Rows that go from one PostgreSQL to another as they are: where one side or the other does not play along."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from lienthong.engine.sync.errors import TargetUnfit
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan, SyncRun

from .databases import asked


@pytest.fixture(scope="module")
def source(postgres_databases: Callable[[], str]) -> str:
    return postgres_databases()


@pytest.fixture(scope="module")
def target(postgres_databases: Callable[[], str]) -> str:
    return postgres_databases()


def followed(source: str, target: str, table: str, **more: Any) -> SyncRun:
    given: dict[str, Any] = {"create": True, "job": table} | more
    return run_sync(SyncPlan(Side(source, table), Side(target, table), ("id",), **given))


@pytest.mark.parametrize("long", [10, 400], ids=["at the end of the copy", "in the middle of the copy"])
def test_a_row_refused_while_rows_stream_in_is_set_aside(source: str, target: str, long: int) -> None:
    # given a table whose own rule one row breaks, in a stream of one piece or of many
    table = f"dai_{long}"
    asked(
        source,
        f"CREATE TABLE {table} (id int PRIMARY KEY, v text)",
        f"INSERT INTO {table} SELECT n, repeat('x', {long}) FROM generate_series(1, 5000) n",
    )
    asked(target, f"CREATE TABLE {table} (id int PRIMARY KEY CHECK (id <> 7), v text)")

    # when
    run = followed(source, target, table)

    # then
    assert (run.inserted, [row.reason for row in run.aside]) == (4999, ["check_broken"])
    asked(source, f"DELETE FROM {table} WHERE id IN (7, 9)")
    run = followed(source, target, table)
    assert (run.deleted, run.set_aside) == (1, 0)


def test_a_target_of_partitions_is_followed_as_any_other(source: str, target: str) -> None:
    asked(
        source, "CREATE TABLE manh (id int PRIMARY KEY, v text)", "INSERT INTO manh SELECT n, 'v' FROM generate_series(1, 900) n"
    )  # fmt: skip
    asked(
        target,
        "CREATE TABLE manh (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
        "CREATE TABLE manh_0 PARTITION OF manh FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE manh_1 PARTITION OF manh FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
    )
    assert followed(source, target, "manh").inserted == 900
    asked(
        source,
        "UPDATE manh SET v = 'w' WHERE id < 4",
        "DELETE FROM manh WHERE id > 890",
        "INSERT INTO manh VALUES (0, 'm')",
    )
    run = followed(source, target, "manh")
    assert (run.inserted, run.updated, run.deleted) == (1, 3, 10)


def test_a_view_is_no_target(source: str, target: str) -> None:
    asked(source, "CREATE TABLE nhin (id int PRIMARY KEY)")
    asked(target, "CREATE TABLE goc (id int PRIMARY KEY)", "CREATE VIEW nhin AS SELECT * FROM goc")
    with pytest.raises(TargetUnfit) as refused:
        followed(source, target, "nhin")
    assert "khung nhìn" in refused.value.text("vi")


def test_a_key_that_inheriting_tables_repeat_is_never_followed_as_one(source: str, target: str) -> None:
    # given a parent whose key says nothing of its children
    asked(
        source,
        "CREATE TABLE cha (id int PRIMARY KEY, v text)",
        "CREATE TABLE con () INHERITS (cha)",
        "INSERT INTO cha VALUES (1, 'cha'), (2, 'cha')",
    )
    followed(source, target, "cha")
    asked(source, "INSERT INTO con VALUES (1, 'con')", "UPDATE cha SET v = 'moi' WHERE id = 1")
    # when both rows of a key changed, nobody can say which of them counts
    run = followed(source, target, "cha")
    assert {row.reason for row in run.aside} == {"key_repeated"}
    assert asked(target, "SELECT v FROM cha WHERE id = 1") == [("cha",)]


def test_a_source_of_which_only_columns_may_be_read_is_followed_another_way(source: str, target: str) -> None:
    # given an account that may read two columns, and nothing of the rows' transactions
    reader = f"doc_{secrets.token_hex(3)}"
    asked(
        source,
        "CREATE TABLE hep (id int PRIMARY KEY, v text, kin text)",
        "INSERT INTO hep SELECT n, 'v', 'k' FROM generate_series(1, 50) n",
        f"CREATE ROLE {reader} LOGIN PASSWORD 'x'",
        f"GRANT SELECT (id, v) ON hep TO {reader}",
    )
    url = re.sub(r"//[^@]*@", f"//{reader}:x@", source)
    try:
        followed(url, target, "hep")
        asked(source, "DELETE FROM hep WHERE id = 3", "UPDATE hep SET v = 'w' WHERE id = 4")
        run = followed(url, target, "hep")
    finally:
        asked(source, f"DROP OWNED BY {reader}", f"DROP ROLE {reader}")
    assert (run.rung, run.updated, run.deleted) == ("digests", 1, 1)
