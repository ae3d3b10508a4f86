"""Values of a source as the target takes them: conversions and types as SQL of DuckDB, each with what can be wrong.

A value travels as text, in one spelling per type: digits and a point for numbers, `true` or `false`, ISO days and moments
(in UTC, without a zone), lower-case hexadecimal for bytes. Every step says when it does not hold (`problem`): such a row
is set aside and nothing about it is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lienthong.engine.session import Connection, literal, quoted
from lienthong.engine.shapes import ColumnType
from lienthong.engine.sync.errors import PlanInvalid
from lienthong.engine.sync.shapes import ColumnMap, Conversion
from lienthong.engine.sync.target import TargetColumn

_WHOLE = r"[+-]?[0-9]+(\.0*)?"
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"


@dataclass(frozen=True, slots=True)
class Value:
    """SQL of a value as text; `problems` are conditions (SQL) under which it is none, each with the reason's code."""

    sql: str
    type: ColumnType
    problems: tuple[tuple[str, str], ...] = ()


def as_text(expression: str, native: str) -> str:
    """SQL (DuckDB): a value of this DuckDB type in the spelling in which values travel."""
    upper = native.upper()
    if upper == "VARCHAR":
        return expression
    if upper == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({expression} AT TIME ZONE 'UTC' AS VARCHAR)"
    if upper == "BLOB":
        return f"lower(hex({expression}))"
    if upper.endswith("]") or upper.startswith(("STRUCT", "MAP")):
        return f"CAST(to_json({expression}) AS VARCHAR)"
    return f"CAST({expression} AS VARCHAR)"


class Codes:
    """Tables of codes that conversions ask, put once into the session in which they run."""

    def __init__(self, session: Connection) -> None:
        self._session = session
        self._names: dict[int, str] = {}

    def name(self, table: Mapping[str, Any]) -> str:
        """The table in SQL: `old`, and `new`, null where several codes follow."""
        import pyarrow as pa

        known = self._names.get(id(table))
        if known is not None:
            return known
        old, new = [], []
        for code, follows in table.items():
            options = [follows] if isinstance(follows, str) else list(follows)
            old.append(str(code))
            new.append(str(options[0]) if len(options) == 1 else None)
        name = f"codes_{len(self._names) + 1}"
        rows = pa.table({"old": pa.array(old, pa.string()), "new": pa.array(new, pa.string())})
        self._session.register(f"{name}_rows", rows)
        self._session.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM {name}_rows")
        self._session.unregister(f"{name}_rows")
        self._names[id(table)] = name
        return name


def converted(value: Value, column: ColumnMap, codes: Codes) -> Value:
    """The value after all steps of the column's conversion. Raises PlanInvalid for a step that makes no sense."""
    for step in column.conversion.steps() if column.conversion is not None else ():
        value = _STEPS[step.kind](value, step, codes) if step.kind in _STEPS else _unknown(column, step)
    return value


def _unknown(column: ColumnMap, step: Conversion) -> Value:
    raise PlanInvalid(
        reason_vi=f"cột {column.target}: không có phép đổi “{step.kind}”",
        reason_en=f"column {column.target}: there is no conversion “{step.kind}”",
    )


def _plain(template: str) -> Callable[[Value, Conversion, Codes], Value]:
    def step(value: Value, asked: Conversion, codes: Codes) -> Value:
        return Value(template.format(v=value.sql), "text", value.problems)

    return step


def _padded(value: Value, step: Conversion, codes: Codes) -> Value:
    length = int(step.options.get("length", 0))
    sql = (
        f"CASE WHEN length({value.sql}) < {length} THEN lpad({value.sql}, {length}, '0') ELSE {value.sql} END"
    )
    return Value(sql, "text", value.problems)


