"""What becomes of a case when one of its sides is made a secret, and when it is one no longer."""

from __future__ import annotations

import pytest

from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.models import Outcome
from lienthong.authority.queries import (
    STILL_COLLECTING,
    UNDECIDED_HOLD,
    cases_of,
    decision_clock,
    undecided_cases_of,
)
from lienthong.authority.tests.conftest import codes, decide, due_on_cases
from lienthong.catalogue.commands import mark_secret, unmark_secret
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.search.queries import search
from lienthong.foundation.tracing import carries


@pytest.mark.both_databases
class TestSecrecy:
    """A side that becomes a secret leaves no trace with the other: no hold, no due act, no case."""

    @pytest.fixture
    def keeper(self, world):
        return world.actor(world.ministry, Role.SECRETS_KEEPER)

    @carries("SEC-01")
    def test_the_other_side_is_freed_and_asked_again_when_it_is_over(self, world, case, keeper):
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        assert commands.set_aside_cases(actor=SYSTEM, database=world.national) == 1
        assert not open_holds(world.local).exists()
        assert not due_on_cases().exists()
        assert not cases_of(world.local).exists()
        assert not undecided_cases_of(world.local).exists()
        unmark_secret(actor=keeper, database=world.national, reason="Quyết định 2")
        assert commands.take_up_cases(actor=SYSTEM, database=world.national) == 1
        assert codes(world.local, "declare") == {UNDECIDED_HOLD}
        assert due_on_cases().get().act == "decide"
        assert decision_clock(case) is not None

    @carries("SEC-01")
    def test_the_case_is_found_by_both_sides_and_by_nobody_once_a_side_is_secret(self, world, case, keeper):
        def finders() -> list[str]:
            people = ("owner", "head", "ministry_owner", "stranger")
            return [who for who in people if search(case.number, actor=getattr(world, who)).total]

        assert finders() == ["owner", "head", "ministry_owner"]
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        commands.set_aside_cases(actor=SYSTEM, database=world.national)
        assert finders() == []

    @carries("SEC-01")
    def test_what_was_decided_goes_on_where_it_was(self, world, case, keeper):
        decide(world, case, Outcome.STOP_COLLECTING)
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        commands.set_aside_cases(actor=SYSTEM, database=world.national)
        assert not open_holds(world.local).exists()
        unmark_secret(actor=keeper, database=world.national, reason="Quyết định 2")
        commands.take_up_cases(actor=SYSTEM, database=world.national)
        assert codes(world.local, "go_live") == {STILL_COLLECTING}
        assert due_on_cases().get().act == "stop_collecting"
