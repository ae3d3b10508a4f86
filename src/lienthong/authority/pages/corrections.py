"""Pages of corrections: the list with its workbook, a new report, a warning slip."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.agencies.queries import unit_of
from lienthong.authority import commands
from lienthong.authority.access import require
from lienthong.authority.correction_access import corrections_visible_to, may_report, may_take_in_slip
from lienthong.authority.correction_forms import ReportForm, SlipForm
from lienthong.authority.correction_records import running_terms
from lienthong.authority.models import CorrectionCase, CorrectionOrigin, CorrectionState
from lienthong.catalogue.access import database_for
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.foundation.pagekit.filters import filter_options
from lienthong.foundation.papers.answers import download
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.models import Clock
from lienthong.law.queries import citations_for, clock_views

page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50
# Rows of one workbook.
MOST = 10_000
STATE_KINDS = {
    CorrectionState.REPORTED: "todo",
    CorrectionState.ACKNOWLEDGED: "running",
    CorrectionState.CONFIRMED: "running",
    CorrectionState.NOT_CONFIRMED: "waiting",
    CorrectionState.DISPUTED: "blocked",
    CorrectionState.CORRECTED: "waiting",
    CorrectionState.BROADCAST: "decided",
    CorrectionState.CLOSED: "done",
}


@signed_in
@never_cache
@require_GET
def corrections(request: Request) -> HttpResponse:
    """The corrections one may know of, newest first; filtered by side, state, origin, what is late or critical."""
    visible = corrections_visible_to(request.actor)
    asked = _asked(request)
    narrowed = _narrowed(visible, asked, request)
    rows, next_url = _page(request, narrowed, asked)
    live = visible.exclude(state=CorrectionState.CLOSED)
    counts = live.aggregate(open=Count("pk"), critical=Count("pk", filter=Q(is_critical=True)))
    context = {
        "rows": rows,
        "counts": counts,
        "total": visible.count(),
        "found": narrowed.count(),
        "active": len(asked),
        "next_url": next_url,
        "export_url": f"xuat.xlsx?{urlencode(asked)}" if asked else "xuat.xlsx",
        "facets": [
            (_("Side"), filter_options(asked, "ben", _sides())),
            (
                _("State"),
                filter_options(asked, "trang-thai", [("qua-han", _("Overdue")), *CorrectionState.choices]),
            ),
            (_("Reported through"), filter_options(asked, "qua", CorrectionOrigin.choices)),
            (_("Severity"), filter_options(asked, "muc", [("dinh-danh", _("Identifier at fault"))])),
        ],
        "citations": citations_for("QUA-01", "GOVF-12"),
    }
    return render(request, "authority/corrections.html", context)


def _sides() -> list[tuple[str, str]]:
    return [("nhan", _("Data of ours")), ("gui", _("Reported by us"))]


def _asked(request: Request) -> dict[str, str]:
    return {
        name: value[:40]
        for name in ("ben", "trang-thai", "qua", "muc")
        if (value := request.GET.get(name, "").replace("\0", ""))
    }


def _narrowed(
    visible: QuerySet[CorrectionCase], asked: dict[str, str], request: Request
) -> QuerySet[CorrectionCase]:
    found = visible
    if (state := asked.get("trang-thai")) == "qua-han":
        late = Clock.objects.filter(
            subject_kind="authority.correctioncase", stopped_at__isnull=True, due_at__lt=timezone.now()
        )
        found = found.filter(pk__in=[int(one) for one in late.values_list("subject_id", flat=True)])
    elif state:
        found = found.filter(state=state)
    own = unit_of(request.actor)
    if own is not None and asked.get("ben") == "gui":
        found = found.filter(reporter__path__startswith=own.path)
    elif own is not None and asked.get("ben") == "nhan":
        found = found.filter(
            Q(database__managing_unit__path__startswith=own.path)
            | Q(database__owner__path__startswith=own.path)
        )
    if asked.get("muc"):
        found = found.filter(is_critical=True)
    return found.filter(origin=asked["qua"]) if asked.get("qua") else found


def _page(
    request: Request, found: QuerySet[CorrectionCase], asked: dict[str, str]
) -> tuple[list[dict[str, Any]], str]:
    after = request.GET.get("sau", "")
    if after.isdigit() and len(after) < 12:
        found = found.filter(pk__lt=int(after))
    listed = list(found.select_related("database", "reporter", "dataset").order_by("-pk")[: PAGE + 1])
    kept = listed[:PAGE]
    clocks = running_terms(kept)
    views = dict(zip(clocks, clock_views(clocks.values()), strict=True))
    rows = [
        {"case": one, "kind": STATE_KINDS[CorrectionState(one.state)], "clock": views.get(one.pk)}
        for one in kept
    ]
    more = len(listed) > PAGE
    return rows, f"?{urlencode(asked | {'sau': str(kept[-1].pk)})}" if more else ""


@signed_in
@never_cache
@require_GET
def workbook(request: Request) -> HttpResponse:
    """The list as a workbook, filtered as the page is."""
    found = _narrowed(corrections_visible_to(request.actor), _asked(request), request)
    titles = (
        (_("Number"), 16), (_("Reported on"), 12), (_("Database"), 36), (_("Table, column"), 28), (_("Reporter"), 30),
        (_("Reported through"), 24), (_("What is wrong"), 60), (_("Rows that differ"), 12), (_("State"), 26),
        (_("Result of the check"), 40), (_("How it was corrected"), 40), (_("Proof"), 30), (_("Consumers informed on"), 14),
        (_("Consumers told"), 12), (_("Confirmed the receipt"), 14), (_("Closed on"), 12),
    )  # fmt: skip
    days = {1, 12, 15}
    numbers = {7, 13, 14}
    counted = found.select_related("database", "reporter").annotate(
        told=Count("notices", distinct=True),
        received=Count("notices", filter=Q(notices__received_at__isnull=False), distinct=True),
    )
    rows = [
        (
            one.number, _day(one.reported_at), one.database.shown_name, one.place,
            one.reporter.shown_name if one.reporter else "", one.get_origin_display(), one.text, one.counted,
            one.get_state_display(), one.finding, one.measure, one.proof, _day(one.broadcast_at),
            one.told, one.received, _day(one.closed_at),
        )
        for one in counted.order_by("-pk")[:MOST]
    ]  # fmt: skip
    columns = tuple(
        SheetColumn(str(title), width, "date" if place in days else "number" if place in numbers else "text")
        for place, (title, width) in enumerate(titles)
    )
    sheet = Sheet(_("Corrections"), columns, rows, lines=(_("Corrections of wrong data"),))
    return download(to_xlsx([sheet]), "xlsx", "dinh-chinh-du-lieu")


def _day(moment: Any) -> Any:
    return timezone.localdate(moment) if moment is not None else None


@signed_in
@never_cache
@page
def report(request: Request, code: str) -> HttpResponse:
    """Report that data of a database are wrong."""
    actor = request.actor
    database = database_for(actor, code)
    own = unit_of(actor)
    require(
        own is not None and may_report(actor, database, own),
        "báo dữ liệu sai lệch",
        "report wrong data for this agency",
    )
    chosen = request.GET.get("bo", "")[:100]
    initial = {"table": next((f"bo:{one.pk}" for one in database.datasets.filter(slug=chosen)), "")}
    form = ReportForm(request.POST or None, database=database, initial=initial)
    if request.method == "POST" and form.is_valid() and own is not None:
        try:
            made = commands.report_correction(actor=actor, database=database, reporter=own, **form.given())
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request, _("Report %(number)s was sent to the provider.") % {"number": made.number}
            )
            return redirect("authority-correction", made.number)
    context = {
        "database": database,
        "form": form,
        "own": own,
        "may_take_in_slip": may_take_in_slip(actor, database),
        "citations": citations_for("QUA-01"),
    }
    return render(request, "authority/correction_report.html", context, status=422 if form.errors else 200)


@signed_in
@never_cache
@page
def slip(request: Request, code: str) -> HttpResponse:
    """Enter a warning slip of the national data centre."""
    actor = request.actor
    database = database_for(actor, code)
    require(may_take_in_slip(actor, database), "nhập phiếu cảnh báo", "enter a warning slip")
    form = SlipForm(request.POST or None, database=database, initial={"received_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.record_warning_slip(actor=actor, database=database, **form.given())
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Warning slip %(number)s was entered.") % {"number": made.slip})
            return redirect("authority-correction", made.number)
    context = {"database": database, "form": form, "citations": citations_for("GOVF-12")}
    return render(request, "authority/correction_slip.html", context, status=422 if form.errors else 200)
