"""Pages of national dossiers: their list, one dossier with every step, the draft list, its papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from lienthong.agencies.queries import layout_for
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.queries import files_of
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import citations_for, clock_views, clocks_of, grounds_at, rule_set_on

from .. import commands, dossier_papers, forms, national
from ..access import (
    database_for,
    dossier_for,
    dossiers_visible_to,
    list_draft_for,
    may_coordinate,
    may_prepare_dossier,
    may_sign_dossier,
)
from ..addresses import dossier_address, file_address, here, list_draft_address
from ..models import (
    DossierCriterion,
    DossierKind,
    DossierState,
    ListDraftState,
    NationalDossier,
    NationalListDraft,
)
from .databases import page

SHOWN = 200
KINDS_OF_STATE = {
    DossierState.SUBMITTED: "due",
    DossierState.RETURNED: "late",
    DossierState.LISTED: "ok",
    DossierState.CONNECTED: "ok",
    DossierState.CONNECT_DUE: "due",
    DossierState.REJECTED: "late",
}


@dataclass(frozen=True)
class Act:
    """What the page of one act says: heading, button, where it goes back to."""

    heading: str
    submit: str
    back: str
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    effect: str = ""
    danger: bool = False


def _act_page(
    request: Request, act: Act, form: django_forms.Form, perform: Callable[[dict[str, Any]], str | None]
) -> HttpResponse:
    """Show the form, take the act; a refusal is shown at its field with everything kept."""
    if request.method == "POST" and form.is_valid():
        try:
            said = perform(form.cleaned_data)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            forms.say(form, error)
        else:
            if said:
                messages.success(request, said)
            return redirect(act.back)
    context = {
        "form": form,
        "act": act,
        "files": any(isinstance(f, forms.ManyFiles) for f in form.fields.values()),
    }
    return render(request, "catalogue/act.html", context, status=422 if form.errors else 200)


def _given(request: Request) -> dict[str, Any]:
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def state_kind(state: str) -> str:
    """How a state is marked."""
    return KINDS_OF_STATE.get(DossierState(state), "neutral")


@signed_in
@page
def dossiers(request: Request) -> HttpResponse:
    """The dossiers of one's databases; for the coordinating ministry what came in, and its draft lists."""
    actor = request.actor
    coordinates = may_coordinate(actor)
    refusal = None
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("ho-so") if value.isdigit()]
        try:
            draft = commands.consolidate_dossiers(
                actor=actor, dossiers=[one for one in dossiers_visible_to(actor) if one.pk in chosen]
            )
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            return redirect(here(list_draft_address(draft.number)))
    visible = dossiers_visible_to(actor).select_related("database__owner")
    context = {
        "listed": [(one, state_kind(one.state)) for one in visible[:SHOWN]],
        "received": list(national.dossiers_received()) if coordinates else [],
        "drafts": list(NationalListDraft.objects.all()[:SHOWN]) if coordinates else [],
        "coordinates": coordinates,
        "newest": national.national_lists().first(),
        "refusal": _spoken(request, refusal),
        "citations": citations_for("NDB-03", "NDB-05"),
    }
    return render(
        request, "catalogue/national_dossiers.html", context, status=refusal.status if refusal else 200
    )


@signed_in
@page
def begin(request: Request, code: str) -> HttpResponse:
    """Begin a dossier about a database."""
    database = database_for(request.actor, code)
    if not may_prepare_dossier(request.actor, database):
        raise NotAllowed(act="lập hồ sơ CSDL quốc gia", act_en="prepare a national dossier")
    running = national.open_dossier(database)
    if running is not None and request.method == "GET":
        return redirect(here(dossier_address(running.number)))
    form = forms.BeginDossierForm(**_given(request), initial={"proposed_on": timezone.localdate()})
    possible = set(national.kinds_possible(database))
    form.fields["kind"].choices = [  # type: ignore[attr-defined]
        (value, label) for value, label in DossierKind.choices if value in possible
    ]
    begun: list[NationalDossier] = []

    def perform(entered: dict[str, Any]) -> str:
        begun.append(commands.begin_dossier(actor=request.actor, database=database, **entered))
        return _("Dossier %(number)s was begun.") % {"number": begun[0].number}

    act = Act(
        heading=_("Propose “%(name)s” as a national database") % {"name": database.shown_name},
        submit=_("Begin the dossier"),
        back=here(file_address(code)),
        crumbs=[(here(file_address(code)), database.shown_name)],
    )
    answer = _act_page(request, act, form, perform)
    return redirect(here(dossier_address(begun[0].number))) if begun else answer


