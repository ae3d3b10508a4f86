"""Decisions about sources, looks and assessments, on plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lienthong.foundation.tracing import carries

from .errors import (
    ConclusionMissing,
    FileKindRefused,
    FolderNotAllowed,
    IssueIncomplete,
    OptionNotAllowed,
    ProposedActionMissing,
    SecretReferenceRefused,
    VersionTooLarge,
)

MOST_ROWS_XLSX = 200_000
"""Rows of a workbook that is written while somebody waits: a second for every ten thousand, other forms a hundredth of it."""
Form = Mapping[str, Any]
"""A table in the published form of a look."""

KINDS: dict[str, tuple[str, str]] = {
    "postgresql": ("cơ sở dữ liệu PostgreSQL", "a PostgreSQL database"),
    "mysql": ("cơ sở dữ liệu MySQL hoặc MariaDB", "a MySQL or MariaDB database"),
    "oracle": ("cơ sở dữ liệu Oracle", "an Oracle database"),
    "sqlserver": ("cơ sở dữ liệu SQL Server", "a SQL Server database"),
    "sqlite": ("tệp SQLite", "an SQLite file"),
    "file": ("tệp", "a file"),
    "folder": ("thư mục tệp", "a folder of files"),
}
UPLOADABLE = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".geojson", ".parquet",
    ".sqlite", ".sqlite3", ".db",
)  # fmt: skip
# Options of a connection that make this machine read no file and reach no other host.
SAFE_OPTIONS = frozenset(
    {"sslmode", "ssl_mode", "connect_timeout", "application_name", "charset", "protocol", "encrypt"}
    | {"trust_server_certificate"}
)
SOURCE_VARIABLE = "LIENTHONG_SOURCE_"
_NAME = re.compile(r"[A-Z0-9_]{1,80}")

# Below this share of filled cells a column counts as mostly empty. A choice of the product, not of the law.
MOSTLY_EMPTY = 0.5


def file_ending(name: str) -> str:
    """The ending of a file that can be a source; others are refused."""
    ending = Path(name).suffix.lower()
    if ending not in UPLOADABLE:
        raise FileKindRefused(
            name=name[:120], kinds="CSV, TSV, TXT, XLSX, XLS, ODS, JSON, GeoJSON, Parquet, SQLite"
        )
    return ending


def require_inside(path: Path, folders: Iterable[Path]) -> Path:
    """The path with links followed, if it lies in one of the folders that are open for sources."""
    real = path.resolve()
    if not path.is_absolute() or not any(real.is_relative_to(folder.resolve()) for folder in folders):
        raise FolderNotAllowed()
    return real


def require_safe_options(options: Mapping[str, str]) -> dict[str, str]:
    """The options of a connection, if none of them reaches for files of this machine."""
    unsafe = sorted(set(options) - SAFE_OPTIONS)
    if unsafe:
        raise OptionNotAllowed(names=", ".join(unsafe))
    return dict(options)


def require_reference(given: str, folders: Iterable[Path], variable: str = SOURCE_VARIABLE) -> str:
    """A reference to a password kept elsewhere: `env:LIENTHONG_SOURCE_NAME`, or `file:` in a folder for keys.

    `variable` is how the names of its kind begin: what one kind of connection may use, another may not.

    Nothing else may be named: an officer who chooses the host as well could have any secret sent there.
    """
    kind, _, name = given.strip().partition(":")
    if kind == "env" and name.startswith(variable) and _NAME.fullmatch(name.removeprefix(variable)):
        return f"env:{name}"
    if kind == "env":
        raise SecretReferenceRefused(
            why=f"tên biến phải bắt đầu bằng {variable}",
            why_en=f"the name of the variable must begin with {variable}",
        )
    if kind == "file":
        try:
            return f"file:{require_inside(Path(name), folders)}"
        except (FolderNotAllowed, ValueError, OSError):
            raise SecretReferenceRefused(
                why="tệp không nằm trong thư mục khóa của nguồn dữ liệu",
                why_en="the file does not lie in the folder for keys of sources",
            ) from None
    raise SecretReferenceRefused(why="không đúng dạng", why_en="it has another form")


def without_password(address: str) -> str:
    """An address as it may be shown again in the form in which it was typed."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address
    userinfo, at, place = rest.rpartition("@")
    if at:
        rest = f"{userinfo.partition(':')[0]}@{place}"
    place, mark, query = rest.partition("?")
    kept = [part for part in query.split("&") if "password" not in part.partition("=")[0].lower()]
    return f"{scheme}://{place}{mark if any(kept) else ''}{'&'.join(kept)}"


