"""What is due on a correction, from whom and by when; which terms run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.queries import responsible_for
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.notices.commands import notify
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.models import Clock
from lienthong.law.queries import clocks_of, find_parameter

from ..addresses import correction_address
from ..correction_access import REPORTING, unit_of_level
from ..correction_records import LEVEL_TERMS, SLIP_COMPLEX, SLIP_WHOLE
from ..models import CorrectionCase, CorrectionState

TITLES = {
    CorrectionState.REPORTED: ("tiếp nhận báo sai lệch dữ liệu", "acknowledge the report of wrong data"),
    CorrectionState.ACKNOWLEDGED: ("kiểm tra dữ liệu bị báo sai", "verify the data reported as wrong"),
    CorrectionState.CONFIRMED: ("đính chính dữ liệu", "correct the data"),
    CorrectionState.CORRECTED: ("thông báo đính chính", "inform the consumers of the correction"),
    CorrectionState.BROADCAST: ("kết thúc hồ sơ đính chính", "close the correction"),
    CorrectionState.DISPUTED: ("giải quyết vướng mắc về dữ liệu sai", "settle the issue about wrong data"),
    CorrectionState.NOT_CONFIRMED: (
        "xem kết luận không sai lệch",
        "look at the finding that the data are right",
    ),
}


def fact_of(kind: type[Any], case: CorrectionCase, **given: Any) -> Any:
    """A fact about a case, with its key and number."""
    return kind(case_id=case.pk, number=case.number, **given)


def begin(actor: Actor, case: CorrectionCase, key: str, anchor: str, at: datetime) -> Clock | None:
    """A running term of a case; none where the rules of that day set no number."""
    found = find_parameter(key, on=at)
    if found is None or not found.is_term:
        return None
    return start_clock(actor=actor, subject=case, key=key, anchor_at=at, anchor_event=anchor)


def end(actor: Actor, case: CorrectionCase, outcome: str, *keys: str, but: tuple[str, ...] = ()) -> None:
    """Stop the running terms of a case: those named, or all but some."""
    for clock in clocks_of(case):
        if clock.is_running and (not keys or clock.parameter_key in keys) and clock.parameter_key not in but:
            stop_clock(actor=actor, clock=clock, outcome=outcome)


def put_on_list(actor: Actor, case: CorrectionCase) -> None:
    """Put what is now due on the list of who owes it, in place of what was due before.

    Of a secret nothing is put on any list.
    """
    finish_work(actor=actor, subject=case)
    if not case.is_live or case.database.is_secret:
        return
    state = CorrectionState(case.state)
    unit, role = _owing(case)
    vi, en = TITLES[state]
    open_work(
        subject=case,
        act=str(state),
        title_vi=vi,
        title_en=en,
        about=f"{case.database.name}: {case.place}".rstrip(": "),
        url=correction_address(case.number),
        unit=unit,
        role=role,
        number=case.number,
        clock=_nearest(case),
    )


def _owing(case: CorrectionCase) -> tuple[Agency, str]:
    if case.state == CorrectionState.DISPUTED:
        unit, role = unit_of_level(case)
        return unit_holding(unit, role), role
    if case.state == CorrectionState.NOT_CONFIRMED and case.reporter is not None:
        return case.reporter, _speaking_for(case.reporter)
    return responsible_for(case.database)


def _speaking_for(agency: Agency) -> str:
    """In which role somebody of an agency reports wrong data; the database owner's where nobody is named."""
    for role in (Role.CONSUMER_OFFICER, Role.DATABASE_OWNER, Role.FOCAL_OFFICER, Role.IT_UNIT, Role.HEAD):
        if people_in_role(agency, role):
            return str(role)
    return str(Role.CONSUMER_OFFICER)


def _nearest(case: CorrectionCase) -> Clock | None:
    running = [clock for clock in clocks_of(case) if clock.is_running]
    return min(running, key=lambda clock: clock.due_at) if running else None


def begin_level(actor: Actor, case: CorrectionCase) -> None:
    """The term in which the present level settles what is contested; the terms of the provider rest."""
    end(actor, case, "contested", but=(SLIP_WHOLE, SLIP_COMPLEX))
    begin(actor, case, LEVEL_TERMS[str(case.level)], "request_received", timezone.now())


def tell_reporter(case: CorrectionCase, event_id: str, vi: str, en: str) -> None:
    """Tell the side that reported what became of its report."""
    if case.reporter is not None:
        tell_agency(case.reporter, case, event_id, vi, en)


def tell_agency(agency: Agency, case: CorrectionCase, event_id: str, vi: str, en: str) -> None:
    """Tell those who speak for an agency something about a case; of a secret nobody is told by notice."""
    if case.database.is_secret:
        return
    notify(
        people=[person for role in sorted(REPORTING) for person in people_in_role(agency, role)],
        text_vi=f"{case.number}: {vi}",
        text_en=f"{case.number}: {en}",
        url=correction_address(case.number),
        event_id=event_id,
    )


def tell_provider(case: CorrectionCase, event_id: str, vi: str, en: str) -> None:
    """Tell who works on the database said to be wrong."""
    unit, role = responsible_for(case.database)
    if case.database.is_secret:
        return
    notify(
        people=people_in_role(unit, role),
        text_vi=f"{case.number}: {vi}",
        text_en=f"{case.number}: {en}",
        url=correction_address(case.number),
        event_id=event_id,
    )
