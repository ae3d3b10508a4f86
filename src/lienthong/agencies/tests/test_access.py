"""Who sees the file of an agency, and confirms a contact. Who may give which command is one table: `tests/access/table.yaml`."""

from __future__ import annotations

import pytest

from lienthong.agencies import commands, demo
from lienthong.agencies.access import files_open_to, may_see_file
from lienthong.agencies.models import Agency, AgencyKind
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import VISITOR, Actor
from lienthong.foundation.errors import NotAllowed

pytestmark = pytest.mark.django_db

OWN, ABOVE, ELSEWHERE = "own", "above", "elsewhere"
EVERYWHERE = frozenset({OWN, ABOVE, ELSEWHERE})
REACHED = frozenset({OWN, ABOVE})


@pytest.fixture
def places(db: None) -> dict[str, Agency]:
    """A department, the province above it, and a province elsewhere."""
    province = demo.make_agency("H99", "UBND tỉnh An Lộc")
    unit = demo.make_agency("H99.01", "Sở Nội vụ", kind=AgencyKind.DEPARTMENT, parent=province)
    demo.make_actor(province, Role.ADMINISTRATOR, username="quan-tri-khac")
    return {OWN: unit, ABOVE: province, ELSEWHERE: demo.make_agency("H98", "UBND tỉnh Bình Yên")}


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


def test_the_files_open_to_an_actor_are_those_that_each_may_see(places: dict[str, Agency]) -> None:
    for role in Role:
        for where in places.values():
            actor = demo.make_actor(where, role)
            expected = {one.code for one in places.values() if may_see_file(actor, one)}
            assert files_open_to(actor, places.values()) == expected
    assert files_open_to(VISITOR, places.values()) == set()