# What an assessment finds by itself: code to severity and text in Vietnamese and English.
FINDINGS: dict[str, tuple[str, str, str]] = {
    "table_empty": ("warning", "Bảng {table} không có dòng nào", "Table {table} has no row"),
    "key_missing": (
        "warning",
        "Bảng {table} không khai báo khóa chính",
        "Table {table} declares no primary key",
    ),
    "key_not_unique": (
        "error",
        "Khóa {column} của bảng {table} trùng {count} dòng",
        "Key {column} of table {table} is repeated in {count} rows",
    ),
    "key_has_gaps": (
        "error",
        "Khóa {column} của bảng {table} trống ở {count} dòng",
        "Key {column} of table {table} is empty in {count} rows",
    ),
    "column_empty": ("error", "Cột {table}.{column} trống hoàn toàn", "Column {table}.{column} is empty"),
    "column_mostly_empty": (
        "warning",
        "Cột {table}.{column} trống ở {count} dòng ({percent}%)",
        "Column {table}.{column} is empty in {count} rows ({percent}%)",
    ),
    "column_constant": (
        "info",
        "Cột {table}.{column} chỉ có một giá trị",
        "Column {table}.{column} has one value only",
    ),
}
_VIETNAMESE = str.maketrans(",.", ".,")
_WEIGHTS = {"error": 0, "warning": 1, "info": 2}


@carries("INV-02")
def findings_in(tables: Iterable[Form]) -> list[dict[str, Any]]:
    """Defects that counting alone shows: broken keys, gaps, columns that say nothing; the gravest first."""
    found: list[dict[str, Any]] = []
    for table in tables:
        rows = int(table["rows"] or 0)
        if not rows:
            found.append(_finding("table_empty", table["name"]))
            continue
        key = list(table.get("primary_key") or [])
        if not key and table.get("kind") != "view":
            found.append(_finding("key_missing", table["name"]))
        for column in table["columns"]:
            found += _column_findings(table["name"], rows, column, single_key=key == [column["name"]])
    return sorted(found, key=lambda finding: _WEIGHTS[finding["severity"]])


def _column_findings(table: str, rows: int, column: Form, *, single_key: bool) -> Iterator[dict[str, Any]]:
    nulls, distinct = int(column["nulls"]), int(column["distinct"])
    if single_key and nulls:
        yield _finding("key_has_gaps", table, column["name"], count=nulls)
    if single_key and distinct < rows - nulls:
        yield _finding("key_not_unique", table, column["name"], count=rows - nulls - distinct)
    if nulls == rows:
        yield _finding("column_empty", table, column["name"])
    elif nulls / rows > MOSTLY_EMPTY:
        yield _finding(
            "column_mostly_empty", table, column["name"], count=nulls, percent=round(100 * nulls / rows, 1)
        )
    elif distinct == 1 and rows > 1:
        yield _finding("column_constant", table, column["name"])


def _finding(code: str, table: str, column: str = "", **evidence: Any) -> dict[str, Any]:
    return {
        "code": code,
        "table": table,
        "column": column,
        "severity": FINDINGS[code][0],
        "evidence": evidence,
    }


def findings_seen(tables: Iterable[Form]) -> list[dict[str, Any]]:
    """Every finding that a look made in its tables and columns, with the table and the column it is about."""
    found = []
    for table in tables:
        found += [{**one, "table": table["name"], "column": ""} for one in table.get("findings") or []]
        for column in table["columns"]:
            found += [
                {**one, "table": table["name"], "column": column["name"]}
                for one in column.get("findings") or []
            ]
    return found


