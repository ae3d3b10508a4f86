"""Signed exceptions before their day: who answers for one is told in time to prepare the next decision."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.notices.queries import told_of
from lienthong.foundation.tracing import carries
from lienthong.law.queries import find_parameter

from ..addresses import case_address
from ..queries import EXCEPTION_NOTICE, exceptions_due_within


@carries("OVL-01")
def announce_due_exceptions(*, actor: Actor = SYSTEM, on: date | None = None) -> int:
    """Tell owner and head of every exception whose review date is near, once; returns of how many. Run by the tick.

    How long before is what the agency has set (`overlap.exception_notice`); where nothing is set nobody is told.
    """
    day = on or timezone.localdate()
    ahead = find_parameter(EXCEPTION_NOTICE, on=day)
    if ahead is None or not isinstance(ahead.value, int):
        return 0
    near = {
        f"{case.number}:ahead:{case.review_date:%Y%m%d}": case
        for case in exceptions_due_within(day, day + timedelta(days=ahead.value))
    }
    told = told_of(near)
    for event_id, case in near.items():
        if event_id in told:
            continue
        head = unit_holding(case.lower.owner, Role.HEAD)
        owners = unit_holding(case.lower.managing_unit, Role.DATABASE_OWNER)
        notify(
            people=[*people_in_role(owners, Role.DATABASE_OWNER), *people_in_role(head, Role.HEAD)],
            text_vi=f"Hồ sơ {case.number}: ngoại lệ phải xem xét lại ngày {case.review_date:%d/%m/%Y}",
            text_en=f"Case {case.number}: the exception is to be reviewed on {case.review_date:%d/%m/%Y}",
            url=case_address(case.number),
            event_id=event_id,
        )
    return len(near.keys() - told)
