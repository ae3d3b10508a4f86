"""What changed between two versions, for programs, as their officer may see it; personal values are always masked."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema

from lienthong.catalogue.access import dataset_for
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotFound

from . import commands
from .access import inside_of
from .errors import StillToBeCompared
from .version_differences import (
    difference_of,
    is_small,
    masked_columns,
    shown_row,
    standing_difference,
    version_numbered,
)

router = Router()


class ChangedRowOut(Schema):
    place: int
    change: str
    key: list[str | None]
    before: dict[str, str | None] | None
    after: dict[str, str | None] | None


class DifferenceOut(Schema):
    dataset: str
    older: int
    newer: int
    inserted: int
    updated: int
    deleted: int
    changed_columns: dict[str, int]
    columns_added: list[str]
    columns_removed: list[str]
    key: list[str]
    masked: list[str]
    rows: list[ChangedRowOut]
    after: int | None


@router.get(
    "/datasets/{slug}/difference", response=DifferenceOut, summary="What changed between two versions"
)
def difference(
    request: Request,
    slug: str,
    older: int,
    newer: int,
    change: str = "",
    column: str = "",
    key: str = "",
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Counts in full and the rows that differ, in the order of the key; go on with `after`.

    Large versions are compared once by a job: until then the answer is 409, ask again.
    """
    dataset = dataset_for(request.actor, slug)
    inside_of(request.actor, dataset.database.code)
    if dataset.database.is_secret:
        raise NotFound(what=f"bộ dữ liệu {slug}", what_en=f"Dataset {slug}")
    first, second = (version_numbered(dataset, number) for number in sorted((older, newer)))
    found = standing_difference(first, second)
    if found is None and is_small(first, second):
        found = difference_of(first, second)
    if found is None:
        commands.start_comparison(actor=request.actor, older=first, newer=second)
        raise StillToBeCompared()
    summary = found.summary
    hidden = masked_columns(
        dataset.database, dataset.table.name, [*summary.columns, *summary.columns_removed]
    )
    commands.note_rows_taken(actor=request.actor, version=second, since=first.number, form="api")
    listed = found.page(after=after, limit=limit + 1, kind=change, column=column, key=key)
    rows = [shown_row(row, key=summary.key, masked=hidden, titles={}, whole=True) for row in listed[:limit]]
    return {
        "dataset": slug,
        "older": first.number,
        "newer": second.number,
        **{
            name: getattr(summary, name)
            for name in ("inserted", "updated", "deleted", "changed_columns", "key")
        },
        "columns_added": summary.columns_added,
        "columns_removed": summary.columns_removed,
        "masked": sorted(hidden),
        "rows": [
            {
                "place": row.place,
                "change": row.kind,
                "key": row.key,
                "before": {cell.name: cell.before for cell in row.cells} if row.kind != "insert" else None,
                "after": {cell.name: cell.after for cell in row.cells} if row.kind != "delete" else None,
            }
            for row in rows
        ],
        "after": rows[-1].place if len(listed) > limit else None,
    }
