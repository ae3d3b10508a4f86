"""Search finds any spelling, shows exact marks first, and leaks nothing."""

from __future__ import annotations

import pytest
from django.db import transaction

from lienthong.foundation.accounts.actor import VISITOR, Actor
from lienthong.foundation.search.commands import index, unindex
from lienthong.foundation.search.queries import called, search

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def entries() -> None:
    index(
        kind="dataset",
        object_id=1,
        title="Danh mục xã, phường",
        summary="Dữ liệu đơn vị hành chính",
        url="/1",
        is_public=True,
        facets={"format": ["csv", "parquet"]},
    )
    index(
        kind="dataset",
        object_id=2,
        title="Dân số theo phuong xa",
        url="/2",
        is_public=True,
        facets={"format": ["csv"]},
    )
    index(kind="database", object_id=3, title="CSDL xã phường của tỉnh", url="/3", units=[7])
    index(
        kind="database",
        object_id=4,
        title="CSDL mật về xã phường",
        url="/4",
        is_public=True,
        units=[7],
        keepers=[9],
    )


@pytest.mark.parametrize("text", ["xa phuong", "XÃ PHƯỜNG", "xã, phường", "phươ", "du lieu don vi"])
def test_any_spelling_finds_it(text: str) -> None:
    assert "/1" in [hit.url for hit in search(text, actor=VISITOR).hits]


def test_hits_with_the_marks_typed_come_first_then_a_line() -> None:
    found = search("phường", actor=VISITOR)
    assert [hit.url for hit in found.hits] == ["/1", "/2"]
    assert found.unmarked_from == 1
    assert search("phuong", actor=VISITOR).unmarked_from is None


def test_each_sees_what_it_may_know_of_also_in_counts() -> None:
    def seen(actor: Actor) -> int:
        return search("xa phuong", actor=actor).total

    assert seen(VISITOR) == 2
    assert seen(Actor(user_id="1", unit_id="7")) == 3
    assert seen(Actor(user_id="1", unit_id="70")) == 2
    assert seen(Actor(user_id="9", unit_id="7")) == 4


def test_facets_count_and_filter() -> None:
    found = search("xa phuong", actor=VISITOR, facets={"format": "parquet"})
    assert [hit.url for hit in found.hits] == ["/1"]
    assert found.facets["format"] == {"csv": 1, "parquet": 1}


@pytest.mark.parametrize("text", ["'", '"', "* OR 1", "a & !b", "NEAR(", "\x00", "😀", "-", "x" * 5000])
def test_no_text_is_a_fault(text: str) -> None:
    search(text, actor=VISITOR)


def test_a_row_that_is_taken_out_or_rolled_back_is_not_found() -> None:
    def enter_and_fail() -> None:
        with transaction.atomic():
            index(kind="dataset", object_id=5, title="Tạm thời", url="/5", is_public=True)
            raise RuntimeError

    unindex("dataset", 1)
    assert "/1" not in [hit.url for hit in search("xa", actor=VISITOR).hits]
    with pytest.raises(RuntimeError):
        enter_and_fail()
    assert search("tam thoi", actor=VISITOR).total == 0


def test_a_renamed_thing_is_found_under_its_new_name_only() -> None:
    index(kind="dataset", object_id=1, title="Bảng giá đất", url="/1", is_public=True)
    assert search("bang gia dat", actor=VISITOR).total == 1
    assert "/1" not in [hit.url for hit in search("danh muc", actor=VISITOR).hits]


@pytest.mark.parametrize("text", ["H99.01", "h99 01", "anloc", "dau-moi@anloc.example", "000.00.01.H99"])
def test_a_code_or_an_address_is_found_by_its_parts(text: str) -> None:
    index(
        kind="office",
        object_id=9,
        title="Sở Nội vụ",
        body="H99.01 000.00.01.H99 dau-moi@anloc.example",
        url="/9",
        is_public=True,
    )
    assert [hit.object_id for hit in search(text, actor=VISITOR).hits] == ["9"]


def test_things_of_a_kind_are_named_whoever_may_see_them_or_said_to_be_too_many() -> None:
    assert sorted(called("xa phuong", kind="database", most=2) or []) == ["3", "4"]
    assert called("xa phuong", kind="database", most=1) is None
    assert called("khong co gi", kind="database", most=1) == []
