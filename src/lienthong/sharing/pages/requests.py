"""Requests and accounts: ask, enter one from paper, answer, refuse, suspend."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.law.queries import clock_view, rule_set_on

from .. import commands
from ..access import accounts_visible_to, may_ask_for, may_provide, request_for
from ..addresses import gateway_address
from ..forms import BecauseForm, IssueForm, PaperRequestForm, RefuseForm, RequestForm, choices_of, say
from ..models import ConnectionAccount, RequestState
from ..queries import columns_offered, service_for, service_on_offer


@signed_in
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Send a request for one's own agency."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = service_on_offer(code)
    requester = unit_of(actor)
    if requester is None or not may_ask_for(actor, requester):
        raise NotAllowed(act="gửi yêu cầu chia sẻ", act_en="send a sharing request")
    form = RequestForm(request.POST or None, columns=choices_of(found), initial={"items": found.columns})
    if request.method == "POST" and form.is_valid():
        try:
            sent = commands.receive_request(
                actor=actor, service=found, requester=requester, **form.cleaned_data
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("Request %(number)s was received.") % {"number": sent.number})
            return redirect("sharing-request", sent.number)
    return render(request, "sharing/ask.html", {"service": found, "requester": requester, "form": form})


@signed_in
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a request that came on paper, with the day on which it came."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = service_for(actor, code)
    if not may_provide(actor, found):
        raise NotAllowed(
            act="nhập yêu cầu nhận bằng văn bản giấy", act_en="enter a request received on paper"
        )
    form = PaperRequestForm(request.POST or None, columns=choices_of(found), initial={"items": found.columns})
    if request.method == "POST" and form.is_valid():
        try:
            sent = commands.receive_request(actor=actor, service=found, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            return redirect("sharing-request", sent.number)
    return render(request, "sharing/enter.html", {"service": found, "form": form})


@signed_in
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request with its clock, its seven parts, and what happened."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, number)
    account = ConnectionAccount.objects.filter(request=found).first()
    provides = may_provide(actor, found.service)
    titles = {column["name"]: column for column in columns_offered(found.service)}
    events = timeline("sharing.sharingrequest", found.pk, request.LANGUAGE_CODE)
    if account is not None:
        events += timeline("sharing.connectionaccount", account.pk, request.LANGUAGE_CODE)
        events.sort(key=lambda line: str(line["at"]), reverse=True)
    return render(
        request,
        "sharing/request.html",
        {
            "found": found,
            "clock": clock_view(found.clock) if found.clock else None,
            "rule_set": rule_set_on(found.received_at),
            "items": [titles.get(name, {"name": name, "title": name, "masked": ""}) for name in found.items],
            "masked": sum(1 for name in found.items if found.service.masked.get(name)),
            "account": account,
            "provides": provides,
            "may_answer": provides and found.state == RequestState.UNDER_REVIEW,
            "may_replace": account is not None and (provides or may_ask_for(actor, account.consumer)),
            "because_form": BecauseForm(),
            "events": events,
        },
    )


@signed_in
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Answer with an account; the key is shown on the page that follows, this once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, number)
    form = IssueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account, key = commands.issue_account(actor=actor, request=found, **form.cleaned_data)
        return _key_page(request, account, key)
    return render(request, "sharing/issue.html", {"found": found, "form": form})


def _key_page(request: HttpRequest, account: ConnectionAccount, key: str) -> HttpResponse:
    address = request.build_absolute_uri(gateway_address(account.service.code))
    response = render(request, "sharing/key.html", {"account": account, "key": key, "address": address})
    response["Cache-Control"] = "no-store"
    return response


@signed_in
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse in writing: document, reason, law in force."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, number)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.refuse_request(actor=actor, request=found, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The request was refused."))
            return redirect("sharing-request", number)
    return render(request, "sharing/refuse.html", {"found": found, "form": form})


@signed_in
@require_POST
def account(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Suspend, restore or end an account, or replace its key."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = (
        accounts_visible_to(actor)
        .select_related("service__dataset__database", "request", "consumer")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound(what=f"tài khoản {code}", what_en=f"Account {code}")
    if act == "thay-khoa":
        return _key_page(request, found, commands.replace_key(actor=actor, account=found))
    if act == "khoi-phuc":
        commands.restore_account(actor=actor, account=found)
        messages.success(request, _("The account works again."))
    elif act in {"tam-ngung", "cham-dut"}:
        form = BecauseForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Give the reason."))
        elif act == "tam-ngung":
            commands.suspend_account(actor=actor, account=found, because=form.cleaned_data["because"])
            messages.success(request, _("The account is suspended; its next call is refused."))
        else:
            commands.terminate_account(actor=actor, account=found, because=form.cleaned_data["because"])
            messages.success(request, _("The account has ended."))
    else:
        raise Http404
    return redirect("sharing-request", found.request.number)
