"""Reads of corrections: what is due on a case, its rows, whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from lienthong.agencies.models import Agency, Work
from lienthong.catalogue.models import Database, DataField, Dataset, Standing
from lienthong.foundation.tracing import carries
from lienthong.inventory.vault import unsealed
from lienthong.law.models import Clock
from lienthong.law.queries import find_parameter

from .models import CorrectionCase, CorrectionNotice, CorrectionRow, CorrectionState
from .models.corrections import UNVERIFIED, WRONG

KIND = "authority.correctioncase"
# How long each act may take, as the rules of the day have it.
ACKNOWLEDGE, VERIFY = "discrepancy.acknowledge", "discrepancy.verify"
REPAIR, BROADCAST = "discrepancy.repair", "discrepancy.broadcast"
SLIP_VERIFY, SLIP_FIX = "quality.incident.verify", "quality.incident.fix"
SLIP_WHOLE, SLIP_COMPLEX = "quality.incident.fix.total", "quality.incident.complex"
LEVEL_TERMS = {
    "provider": "dispute.provider",
    "it_unit": "dispute.it_unit",
    "head": "dispute.it_unit",
    "last": "dispute.ministry_pm",
}
IDENTIFIERS = "dqi.identifier_fields"
DIRECT = "correction_overdue"


def running_terms(cases: Sequence[CorrectionCase]) -> dict[int, Clock]:
    """The term that runs out first of each case, by its key; cases without a running term are left out."""
    clocks = Clock.objects.filter(
        subject_kind=KIND, subject_id__in=[str(case.pk) for case in cases], stopped_at__isnull=True
    ).select_related("parameter", "rule_set", "provision__instrument")
    found: dict[int, Clock] = {}
    for clock in clocks.order_by("-due_at"):
        found[int(clock.subject_id)] = clock
    return found


def due_on(case: CorrectionCase) -> QuerySet[Work]:
    """What is still due on a case."""
    return Work.objects.filter(
        subject_kind=KIND, subject_id=str(case.pk), done_at__isnull=True
    ).select_related("unit")


def overdue_corrections(moment: datetime) -> QuerySet[CorrectionCase]:
    """Cases with a term that ran out before this moment and of which no head was told yet."""
    late = Clock.objects.filter(subject_kind=KIND, stopped_at__isnull=True, due_at__lt=moment)
    return (
        CorrectionCase.objects.filter(
            pk__in=[int(one) for one in late.values_list("subject_id", flat=True)],
            overdue_told_at__isnull=True,
        )
        .exclude(state=CorrectionState.CLOSED)
        .select_related("database__owner", "database__managing_unit")
        .order_by("pk")
    )


def corrections_of_dataset(dataset: Dataset) -> QuerySet[CorrectionCase]:
    """What was corrected in a dataset and made known, the latest first."""
    return CorrectionCase.objects.filter(dataset=dataset, broadcast_at__isnull=False).order_by(
        "-broadcast_at"
    )


def open_corrections_of(database: Database) -> QuerySet[CorrectionCase]:
    """The cases of a database that are not closed."""
    return CorrectionCase.objects.filter(database=database).exclude(state=CorrectionState.CLOSED)


def live_correction_of(database: Database, through: str) -> CorrectionCase | None:
    """The open case of a database that a flow, service or warning reported and that is not corrected yet."""
    return (
        CorrectionCase.objects.filter(database=database, through=through, state__in=(*UNVERIFIED, *WRONG))
        .order_by("pk")
        .first()
    )


@carries("GOVF-12")
def rows_blocked_from_sync(database: Database, table: str) -> list[dict[str, object]]:
    """The keys of rows whose identifier was found wrong and is not mended yet: they do not travel.

    One mapping of key columns to values for each row. Costs one read of the open critical cases.
    """
    rows = CorrectionRow.objects.filter(case__in=corrections_blocking(database, table))
    keys = [
        (unsealed(bytes(row.sealed)) if row.sealed else row.shown).get("key") or {}
        for row in rows.order_by("pk")
    ]
    return [key for key in keys if key]


@carries("GOVF-12")
def corrections_blocking(database: Database, table: str) -> QuerySet[CorrectionCase]:
    """The cases of wrong identifiers in a table, confirmed and not mended yet: the rows they name do not travel."""
    return CorrectionCase.objects.filter(
        database=database, table=table, is_critical=True, state__in=WRONG
    ).order_by("pk")


def identifiers_of(database: Database, table: str, dataset: Dataset | None) -> set[str]:
    """The columns that name one row, or a person or thing, in a table."""
    fields = DataField.objects.filter(table__database=database, table__name=table, is_key=True)
    return {*fields.values_list("name", flat=True), *(dataset.key if dataset is not None else ())}


def identifier_threshold(moment: datetime | None = None) -> object:
    """What the rules of the day ask of identifying columns, in percent; None where they ask nothing."""
    found = find_parameter(IDENTIFIERS, on=moment or timezone.now())
    return found.value if found is not None else None


def followers_of(database: Database) -> list[tuple[Agency, Database, str]]:
    """Who keeps a synchronised copy of a database: the unit, its database, the number of the overlap case."""
    copies = database.copied_by.filter(standing=Standing.SYNCHRONISE).select_related(
        "database__managing_unit", "responsible_unit"
    )
    return [
        (copy.responsible_unit or copy.database.managing_unit, copy.database, copy.number) for copy in copies
    ]


def notices_of(case: CorrectionCase) -> QuerySet[CorrectionNotice]:
    """Whom the provider told, in the order in which they were told."""
    return case.notices.select_related("agency", "received_by")
