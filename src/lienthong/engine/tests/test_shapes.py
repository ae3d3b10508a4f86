"""The forms that other programs rely on."""

from __future__ import annotations

import json
import pickle

import pytest

from lienthong.engine.shapes import (
    COLUMN_TYPES,
    Column,
    ColumnProfile,
    Finding,
    ForeignKey,
    Look,
    LookedTable,
    Place,
    Table,
    TableProfile,
)


def a_look() -> Look:
    table = Table(
        name="wards",
        columns=(Column("code", "text", nullable=False), Column("area", "double")),
        primary_key=("code",),
        foreign_keys=(ForeignKey(("code",), "districts", ("code",)),),
    )
    profile = TableProfile(
        "wards",
        3,
        (
            ColumnProfile("code", "text", 3, 0, 3, "00001", "00007", 5, 5),
            ColumnProfile("area", "double", 3, 1, 2, 1.5, 2),
        ),
    )
    return Look("x.db", (LookedTable(table, profile),), (Finding("irregular_rows", Place("wards")),))


def test_the_published_form_of_a_look_keeps_its_keys() -> None:
    form = a_look().as_json()

    assert form["source"] == "x.db"
    table = form["tables"][0]
    assert (table["name"], table["rows"], table["primary_key"]) == ("wards", 3, ["code"])
    assert table["foreign_keys"] == [{"columns": ["code"], "ref_table": "districts", "ref_columns": ["code"]}]
    code = table["columns"][0]
    assert {key: code[key] for key in ("name", "type", "nulls", "distinct", "min", "max")} == {
        "name": "code", "type": "text", "nulls": 0, "distinct": 3, "min": "00001", "max": "00007",
    }  # fmt: skip
    assert json.loads(json.dumps(form)) == form


def test_a_look_can_be_pickled_and_compared() -> None:
    assert pickle.loads(pickle.dumps(a_look())) == a_look()


def test_a_table_gives_its_columns_by_name() -> None:
    looked = a_look().tables[0]

    assert looked.table.column("area").type == "double"
    assert looked.profile.column("area").nulls == 1
    with pytest.raises(KeyError):
        looked.table.column("nothing")


def test_there_are_ten_column_types() -> None:
    assert len(COLUMN_TYPES) == 10


def test_a_place_reads_from_table_to_row() -> None:
    assert str(Place("wards", "name", ("00001",))) == "wards.name[00001]"
