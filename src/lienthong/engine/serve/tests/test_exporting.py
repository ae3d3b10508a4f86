"""Every format holds the same rows; Excel gets text as text."""

import csv
import hashlib
import io
import json
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from lienthong.engine.serve import errors, exporting
from lienthong.engine.serve.building import build_replica
from lienthong.engine.serve.exporting import FORMATS, export
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore


@pytest.fixture
def risky(tmp_path):
    store = DuckLakeStore(tmp_path / "store", threads=1)
    table = pa.table(
        {
            "code": ["00001", "00002", "00003", "00004"],
            "=note": ["=1+1", "@x", None, 'a;b "c"\nd'],
            "area": [1.5, -2.25, None, 1e9],
        }
    )
    store.publish("risky", full=table, key=("code",))
    build_replica(store, "risky", None, tmp_path / "risky.sqlite")
    yield Replica(tmp_path / "risky.sqlite"), store
    store.close()


def test_json_and_ndjson_show_what_pages_show(replica, store, tmp_path):
    pages = replica.page(limit=1000).rows
    for source, name in ((replica, "replica"), (store.at("kinds", 1), "version")):
        made = export(source, "json", tmp_path / f"{name}.json")
        lines = export(source, "ndjson", tmp_path / f"{name}.ndjson")

        assert json.loads(made.path.read_bytes()) == pages
        assert [json.loads(line) for line in lines.path.read_bytes().splitlines()] == pages
        assert made.rows == lines.rows == 100
        assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
        assert made.bytes == made.path.stat().st_size


def test_every_format_is_the_same_from_a_replica_and_from_a_version(replica, store, tmp_path):
    for name in ("csv", "csv_excel", "json"):
        one = export(
            replica, name, tmp_path / f"one.{name}", columns=["code", "area", "seen", "share", "open"]
        )
        two = export(
            store.at("kinds", 1),
            name,
            tmp_path / f"two.{name}",
            columns=["code", "area", "seen", "share", "open"],
        )
        if name == "json":
            assert json.loads(one.path.read_bytes()) == json.loads(two.path.read_bytes())
        else:
            assert one.path.read_bytes() == two.path.read_bytes()


def test_parquet_has_true_types(replica, store, tmp_path):
    one = pq.read_table(export(replica, "parquet", tmp_path / "one.parquet").path)
    two = pq.read_table(export(store.at("kinds", 1), "parquet", tmp_path / "two.parquet").path)

    assert one.schema.equals(two.schema)
    assert one.drop_columns(["extra"]).equals(two.drop_columns(["extra"]))
    assert str(one.schema.field("area").type) == "decimal128(9, 2)"
    assert str(one.schema.field("sent").type) == "timestamp[us, tz=UTC]"


def test_csv_for_machines(replica, tmp_path):
    raw = export(replica, "csv", tmp_path / "a.csv").path.read_bytes()
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8"))))

    assert raw.startswith(b'"code","name"')
    assert raw.splitlines()[1].startswith(b'"00000",,0,-40.00,')
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert len(rows) == 100
    assert rows[3] | {"wide": ""} == {
        "code": "00021",
        "name": 'Phường "Tây", 3',
        "number": "3",
        "area": "-36.25",
        "wide": "",
        "share": "",
        "open": "true",
        "day": "1904-02-08",
        "hour": "07:30:01.5",
        "seen": "2026-11-20T07:30:00.75",
        "sent": "2026-11-20T03:30:00Z",
        "extra": '{"n":3}',
        "raw": "YjM=",
    }


def test_csv_for_excel_has_no_formula(risky, tmp_path):
    replica, _ = risky
    raw = export(replica, "csv_excel", tmp_path / "a.csv").path.read_bytes()

    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["code", "'=note", "area"],
        ["00001", "'=1+1", "1,5"],
        ["00002", "'@x", "-2,25"],
        ["00003", "", ""],
        ["00004", 'a;b "c"\nd', "1000000000"],
    ]


