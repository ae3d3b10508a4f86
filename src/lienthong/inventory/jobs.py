"""Work on sources that takes time: looking, assessing, capturing."""

from __future__ import annotations

from typing import Any

from lienthong.catalogue.addresses import file_address, source_address
from lienthong.catalogue.models import Dataset
from lienthong.engine.errors import EngineError
from lienthong.foundation.errors import DomainError
from lienthong.foundation.jobs.context import JobContext
from lienthong.foundation.jobs.registry import job

from . import reading
from .commands import note_look_failed, record_assessment, record_survey
from .models import Survey


@job
def look(context: JobContext) -> dict[str, Any] | None:
    """Read the source of a database, and record the look once."""
    survey = _survey(context)
    found = _read(context, survey)
    with context.finish_once() as result:
        record_survey(actor=context.actor, survey=survey, findings=found.findings, seconds=found.seconds)
        result["result_url"] = f"{source_address(survey.database.code)}#ket-qua"
    return None


@job
def profile(context: JobContext) -> dict[str, Any] | None:
    """Count anew what is in a database, record the look and draft the assessment, once."""
    survey = _survey(context)
    found = _read(context, survey)
    with context.finish_once() as result:
        record_survey(actor=context.actor, survey=survey, findings=found.findings, seconds=found.seconds)
        record_assessment(actor=context.actor, survey=survey)
        result["result_url"] = f"{file_address(survey.database.code)}danh-gia/"
    return None


@job
def capture(context: JobContext) -> dict[str, Any] | None:
    """Capture the next version of a dataset from its source, and its replica."""
    dataset = Dataset.objects.select_related("database__owner", "database__managing_unit", "table").get(
        pk=context.arguments["dataset_id"]
    )
    version, is_new = reading.capture(
        dataset,
        actor=context.actor,
        note=context.arguments.get("note", ""),
        progress=context.progress,
        should_stop=context.should_stop,
    )
    said = (
        (f"Phiên bản {version.number}: {version.rows} dòng", f"Version {version.number}: {version.rows} rows")
        if is_new
        else (
            f"Dữ liệu không thay đổi so với phiên bản {version.number}; không lập phiên bản mới",
            f"Nothing changed since version {version.number}; no new version was made",
        )
    )
    context.progress(1, 1, *said)
    with context.finish_once() as result:
        result["version"] = version.number
        result["is_new"] = is_new
        result["result_url"] = f"{file_address(dataset.database.code)}bo-du-lieu/#{dataset.slug}"
    return None


def _survey(context: JobContext) -> Survey:
    found = Survey.objects.select_related("database__owner", "database__managing_unit", "source__uploaded")
    return found.select_related("source__secret", "source__database").get(pk=context.arguments["survey_id"])


def _read(context: JobContext, survey: Survey) -> reading.Reading:
    try:
        return reading.read_tables(survey, progress=context.progress, should_stop=context.should_stop)
    except (EngineError, DomainError):
        context.raise_if_stopped()
        note_look_failed(source=survey.source)
        raise
