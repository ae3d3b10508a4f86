"""Which act of the yearly inventory is due from whom, and until when."""

from __future__ import annotations

from datetime import datetime

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role, unit_holding
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.queries import clocks_of

from ..addresses import campaign_address, part_address
from ..models import DEADLINE, Campaign, CampaignPart

TITLES = {
    "approve": ("Phê duyệt chương trình kiểm kê", "Approve the programme of the inventory"),
    "amend": ("Sửa chương trình kiểm kê bị trả lại", "Amend the programme that was sent back"),
    "open": ("Mở đợt kiểm kê", "Open the campaign"),
    "fill": ("Kiểm kê, gửi kết quả", "Take stock and send the result"),
    "fill_again": ("Bổ sung kết quả kiểm kê bị trả lại", "Complete the result that was sent back"),
    "verify": ("Xác nhận kết quả kiểm kê", "Verify the result of the inventory"),
    "consolidate": ("Tổng hợp kết quả kiểm kê", "Consolidate the inventory"),
    "close": ("Đóng đợt kiểm kê", "Close the campaign"),
}


def approval_due(campaign: Campaign) -> None:
    """The head of the agency is to approve the programme."""
    _only(campaign, "approve", campaign.agency, Role.HEAD)


def amendment_due(campaign: Campaign) -> None:
    """The IT unit is to amend what was sent back."""
    _only(campaign, "amend", campaign.agency, Role.IT_UNIT)


def opening_due(campaign: Campaign) -> None:
    """The IT unit is to open what was approved."""
    _only(campaign, "open", campaign.agency, Role.IT_UNIT)


def running(actor: Actor, campaign: Campaign) -> None:
    """The campaign is open: the units are at work."""
    finish_work(actor=actor, subject=campaign)


def part_due(actor: Actor, part: CampaignPart, anchor: datetime, act: str = "fill") -> None:
    """A unit is to take stock and send its result within the term."""
    clock = start_clock(actor=actor, subject=part, key=DEADLINE, anchor_at=anchor, anchor_event="year")
    unit, role = _responsible(part.unit)
    finish_work(actor=actor, subject=part)
    vi, en = TITLES[act]
    open_work(
        subject=part,
        act=act,
        title_vi=vi,
        title_en=en,
        about=f"Năm {part.campaign.year}, {part.unit.name}",
        url=part_address(part.campaign.number, part.unit.code),
        unit=unit,
        role=role,
        number=part.campaign.number,
        clock=clock,
    )


def part_sent(actor: Actor, part: CampaignPart) -> None:
    """A unit's result came in: its term ends, the IT unit is to verify it."""
    for clock in clocks_of(part).filter(stopped_at__isnull=True):
        stop_clock(actor=actor, clock=clock, outcome="submitted")
    finish_work(actor=actor, subject=part)
    vi, en = TITLES["verify"]
    open_work(
        subject=part,
        act="verify",
        title_vi=vi,
        title_en=en,
        about=f"Năm {part.campaign.year}, {part.unit.name}",
        url=part_address(part.campaign.number, part.unit.code),
        unit=part.campaign.agency,
        role=Role.IT_UNIT,
        number=part.campaign.number,
    )


def part_verified(actor: Actor, part: CampaignPart, *, last: bool) -> None:
    """A unit's result is verified; after the last, the report over all is due."""
    finish_work(actor=actor, subject=part)
    if last:
        _only(part.campaign, "consolidate", part.campaign.agency, Role.IT_UNIT, actor)


def not_yet_consolidated(actor: Actor, campaign: Campaign) -> None:
    """A verified result was sent back: the report over all is not due any more."""
    finish_work(actor=actor, subject=campaign, act="consolidate")


def closing_due(actor: Actor, campaign: Campaign) -> None:
    """The report is drawn up: the campaign is to be closed when the plan answers everything not fit."""
    _only(campaign, "close", campaign.agency, Role.IT_UNIT, actor)


def closed(actor: Actor, campaign: Campaign) -> None:
    """Nothing is due on a closed campaign."""
    finish_work(actor=actor, subject=campaign)


def _only(campaign: Campaign, act: str, unit: Agency, role: str, actor: Actor = SYSTEM) -> None:
    finish_work(actor=actor, subject=campaign)
    vi, en = TITLES[act]
    open_work(
        subject=campaign,
        act=act,
        title_vi=vi,
        title_en=en,
        about=f"Năm {campaign.year}, {campaign.agency.name}",
        url=campaign_address(campaign.number),
        unit=unit_holding(unit, role),
        role=role,
        number=campaign.number,
    )


def _responsible(unit: Agency) -> tuple[Agency, str]:
    """The unit's own owners of databases, else the nearest above that has an IT unit or head."""
    if people_in_role(unit, Role.DATABASE_OWNER):
        return unit, Role.DATABASE_OWNER
    for role in (Role.HEAD, Role.IT_UNIT):
        above = unit_holding(unit, role)
        if people_in_role(above, role):
            return above, Role.IT_UNIT if people_in_role(above, Role.IT_UNIT) else role
    return unit, Role.DATABASE_OWNER
