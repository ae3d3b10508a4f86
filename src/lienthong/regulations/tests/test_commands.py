"""Drafting, checking, issuing, publishing, replacing, running out; structures and processes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import DatabaseState
from lienthong.foundation.errors import InputRefused, NotAllowed, NotFound, StepNotAllowed
from lienthong.foundation.events.queries import events_named, history_of
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries
from lienthong.regulations import commands, demo
from lienthong.regulations.access import public_regulation, regulation_for, regulations_visible_to
from lienthong.regulations.errors import (
    AlreadyOver,
    ColumnsMissing,
    DatabaseOutsideAgency,
    DateInFuture,
    DatesReversed,
    MandatoryClausesMissing,
    NumberMissing,
    OpinionMissing,
    ScopeIncomplete,
    StepsMissing,
    TitleMissing,
    TopicMissing,
    VersionAlreadyDrafted,
)
from lienthong.regulations.models import Regulation, RegulationState
from lienthong.regulations.queries import (
    coverage_of,
    covered_databases,
    current_process,
    databases_shown,
    regulations_covering,
)
from lienthong.regulations.rules import MANDATORY_CLAUSES

TODAY = timezone.localdate
DAY = timedelta(days=1)


class TestDrafting:
    @carries("REG-01")
    def test_a_draft_names_its_scope_and_is_due_from_its_unit(self, world):
        draft = demo.make_draft(world.province, world.local, actor=world.owner)
        assert (draft.state, draft.version, draft.drafting_unit) == ("draft", 1, world.home)
        assert list(covered_databases(draft)) == [world.local]
        work = Work.objects.get(act="draft", done_at__isnull=True)
        assert (work.unit, work.url) == (world.home, f"/lam-viec/quy-che/{draft.slug}/1/")

    @carries("REG-01")
    def test_a_general_one_covers_everything_of_its_issuer_and_below(self, world):
        whole = demo.make_draft(world.province)
        unit = demo.make_draft(world.home)
        assert set(covered_databases(whole)) == {world.local, world.other}
        assert set(covered_databases(unit)) == {world.local}

    @carries("REG-01")
    def test_scope_topic_and_title_are_asked_for(self, world):
        with pytest.raises(TitleMissing):
            demo.make_draft(world.province, title="  ")
        with pytest.raises(ScopeIncomplete):
            demo.make_draft(world.province, scope="database")
        with pytest.raises(TopicMissing):
            demo.make_draft(world.province, world.local, scope="topic")
        assert not Regulation.objects.exists()

    def test_a_database_of_others_cannot_be_covered(self, world):
        with pytest.raises(DatabaseOutsideAgency):
            demo.make_draft(world.ministry, world.local)
        with pytest.raises(DatabaseOutsideAgency):
            demo.make_draft(world.home, world.other)

    @carries("SEC-01")
    def test_a_database_that_may_not_be_known_of_is_refused_alike(self, world):
        keeper = world.actor(world.home, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.local, reason="Quyết định 1")
        with pytest.raises(DatabaseOutsideAgency):
            demo.make_draft(world.province, world.local, actor=world.owner)

    def test_unknown_parts_and_choices_are_refused(self, world):
        with pytest.raises(InputRefused):
            demo.make_draft(world.province, state="published")
        with pytest.raises(InputRefused):
            demo.make_draft(world.province, authentication="perhaps")

    def test_two_of_one_title_have_addresses_of_their_own(self, world):
        one, two = demo.make_draft(world.province), demo.make_draft(world.province)
        assert two.slug == f"{one.slug}-2"

    @carries("REG-02")
    def test_a_change_undoes_check_and_review(self, world):
        draft = demo.make_draft(world.province)
        commands.check_consistency(actor=world.it_unit, regulation=draft)
        commands.record_legal_review(actor=world.head, regulation=draft, reviewer="Sở Tư pháp")
        commands.amend_draft(actor=world.head, regulation=draft, conditions="Khác")
        assert (draft.state, draft.legal_reviewer, draft.checked_at) == ("draft", "", None)

    def test_nothing_changed_nothing_happens(self, world):
        draft = demo.make_draft(world.province)
        commands.check_consistency(actor=world.it_unit, regulation=draft)
        commands.amend_draft(actor=world.head, regulation=draft, title=draft.title)
        assert draft.state == "consistency_checked"
        assert not events_named("regulations.DraftAmended").exists()

    def test_what_is_issued_is_changed_no_more(self, world):
        issued = demo.make_issued(world.province)
        with pytest.raises(StepNotAllowed):
            commands.amend_draft(actor=world.head, regulation=issued, conditions="Khác")

    def test_dates_in_order(self, world):
        with pytest.raises(DatesReversed):
            demo.make_draft(world.province, effective_from=TODAY(), effective_to=TODAY() - DAY)


class TestRights:
    PEOPLE = ("owner", "head", "it_unit", "colleague", "stranger", "administrator")

    def test_the_database_owner_of_the_issuing_unit_issues(self, world):
        draft = demo.make_draft(world.home)
        commands.check_consistency(actor=world.owner, regulation=draft)
        commands.record_legal_review(actor=world.owner, regulation=draft, reviewer="Sở Tư pháp")
        work = Work.objects.get(act="issue", done_at__isnull=True)
        assert (work.unit, work.role) == (world.home, Role.DATABASE_OWNER)
        commands.issue_regulation(
            actor=world.owner, regulation=draft, number="1", issued_on=TODAY(), effective_from=TODAY()
        )
        assert draft.state == "issued"

    @carries("REG-03")
    def test_drafts_are_seen_by_those_concerned_and_published_ones_by_all(self, world):
        draft = demo.make_draft(world.province, drafting_unit=world.home)
        seen = {
            who
            for who in self.PEOPLE
            if regulations_visible_to(getattr(world, who)).filter(pk=draft.pk).exists()
        }
        assert seen == {"owner", "head", "it_unit"}
        with pytest.raises(NotFound):
            regulation_for(world.stranger, draft.slug)
        public = commands.publish_regulation(actor=world.head, regulation=demo.issue(draft))
        assert regulation_for(world.stranger, public.slug) == public


@pytest.mark.both_databases
class TestConsistency:
    @carries("REG-02")
    def test_a_contradiction_keeps_the_draft_and_says_where(self, world):
        held = demo.make_published(world.province, world.local)
        draft = demo.make_draft(world.province, world.local, use_term="6 tháng")
        (found,) = commands.check_consistency(actor=world.it_unit, regulation=draft)
        assert (found.other, found.clauses) == (held.pk, ("use_term",))
        assert draft.state == "draft"
        assert draft.findings == [
            {"regulation": held.pk, "databases": [world.local.pk], "clauses": ["use_term"]}
        ]
        (event,) = history_of("regulations.regulation", draft.pk).filter(
            name="regulations.ConsistencyChecked"
        )
        assert event.payload == {"regulation_id": draft.pk, "compared": 1, "conflicts": 1}

    @carries("REG-02")
    def test_put_right_it_goes_on(self, world):
        demo.make_published(world.province, world.local)
        draft = demo.make_draft(world.province, world.local, use_term="6 tháng")
        commands.check_consistency(actor=world.it_unit, regulation=draft)
        commands.amend_draft(actor=world.head, regulation=draft, use_term=demo.CLAUSES["use_term"])
        assert commands.check_consistency(actor=world.it_unit, regulation=draft) == ()
        assert (draft.state, draft.findings) == ("consistency_checked", [])

    @carries("REG-02")
    def test_a_general_one_contradicts_one_for_a_database(self, world):
        demo.make_published(world.home, world.local)
        draft = demo.make_draft(world.province, log_retention_months=6)
        assert commands.check_consistency(actor=world.it_unit, regulation=draft)

    @carries("REG-02")
    def test_another_agency_and_an_earlier_version_do_not_count(self, world):
        held = demo.make_published(world.province, world.local)
        elsewhere = demo.make_draft(world.ministry, use_term="6 tháng")
        assert commands.check_consistency(actor=world.stranger, regulation=elsewhere) == ()
        later = commands.draft_new_version(actor=world.head, regulation=held)
        commands.amend_draft(actor=world.head, regulation=later, use_term="6 tháng")
        assert commands.check_consistency(actor=world.head, regulation=later) == ()


class TestIssuing:
    @carries("REG-07")
    def test_everything_missing_is_listed_at_once(self, world):
        draft = demo.make_draft(
            world.province,
            **dict.fromkeys(MANDATORY_CLAUSES, None)
            | {"use_term": "", "authentication": "", "account_issuing": "", "conditions": ""},
        )
        commands.check_consistency(actor=world.head, regulation=draft)
        commands.record_legal_review(actor=world.head, regulation=draft, reviewer="Sở Tư pháp")
        with pytest.raises(MandatoryClausesMissing) as refused:
            commands.issue_regulation(
                actor=world.head, regulation=draft, number="1", issued_on=TODAY(), effective_from=TODAY()
            )
        assert refused.value.facts["count"] == 5
        assert "thời hạn sử dụng dữ liệu" in refused.value.text("vi")
        assert "conditions of use" in refused.value.text("en")
        draft.refresh_from_db()
        assert draft.state == "legal_reviewed"

    @carries("REG-07")
    @pytest.mark.parametrize("clause", MANDATORY_CLAUSES)
    def test_each_clause_alone_stops_the_issue(self, world, clause):
        draft = demo.make_draft(world.province, **{clause: None if clause == "log_retention_months" else ""})
        with pytest.raises(MandatoryClausesMissing) as refused:
            demo.issue(draft)
        assert refused.value.facts["clauses"] == (clause,)

    def test_not_before_check_and_review(self, world):
        draft = demo.make_draft(world.province)
        issue = {"number": "1", "issued_on": TODAY(), "effective_from": TODAY()}
        with pytest.raises(StepNotAllowed):
            commands.issue_regulation(actor=world.head, regulation=draft, **issue)
        commands.check_consistency(actor=world.head, regulation=draft)
        with pytest.raises(StepNotAllowed):
            commands.issue_regulation(actor=world.head, regulation=draft, **issue)
        with pytest.raises(OpinionMissing):
            commands.record_legal_review(actor=world.head, regulation=draft, reviewer=" ")

    def test_number_and_dates(self, world):
        draft = demo.make_draft(world.province)
        commands.check_consistency(actor=world.head, regulation=draft)
        commands.record_legal_review(actor=world.head, regulation=draft, reviewer="Sở Tư pháp")
        with pytest.raises(NumberMissing):
            commands.issue_regulation(
                actor=world.head, regulation=draft, number=" ", issued_on=TODAY(), effective_from=TODAY()
            )
        with pytest.raises(DatesReversed):
            commands.issue_regulation(
                actor=world.head,
                regulation=draft,
                number="1",
                issued_on=TODAY(),
                effective_from=TODAY(),
                effective_to=TODAY() - DAY,
            )


@pytest.mark.both_databases
class TestPublishing:
    @carries("REG-03")
    def test_public_findable_and_in_force(self, world):
        draft = demo.make_issued(world.province, world.local)
        assert not Entry.objects.filter(kind="regulation").exists()
        assert not regulations_covering(world.local, TODAY()).exists()
        commands.publish_regulation(actor=world.head, regulation=draft)
        entry = Entry.objects.get(kind="regulation")
        assert (entry.is_public, entry.url) == (True, f"/quy-che/{draft.slug}/")
        assert regulations_covering(world.local, TODAY()).get() == draft
        assert public_regulation(draft.slug) == draft

    def test_not_when_it_is_over(self, world):
        past = TODAY() - 30 * DAY
        issued = demo.make_issued(world.province, effective_from=past, effective_to=TODAY() - DAY)
        with pytest.raises(AlreadyOver):
            commands.publish_regulation(actor=world.head, regulation=issued)

    @carries("REG-03")
    def test_a_later_version_takes_over_on_its_day(self, world):
        first = demo.make_published(world.province, effective_from=TODAY() - 100 * DAY)
        second = commands.draft_new_version(actor=world.head, regulation=first)
        assert second.version == 2
        assert second.conditions == first.conditions
        with pytest.raises(VersionAlreadyDrafted):
            commands.draft_new_version(actor=world.head, regulation=first)
        start = TODAY() + 10 * DAY
        demo.issue(second, number="06/2026/QĐ-UBND", effective_from=start)
        commands.publish_regulation(actor=world.head, regulation=second)
        first.refresh_from_db()
        assert (first.state, first.effective_to) == ("amended", start - DAY)
        assert regulations_covering(world.local, TODAY()).get() == first
        assert regulations_covering(world.local, start).get() == second

    @carries("SEC-01")
    def test_what_is_secret_is_covered_and_never_listed(self, world):
        regulation = demo.make_published(world.province)
        keeper = world.actor(world.home, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.local, reason="Quyết định 1")
        assert world.local in covered_databases(regulation)
        assert list(databases_shown(regulation)) == [world.other]


@pytest.mark.both_databases
class TestRunningOut:
    def run(self, world, **given) -> Regulation:
        regulation = demo.make_published(
            world.province,
            world.local,
            effective_from=TODAY() - 100 * DAY,
            effective_to=TODAY() + 5 * DAY,
            **given,
        )
        world.local.go_live()
        world.local.save()
        return regulation

    @carries("REG-04")
    def test_the_last_day_still_counts(self, world):
        regulation = self.run(world)
        assert commands.expire_regulations(on=TODAY() + 5 * DAY) == 0
        assert commands.expire_regulations(on=TODAY() + 6 * DAY) == 1
        regulation.refresh_from_db()
        assert regulation.state == RegulationState.EXPIRED

    @carries("REG-04")
    def test_a_database_left_without_one_is_no_longer_compliant(self, world):
        regulation = self.run(world)
        commands.expire_regulations(on=TODAY() + 6 * DAY)
        world.local.refresh_from_db()
        assert world.local.state == DatabaseState.NON_COMPLIANT
        assert regulation.number in world.local.non_compliant_because
        work = Work.objects.get(act="renew_regulation", done_at__isnull=True)
        assert work.unit == world.home

    @carries("REG-04")
    def test_another_regulation_keeps_it_compliant(self, world):
        self.run(world)
        demo.make_published(world.province, number="09/2026/QĐ-UBND")
        commands.expire_regulations(on=TODAY() + 6 * DAY)
        world.local.refresh_from_db()
        assert world.local.state == DatabaseState.IN_OPERATION

    def test_once(self, world):
        self.run(world)
        late = TODAY() + 6 * DAY
        assert [commands.expire_regulations(on=late), commands.expire_regulations(on=late)] == [1, 0]
        assert events_named("regulations.RegulationExpired").count() == 1


@pytest.mark.both_databases
class TestDocuments:
    @carries("REG-05")
    def test_the_structure_takes_over_the_described_columns(self, world):
        structure = demo.make_structure(world.local, actor=world.owner)
        assert [column["column"] for column in structure.columns] == [
            "ma_xa", "ten_xa", "ma_tinh", "dien_tich_km2",
        ]  # fmt: skip
        assert coverage_of(structure).is_full

    @carries("REG-05")
    def test_a_column_that_came_later_is_missing(self, world):
        columns = [
            {"table": "xa", "column": "ma_xa", "type": "text"},
            {"table": "xa", "column": "ten_xa", "type": "date"},
        ]
        coverage = coverage_of(demo.make_structure(world.local, columns=columns))
        assert (coverage.matched, coverage.total) == (1, 4)
        assert coverage.changed == ("xa.ten_xa",)
        assert coverage.missing == ("xa.ma_tinh", "xa.dien_tich_km2")

    def test_needs_columns_title_number_and_a_date_of_the_past(self, world):
        bare = world.local
        bare.tables.all().delete()
        with pytest.raises(ColumnsMissing):
            demo.make_structure(bare)
        for error, given in (
            (TitleMissing, {"title": " "}),
            (NumberMissing, {"document_number": ""}),
            (DateInFuture, {"document_date": TODAY() + DAY}),
        ):
            with pytest.raises(error):
                demo.make_structure(world.other, **given)

    @carries("REG-06")
    def test_the_process_of_a_database_goes_before_that_of_its_agency(self, world):
        assert current_process(world.local) is None
        whole = demo.make_process(agency=world.province)
        assert current_process(world.local) == whole
        unit = demo.make_process(agency=world.home)
        assert current_process(world.local) == unit
        assert current_process(world.other) == whole
        own = demo.make_process(world.local)
        assert current_process(world.local) == own

    @carries("REG-06")
    def test_a_process_has_steps(self, world):
        with pytest.raises(StepsMissing):
            demo.make_process(world.local, steps=["", "  "])

    @pytest.mark.parametrize("who", ["colleague", "stranger", "administrator"])
    def test_others_record_nothing(self, world, who):
        actor = getattr(world, who)
        for act in (
            lambda: demo.make_structure(world.local, actor=actor),
            lambda: demo.make_process(world.local, actor=actor),
            lambda: demo.make_process(agency=world.home, actor=actor),
        ):
            with pytest.raises(NotAllowed):
                act()
