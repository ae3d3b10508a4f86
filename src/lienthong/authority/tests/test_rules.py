"""Whose copy counts, and what is asked of the other."""

from __future__ import annotations

import itertools

import pytest

from lienthong.authority.rules import (
    BLOCKED_SOURCE,
    DO_NOT_COLLECT,
    EQUAL_TIERS,
    LOWER_HIGHER,
    MUST_SYNCHRONISE,
    NAME_AUTHORITY,
    ONE_STORE,
    PRECEDENCE,
    SAME_AGENCY,
    STOP_COLLECTING,
    Proposal,
    Side,
    common_superior,
    in_order,
    needs_authority_first,
    opens_new_case,
    outcome_to_decide,
    propose_outcome,
)
from lienthong.foundation.tracing import carries


class TestPrecedence:
    @carries("OVL-01", "OVL-02", "OVL-04")
    def test_national_sector_ministry_local_internal(self):
        ranks = [Side(tier, "x").rank for tier in ("national", "sector", "ministry", "local", "internal")]
        assert ranks == sorted(set(ranks))

    @pytest.mark.parametrize(("left", "right"), list(itertools.permutations(PRECEDENCE, 2)))
    def test_the_lower_class_comes_first(self, left, right):
        swap, equal = in_order(Side(left, "a"), Side(right, "b"))
        lower = right if swap else left
        assert not equal
        assert PRECEDENCE.index(lower) == max(PRECEDENCE.index(left), PRECEDENCE.index(right))

    @carries("D278-06")
    def test_a_national_master_item_stands_above_every_class(self):
        master = Side("national", "a", is_national_master=True)
        assert in_order(master, Side("national", "b")) == (True, False)


class TestProposal:
    @carries("OVL-04")
    @pytest.mark.parametrize("higher", ["national", "sector", "ministry"])
    def test_an_existing_local_copy_must_synchronise(self, higher):
        found = propose_outcome(Side("local", "tỉnh"), Side(higher, "bộ"))
        assert found == Proposal(MUST_SYNCHRONISE, "OVL-04", LOWER_HIGHER)
        assert found.blocks_lower

    @carries("OVL-03")
    @pytest.mark.parametrize("higher", ["national", "sector", "ministry"])
    def test_what_is_not_built_yet_is_not_collected(self, higher):
        found = propose_outcome(Side("local", "tỉnh", built=False), Side(higher, "bộ"))
        assert found == Proposal(DO_NOT_COLLECT, "OVL-03", LOWER_HIGHER)
        assert outcome_to_decide(found.outcome) == STOP_COLLECTING

    @carries("OVL-02")
    @pytest.mark.parametrize("lower", ["ministry", "sector"])
    def test_a_ministry_or_sector_follows_the_national_database(self, lower):
        found = propose_outcome(Side(lower, "bộ"), Side("national", "bộ khác"))
        assert found == Proposal(MUST_SYNCHRONISE, "OVL-02", LOWER_HIGHER)

    @carries("OVL-01")
    def test_a_ministry_stops_collecting_what_a_sector_collects(self):
        found = propose_outcome(Side("ministry", "bộ"), Side("sector", "bộ khác"))
        assert found == Proposal(STOP_COLLECTING, "OVL-01", LOWER_HIGHER)
        assert outcome_to_decide(found.outcome) == STOP_COLLECTING

    @carries("LDL-04")
    def test_an_internal_copy_is_not_collected_again(self):
        found = propose_outcome(Side("internal", "sở"), Side("local", "tỉnh"))
        assert (found.outcome, found.requirement) == (MUST_SYNCHRONISE, "LDL-04")

    @pytest.mark.parametrize("tier", PRECEDENCE)
    def test_equal_classes_wait_for_an_authority_and_block_nobody(self, tier):
        found = propose_outcome(Side(tier, "một"), Side(tier, "hai"))
        assert (found.outcome, found.pair_class) == (NAME_AUTHORITY, EQUAL_TIERS)
        assert not found.blocks_lower
        assert needs_authority_first(found.outcome)
        assert outcome_to_decide(found.outcome) == ""

    @carries("D224-05")
    def test_two_stores_of_one_agency_become_one(self):
        found = propose_outcome(Side("local", "một"), Side("local", "một"))
        assert found == Proposal(ONE_STORE, "D224-05", SAME_AGENCY)
        assert not found.blocks_lower

    @carries("D278-06")
    def test_two_sources_of_one_national_master_item_are_blocked(self):
        sides = [Side("national", agency, is_national_master=True) for agency in ("một", "hai")]
        assert propose_outcome(*sides).outcome == BLOCKED_SOURCE

    def test_the_order_of_the_sides_matters(self):
        with pytest.raises(ValueError, match="outranks"):
            propose_outcome(Side("national", "bộ"), Side("local", "tỉnh"))


class TestNewCase:
    KNOWN = ("DAN_CU", "SO_GT", "khaisinh", "ma_dinh_danh")

    @carries("OVL-05")
    def test_columns_settled_before_open_nothing(self):
        assert not opens_new_case([self.KNOWN], [self.KNOWN])

    @carries("OVL-05")
    def test_one_more_pair_of_columns_opens_a_case(self):
        assert opens_new_case([self.KNOWN, ("DAN_CU", "HO_TEN", "khaisinh", "ho_ten")], [self.KNOWN])


class TestCommonSuperior:
    @pytest.mark.parametrize(
        ("left", "right", "expected"),
        [("/1/5/", "/1/6/", 1), ("/1/5/8/", "/1/5/9/", 5), ("/1/", "/2/", None), ("/1/5/", "/1/5/", 5)],
    )
    def test_the_nearest_unit_above_both(self, left, right, expected):
        assert common_superior(left, right) == expected
