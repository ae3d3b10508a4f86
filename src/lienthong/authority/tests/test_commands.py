"""Searching, recording, assigning, deciding, naming the authority, carrying out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.demo import make_case, make_comparison, make_pair
from lienthong.authority.errors import (
    AuthorityNotNamed,
    GroundMissing,
    MechanismMissing,
    NotOneOfTheTwo,
    OutcomeUnknown,
    ReasonMissing,
    ReviewDateMissing,
    ReviewDatePassed,
    SecretNotSearched,
    SourceNotBound,
)
from lienthong.authority.models import CaseState, Outcome, OverlapCase, OverlapPair, OverlapSearch
from lienthong.authority.queries import (
    STILL_COLLECTING,
    UNDECIDED_HOLD,
    decision_clock,
    last_search,
    leading_pair,
    pairs_of,
)
from lienthong.authority.replaying import precision_in_use
from lienthong.authority.tests.conftest import ONLINE, codes, decide, mechanism
from lienthong.catalogue.commands import mark_secret
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import InputRefused, NotAllowed, StepHeld, StepNotAllowed
from lienthong.foundation.events.queries import events_named, history_of
from lienthong.foundation.holds.queries import open_holds, require_no_hold
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.notices.models import Notice
from lienthong.foundation.tracing import carries


class TestRequireSearch:
    @carries("OVL-05")
    def test_a_database_never_searched_is_held(self, world):
        commands.require_search(actor=SYSTEM, database=world.local)
        for step in ("declare", "go_live"):
            with pytest.raises(StepHeld):
                require_no_hold(world.local, step)

    @carries("OVL-05")
    def test_a_search_that_finds_nothing_lifts_the_hold(self, world):
        commands.require_search(actor=SYSTEM, database=world.local)
        commands.record_overlaps(actor=SYSTEM, database=world.local, job=None, comparisons=[])
        assert not open_holds(world.local).exists()
        commands.require_search(actor=SYSTEM, database=world.local)
        assert not open_holds(world.local).exists()

    def test_asking_twice_places_one_hold(self, world):
        for _ in range(2):
            commands.require_search(actor=SYSTEM, database=world.local)
        assert open_holds(world.local, "declare").count() == 1

    @carries("SEC-01")
    def test_a_secret_database_is_not_held(self, world):
        keeper = world.actor(world.home, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.local, reason="Quyết định 1")
        commands.require_search(actor=SYSTEM, database=world.local)
        assert not open_holds(world.local).exists()


class TestSearch:
    def test_needs_a_bound_source(self, world):
        with pytest.raises(SourceNotBound):
            commands.search_overlaps(actor=world.owner, database=world.local)
        assert not Job.objects.exists()

    @carries("SEC-01")
    def test_a_secret_is_neither_searched_nor_recorded(self, world):
        keeper = world.actor(world.home, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.local, reason="Quyết định 1")
        both = world.actor(world.home, Role.SECRETS_KEEPER, Role.DATABASE_OWNER)
        with pytest.raises(SecretNotSearched):
            commands.search_overlaps(actor=both, database=world.local)
        with pytest.raises(SecretNotSearched):
            commands.record_overlaps(actor=SYSTEM, database=world.local, job=None, comparisons=[])

    @pytest.mark.parametrize("who", ["stranger", "coordinator", "ministry_owner"])
    def test_others_may_not_search(self, world, who):
        with pytest.raises(NotAllowed):
            commands.search_overlaps(actor=getattr(world, who), database=world.local)


@pytest.mark.both_databases
class TestRecord:
    @carries("OVL-04", "OVL-05")
    def test_an_overlap_opens_a_case_with_the_local_copy_below(self, world):
        case = make_case(world.local, world.national)
        assert (case.lower, case.higher) == (world.local, world.national)
        assert (case.proposed_outcome, case.requirement) == ("must_synchronise", "OVL-04")
        assert case.number.startswith("CL-")
        assert case.provision
        assert case.state == CaseState.DETECTED

    @carries("OVL-04")
    def test_whichever_side_is_searched_the_local_copy_stands_below(self, world):
        case = make_case(world.national, world.local, make_pair(("ward", "ward_code"), ("xa", "ma_xa")))
        assert (case.lower, case.higher) == (world.local, world.national)
        (shown,) = pairs_of(case)
        assert (shown.lower.column, shown.higher.column) == ("ma_xa", "ward_code")
        assert shown.lower.share == pytest.approx(0.031)

    @carries("OVL-03")
    def test_the_lower_copy_is_held_and_the_higher_is_not(self, world, case):
        assert codes(world.local, "declare") == codes(world.local, "go_live") == {UNDECIDED_HOLD}
        assert not open_holds(world.national).exists()

    def test_the_deciding_unit_owes_the_decision_in_its_term(self, world, case):
        work = Work.objects.get(subject_kind="authority.overlapcase", done_at__isnull=True)
        assert (work.unit, work.role, work.act) == (world.home, Role.DATABASE_OWNER, "decide")
        assert work.number == case.number
        assert work.due_at == decision_clock(case).due_at

    def test_a_shared_code_list_never_opens_a_case(self, world):
        pair = make_pair(("xa", "gioi_tinh"), ("ward", "sex"), kind="code_list", is_key=False)
        comparison = make_comparison(world.national, pair, overlaps=False)
        search = commands.record_overlaps(
            actor=SYSTEM, database=world.local, job=None, comparisons=[comparison]
        )
        assert (search.opened, search.code_lists) == (0, 1)
        assert not OverlapCase.objects.exists()
        assert not open_holds(world.local).exists()
        assert OverlapPair.objects.get().case is None

    def test_a_code_list_beside_an_overlap_stays_outside_the_case(self, world):
        listed = make_pair(("xa", "loai"), ("ward", "kind"), kind="code_list", is_key=False)
        case = make_case(world.local, world.national, make_pair(), listed)
        assert [shown.pair.kind for shown in pairs_of(case)] == ["overlap"]

    def test_the_same_job_is_recorded_once(self, world):
        job = Job.objects.create(name="authority.search", title_vi="x", title_en="x")
        for _ in range(2):
            search = commands.record_overlaps(
                actor=SYSTEM,
                database=world.local,
                job=job,
                comparisons=[make_comparison(world.national)],
            )
        assert OverlapSearch.objects.count() == OverlapCase.objects.count() == 1
        assert search.opened == 1
        assert events_named("authority.OverlapSearched").count() == 1

    @carries("OVL-05")
    def test_a_second_search_adds_to_the_open_case_and_keeps_verdicts(self, world, case):
        commands.review_pair(actor=world.owner, pair=case.pairs.get(), verdict="accept")
        make_case(
            world.local, world.national, make_pair(share=0.98), make_pair(("xa", "ten_xa"), ("ward", "n"))
        )
        assert OverlapCase.objects.count() == 1
        assert last_search(world.local).known == 1
        shown = pairs_of(case)
        assert len(shown) == 2
        assert {one.pair.verdict for one in shown if one.lower.column == "ma_xa"} == {"accept"}

    @carries("OVL-05")
    def test_what_was_settled_opens_no_second_case_and_more_does(self, world, case):
        decide(world, case, Outcome.NO_OVERLAP)
        search = commands.record_overlaps(
            actor=SYSTEM, database=world.local, job=None, comparisons=[make_comparison(world.national)]
        )
        assert (search.opened, search.known) == (0, 1)
        again = make_case(
            world.local, world.national, make_pair(), make_pair(("xa", "ten_xa"), ("ward", "name"))
        )
        assert again.pk != case.pk

    @carries("SEC-01")
    def test_a_database_that_became_secret_meanwhile_is_left_out(self, world):
        keeper = world.actor(world.ministry, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        search = commands.record_overlaps(
            actor=SYSTEM, database=world.local, job=None, comparisons=[make_comparison(world.national)]
        )
        assert (search.compared.count(), search.opened) == (0, 0)
        assert not OverlapPair.objects.exists()

    @carries("OVL-01")
    def test_a_ministry_copy_of_a_sector_is_proposed_to_stop(self, world):
        ours = world.database(world.other_ministry, "ministry")
        case = make_case(ours, world.database(world.ministry, "sector"))
        assert (case.lower, case.proposed_outcome, case.requirement) == (ours, "stop_collecting", "OVL-01")

    @carries("OVL-03")
    def test_an_empty_local_database_is_proposed_not_to_collect(self, world):
        commands.record_overlaps(
            actor=SYSTEM,
            database=world.local,
            job=None,
            comparisons=[make_comparison(world.national, left_rows=0)],
        )
        case = OverlapCase.objects.get()
        assert (case.proposed_outcome, case.requirement) == ("do_not_collect", "OVL-03")


class TestRights:
    """Who may do what with a case: rows are acts, columns are people."""

    MATRIX = {
        "assign": {"owner", "head", "it_unit"},
        "review": {"owner", "head", "it_unit", "ministry_owner"},
        "assess": {"owner", "head", "it_unit", "ministry_owner"},
        "decide": {"owner", "head", "it_unit"},
    }
    PEOPLE = ("owner", "head", "it_unit", "ministry_owner", "stranger", "coordinator")

    @carries("OVL-05")
    @pytest.mark.parametrize("who", PEOPLE)
    @pytest.mark.parametrize("act", MATRIX)
    def test_matrix(self, world, case, act, who):
        actor = getattr(world, who)
        acts = {
            "assign": lambda: commands.assign_case(actor=actor, case=case, unit=world.home),
            "review": lambda: commands.review_pair(actor=actor, pair=case.pairs.get(), verdict="accept"),
            "assess": lambda: commands.assess_case(actor=actor, case=case),
            "decide": lambda: decide(world, case, Outcome.NO_OVERLAP, actor=actor),
        }
        if who in self.MATRIX[act]:
            acts[act]()
            return
        with pytest.raises(NotAllowed):
            acts[act]()
        case.refresh_from_db()
        assert case.state == CaseState.DETECTED

    def test_the_unit_it_was_given_to_may_decide(self, world, case):
        office = world.actor(world.health, Role.DATABASE_OWNER)
        with pytest.raises(NotAllowed):
            decide(world, case, Outcome.NO_OVERLAP, actor=office)
        commands.assign_case(actor=world.head, case=case, unit=world.health)
        decide(world, case, Outcome.NO_OVERLAP, actor=office)
        assert case.state == CaseState.CLOSED


class TestBeforeTheDecision:
    def test_assigning_moves_the_work_and_keeps_the_term(self, world, case):
        before = decision_clock(case).due_at
        commands.assign_case(actor=world.head, case=case, unit=world.health)
        work = Work.objects.get(subject_kind="authority.overlapcase", done_at__isnull=True)
        assert (work.unit, work.due_at) == (world.health, before)
        assert case.state == CaseState.ASSIGNED

    def test_a_case_is_given_only_to_units_of_the_owner(self, world, case):
        with pytest.raises(InputRefused):
            commands.assign_case(actor=world.head, case=case, unit=world.ministry)

    @carries("OVL-05")
    def test_reviews_are_kept_and_counted(self, world):
        case = make_case(
            world.local,
            world.national,
            make_pair(),
            make_pair(("xa", "ten_xa"), ("ward", "name"), share=0.99, is_key=False),
        )
        sure, other = (shown.pair for shown in pairs_of(case))
        commands.review_pair(actor=world.ministry_owner, pair=sure, verdict="accept")
        commands.review_pair(actor=world.owner, pair=other, verdict="same_concept_other_population")
        commands.assess_case(actor=world.owner, case=case)
        assert precision_in_use()[0].share == pytest.approx(0.5)

    def test_a_rejected_pair_does_not_speak_for_the_case(self, world, case):
        commands.review_pair(actor=world.owner, pair=case.pairs.get(), verdict="reject")
        assert leading_pair(pairs_of(case)) is None

    def test_an_unknown_verdict_is_refused(self, world, case):
        with pytest.raises(InputRefused):
            commands.review_pair(actor=world.owner, pair=case.pairs.get(), verdict="perhaps")

    def test_a_decided_case_is_reviewed_no_more(self, world, case):
        decide(world, case, Outcome.NO_OVERLAP)
        with pytest.raises(StepNotAllowed):
            commands.review_pair(actor=world.owner, pair=case.pairs.get(), verdict="accept")


@pytest.mark.both_databases
class TestMustSynchronise:
    @carries("OVL-02", "OVL-04")
    def test_names_source_method_frequency_and_unit(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        assert case.state == CaseState.SYNC_PLANNED
        plan = case.mechanism
        assert plan.source_database == world.national
        assert (plan.method, plan.frequency, plan.responsible_unit) == ("synchronise", "weekly", world.home)

    @carries("OVL-04")
    @pytest.mark.parametrize("missing", ["method", "frequency", "responsible_unit"])
    def test_each_part_is_required_and_nothing_is_half_done(self, world, case, missing):
        plan = mechanism(world, **{missing: None if missing == "responsible_unit" else ""})
        with pytest.raises(MechanismMissing) as refused:
            decide(world, case, Outcome.MUST_SYNCHRONISE, mechanism=plan)
        assert refused.value.facts["missing"].count(",") == 0
        case.refresh_from_db()
        assert (case.state, case.outcome) == (CaseState.DETECTED, "")
        assert codes(world.local, "declare") == {UNDECIDED_HOLD}

    @carries("OVL-04")
    def test_the_decision_frees_the_database_and_stops_the_term(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        assert not open_holds(world.local).exists()
        assert decision_clock(case) is None
        work = Work.objects.get(subject_kind="authority.overlapcase", done_at__isnull=True)
        assert (work.act, work.unit) == ("start_sync", world.home)

    def test_the_decision_is_on_record_with_its_reason(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        assert (case.outcome, case.reason) == ("must_synchronise", "Cùng một danh mục")
        assert case.decided_at is not None
        (event,) = events_named("authority.OverlapDecided")
        assert event.reason == "Cùng một danh mục"
        assert "đồng bộ từ nguồn chuẩn" in event.sentence("vi")
        assert "synchronise from the authority" in event.sentence("en")

    def test_the_other_side_is_told(self, world, case):
        someone = world.ministry_owner
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        assert Notice.objects.filter(person_id=someone.user_id, text_vi__contains=case.number).count() == 1

    @carries("OVL-04")
    def test_runs_then_closes(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE, mechanism=mechanism(world, **ONLINE))
        today = timezone.localdate()
        commands.start_synchronisation(actor=world.owner, case=case, started_on=today)
        assert (case.state, case.mechanism.started_on) == (CaseState.SYNC_LIVE, today)
        commands.close_case(actor=world.owner, case=case, note="Đối soát khớp")
        assert case.state == CaseState.CLOSED
        assert not Work.objects.filter(done_at__isnull=True, subject_kind="authority.overlapcase").exists()

    def test_does_not_start_in_the_future(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        tomorrow = timezone.localdate() + timedelta(days=1)
        with pytest.raises(InputRefused):
            commands.start_synchronisation(actor=world.owner, case=case, started_on=tomorrow)

    def test_closes_only_with_a_note(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE, mechanism=mechanism(world, **ONLINE))
        commands.start_synchronisation(actor=world.owner, case=case, started_on=timezone.localdate())
        with pytest.raises(ReasonMissing):
            commands.close_case(actor=world.owner, case=case, note=" ")


class TestStopCollecting:
    @carries("OVL-01", "OVL-03")
    def test_the_database_waits_until_collection_has_stopped(self, world, case):
        decide(world, case, Outcome.STOP_COLLECTING)
        assert case.state == CaseState.STOPPING
        assert codes(world.local, "declare") == {STILL_COLLECTING}
        commands.close_case(actor=world.owner, case=case, note="Đã bỏ biểu mẫu thu thập")
        assert not open_holds(world.local).exists()


class TestNoOverlap:
    @carries("OVL-05")
    def test_closes_with_its_reason_and_frees_the_database(self, world, case):
        decide(world, case, Outcome.NO_OVERLAP)
        assert case.state == CaseState.CLOSED
        assert not open_holds(world.local).exists()

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_needs_a_reason(self, world, case, reason):
        with pytest.raises(ReasonMissing):
            decide(world, case, Outcome.NO_OVERLAP, reason=reason)


@pytest.mark.both_databases
class TestException:
    @carries("OVL-01")
    def test_waits_for_the_head_and_keeps_the_holds(self, world, case):
        decide(world, case, Outcome.EXCEPTION)
        assert case.state == CaseState.EXCEPTION_ASKED
        assert codes(world.local, "declare") == {UNDECIDED_HOLD}
        work = Work.objects.get(subject_kind="authority.overlapcase", done_at__isnull=True)
        assert (work.act, work.unit, work.role) == ("sign_exception", world.province, Role.HEAD)
        assert not events_named("authority.OverlapDecided").exists()

    @carries("OVL-01")
    def test_the_signature_closes_it_and_frees_the_database(self, world, case):
        decide(world, case, Outcome.EXCEPTION)
        commands.sign_exception(actor=world.head, case=case)
        assert case.state == CaseState.CLOSED
        assert str(case.signed_by_id) == world.head.user_id
        assert not open_holds(world.local).exists()

    @carries("OVL-01")
    @pytest.mark.parametrize("who", ["owner", "it_unit", "ministry_owner", "stranger", "coordinator"])
    def test_only_the_head_signs(self, world, case, who):
        decide(world, case, Outcome.EXCEPTION)
        with pytest.raises(NotAllowed):
            commands.sign_exception(actor=getattr(world, who), case=case)
        with pytest.raises(NotAllowed):
            commands.return_exception(actor=getattr(world, who), case=case, reason="x")

    def test_the_heads_own_decision_is_signed_at_once(self, world, case):
        decide(world, case, Outcome.EXCEPTION, actor=world.head)
        assert case.state == CaseState.CLOSED
        assert case.signed_at is not None

    @carries("OVL-01")
    def test_needs_its_ground_and_a_review_date_to_come(self, world, case):
        with pytest.raises(GroundMissing):
            decide(world, case, Outcome.EXCEPTION, legal_ground=" ")
        for given in (None, timezone.localdate()):
            with pytest.raises(ReviewDateMissing):
                decide(world, case, Outcome.EXCEPTION, review_date=given)
        case.refresh_from_db()
        assert case.state == CaseState.DETECTED

    def test_is_signed_only_before_its_review_date(self, world, case):
        decide(world, case, Outcome.EXCEPTION)
        OverlapCase.objects.filter(pk=case.pk).update(review_date=timezone.localdate())
        case.refresh_from_db()
        with pytest.raises(ReviewDatePassed):
            commands.sign_exception(actor=world.head, case=case)
        case.refresh_from_db()
        assert (case.state, codes(world.local, "declare")) == (CaseState.EXCEPTION_ASKED, {UNDECIDED_HOLD})
        commands.return_exception(actor=world.head, case=case, reason="Đã đến ngày xem xét lại")
        assert case.state == CaseState.ASSESSED

    def test_returned_unsigned_it_waits_for_another_decision(self, world, case):
        decide(world, case, Outcome.EXCEPTION)
        commands.return_exception(actor=world.head, case=case, reason="Chưa đủ căn cứ")
        assert (case.state, case.outcome, case.review_date) == (CaseState.ASSESSED, "", None)
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        assert case.state == CaseState.SYNC_PLANNED

    @carries("OVL-01")
    def test_its_review_date_is_announced_once_and_ahead(self, world, case):
        keeper, head = world.owner, world.head
        decide(world, case, Outcome.EXCEPTION, actor=head)
        due = case.review_date
        assert commands.announce_due_exceptions(on=due - timedelta(days=31)) == 0
        assert commands.announce_due_exceptions(on=due - timedelta(days=30)) == 1
        assert commands.announce_due_exceptions(on=due - timedelta(days=3)) == 0
        assert commands.announce_due_exceptions(on=due) == 0
        told = Notice.objects.filter(event_id=f"{case.number}:ahead:{due:%Y%m%d}")
        assert {notice.person_id for notice in told} == {int(keeper.user_id), int(head.user_id)}
        assert f"{due:%d/%m/%Y}" in told[0].text_vi

    @carries("OVL-01")
    def test_on_its_review_date_it_opens_again_once(self, world, case):
        decide(world, case, Outcome.EXCEPTION, actor=world.head)
        due = case.review_date
        assert commands.recall_due_exceptions(on=due - timedelta(days=1)) == 0
        assert commands.recall_due_exceptions(on=due) == 1
        assert commands.recall_due_exceptions(on=due) == 0
        case.refresh_from_db()
        assert case.state == CaseState.ASSESSED
        assert codes(world.local, "go_live") == {UNDECIDED_HOLD}
        assert Work.objects.filter(act="decide", done_at__isnull=True).count() == 1


class TestDecision:
    def test_an_unknown_outcome_is_refused(self, world, case):
        with pytest.raises(OutcomeUnknown):
            decide(world, case, "perhaps")

    def test_is_taken_once(self, world, case):
        decide(world, case, Outcome.NO_OVERLAP)
        with pytest.raises(StepNotAllowed):
            decide(world, case, Outcome.STOP_COLLECTING)
        assert events_named("authority.OverlapDecided").count() == 1


@pytest.mark.both_databases
class TestEqualClasses:
    @pytest.fixture
    def equal(self, world) -> OverlapCase:
        return make_case(
            world.database(world.ministry, "sector"), world.database(world.other_ministry, "sector")
        )

    @carries("OVL-05")
    def test_neither_is_held(self, equal):
        assert equal.proposed_outcome == "name_authority"
        assert not open_holds(equal.lower).exists()
        assert not open_holds(equal.higher).exists()

    @carries("OVL-05")
    @pytest.mark.parametrize("outcome", [Outcome.MUST_SYNCHRONISE, Outcome.STOP_COLLECTING])
    def test_neither_gives_way_before_an_authority_is_named(self, world, equal, outcome):
        owner = world.actor(equal.lower.owner, Role.DATABASE_OWNER)
        with pytest.raises(AuthorityNotNamed):
            decide(world, equal, outcome, actor=owner)

    @carries("OVL-05")
    def test_the_coordinating_ministry_names_one_and_the_other_must_follow(self, world, equal):
        chosen = equal.lower
        commands.name_authority(
            actor=world.coordinator, case=equal, authority=chosen, reason="Được giao theo quyết định 1"
        )
        assert equal.higher == chosen
        assert equal.proposed_outcome == "must_synchronise"
        assert codes(equal.lower, "declare") == {UNDECIDED_HOLD}
        assert not open_holds(chosen).exists()

    @pytest.mark.parametrize("who", ["ministry_owner", "stranger", "head", "owner"])
    def test_nobody_below_the_common_superior_names_it(self, world, equal, who):
        with pytest.raises(NotAllowed):
            commands.name_authority(actor=getattr(world, who), case=equal, authority=equal.lower, reason="x")

    def test_only_one_of_the_two_is_named_with_a_reason(self, world, equal):
        with pytest.raises(NotOneOfTheTwo):
            commands.name_authority(actor=world.coordinator, case=equal, authority=world.national, reason="x")
        with pytest.raises(ReasonMissing):
            commands.name_authority(actor=world.coordinator, case=equal, authority=equal.lower, reason="")

    def test_it_is_named_once(self, world, equal):
        for expected in (None, StepNotAllowed):
            naming = {"actor": world.coordinator, "case": equal, "authority": equal.lower, "reason": "x"}
            if expected is None:
                commands.name_authority(**naming)
            else:
                with pytest.raises(expected):
                    commands.name_authority(**naming)

    @carries("D224-05")
    def test_two_stores_of_one_agency_are_settled_by_its_head(self, world):
        one = world.database(world.province, "local", managing_unit=world.health)
        case = make_case(world.local, one)
        assert (case.proposed_outcome, case.requirement) == ("one_store", "D224-05")
        work = Work.objects.get(act="name_authority", done_at__isnull=True)
        assert (work.unit, work.role) == (world.province, Role.HEAD)
        commands.name_authority(actor=world.head, case=case, authority=one, reason="Một kho")
        assert (case.lower, case.higher) == (world.local, one)


class TestHistory:
    def test_a_case_tells_what_happened_in_both_languages(self, world, case):
        commands.assign_case(actor=world.head, case=case, unit=world.home)
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        told = [event.sentence("vi") for event in history_of("authority.overlapcase", case.pk)]
        assert any("lập hồ sơ" in one for one in told)
        assert any("Giao hồ sơ" in one for one in told)
        assert not any("{" in one for one in told)

    @carries("SEC-01")
    def test_no_name_of_a_database_stands_in_the_log(self, world, case):
        decide(world, case, Outcome.MUST_SYNCHRONISE)
        kept = "".join(
            f"{event.payload}{event.sentence('vi')}" for event in history_of("authority.overlapcase", case.pk)
        )
        assert world.local.name not in kept
        assert world.national.name not in kept
