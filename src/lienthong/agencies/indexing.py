"""Agencies in the search: one row each, which everybody may find, with its published focal officer."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex

from .addresses import agency_address
from .models import Agency
from .queries import published_focal_officers
from .rules import former_form

KIND = "agency"


def index_agency(agency_id: int | str) -> None:
    """Make an agency findable under its names, its codes of today and before, and its focal officer.

    A closed agency is taken out. Doing it again changes nothing.
    """
    agency = Agency.objects.select_related("parent").filter(pk=agency_id).first()
    if agency is None or not agency.is_open:
        unindex(KIND, agency_id)
        return
    officer = published_focal_officers().filter(agency=agency).first()
    codes = [*agency.codes.values_list("code", flat=True), former_form(agency.code) or ""]
    public = (
        [officer.full_name, officer.position, officer.function, officer.phone, officer.email]
        if officer
        else []
    )
    data_officer = agency.governance_roles.filter(kind="data_officer", valid_to__isnull=True).first()
    if data_officer is not None:
        public += [data_officer.full_name, data_officer.position]
    public += agency.data_doors.filter(ended_on__isnull=True).values_list("platform", flat=True)
    listed = agency.parent is None or officer is not None
    index(
        kind=KIND,
        object_id=agency.pk,
        title=agency.name,
        summary=" · ".join(
            part for part in (agency.code, agency.parent.name if agency.parent else "") if part
        ),
        body=" ".join(part for part in (agency.name_en, agency.former_names, *codes, *public) if part),
        url=agency_address(agency.code),
        is_public=True,
        facets={"agency_kind": agency.kind, "directory": "yes" if listed else "no"},
    )


def search_rows() -> int:
    """Index every agency anew; returns how many there are."""
    count = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True).iterator():
        index_agency(agency_id)
        count += 1
    return count
