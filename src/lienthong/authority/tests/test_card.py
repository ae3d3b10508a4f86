"""The card of a column pair: told in numbers that one can picture, with every signal that was weighed."""

from __future__ import annotations

import math

import pytest

from lienthong.authority import addresses
from lienthong.authority.demo import make_case, make_pair
from lienthong.authority.models import OverlapPair
from lienthong.authority.pages.card import card_of, overlay_of
from lienthong.authority.queries import leading_pair, pairs_of
from lienthong.authority.rules import Share
from lienthong.authority.tests.test_pages import signed_in, text_of
from lienthong.foundation.tracing import carries


def card(case, **kept):
    OverlapPair.objects.filter(case=case).update(**kept)
    leading = leading_pair(pairs_of(case))
    assert leading is not None
    return card_of(case, leading)


@pytest.mark.parametrize(
    ("lower", "higher"), [(1.0, 1.0), (0.96, 0.97), (0.977, 0.031), (0.4, 0.4), (0.002, 0.99)]
)
def test_what_both_hold_lies_in_the_same_place_of_both_bars(lower, higher):
    bars = overlay_of(lower, higher)
    assert bars is not None
    assert bars.common_width / bars.lower_width == pytest.approx(lower, abs=0.03) or bars.lower_width < 5
    assert bars.common_width / bars.higher_width == pytest.approx(higher, abs=0.03) or bars.common_width < 5
    assert bars.higher_start + bars.higher_width == pytest.approx(100, abs=2)
    assert bars.higher_start + bars.common_width == pytest.approx(bars.lower_width, abs=2)


def test_without_anything_in_common_there_is_no_picture():
    assert overlay_of(0.0, 0.0) is overlay_of(None, 0.5) is None


@carries("OVL-05")
def test_the_shares_are_told_in_round_numbers_with_their_interval(world):
    case = make_case(world.local, world.national)
    first, second = card(case).sentences
    assert first == (
        "Cứ 100 giá trị của “ma_xa” trong “Danh mục xã của tỉnh An Lộc” thì khoảng 98 giá trị (từ 95 đến 99) cũng có ở "
        "“Danh mục đơn vị hành chính”."
    )
    assert "Cứ 100 giá trị của “ward_code”" in second
    rare = make_case(
        world.local,
        world.database(world.ministry, "national"),
        make_pair(left_share=Share(0.0021, 0.0021, 0.0021), right_share=Share(0.0, 0.0, 0.0)),
    )
    few, none = card(rare).sentences
    assert "Cứ 1.000 giá trị" in few
    assert "thì 2 giá trị" in few
    assert none.startswith("Không giá trị nào của “ward_code”")


@carries("OVL-05")
def test_whether_the_kept_signals_give_the_kept_score_is_said(world, case):
    assert card(case).adds_up is None
    total = -1.0 + 2.0 * 1.0 - 0.5 * 0.7
    assert card(case, base=-1.0, score=1 / (1 + math.exp(-total))).adds_up is True
    assert card(case, base=-1.0, score=0.5).adds_up is False
    assert card(case, score=0.99997).certainty == "trên 99,9%"


@carries("OVL-05")
def test_every_signal_stands_on_the_page_with_its_weight(world, case):
    OverlapPair.objects.filter(case=case).update(base=-1.0)
    page = text_of(signed_in(world.owner).get(addresses.case_address(case.number)))
    for said in (
        "Cách tính",
        "Cùng quy tắc 5 chữ số",
        "Tên cột khác nhau",
        "-0,35",
        "Mức xuất phát",
        "phần hai bên cùng có",
    ):
        assert said in page, said
    english = text_of(signed_in(world.owner).get(f"/en{addresses.case_address(case.number)}"))
    assert "How this was reckoned" in english


def test_who_said_what_of_a_pair_stands_beside_it(world, case):
    client = signed_in(world.ministry_owner)
    address = f"{addresses.case_address(case.number)}cap/{case.pairs.get().pk}/"
    page = text_of(client.post(address, {"verdict": "same_concept_other_population"}, follow=True))
    assert "Đổi nhận xét" in page
    assert case.pairs.get().verdict_by.full_name in page
