"""What becomes of a report that is not settled: contested as an issue, taken up level by level, decided; urged, told above."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation

from lienthong.agencies.commands import finish_work, forget_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import Database
from lienthong.catalogue.national import coordinating_unit
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from ..access import require
from ..addresses import correction_address
from ..correction_access import may_contest, may_pass_on, may_settle, may_urge_correction
from ..correction_errors import CorrectionUrgedToday, NoHigherLevel, NothingToUrgeCorrection
from ..correction_events import (
    CorrectionOverdue,
    CorrectionUrged,
    FindingContested,
    IssuePassedOn,
    IssueSettled,
)
from ..correction_indexing import index_correction
from ..correction_records import DIRECT, REPAIR, SLIP_FIX, due_on, overdue_corrections
from ..correction_rules import next_level, require_words
from ..models import CorrectionCase, IssueLevel
from .correction_due import begin, begin_level, end, put_on_list, tell_reporter
from .corrections import CAUSE, REPORTED, fact_id


@carries("DIS-02", "D194-04")
def contest_finding(*, actor: Actor, case: CorrectionCase, because: str) -> CorrectionCase:
    """Contest, for the side that reported, that the data are right, or that nothing comes of the report: an issue.

    It lies with the provider first. Publishes `FindingContested`; raises `CorrectionTextMissing`, `StepNotAllowed`.
    """
    require(may_contest(actor, case), "nêu vướng mắc về kết luận", "contest this finding")
    said = require_words("because", nfc(because))
    with transaction.atomic():
        fact = FindingContested(case_id=case.pk, number=case.number)
        take_step(actor=actor, record=case, step="contest", fact=fact, because=said)
        begin_level(actor, case)
        put_on_list(actor, case)
    return case


@carries("DIS-03", "DIS-04")
def pass_issue_on(*, actor: Actor, case: CorrectionCase) -> CorrectionCase:
    """Take a contested finding to the next level: the IT unit of the owner, its head, the last level.

    Publishes `IssuePassedOn`; raises `NoHigherLevel`, `StepNotAllowed`.
    """
    require(may_pass_on(actor, case), "chuyển cấp giải quyết", "take this issue to the next level")
    level = next_level(str(case.level)) if case.level else IssueLevel.PROVIDER
    if level is None:
        raise NoHigherLevel()
    words = {}
    for language in ("vi", "en"):
        with translation.override(language):
            words[f"level_{language}"] = str(IssueLevel(level).label)
    with transaction.atomic():
        fact = IssuePassedOn(case_id=case.pk, number=case.number, **words)
        take_step(actor=actor, record=case, step="pass_on", fact=fact, level=level)
        begin_level(actor, case)
        put_on_list(actor, case)
    return case


@carries("DIS-02", "DIS-03", "DIS-04", "DIS-05")
def settle_issue(*, actor: Actor, case: CorrectionCase, wrong: bool, settlement: str) -> CorrectionCase:
    """Decide what is contested, at the level where it lies: `wrong` sends the data to be corrected, which binds the
    provider; else the report ends as not confirmed.

    Publishes `IssueSettled`; raises `CorrectionTextMissing`, `StepNotAllowed`.
    """
    require(may_settle(actor, case), "giải quyết vướng mắc", "settle this issue")
    said = require_words("settlement", nfc(settlement))
    words = ("có sai lệch, phải đính chính", "wrong, to be corrected") if wrong else ("dữ liệu đúng", "right")
    with transaction.atomic():
        fact = IssueSettled(case_id=case.pk, number=case.number, settled_vi=words[0], settled_en=words[1])
        step = "settle_as_wrong" if wrong else "settle_as_right"
        take_step(actor=actor, record=case, step=step, fact=fact, settlement=said)
        end(actor, case, "settled")
        if wrong:
            # From the decision on: the report itself lies further back than any term.
            key, anchor = (SLIP_FIX, CAUSE) if case.is_slip else (REPAIR, REPORTED)
            begin(actor, case, key, anchor, timezone.now())
        put_on_list(actor, case)
        tell_reporter(case, fact_id(case, step), f"vướng mắc: {words[0]}", f"issue settled: {words[1]}")
    return case


@carries("QUA-01")
def urge_correction(*, actor: Actor, case: CorrectionCase) -> CorrectionCase:
    """Urge those from whom an act on a case is due, once a day. Publishes `CorrectionUrged`; raises
    `NothingToUrgeCorrection`, `CorrectionUrgedToday`.
    """
    require(may_urge_correction(actor, case), "đôn đốc hồ sơ đính chính", "urge this correction")
    moment = timezone.now()
    with transaction.atomic():
        locked = CorrectionCase.objects.select_for_update().get(pk=case.pk)
        due = list(due_on(locked))
        if not due:
            raise NothingToUrgeCorrection(number=locked.number)
        if locked.urged_at is not None and timezone.localdate(locked.urged_at) == timezone.localdate(moment):
            raise CorrectionUrgedToday(number=locked.number)
        locked.urged_at, locked.times_urged = moment, locked.times_urged + 1
        locked.save(update_fields=["urged_at", "times_urged"])
        event = publish(
            actor=actor,
            fact=CorrectionUrged(case_id=locked.pk, number=locked.number, times=locked.times_urged),
        )
        for one in due:
            role = str(one.role or Role.DATABASE_OWNER)
            notify(
                people=people_in_role(unit_holding(one.unit, role), role),
                text_vi=f"Đôn đốc hồ sơ {locked.number}: {one.title_vi}",
                text_en=f"Correction {locked.number} is urged: {one.title_en}",
                url=correction_address(locked.number),
                event_id=str(event.pk),
            )
    case.refresh_from_db()
    return case


@carries("QUA-01", "GOVF-12")
def report_overdue_corrections(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Tell the head of the owner of every case on which a term ran out, and of a warning slip who coordinates as well;
    once for each step; returns how many. Run by the tick.

    Publishes `CorrectionOverdue`.
    """
    moment = now or timezone.now()
    told = 0
    for case in overdue_corrections(moment):
        with transaction.atomic():
            first = CorrectionCase.objects.filter(pk=case.pk, overdue_told_at=None).update(
                overdue_told_at=moment
            )
            if not first or case.database.is_secret:
                # Another worker was first; of a secret no list tells.
                continue
            _ask_for_direction(case)
            publish(
                actor=actor,
                fact=CorrectionOverdue(case_id=case.pk, number=case.number, database_id=case.database_id),
            )
            told += 1
    return told


