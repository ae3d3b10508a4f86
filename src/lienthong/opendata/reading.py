"""Reading the published rows of an open dataset: a preview for people, pages for programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lienthong.engine.serve.replica import Page, Replica

from .models import OpenDataset

PREVIEW = 50
MOST = 1000
FILTERS = {
    "eq": _("is"),
    "prefix": _("begins with"),
    "ge": _("is at least"),
    "le": _("is at most"),
    "ne": _("is not"),
}


@dataclass(frozen=True)
class Preview:
    """Some rows as lists in the order of the columns."""

    columns: tuple[str, ...]
    titles: list[str]
    numeric: list[bool]
    rows: list[list[Any]]
    next: str | None
    total: int


def replica_path(open_dataset: OpenDataset) -> Path:
    """The file from which the published version is answered: only what was opened is in it."""
    return Path(settings.DATA_DIR) / "replicas" / f"open_{open_dataset.pk}.sqlite"


@cache
def _opened(path: Path) -> Replica:
    return Replica(path, largest_page=MOST)


def rows_of(
    open_dataset: OpenDataset,
    *,
    after: str | None = None,
    limit: int = 100,
    filters: tuple[tuple[str, str, Any], ...] = (),
    columns: list[str] | None = None,
) -> tuple[Page, int]:
    """A page of published rows and how many pass the filters; a wrong filter is refused by name."""
    replica = _opened(replica_path(open_dataset))
    names = columns or list(open_dataset.columns)
    return replica.page(after=after, limit=limit, columns=names, filters=filters), replica.count(filters)


def preview(
    open_dataset: OpenDataset,
    *,
    after: str | None = None,
    column: str = "",
    operator: str = "",
    value: str = "",
) -> Preview:
    """The first rows, or those that pass one filter."""
    wanted = ((column, operator if operator in FILTERS else "eq", value),) if column and value else ()
    page, total = rows_of(open_dataset, after=after, limit=PREVIEW, filters=wanted)
    titles = {field.name: field.title for field in open_dataset.dataset.table.fields.all()}
    version = open_dataset.dataset.latest
    types = {one["name"]: one.get("type", "") for one in (version.columns if version else [])}
    return Preview(
        columns=page.columns,
        titles=[titles.get(name) or name for name in page.columns],
        numeric=[types.get(name) in {"integer", "decimal", "double"} for name in page.columns],
        rows=[[row.get(name) for name in page.columns] for row in page.rows],
        next=page.next,
        total=total,
    )
