"""Every kind of source tells of every column what it means, and of all tables together how they refer to each other."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

from lienthong.engine.profile.tests.lookalikes import citizen, person, phone
from lienthong.engine.session import Limits
from lienthong.engine.sources import open_source

KEYS = (
    "semantic_type",
    "sensitivity",
    "placeholders",
    "patterns",
    "findings",
    "sampled",
    "checks",
    "top",
    "quantiles",
)


def database(path: Path) -> Path:
    """Persons and their files: one reference is declared and broken, one is not declared; one column without case."""
    rng = random.Random(4)
    with sqlite3.connect(path) as session:
        session.execute(
            "CREATE TABLE nguoi (id INTEGER PRIMARY KEY, so TEXT, ten TEXT COLLATE NOCASE, dt TEXT, gia NUMERIC)"
        )
        session.executemany(
            "INSERT INTO nguoi VALUES (?, ?, ?, ?, ?)",
            [
                (at, citizen(rng), person(rng), phone(rng), at / 7 if at % 2 else "không có")
                for at in range(1, 301)
            ],
        )
        session.execute(
            "CREATE TABLE ho_so (ma TEXT PRIMARY KEY, nguoi_id INTEGER REFERENCES nguoi(id), loai_ma TEXT)"
        )
        session.executemany(
            "INSERT INTO ho_so VALUES (?, ?, ?)",
            [(f"HS{at:05d}", 1 + at % 300 if at > 2 else 9000 + at, f"L{at % 40:02d}") for at in range(900)],
        )
        session.execute("CREATE TABLE loai (ma TEXT PRIMARY KEY, ten TEXT)")
        session.executemany(
            "INSERT INTO loai VALUES (?, ?)", [(f"L{at:02d}", f"Loại số {at}") for at in range(40)]
        )
    return path


def test_columns_that_the_database_counts_itself_are_understood_too(tmp_path: Path) -> None:
    with open_source(str(database(tmp_path / "x.sqlite"))) as source:
        look = source.look()

    table = next(one for one in look.tables if one.table.name == "nguoi")
    names = {column.name: column.semantic.name for column in table.profile.columns}
    assert names == {"id": None, "so": "citizen_number", "ten": "person_name", "dt": "phone", "gia": "money"}
    assert table.profile.column("ten").sensitivity == "basic"
    assert table.profile.column("gia").placeholders == 150
    for column in table.as_json()["columns"]:
        assert all(key in column for key in KEYS)


def test_references_are_seen_and_rows_that_refer_to_nothing_counted(tmp_path: Path) -> None:
    with open_source(str(database(tmp_path / "x.sqlite"))) as source:
        look = source.look()

    files = next(one for one in look.tables if one.table.name == "ho_so")
    assert [(one.column, one.ref_table, one.ref_column) for one in files.profile.references] == [
        ("loai_ma", "loai", "ma")
    ]
    (orphan,) = [one for one in files.profile.findings if one.code == "orphan_reference"]
    assert (orphan.place.column, orphan.evidence["count"], orphan.evidence["ref"]) == (
        "nguoi_id",
        3,
        "nguoi.id",
    )


def test_the_sample_is_stated_and_all_rows_are_taken_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("ma\n" + "\n".join(f"A{at}" for at in range(5000)), encoding="utf-8")

    with open_source(str(path), limits=Limits(sample_rows=1000)) as source:
        some = source.profile("x").column("ma")
    with open_source(str(path), limits=Limits(sample_rows=None)) as source:
        every = source.profile("x").column("ma")

    assert 1000 <= some.sampled < 1400
    assert (some.approximate, every.sampled, every.approximate) == (("quantiles", "patterns"), 5000, ())
    assert some.distinct == every.distinct == 5000
