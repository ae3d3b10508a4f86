"""A correction made known to every consumer of the data, each with the moment at which it was told (QUA-01)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from ..access import require
from ..correction_access import may_correct, may_receive_correction
from ..correction_events import ConsumerTold, CorrectionBroadcast, CorrectionReceived
from ..correction_records import BROADCAST, followers_of
from ..correction_rules import require_words
from ..models import CorrectionCase, CorrectionNotice, ToldThrough
from .correction_due import end, fact_of, put_on_list, tell_agency


@carries("QUA-01")
def broadcast_correction(*, actor: Actor, case: CorrectionCase, summary: str) -> CorrectionCase:
    """Inform every consumer of the data that they were corrected, each with the moment at which it was told.

    Who keeps a synchronised copy and who reported is told at once, the consumers of sharing services by the
    reaction to `CorrectionBroadcast`. Raises `CorrectionTextMissing`, `StepNotAllowed`.
    """
    require(may_correct(actor, case), "thông báo đính chính", "inform the consumers of the correction")
    said = require_words("summary", nfc(summary))
    with transaction.atomic():
        take_step(
            actor=actor,
            record=case,
            step="broadcast",
            fact=fact_of(CorrectionBroadcast, case, database_id=case.database_id, dataset_id=case.dataset_id),
            summary=said,
        )
        end(actor, case, "broadcast", BROADCAST)
        if case.reporter is not None:
            tell_consumer_of_correction(
                actor=actor, case=case, agency=case.reporter, through=ToldThrough.REPORTER
            )
        for unit, copy, number in followers_of(case.database):
            if not copy.is_secret:
                tell_consumer_of_correction(
                    actor=actor,
                    case=case,
                    agency=unit,
                    through=ToldThrough.FLOW,
                    reference=number,
                    name=copy.name,
                )
        put_on_list(actor, case)
    return case


@carries("QUA-01")
def tell_consumer_of_correction(
    *, actor: Actor, case: CorrectionCase, agency: Agency, through: str, reference: str = "", name: str = ""
) -> CorrectionNotice:
    """Tell one consumer of a correction and keep when; told before of the same thing, it is not told again.

    Publishes `ConsumerTold`.
    """
    with transaction.atomic():
        notice, is_new = CorrectionNotice.objects.get_or_create(
            case=case,
            agency=agency,
            through=ToldThrough(through),
            reference=reference[:120],
            defaults={"name": name[:250]},
        )
        if is_new:
            event = publish(
                actor=actor,
                fact=fact_of(
                    ConsumerTold,
                    case,
                    agency_id=agency.pk,
                    agency=agency.name,
                    agency_en=agency.display_name("en"),
                ),
            )
            tell_agency(
                agency,
                case,
                str(event.pk),
                f"dữ liệu “{case.database.name}” đã được đính chính",
                f"data of “{case.database.display_name('en')}” were corrected",
            )
    return notice


@carries("QUA-01")
def confirm_correction_received(*, actor: Actor, case: CorrectionCase, agency: Agency) -> int:
    """Say for a consumer that it received a correction; returns how many of its notices were open.

    Publishes `CorrectionReceived`.
    """
    require(
        may_receive_correction(actor, case, agency),
        "xác nhận đã nhận đính chính",
        "confirm that it was received",
    )
    with transaction.atomic():
        taken = CorrectionNotice.objects.filter(case=case, agency=agency, received_at__isnull=True).update(
            received_at=timezone.now(), received_by_id=int(actor.user_id) if actor.user_id else None
        )
        if taken:
            publish(
                actor=actor,
                fact=fact_of(
                    CorrectionReceived,
                    case,
                    agency_id=agency.pk,
                    agency=agency.name,
                    agency_en=agency.display_name("en"),
                ),
            )
    return taken
