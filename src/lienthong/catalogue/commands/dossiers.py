"""National dossiers on the owner's side: begun, shown to meet the criteria, written, signed and sent, followed up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused, NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload, store_file
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.models import Clock, Instrument
from lienthong.law.queries import clocks_of, find_parameter, instrument_cited, rule_set_on

from .. import rules
from ..access import may_prepare_dossier, may_sign_dossier
from ..errors import (
    ConnectionDayRefused,
    CriterionUnknown,
    DossierNotWritable,
    DossierOpen,
    EvidenceMissing,
    LetterRefused,
    NothingAfterListing,
    SecretLeavesWorkflow,
)
from ..events import (
    ConnectionDue,
    ConnectionReported,
    DossierBegun,
    DossierEligible,
    DossierReady,
    DossierReopened,
    DossierSent,
    DossierWritten,
    MasterDataAgreed,
)
from ..indexing import index_dossier
from ..models import (
    Database,
    DossierBasis,
    DossierCriterion,
    DossierKind,
    DossierState,
    NationalDossier,
)
from ..national import (
    CONNECTED_BY,
    DECREE,
    DISPATCH,
    FIRST_TEXTS,
    asked_after_listing,
    criteria_of,
    criteria_on,
    is_governed,
    open_dossier,
    parts_of,
    parts_on,
    stands_in_list,
)
from . import work

SERIES = "QG"
TEXT_LIMIT = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


@carries("NDB-03", "NDB-04", "SEC-01")
def begin_dossier(
    *, actor: Actor, database: Database, kind: str, proposed_on: date | None = None, reason: str = ""
) -> NationalDossier:
    """Begin the dossier that proposes to add, edit or withdraw a national database.

    `proposed_on` is the day by whose law its criteria and parts are counted: today, or the day on the paper. Where
    the first round of 2020 still ran on that day, its two deadlines run on the record. Publishes `DossierBegun`.
    Raises DossierOpen, DossierKindRefused, DossierDayRefused, DossierReasonMissing, SecretLeavesWorkflow.
    """
    _require(
        may_prepare_dossier(actor, database), database, "lập hồ sơ CSDL quốc gia", "prepare this dossier"
    )
    day, today = proposed_on or timezone.localdate(), timezone.localdate()
    rules.require_proposal_day(day, today, governed=is_governed(day))
    rules.require_kind(kind, in_list=stands_in_list(database))
    given = rules.require_reason(kind, _text(reason, "Lý do", "Reason"))
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        running = open_dossier(database)
        if running is not None:
            raise DossierOpen(number=running.number)
        try:
            with transaction.atomic():
                dossier = NationalDossier.objects.create(
                    number=next_number(SERIES, year=day.year),
                    kind=kind,
                    database=database,
                    proposed_on=day,
                    rule_set=rule_set_on(day).code,
                    reason=given,
                    begun_by_id=actor.user_id or None,
                )
        except IntegrityError:
            raise DossierOpen(number="…") from None
        for part in parts_on(day):
            text = getattr(database, FIRST_TEXTS.get(part.looks_at, ""), "")
            dossier.parts.create(key=part.looks_at, text=text)
        if kind == DossierKind.ADD:
            _start_deadlines(actor, dossier)
        publish(
            actor=actor,
            reason=given,
            fact=DossierBegun(dossier_id=dossier.pk, database_id=database.pk, kind=kind, proposed_on=day),
        )
        work.dossier_due(dossier, clock=first_due(dossier))
        index_dossier(dossier)
    return dossier


def _start_deadlines(actor: Actor, dossier: NationalDossier) -> None:
    """Both deadlines of the first round, where the later of them had not passed on the day of the proposal."""
    started = transaction.savepoint()
    due = []
    for key in (DISPATCH, DECREE):
        found = find_parameter(key, on=dossier.proposed_on)
        anchor = find_parameter(DECREE, on=dossier.proposed_on)
        decree = (
            Instrument.objects.filter(slug=anchor.provision.instrument).first()
            if anchor and anchor.provision
            else None
        )
        if found is None or decree is None or decree.in_force_from is None:
            continue
        clock = start_clock(
            actor=actor,
            subject=dossier,
            key=key,
            anchor_at=_at(decree.in_force_from),
            anchor_event=anchor.anchor if anchor else "",
        )
        due.append(clock.due_on)
    if due and max(due) < dossier.proposed_on:
        transaction.savepoint_rollback(started)
    else:
        transaction.savepoint_commit(started)


def first_due(dossier: NationalDossier) -> Clock | None:
    """The running deadline of a dossier that comes first."""
    return clocks_of(dossier).filter(stopped_at__isnull=True).order_by("due_at").first()


@carries("NDB-02", "LTE-02", "LDL-02")
def show_criterion(
    *,
    actor: Actor,
    dossier: NationalDossier,
    key: str,
    is_met: bool,
    evidence: str = "",
    files: Sequence[Upload] = (),
) -> DossierCriterion:
    """Say whether a criterion is met, with its evidence in words and files.

    Publishes `DossierWritten`. Raises CriterionUnknown, EvidenceMissing for “met” without evidence.
    """
    locked = _writable(actor, dossier)
    item = next((one for one in criteria_on(locked.proposed_on) if one.looks_at == key), None)
    if item is None:
        raise CriterionUnknown(day=f"{locked.proposed_on:%d/%m/%Y}")
    text = _text(evidence, "Minh chứng", "Evidence")
    with transaction.atomic():
        row, _ = DossierCriterion.objects.get_or_create(dossier=locked, key=key)
        for upload in files:
            _keep(actor, row, upload, "evidence")
        shown = bool(text) or any(line.files for line in criteria_of(locked) if line.item.looks_at == key)
        if is_met and not shown:
            raise EvidenceMissing(criterion=item.vi, criterion_en=item.en)
        row.is_met, row.evidence = is_met, text
        row.save()
        _written(actor, locked, item.vi, item.en)
    dossier.refresh_from_db()
    return row


@carries("NDB-03", "LTE-03")
def write_part(*, actor: Actor, dossier: NationalDossier, key: str, text: str) -> NationalDossier:
    """Write one part of a dossier; an empty text empties it. Publishes `DossierWritten`; raises CriterionUnknown."""
    locked = _writable(actor, dossier)
    item = next((one for one in parts_on(locked.proposed_on) if one.looks_at == key), None)
    if item is None:
        raise CriterionUnknown(day=f"{locked.proposed_on:%d/%m/%Y}")
    given = _text(text, item.vi, item.en)
    with transaction.atomic():
        part, _ = locked.parts.get_or_create(key=key)
        if part.text != given:
            part.text = given
            part.save(update_fields=["text"])
            _written(actor, locked, item.vi, item.en)
    dossier.refresh_from_db()
    return dossier


@carries("NDB-01")
def cite_basis(*, actor: Actor, dossier: NationalDossier, text: str, says: str = "") -> DossierBasis:
    """Record a legal text or policy that names the database; known texts are linked, with their status on the day.

    Publishes `DossierWritten`.
    """
    locked = _writable(actor, dossier)
    given, said = _line(text, "Văn bản", "Legal text"), _line(says, "Nội dung", "What it says")
    if len(given) < 5:
        raise InputRefused(
            name="Văn bản",
            name_en="Legal text",
            why="cần số và tên văn bản",
            why_en="number and name are needed",
        )
    with transaction.atomic():
        basis = DossierBasis.objects.create(
            dossier=locked, text=given, says=said, instrument=instrument_cited(given)
        )
        _written(actor, locked, f"Căn cứ: {given}", f"Basis: {given}")
    dossier.refresh_from_db()
    return basis


@carries("NDB-01")
def remove_basis(*, actor: Actor, dossier: NationalDossier, basis: DossierBasis) -> None:
    """Take a legal text out of a dossier that may still change; the history keeps it."""
    locked = _writable(actor, dossier)
    if basis.dossier_id != locked.pk:
        raise CriterionUnknown(day=f"{locked.proposed_on:%d/%m/%Y}")
    with transaction.atomic():
        text = basis.text
        basis.delete()
        _written(actor, locked, f"Bỏ căn cứ: {text}", f"Basis taken out: {text}")
    dossier.refresh_from_db()


@carries("NDB-01", "NDB-02")
def check_criteria(*, actor: Actor, dossier: NationalDossier) -> NationalDossier:
    """Find that all criteria are met and a legal text names the database. Publishes `DossierEligible`.

    Raises CriteriaNotMet, DossierBasisMissing.
    """
    locked = _writable(actor, dossier)
    met = _require_criteria(locked)
    take_step(
        actor=actor,
        record=dossier,
        step="find_eligible",
        fact=DossierEligible(dossier_id=locked.pk, database_id=locked.database_id, criteria=met),
    )
    return dossier


@carries("NDB-03", "NDB-04", "LTE-03")
def complete_dossier(*, actor: Actor, dossier: NationalDossier) -> NationalDossier:
    """Give the dossier to the head to sign: every part is written; a withdrawal needs its reasons only.

    Publishes `DossierReady`; raises PartsMissing.
    """
    locked = _writable(actor, dossier)
    withdrawal = locked.kind == DossierKind.WITHDRAW
    if not withdrawal:
        if locked.state == DossierState.DRAFT:
            _require_criteria(locked)
        rules.require_parts((line.label, line.text) for line in parts_of(locked))
    with transaction.atomic():
        take_step(
            actor=actor,
            record=dossier,
            step="complete_withdrawal" if withdrawal else "complete",
            fact=DossierReady(dossier_id=locked.pk, database_id=locked.database_id),
        )
        work.settled(actor, dossier, work.PREPARE_DOSSIER)
        work.signature_due(dossier, clock=first_due(dossier))
    return dossier


@carries("NDB-03", "NDB-04", "SEC-01")
def send_dossier(
    *,
    actor: Actor,
    dossier: NationalDossier,
    letter_number: str,
    letter_date: date,
    signer: str = "",
    place: str = "",
    files: Sequence[Upload] = (),
) -> NationalDossier:
    """Sign the letter and send the dossier to the coordinating ministry; after a return, send it again.

    The head of the owner signs. The deadlines on the record end with the date of the letter. Publishes
    `DossierSent`; raises LetterRefused, CriteriaNotMet, PartsMissing.
    """
    _require(may_sign_dossier(actor, dossier.database), dossier.database, "ký, gửi hồ sơ", "sign and send it")
    number = rules.require_letter(
        letter_number, letter_date, proposed_on=dossier.proposed_on, today=timezone.localdate()
    )
    with transaction.atomic():
        locked = NationalDossier.objects.select_for_update().get(pk=dossier.pk)
        if locked.letter_date is not None and letter_date < locked.letter_date:
            raise LetterRefused(
                why="ngày công văn trước lần gửi trước", why_en="its date is before that of the last letter"
            )
        if locked.state == DossierState.RETURNED and locked.kind != DossierKind.WITHDRAW:
            _require_criteria(locked)
            rules.require_parts((line.label, line.text) for line in parts_of(locked))
        take_step(
            actor=actor,
            record=locked,
            step="send",
            fact=DossierSent(
                dossier_id=locked.pk,
                database_id=locked.database_id,
                letter_number=number,
                letter_date=letter_date,
            ),
        )
        locked.letter_number, locked.letter_date = number, letter_date
        locked.signer = _line(signer, "Người ký", "Signed by")[:120]
        locked.place = _line(place, "Nơi ký", "Place")[:80]
        locked.save(update_fields=["letter_number", "letter_date", "signer", "place"])
        for upload in files:
            _keep(actor, locked, upload, "letter")
        for clock in clocks_of(locked).filter(stopped_at__isnull=True):
            stop_clock(actor=actor, clock=clock, outcome="sent", stopped_at=_at(letter_date))
        work.settled(actor, locked)
        work.receipt_due(locked)
        index_dossier(locked)
    dossier.refresh_from_db()
    return dossier


@carries("D278-06")
def agree_master_data(
    *, actor: Actor, dossier: NationalDossier, agreement_number: str, agreement_date: date
) -> NationalDossier:
    """Record the paper in which the master data that are synchronised were agreed, after listing.

    Publishes `MasterDataAgreed`; raises NothingAfterListing where the rules of the day ask for none.
    """
    _require(
        may_prepare_dossier(actor, dossier.database),
        dossier.database,
        "ghi nhận thống nhất dữ liệu chủ",
        "record the agreement",
    )
    number = rules.require_letter(
        agreement_number,
        agreement_date,
        proposed_on=dossier.letter_date or dossier.proposed_on,
        today=timezone.localdate(),
    )
    if not asked_after_listing(agreement_date):
        raise NothingAfterListing(day=f"{agreement_date:%d/%m/%Y}")
    with transaction.atomic():
        take_step(
            actor=actor,
            record=dossier,
            step="agree_master_data",
            fact=MasterDataAgreed(
                dossier_id=dossier.pk, database_id=dossier.database_id, agreement_number=number
            ),
        )
        dossier.agreement_number, dossier.agreement_date = number, agreement_date
        dossier.save(update_fields=["agreement_number", "agreement_date"])
    return dossier


@carries("D278-06")
def set_connection_day(
    *, actor: Actor, dossier: NationalDossier, connect_by: date | None = None
) -> NationalDossier:
    """Set by when the database is connected: the limit of the law, or an earlier day that was agreed.

    Publishes `ConnectionDue`; raises ConnectionDayRefused.
    """
    _require(
        may_prepare_dossier(actor, dossier.database), dossier.database, "xác định hạn kết nối", "set that day"
    )
    agreed = dossier.agreement_date or timezone.localdate()
    limit = find_parameter(CONNECTED_BY, on=agreed, database_code=dossier.database.code)
    last = limit.value if limit is not None and isinstance(limit.value, date) else None
    day = connect_by or last
    if day is None:
        raise ConnectionDayRefused(
            why="quy định chưa nêu hạn, cần nhập ngày", why_en="the rules name no limit; enter a day"
        )
    if day < agreed or (last is not None and last >= agreed and day > last):
        raise ConnectionDayRefused(
            why="ngày nằm ngoài khoảng cho phép", why_en="it is outside what is allowed"
        )
    with transaction.atomic():
        take_step(
            actor=actor,
            record=dossier,
            step="become_due",
            connect_by=day,
            fact=ConnectionDue(dossier_id=dossier.pk, database_id=dossier.database_id, connect_by=day),
        )
        clock = None
        if limit is not None and limit.is_term and day == last:
            clock = start_clock(
                actor=actor,
                subject=dossier,
                key=CONNECTED_BY,
                anchor_at=_at(agreed),
                anchor_event="master_data_agreed",
                database_code=dossier.database.code,
            )
        work.settled(actor, dossier, work.AGREE_MASTER_DATA)
        work.connection_due(dossier, clock=clock, due_at=None if clock else _at(day))
    return dossier


@carries("D278-06")
def report_connection(*, actor: Actor, dossier: NationalDossier) -> NationalDossier:
    """Say that the national database is connected as agreed. Publishes `ConnectionReported`."""
    _require(
        may_prepare_dossier(actor, dossier.database),
        dossier.database,
        "xác nhận kết nối",
        "report the connection",
    )
    with transaction.atomic():
        take_step(
            actor=actor,
            record=dossier,
            step="connect",
            fact=ConnectionReported(dossier_id=dossier.pk, database_id=dossier.database_id),
        )
        for clock in clocks_of(dossier).filter(stopped_at__isnull=True):
            stop_clock(actor=actor, clock=clock, outcome="connected")
        work.settled(actor, dossier)
    return dossier


def _require(allowed: bool, database: Database, act: str, act_en: str) -> None:
    if not allowed:
        raise NotAllowed(act=act, act_en=act_en)
    if database.is_secret:
        raise SecretLeavesWorkflow()


def _writable(actor: Actor, dossier: NationalDossier) -> NationalDossier:
    _require(
        may_prepare_dossier(actor, dossier.database), dossier.database, "soạn hồ sơ này", "write this dossier"
    )
    found = NationalDossier.objects.select_related("database").get(pk=dossier.pk)
    if not found.may_change:
        raise DossierNotWritable(number=found.number, **_state_words(found))
    return found


def _state_words(dossier: NationalDossier) -> dict[str, str]:
    said = {}
    for name, language in (("state", "vi"), ("state_en", "en")):
        with translation.override(language):
            said[name] = str(DossierState(dossier.state).label)
    return said


def _require_criteria(dossier: NationalDossier) -> int:
    return rules.require_criteria(
        [(line.label, line.is_met, line.is_shown) for line in criteria_of(dossier)], dossier.bases.count()
    )


def _written(actor: Actor, dossier: NationalDossier, vi: str, en: str) -> None:
    """Tell what was written, and take a step back where what was shown does not hold any more."""
    publish(
        actor=actor,
        fact=DossierWritten(
            dossier_id=dossier.pk, database_id=dossier.database_id, what_vi=vi[:200], what_en=en[:200]
        ),
    )
    if (
        dossier.state not in (DossierState.ELIGIBLE, DossierState.READY)
        or dossier.kind == DossierKind.WITHDRAW
    ):
        return
    met = all(line.is_met and line.is_shown for line in criteria_of(dossier)) and dossier.bases.exists()
    whole = all(line.text.strip() for line in parts_of(dossier))
    step = (
        "reopen" if not met else "reopen_parts" if dossier.state == DossierState.READY and not whole else ""
    )
    if step:
        take_step(
            actor=actor,
            record=dossier,
            step=step,
            fact=DossierReopened(dossier_id=dossier.pk, database_id=dossier.database_id),
        )
        work.settled(actor, dossier, work.SIGN_DOSSIER)
        work.dossier_due(dossier, clock=first_due(dossier))


def _keep(actor: Actor, subject: DossierCriterion | NationalDossier, upload: Upload, label: str) -> None:
    store_file(
        actor=actor,
        name=upload.name or "tep",
        chunks=upload.chunks(),
        media_type=upload.content_type or "application/octet-stream",
        subject=subject,
        label=label,
    )


def _text(given: str, name: str, name_en: str, limit: int = TEXT_LIMIT) -> str:
    text = _CONTROL.sub("", nfc(given).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > limit:
        raise InputRefused(
            name=name, name_en=name_en, why=f"dài quá {limit} ký tự", why_en=f"over {limit} characters"
        )
    return text


def _line(given: str, name: str, name_en: str) -> str:
    return " ".join(_text(given, name, name_en, 400).split())


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
