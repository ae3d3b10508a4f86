"""A table in which engines like to differ, published as versions: spellings, padding, zones, scales, edges of types."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lienthong.engine.store.ducklake import DuckLakeStore

TABLE = "cu_dan"
_NAMES = (
    "'Nguyễn Thị Hòa'", "nfc_normalize('Hoà') || 'ng Văn Đức'", "strip_accents('Lê') || chr(770) || ' Hữu'", "'Phạm Văn A  '",
    "' Trần  B'", "''", "'   '", "NULL", "'không có'", "'😀 Zalo'", "'abc' || chr(160)", "chr(12288) || '漢字'", "'a|b:3'", "'-'", "'N/A'",
    "'Nguyá»…n'", "'<b>x</b> &amp;'", "chr(9) || 'tab' || chr(11)", "'o''Brien \\ \"q\"'", "'ĐẶNG ỨNG' || chr(8203)", "'Ｆｕｌｌ'",
    "'한글'", "'123456'", "'ﬁn'", "'İstanbul'", "'KHÔNG'",
)  # fmt: skip
_DOUBLES = (
    "0.1 + 0.2", "1.5", "-0.0", "0.0", "1e22", "1e-7", "123456789.125", "'nan'", "'inf'", "'-inf'", "NULL", "2e-3", "100.0",
    "1.0 / 3", "5e-324", "1.7976931348623157e308", "999999999999999.0", "0.0001", "12345678.9",
)  # fmt: skip


def _chosen(values: tuple[str, ...], kind: str) -> str:
    cases = " ".join(f"WHEN {number} THEN CAST({value} AS {kind})" for number, value in enumerate(values))
    return f"CASE hash(i * 31 + {len(values)}) % {len(values)} {cases} END"


def _rows(first: int, last: int, shift: int = 0) -> str:
    return f"""
        SELECT CAST(i AS BIGINT) AS ma, {_chosen(_NAMES, "VARCHAR")} AS ho_ten,
          lpad(CAST((i * 7919 + {shift}) % 999999999999 AS VARCHAR), 12, '0') AS so_dinh_danh,
          CASE i % 11 WHEN 0 THEN NULL WHEN 1 THEN 0.00 WHEN 2 THEN -1.50 WHEN 3 THEN 9999999999999.99
            ELSE ((i * 37 + {shift}) % 1000000) / 100 END::DECIMAL(15,2) AS so_tien,
          CASE i % 5 WHEN 0 THEN 0.0000000001 WHEN 1 THEN 12345678901234567890.0123456789 ELSE i END::DECIMAL(38,10) AS he_so,
          {_chosen(_DOUBLES, "DOUBLE")} AS do_do,
          CASE i % 9 WHEN 0 THEN 9223372036854775807 WHEN 1 THEN -9223372036854775808 WHEN 2 THEN -999 WHEN 3 THEN NULL
            ELSE i END::BIGINT AS so_lon,
          CASE i % 4 WHEN 0 THEN true WHEN 1 THEN false END AS con_song,
          CASE i % 13 WHEN 0 THEN DATE '1900-01-01' WHEN 1 THEN DATE '0001-01-01' WHEN 2 THEN DATE '9999-12-31' WHEN 3 THEN NULL
            WHEN 4 THEN DATE '1582-10-10' WHEN 5 THEN DATE '12000-02-03' ELSE DATE '1950-01-01' + CAST(i % 25000 AS INTEGER) END AS ngay_sinh,
          CASE i % 7 WHEN 0 THEN TIMESTAMP '2024-02-29 23:59:59.999999' WHEN 1 THEN TIMESTAMP '1890-05-05 01:02:03' WHEN 2 THEN NULL
            ELSE TIMESTAMP '2020-01-01' + INTERVAL (i * 1234567) MICROSECONDS END AS luc_ghi,
          CASE i % 6 WHEN 0 THEN NULL WHEN 1 THEN TIMESTAMPTZ '2024-10-27 02:30:00.5+07' ELSE
            TIMESTAMPTZ '1975-04-30 11:30:00+08' + INTERVAL (i) MINUTES END AS luc_gui,
          CASE i % 8 WHEN 0 THEN NULL WHEN 1 THEN ''::BLOB ELSE encode('đ' || i) END AS anh,
          CASE i % 3 WHEN 0 THEN NULL ELSE {{'a': i % 100, 'tên': 'Hòa'}}::JSON END AS them
        FROM range({first}, {last}) t(i)"""


def publish(folder: Path, rows: int) -> DuckLakeStore:
    """Three versions of the table: all rows, one file more, and some rows changed and removed."""
    store = DuckLakeStore(folder)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        most = rows * 7 // 10
        store.publish(TABLE, full=connection.sql(_rows(0, most)), key=["ma"])
        added = connection.sql(f"SELECT *, 'insert' AS _change FROM ({_rows(most, rows)})")
        store.publish(TABLE, changes=added)
        changed = connection.sql(
            f"SELECT *, CASE WHEN ma % 200 = 0 THEN 'delete' ELSE 'update' END AS _change FROM ({_rows(0, rows, 5)}) "
            "WHERE ma % 100 = 0"
        )
        store.publish(TABLE, changes=changed)
    return store
