"""Cases left lying: urged once past their day, taken up step by step, directed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.demo import make_person, make_post
from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.demo import make_case
from lienthong.authority.errors import DirectionDayRefused, DirectionMissing, NothingToUrge, UrgedToday
from lienthong.authority.models import Outcome
from lienthong.authority.queries import CARRY_OUT_TERM, DIRECT, ESCALATION_TERM, decision_clock, running_term
from lienthong.authority.tests.conftest import decide, due_on_cases, mechanism
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.notices.models import Notice
from lienthong.foundation.tracing import carries

DAY = timedelta(days=1)


@pytest.fixture
def people(world):
    """Who owes the decision, who stands above, who coordinates."""
    found = {}
    for name, unit, role in (
        ("owner", world.home, Role.DATABASE_OWNER),
        ("head", world.province, Role.HEAD),
        ("hub", world.hub, Role.COORDINATING_MINISTRY),
    ):
        found[name] = make_person(f"doc-{name}", f"Cán bộ {name}")
        make_post(found[name], unit, role)
    return found


def past_due(case):
    """A moment after the decision was due."""
    return decision_clock(case).due_at + timedelta(minutes=1)


def past_escalation(case):
    return running_term(case, ESCALATION_TERM).due_at + timedelta(minutes=1)


def told(person) -> list[str]:
    return list(Notice.objects.filter(person=person).values_list("text_vi", flat=True))


class TestUrging:
    @carries("OVL-05")
    def test_an_overdue_case_is_urged_once_and_who_owes_it_is_told(self, world, case, people):
        moment = past_due(case)
        assert commands.urge_overdue_cases(now=moment - DAY * 3) == 0
        assert commands.urge_overdue_cases(now=moment) == 1
        assert commands.urge_overdue_cases(now=moment + DAY) == 0
        case.refresh_from_db()
        assert case.times_urged == 1
        assert [text for text in told(people["owner"]) if "Đôn đốc" in text]

    @carries("OVL-05")
    def test_what_was_decided_in_time_is_not_urged(self, world, case):
        moment = past_due(case)
        decide(world, case, Outcome.NO_OVERLAP)
        assert commands.urge_overdue_cases(now=moment) == 0

    @carries("OVL-05", "OVL-01")
    def test_collection_that_does_not_stop_is_urged_as_well(self, world, case):
        decide(world, case, Outcome.STOP_COLLECTING)
        due = running_term(case, CARRY_OUT_TERM).due_at
        assert Work.objects.get(act="stop_collecting", done_at__isnull=True).due_at == due
        assert commands.urge_overdue_cases(now=due + DAY) == 1

    @carries("OVL-04")
    def test_a_planned_synchronisation_is_due_on_its_day(self, world, case):
        start = timezone.localdate() + DAY * 3
        decide(world, case, Outcome.MUST_SYNCHRONISE, mechanism=mechanism(world, planned_from=start))
        work = Work.objects.get(act="start_sync", done_at__isnull=True)
        assert timezone.localdate(work.due_at) == start + DAY
        assert commands.urge_overdue_cases(now=work.due_at + timedelta(minutes=1)) == 1

    @carries("OVL-05")
    def test_people_urge_once_a_day(self, world, case, people):
        commands.urge_case(actor=world.ministry_owner, case=case)
        assert case.times_urged == 1
        with pytest.raises(UrgedToday):
            commands.urge_case(actor=world.head, case=case)
        with pytest.raises(NotAllowed):
            commands.urge_case(actor=world.stranger, case=case)

    def test_a_closed_case_is_not_urged(self, world, case):
        decide(world, case, Outcome.NO_OVERLAP)
        with pytest.raises(NothingToUrge):
            commands.urge_case(actor=world.head, case=case)

    @carries("SEC-01")
    def test_a_case_with_a_secret_side_is_left_alone(self, world, case):
        moment = past_due(case)
        type(world.national).objects.filter(pk=world.national.pk).update(is_secret=True)
        assert commands.urge_overdue_cases(now=moment) == 0


class TestEscalation:
    @pytest.fixture
    def urged(self, case, people):
        commands.urge_overdue_cases(now=past_due(case))
        return case

    @carries("OVL-05")
    def test_urged_in_vain_it_goes_to_the_head_then_to_the_coordinating_ministry(self, world, urged, people):
        for name, unit, role in (
            ("head", world.province, Role.HEAD),
            ("hub", world.hub, Role.COORDINATING_MINISTRY),
        ):
            moment = past_escalation(urged)
            assert commands.escalate_overdue_cases(now=moment - DAY * 3) == 0
            assert commands.escalate_overdue_cases(now=moment) == 1
            due = Work.objects.get(act=DIRECT, done_at__isnull=True)
            assert (due.unit, due.role) == (unit, role)
            assert [text for text in told(people[name]) if "chuyển cấp trên" in text]
        assert commands.escalate_overdue_cases(now=past_escalation(urged)) == 0
        assert Work.objects.filter(act="decide", done_at__isnull=True).count() == 1

    @carries("OVL-05")
    def test_a_decision_ends_what_was_asked_of_the_superior(self, world, urged):
        commands.escalate_overdue_cases(now=past_escalation(urged))
        urged.refresh_from_db()
        decide(world, urged, Outcome.NO_OVERLAP)
        assert not due_on_cases().exists()
        assert running_term(urged, ESCALATION_TERM) is None

    @carries("OVL-05")
    def test_the_head_directs_and_the_next_step_waits_for_the_day_set(self, world, urged, people):
        commands.escalate_overdue_cases(now=past_escalation(urged))
        until = timezone.localdate() + DAY * 60
        commands.direct_case(
            actor=world.head, case=urged, direction="Sở Nội vụ kết luận trước ngày này", until=until
        )
        assert (urged.direction[:10], urged.direct_until) == ("Sở Nội vụ ", until)
        assert not Work.objects.filter(act=DIRECT, done_at__isnull=True).exists()
        assert [text for text in told(people["owner"]) if "chỉ đạo" in text]
        assert running_term(urged, ESCALATION_TERM).due_on > until

    @carries("OVL-05")
    def test_a_direction_says_something_and_names_no_day_that_is_past(self, world, case):
        with pytest.raises(DirectionMissing):
            commands.direct_case(actor=world.head, case=case, direction=" ")
        with pytest.raises(DirectionDayRefused):
            commands.direct_case(actor=world.head, case=case, direction="x", until=timezone.localdate() - DAY)
        with pytest.raises(NotAllowed):
            commands.direct_case(actor=world.owner, case=case, direction="x")


class TestEqualClasses:
    @pytest.fixture
    def equal(self, world):
        return make_case(
            world.database(world.ministry, "sector"), world.database(world.other_ministry, "sector")
        )

    @carries("OVL-05")
    def test_without_a_common_superior_the_coordinating_ministry_owes_the_naming(self, world, people, equal):
        work = due_on_cases().get()
        assert (work.act, work.unit, work.role) == (
            "name_authority",
            world.hub,
            Role.COORDINATING_MINISTRY,
        )
        assert commands.urge_overdue_cases(now=past_due(equal)) == 1
        assert [text for text in told(people["hub"]) if "Đôn đốc" in text]


class TestReview:
    @carries("OVL-01")
    def test_an_exception_reopened_has_a_new_term_and_is_urged_when_that_runs_out(self, world, case, people):
        decide(world, case, Outcome.EXCEPTION, actor=world.head)
        first = case.review_date
        commands.recall_due_exceptions(on=first)
        case.refresh_from_db()
        clock = decision_clock(case)
        assert clock.anchor_event == "exception_due"
        assert clock.due_at > timezone.now()
        assert [text for text in told(people["owner"]) if "xem xét lại" in text]
        assert commands.urge_overdue_cases(now=timezone.now()) == 0
        assert commands.urge_overdue_cases(now=past_due(case)) == 1
