"""The few types that every part of the engine speaks: plain frozen values that know only their own form.

Everything here can be pickled, compared and (through `as_json`) written as JSON. `type` of a column is
exactly one of `COLUMN_TYPES`, whatever the source calls it; the source's own word is kept in
`native_type`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

ColumnType = Literal[
    "text", "integer", "decimal", "double", "boolean", "date", "time", "timestamp", "json", "binary"
]
COLUMN_TYPES: tuple[str, ...] = get_args(ColumnType)

TableKind = Literal["table", "view"]

Severity = Literal["info", "warning", "error"]
DifferenceKind = Literal["missing", "extra", "changed"]

Sensitivity = Literal["none", "basic", "sensitive"]
"""Personal data or not, as the machine proposes it; a person confirms."""

JsonScalar = str | int | float | bool | None
"""A value as JSON holds it: dates and times as ISO text, decimals that no float can hold exactly as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its source declares it; `ordinal` counts from 1 in the order of the source."""

    name: str
    type: ColumnType
    nullable: bool = True
    comment: str | None = None
    native_type: str | None = None
    ordinal: int = 0
    generated: bool = False
    """Whether the source computes it from other columns."""


@dataclass(frozen=True, slots=True)
class Key:
    """Columns whose values together name one row."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must be found in `ref_columns` of `ref_table`, a table of the same source."""

    columns: tuple[str, ...]
    ref_table: str
    ref_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of a source.

    `name` is what the source is asked by: plain in the source's usual schema, else `schema.table`.
    `rows` is the source's own count or estimate when it was free to ask, and None when only a scan would
    tell. `partitions` names the parts whose rows are rows of this table: they are not listed beside it.
    `size_bytes` is what the source says it takes on its disk, indexes included; `native_kind` its own word for what
    this is (`partitioned table`, `materialized view`, ...).
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    rows: int | None = None
    kind: TableKind = "table"
    comment: str | None = None
    schema: str | None = None
    size_bytes: int | None = None
    partitions: tuple[str, ...] = ()
    native_kind: str | None = None

    def column(self, name: str) -> Column:
        """The column of this name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the data something was seen: a table, one of its columns, one of its rows."""

    table: str
    column: str | None = None
    key: tuple[JsonScalar, ...] | None = None

    def __str__(self) -> str:
        text = self.table if self.column is None else f"{self.table}.{self.column}"
        return text if self.key is None else f"{text}[{', '.join(map(str, self.key))}]"


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect or a noteworthy fact of data: thousands go to a table and none stops a run.

    `code` is stable (`duplicate_key`), `evidence` holds counts and samples that explain it, as JSON values.
    """

    code: str
    place: Place
    evidence: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "warning"

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON: `{code, place, evidence, severity}`."""
        return {
            "code": self.code,
            "place": str(self.place),
            "evidence": dict(self.evidence),
            "severity": self.severity,
        }


