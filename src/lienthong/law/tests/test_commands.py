"""Loading, clocks, changes of parameters and of the calendar."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries
from lienthong.law.commands import (
    MIGRATE,
    change_parameter,
    load_law,
    remove_calendar_day,
    seed_holidays,
    set_calendar_day,
    start_clock,
    stop_clock,
)
from lienthong.law.errors import (
    CalendarEntryInvalid,
    CalendarEntryMissing,
    ClockAlreadyRunning,
    ParameterNotInForce,
    ParameterUnknown,
    ParameterWithoutTerm,
    ProvisionMissing,
    ProvisionUnknown,
    ReasonMissing,
    StatutoryNumber,
    ValueDoesNotFit,
)
from lienthong.law.models import CalendarDay, Clock, Instrument, Parameter, ShippedFacts
from lienthong.law.queries import (
    calendar,
    clock_view,
    clock_views,
    clocks_of,
    grounds_of,
    parameter,
    running_clocks,
)
from lienthong.law.rules import VIETNAM

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CASE = ("sharing.sharingrequest", 147)


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=VIETNAM)


def started(
    key: str = "default_share.account", anchor: datetime | None = None, subject=CASE, **more
) -> Clock:
    return start_clock(
        actor=SYSTEM,
        subject=subject,
        key=key,
        anchor_at=anchor or at(2026, 11, 18),
        anchor_event="request_received",
        **more,
    )


def test_loading_twice_changes_nothing(law) -> None:
    counts = Parameter.objects.count(), Parameter.history.count(), CalendarDay.objects.count()
    events = Event.objects.count()
    assert load_law() is False
    ShippedFacts.objects.all().delete()
    assert load_law() is True
    assert (Parameter.objects.count(), Parameter.history.count(), CalendarDay.objects.count()) == counts
    assert Event.objects.count() == events + 1


def test_loading_repairs_what_was_damaged_and_keeps_what_the_agency_set(law, it_unit) -> None:
    # Given an edited parameter, and a row that somebody damaged in the database
    change_parameter(
        actor=it_unit, key="default_share.account", rule_set="DATA-LAW-2025", value="3", reason="QĐ 15"
    )
    Instrument.objects.filter(slug="nd-47-2020").update(title_vi="x")
    Parameter.objects.filter(key="service.publish").update(value="99")
    ShippedFacts.objects.all().delete()
    # When the next edition is loaded
    load_law()
    # Then the edit stays, the rest follows the files
    kept = parameter("default_share.account", on=date(2026, 1, 1))
    assert (kept.value, kept.edited) == (3, True)
    assert Parameter.objects.get(pk=kept.parameter_id).shipped_value == "2"
    assert parameter("service.publish", on=date(2021, 1, 1)).value == 1
    assert Instrument.objects.get(slug="nd-47-2020").title_vi.startswith("Nghị định")


@carries("CFG-01", "DSH-04")
@pytest.mark.parametrize(
    ("received", "due", "mark"),
    [
        (at(2025, 8, 18), date(2025, 8, 25), "verified"),
        (at(2025, 8, 19), date(2025, 8, 21), "verified"),
        (at(2025, 10, 22), date(2025, 10, 24), "agency"),
    ],
)
def test_a_case_pins_the_rule_of_its_anchor_event(law, received, due, mark) -> None:
    # Given a request entered today as received on paper on that date
    clock = started(anchor=received)
    assert (clock.due_on, clock.mark) == (due, mark)
    assert clock.rule_set.holds_on(received.date())
    assert list(clocks_of(CASE)) == [clock]
    assert list(running_clocks("default_share.account")) == [clock]


def test_a_clock_is_shown_with_how_it_was_counted(law) -> None:
    clock = started(anchor=at(2026, 11, 20))
    view = clock_view(clock, at(2026, 11, 23))
    assert view.due_on == date(2026, 11, 25)
    assert view.not_counted == (date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 24))
    assert (view.remaining, view.unit, view.state, view.stopped) == (1, "working_day", "running", None)
    assert (view.term.value, view.term.unit, view.term.mark) == (2, "working_day", "agency")
    assert grounds_of(clock) == []
    assert view.calendar_known
    late = clock_view(clock, at(2026, 11, 30))
    assert (late.remaining, late.state) == (-3, "overdue")


def test_a_clock_cites_its_provision(law) -> None:
    clock = started(anchor=at(2025, 8, 18))
    (ground,) = grounds_of(clock)
    assert ground.citation == "khoản 3 Điều 35 Nghị định số 47/2020/NĐ-CP (hết hiệu lực từ 22/10/2025)"
    assert clock_view(clock, at(2025, 8, 19)).label_en == "Time to issue the connection account"
    assert grounds_of(None) == []


def test_stopping_tells_whether_it_was_in_time(law) -> None:
    clock = started(anchor=at(2026, 11, 18))
    stop_clock(actor=SYSTEM, clock=clock, outcome="account_issued", stopped_at=at(2026, 11, 20, 16))
    clock.refresh_from_db()
    assert (clock.is_running, clock.in_time, clock.outcome) == (False, True, "account_issued")
    view = clock_view(clock, at(2027, 1, 1))
    assert (view.stopped, view.state) == (clock.stopped_at, "due_today")
    # and stopping again changes nothing
    stop_clock(actor=SYSTEM, clock=clock, outcome="other")
    clock.refresh_from_db()
    assert clock.outcome == "account_issued"
    assert Event.objects.filter(name="law.ClockStopped").count() == 1
    assert not running_clocks().exists()


def test_the_same_term_runs_once(law) -> None:
    first = started()
    assert started() == first
    with pytest.raises(ClockAlreadyRunning):
        started(anchor=at(2026, 11, 19))
    stop_clock(actor=SYSTEM, clock=first, outcome="renewed")
    assert started(anchor=at(2026, 11, 19)) != first


@pytest.mark.parametrize(
    ("key", "anchor", "due", "hour"),
    [
        ("open_dataset.update", at(2026, 11, 30), date(2027, 2, 28), 0),
        ("suspend.violation.notice", at(2026, 11, 20), date(2026, 11, 21), 0),
        ("data_check.report", at(2026, 11, 19), date(2026, 12, 30), 0),
        ("mandatory.connect.all", at(2026, 11, 19), date(2026, 12, 31), 0),
        ("pdp.breach.notify", at(2026, 11, 19), date(2026, 11, 22), 9),
    ],
)
def test_terms_of_every_kind_are_counted(law, key, anchor, due, hour) -> None:
    clock = started(key, anchor)
    assert clock.due_on == due
    assert clock.due_at.astimezone(VIETNAM).hour == hour


@carries("SUS-01")
def test_a_notice_is_counted_back_from_the_planned_stop(law) -> None:
    clock = started("online_suspension.notice", at(2026, 12, 7, 8))
    assert clock.due_on == date(2026, 11, 26)
    assert clock.ahead


def test_a_term_of_one_database(law) -> None:
    clock = started("mandatory.connect.all", database_code="thi-hanh-an-hinh-su")
    assert (clock.due_on, clock.database_code) == (date(2027, 7, 1), "thi-hanh-an-hinh-su")


def test_what_has_no_number_starts_no_clock(law) -> None:
    with pytest.raises(ParameterWithoutTerm):
        started("specific_share.answer")
    with pytest.raises(ParameterWithoutTerm):
        started("ndb.list.approver")
    with pytest.raises(ParameterNotInForce):
        started("catalogue.first_issue")
    with pytest.raises(ParameterUnknown):
        started("no.such.key")
    assert not Clock.objects.exists()


@carries("CFG-01")
def test_a_change_keeps_running_cases_under_the_old_rule(law, it_unit) -> None:
    clock = started()
    row = change_parameter(
        actor=it_unit,
        key="default_share.account",
        rule_set="DATA-LAW-2025",
        value="5",
        reason="Quyết định số 15/QĐ-UBND",
    )
    clock.refresh_from_db()
    assert (clock.value, clock.due_on) == ("2", date(2026, 11, 20))
    fact = Event.objects.get(name="law.ParameterChanged")
    assert (fact.reason, fact.payload["touched"], fact.payload["before"], fact.payload["after"]) == (
        "Quyết định số 15/QĐ-UBND", 1, "2", "5",
    )  # fmt: skip
    assert [old.value for old in row.history.order_by("history_date")] == ["2", "5"]
    # and new cases follow the new rule
    assert started(subject=("sharing.sharingrequest", 148)).value == "5"


@carries("CFG-01")
def test_a_change_may_migrate_running_cases(law, it_unit) -> None:
    clock = started()
    done = started(subject=("sharing.sharingrequest", 9))
    stop_clock(actor=SYSTEM, clock=done, outcome="done")
    change_parameter(
        actor=it_unit,
        key="default_share.account",
        rule_set="DATA-LAW-2025",
        value="3",
        reason="QĐ 15",
        running_cases=MIGRATE,
    )
    clock.refresh_from_db()
    done.refresh_from_db()
    assert (clock.value, clock.due_on) == ("3", date(2026, 11, 23))
    assert done.value == "2"
    moved = Event.objects.get(name="law.ClockMoved")
    assert moved.payload["of_id"] == "147"


def test_a_limit_can_be_set_where_the_law_sets_none(law, it_unit) -> None:
    change_parameter(
        actor=it_unit,
        key="specific_share.answer",
        rule_set="DATA-LAW-2025",
        value="10",
        unit="working_day",
        reason="Quy chế của tỉnh",
    )
    found = parameter("specific_share.answer", on=date(2026, 11, 19))
    assert (found.value, found.unit, found.mark, found.is_agency_rule) == (10, "working_day", "agency", True)


def change(actor: Actor, **more) -> Parameter:
    wanted = {"key": "default_share.account", "rule_set": "DATA-LAW-2025", "value": "3", "reason": "QĐ 15"}
    return change_parameter(actor=actor, **{**wanted, **more})


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"reason": "  "}, ReasonMissing),
        ({"value": "ba"}, ValueDoesNotFit),
        ({"value": ""}, ValueDoesNotFit),
        ({"value": "0"}, ValueDoesNotFit),
        ({"mark": "verified"}, ProvisionMissing),
        ({"mark": "verified", "provision_ref": "x/1"}, ProvisionUnknown),
        ({"key": "no.such.key"}, ParameterUnknown),
        ({"rule_set": "NO-SET"}, ParameterUnknown),
        ({"key": "catalogue.first_issue"}, ParameterNotInForce),
    ],
)
def test_a_wrong_change_changes_nothing(law, administrator, wrong, error) -> None:
    before = list(Parameter.objects.values_list("pk", "value", "mark"))
    with pytest.raises(error) as refused:
        change(administrator, **wrong)
    assert refused.value.text("vi")
    assert refused.value.hint("en")
    assert list(Parameter.objects.values_list("pk", "value", "mark")) == before
    assert not Event.objects.filter(name="law.ParameterChanged").exists()


def test_who_may_change_follows_from_where_the_number_comes(law, it_unit, administrator, head) -> None:
    statutory = {"rule_set": "ND47-ORIGINAL"}
    with pytest.raises(StatutoryNumber):
        change(it_unit, **statutory)
    with pytest.raises(NotAllowed):
        change(head)
    with pytest.raises(NotAllowed):
        change(Actor(origin="web"))
    change(administrator, **statutory, mark="verified", provision_ref="nd-47-2020/35.3")
    ministry = Actor(roles=frozenset({"coordinating_ministry"}), origin="web")
    assert change(ministry, **statutory).mark == "agency"


def test_a_new_holiday_moves_the_terms_that_run_over_it(law, it_unit) -> None:
    running = started(anchor=at(2026, 11, 18))
    far = started(subject=("x.y", 1), anchor=at(2026, 11, 2))
    calendar_days = started("suspend.violation.notice", at(2026, 11, 18))
    before = far.due_at
    set_calendar_day(
        actor=it_unit, day=date(2026, 11, 20), kind="holiday", name_vi="Nghỉ đột xuất", reason="Thông báo 7"
    )
    for clock in (running, far, calendar_days):
        clock.refresh_from_db()
    assert running.due_on == date(2026, 11, 23)
    assert far.due_at == before
    assert calendar_days.due_on == date(2026, 11, 19)
    assert Event.objects.get(name="law.CalendarDaySet").payload["moved"] == 1
    remove_calendar_day(actor=it_unit, day=date(2026, 11, 20), kind="holiday")
    running.refresh_from_db()
    assert running.due_on == date(2026, 11, 20)


def test_closing_hour_is_an_entry_of_the_calendar(law, it_unit) -> None:
    clock = started(anchor=at(2026, 11, 18))
    assert clock.due_at == at(2026, 11, 21, 0)
    set_calendar_day(
        actor=it_unit,
        day=date(2026, 1, 1),
        kind="closing",
        name_vi="Giờ làm việc",
        closing_hour=time(17),
    )
    clock.refresh_from_db()
    assert clock.due_at == at(2026, 11, 20, 17)
    assert clock.due_on == date(2026, 11, 20)


def test_a_day_is_either_of_rest_or_worked_in_exchange(law, it_unit) -> None:
    day = date(2026, 11, 28)
    set_calendar_day(actor=it_unit, day=day, kind="swapped_working", name_vi="Làm bù")
    assert calendar().is_working(day)
    set_calendar_day(actor=it_unit, day=day, kind="holiday", name_vi="Nghỉ")
    assert not calendar().is_working(day)
    assert CalendarDay.objects.filter(day=day).count() == 1


def test_wrong_entries_and_strangers_are_refused(law, it_unit, head) -> None:
    with pytest.raises(CalendarEntryInvalid):
        set_calendar_day(actor=it_unit, day=date(2026, 11, 20), kind="party", name_vi="x")
    with pytest.raises(CalendarEntryInvalid):
        set_calendar_day(actor=it_unit, day=date(2026, 11, 20), kind="holiday", name_vi=" ")
    with pytest.raises(CalendarEntryMissing):
        remove_calendar_day(actor=it_unit, day=date(2026, 11, 20), kind="holiday")
    with pytest.raises(NotAllowed):
        set_calendar_day(actor=head, day=date(2026, 11, 20), kind="holiday", name_vi="x")
    with pytest.raises(NotAllowed):
        remove_calendar_day(actor=head, day=date(2026, 11, 24), kind="holiday")
    with pytest.raises(NotAllowed):
        seed_holidays(actor=head, years=[2029])


def test_first_guess_of_holidays_is_marked_and_never_overwrites(law, administrator) -> None:
    # 24/11 is a day of rest from 2026 by the first guess, not verified
    guessed = CalendarDay.objects.get(day=date(2026, 11, 24))
    assert (guessed.kind, guessed.mark) == ("holiday", "unverified")
    assert not CalendarDay.objects.filter(day=date(2025, 11, 24)).exists()
    assert CalendarDay.objects.get(day=date(2026, 8, 22)).kind == "swapped_working"
    # Given a corrected entry, and one that was removed
    set_calendar_day(actor=administrator, day=date(2026, 11, 24), kind="holiday", name_vi="Ngày Văn hóa")
    remove_calendar_day(actor=administrator, day=date(2026, 9, 1), kind="holiday")
    # Then a start does not bring the guesses back
    load_law()
    assert CalendarDay.objects.get(day=date(2026, 11, 24)).mark == "agency"
    assert not CalendarDay.objects.filter(day=date(2026, 9, 1)).exists()
    assert seed_holidays(actor=administrator, years=[2031]) > 5
    assert 2031 in calendar().known_years


def test_many_clocks_read_the_calendar_once(law, django_assert_num_queries) -> None:
    for number in range(5):
        started(subject=("x.y", number))
    clocks = list(clocks_of(("x.y", 0))) + list(running_clocks().select_related("provision__instrument"))
    with django_assert_num_queries(1):
        assert len(clock_views(clocks, at(2026, 11, 19))) == 6
