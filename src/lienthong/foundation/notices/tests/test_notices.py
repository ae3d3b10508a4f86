"""A notice reaches each person once for each event."""

from __future__ import annotations

import pytest

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.notices.commands import mark_read, notify
from lienthong.foundation.notices.queries import notices_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_same_event_tells_a_person_once() -> None:
    one, two = (User.objects.create_user(name, full_name=name) for name in ("an", "binh"))
    for _ in range(2):
        notify(people=[one.pk, two.pk, one.pk], text_vi="Có việc", text_en="News", url="/x", event_id="e1")
    mine = Actor(user_id=str(one.pk))
    assert notices_of(mine).count() == 1
    assert mark_read(actor=mine) == 1
    assert mark_read(actor=mine) == 0
    assert notices_of(Actor(user_id=str(two.pk))).filter(read_at__isnull=True).count() == 1
