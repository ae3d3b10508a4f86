"""Measured by the database itself or captured and measured here: the counts are the same, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lienthong.engine.shapes import Look
from lienthong.engine.sources import open_source
from lienthong.engine.sources.tests import test_mysql, test_postgresql, test_sqlite

EXACT = ("type", "nulls", "distinct", "min", "max", "placeholders", "min_length", "max_length")

PEOPLE_SQL = """
    CREATE TABLE nguoi (id int PRIMARY KEY, cccd varchar(12), ho_ten varchar(60), sinh date, luong numeric(12, 2),
                        ghi_chu varchar(90), luc timestamp);
"""


def people(times: str = "") -> list[str]:
    """Rows of people in SQL; some say nothing in words."""
    families, given = ("Nguyễn", "Trần", "Lê", "Phạm"), ("An", "Bình", "Chi", "Dũng", "Hạnh")
    rows = []
    for n in range(1, 401):
        number = f"0{n % 63 + 1:02d}{n % 2}{80 + n % 20:02d}{n:06d}"
        note = ("NULL", "'không có'", "'N/A'", f"'Ghi chú {n}'")[n % 4]
        name = f"{families[n % 4]} Văn {given[n % 5]}"
        rows.append(
            f"({n}, '{number}', '{name}', '19{80 + n % 20}-01-{n % 28 + 1:02d}', {n * 1000}.5, {note}, "
            f"'2024-01-{n % 28 + 1:02d} 08:00:0{n % 10}{times}')"
        )
    return rows


INSERT = f"INSERT INTO nguoi VALUES {', '.join(people())}"


@pytest.fixture
def sources(
    postgres_databases: Callable[[], str], mariadb_databases: Callable[[], str], tmp_path: Path
) -> dict[str, str]:
    """The same people in three databases."""
    lite = test_sqlite.made(tmp_path / "nguoi.db", PEOPLE_SQL.replace("timestamp", "datetime") + INSERT + ";")
    return {
        "postgresql": test_postgresql.filled(postgres_databases(), PEOPLE_SQL + INSERT),
        "mysql": test_mysql.filled(
            mariadb_databases(), PEOPLE_SQL.replace("timestamp", "datetime") + "\n" + INSERT
        ),
        "sqlite": str(lite),
    }


def look(address: str, measure: Any) -> Look:
    with open_source(address, measure=measure) as source:
        seen = source.look()
        if measure == "in_place":
            assert source._connection is None, "no rows were read into the engine"
        return seen


def counts(seen: Look) -> dict[str, dict[str, Any]]:
    (table,) = seen.as_json()["tables"]
    assert table["rows"] == 400
    return {one["name"]: {key: one.get(key) for key in EXACT} for one in table["columns"]}


@pytest.mark.parametrize("kind", ["postgresql", "mysql", "sqlite"])
def test_both_ways_count_alike(sources: dict[str, str], kind: str) -> None:
    captured, in_place = look(sources[kind], "captured"), look(sources[kind], "in_place")

    assert counts(in_place) == counts(captured)
    assert counts(in_place)["ghi_chu"]["placeholders"] == 200
    for seen in (captured, in_place):
        columns = {one.name: one for one in seen.tables[0].profile.columns}
        assert columns["cccd"].semantic.name == "citizen_number", (kind, seen)
        assert columns["cccd"].sensitivity != "none"
        assert columns["ho_ten"].semantic.name == "person_name"
        assert columns["cccd"].patterns


def test_what_comes_from_a_sample_says_so(sources: dict[str, str]) -> None:
    url = sources["postgresql"]
    test_postgresql.filled(
        url, "CREATE TABLE lon AS SELECT n, n % 7 AS du FROM generate_series(1, 50000) n; ANALYZE"
    )

    with open_source(url, measure="in_place") as source:
        profile = source.profile("lon")

    assert (profile.rows, profile.column("n").distinct, profile.column("du").distinct) == (50_000, 50_000, 7)
    assert 1000 < profile.column("n").sampled <= 10_000
    assert {"patterns", "top", "findings"} <= set(profile.column("du").approximate)


def test_text_that_the_database_compares_by_its_own_rules_still_has_a_meaning(
    new_mariadb_database: str,
) -> None:
    test_mysql.filled(
        new_mariadb_database,
        "CREATE TABLE p (email varchar(60));\nINSERT INTO p VALUES "
        + ", ".join(f"('Nguoi{n}@vd.gov.vn'), ('nguoi{n}@VD.gov.vn')" for n in range(200)),
    )

    seen = test_mysql.look(new_mariadb_database)

    (column,) = seen.tables[0].profile.columns
    assert (column.rows, column.distinct, column.semantic.name) == (400, 200, "email")
    assert column.sensitivity == "basic"
