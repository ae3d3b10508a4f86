"""The picture of data items on the desk: items down, agencies across, and how each holds each (P10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
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

from .mapped import address, paged, shared

# Seen from this page: with hundreds of marks the whole address would be most of it.
MAP = "../ban-do/"


@signed_in
@require_safe
def data_items(request: Request) -> HttpResponse:
    """Which data are held by whom: the authority, who follows it, and what is being settled."""
    question = question_in(request.GET)
    found = item_picture(request.actor, question)
    shown, page = paged(request, found.items, ON_PAGE)
    context = shared(request, question, found.known, found.agencies) | {
        "picture": found,
        "heading": items_heading(found),
        "legend": [mark for mark in Mark if mark in found.marks],
        "rows": [_row(request, found, item) for item in shown],
        "page": page,
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


def _row(request: Request, found: ItemPicture, item: DataItem) -> dict[str, Any]:
    return {
        "item": item,
        "href": address(request, MAP, csdl=item.database, trang="", theo="") if item.database else "",
        "cells": SafeString(
            "".join(
                f"<td>{''.join(drawn(cell, _leads_to(request, one.code, cell)) for cell in item.cells.get(one.code, ()))}</td>"
                for one in found.columns
            )
        ),
    }


def drawn(cell: MarkedCell, href: str) -> str:
    """A mark that leads to what it stands for and says it to those who do not see it."""
    given = f'class="hold-{cell.mark.value}" aria-label="{escape(_said(cell))}"'
    shape = f'<svg aria-hidden="true"><use href="#m-{cell.mark.value}"/></svg>'
    return (
        f'<a {given} href="{escape(href)}">{shape}</a>'
        if href
        else f'<span {given} role="img">{shape}</span>'
    )


def _said(cell: MarkedCell) -> str:
    if not cell.cases:
        return str(cell.mark.label)
    if len(cell.cases) == 1:
        (case,) = cell.cases
        return f"{cell.mark.label}: {case.number}, {str(case.standing.label).lower()}"
    count = len(cell.cases)
    cases = ngettext("%(n)s case", "%(n)s cases", count) % {"n": number_text(count)}
    return f"{cell.mark.label}: {cases}"


def _leads_to(request: Request, column: str, cell: MarkedCell) -> str:
    """To the case; of several, to the map around the database, or of the agency's databases."""
    if not cell.cases:
        return ""
    if len(cell.cases) == 1:
        return f"../{cell.cases[0].number}/"
    asked = {"csdl": cell.databases[0]} if len(cell.databases) == 1 else {"co_quan": column}
    if column == FOLDED and len(cell.databases) > 1:
        return reverse("authority-cases")
    return address(request, reverse("authority-desk-map"), **asked, trang="", theo=Grouping.DATABASE.value)
