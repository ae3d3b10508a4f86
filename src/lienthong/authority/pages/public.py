"""The public map of overlaps: counts between classes of database and by domain, never a column or an open case (P10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthong.authority.drawing import Item, Link, draw
from lienthong.authority.item_papers import signs
from lienthong.authority.items import ON_PAGE, DataItem, ItemPicture, Mark
from lienthong.authority.mapping import tier_levels
from lienthong.authority.public_items import public_items
from lienthong.authority.public_map import LEAST_PUBLIC_COUNT, PublicMap, public_map
from lienthong.catalogue.models import CoreDomain, Tier
from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.foundation.pagekit.figures import day_text, number_text
from lienthong.foundation.papers.answers import download
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.queries import grounds_for

from .items import drawn, items_heading
from .mapped import paged
from .picture import Picture, ShownBox, ShownLine


@open_to_all
@require_safe
def overlap_map(request: Request) -> HttpResponse:
    """How many data held twice have an authority, class by class and domain by domain; as a workbook with `dang=xlsx`."""
    counted, items = public_map(timezone.now()), public_items()
    if request.GET.get("dang") == "xlsx":
        return download(to_xlsx([*_sheets(counted), _items_sheet(items)]), "xlsx", _("Data held twice"))
    shown, page = paged(request, items.items, ON_PAGE)
    labels, levels = dict(Tier.choices), tier_levels()
    domains = dict(CoreDomain.choices)
    context = {
        "map": counted,
        "rows": [
            {
                "row": row,
                "lower": labels[row.lower_tier],
                "lower_level": levels[row.lower_tier],
                "higher": labels[row.higher_tier],
                "higher_level": levels[row.higher_tier],
            }
            for row in counted.rows
        ],
        "domains": [
            (domains.get(row.domain) or _("Not placed in a core domain"), row) for row in counted.domains
        ],
        "items": items,
        "heading": items_heading(items) if items.items else "",
        "legend": [mark for mark in Mark if mark in items.marks],
        "item_rows": [_item_row(items, item) for item in shown],
        "page": page,
        "least": LEAST_PUBLIC_COUNT,
        "picture": _picture(counted),
        "basis": grounds_for("OVL-05"),
    }
    return render(request, "authority/map.html", context)


def _item_row(items: ItemPicture, item: DataItem) -> dict[str, Any]:
    cells = "".join(
        f"<td>{''.join(drawn(cell, '') for cell in item.cells.get(one.code, ()))}</td>"
        for one in items.columns
    )
    return {"item": item, "href": "", "cells": SafeString(cells)}


def _picture(counted: PublicMap) -> Picture | None:
    """The classes as boxes, and between two of them a line as thick as the count that may be told."""
    told: list[tuple[str, str, int]] = [
        (row.higher_tier, row.lower_tier, row.with_authority)
        for row in counted.rows
        if row.with_authority and row.higher_tier != row.lower_tier
    ]
    if not told:
        return None
    labels, levels = dict(Tier.choices), tier_levels()
    most = max(count for _higher, _lower, count in told)
    drawn = sorted(
        {tier for higher, lower, _count in told for tier in (higher, lower)}, key=levels.__getitem__
    )
    drawing = draw(
        [Item(tier, levels[tier], tier, str(labels[tier])) for tier in drawn],
        [
            Link(higher, lower, count / most, number_text(count), pointed=True)
            for higher, lower, count in told
        ],
    )
    return Picture(
        drawing=drawing,
        heads=(),
        boxes=tuple(ShownBox(box, levels[box.key], "") for box in drawing.boxes),
        lines=tuple(
            ShownLine(
                curve=curve,
                stroke="follow",
                href="",
                label=_("%(lower)s follows %(higher)s: %(count)s")
                % {
                    "lower": labels[curve.link.copy],
                    "higher": labels[curve.link.source],
                    "count": curve.link.words,
                },
            )
            for curve in drawing.curves
        ),
    )


def _items_sheet(items: ItemPicture) -> Sheet:
    columns = (SheetColumn(_("Data item"), 44), SheetColumn(_("Kept in"), 40), SheetColumn(_("Class"), 14))
    return Sheet(
        _("Data items"),
        (*columns, *(SheetColumn(one.name, 24) for one in items.columns)),
        [
            (item.name, item.under, item.tier_name, *(signs(item, one) for one in items.columns))
            for item in items.items
        ],
        lines=("; ".join(f"{mark.sign} {str(mark.label).lower()}" for mark in Mark if mark in items.marks),),
    )


def _sheets(counted: PublicMap) -> list[Sheet]:
    labels, domains = dict(Tier.choices), dict(CoreDomain.choices)
    less = _("not told")
    numbers = (
        SheetColumn(_("Have an authority"), 22, "number"),
        SheetColumn(_("Synchronised"), 22, "number"),
    )
    lines = (_("Data held twice"), day_text(counted.counted_at))

    def row(*first: Any, one: Any) -> tuple[Any, ...]:
        told = (one.with_authority, one.synchronised)
        return (*map(str, first), *(less if count is None else count for count in told))

    return [
        Sheet(
            _("By class"),
            (SheetColumn(_("Lower copy"), 24), SheetColumn(_("Authority"), 24), *numbers),
            [row(labels[one.lower_tier], labels[one.higher_tier], one=one) for one in counted.rows],
            lines=lines,
        ),
        Sheet(
            _("By core domain"),
            (SheetColumn(_("Core domain"), 34), *numbers),
            [
                row(domains.get(one.domain) or _("Not placed in a core domain"), one=one)
                for one in counted.domains
            ],
            lines=lines,
        ),
    ]
