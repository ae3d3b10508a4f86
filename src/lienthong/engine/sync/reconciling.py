"""Prove that two copies of a table are equal, or list the rows in which they differ.

Each side is asked for the digest of all its rows, both at the same time; a side that can hash by itself sends nothing
else. Where the digests differ, the rows that do are found by buckets of rows or from one pass over the marks and hashes
of all rows, then read from both sides and compared value by value. A live table moves while it is read: rows that differ
are read once more after a pause, and those that are equal by then are counted as moved.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from lienthong import __version__
from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.masks import partly_shown
from lienthong.engine.session import Interrupted, ShouldStop
from lienthong.engine.shapes import Difference, DifferenceKind, Finding
from lienthong.engine.sync.agreeing import Agreement, agreement
from lienthong.engine.sync.asking import both
from lienthong.engine.sync.certifying import Certificate, CertifiedSide, Verdict
from lienthong.engine.sync.disagreements import KeylessRows, told_as_stopped
from lienthong.engine.sync.searching import Probe, probed, search
from lienthong.engine.sync.shapes import ColumnMap, Side
from lienthong.engine.sync.summoning import OpenSide, opened_source, summoned, zone_of
from lienthong.engine.sync.witnesses import Flat, Row, Task, Total, Witness

if TYPE_CHECKING:
    from lienthong.engine.sync.holding import HeldApart
    from lienthong.engine.sync.marks import Differing
    from lienthong.engine.sync.witnesses import Marks

OnProgress = Callable[[int, int, str], None]
"""Told of steps done, steps in all, and a stable word for the step: `digest`, `search`, `read`."""

Columns = Sequence[ColumnMap] | Sequence[str]
"""The columns to compare: by name, or how those of the right side are made from those of the left."""

SETTLE_SECONDS = 1.0
"""The pause after which rows that differ are read again, where a side is live."""
READ_AGAIN_AT_MOST = 100_000
"""Rows that differ which are read and compared value by value; beyond, differences are counted by their hashes alone."""
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a comparison found: the certificate, the differences up to the limit, and what is to be known besides."""

    certificate: Certificate
    differences: tuple[Difference, ...] = ()
    findings: tuple[Finding, ...] = ()
    held: tuple[Difference, ...] = ()
    """Rows that differ because the copy holds them back on purpose, up to the same limit."""

    @property
    def equal(self) -> bool:
        """Whether both sides are equal in everything that was compared."""
        return self.certificate.equal

    def hiding(self, columns: Collection[str]) -> Reconciliation:
        """The same with the values of these columns shown in part, for readers who may not see them."""
        key = self.certificate.key
        return replace(
            self,
            differences=tuple(_hidden(one, key, columns) for one in self.differences),
            held=tuple(_hidden(one, key, columns) for one in self.held),
        )

    def as_json(self) -> dict[str, Any]:
        """Certificate, differences and findings as `lienthong reconcile --json` prints them."""
        return {
            "equal": self.equal,
            "certificate": self.certificate.as_json(),
            "differences": [_written(one) for one in self.differences],
            "held": [_written(one) for one in self.held],
            "findings": [finding.as_json() for finding in self.findings],
        }


def _written(one: Difference) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "key": list(one.key),
        "columns": list(one.columns),
        "left": dict(one.left) if one.left is not None else None,
        "right": dict(one.right) if one.right is not None else None,
    }


@contextmanager
def compared(
    left: Side,
    right: Side,
    *,
    key: Sequence[str] | None = None,
    columns: Columns | None = None,
    open_side: OpenSide = opened_source,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    settle_seconds: float = SETTLE_SECONDS,
) -> Iterator[Comparison]:
    """Open both sides and agree on what is compared, for a while. Raises Interrupted, and else as `reconcile` does."""
    zones = (zone_of(left), zone_of(right))
    witnesses: list[Witness] = []
    try:
        for side in (left, right):
            witnesses.append(summoned(side, open_side))
        if any(isinstance(one, ColumnMap) and one.conversion is not None for one in columns or ()):
            # Conversions are carried out here.
            witnesses[0] = witnesses[0].reading_here()

        def terms() -> Agreement:
            return agreement(witnesses[0], witnesses[1], key=key, columns=columns, zones=zones)

        agreed = terms()
        for order, task in enumerate((agreed.left, agreed.right)):
            if not witnesses[order].can_tell(task):
                witnesses[order] = witnesses[order].reading_here()
                agreed = terms()
        yield Comparison(witnesses[0], witnesses[1], agreed, on_progress, should_stop, settle_seconds)
    finally:
        for witness in witnesses:
            witness.close()


