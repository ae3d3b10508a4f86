"""Reads: the bound source of a database, looks, assessments."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.catalogue.models import Database, DataField, Dataset, PersonalDataClass
from lienthong.catalogue.queries import personal_columns
from lienthong.catalogue.replicas import replica_path
from lienthong.catalogue.rules import proposal_of
from lienthong.engine.errors import EngineError
from lienthong.engine.profile.conforming import CodeList
from lienthong.engine.profile.rhythms import days_of
from lienthong.engine.session import Limits
from lienthong.engine.shapes import ReadingChoice
from lienthong.engine.sources import Measure, open_source
from lienthong.engine.sources import Source as OpenSource
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.text import slug
from lienthong.foundation.tracing import carries

from . import rules, wording
from .errors import SourceFileGone
from .models import (
    Assessment,
    AssessmentState,
    ColumnJudgement,
    IssueState,
    MeasureChoice,
    QualityIssue,
    ReadingDecision,
    Secrecy,
    Source,
    SourceState,
    Survey,
    SurveyQuality,
)
from .scores import page_of
from .vault import password_of, unsealed


def bound_source(database: Database) -> Source | None:
    """The source that is bound to a database now."""
    live = Source.objects.filter(database=database).exclude(state=SourceState.RELEASED)
    return live.select_related("uploaded", "secret", "database", "bound_by").first()


def source_folders() -> list[Path]:
    """The folders from which a path typed in a form may be read."""
    folders = [Path(folder) for folder in settings.SOURCE_FOLDERS]
    if settings.DEMO:
        folders.append(demo_folder())
    return folders


def demo_folder() -> Path:
    """Where the demo writes the files that stand for live sources."""
    return Path(settings.DATA_DIR) / "demo"


def work_folder() -> Path:
    """Where files lie while work goes on."""
    folder = Path(settings.DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def choices_of(source: Source) -> dict[str, ReadingChoice]:
    """How the tables of a file are to be read, where a person has chosen."""
    return {
        one.table: ReadingChoice(
            encoding=one.encoding or None,
            delimiter=one.delimiter or None,
            header_rows=None if one.header_rows is None else tuple(one.header_rows),
            keep_rows=frozenset(one.keep_rows),
            skip_rows=frozenset(one.skip_rows),
            types=dict(one.types),
        )
        for one in ReadingDecision.objects.filter(source=source)
    }


@contextmanager
def opened(
    source: Source,
    limits: Limits | None = None,
    *,
    choices: Mapping[str, ReadingChoice] | None = None,
    measure: Measure | None = None,
) -> Iterator[OpenSource]:
    """The bound source, open for reading as was chosen for it, or by `choices` and `measure` on trial.

    Errors of the engine name it as people know it, never by its place.

    `measure` of a database: `captured` reads its rows once, `in_place` lets it count by itself.
    """
    with tempfile.TemporaryDirectory(
        prefix="source-", dir=work_folder(), ignore_cleanup_errors=True
    ) as folder:
        address = file_of(source, Path(folder)) if source.uploaded else source.address
        secret = password_of(source)
        try:
            with open_source(
                address,
                password=secret.reveal() if secret else None,
                limits=limits or Limits(temp_directory=Path(folder)),
                choices=choices_of(source) if choices is None else choices,
                measure=measure or ("in_place" if source.measure == MeasureChoice.IN_PLACE else "captured"),
            ) as found:
                yield found
        except EngineError as error:
            if not source.uploaded:
                raise
            named = type(error)(**(error.facts | {"source": f"“{source.shown}”"}))
        else:
            return
    raise named


def file_of(source: Source, folder: Path) -> str:
    """The file that was handed in as a source, under a plain name in a folder."""
    content = path_of(source.uploaded.sha256)  # type: ignore[union-attr]
    if not content.exists():
        raise SourceFileGone(name=source.shown)
    name = Path(source.shown)
    link = folder / f"{slug(name.stem).replace('-', '_') or 'bang'}{name.suffix.lower()}"
    os.symlink(content, link)
    return str(link)


# Codes of one list that a look compares values with.
MOST_CODES = 200_000


@carries("CAT-07")
def code_lists_of(database: Database) -> dict[str, dict[str, CodeList]]:
    """By table and column: the issued codes that values are to come from, where a column follows a published list.

    The codes are the key of the newest version of the list's dataset.
    """
    found: dict[str, dict[str, CodeList]] = {}
    read: dict[int, CodeList | None] = {}
    fields = DataField.objects.filter(table__database=database, code_list__dataset__isnull=False)
    for one in fields.select_related("table", "code_list__dataset"):
        listed = one.code_list
        if listed is None or listed.dataset is None:
            continue
        if listed.pk not in read:
            codes = _codes_of(listed.dataset)
            read[listed.pk] = CodeList(listed.name, listed.name_en or listed.name, codes) if codes else None
        if (known := read[listed.pk]) is not None:
            found.setdefault(one.table.name, {})[one.name] = known
    return found


@carries("INV-04")
def rhythms_of(database: Database) -> dict[str, int]:
    """By table: every how many days its data are to come, where the description of a dataset declares a cycle."""
    found: dict[str, int] = {}
    for one in Dataset.objects.filter(database=database).exclude(update_rhythm="").select_related("table"):
        days = days_of(one.update_rhythm)
        if days is not None:
            found[one.table.name] = min(days, found.get(one.table.name, days))
    return found


def _codes_of(dataset: Dataset) -> frozenset[str]:
    path = replica_path(dataset)
    if not dataset.key or not path.exists():
        return frozenset()
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        name = str(dataset.key[0]).replace('"', '""')
        rows = connection.execute(f'SELECT DISTINCT "{name}" FROM rows LIMIT {MOST_CODES}').fetchall()
    except sqlite3.Error:
        return frozenset()
    finally:
        connection.close()
    return frozenset(str(code) for (code,) in rows if code is not None)


def surveys_of(database: Database) -> QuerySet[Survey]:
    """The looks at a database's sources, newest first."""
    return Survey.objects.filter(database=database).select_related("source__uploaded", "job")


