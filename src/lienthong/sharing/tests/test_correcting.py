"""Consumers report wrong data through the service they use, and every one of them is told of the correction."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lienthong.agencies.models import Agency
from lienthong.authority import commands as authority
from lienthong.authority.models import CorrectionCase, ToldThrough
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.notices.models import Notice
from lienthong.foundation.tracing import carries
from lienthong.sharing import commands
from lienthong.sharing.demo import make_account
from lienthong.sharing.errors import ItemsNotOffered, NotAConsumer
from lienthong.sharing.models import SharingService

from .conftest import World


@carries("QUA-01")
def test_every_consumer_of_the_service_is_told_once(
    world: World, actors: dict[str, Actor], service: SharingService, health: Agency
) -> None:
    other = world.agencies["H99.05"]
    for consumer in (health, other):
        make_account(service, consumer)
    case = commands.report_wrong_data(
        actor=actors["khai-thac"], service=service, reporter=health, text="Dân số xã 00007 trống",
        columns=["dan_so"], keys=["00007"],
    )  # fmt: skip
    assert (case.dataset, case.version, case.through) == (service.dataset, 1, service.code)
    assert case.rows.get().shown["key"] == {"ma_xa": "00007"}
    authority.confirm_discrepancy(actor=SYSTEM, case=case, finding="Đúng là trống")
    authority.report_corrected(actor=SYSTEM, case=case, measure="Bổ sung", certificate={"equal": True})
    authority.broadcast_correction(actor=SYSTEM, case=case, summary="Đã bổ sung dân số")
    assert commands.tell_consumers_of_service_corrected(case=case) == 2
    assert commands.tell_consumers_of_service_corrected(case=case) == 2
    told = case.notices.filter(through=ToldThrough.SERVICE)
    assert {notice.agency for notice in told} == {health, other}
    assert {notice.reference for notice in told} == {service.code}
    assert Notice.objects.filter(url__contains=case.number).exists()


@carries("QUA-01")
def test_only_a_consumer_reports_through_a_service(
    actors: dict[str, Actor], service: SharingService, health: Agency
) -> None:
    with pytest.raises(NotAConsumer):
        commands.report_wrong_data(
            actor=actors["khai-thac"], service=service, reporter=health, text="Sai tên"
        )
    with pytest.raises(NotAllowed):
        commands.report_wrong_data(
            actor=actors["khai-thac"], service=service, reporter=service.provider, text="Sai tên"
        )
    make_account(service, health)
    with pytest.raises(ItemsNotOffered):
        commands.report_wrong_data(
            actor=actors["khai-thac"], service=service, reporter=health, text="Sai", columns=["dien_thoai"]
        )


def test_the_page_of_a_consumer(
    as_officer: Callable[..., Client], service: SharingService, health: Agency
) -> None:
    make_account(service, health)
    page = f"/lam-viec/dich-vu/{service.code}/bao-sai-lech/"
    browser = as_officer("khai-thac")
    assert "Báo dữ liệu sai lệch" in browser.get(page).content.decode()
    assert browser.post(page, {"text": ""}).status_code == 422
    browser.post(page, {"text": "Dân số trống", "columns": ["dan_so"], "keys": "00007"})
    made = CorrectionCase.objects.get()
    assert (made.reporter, made.columns) == (health, ["dan_so"])