# The gravest findings that stand with the summary of a look.
FIRST_FINDINGS = 50


def summary_of(tables: Iterable[Form]) -> dict[str, Any]:
    """A look in short: each table in numbers, findings by weight, and the gravest findings."""
    listed = []
    weights = dict.fromkeys(("error", "warning", "info"), 0)
    gravest_first: list[dict[str, Any]] = []
    for table in tables:
        found = findings_seen([table])
        for one in found:
            weights[one["severity"]] = weights.get(one["severity"], 0) + 1
        gravest_first = sorted([*gravest_first, *found], key=lambda one: weight_of(str(one["severity"])))
        del gravest_first[FIRST_FINDINGS:]
        listed.append(
            {
                "name": table["name"],
                "rows": table["rows"],
                "columns": len(table["columns"]),
                "key": ", ".join(table.get("primary_key") or []),
                "empty": round(100 - completeness_of([table]), 1) if table["rows"] else 0.0,
                "findings": len(found),
                "skipped": int((table.get("reading") or {}).get("skipped") or 0),
            }
        )
    return {"tables": listed, "weights": weights, "findings": gravest_first}


def weight_of(severity: str) -> int:
    """The place of a weight in a list that begins with the gravest."""
    return _WEIGHTS.get(severity, len(_WEIGHTS))


def gravest(findings: Iterable[Form]) -> str:
    """The gravest weight among findings; empty where there is none."""
    weights = sorted((str(one.get("severity", "warning")) for one in findings), key=weight_of)
    return weights[0] if weights else ""


@carries("INV-02", "INV-04")
def defects_of(tables: Sequence[Form]) -> list[dict[str, Any]]:
    """What an assessment finds: what the rules of the look found, and empty tables; else what counting alone shows."""
    if not any("checks" in table for table in tables):
        return findings_in(tables)
    empty = [_finding("table_empty", table["name"]) for table in tables if not int(table["rows"] or 0)]
    return sorted([*empty, *findings_seen(tables)], key=lambda one: weight_of(str(one["severity"])))


def text_of_finding(finding: Mapping[str, Any], locale: str) -> str:
    """What is wrong and where, in one sentence."""
    if finding["code"] not in FINDINGS or "text" in finding["evidence"]:
        place = ".".join(part for part in (finding["table"], finding["column"]) if part)
        said = finding["evidence"].get("text" if _place(locale) == 0 else "text_en") or finding["code"]
        return f"{place}: {said}"
    template = FINDINGS[finding["code"]][1 + _place(locale)]
    evidence = {name: _shown(value, locale) for name, value in finding["evidence"].items()}
    return template.format(table=finding["table"], column=finding["column"], **evidence)


def _place(locale: str) -> int:
    return 0 if locale.startswith("vi") else 1


