"""Wrong data reported, verified, corrected, made known to every consumer, closed (QUA-01; C12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database, Dataset, DatasetVersion
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step
from lienthong.inventory.vault import seal_values, unsealed
from lienthong.inventory.version_differences import masked_columns

from ..access import require
from ..correction_access import (
    may_close_correction,
    may_correct,
    may_report,
    may_see_values,
    may_take_in_slip,
)
from ..correction_errors import (
    ProofMissing,
    ProofNotEqual,
    ProofOfOtherData,
    ProofTooOld,
    ReportedInFuture,
    ResyncMissing,
    RowsReasonMissing,
    SecretNotReported,
)
from ..correction_events import (
    CorrectionClosed,
    CorrectionReopened,
    CorrectionRowsRevealed,
    DataCorrected,
    DiscrepancyAcknowledged,
    DiscrepancyConfirmed,
    DiscrepancyNotConfirmed,
    DiscrepancyReported,
    DiscrepancyUnclear,
)
from ..correction_indexing import index_correction
from ..correction_proving import rows_mended
from ..correction_records import (
    ACKNOWLEDGE,
    BROADCAST,
    REPAIR,
    SLIP_COMPLEX,
    SLIP_FIX,
    SLIP_VERIFY,
    SLIP_WHOLE,
    VERIFY,
    identifier_threshold,
    identifiers_of,
)
from ..correction_rules import (
    MOST_ROWS,
    RowSaid,
    identifier_at_fault,
    is_equal,
    require_columns_of,
    require_words,
    row_to_keep,
)
from ..models import (
    CorrectionCase,
    CorrectionOrigin,
    CorrectionRow,
    CorrectionState,
)
from .correction_due import begin, end, fact_of, put_on_list, tell_provider, tell_reporter

# The series of correction cases: SL-2026-0007 (sai lệch).
SERIES = "SL"
REPORTED, RECEIVED, CAUSE, CORRECTED = (
    "error_reported",
    "warning_received",
    "cause_confirmed",
    "data_corrected",
)


@carries("QUA-01", "D278-12")
def report_correction(
    *,
    actor: Actor,
    database: Database,
    reporter: Agency,
    text: str,
    dataset: Dataset | None = None,
    table: str = "",
    columns: Iterable[str] = (),
    rows: Sequence[RowSaid] = (),
    counts: Mapping[str, int] | None = None,
    certificate: Mapping[str, Any] | None = None,
    origin: str = CorrectionOrigin.CONSUMER,
    through: str = "",
    version: int | None = None,
) -> CorrectionCase:
    """Say, for an agency that uses data, that they are wrong: where, how, and in which rows.

    `database` is the one whose data are said to be wrong. A reconciliation hands over its `certificate`, its
    `counts` in full (`missing`, `extra`, `changed`) and as many `rows` as it listed; of these at most 1,000 are kept.
    The provider is told and its terms begin. Publishes `DiscrepancyReported`; raises `SecretNotReported`,
    `CorrectionTextMissing`, `ColumnsNotThere`.
    """
    require(
        may_report(actor, database, reporter), "báo dữ liệu sai lệch", "report wrong data for this agency"
    )
    return _open(
        actor,
        database,
        reporter=reporter,
        text=require_words("text", nfc(text)),
        dataset=dataset,
        table=table,
        columns=columns,
        rows=rows,
        counts=counts or {},
        certificate=dict(certificate or {}),
        origin=CorrectionOrigin(origin),
        through=through[:120],
        version=version,
    )


@carries("QUA-01", "ODA-14")
def take_in_reader_report(
    *,
    actor: Actor,
    dataset: Dataset,
    text: str,
    columns: Iterable[str] = (),
    rows: Sequence[RowSaid] = (),
    through: str = "",
    version: int | None = None,
) -> CorrectionCase:
    """Open the case of what a reader of open data says is wrong; who reads is not asked, so nobody is its reporter.

    What may be reported on is asked for where the data are opened. The provider is told and its terms begin. Publishes
    `DiscrepancyReported`; raises `SecretNotReported`, `CorrectionTextMissing`, `ColumnsNotThere`.
    """
    return _open(
        actor,
        dataset.database,
        reporter=None,
        text=require_words("text", nfc(text)),
        dataset=dataset,
        table="",
        columns=columns,
        rows=rows,
        counts={},
        certificate={},
        origin=CorrectionOrigin.PUBLIC,
        through=through[:120],
        version=version,
    )


@carries("GOVF-12")
def record_warning_slip(
    *,
    actor: Actor,
    database: Database,
    slip: str,
    text: str,
    table: str = "",
    columns: Iterable[str] = (),
    received_at: datetime | None = None,
) -> CorrectionCase:
    """Enter a warning slip that has come in from the national data centre; its own terms run from its receipt.

    It is acknowledged with its entry. Publishes `DiscrepancyReported`; raises `ReportedInFuture`,
    `CorrectionTextMissing`.
    """
    require(may_take_in_slip(actor, database), "nhập phiếu cảnh báo", "enter a warning slip")
    moment = received_at or timezone.now()
    if moment > timezone.now():
        raise ReportedInFuture()
    number = require_words("slip", nfc(slip))
    with transaction.atomic():
        case = _open(
            actor,
            database,
            reporter=None,
            text=require_words("text", nfc(text)),
            dataset=None,
            table=table,
            columns=columns,
            rows=(),
            counts={},
            certificate={},
            origin=CorrectionOrigin.WARNING_SLIP,
            through=number[:120],
            slip=number[:60],
            reported_at=moment,
        )
        take_step(actor=actor, record=case, step="acknowledge", fact=fact_of(DiscrepancyAcknowledged, case))
        put_on_list(actor, case)
    return case


def _open(
    actor: Actor,
    database: Database,
    *,
    columns: Iterable[str],
    rows: Sequence[RowSaid],
    counts: Mapping[str, int],
    **given: Any,
) -> CorrectionCase:
    if database.is_secret:
        raise SecretNotReported()
    dataset: Dataset | None = given["dataset"]
    if dataset is not None and not given["table"]:
        given["table"] = dataset.table.name
    table = str(given["table"])[:255]
    given["table"] = table
    known = set(
        dict.fromkeys(database.tables.filter(name=table).values_list("fields__name", flat=True))
        if table
        else ()
    ) - {None}
    named = require_columns_of(columns, known)
    kept = rows[:MOST_ROWS]
    moment = given.setdefault("reported_at", timezone.now())
    critical = identifier_at_fault(
        named, kept, identifiers_of(database, table, dataset), identifier_threshold(moment)
    )
    with transaction.atomic():
        case = CorrectionCase.objects.create(
            number=next_number(SERIES),
            database=database,
            columns=named or sorted({name for row in kept for name in row.columns}),
            is_critical=critical,
            reported_by_id=int(actor.user_id) if actor.user_id else None,
            **{kind: max(0, int(counts.get(kind, 0))) for kind in ("missing", "extra", "changed")},
            **given,
        )
        keep_rows(case, kept)
        _begin_terms(actor, case, moment)
        put_on_list(actor, case)
        index_correction(case)
        event = publish(
            actor=actor,
            fact=DiscrepancyReported(
                case_id=case.pk,
                number=case.number,
                database_id=database.pk,
                origin=str(case.origin),
                is_critical=critical,
            ),
        )
        if not case.is_slip:
            tell_provider(
                case,
                str(event.pk),
                f"dữ liệu bị báo sai lệch, {case.place}",
                f"data reported as wrong, {case.place}",
            )
    return case


def keep_rows(case: CorrectionCase, rows: Sequence[RowSaid]) -> None:
    """Keep the rows that a report names, personal values masked and sealed."""
    named = {name for row in rows for values in (row.key, row.left or {}, row.right or {}) for name in values}
    personal = masked_columns(case.database, case.table, sorted(named))
    kept = [row_to_keep(row, personal) for row in rows]
    CorrectionRow.objects.bulk_create(
        CorrectionRow(
            case=case,
            place=place,
            kind=row.kind,
            columns=row.columns,
            shown=row.shown,
            sealed=seal_values(row.full) if row.full is not None else None,
        )
        for place, row in enumerate(kept, start=1)
    )


def _begin_terms(actor: Actor, case: CorrectionCase, moment: datetime) -> None:
    if case.is_slip:
        begin(actor, case, SLIP_WHOLE, RECEIVED, moment)
        begin(actor, case, SLIP_VERIFY, RECEIVED, moment)
        return
    for key in (ACKNOWLEDGE, VERIFY, REPAIR):
        begin(actor, case, key, REPORTED, moment)


@carries("QUA-01")
def acknowledge_correction(*, actor: Actor, case: CorrectionCase) -> CorrectionCase:
    """Acknowledge, as the provider, that a report was received and is being verified.

    Publishes `DiscrepancyAcknowledged`; raises `StepNotAllowed`.
    """
    require(may_correct(actor, case), "tiếp nhận báo sai lệch", "acknowledge this report")
    with transaction.atomic():
        take_step(actor=actor, record=case, step="acknowledge", fact=fact_of(DiscrepancyAcknowledged, case))
        end(actor, case, "acknowledged", ACKNOWLEDGE)
        put_on_list(actor, case)
    return case


@carries("QUA-01", "GOVF-12")
def confirm_discrepancy(*, actor: Actor, case: CorrectionCase, finding: str) -> CorrectionCase:
    """Confirm that the data are wrong, and what was found; the term for mending them runs.

    Publishes `DiscrepancyConfirmed`; raises `CorrectionTextMissing`, `StepNotAllowed`.
    """
    require(may_correct(actor, case), "xác nhận sai lệch", "confirm the discrepancy")
    said = require_words("finding", nfc(finding))
    with transaction.atomic():
        fact = fact_of(DiscrepancyConfirmed, case)
        take_step(actor=actor, record=case, step="confirm", fact=fact, finding=said)
        end(actor, case, "confirmed", ACKNOWLEDGE, VERIFY, SLIP_VERIFY)
        if case.is_slip:
            begin(actor, case, SLIP_FIX, CAUSE, timezone.now())
        put_on_list(actor, case)
        tell_reporter(
            case, fact_id(case, "confirm"), "đã xác nhận dữ liệu sai lệch", "the data were found wrong"
        )
    return case


def fact_id(case: CorrectionCase, step: str) -> str:
    """What keeps a notice of one step of a case from being given twice."""
    return f"{case.pk}:{step}:{case.verified_at or case.reported_at:%y%m%d%H%M%S%f}"[:40]


@carries("QUA-01", "GOVF-12")
def find_no_discrepancy(*, actor: Actor, case: CorrectionCase, finding: str) -> CorrectionCase:
    """Say, with what was checked, that the data are right; the side that reported may contest it.

    Publishes `DiscrepancyNotConfirmed`; raises `CorrectionTextMissing`, `StepNotAllowed`.
    """
    require(may_correct(actor, case), "kết luận không sai lệch", "find the data right")
    said = require_words("finding", nfc(finding))
    with transaction.atomic():
        fact = fact_of(DiscrepancyNotConfirmed, case)
        take_step(actor=actor, record=case, step="reject", fact=fact, finding=said)
        end(actor, case, "not_confirmed")
        put_on_list(actor, case)
        tell_reporter(
            case, fact_id(case, "reject"), "kết luận dữ liệu không sai lệch", "the data were found right"
        )
    return case


@carries("GOVF-12")
def note_unclear(*, actor: Actor, case: CorrectionCase, finding: str) -> CorrectionCase:
    """Say that right or wrong cannot be decided yet; of a warning slip the longer term runs from its receipt.

    Publishes `DiscrepancyUnclear`.
    """
    require(may_correct(actor, case), "ghi nhận chưa rõ đúng, sai", "note that it is not clear yet")
    said = require_words("finding", nfc(finding))
    with transaction.atomic():
        locked = CorrectionCase.objects.select_for_update().get(pk=case.pk)
        if locked.state not in {CorrectionState.REPORTED, CorrectionState.ACKNOWLEDGED}:
            raise refused(locked, "confirm")
        first = not locked.is_unclear
        locked.is_unclear, locked.finding, locked.overdue_told_at = True, said, None
        locked.save(update_fields=["is_unclear", "finding", "overdue_told_at"])
        if locked.is_slip and first:
            end(actor, locked, "unclear", SLIP_VERIFY, SLIP_WHOLE)
            begin(actor, locked, SLIP_COMPLEX, RECEIVED, locked.reported_at)
        put_on_list(actor, locked)
        publish(actor=actor, fact=fact_of(DiscrepancyUnclear, locked))
    case.refresh_from_db()
    return case


@carries("QUA-01", "GOVF-12")
def report_corrected(
    *,
    actor: Actor,
    case: CorrectionCase,
    measure: str,
    version: DatasetVersion | None = None,
    certificate: Mapping[str, Any] | None = None,
    proof: str = "",
) -> CorrectionCase:
    """Say how the data were corrected, with its proof: a newer version of the dataset, or an equal reconciliation.

    A version is checked: it must be newer than the report, and of the rows that were named some must have changed in it.
    Data that are kept in no version are proved in words (`proof`).
    Publishes `DataCorrected`; raises `ProofMissing`, `ProofTooOld`, `ProofOfOtherData`, `ProofNotEqual`,
    `RowsUnchanged`.
    """
    require(may_correct(actor, case), "báo đã đính chính", "report the data as corrected")
    said = require_words("measure", nfc(measure))
    words = nfc(proof).strip()[:300]
    given = dict(certificate or {})
    if given and not is_equal(given):
        raise ProofNotEqual()
    checked = _check_version(case, version) if version is not None else None
    if version is None and not given:
        kept_in_versions = case.dataset is not None and case.dataset.latest is not None
        if kept_in_versions or len(words) < 5:
            raise ProofMissing()
    shown = words or (f"phiên bản {version.number}" if version is not None else "chứng nhận đối soát")
    shown_en = words or (
        f"version {version.number}" if version is not None else "certificate of reconciliation"
    )
    with transaction.atomic():
        take_step(
            actor=actor,
            record=case,
            step="correct",
            fact=fact_of(DataCorrected, case, database_id=case.database_id, proof=shown, proof_en=shown_en),
            measure=said,
            proof=shown,
            version=version,
            certificate=given,
            checked=checked,
        )
        end(actor, case, "corrected", ACKNOWLEDGE, VERIFY, REPAIR, SLIP_FIX)
        begin(actor, case, BROADCAST, CORRECTED, timezone.now())
        put_on_list(actor, case)
    return case


def _check_version(case: CorrectionCase, version: DatasetVersion) -> int | None:
    if version.dataset.database_id != case.database_id or (
        case.dataset_id is not None and version.dataset_id != case.dataset_id
    ):
        raise ProofOfOtherData()
    if version.published_at < case.reported_at or (
        case.version is not None and version.number <= case.version
    ):
        raise ProofTooOld(version=version.number)
    return rows_mended(case, version)


@carries("QUA-01")
def reopen_correction(*, actor: Actor, case: CorrectionCase, finding: str) -> CorrectionCase:
    """Say that data reported as corrected are still wrong. Publishes `CorrectionReopened`."""
    require(may_close_correction(actor, case), "mở lại hồ sơ đính chính", "open this correction again")
    said = require_words("finding", nfc(finding))
    with transaction.atomic():
        take_step(
            actor=actor, record=case, step="reopen", fact=fact_of(CorrectionReopened, case), finding=said
        )
        end(actor, case, "reopened", BROADCAST)
        begin(
            actor,
            case,
            SLIP_FIX if case.is_slip else REPAIR,
            CAUSE if case.is_slip else REPORTED,
            timezone.now(),
        )
        put_on_list(actor, case)
    return case


@carries("QUA-01", "GOVF-12")
def close_correction(*, actor: Actor, case: CorrectionCase, outcome: str, resync: str = "") -> CorrectionCase:
    """Close a case whose consumers were informed, or whose data were found right and nobody contests it.

    A warning slip whose data were wrong ends only with proof of the new synchronisation. Publishes
    `CorrectionClosed`; raises `ResyncMissing`, `StepNotAllowed`.
    """
    require(may_close_correction(actor, case), "kết thúc hồ sơ đính chính", "close this correction")
    said = require_words("outcome", nfc(outcome))
    again = nfc(resync).strip()[:300]
    if case.is_slip and case.state == CorrectionState.BROADCAST and len(again) < 5:
        raise ResyncMissing()
    with transaction.atomic():
        take_step(
            actor=actor,
            record=case,
            step="close",
            fact=fact_of(CorrectionClosed, case),
            outcome=said,
            resync=again,
        )
        end(actor, case, "closed")
        put_on_list(actor, case)
    return case


@carries("SEC-02")
def reveal_correction_rows(*, actor: Actor, case: CorrectionCase, reason: str) -> dict[int, dict[str, Any]]:
    """Open the personal values of the rows of a case, by their place; who did and why is kept.

    Publishes `CorrectionRowsRevealed`; raises `RowsReasonMissing`.
    """
    require(
        may_see_values(actor, case), "xem giá trị dữ liệu cá nhân", "see the personal values of these rows"
    )
    said = nfc(reason).strip()
    if len(said) < 5:
        raise RowsReasonMissing()
    with transaction.atomic():
        sealed = {
            row.place: unsealed(bytes(row.sealed)) for row in case.rows.exclude(sealed=None) if row.sealed
        }
        publish(actor=actor, fact=fact_of(CorrectionRowsRevealed, case, rows=len(sealed)), reason=said[:300])
    return sealed
