"""Lists of agencies and of communes' contacts: handed in, looked through row by row, taken over."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lienthong.agencies import commands
from lienthong.agencies.access import may_prepare_governance, require_administrator
from lienthong.agencies.commands import contact_lists
from lienthong.agencies.commands.rosters import LABEL
from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.lists.pages import Intake, hand_in_page, rows_page

from .desk import visible_agency


@signed_in
def hand_in(request: Request) -> HttpResponse:
    """Choose the file."""
    require_administrator(request.actor, "nhập danh sách cơ quan", "take over a list of agencies")
    return hand_in_page(request, request.actor, _intake())


@signed_in
def look_through(request: Request, file_id: int) -> HttpResponse:
    """What would become of each row; then take the list over."""
    require_administrator(request.actor, "nhập danh sách cơ quan", "take over a list of agencies")
    return rows_page(request, request.actor, _intake(), file_id)


def _intake() -> Intake:
    return Intake(
        heading=_("Take over a list of agencies"),
        understood=(
            _(
                "Identifier code, code in the former form, name, name in English, kind, agency above, address, phone, e-mail, website. Other columns are left aside."
            ),
            _(
                "A row whose code is on record follows the list; a unit stands below the agency whose code its own begins with."
            ),
        ),
        crumb=("agencies-desk", _("Agencies, focal officers")),
        label=LABEL,
        hand_in="agencies-roster",
        rows="agencies-roster-file",
        keep=commands.hand_in_roster,
        take_over=commands.take_over_roster,
    )


@signed_in
def hand_in_contacts(request: Request, code: str) -> HttpResponse:
    """Choose the file of the communes' contacts for data."""
    return hand_in_page(request, request.actor, _contacts(_preparing(request, code)))


@signed_in
def look_through_contacts(request: Request, code: str, file_id: int) -> HttpResponse:
    """What would become of each row; then take the contacts over."""
    return rows_page(request, request.actor, _contacts(_preparing(request, code)), file_id)


def _preparing(request: Request, code: str) -> Agency:
    agency = visible_agency(request, code)
    if not may_prepare_governance(request.actor, agency):
        raise NotAllowed(act="nhập danh sách đầu mối cấp xã", act_en="take over commune contacts")
    return agency


def _contacts(agency: Agency) -> Intake:
    return Intake(
        heading=_("Take over commune contacts"),
        understood=(
            _(
                "Code or name of the commune, full name, position, phone, e-mail, decision number, decision date, from. Other columns are left aside."
            ),
            _(
                "Who is on record under the same name stays, with the contact details of the list; another takes the place."
            ),
        ),
        crumb=("agencies-governance", _("Data governance")),
        label=contact_lists.LABEL,
        hand_in="agencies-governance-contacts",
        rows="agencies-governance-contacts-file",
        keep=partial(commands.hand_in_commune_contacts, agency=agency),
        take_over=partial(commands.take_over_commune_contacts, agency=agency),
        arguments=(agency.code,),
    )
