"""What everybody sees of open data: no account, nothing asked (ODA-08)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import focal_officer_of
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.pagekit.figures import day_text
from lienthong.foundation.pagekit.paging import stretch
from lienthong.foundation.tracing import carries

from .. import queries
from ..commands import count_download
from ..licences import licence
from ..models import OpenDataset, Publication, PublishedFile
from ..reading import FILTERS, MOST_CONDITIONS, NUMBERS, Preview, conditions_in, preview
from ..rules import FORMAT_NAMES, MEDIA

PAGE = 20


@open_to_all
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """All published open datasets, the last published or confirmed first."""
    topic = request.GET.get("chu_de", "")[:100]
    found = queries.newest_first()
    if topic:
        found = found.filter(topic=topic)
    total = found.count()
    part = stretch(request.GET.get("sau", ""), total, PAGE, {"chu_de": topic} if topic else None)
    return render(
        request,
        "opendata/list.html",
        {
            "datasets": found[part.rows],
            "topic": topic,
            "total": total,
            "part": part,
        },
    )


def frame(request: HttpRequest, slug: str, tab: str) -> dict[str, Any]:
    """What every page of one dataset shows around its body."""
    found = queries.dataset_on_portal(slug)
    publication = queries.latest_publication(found)
    locale = request.LANGUAGE_CODE
    tabs = {
        "rows": (_("Table"), reverse("opendata-dataset", args=[slug])),
        "columns": (_("Columns described"), reverse("opendata-columns", args=[slug])),
        "versions": (_("Versions"), reverse("opendata-versions", args=[slug])),
        "api": (_("API"), reverse("opendata-api", args=[slug])),
    }
    name, publisher = found.display_name(locale), found.publisher.display_name(locale)
    permanent_url = request.build_absolute_uri(reverse("opendata-permanent", args=[found.pk]))
    return {
        "found": found,
        "name": name,
        "publisher": publisher,
        "description": (found.dataset.description_en if locale == "en" else "") or found.dataset.description,
        "publication": publication,
        "files": files_of(request, found, publication.files.all() if publication else ()),
        "tabs": [(label, href, key == tab) for key, (label, href) in tabs.items()],
        "licence_name": licence(found.licence_code).name(locale),
        "licence_terms": licence(found.licence_code).terms(locale),
        "focal": focal_officer_of(found.dataset.database.managing_unit),
        "quality": queries.quality_of(found),
        "citation": _citation(name, publisher, publication, permanent_url),
    }


def _citation(name: str, publisher: str, publication: Publication | None, address: str) -> str:
    """The credit that the conditions of use ask for, ready to be copied."""
    if publication is None:
        return f"{publisher}. {name}. {address}"
    words = {
        "publisher": publisher,
        "year": timezone.localtime(publication.published_at).year,
        "name": name,
        "number": publication.number,
        "day": day_text(publication.published_at),
        "address": address,
    }
    return _("%(publisher)s (%(year)s). %(name)s, version %(number)s, %(day)s. %(address)s") % words


def files_of(request: HttpRequest, found: OpenDataset, files: Any) -> list[dict[str, Any]]:
    english = request.LANGUAGE_CODE == "en"
    return [
        {
            "name": FORMAT_NAMES[file.format][1 if english else 0],
            "href": reverse("opendata-download", args=[found.slug, file.publication.number, file.format]),
            "bytes": file.file.size,
            "format": "",
            "note": "",
        }
        for file in files
        if file.format in FORMAT_NAMES
    ]


@open_to_all
@require_safe
@carries("ODA-02", "ODA-13")
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset: its first rows with filters, its quality, its licence, who is responsible."""
    context = frame(request, slug, "rows")
    context |= _table(request, context["found"])
    return render(request, "opendata/rows.html", context)


