"""What templates may ask of databases that hold what others hold too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from lienthong.catalogue.copies import copies_of_one, words_of
from lienthong.catalogue.models import Database

register = template.Library()


@register.simple_tag
def copies_said(database: Database) -> list[str]:
    """How a database stands to others that hold the same data, a sentence each in the reader's language."""
    place = 0 if (get_language() or "vi").startswith("vi") else 1
    return [words_of(row, database)[place] for row in copies_of_one(database)]


@register.filter
def copies_issued(copies: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """The same as an issued entry says it."""
    key = "said" if (get_language() or "vi").startswith("vi") else "said_en"
    return [str(copy.get(key) or copy.get("said") or "") for copy in copies or ()]
