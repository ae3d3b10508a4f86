"""Use terms, and the copies that consumers keep: registered with a reason, renewed, void, erased (CON-04, CON-05)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, forget_work, open_work
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.authority.models import CorrectionCase
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.regulations.models import Regulation
from lienthong.regulations.queries import regulations_covering

from ..access import may_keep_copy, require_provider
from ..addresses import copy_address
from ..copy_events import (
    CopyBecameVoid,
    CopyErased,
    CopyOutdated,
    CopyRegistered,
    CopyRenewed,
    CopyWarned,
    UseTermSet,
)
from ..copy_rules import (
    Term,
    expiry_of,
    require_erasure,
    require_reason,
    require_term,
    warning_from,
)
from ..errors import AccountEnded, CopyInFuture, UseTermWithoutRegulation
from ..indexing import index_copy
from ..models import (
    AccountState,
    ConnectionAccount,
    CopyState,
    KeepingReason,
    SharingService,
    StoredCopy,
    UseTerm,
)
from ..queries import term_words, warning_days
from ..rules import require_offered

# The series of stored copies: BS-2026-0007.
SERIES = "BS"
RENEW = "renew_or_erase_copy"


@carries("CON-04")
def set_use_term(
    *, actor: Actor, service: SharingService, amount: int, unit: str, regulation: Regulation, note: str = ""
) -> UseTerm:
    """Set how long data of a service may be used, as its use regulation says; the expiry of every copy is computed anew.

    Publishes `UseTermSet`; raises `UseTermRefused`, `UseTermWithoutRegulation`.
    """
    require_provider(actor, service, "đặt thời hạn sử dụng dữ liệu", "set the use term")
    term = require_term(amount, unit)
    database = service.dataset.database
    if not regulations_covering(database, timezone.localdate()).filter(pk=regulation.pk).exists():
        raise UseTermWithoutRegulation()
    vi, en = term_words(term)
    with transaction.atomic():
        found, _ = UseTerm.objects.update_or_create(
            service=service,
            defaults={
                "amount": term.amount,
                "unit": term.unit,
                "regulation": regulation,
                "note": nfc(note).strip()[:300],
                "set_at": timezone.now(),
            },
        )
        publish(
            actor=actor,
            fact=UseTermSet(
                service_id=service.pk, code=service.code, database_id=database.pk, term_vi=vi, term_en=en
            ),
        )
        for copy in StoredCopy.objects.filter(service=service, state=CopyState.VALID):
            _count_anew(copy, found)
            copy.save()
    return found


def _count_anew(copy: StoredCopy, term: UseTerm | None) -> None:
    copy.term_amount, copy.term_unit = (term.amount, term.unit) if term else (None, "")
    copy.regulation = term.regulation if term else None
    copy.expires_at = expiry_of(
        copy.method, taken_at=copy.taken_at, synced_at=copy.synced_at, term=_term(term)
    )
    copy.warned_at = None


def _term(found: UseTerm | None) -> Term | None:
    return Term(found.amount, found.unit) if found else None


def _use_term(service: SharingService) -> UseTerm | None:
    return UseTerm.objects.filter(service=service).select_related("regulation").first()


@carries("CON-05", "CON-04")
def register_copy(
    *,
    actor: Actor,
    account: ConnectionAccount,
    reason: str,
    place: str,
    ground: str = "",
    items: Iterable[str] = (),
    taken_at: datetime | None = None,
) -> StoredCopy:
    """Register, for a consumer, that it keeps a copy of what a service gave it: why, where, since when.

    Until when it may be used is computed. Publishes `CopyRegistered`; raises `CopyReasonMissing`, `CopyInFuture`,
    `AccountEnded`, `ItemsNotOffered`.
    """
    if not may_keep_copy(actor, account):
        raise NotAllowed(act="đăng ký bản sao", act_en="register a stored copy")
    if account.state == AccountState.TERMINATED:
        raise AccountEnded()
    require_reason(reason, ground, place)
    moment = taken_at or timezone.now()
    if moment > timezone.now():
        raise CopyInFuture()
    service = account.service
    latest = service.dataset.latest
    chosen = list(items)
    copy = StoredCopy(
        account=account,
        service=service,
        consumer=account.consumer,
        method=service.method,
        reason=KeepingReason(reason),
        ground=nfc(ground).strip()[:300],
        place=nfc(place).strip()[:200],
        items=require_offered(chosen, account.columns) if chosen else list(account.columns),
        version=latest.number if latest else None,
        taken_at=moment,
        synced_at=moment,
        registered_by_id=int(actor.user_id) if actor.user_id else None,
    )
    _count_anew(copy, _use_term(service))
    with transaction.atomic():
        copy.number = next_number(SERIES)
        copy.save()
        index_copy(copy)
        publish(
            actor=actor, fact=CopyRegistered(copy_id=copy.pk, number=copy.number, reason=str(copy.reason))
        )
    return copy


@carries("CON-04")
def renew_copy(*, actor: Actor, copy: StoredCopy, synced_at: datetime | None = None) -> StoredCopy:
    """Say that a copy was synchronised, or taken, anew: its term runs from then on.

    Publishes `CopyRenewed`; raises `CopyInFuture`, `AccountEnded`, `StepNotAllowed`.
    """
    if not may_keep_copy(actor, copy.account):
        raise NotAllowed(act="ghi nhận đồng bộ lại bản sao", act_en="renew this copy")
    if copy.account.state == AccountState.TERMINATED:
        raise AccountEnded()
    moment = synced_at or timezone.now()
    if moment > timezone.now() or moment < copy.synced_at:
        raise CopyInFuture()
    term = _use_term(copy.service)
    latest = copy.service.dataset.latest
    with transaction.atomic():
        take_step(
            actor=actor,
            record=copy,
            step="renew",
            fact=CopyRenewed(copy_id=copy.pk, number=copy.number),
            synced_at=moment,
            version=latest.number if latest else None,
            expires_at=expiry_of(copy.method, taken_at=moment, synced_at=moment, term=_term(term)),
        )
        if term is not None:
            StoredCopy.objects.filter(pk=copy.pk).update(
                term_amount=term.amount, term_unit=term.unit, regulation=term.regulation
            )
        finish_work(actor=actor, subject=copy)
    copy.refresh_from_db()
    return copy


@carries("CON-04")
def erase_copy(*, actor: Actor, copy: StoredCopy, how: str) -> StoredCopy:
    """Say that a copy was erased, and how. Publishes `CopyErased`; raises `ErasureUnsaid`, `StepNotAllowed`."""
    if not may_keep_copy(actor, copy.account):
        raise NotAllowed(act="xác nhận đã xóa bản sao", act_en="confirm that this copy was erased")
    said = require_erasure(nfc(how))
    with transaction.atomic():
        fact = CopyErased(copy_id=copy.pk, number=copy.number)
        take_step(actor=actor, record=copy, step="erase", fact=fact, reason=said, how=said)
        finish_work(actor=actor, subject=copy)
        index_copy(copy)
        _tell_provider(copy, "đã xóa bản sao", "the copy was erased", "erased")
    return copy


@carries("CON-04")
def watch_copies(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Warn of copies that are about to expire, and make void those whose term has ended; returns how many were touched.
    Run by the tick.

    Whoever keeps one is asked to renew or to erase it. Publishes `CopyWarned`, `CopyBecameVoid`.
    """
    moment = now or timezone.now()
    touched = 0
    kept = StoredCopy.objects.filter(
        state=CopyState.VALID, service__dataset__database__is_secret=False
    ).select_related("service__dataset__database__managing_unit", "consumer", "account")
    for copy in kept.filter(expires_at__lte=moment).order_by("pk"):
        because = "đã hết thời hạn sử dụng dữ liệu"
        because_en = "the use term has ended"
        touched += _void(actor, copy, because, because_en)
    soon = warning_from(moment, -warning_days(moment))
    for copy in kept.filter(expires_at__gt=moment, expires_at__lte=soon, warned_at__isnull=True).order_by(
        "pk"
    ):
        with transaction.atomic():
            first = StoredCopy.objects.filter(pk=copy.pk, warned_at=None).update(warned_at=moment)
            if not first:
                # Another worker was first.
                continue
            _ask(
                copy,
                "bản sao sắp hết thời hạn: đồng bộ lại hoặc xóa",
                "copy about to expire: renew or erase it",
            )
            event = publish(actor=actor, fact=CopyWarned(copy_id=copy.pk, number=copy.number))
            _tell_consumer(copy, "sắp hết thời hạn sử dụng", "is about to expire", str(event.pk))
            touched += 1
    return touched


