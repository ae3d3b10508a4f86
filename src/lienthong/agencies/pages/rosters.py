"""A list of agencies: handed in, looked through row by row, taken over."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lienthong.agencies import commands
from lienthong.agencies.access import require_administrator
from lienthong.agencies.commands.rosters import LABEL
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.lists.pages import Intake, hand_in_page, rows_page


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
