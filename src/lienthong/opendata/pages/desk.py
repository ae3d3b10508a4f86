"""The officer's side of open data: classify, check the risk, list, publish, confirm, withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.catalogue.access import databases_visible_to, may_own
from lienthong.catalogue.models import Dataset
from lienthong.catalogue.queries import datasets_of
from lienthong.foundation.accounts.doors import signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.jobs.queries import jobs_of
from lienthong.foundation.jobs.showing import progress_of
from lienthong.law.queries import clock_view

from .. import commands, queries
from ..forms import ClassifyForm, DecisionForm, PublishForm, RiskForm, WithdrawForm, classified_as
from ..models import Classification, OpenDataset, OpenState


@signed_in
def desk_list(request: HttpRequest) -> HttpResponse:
    """The datasets of one's databases, and how far each is on its way to everybody."""
    databases = databases_visible_to(request.actor).filter(is_secret=False)  # type: ignore[attr-defined]
    datasets = list(datasets_of(databases).select_related("database__managing_unit")[:200])
    opened = {one.dataset_id: one for one in OpenDataset.objects.filter(dataset__in=datasets)}
    return render(
        request,
        "opendata/desk_list.html",
        {"rows": [(one, opened.get(one.pk), one.latest) for one in datasets]},
    )


def _dataset(request: HttpRequest, slug: str) -> Dataset:
    actor = request.actor  # type: ignore[attr-defined]
    found = (
        Dataset.objects.select_related("database__owner", "database__managing_unit", "table")
        .filter(slug=slug, database__in=databases_visible_to(actor))
        .first()
    )
    if found is None:
        raise NotFound(what=f"bộ dữ liệu {slug}", what_en=f"Dataset {slug}")
    return found


@signed_in
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset on its way to everybody: what was decided, what comes next."""
    dataset = _dataset(request, slug)
    found = OpenDataset.objects.filter(dataset=dataset).select_related("update_clock").first()
    actor = request.actor  # type: ignore[attr-defined]
    job = jobs_of(found).filter(name="opendata.publish").order_by("-pk").first() if found else None
    clock = found.update_clock if found and found.state == OpenState.PUBLISHED else None
    context: dict[str, Any] = {
        "dataset": dataset,
        "found": found,
        "latest": dataset.latest,
        "publication": queries.latest_publication(found) if found else None,
        "risk": found.risk_checks.first() if found else None,
        "may_work": may_own(actor, dataset.database),
        "job": progress_of(job, actor) if job and (job.is_live or job.state == "failed") else None,
        "clock": clock_view(clock) if clock else None,
        "is_open": found is not None and found.classification == Classification.OPEN,
        "publish_form": PublishForm(),
        "withdraw_form": WithdrawForm(),
        "events": timeline("opendata.opendataset", found.pk, request.LANGUAGE_CODE) if found else [],
    }
    return render(request, "opendata/desk.html", context)


def _say(form: BaseForm, error: DomainError) -> None:
    locale = get_language() or "vi"
    form.add_error(
        error.field if error.field in form.fields else None, f"{error.text(locale)} {error.hint(locale)}"
    )


@signed_in
def classify(request: HttpRequest, slug: str) -> HttpResponse:
    """Open data, public information that is not open data, or not to be published."""
    dataset = _dataset(request, slug)
    found = OpenDataset.objects.filter(dataset=dataset).first()
    names = [column["name"] for column in dataset.latest.columns] if dataset.latest else list(dataset.columns)
    titles = {field.name: field.title for field in dataset.table.fields.all()}
    choices = [(name, f"{titles[name]} ({name})" if titles.get(name) else name) for name in names]
    form = ClassifyForm(request.POST or None, columns=choices, initial=classified_as(found, names))
    if request.method == "POST" and form.is_valid():
        try:
            commands.classify_dataset(actor=request.actor, dataset=dataset, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as error:
            _say(form, error)
        else:
            messages.success(request, _("The classification was kept."))
            return redirect("opendata-record", slug)
    return render(request, "opendata/classify.html", {"dataset": dataset, "form": form})


@signed_in
def risk(request: HttpRequest, slug: str) -> HttpResponse:
    """The three questions before publication, answered and signed."""
    found = queries.open_dataset_for(request.actor, slug)  # type: ignore[attr-defined]
    form = RiskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.sign_off_risk(actor=request.actor, open_dataset=found, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as error:
            _say(form, error)
        else:
            messages.success(request, _("The risk check was signed."))
            return redirect("opendata-record", slug)
    return render(request, "opendata/risk.html", {"found": found, "dataset": found.dataset, "form": form})


@signed_in
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """The decision by which the dataset stands in the open-data catalogue."""
    found = queries.open_dataset_for(request.actor, slug)  # type: ignore[attr-defined]
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.list_in_open_catalogue(actor=request.actor, open_dataset=found, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as error:
            _say(form, error)
        else:
            messages.success(request, _("The dataset stands in the open-data catalogue."))
            return redirect("opendata-record", slug)
    return render(request, "opendata/decide.html", {"found": found, "dataset": found.dataset, "form": form})


@signed_in
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Start making the files; the version is published when they are made."""
    found = queries.open_dataset_for(request.actor, slug)  # type: ignore[attr-defined]
    form = PublishForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    commands.start_publication(actor=request.actor, open_dataset=found, note=note)  # type: ignore[attr-defined]
    return redirect("opendata-record", slug)


@signed_in
@require_POST
def no_change(request: HttpRequest, slug: str) -> HttpResponse:
    """The published data are still right."""
    found = queries.open_dataset_for(request.actor, slug)  # type: ignore[attr-defined]
    commands.confirm_no_change(actor=request.actor, open_dataset=found)  # type: ignore[attr-defined]
    messages.success(request, _("Confirmed: no change."))
    return redirect("opendata-record", slug)


@signed_in
@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a dataset from the portal, with a reason that everybody reads."""
    found = queries.open_dataset_for(request.actor, slug)  # type: ignore[attr-defined]
    commands.withdraw_publication(
        actor=request.actor,  # type: ignore[attr-defined]
        open_dataset=found,
        because=request.POST.get("because", "")[:300],
    )
    messages.success(request, _("The dataset was withdrawn."))
    return redirect("opendata-record", slug)
