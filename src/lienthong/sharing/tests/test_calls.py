"""The journal of calls: written down before the answer leaves, entered once, whatever breaks off."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from lienthong.agencies.demo import fill_agencies
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.tracing import carries
from lienthong.sharing import commands
from lienthong.sharing.calls import JOURNAL, Journal, folder
from lienthong.sharing.demo import make_account, make_served_dataset, make_service
from lienthong.sharing.models import Call, CallJournal, CallsOfDay, ConnectionAccount
from lienthong.sharing.tests.test_gateway import call

pytestmark = [pytest.mark.django_db(transaction=True)]

HERE = "/chia-se/v1/tra-cuu-xa/"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[tuple[ConnectionAccount, str]]:
    """An account on a service, as they stand when nobody's transaction is open."""
    from django.db import transaction

    with transaction.atomic():
        agencies = fill_agencies()["agencies"]
        dataset = make_served_dataset(agencies["H99"], tmp_path / "nguon", managing_unit=agencies["H99.01"])
        found = make_account(make_service(dataset), agencies["H99.11"], daily_quota=6)
    yield found
    JOURNAL.close()


@carries("LOG-01", "SUS-02")
def test_calls_are_entered_once_and_what_was_decided_holds_at_the_next_call(
    account: tuple[ConnectionAccount, str],
) -> None:
    record, key = account
    assert [call(HERE + "00004", key).status for _ in range(3)] == [200, 200, 200]
    assert call(HERE + "99999", key).status == 404
    assert call(HERE).status == 401

    commands.suspend_account(actor=SYSTEM, account=record, because="gọi quá tải")
    assert call(HERE, key).status == 403
    commands.restore_account(actor=SYSTEM, account=record)
    new_key = commands.replace_key(actor=SYSTEM, account=record)
    assert call(HERE, key).status == 401
    assert [call(HERE, new_key).status for _ in range(4)] == [200, 200, 200, 429]

    JOURNAL.settle()
    JOURNAL.settle()
    logged = list(Call.objects.order_by("pk").values_list("status", flat=True))
    assert logged == [200, 200, 200, 404, 401, 403, 401, 200, 200, 200, 429]
    first = Call.objects.order_by("pk")[0]
    assert (first.account, first.consumer_code, first.version, first.rows) == (record, "H99.11", 1, 1)
    assert abs((timezone.now() - first.at).total_seconds()) < 600
    assert CallsOfDay.objects.get().answered == 6
    assert call(HERE, new_key).status == 429, "the count of the day outlives the process"
    assert key not in JOURNAL.path.read_text() if JOURNAL.path else False


def test_the_journal_of_a_process_that_was_killed_is_entered_by_the_next(
    account: tuple[ConnectionAccount, str],
) -> None:
    record, _ = account
    child = os.fork()
    if not child:
        journal = Journal()
        journal.carrying = False
        line = [0.0, record.service_id, record.pk, "H99.11", HERE, 200, "", 1, 1, 10, 0]
        for number in range(5):
            journal.append((*line, f"R{number}", "2026-11-22"), (record.pk, "2026-11-22"))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    (left,) = folder().glob(f"*-{child}-*.ndjson")
    gone = b'[1.0, 999999, 999999, "H99.11", "/", 200, "", 1, 1, 10, 0, "R5", "2026-11-22"]'
    with left.open("ab") as torn:
        torn.write(gone + b'\n[1.0, 1, "cut off')
    # What breaks off between two batches is gone on with where it was.
    CallJournal.objects.create(name=left.name, read_to=len(left.read_bytes().splitlines(keepends=True)[0]))

    assert commands.collect_calls() == 5
    assert commands.collect_calls() == 0

    assert list(Call.objects.order_by("pk").values_list("request_id", flat=True)) == [
        "R1",
        "R2",
        "R3",
        "R4",
        "R5",
    ]
    assert not left.exists()
    assert not CallJournal.objects.filter(name=left.name).exists()
    assert Call.objects.get(request_id="R5").account is None, "the call of an account that is gone stays"


def test_what_cannot_be_written_down_is_not_given(account: tuple[ConnectionAccount, str]) -> None:
    _, key = account
    assert call(HERE, key).status == 200
    size = JOURNAL.path.stat().st_size if JOURNAL.path else 0
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, hard))
    try:
        answer = call(HERE, key)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (answer.status, answer.code) == (500, "sharing.fault")
    assert "rows" not in answer.body
    assert call(HERE, key).status == 200
    JOURNAL.settle()
    assert Call.objects.count() == 2
