from __future__ import annotations

import pytest

from lienthong.agencies.roles import Role
from lienthong.catalogue import commands, queries
from lienthong.catalogue.demo import make_database, make_dataset, make_described_database
from lienthong.catalogue.indexing import search_rows
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import NotFound
from lienthong.foundation.search.models import Entry
from lienthong.foundation.search.queries import search

pytestmark = pytest.mark.both_databases

NAMES = ["Ẩm thực", "Dân cư", "Đất đai", "Đoàn viên", "Hộ tịch", "Ỷ Lan"]


@pytest.fixture
def many(world):
    return [make_database(world.justice, name=name) for name in reversed(NAMES)]


def names(page):
    return [database.name for database in page.items]


def test_pages_follow_the_vietnamese_order_in_both_directions(world, many):
    first = queries.databases_page(world.owner, limit=2)
    assert (names(first), first.total, first.before) == (NAMES[:2], 6, None)
    second = queries.databases_page(world.owner, limit=2, after=first.after)
    assert names(second) == NAMES[2:4]
    third = queries.databases_page(world.owner, limit=2, after=second.after)
    assert (names(third), third.after) == (NAMES[4:], None)
    back = queries.databases_page(world.owner, limit=2, before=third.before)
    assert names(back) == NAMES[2:4]
    assert names(queries.databases_page(world.owner, limit=2, before=back.before)) == NAMES[:2]
    assert names(queries.databases_page(world.owner, limit=2, after="KHONG-CO")) == NAMES[:2]


def test_a_page_costs_the_same_number_of_queries_at_any_depth(world, many, django_assert_num_queries):
    owner = world.owner
    for place in (1, 4):
        with django_assert_num_queries(6):
            queries.databases_page(owner, limit=2, after=many[place].code)
    with django_assert_num_queries(5):
        queries.databases_page(owner, limit=50)


def test_names_and_codes_are_found_in_any_spelling(world, many):
    for text in ("DAT DAI", "đất", "dai dat", "H99.07.DB04"):
        assert names(queries.databases_page(world.owner, text=text)) == ["Đất đai"]
    assert names(queries.databases_page(world.owner, text="đất lan")) == []


def test_the_file_of_a_database_says_how_far_it_is(world):
    database = make_described_database(world.justice)
    make_dataset(database)
    found = queries.file_of_database(world.owner, database)
    assert (found.counts.tables, found.counts.fields, found.counts.waiting) == (1, 4, 0)
    assert found.is_described
    assert found.may_work
    assert len(found.datasets) == 1
    assert found.history[0].name == "catalogue.FieldsConfirmed"
    reader = queries.file_of_database(world.actor(world.ministry, Role.COORDINATING_MINISTRY), database)
    assert not reader.may_work


def test_what_is_due_goes_to_whoever_can_do_it(world):
    database = make_database(world.province, managing_unit=world.justice)
    assert queries.responsible_for(database) == (world.justice, Role.DATABASE_OWNER)
    world.head
    assert queries.responsible_for(database) == (world.province, Role.HEAD)
    world.actor(world.province, Role.IT_UNIT)
    assert queries.responsible_for(database) == (world.province, Role.IT_UNIT)
    world.actor(world.province, Role.DATABASE_OWNER)
    assert queries.responsible_for(database) == (world.province, Role.DATABASE_OWNER)
    world.owner
    assert queries.responsible_for(database) == (world.justice, Role.DATABASE_OWNER)
    database.is_secret = True
    assert queries.responsible_for(database) == (world.province, Role.SECRETS_KEEPER)


def test_the_next_code_of_a_unit_is_free(world):
    assert queries.free_code(world.justice) == "H99.07.DB01"
    make_database(world.justice)
    assert queries.free_code(world.justice) == "H99.07.DB02"


def test_who_registers_for_whom(world):
    owner = queries.registering_agencies(world.owner)
    assert set(owner.owners) == {world.province, world.justice}
    assert set(owner.units) == {world.justice}
    head = queries.registering_agencies(world.head)
    assert set(head.units) == {world.province, world.justice, world.health}


def test_a_catalogue_that_is_not_there_is_said(world):
    for version in (None, 1):
        with pytest.raises(NotFound):
            queries.catalogue_version("H99", version)
    assert queries.latest_catalogues() == []


def test_the_search_finds_what_each_may_know_of(world):
    database = make_described_database(world.justice, name="CSDL đất đai")
    Entry.objects.all().delete()
    assert search_rows() == 1
    assert [hit.title for hit in search("dat dai", actor=world.owner).hits] == ["CSDL đất đai"]
    assert search("dat dai", actor=world.actor(world.health, Role.DATABASE_OWNER)).total == 0
    commands.mark_secret(actor=world.keeper, database=database, reason="r")
    search_rows()
    for actor in (world.owner, world.keeper, SYSTEM):
        assert search("dat dai", actor=actor).total == 0
