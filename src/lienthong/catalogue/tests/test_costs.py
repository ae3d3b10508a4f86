"""What the pages of databases ask of the database server: as much for many databases as for few."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.agencies.roles import Role
from lienthong.catalogue import commands, queries
from lienthong.catalogue.access import databases_in_parts, databases_visible_to, may_know_of
from lienthong.catalogue.demo import make_database, make_described_database
from lienthong.catalogue.models import Database, IssuedCatalogue, IssuedEntry
from lienthong.foundation.accounts.models import User

# The most queries of a page; a page may be made cheaper, never dearer unseen.
MOST = {
    "/lam-viec/csdl/": 11,
    "/lam-viec/csdl/?sau=H99.07.A01": 12,
    "/lam-viec/csdl/?loai=local&danh-muc=not_declared": 11,
    "/lam-viec/csdl/?q=ho tich": 13,
    "/lam-viec/tim/?q=ho tich": 13,
    "/lam-viec/csdl/H99.07.A01/": 34,
    "/lam-viec/csdl/H99.07.A01/cot/": 16,
    "/danh-muc/": 8,
    "/danh-muc/H99/1/": 14,
    "/tim-kiem/?q=ho tich": 12,
}


@pytest.fixture
def asked(client, world):
    """How many queries each page makes; signed in on the desk as the IT unit of the province."""
    officer = world.actor(world.province, Role.IT_UNIT)

    def ask():
        found = {}
        client.force_login(User.objects.get(pk=officer.user_id))
        for address in MOST:
            client.get(address)
            with CaptureQueriesContext(connection) as made:
                assert client.get(address).status_code == 200
            found[address] = len(made)
        return found

    return ask


def issue(world, number):
    for database in Database.objects.filter(entry_state="not_declared", tables__isnull=False).distinct():
        commands.declare_entry(actor=world.owner, database=database)
    commands.issue_catalogue(
        actor=world.head, agency=world.province, decision_number=number, decision_date=date(2026, 1, 5)
    )


def test_a_page_asks_as_much_for_many_databases_as_for_few(world, asked):
    make_described_database(world.justice, code="H99.07.A01", name="CSDL hộ tịch")
    make_database(world.justice, code="H99.07.A02", name="CSDL hộ tịch cũ")
    issue(world, "1/QĐ")
    few = asked()
    for place in range(12):
        make_database(world.justice, code=f"H99.07.B{place:02d}", name=f"CSDL hộ tịch số {place}")
    assert asked() == few
    assert {address: few[address] for address in MOST if few[address] > MOST[address]} == {}


def test_the_list_counts_so_far_and_says_that_there_are_more(world, monkeypatch):
    for place in range(4):
        make_database(world.justice, code=f"H99.07.B{place:02d}", name=f"CSDL {place}")
    monkeypatch.setattr(queries, "COUNTED", 3)
    page = queries.databases_page(world.owner, limit=2)
    assert (page.total, page.more_than_counted, len(page.items)) == (3, True, 2)


@pytest.mark.parametrize("few", [500, 1])
def test_words_find_the_same_whether_hits_are_few_or_many(world, monkeypatch, few):
    monkeypatch.setattr(queries, "FEW", few)
    for place, name in enumerate(["CSDL hộ tịch", "CSDL hộ tịch điện tử", "CSDL đất đai"]):
        make_database(world.justice, code=f"H99.07.B{place:02d}", name=name)
    secret = make_database(world.justice, code="H99.07.M01", name="CSDL hộ tịch mật")
    commands.mark_secret(actor=world.keeper, database=secret, reason="r")

    def found(actor, text):
        return [one.name for one in queries.databases_page(actor, text=text).items]

    assert found(world.owner, "ho tich") == ["CSDL hộ tịch", "CSDL hộ tịch điện tử"]
    assert found(world.owner, "h99.07.b02") == ["CSDL đất đai"]
    assert found(world.actor(world.health, Role.DATABASE_OWNER), "ho tich") == []
    assert "CSDL hộ tịch mật" in found(world.keeper, "ho tich")
    assert found(world.owner, "…") == []


def test_a_long_catalogue_is_shown_in_pages(world, client):
    make_described_database(world.justice, code="H99.07.A01", name="CSDL hộ tịch")
    issue(world, "1/QĐ")
    catalogue = IssuedCatalogue.objects.get()
    assert catalogue.size == 1
    catalogue.rows.bulk_create(
        IssuedEntry(
            catalogue=catalogue,
            place=place,
            code=f"C{place}",
            entry=catalogue.entries[0] | {"code": f"C{place}"},
        )
        for place in range(1, 45)
    )
    third = client.get("/danh-muc/H99/1/?trang=3").content.decode()
    assert ('id="C44"' in third, 'id="C39"' in third, "trang=2" in third) == (True, False, True)
    for given in ("0", "99999", "x", "²"):
        assert client.get(f"/danh-muc/H99/1/?trang={given}").status_code == 200


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("place", ["province", "justice", "health"])
def test_the_list_holds_what_the_actor_may_open(world, role, place):
    for number in range(2):
        make_database(
            world.province if number else world.justice,
            managing_unit=world.justice,
            code=f"H99.07.B{number:02d}",
        )
    secret = make_database(world.justice, code="H99.07.M01", name="CSDL mật")
    commands.mark_secret(actor=world.keeper, database=secret, reason="r")
    for actor in (
        world.actor(getattr(world, place), role),
        world.actor(world.justice, role, Role.SECRETS_KEEPER),
    ):
        listed = [database for part in databases_in_parts(actor) for database in part]
        assert len(listed) == len(set(listed))
        assert set(listed) == set(databases_visible_to(actor))
        assert set(listed) == {
            database for database in Database.objects.all() if may_know_of(actor, database)
        }
        page = queries.databases_page(actor)
        assert (len(page.items), set(page.items)) == (page.total, set(listed))
