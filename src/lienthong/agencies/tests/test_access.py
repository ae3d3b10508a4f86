"""Who may do what: every command, every role, in the own unit, below it and elsewhere. Everything else is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from lienthong.agencies import commands, demo
from lienthong.agencies.access import may_see_file
from lienthong.agencies.models import Agency, AgencyKind
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, VISITOR, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.papers.kinds import paper_kinds
from lienthong.foundation.papers.word import default_template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


OWN, ABOVE, ELSEWHERE = "own", "above", "elsewhere"
EVERYWHERE = frozenset({OWN, ABOVE, ELSEWHERE})
REACHED = frozenset({OWN, ABOVE})
ADMINISTERED = {Role.ADMINISTRATOR: EVERYWHERE}
PROPOSED = {Role.IT_UNIT: REACHED, Role.HEAD: REACHED}
DECIDED = {Role.HEAD: REACHED}

NOMINEE = {
    "full_name": "Lý Thị Kim Oanh",
    "position": "Chuyên viên",
    "function": "Đầu mối dữ liệu",
    "phone": "0200 3800 100",
    "email": "oanh@anloc.example",
    "professional_field": "Lưu trữ",
    "capability": "Tham mưu quản trị dữ liệu",
}
DECISION = {
    "decision_number": "1/QĐ",
    "decision_date": date(2025, 8, 1),
    "duties": "Theo dõi",
    "powers": "Yêu cầu cung cấp",
}


def nominated(agency: Agency) -> Any:
    waiting = agency.focal_appointments.filter(state="nominated").first()
    return waiting or commands.nominate_focal_officer(actor=SYSTEM, agency=agency, **NOMINEE)


def post_of_somebody(agency: Agency) -> Any:
    return demo.make_post(demo.make_person("ai-do"), agency, Role.DATABASE_OWNER)


def a_list() -> Any:
    return SimpleUploadedFile("ds.csv", "Mã định danh,Tên đơn vị\nH97,UBND tỉnh X\n".encode())


# Command, who may give it where, and how to give it.
MATRIX: dict[str, tuple[dict[str, frozenset[str]], Callable[[Actor, Agency], Any]]] = {
    "found_agency": (
        ADMINISTERED,
        lambda actor, unit: commands.found_agency(
            actor=actor, code=f"{unit.code}.77", name="Chi cục X", kind="unit", parent=unit
        ),
    ),
    "make_administrator": (
        ADMINISTERED,
        lambda actor, unit: commands.make_administrator(
            actor=actor, username=demo.make_person("ai-do").username, agency_code=unit.code
        ),
    ),
    "hand_in_roster": (
        ADMINISTERED,
        lambda actor, unit: commands.hand_in_roster(actor=actor, upload=a_list()),
    ),
    "take_over_roster": (
        ADMINISTERED,
        lambda actor, unit: commands.take_over_roster(
            actor=actor, file=commands.hand_in_roster(actor=SYSTEM, upload=a_list()), dry_run=True
        ),
    ),
    "merge_agency": (
        ADMINISTERED,
        lambda actor, unit: commands.merge_agency(
            actor=actor, agency=unit, into=demo.make_agency("H96", "UBND tỉnh Tiếp Nhận")
        ),
    ),
    "rename_agency": (
        ADMINISTERED,
        lambda actor, unit: commands.rename_agency(actor=actor, agency=unit, name="Tên mới"),
    ),
    "correct_agency_contact": (
        ADMINISTERED,
        lambda actor, unit: commands.correct_agency_contact(actor=actor, agency=unit, phone="0200 1"),
    ),
    "close_agency": (ADMINISTERED, lambda actor, unit: commands.close_agency(actor=actor, agency=unit)),
    "place_layout": (
        PROPOSED,
        lambda actor, unit: commands.place_layout(
            actor=actor, agency=unit, kind=paper_kinds()[0], name="mau.docx", content=default_template()
        ),
    ),
    "withdraw_layout": (
        PROPOSED,
        lambda actor, unit: commands.withdraw_layout(actor=actor, agency=unit, kind=paper_kinds()[0]),
    ),
    "add_identifier_code": (
        ADMINISTERED,
        lambda actor, unit: commands.add_identifier_code(actor=actor, agency=unit, code="Z99X"),
    ),
    "assign_post": (
        ADMINISTERED,
        lambda actor, unit: commands.assign_post(
            actor=actor, person=demo.make_person("ai-do"), agency=unit, role=Role.DATABASE_OWNER
        ),
    ),
    "end_post": (
        ADMINISTERED,
        lambda actor, unit: commands.end_post(actor=actor, post=post_of_somebody(unit)),
    ),
    "nominate_focal_officer": (
        PROPOSED,
        lambda actor, unit: commands.nominate_focal_officer(actor=actor, agency=unit, **NOMINEE),
    ),
    "withdraw_focal_nomination": (
        PROPOSED,
        lambda actor, unit: commands.withdraw_focal_nomination(actor=actor, appointment=nominated(unit)),
    ),
    "appoint_focal_officer": (
        DECIDED,
        lambda actor, unit: commands.appoint_focal_officer(
            actor=actor, appointment=nominated(unit), **DECISION
        ),
    ),
    "publish_focal_officer": (
        PROPOSED,
        lambda actor, unit: commands.publish_focal_officer(
            actor=actor, appointment=demo.make_focal_officer(unit, published=False)
        ),
    ),
    "confirm_focal_contact": (
        PROPOSED,
        lambda actor, unit: commands.confirm_focal_contact(
            actor=actor, appointment=demo.make_focal_officer(unit)
        ),
    ),
    "end_focal_officer": (
        DECIDED,
        lambda actor, unit: commands.end_focal_officer(
            actor=actor, appointment=demo.make_focal_officer(unit)
        ),
    ),
}
# The post must be one's own; work is opened and finished by commands that have asked; anybody may ask the focal
# officer, and who answers is tried in `test_questions`; each side of a matter speaks for itself (`test_cooperation`);
# data governance is tried by the table of `tests/access`; a post is delegated by its holder (`test_delegation`).
ELSEWHERE_TRIED = {
    "answer_cooperation",
    "ask_for_cooperation",
    "ask_further",
    "close_cooperation",
    "withdraw_cooperation",
    "answer_question",
    "ask_focal_officer",
    "sign_access_paper",
    "begin_governance_setup",
    "record_status_review",
    "confirm_governance_bodies",
    "send_governance_list",
    "record_governance_training",
    "put_governance_into_operation",
    "review_governance",
    "urge_governance_setup",
    "appoint_data_officer",
    "name_steward",
    "name_commune_contact",
    "end_governance_role",
    "assign_governance_body",
    "end_governance_body",
    "set_up_steering_committee",
    "record_data_door",
    "record_governance_paper",
    "delegate_post",
    "register_code_scheme",
    "correct_code_scheme",
    "end_code_scheme",
    "end_delegation",
    "choose_post",
    "finish_work",
    "follow_clock",
    "forget_work",
    "open_work",
    "raise_focal_alarms",
}


def test_the_matrix_names_every_command() -> None:
    assert set(MATRIX) | ELSEWHERE_TRIED == set(commands.__all__)


@pytest.fixture
def places(db: None) -> dict[str, Agency]:
    """A department, the province above it, and a province elsewhere."""
    province = demo.make_agency("H99", "UBND tỉnh An Lộc")
    unit = demo.make_agency("H99.01", "Sở Nội vụ", kind=AgencyKind.DEPARTMENT, parent=province)
    demo.make_actor(province, Role.ADMINISTRATOR, username="quan-tri-khac")
    return {OWN: unit, ABOVE: province, ELSEWHERE: demo.make_agency("H98", "UBND tỉnh Bình Yên")}


@pytest.mark.parametrize("command", sorted(MATRIX))
def test_a_command_is_given_by_those_whom_the_matrix_names(command: str, places: dict[str, Agency]) -> None:
    allowed, give = MATRIX[command]
    actors = {(role, place): demo.make_actor(places[place], role) for role in Role for place in places}
    given = set()
    for who, actor in actors.items():
        save = transaction.savepoint()
        try:
            give(actor, places[OWN])
        except NotAllowed:
            assert not Event.objects.filter(user_id=actor.user_id).exists()
        else:
            given.add(who)
        transaction.savepoint_rollback(save)
    assert given == {(role, place) for role, reached in allowed.items() for place in reached}


@pytest.mark.parametrize("command", sorted(MATRIX))
def test_a_visitor_and_a_person_without_post_are_refused(command: str) -> None:
    unit = demo.make_agency("H99", "UBND tỉnh An Lộc")
    demo.make_actor(unit, Role.ADMINISTRATOR)
    for actor in (VISITOR, Actor(user_id=str(demo.make_person("khong-vai-tro").pk), origin="web")):
        with pytest.raises(NotAllowed):
            MATRIX[command][1](actor, unit)


def test_the_officer_confirms_his_own_contact_and_no_other(province: Agency, neighbour: Agency) -> None:
    person = demo.make_person("ha", "Nguyễn Thị Thu Hà")
    own = demo.make_focal_officer(province, person=person)
    other = demo.make_focal_officer(neighbour)
    actor = Actor(user_id=str(person.pk), unit_id=str(province.pk), roles=frozenset({Role.FOCAL_OFFICER}))
    assert commands.confirm_focal_contact(actor=actor, appointment=own).is_reconfirmed
    with pytest.raises(NotAllowed):
        commands.confirm_focal_contact(actor=actor, appointment=other)


SEES = {
    Role.ADMINISTRATOR: EVERYWHERE,
    Role.COORDINATING_MINISTRY: EVERYWHERE,
    Role.HEAD: REACHED,
    Role.IT_UNIT: REACHED,
}


def test_the_file_of_an_agency_is_seen_by_its_own_and_those_above(places: dict[str, Agency]) -> None:
    for role in Role:
        for place, where in places.items():
            actor = demo.make_actor(where, role)
            expected = place in SEES.get(role, frozenset({OWN}))
            assert may_see_file(actor, places[OWN]) == expected, (role, place)


def test_nobody_sees_a_file_without_a_post(province: Agency) -> None:
    assert not may_see_file(VISITOR, province)
