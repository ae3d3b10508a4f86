"""The desk's pages: parameters and their change, the working calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, for_roles, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.pagekit.figures import day_text

from .. import listing
from ..access import (
    KEEPERS_OF_SETTINGS,
    KEEPERS_OF_TEXTS,
    KEEPERS_OF_THE_CALENDAR,
    may_change,
    may_keep_calendar,
    require_change,
)
from ..commands import (
    MIGRATE,
    change_parameter,
    effects_of,
    remove_calendar_day,
    seed_holidays,
    set_calendar_day,
    weigh_change,
)
from ..forms import FIRST_YEAR, LAST_YEAR, CalendarDayForm, ChangeForm, ReasonForm
from ..models import CalendarDay, Parameter
from ..queries import running_clocks
from ..rules import Unit
from ..wording import value_text
from .public import parameter_file, parameter_table

SHOWN = 50


@signed_in
def parameters(request: Request) -> HttpResponse:
    """Every parameter, with how many terms run under it."""
    context = parameter_table(request, reverse("law-desk"))
    listing.with_running(context["lines"])
    return render(request, "law/desk_parameters.html", context)


@signed_in
def parameter(request: Request, key: str) -> HttpResponse:
    """One parameter by rule set, what was changed and why; from here it is changed."""
    get_object_or_404(Parameter.objects.filter(key=key)[:1])
    context = parameter_file(key)
    actor = _actor(request)
    rows = [cell.row for line in context["lines"] for cells in line.columns for cell in cells]
    context["may_change"] = {row.pk for row in rows if may_change(actor, row)}
    context["running"] = running_clocks(key).count()
    context["events"] = _history(rows, request.LANGUAGE_CODE)
    return render(request, "law/desk_parameter.html", context)


@for_roles(*KEEPERS_OF_SETTINGS)
def change(request: Request, parameter_id: int) -> HttpResponse:
    """Change a parameter: enter, see what it does to running cases, then issue the change."""
    row = get_object_or_404(
        Parameter.objects.select_related("rule_set", "provision__instrument"), pk=parameter_id
    )
    actor = _actor(request)
    require_change(actor, row)
    of_texts = actor.has(*KEEPERS_OF_TEXTS)
    form = ChangeForm(request.POST or None, row=row, of_texts=of_texts)
    step = request.POST.get("buoc", "")
    if request.method != "POST" or step == "sua" or not form.is_valid():
        return _form_page(request, row, form)
    entered = _entered(form)
    try:
        if step == "ban-hanh":
            change_parameter(
                actor=actor,
                key=row.key,
                rule_set=row.rule_set.code,
                database_code=row.database_code,
                valid_from=row.valid_from,
                running_cases=form.cleaned_data["running_cases"],
                **entered,
            )
            messages.success(request, _("The change has been issued."))
            return redirect("law-desk-parameter", row.key)
        return _impact_page(request, row, form, weigh_change(actor=actor, row=row, **entered))
    except DomainError as error:
        if error.status in (403, 404) and error.field is None:
            raise
        form.refuse(error)
    return _form_page(request, row, form)


@signed_in
def calendar(request: Request) -> HttpResponse:
    """The working calendar of one year: days of rest, days worked in exchange, closing hours."""
    year = _year(request)
    keeper = may_keep_calendar(_actor(request))
    form = CalendarDayForm(request.POST or None) if keeper else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            entry = set_calendar_day(actor=_actor(request), **data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                _("%(day)s has been entered: %(name)s.")
                % {"day": day_text(entry.day), "name": entry.name_vi},
            )
            return redirect(f"{reverse('law-calendar')}?nam={entry.day.year}")
    entered = listing.years_entered()
    context = {
        "year": year,
        "years": [*entered, *([entered[-1] + 1] if entered else [timezone.localdate().year])],
        "known": year in entered,
        "entries": listing.days_of(year),
        "marks": listing.MARK_KINDS,
        "form": form,
        "keeper": keeper,
    }
    return render(
        request, "law/calendar.html", context, status=422 if form is not None and form.errors else 200
    )


@for_roles(*KEEPERS_OF_THE_CALENDAR)
def remove_day(request: Request, entry_id: int) -> HttpResponse:
    """Take one entry out of the calendar, after saying which running terms it may move."""
    entry = get_object_or_404(CalendarDay, pk=entry_id)
    form = ReasonForm(request.POST or None)
    back = f"{reverse('law-calendar')}?nam={entry.day.year}"
    if request.method == "POST" and form.is_valid():
        remove_calendar_day(
            actor=_actor(request), day=entry.day, kind=entry.kind, reason=form.cleaned_data["reason"]
        )
        messages.success(
            request, _("The entry of %(day)s has been taken out.") % {"day": day_text(entry.day)}
        )
        return redirect(back)
    counted = running_clocks().filter(unit=Unit.WORKING_DAY.value, due_on__gte=entry.day).count()
    return render(
        request, "law/remove_day.html", {"entry": entry, "form": form, "back": back, "counted": counted}
    )


@require_POST
@for_roles(*KEEPERS_OF_THE_CALENDAR)
def seed(request: Request) -> HttpResponse:
    """Enter the first guess of the holidays of one year."""
    year = _year(request)
    added = seed_holidays(actor=_actor(request), years=[year])
    said = ngettext(
        "%(count)s day has been entered, to be checked.",
        "%(count)s days have been entered, to be checked.",
        added,
    )
    messages.success(request, said % {"count": added})
    return redirect(f"{reverse('law-calendar')}?nam={year}")


def _actor(request: Request) -> Actor:
    actor: Actor = request.actor
    return actor


def _year(request: Request) -> int:
    given = request.POST.get("nam") or request.GET.get("nam", "")
    if given.isascii() and given.isdigit() and FIRST_YEAR <= int(given[:5]) <= LAST_YEAR:
        return int(given[:5])
    return timezone.localdate().year


def _entered(form: ChangeForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "value": data["value"],
        "unit": data["unit"],
        "reason": data["reason"],
        "mark": data.get("mark"),
        "provision_ref": data.get("provision") or None,
    }


def _form_page(request: Request, row: Parameter, form: ChangeForm) -> HttpResponse:
    context = {"row": row, "form": form, "cell": listing.cell_of(row, timezone.localdate())}
    return render(request, "law/change.html", context, status=422 if form.errors else 200)


def _impact_page(request: Request, row: Parameter, form: ChangeForm, proposal: Any) -> HttpResponse:
    effects = effects_of(row, proposal)
    migrates = form.cleaned_data["running_cases"] == MIGRATE
    context = {
        "row": row,
        "form": form,
        "before": value_text(row.value, row.unit, bound=row.bound, ahead=row.ahead),
        "after": value_text(proposal.value, proposal.unit, bound=row.bound, ahead=row.ahead),
        "mark": proposal.mark,
        "provision": proposal.provision.citation(request.LANGUAGE_CODE) if proposal.provision else "",
        "reason": form.cleaned_data["reason"],
        "migrates": migrates,
        "total": len(effects),
        "effects": effects[:SHOWN],
    }
    return render(request, "law/impact.html", context)


def _history(rows: list[Parameter], locale: str) -> list[dict[str, Any]]:
    found = [event for row in rows for event in history_of("law.parameter", row.pk)[:SHOWN]]
    found.sort(key=lambda event: event.occurred_at, reverse=True)
    return [
        {
            "at": event.occurred_at,
            "actor": event.who,
            "text": f"{event.sentence(locale)}. {event.reason}".strip(),
            "href": "",
        }
        for event in found
    ]
