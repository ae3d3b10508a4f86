"""Turn a table of texts into a table of types inside the engine, and count what was done to each column.

What a column becomes is decided over all its values (`forms.plan_of`). A value that does not hold in the type
of its column makes the whole column text: nothing is lost on the way, and the rows in question are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.profile.cues import spoken
from lienthong.engine.session import Connection, ShouldStop, literal, quoted, run_each
from lienthong.engine.shapes import Column, ColumnType
from lienthong.engine.sources.forms import FORMS, MARK, NATIVE, TEXT, Lean, Plan, counted, lean_of, plan_of
from lienthong.engine.sources.heading import BLANKS
from lienthong.engine.sources.wording import is_order

_SQL_TYPES: dict[ColumnType, str] = {
    "integer": "BIGINT", "double": "DOUBLE", "decimal": "DECIMAL(38, 6)", "boolean": "BOOLEAN", "date": "DATE",
    "time": "TIME", "timestamp": "TIMESTAMP", "text": "VARCHAR",
}  # fmt: skip
_PARTED = "-?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?"
_BIRTHS = frozenset({"sinh", "birth", "dob", "birthday", "birthdate", "ns"})
_TOGETHER = 24
"""Columns counted in one statement."""
_FEW_CELLS = 20_000
"""So few cells are told apart here before the engine has made its patterns ready."""

Conversions = dict[str, dict[str, int]]


@dataclass(slots=True)
class Converted:
    """What became of a table: its columns, the conversions by column and code, the columns that stayed text."""

    columns: tuple[Column, ...] = ()
    conversions: Conversions = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    nearly: dict[str, ColumnType] = field(default_factory=dict)
    ambiguous: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    rows: int = 0


def sql_type(plan: Plan) -> str:
    """The type in the engine of a column with this plan."""
    return "TIMESTAMP WITH TIME ZONE" if plan.style == "zoned" else _SQL_TYPES[plan.type]


def edged(name: str, blanks: str) -> str:
    """The SQL that says a cell begins or ends with one of these signs."""
    cell = quoted(name)
    if len(blanks) > 4:
        return f"{cell} <> trim({cell}, {literal(blanks)})"
    return " OR ".join(
        f"{test}({cell}, {literal(sign)})" for sign in blanks for test in ("starts_with", "ends_with")
    )


def tidy(name: str, blanks: str) -> str:
    """The SQL of a cell without these signs at its edges; null when nothing is left."""
    cell = quoted(name)
    if len(blanks) > 4:
        return f"nullif(trim({cell}, {literal(blanks)}), '')"
    return f"nullif(CASE WHEN {edged(name, blanks)} THEN trim({cell}, {literal(blanks)}) ELSE {cell} END, '')"


def census(
    connection: Connection,
    relation: str,
    names: Sequence[str],
    blanks: str = BLANKS,
    should_stop: ShouldStop | None = None,
) -> dict[str, Counter[str]]:
    """How many values of each column have which form, over all rows."""
    if not names:
        return {}
    ((rows,),) = run_each(
        connection, [_all(f"SELECT count(*) FROM {relation}")], workers=1, should_stop=should_stop
    )[0]
    if rows * len(names) <= _FEW_CELLS:
        values = ", ".join(tidy(name, blanks) for name in names)
        cells = run_each(
            connection, [_all(f"SELECT {values} FROM {relation}")], workers=1, should_stop=should_stop
        )[0]
        columns = list(zip(*cells, strict=True)) or [()] * len(names)
        return {
            name: counted(cell for cell in column if cell is not None)
            for name, column in zip(names, columns, strict=True)
        }
    found: dict[str, Counter[str]] = {}
    for name in names:
        value = tidy(name, blanks)
        whens = " ".join(
            f"WHEN regexp_full_match(x, {literal(pattern)}) THEN {n}" for n, (_, pattern) in enumerate(FORMS)
        )
        sql = (
            f"SELECT CASE {whens} ELSE -1 END AS form, sum(many)::BIGINT FROM (SELECT {value} AS x, count(*) AS many "
            f"FROM {relation} GROUP BY 1) WHERE x IS NOT NULL GROUP BY 1"
        )
        rows = run_each(connection, [_all(sql)], workers=1, should_stop=should_stop)[0]
        found[name] = Counter({FORMS[form][0] if form >= 0 else "text": many for form, many in rows})
    return found


def convert(
    connection: Connection,
    raw: str,
    target: str,
    names: Sequence[str],
    *,
    settled: Mapping[str, Plan] | None = None,
    chosen: Mapping[str, ColumnType] | None = None,
    delimiter: str | None = None,
    typed: frozenset[str] = frozenset(),
    decoded: str | None = None,
    composing: bool = True,
    blanks: str = BLANKS,
    refuse: Callable[[str, ColumnType], None] | None = None,
    should_stop: ShouldStop | None = None,
) -> Converted:
    """Make the table `target` out of the texts in `raw`.

    `settled` are columns whose plan needs no look at their values; `chosen` are types that a person wants: where one
    does not hold, `refuse` is called with column and type. `typed` names the columns whose source tells text from
    numbers. `decoded` is the encoding the file was in when it was not UTF-8.
    """
    chosen = chosen or {}
    plans = dict(settled or {})
    forms = census(connection, raw, [name for name in names if name not in plans], blanks, should_stop)
    lean = lean_among(forms, delimiter)
    for name, counts in forms.items():
        plans[name] = plan_among(name, counts, lean, typed=name in typed)
    level_siblings(plans)
    for name, kind in chosen.items():
        if name in plans:
            plans[name] = _wanted(kind, forms.get(name) or Counter(), lean)
    done = Converted(plans=plans)
    many_of: dict[str, dict[str, int]] = {}
    for _ in range(2):
        many_of = _counts(connection, raw, names, plans, decoded, composing, blanks, should_stop)
        missed = [name for name in names if many_of[name].get("missed") and plans[name].type != "text"]
        for name in missed:
            if name in chosen and refuse is not None:
                refuse(name, chosen[name])
            plans[name] = Plan("text", nearly=plans[name].type)
        if not missed:
            break
    for name in names:
        plan, many = plans[name], many_of[name]
        done.rows = many.pop("rows")
        many.pop("missed", None)
        kept = {code: number for code, number in many.items() if number}
        if kept:
            done.conversions[name] = kept
        if plan.nearly is not None and name not in chosen:
            done.nearly[name] = plan.nearly
        if plan.ambiguous:
            done.ambiguous.append(name)
        if plan.undated:
            done.undated.append(name)
    selected = ", ".join(
        f"{expression(name, plans[name], blanks, composing)} AS {quoted(name)}" for name in names
    )
    sql = f"CREATE OR REPLACE TABLE {quoted(target)} AS SELECT {selected} FROM {raw}"
    run_each(connection, [_all(sql)], workers=1, should_stop=should_stop)
    done.columns = tuple(
        Column(name=name, type=plans[name].type, ordinal=order) for order, name in enumerate(names, 1)
    )
    return done


def lean_among(forms: Mapping[str, Mapping[str, int]], delimiter: str | None) -> Lean:
    """What the columns of a table say about its numbers; one that counts its rows, 1, 1.1, 1.2, says nothing."""
    return lean_of((counts for name, counts in forms.items() if not is_order(name)), delimiter)


def plan_among(name: str, counts: Mapping[str, int], lean: Lean, *, typed: bool = False) -> Plan:
    """What a column of this name is: one that counts the rows of a table in parts, 1.9, 1.10, is no number."""
    plan = plan_of(counts, lean, typed=typed)
    if plan.style in ("short_day_20", "short_month_20") and _BIRTHS & set(spoken(name).split()):
        # Who was born in 15 is a child or is over a hundred.
        return Plan("text", undated=True)
    return Plan("text", "digits") if plan.type == "double" and is_order(name) else plan


def level_siblings(plans: dict[str, Plan]) -> None:
    """Give columns that differ in a year alone one type: `1995` with 62.0 is a measure when `1996` has 62.5."""
    kin: dict[str, list[str]] = {}
    for name in plans:
        bare = re.sub(r"\d+", "#", name)
        if "#" in bare:
            kin.setdefault(bare, []).append(name)
    for names in kin.values():
        if any(plans[name].type == "double" and plans[name].style == "plain" for name in names):
            for name in names:
                if plans[name].style == "whole":
                    plans[name] = Plan("double", "plain", plans[name].marks)


def expression(name: str, plan: Plan, blanks: str = BLANKS, composing: bool = True) -> str:
    """The SQL of one column of texts in its type; null where a value does not hold."""
    if plan.style == "native":
        return quoted(name)
    value = tidy(name, blanks)
    if plan.type == "text":
        text = f"replace({value}, {literal(NATIVE)}, '')"
        if plan.style == "code_floats":
            text = f"regexp_replace({text}, '^([0-9]+)\\.0$', '\\1')"
        return f"nfc_normalize({text})" if composing else text
    parsed = _parsed(f"rtrim({value}, {literal(NATIVE)})", plan)
    if plan.marks:
        return f"CASE WHEN regexp_full_match({value}, {literal(MARK)}) THEN NULL ELSE {parsed} END"
    return parsed


def _parsed(value: str, plan: Plan) -> str:
    kind = sql_type(plan)
    if plan.style == "comma":
        # A number that its source gave as a number keeps its point; one that was written loses its groups.
        bare = f"regexp_replace(replace({value}, '.', ''), '[ \u00a0\u202f]', '', 'g')"
        written = f"TRY_CAST(replace({bare}, ',', '.') AS {kind})"
        if plan.type == "integer":
            # A cast would round what has a fraction.
            written = f"CASE WHEN contains({value}, ',') THEN NULL ELSE {written} END"
        plain = f"TRY_CAST({value} AS {kind})"
        name = value[len("rtrim(") : value.rindex(", ")]
        return f"CASE WHEN ends_with({name}, {literal(NATIVE)}) THEN {plain} ELSE {written} END"
    if plan.style == "point":
        whole = f"WHEN contains({value}, '.') THEN NULL " if plan.type == "integer" else ""
        # A comma parts thousands or nothing: 1,23 is no number of this column.
        parted = f"WHEN contains({value}, ',') AND NOT regexp_full_match({value}, '{_PARTED}') THEN NULL "
        return f"CASE {parted}{whole}ELSE TRY_CAST(replace({value}, ',', '') AS {kind}) END"
    if plan.style.startswith("short_"):
        order = "%d/%m/%Y" if "day" in plan.style else "%m/%d/%Y"
        year = f"regexp_replace({value}, '/([0-9]{{2}})$', '/{plan.style[-2:]}\\1')"
        return f"coalesce(try_strptime({year}, {literal(order)})::DATE, TRY_CAST({value} AS DATE))"
    if plan.style == "chosen" and plan.type == "integer":
        return f"CASE WHEN regexp_full_match({value}, '-?[0-9]+') THEN TRY_CAST({value} AS {kind}) END"
    if plan.style == "whole":
        return f"TRY_CAST(regexp_replace({value}, '\\.0$', '') AS {kind})"
    if plan.style in ("day_first", "month_first"):
        order = "%d/%m/%Y" if plan.style == "day_first" else "%m/%d/%Y"
        if plan.type == "date":
            tidy = f"regexp_replace({value}, '[.-]', '/', 'g')"
            return f"coalesce(try_strptime({tidy}, {literal(order)})::DATE, TRY_CAST({value} AS DATE))"
        day = f"regexp_replace(regexp_extract({value}, '^[^ T]+'), '[.-]', '/', 'g')"
        clock = f"coalesce(nullif(regexp_extract({value}, '[ T]+([0-9].*)$', 1), ''), '0:00')"
        return (
            f"coalesce(try_strptime({day}, {literal(order)})::DATE + TRY_CAST({clock} AS TIME), "
            f"TRY_CAST({value} AS TIMESTAMP))"
        )
    return f"TRY_CAST({value} AS {kind})"


def _wanted(kind: ColumnType, counts: Counter[str], lean: Lean) -> Plan:
    """The plan of a column for which a person chose a type."""
    if kind == "text":
        return TEXT
    # Who wants a whole number out of 1.234 reads a thousand; who wants a fraction, a point.
    own = plan_of(counts, lean if lean != "unknown" else "comma" if kind == "integer" else "dot")
    marks = bool(counts.get("mark"))
    local = any(
        counts.get(form)
        for form in ("groups", "groups_comma", "comma", "comma_or_group", "spaced", "spaced_comma")
    )
    if kind in ("integer", "double", "decimal"):
        if own.type in ("integer", "double") and own.style == "comma":
            return Plan(kind, "comma", marks)
        commas = counts.get("comma_or_group") and not any(
            counts.get(form) for form in ("groups", "groups_comma", "comma", "spaced", "spaced_comma")
        )
        if own.style == "point" or (kind == "integer" and commas):
            return Plan(kind, "point", marks)
        if counts.get("whole") and kind == "integer":
            return Plan(kind, "whole", marks)
        groups = counts.get("dot_or_group") and kind == "integer"
        return Plan(kind, "comma" if (local and not counts.get("dot")) or groups else "chosen", marks)
    if kind in ("date", "timestamp"):
        if kind == "date" and own.style.startswith("short_"):
            return Plan(kind, own.style, marks)
        if kind == "date" and own.undated:
            # A year of two digits that a person wants read is of this century; who means the last keeps the text.
            order = "month" if any(counts.get(f"short_month_{century}") for century in (20, 19)) else "day"
            return Plan(kind, "short_day_20" if order == "day" else "short_month_20", marks)
        style = own.style if own.style in ("day_first", "month_first") else "plain"
        if any(
            counts.get(form) for form in ("either_date", "day_first", "either_moment", "day_first_moment")
        ):
            style = "month_first" if own.style == "month_first" else "day_first"
        return Plan(kind, style, marks)
    return Plan(kind, "plain", marks)


def _counts(
    connection: Connection,
    raw: str,
    names: Sequence[str],
    plans: Mapping[str, Plan],
    decoded: str | None,
    composing: bool,
    blanks: str,
    should_stop: ShouldStop | None,
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for first in range(0, len(names), _TOGETHER):
        group = names[first : first + _TOGETHER]
        wanted = [
            (name, code, sql)
            for name in group
            for code, sql in _counters(name, plans[name], decoded, composing, blanks)
        ]
        selected = ", ".join(f"count_if({sql})" for _, _, sql in wanted)
        sql = f"SELECT count(*){', ' if selected else ''}{selected} FROM {raw}"
        row = run_each(connection, [_all(sql)], workers=1, should_stop=should_stop)[0][0]
        found |= {name: {"rows": row[0]} for name in group}
        for (name, code, _), number in zip(wanted, row[1:], strict=True):
            found[name][code] = number
    return found


def _counters(
    name: str, plan: Plan, decoded: str | None, composing: bool, blanks: str
) -> list[tuple[str, str]]:
    """The conversions that can happen to a column with this plan, and the SQL that says so of one row."""
    if plan.style == "native":
        return []
    cell = quoted(name)
    value = tidy(name, blanks)
    there = f"{value} IS NOT NULL"
    counters = [("trimmed", edged(name, blanks))]
    mark = f"regexp_full_match({value}, {literal(MARK)})"
    if plan.marks:
        counters.append(("missing_mark", mark))
        there = f"{there} AND NOT {mark}"
    if plan.type == "text":
        if composing:
            counters.append(("nfc", f"{cell} <> nfc_normalize({cell})"))
        if decoded is not None:
            counters.append((f"decoded:{decoded}", f"strlen({cell}) <> length({cell})"))
        if plan.style in ("codes", "code_floats", "digits"):
            counters.append(("kept_as_text", f"TRY_CAST({value} AS DOUBLE) IS NOT NULL"))
        if plan.style == "code_floats":
            counters.append(("float_code", f"regexp_full_match({value}, '[0-9]+\\.0')"))
        return counters
    if plan.style == "comma":
        counters.append(
            (
                "decimal_comma",
                f"{there} AND NOT ends_with({value}, {literal(NATIVE)}) AND regexp_matches({value}, '[., \u00a0\u202f]')",
            )
        )
    if plan.style == "point":
        written = f"{there} AND NOT ends_with({value}, {literal(NATIVE)})"
        counters.append(("grouping", f"{written} AND contains({value}, ',')"))
    if plan.style == "whole":
        counters.append(("float_code", f"ends_with({value}, '.0')"))
    if plan.style in ("day_first", "month_first") or plan.style.startswith("short_"):
        code = "date_mdy" if "month" in plan.style else "date_dmy"
        counters.append((code, f"{there} AND NOT ends_with({value}, {literal(NATIVE)})"))
    counters.append(("missed", f"{there} AND {_fits_not(name, plan, value, blanks)}"))
    return counters


def _fits_not(name: str, plan: Plan, value: str, blanks: str) -> str:
    """The SQL that says a filled cell does not hold in its type, or would not print back as it was written."""
    typed = expression(name, plan, blanks, composing=False)
    if plan.style == "plain" and plan.type == "integer":
        return f"coalesce(({typed})::VARCHAR <> rtrim({value}, {literal(NATIVE)}), true)"
    if plan.style == "plain" and plan.type == "double":
        return (
            f"(({typed}) IS NULL OR (strlen({value}) > 16 AND NOT ends_with({value}, {literal(NATIVE)}) AND "
            f"({typed})::VARCHAR NOT IN ({value}, {value} || '.0')))"
        )
    if plan.style in ("comma", "point") and plan.type == "double":
        return f"(({typed}) IS NULL OR length(regexp_replace({value}, '[^0-9]', '', 'g')) > 17)"
    return f"({typed}) IS NULL"


def _all(sql: str) -> Callable[[Connection], Any]:
    def run(cursor: Connection) -> Any:
        return cursor.execute(sql).fetchall()

    return run
