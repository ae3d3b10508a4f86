"""The review of a catalogue from its opening to the version that the head issues, and what is refused on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.demo import make_actor
from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands, errors, queries, review_errors
from lienthong.catalogue.demo import make_described_database, make_review
from lienthong.catalogue.models import CatalogueReview, Database, EntryState, IssuedCatalogue
from lienthong.catalogue.reviewing import obstacles_in, progress_of, review_clock
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import NotAllowed, StepNotAllowed
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.holds.commands import lift_holds, place_hold
from lienthong.foundation.notices.models import Notice
from lienthong.foundation.tracing import carries


@pytest.fixture
def it_unit(world):
    return world.actor(world.province, Role.IT_UNIT)


@pytest.fixture
def review(world, it_unit):
    """A review of the province in which both departments declare; justice manages two databases, health none."""
    for unit in (world.justice, world.health):
        make_actor(unit, Role.DATABASE_OWNER)
    for name in ("CSDL hộ tịch", "CSDL công chứng"):
        make_described_database(world.province, managing_unit=world.justice, name=name)
    return make_review(world.province, [world.justice, world.health], actor=it_unit)


def declaration(review, unit):
    return review.declarations.get(unit=unit)


def declare(world, review, unit, *, ended=(), holds_none=False):
    """The unit says of each of its databases that it stands, but for those named, and sends."""
    found = declaration(review, unit)
    actor = world.actor(unit, Role.DATABASE_OWNER)
    codes = Database.objects.filter(managing_unit=unit, is_secret=False).values_list("code", flat=True)
    commands.answer_databases(
        actor=actor,
        declaration=found,
        answers={code: "ended" if code in ended else "stands" for code in codes},
        reasons=dict.fromkeys(ended, "Đã thay bằng hệ thống mới"),
    )
    return commands.declare_unit(actor=actor, declaration=found, holds_none=holds_none)


def all_declared(world, it_unit, review, **given):
    declare(world, review, world.justice, **given)
    declare(world, review, world.health, holds_none=True)
    for one in review.declarations.all():
        commands.accept_declaration(actor=it_unit, declaration=one)
    review.refresh_from_db()


def issued(world, it_unit, review, number="21/QĐ-UBND"):
    today = timezone.localdate()
    commands.draw_up_draft(actor=it_unit, review=review)
    commands.submit_draft(actor=it_unit, review=review, number="15/TTr-SKHCN", day=today)
    return commands.issue_reviewed_catalogue(
        actor=world.head, review=review, decision_number=number, decision_date=today
    )


class TestOpening:
    @carries("CAT-02", "CAT-03")
    def test_each_unit_is_given_its_declaration_and_its_term(self, world, review):
        assert (review.state, review.number[:3]) == ("open", "RS-")
        due = {work.unit: work for work in Work.objects.filter(act="declare_unit", done_at__isnull=True)}
        assert set(due) == {world.justice, world.health}
        assert due[world.justice].clock is not None
        clock = review_clock(review)
        assert (clock.value, clock.mark, clock.term.unit) == (15, "agency", "working_day")

    def test_an_agency_has_one_review_at_a_time(self, world, it_unit, review):
        with pytest.raises(review_errors.ReviewRunning) as refusal:
            make_review(world.province, [world.justice], actor=it_unit)
        assert refusal.value.facts["number"] == review.number

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"document_number": " "}, "document_number"),
            ({"guidance": ""}, "guidance"),
            ({"place": ""}, "place"),
            ({"opened_on": None}, "opened_on"),
        ],
    )
    def test_a_review_needs_its_paper(self, world, it_unit, given, field):
        with pytest.raises(review_errors.ReviewPaperMissing) as refusal:
            make_review(world.province, [world.justice], actor=it_unit, **given)
        assert refusal.value.field == field
        assert not CatalogueReview.objects.exists()

    def test_the_paper_is_of_this_year_past(self, world, it_unit):
        for days in (-1, 400):
            with pytest.raises(review_errors.ReviewDayRefused):
                make_review(
                    world.province,
                    [world.justice],
                    actor=it_unit,
                    opened_on=timezone.localdate() - timedelta(days=days),
                )

    def test_only_the_it_unit_of_the_agency_opens(self, world):
        for actor in (world.owner, world.head, world.actor(world.ministry, Role.IT_UNIT)):
            with pytest.raises(NotAllowed):
                make_review(world.province, [world.justice], actor=actor)


class TestDeclaring:
    @carries("CAT-03")
    def test_a_unit_answers_for_each_database_before_it_declares(self, world, review):
        found, owner = declaration(review, world.justice), world.owner
        with pytest.raises(review_errors.DatabasesUnanswered) as refusal:
            commands.declare_unit(actor=owner, declaration=found)
        assert refusal.value.facts["count"] == 2

        declare(world, review, world.justice)
        assert declaration(review, world.justice).state == "declared"
        assert not Work.objects.filter(act="declare_unit", unit=world.justice, done_at__isnull=True).exists()

    @carries("CAT-03")
    def test_that_a_unit_holds_none_is_a_declaration(self, world, review):
        found = declaration(review, world.health)
        actor = world.actor(world.health, Role.DATABASE_OWNER)
        with pytest.raises(review_errors.HoldsNoneNotSaid):
            commands.declare_unit(actor=actor, declaration=found)
        assert commands.declare_unit(actor=actor, declaration=found, holds_none=True).holds_none

    def test_what_ended_says_why(self, world, review):
        found, owner = declaration(review, world.justice), world.owner
        codes = list(Database.objects.values_list("code", flat=True))
        commands.answer_databases(
            actor=owner, declaration=found, answers={codes[0]: "ended", codes[1]: "stands"}
        )
        with pytest.raises(review_errors.EndedReasonMissing):
            commands.declare_unit(actor=owner, declaration=found)

    def test_a_unit_speaks_for_itself_alone(self, world, review):
        other = world.actor(world.health, Role.DATABASE_OWNER)
        with pytest.raises(NotAllowed):
            commands.answer_databases(actor=other, declaration=declaration(review, world.justice), answers={})
        with pytest.raises(NotAllowed):
            commands.declare_unit(actor=other, declaration=declaration(review, world.justice))

    @carries("CAT-03")
    def test_a_declaration_comes_back_with_a_reason_and_is_sent_again(self, world, it_unit, review):
        declare(world, review, world.justice)
        found = declaration(review, world.justice)
        with pytest.raises(review_errors.DeclarationReasonMissing):
            commands.return_declaration(actor=it_unit, declaration=found, reason=" ")
        commands.return_declaration(actor=it_unit, declaration=found, reason="Thiếu CSDL lý lịch tư pháp.")

        assert declaration(review, world.justice).state == "returned"
        assert Work.objects.filter(act="declare_unit_again", done_at__isnull=True).count() == 1
        assert Notice.objects.filter(text_vi__contains="lý lịch tư pháp").exists()
        declare(world, review, world.justice)
        assert declaration(review, world.justice).state == "declared"

    def test_a_return_after_the_last_acceptance_opens_the_declarations_again(self, world, it_unit, review):
        all_declared(world, it_unit, review)
        assert review.state == "units_declared"
        commands.draw_up_draft(actor=it_unit, review=review)
        commands.return_declaration(
            actor=it_unit, declaration=declaration(review, world.justice), reason="Bổ sung"
        )
        review.refresh_from_db()
        assert review.state == "open"


class TestUrging:
    @carries("CAT-03")
    def test_those_that_have_not_declared_are_urged(self, world, it_unit):
        owner, health = world.owner, world.actor(world.health, Role.DATABASE_OWNER)
        review = make_review(
            world.province,
            [world.justice, world.health],
            actor=it_unit,
            opened_on=timezone.localdate() - timedelta(days=40),
        )
        commands.declare_unit(actor=owner, declaration=declaration(review, world.justice), holds_none=True)
        Notice.objects.all().delete()

        urged = commands.urge_units_to_declare(actor=it_unit, review=review)

        assert [one.unit for one in urged] == [world.health]
        assert list(Notice.objects.values_list("person_id", flat=True)) == [int(health.user_id)]
        first = progress_of(review)[0]
        assert (first.declaration.unit, first.overdue, first.stage) == (world.health, True, "todo")
        assert declaration(review, world.health).times_urged == 1
        names = [event.name for event in history_of("catalogue.cataloguereview", review.pk)]
        assert "catalogue.UnitsUrgedToDeclare" in names

        commands.declare_unit(actor=health, declaration=declaration(review, world.health), holds_none=True)
        with pytest.raises(review_errors.NobodyToUrgeToDeclare):
            commands.urge_units_to_declare(actor=it_unit, review=review)


class TestObstacles:
    @carries("CAT-02", "OVL-05")
    def test_the_refusal_names_every_unit_overlap_and_entry(self, world, it_unit, review):
        civil, notary = Database.objects.order_by("pk")
        place_hold(actor=SYSTEM, subject=civil, step="declare", code="authority.undecided",
                   text_vi="Hồ sơ chồng lấn CL-2026-0007 chưa kết luận.", text_en="Overlap case CL-2026-0007 is not decided.",
                   provision="OVL-03", url="/lam-viec/chong-lan/CL-2026-0007/")  # fmt: skip
        field = notary.tables.get().fields.order_by("pk")[0]
        field.confirmed_at = None
        field.save()
        declare(world, review, world.justice)
        commands.accept_declaration(actor=it_unit, declaration=declaration(review, world.justice))

        with pytest.raises(review_errors.CatalogueNotReady) as refusal:
            commands.draw_up_draft(actor=it_unit, review=review)

        assert refusal.value.facts["count"] == 3
        found = {one.kind: one for one in obstacles_in(review, progress_of(review))}
        assert found["unit"].url == f"/lam-viec/ra-soat-danh-muc/{review.number}/don-vi/H99.11/"
        assert (found["overlap"].url, found["overlap"].requirement) == (
            "/lam-viec/chong-lan/CL-2026-0007/",
            "OVL-03",
        )
        assert found["entry"].url == f"/lam-viec/csdl/{notary.code}/cot/"
        assert not IssuedCatalogue.objects.exists()

    def test_an_overlap_found_after_the_submission_stops_the_issue(self, world, it_unit, review):
        all_declared(world, it_unit, review)
        commands.draw_up_draft(actor=it_unit, review=review)
        today = timezone.localdate()
        commands.submit_draft(actor=it_unit, review=review, number="15/TTr-SKHCN", day=today)
        database = Database.objects.order_by("pk")[0]
        place_hold(
            actor=SYSTEM,
            subject=database,
            step="declare",
            code="authority.undecided",
            text_vi="CL",
            text_en="CL",
        )
        given = {"actor": world.head, "review": review, "decision_number": "1/QĐ", "decision_date": today}
        with pytest.raises(review_errors.CatalogueNotReady):
            commands.issue_reviewed_catalogue(**given)
        lift_holds(actor=SYSTEM, subject=database)
        assert commands.issue_reviewed_catalogue(**given).version == 1

    def test_a_database_registered_after_the_declaration_is_asked_for(self, world, it_unit, review):
        all_declared(world, it_unit, review)
        make_described_database(world.province, managing_unit=world.health, name="CSDL bệnh án")
        with pytest.raises(review_errors.CatalogueNotReady) as refusal:
            commands.draw_up_draft(actor=it_unit, review=review)
        assert "CSDL bệnh án" in refusal.value.text("vi")


class TestIssuing:
    @carries("CAT-02", "CAT-06")
    def test_the_head_issues_what_was_submitted(self, world, it_unit, review):
        all_declared(world, it_unit, review)
        catalogue = issued(world, it_unit, review)

        assert (catalogue.version, catalogue.decision_number) == (1, "21/QĐ-UBND")
        assert [entry["name"] for entry in catalogue.entries] == ["CSDL công chứng", "CSDL hộ tịch"]
        review.refresh_from_db()
        assert (review.state, review.catalogue) == ("issued", catalogue)
        assert set(Database.objects.values_list("entry_state", flat=True)) == {EntryState.ISSUED}
        assert not Work.objects.filter(done_at__isnull=True, number=review.number).exists()

    def test_only_the_head_issues_and_only_what_was_submitted(self, world, it_unit, review):
        all_declared(world, it_unit, review)
        commands.draw_up_draft(actor=it_unit, review=review)
        today = timezone.localdate()
        given = {"review": review, "decision_number": "1/QĐ", "decision_date": today}
        with pytest.raises(StepNotAllowed):
            commands.issue_reviewed_catalogue(actor=world.head, **given)
        commands.submit_draft(actor=it_unit, review=review, number="15/TTr", day=today)
        for actor in (it_unit, world.owner):
            with pytest.raises(NotAllowed):
                commands.issue_reviewed_catalogue(actor=actor, **given)
        with pytest.raises(review_errors.ReviewRunning):
            commands.issue_catalogue(
                actor=world.head, agency=world.province, decision_number="2/QĐ", decision_date=today
            )

    def test_the_head_sends_a_draft_back(self, world, it_unit, review):
        all_declared(world, it_unit, review)
        commands.draw_up_draft(actor=it_unit, review=review)
        commands.submit_draft(actor=it_unit, review=review, number="15/TTr", day=timezone.localdate())
        with pytest.raises(NotAllowed):
            commands.return_draft(actor=it_unit, review=review, reason="x")
        commands.return_draft(actor=world.head, review=review, reason="Làm rõ căn cứ của CSDL hộ tịch.")
        assert (review.state, review.returned_because) == (
            "units_declared",
            "Làm rõ căn cứ của CSDL hộ tịch.",
        )
        assert issued(world, it_unit, review).version == 1

    @carries("CAT-02")
    def test_the_next_years_version_differs_field_by_field(self, world, it_unit, review):
        """One database is amended, one ended, one added; the first version stays as it was issued."""
        all_declared(world, it_unit, review)
        first = issued(world, it_unit, review)
        kept = list(first.entries)
        civil, notary = Database.objects.order_by("pk")
        commands.amend_database(actor=world.owner, database=civil, purpose="Giải quyết thủ tục hộ tịch.")
        make_described_database(world.province, managing_unit=world.health, name="CSDL bệnh án")
        second = make_review(world.province, [world.justice, world.health], actor=it_unit)
        kinds = {
            line.database.name: line.difference.kind for one in progress_of(second) for line in one.lines
        }
        assert kinds == {"CSDL hộ tịch": "changed", "CSDL công chứng": "same", "CSDL bệnh án": "new"}
        declare(world, second, world.justice, ended=[notary.code])
        declare(world, second, world.health)
        for one in second.declarations.all():
            commands.accept_declaration(actor=it_unit, declaration=one)
        second.refresh_from_db()

        catalogue = issued(world, it_unit, second, "30/QĐ-UBND")

        assert catalogue.version == 2
        found = {one.name: one for one in queries.compare_catalogues(first, catalogue)}
        assert {name: one.kind for name, one in found.items()} == {
            "CSDL hộ tịch": "changed",
            "CSDL bệnh án": "new",
            "CSDL công chứng": "ended",
        }
        change = found["CSDL hộ tịch"].fields[0]
        assert (change.field, change.after) == ("purpose", ("Giải quyết thủ tục hộ tịch.",))
        assert change.before == (kept[1]["purpose"],)
        first.refresh_from_db()
        assert first.entries == kept
        assert Database.objects.get(pk=notary.pk).entry_state == EntryState.ENDED
        assert queries.compare_catalogues(catalogue, catalogue) == []

    @carries("CAT-02")
    def test_a_change_reported_after_the_issue_amends_the_catalogue(self, world, it_unit, review):
        all_declared(world, it_unit, review)
        issued(world, it_unit, review)
        commands.amend_catalogue(actor=it_unit, review=review, reason="Sở Tư pháp báo thay đổi.")
        assert review.state == "amending"
        with pytest.raises(errors.NothingToIssue):
            commands.draw_up_draft(actor=it_unit, review=review)
        civil = Database.objects.get(name="CSDL hộ tịch")
        commands.amend_database(actor=world.owner, database=civil, scope="Dữ liệu hộ tịch từ năm 1990.")
        commands.declare_entry(actor=world.owner, database=civil)

        assert issued(world, it_unit, review, "31/QĐ-UBND").version == 2
        assert review.catalogue.entries[1]["scope"] == "Dữ liệu hộ tịch từ năm 1990."


class TestSecrets:
    @carries("SEC-01")
    def test_a_secret_database_leaves_no_trace_in_the_review(self, world, it_unit, review):
        keeper = world.keeper
        database = Database.objects.get(name="CSDL hộ tịch")
        all_declared(world, it_unit, review)
        commands.draw_up_draft(actor=it_unit, review=review)
        commands.mark_secret(actor=keeper, database=database, reason="Theo quyết định")

        assert [line.database.name for one in progress_of(review) for line in one.lines] == [
            "CSDL công chứng"
        ]
        today = timezone.localdate()
        commands.submit_draft(actor=it_unit, review=review, number="15/TTr", day=today)
        catalogue = commands.issue_reviewed_catalogue(
            actor=world.head, review=review, decision_number="21/QĐ", decision_date=today
        )
        assert [entry["name"] for entry in catalogue.entries] == ["CSDL công chứng"]
        assert "hộ tịch" not in str(catalogue.entries)


def test_a_merged_unit_leaves_its_declaration_to_the_receiving_one(world, it_unit):
    review = make_review(world.province, [world.justice, world.health], actor=it_unit)
    commands.hand_over_declarations(former_id=world.justice.pk, successor_id=world.health.pk)
    assert [one.unit for one in review.declarations.all()] == [world.health]


def test_the_number_of_queries_of_the_progress_does_not_grow(
    world, it_unit, review, django_assert_max_num_queries
):
    for place in range(5):
        make_described_database(world.province, managing_unit=world.justice, name=f"CSDL số {place}")
    make_actor(world.justice, Role.DATABASE_OWNER)
    with django_assert_max_num_queries(9):
        progress = progress_of(review)
    assert sum(len(one.lines) for one in progress) == 7
