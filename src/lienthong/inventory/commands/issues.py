"""Quality warnings: opened from a finding or by hand, verified, mended, rechecked against a newer look, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, forget_work, open_work
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database, DataField
from lienthong.catalogue.queries import responsible_for
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.models import Clock
from lienthong.law.queries import clocks_of, find_parameter

from .. import rules
from ..access import require_warning
from ..addresses import issue_address
from ..errors import FindingGone, LookNeeded, StillFound
from ..events import IssueClosed, IssueConfirmed, IssueMended, IssueOpened, IssueOverdue, IssueReopened
from ..models import ErrorType, IssueState, Light, QualityIssue, Survey, WarnedBy
from ..queries import forms_of, last_survey, overdue_issues, text_of_seen

# The series of warning slips: CB-2026-0007.
SERIES = "CB"
SETTLE, REPORT = "settle_quality_issue", "quality_issue_overdue"
# Terms of GOVF-12, as the rule set of the day has them.
WHOLE, COMPLEX, VERIFY, FIX = (
    "quality.incident.fix.total",
    "quality.incident.complex",
    "quality.incident.verify",
    "quality.incident.fix",
)


@carries("GOVF-12", "LDL-06")
def open_issue_from_finding(
    *, actor: Actor, database: Database, table: str, column: str, rule: str
) -> QualityIssue:
    """Open a quality warning for a finding of the newest look; one that is open for it already is given back.

    Raises `FindingGone` when the newest look does not show it. Publishes `IssueOpened`.
    """
    require_warning(actor, database)
    standing = QualityIssue.objects.filter(database=database, table=table, column=column, rule=rule).exclude(
        state=IssueState.CLOSED
    )
    if (issue := standing.first()) is not None:
        return issue
    survey = last_survey(database)
    found = rules.findings_seen(forms_of(survey)) if survey else []
    finding = next(
        (one for one in found if (one["table"], one["column"], one["code"]) == (table, column, rule)), None
    )
    if finding is None:
        raise FindingGone()
    return open_warning(
        actor,
        database,
        table=table,
        column=column,
        rule=rule,
        error_type=rules.error_type_of(rule),
        light=rules.LIGHTS.get(finding["severity"], Light.YELLOW),
        warned_by=WarnedBy.LOOK,
        text_vi=text_of_seen(finding, "vi"),
        text_en=text_of_seen(finding, "en"),
    )


@carries("GOVF-12", "LDL-06")
def open_issue(
    *,
    actor: Actor,
    database: Database,
    text: str,
    error_type: str,
    light: str,
    warned_by: str = WarnedBy.OFFICER,
    field: DataField | None = None,
    is_complex: bool = False,
    received_at: datetime | None = None,
) -> QualityIssue:
    """Open a quality warning by hand: what people, consumers or an audit have reported.

    `received_at` is when the warning came in, now unless it was on paper before. Publishes `IssueOpened`.
    """
    require_warning(actor, database)
    return open_warning(
        actor,
        database,
        table=field.table.name if field else "",
        column=field.name if field else "",
        error_type=ErrorType(error_type),
        light=Light(light),
        warned_by=WarnedBy(warned_by),
        text_vi=rules.require_words("text", nfc(text)),
        is_complex=is_complex,
        opened_at=received_at or timezone.now(),
    )


def open_warning(actor: Actor, database: Database, **given: Any) -> QualityIssue:
    """Open a warning for an act that has its own right to do so: its terms run, it stands on the list of who mends it."""
    field = DataField.objects.filter(
        table__database=database, table__name=given["table"], name=given["column"]
    ).first()
    unit, role = responsible_for(database)
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        issue = QualityIssue.objects.create(
            number=next_number(SERIES),
            database=database,
            unit=unit,
            field=field,
            opened_by_id=int(actor.user_id) if actor.user_id else None,
            **given,
        )
        issue.clock = _term(
            actor, issue, COMPLEX if issue.is_complex else WHOLE, "warning_received", issue.opened_at
        )
        _term(actor, issue, VERIFY, "warning_received", issue.opened_at)
        issue.save(update_fields=["clock"])
        _put_on_list(issue, role)
        publish(
            actor=actor,
            fact=IssueOpened(
                database_id=database.pk, issue_id=issue.pk, number=issue.number, light=str(issue.light)
            ),
        )
    return issue


def _put_on_list(issue: QualityIssue, role: str) -> None:
    database = issue.database
    open_work(
        subject=issue,
        act=SETTLE,
        title_vi="Xử lý phiếu cảnh báo chất lượng",
        title_en="Settle the quality warning",
        # The name of a secret, and of its columns, stays out of lists.
        about="" if database.is_secret else f"{database.name}: {issue.place}".rstrip(": "),
        url=issue_address(issue.number),
        unit=issue.unit,
        role=role,
        number=issue.number,
        clock=issue.clock,
    )


@carries("SEC-01")
def list_issues_anew(*, database: Database) -> int:
    """Put the open warnings of a database on the lists of those who may know of it now; returns how many.

    For a database that has just become a secret, or is none any more.
    """
    _unit, role = responsible_for(database)
    standing = QualityIssue.objects.filter(database=database)
    with transaction.atomic():
        for issue in standing:
            forget_work(subject=issue)
        waiting = list(standing.exclude(state=IssueState.CLOSED).select_related("database", "unit", "clock"))
        for issue in waiting:
            _put_on_list(issue, role)
    return len(waiting)


def _term(actor: Actor, issue: QualityIssue, key: str, anchor: str, at: datetime) -> Clock | None:
    """A running term of a warning; none where the rules of that day set no number."""
    found = find_parameter(key, on=at)
    if found is None or not found.is_term:
        return None
    return start_clock(actor=actor, subject=issue, key=key, anchor_at=at, anchor_event=anchor)


def _stop(actor: Actor, issue: QualityIssue, outcome: str, *keys: str) -> None:
    for clock in clocks_of(issue):
        if clock.is_running and (not keys or clock.parameter_key in keys):
            stop_clock(actor=actor, clock=clock, outcome=outcome)


@carries("GOVF-12")
def confirm_issue(*, actor: Actor, issue: QualityIssue, cause: str) -> QualityIssue:
    """Confirm that the error lies in the source, and what caused it; the term for mending begins.

    Publishes `IssueConfirmed`; raises `IssueIncomplete`, `StepNotAllowed`.
    """
    require_owner(actor, issue.database, "xác minh phiếu cảnh báo", "verify this warning")
    said = rules.require_words("cause", nfc(cause))
    with transaction.atomic():
        take_step(
            actor=actor,
            record=issue,
            step="confirm",
            fact=IssueConfirmed(database_id=issue.database_id, issue_id=issue.pk, number=issue.number),
            cause=said,
        )
        _stop(actor, issue, "confirmed", VERIFY)
        _term(actor, issue, FIX, "cause_confirmed", timezone.now())
    return issue


@carries("GOVF-12")
def report_mended(*, actor: Actor, issue: QualityIssue, measure: str) -> QualityIssue:
    """Say that the data were mended at the source; a newer look shows whether they are.

    Publishes `IssueMended`; raises `IssueIncomplete`, `StepNotAllowed`.
    """
    require_owner(actor, issue.database, "báo đã sửa dữ liệu", "report the data as mended")
    said = rules.require_words("measure", nfc(measure))
    with transaction.atomic():
        take_step(
            actor=actor,
            record=issue,
            step="mend",
            fact=IssueMended(database_id=issue.database_id, issue_id=issue.pk, number=issue.number),
            measure=said,
        )
        _stop(actor, issue, "mended", FIX)
    return issue


@carries("GOVF-12")
def recheck_issue(*, actor: Actor, issue: QualityIssue) -> QualityIssue:
    """Check a mended warning against the newest look: gone, it is closed; still there, it is open again.

    Raises `LookNeeded` while no look is newer than the mending, and for what no rule of a look can check.
    """
    require_owner(actor, issue.database, "kiểm tra lại phiếu cảnh báo", "recheck this warning")
    survey = last_survey(issue.database)
    if not issue.rule or survey is None or (issue.mended_at and survey.begun_at < issue.mended_at):
        raise LookNeeded()
    return _rechecked(actor, issue, survey)


def _rechecked(actor: Actor, issue: QualityIssue, survey: Survey) -> QualityIssue:
    facts: dict[str, Any] = {"database_id": issue.database_id, "issue_id": issue.pk, "number": issue.number}
    if rules.is_found(forms_of(survey), issue.table, issue.column, issue.rule):
        with transaction.atomic():
            take_step(actor=actor, record=issue, step="reopen", fact=IssueReopened(**facts), rechecked=survey)
            _term(actor, issue, FIX, "cause_confirmed", timezone.now())
        return issue
    with transaction.atomic():
        take_step(
            actor=actor,
            record=issue,
            step="close",
            fact=IssueClosed(by_look=True, **facts),
            outcome="Khảo sát lại không còn lỗi.",
            rechecked=survey,
        )
        _settled(actor, issue)
    return issue


def recheck_mended(*, actor: Actor, database: Database) -> int:
    """Check every mended warning of a database against its newest look; returns how many were checked."""
    survey = last_survey(database)
    if survey is None:
        return 0
    waiting = QualityIssue.objects.filter(
        database=database, state=IssueState.MENDED, mended_at__lte=survey.begun_at
    ).exclude(rule="")
    checked = 0
    for issue in waiting.select_related("database"):
        _rechecked(actor, issue, survey)
        checked += 1
    return checked


@carries("GOVF-12")
def close_issue(*, actor: Actor, issue: QualityIssue, outcome: str) -> QualityIssue:
    """Close a warning with a reason: no error, or settled in a way that no look can see.

    What the newest look still shows after it was said to be mended is not closed so. Publishes `IssueClosed`;
    raises `IssueIncomplete`, `StillFound`, `StepNotAllowed`.
    """
    require_owner(actor, issue.database, "đóng phiếu cảnh báo", "close this warning")
    said = rules.require_words("outcome", nfc(outcome))
    survey = last_survey(issue.database)
    said_mended = issue.state == IssueState.MENDED and issue.rule
    if said_mended and survey and rules.is_found(forms_of(survey), issue.table, issue.column, issue.rule):
        at = timezone.localtime(survey.finished_at).strftime("%H:%M %d/%m/%Y")
        raise StillFound(number=issue.number, at=at)
    with transaction.atomic():
        take_step(
            actor=actor,
            record=issue,
            step="close",
            fact=IssueClosed(
                database_id=issue.database_id, issue_id=issue.pk, number=issue.number, by_look=False
            ),
            outcome=said,
        )
        _settled(actor, issue)
    return issue


def _settled(actor: Actor, issue: QualityIssue) -> None:
    _stop(actor, issue, "closed")
    finish_work(actor=actor, subject=issue)


@carries("GOVF-12")
def report_overdue_issues(*, actor: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Tell the head of the owner of every warning that ran past its term, once; returns how many. Run by the tick.

    Publishes `IssueOverdue`.
    """
    moment = now or timezone.now()
    reported = 0
    for issue in overdue_issues(moment):
        with transaction.atomic():
            first = QualityIssue.objects.filter(pk=issue.pk, reported_at=None).update(reported_at=moment)
            if not first:
                # Another worker was first.
                continue
            database = issue.database
            open_work(
                subject=issue,
                act=REPORT,
                title_vi="Phiếu cảnh báo chất lượng quá hạn: chỉ đạo xử lý",
                title_en="Quality warning overdue: direct what is to be done",
                about="" if database.is_secret else database.name,
                url=issue_address(issue.number),
                unit=database.owner if database.is_secret else unit_holding(database.owner, Role.HEAD),
                role=Role.SECRETS_KEEPER if database.is_secret else Role.HEAD,
                number=issue.number,
                clock=issue.clock,
            )
            publish(
                actor=actor,
                fact=IssueOverdue(database_id=database.pk, issue_id=issue.pk, number=issue.number),
            )
            reported += 1
    return reported