@told_as_stopped()
def reconcile(
    left: Side,
    right: Side,
    *,
    key: Sequence[str] | None = None,
    columns: Columns | None = None,
    limit: int = 1000,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    open_side: OpenSide = opened_source,
    settle_seconds: float = SETTLE_SECONDS,
    canonical: bool = False,
    held: Sequence[Mapping[str, Any]] = (),
) -> Reconciliation:
    """Compare the right side with the left, its source, and certify what came out.

    `key` names the columns of the right side that together name one row, by default its primary key or that of the left.
    `columns` are those to compare, or how those of the right are made from those of the left; by default all that both
    have. At most `limit` differences are listed; counts are full. With `canonical` two PostgreSQL servers are compared in
    the canonical form as well, so that the digests mean something to others. Rows that `held` names, by columns of the left
    side, are told apart from the differences: the copy holds them back on purpose (`SyncPlan.held`).

    Cost: one read of each side; where they differ, a second one and the rows that differ. Memory: next to nothing for a
    side that hashes its rows itself; 16 bytes a row, on disk beyond the session's limit, for one that is hashed here.

    Raises ColumnsNotFound, ColumnsIncomparable, NoKey, KeylessRows, ReconcileStopped, and the errors of the sides.
    """
    with compared(
        left, right, key=key, columns=columns, open_side=open_side, on_progress=on_progress, should_stop=should_stop,
        settle_seconds=settle_seconds,
    ) as comparison:  # fmt: skip
        if canonical:
            comparison.terms = comparison.terms.canonical()
        comparison.held = held
        return comparison.result(limit)


