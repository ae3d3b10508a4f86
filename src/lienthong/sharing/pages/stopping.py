"""What is confirmed before it is done: stopping a service for all, stopping one account, replacing its key."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound

from .. import commands
from ..access import accounts_visible_to, may_ask_for, may_provide, require_provider
from ..addresses import gateway_address
from ..forms import BecauseForm, SuspendServiceForm, say
from ..models import AccountState, ConnectionAccount, SharingService
from ..queries import service_for


def consumers_of(service: SharingService) -> int:
    """How many agencies hold a working account on a service."""
    return service.accounts.filter(state=AccountState.ACTIVE).values("consumer").distinct().count()


@signed_in
def suspend(request: Request, code: str) -> HttpResponse:
    """Suspend a service for all: who is affected, the reason, when it comes back."""
    actor: Actor = request.actor
    found = service_for(actor, code)
    require_provider(actor, found, "tạm ngừng dịch vụ", "suspend the service")
    form = SuspendServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.suspend_service(actor=actor, service=found, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(
                request, _("The service is suspended; callers are told the reason and the expected return.")
            )
            return redirect("sharing-record", code)
    context = {"service": found, "form": form, "consumers": consumers_of(found)}
    return render(request, "sharing/suspend.html", context)


@signed_in
def terminate(request: Request, code: str) -> HttpResponse:
    """End a service for good; asks to type its code, for there is no way back."""
    actor: Actor = request.actor
    found = service_for(actor, code)
    require_provider(actor, found, "chấm dứt dịch vụ", "terminate the service")
    form = BecauseForm(request.POST or None)
    typed = request.POST.get("ma", "").strip()
    if request.method == "POST" and form.is_valid():
        if typed != found.code:
            form.add_error(
                None, _("Type the code of the service to confirm: %(code)s.") % {"code": found.code}
            )
        else:
            try:
                commands.terminate_service(actor=actor, service=found, because=form.cleaned_data["because"])
            except DomainError as error:
                say(form, error)
            else:
                messages.success(request, _("The service has ended."))
                return redirect("sharing-record", code)
    context = {"service": found, "form": form, "consumers": consumers_of(found), "typed": typed}
    return render(request, "sharing/terminate.html", context)


ACTS = ("tam-ngung", "khoi-phuc", "cham-dut", "thay-khoa")


@signed_in
def account(request: Request, code: str, act: str) -> HttpResponse:
    """Suspend, restore or end an account, or replace its key: what it does, then the act."""
    actor: Actor = request.actor
    if act not in ACTS:
        raise Http404
    found = (
        accounts_visible_to(actor)
        .select_related("service__dataset__database", "request", "consumer")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound(what=f"tài khoản {code}", what_en=f"Account {code}")
    _require(actor, found, act)
    form = BecauseForm(request.POST or None) if act in {"tam-ngung", "cham-dut"} else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _done(request, actor, found, act, form.cleaned_data["because"] if form else "")
        except DomainError as error:
            if form is None:
                raise
            say(form, error)
    context = {"account": found, "act": act, "form": form, "words": _words(act)}
    return render(request, "sharing/account.html", context)


def _require(actor: Actor, found: ConnectionAccount, act: str) -> None:
    if act == "thay-khoa":
        if not (may_provide(actor, found.service) or may_ask_for(actor, found.consumer)):
            raise NotAllowed(act="thay khóa kết nối", act_en="replace the connection key")
        return
    require_provider(actor, found.service, "thay đổi tài khoản kết nối", "change the connection account")


def _done(request: Request, actor: Actor, found: ConnectionAccount, act: str, because: str) -> HttpResponse:
    if act == "thay-khoa":
        key = commands.replace_key(actor=actor, account=found)
        return key_page(request, found, key, replaced=True)
    if act == "khoi-phuc":
        commands.restore_account(actor=actor, account=found)
        messages.success(request, _("The account works again."))
    elif act == "tam-ngung":
        commands.suspend_account(actor=actor, account=found, because=because)
        messages.success(request, _("The account is suspended; its next call is refused."))
    else:
        commands.terminate_account(actor=actor, account=found, because=because)
        messages.success(request, _("The account has ended."))
    return redirect("sharing-request", found.request.number)


def _words(act: str) -> dict[str, Any]:
    return {
        "tam-ngung": {
            "title": _("Suspend the account"),
            "effect": _("The gateway refuses its next call with the reason. It can be restored at any time."),
        },
        "khoi-phuc": {
            "title": _("Restore the account"),
            "effect": _("The gateway answers its calls again, with the same key."),
        },
        "cham-dut": {
            "title": _("End the account"),
            "effect": _("The key is refused for good. A new account needs a new request."),
        },
        "thay-khoa": {
            "title": _("Replace the key"),
            "effect": _("The old key stops working at once; the new one is shown once, on the next page."),
        },
    }[act]


def key_page(
    request: Request, account: ConnectionAccount, key: str, *, replaced: bool = False
) -> HttpResponse:
    """The page on which a key is shown, this once; nothing of it is kept, here or in a cache."""
    address = request.build_absolute_uri(gateway_address(account.service.code))
    context = {"account": account, "key": key, "address": address, "replaced": replaced}
    response = render(request, "sharing/key.html", context)
    response["Cache-Control"] = "no-store"
    return response
