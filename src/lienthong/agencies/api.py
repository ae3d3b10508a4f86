"""Agencies and the public directory of focal officers for programs: open to all, as the pages are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from lienthong.foundation.errors import NotAllowed
from lienthong.law.citation_api import CitationOut, citation_out
from lienthong.law.queries import grounds_at

from . import governance, queries
from .addresses import agency_address
from .models import Agency, CodeScheme, FocalAppointment, GovernanceRole

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


class DataOfficerOut(Schema):
    full_name: str
    position: str
    decision_number: str


class GovernanceBodyOut(Schema):
    body: str = Field(description="compliance, governance, engineering, creation, innovation")
    unit: str | None = Field(description="Code of the unit that does its work")


class GovernanceLineOut(Schema):
    """One thing that must be in place, where it is written, and how far that was checked."""

    looks_at: str
    requirement: str
    met: bool
    text_vi: str
    text_en: str
    provision: CitationOut | None
    mark: str


class GovernanceOut(Schema):
    """Data governance of one agency."""

    agency: AgencyOut
    state: str | None = Field(description="Null before the set-up was begun")
    data_officer: DataOfficerOut | None
    steering_committee_leader: str | None
    bodies: list[GovernanceBodyOut]
    platform: str | None
    stewards: int
    commune_contacts: int
    lines: list[GovernanceLineOut]


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


@router.get(
    "/agencies/{code}/governance",
    response=GovernanceOut,
    summary="Data governance of an agency: who answers for data, what is in place",
)
def agency_governance(request: HttpRequest, code: str) -> dict[str, object]:
    """What is public of the set-up of data governance: no telephone, no paper; null where nobody was named (GOVF-04…07)."""
    found = governance.governance_by_code(code)
    today = timezone.localdate()
    asked = (line.item.provision.ref for line in found.lines if line.applies)
    grounds = {ground.ref: ground for ground in grounds_at(*asked, on=today)}
    return {
        "agency": _agency(found.agency),
        "state": found.case.state if found.case else None,
        "data_officer": _named(found.officer),
        "steering_committee_leader": found.committee.leader_name if found.committee else None,
        "bodies": [
            {"body": str(kind.value), "unit": held.unit.code if held else None}
            for kind, held in found.body_rows
        ],
        "platform": found.door.platform if found.door else None,
        "stewards": len(found.stewards),
        "commune_contacts": len(found.contacts),
        "lines": [
            {
                "looks_at": line.item.looks_at,
                "requirement": line.item.requirement,
                "met": line.is_met,
                "text_vi": line.item.vi,
                "text_en": line.item.en,
                "provision": citation_out(grounds.get(line.item.provision.ref), today),
                "mark": line.item.mark,
            }
            for line in found.lines
            if line.applies
        ],
    }


def _named(one: GovernanceRole | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {"full_name": one.full_name, "position": one.position, "decision_number": one.decision_number}


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


class DelegationOut(Schema):
    """One delegation that the signed-in person gave or received."""

    delegate: str
    on_behalf_of: str
    role: str
    agency: str
    areas: list[str]
    decision_number: str
    valid_from: date
    valid_to: date | None
    ended: bool


@router.get("/delegations", response=list[DelegationOut], summary="One's own delegations, given and received")
def delegations(request: HttpRequest) -> list[dict[str, object]]:
    """What the signed-in person delegated and was delegated, the latest first; nothing for a visitor."""
    if not request.user.is_authenticated:
        raise NotAllowed(act="xem các ủy quyền của mình", act_en="see one's own delegations")
    return [
        {
            "delegate": one.post.person.full_name,
            "on_behalf_of": one.post.delegated_by.person.full_name if one.post.delegated_by else "",
            "role": one.post.role,
            "agency": one.post.agency.code,
            "areas": one.areas,
            "decision_number": one.decision_number,
            "valid_from": one.post.valid_from,
            "valid_to": one.post.valid_to,
            "ended": one.ended_at is not None,
        }
        for one in queries.delegations_of(request.user.pk)[:200]
    ]


class SchemeOut(Schema):
    """The record of one scheme of codes that begin with Z and two digits."""

    code: str
    name: str
    purpose: str
    issuer: str
    postal: str
    email: str
    phone: str
    structure: str
    description: str
    notes: str
    dated: date
    ended_on: date | None


class CodeOut(Schema):
    """A code in both forms, whose it is, the scheme that it belongs to."""

    code: str
    form: str = Field(description="In which form it was given: current, former, other")
    former_form: str | None
    agency: str | None = Field(description="Code by which its agency is known today")
    agency_name: str | None
    scheme: SchemeOut | None


@router.get(
    "/identifier-codes/{code}", response=CodeOut, summary="Turn an identifier code into its other form"
)
def identifier_code(request: HttpRequest, code: str) -> dict[str, object]:
    """`H41.12` and `000.00.12.H41` are one code; a code of the past leads to its agency as well (IDC-01)."""
    found = queries.read_identifier(code)
    return {
        "code": found.code,
        "form": found.form,
        "former_form": found.former,
        "agency": found.agency.code if found.agency else None,
        "agency_name": found.agency.name if found.agency else None,
        "scheme": found.scheme,
    }


@router.get("/code-schemes", response=list[SchemeOut], summary="Schemes of codes for bodies outside the tree")
def code_schemes(request: HttpRequest) -> list[CodeScheme]:
    """Every scheme on record, ended ones too (D.14)."""
    return list(CodeScheme.objects.all()[:100])
