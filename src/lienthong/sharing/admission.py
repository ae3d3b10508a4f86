"""Who may call which service: looked up once, and again as soon as anything has been written anywhere.

What was read of accounts and services is kept for as long as the database says that nobody has written: SQLite tells that
in a millionth of a second (`writes`). Where it cannot be told, every call reads anew. So a suspension bites at the next
call.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.utils import timezone

from lienthong.catalogue.replicas import change_sets, fixed_versions, replica_path, version_store
from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.fixed import FixedVersions
from lienthong.engine.serve.following import Following
from lienthong.engine.serve.replica import Replica

from .calls import JOURNAL
from .errors import (
    AccountEnded,
    AccountForOtherService,
    AccountMissing,
    AccountSuspended,
    QuotaReached,
    ServiceNotPublished,
    ServiceSuspended,
    ServiceUnknown,
)
from .models import AccountState, CallsOfDay, ConnectionAccount, ServiceState, SharingService
from .queries import calls_today, page_limit
from .rules import fits, parts_of_key
from .writes import Writes

MOST_KEPT = 2000
# How long a count of the day's calls is trusted while it is far from the quota (seconds), and what far is (calls).
TRUSTED, FAR = 0.2, 200


@dataclass(frozen=True, slots=True)
class Caller:
    """An account as far as each of its calls needs it."""

    pk: int
    consumer: str
    key_digest: str
    record: ConnectionAccount


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as far as each call needs it."""

    pk: int
    code: str
    record: SharingService


@dataclass(frozen=True, slots=True)
class Opened:
    """What one account sees of its service: columns in order, which of them masked, and where they are read from."""

    offer: Offer
    offered: tuple[str, ...]
    mask: dict[str, str]
    replica: Replica
    following: Following
    earlier: FixedVersions
    valid_to: date | None
    quota: int


class _Kept(threading.local):
    """What this thread has read, and the state of the database in which it did."""

    def __init__(self) -> None:
        self.stamp: Hashable = None
        self.writes: Writes | None = None
        self.headers: dict[str, Caller] = {}
        self.callers: dict[str, Caller] = {}
        self.offers: dict[str, Offer] = {}
        self.opened: dict[tuple[int, int], Opened] = {}
        self.counts: dict[tuple[int, str], tuple[int, float]] = {}


_kept = _Kept()
_today: tuple[float, date, str] = (0.0, date.min, "")


def caller_of(header: str) -> Caller:
    """The account whose key stands in the header, or AccountMissing; what is asked next is of the same moment."""
    _begin_anew_when_written()
    caller = _kept.headers.get(header)
    if caller is not None:
        return caller
    parts = parts_of_key(header)
    if parts is None:
        raise AccountMissing()
    caller = _kept.callers.get(parts[0])
    if caller is None:
        accounts = ConnectionAccount.objects.select_related("consumer").filter(code=parts[0])
        record = _read(accounts.first)
        if record is None:
            raise AccountMissing()
        caller = Caller(record.pk, record.consumer.code, record.key_digest, record)
        _kept.callers[parts[0]] = caller
    if not fits(parts[1], caller.key_digest):
        raise AccountMissing()
    _kept.headers[header] = caller
    return caller


def offer_of(code: str) -> Offer:
    """The service with this code; secret databases have none."""
    offer = _kept.offers.get(code)
    if offer is None:
        services = SharingService.objects.select_related("dataset__table", "dataset__database")
        record = _read(services.filter(code=code).first)
        if record is None or record.dataset.database.is_secret:
            raise ServiceUnknown(service=code)
        offer = _kept.offers[code] = Offer(record.pk, record.code, record)
    return offer


def opened_to(caller: Caller, offer: Offer) -> Opened:
    """What this account may read of this service now; else the refusal that says why not."""
    opened = _kept.opened.get((caller.pk, offer.pk))
    if opened is None:
        # Only what is open is kept: what is refused is looked at each time.
        opened = _kept.opened[caller.pk, offer.pk] = _opened(caller, offer)
    day, name = today()
    if opened.valid_to is not None and opened.valid_to < day:
        raise AccountEnded()
    if _answered(caller, day, name, opened.quota) >= opened.quota:
        raise QuotaReached(quota=opened.quota)
    return opened