def _day(value: Value, step: Conversion, codes: Codes) -> Value:
    order = str(step.options.get("order", "dmy"))
    forms = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d"}
    if order not in forms:
        raise PlanInvalid(
            reason_vi=f"thứ tự ngày “{order}” không có; dùng dmy, mdy hoặc ymd",
            reason_en=f"there is no order of days “{order}”; use dmy, mdy or ymd",
        )
    alone = f"split_part(split_part(trim({value.sql}), ' ', 1), 'T', 1)"
    even = f"replace(replace({alone}, '.', '/'), '-', '/')"
    packed = forms[order].replace("/", "")
    tries = f"try_strptime({even}, '{forms[order]}'), try_strptime({even}, '%Y/%m/%d'), try_strptime({even}, '{packed}')"
    sql = f"strftime(coalesce({tries}), '%Y-%m-%d')"
    empty = f"trim({value.sql}) = ''"
    bad = f"{value.sql} IS NOT NULL AND NOT ({empty}) AND ({sql}) IS NULL"
    return Value(sql, "date", (*value.problems, (bad, "not_a_day")))


def _decimal(value: Value, step: Conversion, codes: Codes) -> Value:
    scale = int(step.options.get("scale", 0))
    number = f"replace(trim({value.sql}), ',', '.')"
    cast = f"TRY_CAST({number} AS DECIMAL(38, {scale}))"
    bad = f"{value.sql} IS NOT NULL AND trim({value.sql}) <> '' AND {cast} IS NULL"
    return Value(f"CAST({cast} AS VARCHAR)", "decimal", (*value.problems, (bad, "not_a_number")))


def _constant(value: Value, step: Conversion, codes: Codes) -> Value:
    given = step.options.get("value")
    return Value("CAST(NULL AS VARCHAR)" if given is None else literal(str(given)), "text")


def _recoded(value: Value, step: Conversion, codes: Codes) -> Value:
    table = step.options.get("table")
    unknown = str(step.options.get("unknown", "set_aside"))
    if not isinstance(table, Mapping) or unknown not in ("set_aside", "keep", "null"):
        raise PlanInvalid(
            reason_vi="phép đổi mã cần bảng mã, và “unknown” là set_aside, keep hoặc null",
            reason_en="a conversion of codes needs its table, and `unknown` is set_aside, keep or null",
        )
    name = codes.name(table)
    found = f"(SELECT any_value(new) FROM {name} WHERE old = trim({value.sql}))"
    known = f"trim({value.sql}) IN (SELECT old FROM {name})"
    filled = f"{value.sql} IS NOT NULL AND trim({value.sql}) <> ''"
    problems = [*value.problems, (f"{filled} AND {known} AND {found} IS NULL", "code_split")]
    sql = found
    if unknown == "set_aside":
        problems.append((f"{filled} AND NOT ({known})", "code_unknown"))
    elif unknown == "keep":
        sql = f"CASE WHEN {known} THEN {found} ELSE {value.sql} END"
    return Value(sql, "text", tuple(problems))


_STEPS: Mapping[str, Callable[[Value, Conversion, Codes], Value]] = {
    "trim": _plain("trim({v})"),
    "nfc": _plain("nfc_normalize({v})"),
    "upper": _plain("upper({v})"),
    "lower": _plain("lower({v})"),
    "digits": _plain("regexp_replace({v}, '[^0-9]', '', 'g')"),
    "text": _plain("{v}"),
    "pad": _padded,
    "date": _day,
    "decimal": _decimal,
    "constant": _constant,
    "codes": _recoded,
}


