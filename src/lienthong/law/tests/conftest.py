from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps

from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.accounts.models import User
from lienthong.law.commands import load_law


@pytest.fixture
def law(db) -> None:
    """The shipped facts, and the first guess of the holidays."""
    load_law(actor=SYSTEM)


@pytest.fixture
def it_unit() -> Actor:
    return Actor(user_id=None, unit_id="1", roles=frozenset({"it_unit"}), origin="web")


@pytest.fixture
def administrator() -> Actor:
    return Actor(user_id=None, unit_id="1", roles=frozenset({"administrator"}), origin="web")


@pytest.fixture
def head() -> Actor:
    return Actor(user_id=None, unit_id="1", roles=frozenset({"head"}), origin="web")


@pytest.fixture
def as_role(client):
    """Sign in an officer who holds a post in this role; posts are kept by the floor above."""
    agency = apps.get_model("agencies", "Agency").objects.create(
        code="H99", name="UBND tỉnh An Lộc", kind="province"
    )

    def sign_in(role: str):
        officer = User.objects.create_user(role, f"{role}@example.test", "x", full_name="Nguyễn Văn An")
        apps.get_model("agencies", "Post").objects.create(
            person=officer, agency=agency, role=role, valid_from=date(2020, 1, 1)
        )
        client.force_login(officer)
        return client

    return sign_in
