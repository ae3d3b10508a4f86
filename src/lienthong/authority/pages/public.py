"""The public map of overlaps: counts between classes of database, never a column or an open case (P10)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lienthong.authority.queries import LEAST_PUBLIC_COUNT, public_map
from lienthong.catalogue.models import Tier
from lienthong.foundation.accounts.doors import open_to_all


@open_to_all
@require_safe
def overlap_map(request: HttpRequest) -> HttpResponse:
    """How many data held twice have an authority, class by class."""
    counted = public_map(timezone.now())
    labels = dict(Tier.choices)
    levels = {tier: level for level, tier in enumerate(Tier.values, 1)}
    rows = [
        (
            row,
            labels[row.lower_tier],
            levels[row.lower_tier],
            labels[row.higher_tier],
            levels[row.higher_tier],
        )
        for row in counted.rows
    ]
    context = {"map": counted, "rows": rows, "least": LEAST_PUBLIC_COUNT}
    return render(request, "authority/map.html", context)
