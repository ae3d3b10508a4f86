"""Pages of sources, looks, assessments and versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lienthong.catalogue.access import may_own
from lienthong.catalogue.models import Database
from lienthong.catalogue.queries import datasets_of, field_counts, tables_with_fields, versions_of
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.queries import jobs_of
from lienthong.foundation.jobs.showing import JobProgress, progress_of
from lienthong.foundation.pagekit.paging import stretch
from lienthong.law.queries import citations_for

from .. import commands, queries, rules
from ..access import inside_of
from ..commands.assessments import PROFILE
from ..commands.surveys import LOOK
from ..commands.versions import CAPTURE
from ..drifts import text_of_drift
from ..forms import CaptureForm, ConclusionForm, SourceForm
from ..models import Source, Survey

page = require_http_methods(["GET", "POST"])
# Tables on one page of a look, and findings told at its top.
TABLES = 50
FINDINGS = 20


@signed_in
@never_cache
@sensitive_post_parameters("password", "address")
@page
def source(request: Request, code: str) -> HttpResponse:
    """Bind the source of a database, look at it, and see what the last look found."""
    actor = request.actor
    database = inside_of(actor, code)
    form = SourceForm()
    if request.method == "POST":
        act = request.POST.get("viec", "ket-noi")
        if act == "khao-sat":
            commands.start_survey(actor=actor, database=database)
            return redirect("inventory-source", code)
        if act == "go":
            commands.release_source(actor=actor, database=database)
            messages.success(request, _("The source was released and its stored password destroyed."))
            return redirect("inventory-source", code)
        form = SourceForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                commands.bind_source(actor=actor, database=database, **form.cleaned_data)
                commands.start_survey(actor=actor, database=database)
            except (DomainError, EngineError) as error:
                form.refuse(error)
            else:
                return redirect("inventory-source", code)
    bound = queries.bound_source(database)
    survey = queries.last_survey(database)
    context = {
        "database": database,
        "form": form,
        "bound": bound,
        "job": _job_shown(request, database, LOOK),
        "survey": survey,
        "shown": look_shown(request, database, survey) if survey else None,
        "drifts": _texts(survey.drifts, text_of_drift, request) if survey else [],
        "findings": _remarks(request, database, bound, survey) if survey else [],
        "counts": field_counts(database),
        "may_work": may_own(actor, database),
        "rebind": request.GET.get("doi") == "1" or bool(form.errors),
        "citations": citations_for("INV-01"),
    }
    return render(request, "inventory/source.html", context)


def _remarks(
    request: Request, database: Database, bound: Source | None, survey: Survey
) -> list[dict[str, Any]]:
    """What was read with care, each with the way to the reading where it can be chosen."""
    told = [queries.read_with_care(one, request.LANGUAGE_CODE) for one in survey.findings]
    if bound is None or bound.pk != survey.source_id or bound.kind not in ("file", "folder"):
        return told
    tables = set(survey.surveyed.values_list("name", flat=True))
    linked: set[str] = set()
    for one in told:
        table = one["place"] if one["place"] in tables else one["place"].rpartition(".")[0]
        if table in tables - linked:
            linked.add(table)
            address = reverse("inventory-reading", args=[database.code])
            one["href"] = f"{address}?{urlencode({'bang': table})}"
    return told


def look_shown(request: Request, database: Database, survey: Survey) -> dict[str, Any]:
    """The tables of a look by the page, and what is wrong with the data, the gravest first."""
    tables = queries.tables_of(survey)
    part = stretch(request.GET.get("sau", ""), len(tables), TABLES, anchor="bang")
    table_ids = dict(database.tables.values_list("name", "pk"))
    weights, findings = queries.findings_of_look(database, survey, request.LANGUAGE_CODE, limit=FINDINGS)
    for one in findings:
        one["href"] = (
            reverse("inventory-column", args=[database.code, one["field_id"]])
            if one["field_id"]
            else _table_href(database, table_ids, one["table"])
        )
    listed = [
        {
            "name": table.name,
            "rows": table.rows,
            "columns": table.columns,
            "key": table.key,
            "empty": table.empty,
            "findings": table.findings,
            "skipped": table.skipped,
            "href": _table_href(database, table_ids, table.name),
        }
        for table in tables[part.rows]
    ]
    kinds = {"error": (_("Error"), "late"), "warning": (_("Caution"), "due"), "info": (_("Note"), "neutral")}
    return {
        "tables": listed,
        "largest": max((table.rows for table in tables), default=0),
        "part": part,
        "found": sum(weights.values()),
        "weights": [
            {"label": label, "kind": kind, "value": weights[code]}
            for code, (label, kind) in kinds.items()
            if weights.get(code)
        ],
        "findings": findings,
    }


def _table_href(database: Database, ids: dict[str, int], name: str) -> str:
    return reverse("inventory-table", args=[database.code, ids[name]]) if name in ids else ""


def _texts(found: list[dict[str, Any]], text_of: Any, request: Request) -> list[dict[str, Any]]:
    return [one | {"text": text_of(one, request.LANGUAGE_CODE)} for one in found]


def _job_shown(request: Request, subject: Any, name: str) -> JobProgress | None:
    """The newest job of a name, unless it has done its work: a finished look is shown by what it found."""
    job: Job | None = jobs_of(subject).filter(name=name).first()
    if job is None or (job.state == JobState.FINISHED and name != CAPTURE):
        return None
    return progress_of(job, request.actor)


@signed_in
@never_cache
@page
def assessment(request: Request, code: str) -> HttpResponse:
    """Assess the data of a database: what was counted, the worst first; the owner concludes."""
    actor = request.actor
    database = inside_of(actor, code)
    draft = queries.draft_assessment(database)
    form = ConclusionForm(assessment=draft) if draft else None
    if request.method == "POST":
        if request.POST.get("viec") == "danh-gia":
            commands.start_assessment(actor=actor, database=database)
            return redirect("inventory-assessment", code)
        if draft is None:
            raise NotFound(what="dự thảo đánh giá", what_en="A draft assessment")
        form = ConclusionForm(request.POST, assessment=draft)
        if form.is_valid():
            try:
                commands.conclude_assessment(actor=actor, assessment=draft, **form.cleaned_data)
            except DomainError as error:
                form.refuse(error)
            else:
                messages.success(
                    request, _("The assessment of %(year)s was concluded.") % {"year": draft.year}
                )
                return redirect("inventory-assessment", code)
    shown = draft or queries.concluded_assessment(database)
    context = {
        "database": database,
        "draft": draft,
        "shown": shown,
        "form": form,
        "job": _job_shown(request, database, PROFILE),
        "bound": queries.bound_source(database),
        "worst": rules.worst_columns(shown.profile) if shown else [],
        "findings": _texts(shown.findings, rules.text_of_finding, request) if shown else [],
        "done": queries.assessments_of(database).filter(state="concluded"),
        "may_work": may_own(actor, database),
        "citations": citations_for("INV-02", "INV-03", "INV-06", "UPG-01"),
    }
    return render(request, "inventory/assessment.html", context)


@signed_in
@never_cache
@page
def datasets(request: Request, code: str) -> HttpResponse:
    """The datasets of a database and their versions; publish the next version from the source."""
    actor = request.actor
    database = inside_of(actor, code)
    listed = list(datasets_of(Database.objects.filter(pk=database.pk)))
    if request.method == "POST":
        chosen = next((one for one in listed if one.slug == request.POST.get("bo")), None)
        if chosen is None:
            raise NotFound(what="bộ dữ liệu này", what_en="This dataset")
        commands.capture_version(actor=actor, dataset=chosen, note=request.POST.get("note", ""))
        return redirect("inventory-datasets", code)
    context = {
        "database": database,
        "rows": [
            {
                "dataset": one,
                "versions": list(versions_of(one)[:20]),
                "job": _job_shown(request, one, CAPTURE),
                "form": CaptureForm(auto_id=f"{one.slug}-%s"),
            }
            for one in listed
        ],
        "tables": tables_with_fields(database),
        "bound": queries.bound_source(database),
        "may_work": may_own(actor, database) and not database.is_secret,
    }
    return render(request, "inventory/datasets.html", context)
