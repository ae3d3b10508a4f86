"""Which act of a data audit is due from whom, and until when."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor

from ..addresses import audit_address
from ..models import AuditState, DataAudit

TITLES = {
    "scope": ("Xác định phạm vi kiểm toán dữ liệu", "Decide the scope of the data audit"),
    "measure": ("Đo các chỉ số kiểm toán dữ liệu", "Measure the indicators of the data audit"),
    "report": ("Đánh giá, báo cáo kết quả kiểm toán dữ liệu", "Judge and report the data audit"),
    "sign": ("Ký báo cáo kiểm toán dữ liệu", "Sign the report of the data audit"),
    "follow_up": ("Theo dõi kiến nghị kiểm toán dữ liệu", "Follow up the findings of the data audit"),
    "answer": ("Trả lời phát hiện, đóng cuộc kiểm toán", "Answer the findings and close the audit"),
    "close": ("Đóng cuộc kiểm toán dữ liệu", "Close the data audit"),
}
NEXT = {AuditState.PLANNED: "scope", AuditState.SCOPED: "measure", AuditState.MEASURED: "report"}


def audit_due(audit: DataAudit) -> None:
    """The auditing unit has its next act to do, by the end of the period."""
    unit, role = _auditing(audit.auditor)
    _only(audit, NEXT[AuditState(audit.state)], unit, role)


def signing_due(actor: Actor, audit: DataAudit) -> None:
    """The head of the agency audited is to sign the report."""
    _only(audit, "sign", audit.agency, Role.HEAD)


def follow_up_due(actor: Actor, audit: DataAudit) -> None:
    """The IT unit of the agency audited turns the findings into work."""
    _only(audit, "follow_up", unit_holding(audit.agency, Role.IT_UNIT), Role.IT_UNIT)


def closing_due(actor: Actor, audit: DataAudit, *, questions: int) -> None:
    """The IT unit answers what was asked, and closes the audit when all is settled."""
    _only(audit, "answer" if questions else "close", unit_holding(audit.agency, Role.IT_UNIT), Role.IT_UNIT)


def audit_over(actor: Actor, audit: DataAudit) -> None:
    """Nothing of the audit is due any more."""
    finish_work(actor=actor, subject=audit)


def _only(audit: DataAudit, act: str, unit: Agency, role: str) -> None:
    finish_work(actor=SYSTEM, subject=audit)
    vi, en = TITLES[act]
    measuring = act in ("scope", "measure", "report", "sign")
    open_work(
        subject=audit,
        act=act,
        title_vi=vi,
        title_en=en,
        about=f"{audit.span}, {audit.agency.name}",
        url=audit_address(audit.number),
        unit=unit,
        role=role,
        number=audit.number,
        due_at=timezone.make_aware(datetime.combine(audit.last_day, time(23, 59))) if measuring else None,
    )


def _auditing(unit: Agency) -> tuple[Agency, str]:
    """Where and in which role an auditing unit does its work: its own IT unit, focal officer or head, else above."""
    for role in (Role.IT_UNIT, Role.FOCAL_OFFICER, Role.HEAD):
        if people_in_role(unit, role):
            return unit, role
    return unit_holding(unit, Role.IT_UNIT), Role.IT_UNIT
