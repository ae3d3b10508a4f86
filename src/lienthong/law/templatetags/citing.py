"""What pages need to say of a writing that cites the law."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template

from ..answers import StaleCitation
from ..queries import stale_citations

register = template.Library()


@register.inclusion_tag("law/_stale.html")
def stale_law(writing: Any, on: date | datetime | None = None) -> dict[str, list[StaleCitation]]:
    """Warn of the legal texts that a writing cites although they do not hold on its day; says nothing where all hold."""
    return {"stale": stale_citations(str(writing or ""), on)}
