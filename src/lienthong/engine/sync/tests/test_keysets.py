"""Removed rows are told from counts and hashes of keys, wherever the keys lie and however often a run asks."""

from __future__ import annotations

import json
import random

import psycopg
import pytest

from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan

LEAST, MOST = -(1 << 63), (1 << 63) - 1


def keys_of(session: psycopg.Connection, table: str) -> list[object]:
    return [row[0] for row in session.execute(f"SELECT id FROM {table} ORDER BY id".encode())]


DENSE = list(range(1, 4001))
SPARSE = [number * 1_000_003_777 for number in range(-1500, 1500)]
ENDS = [LEAST, LEAST + 1, *range(-700, 700), MOST - 1, MOST]
FAR_APART = [*range(1, 2000), 1 << 62]


@pytest.mark.parametrize("vacuumed", [True, False])
@pytest.mark.parametrize(
    ("kind", "keys"),
    [("bigint", DENSE), ("bigint", SPARSE), ("bigint", ENDS), ("bigint", FAR_APART), ("smallint", DENSE), ("integer", DENSE),
     ("text", [f"mã {number}" for number in DENSE])],
    ids=["dense", "sparse", "ends", "far apart", "smallint", "integer", "text"],
)  # fmt: skip
def test_every_removed_row_is_found_and_no_other(
    postgres: str, kind: str, keys: list[object], vacuumed: bool
) -> None:
    chance = random.Random(f"{kind} {len(keys)} {vacuumed}")
    plan = SyncPlan(
        Side(postgres, "goc"), Side(postgres, "ban_sao"), ("id",), watermark="luc", overlap_seconds=60,
        create=True, guard_share=None, job="khoa",
    )  # fmt: skip
    with psycopg.connect(postgres, autocommit=True) as session:
        for table in ("goc", "ban_sao", "lienthong_sync_state", "lienthong_sync_aside"):
            session.execute(f"DROP TABLE IF EXISTS {table}".encode())
        session.execute(f"CREATE TABLE goc (id {kind} PRIMARY KEY, luc timestamp)".encode())
        with session.cursor() as cursor:
            cursor.executemany("INSERT INTO goc VALUES (%s, '2026-01-01')", [(key,) for key in keys])
        run_sync(plan)
        held = list(keys)
        # Some go alone, some beside others, one goes while another comes with an old mark: what lies in one group differs.
        for removed, come_late in ((1, 0), (40, 0), (0, 3), (5, 5), (len(keys) // 2, 2), (0, 0)):
            if vacuumed:
                session.execute(b"VACUUM ANALYZE goc")
            gone = chance.sample(held, removed)
            late = chance.sample(sorted(set(keys) - set(held)), min(come_late, len(keys) - len(held)))
            session.execute(b"DELETE FROM goc WHERE id = ANY(%s)", (gone,))
            with session.cursor() as cursor:
                cursor.executemany("INSERT INTO goc VALUES (%s, '2020-01-01')", [(key,) for key in late])
            held = sorted((set(held) - set(gone)) | set(late))

            # when
            run = run_sync(plan)

            # then
            assert run.rung == "watermark"
            assert (run.deleted, run.inserted) == (removed, len(late))
            assert sorted(keys_of(session, "ban_sao")) == sorted(held)


def test_three_keys_at_the_ends_of_all_numbers_are_told_apart(postgres: str) -> None:
    # given so few keys that one group would hold all numbers there are
    plan = SyncPlan(
        Side(postgres, "goc3"),
        Side(postgres, "ban_sao3"),
        ("id",),
        create=True,
        guard_share=None,
        job="khoa 3",
    )
    with psycopg.connect(postgres, autocommit=True) as session:
        session.execute(b"CREATE TABLE goc3 (id bigint PRIMARY KEY)")
        with session.cursor() as cursor:
            cursor.executemany("INSERT INTO goc3 VALUES (%s)", [(LEAST,), (0,), (MOST,)])
        run_sync(plan)
        for gone in (MOST, LEAST):
            session.execute(b"DELETE FROM goc3 WHERE id = %s", (gone,))
            # when, then
            assert run_sync(plan).deleted == 1
            assert keys_of(session, "ban_sao3") == keys_of(session, "goc3")


@pytest.mark.parametrize("far", [0, 1 << 62], ids=["a table that outgrew its groups", "one number far off"])
def test_groups_of_keys_stay_small(postgres: str, far: int) -> None:
    # given a target without an index, which is never asked for one key after the other
    plan = SyncPlan(
        Side(postgres, "goc4"), Side(postgres, "ban_sao4"), ("id",), guard_share=None, job=f"khoa {far}"
    )
    state = "SELECT fields FROM lienthong_sync_state WHERE job = 'khoa {}'"
    with psycopg.connect(postgres, autocommit=True) as session:
        session.execute(b"DROP TABLE IF EXISTS goc4, ban_sao4")
        session.execute(b"CREATE TABLE goc4 (id bigint PRIMARY KEY); CREATE TABLE ban_sao4 (id bigint)")
        session.execute(b"INSERT INTO goc4 VALUES (%s)", (far,))
        run_sync(plan)
        run_sync(plan)
        session.execute(b"INSERT INTO goc4 SELECT n FROM generate_series(1, 140000) n")
        run_sync(plan)
        # when
        session.execute(b"DELETE FROM goc4 WHERE id IN (3, 139000)")
        run = run_sync(plan)
        # then
        assert (run.deleted, run.inserted) == (2, 0)
        assert keys_of(session, "ban_sao4") == keys_of(session, "goc4")
        told = session.execute(state.format(far).encode()).fetchone()
        keys = json.loads(str(told[0] if told else ""))["keys"]
        assert 100 < len(keys["groups"]) // 32 < 2000


def test_a_row_is_removed_only_when_the_source_itself_lacks_it(postgres: str) -> None:
    # given a copy that somebody has taken a row from, and put another in for it
    plan = SyncPlan(
        Side(postgres, "goc2"),
        Side(postgres, "ban_sao2"),
        ("id",),
        watermark="luc",
        create=True,
        job="khoa 2",
    )
    with psycopg.connect(postgres, autocommit=True) as session:
        session.execute(b"CREATE TABLE goc2 (id bigint PRIMARY KEY, luc timestamp)")
        session.execute(b"INSERT INTO goc2 SELECT n, '2026-01-01' FROM generate_series(1, 3000) n")
        run_sync(plan)
        run_sync(plan)
        session.execute(b"DELETE FROM ban_sao2 WHERE id = 7")
        session.execute(b"DELETE FROM goc2 WHERE id IN (7, 1000)")

        # when
        run = run_sync(plan)

        # then the one that was gone already is no error, and nothing else is removed
        assert run.deleted == 1
        assert keys_of(session, "ban_sao2") == keys_of(session, "goc2")
