"""Agencies and the public directory of focal officers for programs: open to all, as the pages are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from . import queries
from .addresses import agency_address
from .models import Agency, FocalAppointment

router = Router()

After = Annotated[str, Field(max_length=35, description="`next` of the page before")]
Limit = Annotated[int, Field(ge=1, le=50)]


class FocalOfficerOut(Schema):
    """The five public fields, and since when they are public."""

    full_name: str
    position: str
    function: str
    phone: str
    email: str
    published_at: datetime
    confirmed_at: datetime | None


class AgencyOut(Schema):
    """One agency or unit."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None = Field(description="Code of the agency above")
    valid_from: date | None
    valid_to: date | None
    url: str


class AgencyFileOut(AgencyOut):
    """One agency with its codes, former names, units and focal officer."""

    former_form: str | None = Field(description="The same code in the former form, such as 000.00.12.H41")
    other_codes: list[str]
    former_names: list[str]
    address: str
    phone: str
    email: str
    website: str
    unit_count: int
    focal_officer: FocalOfficerOut | None
    focal_officer_of: str | None = Field(
        description="Code of the agency whose officer this is: its own, or the one above"
    )


class AgencyListOut(Schema):
    """One page of agencies; `next` is the value of `after` for the following page."""

    items: list[AgencyOut]
    next: str | None


class DirectoryLineOut(Schema):
    agency: AgencyOut
    focal_officer: FocalOfficerOut | None


class DirectoryOut(Schema):
    """One page of the public directory; an agency without a published officer stands in it with null."""

    items: list[DirectoryLineOut]
    next: str | None


@router.get("/agencies", response=AgencyListOut, summary="Open agencies, at the top or below one")
def agencies(
    request: HttpRequest,
    below: Annotated[str, Field(max_length=60, description="Code of the agency above; empty: the top")] = "",
    after: After = "",
    limit: Limit = 50,
) -> dict[str, object]:
    """Open agencies in Vietnamese order; go on with `after`."""
    above = queries.agency_by_code(below) if below else None
    listed = queries.agency_tree(after=after, limit=limit, below=above)
    return {"items": [_agency(branch.agency) for branch in listed.rows], "next": listed.next_after or None}


@router.get("/agencies/{code}", response=AgencyFileOut, summary="One agency by any of its codes, in any form")
def agency(request: HttpRequest, code: str) -> dict[str, object]:
    """One agency by a code of today or before: `H41.12`, `000.00.12.H41`."""
    page = queries.agency_page(code)
    found = page.agency
    return {
        **_agency(found),
        "former_form": page.former_code_form,
        "other_codes": [other.code for other in page.other_codes],
        "former_names": page.former_names,
        "address": found.address,
        "phone": found.phone,
        "email": found.email,
        "website": found.website,
        "unit_count": page.unit_count,
        "focal_officer": _officer(page.focal),
        "focal_officer_of": page.focal.agency.code if page.focal else None,
    }


@router.get("/focal-officers", response=DirectoryOut, summary="The public directory of focal officers")
def focal_officers(
    request: HttpRequest,
    after: After = "",
    limit: Limit = 50,
) -> dict[str, object]:
    """Who answers for data in each agency: five public fields; null where none is published (FOC-05)."""
    listed = queries.focal_directory(after=after, limit=limit)
    items = [
        {"agency": _agency(line.agency), "focal_officer": _officer(line.officer)} for line in listed.rows
    ]
    return {"items": items, "next": listed.next_after or None}


def _agency(found: Agency) -> dict[str, object]:
    return {
        "code": found.code,
        "name": found.name,
        "name_en": found.name_en,
        "kind": found.kind,
        "parent": found.parent.code if found.parent else None,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "url": agency_address(found.code),
    }


def _officer(found: FocalAppointment | None) -> dict[str, object] | None:
    if found is None:
        return None
    names = ("full_name", "position", "function", "phone", "email", "published_at", "confirmed_at")
    return {name: getattr(found, name) for name in names}
