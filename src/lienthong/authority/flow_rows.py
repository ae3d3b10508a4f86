"""The rows in which copy and source differ, as a reader may see them: unsealed, personal values masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lienthong.engine.masks import partly_shown
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.tracing import carries
from lienthong.inventory.vault import unsealed

from .flow_access import may_see_personal, may_see_rows
from .flow_queries import personal_targets
from .models import Discrepancy, SyncFlow


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One column in which a row differs: what the source says, what the copy says."""

    column: str
    source: str
    copy: str
    masked: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row in which copy and source differ."""

    row: Discrepancy
    key: str
    cells: tuple[ShownCell, ...]


@carries("SEC-01", "D278-12")
def shown_rows(actor: Actor, flow: SyncFlow, rows: Iterable[Discrepancy]) -> list[ShownRow]:
    """These rows for a reader; none for those who may not look inside either database.

    Values of personal columns are masked for all but the owners of either side.
    """
    if not may_see_rows(actor, flow):
        return []
    masked = set() if may_see_personal(actor, flow) else personal_targets(flow)
    return [_shown(flow, row, masked) for row in rows]


def _shown(flow: SyncFlow, row: Discrepancy, masked: set[str]) -> ShownRow:
    held = unsealed(bytes(row.sealed))
    source: Mapping[str, Any] = held.get("source") or {}
    copy: Mapping[str, Any] = held.get("copy") or {}
    key = ", ".join(
        _text(value, masked=name in masked)
        for name, value in zip(flow.key, held.get("key", []), strict=False)
    )
    names = row.columns or [name for name in (source or copy) if name not in flow.key]
    cells = tuple(
        ShownCell(
            name,
            _text(source.get(name), masked=name in masked) if source else "",
            _text(copy.get(name), masked=name in masked) if copy else "",
            name in masked,
        )
        for name in names
    )
    return ShownRow(row, key, cells)


def _text(value: Any, *, masked: bool) -> str:
    if value is None:
        return "∅"
    return str(partly_shown(value)) if masked else str(value)