def _hidden(one: Difference, key: Sequence[str], columns: Collection[str]) -> Difference:
    def shown(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if values is None:
            return None
        return {name: partly_shown(value) if name in columns else value for name, value in values.items()}

    parts = zip(key, one.key, strict=True)
    hidden = tuple(partly_shown(value) if name in columns else value for name, value in parts)
    return replace(one, key=hidden, left=shown(one.left), right=shown(one.right))


@dataclass(slots=True)
class _Standing:
    """What is left of the differences after the rows were read again."""

    missing: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    columns: Counter[str] = field(default_factory=Counter)
    listed: list[Difference] = field(default_factory=list)
    listed_held: list[Difference] = field(default_factory=list)
    now: dict[int, list[bytes]] = field(default_factory=dict)


class Comparison:
    """One comparison of two witnesses: digests first, then the rows that differ, then their values."""

    def __init__(
        self,
        left: Witness,
        right: Witness,
        terms: Agreement,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        self.left, self.right, self.terms = left, right, terms
        self.method: Literal["total", "buckets", "flat"] = "total"
        self.held: Sequence[Mapping[str, Any]] = ()
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._settle_seconds = settle_seconds
        self._flats: tuple[Flat, Flat] | None = None
        self._digests: tuple[RowDigest, RowDigest] | None = None

    def result(self, limit: int) -> Reconciliation:
        """Compare, and certify."""
        totals, found = self.discovered()
        self._tell(2, "read")
        standing = self._standing(found, limit) if found is not None else _Standing()
        if standing.moved and self.terms.left.form == "pg1":
            # Rows that are equal though their bytes are not, such as text in NFD: told apart by the canonical form.
            self.terms = self.terms.canonical()
            return self.result(limit)
        self._tell(3, "read")
        return self._certified(totals, found, standing, limit)

    def discovered(self) -> tuple[tuple[Total, Total], Differing | None]:
        """The digests of both sides, and the rows that differ where those do. Raises KeylessRows."""
        self._tell(0, "digest")
        self.begin()
        probe = probed(self.left, self.right, self.terms, self._both)
        if probe is not None and not probe.bucket_rows:
            # Many rows differ: the pass that finds them tells the digests as well.
            self._tell(1, "search")
            began = dt.datetime.now(dt.UTC)
            found = self.found(max(self.left.expected_rows or 0, self.right.expected_rows or 0), probe)
            if self._digests is not None:
                return (Total(self._digests[0], began), Total(self._digests[1], began)), found
        totals = self.totals()
        if totals[0].digest == totals[1].digest:
            return totals, None
        self._tell(1, "search")
        return totals, self.found(max(total.digest.rows for total in totals), probe)

    def begin(self) -> None:
        """Fix the moment about which each side tells."""
        self._both(self.left.begin, self.right.begin)

    def totals(self) -> tuple[Total, Total]:
        """The digests of both sides. Raises KeylessRows."""
        totals = self._both(
            lambda: self.left.total(self.terms.left), lambda: self.right.total(self.terms.right)
        )
        for witness, total, task in zip(
            (self.left, self.right), totals, (self.terms.left, self.terms.right), strict=True
        ):
            if total.keyless:
                raise KeylessRows(
                    source=witness.display,
                    table=witness.table,
                    key=", ".join(column.name for column in task.key),
                    count=total.keyless,
                )
        return totals

    def found(self, rows: int, probe: Probe | None) -> Differing:
        """The rows that differ, by mark."""
        answer = search(self.left, self.right, self.terms, rows, probe, self._both)
        self.method, self._flats, self._digests = answer.method, answer.flats, answer.digests
        return answer.differing

    def _standing(self, found: Differing, limit: int) -> _Standing:
        """Read the rows that differ, once more where a side is live, and compare them value by value."""
        standing = _Standing()
        if self._is_live() and self._settle_seconds:
            self._wait(self._settle_seconds)
        marks = found.all()
        apart = self._apart()
        for first in range(0, min(marks.size, READ_AGAIN_AT_MOST), _CHUNK):
            part = marks[first : first + _CHUNK]
            rows = self._both(
                partial(_read, self.left, self.terms.left, part),
                partial(_read, self.right, self.terms.right, part),
            )
            for mark in part.tolist():
                here, there = rows[0].get(mark, []), rows[1].get(mark, [])
                self._judge(mark, here, there, standing, limit, apart)
        return standing

    def _apart(self) -> HeldApart | None:
        if not self.held:
            return None
        from lienthong.engine.sync.holding import HeldApart

        return HeldApart(self.held, self.terms, getattr(self.left, "connection", None))

    def _judge(
        self,
        mark: int,
        here: list[Row],
        there: list[Row],
        standing: _Standing,
        limit: int,
        apart: HeldApart | None,
    ) -> None:
        if _same(here, there):
            standing.moved.append(mark)
            standing.now[mark] = [_form(row) for row in here]
            return
        kind: DifferenceKind = "missing" if not there else "extra" if not here else "changed"
        held = apart is not None and apart.has([*here, *there])
        (standing.held if held else getattr(standing, kind)).append(mark)
        one, other = (here or [None])[0], (there or [None])[0]  # type: ignore[list-item]
        spoken = [column.spoken for column in self.terms.right.columns]
        changed: tuple[str, ...] = ()
        if one is not None and other is not None:
            changed = tuple(name for name, a, b in zip(spoken, one.texts, other.texts, strict=True) if a != b)
            if not held:
                standing.columns.update(changed)
        listed = standing.listed_held if held else standing.listed
        if len(listed) < limit:
            listed.append(self._difference(kind, one, other, changed))

    def _difference(
        self, kind: DifferenceKind, one: Row | None, other: Row | None, changed: tuple[str, ...]
    ) -> Difference:
        columns = self.terms.right.columns
        shown = other or one
        assert shown is not None
        by_name = {column.spoken: value for column, value in zip(columns, shown.values, strict=True)}
        key = tuple(by_name[name] for name in self.terms.key)

        def told(row: Row | None) -> dict[str, Any] | None:
            if row is None:
                return None
            return {
                column.spoken: value
                for column, value in zip(columns, row.values, strict=True)
                if column.is_key or kind != "changed" or column.spoken in changed
            }

        return Difference(kind, key, changed, told(one), told(other))

    def _certified(
        self, totals: tuple[Total, Total], found: Differing | None, standing: _Standing, limit: int
    ) -> Reconciliation:
        digests = self._settled(totals, standing)
        counts = _counts(found, standing)
        verdict: Verdict = (
            "equal" if digests[0] == digests[1]
            else "differs" if sum(counts.values())
            else "held" if standing.held
            else "moving"
        )  # fmt: skip
        sides = [
            CertifiedSide(
                source=witness.display,
                table=witness.table,
                rows=digest.rows,
                digest=digest.written(self.terms.left.form),
                seen_at=total.seen_at,
                hashed=witness.where,
                version=witness.version,
                zone=task.zone,
                repeated_keys=repeated,
            )
            for witness, total, digest, task, repeated in zip(
                (self.left, self.right), totals, digests, (self.terms.left, self.terms.right),
                (int(found.repeated_left.size), int(found.repeated_right.size)) if found is not None else (0, 0),
                strict=True,
            )
        ]  # fmt: skip
        certificate = Certificate(
            left=sides[0],
            right=sides[1],
            key=self.terms.key,
            columns=self.terms.certified(),
            form=self.terms.left.form,
            method=self.method,
            verdict=verdict,
            missing=counts["missing"],
            extra=counts["extra"],
            changed=counts["changed"],
            moved=len(standing.moved),
            held=len(standing.held),
            changed_columns=dict(sorted(standing.columns.items())),
            not_compared=self.terms.not_compared,
            listed=len(standing.listed),
            limit=limit,
            software=f"lienthong {__version__}",
        )
        findings = [*self.terms.findings, *self.left.findings(), *self.right.findings()]
        return Reconciliation(
            certificate, tuple(standing.listed), tuple(findings), tuple(standing.listed_held)
        )

    def _settled(self, totals: tuple[Total, Total], standing: _Standing) -> tuple[RowDigest, RowDigest]:
        """The digests with the rows that moved as they were when read again."""
        if not standing.moved or self._flats is None:
            return totals[0].digest, totals[1].digest
        import numpy as np

        moved = np.array(standing.moved, np.int64)
        after = _sum(
            int.from_bytes(hashlib.md5(form, usedforsecurity=False).digest()[:8], "big")
            for forms in standing.now.values()
            for form in forms
        )
        settled = []
        for total, flat in zip(totals, self._flats, strict=True):
            before = _sum(flat.hashes[np.isin(flat.marks, moved)].tolist())
            settled.append(total.digest - before + after)
        return settled[0], settled[1]

    def _is_live(self) -> bool:
        return self.left.live or self.right.live

    def _both(self, left: Callable[[], Any], right: Callable[[], Any]) -> tuple[Any, Any]:
        return both(left, right, (self.left.interrupt, self.right.interrupt), self._should_stop)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._should_stop is not None and self._should_stop():
                raise Interrupted
            time.sleep(min(0.05, left))

    def _tell(self, done: int, step: str) -> None:
        if self._on_progress is not None:
            self._on_progress(done, 3, step)


def _counts(found: Differing | None, standing: _Standing) -> dict[str, int]:
    """How many rows are missing, extra and changed; of those that were not read again, by their hashes."""
    names: tuple[DifferenceKind, ...] = ("missing", "extra", "changed")
    counts: dict[str, int] = {name: len(getattr(standing, name)) for name in names}
    settled = len(standing.moved) + len(standing.held)
    if found is None or found.count() == sum(counts.values()) + settled:
        return counts
    import numpy as np

    apart = np.array([*standing.moved, *standing.held], np.int64)
    return {name: int((~np.isin(getattr(found, name), apart)).sum()) for name in names}


def _read(witness: Witness, task: Task, marks: Marks) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in witness.rows(task, marks, now=True):
        found.setdefault(row.mark, []).append(row)
    return found


def _same(here: list[Row], there: list[Row]) -> bool:
    if len(here) == len(there) == 1:
        return here[0].texts == there[0].texts
    return sorted(map(_form, here)) == sorted(map(_form, there))


def _form(row: Row) -> bytes:
    return "|".join(text or "" for text in row.texts).encode()


def _sum(hashes: Iterable[int]) -> RowDigest:
    total = RowDigest()
    for one in hashes:
        total = total + RowDigest(1, one, one)
    return total
