"""The officer's side of open data: classify, check the risk, list, publish, confirm, withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.catalogue.access import databases_visible_to, may_own
from lienthong.catalogue.models import DatabaseState, Dataset
from lienthong.catalogue.queries import datasets_of
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.jobs.queries import jobs_of
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.pagekit.paging import stretch
from lienthong.foundation.text import fold
from lienthong.law.queries import clock_view, grounds_of

from .. import commands, queries
from ..access import require_opener
from ..forms import ClassifyForm, DecisionForm, PublishForm, RiskForm, WithdrawForm, classified_as
from ..models import OpenDataset, OpenState
from ..rules import FORMAT_NAMES, formats_for
from .way import next_act, way_of

# Reports of readers that the record of a dataset lists.
REPORTS = 20
# Datasets on one page of the list, and the most that a search of it gives.
PAGE, MOST_FOUND = 50, 1000


@signed_in
def desk_list(request: Request) -> HttpResponse:
    """The datasets of one's databases, and how far each is on its way to everybody."""
    text = request.GET.get("q", "").strip()[:200]
    databases = databases_visible_to(request.actor).filter(is_secret=False)
    datasets = datasets_of(databases).order_by("name", "pk").annotate(newest=Max("versions__number"))
    if text:
        folded = fold(text)
        names = datasets.values_list("pk", "name", "database__name")
        kept = [pk for pk, *said in names if any(folded in fold(one) for one in said)]
        datasets = datasets.filter(pk__in=kept[:MOST_FOUND])
    part = stretch(request.GET.get("sau", ""), datasets.count(), PAGE, {"q": text} if text else None)
    shown = list(datasets[part.rows])
    opened = {one.dataset_id: one for one in OpenDataset.objects.filter(dataset__in=shown)}
    context = {
        "rows": [(one, opened.get(one.pk)) for one in shown],
        "text": text,
        "part": part,
    }
    return render(request, "opendata/desk_list.html", context)


def _dataset(request: Request, slug: str) -> Dataset:
    actor = request.actor
    found = (
        Dataset.objects.select_related("database__owner", "database__managing_unit", "table")
        .filter(slug=slug, database__in=databases_visible_to(actor))
        .first()
    )
    if found is None:
        raise NotFound(what=f"bộ dữ liệu {slug}", what_en=f"Dataset {slug}")
    return found


@signed_in
def desk(request: Request, slug: str) -> HttpResponse:
    """One dataset on its way to everybody: what was decided, what comes next."""
    dataset = _dataset(request, slug)
    found = OpenDataset.objects.filter(dataset=dataset).select_related("update_clock").first()
    actor = request.actor
    job = jobs_of(found).filter(name="opendata.publish").order_by("-pk").first() if found else None
    clock = found.update_clock if found and found.state == OpenState.PUBLISHED else None
    may_work = may_own(actor, dataset.database) and not dataset.database.is_secret
    context: dict[str, Any] = {
        "dataset": dataset,
        "found": found,
        "latest": dataset.latest,
        "columns": _titles(dataset, found.columns) if found else [],
        "publication": queries.latest_publication(found) if found else None,
        "risk": found.risk_checks.select_related("signed_by").first() if found else None,
        "may_work": may_work,
        "stops": way_of(found),
        "act": next_act(found, dataset) if may_work else None,
        "in_operation": dataset.database.state == DatabaseState.IN_OPERATION,
        "job": progress_of(job, actor) if job and (job.is_live or job.state == "failed") else None,
        "clock": clock_view(clock) if clock else None,
        "basis": grounds_of(clock),
        "reports": list(queries.reports_of(found)[:REPORTS]) if found else [],
        "report_counts": queries.report_counts(found) if found else [],
        "events": timeline("opendata.opendataset", found.pk, request.LANGUAGE_CODE) if found else [],
    }
    return render(request, "opendata/desk.html", context)


def _titles(dataset: Dataset, names: list[str]) -> list[str]:
    titles = {field.name: field.title for field in dataset.table.fields.all()}
    return [titles.get(name) or name for name in names]


def _to_work_on(request: Request, slug: str, act: str, act_en: str) -> OpenDataset:
    """The record for somebody who may take this step; refused before a form is shown."""
    actor = request.actor
    found = queries.open_dataset_for(actor, slug)
    require_opener(actor, found.dataset.database, act, act_en)
    return found


