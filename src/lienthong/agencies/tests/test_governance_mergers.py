"""What a merged agency or unit carried in data governance goes along or ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.agencies import commands, demo
from lienthong.agencies.models import Agency, AgencyKind, GovernanceRole, Work
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries
from lienthong.law.commands import load_law
from lienthong.law.models import Clock

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 1)
DECISION = {"decision_number": "17/QĐ-UBND", "decision_date": date(2026, 10, 5)}


def person(name: str) -> dict[str, str]:
    return {
        "full_name": name,
        "position": "Chuyên viên",
        "phone": "0200 3800 501",
        "email": "x@anloc.example",
    }


def commune(province: Agency, number: int) -> Agency:
    return demo.make_agency(f"H99.6{number}", f"UBND xã {number}", kind=AgencyKind.COMMUNE, parent=province)


def contact(province: Agency, unit: Agency, name: str) -> GovernanceRole:
    return commands.name_commune_contact(actor=SYSTEM, agency=province, unit=unit, **person(name), **DECISION)


def merged(former: Agency, into: Agency) -> None:
    commands.merge_agency(actor=SYSTEM, agency=former, into=into, merged_on=DAY)
    for _twice in range(2):
        commands.hand_over_governance(former_id=former.pk, successor_id=into.pk, merged_on=DAY)


@carries("GOVF-05", "GOVF-13")
def test_a_commune_keeps_one_contact_and_takes_one_over_where_it_had_none(province: Agency) -> None:
    first, second, third, fourth = (commune(province, n) for n in range(4))
    ends, stays = contact(province, first, "Lại Văn Thịnh"), contact(province, second, "Vũ Thị Ngát")
    moves = contact(province, third, "Đàm Thị Ửng")

    merged(first, second)
    merged(third, fourth)

    for role in (ends, stays, moves):
        role.refresh_from_db()
    assert (ends.valid_to, ends.unit) == (DAY, first)
    assert (stays.valid_to, stays.unit) == (None, second)
    assert (moves.valid_to, moves.unit) == (None, fourth)
    told = Event.objects.filter(name="agencies.GovernanceHandedOver")
    assert {(event.payload["moved"], event.payload["ended"]) for event in told} == {(0, 1), (1, 0)}


@carries("GOVF-04", "GOVF-05")
def test_bodies_and_stewards_of_a_merged_department_go_to_the_one_that_received_it(
    province: Agency, department: Agency
) -> None:
    other = demo.make_agency(
        "H99.05", "Sở Khoa học và Công nghệ", kind=AgencyKind.DEPARTMENT, parent=province
    )
    body = commands.assign_governance_body(
        actor=SYSTEM,
        agency=province,
        kind="governance",
        unit=department,
        lead_name="Lê Hoàng Nam",
        **DECISION,
    )
    steward = commands.name_steward(
        actor=SYSTEM, agency=province, unit=department, scope="Nội vụ", **person("Trần Văn Bình"), **DECISION
    )
    commands.record_data_door(actor=SYSTEM, agency=province, platform="LDOP", operator=department)

    merged(department, other)

    body.refresh_from_db()
    steward.refresh_from_db()
    assert (body.unit, body.valid_to) == (other, None)
    assert (steward.unit, steward.agency, steward.valid_to) == (other, province, None)
    assert province.data_doors.get().operator == other


@carries("GOVF-04", "GOVF-05")
def test_the_set_up_of_a_merged_province_is_over_and_its_stewards_go_along(
    province: Agency, department: Agency, neighbour: Agency, data_law: Any
) -> None:
    case = commands.begin_governance_setup(actor=SYSTEM, agency=province)
    officer = commands.appoint_data_officer(
        actor=SYSTEM, agency=province, **person("Lê Hoàng Nam"), **DECISION
    )
    body = commands.assign_governance_body(
        actor=SYSTEM, agency=province, kind="governance", unit=department, lead_name="A", **DECISION
    )
    steward = commands.name_steward(
        actor=SYSTEM, agency=province, unit=department, scope="Nội vụ", **person("Trần Văn Bình"), **DECISION
    )

    merged(province, neighbour)

    for record in (officer, body, steward):
        record.refresh_from_db()
    assert (officer.valid_to, body.valid_to) == (DAY, DAY)
    assert (steward.agency, steward.unit, steward.body, steward.valid_to) == (
        neighbour,
        department,
        None,
        None,
    )
    assert not Clock.objects.filter(subject_id=str(case.pk), stopped_at__isnull=True).exists()
    assert not Work.objects.filter(subject_kind="agencies.governancecase", done_at__isnull=True).exists()


@pytest.fixture
def data_law(db: None) -> None:
    load_law()
