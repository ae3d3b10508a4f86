"""Many databases and columns amended at once, after a trial that tells each row; like names suggested."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from lienthong.agencies.roles import Role
from lienthong.catalogue import commands
from lienthong.catalogue.demo import make_database, make_described_database, make_look
from lienthong.catalogue.duplicates import similar_databases
from lienthong.catalogue.errors import EntryIncomplete
from lienthong.catalogue.governing import class_choices, ended_class
from lienthong.catalogue.governing_errors import SharingClassEnded, UserGroupsMissing
from lienthong.catalogue.models import Database, DataField, IssuedCatalogue
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import InputRefused, NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries

TODAY = date(2026, 11, 20)
CLASSED = {"criticality": "other", "criticality_decision": "12/QĐ", "criticality_date": date(2026, 9, 1)}


class TestManyDatabases:
    @carries("CAT-01", "LDL-07", "GOVF-01")
    def test_each_row_is_tried_and_told_and_a_refused_one_holds_up_no_other(self, world):
        ours = make_database(world.justice, name="CSDL một")
        theirs = make_database(world.health, name="CSDL hai")
        owner = world.owner
        given = {"databases": [ours, theirs], "changes": CLASSED | {"layers": ["master"]}}

        before = Event.objects.count()
        tried = commands.amend_databases(actor=owner, dry_run=True, **given)
        assert (Event.objects.count(), Database.objects.exclude(criticality="").count()) == (before, 0)
        done = commands.amend_databases(actor=owner, **given)

        assert tried == done
        assert [line.verdict for line in done.lines] == ["changed", "refused"]
        assert "mức độ quan trọng" in done.lines[0].said_vi
        ours.refresh_from_db()
        assert (ours.criticality, ours.layers) == ("other", ["master"])
        again = commands.amend_databases(actor=owner, **given)
        assert [line.verdict for line in again.lines] == ["unchanged", "refused"]

    def test_what_cannot_be_said_of_many_is_refused(self, world):
        with pytest.raises(InputRefused):
            commands.amend_databases(
                actor=world.owner, databases=[make_database(world.justice)], changes={"name": "x"}
            )
        with pytest.raises(NotAllowed):
            commands.amend_databases(
                actor=world.actor(world.justice, Role.CONSUMER_OFFICER), databases=[], changes={}
            )

    def test_the_page_shows_what_becomes_of_each_before_it_is_saved(self, world, client):
        make_database(world.justice, name="CSDL một")
        client.force_login(User.objects.get(pk=world.owner.user_id))
        address = reverse("catalogue-databases-bulk")
        assert client.post(address, {"buoc": "thu"}).status_code == 422
        answers = {"chon": [Database.objects.get().code], "core_domain": "person", "buoc": "thu"}

        page = client.post(address, answers).content.decode()
        assert "Sửa miền dữ liệu lõi" in page
        assert Database.objects.get().core_domain == ""

        client.post(address, answers | {"buoc": "luu"})
        assert Database.objects.get().core_domain == "person"


class TestALongList:
    """What was chosen stays chosen over the pages of the list."""

    ADDRESS = "/lam-viec/csdl/sua-hang-loat/"

    @pytest.fixture
    def send(self, world, client):
        one = make_database(world.justice, name="CSDL thứ 00")
        whole = {
            field.name: getattr(one, field.name)
            for field in Database._meta.concrete_fields
            if field.name not in ("id", "code", "name", "sort_key", "folded", "state", "entry_state")
        }
        Database.objects.bulk_create(
            Database(
                code=f"H99.88.DB{place:03d}",
                name=f"CSDL thứ {place:03d}",
                sort_key=f"z{place:03d}",
                folded=f" csdl thu {place:03d} h99 88 db{place:03d} ",
                **whole,
            )
            for place in range(1, 121)
        )
        client.force_login(User.objects.get(pk=world.owner.user_id))

        def sent(page, ticked=(), **given):
            """Send the form of a page as a browser would: its hidden fields, the boxes that are ticked, a button."""
            fields = dict(re.findall(r'<input type="hidden" name="([a-z-]+)" value="([^"]*)"', page))
            answer = client.post(self.ADDRESS, {**fields, **({"chon": ticked} if ticked else {}), **given})
            return answer.content.decode()

        self.first = client.get(self.ADDRESS).content.decode()
        return sent

    def test_pages_are_turned_without_losing_what_was_chosen_or_typed(self, send):
        assert "1-50 trong 121" in self.first
        second = send(self.first, ["H99.88.DB001"], sau="50", reason="Theo Quyết định 12")
        assert "51-100 trong 121" in second
        assert "Đã chọn 1;" in second
        assert 'value="Theo Quyết định 12"' in second
        third = send(second, ["H99.88.DB060"], sau="100", reason="Theo Quyết định 12")
        assert "101-121 trong 121" in third
        back = send(third, sau="0")
        assert re.search(r'value="H99.88.DB001" id="chon-\d+" checked', back)
        # And what is no longer ticked is no longer chosen
        assert "Đã chọn 1;" in send(back, sau="50")

    def test_what_becomes_of_each_has_pages_too_and_saves_all_that_was_chosen(self, send):
        every = send(self.first, buoc="tat-ca")
        assert "Đã chọn 121;" in every
        assert len(re.findall(r'name="chon" value="[^"]+"[^>]*checked', every)) == 50
        # Given that all but two of those chosen are as they would be made
        fields = {"core_domain": "person"}
        Database.objects.exclude(code__in=("H99.88.DB003", "H99.88.DB051")).update(**fields)
        chosen = " ".join(f"H99.88.DB{place:03d}" for place in range(1, 52))
        tried = send(self.first, buoc="thu", **{"da-chon": chosen}, **fields)
        assert "Sửa 2 dòng" in tried
        # What changes comes first
        assert re.findall(r'<td class="code">([^<]+)', tried)[:2] == ["H99.88.DB003", "H99.88.DB051"]
        assert "1-50 trong 51" in tried
        further = send(tried, sau="50", **fields)
        assert "51-51 trong 51" in further
        again = send(further, buoc="lai", **fields)
        assert "Đã chọn 51;" in again
        assert Database.objects.filter(**fields).count() == 119
        send(further, buoc="luu", **fields)
        assert Database.objects.filter(**fields).count() == 121

    def test_a_search_keeps_the_choice_and_may_be_chosen_whole(self, send):
        found = send(self.first, ["H99.88.DB001"], buoc="tim", q="11")
        assert "Đã chọn 1; danh sách có" in found
        every = send(found, buoc="tat-ca", q="11")
        assert "Đã chọn 11;" in every
        assert "Đã chọn 0;" in send(every, buoc="bo-het", q="11")
        assert "Không có mục nào chứa các từ này" in send(every, buoc="tim", q="zzz")

    def test_more_than_may_be_changed_at_once_is_refused_and_stays_chosen(self, send, client):
        chosen = " ".join(f"X{number}" for number in range(201))
        answer = client.post(self.ADDRESS, {"da-chon": chosen, "core_domain": "person", "buoc": "luu"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Đã chọn 201 dòng; mỗi lần sửa nhiều nhất 200 dòng. Chọn ít hơn." in page
        assert "X200" in page
        odd = {"da-chon": "\0 ' -1", "chon": ["\0"], "core_domain": "person", "buoc": "luu", "sau": "\0"}
        assert client.post(self.ADDRESS, odd).status_code == 422


class TestManyColumns:
    @pytest.fixture
    def database(self, world):
        look = make_look(
            columns=[("id", "text"), ("ho_ten", "text"), ("ghi_chu", "text")], primary_key=("id",)
        )
        return make_described_database(world.justice, look=look)

    @carries("CAT-06", "LDL-01", "LDL-02", "LDL-07")
    def test_columns_are_described_alike_and_personal_ones_are_not_opened(self, world, database):
        fields = list(DataField.objects.filter(table__database=database).select_related("table__database"))

        report = commands.amend_fields(
            actor=world.owner,
            database=database,
            fields=fields,
            changes={"sharing_class": "open", "is_original": True, "criticality": "other"},
        )

        told = {line.code.split(".")[1]: line.verdict for line in report.lines}
        assert told == {"id": "changed", "ho_ten": "refused", "ghi_chu": "changed"}
        kept = DataField.objects.get(name="ghi_chu")
        assert (kept.sharing_class, kept.is_original, kept.criticality) == ("open", True, "other")
        assert not DataField.objects.get(name="ho_ten").is_original

    def test_the_page_tries_then_saves(self, world, database, client):
        client.force_login(User.objects.get(pk=world.owner.user_id))
        address = reverse("catalogue-fields-bulk", args=[database.code])
        one = DataField.objects.get(name="ghi_chu")
        answers = {"chon": [str(one.pk)], "sharing_class": "private_use", "buoc": "thu"}
        assert "Sửa nhóm chia sẻ" in client.post(address, answers).content.decode()
        client.post(address, answers | {"buoc": "luu"})
        one.refresh_from_db()
        assert one.sharing_class == "private_use"
        page = client.post(address, {"buoc": "tim", "q": "Ghi chú"}).content.decode()
        assert [name in page for name in ("ghi_chu", "ho_ten")] == [True, False]
        odd = {"chon": ["9" * 40, "-1", "x"], "sharing_class": "private_use", "buoc": "luu"}
        assert client.post(address, odd).status_code == 422


class TestSharingClassByTheLawOfItsDay:
    @pytest.fixture
    def field(self, world):
        database = make_described_database(world.justice)
        return DataField.objects.get(table__database=database, name="ten_xa")

    def classed(self, world, field, sharing_class, day=None, **given):
        return commands.describe_field(
            actor=world.owner,
            field=field,
            title="Tên xã",
            sharing_class=sharing_class,
            classed_on=day,
            **given,
        )

    @carries("LDL-01", "CAT-06")
    @pytest.mark.parametrize(
        ("sharing_class", "day", "refused"),
        [
            ("default", date(2025, 10, 21), False),
            ("default", date(2025, 10, 22), True),
            ("shared", date(2025, 10, 21), True),
            ("shared", date(2025, 10, 22), False),
            ("open", date(2021, 1, 1), False),
            ("default", date(2025, 8, 19), False),
        ],
    )
    def test_a_class_is_one_of_the_law_of_its_day(self, world, field, sharing_class, day, refused):
        if refused:
            with pytest.raises(SharingClassEnded):
                self.classed(world, field, sharing_class, day)
        else:
            assert self.classed(world, field, sharing_class, day).classed_on == day

    @carries("CAT-06")
    def test_a_specific_class_names_its_users(self, world, field):
        with pytest.raises(UserGroupsMissing):
            self.classed(world, field, "specific", date(2024, 1, 1))
        self.classed(world, field, "specific", date(2024, 1, 1), user_groups="Ngành y tế")

    @carries("LDL-01")
    def test_a_class_whose_basis_ended_stays_until_the_owner_chooses(self, world, field):
        self.classed(world, field, "default", date(2024, 1, 1))

        ended = ended_class("default", date(2024, 1, 1), TODAY)
        assert (ended.ended_on, ended.word_vi) == (date(2025, 10, 22), "Chia sẻ mặc định")
        assert ended_class("default", date(2024, 1, 1), date(2025, 10, 21)) is None
        with pytest.raises(EntryIncomplete, match="lost its basis"):
            commands.declare_entry(actor=world.owner, database=field.table.database)
        kept = self.classed(world, field, "default", date(2024, 1, 1), description="Sửa mô tả")
        assert kept.sharing_class == "default"

        self.classed(world, kept, "shared")
        commands.declare_entry(actor=world.owner, database=field.table.database)

    def test_the_classes_that_ended_are_offered_with_their_last_day(self, db):
        offered = dict(class_choices())
        assert list(offered)[:3] == ["open", "shared", "private_use"]
        assert "21/10/2025" in offered["default"]


class TestLikeNames:
    @pytest.fixture
    def people(self, world):
        return make_database(world.justice, name="Cơ sở dữ liệu hộ tịch điện tử của tỉnh")

    @carries("OVL-05", "CAT-03")
    @pytest.mark.parametrize(
        "name", ["CSDL hộ tịch điện tử", "ho tich dien tu", "Hệ thống thông tin hộ tịch điện tử"]
    )
    def test_a_like_name_is_suggested_in_any_spelling(self, world, people, name):
        assert [one.code for one in similar_databases(world.owner, name)] == [people.code]

    @pytest.mark.parametrize("name", ["CSDL đất đai", "Cơ sở dữ liệu của tỉnh", "", "%%"])
    def test_another_name_is_not(self, world, people, name):
        assert similar_databases(world.owner, name) == []

    @carries("SEC-01")
    def test_of_other_agencies_only_what_was_issued_and_a_secret_one_never(self, world, people):
        stranger = world.actor(world.ministry, Role.DATABASE_OWNER)
        assert similar_databases(stranger, "hộ tịch điện tử") == []
        catalogue = IssuedCatalogue.objects.create(
            agency=world.province, version=1, decision_number="1", decision_date=TODAY
        )
        catalogue.databases.add(people)
        assert [one.is_open for one in similar_databases(stranger, "hộ tịch điện tử")] == [False]
        Database.objects.filter(pk=people.pk).update(is_secret=True)
        assert similar_databases(stranger, "hộ tịch điện tử") == []
        assert similar_databases(world.keeper, "hộ tịch điện tử") == []

    def test_it_is_shown_while_typing_and_at_the_check(self, world, people, client):
        client.force_login(User.objects.get(pk=world.owner.user_id))
        answer = client.get(reverse("catalogue-similar"), {"name": "hộ tịch điện tử"}).content.decode()
        assert people.code in answer
        assert "hx-get" in client.get(reverse("catalogue-register")).content.decode()
