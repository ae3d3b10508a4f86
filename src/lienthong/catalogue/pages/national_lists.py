"""Public pages of the list of national databases: its versions, one version, what separates two."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.foundation.errors import NotFound
from lienthong.law.queries import citations_for

from .. import national


@open_to_all
@require_GET
def versions(request: Request) -> HttpResponse:
    """Every version of the list, with which one is in force."""
    listed = [(one, len(national.national_entries_shown(one))) for one in national.national_lists()]
    context = {
        "listed": listed,
        "in_force": national.list_in_force(),
        "citations": citations_for("NDB-07", "LTE-03"),
    }
    return render(request, "catalogue/national_lists.html", context)


@open_to_all
@require_GET
def version(request: Request, number: int) -> HttpResponse:
    """One version of the list with its entries."""
    found = national.national_list(number)
    every = list(national.national_lists())
    context = {
        "one": found,
        "entries": national.national_entries_shown(found),
        "versions": every,
        "in_force": national.list_in_force(),
        "before": next((other for other in every if other.version == number - 1), None),
        "citations": citations_for("NDB-06", "NDB-07", "LTE-03"),
    }
    return render(request, "catalogue/national_list.html", context)


@open_to_all
@require_GET
def compare(request: Request) -> HttpResponse:
    """What separates two versions of the list."""
    numbers = [request.GET.get(name, "") for name in ("tu", "den")]
    if not all(number.isdigit() and len(number) < 6 for number in numbers):
        raise NotFound(what="hai phiên bản để so sánh", what_en="Two versions to compare")
    older, newer = (national.national_list(int(number)) for number in numbers)
    context = {
        "older": older,
        "newer": newer,
        "changes": national.list_changes(older, newer, request.LANGUAGE_CODE),
    }
    return render(request, "catalogue/national_compare.html", context)
