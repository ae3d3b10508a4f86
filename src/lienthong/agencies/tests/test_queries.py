"""What pages and programs read of agencies, focal officers and work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from lienthong.agencies import commands, demo, queries
from lienthong.agencies.inbox import done_by, inbox_of
from lienthong.agencies.indexing import index_agency, search_rows
from lienthong.agencies.models import Agency, AgencyKind, Work
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, VISITOR, Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries
from lienthong.law.commands import start_clock
from lienthong.law.models import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Acting = Callable[..., Actor]


# The tree, one agency, the directory


def test_the_tree_is_in_vietnamese_order_and_pages_go_on_where_they_stopped(db: None) -> None:
    names = ["Ân Thi", "An Lộc", "Đông Hà", "Dầu Tiếng", "Âu Lâu"]
    for place, name in enumerate(names):
        demo.make_agency(f"H{place + 10}", f"UBND tỉnh {name}")
    first = queries.agency_tree(limit=3)
    rest = queries.agency_tree(limit=3, after=first.next_after)
    assert [branch.agency.name.split("tỉnh ")[1] for branch in first.rows + rest.rows] == [
        "An Lộc",
        "Ân Thi",
        "Âu Lâu",
        "Dầu Tiếng",
        "Đông Hà",
    ]
    assert rest.next_after == ""


def test_a_branch_shows_its_first_units_and_counts_the_rest(province: Agency) -> None:
    for place in range(queries.UNITS_SHOWN + 3):
        demo.make_agency(f"H99.{place:02d}A", f"Đơn vị {place:02d}", kind=AgencyKind.UNIT, parent=province)
    branch = queries.agency_tree().rows[0]
    assert (len(branch.units), branch.unit_count, branch.hidden) == (
        queries.UNITS_SHOWN,
        queries.UNITS_SHOWN + 3,
        3,
    )
    page = queries.agency_page("H99")
    assert (len(page.units), page.hidden_units) == (queries.UNITS_SHOWN, 3)


def test_the_number_of_queries_does_not_grow_with_the_tree(
    province: Agency, neighbour: Agency, department: Agency, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(4):
        queries.agency_tree()
    with django_assert_num_queries(2):
        queries.focal_directory()


def test_the_page_of_an_agency_says_what_everybody_may_know(province: Agency, department: Agency) -> None:
    demo.make_focal_officer(province)
    commands.rename_agency(actor=SYSTEM, agency=department, name="Sở Nội vụ và Lao động")
    page = queries.agency_page("000.00.01.H99")
    assert page.moved
    assert page.agency == department
    assert page.former_code_form == "000.00.01.H99"
    assert page.former_names == ["Sở Nội vụ tỉnh An Lộc"]
    assert page.above == [province]
    assert page.focal is not None
    assert not page.focal_is_own
    own = queries.agency_page("H99")
    assert own.focal_is_own
    assert not own.moved
    with pytest.raises(NotFound):
        queries.agency_page("H41")


@carries("FOC-05")
def test_an_officer_who_is_not_published_is_not_on_any_public_page(province: Agency) -> None:
    demo.make_focal_officer(province, published=False)
    assert queries.agency_page("H99").focal is None
    assert [line.officer for line in queries.focal_directory().rows] == [None]
    index_agency(province.pk)
    assert not queries.found_in_directory("Thu Hà", actor=VISITOR).rows


@carries("FOC-05")
def test_the_directory_shows_gaps_at_the_top_and_units_with_an_officer_of_their_own(
    province: Agency, neighbour: Agency, department: Agency
) -> None:
    demo.make_focal_officer(province)
    lines = {line.agency: line.officer for line in queries.focal_directory().rows}
    assert set(lines) == {province, neighbour}
    assert lines[neighbour] is None
    demo.make_focal_officer(department, "Phan Đình Khôi")
    lines = {line.agency: line.officer for line in queries.focal_directory().rows}
    assert lines[department].full_name == "Phan Đình Khôi"
    assert list(queries.vacant_agencies()) == [neighbour]
    commands.end_focal_officer(
        actor=SYSTEM, appointment=lines[department], valid_to=timezone.localdate() - timedelta(days=1)
    )
    lines = {line.agency: line.officer for line in queries.focal_directory().rows}
    assert lines[department] is None


# Search


SPELLINGS = ["so noi vu", "SỞ NỘI VỤ", "H99.01", "000.00.01.H99", "home affairs", "khoi"]


@pytest.mark.parametrize("text", SPELLINGS)
def test_an_agency_is_found_by_name_code_or_officer_in_any_spelling(
    province: Agency, department: Agency, text: str
) -> None:
    department.name_en = "Department of Home Affairs"
    department.save()
    demo.make_focal_officer(department, "Phan Đình Khôi")
    assert search_rows() == 2
    found = queries.found_agencies(text, actor=VISITOR)
    assert [branch.agency for branch in found.rows] == [department]
    assert [line.agency for line in queries.found_in_directory(text, actor=VISITOR).rows] == [department]


def test_a_closed_agency_leaves_the_search(province: Agency) -> None:
    index_agency(province.pk)
    index_agency(province.pk)
    assert Entry.objects.filter(kind="agency").count() == 1
    commands.close_agency(actor=SYSTEM, agency=province)
    index_agency(province.pk)
    assert not Entry.objects.filter(kind="agency").exists()
    assert not queries.agency_tree().rows


# The inbox

NOW = datetime(2026, 11, 19, 7, 5, tzinfo=UTC)  # 14:05 on a Thursday in Vietnam


def due(unit: Agency, act: str, when: datetime | None, **more: object) -> Work:
    facts = {"title_vi": "trả lời", "title_en": "answer", "about": "", "url": "/lam-viec/"}
    return commands.open_work(subject=unit, act=act, unit=unit, due_at=when, **{**facts, **more})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(2026, 11, day, hour, minute))


@carries("FOC-04")
def test_the_inbox_puts_overdue_first_then_today_then_the_rest(province: Agency, acting: Acting) -> None:
    head = acting(province, Role.HEAD)
    later, late, without, midnight, today = (
        due(province, "a", at(25, 17)),
        due(province, "b", at(18, 17)),
        due(province, "c", None),
        due(province, "d", timezone.make_aware(datetime(2026, 11, 20))),
        due(province, "e", at(19, 17)),
    )
    found = inbox_of(head, now=NOW)
    assert [(group.kind, [row.work for row in group.rows]) for group in found.groups] == [
        ("overdue", [late]),
        ("today", [today, midnight]),
        ("later", [later, without]),
    ]
    assert (found.waiting, found.overdue, found.today) == (5, 1, 2)
    assert found.first is not None
    assert found.first.work == late
    clocks = [row.clock for group in found.groups for row in group.rows]
    assert [clock and clock["remaining"] for clock in clocks] == [-1, 0, 0, 6, None]


def test_the_inbox_goes_on_where_a_page_stopped(province: Agency, acting: Acting) -> None:
    head = acting(province, Role.HEAD)
    works = [due(province, f"act-{n:03d}", at(20, 8, n % 60)) for n in range(52)]
    works += [due(province, f"no-date-{n}", None) for n in range(3)]
    seen: list[int] = []
    after = ""
    for _ in range(2):
        page = inbox_of(head, after=after, now=NOW)
        seen += [row.work.pk for group in page.groups for row in group.rows]
        assert page.waiting == 55
        after = page.next_after
    assert after == ""
    assert len(seen) == len(set(seen)) == len(works)
    assert seen[-3:] == [work.pk for work in works[-3:]]
    assert inbox_of(head, after="x", now=NOW).waiting == 55


def test_an_empty_inbox_says_when_the_unit_is_due_next(province: Agency, acting: Acting) -> None:
    head = acting(province, Role.HEAD)
    assert inbox_of(head, now=NOW).next_in_unit is None
    due(province, "a", at(25, 17), role=Role.IT_UNIT)
    due(province, "b", at(20, 17), role=Role.SECRETS_KEEPER)
    due(province, "c", at(18, 17), role=Role.IT_UNIT)
    due(province, "d", at(21, 17), person=demo.make_person("ai-do"))
    found = inbox_of(head, now=NOW)
    assert (found.groups, found.waiting) == ([], 0)
    assert found.next_in_unit == at(25, 17)


def test_what_was_done_is_kept_the_latest_first(province: Agency, acting: Acting) -> None:
    head = acting(province, Role.HEAD)
    works = [due(province, f"act-{n}", None) for n in range(3)]
    for place, work in enumerate(works):
        commands.finish_work(actor=head, subject=province, act=work.act)
        Work.objects.filter(pk=work.pk).update(done_at=at(10 + place, 9))
    assert inbox_of(head, now=NOW).waiting == 0
    assert [row.work for row in done_by(head).rows] == works[::-1]
    assert done_by(VISITOR).rows == []


def test_the_clock_of_the_law_goes_before_the_date_noted_with_the_act(
    province: Agency, acting: Acting, django_assert_num_queries: Callable
) -> None:
    head = acting(province, Role.HEAD)
    received = timezone.make_aware(datetime(2025, 9, 3, 9))
    clock = start_clock(
        actor=SYSTEM,
        subject=province,
        key="default_share.account",
        anchor_at=received,
        anchor_event="request_received",
    )
    due(province, "a", None, clock=clock)
    others = [due(province, f"later-{n}", at(25, 17)) for n in range(3)]
    with django_assert_num_queries(3):
        found = inbox_of(head, now=received)
    row = found.groups[0].rows[0]
    assert (row.clock.unit, row.clock.remaining) == ("working_day", 2)
    # Counted anew, the term now ends after the others.
    Clock.objects.filter(pk=clock.pk).update(due_at=at(30, 17), due_on=date(2026, 11, 30))
    rows = [row.work.pk for group in inbox_of(head, now=received).groups for row in group.rows]
    assert rows[:-1] == [work.pk for work in others]
    assert Work.objects.get(pk=rows[-1]).clock_id == clock.pk


def test_work_follows_its_clock_when_a_holiday_moves_it(province: Agency, acting: Acting) -> None:
    head = acting(province, Role.HEAD)
    clock = start_clock(
        actor=SYSTEM,
        subject=province,
        key="default_share.account",
        anchor_at=timezone.make_aware(datetime(2025, 9, 3, 9)),
        anchor_event="request_received",
    )
    due(province, "a", None, clock=clock)
    later = clock.due_at + timedelta(days=1)
    Clock.objects.filter(pk=clock.pk).update(due_at=later)
    assert commands.follow_clock(clock_id=clock.pk) == 1
    assert Work.objects.get(clock=clock).due_at == later
    commands.finish_work(actor=head, subject=province)
    assert commands.follow_clock(clock_id=clock.pk) == 0
    assert commands.follow_clock(clock_id=10**9) == 0
