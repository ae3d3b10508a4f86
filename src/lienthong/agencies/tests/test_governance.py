"""The set-up of data governance of an agency, from the review of its status to the yearly review (C19)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lienthong.agencies import commands, demo, governance
from lienthong.agencies.errors import (
    BodyUnitOutside,
    CommuneExpected,
    GovernanceAlreadyBegun,
    GovernanceBelongsAbove,
    GovernanceContentMissing,
    GovernanceDateRefused,
    GovernanceIncomplete,
    GovernanceRoleEnded,
    NotTheDataOfficer,
    StewardWithoutBody,
)
from lienthong.agencies.models import (
    Agency,
    AgencyKind,
    GovernanceBodyKind,
    GovernanceCase,
    GovernancePaperKind,
    GovernanceState,
    Work,
)
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed, StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.notices.models import Notice
from lienthong.foundation.tracing import carries
from lienthong.law.commands import load_law
from lienthong.law.models import Parameter
from lienthong.law.queries import clocks_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 1)
PERSON = {
    "full_name": "Đỗ Minh Quân",
    "position": "Phó Chủ tịch UBND tỉnh",
    "phone": "0200 3800 200",
    "email": "quan@anloc.example",
}
DECISION = {"decision_number": "1520/QĐ-UBND", "decision_date": DAY}


@pytest.fixture(autouse=True)
def world(db: None, settings: Any, tmp_path: Path, time_machine: Any) -> None:
    settings.DATA_DIR = tmp_path
    time_machine.move_to("2026-11-19 10:00+07:00", tick=False)
    load_law(actor=SYSTEM)


@pytest.fixture
def police(db: None) -> Agency:
    ministry = demo.make_agency("G98", "Bộ Công an", kind=AgencyKind.MINISTRY)
    return demo.make_agency("G98.40", "Công an tỉnh An Lộc", kind=AgencyKind.UNIT, parent=ministry)


def appoint(agency: Agency, **more: Any) -> Any:
    return commands.appoint_data_officer(actor=SYSTEM, agency=agency, **{**PERSON, **DECISION, **more})


def give(agency: Agency, kind: str, unit: Agency, **more: Any) -> Any:
    return commands.assign_governance_body(
        actor=SYSTEM,
        agency=agency,
        kind=kind,
        unit=unit,
        **{"lead_name": "Lê Hoàng Nam", **DECISION, **more},
    )


def give_all(agency: Agency, unit: Agency, police: Agency | None = None) -> None:
    for kind in GovernanceBodyKind:
        if kind == GovernanceBodyKind.COMPLIANCE and police is not None:
            give(agency, kind, police, is_police=True)
        else:
            give(agency, kind, unit)


def line(agency: Agency, looks_at: str, on: date | None = None) -> Any:
    return governance.governance_of(agency, on).line(looks_at)


def open_acts(case: GovernanceCase) -> set[str]:
    return set(
        Work.objects.filter(
            subject_kind="agencies.governancecase", subject_id=str(case.pk), done_at=None
        ).values_list("act", flat=True)
    )


@carries("GOVF-04", "GOVF-05", "OTH-10")
def test_a_province_goes_the_whole_way(province: Agency, department: Agency, police: Agency) -> None:
    head = demo.make_actor(province, Role.HEAD)
    it_unit = demo.make_actor(province, Role.IT_UNIT)
    case = commands.begin_governance_setup(actor=it_unit, agency=province)
    assert case.anchored_on == date(2026, 9, 14)
    due = {clock.parameter_key: clock.due_on for clock in clocks_of(case)}
    assert due == {
        "governance.status_review": date(2026, 9, 29),
        "governance.phase1.group1": date(2026, 10, 14),
        "governance.phase2.group1": date(2027, 1, 14),
        "steering_committee.setup": date(2026, 1, 31),
    }
    assert open_acts(case) == {"review_governance_status", "set_up_committee"}
    assert line(province, "status_review").state == "late"

    commands.record_status_review(actor=it_unit, case=case, findings="Chưa có bộ phận dữ liệu.")
    case.refresh_from_db()
    assert open_acts(case) == {"appoint_data_officer", "set_up_committee"}
    commands.set_up_steering_committee(
        actor=head, agency=province, leader_name="Phạm Quốc Tuấn", leader_position="Chủ tịch", **DECISION
    )
    commands.appoint_data_officer(actor=head, agency=province, **PERSON, **DECISION)
    case.refresh_from_db()
    assert case.state == GovernanceState.OFFICER_APPOINTED
    assert open_acts(case) == {"complete_governance_bodies"}

    with pytest.raises(GovernanceIncomplete) as refusal:
        commands.confirm_governance_bodies(actor=head, case=case)
    assert "0/5" in refusal.value.text("vi")
    give_all(province, department, police)
    commands.confirm_governance_bodies(actor=head, case=case)

    sent = commands.send_governance_list(actor=it_unit, case=case, letter_number="2210/UBND")
    assert sent.version == 1
    assert [one["name"] for one in sent.content["people"]] == ["Đỗ Minh Quân"]
    assert len(sent.content["bodies"]) == 5
    phase_one = clocks_of(case).get(parameter_key="governance.phase1.group1")
    assert phase_one.outcome == "list_sent"
    assert not phase_one.in_time
    commands.record_governance_training(actor=it_unit, case=case, training="Bốn chuyên đề", trained_people=40)
    assert clocks_of(case).get(parameter_key="governance.phase2.group1").in_time
    commands.put_governance_into_operation(actor=head, case=case)
    case.refresh_from_db()
    assert case.state == GovernanceState.RUNNING
    assert case.review_due_on == date(2027, 11, 19)
    assert open_acts(case) == {"review_governance"}
    assert line(province, "yearly_review").is_met
    assert line(province, "yearly_review", date(2027, 11, 20)).state == "late"
    commands.review_governance(actor=it_unit, case=case, findings="Vận hành ổn định.")
    assert province.governance_papers.filter(kind=GovernancePaperKind.REVIEW).count() == 1


@carries("GOVF-04")
def test_compliance_is_in_house_and_in_a_province_led_by_the_police(
    province: Agency, department: Agency, police: Agency
) -> None:
    case = commands.begin_governance_setup(actor=SYSTEM, agency=province, group=2)
    commands.record_status_review(actor=SYSTEM, case=case, findings="Đủ người.")
    appoint(province)
    give_all(province, department)
    with pytest.raises(GovernanceIncomplete) as refusal:
        commands.confirm_governance_bodies(actor=SYSTEM, case=case)
    assert "Công an cấp tỉnh" in refusal.value.text("vi")
    give(
        province,
        GovernanceBodyKind.COMPLIANCE,
        police,
        is_police=True,
        outsourced=True,
        decision_date=date(2026, 11, 1),
    )
    with pytest.raises(GovernanceIncomplete) as refusal:
        commands.confirm_governance_bodies(actor=SYSTEM, case=case)
    assert "thuê ngoài" in refusal.value.text("vi")
    give(province, GovernanceBodyKind.COMPLIANCE, police, is_police=True, decision_date=date(2026, 11, 10))
    assert (
        commands.confirm_governance_bodies(actor=SYSTEM, case=case).state == GovernanceState.BODIES_COMPLETE
    )
    assert province.governance_bodies.filter(kind=GovernanceBodyKind.COMPLIANCE).count() == 3


@carries("GOVF-04")
def test_a_ministry_needs_no_police_and_a_body_is_an_existing_unit(province: Agency) -> None:
    ministry = demo.make_agency("G97", "Bộ Trình Diễn", kind=AgencyKind.MINISTRY)
    office = demo.make_agency("G97.01", "Cục Chuyển đổi số", kind=AgencyKind.UNIT, parent=ministry)
    give_all(ministry, office)
    assert line(ministry, "compliance_police").state == "none"
    assert line(ministry, "commune_contacts").state == "none"
    assert line(ministry, "five_bodies").is_met
    with pytest.raises(BodyUnitOutside):
        give(ministry, GovernanceBodyKind.GOVERNANCE, province, decision_date=date(2026, 10, 9))
    with pytest.raises(BodyUnitOutside):
        give(
            ministry,
            GovernanceBodyKind.INNOVATION,
            province,
            is_police=True,
            decision_date=date(2026, 10, 9),
        )


@carries("GOVF-05")
def test_one_data_officer_at_any_date_beside_the_focal_officer(province: Agency) -> None:
    focal = demo.make_focal_officer(province)
    first = appoint(province)
    assert governance.governance_of(province).officer == first
    second = appoint(province, full_name="Vũ Thị Thanh", decision_date=date(2026, 11, 2))
    first.refresh_from_db()
    assert first.valid_to == date(2026, 11, 1)
    assert governance.governance_of(province, date(2026, 11, 1)).officer == first
    assert governance.governance_of(province).officer == second
    focal.refresh_from_db()
    assert focal.state == "published"
    with pytest.raises(GovernanceDateRefused):
        appoint(province, decision_date=date(2026, 11, 2))
    with pytest.raises(GovernanceContentMissing) as refusal:
        appoint(province, phone="không có", decision_date=date(2026, 11, 9))
    assert refusal.value.field == "phone"
    commands.end_governance_role(actor=SYSTEM, role=second)
    with pytest.raises(GovernanceRoleEnded):
        commands.end_governance_role(actor=SYSTEM, role=second)


@carries("GOVF-05")
def test_a_steward_reports_to_the_own_head_and_to_the_governance_body(
    province: Agency, department: Agency
) -> None:
    def name() -> Any:
        return commands.name_steward(
            actor=SYSTEM, agency=province, unit=department, scope="Nội vụ", **PERSON, **DECISION
        )

    with pytest.raises(StewardWithoutBody):
        name()
    give(province, GovernanceBodyKind.GOVERNANCE, department)
    steward = name()
    assert steward.own_head == "Người đứng đầu Sở Nội vụ tỉnh An Lộc"
    later = give(province, GovernanceBodyKind.GOVERNANCE, province, decision_date=date(2026, 11, 3))
    steward.refresh_from_db()
    assert steward.body == later
    assert line(province, "stewards").is_met


@carries("GOVF-05")
def test_every_commune_has_a_contact_of_its_own(province: Agency, department: Agency) -> None:
    communes = [
        demo.make_agency(f"H99.5{n}", f"UBND xã {n}", kind=AgencyKind.COMMUNE, parent=province)
        for n in range(2)
    ]
    for unit in communes[:1]:
        commands.name_commune_contact(actor=SYSTEM, agency=province, unit=unit, **PERSON, **DECISION)
    found = line(province, "commune_contacts")
    assert found.state == "failed"
    assert "1/2" in found.found_vi
    assert "UBND xã 1" in found.found_vi
    commands.name_commune_contact(actor=SYSTEM, agency=province, unit=communes[1], **PERSON, **DECISION)
    assert line(province, "commune_contacts").is_met
    with pytest.raises(CommuneExpected):
        commands.name_commune_contact(actor=SYSTEM, agency=province, unit=department, **PERSON, **DECISION)


@carries("GOVF-05", "GOVF-06")
def test_only_the_data_officer_in_person_signs(province: Agency) -> None:
    person = demo.make_person("cdo")
    appoint(province, person=person)
    officer = Actor(user_id=str(person.pk), unit_id=str(province.pk), origin="web")
    head = demo.make_actor(province, Role.HEAD)
    with pytest.raises(NotTheDataOfficer):
        commands.sign_access_paper(actor=head, agency=province, kind="access_matrix", title="Ma trận quyền")
    with pytest.raises(GovernanceContentMissing):
        commands.record_governance_paper(
            actor=head, agency=province, kind="access_matrix", title="Ma trận quyền", dated=DAY, number="1"
        )
    signed = commands.sign_access_paper(
        actor=officer, agency=province, kind="access_matrix", title="Ma trận quyền"
    )
    assert signed.signed_by is not None
    commands.sign_access_paper(actor=officer, agency=province, kind="access_request", title="Đề nghị 01")
    for kind in ("dictionary", "catalogue", "audit_log", "retention"):
        assert "Có" in line(province, "kept_papers").found_vi
        commands.record_governance_paper(
            actor=head, agency=province, kind=kind, title=kind, dated=DAY, kept_at="Kho hồ sơ"
        )
    assert line(province, "kept_papers").is_met
    commands.end_governance_role(
        actor=SYSTEM, role=signed.signed_by, valid_to=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(NotTheDataOfficer):
        commands.sign_access_paper(actor=officer, agency=province, kind="access_request", title="Đề nghị 02")


@carries("GOVF-07", "D278-09")
def test_an_agency_has_one_door_and_a_unit_none(province: Agency, department: Agency) -> None:
    with pytest.raises(GovernanceBelongsAbove):
        commands.record_data_door(actor=SYSTEM, agency=department, platform="LGSP riêng", operator=department)
    with pytest.raises(GovernanceBelongsAbove):
        commands.begin_governance_setup(actor=SYSTEM, agency=department)
    door = commands.record_data_door(
        actor=SYSTEM, agency=province, platform="LDOP An Lộc", operator=department, node="AN-H99"
    )
    assert line(province, "data_door").is_met
    assert not line(province, "agent_node").is_met
    again = commands.record_data_door(
        actor=SYSTEM,
        agency=province,
        platform="LDOP An Lộc",
        operator=department,
        node="AN-H99",
        node_site="Trung tâm dữ liệu tỉnh",
        running_since=DAY,
    )
    assert again.pk == door.pk
    assert line(province, "agent_node").is_met


def test_steps_come_in_order_and_a_set_up_is_begun_once(province: Agency) -> None:
    case = commands.begin_governance_setup(actor=SYSTEM, agency=province)
    with pytest.raises(GovernanceAlreadyBegun):
        commands.begin_governance_setup(actor=SYSTEM, agency=province)
    with pytest.raises(StepNotAllowed):
        commands.send_governance_list(actor=SYSTEM, case=case, letter_number="1")
    with pytest.raises(StepNotAllowed):
        commands.put_governance_into_operation(actor=SYSTEM, case=case)
    with pytest.raises(GovernanceIncomplete):
        commands.review_governance(actor=SYSTEM, case=case, findings="x")
    with pytest.raises(GovernanceDateRefused):
        commands.record_status_review(
            actor=SYSTEM, case=case, findings="x", reviewed_on=timezone.localdate() + timedelta(days=1)
        )
    with pytest.raises(GovernanceContentMissing):
        commands.record_status_review(actor=SYSTEM, case=case, findings="  ")


def test_the_terms_follow_the_law_on_record(province: Agency) -> None:
    Parameter.objects.filter(key="governance.status_review").update(value="20")
    case = commands.begin_governance_setup(actor=SYSTEM, agency=province)
    assert clocks_of(case).get(parameter_key="governance.status_review").due_on == date(2026, 10, 4)


def test_before_the_dispatch_less_is_asked(province: Agency) -> None:
    before = {one.item.looks_at for one in governance.governance_of(province, date(2026, 9, 13)).lines}
    after = {one.item.looks_at for one in governance.governance_of(province, date(2026, 9, 14)).lines}
    assert before == {"committee", "agent_node"}
    assert len(after) == 14
    assert governance.governance_of(province, date(2025, 10, 21)).lines == []


def test_what_was_sent_stays_as_it_was(province: Agency, department: Agency, police: Agency) -> None:
    case = commands.begin_governance_setup(actor=SYSTEM, agency=province)
    commands.record_status_review(actor=SYSTEM, case=case, findings="x")
    appoint(province)
    give_all(province, department, police)
    commands.confirm_governance_bodies(actor=SYSTEM, case=case)
    first = commands.send_governance_list(actor=SYSTEM, case=case, letter_number="1/UBND")
    assert not governance.has_changed_since_sent(governance.governance_of(province))
    appoint(province, full_name="Vũ Thị Thanh", decision_date=date(2026, 11, 2))
    assert governance.has_changed_since_sent(governance.governance_of(province))
    second = commands.send_governance_list(actor=SYSTEM, case=case, letter_number="2/UBND")
    first.refresh_from_db()
    assert (first.version, second.version) == (1, 2)
    assert first.content["people"][0]["name"] == "Đỗ Minh Quân"
    assert second.content["people"][0]["name"] == "Vũ Thị Thanh"


@pytest.mark.django_db(transaction=True)
def test_urging_tells_who_prepares_and_who_decides(province: Agency, neighbour: Agency) -> None:
    head = demo.make_actor(province, Role.HEAD)
    it_unit = demo.make_actor(province, Role.IT_UNIT)
    case = commands.begin_governance_setup(actor=SYSTEM, agency=province)
    with pytest.raises(NotAllowed):
        commands.urge_governance_setup(actor=demo.make_actor(neighbour, Role.HEAD), case=case)
    with pytest.raises(NotAllowed):
        commands.urge_governance_setup(actor=it_unit, case=case)
    ministry = demo.make_actor(neighbour, Role.COORDINATING_MINISTRY)
    assert commands.urge_governance_setup(actor=ministry, case=case).times_urged == 1
    told = set(Notice.objects.values_list("person_id", flat=True))
    assert {int(head.user_id or 0), int(it_unit.user_id or 0)} <= told
    assert Event.objects.filter(name="agencies.GovernanceUrged").count() == 1


@carries("GOVF-04")
def test_the_list_asks_no_more_questions_for_more_agencies(province: Agency, client: Client) -> None:
    # Given one agency whose set-up has begun, with an officer and a list that was sent
    case = commands.begin_governance_setup(actor=SYSTEM, agency=province)
    appoint(province)
    commands.record_status_review(actor=SYSTEM, case=case, findings="Đã rà soát", reviewed_on=DAY)
    address = reverse("agencies-governance-list-public")

    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            answer = client.get(address)
        assert answer.status_code == 200
        return len(questions)

    asked()
    few = asked()
    # When there are fifteen more
    for place in range(15):
        other = demo.make_agency(f"H{60 + place}", f"UBND tỉnh số {place}", kind=AgencyKind.PROVINCE)
        commands.begin_governance_setup(actor=SYSTEM, agency=other)
        appoint(other, full_name=f"Người {place}")
    # Then the page tells of each what is on record of it alone, in as many questions
    assert asked() == few <= 17
    rows = {row.agency.name: row for row in client.get(address).context["rows"]}
    assert rows["UBND tỉnh số 7"].officer.full_name == "Người 7"
    assert not rows["UBND tỉnh số 7"].line("status_review").is_met
    assert rows[province.name].line("status_review").is_met
    assert rows[province.name].met == governance.governance_of(province).met == rows["UBND tỉnh số 7"].met + 1
