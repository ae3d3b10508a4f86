"""Pages of quality warnings: the log with its filters and its workbook, one warning with its steps, a new one."""

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

from lienthong.catalogue.access import may_own
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, InputRefused
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.pagekit.filters import filter_options
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.models import Clock
from lienthong.law.queries import citations_for, clock_view, clock_views, clocks_of

from .. import commands
from ..access import inside_of, issue_for, issues_visible_to, require_warning
from ..forms import IssueForm, IssueStepForm
from ..models import ErrorType, IssueState, Light, QualityIssue

page = require_http_methods(["GET", "POST"])
PAGE = 50
# Rows of one workbook.
MOST = 10_000
LIGHT_KINDS = {Light.RED: "late", Light.YELLOW: "due", Light.GREEN: "ok"}
STATE_KINDS = {
    IssueState.OPEN: "waiting",
    IssueState.CONFIRMED: "running",
    IssueState.MENDED: "waiting",
    IssueState.CLOSED: "done",
}
# The step that may be taken from each state: its word field and its command.
STEPS: dict[str, tuple[str, Any]] = {
    "xac-minh": ("cause", commands.confirm_issue),
    "da-sua": ("measure", commands.report_mended),
    "dong": ("outcome", commands.close_issue),
}


@signed_in
@never_cache
@require_GET
def issues(request: Request) -> HttpResponse:
    """The log of quality warnings: overdue and red first; filtered by state, severity, type, database."""
    visible = issues_visible_to(request.actor)
    asked = _asked(request)
    narrowed = _narrowed(visible, asked)
    rows, next_url = _page(request, narrowed, asked)
    standing = visible.exclude(state=IssueState.CLOSED)
    counts = standing.aggregate(
        open=Count("pk"),
        red=Count("pk", filter=Q(light=Light.RED)),
        late=Count("pk", filter=Q(clock__due_at__lt=timezone.now())),
    )
    databases = Database.objects.filter(pk__in=visible.values("database")).order_by("sort_key")
    context = {
        "rows": rows,
        "counts": counts,
        "total": visible.count(),
        "found": narrowed.count(),
        "active": len(asked),
        "next_url": next_url,
        "export_url": f"xuat.xlsx?{urlencode(asked)}" if asked else "xuat.xlsx",
        "facets": [
            (
                _("State"),
                filter_options(asked, "trang-thai", [("qua-han", _("Overdue")), *IssueState.choices]),
            ),
            (_("Severity"), filter_options(asked, "muc", Light.choices)),
            (_("Type of error"), filter_options(asked, "loai", ErrorType.choices)),
            (
                _("Database"),
                filter_options(asked, "csdl", [(one.code, one.shown_name) for one in databases[:30]]),
            ),
        ],
        "citations": citations_for("GOVF-12"),
    }
    return render(request, "inventory/issues.html", context)


def _asked(request: Request) -> dict[str, str]:
    return {
        name: value[:80]
        for name in ("trang-thai", "muc", "loai", "csdl")
        if (value := request.GET.get(name, "").replace("\0", ""))
    }


def _narrowed(visible: QuerySet[QualityIssue], asked: dict[str, str]) -> QuerySet[QualityIssue]:
    found = visible
    if (state := asked.get("trang-thai")) == "qua-han":
        found = found.exclude(state=IssueState.CLOSED).filter(clock__due_at__lt=timezone.now())
    elif state:
        found = found.filter(state=state)
    exact = {"light": asked.get("muc"), "error_type": asked.get("loai"), "database__code": asked.get("csdl")}
    return found.filter(**{name: value for name, value in exact.items() if value})


def _page(
    request: Request, found: QuerySet[QualityIssue], asked: dict[str, str]
) -> tuple[list[dict[str, Any]], str]:
    after = request.GET.get("sau", "")
    if after.isdigit() and len(after) < 12:
        found = found.filter(pk__lt=int(after))
    listed = list(_joined(found).order_by("-pk")[: PAGE + 1])
    kept = listed[:PAGE]
    terms = _terms(kept)
    rows = [_row(issue, terms.get(issue.pk), request.LANGUAGE_CODE) for issue in kept]
    more = len(listed) > PAGE
    return rows, f"?{urlencode(asked | {'sau': str(kept[-1].pk)})}" if more else ""


def _joined(found: QuerySet[QualityIssue]) -> QuerySet[QualityIssue]:
    return found.select_related(
        "database", "unit", "clock__parameter", "clock__rule_set", "clock__provision__instrument"
    )


def _terms(listed: list[QualityIssue]) -> dict[int, Any]:
    running = [issue for issue in listed if issue.clock is not None]
    clocks: list[Clock] = [issue.clock for issue in running if issue.clock is not None]
    return {issue.pk: view for issue, view in zip(running, clock_views(clocks), strict=True)}


