"""The make-believe world of the demo."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from lienthong.agencies import demo
from lienthong.agencies.models import Agency, AgencyKind, FocalAppointment, Post
from lienthong.agencies.queries import focal_officer_of, posts_on, vacant_agencies
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.events.models import Event

pytestmark = pytest.mark.django_db


def test_filling_twice_changes_nothing() -> None:
    world = demo.fill_agencies(SYSTEM)
    before = [model.objects.count() for model in (Agency, User, Post, FocalAppointment, Event)]
    passwords = {person.username: person.demo_password for person in world["people"].values()}
    again = demo.fill_agencies(SYSTEM)
    assert [model.objects.count() for model in (Agency, User, Post, FocalAppointment, Event)] == before
    assert {person.username: person.demo_password for person in again["people"].values()} == passwords
    assert again["actors"] == world["actors"]


def test_somebody_holds_each_role_that_a_person_can_hold() -> None:
    world = demo.fill_agencies(SYSTEM)
    held = {role for actor in world["actors"].values() for role in actor.roles}
    assert held == set(Role) - {Role.CITIZEN, Role.CONSUMER_SYSTEM}
    assert set(world["actors"]) == set(world["people"])
    for person in world["people"].values():
        assert len(person.demo_password) >= 10
        assert authenticate(username=person.username, password=person.demo_password) == person


def test_the_first_agency_is_the_province_that_runs_the_site() -> None:
    demo.fill_agencies(SYSTEM)
    assert Agency.objects.order_by("pk").first().code == "H99"


def test_every_agency_has_a_published_focal_officer() -> None:
    demo.fill_agencies(SYSTEM)
    assert not vacant_agencies().exists()
    for agency in Agency.objects.exclude(kind=AgencyKind.UNIT):
        officer = focal_officer_of(agency)
        assert officer is not None
        assert officer.agency == agency
        assert officer.published_at is not None


def test_the_it_unit_acts_over_the_whole_province_first() -> None:
    world = demo.fill_agencies(SYSTEM)
    posts = posts_on(world["people"]["cntt"].pk, timezone.localdate())
    assert [post.agency.code for post in posts] == ["H99", "H99.05"]
    assert world["actors"]["cntt"].unit_id == str(world["agencies"]["H99"].pk)


def test_no_name_is_taken_for_a_real_ministry() -> None:
    demo.fill_agencies(SYSTEM)
    for agency in Agency.objects.filter(code__startswith="G"):
        assert "trình diễn" in agency.name
        assert "demonstration" in agency.name_en
