"""SQL Server, held to recorded rows of its catalogue: no live server is at hand."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lienthong.engine.errors import DriverMissing, EngineError
from lienthong.engine.shapes import ForeignKey
from lienthong.engine.sources import open_source
from lienthong.engine.sources.tests.recorded import DriverError, Recording, playing
from lienthong.engine.sources.tests.test_postgresql import assert_silent

ADDRESS = "mssql://doc@10.0.0.8/HoTich"

CATALOGUE: dict[str, Any] = {
    "SET LOCK_TIMEOUT": [],
    "FROM sys.objects o": [
        (11, "dbo", "Tỉnh", "U", "Tỉnh, thành phố", 1, 0),
        (12, "kho", "Hồ ]sơ", "U", None, 1, 0),
        (13, "dbo", "Mật", "U", None, 0, 0),
        (14, "dbo", "Xem", "V", None, 1, 0),
        (15, "dbo", "Cũ", "U", None, 1, 1),
    ],
    "FROM sys.columns c": [
        (11, "Mã", "varchar", "varchar", 2, 0, 0, False, False, 1, "Mã tỉnh"),
        (11, "Tên", "nvarchar", "TenGoi", 120, 0, 0, True, False, 2, None),
        (12, "Id", "bigint", "bigint", 8, 19, 0, False, False, 1, None),
        (12, "Tỉnh", "varchar", "varchar", 2, 0, 0, True, False, 2, None),
        (12, "Phí", "money", "money", 8, 19, 4, True, False, 3, None),
        (12, "Lúc", "datetimeoffset", "datetimeoffset", 10, 34, 7, True, False, 4, None),
        (12, "Gấp", "int", "int", 4, 10, 0, True, True, 5, None),
        (12, "Vùng", None, "geography", -1, 0, 0, True, False, 6, None),
        (14, "X", "bit", "bit", 1, 1, 0, True, False, 1, None),
        (15, "Y", "date", "date", 3, 10, 0, True, False, 1, None),
    ],
    "FROM sys.key_constraints": [(11, "Mã"), (12, "Id")],
    "FROM sys.foreign_keys": [(90, 12, "Tỉnh", 11, "Mã")],
    "sys.allocation_units": [(11, 16384), (12, 81920)],
    "FROM sys.partitions p WHERE": [(11, 63, 1), (12, 2, 3)],
    "FROM [dbo].[Tỉnh]": pa.table({"c0": ["01", "79"], "c1": ["Hà Nội", None]}),
    "FROM [kho].[Hồ ]]sơ]": pa.table(
        {
            "c0": pa.array([1, 2], pa.int64()), "c1": ["01", "01"],
            "c2": pa.array([Decimal("1.5000"), None], pa.decimal128(19, 4)),
            "c3": pa.array([None, None], pa.timestamp("us")), "c4": pa.array([2, 4], pa.int32()),
            "c5": pa.array([b"\x01", None], pa.binary()),
        }
    ),
    "FROM [dbo].[Xem]": pa.table({"c0": pa.array([True, False], pa.bool_())}),
    "FROM [dbo].[Cũ]": pa.table({"c0": pa.array([], pa.date32())}),
}  # fmt: skip


def test_the_catalogue_is_taken_over_and_rows_are_counted() -> None:
    recording = Recording(CATALOGUE)
    with playing("mssql_python", recording), open_source(ADDRESS, password="p") as source:
        seen = source.look()

    assert len([sql for sql in recording.asked if " sys." in sql]) == 6
    tables = {one.table.name: one.table for one in seen.tables}
    assert list(tables) == ["Tỉnh", "kho.Hồ ]sơ", "Xem", "Cũ"]
    assert (tables["Tỉnh"].comment, tables["Tỉnh"].rows, tables["Tỉnh"].size_bytes) == (
        "Tỉnh, thành phố", 63, 16384,
    )  # fmt: skip
    assert tables["kho.Hồ ]sơ"].foreign_keys == (ForeignKey(("Tỉnh",), "Tỉnh", ("Mã",)),)
    assert tables["kho.Hồ ]sơ"].partitions == ("1", "2", "3")
    assert [(c.type, c.native_type, c.generated) for c in tables["kho.Hồ ]sơ"].columns] == [
        ("integer", "bigint", False), ("text", "varchar(2)", False), ("decimal", "money", False),
        ("timestamp", "datetimeoffset", False), ("integer", "int", True), ("binary", "geography", False),
    ]  # fmt: skip
    assert tables["Tỉnh"].columns[1].native_type == "nvarchar(60)"
    assert [(t.kind, t.native_kind) for t in tables.values()] == [
        ("table", "table"), ("table", "partitioned table"), ("view", "view"), ("table", "history table"),
    ]  # fmt: skip
    found = {c.name: (c.nulls, c.distinct, c.max) for c in seen.tables[1].profile.columns}
    assert found["Phí"] == (1, 1, 1.5)
    assert found["Gấp"] == (0, 2, 4)
    assert {(one.code, str(one.place)) for one in seen.findings} == {
        ("partitions_counted_once", "kho.Hồ ]sơ"),
        ("table_not_permitted", "Mật"),
    }
    read = next(sql for sql in recording.asked if "[Hồ ]]sơ]" in sql)
    assert "CAST(SWITCHOFFSET([Lúc], '+00:00') AS datetime2(6)) AS c3" in read
    assert "[Vùng].STAsBinary() AS c5" in read
    assert all(sql.startswith(("SELECT", "SET LOCK_TIMEOUT")) for sql in recording.asked)


def test_the_session_is_bounded_and_awkward_passwords_arrive_whole() -> None:
    recording = Recording(CATALOGUE)
    with (
        playing("mssql_python", recording),
        open_source(f"{ADDRESS}?trust_server_certificate=yes", password="bí }mật;x") as source,
    ):
        assert source._session.timeout == 900  # type: ignore[attr-defined]
        assert source.display == ADDRESS

    (opened,) = recording.opened
    (text,) = opened["given"]
    assert "PWD={bí }}mật;x}" in text
    assert "Server={10.0.0.8,1433};Database=HoTich;Encrypt=yes;TrustServerCertificate=yes" in text
    assert "ApplicationIntent=ReadOnly" in text
    assert opened["timeout"] == 10
    assert "SET LOCK_TIMEOUT 10000" in recording.asked


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("Driver Error: Invalid authorization specification; DDBC Error: Login failed for user", "source.wrong_password"),
        ("Driver Error: Client unable to establish connection; DDBC Error: [Microsoft]…", "source.unreachable"),
        ("Driver Error: Client unable to establish connection; DDBC Error: SSL Provider: certificate", "source.tls_failed"),
        ("DDBC Error: Cannot open database \"X\" requested by the login.", "source.not_found"),
        ("Driver Error: Connection operation failed; DDBC Error: Failed to load the driver.", "source.driver_missing"),
        ("Driver Error: something else", "source.refused"),
    ],
)  # fmt: skip
def test_refusals_at_the_door_are_told_apart_and_say_nothing_of_the_driver(said: str, ours: str) -> None:
    refusal = DriverError(f"{said} Pwd=bí mật")
    with playing("mssql_python", Recording({"connect": refusal})), pytest.raises(EngineError) as refused:
        open_source(ADDRESS, password="bí mật")

    assert refused.value.code == ours
    assert_silent(refused.value, "bí mật")


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("Communication link failure", "source.lost"),
        ("Timeout expired", "source.timed_out"),
        ("DDBC Error: Lock request time out period exceeded.", "source.table_locked"),
    ],
)
def test_faults_while_rows_come_are_told(said: str, ours: str) -> None:
    recording = Recording(CATALOGUE | {"after the rows": DriverError(f"Driver Error: {said}")})
    with (
        playing("mssql_python", recording),
        open_source(ADDRESS) as source,
        pytest.raises(EngineError) as lost,
    ):
        source.profile("Tỉnh")

    assert lost.value.code == ours


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mssql_python", None)

    with pytest.raises(DriverMissing) as missing:
        open_source(ADDRESS)

    assert "lienthong[sqlserver]" in missing.value.text("vi")