def _say(form: BaseForm, error: DomainError) -> None:
    locale = get_language() or "vi"
    form.add_error(
        error.field if error.field in form.fields else None, f"{error.text(locale)} {error.hint(locale)}"
    )


@signed_in
def classify(request: Request, slug: str) -> HttpResponse:
    """Open data, public information that is not open data, or not to be published."""
    dataset = _dataset(request, slug)
    require_opener(request.actor, dataset.database, "phân loại dữ liệu mở", "classify open data")
    found = OpenDataset.objects.filter(dataset=dataset).first()
    names = [column["name"] for column in dataset.latest.columns] if dataset.latest else list(dataset.columns)
    titles = {field.name: field.title for field in dataset.table.fields.all()}
    choices = [(name, f"{titles[name]} ({name})" if titles.get(name) else name) for name in names]
    form = ClassifyForm(request.POST or None, columns=choices, initial=classified_as(found, names))
    if request.method == "POST" and form.is_valid():
        try:
            commands.classify_dataset(actor=request.actor, dataset=dataset, **form.cleaned_data)
        except DomainError as error:
            _say(form, error)
        else:
            messages.success(request, _("The classification was kept."))
            return redirect("opendata-record", slug)
    return render(request, "opendata/classify.html", {"dataset": dataset, "form": form})


@signed_in
def risk(request: Request, slug: str) -> HttpResponse:
    """The three questions before publication, answered and signed."""
    found = _to_work_on(request, slug, "ký đánh giá rủi ro", "sign the risk check")
    form = RiskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.sign_off_risk(actor=request.actor, open_dataset=found, **form.cleaned_data)
        except DomainError as error:
            _say(form, error)
        else:
            messages.success(request, _("The risk check was signed."))
            return redirect("opendata-record", slug)
    personal = {field.name: field.personal_data for field in found.dataset.table.fields.all()}
    context = {
        "found": found,
        "dataset": found.dataset,
        "form": form,
        "columns": _titles(found.dataset, found.columns),
        "personal": _titles(
            found.dataset, [name for name in found.columns if personal.get(name, "none") != "none"]
        ),
    }
    return render(request, "opendata/risk.html", context)


@signed_in
def decide(request: Request, slug: str) -> HttpResponse:
    """The decision by which the dataset stands in the open-data catalogue."""
    found = _to_work_on(request, slug, "đưa vào danh mục dữ liệu mở", "put into the open catalogue")
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.list_in_open_catalogue(actor=request.actor, open_dataset=found, **form.cleaned_data)
        except DomainError as error:
            _say(form, error)
        else:
            messages.success(request, _("The dataset stands in the open-data catalogue."))
            return redirect("opendata-record", slug)
    return render(request, "opendata/decide.html", {"found": found, "dataset": found.dataset, "form": form})


@signed_in
def publish(request: Request, slug: str) -> HttpResponse:
    """What will be published; then the files are made, and the version is published when they are there."""
    found = _to_work_on(request, slug, "công bố dữ liệu mở", "publish open data")
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.start_publication(
                actor=request.actor,
                open_dataset=found,
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            _say(form, error)
        else:
            return redirect("opendata-record", slug)
    latest = found.dataset.latest
    context = {
        "found": found,
        "dataset": found.dataset,
        "form": form,
        "latest": latest,
        "columns": _titles(found.dataset, found.columns),
        "formats": [
            FORMAT_NAMES[name][0 if request.LANGUAGE_CODE == "vi" else 1]
            for name in formats_for(latest.rows if latest else 0)
        ],
    }
    return render(request, "opendata/publish.html", context)


@signed_in
@require_POST
def no_change(request: Request, slug: str) -> HttpResponse:
    """The published data are still right."""
    found = queries.open_dataset_for(request.actor, slug)
    commands.confirm_no_change(actor=request.actor, open_dataset=found)
    messages.success(request, _("Confirmed: no change."))
    return redirect("opendata-record", slug)


@signed_in
def withdraw(request: Request, slug: str) -> HttpResponse:
    """Take a dataset from the portal, with a reason that everybody reads."""
    found = _to_work_on(request, slug, "thu hồi dữ liệu mở", "withdraw open data")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.withdraw_publication(actor=request.actor, open_dataset=found, **form.cleaned_data)
        except DomainError as error:
            _say(form, error)
        else:
            messages.success(request, _("The dataset was withdrawn."))
            return redirect("opendata-record", slug)
    return render(request, "opendata/withdraw.html", {"found": found, "dataset": found.dataset, "form": form})
