"""Matters between two focal officers: asked with a day, answered, asked further, settled; both sides keep all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lienthong.agencies import commands, demo
from lienthong.agencies.access import cooperations_visible_to
from lienthong.agencies.errors import (
    AgencyNotOpen,
    CooperationDuePast,
    CooperationIncomplete,
    CooperationWithOneself,
)
from lienthong.agencies.models import Agency, Cooperation, Work
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed, StepNotAllowed
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.files.queries import files_of
from lienthong.foundation.tracing import carries

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Acting = Callable[..., Actor]
TODAY = date.today()
SOON = TODAY + timedelta(days=5)


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def asked(actor: Actor, asking: Agency, other: Agency, **changed: Any) -> Cooperation:
    given = {"title": "Mã xã mới", "text": "Đề nghị gửi danh mục mã xã.", "due_on": SOON} | changed
    return commands.ask_for_cooperation(actor=actor, asking=asking, asked=other, **given)


def due(matter: Cooperation) -> list[tuple[str, str, Agency]]:
    open_work = Work.objects.filter(number=matter.number, done_at__isnull=True)
    return [(work.act, work.role, work.unit) for work in open_work]


@carries("FOC-04")
def test_a_matter_goes_to_and_fro_until_it_is_settled(
    province: Agency, neighbour: Agency, acting: Acting
) -> None:
    ours, theirs = acting(province, Role.FOCAL_OFFICER), acting(neighbour, Role.IT_UNIT)
    matter = asked(ours, province, neighbour)
    assert due(matter) == [("answer_cooperation", "it_unit", neighbour)]
    assert Work.objects.get(number=matter.number).due_at.date() >= SOON

    upload = SimpleUploadedFile("ma xa.csv", b"a,b\n")
    commands.answer_cooperation(actor=theirs, cooperation=matter, text="Gửi kèm tệp.", files=[upload])
    assert due(matter) == [("settle_cooperation", "focal_officer", province)]

    commands.ask_further(actor=ours, cooperation=matter, text="Thiếu huyện X.", due_on=SOON)
    commands.answer_cooperation(actor=theirs, cooperation=matter, text="Đã bổ sung.")
    settled = commands.close_cooperation(actor=ours, cooperation=matter, text="Đủ.")
    assert (settled.state, due(matter)) == ("closed", [])
    assert [note.unit for note in settled.notes.all()] == [province, neighbour, province, neighbour, province]
    told = [event.name for event in history_of("agencies.cooperation", matter.pk)]
    assert told[0] == "agencies.CooperationClosed"
    assert len(told) == 5
    with pytest.raises(StepNotAllowed):
        commands.answer_cooperation(actor=theirs, cooperation=matter, text="Muộn")


def test_each_side_speaks_for_itself_alone(province: Agency, neighbour: Agency, acting: Acting) -> None:
    ours, theirs = acting(province, Role.FOCAL_OFFICER), acting(neighbour, Role.FOCAL_OFFICER)
    owner = acting(province, Role.DATABASE_OWNER)
    for actor in (theirs, owner):
        with pytest.raises(NotAllowed):
            asked(actor, province, neighbour)
    matter = asked(ours, province, neighbour)
    with pytest.raises(NotAllowed):
        commands.answer_cooperation(actor=ours, cooperation=matter, text="x")
    for act in (commands.close_cooperation, commands.withdraw_cooperation):
        with pytest.raises(NotAllowed):
            act(actor=theirs, cooperation=matter)
    third = acting(demo.make_agency("H97", "UBND tỉnh Khác"), Role.FOCAL_OFFICER)
    assert [list(cooperations_visible_to(actor)) for actor in (ours, theirs, owner, third)] == [
        [matter],
        [matter],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"title": " "}, CooperationIncomplete),
        ({"text": ""}, CooperationIncomplete),
        ({"due_on": TODAY - timedelta(days=1)}, CooperationDuePast),
    ],
)
def test_what_is_incomplete_is_refused_and_nothing_is_kept(
    province: Agency, neighbour: Agency, changed: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        asked(SYSTEM, province, neighbour, **changed)
    assert not Cooperation.objects.exists()


def test_nobody_asks_oneself_nor_a_closed_agency(province: Agency, neighbour: Agency) -> None:
    with pytest.raises(CooperationWithOneself):
        asked(SYSTEM, province, province)
    commands.close_agency(actor=SYSTEM, agency=neighbour)
    with pytest.raises(AgencyNotOpen):
        asked(SYSTEM, province, neighbour)


def test_a_request_is_withdrawn_before_it_is_answered(province: Agency, neighbour: Agency) -> None:
    matter = asked(SYSTEM, province, neighbour)
    assert commands.withdraw_cooperation(actor=SYSTEM, cooperation=matter).state == "withdrawn"
    assert due(matter) == []


def sign_in(world: dict[str, Any], username: str) -> Client:
    client = Client()
    client.force_login(world["people"][username], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_pages_from_the_request_to_the_end() -> None:
    world = demo.fill_agencies(SYSTEM)
    ours = sign_in(world, "dau-moi")
    home = reverse("agencies-inbox")
    given = {"asked": "G99", "title": "Mã xã mới", "text": "Đề nghị gửi.", "due_on": SOON.isoformat()}
    refused = ours.post(reverse("agencies-cooperation-ask"), given | {"asked": "H01.99"})
    assert refused.status_code == 422
    sent = ours.post(
        reverse("agencies-cooperation-ask"),
        given | {"attached": [SimpleUploadedFile("de nghi.txt", b"abc")]},
        follow=True,
    ).content.decode()
    assert "Mã xã mới" in sent
    matter = Cooperation.objects.get()
    page = reverse("agencies-cooperation", args=[matter.number])
    shown = ours.get(page).content.decode()
    assert "de nghi.txt" in shown
    file_id = files_of(matter.notes.get()).get().pk
    address = reverse("agencies-cooperation-file", args=[matter.number, file_id])
    assert b"".join(ours.get(address).streaming_content) == b"abc"

    theirs = sign_in(world, "nguoi-dung-dau-bo")
    assert "Mã xã mới" in theirs.get(home).content.decode()
    answered = theirs.post(
        reverse("agencies-cooperation-answer", args=[matter.number]), {"text": "Đã gửi."}, follow=True
    ).content.decode()
    assert "Đã gửi trả lời tới" in answered
    closed = ours.post(reverse("agencies-cooperation-close", args=[matter.number]), {"text": ""}, follow=True)
    assert f"Đã kết thúc {matter.number}." in closed.content.decode()
    assert "Đã kết thúc" in ours.get(home, {"xem": "phoi-hop"}).content.decode()

    other = sign_in(world, "khai-thac")
    assert other.get(page).status_code == 404
    assert other.get(address).status_code == 404
    assert other.get(reverse("agencies-cooperation-ask")).status_code == 403
