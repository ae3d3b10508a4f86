"""The table of the benchmarks of store, sync and serve: citizens, twelve columns, made by PostgreSQL from fixed seeds."""

from __future__ import annotations

import psycopg

ROWS = 2_000_000
COLUMNS = (
    "so_thu_tu", "so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh", "ma_tinh", "ma_xa", "dia_chi", "thu_nhap",
    "so_ho", "tao_luc", "sua_luc",
)  # fmt: skip
KEY = "so_thu_tu"
TABLE = "citizen"

DDL = """
CREATE TABLE {name} (
    so_thu_tu bigint NOT NULL, so_dinh_danh varchar(12) NOT NULL, ho_ten text NOT NULL, ngay_sinh date,
    gioi_tinh smallint, ma_tinh varchar(2), ma_xa varchar(5), dia_chi text, thu_nhap numeric(15, 2), so_ho integer,
    tao_luc timestamp NOT NULL, sua_luc timestamp NOT NULL)
"""

# `h(n)` is a number that belongs to the row and to the column n, the same at every run.
_ROWS = """
INSERT INTO {name}
SELECT i, lpad((h1 % 97)::text, 3, '0') || lpad((i % 1000000000)::text, 9, '0'),
       (ARRAY['Nguyễn','Trần','Lê','Phạm','Hoàng','Huỳnh','Phan','Vũ','Đặng','Bùi','Đỗ','Hồ','Ngô','Dương'])[1 + h1 % 14]
       || ' ' || (ARRAY['Văn','Thị','Hữu','Đức','Thanh','Minh','Ngọc','Quốc'])[1 + h2 % 8] || ' '
       || (ARRAY['An','Bình','Chi','Dũng','Giang','Hà','Hạnh','Hùng','Khánh','Lan','Linh','Mai','Nam','Nga','Phúc',
                 'Quân','Sơn','Thảo','Tú','Vân','Việt','Yến'])[1 + h3 % 22],
       date '1930-01-01' + (h4 % 34000)::int, (h2 % 2)::smallint, lpad((h5 % 34)::text, 2, '0'),
       lpad((h5 % 3321)::text, 5, '0'),
       CASE WHEN h6 % 20 = 0 THEN NULL ELSE 'Số ' || h6 % 900 || ', tổ ' || h7 % 40 || ', phường Đông Hòa ' || h5 % 3321 END,
       CASE WHEN h7 % 7 = 0 THEN NULL ELSE (h8 % 4000000000)::numeric / 100 END, (h3 % 600000)::int,
       timestamp '2015-01-01' + (h8 % 300000000) * interval '1 second',
       timestamp '2015-01-01' + i * interval '10 seconds' + (h1 % 1000000) * interval '1 microsecond'
FROM (SELECT i, {hashes} FROM generate_series({first}, {last}) i) AS numbered
"""
_HASHES = ", ".join(f"abs(hashint8extended(i, {n}) >> 1) AS h{n}" for n in range(1, 9))


def fill(session: psycopg.Connection, name: str = TABLE, rows: int = ROWS) -> None:
    """Make the table with its key and so many rows. Cost: about ten seconds of the server for two million."""
    session.execute(DDL.format(name=name).encode())
    session.execute(_ROWS.format(name=name, hashes=_HASHES, first=1, last=rows).encode())
    session.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({KEY})".encode())
    session.execute(f"ANALYZE {name}".encode())


def change(
    session: psycopg.Connection, name: str = TABLE, *, share: float = 0.01, turn: int = 1, deletes: int = 0
) -> dict[str, int]:
    """Change this share of the rows, spread over all keys; a hundredth as many come new, and `deletes` go. Counts of each.

    `sua_luc` moves with every change, and lies behind every moment of an earlier turn.
    """
    found = session.execute(f"SELECT count(*), max({KEY}) FROM {name}".encode()).fetchone()
    assert found is not None
    rows, last = int(found[0]), int(found[1])
    every = round(1 / share)
    moment = f"timestamp '2017-01-01' + interval '{turn} days' + {KEY} * interval '1 millisecond'"
    updated = session.execute(
        f"UPDATE {name} SET dia_chi = 'Chuyển đến lần {turn}, số ' || {KEY} % 977, sua_luc = {moment} "
        f"WHERE hashint8extended({KEY}, {1000 + turn}) % {every} = 0".encode()
    ).rowcount
    inserted = max(1, round(rows * share / 100))
    session.execute(_ROWS.format(name=name, hashes=_HASHES, first=last + 1, last=last + inserted).encode())
    session.execute(f"UPDATE {name} SET sua_luc = {moment} WHERE {KEY} > {last}".encode())
    deleted = 0
    if deletes:
        deleted = session.execute(
            f"DELETE FROM {name} WHERE {KEY} IN (SELECT {KEY} FROM {name} WHERE {KEY} <= {last} "
            f"ORDER BY hashint8extended({KEY}, {2000 + turn}) LIMIT {deletes})".encode()
        ).rowcount
    return {"updated": updated, "inserted": inserted, "deleted": deleted}
