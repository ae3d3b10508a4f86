"""Whether the rows said to be wrong differ in the version that is given as proof."""

from __future__ import annotations

from typing import Any

from lienthong.catalogue.models import DatasetVersion
from lienthong.catalogue.replicas import version_store
from lienthong.inventory.vault import unsealed

from .correction_errors import RowsUnchanged
from .correction_rules import plain_value
from .models import CorrectionCase


def rows_mended(case: CorrectionCase, version: DatasetVersion) -> int | None:
    """Of the rows named in a case, how many changed between the version reported on and this one; None where nothing
    can be said: no rows, no version reported on, or rows named by something else than the key.

    Raises `RowsUnchanged` when not one of them changed. Costs one read of the changes between both versions.
    """
    key = list(version.dataset.key)
    named = [name for row in case.rows.all() if (name := _key(row, key)) is not None]
    if not named or case.version is None or not key:
        return None
    changes = version_store().changes(version.dataset.store_table, case.version, version.number)
    changed = set()
    for batch in changes.arrow(key, ordered=False):
        changed |= {tuple(str(plain_value(row[part])) for part in key) for row in batch.to_pylist()}
    mended = sum(one in changed for one in named)
    if mended == 0:
        raise RowsUnchanged(version=version.number, unchanged=len(named), named=len(named))
    return mended


def _key(row: Any, key: list[str]) -> tuple[str, ...] | None:
    full = unsealed(bytes(row.sealed)) if row.sealed else row.shown
    values = full.get("key") or {}
    if any(part not in values for part in key):
        return None
    return tuple(str(values[part]) for part in key)