def _ask_for_direction(case: CorrectionCase) -> None:
    above: list[tuple[Agency, str]] = [(unit_holding(case.database.owner, Role.HEAD), str(Role.HEAD))]
    coordinating = coordinating_unit()
    if case.is_slip and coordinating is not None:
        above.append((coordinating, str(Role.COORDINATING_MINISTRY)))
    for unit, role in above:
        open_work(
            subject=case,
            act=DIRECT,
            title_vi="hồ sơ đính chính quá hạn: chỉ đạo xử lý",
            title_en="correction overdue: direct what is to be done",
            about=case.database.name,
            url=correction_address(case.number),
            unit=unit,
            role=role,
            number=case.number,
        )


@carries("SEC-01")
def set_corrections_aside(*, database: Database) -> int:
    """Take the cases of a database that has become secret off every list and out of the search; returns how many."""
    cases = CorrectionCase.objects.filter(database=database).select_related("database")
    for case in cases:
        forget_work(subject=case)
        index_correction(case)
    return len(cases)


@carries("SEC-01")
def take_corrections_up(*, database: Database) -> int:
    """Put the cases of a database that is no secret any more back on their lists; returns how many are open."""
    cases = CorrectionCase.objects.filter(database=database).select_related("database", "reporter")
    live = [case for case in cases if case.is_live]
    for case in cases:
        index_correction(case)
    for case in live:
        finish_work(actor=SYSTEM, subject=case)
        put_on_list(SYSTEM, case)
    return len(live)
