"""Documents of JSON: every array of objects is a table, wherever it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lienthong.engine.errors import FileMalformed, SourceEmpty, SourceTooLarge
from lienthong.engine.shapes import ForeignKey, Look
from lienthong.engine.sources import open_source

DOCUMENT = {
    "thông tin": {"đơn vị": "Sở X", "ngày lập": "05/03/2025"},
    "kết quả": {
        "hồ sơ": [
            {
                "mã": "001", "họ tên": "An", "địa chỉ": {"xã": "Phường A", "tỉnh": {"mã": "01"}}, "diện tích": "1.234,5",
                "giấy tờ": [{"loại": "CCCD", "số": "001099000001"}, {"loại": "Hộ chiếu", "số": "C1234567"}],
                "nhãn": ["a", "b"],
            },
            {"mã": "002", "họ tên": "Bình", "địa chỉ": {"xã": "Phường B"}, "giấy tờ": [], "ngày sinh": "1990-01-02"},
        ]
    },
}  # fmt: skip


def look(path: Path, content: Any) -> Look:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
    with open_source(str(path)) as source:
        return source.look()


def types(look: Look) -> dict[str, dict[str, str]]:
    return {t.table.name: {c.name: c.type for c in t.profile.columns} for t in look.tables}


def test_arrays_become_tables_and_children_point_at_their_records(tmp_path: Path) -> None:
    seen = look(tmp_path / "x.json", DOCUMENT)

    assert types(seen) == {
        "kết quả.hồ sơ": {
            "mã": "text", "họ tên": "text", "địa chỉ.xã": "text", "địa chỉ.tỉnh.mã": "text", "diện tích": "double",
            "nhãn": "text", "ngày sinh": "date",
        },
        "kết quả.hồ sơ.giấy tờ": {"kết quả.hồ sơ.mã": "text", "loại": "text", "số": "text"},
        "x": {"thông tin.đơn vị": "text", "thông tin.ngày lập": "date"},
    }  # fmt: skip
    parent, child, _ = (table.table for table in seen.tables)
    assert parent.primary_key == ("mã",)
    assert child.foreign_keys == (ForeignKey(("kết quả.hồ sơ.mã",), "kết quả.hồ sơ", ("mã",)),)
    assert [table.profile.rows for table in seen.tables] == [2, 2, 1]
    told = seen.tables[0].reading
    assert told is not None
    assert (told.encoding, told.conversions["diện tích"]) == ("utf-8", {"decimal_comma": 1})


def test_records_without_a_key_of_their_own_are_given_one(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    seen = look(path, [{"a": 1, "b": [{"c": 1}, {"c": 2}]}, {"a": 1, "b": [{"c": 3, "d": [{"e": True}]}]}])

    assert types(seen) == {
        "x": {"_id": "integer", "a": "integer"},
        "x.b": {"_id": "integer", "x._id": "integer", "c": "integer"},
        "x.b.d": {"x.b._id": "integer", "e": "boolean"},
    }
    with open_source(str(path)) as source:
        assert source.read_arrow("x.b").read_all().to_pydict() == {
            "_id": [1, 2, 3], "x._id": [1, 1, 2], "c": [1, 2, 3],
        }  # fmt: skip


def test_lines_that_are_no_json_are_set_aside_with_their_number(tmp_path: Path) -> None:
    seen = look(tmp_path / "x.jsonl", '{"a":1,"t":"01/02/2024"}\n\nkhông phải\n{"a":2,"t":"15/02/2024"}\n')

    assert types(seen) == {"x": {"a": "integer", "t": "date"}}
    told = seen.tables[0].reading
    assert told is not None
    assert [(row.number, row.reason) for row in told.skipped_rows] == [(3, "broken")]


def test_numbers_too_long_and_keys_named_twice_lose_nothing(tmp_path: Path) -> None:
    seen = look(tmp_path / "x.json", '[{"a": 12345678901234567890, "b": 1, "b": 2}, {"a": 5, "b": 3}]')

    found = {c.name: (c.type, c.min, c.max) for c in seen.tables[0].profile.columns}
    assert found == {
        "a": ("text", "12345678901234567890", "5"), "b": ("integer", 1, 3), "b_2": ("integer", 2, 2),
    }  # fmt: skip
    assert "duplicate_keys" in {finding.code for finding in seen.findings}


def test_other_forms_of_documents(tmp_path: Path) -> None:
    point = {
        "type": "Feature",
        "properties": {"tên": "Trạm 1"},
        "geometry": {"type": "Point", "coordinates": [105.8, 21.5]},
    }
    cases: list[tuple[str, Any, dict[str, dict[str, str]]]] = [
        ("a.json", [["Mã", "Tên"], ["01", "Hà Nội"], ["02", "Huế"]], {"a": {"Mã": "text", "Tên": "text"}}),
        (
            "b.json",
            {"01": {"tên": "A"}, "02": {"tên": "B"}, "03": {"tên": "C"}},
            {"b": {"key": "text", "tên": "text"}},
        ),
        ("c.json", [1, 2, 3], {"c": {"value": "integer"}}),
        ("d.json", '{"a": 1}\n{"a": 2}\n', {"d": {"a": "integer"}}),
        (
            "e.geojson",
            {"type": "FeatureCollection", "features": [point]},
            {"e": {"tên": "text", "geometry.type": "text", "longitude": "double", "latitude": "double"}},
        ),
        ("f.json", json.dumps([{"tên": "Huế"}], ensure_ascii=False).encode("utf-16"), {"f": {"tên": "text"}}),
    ]
    for name, content, expected in cases:
        assert types(look(tmp_path / name, content)) == expected, name


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("", SourceEmpty),
        ("[]", SourceEmpty),
        ("{nothing", FileMalformed),
        ("[" * 60_000 + "]" * 60_000, SourceTooLarge),
        (json.dumps([{f"c{n}": n for n in range(6000)}]), SourceTooLarge),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        look(tmp_path / "x.json", content)
