"""Public pages: the tree of agencies, and the directory of focal officers that needs no sign-in (FOC-05)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from lienthong.agencies import queries
from lienthong.agencies.queries import Listed, is_id
from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.law.queries import citations_for


@open_to_all
def agency_list(request: Request) -> HttpResponse:
    """The agencies and their units, or those that a search finds."""
    text = _text(request)
    if text:
        listed = queries.found_agencies(text, actor=request.actor, offset=_offset(request))
    else:
        listed = queries.agency_tree(after=request.GET.get("sau", ""))
    return render(request, "agencies/list.html", _context(request, "agencies-list", text, listed))


@open_to_all
def focal_officers(request: Request) -> HttpResponse:
    """Who answers for data in each agency: five public fields, and the gaps."""
    text = _text(request)
    if text:
        listed = queries.found_in_directory(text, actor=request.actor, offset=_offset(request))
    else:
        listed = queries.focal_directory(after=request.GET.get("sau", ""))
    context = _context(request, "agencies-focal-officers", text, listed)
    context["citations"] = citations_for("FOC-01", "FOC-05")
    return render(request, "agencies/focal_officers.html", context)


def _text(request: Request) -> str:
    return request.GET.get("q", "").strip()[:200]


def _offset(request: Request) -> int:
    given = request.GET.get("sau", "")
    return min(int(given), 10_000) if is_id(given) else 0


def _context(request: Request, name: str, text: str, listed: Listed[Any]) -> dict[str, object]:
    here = reverse(name)
    query = {"q": text} if text else {}
    following = f"{here}?{urlencode({**query, 'sau': listed.next_after})}" if listed.next_after else ""
    first = f"{here}?{urlencode(query)}" if query else here
    return {
        "text": text,
        "listed": listed,
        "here": here,
        "next_url": following,
        "previous_url": first if request.GET.get("sau") else "",
    }
