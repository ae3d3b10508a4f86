"""Cheap questions to a table that was read in one go: may rows in it be no data, were values in need of a change?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lienthong.engine.session import Connection, ShouldStop, literal, quoted, run_each
from lienthong.engine.sources.converting import Conversions, edged, tidy
from lienthong.engine.sources.forms import Plan
from lienthong.engine.sources.heading import Heading

# A first letter and a few more, of either case, with or without marks: the rest is left to the exact test.
_SPOKEN = (
    "(?i)^[\\s\u00a0.:;*–-]*(tổng|tong|cộng|cong|cả nước|ca nuoc|toàn|toan|chung|whole|total|grand|national|sub|all$|tất cả"
    "|đồng bằng|dong bang|trung du|miền|mien|bắc|bac|nam|tây|tay|đông|dong|duyên hải|duyen hai|red river|mekong"
    "|north|south|central|vùng|mang sang|chuyển|lũy kế|the )"
)
_WORDS = 2


def suspicious(
    connection: Connection,
    relation: str,
    heading: Heading,
    plans: Mapping[str, Plan],
    should_stop: ShouldStop | None = None,
) -> bool:
    """Whether some row may be a group, a total, a repeated heading or a note; only then every row is judged."""
    names = heading.names
    texts = [name for name in names if plans[name].type == "text"]
    tests = []
    if len(names) > 1:
        sparse = " + ".join(f"({quoted(name)} IS NOT NULL)::INT" for name in names)
        tests.append(f"({sparse}) <= {1 if len(names) < 4 else 2}")
    measured = any(plan.type in ("integer", "double", "decimal") for plan in plans.values())
    if measured and len(names) > 1:
        tests += [f"regexp_matches({quoted(name)}, {literal(_SPOKEN)})" for name in texts[:_WORDS]]
    if len(names) > 1:
        first = names[0]
        if plans[first].type == "text":
            tests.append(
                f"(strlen({quoted(first)}) <= 4 AND regexp_matches({quoted(first)}, '^ *[IVXLCA-Z]{{1,4}}[.)]? *$'))"
            )
        tests += [f"{quoted(name)} = {literal(name)}" for name in texts[:1]]
    if not tests:
        return False
    told = _run(
        connection,
        f"SELECT count(*), {', '.join(f'count_if({test})' for test in tests)} FROM {relation}",
        should_stop,
    )
    rows, found = told[0], told[1:]
    return any((many or 0) > 0 and many * 2 <= rows + 10 for many in found)


def changed(
    connection: Connection,
    label: str,
    names: Sequence[str],
    plans: Mapping[str, Plan],
    decoded: str | None,
    blanks: str,
    should_stop: ShouldStop | None = None,
) -> Conversions:
    """Count what stood in the texts of a table that needed a change, and change it; gives the conversions."""
    wanted: list[tuple[str, str, str]] = []
    for name in names:
        if plans[name].type != "text":
            continue
        cell = quoted(name)
        wanted.append((name, "trimmed", edged(name, blanks)))
        if plans[name].style in ("codes", "digits"):
            wanted.append((name, "kept_as_text", f"TRY_CAST({cell} AS DOUBLE) IS NOT NULL"))
        if decoded is not None:
            wanted.append((name, f"decoded:{decoded}", f"strlen({cell}) <> length({cell})"))
    conversions: Conversions = {}
    if not wanted:
        return conversions
    row = _run(
        connection,
        f"SELECT {', '.join(f'count_if({sql})' for _, _, sql in wanted)} FROM {quoted(label)}",
        should_stop,
    )
    for (name, code, _), many in zip(wanted, row, strict=True):
        if many:
            conversions.setdefault(name, {})[code] = many
    trimmed = [name for name, codes in conversions.items() if "trimmed" in codes]
    if trimmed:
        instead = ", ".join(f"{tidy(name, blanks)} AS {quoted(name)}" for name in trimmed)
        spare = quoted(f"{label}_trim")
        _run(
            connection,
            f"CREATE OR REPLACE TABLE {spare} AS SELECT * REPLACE ({instead}) FROM {quoted(label)}",
            should_stop,
        )
        connection.execute(f"DROP TABLE {quoted(label)}")
        connection.execute(f"ALTER TABLE {spare} RENAME TO {quoted(label)}")
    return conversions


def _run(connection: Connection, sql: str, should_stop: ShouldStop | None) -> Any:
    return run_each(
        connection, [lambda cursor: cursor.execute(sql).fetchall()], workers=1, should_stop=should_stop
    )[0][0]
