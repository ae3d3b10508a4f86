"""Accounts are opened, given passwords and closed."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.commands import disable_account, give_password, open_account
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import InputRefused, NotAllowed, NotFound

pytestmark = pytest.mark.django_db

HERE = Actor(origin="cli")
GOOD = "con-ngua-o-dong-noi"


def opened(**changed) -> User:
    given = {"username": "hoa", "full_name": "Nguyễn Thị Hoa", "password": GOOD}
    return open_account(actor=HERE, **(given | changed))


def test_an_account_signs_in_and_may_do_nothing():
    account = opened(email="hoa@tinh.gov.vn")
    assert authenticate(username="hoa", password=GOOD) == account
    assert not account.is_staff
    assert not account.is_superuser


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"username": "có dấu cách"}, "letters, digits"),
        ({"username": ""}, "letters, digits"),
        ({"full_name": "  "}, "missing"),
        ({"email": "khong-phai"}, "not an address"),
        ({"password": "123"}, "too short"),
        ({"password": "hoa1234567", "username": "hoa1234567"}, "too similar"),
    ],
)
def test_what_cannot_be_an_account_is_refused_in_both_languages(changed, why):
    with pytest.raises(InputRefused) as refused:
        opened(**changed)
    assert why in refused.value.text("en")
    assert why not in refused.value.text("vi")
    assert not User.objects.exists()


def test_a_user_name_is_taken_in_whichever_case():
    opened()
    with pytest.raises(InputRefused, match="taken"):
        opened(username="HOA")


def test_a_new_password_replaces_the_old_and_the_printed_one():
    account = opened()
    User.objects.update(demo_password=GOOD)
    give_password(actor=HERE, username="hoa", password="mat-khau-moi-cua-hoa")
    account.refresh_from_db()
    assert account.demo_password == ""
    assert authenticate(username="hoa", password=GOOD) is None
    assert authenticate(username="hoa", password="mat-khau-moi-cua-hoa") == account


def test_a_closed_account_signs_in_no_more():
    opened()
    disable_account(actor=HERE, username="hoa")
    assert authenticate(username="hoa", password=GOOD) is None
    with pytest.raises(NotFound):
        disable_account(actor=HERE, username="hoang")


def test_nobody_keeps_accounts_through_another_door():
    with pytest.raises(NotAllowed):
        open_account(actor=Actor(user_id="1", origin="web"), username="hoa", full_name="Hoa", password=GOOD)
