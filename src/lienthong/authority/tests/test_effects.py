"""What a decision leaves on the record of the lower copy: catalogue, issued entry, gate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.authority import commands
from lienthong.authority.demo import make_case
from lienthong.authority.errors import StoredElsewhere
from lienthong.authority.models import CaseState, Outcome
from lienthong.authority.tests.conftest import ONLINE, decide, mechanism
from lienthong.catalogue.commands import declare_entry, issue_catalogue
from lienthong.catalogue.copies import copies_of, copies_of_one, words_of
from lienthong.catalogue.demo import make_described_database
from lienthong.catalogue.models import DataField, MasterDataItem
from lienthong.catalogue.queries import entries_shown
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import StepHeld
from lienthong.foundation.tracing import carries


def said(database) -> str:
    return " ".join(words_of(row, database)[0] for row in copies_of_one(database))


class TestRecord:
    @carries("OVL-04")
    def test_the_record_says_source_method_frequency_and_who_answers(self, world, case):
        assert "chưa kết luận" in said(world.local)
        decide(world, case, Outcome.MUST_SYNCHRONISE, mechanism=mechanism(world, **ONLINE))
        told = said(world.local)
        for part in (world.national.name, world.ministry.name, "hằng tuần", "Sở Nội vụ", "chưa chạy"):
            assert part in told
        commands.start_synchronisation(actor=world.owner, case=case, started_on=timezone.localdate())
        assert f"chạy từ ngày {timezone.localdate():%d/%m/%Y}" in said(world.local)
        commands.close_case(actor=world.owner, case=case, note="Đã đối chiếu")
        assert "Đồng bộ từ" in said(world.local)
        assert said(world.national) == ""

    @carries("OVL-01")
    def test_what_stops_and_what_stands_apart_is_said_and_no_overlap_leaves_nothing(self, world, case):
        decide(world, case, Outcome.EXCEPTION)
        assert "chưa kết luận" in said(world.local)
        commands.sign_exception(actor=world.head, case=case)
        assert f"xem xét lại ngày {case.review_date:%d/%m/%Y}" in said(world.local)
        commands.recall_due_exceptions(on=case.review_date)
        assert "chưa kết luận" in said(world.local)
        case.refresh_from_db()
        decide(world, case, Outcome.STOP_COLLECTING)
        assert "Phải ngừng" in said(world.local)
        commands.close_case(actor=world.owner, case=case, note="Đã ngừng")
        assert "Đã ngừng" in said(world.local)
        other = make_case(world.local, world.database(world.ministry, "sector"))
        decide(world, other, Outcome.NO_OVERLAP)
        assert len(copies_of_one(world.local)) == 1

    @carries("OVL-05")
    def test_of_equal_classes_both_say_that_an_authority_is_to_be_named(self, world):
        one, two = world.database(world.ministry, "sector"), world.database(world.other_ministry, "sector")
        make_case(one, two)
        assert "chờ xác định nguồn chuẩn" in said(one)
        assert "chờ xác định nguồn chuẩn" in said(two)

    @carries("SEC-01")
    def test_nothing_names_a_secret_side(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        type(world.national).objects.filter(pk=world.national.pk).update(is_secret=True)
        assert copies_of([world.local]) == {}


class TestCatalogue:
    @carries("OVL-01", "OVL-04")
    def test_an_undecided_overlap_blocks_the_declaration_and_a_decision_stands_in_the_entry(
        self, world, case
    ):
        with pytest.raises(StepHeld):
            declare_entry(actor=world.owner, database=world.local)
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        declare_entry(actor=world.owner, database=world.local)
        issued = issue_catalogue(
            actor=world.head,
            agency=world.province,
            decision_number="1/QĐ",
            decision_date=timezone.localdate(),
        )
        (entry,) = entries_shown(issued)
        (copy,) = entry["copies"]
        assert (copy["standing"], copy["method"], copy["frequency"]) == (
            "synchronise",
            "synchronise",
            "weekly",
        )
        assert copy["source"]["code"] == world.national.code
        assert copy["responsible_unit"]["code"] == world.home.code
        type(world.national).objects.filter(pk=world.national.pk).update(is_secret=True)
        assert entries_shown(issued)[0]["copies"] == []

    @carries("OVL-01")
    def test_a_signed_exception_frees_the_declaration_until_its_review(self, world, case):
        decide(world, case, Outcome.EXCEPTION)
        with pytest.raises(StepHeld):
            declare_entry(actor=world.owner, database=world.local)
        commands.sign_exception(actor=world.head, case=case)
        declare_entry(actor=world.owner, database=world.local)
        commands.recall_due_exceptions(on=case.review_date + timedelta(days=1))
        with pytest.raises(StepHeld):
            declare_entry(actor=world.owner, database=world.local)


class TestPrecedence:
    @carries("D224-05")
    def test_within_one_agency_the_other_store_is_read_online(self, world):
        one = world.database(world.province, "local", managing_unit=world.health)
        case = make_case(world.local, one)
        commands.name_authority(actor=world.head, case=case, authority=one, reason="Một kho")
        with pytest.raises(StoredElsewhere):
            decide(world, case, Outcome.MUST_SYNCHRONISE)
        case.refresh_from_db()
        decide(world, case, Outcome.MUST_SYNCHRONISE, mechanism=mechanism(world, method="online_query"))
        assert case.state == CaseState.SYNC_PLANNED

    @carries("D278-06", "MDM-01")
    def test_the_one_trusted_source_of_national_master_data_stands_above_every_class(self, world):
        source = make_described_database(world.other_ministry, tier="ministry", name="CSDL gốc")
        item = MasterDataItem.objects.create(code="XA", name="Xã", source=source, source_name=source.name)
        field = DataField.objects.get(table__database=world.local, name="ma_xa")
        assert make_case(world.national, source).higher == world.national
        DataField.objects.filter(pk=field.pk).update(master_item=item)
        case = make_case(world.local, source)
        assert (case.lower, case.higher) == (world.local, source)
        field_of_national = DataField.objects.get(table__database=world.national, name="ma_xa")
        DataField.objects.filter(pk=field_of_national.pk).update(master_item=item)
        again = world.database(world.ministry, "national")
        DataField.objects.filter(table__database=again, name="ma_xa").update(master_item=item)
        other = make_case(again, source, actor=SYSTEM)
        assert (other.lower, other.higher) == (again, source)
