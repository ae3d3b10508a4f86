"""Looks at a source: begun, kept table by table, recorded once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.commands import describe_from_look
from lienthong.catalogue.models import Database, DataField
from lienthong.catalogue.queries import personal_columns
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.queries import live_job
from lienthong.foundation.tracing import carries

from .. import rules
from ..drifts import drifts_between, tables_unread
from ..errors import SourceNotBound
from ..events import SourceLookedAt
from ..models import (
    Assessment,
    SealedValues,
    Source,
    SourceKind,
    SourceState,
    Survey,
    SurveyedTable,
    SurveyQuality,
)
from ..queries import bound_source, forms_of, last_survey, look_of, personal_in
from ..scores import kept_of, page_of
from ..vault import seal_values
from . import work

LOOK = "inventory.look"
# A look that was cut off is gone on with for so long; after that its first counts would tell of another day's data.
GOES_ON_WITHIN = timedelta(hours=12)


@carries("INV-01")
def start_survey(*, actor: Actor, database: Database) -> Survey:
    """Look at the source of a database: which tables and columns there are and what is in them.

    The work is done by a job; a look under way is returned instead of a second one. Raises `SourceNotBound`.
    """
    return survey_by_job(
        actor=actor,
        database=database,
        name=LOOK,
        title_vi="Khảo sát nguồn dữ liệu",
        title_en="Look at the source",
    )


def survey_by_job(*, actor: Actor, database: Database, name: str, title_vi: str, title_en: str) -> Survey:
    """Begin a look that a job of this name carries out; one of a name at a time for a database."""
    require_owner(actor, database, "khảo sát nguồn dữ liệu", "look at the source of this database")
    # The name of a secret stays out of the job's title, which colleagues may see.
    about_vi, about_en = (
        ("", "") if database.is_secret else (f": {database.name}", f": {database.display_name('en')}")
    )
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        live = live_job(database, name)
        if live is not None and (running := Survey.objects.filter(job=live).first()) is not None:
            return running
        survey = _cut_off(database) or begin_survey(actor=actor, database=database)
        survey.job = start_job(
            actor=actor,
            name=name,
            title_vi=f"{title_vi}{about_vi}",
            title_en=f"{title_en}{about_en}",
            subject=database,
            arguments={"survey_id": survey.pk},
            only_once=f"{name}:{database.pk}",
        )
        survey.save(update_fields=["job"])
    return survey


def _cut_off(database: Database) -> Survey | None:
    """The look at the live source that was stopped or lost not long ago, and kept tables: it is gone on with."""
    source = bound_source(database)
    if source is None or source.kind in (SourceKind.FILE, SourceKind.FOLDER):
        return None
    since = timezone.now() - GOES_ON_WITHIN
    over = [JobState.FAILED, JobState.CANCELLED]
    found = Survey.objects.filter(
        source=source, finished_at__isnull=True, begun_at__gte=since, job__state__in=over
    )
    return found.filter(surveyed__isnull=False).order_by("-begun_at").first()


def begin_survey(*, actor: Actor, database: Database, job: Job | None = None) -> Survey:
    """Begin a look at the bound source of a database. Raises `SourceNotBound`."""
    require_owner(actor, database, "khảo sát nguồn dữ liệu", "look at the source of this database")
    source = bound_source(database)
    if source is None:
        raise SourceNotBound()
    return Survey.objects.create(database=database, source=source, job=job)


def keep_table(
    *, survey: Survey, place: int, form: Mapping[str, Any], hashes: Mapping[str, Any] | None = None
) -> None:
    """Keep what was found in one table; values of personal columns are sealed. Keeping it again replaces it.

    `hashes` is what it is compared by with tables that are read later: sealed, and gone when the look is recorded.
    """
    found = json.loads(json.dumps(form, default=str))
    personal = {column for table, column in personal_in(survey.database, [found]) if table == found["name"]}
    with transaction.atomic():
        kept, _ = SurveyedTable.objects.update_or_create(
            survey=survey,
            name=found["name"],
            defaults={
                "place": place,
                "rows": found["rows"],
                "form": rules.without_values(found, personal),
                "hashes": seal_values(hashes) if hashes else None,
            },
        )
        kept.sealed.all().delete()
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if any(one["place"] == found["name"] for one in locked.findings):
            locked.findings = [one for one in locked.findings if one["place"] != found["name"]]
            locked.save(update_fields=["findings"])
        _seal(kept, rules.values_of(found, personal))


ORPHAN = "orphan_reference"


@carries("INV-02")
def keep_relations(*, survey: Survey, form: Mapping[str, Any]) -> None:
    """Keep to which tables the columns of one table refer, and the rows that refer to nothing; again, it replaces them."""
    with transaction.atomic():
        kept = SurveyedTable.objects.select_for_update().get(survey=survey, name=form["name"])
        now = dict(kept.form)
        now["references"] = form["references"]
        for name in ("checks", "findings"):
            own = [one for one in now.get(name) or [] if one["code"] != ORPHAN]
            now[name] = [*own, *form[name]]
        kept.form = now
        kept.save(update_fields=["form"])


def keep_unread(*, survey: Survey, finding: Mapping[str, Any]) -> None:
    """Keep that a table could not be read, and why: a look that goes on later knows it; the newest word counts."""
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        others = [one for one in locked.findings if one["place"] != finding["place"]]
        locked.findings = [*others, dict(finding)]
        locked.save(update_fields=["findings"])


def _seal(kept: SurveyedTable, values: Mapping[str, Mapping[str, Any]]) -> None:
    for column, found in values.items():
        SealedValues.objects.update_or_create(
            surveyed=kept, column=column, defaults={"ciphertext": seal_values(found)}
        )


@carries("SEC-02")
def seal_personal_values(*, database: Database, fields: Iterable[int] = ()) -> int:
    """Seal what looks and drafts kept of columns that have since been found to be personal; returns how many tables.

    `fields` narrows it to the tables of these columns. Doing it again changes nothing.
    """
    places = personal_columns(database)
    names = {table for table, _ in places}
    if ids := list(fields):
        about = DataField.objects.filter(table__database=database, pk__in=ids)
        names &= set(about.values_list("table__name", flat=True))
    touched: set[int] = set()
    with transaction.atomic():
        found = SurveyedTable.objects.select_for_update().filter(survey__database=database, name__in=names)
        for kept in found.iterator(chunk_size=100):
            personal = {column for table, column in places if table == kept.name}
            masked = rules.without_values(kept.form, personal)
            if masked == kept.form:
                continue
            _seal(kept, rules.values_of(kept.form, personal))
            kept.form = masked
            kept.save(update_fields=["form"])
            touched.add(kept.survey_id)
        for survey in Survey.objects.filter(pk__in=touched):
            forms = forms_of(survey)
            survey.summary = rules.summary_of(forms)
            survey.save(update_fields=["summary"])
            _keep_quality(survey, forms)
        for assessment in Assessment.objects.filter(database=database):
            profile = rules.masked_profile(assessment.profile, places)
            if profile != assessment.profile:
                assessment.profile = profile
                assessment.save(update_fields=["profile"])
    return len(touched)


def _keep_quality(survey: Survey, forms: Sequence[Mapping[str, Any]]) -> None:
    """Keep what the page of quality shows; of a look that is not over there is nothing to show."""
    if survey.finished_at is not None:
        SurveyQuality.objects.update_or_create(survey=survey, defaults={"facts": page_of(forms)})


@carries("INV-01")
def record_survey(
    *, actor: Actor, survey: Survey, findings: Sequence[Mapping[str, Any]] = (), seconds: float | None = None
) -> Survey:
    """Record a look that was read to its end: once, however often it was cut off and begun again.

    Tables and columns go into the description of the database; what changed since the look before is noted.
    Publishes `SourceLookedAt`.
    """
    require_owner(actor, survey.database, "ghi nhận khảo sát", "record this look")
    with transaction.atomic():
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        if locked.finished_at is not None:
            return locked
        forms = forms_of(locked)
        before = last_survey(locked.database)
        locked.before = before
        locked.findings = [dict(finding) for finding in findings]
        unread = tables_unread(locked.findings)
        locked.drifts = drifts_between(forms_of(before), forms, unread=unread) if before else []
        locked.scores = kept_of(forms)
        locked.summary = rules.summary_of(forms)
        locked.tables = len(forms)
        locked.columns = sum(len(form["columns"]) for form in forms)
        locked.rows = sum(int(form["rows"] or 0) for form in forms)
        locked.seconds = seconds
        locked.finished_at = timezone.now()
        locked.save()
        locked.surveyed.exclude(hashes=None).update(hashes=None)
        _keep_quality(locked, forms)
        Source.objects.filter(pk=locked.source_id).exclude(state=SourceState.RELEASED).update(
            state=SourceState.REACHED
        )
        describe_from_look(actor=actor, database=locked.database, look=look_of(locked))
        work.assessment_due(locked.database)
        publish(
            actor=actor,
            fact=SourceLookedAt(
                database_id=locked.database_id,
                survey_id=locked.pk,
                tables=locked.tables,
                columns=locked.columns,
                rows=locked.rows,
                drifts=len(locked.drifts),
            ),
        )
    survey.refresh_from_db()
    return locked