def _void(actor: Actor, copy: StoredCopy, because: str, because_en: str) -> int:
    with transaction.atomic():
        locked = StoredCopy.objects.select_for_update().get(pk=copy.pk)
        if locked.state != CopyState.VALID:
            # Another worker was first.
            return 0
        fact = CopyBecameVoid(copy_id=copy.pk, number=copy.number, because=because, because_en=because_en)
        take_step(
            actor=actor, record=copy, step="make_void", fact=fact, because=because, because_en=because_en
        )
        _ask(copy, "bản sao hết hiệu lực: đồng bộ lại hoặc xóa", "copy void: renew or erase it")
        _tell_consumer(
            copy,
            f"hết hiệu lực: {because}",
            f"is void: {because_en}",
            f"void:{copy.pk}:{copy.synced_at:%y%m%d%H%M%S}",
        )
        _tell_provider(
            copy, f"hết hiệu lực: {because}", f"is void: {because_en}", f"void:{copy.synced_at:%y%m%d%H%M%S}"
        )
    return 1


@carries("CON-04", "SUS-03")
def void_copies_of(*, account: ConnectionAccount) -> int:
    """Make void what a consumer keeps from an account that has ended: it is to be erased; returns how many."""
    kept = StoredCopy.objects.filter(account=account, state=CopyState.VALID).select_related(
        "service__dataset__database__managing_unit", "consumer"
    )
    because, because_en = (
        "tài khoản kết nối đã chấm dứt, phải xóa",
        "the connection account has ended, erase it",
    )
    return sum(_void(SYSTEM, copy, because, because_en) for copy in kept)


