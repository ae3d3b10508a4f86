"""The yearly registration on the National Data Portal: what goes out, where it stands, needs for others' data."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lienthong.agencies.access import acts_for
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import agency_by_code, unit_of
from lienthong.foundation.accounts.doors import Request, for_roles
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.papers.sheets import to_xlsx
from lienthong.law.queries import citations_for

from .. import commands
from ..access import READING, may_coordinate, may_note_needs
from ..addresses import here, need_address, registration_address
from ..forms import say
from ..models import NeedState, PortalState
from ..portal_forms import EndNeedForm, NeedForm, PortalStateForm
from ..portal_registration import Registration, need_for, registration_of, registration_sheets
from .databases import workbook_answer

page = require_http_methods(["GET", "POST"])
SHOWN_YEARS = 4
# Databases and needs on one page.
ON_PAGE = 50
LONGEST_PAGE = 6


@for_roles(*READING)
@page
def registration(request: Request) -> HttpResponse:
    """What an agency registers for a year, in four parts, and where each record stands; record a state of several."""
    agency, year = _agency(request), _year(request)
    found = registration_of(request.actor, agency, year)
    if request.GET.get("dang") == "xlsx":
        return workbook_answer(
            to_xlsx(registration_sheets(found)), f"dang-ky-cong-du-lieu-{agency.code}-{year}.xlsx"
        )
    number, shown = _shown(request, found, agency)
    form = PortalStateForm(request.POST or None)
    chosen = set(request.POST.getlist("muc"))
    if request.method == "POST" and form.is_valid():
        try:
            count = commands.record_portal_state(
                actor=request.actor,
                agency=agency,
                databases=[one.database for one in found.databases if f"csdl-{one.database.pk}" in chosen],
                needs=[one.need for one in found.needs if f"nhu-cau-{one.need.pk}" in chosen],
                year=year,
                **form.cleaned_data,
            )
        except DomainError as error:
            if error.status == 403:
                raise
            say(form, error)
        else:
            said = ngettext(
                "The state of %(count)s record was recorded.",
                "The state of %(count)s records was recorded.",
                count,
            )
            messages.success(request, said % {"count": count})
            kept = f"&trang={number}" if number > 1 else ""
            return redirect(f"{here(registration_address())}?nam={year}{kept}")
    context = {
        "agency": agency,
        "found": found,
        "shown": shown,
        "counts": _counts(found),
        "chosen": chosen,
        "form": form,
        "years": range(timezone.localdate().year + 1, timezone.localdate().year - SHOWN_YEARS, -1),
        "may_work": may_note_needs(request.actor, agency),
        "citations": citations_for("PRT-01", "PRT-02"),
    }
    return render(request, "catalogue/portal_registration.html", context, status=422 if form.errors else 200)


def _shown(request: Request, found: Registration, agency: Agency) -> tuple[int, dict[str, Any]]:
    """The page that was asked for, and the databases and needs that stand on it."""
    asked = request.GET.get("trang", "")
    last = max(1, -(-max(len(found.databases), len(found.needs)) // ON_PAGE))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < LONGEST_PAGE else 1
    number = min(max(number, 1), last)
    at = slice((number - 1) * ON_PAGE, number * ON_PAGE)
    address = f"?nam={found.year}&co-quan={agency.code}&trang="
    return number, {
        "databases": found.databases[at],
        "needs": found.needs[at],
        "number": number,
        "last": last,
        "previous_url": f"{address}{number - 1}" if number > 1 else "",
        "next_url": f"{address}{number + 1}" if number < last else "",
    }


def _agency(request: Request) -> Agency:
    """The agency that is asked for, where the actor may know of it; the own unit otherwise."""
    given = request.GET.get("co-quan", "")[:60]
    own = unit_of(request.actor)
    if given:
        asked = agency_by_code(given)
        if acts_for(request.actor, asked) or may_coordinate(request.actor):
            return asked
        own = None
    if own is None:
        raise NotFound(what="bản đăng ký này", what_en="This registration")
    return own


def _year(request: Request) -> int:
    given = request.GET.get("nam", "")
    this_year = timezone.localdate().year
    return int(given) if given.isdigit() and 2020 <= int(given[:6]) <= this_year + 1 else this_year


def _counts(found: Registration) -> list[tuple[str, int, str]]:
    """How many records stand where, with the kind of badge."""
    kinds = {"not_sent": "neutral", "sent": "info", "published": "ok", "rejected": "late"}
    held = [state for state in PortalState if found.counts[state.value]]
    return [(str(state.label), found.counts[state.value], kinds[state.value]) for state in held]


@for_roles(*READING)
@page
def note_need(request: Request) -> HttpResponse:
    """Note a need for data of others."""
    form = NeedForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            entered = dict(form.cleaned_data)
            made = commands.note_data_need(actor=request.actor, agency=entered.pop("unit"), **entered)
        except DomainError as error:
            if error.status == 403:
                raise
            say(form, error)
        else:
            messages.success(request, _("Need %(number)s is on record.") % {"number": made.number})
            return redirect(here(need_address(made.number)))
    return _act(
        request,
        form,
        _("Note a need for data of others"),
        _("Note the need"),
        back=here(registration_address()),
    )


@for_roles(*READING)
@page
def need(request: Request, number: str) -> HttpResponse:
    """One need for data of others."""
    found = need_for(request.actor, number)
    context = {
        "need": found,
        "is_open": found.state == NeedState.OPEN,
        "may_work": may_note_needs(request.actor, found.unit),
        "events": timeline("catalogue.dataneed", found.pk, request.LANGUAGE_CODE, 10),
        "citations": citations_for("PRT-01"),
    }
    return render(request, "catalogue/data_need.html", context)


@for_roles(*READING)
@page
def amend_need(request: Request, number: str) -> HttpResponse:
    """Amend a need that still stands."""
    found = need_for(request.actor, number)
    form = NeedForm(request.POST or None, actor=request.actor, need=found)
    if request.method == "POST" and form.is_valid():
        try:
            commands.amend_data_need(actor=request.actor, need=found, **form.cleaned_data)
        except DomainError as error:
            if error.status == 403:
                raise
            say(form, error)
        else:
            messages.success(request, _("The need was amended."))
            return redirect(here(need_address(number)))
    return _act(
        request,
        form,
        _("Amend need %(number)s") % {"number": number},
        _("Save"),
        back=here(need_address(number)),
    )


@for_roles(*READING)
@page
def end_need(request: Request, number: str) -> HttpResponse:
    """End a need: met, or no longer there."""
    found = need_for(request.actor, number)
    form = EndNeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.end_data_need(actor=request.actor, need=found, **form.cleaned_data)
        except DomainError as error:
            if error.status == 403:
                raise
            say(form, error)
        else:
            messages.success(request, _("Need %(number)s has ended.") % {"number": number})
            return redirect(here(need_address(number)))
    return _act(
        request,
        form,
        _("End need %(number)s") % {"number": number},
        _("End the need"),
        back=here(need_address(number)),
    )


def _act(request: Request, form: Any, heading: str, submit: str, *, back: str) -> HttpResponse:
    act = {
        "heading": heading,
        "submit": submit,
        "back": back,
        "crumbs": [(reverse("catalogue-portal-registration"), _("Registration on the National Data Portal"))],
    }
    status = 422 if form.errors else 200
    return render(request, "catalogue/act.html", {"form": form, "act": act}, status=status)
