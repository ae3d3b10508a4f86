"""What every template may read without asking: the frame, and whether this is a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lienthong.foundation.pagekit.layout import Layout


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `layout` (see `Layout`) and `demo` (bool)."""
    return {"layout": Layout(request), "demo": bool(getattr(settings, "DEMO", False))}
