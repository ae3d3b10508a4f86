"""A plan file with a slip of the pen: what is wrong, where, in both languages, before anything is touched."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from lienthong.engine.sync.errors import PlanInvalid
from lienthong.engine.sync.planfile import plan_in
from lienthong.engine.sync.running import run_sync

SOUND = """
source: {address: "sqlite:///FOLDER/goc.db", table: xa}
target: {address: "sqlite:///FOLDER/ban.db", table: xa}
key: [ma]
create: true
"""


def columns(of_ten: str) -> str:
    return f"columns: {{ma: ma, ten: {of_ten}}}"


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("key: [ten]", "dòng 6: mục key"),
        ("columns: {ma: ma, ten: ten, ten: ma}", "dòng 6: mục ten"),
        ("columns: [1", "cú pháp YAML ở dòng"),
        ("chunk_rows: nhiều", "chunk_rows: cần một số"),
        ("chunk_rows: 99999999999999999999", "chunk_rows"),
        ("overlap_seconds: .nan", "overlap_seconds"),
        ("overlap_seconds: .inf", "overlap_seconds"),
        ("most_set_aside: -1", "most_set_aside"),
        ("watermark: sua_luc", "không có cột sua_luc"),
        (columns("khong_co"), "không có cột khong_co"),
        ("columns: {ma: {constant: 1}, ten: ten}", "cột khóa ma"),
        (columns("{constant: {a: 1}}"), "cột ten: value"),
        (columns("{source: ten, conversion: {kind: pad, length: abc}}"), "cột ten: length"),
        (columns("{source: ten, conversion: pad}"), "pad cần length"),
        (columns('{source: ten, conversion: {kind: decimal, scale: "0) x"}}'), "cột ten: scale"),
        (columns("{source: ten, conversion: {kind: date, oder: mdy}}"), "không có mục oder"),
        (columns("{source: ten, conversion: {kind: date, order: my}}"), "cột ten: order"),
        (columns("{source: ten, conversion: {kind: codes, table: {A: 1}}}"), "cột ten: table"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_touched(tmp_path: Path, added: str, told: str) -> None:
    with sqlite3.connect(tmp_path / "goc.db") as session:
        session.execute("CREATE TABLE xa (ma TEXT PRIMARY KEY, ten TEXT)")
    session.close()
    file = tmp_path / "ke-hoach.yaml"
    file.write_text(SOUND.replace("FOLDER", str(tmp_path)) + added, encoding="utf-8")

    with pytest.raises(PlanInvalid) as refused:
        run_sync(plan_in(file))

    assert told in refused.value.text("vi")
    assert refused.value.text("en") != refused.value.text("vi")


def test_a_table_does_not_follow_itself(tmp_path: Path) -> None:
    file = tmp_path / "ke-hoach.yaml"
    file.write_text(SOUND.replace("ban.db", "goc.db"), encoding="utf-8")
    with pytest.raises(PlanInvalid, match="same table"):
        run_sync(plan_in(file))
