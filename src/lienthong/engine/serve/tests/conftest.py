"""A store with one table of every kind of value, and the replica of it."""

import duckdb
import pytest

from lienthong.engine.serve.building import build_replica
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore

KINDS = """
SELECT lpad((i * 7)::VARCHAR, 5, '0') AS code,
       CASE WHEN i % 11 = 0 THEN NULL WHEN i % 2 = 0 THEN 'Xã Đông ' || i ELSE 'Phường "Tây", ' || i END AS
       name, i::INTEGER AS number,
       (i * 1.25 - 40)::DECIMAL(9,2) AS area,
       ((i - 50)::DECIMAL(38,0) * 10000000000000000000000::DECIMAL(23,0))::DECIMAL(38,0) AS wide,
       CASE WHEN i = 3 THEN 'NaN'::DOUBLE ELSE i / 8.0 END::DOUBLE AS share,
       i % 3 = 0 AS open,
       DATE '1899-12-30' + (i * 500)::INTEGER AS day,
       TIME '07:30:00' + INTERVAL 1 MILLISECOND * (i * 500) AS hour,
       TIMESTAMP '2026-11-20 07:30:00' + INTERVAL 1 MILLISECOND * (i * 250) AS seen,
       (TIMESTAMPTZ '2026-11-20 07:30:00+07' + INTERVAL 1 HOUR * i) AS sent,
       ('{"n": ' || i || '}')::JSON AS extra,
       encode('b' || i) AS raw
FROM range(100) r(i)
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    made = DuckLakeStore(tmp_path_factory.mktemp("serve") / "store", threads=1)
    made.publish("kinds", full=duckdb.connect().sql(KINDS), key=("code",))
    yield made
    made.close()


@pytest.fixture(scope="session")
def built(store, tmp_path_factory):
    path = tmp_path_factory.mktemp("replicas") / "kinds.sqlite"
    build_replica(store, "kinds", 1, path, indexes=["number"])
    return path


@pytest.fixture
def replica(built):
    opened = Replica(built)
    yield opened
    opened.close()
