"""Data governance of an agency: the desk's page with every act on it, the public page, lists and papers (C19)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lienthong.agencies import commands, forms, governance, governance_papers
from lienthong.agencies.access import (
    may_decide_governance,
    may_prepare_governance,
    may_urge_governance,
    signs_as_data_officer,
)
from lienthong.agencies.commands.governance import case_of
from lienthong.agencies.models import (
    Agency,
    GovernanceBody,
    GovernanceCase,
    GovernanceRole,
    GovernanceState,
)
from lienthong.agencies.queries import layout_for
from lienthong.foundation.accounts.doors import Request, open_to_all, signed_in
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.pagekit.paging import stretch
from lienthong.foundation.papers.answers import paper_answer

from .acts import Act, act_page, history_lines
from .desk import visible_agency

# Agencies on one page of the public list.
PAGE = 20

Perform = Callable[[dict[str, Any]], str]
# The way, as the line of stops shows it.
WAY = (
    GovernanceState.STATUS_REVIEWED,
    GovernanceState.OFFICER_APPOINTED,
    GovernanceState.BODIES_COMPLETE,
    GovernanceState.LIST_SENT,
    GovernanceState.TRAINED,
    GovernanceState.RUNNING,
)


@signed_in
def governed(request: Request, code: str) -> HttpResponse:
    """What of data governance is in place in an agency, what is missing and by when, and the next act."""
    agency = visible_agency(request, code)
    if agency.parent_id is not None:
        return redirect("agencies-governance", Agency.objects.get(pk=agency.top_id).code)
    actor = request.actor
    found = governance.governance_of(agency)
    lists = list(found.case.lists.all()) if found.case else []
    context = {
        "agency": agency,
        "found": found,
        "case": found.case,
        "stops": _stops(found.case),
        "lines": sorted(found.lines, key=lambda line: FIRST.get(line.state, 3)),
        "prepares": may_prepare_governance(actor, agency) and agency.is_open,
        "decides": may_decide_governance(actor, agency) and agency.is_open,
        "urges": found.case is not None and may_urge_governance(actor, agency),
        "signs": signs_as_data_officer(actor, agency) is not None,
        "acts": {
            one: reverse(f"agencies-governance-{slug_}", args=[agency.code]) for one, slug_ in ACTS.items()
        },
        "lists": lists,
        "changed": governance.has_changed_since_sent(found),
        "history": history_lines(agency, only=("Governance", "Data", "Steering")),
    }
    return render(request, "agencies/governance.html", context)


# What is missing comes first.
FIRST = {"late": 0, "failed": 1, "unknown": 2}
# What is looked at, and the act that puts it in place.
ACTS = {
    "committee": "committee",
    "status_review": "review",
    "data_officer": "officer",
    "five_bodies": "body",
    "compliance_in_house": "body",
    "compliance_police": "body",
    "stewards": "steward",
    "commune_contacts": "contact",
    "data_door": "door",
    "agent_node": "door",
    "kept_papers": "paper",
    "list_sent": "list",
    "training": "training",
    "yearly_review": "yearly",
}


def _stops(case: GovernanceCase | None) -> list[dict[str, str]]:
    order = list(GovernanceState)
    at = order.index(GovernanceState(case.state)) if case else 0
    stops = []
    for state in WAY:
        place = order.index(state)
        mark = "done" if place <= at else "now" if place == at + 1 and case else "todo"
        stops.append({"name": str(state.label), "state": mark, "href": "", "detail": ""})
    return stops


@open_to_all
@require_GET
def public_list(request: Request) -> HttpResponse:
    """How far each agency is with data governance: what is public, for everybody."""
    found = governance.governed_agencies()
    part = stretch(request.GET.get("sau", ""), found.count(), PAGE)
    context = {
        "rows": governance.governance_of_many(list(found[part.rows])),
        "part": part,
    }
    return render(request, "agencies/governance_list.html", context)


@open_to_all
@require_GET
def public_page(request: Request, code: str) -> HttpResponse:
    """Who answers for data in an agency: officer, bodies, committee and door; no telephone, no unfinished papers."""
    return render(request, "agencies/governance_public.html", {"found": governance.governance_by_code(code)})


@signed_in
def begin(request: Request, code: str) -> HttpResponse:
    """Begin the set-up of an agency."""
    agency = _prepared(request, code)

    def perform(entered: dict[str, Any]) -> str:
        case = commands.begin_governance_setup(actor=request.actor, agency=agency, **entered)
        return _("Set-up %(number)s was begun; the first act is to review the status.") % {
            "number": case.number
        }

    return _page(
        request, agency, _("Begin the governance set-up"), _("Begin"), forms.BeginGovernanceForm, perform
    )


@signed_in
def review(request: Request, code: str) -> HttpResponse:
    """Record what the review of the status found."""
    agency = _prepared(request, code)
    case = case_of(agency)

    def perform(entered: dict[str, Any]) -> str:
        commands.record_status_review(actor=request.actor, case=case, **entered)
        return _("The status review was recorded.")

    return _page(
        request,
        agency,
        _("Record the status review"),
        _("Record"),
        forms.StatusReviewForm,
        perform,
        today="reviewed_on",
    )


@signed_in
def officer(request: Request, code: str) -> HttpResponse:
    """Appoint the chief data officer."""
    agency = _decided(request, code)
    serving = governance.governance_of(agency).officer

    def perform(entered: dict[str, Any]) -> str:
        given = commands.appoint_data_officer(actor=request.actor, agency=agency, **entered)
        return _("%(name)s was appointed chief data officer.") % {"name": given.full_name}

    effect = (
        _("%(name)s ceases to be chief data officer on the day before.") % {"name": serving.full_name}
        if serving
        else ""
    )
    return _page(
        request,
        agency,
        _("Appoint the chief data officer"),
        _("Appoint"),
        forms.DataOfficerForm,
        perform,
        effect=effect,
    )


@signed_in
def steward(request: Request, code: str) -> HttpResponse:
    """Name a data steward."""
    agency = _prepared(request, code)

    def perform(entered: dict[str, Any]) -> str:
        given = commands.name_steward(actor=request.actor, agency=agency, **entered)
        return _("%(name)s was named data steward.") % {"name": given.full_name}

    return _page(request, agency, _("Name a data steward"), _("Name"), forms.StewardForm, perform)


@signed_in
def contact(request: Request, code: str) -> HttpResponse:
    """Name the contact of a commune."""
    agency = _prepared(request, code)

    def perform(entered: dict[str, Any]) -> str:
        given = commands.name_commune_contact(actor=request.actor, agency=agency, **entered)
        return _("%(name)s was named contact of %(unit)s.") % {
            "name": given.full_name,
            "unit": given.unit.shown_name,
        }

    uncovered = governance.governance_of(agency).uncovered
    initial = {"unit": uncovered[0].code if uncovered else ""}
    return _page(
        request,
        agency,
        _("Name a commune contact"),
        _("Name"),
        forms.CommuneContactForm,
        perform,
        initial=initial,
    )


@signed_in
def end_role(request: Request, code: str, role_id: int) -> HttpResponse:
    """End what a person holds."""
    agency = visible_agency(request, code)
    role = get_object_or_404(GovernanceRole, pk=role_id, agency=agency, valid_to__isnull=True)
    _allow(may_prepare_governance(request.actor, agency))

    def perform(entered: dict[str, Any]) -> str:
        commands.end_governance_role(actor=request.actor, role=role, **entered)
        return _("%(name)s no longer holds it.") % {"name": role.full_name}

    heading = _("End: %(role)s, %(name)s") % {"role": role.get_kind_display(), "name": role.full_name}
    return _page(request, agency, heading, _("End it"), forms.EndForm, perform, danger=True)


@signed_in
def body(request: Request, code: str) -> HttpResponse:
    """Give the work of a body to an existing unit."""
    agency = _decided(request, code)

    def perform(entered: dict[str, Any]) -> str:
        given = commands.assign_governance_body(actor=request.actor, agency=agency, **entered)
        return _("%(unit)s holds it now: %(body)s.") % {
            "unit": given.unit.shown_name,
            "body": str(given.get_kind_display()).lower(),
        }

    found = governance.governance_of(agency)
    first = next((kind for kind, holder in found.body_rows if holder is None), "")
    initial = {"kind": request.GET.get("loai") or first}
    return _page(
        request, agency, _("Assign a body"), _("Assign"), forms.GovernanceBodyForm, perform, initial=initial
    )


@signed_in
def end_body(request: Request, code: str, body_id: int) -> HttpResponse:
    """End that a unit does the work of a body."""
    agency = _decided(request, code)
    held = get_object_or_404(
        GovernanceBody.objects.select_related("unit"), pk=body_id, agency=agency, valid_to__isnull=True
    )

    def perform(entered: dict[str, Any]) -> str:
        commands.end_governance_body(actor=request.actor, body=held, **entered)
        return _("%(name)s no longer holds it.") % {"name": held.unit.shown_name}

    heading = _("End: %(role)s, %(name)s") % {"role": held.get_kind_display(), "name": held.unit.shown_name}
    return _page(request, agency, heading, _("End it"), forms.EndForm, perform, danger=True)


@signed_in
@require_POST
def complete(request: Request, code: str) -> HttpResponse:
    """Confirm that the five bodies are complete."""
    agency = _decided(request, code)
    commands.confirm_governance_bodies(actor=request.actor, case=case_of(agency))
    messages.success(
        request, _("The five bodies are complete. Next: send the list to the National Data Centre.")
    )
    return redirect("agencies-governance", agency.code)


@signed_in
@require_POST
def urge(request: Request, code: str) -> HttpResponse:
    """Urge the act that the set-up waits for."""
    agency = visible_agency(request, code)
    case = commands.urge_governance_setup(actor=request.actor, case=case_of(agency))
    messages.success(
        request,
        _("Who prepares and who decides were told. Urged %(times)s times.") % {"times": case.times_urged},
    )
    return redirect("agencies-governance", agency.code)


@signed_in
def committee(request: Request, code: str) -> HttpResponse:
    """Record the decision that sets up the steering committee."""
    agency = _decided(request, code)

    def perform(entered: dict[str, Any]) -> str:
        commands.set_up_steering_committee(actor=request.actor, agency=agency, **entered)
        return _("The steering committee was recorded.")

    return _page(
        request,
        agency,
        _("Record the data steering committee"),
        _("Record"),
        forms.SteeringCommitteeForm,
        perform,
    )


@signed_in
def door(request: Request, code: str) -> HttpResponse:
    """Record the one door of the agency."""
    agency = _prepared(request, code)
    standing = governance.governance_of(agency).door

    def perform(entered: dict[str, Any]) -> str:
        commands.record_data_door(actor=request.actor, agency=agency, **entered)
        return _("The door was recorded.")

    initial = (
        {
            "platform": standing.platform,
            "operator": standing.operator.code,
            "node": standing.node,
            "node_site": standing.node_site,
            "running_since": standing.running_since,
        }
        if standing
        else {}
    )
    effect = _("An agency has one door. Departments and units do not connect by themselves.")
    return _page(
        request,
        agency,
        _("Record the data door"),
        _("Record"),
        forms.DataDoorForm,
        perform,
        initial=initial,
        effect=effect,
    )


@signed_in
def paper(request: Request, code: str) -> HttpResponse:
    """Record a paper that the agency keeps."""
    agency = _prepared(request, code)

    def perform(entered: dict[str, Any]) -> str:
        kept = commands.record_governance_paper(actor=request.actor, agency=agency, **entered)
        return _("“%(title)s” was recorded.") % {"title": kept.title}

    effect = _("Access rules are not entered here: the chief data officer approves them.")
    return _page(
        request,
        agency,
        _("Record a paper"),
        _("Record"),
        forms.GovernancePaperForm,
        perform,
        today="dated",
        effect=effect,
    )


@signed_in
def sign(request: Request, code: str) -> HttpResponse:
    """Approve the access rules, or sign an access request, as the chief data officer."""
    agency = visible_agency(request, code)
    _allow(signs_as_data_officer(request.actor, agency) is not None)

    def perform(entered: dict[str, Any]) -> str:
        kept = commands.sign_access_paper(actor=request.actor, agency=agency, **entered)
        return _("“%(title)s” was signed.") % {"title": kept.title}

    return _page(
        request,
        agency,
        _("Sign as chief data officer"),
        _("Sign"),
        forms.AccessPaperForm,
        perform,
        today="dated",
    )


@signed_in
def send(request: Request, code: str) -> HttpResponse:
    """Record that the list was sent to the National Data Centre."""
    agency = _prepared(request, code)
    case = case_of(agency)

    def perform(entered: dict[str, Any]) -> str:
        sent = commands.send_governance_list(actor=request.actor, case=case, **entered)
        return _("List %(version)s was recorded as sent.") % {"version": sent.version}

    found = governance.governance_of(agency)
    effect = _("%(people)s people and %(bodies)s bodies go into the list; it is kept as it is sent.") % {
        "people": len(found.stewards) + len(found.contacts) + (1 if found.officer else 0),
        "bodies": len(found.bodies),
    }
    initial = {"signer": found.officer.full_name if found.officer else ""}
    return _page(
        request,
        agency,
        _("Send the list"),
        _("Record as sent"),
        forms.GovernanceListForm,
        perform,
        today="sent_on",
        initial=initial,
        effect=effect,
    )


@signed_in
def training(request: Request, code: str) -> HttpResponse:
    """Record the training."""
    agency = _prepared(request, code)
    case = case_of(agency)

    def perform(entered: dict[str, Any]) -> str:
        commands.record_governance_training(actor=request.actor, case=case, **entered)
        return _("The training was recorded.")

    return _page(
        request,
        agency,
        _("Record the training"),
        _("Record"),
        forms.TrainingForm,
        perform,
        today="trained_on",
    )


@signed_in
def yearly(request: Request, code: str) -> HttpResponse:
    """Put data governance into operation; once it runs, record the yearly review."""
    agency = _prepared(request, code)
    case = case_of(agency)
    if case.state == GovernanceState.RUNNING:

        def perform(entered: dict[str, Any]) -> str:
            commands.review_governance(actor=request.actor, case=case, **entered)
            return _("The yearly review was recorded.")

        return _page(
            request,
            agency,
            _("Record the yearly review"),
            _("Record"),
            forms.YearlyReviewForm,
            perform,
            today="reviewed_on",
        )
    _allow(may_decide_governance(request.actor, agency))

    def start(entered: dict[str, Any]) -> str:
        commands.put_governance_into_operation(actor=request.actor, case=case, **entered)
        return _("Data governance is in operation.")

    return _page(
        request,
        agency,
        _("Put data governance into operation"),
        _("Put into operation"),
        forms.OperationForm,
        start,
        today="running_since",
    )


@signed_in
@require_GET
def list_paper(request: Request, code: str, version: int, form: str) -> HttpResponse:
    """A list as it was sent, or as it would be sent now (version 0): Word, PDF, workbook."""
    agency = visible_agency(request, code)
    found = governance.governance_of(agency)
    sent = found.case.lists.filter(version=version).first() if found.case and version else None
    if version and sent is None:
        raise NotFound(what="văn bản này", what_en="This paper")
    content = sent.content if sent else governance.list_content(found)
    return paper_answer(
        governance_papers.list_paper(agency, content, sent),
        governance_papers.list_sheets(content),
        form,
        layout=layout_for(agency, governance_papers.KIND),
        name=f"danh-sach-quan-tri-du-lieu {agency.code} {version or 'du-thao'}",
    )


def _page(
    request: Request,
    agency: Agency,
    heading: str,
    submit: str,
    form: type[forms.ActForm],
    perform: Perform,
    *,
    today: str = "",
    initial: dict[str, Any] | None = None,
    effect: str = "",
    danger: bool = False,
) -> HttpResponse:
    back = reverse("agencies-governance", args=[agency.code])
    act = Act(
        heading=heading,
        submit=submit,
        back=back,
        crumbs=[
            (reverse("agencies-desk"), _("Agencies, focal officers")),
            (reverse("agencies-file", args=[agency.code]), agency.shown_name),
            (back, _("Data governance")),
        ],
        effect=effect,
        danger=danger,
    )
    start = {**({today: timezone.localdate()} if today else {}), **(initial or {})}
    return act_page(request, act, form, perform, initial=start)


def _prepared(request: Request, code: str) -> Agency:
    agency = visible_agency(request, code)
    _allow(may_prepare_governance(request.actor, agency))
    return agency


def _decided(request: Request, code: str) -> Agency:
    agency = visible_agency(request, code)
    _allow(may_decide_governance(request.actor, agency))
    return agency


def _allow(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(act="thiết lập quản trị dữ liệu", act_en="set up data governance")
