"""What is recorded for the gate besides the regulation: exchange structures, sharing processes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from lienthong.catalogue.models import Database, DataField

from ..models import ExchangeStructure, GateRun, SharingProcess


def current_structure(database: Database) -> ExchangeStructure | None:
    """The exchange structure that counts: the one recorded last."""
    return database.exchange_structures.order_by("-recorded_at", "-pk").first()


def current_process(database: Database) -> SharingProcess | None:
    """The sharing process that counts: the database's own, else that of its managing unit, else of an agency
    above.
    """
    own = database.sharing_processes.order_by("-recorded_at", "-pk").first()
    if own is not None:
        return own
    path = [int(part) for part in database.managing_unit.path.strip("/").split("/")]
    found: dict[int, SharingProcess] = {}
    for process in SharingProcess.objects.filter(agency__in=path).order_by("recorded_at", "pk"):
        found[process.agency_id or 0] = process
    return next((found[identity] for identity in reversed(path) if identity in found), None)


def last_gate_run(database: Database) -> GateRun | None:
    return database.gate_runs.order_by("-asked_at", "-pk").first()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a recorded structure agrees with the columns that are described now."""

    matched: int
    total: int
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        return self.total > 0 and self.matched == self.total


def described_fields(database: Database) -> QuerySet[DataField]:
    """The columns that the database has now, in the order of its tables."""
    return (
        DataField.objects.filter(
            table__database=database, gone_since__isnull=True, table__gone_since__isnull=True
        )
        .select_related("table")
        .order_by("table__name", "ordinal")
    )


def structure_columns(database: Database) -> list[dict[str, str]]:
    """The exchange structure as the described columns give it: table, column, type, title."""
    return [
        {
            "table": field.table.name,
            "column": field.name,
            "type": field.type,
            "title": field.title or field.name,
        }
        for field in described_fields(database)
    ]


def coverage_of(structure: ExchangeStructure) -> Coverage:
    """Compare a recorded structure with the columns described now."""
    return compare_columns(structure.columns, structure_columns(structure.database))


def compare_columns(recorded: Iterable[dict[str, str]], described: Iterable[dict[str, str]]) -> Coverage:
    """How many of the described columns stand in the structure under the same type."""
    types = {(column["table"], column["column"]): column["type"] for column in recorded}
    matched = 0
    missing, changed = [], []
    described = list(described)
    for column in described:
        name = f"{column['table']}.{column['column']}"
        kind = types.get((column["table"], column["column"]))
        if kind is None:
            missing.append(name)
        elif kind != column["type"]:
            changed.append(name)
        else:
            matched += 1
    return Coverage(matched, len(described), tuple(missing), tuple(changed))