def _shown(value: Any, locale: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    text = f"{value:,}".removesuffix(".0")
    return text.translate(_VIETNAMESE) if _place(locale) == 0 else text


def profile_of(tables: Iterable[Form], personal: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """The part of a look that an assessment keeps: counts, and ranges of what is not personal."""
    return [
        {
            "name": table["name"],
            "rows": table["rows"],
            "primary_key": list(table.get("primary_key") or []),
            "completeness": completeness_of([table]),
            "columns": [
                _kept(column, masked=(table["name"], column["name"]) in personal)
                for column in table["columns"]
            ],
        }
        for table in tables
    ]


def _kept(column: Form, *, masked: bool) -> dict[str, Any]:
    return {
        "name": column["name"],
        "type": column["type"],
        "nulls": column["nulls"],
        "distinct": column["distinct"],
        "min": None if masked else column["min"],
        "max": None if masked else column["max"],
        "masked": masked,
    }


# Measures of a column that are values of rows, and so somebody's data where the column is personal.
VALUES = ("min", "max", "quantiles", "top")
# Rows set aside that say what a file is about; the other rows set aside may be data.
_SPEAKING = frozenset({"title", "note", "blank", "column_numbers", "footer", "repeated_header"})


@carries("SEC-02")
def without_values(table: Form, personal: set[str]) -> dict[str, Any]:
    """A looked table without the values of its personal columns; counts, lengths and shapes stay."""
    columns = [
        _without_values(column) if column["name"] in personal else dict(column) for column in table["columns"]
    ]
    kept = {**table, "columns": columns}
    if personal:
        values = [text for one in table["columns"] if one["name"] in personal for text in _spoken_values(one)]
        kept["findings"] = [_told_by_numbers(one, values) for one in table.get("findings") or []]
        if table.get("reading"):
            kept["reading"] = {**table["reading"], "skipped_rows": _speaking(table["reading"])}
    return kept


def values_of(table: Form, personal: set[str]) -> dict[str, dict[str, Any]]:
    """What `without_values` leaves out, by column: to be kept sealed."""
    left_out = {
        column["name"]: {name: column[name] for name in VALUES if column.get(name) not in (None, [], ())}
        for column in table["columns"]
        if column["name"] in personal
    }
    return {name: values for name, values in left_out.items() if values}


def _without_values(column: Form) -> dict[str, Any]:
    kept: dict[str, Any] = {**column, "min": None, "max": None, "masked": True}
    for name in ("quantiles", "top"):
        if name in column:
            kept[name] = []
    values = _spoken_values(column)
    kept["findings"] = [_told_by_numbers(one, values) for one in column.get("findings") or []]
    return kept


def _spoken_values(column: Form) -> list[str]:
    """The values of a column that a look holds, as they could stand in a sentence."""
    held = [column.get("min"), column.get("max"), *(column.get("quantiles") or [])]
    held += [one["value"] for one in column.get("top") or []]
    return [text for value in held if value is not None and len(text := str(value)) >= 3]


def _told_by_numbers(finding: Form, values: Sequence[str] = ()) -> dict[str, Any]:
    """A finding of which counts, shares and row numbers are kept, and its sentence if it repeats no value."""
    evidence = {
        name: value
        for name, value in (finding.get("evidence") or {}).items()
        if _is_number(value)
        or name in NAMES
        or (name in SENTENCES and not any(one in str(value) for one in values))
    }
    return {**finding, "evidence": evidence}


SENTENCES = ("text", "text_en")
# Evidence in words that names columns, tables, rules or kinds, never a value of a row.
NAMES = frozenset(
    {
        "rule",
        "type",
        "kind",
        "semantic_type",
        "column",
        "columns",
        "table",
        "ref_table",
        "ref_columns",
        "list",
        "rhythm",
    }
)


def _is_number(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(isinstance(one, (int, float)) for one in value)
    return value is None or isinstance(value, (int, float))


def _speaking(reading: Form) -> list[dict[str, Any]]:
    return [
        {**row, "text": row.get("text", "") if row["reason"] in _SPEAKING else ""}
        for row in reading.get("skipped_rows") or []
    ]


def masked_profile(profile: Sequence[Form], personal: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """What an assessment keeps, with the ranges of columns that have since been found to be personal masked."""
    return [
        {
            **table,
            "columns": [
                {**column, "min": None, "max": None, "masked": True}
                if (table["name"], column["name"]) in personal
                else column
                for column in table["columns"]
            ],
        }
        for table in profile
    ]


def completeness_of(tables: Iterable[Form]) -> float:
    """Filled cells among all cells of these tables, in percent; 0 where there is no cell."""
    cells = filled = 0
    for table in tables:
        rows = int(table["rows"] or 0)
        cells += rows * len(table["columns"])
        filled += sum(rows - int(column["nulls"]) for column in table["columns"])
    return round(100 * filled / cells, 2) if cells else 0.0


def worst_columns(profile: Sequence[Form], limit: int = 10) -> list[dict[str, Any]]:
    """The columns with the largest share of empty values, the worst first; full columns are left out."""
    gaps = [
        {
            "table": table["name"],
            "rows": table["rows"],
            "share": round(100 * column["nulls"] / table["rows"], 1),
            **column,
        }
        for table in profile
        if table["rows"]
        for column in table["columns"]
        if column["nulls"]
    ]
    return sorted(gaps, key=lambda gap: (-gap["share"], gap["table"], gap["name"]))[:limit]


@carries("INV-02", "INV-03", "INV-06", "UPG-01")
def require_conclusion(
    *, quality: str, conclusion: str, shareable: bool | None, reason: str, proposed_actions: str
) -> None:
    """An assessment says how good the data are, whether others may use them, and if not, what to do."""
    if not quality.strip():
        raise ConclusionMissing(
            at="quality",
            name="nhận xét về độ chính xác, toàn vẹn, bất thường",
            name_en="The remark on accuracy, integrity and anomalies",
        )
    if not conclusion.strip():
        raise ConclusionMissing(at="conclusion", name="kết luận", name_en="The conclusion")
    if shareable is None:
        raise ConclusionMissing(
            at="shareable",
            name="đánh giá khả năng chia sẻ",
            name_en="Whether the data are fit to be shared",
        )
    if not shareable and not reason.strip():
        raise ConclusionMissing(
            at="reason",
            name="lý do dữ liệu chưa chia sẻ được",
            name_en="The reason why the data are not fit to be shared",
        )
    if not shareable and not proposed_actions.strip():
        raise ProposedActionMissing()


# The weight of a finding as the light of the warning that is opened for it.
LIGHTS = {"error": "red", "warning": "yellow", "info": "green"}

# Which of the eight types of error a rule of a look speaks of; what is not listed here is a wrong value.
ERROR_TYPES: dict[str, str] = {
    **dict.fromkeys(
        ("value_missing", "value_placeholder", "text_empty", "mandatory_missing", "column_empty", "text_truncated",
         "table_empty", "column_mostly_empty", "key_has_gaps"),
        "missing",
    ),
    **dict.fromkeys(
        ("identifier_form", "leading_zero_lost", "email_invalid", "phone_invalid", "date_as_text", "mixed_types",
         "text_untrimmed", "control_character", "markup_left", "mojibake", "decomposed_text", "date_impossible"),
        "wrong_form",
    ),
    **dict.fromkeys(
        ("key_repeated", "nearly_unique", "duplicate_row", "duplicate_moment", "key_not_unique"), "duplicate"
    ),
    "code_unknown": "not_in_list",
    "outdated": "stale",
    **dict.fromkeys(
        ("spelling_variant", "end_before_start", "birth_against_identity", "unit_hierarchy", "total_not_sum",
         "code_name_conflict", "key_missing", "orphan_reference"),
        "inconsistent",
    ),
}  # fmt: skip


@carries("GOVF-12")
def error_type_of(rule: str) -> str:
    """The type of error that a finding of a look stands for."""
    return ERROR_TYPES.get(rule, "wrong_value")


def is_found(tables: Iterable[Form], table: str, column: str, rule: str) -> bool:
    """Whether a look shows a finding of this rule at this place."""
    return any(
        (one["table"], one["column"], one["code"]) == (table, column, rule) for one in findings_seen(tables)
    )


@carries("GOVF-12")
def require_words(at: str, text: str) -> str:
    """The words that a step of a quality warning needs, trimmed."""
    said = text.strip()
    if len(said) < 5:
        vi, en = ISSUE_WORDS[at]
        raise IssueIncomplete(at=at, name=vi, name_en=en)
    return said


ISSUE_WORDS = {
    "text": ("nội dung sai", "What is wrong"),
    "cause": ("nguyên nhân", "The cause"),
    "measure": ("việc đã làm để sửa dữ liệu", "What was done to mend the data"),
    "outcome": ("lý do đóng phiếu", "Why the warning is closed"),
}


def workbook_fits(rows: int) -> bool:
    """Whether so many rows are offered as a workbook."""
    return rows <= MOST_ROWS_XLSX


def require_workbook_fits(rows: int) -> None:
    """Refuse a workbook of more rows than are written while somebody waits."""
    if not workbook_fits(rows):
        raise VersionTooLarge(rows=rows, most=MOST_ROWS_XLSX)
