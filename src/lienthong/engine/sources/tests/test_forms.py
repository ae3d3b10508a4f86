"""A column is decided over all its values; what is in doubt stays text."""

from __future__ import annotations

import duckdb
import pytest

from lienthong.engine.sources.converting import census, plan_among
from lienthong.engine.sources.forms import FORMS, counted, form_of, lean_of, plan_of


@pytest.mark.parametrize(
    ("values", "lean", "expected"),
    [
        (["1", "2", "-3"], "dot", ("integer", "plain", False)),
        (["1", "2.5"], "dot", ("double", "plain", False)),
        (["1.234,5", "12", "0,25"], "dot", ("double", "comma", False)),
        (["1.234.567", "850"], "dot", ("integer", "comma", False)),
        (["1.234", "2.345"], "dot", ("double", "plain", False)),
        (["1.234", "2.345"], "comma", ("integer", "comma", False)),
        (["1.234", "2.345"], "unknown", ("text", "plain", False)),
        (["1.234", "2.345", "9.100", "85"], "unknown", ("integer", "comma", False)),
        (["1,234", "2,345"], "unknown", ("text", "plain", False)),
        (["1.5", "1,5"], "unknown", ("text", "plain", False)),
        (["1,234.5", "12", "0.25"], "unknown", ("double", "point", False)),
        (["1,234,567", "850", ".."], "unknown", ("integer", "point", True)),
        (["1,234", "0.5"], "unknown", ("double", "point", False)),
        (["1,234.5", "1.234,5"], "unknown", ("text", "plain", False)),
        (["15/03/24", "01/02/23"], "unknown", ("date", "short_day_20", False)),
        (["15/03/84", "01/02/99"], "unknown", ("date", "short_day_19", False)),
        (["03/15/24", "01/02/23"], "unknown", ("date", "short_month_20", False)),
        (["01/02/23", "03/04/24"], "unknown", ("text", "plain", False)),
        (["15/03/84", "15/03/24"], "unknown", ("text", "plain", False)),
        (["1 234 567", "12"], "dot", ("integer", "comma", False)),
        (["12", "..", "…", "-"], "dot", ("integer", "plain", True)),
        (["..", "-"], "dot", ("text", "plain", False)),
        (["Hà Nội", "..", "x"], "dot", ("text", "plain", False)),
        (["001", "79"], "dot", ("text", "codes", False)),
        (["12345678901234567890"], "dot", ("text", "codes", False)),
        (["+84912345678", "0912345678"], "dot", ("text", "codes", False)),
        (["1.0", "79.0", "265.0"], "dot", ("integer", "whole", False)),
        (["01.0", "79.0"], "dot", ("text", "code_floats", False)),
        (["1.0", "79.5"], "dot", ("double", "plain", False)),
        (["12E3", "1"], "dot", ("text", "digits", False)),
        (["5/3/2024", "15/12/2024"], "dot", ("date", "day_first", False)),
        (["05-03-2024", "6-3-2024"], "dot", ("date", "day_first", False)),
        (["12/31/2024", "01/02/2024"], "dot", ("date", "month_first", False)),
        (["12/31/2024", "31/12/2024"], "dot", ("text", "plain", False)),
        (["05/03/2024", "2024"], "dot", ("text", "plain", False)),
        (["05/03/2024 07:30", "6/3/2024"], "dot", ("timestamp", "day_first", False)),
        (["2024-01-02", ".."], "dot", ("date", "plain", True)),
        (["2024-01-02T03:04:05+07:00"], "dot", ("timestamp", "zoned", False)),
        (["true", "FALSE"], "dot", ("boolean", "plain", False)),
        (["07:30", "23:59:59"], "dot", ("time", "plain", False)),
    ],
)  # fmt: skip
def test_what_a_column_becomes(values: list[str], lean: str, expected: tuple[str, str, bool]) -> None:
    plan = plan_of(counted(values), lean)  # type: ignore[arg-type]

    assert (plan.type, plan.style, plan.marks) == expected


def test_plain_digits_of_a_source_that_knows_numbers_stay_text() -> None:
    assert plan_of(counted(["123", "456"]), typed=True).type == "text"
    assert plan_of(counted(["123", "1.234,5"]), typed=True).type == "double"


def test_neighbours_tell_what_a_point_means() -> None:
    comma, dot, doubtful = counted(["1,5"]), counted(["1.5"]), counted(["1.234"])

    assert lean_of([comma, doubtful], ";") == "comma"
    assert lean_of([dot, doubtful], ";") == "dot"
    assert lean_of([doubtful], ";") == "unknown"
    assert lean_of([doubtful], ",") == "dot"


def test_python_and_the_engine_see_the_same_form() -> None:
    values = [
        "0", "007", "1.0", "1.234", "1.234.567", "1.234,5", "1,5", "1 234", "1e5", "01/02/2024", "31/12/2024",
        "12/31/2024 5:06", "2024-01-02", "2024-01-02 03:04:05.123", "7:30", "TRUE", "..", "…", "N/A", "–", "Hà Nội",
        "+84 912", "5\u0001", "2.5\u0001", "2024-01-02\u0001",
    ]  # fmt: skip
    whens = " ".join(f"WHEN regexp_full_match(x, '{pattern}') THEN '{name}'" for name, pattern in FORMS)

    seen = duckdb.execute(
        f"SELECT CASE {whens} ELSE 'text' END FROM (SELECT unnest(?) AS x)", [values]
    ).fetchall()

    assert [row[0] for row in seen] == [form_of(value) for value in values]


def test_what_can_be_read_in_two_ways_says_so() -> None:
    assert plan_of(counted(["1,234.5", "1.234,5"])).ambiguous
    assert plan_of(counted(["15/03/84", "15/03/24"])).undated
    assert plan_of(counted(["01/02/23"])).undated
    assert not plan_of(counted(["15/03/24"])).undated
    assert plan_among("ngay_sinh", counted(["15/03/24"]), "unknown").undated


def test_few_cells_are_counted_as_many_are():
    values = [
        "1",
        "007",
        "1.234",
        "1,5",
        "12/05/2024",
        "2024-05-12",
        "true",
        "..",
        "x",
        "Hà Nội",
        " 12 ",
        "",
        None,
    ]
    few = duckdb.connect()
    few.execute("CREATE TABLE t AS SELECT unnest(?::VARCHAR[]) AS a, 'b' AS b", [values])
    few.execute("CREATE TABLE many AS SELECT t.* FROM t, range(2000)")
    few.execute("CREATE TABLE none AS SELECT * FROM t LIMIT 0")

    told, all_told = (census(few, relation, ["a", "b"]) for relation in ("t", "many"))

    assert all_told == {
        name: {form: 2000 * many for form, many in forms.items()} for name, forms in told.items()
    }
    assert told["a"]["small"] == 2
    assert sum(told["a"].values()) == 11
    assert census(few, "none", ["a", "b"]) == {"a": {}, "b": {}}