@dataclass(frozen=True, slots=True)
class SemanticType:
    """What the values of a column mean, and why that is thought: `reason` is for people.

    `name` is None when nothing is known beyond the type. `pass_rate` is the share of the distinct values looked at
    that keep the rule of this type, from 0 to 1. `detail` refines the name (`commune`, `before_2025`, ...).
    """

    name: str | None = None
    pass_rate: float = 0.0
    reason: str = ""
    reason_en: str = ""
    detail: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The semantic type in its published form."""
        return {
            "name": self.name,
            "pass_rate": round(self.pass_rate, 4),
            "reason": self.reason,
            "reason_en": self.reason_en,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Counted:
    """A value, or the shape of values (`99/99/9999`), and in how many of the rows looked at it stands."""

    value: JsonScalar
    count: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule of quality that was evaluated: of how many rows, and in how many it is broken."""

    code: str
    tested: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What is in one column: exact counts over all rows, and what a stated sample shows.

    `distinct` counts values that are not null, as SQL `count(distinct column)` does. `min` and `max` are
    JSON scalars of the values as read, None when the column is empty or its values have no order (json,
    binary). Lengths are in characters and only measured for text. `placeholders` counts values that stand for
    nothing (`không có`, `N/A`, 01/01/1900). `patterns`, `top` and the semantic type come from `sampled` rows;
    `approximate` names the measures that are estimates.
    """

    name: str
    type: ColumnType
    rows: int
    nulls: int
    distinct: int
    min: JsonScalar = None
    max: JsonScalar = None
    min_length: int | None = None
    max_length: int | None = None
    avg_length: float | None = None
    placeholders: int = 0
    quantiles: tuple[JsonScalar, ...] = ()
    patterns: tuple[Counted, ...] = ()
    top: tuple[Counted, ...] = ()
    semantic: SemanticType = SemanticType()
    sensitivity: Sensitivity = "none"
    sensitivity_reason: tuple[str, str] = ("", "")
    state_secret: bool = False
    findings: tuple[Finding, ...] = ()
    sampled: int = 0
    approximate: tuple[str, ...] = ()
    checks: tuple[Checked, ...] = ()
    """Every rule that applies to the column, broken or not: what scores are made of."""
    key_candidate: bool = False
    """Every row has a value of its own here."""
    sketch: tuple[int, ...] = ()
    """The smallest hashes of its values, by which columns of one look are compared; never written out."""

    def as_json(self) -> dict[str, Any]:
        """The column in the published form of `look --json`; later keys are added, none renamed."""
        form: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "nulls": self.nulls,
            "distinct": self.distinct,
            "min": self.min,
            "max": self.max,
            "placeholders": self.placeholders,
            "semantic_type": self.semantic.as_json(),
            "sensitivity": self.sensitivity,
            "sensitivity_reason": {"vi": self.sensitivity_reason[0], "en": self.sensitivity_reason[1]},
            "state_secret": self.state_secret,
            "patterns": [{"pattern": one.value, "count": one.count} for one in self.patterns],
            "top": [{"value": one.value, "count": one.count} for one in self.top],
            "quantiles": list(self.quantiles),
            "findings": [finding.as_json() for finding in self.findings],
            "sampled": self.sampled,
            "approximate": list(self.approximate),
            "key_candidate": self.key_candidate,
            "checks": [{"code": one.code, "tested": one.tested, "failed": one.failed} for one in self.checks],
        }
        if self.max_length is not None:
            form["min_length"] = self.min_length
            form["max_length"] = self.max_length
        if self.avg_length is not None:
            form["avg_length"] = self.avg_length
        return form


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values are found in a key of another table, though the source declares no such thing."""

    table: str
    column: str
    ref_table: str
    ref_column: str
    share: float
    """The share of its values that the key holds, as estimated."""

    def as_json(self) -> dict[str, Any]:
        """The reference as its table shows it."""
        return {
            "column": self.column,
            "ref_table": self.ref_table,
            "ref_column": self.ref_column,
            "share": self.share,
        }