def test_csv_for_machines_leaves_text_alone(risky, tmp_path):
    replica, _ = risky
    rows = list(csv.reader(io.StringIO(export(replica, "csv", tmp_path / "a.csv").path.read_text("utf-8"))))

    assert rows[1][1] == "=1+1"


def test_xlsx_keeps_codes_and_dates(replica, risky, tmp_path):
    book = CalamineWorkbook.from_path(str(export(replica, "xlsx", tmp_path / "a.xlsx").path))
    header, first, second, *rest = book.get_sheet_by_index(0).to_python()

    assert header[:4] == ["code", "name", "number", "area"]
    assert len(rest) == 98
    assert (first[0], first[6], first[7]) == ("00000", True, "1899-12-30")
    assert str(second[7]) == "1901-05-14"
    assert second[4] == "-490000000000000000000000"
    assert str(second[9]) == "2026-11-20 07:30:00.250000"

    other, _ = risky
    path = export(other, "xlsx", tmp_path / "b.xlsx").path
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1][1] == "=1+1"
    assert b"<f>" not in path.read_bytes()


def test_masks_columns_and_filters_hold_in_files(replica, store, tmp_path):
    mask = {"name": "hide", "wide": "partial", "day": "partial"}
    for source, name in ((replica, "a"), (store.at("kinds", 1), "b")):
        made = export(source, "json", tmp_path / f"{name}.json", columns=["code", "wide", "day"], mask=mask)
        row = json.loads(made.path.read_bytes())[3]
        assert row == {"code": "00021", "wide": "*" * 22 + "000", "day": "1904-**-**"}
        assert (
            pq.read_table(
                export(source, "parquet", tmp_path / f"{name}.parquet", columns=["day"], mask=mask).path
            )["day"][3].as_py()
            == "1904-**-**"
        )
    filtered = export(replica, "csv", tmp_path / "c.csv", filters=[("number", "lt", 5)])
    assert filtered.rows == 5
    with pytest.raises(ValueError, match="replica"):
        export(store.at("kinds", 1), "csv", tmp_path / "d.csv", filters=[("number", "lt", 5)])


def test_an_unknown_format_and_a_text_too_long_are_refused(tmp_path, replica):
    with pytest.raises(errors.FormatUnknown) as refused:
        export(replica, "pdf", tmp_path / "a.pdf")
    assert "ndjson" in refused.value.hint("vi")

    store = DuckLakeStore(tmp_path / "store", threads=1)
    store.publish("long", full=pa.table({"id": [1], "v": ["x" * 40_000]}), key=("id",))
    with pytest.raises(errors.ExportTooLarge):
        export(store.at("long"), "xlsx", tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()
    assert [item.name for item in tmp_path.iterdir()] == ["store"]
    store.close()


def test_an_empty_table_is_a_file_with_a_header(tmp_path):
    store = DuckLakeStore(tmp_path / "store", threads=1)
    store.publish("none", full=pa.table({"id": pa.array([], pa.int64())}), key=("id",), allow_empty=True)
    for name in FORMATS:
        assert export(store.at("none"), name, tmp_path / f"a.{name}").rows == 0
    assert (tmp_path / "a.csv").read_text() == '"id"\n'
    assert json.loads((tmp_path / "a.json").read_bytes()) == []
    store.close()


@pytest.mark.parametrize("name", FORMATS)
def test_memory_does_not_grow_with_the_rows(tmp_path, monkeypatch, name):
    monkeypatch.setattr(exporting, "BATCH", 1000)
    store = DuckLakeStore(tmp_path / "store", threads=1)
    peaks = []
    for size in (4_000, 16_000):
        table = pa.table({"id": range(size), "v": [f"value {i}" for i in range(size)]})
        store.publish(f"t{size}", full=table, key=("id",))
        build_replica(store, f"t{size}", None, tmp_path / "t.sqlite")
        del table
        tracemalloc.start()
        before = pa.total_allocated_bytes()
        assert export(Replica(tmp_path / "t.sqlite"), name, tmp_path / "out").rows == size
        peaks.append(tracemalloc.get_traced_memory()[1] + pa.total_allocated_bytes() - before)
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5, peaks
    store.close()