def last_survey(database: Database) -> Survey | None:
    """The newest look that was completed."""
    return surveys_of(database).filter(finished_at__isnull=False).order_by("-finished_at", "-pk").first()


def hashes_in(survey: Survey) -> list[dict[str, Any]]:
    """What the tables of a look that goes on are compared by; none of it is left once it is recorded."""
    kept = survey.surveyed.exclude(hashes=None).order_by("place").values_list("hashes", flat=True)
    return [found for sealed in kept if sealed is not None and (found := unsealed(bytes(sealed)))]


def quality_of(survey: Survey) -> dict[str, Any]:
    """What the page of quality shows of a look; reckoned now for a look that was recorded before it was kept."""
    kept = SurveyQuality.objects.filter(survey=survey).first()
    return kept.facts if kept is not None else page_of(forms_of(survey))


def forms_of(survey: Survey) -> list[dict[str, Any]]:
    """The tables of a look in their published form."""
    return list(survey.surveyed.order_by("place").values_list("form", flat=True))


def unread_in(survey: Survey) -> list[dict[str, Any]]:
    """What a look noted of tables that it could not read, as of now."""
    return list(Survey.objects.values_list("findings", flat=True).get(pk=survey.pk))


def look_of(survey: Survey) -> dict[str, Any]:
    """A look in its published form: `{source, tables, findings}`."""
    return {"source": survey.source.shown, "tables": forms_of(survey), "findings": survey.findings}


# What the engine says of a source it read with care: code to text in Vietnamese and English.
CARE: dict[str, tuple[str, str]] = {
    "transcoded": (
        "đã chuyển mã ký tự từ {encoding} sang UTF-8",
        "the characters were converted from {encoding} to UTF-8",
    ),
    "lines_before_header": (
        "để riêng {lines} dòng đứng trên đầu cột",
        "{lines} line(s) above the header were set aside",
    ),
    "lines_after_data": (
        "để riêng {lines} dòng đứng dưới dữ liệu",
        "{lines} line(s) below the data were set aside",
    ),
    "rows_set_aside": (
        "để riêng {lines} dòng nằm giữa dữ liệu ({reasons}): dòng {rows}",
        "{lines} row(s) among the data were set aside ({reasons}): row {rows}",
    ),
    "irregular_rows": (
        "{count} dòng thiếu ô so với đầu cột: dòng {rows}",
        "{count} row(s) have fewer cells than the header: row {rows}",
    ),
    "number_ambiguous": (
        "chưa rõ dấu chấm, dấu phẩy là dấu nghìn hay dấu thập phân, giữ ở dạng chữ; chọn kiểu của cột để đọc thành số",
        "a point or comma may part thousands or decimals, so the values stay text; choose the type of the column",
    ),
    "date_ambiguous": (
        "năm viết hai chữ số hiểu được theo hai cách, giữ ở dạng chữ; sửa tại nguồn thành năm bốn chữ số",
        "years of two digits can be read in two ways, so the values stay text; write four digits at the source",
    ),
    "column_kept_as_text": (
        "{count} giá trị không đọc được thành {wanted} nên cả cột giữ ở dạng chữ: dòng {rows}",
        "{count} value(s) cannot be read as {wanted}, so the column stays text: row {rows}",
    ),
    "duplicate_keys": (
        "{count} đối tượng JSON có khóa lặp lại, lấy giá trị sau cùng",
        "{count} JSON object(s) repeat a key; the last value was taken",
    ),
    "file_unreadable": ("không đọc được tệp", "the file cannot be read"),
}


def read_with_care(finding: dict[str, Any], locale: str) -> dict[str, Any]:
    """What could not be read, or was read with care, as a sentence with its place and weight."""
    return {
        "place": finding["place"],
        "severity": finding["severity"],
        "code": finding["code"],
        "text": text_of_seen(finding, locale),
    }


