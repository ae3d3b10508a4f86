"""Doors: public, signed in, by role; closed without a rule."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import for_roles, open_to_all, rule_of, signed_in
from lienthong.foundation.errors import NotAllowed


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def asked(user: object, actor: Actor) -> HttpRequest:
    request = RequestFactory().get("/lam-viec/?x=1")
    request.user = user  # type: ignore[assignment]
    request.actor = actor  # type: ignore[attr-defined]
    return request


class Person:
    is_authenticated = True


def test_a_visitor_is_sent_to_sign_in_and_comes_back() -> None:
    answer = signed_in(page)(asked(AnonymousUser(), Actor(origin="web")))
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=%2Flam-viec%2F%3Fx%3D1")


def test_a_role_opens_its_door_and_no_other() -> None:
    guarded = for_roles("head")(page)
    assert guarded(asked(Person(), Actor(user_id="1", roles=frozenset({"head"})))).content == b"in"
    with pytest.raises(NotAllowed):
        guarded(asked(Person(), Actor(user_id="1", roles=frozenset({"administrator"}))))


def test_every_door_says_its_rule() -> None:
    assert rule_of(page) is None
    assert rule_of(open_to_all(lambda request: HttpResponse())) == "open to all"
    assert rule_of(for_roles("b", "a")(page)) == "a, b"
