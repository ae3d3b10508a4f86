from __future__ import annotations

import pytest

from lienthong.foundation.accounts.actor import SYSTEM, Actor
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
