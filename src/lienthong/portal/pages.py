"""Home, search, one agency, the map of the site, help."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.agencies.queries import agency_page
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.search.models import Entry
from lienthong.foundation.search.queries import number_found, search, search_page

from . import queries

PAGE = 20
KINDS = {
    "dataset": ("du-lieu", gettext_lazy("Data")),
    "service": ("dich-vu", gettext_lazy("Services")),
    "regulation": ("quy-che", gettext_lazy("Use regulations")),
    "agency": ("co-quan", gettext_lazy("Agencies")),
}


# How each kind of thing is marked in a list that mixes them: icon, word.
KIND_MARKS = {
    "dataset": ("open", gettext_lazy("Open data")),
    "service": ("share", gettext_lazy("Sharing service")),
    "regulation": ("rules", gettext_lazy("Use regulation")),
    "catalogue": ("versions", gettext_lazy("Catalogue")),
    "national_list": ("versions", gettext_lazy("List of national databases")),
    "agency": ("building", gettext_lazy("Agency")),
}


@open_to_all
def home(request: Request) -> HttpResponse:
    """Find: the one act of the home page; then what is there, and what is new."""
    job = queries.filling()
    find_url = reverse("portal-search")
    context = {
        "counts": queries.counts(),
        "examples": [
            {"label": name, "href": f"{find_url}?{urlencode({'q': name})}"} for name in queries.examples()
        ],
        "news": [(one, *KIND_MARKS[one.kind]) for one in queries.news()],
        "topics": [
            (topic, number, f"{find_url}?{urlencode({'loai': 'du-lieu', 'chu_de': topic})}")
            for topic, number in queries.topics()
        ],
        "agencies": queries.agencies_by_datasets(),
        "job": progress_of(job, request.actor) if job else None,
    }
    return render(request, "portal/home.html", context)


@open_to_all
def find(request: Request) -> HttpResponse:
    """Search over everything public, in any spelling; exact marks first."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:200]
    chosen = next((kind for kind, (slug, _label) in KINDS.items() if slug == request.GET.get("loai")), "")
    filters = {
        facet: request.GET[name].replace("\0", " ")[:200]
        for name, (facet, _t) in FACETS.items()
        if request.GET.get(name)
    }
    given, here = request.GET.get("sau", ""), _query(request, sau=None)
    # The portal shows a signed-in officer what it shows to everybody.
    visitor = Actor(origin="web", locale=request.LANGUAGE_CODE)

    kinds = (chosen,) if chosen else ()
    found, part = search_page(
        text, actor=visitor, after=given, size=PAGE, query=here, kinds=kinds, facets=filters
    )
    context = {
        "text": text,
        "found": found,
        "chosen": chosen,
        "tabs": _tabs(request, text, chosen, number_found(text, actor=visitor)),
        "hits": [(hit, *KIND_MARKS.get(hit.kind, ("file", ""))) for hit in found.hits],
        "facets": _facets(request, found.facets, filters),
        "chips": [
            (FACETS[name][1], filters[facet], _with(request, **{name: None, "sau": None}))
            for name, (facet, _title) in FACETS.items()
            if facet in filters
        ],
        "active": len(filters),
        "clear_url": _with(request, co_quan=None, chu_de=None, dinh_dang=None, sau=None),
        "part": part,
        "near": [(hit, *KIND_MARKS.get(hit.kind, ("file", ""))) for hit in _near(text, visitor)]
        if not found.total and text
        else [],
    }
    return render(request, "portal/find.html", context)


def _query(request: Request, **changes: Any) -> dict[str, str]:
    query = {name: values[-1] for name, values in request.GET.lists()}
    query.update(changes)
    return {name: value for name, value in query.items() if value not in (None, "")}


def _with(request: Request, **changes: Any) -> str:
    kept = _query(request, **changes)
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _tabs(request: Request, text: str, chosen: str, total: int) -> list[dict[str, Any]]:
    visitor = Actor(origin="web")
    tabs: list[dict[str, Any]] = [
        {
            "label": _("Everything"),
            "href": _with(request, loai=None, sau=None),
            "current": not chosen,
            "count": total,
        }
    ]
    for kind, (slug, label) in KINDS.items():
        number = number_found(text, actor=visitor, kinds=(kind,))
        if number or kind == chosen:
            tabs.append(
                {
                    "label": label,
                    "href": _with(request, loai=slug, sau=None),
                    "current": kind == chosen,
                    "count": number,
                }
            )
    return tabs


# Name in the address, name in the search row, title.
FACETS = {
    "co_quan": ("agency", gettext_lazy("Agency")),
    "chu_de": ("topic", gettext_lazy("Topic")),
    "dinh_dang": ("format", gettext_lazy("Format")),
}


def _facets(request: Request, counted: dict[str, Any], filters: dict[str, str]) -> list[dict[str, Any]]:
    shown = []
    for name, (facet, title) in FACETS.items():
        if not counted.get(facet):
            continue
        chosen = filters.get(facet)
        options = [
            {
                "label": value,
                "count": number,
                "href": _with(request, **{name: None if value == chosen else value, "sau": None}),
                "active": value == chosen,
            }
            for value, number in counted[facet].most_common(12)
        ]
        shown.append({"title": title, "options": options})
    return shown


def _near(text: str, actor: Actor) -> list[Entry]:
    """What one word of the text finds, when all together find nothing."""
    for word in sorted(text.split(), key=len, reverse=True)[:4]:
        hits = search(word, actor=actor, limit=5).hits
        if hits:
            return hits
    return []


@open_to_all
def agency(request: Request, code: str) -> HttpResponse:
    """One agency: its names and codes, its focal officer, and what it offers."""
    page = agency_page(code)
    if page.moved:
        return HttpResponsePermanentRedirect(reverse("agencies-public", args=[page.agency.code]))
    return render(request, "portal/agency.html", {"page": page, "offer": queries.offer_of(page.agency)})


@open_to_all
def site_map(request: Request) -> HttpResponse:
    """Every public part of the site on one page."""
    return render(request, "portal/site_map.html")


@open_to_all
def help_page(request: Request) -> HttpResponse:
    """How to find, download, ask and sign in."""
    return render(request, "portal/help.html", {"demo": settings.DEMO})
