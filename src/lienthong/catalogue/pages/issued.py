"""Public pages of issued catalogues: the newest of each agency, one version with its papers, two versions compared."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.foundation.errors import NotFound
from lienthong.foundation.papers.answers import paper_answer
from lienthong.foundation.papers.queries import layout_bytes
from lienthong.law.queries import citations_for

from .. import queries
from ..issue_papers import DECISION, annex_sheets, comparison_sheets, decision_paper, paper_of_issued
from ..models import IssuedCatalogue, Tier
from ..review_forms import CompareForm
from ..showing import counted, kind_words, narrowed, shown_differences

SHOWN = 300
# Entries of an issued catalogue on one page.
ENTRIES = 20


@open_to_all
@require_GET
def issued_list(request: Request) -> HttpResponse:
    """The issued catalogues of databases, the newest of each agency."""
    context = {"listed": queries.catalogues_listed(), "citations": citations_for("CAT-02")}
    return render(request, "catalogue/issued_list.html", context)


@open_to_all
@require_GET
def issued_version(request: Request, agency_code: str, version: int) -> HttpResponse:
    """One issued catalogue: its decision, its entries, its papers, the versions before and after."""
    catalogue = queries.catalogue_version(agency_code, version)
    versions = list(queries.issued_catalogues(catalogue.agency))
    asked = request.GET.get("trang", "")
    total = queries.rows_shown(catalogue).count()
    last = max(1, -(-total // ENTRIES))
    number = min(int(asked), last) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else 1
    number = max(number, 1)
    context = {
        "catalogue": catalogue,
        "total": total,
        "entries": queries.entries_shown(catalogue, slice((number - 1) * ENTRIES, number * ENTRIES)),
        "first": (number - 1) * ENTRIES + 1,
        "last": min(number * ENTRIES, total),
        "previous_url": f"?trang={number - 1}" if number > 1 else "",
        "next_url": f"?trang={number + 1}" if number < last else "",
        "versions": versions,
        "newest": versions[0],
        "before": next((one for one in versions if one.version == version - 1), None),
        "last_year": queries.version_of_last_year(catalogue),
        "forms": (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel")),
        "tiers": dict(Tier.choices),
        "citations": citations_for("CAT-02", "CAT-06"),
        "levels": {value: level for level, value in enumerate(Tier.values, start=1)},
    }
    return render(request, "catalogue/issued_version.html", context)


@open_to_all
@require_GET
def issued_paper(request: Request, agency_code: str, version: int, form: str) -> HttpResponse:
    """The decision with the catalogue as its annex, as PDF or Word file; the catalogue as a workbook."""
    catalogue = queries.catalogue_version(agency_code, version)
    written = paper_of_issued(catalogue)
    return paper_answer(
        decision_paper(written),
        annex_sheets(written),
        form,
        layout=layout_bytes(catalogue.agency, DECISION),
        name=f"Danh mục cơ sở dữ liệu {agency_code} phiên bản {version}",
    )


@open_to_all
@require_GET
def compare(request: Request, agency_code: str) -> HttpResponse:
    """What separates two issued versions of an agency's catalogue, field by field with both values."""
    older, newer = _two(request, agency_code)
    found = queries.compare_catalogues(older, newer)
    asked = {name: request.GET.get(name, "")[:200] for name in ("loai", "don_vi", "q")}
    shown = shown_differences(
        narrowed(found, kind=asked["loai"], unit=asked["don_vi"], text=asked["q"]), request.LANGUAGE_CODE
    )
    if request.GET.get("dang") == "xlsx":
        return paper_answer(
            None,
            comparison_sheets(older, newer, shown),
            "xlsx",
            layout=None,
            name=f"So sánh danh mục {agency_code} phiên bản {older.version} và {newer.version}",
        )
    units = {one.unit_code: one.unit for one in found if one.unit_code}
    context = {
        "older": older,
        "newer": newer,
        "shown": shown[:SHOWN],
        "more": max(len(shown) - SHOWN, 0),
        "total": len(found),
        "counts": counted(found),
        "active": sum(bool(value) for value in asked.values()),
        "form": _form(request, newer, units),
        "table": _query(request, dang="xlsx"),
        "all": _query(request, loai="", don_vi="", q=""),
        "citations": citations_for("CAT-02"),
    }
    return render(request, "catalogue/compare.html", context)


def _two(request: Request, agency_code: str) -> tuple[IssuedCatalogue, IssuedCatalogue]:
    numbers = [request.GET.get(name, "") for name in ("tu", "den")]
    if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in numbers):
        raise NotFound(what="hai phiên bản để so sánh", what_en="Two versions to compare")
    older, newer = (queries.catalogue_version(agency_code, int(number)) for number in numbers)
    return older, newer


def _form(request: Request, newer: IssuedCatalogue, units: dict[str, str]) -> CompareForm:
    form = CompareForm(
        initial={name: request.GET.get(name, "") for name in ("tu", "den", "loai", "don_vi", "q")}
    )
    versions = [
        (
            one.version,
            _("Version %(version)s (%(year)s)") % {"version": one.version, "year": one.decision_date.year},
        )
        for one in queries.issued_catalogues(newer.agency)
    ]
    words = kind_words()
    choices: dict[str, list[tuple[Any, Any]]] = {
        "tu": versions,
        "den": versions,
        "loai": [("", _("All")), *((kind, words[kind]) for kind in ("new", "changed", "ended"))],
        "don_vi": [("", _("All")), *sorted(units.items(), key=lambda one: one[1])],
    }
    for name, options in choices.items():
        form.fields[name].choices = options  # type: ignore[attr-defined]
    return form


def _query(request: Request, **changed: str) -> str:
    asked = request.GET.copy()
    for name, value in changed.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"?{asked.urlencode()}"