@dataclass(frozen=True, slots=True)
class TableProfile:
    """What is in one table: its rows, and every column in the order of the table."""

    table: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    findings: tuple[Finding, ...] = ()
    """Defects of the whole table, or across several of its columns."""
    checks: tuple[Checked, ...] = ()
    sampled: int = 0
    """Rows from which patterns, quantiles and meanings were told; counts and rules always take all rows."""
    dependencies: tuple[tuple[str, str], ...] = ()
    """Pairs of columns of which the first determines the second in every row, as far as seen."""
    references: tuple[Reference, ...] = ()
    """Columns that seem to refer to other tables of the source."""

    def column(self, name: str) -> ColumnProfile:
        """The profile of the column of this name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


SkipReason = Literal[
    "title",
    "note",
    "blank",
    "column_numbers",
    "repeated_header",
    "group",
    "total",
    "footer",
    "broken",
    "chosen",
]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row of a file that was set aside: its number as a spreadsheet shows it (from 1), why, and how it begins."""

    number: int
    reason: SkipReason
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was done to a file to read it as a table, so that a person can check it and choose otherwise.

    `conversions` counts, per column and code, the values that were changed: `nfc`, `date_dmy`, `decimal_comma`,
    `grouping`, `missing_mark`, `kept_as_text`, `float_code`, `trimmed`, `decoded:<codec>`. `skipped_rows` may be cut; then
    `skipped` is larger than their number. `header_rows` are row numbers, from 1.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_rows: tuple[int, ...] = ()
    skipped_rows: tuple[SkippedRow, ...] = ()
    skipped: int = 0
    conversions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The report in its published form."""
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "header_rows": list(self.header_rows),
            "skipped_rows": [
                {"number": row.number, "reason": row.reason, "text": row.text} for row in self.skipped_rows
            ],
            "skipped": self.skipped,
            "conversions": {name: dict(codes) for name, codes in self.conversions.items()},
        }


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """What a person chose instead of what the machine proposed for one table of a file; None leaves it to the machine.

    Row numbers count from 1 as in `Reading`. `types` gives columns a type by name; what does not hold in it is
    refused, never dropped.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_rows: tuple[int, ...] | None = None
    keep_rows: frozenset[int] = frozenset()
    skip_rows: frozenset[int] = frozenset()
    types: Mapping[str, ColumnType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LookedTable:
    """A table as declared, beside what was found in it; `reading` tells how a file was read, None for a database."""

    table: Table
    profile: TableProfile
    reading: Reading | None = None

    def as_json(self) -> dict[str, Any]:
        """The table in the published form of `look --json`."""
        nullable = {column.name: column for column in self.table.columns}
        columns = []
        for measured in self.profile.columns:
            form = measured.as_json()
            declared = nullable.get(measured.name)
            if declared is not None:
                form["nullable"] = declared.nullable
                form["native_type"] = declared.native_type
                form["comment"] = declared.comment
                form["generated"] = declared.generated
            columns.append(form)
        return {
            "name": self.table.name,
            "kind": self.table.kind,
            "native_kind": self.table.native_kind,
            "schema": self.table.schema,
            "comment": self.table.comment,
            "rows": self.profile.rows,
            "size_bytes": self.table.size_bytes,
            "partitions": list(self.table.partitions),
            "primary_key": list(self.table.primary_key),
            "foreign_keys": [
                {
                    "columns": list(key.columns),
                    "ref_table": key.ref_table,
                    "ref_columns": list(key.ref_columns),
                }
                for key in self.table.foreign_keys
            ],
            "columns": columns,
            "findings": [finding.as_json() for finding in self.profile.findings],
            "checks": [
                {"code": one.code, "tested": one.tested, "failed": one.failed} for one in self.profile.checks
            ],
            "sampled": self.profile.sampled,
            "dependencies": [list(pair) for pair in self.profile.dependencies],
            "references": [one.as_json() for one in self.profile.references],
            "reading": None if self.reading is None else self.reading.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Look:
    """Everything one look at a source has seen; `source` is for display and never holds a secret.

    `findings` tell what could not be read, or was read with care: a table without permission, a damaged file
    of a folder, lines of a file that are no data.
    """

    source: str
    tables: tuple[LookedTable, ...]
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The look in its published form: `{source, tables: [{name, rows, primary_key, ...}], findings}`."""
        return {
            "source": self.source,
            "tables": [table.as_json() for table in self.tables],
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Match:
    """Two places of two sources that seem to hold the same thing; `score` runs from 0 to 1.

    `evidence` explains the score in named numbers (`common`, `share_left`, `share_right`, ...).
    """

    left: Place
    right: Place
    score: float
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row in which two copies differ: missing or extra on the right, or changed in `columns`."""

    kind: DifferenceKind
    key: tuple[JsonScalar, ...]
    columns: tuple[str, ...] = ()
    left: Mapping[str, Any] | None = None
    right: Mapping[str, Any] | None = None