@carries("QUA-01", "CON-04")
def outdate_copies(*, case: CorrectionCase) -> int:
    """Ask for every copy that was taken before data were corrected to be renewed; returns how many.

    Publishes `CopyOutdated`.
    """
    if case.database.is_secret or case.corrected_at is None:
        return 0
    kept = StoredCopy.objects.exclude(state=CopyState.ERASED).filter(
        service__dataset__database=case.database, synced_at__lt=case.corrected_at
    )
    if case.dataset_id is not None:
        kept = kept.filter(service__dataset_id=case.dataset_id)
    touched = 0
    for copy in kept.exclude(outdated_by=case.number).select_related(
        "service__dataset__database", "consumer"
    ):
        with transaction.atomic():
            StoredCopy.objects.filter(pk=copy.pk).update(outdated_by=case.number)
            _ask(
                copy,
                f"dữ liệu đã đính chính ({case.number}): đồng bộ lại bản sao",
                f"data corrected ({case.number}): renew the copy",
            )
            publish(
                actor=SYSTEM,
                fact=CopyOutdated(copy_id=copy.pk, number=copy.number, correction=case.number),
            )
            touched += 1
    return touched


@carries("SEC-01")
def show_copies_anew(*, database: Database) -> int:
    """Take the copies of a database that became secret off the lists and out of the search, or put them back."""
    copies = StoredCopy.objects.filter(service__dataset__database=database).select_related(
        "service__dataset__database", "consumer"
    )
    for copy in copies:
        index_copy(copy)
        if database.is_secret:
            forget_work(subject=copy)
        elif copy.state == CopyState.VOID:
            _ask(copy, "bản sao hết hiệu lực: đồng bộ lại hoặc xóa", "copy void: renew or erase it")
    return len(copies)


def _ask(copy: StoredCopy, vi: str, en: str) -> None:
    """Put it on the list of who keeps the copy."""
    role = next(
        (str(one) for one in (Role.CONSUMER_OFFICER, Role.DATABASE_OWNER, Role.FOCAL_OFFICER, Role.IT_UNIT)
         if people_in_role(copy.consumer, one)),
        str(Role.CONSUMER_OFFICER),
    )  # fmt: skip
    open_work(
        subject=copy,
        act=RENEW,
        title_vi=vi,
        title_en=en,
        about=f"{copy.service.name} | {copy.place}",
        url=copy_address(copy.number),
        unit=copy.consumer,
        role=role,
        number=copy.number,
        due_at=copy.expires_at,
    )


def _tell_consumer(copy: StoredCopy, vi: str, en: str, event_id: str) -> None:
    _tell(people_in_role(copy.consumer, Role.CONSUMER_OFFICER), copy, vi, en, event_id)


def _tell_provider(copy: StoredCopy, vi: str, en: str, event_id: str) -> None:
    unit = unit_holding(copy.service.dataset.database.managing_unit, Role.DATABASE_OWNER)
    _tell(people_in_role(unit, Role.DATABASE_OWNER), copy, vi, en, f"{copy.number}:{event_id}")


def _tell(people: list[int], copy: StoredCopy, vi: str, en: str, event_id: str) -> None:
    notify(
        people=people,
        text_vi=f"{copy.number} ({copy.service.name}): {vi}",
        text_en=f"{copy.number} ({copy.service.display_name('en')}): {en}",
        url=copy_address(copy.number),
        event_id=event_id[:40],
    )
