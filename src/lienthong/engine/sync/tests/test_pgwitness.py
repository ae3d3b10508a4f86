"""PostgreSQL tells of its own tables: the cheapest way is taken, and the outcome is the same by each."""

import unicodedata
from dataclasses import replace

import psycopg
import pytest

from lienthong.engine.sync.disagreements import ReconcileStopped
from lienthong.engine.sync.errors import SyncStopped
from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan

ROWS = 60_000
TABLE = f"""
CREATE TABLE nguoi_dan (id bigint PRIMARY KEY, ho_ten text, thu_nhap numeric(12,2), luc timestamptz);
INSERT INTO nguoi_dan SELECT i, 'Nguyễn Văn ' || i, i / 4.0, timestamptz '2026-01-01 07:00+07' + i * interval '1 s'
FROM generate_series(1, {ROWS}) i;
ANALYZE nguoi_dan;
"""


@pytest.fixture(scope="module")
def copies(postgres_databases):
    """Two databases with the same table, and a function that runs a statement in one of them."""
    addresses = [postgres_databases() for _ in range(2)]
    for address in addresses:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(TABLE)
    return [Side(address, "nguoi_dan") for address in addresses]


def change(side, sql):
    with psycopg.connect(side.address, autocommit=True) as connection:
        connection.execute(sql)
        connection.execute("ANALYZE nguoi_dan")


def compared(copies, **wanted):
    return reconcile(*copies, settle_seconds=0, **wanted)


def test_equal_tables_few_differences_and_many(copies):
    certificate = compared(copies).certificate
    assert certificate.equal
    assert (certificate.form, certificate.method, certificate.left.hashed) == ("pg1", "total", "in_place")
    assert certificate.left.rows == ROWS

    # Few rows: found by buckets.
    change(copies[1], "UPDATE nguoi_dan SET ho_ten = 'khác' WHERE id IN (5, 31007)")
    change(copies[1], "DELETE FROM nguoi_dan WHERE id = 59003; INSERT INTO nguoi_dan VALUES (-3, 'thêm')")
    few = compared(copies).certificate
    assert (few.missing, few.extra, few.changed, few.method) == (1, 1, 2, "buckets")
    assert few.changed_columns == {"ho_ten": 2}

    # Many rows, all over the table: found in one pass over all marks.
    change(copies[1], "UPDATE nguoi_dan SET thu_nhap = thu_nhap + 1 WHERE id % 50 = 0")
    many = compared(copies, limit=3)
    assert (many.certificate.missing, many.certificate.extra, many.certificate.changed) == (
        1,
        1,
        2 + ROWS // 50,
    )
    assert many.certificate.method == "flat"
    assert len(many.differences) == 3

    # The digests that the flat pass told are those of a pass over everything.
    alone = reconcile(copies[0], copies[0]).certificate
    assert alone.left.digest == many.certificate.left.digest


def test_values_exchanged_between_two_rows_do_not_go_unseen(postgres_databases):
    sides = []
    for first, second in (("A", "B"), ("B", "A")):
        address = postgres_databases()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE TABLE t (id int PRIMARY KEY, v text)")
            connection.execute("INSERT INTO t VALUES (1, %s), (2, %s)", [first, second])
        sides.append(Side(address, "t"))

    found = compared(sides)

    assert found.certificate.form == "pg1"
    assert found.certificate.changed == 2


def test_a_row_that_moves_while_it_is_compared_is_counted_as_moved(postgres_databases):
    sides = [Side(postgres_databases(), "t") for _ in range(2)]
    for place, side in enumerate(sides):
        with psycopg.connect(side.address, autocommit=True) as connection:
            connection.execute("CREATE TABLE t (id int PRIMARY KEY, v text)")
            connection.execute("INSERT INTO t SELECT i, 'x' || i FROM generate_series(1, 50) i")
            if place:
                connection.execute("UPDATE t SET v = 'chưa tới' WHERE id = 7")

    def arrives(done, total, step):
        # The change that the copy had not yet received reaches it while rows are being looked for.
        if step == "read" and done < total:
            with psycopg.connect(sides[1].address, autocommit=True) as connection:
                connection.execute("UPDATE t SET v = 'x7' WHERE id = 7")

    found = compared(sides, on_progress=arrives, canonical=True)

    assert found.equal
    assert found.certificate.moved == 1
    assert found.certificate.left.digest == found.certificate.right.digest


def test_it_stops_when_it_is_asked_to(copies):
    with pytest.raises(ReconcileStopped):
        compared(copies, should_stop=lambda: True)


def test_a_run_that_compares_is_stopped_as_a_run(copies):
    # given a copy of its own, in step
    plan = SyncPlan(
        copies[0], replace(copies[1], table="ban_sao"), ("id",), rung="digests", create=True, job="dừng"
    )
    run_sync(replace(plan, rung="auto"))
    asked = iter(range(100))
    # when it is asked to stop while both sides are being compared
    with pytest.raises(SyncStopped):
        run_sync(plan, should_stop=lambda: next(asked) > 0, pauses=())
    # then it was, at once, and is no comparison that failed; the next run does it
    assert next(asked) < 5
    assert run_sync(plan).rung == "digests"


def test_text_in_nfd_is_equal_though_its_bytes_are_not(postgres_databases):
    sides = []
    for spelling in ("NFC", "NFD"):
        address = postgres_databases()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE TABLE t (id int PRIMARY KEY, v text, d jsonb)")
            value = unicodedata.normalize(spelling, "Phường Hòa Bình")
            connection.execute("INSERT INTO t SELECT i, %s || i, '{\"b\": 1, \"a\": [1.0]}' FROM generate_series(1, 9) i", [value])  # fmt: skip
        sides.append(Side(address, "t"))

    plain = compared(sides, columns=["id", "v"])
    documents = compared(sides)

    assert plain.equal
    assert plain.certificate.form == "c1"
    assert documents.equal
    assert (documents.certificate.form, documents.certificate.left.hashed) == ("c2", "here")