def fitted(value: Value, column: TargetColumn, kind: str) -> Value:
    """The value as this column of a target of this kind takes it, with what would not fit."""
    if column.type == "boolean" and kind == "mysql" and column.low is not None:
        # TINYINT(1) is a word for yes or no, and keeps other small numbers as well.
        value, column = _yes_no_or_number(value), replace(column, type="integer")
    v, problems = value.sql, list(value.problems)
    if column.type in _FITS and not (column.type == value.type and column.type in _SAME):
        v, bad = _FITS[column.type](value)
        if column.type == "decimal" and kind == "postgresql":
            bad = f"({bad}) AND {v} <> 'NaN'"
        problems.append((f"{value.sql} IS NOT NULL AND {bad}", "value_not_of_type"))
    if column.type == "decimal" and column.precision is not None:
        bounds = _double_bounds if value.type == "double" else _decimal_bounds
        problems += bounds(v, column.precision, column.scale or 0)
        if value.type == "double":
            v = f"CAST(TRY_CAST(TRY_CAST({v} AS DOUBLE) AS DECIMAL(38, {column.scale or 0})) AS VARCHAR)"
    if column.type == "integer" and column.low is not None:
        number = f"TRY_CAST({v} AS HUGEINT)"
        problems.append((f"{number} < {column.low} OR {number} > {column.high}", "out_of_range"))
    if column.type == "text" and column.length is not None:
        # Trailing spaces of padded columns are no part of a value.
        problems.append((f"length(rtrim({v})) > {column.length}", "too_long"))
        v = f"CASE WHEN length({v}) > {column.length} THEN rtrim({v}) ELSE {v} END"
    if kind == "sqlite":
        problems += _beyond_sqlite(v, column)
    if column.type in ("text", "json") and kind == "postgresql":
        problems.append((f"contains({v}, chr(0))", "character_refused"))
    if not column.nullable and not column.defaulted:
        problems.append((f"({v}) IS NULL", "null_refused"))
    return Value(v, column.type, tuple(problems))


def _yes_no_or_number(value: Value) -> Value:
    v = f"trim({value.sql})"
    sql = f"CASE lower({v}) WHEN 'true' THEN '1' WHEN 't' THEN '1' WHEN 'false' THEN '0' WHEN 'f' THEN '0' ELSE {v} END"
    return Value(sql, "text", value.problems)


def _beyond_sqlite(v: str, column: TargetColumn) -> list[tuple[str, str]]:
    """What SQLite would take and keep as another number."""
    if column.type == "double":
        return [(f"NOT isfinite(TRY_CAST({v} AS DOUBLE))", "value_not_of_type")]
    if column.type == "decimal":
        fraction = f"rtrim(split_part({v}, '.', 2), '0')"
        digits = (
            f"length(ltrim(regexp_replace(split_part({v}, '.', 1), '[^0-9]', '', 'g') || {fraction}, '0'))"
        )
        whole = f"TRY_CAST(split_part({v}, '.', 1) AS BIGINT)"
        return [(f"{digits} > 15 AND ({fraction} <> '' OR {whole} IS NULL)", "decimals_lost")]
    return []


_SAME = frozenset({"text", "integer", "date", "time", "binary", "json"})


def _as_integer(value: Value) -> tuple[str, str]:
    v = value.sql
    if value.type == "boolean":
        return f"CASE {v} WHEN 'true' THEN '1' WHEN 'false' THEN '0' END", "false"
    trimmed = f"trim({v})"
    return f"split_part({trimmed}, '.', 1)", f"NOT regexp_full_match({trimmed}, '{_WHOLE}')"


def _as_decimal(value: Value) -> tuple[str, str]:
    v = value.sql
    if value.type in ("double", "boolean"):
        return v, f"TRY_CAST({v} AS DOUBLE) IS NULL OR NOT isfinite(TRY_CAST({v} AS DOUBLE))"
    return f"trim({v})", f"NOT regexp_full_match(trim({v}), '{_NUMBER}')"


def _as_double(value: Value) -> tuple[str, str]:
    return value.sql, f"TRY_CAST({value.sql} AS DOUBLE) IS NULL"


def _as_boolean(value: Value) -> tuple[str, str]:
    v = f"lower(trim({value.sql}))"
    sql = f"CASE WHEN {v} IN ('true', 't', '1') THEN 'true' WHEN {v} IN ('false', 'f', '0') THEN 'false' END"
    return sql, f"({sql}) IS NULL"


