"""Before a form asks: the public look-up, and on the desk the checks that are kept, answered and concluded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.agencies.queries import layout_for, unit_of
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, for_roles, open_to_all
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.papers.answers import paper_answer

from .. import commands
from ..access import ASKING, check_for, checks_visible_to, may_ask_for
from ..asking import grounds, who_holds
from ..asking_papers import KIND, check_paper, check_sheets
from ..asking_showing import basis, found_shown, items_shown
from ..forms import AnswerForm, CheckForm, ItemsForm, say
from ..models import AskAgainCheck, CheckState

PAGE = 30


def _refuse(form: Any, error: DomainError | EngineError) -> None:
    if isinstance(error, DomainError):
        say(form, error)
        return
    locale = get_language() or "vi"
    form.add_error("upload", f"{error.text(locale)} {error.hint(locale)}")


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: Request) -> HttpResponse:
    """Open to everybody: which items of a form are shared already; nothing of what was entered is kept."""
    form = ItemsForm(request.POST or None, request.FILES or None)
    shown, looked_at = None, 0
    if request.method == "POST" and form.is_valid():
        try:
            lookup = who_holds(form.asked())
        except (DomainError, EngineError) as error:
            _refuse(form, error)
        else:
            shown, looked_at = found_shown(lookup.found), lookup.looked_at
    context = {
        "form": form,
        "shown": shown,
        "held": sum(bool(one.hits) for one in shown or ()),
        "looked_at": looked_at,
        "citations": basis(),
    }
    return render(request, "sharing/ask_again_public.html", context, status=422 if form.errors else 200)


@for_roles(*ASKING)
@require_safe
def checks(request: Request) -> HttpResponse:
    """The checks of the own unit, the newest first."""
    after = request.GET.get("sau", "")
    found = checks_visible_to(request.actor).select_related("unit").order_by("-pk")
    if after.isascii() and after.isdigit() and len(after) < 12:
        found = found.filter(pk__lt=int(after))
    rows = list(found[: PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "next_url": f"?sau={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "citations": basis(),
    }
    return render(request, "sharing/ask_again_list.html", context)


@for_roles(*ASKING)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponse:
    """Look up the items of a form for one's own unit, and keep what was found."""
    actor: Actor = request.actor
    unit = unit_of(actor)
    if unit is None or not may_ask_for(actor, unit):
        raise NotAllowed(
            act="tra cứu trước khi yêu cầu cung cấp thông tin", act_en="check a form for this unit"
        )
    form = CheckForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            check = commands.check_form(
                actor=actor,
                for_unit=unit,
                title=form.cleaned_data["title"],
                items=form.asked(),
                on_paper=form.cleaned_data["on_paper"],
            )
        except (DomainError, EngineError) as error:
            if isinstance(error, DomainError) and error.status == 403:
                raise
            _refuse(form, error)
        else:
            return redirect("sharing-ask-again-check", check.number)
    context = {"form": form, "unit": unit, "citations": basis()}
    return render(request, "sharing/ask_again_begin.html", context, status=422 if form.errors else 200)


@for_roles(*ASKING)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, number: str) -> HttpResponse:
    """One check: each item with who holds it and what was answered; a POST concludes it."""
    actor: Actor = request.actor
    found = check_for(actor, number)
    if request.method == "POST":
        try:
            commands.conclude_check(actor=actor, check=found)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            messages.error(request, f"{error.text(actor.locale)} {error.hint(actor.locale)}")
        else:
            messages.success(request, _("Check %(number)s was concluded.") % {"number": found.number})
        return redirect("sharing-ask-again-check", number)
    shown = items_shown(found)
    counts = [one.may_be_asked for one in shown]
    context = {
        "check": found,
        "shown": shown,
        "waiting": counts.count(None),
        "allowed": counts.count(True),
        "refused": counts.count(False),
        "may_answer": found.state == CheckState.OPEN and may_ask_for(actor, found.unit),
        "citations": basis(),
        "events": timeline("sharing.askagaincheck", found.pk, request.LANGUAGE_CODE, 50),
    }
    return render(request, "sharing/ask_again_check.html", context)


@for_roles(*ASKING)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, number: str, place: int) -> HttpResponse:
    """Answer one item: taken from where it is held, asked for by a lawful exception, or not the same data."""
    actor: Actor = request.actor
    found = check_for(actor, number)
    one = next((one for one in items_shown(found) if one.item.place == place), None)
    if one is None or not one.hits:
        raise NotFound(what="mục thông tin này", what_en="This item")
    item = one.item
    initial = {
        "answer": item.answer or "take",
        "source": item.source or one.hits[0].database,
        "ground": item.ground,
        "reason": item.reason,
        "legal_ground": item.legal_ground,
    }
    form = AnswerForm(
        request.POST or None,
        hits=one.hits,
        grounds=[(ground.looks_at, ground.text) for ground in grounds()],
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            commands.answer_item(actor=actor, item=item, **form.cleaned_data)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            say(form, error)
        else:
            messages.success(request, _("What was decided of the item was kept."))
            return redirect("sharing-ask-again-check", number)
    context = {"check": found, "one": one, "form": form, "grounds": grounds(), "citations": basis()}
    return render(request, "sharing/ask_again_answer.html", context, status=422 if form.errors else 200)


@for_roles(*ASKING)
@require_safe
def check_file(request: Request, number: str, form: str) -> HttpResponse:
    """A check as PDF, Word or Excel file."""
    found: AskAgainCheck = check_for(request.actor, number)
    shown = items_shown(found)
    return paper_answer(
        check_paper(found, shown),
        check_sheets(found, shown),
        form,
        layout=layout_for(found.unit, KIND),
        name=f"Phiếu tra cứu {number}",
    )
