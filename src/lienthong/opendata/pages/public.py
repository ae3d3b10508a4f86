"""What everybody sees of open data: no account, nothing asked (ODA-08)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import focal_officer_of
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.tracing import carries

from .. import queries
from ..commands import count_download
from ..licences import licence
from ..models import OpenDataset, PublishedFile
from ..reading import FILTERS, preview

PAGE = 20
FORMATS = {
    "csv_excel": ("CSV (cho Excel)", "CSV (for Excel)", "text/csv; charset=utf-8", "csv"),
    "csv": ("CSV", "CSV", "text/csv; charset=utf-8", "csv"),
    "xlsx": ("XLSX", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("JSON", "JSON", "application/json", "json"),
    "parquet": ("Parquet", "Parquet", "application/vnd.apache.parquet", "parquet"),
}


@open_to_all
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """All published open datasets, the last published or confirmed first."""
    given = request.GET.get("sau", "")
    offset = min(int(given), 100_000) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    topic = request.GET.get("chu_de", "")[:100]
    found = queries.newest_first()
    if topic:
        found = found.filter(topic=topic)
    total = found.count()
    here = {"chu_de": topic} if topic else {}
    return render(
        request,
        "opendata/list.html",
        {
            "datasets": found[offset : offset + PAGE],
            "topic": topic,
            "total": total,
            "first": offset + 1,
            "last": min(offset + PAGE, total),
            "previous_url": f"?{urlencode({**here, 'sau': max(0, offset - PAGE)})}" if offset else "",
            "next_url": f"?{urlencode({**here, 'sau': offset + PAGE})}" if offset + PAGE < total else "",
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
    return {
        "found": found,
        "name": found.display_name(locale),
        "description": (found.dataset.description_en if locale == "en" else "") or found.dataset.description,
        "publication": publication,
        "files": files_of(request, found, publication.files.all() if publication else ()),
        "tabs": [(label, href, key == tab) for key, (label, href) in tabs.items()],
        "licence_name": licence(found.licence_code).name(locale),
        "licence_terms": licence(found.licence_code).terms(locale),
        "focal": focal_officer_of(found.dataset.database.managing_unit),
        "quality": queries.quality_of(found),
    }


def files_of(request: HttpRequest, found: OpenDataset, files: Any) -> list[dict[str, Any]]:
    english = request.LANGUAGE_CODE == "en"
    return [
        {
            "name": FORMATS[file.format][1 if english else 0],
            "href": reverse("opendata-download", args=[found.slug, file.publication.number, file.format]),
            "bytes": file.file.size,
            "format": "",
            "note": "",
        }
        for file in files
    ]


@open_to_all
@require_safe
@carries("ODA-02", "ODA-13")
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """One dataset: its first rows with filters, its quality, its licence, who is responsible."""
    context = frame(request, slug, "rows")
    column, operator, value = (request.GET.get(name, "")[:200] for name in ("cot", "phep", "gia_tri"))
    try:
        context["shown"] = preview(
            context["found"],
            after=request.GET.get("sau") or None,
            column=column,
            operator=operator,
            value=value,
        )
    except EngineError as refusal:
        locale = request.LANGUAGE_CODE
        context["shown"] = preview(context["found"])
        context["refusal"] = f"{refusal.text(locale)} {refusal.hint(locale)}"
    kept = {"cot": column, "phep": operator, "gia_tri": value} if column and value else {}
    following = context["shown"].next
    context |= {
        "filter": {"column": column, "operator": operator or "eq", "value": value},
        "operators": [(name, str(label)) for name, label in FILTERS.items()],
        "next_url": f"?{urlencode({**kept, 'sau': following})}" if following else "",
        "previous_url": f"?{urlencode(kept)}" if request.GET.get("sau") else "",
        "clear_url": reverse("opendata-dataset", args=[slug]),
    }
    return render(request, "opendata/rows.html", context)


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
    return render(request, "opendata/versions.html", context)


@open_to_all
@require_safe
def for_programs(request: HttpRequest, slug: str) -> HttpResponse:
    """How a program reads the dataset."""
    context = frame(request, slug, "api")
    context["rows_url"] = request.build_absolute_uri(f"/api/v1/open-datasets/{slug}/rows")
    context["facts_url"] = request.build_absolute_uri(f"/api/v1/open-datasets/{slug}")
    return render(request, "opendata/for_programs.html", context)


@open_to_all
@require_safe
@carries("ODA-08", "ODA-12")
def download(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """One file of one published version: no sign-in, no fee, nothing asked."""
    found = queries.dataset_on_portal(slug)
    kept = (
        PublishedFile.objects.select_related("file", "publication")
        .filter(publication__open_dataset=found, publication__number=number, format=form)
        .first()
    )
    if kept is None or form not in FORMATS:
        raise Http404
    content = path_of(kept.file.sha256)
    if not content.exists():
        raise Http404
    count_download(open_dataset=found)
    suffix = "-excel" if form == "csv_excel" else ""
    response = FileResponse(
        content.open("rb"),
        as_attachment=True,
        filename=f"{slug}-v{number}{suffix}.{FORMATS[form][3]}",
        content_type=FORMATS[form][2],
    )
    response["ETag"] = f'"{kept.file.sha256}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


@open_to_all
def permanent(request: HttpRequest, open_id: int) -> HttpResponse:
    """The address that never changes."""
    found = get_object_or_404(OpenDataset, pk=open_id)
    return HttpResponsePermanentRedirect(
        reverse("opendata-dataset", args=[queries.dataset_on_portal(found.slug).slug])
    )
