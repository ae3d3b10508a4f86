"""What separates two versions of a dataset, for readers who may see their values or only their masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Sum

from lienthong.catalogue.models import Database, DataField, Dataset, DatasetVersion, PersonalDataClass
from lienthong.catalogue.replicas import version_store
from lienthong.catalogue.rules import proposal_of
from lienthong.engine.masks import partly_shown
from lienthong.engine.store.differing import ChangedRow, VersionDifference, difference_at, write_difference
from lienthong.foundation.tracing import carries

from .errors import VersionsNotComparable

# Versions with more rows, or more changes between them, are compared by a job instead of while a page waits.
ROWS_AT_ONCE = 300_000
CHANGES_AT_ONCE = 20_000


def differences_folder() -> Path:
    """Where the differences of versions lie, each made once."""
    return Path(settings.DATA_DIR) / "differences"


def version_numbered(dataset: Dataset, number: int) -> DatasetVersion:
    """The version of this number. Raises `VersionsNotComparable`."""
    found = dataset.versions.filter(number=number).first()
    if found is None:
        raise VersionsNotComparable(number=number)
    return found


def standing_difference(older: DatasetVersion, newer: DatasetVersion) -> VersionDifference | None:
    """The difference of two versions that was made before; None when it is still to be made."""
    return difference_at(differences_folder(), older.dataset.store_table, older.number, newer.number)


def difference_of(older: DatasetVersion, newer: DatasetVersion) -> VersionDifference:
    """The difference of two versions, made when it was not made before.

    Costs the changes between both and one scan of the older version, once; then nothing.
    """
    dataset = older.dataset
    return write_difference(
        version_store(), dataset.store_table, older.number, newer.number, differences_folder()
    )


def is_small(older: DatasetVersion, newer: DatasetVersion) -> bool:
    """Whether two versions are compared while a page waits, by what is on record of them."""
    between = older.dataset.versions.filter(number__gt=older.number, number__lte=newer.number)
    counted = between.aggregate(added=Sum("added"), removed=Sum("removed"), changed=Sum("changed"))
    changes = sum(int(value or 0) for value in counted.values())
    return older.rows <= ROWS_AT_ONCE and changes <= CHANGES_AT_ONCE


@carries("SEC-02")
def masked_columns(database: Database, table: str, named: Sequence[str]) -> set[str]:
    """Of the columns named, those whose values are masked: confirmed or proposed as personal, or not described."""
    fields = {
        field.name: field for field in DataField.objects.filter(table__database=database, table__name=table)
    }
    return {name for name in named if _is_masked(name, fields.get(name))}


def _is_masked(name: str, field: DataField | None) -> bool:
    if field is None or field.personal_data != PersonalDataClass.NONE:
        return True
    if field.confirmed_at is not None:
        return False
    proposed = proposal_of({"name": name, "comment": field.comment, **field.seen})
    return bool(proposed.personal_data != PersonalDataClass.NONE)


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One column of a changed row: before and after, masked where the reader may not see them."""

    name: str
    title: str
    before: str | None
    after: str | None
    changed: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A changed row as a page or a file shows it."""

    place: int
    kind: str
    key: tuple[str | None, ...]
    cells: tuple[ShownCell, ...]


def shown_row(
    row: ChangedRow, *, key: Sequence[str], masked: set[str], titles: Mapping[str, str], whole: bool = False
) -> ShownRow:
    """A changed row with its columns: those that changed, all of them for a row that came or went, or for `whole`."""
    before, after = row.before or {}, row.after or {}
    names = [name for name in dict.fromkeys([*after, *before]) if name not in key]
    listed = names if whole or row.kind != "update" else [name for name in names if name in row.columns]
    return ShownRow(
        place=row.place,
        kind=row.kind,
        key=tuple(
            _masked(value) if name in masked else value for name, value in zip(key, row.key, strict=True)
        ),
        cells=tuple(
            ShownCell(
                name=name,
                title=titles.get(name) or name,
                before=_masked(before.get(name)) if name in masked else before.get(name),
                after=_masked(after.get(name)) if name in masked else after.get(name),
                changed=name in row.columns,
            )
            for name in listed
        ),
    )


def _masked(value: Any) -> str | None:
    shown = partly_shown(value)
    return None if shown is None else str(shown)


def titles_of(version: DatasetVersion) -> dict[str, str]:
    """The titles of the columns as they were at a version."""
    return {str(column["name"]): str(column.get("title") or "") for column in version.columns}
