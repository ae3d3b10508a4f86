"""What a run and a comparison found, in plain values as the records keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lienthong.engine.shapes import Difference
from lienthong.engine.sync.reconciling import Reconciliation
from lienthong.engine.sync.shapes import SyncRun
from lienthong.engine.sync.wording import reason_text


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that a run could not apply, as it may be shown."""

    key: str
    code: str
    why_vi: str
    why_en: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did."""

    rung: str
    why: dict[str, str] = field(default_factory=dict)
    first: bool = False
    read: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    set_aside: int = 0
    held: int = 0
    held_by: Sequence[str] = ()
    chunks: int = 0
    proved: bool = False
    from_mark: str = ""
    to_mark: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)
    aside: Sequence[Aside] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison of a copy with its source found; left of a difference is the source."""

    source_rows: int
    target_rows: int
    missing: int
    extra: int
    changed: int
    is_equal: bool
    certificate: Mapping[str, Any]
    digest: str
    source_at: datetime | None = None
    target_at: datetime | None = None
    differences: Sequence[Difference] = field(default=())
    held: int = 0
    held_by: Sequence[str] = ()


def ran_of(run: SyncRun, held_by: Sequence[str] = ()) -> Ran:
    """A run of the engine as the record keeps it; `held_by` are the numbers of the corrections that held rows back."""
    return Ran(
        rung=run.rung,
        why={
            "vi": run.rung_vi,
            "en": run.rung_en,
            "choice_vi": run.choice_vi,
            "choice_en": run.choice_en,
            "unproved_vi": run.unproved_vi,
            "unproved_en": run.unproved_en,
        },
        first=run.rung == "initial",
        read=run.read,
        inserted=run.inserted,
        updated=run.updated,
        deleted=run.deleted,
        set_aside=run.set_aside,
        held=run.held,
        held_by=list(held_by),
        chunks=run.chunks,
        proved=run.proved,
        from_mark=(run.from_mark or "")[:200],
        to_mark=(run.to_mark or "")[:200],
        findings=[finding.as_json() for finding in run.findings],
        aside=[
            Aside(
                ", ".join(part or "∅" for part in one.key),
                one.reason,
                *reason_text(one.reason),
                one.column or "",
            )
            for one in run.aside
        ],
    )


def compared_of(found: Reconciliation, held_by: Sequence[str] = ()) -> Compared:
    """A comparison of the engine as the record keeps it; `held_by` are the corrections that hold rows back."""
    certificate = found.certificate
    return Compared(
        source_rows=certificate.left.rows,
        target_rows=certificate.right.rows,
        missing=certificate.missing,
        extra=certificate.extra,
        changed=certificate.changed,
        is_equal=certificate.equal,
        certificate=certificate.as_json(),
        digest=certificate.digest,
        source_at=certificate.left.seen_at,
        target_at=certificate.right.seen_at,
        differences=found.differences,
        held=certificate.held,
        held_by=list(held_by),
    )