def _as_date(value: Value) -> tuple[str, str]:
    v = value.sql
    day = f"substr({v}, 1, 10)"
    midnight = f"(length({v}) <= 10 OR regexp_full_match(substr({v}, 11), '[ T]00:00(:00(\\.0+)?)?([+]00(:?00)?|Z)?'))"
    return day, f"(TRY_CAST({day} AS DATE) IS NULL OR NOT {midnight})"


def _as_moment(value: Value) -> tuple[str, str]:
    cast = f"TRY_CAST({value.sql} AS TIMESTAMP)"
    return f"CAST({cast} AS VARCHAR)", f"{cast} IS NULL"


def _as_time(value: Value) -> tuple[str, str]:
    return value.sql, f"TRY_CAST({value.sql} AS TIME) IS NULL"


def _as_json(value: Value) -> tuple[str, str]:
    return value.sql, f"NOT json_valid({value.sql})"


def _as_binary(value: Value) -> tuple[str, str]:
    # Text becomes the bytes of its UTF-8.
    return f"lower(hex(encode({value.sql})))", "false"


_FITS: Mapping[str, Callable[[Value], tuple[str, str]]] = {
    "integer": _as_integer,
    "decimal": _as_decimal,
    "double": _as_double,
    "boolean": _as_boolean,
    "date": _as_date,
    "timestamp": _as_moment,
    "time": _as_time,
    "json": _as_json,
    "binary": _as_binary,
}


def _decimal_bounds(v: str, precision: int, scale: int) -> list[tuple[str, str]]:
    """What a decimal of these bounds would refuse or round; told from the digits, so that no width is too much."""
    whole = f"ltrim(replace(replace(split_part({v}, '.', 1), '-', ''), '+', ''), '0')"
    fraction = f"rtrim(split_part({v}, '.', 2), '0')"
    return [
        (f"length({whole}) > {precision - scale}", "out_of_range"),
        (f"length({fraction}) > {scale}", "decimals_lost"),
    ]


def _double_bounds(v: str, precision: int, scale: int) -> list[tuple[str, str]]:
    """What a decimal would refuse or round of a double: it must come back as the same double."""
    number = f"TRY_CAST({v} AS DOUBLE)"
    kept = f"TRY_CAST({number} AS DECIMAL(38, {scale}))"
    return [
        (
            f"abs({number}) >= 1e{precision - scale} OR ({number} IS NOT NULL AND {kept} IS NULL)",
            "out_of_range",
        ),
        (f"CAST({kept} AS DOUBLE) <> {number}", "decimals_lost"),
    ]


def select_list(
    columns: Sequence[ColumnMap],
    targets: Mapping[str, TargetColumn],
    sources: Mapping[str, tuple[str, ColumnType]],
    codes: Codes,
    kind: str,
    key: Sequence[str],
) -> str:
    """SQL (DuckDB): each column for the target under its name, then `_lienthong_problem`, the first thing wrong with the row.

    `sources` gives for each column of the source its SQL as travelling text, and its type.
    """
    selected, problems = [], []
    for column in columns:
        sql, of_type = (
            sources[column.source] if column.source is not None else ("CAST(NULL AS VARCHAR)", "text")
        )
        value = fitted(converted(Value(sql, of_type), column, codes), targets[column.target], kind)
        selected.append(f"{value.sql} AS {quoted(column.target)}")
        tests = list(value.problems)
        if column.target in key:
            # That a key is empty says more than that its column must be filled.
            tests = [one for one in tests if one[1] != "null_refused"]
            tests.append((f"({value.sql}) IS NULL", "key_empty"))
        problems += [
            f"WHEN {test} THEN {literal(reason + ':' + column.target)}"
            for test, reason in tests
            if test != "false"
        ]
    problem = f"CASE {' '.join(problems)} END" if problems else "CAST(NULL AS VARCHAR)"
    return f"{', '.join(selected)}, {problem} AS _lienthong_problem"