def _table(request: HttpRequest, found: OpenDataset) -> dict[str, Any]:
    """The rows that pass the conditions in the address; a condition that cannot be asked is told, never a fault."""
    chosen = tuple(request.GET.get(name, "")[:200] for name in ("cot", "phep", "gia_tri"))
    asked = [*request.GET.getlist("loc")[:20], ":".join(chosen)]
    conditions = conditions_in(asked)
    after = request.GET.get("sau") or None
    told = ""
    shown: Preview | None
    try:
        shown = preview(found, after=after, conditions=conditions)
    except EngineError as refusal:
        told = f"{refusal.text(request.LANGUAGE_CODE)} {refusal.hint(request.LANGUAGE_CODE)}"
        conditions, after, shown = (), None, _first_rows(found)
    here = reverse("opendata-dataset", args=[found.slug])
    kept = [("loc", one.address) for one in conditions]
    titles = {heading.name: heading.title for heading in shown.headings} if shown else {}
    return {
        "shown": shown,
        "refusal": told,
        "conditions": [
            {
                "text": f"{titles.get(one.column, one.column)} {FILTERS[one.operator]} {one.value}",
                "address": one.address,
                "without": _address(here, [pair for pair in kept if pair[1] != one.address]),
            }
            for one in conditions
        ],
        "typed": dict(zip(("column", "operator", "value"), chosen, strict=True)) if told else {},
        "operators": [(name, str(label)) for name, label in FILTERS.items()],
        "full": len(conditions) >= MOST_CONDITIONS,
        "next_url": _address(here, [*kept, ("sau", shown.next)]) if shown and shown.next else "",
        "previous_url": _address(here, kept) if after else "",
        "clear_url": here,
    }


def _first_rows(found: OpenDataset) -> Preview | None:
    try:
        return preview(found)
    except EngineError:
        return None


def _address(path: str, query: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


@open_to_all
@require_safe
def columns(request: HttpRequest, slug: str) -> HttpResponse:
    """What each column means."""
    context = frame(request, slug, "columns")
    context["columns"] = queries.columns_described(context["found"])
    return render(request, "opendata/columns.html", context)


@open_to_all
@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version that was published, with its files and what changed."""
    context = frame(request, slug, "versions")
    publications = context["found"].publications.select_related("version").prefetch_related("files__file")
    context["publications"] = [
        (one, files_of(request, context["found"], one.files.all())) for one in publications
    ]
    context["corrections"] = queries.corrections_of(context["found"])
    return render(request, "opendata/versions.html", context)


@open_to_all
@require_safe
def for_programs(request: HttpRequest, slug: str) -> HttpResponse:
    """How a program reads the dataset."""
    context = frame(request, slug, "api")
    context["rows_url"] = request.build_absolute_uri(f"/api/v1/open-datasets/{slug}/rows")
    context["examples"] = _examples(context["found"])
    context["changes_url"] = request.build_absolute_uri(f"/api/v1/open-datasets/{slug}/changes")
    context["facts_url"] = request.build_absolute_uri(f"/api/v1/open-datasets/{slug}")
    return render(request, "opendata/for_programs.html", context)


def _examples(found: OpenDataset) -> list[str]:
    """Filters that this dataset really has: by its key, by the beginning of a text, by the size of a number."""
    columns = queries.columns_described(found)
    key = (found.dataset.key or [""])[0]
    text = next((one["name"] for one in columns if one["type"] == "text" and one["name"] != key), "")
    number = next((one["name"] for one in columns if one["type"] in NUMBERS), "")
    named = ((key, "={}"), (text, "__prefix={}"), (number, "__ge={}"))
    return [name + pattern.format("…") for name, pattern in named if name]


@open_to_all
@require_safe
@carries("ODA-08", "ODA-12")
def download(request: HttpRequest, slug: str, number: int, form: str) -> FileResponse:
    """One file of one published version: no sign-in, no fee, nothing asked."""
    found = queries.dataset_on_portal(slug)
    kept = (
        PublishedFile.objects.select_related("file", "publication")
        .filter(publication__open_dataset=found, publication__number=number, format=form)
        .first()
    )
    if kept is None or form not in MEDIA:
        raise Http404
    content = path_of(kept.file.sha256)
    if not content.exists():
        raise Http404
    count_download(open_dataset=found)
    suffix, ending = ("-excel", "csv") if form == "csv_excel" else ("", form)
    response = FileResponse(
        content.open("rb"),
        as_attachment=True,
        filename=f"{slug}-v{number}{suffix}.{ending}",
        content_type=MEDIA[form],
    )
    response["ETag"] = f'"{kept.file.sha256}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


@open_to_all
@require_safe
def permanent(request: HttpRequest, open_id: int) -> HttpResponse:
    """The address that never changes."""
    return HttpResponsePermanentRedirect(reverse("opendata-dataset", args=[queries.address_of(open_id)]))
