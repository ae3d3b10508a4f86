"""Two copies are equal, or the certificate says in what they differ."""

import sqlite3

import pytest

from lienthong.engine.sync.certifying import Certificate
from lienthong.engine.sync.disagreements import CertificateInvalid, ColumnsNotFound, KeylessRows, NoKey
from lienthong.engine.sync.discovering import differing_keys
from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.shapes import ColumnMap, Conversion, Side

COMMUNES = [(code, f"Xã số {code}", code / 4, "2026-01-01") for code in range(100)]


def database(folder, name, rows, columns="ma INTEGER PRIMARY KEY, ten TEXT, dien_tich DOUBLE, tu_ngay DATE"):
    path = folder / f"{name}.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE xa ({columns})")
        marks = ", ".join("?" * len(columns.split(",")))
        connection.executemany(f"INSERT INTO xa VALUES ({marks})", rows)
    connection.close()
    return Side(str(path), "xa")


def compared(left, right, **wanted):
    return reconcile(left, right, settle_seconds=0, **wanted)


def test_equal_copies_are_certified_equal_whatever_the_order_of_their_rows(tmp_path):
    left = database(tmp_path, "a", COMMUNES)
    right = database(tmp_path, "b", list(reversed(COMMUNES)))

    found = compared(left, right)

    assert found.equal
    assert found.certificate.method == "total"
    assert found.certificate.left.rows == found.certificate.right.rows == 100
    assert found.certificate.left.digest == found.certificate.right.digest
    assert not found.differences


def test_missing_extra_and_changed_rows_are_named_with_both_values(tmp_path):
    rows = [row for row in COMMUNES if row[0] != 7]
    rows[3] = (3, "Xã khác", 0.75, "2026-01-01")
    rows.append((500, "Xã mới", 1.0, None))
    left, right = database(tmp_path, "a", COMMUNES), database(tmp_path, "b", rows)

    found = compared(left, right)

    certificate = found.certificate
    assert not found.equal
    assert (certificate.missing, certificate.extra, certificate.changed) == (1, 1, 1)
    assert certificate.changed_columns == {"ten": 1}
    told = {one.kind: one for one in found.differences}
    assert told["missing"].key == (7,)
    assert told["missing"].right is None
    assert told["extra"].key == (500,)
    assert told["extra"].left is None
    assert told["changed"].columns == ("ten",)
    assert told["changed"].left == {"ma": 3, "ten": "Xã số 3"}
    assert told["changed"].right == {"ma": 3, "ten": "Xã khác"}


def test_the_list_is_cut_and_the_counts_are_not(tmp_path):
    left, right = database(tmp_path, "a", COMMUNES), database(tmp_path, "b", COMMUNES[:40])

    found = compared(left, right, limit=5)

    assert found.certificate.missing == 60
    assert len(found.differences) == found.certificate.listed == found.certificate.limit == 5


def test_columns_are_mapped_and_those_of_one_side_only_are_named(tmp_path):
    left = database(tmp_path, "a", COMMUNES)
    right = database(tmp_path, "b", [(code, name, "x") for code, name, *_ in COMMUNES],
                     "id INTEGER, label TEXT, own TEXT")  # fmt: skip

    found = compared(left, right, key=["id"], columns=[ColumnMap("id", "ma"), ColumnMap("label", "ten")])

    assert found.equal
    assert found.certificate.not_compared == ("dien_tich", "tu_ngay", "own")
    with pytest.raises(ColumnsNotFound, match="sai"):
        compared(left, right, key=["id"], columns=[ColumnMap("id", "ma"), ColumnMap("label", "sai")])


def test_keys_that_repeat_are_told(tmp_path):
    columns = "ma INTEGER, ten TEXT, dien_tich DOUBLE, tu_ngay DATE"
    left = database(tmp_path, "a", COMMUNES, columns)
    right = database(tmp_path, "b", [*COMMUNES, COMMUNES[9]], columns)

    found = compared(left, right, key=["ma"])

    assert not found.equal
    assert found.certificate.right.repeated_keys == 1
    assert found.certificate.left.repeated_keys == 0
    assert [one.key for one in found.differences] == [(9,)]
    with pytest.raises(NoKey):
        compared(left, right)


