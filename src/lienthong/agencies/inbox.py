"""The inbox: what is due from whoever is signed in, in the order in which it runs out. Reads work alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.law.queries import calendar, clock_view
from lienthong.law.rules import (
    Remaining,
    Term,
    TermState,
    Unit,
    WorkingCalendar,
    end_of,
    local_day,
    remaining,
)

from .addresses import in_language
from .models import Work
from .queries import PAGE, RUNS_OUT, is_id, work_of
from .roles import Role

if TYPE_CHECKING:
    from .queries import DueWork

_CLOCK_PARTS = ("clock__rule_set", "clock__parameter", "clock__provision__instrument")


@dataclass(frozen=True)
class Row:
    """One act, due or done, and its clock as a page shows it (None where no term runs)."""

    work: Work
    clock: Any = None

    @property
    def href(self) -> str:
        """Where the act is done, in the reader's language."""
        return in_language(self.work.url)


@dataclass(frozen=True)
class DueGroup:
    """The acts of one part of the inbox on this page; `count` is how many there are on all pages."""

    kind: str
    count: int
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Inbox:
    """What is due from one person: overdue, due today, still in time."""

    groups: list[DueGroup]
    waiting: int
    overdue: int
    today: int
    next_after: str
    next_in_unit: datetime | None

    @property
    def first(self) -> Row | None:
        """The act that runs out first."""
        return next((group.rows[0] for group in self.groups if group.rows), None)


@dataclass(frozen=True)
class DonePage:
    """Acts that were done, the latest first."""

    rows: list[Row]
    next_after: str


def inbox_of(actor: Actor, *, after: str = "", now: datetime | None = None) -> Inbox:
    """What is due from the actor; `after` is the id of the last act of the page before."""
    moment = now or timezone.now()
    midnight = end_of(local_day(moment))
    due = work_of(actor).filter(done_at__isnull=True)
    late, today = Q(runs_out__lt=moment), Q(runs_out__gte=moment, runs_out__lte=midnight)
    counts = due.order_by().aggregate(
        waiting=Count("pk"), overdue=Count("pk", filter=late), today=Count("pk", filter=today)
    )
    shown = list(_behind(due, after).select_related("unit", *_CLOCK_PARTS)[: PAGE + 1])
    days = calendar() if shown else WorkingCalendar()
    rows: dict[str, list[Row]] = {"overdue": [], "today": [], "later": []}
    for work in shown[:PAGE]:
        rows[_part(work.runs_out, moment, midnight)].append(Row(work, _clock(work, moment, days)))
    later = counts["waiting"] - counts["overdue"] - counts["today"]
    groups = [
        DueGroup("overdue", counts["overdue"], rows["overdue"]),
        DueGroup("today", counts["today"], rows["today"]),
        DueGroup("later", later, rows["later"]),
    ]
    return Inbox(
        groups=[group for group in groups if group.rows],
        waiting=counts["waiting"],
        overdue=counts["overdue"],
        today=counts["today"],
        next_after=str(shown[PAGE - 1].pk) if len(shown) > PAGE else "",
        next_in_unit=None if counts["waiting"] else _next_in_unit(actor, moment),
    )


def done_by(actor: Actor, *, after: str = "") -> DonePage:
    """What the actor has done, and what was due from the actor and is done; the latest first."""
    if not actor.user_id:
        return DonePage([], "")
    mine = Work.objects.filter(
        Q(pk__in=work_of(actor).order_by().values("pk")) | Q(done_by=actor.user_id), done_at__isnull=False
    ).select_related("unit")
    last = mine.filter(pk=after).first() if is_id(after) else None
    if last is not None:
        mine = mine.filter(Q(done_at__lt=last.done_at) | Q(done_at=last.done_at, pk__lt=last.pk))
    shown = list(mine.order_by("-done_at", "-pk")[: PAGE + 1])
    return DonePage(
        [Row(work) for work in shown[:PAGE]], str(shown[PAGE - 1].pk) if len(shown) > PAGE else ""
    )


def _behind(due: QuerySet[DueWork], after: str) -> QuerySet[DueWork]:
    last = Work.objects.annotate(runs_out=RUNS_OUT).filter(pk=after).first() if is_id(after) else None
    if last is None:
        return due
    if last.runs_out is None:
        return due.filter(runs_out__isnull=True, pk__gt=last.pk)
    return due.filter(
        Q(runs_out__gt=last.runs_out) | Q(runs_out=last.runs_out, pk__gt=last.pk) | Q(runs_out__isnull=True)
    )


def _part(runs_out: datetime | None, moment: datetime, midnight: datetime) -> str:
    if runs_out is None:
        return "later"
    if runs_out < moment:
        return "overdue"
    return "today" if runs_out <= midnight else "later"


def _clock(work: Work, moment: datetime, days: WorkingCalendar) -> Any:
    """The term that runs for the act; a mere date is told in days, days of rest included."""
    if work.clock is not None:
        return clock_view(work.clock, moment, days)
    if work.due_at is None:
        return None
    # 24:00 belongs to the day that it ends.
    term = Term(local_day(work.due_at - timedelta(microseconds=1)), work.due_at, Unit.CALENDAR_DAY)
    left = remaining(moment, term, days)
    return {"due_at": work.due_at, "unit": str(left.unit), "remaining": _signed(left), "mark": "verified"}


def _signed(left: Remaining) -> int:
    return -left.amount if left.state is TermState.OVERDUE else left.amount


def _next_in_unit(actor: Actor, moment: datetime) -> datetime | None:
    """When the next act of the whole unit runs out: shown to whoever has nothing to do.

    What is due from one person, or from keepers of secrets, leaves no trace here.
    """
    if not actor.unit_id:
        return None
    due = Work.objects.annotate(runs_out=RUNS_OUT).filter(
        unit_id=int(actor.unit_id), done_at__isnull=True, runs_out__gte=moment, person__isnull=True
    )
    due = due.exclude(role=Role.SECRETS_KEEPER)
    first: datetime | None = due.aggregate(first=Min("runs_out"))["first"]
    return first
