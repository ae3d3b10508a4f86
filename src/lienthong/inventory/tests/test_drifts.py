"""What changed between two looks is told, the gravest first, and a change of name is not taken for a loss."""

from __future__ import annotations

from typing import Any

import pytest

from lienthong.foundation.tracing import carries
from lienthong.inventory.drifts import DRIFTS, drifts_between, tables_unread, text_of_drift


def column(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    usual = {"nulls": 0, "distinct": 500, "min": None, "max": None, "nullable": True, "comment": None}
    return usual | {"name": name, "type": kind, "native_type": None} | more


def table(name: str, *columns: dict[str, Any], rows: int = 1000, **more: Any) -> dict[str, Any]:
    usual = {"primary_key": [], "foreign_keys": [], "kind": "table", "comment": None, "partitions": []}
    return usual | {"name": name, "rows": rows, "columns": list(columns), "size_bytes": None} | more


def told(
    before: list[dict[str, Any]], after: list[dict[str, Any]], **more: Any
) -> list[tuple[str, str, str]]:
    return [(one["code"], one["table"], one["column"]) for one in drifts_between(before, after, **more)]


MA, TEN = column("ma", distinct=1000, min="001", max="999"), column("ten", distinct=900)


@carries("INV-01")
def test_tables_and_columns_that_came_and_went_are_told_the_gravest_first() -> None:
    before = [table("xa", MA, TEN, column("cu", distinct=7)), table("bo", column("x", "integer"))]
    after = [table("xa", MA, TEN, column("moi", "date")), table("them", column("y", "date"), rows=3)]

    assert told(before, after) == [
        ("table_gone", "bo", ""),
        ("column_gone", "xa", "cu"),
        ("column_new", "xa", "moi"),
        ("table_new", "them", ""),
    ]
    assert told(after, after) == []


def test_a_table_that_could_not_be_read_is_not_gone() -> None:
    findings = [
        {"code": "table_unreadable", "place": "bo", "evidence": {"error": "source.table_locked"}},
        {"code": "table_unreadable", "place": "mat", "evidence": {"error": "source.table_gone"}},
    ]

    assert tables_unread(findings) == {"bo"}
    assert told([table("xa", MA), table("bo", TEN)], [table("xa", MA)], unread={"bo"}) == []


class TestNames:
    def test_a_column_under_a_new_name_is_known_by_what_is_in_it(self) -> None:
        after = [table("xa", column("ma_xa", distinct=1010, min="001", max="999"), TEN)]
        assert told([table("xa", MA, TEN)], after) == [("column_renamed", "xa", "ma_xa")]

    def test_another_column_at_the_same_place_is_no_change_of_name(self) -> None:
        after = [table("xa", column("ghi_chu", distinct=3, nulls=900), TEN)]
        assert told([table("xa", MA, TEN)], after) == [
            ("column_gone", "xa", "ma"),
            ("column_new", "xa", "ghi_chu"),
        ]

    def test_another_type_is_no_change_of_name(self) -> None:
        after = [table("xa", column("ma_xa", "integer", distinct=1000), TEN)]
        assert [code for code, _, _ in told([table("xa", MA, TEN)], after)] == ["column_gone", "column_new"]

    def test_each_old_column_has_one_new_name(self) -> None:
        before = [table("t", column("a1", distinct=10), column("a2", distinct=10))]
        after = [table("t", column("b1", distinct=10), column("b2", distinct=10))]
        renamed = {one["column"]: one["was"] for one in drifts_between(before, after)}
        assert renamed == {"b1": "a1", "b2": "a2"}

    def test_a_table_under_a_new_name_keeps_its_history(self) -> None:
        after = [table("dm_xa", MA, TEN, column("moi", "date"), rows=1010)]
        before = [table("xa", MA, TEN), table("khac", column("z", "date"))]
        assert told(before, [*after, before[1]]) == [("table_gone", "xa", ""), ("table_new", "dm_xa", "")]
        after = [table("dm_xa", MA, TEN, rows=1010)]
        assert told(before, [*after, before[1]]) == [
            ("table_renamed", "dm_xa", ""),
            ("rows_changed", "dm_xa", ""),
        ]


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        (("integer", "integer"), ("integer", "bigint"), "type_widened"),
        (("integer", "int8"), ("integer", "int2"), "type_narrowed"),
        (("integer", "int(11)"), ("integer", "int"), None),
        (("text", "character varying(20)"), ("text", "character varying(50)"), "type_widened"),
        (("text", "varchar(50)"), ("text", "varchar(20)"), "type_narrowed"),
        (("text", "varchar(50)"), ("text", "text"), "type_widened"),
        (("text", "text"), ("text", "varchar(50)"), "type_narrowed"),
        (("text", "char(5)"), ("text", "varchar(5)"), "type_changed"),
        (("decimal", "numeric(9,2)"), ("decimal", "numeric(12,2)"), "type_widened"),
        (("decimal", "numeric(9,2)"), ("decimal", "numeric(9,0)"), "type_narrowed"),
        (("integer", None), ("decimal", None), "type_widened"),
        (("text", None), ("integer", None), "type_narrowed"),
        (("date", None), ("timestamp", None), "type_widened"),
        (("date", None), ("integer", None), "type_changed"),
        (("text", None), ("text", "varchar(9)"), None),
    ],
)
def test_a_type_that_takes_more_or_less_than_before(
    was: tuple[str, str | None], now: tuple[str, str | None], code: str | None
) -> None:
    before, after = (
        [table("t", column("c", kind, native_type=native, distinct=2))] for kind, native in (was, now)
    )
    assert told(before, after) == ([(code, "t", "c")] if code else [])


