from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from .models import Counter


def next_number(series: str, *, year: int | None = None) -> str:
    """The next case number of a series, without gaps between committed cases: `YC-2026-0147`."""
    in_year = year or timezone.localdate().year
    with transaction.atomic():
        counter, _ = Counter.objects.select_for_update().get_or_create(series=series, year=in_year)
        counter.last += 1
        counter.save(update_fields=["last"])
    return f"{series}-{in_year}-{counter.last:04d}"