@signed_in
@page
def dossier(request: Request, number: str) -> HttpResponse:
    """One dossier: where it stands, what is asked, what was written, which step comes next."""
    actor = request.actor
    found = dossier_for(actor, number)
    refusal = None
    if request.method == "POST":
        try:
            said = _take(request, found)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            messages.success(request, said)
            return redirect(here(dossier_address(number)))
    prepares = may_prepare_dossier(actor, found.database)
    clocks = list(clocks_of(found))
    criteria, written = national.criteria_of(found), national.parts_of(found)
    asked = [line.item for line in criteria] + [line.item for line in written]
    where = national.parts_parameter(found.proposed_on)
    grounds = grounds_at(*(item.provision.ref for item in asked))
    places = [where.provision.ref] if where.provision else []
    places += [clock.provision.ref for clock in clocks if clock.provision]
    cited = {ground.ref: ground.citation for ground in grounds_at(*places)}
    context = {
        "dossier": found,
        "database": found.database,
        "kind": state_kind(found.state),
        "criteria": criteria,
        "parts": written,
        "bases": national.bases_of(found),
        "rule_set": rule_set_on(found.proposed_on).title(request.LANGUAGE_CODE),
        "where_written": cited.get(where.provision.ref, "") if where.provision else "",
        "where_note": where.note,
        "clocks": [
            (view, clock, cited.get(clock.provision.ref, "") if clock.provision else "")
            for view, clock in zip(clock_views(clocks), clocks, strict=True)
        ],
        "letters": list(files_of(found, "letter")),
        "holds": open_holds(found),
        "prepares": prepares,
        "writes": prepares and found.may_change,
        "signs": may_sign_dossier(actor, found.database)
        and found.state in (DossierState.READY, DossierState.RETURNED),
        "returns": may_coordinate(actor) and found.state == DossierState.SUBMITTED,
        "asks_afterwards": found.state == DossierState.LISTED
        and prepares
        and bool(national.asked_after_listing(timezone.localdate())),
        "refusal": _spoken(request, refusal),
        "events": timeline("catalogue.nationaldossier", found.pk, request.LANGUAGE_CODE, 100),
        "citations": [ground.citation for ground in grounds],
    }
    return render(
        request, "catalogue/national_dossier.html", context, status=refusal.status if refusal else 200
    )


def _take(request: Request, found: NationalDossier) -> str:
    """A step that asks for nothing more than to be taken."""
    actor, step = request.actor, request.POST.get("viec", "")
    if step == "doi-chieu":
        commands.check_criteria(actor=actor, dossier=found)
        return _("All criteria are met.")
    if step == "hoan-thanh":
        commands.complete_dossier(actor=actor, dossier=found)
        return _("The dossier waits for the signature of the head.")
    if step == "da-ket-noi":
        commands.report_connection(actor=actor, dossier=found)
        return _("The connection was recorded.")
    if step == "bo-can-cu":
        given = request.POST.get("can-cu", "")
        basis = found.bases.filter(pk=int(given) if given.isdigit() and len(given) < 18 else 0).first()
        if basis is None:
            raise NotFound(what="văn bản này", what_en="This legal text")
        commands.remove_basis(actor=actor, dossier=found, basis=basis)
        return _("The legal text was taken out.")
    raise NotFound(what="việc này", what_en="This act")


def _spoken(request: Request, error: DomainError | None) -> dict[str, str] | None:
    if error is None:
        return None
    return {"text": error.text(request.LANGUAGE_CODE), "hint": error.hint(request.LANGUAGE_CODE)}


def _of(found: NationalDossier, heading: str, submit: str, **more: Any) -> Act:
    back = here(dossier_address(found.number))
    return Act(heading=heading, submit=submit, back=back, crumbs=_crumbs(found), **more)


def _crumbs(found: NationalDossier) -> list[tuple[str, str]]:
    return [
        (reverse("catalogue-dossiers"), _("National dossiers")),
        (here(dossier_address(found.number)), found.number),
    ]


@signed_in
@page
def criterion(request: Request, number: str, key: str) -> HttpResponse:
    """Say how the database meets one criterion."""
    found = _to_write(request, number)
    line = next((one for one in national.criteria_of(found) if one.item.looks_at == key), None)
    if line is None:
        raise NotFound(what="tiêu chí này", what_en="This criterion")
    form = forms.CriterionForm(**_given(request), initial={"is_met": line.is_met, "evidence": line.evidence})

    def perform(entered: dict[str, Any]) -> str:
        commands.show_criterion(
            actor=request.actor, dossier=found, key=key, files=entered.pop("attached"), **entered
        )
        return _("The criterion was saved.")

    return _act_page(request, _of(found, line.item.text, _("Save"), effect=line.item.hint), form, perform)