def test_keys_references_words_and_duties_of_columns() -> None:
    key = {"columns": ["ma"], "ref_table": "tinh", "ref_columns": ["ma"]}
    before = [
        table("xa", MA | {"nullable": False, "comment": "Mã"}, TEN, primary_key=["ma"], foreign_keys=[key])
    ]
    after = [
        table("xa", MA | {"comment": "Mã xã"}, TEN | {"nullable": False}, comment="Xã", partitions=["p1"])
    ]

    found = drifts_between(before, after)

    assert [text_of_drift(one, "vi") for one in found] == [
        "Cột xa.ma không còn bắt buộc",
        "Bảng xa đổi khóa chính: ma → –",
        "Bảng xa bỏ tham chiếu ma → tinh (ma)",
        "Mô tả của xa.ma đổi: “Mã” → “Mã xã”",
        "Cột xa.ten trở thành bắt buộc",
        "Mô tả của xa đổi: “–” → “Xã”",
        "Bảng xa: 0 → 1 phân vùng",
    ]
    assert [one["severity"] for one in found] == ["warning"] * 3 + ["info"] * 4


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        (1000, 0, "table_emptied"),
        (1000, 499, "rows_dropped"),
        (1000, 500, "rows_changed"),
        (1000, 3001, "rows_jumped"),
        (1000, 3000, "rows_changed"),
        (20, 9, "rows_changed"),
    ],
)
def test_rows_that_fell_or_rose_sharply(was: int, now: int, code: str) -> None:
    before, after = ([table("t", column("c", distinct=1), rows=rows)] for rows in (was, now))
    assert told(before, after) == [(code, "t", "")]


def test_columns_that_emptied_or_were_overwritten_and_tables_that_grew() -> None:
    before = [table("t", column("a", distinct=900), column("b", nulls=100), size_bytes=80 << 20)]
    after = [table("t", column("a", distinct=3), column("b", nulls=400), size_bytes=200 << 20)]

    texts = [text_of_drift(one, "vi") for one in drifts_between(before, after)]

    assert texts == [
        "Cột t.a chỉ còn 3 giá trị khác nhau (trước có 900)",
        "Cột t.b trống nhiều hơn hẳn: 10% → 40%",
        "Bảng t phình to: 80 → 200 MB",
    ]


def test_every_change_has_a_weight_and_words_in_both_languages() -> None:
    for code, (severity, vi, en) in DRIFTS.items():
        drift = {"code": code, "table": "xa", "column": "ma", "was": 999, "now": 1234567}
        assert severity in ("error", "warning", "info")
        assert "{" not in text_of_drift(drift, "vi") + text_of_drift(drift, "en")
        assert vi != en
    grown = {"code": "rows_changed", "table": "xa", "column": "", "was": 999, "now": 1234567}
    assert text_of_drift(grown, "vi") == "Bảng xa: 999 → 1.234.567 dòng"
    assert text_of_drift(grown, "en") == "Table xa: 999 → 1,234,567 rows"


def test_looks_kept_by_an_earlier_version_are_compared_without_guessing() -> None:
    old = {"name": "xa", "rows": 5, "columns": [{"name": "ma", "type": "text", "nulls": 0, "distinct": 5}]}
    assert told([old], [table("xa", column("ma", distinct=5, comment="Mã"), rows=5, partitions=["p"])]) == []
