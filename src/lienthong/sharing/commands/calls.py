"""Enter calls into the sharing log, once each."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from lienthong.foundation.tracing import carries

from ..calls import FIELDS, Journal, left_behind, lines_after
from ..models import Call, CallJournal, CallsOfDay, ConnectionAccount, SharingService

# Behind the fields of a line stands the day on which an answered call counts.
_SERVICE, _ACCOUNT, _DAY = FIELDS.index("service_id"), FIELDS.index("account_id"), len(FIELDS)


@carries("LOG-01")
def enter_calls(path: Path, *, own: Journal | None = None) -> int:
    """Enter the next calls of a journal into the log, with how far it was read and the counts of the day; how many."""
    try:
        number, answered = _entered(path, mend=False)
    except IntegrityError:
        # An account or a service has gone meanwhile: a call stays in the log without it.
        number, answered = _entered(path, mend=True)
    if own is not None:
        own.note_entered(answered)
    return number


def _entered(path: Path, *, mend: bool) -> tuple[int, dict[tuple[int, str], int]]:
    with transaction.atomic():
        place, _ = CallJournal.objects.select_for_update().get_or_create(name=path.name)
        lines, end = lines_after(path, place.read_to)
        if not lines:
            return 0, {}
        if mend:
            _without_what_is_gone(lines)
        _insert(lines)
        counts = Counter(map(itemgetter(_ACCOUNT, _DAY), lines))
        answered = {(account, day): number for (account, day), number in counts.items() if day}
        for (account, day), number in answered.items():
            _count(account, date.fromisoformat(day), number)
        CallJournal.objects.filter(pk=place.pk).update(read_to=end)
    return len(lines), answered


def _without_what_is_gone(lines: list[list[Any]]) -> None:
    services = set(SharingService.objects.values_list("pk", flat=True))
    accounts = set(ConnectionAccount.objects.values_list("pk", flat=True))
    for line in lines:
        line[_SERVICE] = line[_SERVICE] if line[_SERVICE] in services else None
        if line[_ACCOUNT] not in accounts:
            line[_ACCOUNT], line[_DAY] = None, ""


def _insert(lines: list[list[Any]]) -> None:
    fields: list[Any] = [Call._meta.get_field(name.removesuffix("_id")) for name in FIELDS[:3]]
    fields += [Call._meta.get_field(name) for name in FIELDS[3:]]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(Call._meta.db_table)
    marks = ", ".join(["%s"] * len(fields))
    moment = _moment if connection.vendor == "sqlite" else _aware
    rows = [(moment(line[0]), *line[1:_DAY]) for line in lines]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def _aware(seconds: object) -> datetime:
    return datetime.fromtimestamp(float(str(seconds)), UTC)


def _moment(seconds: object) -> str:
    """As this database keeps moments: in its own zone, without saying so."""
    return str(datetime.fromtimestamp(float(str(seconds)), connection.timezone).replace(tzinfo=None))


def _count(account: int, day: date, number: int) -> None:
    """Add to the answered calls of a day; the first time, those that were logged before there was a count."""
    counted = CallsOfDay.objects.filter(account_id=account, day=day)
    if not counted.update(answered=F("answered") + number):
        begin = timezone.make_aware(datetime.combine(day, time.min))
        logged = Call.objects.filter(
            account_id=account, at__gte=begin, at__lt=begin + timedelta(days=1), status__lt=400
        )
        CallsOfDay.objects.create(account_id=account, day=day, answered=logged.count())


def forget_journal(path: Path, size: int) -> bool:
    """Remove a journal of this size that was entered in full; whether it was."""
    place = CallJournal.objects.filter(name=path.name).first()
    if (place.read_to if place else 0) < size:
        return False
    path.unlink(missing_ok=True)
    CallJournal.objects.filter(name=path.name).delete()
    return True


@carries("LOG-01")
def collect_calls() -> int:
    """Enter the calls in journals of processes that are gone, and remove them; how many calls. Run by the tick."""
    found = 0
    for path in left_behind():
        while entered := enter_calls(path):
            found += entered
        # A last line that was cut off was never answered.
        forget_journal(path, 0)
    return found
