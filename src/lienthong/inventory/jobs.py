"""Work on sources that takes time: looking, assessing, capturing."""

from __future__ import annotations

from typing import Any

import structlog

from lienthong.catalogue.addresses import file_address, source_address
from lienthong.catalogue.models import Database, Dataset, DatasetVersion
from lienthong.catalogue.replicas import version_store
from lienthong.engine.errors import EngineError
from lienthong.engine.store.differing import digest_anew
from lienthong.foundation.errors import DomainError
from lienthong.foundation.faults import where_it_arose
from lienthong.foundation.jobs.context import JobCancelled, JobContext, JobInterrupted
from lienthong.foundation.jobs.registry import job

from . import reading
from .addresses import campaign_address, versions_address
from .commands import (
    begin_survey,
    keep_look,
    note_look_failed,
    record_assessment,
    record_campaign_survey,
    record_survey,
    record_version_check,
)
from .models import Campaign, Survey
from .version_differences import difference_of

log = structlog.get_logger(__name__)


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


@job
def compare_versions(context: JobContext) -> dict[str, Any] | None:
    """Write what separates two versions, once; then every page of it is read from there."""
    older, newer = (
        DatasetVersion.objects.select_related("dataset__database").get(pk=context.arguments[name])
        for name in ("older", "newer")
    )
    context.progress(0, 1, "Đang so sánh hai phiên bản", "Comparing two versions")
    found = difference_of(older, newer)
    with context.finish_once() as result:
        result["rows"] = found.summary.rows
        result["result_url"] = (
            f"{versions_address(older.dataset)}so-sanh/?tu={older.number}&den={newer.number}"
        )
    return None


@job
def verify_version(context: JobContext) -> dict[str, Any] | None:
    """Compute the digest of a version anew from its rows, and record whether it is still the same."""
    version = DatasetVersion.objects.select_related("dataset__database").get(pk=context.arguments["version"])
    context.progress(0, 1, "Đang tính lại mã băm", "Computing the digest anew")
    digest = digest_anew(version_store(), version.dataset.store_table, version.number)
    with context.finish_once() as result:
        check = record_version_check(actor=context.actor, version=version, digest=digest)
        result["equal"] = check.equal
        result["result_url"] = versions_address(version.dataset)
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
    finally:
        _say_kept(context, survey)


def _say_kept(context: JobContext, survey: Survey) -> None:
    kept = survey.surveyed.count()
    if kept:
        context.say_kept(
            f"Đã giữ kết quả của {kept} bảng; khảo sát lại sẽ đọc tiếp từ đó.",
            f"What was found in {kept} tables is kept; looking again goes on from there.",
        )


@job
def survey_campaign(context: JobContext) -> dict[str, Any] | None:
    """Look at every database of a campaign, one after the other; one that cannot be read is noted and the next is read."""
    campaign = Campaign.objects.select_related("agency").get(pk=context.arguments["campaign_id"])
    wanted: list[int] = context.arguments["databases"]
    done = int(context.checkpoint.get("done", 0))
    survey_id = context.checkpoint.get("survey")
    for place, database_id in enumerate(wanted):
        if place < done:
            continue
        database = Database.objects.select_related("owner", "managing_unit").filter(pk=database_id).first()
        if database is not None and not database.is_secret:
            said = (
                f"Đang đọc cơ sở dữ liệu {place + 1}/{len(wanted)}: {database.name}",
                f"Reading database {place + 1} of {len(wanted)}: {database.display_name('en')}",
            )
            context.progress(place, len(wanted), *said)
            _look_for_campaign(context, campaign, database, place, survey_id)
        survey_id = None
        context.save_checkpoint({"done": place + 1})
    with context.finish_once() as result:
        record_campaign_survey(actor=context.actor, campaign=campaign, databases=wanted)
        result["result_url"] = f"{campaign_address(campaign.number)}khao-sat/"
    return None


def _look_for_campaign(
    context: JobContext, campaign: Campaign, database: Database, place: int, survey_id: int | None
) -> None:
    """Read one database, go on with a look that was cut off, and draft its assessment; a failure is noted on its line."""
    survey = None
    try:
        if survey_id is not None:
            cut_off = Survey.objects.filter(pk=survey_id, database=database, finished_at__isnull=True)
            survey = cut_off.select_related("source__uploaded", "source__secret", "database").first()
        if survey is None:
            survey = begin_survey(actor=context.actor, database=database)
            context.save_checkpoint({"done": place, "survey": survey.pk})
        found = reading.read_tables(survey, should_stop=context.should_stop)
        record_survey(actor=context.actor, survey=survey, findings=found.findings, seconds=found.seconds)
        record_assessment(actor=context.actor, survey=survey)
    except (JobCancelled, JobInterrupted):
        raise
    except Exception as error:
        context.raise_if_stopped()
        log.warning("campaign_look_failed", database=database.pk, **where_it_arose(error))
        if survey is not None:
            note_look_failed(source=survey.source)
        keep_look(campaign=campaign, database=database, error=error)
    else:
        keep_look(campaign=campaign, database=database, survey=survey)
