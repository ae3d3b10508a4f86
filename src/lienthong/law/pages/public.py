"""The public pages: legal texts and rule sets on a day, one text, every parameter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.pagekit.paging import stretch

from .. import listing, shipped
from ..forms import OnDayForm
from ..models import Instrument, Mark, Parameter
from ..wording import group_text

PAGE = 50


@open_to_all
def instruments(request: HttpRequest) -> HttpResponse:
    """Which rule held when: the rule sets on a line, and the legal texts with their status on a day."""
    form, day, today = asked_day(request)
    rows = listing.texts_on(day)
    shown = {"": [row for row in rows if row.holds], "khac": [row for row in rows if not row.holds]}
    view = request.GET.get("xem", "")
    view = view if view in {*shown, "tham-quyen"} else ""
    here, on = reverse("law-instruments"), {} if day == today else {"ngay": day.isoformat()}
    context = {
        "form": form,
        "day": day,
        "is_today": day == today,
        "line": listing.time_line(day, today),
        "rows": shown.get(view, []),
        "roles": listing.roles_on(day) if view == "tham-quyen" else [],
        "words": listing.words_on(day) if view == "tham-quyen" else [],
        "view": view,
        "counts": {name or "giu": len(found) for name, found in shown.items()},
        "holding_url": f"{here}?{urlencode(on)}" if on else here,
        "other_url": f"{here}?{urlencode({**on, 'xem': 'khac'})}",
        "roles_url": f"{here}?{urlencode({**on, 'xem': 'tham-quyen'})}",
        "query": f"?{urlencode(on)}" if on else "",
    }
    return render(request, "law/instruments.html", context, status=422 if form.errors else 200)


@open_to_all
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """One legal text: status, places that rules rest on, what it did to other texts."""
    found = get_object_or_404(Instrument, slug=slug)
    form, day, today = asked_day(request)
    does, undergoes = listing.relations_of(found)
    context = {
        "form": form,
        "day": day,
        "is_today": day == today,
        "text": listing.text_on(found, day),
        "places": listing.places_of(found, day),
        "does": does,
        "undergoes": undergoes,
        "sources": listing.sources_named(found.sources),
    }
    return render(request, "law/instrument.html", context, status=422 if form.errors else 200)


@open_to_all
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter with its value in each rule set, how far it was checked, and where it is written."""
    context = parameter_table(request, reverse("law-parameters"))
    return render(request, "law/parameters.html", context)


@open_to_all
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    """One parameter on the line of time: value, mark, provision and source under each rule set."""
    get_object_or_404(Parameter.objects.filter(key=key)[:1])
    return render(request, "law/parameter.html", parameter_file(key))


def parameter_file(key: str) -> dict[str, Any]:
    """What the page of one parameter shows, on the portal and on the desk."""
    today = timezone.localdate()
    lines = listing.parameter_lines(today, key=key)
    sources = {
        name for line in lines for cells in line.columns for cell in cells for name in cell.row.sources
    }
    return {
        "key": key,
        "lines": lines,
        "line": lines[0],
        "group": group_text(lines[0].group),
        "sets": listing.time_line(today, today),
        "sources": listing.sources_named(sources),
        "day": today,
    }


def parameter_table(request: HttpRequest, here: str) -> dict[str, Any]:
    """The list of parameters with its filters: words, group, mark."""
    text = request.GET.get("q", "").strip()[:100]
    group, mark = request.GET.get("nhom", ""), request.GET.get("muc", "")
    group = group if group in shipped.parameter_groups() else ""
    mark = mark if mark in Mark.values else ""
    today = timezone.localdate()
    every = listing.parameter_lines(today)
    found = listing.chosen(every, group=group, mark=mark, text=text)
    query = {name: value for name, value in (("q", text), ("nhom", group), ("muc", mark)) if value}

    part = stretch(request.GET.get("sau", ""), len(found), PAGE, query)

    def address(**changed: Any) -> str:
        asked = {name: value for name, value in {**query, **changed}.items() if value}
        return f"{here}?{urlencode(asked)}" if asked else here

    return {
        "here": here,
        "text": text,
        "group": group,
        "mark": mark,
        "lines": found[part.rows],
        "part": part,
        "clear_url": here,
        "active": len(query),
        "sets": listing.time_line(today, today),
        "groups": [
            _option(group_text(code), code == group, address(nhom=None if code == group else code), count)
            for code in shipped.parameter_groups()
            if (count := len(listing.chosen(every, group=code, mark=mark, text=text))) or code == group
        ],
        "marks": [
            _option(str(label), code == mark, address(muc=None if code == mark else code), count)
            for code, label in Mark.choices
            if (count := len(listing.chosen(every, group=group, mark=code, text=text))) or code == mark
        ],
    }


def asked_day(request: HttpRequest) -> tuple[OnDayForm, date, date]:
    """The day that the reader asks about; today where none, or none that can be meant, is given."""
    today = timezone.localdate()
    given = request.GET.copy()
    if not given.get("ngay"):
        given["ngay"] = today.isoformat()
    form = OnDayForm(given)
    day = form.cleaned_data.get("ngay") if form.is_valid() else None
    return form, day or today, today


def _option(label: str, active: bool, href: str, count: int) -> dict[str, Any]:
    return {"label": label, "active": active, "href": href, "count": count}
