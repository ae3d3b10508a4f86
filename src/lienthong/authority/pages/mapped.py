"""The map of overlaps and its matrix on the desk: whose data somebody else holds too, and what became of it (P10, D5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import layout_for, unit_of
from lienthong.authority.map_forms import NAMES, MapForm, question_in
from lienthong.authority.mapping import (
    Grouping,
    MapQuestion,
    OverlapGraph,
    Standing,
    Tie,
    overlap_graph,
    shares_of,
)
from lienthong.authority.matrix import ON_SHEET, overlap_matrix
from lienthong.authority.matrix_papers import KIND, matrix_paper, matrix_sheets
from lienthong.catalogue.access import databases_visible_to
from lienthong.catalogue.addresses import file_address, here
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.pagekit.figures import number_text, percent_text
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import grounds_for

from .picture import legend, picture_of

# How many ties are listed below the picture on one page.
LISTED = 10
LONGEST_PAGE = 4

Thing = TypeVar("Thing")


@signed_in
@require_safe
def overlap_map(request: Request) -> HttpResponse:
    """A picture of the databases and who holds whose data, by class, with the same as a table."""
    question = question_in(request.GET)
    graph = overlap_graph(request.actor, question)
    leading = [tie.leading for tie in graph.ties]
    shares = shares_of(leading) if graph.grouping == Grouping.DATABASE else {}
    words = {tie: _words(tie, shares) for tie in graph.ties}
    targets = {tie: _target(request, graph, tie) for tie in graph.ties}
    listed, page = paged(request, sorted(graph.ties, key=_urgency), LISTED)
    context = shared(request, question, graph.known, graph.agencies) | {
        "graph": graph,
        "heading": _heading(graph),
        "picture": picture_of(
            graph,
            shares=shares,
            words=words,
            targets=targets,
            focus=lambda key: _focus(request, question, graph, key),
        ),
        "legend": legend(graph.ties),
        "rows": [
            {
                "tie": tie,
                "lower": graph.by_key[tie.lower],
                "higher": graph.by_key[tie.higher],
                "words": words[tie],
                "href": targets[tie],
            }
            for tie in listed
        ],
        "page": page,
        "focus": _focused(request, question, graph),
        "counted_at": timezone.now(),
    }
    return render(request, "authority/desk_map.html", context)


@signed_in
@require_safe
def matrix(request: Request) -> HttpResponse:
    """Copies down, sources across, in each cell where it stands; prints on A4 or A3 that lies."""
    question = question_in(request.GET)
    paper = request.GET.get("kho", "")
    paper = paper if paper in ON_SHEET else "a4"
    found = overlap_matrix(request.actor, question)
    sheets = [
        {
            "columns": sheet.columns,
            "lines": [
                (copy, [(cell, _target(request, found.graph, cell.tie) if cell else "") for cell in cells])
                for copy, cells in sheet.lines
            ],
        }
        for sheet in found.sheets(paper)
    ]
    context = (
        shared(request, question, found.graph.known, found.graph.agencies)
        | {"graph": found.graph}
        | {
            "matrix": found,
            "sheets": sheets,
            "paper": paper,
            "papers": [(one, one.upper(), address(request, kho=one)) for one in ON_SHEET],
            "files": [
                (address(request, reverse("authority-matrix-file", args=[form])), name)
                for form, name in (("pdf", "PDF"), ("docx", "Word"))
            ],
            "workbook": address(request, reverse("authority-matrix-file", args=["xlsx"])),
            "counted_at": timezone.now(),
        }
    )
    return render(request, "authority/matrix.html", context)


@signed_in
@require_safe
def matrix_file(request: Request, form: str) -> HttpResponse:
    """The matrix as PDF, Word file or workbook, narrowed as on the page."""
    found = overlap_matrix(request.actor, question_in(request.GET))
    unit = unit_of(request.actor)
    day = timezone.localdate()
    return paper_answer(
        matrix_paper(found, unit, day),
        matrix_sheets(found, unit, day),
        form,
        layout=layout_for(unit, KIND) if unit else None,
        name=f"Ma trận chồng lấn {day:%d-%m-%Y}",
    )


def paged(request: Request, things: Sequence[Thing], size: int) -> tuple[Sequence[Thing], dict[str, Any]]:
    """What stands on the page asked for, and which of all these are; an odd number of a page is taken as the nearest."""
    asked = request.GET.get("trang", "")
    last = max(1, -(-len(things) // size))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_PAGE else 1
    number = min(max(number, 1), last)
    first = (number - 1) * size
    shown = things[first : first + size]
    return shown, {
        "first": first + 1,
        "last": first + len(shown),
        "total": len(things),
        "previous_url": address(request, trang=str(number - 1)) if number > 1 else "",
        "next_url": address(request, trang=str(number + 1)) if number < last else "",
    }


def _urgency(tie: Tie) -> tuple[int, str, str]:
    return list(Standing).index(tie.leading.standing), tie.higher, tie.lower


def shared(
    request: Request, question: MapQuestion, known: int, agencies: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """What map, matrix and picture of items have in common: the filters, and the way to one another."""
    form = MapForm(initial={name: request.GET.get(name, "") for name in NAMES}, agencies=agencies)
    kept = [(name, getattr(question, NAMES[name])) for name in ("voi", "csdl")]
    return {
        "known": known,
        "form": form,
        "kept": [(name, value) for name, value in kept if value],
        "active": question.narrowed_by,
        "map_url": address(request, reverse("authority-desk-map"), trang=""),
        "matrix_url": address(request, reverse("authority-matrix"), trang=""),
        "items_url": address(request, reverse("authority-items"), trang=""),
        "basis": grounds_for("OVL-05"),
    }


def _heading(graph: OverlapGraph) -> str:
    """What the map shows, in one sentence."""
    facts = {"n": number_text(graph.databases), "waiting": number_text(graph.waiting)}
    if not graph.ties:
        return _("Map of overlap")
    if graph.waiting:
        return (
            ngettext(
                "%(n)s databases share data with others, %(waiting)s case awaits a decision",
                "%(n)s databases share data with others, %(waiting)s cases await a decision",
                graph.waiting,
            )
            % facts
        )
    return (
        ngettext(
            "%(n)s database shares data with others, every case is decided",
            "%(n)s databases share data with others, every case is decided",
            graph.databases,
        )
        % facts
    )


def _words(tie: Tie, shares: dict[int, float]) -> str:
    share = shares.get(tie.leading.pk)
    if len(tie.cases) == 1 or share is not None:
        return percent_text(share * 100) if share is not None else ""
    return number_text(len(tie.cases))


def _target(request: Request, graph: OverlapGraph, tie: Tie) -> str:
    """Where a line leads: to its case, or to the same map of the two units database by database."""
    lower, higher = graph.by_key[tie.lower], graph.by_key[tie.higher]
    if graph.grouping == Grouping.DATABASE or len(tie.cases) == 1:
        return reverse("authority-case", args=[tie.leading.number])
    if lower.folded or higher.folded:
        return reverse("authority-cases")
    here_already = request.path == reverse("authority-desk-map")
    return address(
        request,
        "" if here_already else reverse("authority-desk-map"),
        co_quan=lower.code,
        voi=higher.code,
        theo=Grouping.DATABASE.value,
        trang="",
    )


def _focus(request: Request, question: MapQuestion, graph: OverlapGraph, key: str) -> str:
    """Where a box leads: to the map around it alone."""
    holder = graph.by_key[key]
    if holder.folded:
        return ""
    if graph.grouping == Grouping.DATABASE:
        return "" if question.database == holder.code else address(request, csdl=holder.code, trang="")
    return address(request, co_quan=holder.code, theo="", trang="")


def _focused(request: Request, question: MapQuestion, graph: OverlapGraph) -> dict[str, str] | None:
    """The database around which the map is drawn, with a way to its file for whoever may open it."""
    holder = graph.by_key.get(question.database)
    if holder is None:
        return None
    mine = databases_visible_to(request.actor).filter(code=holder.code).exists()
    return {
        "name": holder.name,
        "file": here(file_address(holder.code)) if mine else "",
        "whole": address(request, csdl="", trang=""),
    }


def address(request: Request, to: str = "", **changed: str) -> str:
    """A page with the same question, some of it changed."""
    asked: QueryDict = request.GET.copy()
    for name in [name for name in asked if name not in {*NAMES, "kho", "trang"} or not asked[name]]:
        del asked[name]
    for name, value in changed.items():
        asked[name] = value
        if not value:
            del asked[name]
    query = asked.urlencode()
    return f"{to}?{query}" if query else to or "?"
