"""The picture of data items on the desk: items down, agencies across, and how each holds each (P10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import layout_for, unit_of
from lienthong.authority.item_papers import KIND, items_paper, items_sheets
from lienthong.authority.items import FOLDED, ON_PAGE, DataItem, ItemPicture, Mark, MarkedCell, item_picture
from lienthong.authority.map_forms import question_in
from lienthong.authority.mapping import Grouping
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.pagekit.figures import number_text
from lienthong.foundation.papers.answers import paper_answer

from .mapped import address, shared

LONGEST_PAGE = 4


@signed_in
@require_safe
def data_items(request: Request) -> HttpResponse:
    """Which data are held by whom: the authority, who follows it, and what is being settled."""
    question = question_in(request.GET)
    found = item_picture(request.actor, question)
    last = max(1, -(-len(found.items) // ON_PAGE))
    page = _page(request, last)
    shown = found.items[(page - 1) * ON_PAGE : page * ON_PAGE]
    context = shared(request, question, found.known, found.agencies) | {
        "picture": found,
        "heading": items_heading(found),
        "legend": [mark for mark in Mark if mark in found.marks],
        "rows": [_row(request, found, item) for item in shown],
        "first": (page - 1) * ON_PAGE + 1,
        "last": (page - 1) * ON_PAGE + len(shown),
        "previous_url": address(request, trang=str(page - 1)) if page > 1 else "",
        "next_url": address(request, trang=str(page + 1)) if page < last else "",
        "files": [
            (address(request, reverse("authority-items-file", args=[form]), trang=""), name)
            for form, name in (("pdf", "PDF"), ("docx", "Word"))
        ],
        "workbook": address(request, reverse("authority-items-file", args=["xlsx"]), trang=""),
        "counted_at": timezone.now(),
    }
    return render(request, "authority/items.html", context)


@signed_in
@require_safe
def items_file(request: Request, form: str) -> HttpResponse:
    """The picture as PDF, Word file or workbook, narrowed as on the page."""
    found = item_picture(request.actor, question_in(request.GET))
    unit = unit_of(request.actor)
    day = timezone.localdate()
    return paper_answer(
        items_paper(found, unit, day),
        items_sheets(found, unit, day),
        form,
        layout=layout_for(unit, KIND) if unit else None,
        name=f"Mục dữ liệu và nguồn chuẩn {day:%d-%m-%Y}",
    )


def items_heading(found: ItemPicture) -> str:
    """What the picture shows, in one sentence."""
    if not found.items:
        return _("Data items and who holds them")
    settled = ngettext(
        "%(n)s data item has its authority", "%(n)s data items have their authority", found.settled
    ) % {"n": number_text(found.settled)}
    if not found.under_way:
        return settled
    waiting = ngettext("%(n)s item is being settled", "%(n)s items are being settled", found.under_way)
    return f"{settled}, {waiting % {'n': number_text(found.under_way)}}"


def _page(request: Request, last: int) -> int:
    asked = request.GET.get("trang", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_PAGE
    return min(max(int(asked), 1), last) if is_number else 1


def _row(request: Request, found: ItemPicture, item: DataItem) -> dict[str, Any]:
    return {
        "item": item,
        "href": address(request, reverse("authority-desk-map"), csdl=item.database, trang="", theo="")
        if item.database
        else "",
        "cells": [
            [_shown(request, column.code, cell) for cell in item.cells.get(column.code, ())]
            for column in found.columns
        ],
    }


def _shown(request: Request, column: str, cell: MarkedCell) -> dict[str, Any]:
    """A mark, where it leads to, and what it says to those who do not see it."""
    numbers = ", ".join(case.number for case in cell.cases[:3])
    more = len(cell.cases) - 3
    said = f"{cell.mark.label}: {numbers}" if numbers else str(cell.mark.label)
    if len(cell.cases) == 1:
        said = f"{cell.mark.label}: {numbers}, {str(cell.cases[0].standing.label).lower()}"
    if more > 0:
        said = f"{said} +{more}"
    return {"mark": cell.mark, "said": said, "href": _leads_to(request, column, cell)}


def _leads_to(request: Request, column: str, cell: MarkedCell) -> str:
    """To the case; of several, to the map around the database, or of the agency's databases."""
    if not cell.cases:
        return ""
    if len(cell.cases) == 1:
        return reverse("authority-case", args=[cell.cases[0].number])
    asked = {"csdl": cell.databases[0]} if len(cell.databases) == 1 else {"co_quan": column}
    if column == FOLDED and len(cell.databases) > 1:
        return reverse("authority-cases")
    return address(request, reverse("authority-desk-map"), **asked, trang="", theo=Grouping.DATABASE.value)