@signed_in
@page
def parts(request: Request, number: str) -> HttpResponse:
    """Write the parts of the dossier."""
    found = _to_write(request, number)
    form = forms.PartsForm(**_given(request), lines=national.parts_of(found))

    def perform(entered: dict[str, Any]) -> str:
        for key, text in entered.items():
            commands.write_part(actor=request.actor, dossier=found, key=key, text=text)
        return _("The parts were saved.")

    return _act_page(request, _of(found, _("Contents of the dossier"), _("Save")), form, perform)


@signed_in
@page
def basis(request: Request, number: str) -> HttpResponse:
    """Record a legal text that names the database."""
    found = _to_write(request, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.cite_basis(actor=request.actor, dossier=found, **entered)
        return _("The legal text was recorded.")

    act = _of(found, _("Legal text that names the database"), _("Record"))
    return _act_page(request, act, forms.BasisForm(**_given(request)), perform)


@signed_in
@page
def send(request: Request, number: str) -> HttpResponse:
    """Sign the letter and send the dossier."""
    found = dossier_for(request.actor, number)
    if not may_sign_dossier(request.actor, found.database):
        raise NotAllowed(act="ký, gửi hồ sơ", act_en="sign and send a dossier")
    initial = {"letter_date": timezone.localdate(), "place": found.place, "signer": found.signer}
    form = forms.SendDossierForm(**_given(request), initial=initial)

    def perform(entered: dict[str, Any]) -> str:
        commands.send_dossier(actor=request.actor, dossier=found, files=entered.pop("attached"), **entered)
        return _("The dossier was sent to the coordinating ministry.")

    return _act_page(request, _of(found, _("Sign and send"), _("Send the dossier")), form, perform)


@signed_in
@page
def give_back(request: Request, number: str) -> HttpResponse:
    """Return a dossier to be completed."""
    found = dossier_for(request.actor, number)
    if not may_coordinate(request.actor):
        raise NotAllowed(act="trả lại hồ sơ", act_en="return a dossier")

    def perform(entered: dict[str, Any]) -> str:
        commands.return_dossier(actor=request.actor, dossier=found, **entered)
        return _("The dossier was returned.")

    act = _of(found, _("Return to be completed"), _("Return the dossier"), danger=True)
    return _act_page(request, act, forms.ReasonForm(**_given(request)), perform)


@signed_in
@page
def agreement(request: Request, number: str) -> HttpResponse:
    """Record the agreement on the master data."""
    found = _to_follow(request, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.agree_master_data(actor=request.actor, dossier=found, **entered)
        return _("The agreement was recorded.")

    act = _of(found, _("Agree the master data that are synchronised"), _("Record"))
    return _act_page(request, act, forms.AgreementForm(**_given(request)), perform)


@signed_in
@page
def connection_day(request: Request, number: str) -> HttpResponse:
    """Set by when the database is connected."""
    found = _to_follow(request, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.set_connection_day(actor=request.actor, dossier=found, **entered)
        return _("The day of connection was set.")

    act = _of(found, _("Set the day of connection"), _("Save"))
    return _act_page(request, act, forms.ConnectForm(**_given(request)), perform)


def _to_write(request: Request, number: str) -> NationalDossier:
    found = _to_follow(request, number)
    if not found.may_change:
        raise NotFound(what="phần sửa được của hồ sơ này", what_en="A part of this dossier that may change")
    return found


def _to_follow(request: Request, number: str) -> NationalDossier:
    found = dossier_for(request.actor, number)
    if not may_prepare_dossier(request.actor, found.database):
        raise NotAllowed(act="soạn hồ sơ này", act_en="write this dossier")
    return found


@signed_in
@require_GET
def kept_file(request: Request, number: str, file_id: int) -> FileResponse:
    """A file that belongs to a dossier: evidence of a criterion, or a signed letter."""
    found = dossier_for(request.actor, number)
    rows = {str(pk) for pk in found.criteria.values_list("pk", flat=True)}
    kept = StoredFile.objects.filter(pk=file_id).first()
    ours = kept is not None and (
        (kept.subject_kind == NationalDossier._meta.label_lower and kept.subject_id == str(found.pk))
        or (kept.subject_kind == DossierCriterion._meta.label_lower and kept.subject_id in rows)
    )
    if kept is None or not ours or not (place := path_of(kept.sha256)).exists():
        raise Http404
    answer = FileResponse(
        place.open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


# --- draft lists, for the coordinating ministry


@signed_in
@require_GET
def draft(request: Request, number: str) -> HttpResponse:
    """One draft list: its dossiers, its submission, its result."""
    found = list_draft_for(request.actor, number)
    day = found.submitted_on or timezone.localdate()
    context = {
        "draft": found,
        "dossiers": [(one, state_kind(one.state)) for one in national.dossiers_in(found)],
        "approver": national.approver_on(day),
        "consolidator": national.consolidator_on(day),
        "made": getattr(found, "national_list", None),
        "may_submit": found.state == ListDraftState.DRAFTING,
        "may_decide": found.state == ListDraftState.SUBMITTED,
        "events": timeline("catalogue.nationallistdraft", found.pk, request.LANGUAGE_CODE, 50),
        "citations": citations_for("NDB-05", "NDB-06"),
    }
    return render(request, "catalogue/national_draft.html", context)


@signed_in
@page
def submit(request: Request, number: str) -> HttpResponse:
    """Submit the draft list for approval."""
    found = list_draft_for(request.actor, number)
    form = forms.SubmitListForm(**_given(request), initial={"submitted_on": timezone.localdate()})

    def perform(entered: dict[str, Any]) -> str:
        commands.submit_list(actor=request.actor, draft=found, **entered)
        return _("The draft list was submitted.")

    return _act_page(request, _of_draft(found, _("Submit the list"), _("Submit")), form, perform)


@signed_in
@page
def approve(request: Request, number: str) -> HttpResponse:
    """Record the decision that approved the list."""
    found = list_draft_for(request.actor, number)
    today = timezone.localdate()
    form = forms.ApproveListForm(
        **_given(request),
        dossiers=list(national.dossiers_in(found)),
        initial={"decision_date": today, "effective_on": today},
    )

    def perform(entered: dict[str, Any]) -> str:
        made = commands.approve_list(actor=request.actor, draft=found, **form.answers())
        return _("Version %(version)s of the national list was recorded.") % {"version": made.version}

    return _act_page(request, _of_draft(found, _("Record the approved list"), _("Record")), form, perform)


@signed_in
@page
def turn_down(request: Request, number: str) -> HttpResponse:
    """Record that the list was not approved."""
    found = list_draft_for(request.actor, number)

    def perform(entered: dict[str, Any]) -> str:
        commands.turn_down_list(actor=request.actor, draft=found, **entered)
        return _("It was recorded that the list was not approved.")

    act = _of_draft(found, _("Not approved"), _("Record"), danger=True)
    return _act_page(request, act, forms.ReasonForm(**_given(request)), perform)


@signed_in
@page
def earlier(request: Request) -> HttpResponse:
    """Record a list that was approved outside the product."""
    if not may_coordinate(request.actor):
        raise NotFound(what="trang này", what_en="This page")

    def perform(entered: dict[str, Any]) -> str:
        made = commands.record_earlier_list(actor=request.actor, **entered)
        return ngettext(
            "Version %(version)s with %(count)s database was recorded.",
            "Version %(version)s with %(count)s databases was recorded.",
            len(made.entries),
        ) % {"version": made.version, "count": len(made.entries)}

    back = reverse("catalogue-dossiers")
    act = Act(
        heading=_("Record an earlier list"),
        submit=_("Record"),
        back=back,
        crumbs=[(back, _("National dossiers"))],
    )
    return _act_page(request, act, forms.EarlierListForm(**_given(request)), perform)


def _of_draft(found: NationalListDraft, heading: str, submit: str, **more: Any) -> Act:
    back = here(list_draft_address(found.number))
    crumbs = [(reverse("catalogue-dossiers"), _("National dossiers")), (back, found.number)]
    return Act(heading=heading, submit=submit, back=back, crumbs=crumbs, **more)


# --- papers


@signed_in
@require_GET
def paper(request: Request, number: str, kind: str, form: str) -> HttpResponse:
    """The dossier or its letter as Word or PDF, the dossier as a workbook."""
    found = dossier_for(request.actor, number)
    owner = found.database.owner
    if kind == "thuyet-minh":
        written, book = dossier_papers.dossier_paper(found), dossier_papers.dossier_sheets(found)
        layout = layout_for(owner, dossier_papers.EXPLANATION)
        return paper_answer(written, book, form, layout=layout, name=f"Thuyết minh {number}")
    if kind == "cong-van":
        written, layout = dossier_papers.letter_paper(found), layout_for(owner, dossier_papers.LETTER)
        return paper_answer(written, None, form, layout=layout, name=f"Công văn {number}")
    raise NotFound(what="văn bản này", what_en="This paper")


@signed_in
@require_GET
def draft_paper(request: Request, number: str, form: str) -> HttpResponse:
    """The draft list as Word, PDF or a workbook."""
    found = list_draft_for(request.actor, number)
    written, book = dossier_papers.list_paper(found), dossier_papers.list_sheets(found)
    layout = layout_for(found.agency, dossier_papers.LIST)
    return paper_answer(written, book, form, layout=layout, name=f"Tờ trình danh mục {number}")