def _opened(caller: Caller, offer: Offer) -> Opened:
    account, service = caller.record, offer.record
    if account.service_id != service.pk:
        raise AccountForOtherService(service=service.code)
    if account.state == AccountState.SUSPENDED:
        raise AccountSuspended(because=account.suspended_because)
    if account.state == AccountState.TERMINATED:
        raise AccountEnded()
    if service.state == ServiceState.SUSPENDED:
        until = (
            timezone.localtime(service.returns_at).strftime("%H:%M %d/%m/%Y") if service.returns_at else "?"
        )
        raise ServiceSuspended(because=service.suspended_because, until=until)
    if service.state != ServiceState.PUBLISHED:
        raise ServiceNotPublished(service=service.name, service_en=service.display_name("en"))
    offered = tuple(name for name in service.columns if name in account.columns)
    # A mask holds for filters too: also for columns that a call does not show.
    mask = {name: how for name, how in service.masked.items() if name in offered}
    path, sets = replica_path(service.dataset), change_sets(service.dataset)
    return Opened(
        offer,
        offered,
        mask,
        _replica(path),
        _following(path, sets),
        fixed_versions(service.dataset),
        account.valid_to,
        account.daily_quota,
    )


def today() -> tuple[date, str]:
    """The day in the installation's time zone, and its name; looked at once a second."""
    global _today
    until, day, name = _today
    now = time.monotonic()
    if now >= until:
        day = timezone.localdate()
        name = day.isoformat()
        _today = (now + 1, day, name)
    return day, name


def _answered(caller: Caller, day: date, name: str, quota: int) -> int:
    """Calls answered today: those in the log, and those of this process that are on their way there."""
    place = (caller.pk, name)
    written = JOURNAL.written.get(place, 0)
    base, read_at = _kept.counts.get(place, (0, 0.0))
    if time.monotonic() - read_at > TRUSTED or base + written + FAR > quota:
        if connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return calls_today(caller.record)
        with JOURNAL.counting:
            counted = CallsOfDay.objects.filter(account_id=caller.pk, day=day).values_list(
                "answered", flat=True
            )
            logged, entered = counted.first(), JOURNAL.entered.get(place, 0)
        base = (calls_today(caller.record) if logged is None else logged) - entered
        if len(_kept.counts) > MOST_KEPT:
            _kept.counts.clear()
        _kept.counts[place] = (base, time.monotonic())
    return base + written


def _begin_anew_when_written() -> None:
    """Forget what was read if anyone has written since."""
    here, kept = connections[DEFAULT_DB_ALIAS], _kept
    stamp = None
    if here.vendor == "sqlite" and not here.in_atomic_block:
        here.ensure_connection()
        # The connection itself is held: an address in memory may be given to the next one.
        if kept.writes is None or kept.writes.connection is not here.connection:
            kept.writes = Writes(here.connection)
            kept.stamp = None
        stamp = kept.writes.stamp()
    if stamp is None or stamp != kept.stamp or len(kept.headers) > MOST_KEPT:
        kept.stamp, kept.headers, kept.callers, kept.offers, kept.opened = stamp, {}, {}, {}, {}


Found = TypeVar("Found")


def _read(ask: Callable[[], Found]) -> Found:
    """Ask the database; once more when the server has dropped the connection meanwhile."""
    here = connections[DEFAULT_DB_ALIAS]
    try:
        return ask()
    except (OperationalError, InterfaceError):
        if here.in_atomic_block:
            raise
        here.close()
        return ask()


@cache
def _replica(path: Path) -> Replica:
    """One reader per file; it notices by itself when a new version is swapped in."""
    return Replica(path, largest_page=page_limit())


@cache
def _following(path: Path, sets: ChangeSets) -> Following:
    return Following(_replica(path), sets, version_store, largest_page=page_limit())
