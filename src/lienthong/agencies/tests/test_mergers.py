"""Agencies that are merged: units, work and what they answer for go along, the record stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.agencies import commands, demo
from lienthong.agencies.errors import AgencyNotOpen, MergeRefused
from lienthong.agencies.models import Agency, AgencyKind, Post, Work
from lienthong.agencies.queries import agency_by_code
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = date(2025, 6, 30)


def test_units_and_work_go_to_the_receiving_agency(
    province: Agency, department: Agency, neighbour: Agency, acting: Callable[..., Actor]
) -> None:
    below = demo.make_agency("H99.01.02", "Chi cục Văn thư", kind=AgencyKind.UNIT, parent=department)
    acting(province, Role.HEAD)
    commands.open_work(
        subject=province, act="thử", title_vi="Việc", title_en="Work", about="x", url="/", unit=province,
        role=Role.HEAD,
    )  # fmt: skip

    merged = commands.merge_agency(
        actor=SYSTEM, agency=province, into=neighbour, merged_on=DAY, reason="Nghị quyết sắp xếp"
    )

    department.refresh_from_db()
    below.refresh_from_db()
    assert (merged.successor, merged.valid_to) == (neighbour, DAY)
    assert department.parent == neighbour
    assert department.path == f"{neighbour.path}{department.pk}/"
    assert below.path == f"{department.path}{below.pk}/"
    assert Work.objects.get(act="thử").unit == neighbour
    assert not Post.objects.filter(agency=province, valid_to__isnull=True).exists()
    event = Event.objects.filter(name="agencies.AgencyMerged").get()
    assert (event.payload["into_id"], event.payload["units"], event.reason) == (
        neighbour.pk,
        1,
        "Nghị quyết sắp xếp",
    )


def test_the_code_still_finds_the_record(province: Agency, neighbour: Agency) -> None:
    commands.merge_agency(actor=SYSTEM, agency=province, into=neighbour, merged_on=DAY)
    assert agency_by_code("H99") == province


def test_what_cannot_be_merged_is_refused(province: Agency, department: Agency, neighbour: Agency) -> None:
    for into in (province, department):
        with pytest.raises(MergeRefused):
            commands.merge_agency(actor=SYSTEM, agency=province, into=into)
    commands.close_agency(actor=SYSTEM, agency=neighbour)
    with pytest.raises(MergeRefused):
        commands.merge_agency(actor=SYSTEM, agency=province, into=neighbour)
    commands.close_agency(actor=SYSTEM, agency=department)
    with pytest.raises(AgencyNotOpen):
        commands.merge_agency(actor=SYSTEM, agency=department, into=province)
    assert Post.objects.count() == 0


def test_the_page_says_what_goes_along_and_where_the_record_leads(client: Client) -> None:
    world: dict[str, Any] = demo.fill_agencies(SYSTEM)
    demo.make_agency("H98", "UBND tỉnh Bình Yên")
    client.force_login(world["people"]["quan-tri"], backend="django.contrib.auth.backends.ModelBackend")
    unit = Agency.objects.get(code="H99.11")
    address = reverse("agencies-merge", args=[unit.code])
    refused = client.post(address, {"into": "H99.11", "merged_on": "2026-11-20", "reason": "QĐ"})
    assert refused.status_code == 422
    assert "Không hợp nhất được" in refused.content.decode()
    done = client.post(
        address, {"into": "000.00.00.H98", "merged_on": "2026-11-20", "reason": "QĐ 1"}, follow=True
    ).content.decode()
    assert "Đã hợp nhất vào UBND tỉnh Bình Yên, ngày cuối hoạt động 20/11/2026" in done
