"""Show enough of a value to recognise it and too little to use it."""

from __future__ import annotations

import datetime as dt
from typing import Any

_STAR = "*"


def partly_shown(value: Any) -> Any:
    """The end of a value behind stars; a date keeps its year; null stays null.

    Of 8 characters or more the last 3 remain, of 4 to 7 the last one, of fewer none: `001203004567`
    becomes `*********567`.
    """
    if value is None:
        return None
    if isinstance(value, (dt.date, dt.datetime)):
        return f"{value.year:04d}-**-**"
    if isinstance(value, (bytes, bytearray)):
        return _STAR * 3
    text = str(value)
    shown = 3 if len(text) >= 8 else 1 if len(text) >= 4 else 0
    return _STAR * (len(text) - shown) + (text[-shown:] if shown else "")