def test_rows_without_a_key_are_refused(tmp_path):
    columns = "ma INTEGER, ten TEXT, dien_tich DOUBLE, tu_ngay DATE"
    left = database(tmp_path, "a", COMMUNES, columns)
    right = database(tmp_path, "b", [*COMMUNES, (None, "?", None, None)], columns)

    with pytest.raises(KeylessRows) as refused:
        compared(left, right, key=["ma"])
    assert refused.value.facts["count"] == 1


def test_a_key_of_text_in_several_columns(tmp_path):
    columns = "tinh TEXT, xa TEXT, ten TEXT"
    rows = [(f"{n % 7:02}", f"{n:05}", f"Xã {n}") for n in range(50)]
    left = database(tmp_path, "a", rows, columns)
    right = database(tmp_path, "b", [*rows[:20], ("99", "1", "lạ"), *rows[21:]], columns)

    found = compared(left, right, key=["tinh", "xa"])

    assert {(one.kind, one.key) for one in found.differences} == {
        ("missing", ("06", "00020")),
        ("extra", ("99", "1")),
    }


def test_a_certificate_that_was_changed_is_refused(tmp_path):
    left = database(tmp_path, "a", COMMUNES)
    content = compared(left, database(tmp_path, "b", COMMUNES[1:])).certificate.as_json()

    assert Certificate.from_json(content).as_json() == content
    with pytest.raises(CertificateInvalid):
        Certificate.from_json({**content, "equal": True})
    with pytest.raises(CertificateInvalid):
        Certificate.from_json({**content, "missing": 0})
    with pytest.raises(CertificateInvalid):
        Certificate.from_json("[]")


def test_a_converted_source_is_compared_with_what_the_copy_should_hold(tmp_path):
    left = database(tmp_path, "a", [("1", "001", "02/03/2020", "7"), ("2", "002", "x", "8"), ("3", "003", None, "9")],
                    "ma TEXT, xa TEXT, ngay TEXT, so TEXT")  # fmt: skip
    right = database(tmp_path, "b", [(1, "00101", "2020-03-02", 7), (2, "00202", "2020-03-02", 8), (3, "?", None, 9)],
                     "id INTEGER, xa TEXT, ngay DATE, so INTEGER")  # fmt: skip
    codes = {"001": "00101", "002": "00202", "003": ["00301", "00302"]}

    found = compared(
        left,
        right,
        key=["id"],
        columns=[
            ColumnMap("id", "ma", Conversion("decimal")),
            ColumnMap("xa", "xa", Conversion("codes", {"table": codes})),
            ColumnMap("ngay", "ngay", Conversion("date", {"order": "dmy"})),
            ColumnMap("so", "so", Conversion("text")),
        ],
    )

    # A code that two codes follow is nobody's guess, and a day that is none is no day.
    assert [(one.key, one.columns) for one in found.differences] == [((2,), ("ngay",)), ((3,), ("xa",))]
    told = {one.right: one.conversion for one in found.certificate.columns}
    assert told["xa"]["steps"][0]["codes"] == 3
    assert "00301" not in str(found.certificate.as_json())


def test_the_keys_of_rows_that_differ_are_told_in_the_spelling_of_each_side(tmp_path):
    left = database(tmp_path, "a", COMMUNES)
    right = database(
        tmp_path, "b", [*COMMUNES[1:9], (9, "khác", 2.25, "2026-01-01"), *COMMUNES[10:], (500, "", 1, None)]
    )

    found = differing_keys(left, right, key=["ma"])
    by_name = differing_keys(left, right, key=["ten"])

    assert (found.missing, found.changed, found.extra) == ((("0",),), (("9",),), (("500",),))
    assert set(by_name.missing) == {("Xã số 0",), ("Xã số 9",)}
    assert set(by_name.extra) == {("khác",), ("",)}
    assert differing_keys(left, left, key=["ma"]).equal