def findings_said(findings: list[dict[str, Any]], locale: str) -> list[dict[str, Any]]:
    """Findings of a look as sentences, the gravest first; each keeps its code, place and weight."""
    told = [one | {"text": text_of_seen(one, locale)} for one in findings]
    return sorted(told, key=lambda one: rules.weight_of(one["severity"]))


def with_issues(
    findings: list[dict[str, Any]], database: Database, table: str, column: str
) -> list[dict[str, Any]]:
    """Findings of one place, each with the number of the quality warning that stands open for it."""
    standing = dict(
        QualityIssue.objects.filter(database=database, table=table, column=column)
        .exclude(state=IssueState.CLOSED)
        .values_list("rule", "number")
    )
    return [one | {"issue": standing.get(one["code"], "")} for one in findings]


def text_of_seen(finding: dict[str, Any], locale: str) -> str:
    """What is wrong, in one sentence: by the rule that found it, else by what stands with the finding."""
    evidence = finding.get("evidence") or {}
    told = evidence.get("text") if locale.startswith("vi") else evidence.get("text_en")
    if told:
        return str(told)
    words = CARE.get(str(finding["code"]))
    if words is None:
        return str(finding["code"])
    facts = {
        name: wording.rows_said(value)
        if name == "rows"
        else wording.reasons_said(value, locale)
        if name == "reasons"
        else wording.number_said(value, locale)
        if isinstance(value, int)
        else value
        for name, value in evidence.items()
    }
    return wording.here(words, locale).format_map(_Told(facts))


class _Told(dict[str, Any]):
    """A fact that is not there leaves a gap that can be seen, and no fault."""

    def __missing__(self, name: str) -> str:
        return "…"


@dataclass(frozen=True)
class SeenTable:
    """One table of a look, as its page shows it."""

    name: str
    rows: int
    columns: int
    key: str
    empty: float
    """Share of empty cells, in percent."""
    findings: int = 0
    skipped: int = 0
    """Rows of the file that were set aside when it was read."""


def _summary(survey: Survey) -> dict[str, Any]:
    return survey.summary or rules.summary_of(forms_of(survey))


def tables_of(survey: Survey) -> list[SeenTable]:
    """The tables of a look, the largest first."""
    seen = [SeenTable(**table) for table in _summary(survey)["tables"]]
    return sorted(seen, key=lambda table: (-table.rows, table.name))


def findings_of_look(
    database: Database, survey: Survey, locale: str, limit: int
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """How many findings a look has by weight, and the gravest of them as sentences with their column on record."""
    summary = _summary(survey)
    weights = summary["weights"]
    told = findings_said(summary["findings"], locale)[:limit]
    ids = {
        (table, name): pk
        for pk, table, name in DataField.objects.filter(
            table__database=database, name__in={one["column"] for one in told}
        ).values_list("pk", "table__name", "name")
    }
    for one in told:
        one["field_id"] = ids.get((one["table"], one["column"]))
    return weights, told


def personal_in(database: Database, forms: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """The columns whose values are somebody's data: as confirmed, else as described or proposed by the look."""
    described = DataField.objects.filter(table__database=database)
    confirmed = set(described.filter(confirmed_at__isnull=False).values_list("table__name", "name"))
    found = personal_columns(database)
    for form in forms:
        for column in form["columns"]:
            place = (form["name"], column["name"])
            if place not in confirmed and proposal_of(column).personal_data != PersonalDataClass.NONE:
                found.add(place)
    return found


def overdue_issues(moment: datetime) -> QuerySet[QualityIssue]:
    """The open quality warnings whose term ran out before this moment and of which nobody above was told."""
    late = QualityIssue.objects.exclude(state=IssueState.CLOSED).filter(
        clock__due_at__lt=moment, reported_at__isnull=True
    )
    return late.select_related("database__owner", "database__managing_unit", "clock").order_by("pk")


def secrecy_waits(database: Database) -> bool:
    """Whether a column was passed on to the keeper of secrets, who has not decided yet."""
    return ColumnJudgement.objects.filter(field__table__database=database, secrecy=Secrecy.REFERRED).exists()


def assessments_of(database: Database) -> QuerySet[Assessment]:
    """The assessments of a database, the newest year first."""
    return Assessment.objects.filter(database=database).select_related("survey", "concluded_by")


def draft_assessment(database: Database) -> Assessment | None:
    """The assessment that waits for its conclusion."""
    return assessments_of(database).filter(state=AssessmentState.DRAFT).first()


def concluded_assessment(database: Database, year: int | None = None) -> Assessment | None:
    """The newest concluded assessment, or the one of a year."""
    done = assessments_of(database).filter(state=AssessmentState.CONCLUDED).order_by("-concluded_at")
    return (done.filter(year=year) if year is not None else done).first()


def is_assessed_this_year(database: Database) -> bool:
    """Whether an assessment was concluded this year."""
    return concluded_assessment(database, timezone.localdate().year) is not None
