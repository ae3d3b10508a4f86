"""How often data come, as people write it: every month, hằng quý, 2 tuần một lần."""

from __future__ import annotations

import re

from lienthong.engine.profile.forms import folded

# Longer words stand first: half a year is no year.
_DAYS = (
    (r"nua nam|half a year|half year|semi ?annual(ly)?|biannual(ly)?", 184),
    (r"quy|quarter(ly|s)?", 92),
    (r"thang|month(ly|s)?", 31),
    (r"tuan|week(ly|s)?", 7),
    (r"nam|year(ly|s)?|annual(ly)?|annually", 366),
    (r"ngay|day(s)?|daily", 1),
    (r"gio|hour(ly|s)?|thoi gian thuc|tuc thoi|real ?time|truc tuyen", 1),
)
_EVERY = r"(?:(?P<times>\d{1,3})\s*)?"


def days_of(text: str) -> int | None:
    """Every how many days, from a number of days or from words; None where the words tell no cycle (`khi có thay đổi`)."""
    words = folded(text).strip()
    if words.isdigit():
        return int(words) or None
    for word, days in _DAYS:
        found = re.search(rf"\b{_EVERY}(?:{word})\b", words)
        if found:
            return max(1, int(found["times"] or 1)) * days
    return None
