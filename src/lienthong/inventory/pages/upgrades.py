"""Pages of the upgrade plan: the board by state, one item with its steps, a new one, the workbook (C6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.agencies.models import Agency
from lienthong.catalogue.access import database_for, may_own
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.pagekit.filters import filter_options
from lienthong.foundation.papers.answers import download
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.queries import citations_for

from .. import commands, yearly, yearly_forms
from ..access import (
    may_carry_out,
    may_keep_system,
    may_plan_upgrade,
    system_for,
    upgrade_for,
    upgrades_visible_to,
)
from ..models import OVER, Priority, UpgradeItem, UpgradeOrigin, UpgradeState

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 25
KINDS = {
    UpgradeState.PROPOSED: "proposed",
    UpgradeState.PRIORITISED: "open",
    UpgradeState.WAITING_FUNDS: "waiting",
    UpgradeState.FUNDED: "open",
    UpgradeState.IN_PROGRESS: "running",
    UpgradeState.RECHECKED: "waiting",
    UpgradeState.REOPENED: "late",
    UpgradeState.DONE: "done",
    UpgradeState.DECLINED: "none",
}
# The order of the board, and how each state is painted in its bar.
BOARD = (
    (UpgradeState.REOPENED, "late"),
    (UpgradeState.PROPOSED, "neutral"),
    (UpgradeState.PRIORITISED, "2"),
    (UpgradeState.WAITING_FUNDS, "due"),
    (UpgradeState.FUNDED, "6"),
    (UpgradeState.IN_PROGRESS, "primary"),
    (UpgradeState.RECHECKED, "3"),
    (UpgradeState.DONE, "ok"),
)


@signed_in
@never_cache
@require_safe
def board(request: Request) -> HttpResponse:
    """The upgrade plan by state: what was reopened and proposed first; narrowed by origin, priority and unit."""
    visible = upgrades_visible_to(request.actor)
    asked = _asked(request)
    found = _narrowed(visible, asked)
    counts = dict(found.values_list("state").annotate(Count("pk")).order_by())
    wanted = asked.get("trang-thai")
    states = [state for state, _kind in BOARD] + [UpgradeState.DECLINED]
    columns = []
    for state in states:
        if not counts.get(state) or (wanted and wanted != state):
            continue
        rows = _joined(found.filter(state=state))[: 500 if wanted else SHOWN]
        columns.append(
            {
                "state": state,
                "label": state.label,
                "kind": KINDS[state],
                "count": counts[state],
                "rows": list(rows),
                "more": f"?{urlencode(asked | {'trang-thai': state})}"
                if not wanted and counts[state] > SHOWN
                else "",
            }
        )
    units = Agency.objects.filter(pk__in=visible.values("unit")).order_by("sort_key")
    live = found.exclude(state__in=OVER)
    context = {
        "columns": columns,
        "parts": [
            {"label": state.label, "kind": kind, "value": counts.get(state, 0)} for state, kind in BOARD
        ],
        "total": visible.count(),
        "open": live.count(),
        "late": live.filter(planned_until__lt=timezone.localdate()).count(),
        "active": len(asked),
        "export_url": f"{reverse('inventory-upgrades-workbook')}?{urlencode(asked)}",
        "facets": [
            (_("State"), filter_options(asked, "trang-thai", UpgradeState.choices)),
            (_("From which check"), filter_options(asked, "tu", UpgradeOrigin.choices)),
            (_("Priority"), filter_options(asked, "uu-tien", Priority.choices)),
            (
                _("Responsible unit"),
                filter_options(asked, "don-vi", [(one.code, one.shown_name) for one in units[:40]]),
            ),
        ],
        "citations": citations_for("UPG-01", "UPG-02", "UPG-03", "INV-08"),
    }
    return render(request, "inventory/upgrades.html", context)


def _asked(request: Request) -> dict[str, str]:
    return {
        name: value[:80]
        for name in ("trang-thai", "tu", "uu-tien", "don-vi", "csdl")
        if (value := request.GET.get(name, "").replace("\0", ""))
    }


def _narrowed(visible: Any, asked: dict[str, str]) -> Any:
    exact = {
        "state": asked.get("trang-thai"),
        "origin": asked.get("tu"),
        "unit__code": asked.get("don-vi"),
        "database__code": asked.get("csdl"),
    }
    found = visible.filter(**{name: value for name, value in exact.items() if value})
    if (priority := asked.get("uu-tien", "")).isdigit():
        found = found.filter(priority=int(priority[:4]))
    return found


def _joined(found: Any) -> Any:
    return found.select_related("database", "system", "unit").order_by("priority", "planned_until", "pk")


@signed_in
@never_cache
@page
def item(request: Request, number: str) -> HttpResponse:
    """One upgrade item: what was found, what is to be done, how far it is; the step that comes next."""
    actor = request.actor
    found = upgrade_for(actor, number)
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    forms = _forms(found, act, request)
    refusal: DomainError | None = None
    if act:
        try:
            said = _act(actor, found, act, forms.get(act))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form = forms.get(act)
            if form is not None:
                form.refuse(error)
            else:
                refusal = error
        else:
            if said:
                messages.success(request, said)
                return redirect("inventory-upgrade", number)
    found = upgrade_for(actor, number)
    context = {
        "item": found,
        "kind": KINDS[UpgradeState(found.state)],
        "form": _form_now(found, forms, actor),
        "other": forms["khong-dua"] if found.state == UpgradeState.PROPOSED else forms["mo-lai"],
        "may_plan": may_plan_upgrade(actor, found),
        "may_work": may_carry_out(actor, found),
        "may_decline": found.criterion not in commands.upgrades.REQUIRED,
        "places": [".".join(part for part in place if part) for place in found.places][:30],
        "late": found.planned_until is not None
        and found.planned_until < timezone.localdate()
        and not found.is_over,
        "refusal": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
        "events": timeline("inventory.upgradeitem", found.pk, request.LANGUAGE_CODE),
        "citations": citations_for(found.requirement, "INV-08", "UPG-03"),
    }
    faulty = any(form.errors for form in forms.values() if form.is_bound)
    return render(
        request, "inventory/upgrade.html", context, status=422 if faulty else 409 if refusal else 200
    )


def _forms(found: UpgradeItem, act: str, request: Request) -> dict[str, yearly_forms.ActForm]:
    def given(name: str) -> Any:
        return request.POST if act == name else None

    planned = {
        "priority": found.priority,
        "action": found.action,
        "responsible": found.responsible or found.unit.name,
        "planned_until": found.planned_until,
    }
    by_hand = found.criterion == yearly.STATEMENT
    return {
        "dua-vao": yearly_forms.PlanForm(given("dua-vao"), initial=planned),
        "khong-dua": yearly_forms.ReasonForm(given("khong-dua")),
        "kinh-phi": yearly_forms.FundingForm(given("kinh-phi"), initial={"funding": found.funding}),
        "bat-dau": yearly_forms.BeginForm(given("bat-dau"), initial={"continuity": found.continuity}),
        "kiem-tra": yearly_forms.RecheckForm(
            given("kiem-tra"), by_hand=by_hand, initial={"compliance": found.compliance}
        ),
        "mo-lai": yearly_forms.ReasonForm(given("mo-lai")),
    }


NEXT = {
    UpgradeState.PROPOSED: "dua-vao",
    UpgradeState.PRIORITISED: "kinh-phi",
    UpgradeState.WAITING_FUNDS: "kinh-phi",
    UpgradeState.FUNDED: "bat-dau",
    UpgradeState.REOPENED: "bat-dau",
    UpgradeState.IN_PROGRESS: "kiem-tra",
}


def _form_now(
    found: UpgradeItem, forms: dict[str, yearly_forms.ActForm], actor: Actor
) -> dict[str, Any] | None:
    """The form of the step that comes next, for whoever may take it."""
    act = NEXT.get(UpgradeState(found.state))
    if act is None:
        return None
    plans = act in ("dua-vao", "kinh-phi")
    if not (may_plan_upgrade(actor, found) if plans else may_carry_out(actor, found)):
        return None
    words = {
        "dua-vao": _("Take into the plan"),
        "kinh-phi": _("Name the funds"),
        "bat-dau": _("Begin the work"),
        "kiem-tra": _("Recheck by the same criterion"),
    }
    return {"act": act, "form": forms[act], "submit": words[act]}


def _act(actor: Actor, found: UpgradeItem, act: str, form: yearly_forms.ActForm | None) -> str:
    if act == "cho-kinh-phi":
        commands.leave_waiting_for_funds(actor=actor, item=found)
        return _("The item stays in the plan and waits for funds.")
    if act == "xong":
        commands.finish_upgrade(actor=actor, item=found)
        return _("The item is done.")
    steps = {
        "dua-vao": (commands.prioritise_upgrade, _("The item is in the plan.")),
        "khong-dua": (commands.decline_upgrade, _("The item was not taken up; the reason is kept.")),
        "kinh-phi": (commands.fund_upgrade, _("The funds were named.")),
        "bat-dau": (commands.begin_upgrade, _("The work has begun.")),
        "kiem-tra": (commands.recheck_upgrade, _("The recheck was recorded.")),
        "mo-lai": (commands.reopen_upgrade, _("The item was reopened.")),
    }
    if act not in steps or form is None:
        raise NotFound(what="việc này", what_en="This act")
    if not form.is_valid():
        return ""
    command, said = steps[act]
    command(actor=actor, item=found, **form.cleaned_data)  # type: ignore[operator]
    return said


@signed_in
@never_cache
@page
def propose(request: Request, code: str) -> HttpResponse:
    """Enter an upgrade item by hand, for a database or a system."""
    actor = request.actor
    subject: dict[str, Any]
    if request.resolver_match and request.resolver_match.url_name == "inventory-upgrade-system":
        system = system_for(actor, code)
        subject, name = {"system": system}, system.shown_name
        back = reverse("inventory-system", args=[code])
        allowed = may_keep_system(actor, system)
    else:
        database = database_for(actor, code)
        subject, name = {"database": database}, database.shown_name
        back = reverse("inventory-upgrades-database", args=[code])
        allowed = may_own(actor, database) and not database.is_secret
    if not allowed:
        raise NotAllowed(act="đề xuất nâng cấp", act_en="propose an upgrade")
    form = yearly_forms.ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.propose_upgrade(actor=actor, **subject, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Item %(number)s was proposed.") % {"number": made.number})
            return redirect("inventory-upgrade", made.number)
    context = {
        "form": form,
        "heading": _("Propose an upgrade"),
        "crumbs": [(reverse("inventory-upgrades"), _("Upgrade plan")), (back, name)],
        "back": back,
        "about": name,
        "citations": citations_for("INV-08"),
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "inventory/yearly_act.html", context, status=status)


@signed_in
@never_cache
@require_safe
def of_database(request: Request, code: str) -> HttpResponse:
    """The upgrade items of one database, on its file."""
    actor = request.actor
    database = database_for(actor, code)
    found = _joined(upgrades_visible_to(actor).filter(database=database))
    context = {
        "database": database,
        "live": [one for one in found if not one.is_over],
        "over": [one for one in found if one.is_over],
        "kinds": KINDS,
        "may_propose": may_own(actor, database) and not database.is_secret,
        "citations": citations_for("UPG-01", "UPG-03", "INV-08"),
    }
    return render(request, "inventory/database_upgrades.html", context)


@signed_in
@require_safe
def workbook(request: Request) -> HttpResponse:
    """The upgrade plan as a workbook, filtered as the page is."""
    found = _joined(_narrowed(upgrades_visible_to(request.actor), _asked(request)))[:10_000]
    titles = (
        (_("Code"), 16), (_("Database or system"), 38), (_("Responsible unit"), 28), (_("From which check"), 26),
        (_("What was found"), 50), (_("What is to be done"), 50), (_("Priority"), 12), (_("State"), 20),
        (_("Who carries it out"), 28), (_("To be done by"), 14), (_("Source of funds"), 28), (_("Recheck"), 50),
    )  # fmt: skip
    rows = [
        (
            one.number, one.thing.shown_name, one.unit.shown_name, one.get_origin_display(), one.found, one.action,
            one.get_priority_display(), one.get_state_display(), one.responsible, one.planned_until, one.funding,
            one.seen_at_recheck,
        )
        for one in found
    ]  # fmt: skip
    columns = tuple(
        SheetColumn(str(title), width, "date" if place == 9 else "text")
        for place, (title, width) in enumerate(titles)
    )
    sheet = Sheet(_("Upgrade plan"), columns, rows, lines=(_("Upgrade plan"),))
    return download(to_xlsx([sheet]), "xlsx", "Kế hoạch nâng cấp")
