"""Each measure of a column, written once, as one SQL expression per engine.

A measure says what it is called in a `ColumnProfile`, of which column types it can be taken, and how
each engine writes it. `fold` puts all measures of many columns into one statement, so that the data is
read once; wide tables go in batches. The same measures are asked of a live database where only it can
answer as its own SQL would (a collation that takes `Hòa` and `HÒA` for one value).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from lienthong.engine.shapes import COLUMN_TYPES, ColumnType

Dialect = Literal["duckdb", "postgresql", "mysql", "sqlite", "spark"]

ORDERED = frozenset(COLUMN_TYPES) - {"json", "binary"}
TEXT = frozenset({"text"})
TEMPORAL = frozenset({"date", "time", "timestamp"})

COLUMNS_PER_STATEMENT = 40


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to know about a column: its name, the types it is taken of, and the expression per engine.

    `expression` holds for every engine that `special` does not name. `{c}` stands for the column.
    """

    name: str
    types: frozenset[str]
    expression: str
    special: Mapping[str, str] = field(default_factory=dict)

    def sql(self, dialect: Dialect, column: str) -> str:
        """The measure of this column (an SQL expression) as this engine writes it."""
        return self.special.get(dialect, self.expression).format(c=column)


def _length(bound: str) -> Mapping[str, str]:
    # MySQL counts bytes by length(); PostgreSQL has types that read as text and have no length.
    return {"mysql": f"{bound}(char_length({{c}}))", "postgresql": f"{bound}(length({{c}}::text))"}


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is true or false of one value: of which types it can be asked, and the expression per engine."""

    name: str
    types: frozenset[str]
    expression: str
    special: Mapping[str, str] = field(default_factory=dict)

    def sql(self, dialect: Dialect, column: str) -> str:
        """The condition on this column (an SQL expression) as this engine writes it."""
        return self.special.get(dialect, self.expression).replace("{c}", column)


EVERY = frozenset(COLUMN_TYPES)

FILLED = Measure("filled", EVERY, "count({c})")
DISTINCT = Measure("distinct", EVERY, "count(DISTINCT {c})")
MIN = Measure("min", ORDERED, "min({c})")
MAX = Measure("max", ORDERED, "max({c})")
MIN_LENGTH = Measure("min_length", TEXT, "min(length({c}))", _length("min"))
MAX_LENGTH = Measure("max_length", TEXT, "max(length({c}))", _length("max"))

MEASURES: tuple[Measure, ...] = (FILLED, DISTINCT, MIN, MAX, MIN_LENGTH, MAX_LENGTH)


# Words that stand for nothing, folded; what is shorter than three letters stands for nothing by its signs alone.
NOTHING_WORDS = (
    "khong co", "khong ro", "chua ro", "chua co", "khong xac dinh", "chua xac dinh", "khong biet", "chua biet", "k co",
    "ko co", "kco", "khong co thong tin", "chua co thong tin", "chua cap nhat", "dang cap nhat",
    "khong co du lieu", "chua co du lieu", "bo trong", "trong", "khong ap dung", "null", "none", "nil", "nan", "n/a", "na",
    "n.a", "n.a.", "#n/a", "#na", "#value!", "#ref!", "#div/0!", "#null!", "(null)", "<null>", "[null]", "\\n", "unknown",
    "undefined", "not available", "not applicable", "not specified", "no data", "missing", "tbd", "khong khai bao",
    "chua khai bao", "khong thu thap",
)  # fmt: skip
NOTHING_DAYS = ("0001-01-01", "1111-11-11", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01",
                "2999-12-31", "9999-01-01", "9999-12-31")  # fmt: skip
_WRITTEN_DAYS = tuple(
    written
    for day in (*NOTHING_DAYS, "0000-00-00")
    for year, month, of_month in [day.split("-")]
    for written in (day, f"{of_month}/{month}/{year}", f"{of_month}-{month}-{year}", f"{day} 00:00:00",
                    f"{int(of_month)}/{int(month)}/{year}")
)  # fmt: skip


def _listed(words: Sequence[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in dict.fromkeys(words))


_FOLDED = "replace(strip_accents(lower(trim({c}))), 'đ', 'd')"
_RUNS = "0{6,}|1{6,}|9{6,}"
_SIGNS = "'-–—._?*/… \\t'"
_LONGEST_WORD = max(map(len, NOTHING_WORDS)) + 2
# The first letters of those words, by number: what begins otherwise need not be folded.
_FIRST = ", ".join(
    str(ord(letter))
    for letter in sorted({one for word in NOTHING_WORDS for one in (word[0], word[0].upper())} | set("đĐ "))
)
# A list is asked by list_contains: DuckDB makes a join of a long IN, for which every value would be folded.
PLACEHOLDERS: tuple[Condition, ...] = (
    Condition(
        "placeholder",
        TEXT,
        # What a text begins with is told by comparing: a letter that is no ASCII need not be decoded for it.
        f"CASE WHEN {{c}} >= '4' AND {{c}} < '9' THEN false WHEN {{c}} >= '0' AND {{c}} < ':' THEN "
        f"regexp_full_match({{c}}, '{_RUNS}|{'|'.join(map(re.escape, _WRITTEN_DAYS))}') "
        f"WHEN strlen({{c}}) > 60 THEN false WHEN length({{c}}) <= {_LONGEST_WORD} AND list_contains([{_FIRST}], ascii({{c}})) "
        f"THEN list_contains([{_listed(NOTHING_WORDS)}], {_FOLDED}) OR trim({{c}}, {_SIGNS}) = '' "
        f"WHEN {{c}} >= 'A' AND {{c}} < '[' OR {{c}} >= '{chr(8231)}' OR {{c}} >= 'a' AND {{c}} < '{{' "
        f"OR {{c}} >= 'À' AND {{c}} < '{chr(8001)}' THEN false ELSE trim({{c}}, {_SIGNS}) = '' END",
        {
            "postgresql": f"(length({{c}}::text) <= 40 AND (btrim({{c}}::text, '-–—._?*/… ') = '' OR lower(btrim({{c}}::text)) "
            f"IN ({_listed((*NOTHING_WORDS, 'không có', 'không rõ', 'chưa rõ', 'chưa có', *_WRITTEN_DAYS))}) "
            f"OR {{c}}::text ~ '^({_RUNS})$'))",
            "mysql": f"(char_length({{c}}) <= 40 AND (trim({{c}}) IN ('', '-', '--', '.', '..', '...', '…', '?', '*', '/') OR "
            f"lower(trim({{c}})) IN ({_listed((*NOTHING_WORDS, 'không có', 'không rõ', 'chưa rõ', 'chưa có', *_WRITTEN_DAYS))}) "
            f"OR {{c}} REGEXP '^({_RUNS})$'))",
            "sqlite": f"(length({{c}}) <= 40 AND (trim({{c}}, '-–—._?*/… ') = '' OR lower(trim({{c}})) "
            f"IN ({_listed((*NOTHING_WORDS, 'không có', 'không rõ', 'chưa rõ', 'chưa có', *_WRITTEN_DAYS))}) "
            f"OR (length({{c}}) >= 6 AND substr({{c}}, 1, 1) IN ('0', '1', '9') AND trim({{c}}, substr({{c}}, 1, 1)) = '')))",
        },
    ),
    # Most values are told apart by comparing; a list is asked of the few that lie beyond.
    Condition("placeholder", frozenset({"integer"}), "CASE WHEN {c} >= 0 AND {c} < 9999999 THEN false ELSE {c} IN (-999, -9999, -99999, "
              "-999999, 9999999, 99999999, 999999999, 9999999999, 99999999999, 999999999999, 1111111111, 111111111111) END"),
    Condition("placeholder", frozenset({"double", "decimal"}), "CASE WHEN {c} >= 0 AND {c} < 9999999999 THEN false ELSE {c} IN (-999, "
              "-9999, -99999, -999999, 9999999999) END"),
    Condition(
        "placeholder", frozenset({"date", "timestamp"}),
        "CASE WHEN {c} > DATE '1970-01-01' AND {c} < DATE '2999-12-31' THEN false ELSE "
        f"{{c}} IN ({', '.join(f'DATE {chr(39)}{day}{chr(39)}' for day in NOTHING_DAYS)}) END",
        {"sqlite": f"{{c}} IN ({_listed((*NOTHING_DAYS, *(f'{day} 00:00:00' for day in NOTHING_DAYS)))})",
         "mysql": f"{{c}} IN ({_listed(('0000-00-00', *NOTHING_DAYS))})"},
    ),
)  # fmt: skip


def placeholder_sql(kind: ColumnType, dialect: Dialect, column: str) -> str | None:
    """The condition under which a value of this type stands for nothing; None for types without such values."""
    return next((one.sql(dialect, column) for one in PLACEHOLDERS if kind in one.types), None)


_TAX_SUM = " + ".join(
    f"{weight} * ((({{n}}) // {10 ** (9 - place)}) % 10)"
    for place, weight in enumerate((31, 29, 23, 19, 17, 13, 7, 5, 3))
)
_BARE = "translate({c}, ' .-()/' || chr(160), '')"
_DAY_FORMS = "['%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%Y-%m-%d', '%Y/%m/%d', '%Y%m%d']"
_VIETNAMESE_LETTERS = "A-Za-zÀ-ỹĐđ"

CONDITIONS: Mapping[str, Condition] = {
    one.name: one
    for one in (
        Condition("empty", TEXT, "CASE WHEN {c} >= '!' AND ({c} < chr(160) OR {c} >= chr(161)) THEN false "
                  "ELSE trim({c}, ' \t\r\n' || chr(160)) = '' END",
                  {"postgresql": "btrim({c}::text) = ''", "mysql": "trim({c}) = ''", "sqlite": "trim({c}) = ''"}),
        # One test for what is rare, so that the tests for each kind of it are asked of few values.
        Condition("plain_digits", TEXT, "CASE WHEN {c} >= '0' AND {c} < ':' THEN regexp_full_match({c}, '[0-9]+') ELSE false END"),
        Condition("odd_text", TEXT, "(regexp_matches({c}, '^\\s|\\s$|  |[\\x00-\\x1F\\x7F-\\x{A0}\\x{AD}\\x{200B}-\\x{200F}"
                  "\\x{300}-\\x{36F}\\x{FEFF}\\x{FFFD}<&?ÃÂÄÆ€º»]'))"),
        Condition("text_untrimmed", TEXT, "(trim({c}, ' \t\r\n' || chr(160)) <> '' AND "
                  "(trim({c}, ' \t\r\n' || chr(160)) <> {c} OR contains({c}, '  ')))"),
        Condition("control_character", TEXT, "regexp_matches({c}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F\\x{AD}"
                  "\\x{200B}-\\x{200F}\\x{FEFF}]')"),
        Condition("markup_left", TEXT, "regexp_matches({c}, '</?[A-Za-z][A-Za-z0-9]*(\\s[^<>]*)?/?>|&(nbsp|amp|lt|gt|quot|apos|"
                  "#[0-9]{2,5});')"),
        Condition("mojibake", TEXT, "regexp_matches({c}, '\\x{FFFD}|[\\x{80}-\\x{9F}]|Ã[\\x{A0}-\\x{BF}ƒ‚„…†‡ˆ‰Š‹Œ]|Ä[‘\\x{A0}-\\x{BF}]|"
                  f"áº|á»|Æ°|Æ¡|â€|Â[\\x{{A0}}-\\x{{BF}}]|[{_VIETNAMESE_LETTERS}]\\?[{_VIETNAMESE_LETTERS}]')"),
        Condition("decomposed_text", TEXT, "(strlen({c}) > length({c}) AND {c} <> nfc_normalize({c}))"),
        Condition("number_like", TEXT, "(plain OR regexp_full_match({c}, '\\s*[-+]?[0-9][0-9.,\\s]*%?\\s*'))"),
        Condition("no_day", TEXT, "(try_strptime(regexp_replace(trim({c}), '[ T][0-9:.]+(Z|[+-][0-9:]+)?$', ''), "
                  f"{_DAY_FORMS}) IS NULL)"),
        Condition("no", TEXT, "CASE WHEN {c} >= 'K' AND {c} < 'L' OR {c} >= 'k' AND {c} < 'l' THEN strip_accents(lower(trim({c}))) = 'khong' ELSE false END"),
        Condition("digits", TEXT, f"CASE WHEN plain THEN {{c}} ELSE {_BARE} END"),
        Condition("wrong_check_digit", TEXT, "CASE WHEN regexp_full_match({c}, '[0-9]{10}([0-9]{3})?') THEN 10 - ("
                  + _TAX_SUM.replace("{n}", "CAST(left({c}, 10) AS BIGINT)") +
                  ") % 11 <> CAST(left({c}, 10) AS BIGINT) % 10 ELSE false END"),
        Condition("form_citizen_number", TEXT, f"CASE WHEN plain THEN length({{c}}) = 12 ELSE regexp_full_match({_BARE}, '[0-9]{{12}}') END"),
        Condition("form_old_identity_number", TEXT, f"CASE WHEN plain THEN length({{c}}) IN (9, 12) ELSE regexp_full_match({_BARE}, '[0-9]{{9}}|[0-9]{{12}}') END"),
        Condition("form_tax_code", TEXT, f"CASE WHEN plain THEN length({{c}}) IN (10, 12, 13) ELSE regexp_full_match({_BARE}, '[0-9]{{10}}|[0-9]{{12}}|[0-9]{{13}}') END"),
        Condition("form_social_insurance", TEXT, f"CASE WHEN plain THEN length({{c}}) = 10 ELSE regexp_full_match({_BARE}, '[0-9]{{10}}') END"),
        Condition("form_health_insurance", TEXT, f"regexp_full_match(upper({_BARE}), '[A-Z]{{2}}[1-5][0-9]{{12}}|[0-9]{{10}}')"),
        Condition("form_phone", TEXT, f"regexp_full_match(replace({_BARE}, '+', ''), '(0|84|0084)?(3[2-9]|5[25689]|7[06-9]|8[1-9]|"
                  "9[0-46-9])[0-9]{7}|(0|84|0084)2[0-9]{9}|1[89]00[0-9]{4,6}|(0|84)1(2[0-9]|6[2-9]|8[68]|99)[0-9]{7}')"),
        Condition("form_email", TEXT, "regexp_full_match(trim({c}), '[^@\\s,;<>()]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?[.][A-Za-z]{2,}')"),
        Condition("form_url", TEXT, "regexp_full_match(trim({c}), '(?i)(https?://|ftp://|www[.])\\S+')"),
        Condition("form_plate", TEXT, "regexp_full_match(upper(trim({c})), '[1-9][0-9][\\s.-]?[A-ZĐ]{1,2}[0-9]?[\\s.-]{0,2}([0-9]{3}[.][0-9]{2}|[0-9]{4,5})')"),
        Condition("form_passport", TEXT, "regexp_full_match(upper(trim({c})), '[A-Z]{1,2}[0-9]{7,8}')"),
        Condition("form_person_name", TEXT, "(NOT regexp_matches({c}, '[0-9@#$%^*=<>_|]') AND length(trim({c})) > 1)"),
        Condition("form_sex", TEXT, "(strip_accents(lower(trim({c}))) IN ('nam', 'nu', 'male', 'female', 'm', 'f', 'khac', 'other', "
                  "'nam gioi', 'nu gioi', 'trai', 'gai', '0', '1', '2', '3', '9'))"),
        Condition("form_year", TEXT, "regexp_full_match(trim({c}), '(19|20)[0-9]{2}')"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A column to be measured: the expression that reads it, its type, and expressions for its range if
    they differ.

    `lower` and `upper` replace `min` and `max` where an engine cannot order or cannot print the values
    as they are.
    """

    expression: str
    type: ColumnType
    lower: str | None = None
    upper: str | None = None

    def reduced(self) -> Measured:
        """The same measures taken of `v`, the distinct values of this column."""
        lower, upper = (
            None if bound is None else bound.replace(self.expression, "v")
            for bound in (self.lower, self.upper)
        )
        return Measured("v", self.type, lower, upper)

    def expressions(self, dialect: Dialect) -> Iterator[tuple[str, str]]:
        """Every measure that can be taken of this column: its name and its SQL."""
        for measure in MEASURES:
            if self.type not in measure.types:
                continue
            if measure is MIN and self.lower is not None:
                yield measure.name, self.lower
            elif measure is MAX and self.upper is not None:
                yield measure.name, self.upper
            else:
                yield measure.name, measure.sql(dialect, self.expression)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that measures some columns, the first of them being number `first`."""

    sql: str
    first: int
    names: tuple[tuple[str, ...], ...]

    def read(self, row: Sequence[Any]) -> tuple[int, list[dict[str, Any]]]:
        """The one row it answers, taken apart: the count of rows, and the measures per column."""
        values = iter(row)
        rows = int(next(values))
        return rows, [{name: next(values) for name in names} for names in self.names]


def fold(
    columns: Sequence[Measured],
    relation: str,
    dialect: Dialect,
    *,
    batch: int = COLUMNS_PER_STATEMENT,
) -> list[Statement]:
    """All measures of these columns in as few reads as `batch` columns per statement allow."""
    statements = []
    for first in range(0, max(1, len(columns)), batch):
        taken = [list(column.expressions(dialect)) for column in columns[first : first + batch]]
        select = ["count(*)", *(sql for measures in taken for _, sql in measures)]
        statements.append(
            Statement(
                sql=f"SELECT {', '.join(select)} FROM {relation}",
                first=first,
                names=tuple(tuple(name for name, _ in measures) for measures in taken),
            )
        )
    return statements


def grouped(column: Measured, relation: str, order: int, extra: Sequence[tuple[str, str]] = ()) -> Statement:
    """All measures of one column and whatever else is asked of it, from its distinct values and their counts.

    The column is read once and reduced to `v` (a value), `n` (its rows) and, for text, what `looked_over` tells of it; `extra` names expressions over these,
    in which `count(*)` would count values and `sum(n)` counts rows. Comparing and testing strings is what costs,
    so a column of few values costs next to nothing.
    """
    values = f"SELECT {column.expression} AS v, count(*) AS n FROM {relation} GROUP BY ALL"
    return of_values(column, values, order, extra)


def of_values(
    column: Measured, values: str, order: int, extra: Sequence[tuple[str, str]] = (), *, told: bool = False
) -> Statement:
    """What `grouped` asks, of SQL that gives the distinct values `v` of a column and their rows `n`; `told` as in `looked_over`."""
    names, selected = [], []
    for name, sql in column.reduced().expressions("duckdb"):
        names.append(name)
        selected.append({"filled": rows_where("v IS NOT NULL"), "distinct": "count(v)"}.get(name, sql))
    for name, sql in extra:
        names.append(name)
        selected.append(sql)
    if column.type in TEXT:
        values = looked_over(values, told=told)
    return Statement(
        f"SELECT coalesce(sum(n), 0), {', '.join(selected)} FROM ({values})", order, (tuple(names),)
    )


def looked_over(values: str, *, told: bool = False) -> str:
    """SQL over texts `v`: what is told of a value once is not asked again by every rule.

    `plain`: digits alone, which are never odd; `odd`: worth a closer look; `nothing`: stands for nothing. Where it is
    `told`, `values` gives of each text whether it is known to be `digits` alone or `fine`, that is, not odd.
    """
    odd = (
        f"CASE WHEN plain{' OR fine' * told} THEN false ELSE {CONDITIONS['odd_text'].sql('duckdb', 'v')} END"
    )
    plain = CONDITIONS["plain_digits"].sql("duckdb", "v")
    if told:
        plain = f"CASE WHEN digits THEN true ELSE {plain} END"
    # Of digits alone only runs of one stand for nothing: most are told apart by comparing.
    runs = (
        "CASE WHEN v < '0000001' OR v >= '999999' OR v >= '111111' AND v < '1111112' "
        f"THEN regexp_full_match(v, '{_RUNS}') ELSE false END"
    )
    nothing = (
        f"CASE WHEN plain THEN {runs} ELSE coalesce({placeholder_sql('text', 'duckdb', 'v')}, false) END"
    )
    return f"SELECT *, {odd} AS odd, {nothing} AS nothing FROM (SELECT *, {plain} AS plain FROM ({values}))"


def rows_where(condition: str) -> str:
    """SQL over `v` and `n`: how many rows hold a value for which the condition is true."""
    return f"coalesce(sum(n) FILTER ({condition}), 0)"


_BLOCK = 64
_VOWELS = {
    "a": "àáảãạăằắẳẵặâầấẩẫậäåā", "e": "èéẻẽẹêềếểễệëē", "i": "ìíỉĩịîïī", "o": "òóỏõọôồốổỗộơờớởỡợöō",
    "u": "ùúủũụưừứửữựûüū", "y": "ỳýỷỹỵÿ", "d": "đ", "c": "ç", "n": "ñ",
}  # fmt: skip


def _mysql_letters(value: str) -> str:
    folded = f"LOWER(CONVERT({value} USING utf8mb4))"
    for letter, marked in _VOWELS.items():
        folded = f"REGEXP_REPLACE({folded}, '[{marked}]', '{letter}')"
    return f"REGEXP_REPLACE({folded}, '[^a-z0-9]', '')"


def plain_letters(dialect: Dialect, value: str) -> str:
    """SQL: a text or code reduced to small letters without marks, and digits; empty for texts of other scripts.

    The same in every engine for Vietnamese and the languages of western Europe, composed or not.
    """
    if dialect == "mysql":
        return _mysql_letters(value)
    if dialect == "postgresql":
        crossed = f"replace(replace(({value})::text, 'Đ', 'D'), 'đ', 'd')"
        bare = f"regexp_replace(normalize({crossed}, NFD), '[\u0300-\u036f]', '', 'g')"
        return f"regexp_replace(lower({bare}), '[^a-z0-9]', '', 'g')"
    if dialect == "duckdb":
        crossed = f"replace(replace(nfc_normalize({value}), 'Đ', 'D'), 'đ', 'd')"
        return f"regexp_replace(lower(strip_accents({crossed})), '[^a-z0-9]', '', 'g')"
    raise ValueError(f"{dialect} has no such function")


def keyed_hash(dialect: Dialect, value: str, key: bytes) -> str:
    """SQL: the first 64 bits of HMAC-SHA-256 of a text (UTF-8) under this key, as 16 hex digits, which order as they do.

    The key stands in the statement: where a server keeps its statements, it keeps the key. SQLite has no such function.
    """
    inner, outer = pads_of(key)
    if dialect == "duckdb":
        first = f"from_hex(sha256(from_hex('{inner}') || encode({value})))"
        return f"left(sha256(from_hex('{outer}') || {first}), 16)"
    if dialect == "postgresql":
        first = f"sha256(decode('{inner}', 'hex') || convert_to({value}, 'UTF8'))"
        return f"left(encode(sha256(decode('{outer}', 'hex') || {first}), 'hex'), 16)"
    if dialect == "spark":
        first = f"unhex(sha2(concat(unhex('{inner}'), encode({value}, 'UTF-8')), 256))"
        return f"left(sha2(concat(unhex('{outer}'), {first}), 256), 16)"
    if dialect == "mysql":
        first = f"UNHEX(SHA2(CONCAT(x'{inner}', CAST(CONVERT({value} USING utf8mb4) AS BINARY)), 256))"
        return f"LEFT(SHA2(CONCAT(x'{outer}', {first}), 256), 16)"
    raise ValueError(f"{dialect} has no such function")


def pads_of(key: bytes) -> tuple[str, str]:
    """The inner and outer blocks of HMAC-SHA-256 under this key, as hex digits."""
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key).hex(), bytes(byte ^ 0x5C for byte in key).hex()
