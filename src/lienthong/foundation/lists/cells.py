"""What a cell of a list says."""

from __future__ import annotations

from datetime import date, datetime

_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d-%m-%Y", "%Y%m%d")


def day_of(text: str) -> date | None:
    """The day that a cell says; None where it is empty or says none."""
    said = text.strip()
    for form in _DAYS if said else ():
        try:
            return datetime.strptime(said, form).date()
        except ValueError:
            continue
    return None
