"""What later reconciliations say of a case: still different, or equal and with that its proof (D278-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused

from ..correction_errors import ProofNotEqual
from ..correction_events import DifferencesFoundAgain
from ..correction_rules import MOST_ROWS, RowSaid, is_equal
from ..models import CorrectionCase, CorrectionState
from ..models.corrections import UNVERIFIED, WRONG
from .correction_due import fact_of
from .corrections import keep_rows, report_corrected


@carries("D278-12")
def add_differences(
    *,
    actor: Actor,
    case: CorrectionCase,
    rows: Sequence[RowSaid],
    counts: Mapping[str, int],
    certificate: Mapping[str, Any],
) -> CorrectionCase:
    """Bring a case that is not corrected yet up to what a later reconciliation found: rows, counts, certificate.

    Publishes `DifferencesFoundAgain`; raises `StepNotAllowed` for a case that is corrected or closed.
    """
    with transaction.atomic():
        locked = CorrectionCase.objects.select_for_update().select_related("database").get(pk=case.pk)
        if locked.state not in {*UNVERIFIED, *WRONG}:
            raise refused(locked, "confirm")
        kept = rows[:MOST_ROWS]
        for kind in ("missing", "extra", "changed"):
            setattr(locked, kind, max(0, int(counts.get(kind, 0))))
        locked.certificate = dict(certificate)
        locked.columns = sorted({*locked.columns, *(name for row in kept for name in row.columns)})
        locked.save(update_fields=["missing", "extra", "changed", "certificate", "columns"])
        locked.rows.all().delete()
        keep_rows(locked, kept)
        publish(actor=actor, fact=fact_of(DifferencesFoundAgain, locked, rows=locked.counted))
    case.refresh_from_db()
    return case


@carries("QUA-01", "D278-12")
def note_correction_proved(
    *, actor: Actor, database: Database, through: str, certificate: Mapping[str, Any], proof: str
) -> list[CorrectionCase]:
    """Take note that a later reconciliation found both sides equal: what was confirmed as wrong counts as corrected by
    it; what nobody has confirmed yet keeps the certificate as the proof at hand. Returns the cases touched.

    Raises `ProofNotEqual`.
    """
    given = dict(certificate)
    if not is_equal(given):
        raise ProofNotEqual()
    open_ones = CorrectionCase.objects.filter(
        database=database, through=through, state__in=(*UNVERIFIED, CorrectionState.CONFIRMED)
    ).select_related("database__owner", "database__managing_unit", "dataset", "reporter")
    touched = []
    for case in open_ones.order_by("pk"):
        if case.state == CorrectionState.CONFIRMED:
            report_corrected(
                actor=actor, case=case, measure="Đồng bộ lại, đối soát khớp.", certificate=given, proof=proof
            )
        else:
            CorrectionCase.objects.filter(pk=case.pk).update(proof_certificate=given, proof=proof[:300])
        touched.append(case)
    return touched
