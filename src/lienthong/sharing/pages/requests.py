"""Requests and accounts: ask, enter one from paper, answer, refuse, suspend."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.events.queries import timeline
from lienthong.law.queries import clock_view, grounds_for, grounds_of, rule_set_on

from .. import commands
from ..access import may_ask_for, may_provide, request_for, require_provider
from ..forms import IssueForm, PaperRequestForm, RefuseForm, RequestForm, choices_of, say
from ..models import ConnectionAccount, RequestState, SharingRequest
from ..queries import columns_offered, service_for, service_on_offer
from .stopping import key_page


@signed_in
def ask(request: Request, code: str) -> HttpResponse:
    """Send a request for one's own agency."""
    actor: Actor = request.actor
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
def enter(request: Request, code: str) -> HttpResponse:
    """Enter a request that came on paper, with the day on which it came."""
    actor: Actor = request.actor
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
def request_page(request: Request, number: str) -> HttpResponse:
    """One request with its clock, its seven parts, and what happened."""
    actor: Actor = request.actor
    found = request_for(actor, number)
    account = ConnectionAccount.objects.filter(request=found).first()
    provides = may_provide(actor, found.service)
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
            "basis": grounds_of(found.clock),
            "rule_set": rule_set_on(found.received_at),
            **_asked(found),
            "account": account,
            "provides": provides,
            "may_answer": provides and found.state == RequestState.UNDER_REVIEW,
            "may_replace": account is not None and (provides or may_ask_for(actor, account.consumer)),
            "events": events,
        },
    )


def _asked(found: SharingRequest) -> dict[str, Any]:
    """The items of a request with their titles, and how many of them are given masked."""
    titles = {column["name"]: column["title"] for column in columns_offered(found.service)}
    return {
        "items": [titles.get(name, name) for name in found.items],
        "masked": sum(1 for name in found.items if found.service.masked.get(name)),
    }


@signed_in
def issue(request: Request, number: str) -> HttpResponse:
    """Answer with an account; the key is shown on the page that follows, this once."""
    actor: Actor = request.actor
    found = request_for(actor, number)
    require_provider(actor, found.service, "cấp tài khoản kết nối", "issue a connection account")
    form = IssueForm(request.POST or None, initial={"daily_quota": min(1000, found.service.capacity)})
    if request.method == "POST" and form.is_valid():
        try:
            account, key = commands.issue_account(actor=actor, request=found, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            return key_page(request, account, key)
    return render(request, "sharing/issue.html", {"found": found, "form": form, **_asked(found)})


@signed_in
def refuse(request: Request, number: str) -> HttpResponse:
    """Refuse in writing: document, reason, law in force."""
    actor: Actor = request.actor
    found = request_for(actor, number)
    require_provider(actor, found.service, "từ chối yêu cầu", "refuse the request")
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.refuse_request(actor=actor, request=found, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The request was refused."))
            return redirect("sharing-request", number)
    grounds = [ground.citation for ground in grounds_for("DSH-05") if ground.holds]
    return render(
        request, "sharing/refuse.html", {"found": found, "form": form, "grounds": grounds, **_asked(found)}
    )
