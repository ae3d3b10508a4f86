"""Every condition of the rules, asked of texts one by one: the cluster says what DuckDB says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from lienthong.engine.clusters.opening import Cluster
from lienthong.engine.clusters.sparksql import condition_sql, is_firm_text
from lienthong.engine.portable import CONDITIONS, PLACEHOLDERS

TEXTS = (
    "", " ", "  ", "\t", "a\n", "a\x0b", " a", "a ", "a  b", "\u00a0a", "-", "--", "…", "N/A", "n/a ", "null", "Không", "KHÔNG", "kHông có",
    "không rõ", "Đang cập nhật", "đang cap nhat", "000000", "111111", "00000", "9999999", "01/01/1900", "1/1/1900", "1900-01-01 00:00:00",
    "a@b.vn", "A.b-c@x-y.gov.vn", "a@b", "a b@c.vn", "a@b.vn\n", "0912345678", "+84 912 345 678", "84912345678", "0281234567", "02838221234",
    "1900 1234", "0168 123 4567", "0101234567", "0100109106", "0100109106-001", "0100109107", "012345678", "001099012345", "01099012345",
    "001.099.012.345", "79A-123.45", "29-A1 123.45", "80NG12345", "51ĐA-0001", "B1234567", "b1234567", "GD4797912345678", "DN479 7912345678",
    "http://a.vn", "HTTPS://x", "www.a", "ftp://", "nam", "Nữ", "NỮ", "Nam giới", "trai", "1999", "2099", "1899", "12.5", "-1,234.50", "+5 %", "5%%",
    "1e5", "٣", "<b>", "</br>", "a < b", "&nbsp;", "&#160;", "Ã©", "áº¡", "Nguyá»…n", "Ä‘", "Ho?ng", "a?", "?a", "â€œ", "\ufffd", "\x7f", "\x1f",
    "\u00ad", "\u200b", "Hòa", "Hoà", "Ho\u0300a", "Nguyễn Văn A", "A1", "X", "#N/A", "(null)", "\\N", "o'Brien", "a\\b", "`x`", "😀", "😀 a",
    "漢字", "한글", "İ", "ı", "ß", "ﬁ", "Ｆ", "０１２３４５６７８９", "a\u2028b", "\u3000", "a\x00b", "k co", "chưa có", "tbd", "NaN", "bỏ trống",
    "a" * 61, "0" * 200, "không khai báo      ", "12/13/2020", "2024-02-30", "phường Ba Đình",
)  # fmt: skip


def conditions_on(cluster: Cluster, folder: Path) -> dict[str, Any]:
    """How many texts were asked how much, and each condition in which the cluster differs, with the texts."""
    texts = [one for one in TEXTS if "\x00" not in one]
    asked = {f"{name}": one for name, one in CONDITIONS.items() if name != "no_day"}
    asked |= {"placeholder_text": next(one for one in PLACEHOLDERS if "text" in one.types)}
    with duckdb.connect() as connection:
        path = folder / "texts.parquet"
        connection.execute("CREATE TABLE t (i INTEGER, v VARCHAR)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(texts)))
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        plain = CONDITIONS["plain_digits"]
        here = connection.execute(
            f"SELECT i, v, {', '.join(one.sql('duckdb', 'v') for one in asked.values())} "
            f"FROM (SELECT *, {plain.sql('duckdb', 'v')} AS plain FROM t) ORDER BY i"
        ).fetchall()
    cluster.view("texts", [path])
    there = cluster.rows(
        f"SELECT i, v, {', '.join(condition_sql(one, 'v') for one in asked.values())}, {is_firm_text('v')} "
        f"FROM (SELECT *, {condition_sql(plain, 'v')} AS plain FROM texts) ORDER BY i"
    )
    differing: dict[str, list[str]] = {}
    firm = 0
    for ours, (*theirs, is_firm) in zip(here, there, strict=True):
        if not is_firm:
            continue
        firm += 1
        for name, left, right in zip(asked, ours[2:], theirs[2:], strict=True):
            if left != right:
                differing.setdefault(name, []).append(ours[1])
    return {"values": firm, "asked": len(asked), "differing": differing}
