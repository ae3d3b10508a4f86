"""Oracle, held to recorded rows of its catalogue: no live server is at hand."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lienthong.engine.errors import DriverMissing, EngineError
from lienthong.engine.shapes import ForeignKey
from lienthong.engine.sources import open_source
from lienthong.engine.sources.tests.recorded import Recording, oracle_error, playing
from lienthong.engine.sources.tests.test_postgresql import assert_silent

ADDRESS = "oracle://doc@10.0.0.9/HOTICH"

ROWS = pa.table(
    {
        "C0": pa.array([Decimal(1), Decimal(2)], pa.decimal128(9, 0)),
        "C1": ["Hà Nội", None],
        "C2": pa.array([Decimal("1.50"), None], pa.decimal128(12, 2)),
    }
)
CATALOGUE: dict[str, Any] = {
    "CURRENT_SCHEMA": [("DOC",)],
    "all_tab_partitions": [("HOTICH", "KHAI_SINH", "P2024"), ("HOTICH", "KHAI_SINH", "P2025")],
    "dba_segments": oracle_error("ORA-00942"),
    "FROM all_objects": [
        ("HOTICH", "KHAI_SINH", "TABLE", "Khai sinh", 120),
        ("HOTICH", "XEM", "VIEW", None, None),
        ("DOC", "DM_TINH", "TABLE", None, 63),
    ],
    "FROM all_tab_cols": [
        ("DOC", "DM_TINH", "ID", "NUMBER", 9, 0, 0, "N", None, "NO"),
        ("HOTICH", "KHAI_SINH", "ID", "NUMBER", 9, 0, 0, "N", "Số thứ tự", "NO"),
        ("HOTICH", "KHAI_SINH", "HO_TEN", "NVARCHAR2", None, None, 60, "Y", None, "NO"),
        ("HOTICH", "KHAI_SINH", "LE_PHI", "NUMBER", 12, 2, 0, "Y", None, "YES"),
        ("HOTICH", "XEM", "X", "DATE", None, None, 0, "Y", None, "NO"),
        ("HOTICH", "XEM", "Y", "TIMESTAMP(6) WITH TIME ZONE", None, 6, 0, "Y", None, "NO"),
        ("HOTICH", "XEM", "Z", "NUMBER", None, None, 0, "Y", None, "NO"),
        ("HOTICH", "XEM", "B", "BLOB", None, None, 0, "Y", None, "NO"),
        ("HOTICH", "XEM", "O", "SDO_GEOMETRY", None, None, 0, "Y", None, "NO"),
    ],
    "FROM all_constraints": [
        ("DOC", "DM_TINH", "PK_T", "P", "ID", None, None, None),
        ("HOTICH", "KHAI_SINH", "FK_T", "R", "ID", "DOC", "DM_TINH", "ID"),
        ("HOTICH", "KHAI_SINH", "PK_K", "P", "ID", None, None, None),
    ],
    "SET TRANSACTION READ ONLY": [],
    'FROM "HOTICH"."KHAI_SINH"': ROWS,
    'FROM "DOC"."DM_TINH"': pa.table({"C0": pa.array([], pa.decimal128(9, 0))}),
}


def test_the_catalogue_is_taken_over_and_rows_are_counted() -> None:
    xem = oracle_error("ORA-01031")
    recording = Recording(CATALOGUE | {'FROM "HOTICH"."XEM"': xem})
    with playing("oracledb", recording), open_source(ADDRESS, password="bí mật") as source:
        seen = source.look()
        asked = [sql for sql in recording.asked if " all_" in sql or "dba_" in sql]
        tables = {table.name: table for table in source.tables()}

    assert len(asked) == 5, "the number of questions does not grow with the tables"
    assert list(tables) == ["HOTICH.KHAI_SINH", "HOTICH.XEM", "DM_TINH"]
    births = tables["HOTICH.KHAI_SINH"]
    assert (births.comment, births.rows, births.partitions) == ("Khai sinh", 120, ("P2024", "P2025"))
    assert births.foreign_keys == (ForeignKey(("ID",), "DM_TINH", ("ID",)),)
    assert [(c.type, c.native_type, c.nullable, c.generated) for c in births.columns] == [
        ("integer", "NUMBER(9,0)", False, False),
        ("text", "NVARCHAR2(60)", True, False),
        ("decimal", "NUMBER(12,2)", True, True),
    ]
    assert [c.type for c in tables["HOTICH.XEM"].columns] == [
        "timestamp", "timestamp", "decimal", "binary", "text",
    ]  # fmt: skip
    looked = {one.table.name: one.profile for one in seen.tables}
    assert {name: profile.rows for name, profile in looked.items()} == {"HOTICH.KHAI_SINH": 2, "DM_TINH": 0}
    found = [(c.name, c.type, c.nulls, c.distinct, c.min) for c in looked["HOTICH.KHAI_SINH"].columns]
    assert found == [
        ("ID", "integer", 0, 2, 1), ("HO_TEN", "text", 1, 1, "Hà Nội"), ("LE_PHI", "decimal", 1, 1, 1.5),
    ]  # fmt: skip
    assert {(one.code, str(one.place)) for one in seen.findings} == {
        ("partitions_counted_once", "HOTICH.KHAI_SINH"),
        ("sizes_unknown", "*"),
        ("table_unreadable", "HOTICH.XEM"),
    }


def test_columns_are_read_in_a_form_that_loses_nothing() -> None:
    recording = Recording(CATALOGUE | {'FROM "HOTICH"."XEM"': oracle_error("ORA-00942")})
    with playing("oracledb", recording), open_source(ADDRESS) as source:
        with pytest.raises(EngineError) as gone:
            source.profile("HOTICH.XEM")
        with pytest.raises(EngineError):
            source.read_arrow("HOTICH.XEM")

    (read, _) = [sql for sql in recording.asked if '"XEM"' in sql]
    assert read == (
        'SELECT CAST("X" AS TIMESTAMP) AS c0, CAST(SYS_EXTRACT_UTC("Y") AS TIMESTAMP) AS c1, '
        'CAST("Z" AS BINARY_DOUBLE) AS c2, DBMS_LOB.SUBSTR("B", 2000, 1) AS c3, '
        'CASE WHEN "O" IS NOT NULL THEN \'SDO_GEOMETRY\' END AS c4 FROM "HOTICH"."XEM"'
    )
    assert gone.value.code == "source.table_gone"
    assert "SET TRANSACTION READ ONLY" in recording.asked
    assert all(sql.startswith(("SELECT", "SET TRANSACTION READ ONLY")) for sql in recording.asked)


def test_rows_can_be_read() -> None:
    with playing("oracledb", Recording(CATALOGUE)), open_source(ADDRESS) as source:
        rows = source.read_arrow("HOTICH.KHAI_SINH").read_all().to_pylist()

    assert rows == [
        {"ID": 1, "HO_TEN": "Hà Nội", "LE_PHI": Decimal("1.50")},
        {"ID": 2, "HO_TEN": None, "LE_PHI": None},
    ]


def test_the_session_is_bounded_and_the_password_goes_to_the_driver_alone() -> None:
    recording = Recording(CATALOGUE)
    with playing("oracledb", recording), open_source(f"{ADDRESS}?protocol=tcps", password="bí mật") as source:
        assert source._session.call_timeout == 900_000  # type: ignore[attr-defined]
        assert source.display == "oracle://doc@10.0.0.9/HOTICH"

    (opened,) = recording.opened
    assert (opened["host"], opened["port"], opened["service_name"]) == ("10.0.0.9", 1521, "HOTICH")
    assert (opened["protocol"], opened["password"], opened["program"]) == ("tcps", "bí mật", "lienthong")
    assert recording.closed == 1


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("ORA-01017", "source.wrong_password"),
        ("DPY-6005", "source.unreachable"),
        ("ORA-12514", "source.not_found"),
        ("ORA-12519", "source.busy"),
        ("ORA-12170", "source.timed_out"),
        ("ORA-99999", "source.refused"),
    ],
)
def test_refusals_at_the_door_are_told_apart_and_say_nothing_of_the_driver(code: str, ours: str) -> None:
    with (
        playing("oracledb", Recording({"connect": oracle_error(code)})),
        pytest.raises(EngineError) as refused,
    ):
        open_source(ADDRESS, password="bí mật")

    assert refused.value.code == ours
    assert_silent(refused.value, "bí mật")


def test_a_line_that_breaks_while_rows_come_is_told() -> None:
    recording = Recording(CATALOGUE | {"after the rows": oracle_error("DPY-4011")})
    with playing("oracledb", recording), open_source(ADDRESS) as source, pytest.raises(EngineError) as lost:
        source.profile("HOTICH.KHAI_SINH")

    assert lost.value.code == "source.lost"
    assert_silent(lost.value, "bí mật")


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "oracledb", None)

    with pytest.raises(DriverMissing) as missing:
        open_source(ADDRESS)

    assert "lienthong[oracle]" in missing.value.text("vi")
    assert "lienthong[oracle]" in missing.value.hint("en")
