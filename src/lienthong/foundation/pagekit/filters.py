"""The choices by which a list is narrowed, as links that keep what else is asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode


def filter_options(asked: dict[str, str], name: str, choices: Any) -> list[dict[str, Any]]:
    """The choices of one filter: each leads to the list narrowed by it, the active one to the list without it."""
    listed = []
    for value, label in choices:
        active = asked.get(name) == str(value)
        kept = {key: given for key, given in asked.items() if key != name}
        query = urlencode(kept if active else kept | {name: value})
        listed.append({"label": label, "href": f"?{query}", "active": active, "count": None})
    return listed