def _row(issue: QualityIssue, term: Any, locale: str) -> dict[str, Any]:
    return {
        "issue": issue,
        "text": issue.text(locale),
        "light": LIGHT_KINDS[Light(issue.light)],
        "kind": STATE_KINDS[IssueState(issue.state)],
        "clock": term if issue.state != IssueState.CLOSED else None,
    }


@signed_in
@never_cache
@require_GET
def workbook(request: Request) -> HttpResponse:
    """The log as a workbook, filtered as the page is."""
    found = _narrowed(issues_visible_to(request.actor), _asked(request))
    locale = request.LANGUAGE_CODE
    titles = (
        (_("Code"), 14), (_("Date"), 12), (_("Database"), 34), (_("Table, column"), 30), (_("Type of error"), 22),
        (_("Severity"), 10), (_("Source of the warning"), 24), (_("What is wrong"), 60), (_("Unit"), 30),
        (_("Due date"), 12), (_("State"), 24), (_("Cause"), 40), (_("What was done"), 40), (_("Why it was closed"), 40),
    )  # fmt: skip
    rows = [
        (
            issue.number, timezone.localdate(issue.opened_at), issue.database.shown_name, issue.place,
            issue.get_error_type_display(), issue.get_light_display(), issue.get_warned_by_display(),
            issue.text(locale), issue.unit.shown_name, issue.clock.due_on if issue.clock else None,
            issue.get_state_display(), issue.cause, issue.measure, issue.outcome,
        )
        for issue in _joined(found).order_by("-pk")[:MOST]
    ]  # fmt: skip
    columns = tuple(
        SheetColumn(str(title), width, "date" if place in (1, 9) else "text")
        for place, (title, width) in enumerate(titles)
    )
    sheet = Sheet(_("Quality warnings"), columns, rows, lines=(_("Log of quality warnings"),))
    answer = HttpResponse(
        to_xlsx([sheet]), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = 'attachment; filename="so-canh-bao-chat-luong.xlsx"'
    return answer


@signed_in
@never_cache
@page
def issue(request: Request, number: str) -> HttpResponse:
    """One quality warning: what is wrong, by when, what was done; the step that comes next."""
    actor = request.actor
    one = issue_for(actor, number)
    forms = {at: IssueStepForm(at=at) for at, _command in STEPS.values()}
    refusal: DomainError | None = None
    if request.method == "POST":
        act = request.POST.get("viec", "")
        try:
            if act == "kiem-tra":
                commands.recheck_issue(actor=actor, issue=one)
            elif act in STEPS:
                at, command = STEPS[act]
                forms[at] = IssueStepForm(request.POST, at=at)
                command(actor=actor, issue=one, **{at: request.POST.get(at, "")})
            else:
                raise InputRefused(name="viec", why="không có bước này", why_en="there is no such step")
        except DomainError as error:
            if error.field and error.field in forms:
                forms[error.field].refuse(error)
            else:
                refusal = error
        else:
            return redirect("inventory-issue", number)
    clocks = clocks_of(one).select_related("parameter", "rule_set", "provision__instrument")
    context = {
        "issue": one,
        "database": one.database,
        "text": one.text(request.LANGUAGE_CODE),
        "light": LIGHT_KINDS[Light(one.light)],
        "kind": STATE_KINDS[IssueState(one.state)],
        "clock": clock_view(one.clock) if one.clock and one.state != IssueState.CLOSED else None,
        "terms": clock_views(clocks),
        "forms": forms,
        "refusal": refusal,
        "refusal_text": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
        "may_work": may_own(actor, one.database),
        "events": [
            event
            for event in timeline("catalogue.database", one.database_id, request.LANGUAGE_CODE, 300)
            if number in str(event["text"])
        ],
        "citations": citations_for("GOVF-12", "LDL-06"),
    }
    return render(request, "inventory/issue.html", context, status=refusal.status if refusal else 200)


@signed_in
@never_cache
@page
def new_issue(request: Request, code: str) -> HttpResponse:
    """Open a quality warning: with one press for a finding, or by hand."""
    actor = request.actor
    database = inside_of(actor, code)
    require_warning(actor, database)
    form = IssueForm(database=database)
    if request.method == "POST":
        if request.POST.get("ma"):
            made = commands.open_issue_from_finding(
                actor=actor,
                database=database,
                table=request.POST.get("bang", ""),
                column=request.POST.get("cot", ""),
                rule=request.POST["ma"],
            )
            return redirect("inventory-issue", made.number)
        form = IssueForm(request.POST, database=database)
        if form.is_valid():
            try:
                made = commands.open_issue(actor=actor, database=database, **form.cleaned_data)
            except DomainError as error:
                form.refuse(error)
            else:
                messages.success(request, _("Warning %(number)s was opened.") % {"number": made.number})
                return redirect("inventory-issue", made.number)
    context = {"database": database, "form": form, "citations": citations_for("GOVF-12")}
    return render(request, "inventory/issue_new.html", context)
