"""Make what is served: two million rows captured, a service on them with masks, an account with a key.

Run as a process with the settings of an installation of its own; prints one line of JSON.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import django

ROWS = 2_000_000
KEY = "so_dinh_danh"
MASKED = {"dien_thoai": "partial", "ngay_sinh": "partial"}
CITIZENS = """
SELECT printf('%012d', 1000000000 + i * 379) AS so_dinh_danh,
       ['Nguyễn','Trần','Lê','Phạm','Hoàng','Vũ','Đặng','Bùi'][1 + h(i) % 8] || ' ' ||
       ['Văn','Thị','Đức','Minh','Ngọc','Hữu'][1 + h(i + 1) % 6] || ' ' ||
       ['An','Bình','Chi','Dũng','Giang','Hạnh','Khánh','Linh','Mai','Nam'][1 + h(i + 2) % 10] AS ho_ten,
       DATE '1940-01-01' + (h(i + 3) % 29000)::INTEGER AS ngay_sinh,
       (h(i + 4) % 2)::SMALLINT AS gioi_tinh,
       printf('%02d', 1 + h(i + 5) % 96) AS ma_tinh,
       printf('%05d', h(i + 6) % 33000) AS ma_xa,
       CASE WHEN h(i + 7) % 20 = 0 THEN NULL ELSE 'Số ' || h(i + 8) % 900 || ' đường Lê Lợi' END AS dia_chi,
       CASE WHEN h(i + 9) % 7 = 0 THEN NULL ELSE (h(i + 10) % 10000000000) / 100 END::DECIMAL(15, 2) AS thu_nhap,
       (h(i + 11) % 700000)::BIGINT AS so_ho,
       '09' || printf('%08d', h(i + 12) % 100000000) AS dien_thoai,
       TIMESTAMP '2021-01-01' + INTERVAL 1 SECOND * (h(i + 13) % 100000000) AS tao_luc,
       TIMESTAMP '2025-01-01' + INTERVAL 1 SECOND * (h(i + 14) % 40000000) AS cap_nhat_luc
FROM range({rows}) r(i)
"""


def main() -> None:
    """Build the installation, unless it stands already."""
    data, rows = Path(sys.argv[1]), int(sys.argv[2])
    told = data / "serving.json"
    if not told.is_file():
        django.setup()
        from django.core.management import call_command
        from django.db import transaction

        call_command("migrate", verbosity=0)
        # In one transaction: what follows from it, such as the search for overlaps, comes after.
        with transaction.atomic():
            found = _built(data, rows)
        told.write_text(json.dumps(found))
    print(told.read_text())


def _built(data: Path, rows: int) -> dict[str, object]:
    import duckdb

    from lienthong.agencies.demo import fill_agencies
    from lienthong.catalogue.commands import confirm_fields, put_into_operation
    from lienthong.catalogue.demo import make_database, make_dataset
    from lienthong.foundation.accounts.actor import SYSTEM
    from lienthong.inventory.demo import capture_now, make_source, survey_now
    from lienthong.law.commands import load_law
    from lienthong.sharing.demo import make_account, make_service

    load_law()
    folder = data / "source"
    folder.mkdir(exist_ok=True)
    # What is looked at first is small: the shape is what counts there.
    connection = duckdb.connect()
    connection.execute("CREATE MACRO h(x) AS (hash(x) % 2147483648)::BIGINT")
    connection.execute(f"COPY ({CITIZENS.format(rows=1000)}) TO '{folder}/cong_dan.parquet' (FORMAT parquet)")
    agencies = fill_agencies()["agencies"]
    database = make_database(agencies["H99"], managing_unit=agencies["H99.01"])
    make_source(database, folder)
    survey_now(database)
    confirm_fields(actor=SYSTEM, database=database)
    dataset = make_dataset(database, name="Công dân", key=[KEY], slug_text="cong-dan")
    connection.execute(f"COPY ({CITIZENS.format(rows=rows)}) TO '{folder}/cong_dan.parquet' (FORMAT parquet)")
    capture_now(dataset)
    put_into_operation(actor=SYSTEM, database=database)
    dataset.refresh_from_db()
    columns = [column["name"] for column in dataset.latest.columns]
    service = make_service(dataset, code="cong-dan", columns=columns, masked=MASKED, capacity=2_000_000_000)
    _, key = make_account(service, agencies["H99.11"], daily_quota=2_000_000_000)
    _for_peer(data / "peer.db", connection, rows)
    return {"key": key, "rows": rows, "columns": len(columns)}


def _for_peer(path: Path, connection: object, rows: int) -> None:
    """The same rows as one table of an SQLite file."""
    path.unlink(missing_ok=True)
    plain = sqlite3.connect(path)
    found = connection.execute(  # type: ignore[attr-defined]
        f"SELECT * REPLACE (CAST(ngay_sinh AS VARCHAR) AS ngay_sinh, CAST(thu_nhap AS VARCHAR) AS thu_nhap, "
        f"CAST(tao_luc AS VARCHAR) AS tao_luc, CAST(cap_nhat_luc AS VARCHAR) AS cap_nhat_luc) "
        f"FROM ({CITIZENS.format(rows=rows)}) ORDER BY {KEY}"
    )
    names = [column[0] for column in found.description]
    plain.execute(f"CREATE TABLE cong_dan ({', '.join(names)}, PRIMARY KEY ({KEY}))")
    while batch := found.fetchmany(50_000):
        plain.executemany(f"INSERT INTO cong_dan VALUES ({', '.join('?' * len(names))})", batch)
    plain.commit()
    plain.close()


if __name__ == "__main__":
    main()
