"""What has happened is written with the act; what follows from it happens once, soon or at the next tick."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.events import delivery
from lienthong.foundation.events.commands import publish
from lienthong.foundation.events.delivery import Delivered, deliver_event, deliver_waiting
from lienthong.foundation.events.facts import Fact
from lienthong.foundation.events.models import Delivery, Event
from lienthong.foundation.jobs.ticking import Ticker
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.numbers.models import Counter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


class Undone(Exception):
    """The act did not come to its end."""


@dataclass(frozen=True)
class BellRung(Fact):
    subject_kind = "test.bell"
    subject_field = "bell"
    vi = "Chuông {bell} đã rung"
    en = "Bell {bell} was rung"

    bell: str


def count_the_ring(event: Delivered) -> None:
    next_number(f"RING-{event.facts['bell']}", year=2026)


def wake_the_guard(event: Delivered) -> None:
    next_number("GUARD", year=2026)
    if event.facts["bell"] == "cracked":
        raise OSError("postgresql://u:mat-khau@h/d")


REACTIONS = {BellRung: (count_the_ring, wake_the_guard)}


@pytest.fixture(autouse=True)
def _reactions(settings):
    settings.REACTIONS = __name__
    delivery.reaction_table.cache_clear()
    yield
    delivery.reaction_table.cache_clear()


def rings(series: str) -> int:
    return Counter.objects.filter(series=series).values_list("last", flat=True).first() or 0


def ring(bell: str, *, lost: bool = False) -> Event:
    with transaction.atomic():
        event = publish(actor=SYSTEM, fact=BellRung(bell=bell))
        if lost:
            # The process ends right after the commit: nothing that waits for it is run.
            transaction.get_connection().run_on_commit.clear()
    return event


def test_a_reaction_runs_at_once_after_the_commit():
    ring("a")
    assert (rings("RING-a"), rings("GUARD")) == (1, 1)
    assert not Delivery.objects.filter(done_at__isnull=True).exists()


def test_an_event_whose_delivery_was_lost_is_delivered_by_the_tick_once(settings):
    event = ring("a", lost=True)
    assert rings("RING-a") == 0
    settings.TICKS = ["lienthong.foundation.events.delivery.deliver_waiting"]
    for _ in range(3):
        Ticker(threading.Event()).tick()
    assert (rings("RING-a"), rings("GUARD")) == (1, 1)
    assert deliver_event(event.pk) == 0
    assert rings("RING-a") == 1


def test_the_running_ticker_delivers_it_over_its_own_connection(settings):
    ring("a", lost=True)
    settings.TICKS = ["absent.module.tick", "lienthong.foundation.events.delivery.deliver_waiting"]
    stop = threading.Event()
    ticker = Ticker(stop, every=0.05)
    ticker.start()
    deadline = timezone.now() + timedelta(seconds=20)
    while Delivery.objects.filter(done_at__isnull=True).exists() and timezone.now() < deadline:
        stop.wait(0.02)
    stop.set()
    ticker.join(20)
    assert rings("RING-a") == 1


def test_nothing_is_written_nor_delivered_when_the_act_is_undone():
    @transaction.atomic
    def act() -> None:
        publish(actor=SYSTEM, fact=BellRung(bell="a"))
        raise Undone

    with pytest.raises(Undone):
        act()
    assert not Event.objects.filter(name=BellRung.name()).exists()
    assert deliver_waiting() == 0


def test_a_failing_reaction_undoes_its_effect_and_hinders_no_other():
    ring("cracked")
    assert (rings("RING-cracked"), rings("GUARD")) == (1, 0)
    owed = Delivery.objects.get(done_at__isnull=True)
    assert (owed.reaction, owed.attempts, owed.error) == ("wake_the_guard", 1, "OSError")
    assert owed.next_try_at > timezone.now()
    assert deliver_waiting() == 0, "it is tried again later, not at once"
    Delivery.objects.filter(pk=owed.pk).update(next_try_at=timezone.now())
    assert deliver_waiting() == 0
    owed.refresh_from_db()
    assert owed.attempts == 2


def test_two_that_deliver_at_the_same_time_have_one_effect():
    event = ring("a", lost=True)
    start = threading.Barrier(2)

    def deliver() -> None:
        start.wait()
        deliver_event(event.pk)
        connection.close()

    both = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    deliver_waiting()
    assert (rings("RING-a"), rings("GUARD")) == (1, 1)


def test_the_log_cannot_be_rewritten():
    event = ring("a")
    for rewrite in (
        lambda: Event.objects.filter(pk=event.pk).update(reason="x"),
        lambda: Event.objects.filter(pk=event.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()
    assert Event.objects.get(pk=event.pk).reason == ""


def test_the_seal_is_whole_again_after_the_tests_before():
    ring("a")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all()._raw_delete("default")
