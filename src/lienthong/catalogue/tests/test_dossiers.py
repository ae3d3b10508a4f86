"""National dossiers: what the law of a day asks, the path from criteria to listed, who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lienthong.agencies.demo import make_actor
from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands, errors
from lienthong.catalogue.access import dossiers_visible_to
from lienthong.catalogue.demo import fill_dossier, make_database, make_dossier, make_ready_dossier
from lienthong.catalogue.models import DossierState, NationalDossier, NationalList
from lienthong.catalogue.national import (
    approver_on,
    asked_after_listing,
    bases_of,
    compare_lists,
    consolidator_on,
    criteria_on,
    national_entries_shown,
    parts_on,
)
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import NotAllowed, StepHeld, StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.holds.commands import place_hold
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries
from lienthong.law.queries import clocks_of

TODAY = timezone.localdate()
SIX = ["name", "purpose", "scope_and_master_data", "users_and_purposes", "sources", "sharing_method"]
SEVEN = ["name", "purpose", "scope", "master_data", "users_and_purposes", "sources", "sharing_method"]


@pytest.fixture
def database(world):
    return make_database(world.ministry, tier="ministry", name="CSDL đơn vị hành chính", local_base="")


@pytest.fixture
def preparer(world):
    return make_actor(world.ministry, Role.IT_UNIT)


@pytest.fixture
def head(world):
    return make_actor(world.ministry, Role.HEAD)


@pytest.fixture
def coordinator(world):
    return make_actor(world.health, Role.COORDINATING_MINISTRY)


def sent(dossier, head, number="05/BNV-TD", day=None):
    return commands.send_dossier(actor=head, dossier=dossier, letter_number=number, letter_date=day or TODAY)


def listed(dossier, head, coordinator, *, number="11/2026/QĐ-TTg", effective_on=None, day=None):
    """The dossier from signature to listed."""
    sent(dossier, head, day=day)
    draft = commands.consolidate_dossiers(actor=coordinator, dossiers=[dossier])
    commands.submit_list(
        actor=coordinator, draft=draft, submission_number="01/TTr", submitted_on=day or TODAY
    )
    made = commands.approve_list(
        actor=coordinator,
        draft=draft,
        decision_number=number,
        decision_date=day or TODAY,
        effective_on=effective_on or day or TODAY,
    )
    dossier.refresh_from_db()
    return made


class TestTheLawOfTheDay:
    @pytest.mark.parametrize(
        ("day", "parts", "mark", "approver", "criteria", "afterwards"),
        [
            (date(2024, 6, 30), SIX, "verified", "government", ["verified"] * 3, []),
            (date(2024, 7, 1), SIX, "verified", "prime_minister", ["verified"] * 3, []),
            (date(2025, 8, 18), SIX, "verified", "prime_minister", ["verified"] * 3, []),
            (date(2025, 8, 19), SEVEN, "unverified", "prime_minister", ["verified"] * 3, ["unverified"]),
            (date(2025, 10, 21), SEVEN, "unverified", "prime_minister", ["verified"] * 3, ["unverified"]),
            (date(2025, 10, 22), SEVEN, "unverified", "prime_minister",
             ["verified", "verified", "agency"], ["secondary"]),
            (date(2026, 6, 30), SEVEN, "unverified", "prime_minister",
             ["verified", "verified", "agency"], ["secondary"]),
            (date(2026, 7, 1), SEVEN, "unverified", "prime_minister",
             ["verified", "verified", "agency"], ["verified"]),
        ],
    )  # fmt: skip
    @carries("NDB-02", "NDB-03", "NDB-06", "LTE-02", "LTE-03", "D278-06")
    def test_criteria_parts_approver_and_what_follows(
        self, db, day, parts, mark, approver, criteria, afterwards
    ):
        assert [item.looks_at for item in parts_on(day)] == parts
        assert {item.mark for item in parts_on(day)} == {mark}
        assert approver_on(day).role == approver
        assert [item.looks_at for item in criteria_on(day)] == ["legal_value", "master_data", "wide_use"]
        assert [item.mark for item in criteria_on(day)] == criteria
        assert [item.mark for item in asked_after_listing(day)] == afterwards

    def test_the_provision_of_a_criterion_changes_with_the_decree(self, db):
        assert criteria_on(date(2025, 10, 21))[0].provision.ref == "nd-47-2020/12.3"
        assert criteria_on(date(2025, 10, 22))[0].provision.ref == "luat-20-2023/40.3.b"
        assert parts_on(date(2025, 8, 18))[0].provision.ref == "nd-47-2020/12.2"
        assert parts_on(date(2025, 8, 19))[0].provision.ref == "luat-20-2023/40.3.d"

    def test_who_consolidates_is_named_for_the_day(self, db):
        assert consolidator_on(date(2025, 2, 28)).role == "information_ministry"
        assert consolidator_on(date(2025, 10, 22)).role == "not_confirmed"

    @carries("NDB-03")
    def test_both_deadlines_of_the_first_round_stand_on_the_record(self, database, preparer, head):
        dossier = make_ready_dossier(database, actor=preparer, proposed_on=date(2020, 6, 15))
        due = {clock.parameter_key.rsplit(".", 1)[1]: clock.due_on for clock in clocks_of(dossier)}
        # The dispatch says “before 30/7/2020”, the decree “within three months”.
        assert due == {"dispatch": date(2020, 7, 29), "decree": date(2020, 8, 25)}
        assert clocks_of(dossier).get(due_on=date(2020, 7, 29)).value == "2020-07-30"
        sent(dossier, head, day=date(2020, 8, 10))
        in_time = {clock.parameter_key.rsplit(".", 1)[1]: clock.in_time for clock in clocks_of(dossier)}
        assert in_time == {"dispatch": False, "decree": True}

    def test_a_later_proposal_has_no_such_deadline(self, database, preparer):
        dossier = make_dossier(database, actor=preparer, proposed_on=date(2020, 8, 26))
        assert not clocks_of(dossier).exists()


class TestThePath:
    @carries("NDB-01", "NDB-02")
    @pytest.mark.parametrize(
        ("lacking", "refusal"),
        [("wide_use", errors.CriteriaNotMet), ("legal_value", errors.CriteriaNotMet),
         ("basis", errors.DossierBasisMissing)],
    )  # fmt: skip
    def test_one_criterion_or_the_basis_missing_makes_it_not_eligible(
        self, database, preparer, lacking, refusal
    ):
        dossier = make_dossier(database, actor=preparer)
        fill_dossier(dossier, actor=preparer, but=[lacking])
        with pytest.raises(refusal) as refused:
            commands.check_criteria(actor=preparer, dossier=dossier)
        assert refused.value.hint("vi")
        assert refused.value.text("en")

    @carries("NDB-02")
    def test_met_without_evidence_is_refused_and_a_file_is_evidence(self, database, preparer):
        dossier = make_dossier(database, actor=preparer)
        with pytest.raises(errors.EvidenceMissing):
            commands.show_criterion(actor=preparer, dossier=dossier, key="wide_use", is_met=True)
        upload = SimpleUploadedFile("danh-sach.pdf", b"%PDF-1.4", content_type="application/pdf")
        row = commands.show_criterion(
            actor=preparer, dossier=dossier, key="wide_use", is_met=True, files=[upload]
        )
        assert row.is_met

    @carries("NDB-03", "LTE-03")
    def test_an_empty_part_holds_the_dossier_back(self, database, preparer):
        dossier = make_dossier(database, actor=preparer)
        fill_dossier(dossier, actor=preparer, but=["sharing_method"])
        commands.check_criteria(actor=preparer, dossier=dossier)
        with pytest.raises(errors.PartsMissing) as refused:
            commands.complete_dossier(actor=preparer, dossier=dossier)
        assert "Phương thức chia sẻ dữ liệu" in refused.value.text("vi")

    def test_what_no_longer_holds_takes_a_step_back(self, database, preparer):
        dossier = make_ready_dossier(database, actor=preparer)
        commands.write_part(actor=preparer, dossier=dossier, key="purpose", text="")
        assert dossier.state == DossierState.ELIGIBLE
        commands.show_criterion(
            actor=preparer, dossier=dossier, key="wide_use", is_met=False, evidence="chưa rõ"
        )
        assert dossier.state == DossierState.DRAFT
        assert not Work.objects.filter(act="sign_national_dossier", done_at=None).exists()

    @carries("NDB-03", "NDB-04", "NDB-05", "NDB-06", "NDB-07", "LTE-01", "LTE-02", "LTE-03", "OTH-02")
    def test_from_criteria_to_listed_returned_once(self, database, preparer, head, coordinator):
        dossier = make_ready_dossier(database, actor=preparer)
        sent(dossier, head)
        assert self.due() == ["receive_national_dossier"]
        commands.return_dossier(actor=coordinator, dossier=dossier, because="Nêu rõ nguồn cập nhật.")
        assert (dossier.state, dossier.times_returned) == (DossierState.RETURNED, 1)
        assert self.due() == ["prepare_national_dossier"]
        commands.write_part(actor=preparer, dossier=dossier, key="sources", text="")
        with pytest.raises(errors.PartsMissing):
            sent(dossier, head)
        commands.write_part(
            actor=preparer, dossier=dossier, key="sources", text="Nghị quyết, cập nhật hằng tháng"
        )
        made = listed(dossier, head, coordinator)
        assert dossier.state == DossierState.LISTED
        assert (made.version, made.approver_role, made.in_effect) == (1, "prime_minister", True)
        [entry] = made.entries
        assert entry["official_value"] is True
        assert [part["key"] for part in entry["parts"]] == SEVEN
        assert "hằng tháng" in str(entry)
        database.refresh_from_db()
        assert database.tier == "national"
        assert Entry.objects.get(kind="national_list").is_public
        told = Event.objects.filter(subject_kind="catalogue.nationaldossier", subject_id=str(dossier.pk))
        assert {"catalogue.DossierReturned", "catalogue.DossierApproved"} <= set(
            told.values_list("name", flat=True)
        )

    def due(self):
        return list(Work.objects.filter(done_at=None, act__contains="dossier").values_list("act", flat=True))

    @carries("NDB-05")
    def test_many_dossiers_become_one_draft_and_some_are_refused(
        self, world, database, preparer, head, coordinator
    ):
        other = make_database(world.province, name="CSDL khác", code="H99.DB77")
        dossiers = [make_ready_dossier(database, actor=preparer), make_ready_dossier(other)]
        sent(dossiers[0], head)
        sent(dossiers[1], world.head)
        draft = commands.consolidate_dossiers(actor=coordinator, dossiers=dossiers)
        commands.submit_list(actor=coordinator, draft=draft, submission_number="01/TTr", submitted_on=TODAY)
        commands.approve_list(
            actor=coordinator, draft=draft, decision_number="1/QĐ-TTg", decision_date=TODAY, effective_on=TODAY,
            refused={dossiers[1].pk: "Chưa dùng chung toàn quốc"},
        )  # fmt: skip
        states = dict(NationalDossier.objects.values_list("database__code", "state"))
        assert states == {database.code: "listed", "H99.DB77": "rejected"}
        other.refresh_from_db()
        assert other.tier == "local"

    def test_a_list_that_is_not_approved_rejects_all_of_it(self, database, preparer, head, coordinator):
        dossier = make_ready_dossier(database, actor=preparer)
        sent(dossier, head)
        draft = commands.consolidate_dossiers(actor=coordinator, dossiers=[dossier])
        commands.submit_list(actor=coordinator, draft=draft, submission_number="01/TTr", submitted_on=TODAY)
        commands.turn_down_list(actor=coordinator, draft=draft, because="Trình lại sau")
        dossier.refresh_from_db()
        assert dossier.state == DossierState.REJECTED
        assert not NationalList.objects.exists()
        make_dossier(database, actor=preparer)

    @carries("NDB-04", "NDB-07")
    def test_edit_and_withdraw_make_versions_and_none_vanishes(self, database, preparer, head, coordinator):
        first = listed(make_ready_dossier(database, actor=preparer), head, coordinator)
        with pytest.raises(errors.DossierKindRefused):
            make_dossier(database, actor=preparer)
        with pytest.raises(errors.DossierReasonMissing):
            make_dossier(database, actor=preparer, kind="edit")
        edit = make_ready_dossier(database, actor=preparer, kind="edit", reason="Mở rộng phạm vi")
        commands.write_part(actor=preparer, dossier=edit, key="scope", text="Thêm cấp xã")
        second = listed(edit, head, coordinator, number="12/2026/QĐ-TTg")
        [change] = compare_lists(first, second)
        [scope] = change.fields
        assert (change.kind, scope.field, scope.after) == ("changed", "part:scope", ("Thêm cấp xã",))
        leave = make_dossier(database, actor=preparer, kind="withdraw", reason="Nhập vào cơ sở dữ liệu khác")
        commands.complete_dossier(actor=preparer, dossier=leave)
        third = listed(leave, head, coordinator, number="13/2026/QĐ-TTg")
        assert leave.state == DossierState.WITHDRAWN
        assert [len(one.entries) for one in NationalList.objects.order_by("version")] == [1, 1, 0]
        assert third.version == 3
        database.refresh_from_db()
        assert database.tier == "ministry"

    def test_the_class_follows_on_the_day_the_list_binds(self, database, preparer, head, coordinator):
        made = listed(
            make_ready_dossier(database, actor=preparer),
            head,
            coordinator,
            effective_on=TODAY + timedelta(days=50),
        )
        database.refresh_from_db()
        assert (database.tier, made.in_effect) == ("ministry", False)
        NationalList.objects.update(effective_on=TODAY)
        assert commands.bring_lists_into_force() == 1
        assert commands.bring_lists_into_force() == 0
        database.refresh_from_db()
        assert database.tier == "national"

    @carries("D278-06")
    def test_after_listing_master_data_are_agreed_and_the_connection_is_due(
        self, database, preparer, head, coordinator
    ):
        dossier = make_ready_dossier(database, actor=preparer)
        listed(dossier, head, coordinator)
        commands.agree_master_data(
            actor=preparer, dossier=dossier, agreement_number="99/BCA", agreement_date=TODAY
        )
        with pytest.raises(errors.ConnectionDayRefused):
            commands.set_connection_day(actor=preparer, dossier=dossier, connect_by=date(2030, 1, 1))
        commands.set_connection_day(actor=preparer, dossier=dossier)
        assert (dossier.state, dossier.connect_by) == (DossierState.CONNECT_DUE, date(2026, 12, 31))
        commands.report_connection(actor=preparer, dossier=dossier)
        assert clocks_of(dossier).get(parameter_key="mandatory.connect.all").in_time

    @carries("NDB-07")
    def test_earlier_lists_are_recorded_in_the_order_of_time(self, database, coordinator):
        def record(number, day, text):
            return commands.record_earlier_list(
                actor=coordinator, decision_number=number, decision_date=day, effective_on=day,
                approver="Thủ tướng Chính phủ", entries=text,
            )  # fmt: skip

        first = record(
            "714/QĐ-TTg", date(2015, 5, 22), f"{database.name} | Bộ Nội vụ\nCSDL đất đai | Bộ TN&MT"
        )
        assert [entry["code"] for entry in first.entries] == [database.code, "csdl-dat-dai"]
        with pytest.raises(errors.ListOutOfOrder):
            record("1/2014", date(2014, 1, 1), "A | B")
        with pytest.raises(errors.ListDecisionUsed):
            record("714/QĐ-TTg", date(2016, 1, 1), "A | B")
        with pytest.raises(errors.ListEntryUnreadable):
            record("2/2017", date(2017, 1, 1), "không có chủ quản")
        with pytest.raises(errors.ListOutOfOrder):
            record("3/2100", date(2100, 1, 1), "A | B")

    @carries("NDB-01")
    def test_a_basis_that_does_not_hold_on_the_day_is_marked(self, database, preparer):
        dossier = make_dossier(database, actor=preparer, proposed_on=date(2025, 10, 22))
        commands.cite_basis(actor=preparer, dossier=dossier, text="Nghị định 47/2020/NĐ-CP")
        [line] = bases_of(dossier)
        assert line.basis.instrument.slug == "nd-47-2020"
        assert line.stale


class TestRefusals:
    def test_one_dossier_at_a_time(self, database, preparer):
        first = make_dossier(database, actor=preparer)
        with pytest.raises(errors.DossierOpen) as refused:
            make_dossier(database, actor=preparer)
        assert first.number in refused.value.text("vi")

    @pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2019, 1, 1)])
    def test_a_day_that_no_law_governs(self, database, preparer, day):
        with pytest.raises(errors.DossierDayRefused):
            make_dossier(database, actor=preparer, proposed_on=day)

    @pytest.mark.parametrize(
        ("number", "day"),
        [("", TODAY), ("5/BNV", TODAY + timedelta(days=1)), ("5/BNV", TODAY - timedelta(days=1))],
    )
    def test_a_letter_without_number_or_of_a_wrong_day(self, database, preparer, head, number, day):
        dossier = make_ready_dossier(database, actor=preparer)
        with pytest.raises(errors.LetterRefused):
            commands.send_dossier(actor=head, dossier=dossier, letter_number=number, letter_date=day)

    def test_what_was_sent_is_not_written_any_more(self, database, preparer, head):
        dossier = make_ready_dossier(database, actor=preparer)
        sent(dossier, head)
        with pytest.raises(errors.DossierNotWritable):
            commands.write_part(actor=preparer, dossier=dossier, key="name", text="khác")

    def test_a_hold_stops_the_step(self, database, preparer, head):
        dossier = make_ready_dossier(database, actor=preparer)
        place_hold(
            actor=SYSTEM, subject=dossier, step="send", code="x", text_vi="Chờ rà soát", text_en="Wait"
        )
        with pytest.raises(StepHeld):
            sent(dossier, head)

    def test_steps_are_taken_in_order(self, database, preparer, coordinator):
        dossier = make_dossier(database, actor=preparer)
        with pytest.raises(StepNotAllowed):
            commands.return_dossier(actor=coordinator, dossier=dossier, because="x")
        with pytest.raises(errors.NoDossierChosen):
            commands.consolidate_dossiers(actor=coordinator, dossiers=[dossier])


class TestSecrets:
    @carries("SEC-01")
    def test_a_secret_database_makes_no_dossier_and_leaves_no_trace(
        self, world, database, preparer, head, coordinator
    ):
        made = listed(make_ready_dossier(database, actor=preparer), head, coordinator)
        dossier = make_ready_dossier(database, actor=preparer, kind="edit", reason="Sửa tên")
        sent(dossier, head)
        assert Entry.objects.filter(kind="national_dossier").exists()
        keeper = make_actor(world.ministry, Role.SECRETS_KEEPER)
        commands.mark_secret(actor=keeper, database=database, reason="Danh mục bí mật nhà nước")
        assert not Entry.objects.filter(kind="national_dossier").exists()
        assert database.name not in Entry.objects.get(kind="national_list").body
        assert national_entries_shown(made) == []
        assert not Work.objects.filter(about=database.name).exists()
        for actor in (preparer, head, coordinator):
            assert not dossiers_visible_to(actor).exists()
        assert dossiers_visible_to(keeper).count() == 2
        with pytest.raises(NotAllowed):
            commands.begin_dossier(actor=preparer, database=database, kind="edit", reason="x")
        with pytest.raises(errors.SecretLeavesWorkflow):
            commands.begin_dossier(actor=SYSTEM, database=database, kind="edit", reason="x")
        commands.unmark_secret(actor=keeper, database=database, reason="Giải mật")
        assert Work.objects.filter(act="receive_national_dossier", done_at=None).exists()


ROLES = [role for role in Role if role != Role.CITIZEN]
OWNER = {Role.DATABASE_OWNER, Role.IT_UNIT, Role.HEAD, Role.FOCAL_OFFICER}
# Which roles may, in the own agency and in another; of secrets' keepers and the administrator none may.
MATRIX = {
    "begin": (OWNER, set()),
    "write": (OWNER, set()),
    "send": ({Role.HEAD}, set()),
    "return": ({Role.COORDINATING_MINISTRY}, {Role.COORDINATING_MINISTRY}),
    "consolidate": ({Role.COORDINATING_MINISTRY}, {Role.COORDINATING_MINISTRY}),
    "record": ({Role.COORDINATING_MINISTRY}, {Role.COORDINATING_MINISTRY}),
    "agree": (OWNER, set()),
}


class TestAccess:
    def attempt(self, act, actor, database, dossier):
        """The command of an act; a refusal other than of access means that access was given."""
        run = {
            "begin": lambda: commands.begin_dossier(actor=actor, database=database, kind="edit"),
            "write": lambda: commands.write_part(actor=actor, dossier=dossier, key="x", text=""),
            "send": lambda: commands.send_dossier(
                actor=actor, dossier=dossier, letter_number="", letter_date=TODAY
            ),
            "return": lambda: commands.return_dossier(actor=actor, dossier=dossier, because=""),
            "consolidate": lambda: commands.consolidate_dossiers(actor=actor, dossiers=[]),
            "record": lambda: commands.record_earlier_list(
                actor=actor,
                decision_number="",
                decision_date=TODAY,
                effective_on=TODAY,
                approver="",
                entries="",
            ),
            "agree": lambda: commands.agree_master_data(
                actor=actor, dossier=dossier, agreement_number="", agreement_date=TODAY
            ),
        }[act]
        try:
            run()
        except NotAllowed:
            return False
        except errors.DomainError:
            return True
        return True

    @pytest.mark.parametrize("act", MATRIX)
    @carries("NDB-05")
    def test_every_act_by_every_role_at_home_and_elsewhere(self, world, database, act):
        dossier = make_dossier(database)
        here = replace(make_actor(world.ministry, Role.HEAD), roles=frozenset())
        there = replace(make_actor(world.province, Role.HEAD), roles=frozenset())
        for place, actor in enumerate((here, there)):
            allowed = {
                role
                for role in ROLES
                if self.attempt(act, replace(actor, roles=frozenset({role})), database, dossier)
            }
            assert allowed == MATRIX[act][place], (act, place)

    @carries("NDB-05")
    def test_each_owner_sees_its_own_and_the_ministry_what_was_sent(
        self, world, database, preparer, head, coordinator
    ):
        dossier = make_ready_dossier(database, actor=preparer)
        assert dossiers_visible_to(preparer).count() == 1
        assert not dossiers_visible_to(coordinator).exists()
        assert not dossiers_visible_to(world.head).exists()
        sent(dossier, head)
        assert dossiers_visible_to(coordinator).count() == 1
        assert not dossiers_visible_to(world.head).exists()
