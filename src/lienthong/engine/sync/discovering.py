"""The keys of the rows in which a copy differs from its source, for whoever brings it in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lienthong.engine.evidence.canonical import Native
from lienthong.engine.session import ShouldStop
from lienthong.engine.sync.reconciling import Comparison, OnProgress, compared
from lienthong.engine.sync.shapes import ColumnMap, Side
from lienthong.engine.sync.summoning import OpenSide, opened_source
from lienthong.engine.sync.witnesses import Task, Witness

if TYPE_CHECKING:
    from lienthong.engine.sync.witnesses import Marks

KeyText = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class DifferingKeys:
    """The keys of rows that differ, as texts in the order in which the key was named.

    `missing` and `changed` are rows of the source, by its columns and in its spelling; `extra` are rows of the target, by
    those of the target. A key that stands on several rows of a side is among them if those rows differ.
    """

    missing: tuple[KeyText, ...]
    changed: tuple[KeyText, ...]
    extra: tuple[KeyText, ...]
    source_rows: int
    target_rows: int
    method: str

    @property
    def equal(self) -> bool:
        """Whether no row differs."""
        return not (self.missing or self.changed or self.extra)


def differing_keys(
    left: Side,
    right: Side,
    *,
    key: Sequence[str],
    columns: Sequence[ColumnMap] | None = None,
    open_side: OpenSide = opened_source,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> DifferingKeys:
    """Find which rows of the right side are not as its source, the left, has them; values are not read.

    Cost: one read of each side, at most two; nothing but marks and hashes leaves a server that can hash by itself.
    Raises Interrupted, and else as `reconcile` does.
    """
    with compared(
        left, right, key=key, columns=columns, open_side=open_side, on_progress=on_progress, should_stop=should_stop,
        settle_seconds=0,
    ) as comparison:  # fmt: skip
        return _keys(comparison)


def _keys(comparison: Comparison) -> DifferingKeys:
    totals, found = comparison.discovered()
    terms = comparison.terms
    rows = totals[0].digest.rows, totals[1].digest.rows
    if found is None:
        return DifferingKeys((), (), (), *rows, comparison.method)
    import numpy as np

    source = {column.spoken: order for order, column in enumerate(terms.right.columns)}
    order = [source[name] for name in terms.key]
    left_marks = np.concatenate([found.missing, found.changed])
    here = _named(comparison.left, terms.left, left_marks, order)
    there = _named(comparison.right, terms.right, found.extra, order)
    return DifferingKeys(
        missing=tuple(key for mark in found.missing.tolist() for key in here.get(mark, ())),
        changed=tuple(key for mark in found.changed.tolist() for key in here.get(mark, ())),
        extra=tuple(key for mark in found.extra.tolist() for key in there.get(mark, ())),
        source_rows=rows[0],
        target_rows=rows[1],
        method=comparison.method,
    )


def _named(witness: Witness, task: Task, marks: Marks, order: Sequence[int]) -> dict[int, list[KeyText]]:
    """The keys behind marks; a whole number is its own."""
    if task.whole_number:
        return {mark: [(str(mark),)] for mark in marks.tolist()}
    found: dict[int, list[KeyText]] = {}
    if marks.size:
        for row in witness.rows(task, marks):
            key = tuple(_spelled(row.values[place], task.columns[place].native) for place in order)
            if key not in found.setdefault(row.mark, []):
                found[row.mark].append(key)
    return found


def _spelled(value: Any, native: Native) -> str | None:
    """A value as the side itself takes it for a key."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).removesuffix("Z") if native == "aware" else str(value)
