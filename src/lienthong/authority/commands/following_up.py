"""What becomes of the rows in which copy and source differ: a correction, kept up to date, proved by the next equality."""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.engine.shapes import Difference
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.pagekit.figures import number_text
from lienthong.foundation.tracing import carries

from ..correction_records import live_correction_of
from ..correction_rules import RowSaid
from ..models import CorrectionCase, CorrectionOrigin, Reconciliation, SyncFlow
from .correction_differences import add_differences, note_correction_proved
from .corrections import report_correction


@carries("D278-12", "QUA-01")
def follow_up(
    flow: SyncFlow, found: Reconciliation, differences: Sequence[Difference]
) -> CorrectionCase | None:
    """Report the rows that differ as a correction of the copy, or bring the one that is open up to date; where both sides
    are equal, hand it the certificate as proof.
    """
    if found.is_equal:
        proved = note_correction_proved(
            actor=SYSTEM,
            database=flow.database,
            through=flow.number,
            certificate=found.certificate,
            proof=f"{flow.number}, {found.number}",
        )
        return proved[0] if proved else None
    if not found.differing:
        return None
    rows = [_row(flow, one) for one in differences]
    counts = {"missing": found.missing, "extra": found.extra, "changed": found.changed}
    live = live_correction_of(flow.database, flow.number)
    if live is not None:
        return add_differences(
            actor=SYSTEM, case=live, rows=rows, counts=counts, certificate=found.certificate
        )
    return report_correction(
        actor=SYSTEM,
        database=flow.database,
        reporter=flow.responsible_unit,
        text=(
            f"Đối soát {found.number} theo luồng {flow.number}: {number_text(found.differing)} dòng của bảng "
            f"{flow.target_table} khác với nguồn “{flow.source_name}” (thiếu {number_text(found.missing)}, thừa "
            f"{number_text(found.extra)}, khác giá trị {number_text(found.changed)})."
        ),
        table=flow.target_table,
        columns=sorted({name for one in differences for name in one.columns}),
        rows=rows,
        counts=counts,
        certificate=found.certificate,
        origin=CorrectionOrigin.RECONCILIATION,
        through=flow.number,
    )


def _row(flow: SyncFlow, one: Difference) -> RowSaid:
    return RowSaid(
        kind=one.kind,
        key=dict(zip(flow.key, one.key, strict=False)),
        columns=one.columns,
        left=one.left,
        right=one.right,
    )
