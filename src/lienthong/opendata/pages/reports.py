"""Reports of wrong open data: the form that anybody sends, and the page on which the sender sees what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.authority.correction_records import running_terms
from lienthong.authority.models import CorrectionCase, CorrectionState
from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.foundation.accounts.visitors import limit_visits
from lienthong.foundation.errors import DomainError
from lienthong.foundation.pagekit.figures import day_text
from lienthong.foundation.tracing import carries
from lienthong.law.queries import citations_for, clock_view

from .. import queries
from ..commands import report_open_data
from ..errors import ReportUnknown
from ..forms import CodeForm, ReportForm
from ..models import OpenDataset
from ..rules import MOST_REPORTS, code_of
from .way import Stop

MOST_VERSIONS = 50


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@carries("ODA-14", "QUA-01")
def report(request: Request, slug: str) -> HttpResponse:
    """Report that a published dataset is wrong: no account, no name."""
    found = queries.dataset_on_portal(slug)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        limit_visits(request, "opendata-reports", MOST_REPORTS)
        try:
            made = report_open_data(actor=request.actor, open_dataset=found, **form.given())
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The report was received. Keep its code to see what becomes of it."))
            return redirect("opendata-reported", made.code)
    context = {
        "found": found,
        "name": found.display_name(request.LANGUAGE_CODE),
        "publisher": found.publisher.display_name(request.LANGUAGE_CODE),
        "form": form,
        "key": [_titled(found, name) for name in found.dataset.key],
        "citations": citations_for("QUA-01", "ODA-14"),
    }
    return render(request, "opendata/report.html", context, status=422 if form.errors else 200)


def _titled(found: OpenDataset, name: str) -> str:
    """A column by its title, with its name in the files."""
    field = found.dataset.table.fields.filter(name=name).first()
    return f"{field.title} ({name})" if field is not None and field.title else name


def _form(request: HttpRequest, found: OpenDataset) -> ReportForm:
    columns = [(one["name"], one["title"] or one["name"]) for one in queries.columns_described(found)]
    publications = list(found.publications.select_related("version")[:MOST_VERSIONS])
    given = request.POST if request.method == "POST" else None
    return ReportForm(given, columns=columns, publications=publications)


@open_to_all
@require_safe
def find_report(request: HttpRequest) -> HttpResponse:
    """Find a report by its code."""
    form = CodeForm(request.GET if "ma" in request.GET else None)
    if form.is_bound and form.is_valid():
        try:
            found = queries.report_with(form.cleaned_data["ma"])
        except ReportUnknown as refusal:
            form.add_error(
                "ma", f"{refusal.text(request.LANGUAGE_CODE)} {refusal.hint(request.LANGUAGE_CODE)}"
            )
        else:
            return redirect("opendata-reported", found.code)
    return render(request, "opendata/find_report.html", {"form": form}, status=422 if form.errors else 200)


@open_to_all
@never_cache
@require_safe
@carries("ODA-14", "QUA-01")
def reported(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a report; the code is known to whoever sent it alone."""
    found = queries.report_with(code)
    if code != code_of(code):
        return redirect("opendata-reported", found.code)
    case = found.case
    clock = running_terms([case]).get(case.pk)
    context = {
        "report": found,
        "case": case,
        "name": found.open_dataset.display_name(request.LANGUAGE_CODE),
        "publisher": found.open_dataset.publisher.display_name(request.LANGUAGE_CODE),
        "stops": stops_of(case),
        "columns": [_titled(found.open_dataset, name) for name in case.columns],
        "is_open": case.is_live
        and case.state not in (CorrectionState.BROADCAST, CorrectionState.NOT_CONFIRMED),
        "found_right": case.verified_at is not None and case.corrected_at is None and case.found_right,
        "clock": clock_view(clock) if clock is not None and case.is_live else None,
        "on_portal": found.open_dataset.state == "published",
        "proof": case.proof_version.publications.first() if case.proof_version else None,
        "citations": citations_for("QUA-01", "ODA-14"),
    }
    response = render(request, "opendata/reported.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def stops_of(case: CorrectionCase) -> list[Stop]:
    """The way of a report: received, acknowledged, verified, corrected, made known; shorter where nothing was wrong."""
    moments = [
        (_("Report received"), case.reported_at),
        (_("Acknowledged"), case.acknowledged_at),
        (_("Data checked"), case.verified_at),
    ]
    if not case.found_right:
        moments += [(_("Corrected"), case.corrected_at), (_("Made known"), case.broadcast_at)]
    current = next((place for place, (_name, at) in enumerate(moments) if at is None), len(moments))
    return [
        Stop(
            name,
            "done" if place < current else "current" if place == current else "todo",
            day_text(at) if at is not None and place < current else "",
        )
        for place, (name, at) in enumerate(moments)
    ]
