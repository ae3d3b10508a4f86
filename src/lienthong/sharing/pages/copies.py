"""Use terms and stored copies, for who keeps them and for who provides the data (CON-04, CON-05)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.pagekit.filters import filter_options
from lienthong.foundation.pagekit.paging import stretch
from lienthong.foundation.papers.answers import download
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.queries import citations_for

from .. import commands
from ..access import (
    accounts_visible_to,
    copies_visible_to,
    copy_for,
    may_keep_copy,
    may_provide,
    require_provider,
)
from ..copy_forms import CopyForm, EraseForm, RenewForm, UseTermForm, method_words
from ..forms import say
from ..models import CopyState, KeepingReason, StoredCopy, UseTerm
from ..queries import service_for, warning_days

PAGE = 50
MOST = 10_000
STATE_KINDS = {CopyState.VALID: "ok", CopyState.VOID: "late", CopyState.ERASED: "ended"}


@signed_in
@never_cache
@require_GET
def copies(request: Request) -> HttpResponse:
    """The copies that one's side keeps, and those kept of one's own data: void ones and those that end soon first."""
    visible = copies_visible_to(request.actor)
    asked = _asked(request)
    narrowed = _narrowed(visible, asked, request)
    part = stretch(request.GET.get("sau", ""), narrowed.count(), PAGE, asked)
    counts = visible.exclude(state=CopyState.ERASED).aggregate(
        kept=Count("pk"), void=Count("pk", filter=Q(state=CopyState.VOID)), soon=Count("pk", filter=_soon())
    )
    context = {
        "rows": [_row(one) for one in _sorted(narrowed)[part.rows]],
        "counts": counts,
        "total": visible.count(),
        "part": part,
        "active": len(asked),
        "export_url": f"xuat.xlsx?{urlencode(asked)}" if asked else "xuat.xlsx",
        "facets": [
            (_("Side"), filter_options(asked, "ben", [("giu", _("Kept by us")), ("cap", _("Of our data"))])),
            (
                _("State"),
                filter_options(asked, "trang-thai", [("sap-het", _("Ends soon")), *CopyState.choices]),
            ),
            (_("Reason for keeping it"), filter_options(asked, "ly-do", KeepingReason.choices)),
        ],
        "citations": citations_for("CON-04", "CON-05"),
    }
    return render(request, "sharing/copies.html", context)


def _soon() -> Q:
    now = timezone.now()
    return Q(
        state=CopyState.VALID, expires_at__gt=now, expires_at__lte=now + timedelta(days=warning_days(now))
    )


def _asked(request: Request) -> dict[str, str]:
    return {
        name: value[:40]
        for name in ("ben", "trang-thai", "ly-do")
        if (value := request.GET.get(name, "").replace("\0", ""))
    }


def _narrowed(visible: QuerySet[StoredCopy], asked: dict[str, str], request: Request) -> QuerySet[StoredCopy]:
    found = visible
    own = unit_of(request.actor)
    if own is not None and asked.get("ben") == "giu":
        found = found.filter(consumer__path__startswith=own.path)
    elif own is not None and asked.get("ben") == "cap":
        ours = Q(service__dataset__database__managing_unit__path__startswith=own.path)
        found = found.filter(ours | Q(service__dataset__database__owner__path__startswith=own.path))
    if asked.get("trang-thai") == "sap-het":
        found = found.filter(_soon())
    elif asked.get("trang-thai"):
        found = found.filter(state=asked["trang-thai"])
    return found.filter(reason=asked["ly-do"]) if asked.get("ly-do") else found


def _sorted(found: QuerySet[StoredCopy]) -> QuerySet[StoredCopy]:
    # By name `void` comes after `valid` and `erased`: void ones first, then by their end.
    return found.select_related("service", "consumer").order_by("-state", "expires_at", "-pk")


def _row(copy: StoredCopy) -> dict[str, Any]:
    left = (copy.expires_at - timezone.now()).days if copy.expires_at is not None else None
    return {
        "copy": copy,
        "kind": STATE_KINDS[CopyState(copy.state)],
        "days": left if copy.state == CopyState.VALID and left is not None and left >= 0 else None,
    }


@signed_in
@never_cache
@require_GET
def workbook(request: Request) -> HttpResponse:
    """The copies as a workbook, filtered as the page is."""
    found = _narrowed(copies_visible_to(request.actor), _asked(request), request)
    titles = (
        (_("Number"), 16), (_("Service"), 36), (_("Copy kept by"), 32), (_("Method"), 24), (_("Reason for keeping it"), 28),
        (_("Text, article and clause"), 28), (_("Where it is kept"), 30), (_("Taken on"), 12),
        (_("Last synchronised on"), 14), (_("May be used until"), 14), (_("State"), 22), (_("Why it is void"), 36),
        (_("Erased on"), 12), (_("How it was erased"), 36),
    )  # fmt: skip
    days = {7, 8, 9, 12}
    rows = [
        (
            one.number, one.service.shown_name, one.consumer.shown_name, one.get_method_display(),
            one.get_reason_display(), one.ground, one.place, _day(one.taken_at), _day(one.synced_at),
            _day(one.expires_at), one.get_state_display(), one.void_because, _day(one.erased_at), one.erased_how,
        )
        for one in _sorted(found)[:MOST]
    ]  # fmt: skip
    columns = tuple(
        SheetColumn(str(title), width, "date" if place in days else "text")
        for place, (title, width) in enumerate(titles)
    )
    sheet = Sheet(_("Stored copies"), columns, rows, lines=(_("Stored copies of shared data"),))
    return download(to_xlsx([sheet]), "xlsx", "ban-sao-du-lieu")


def _day(moment: Any) -> Any:
    return timezone.localdate(moment) if moment is not None else None


@signed_in
@never_cache
def register(request: Request, code: str) -> HttpResponse:
    """Register for one's own agency that a copy of a service's data is kept."""
    actor: Actor = request.actor
    account = (
        accounts_visible_to(actor)
        .select_related("service__dataset__table", "service__dataset__database", "consumer", "request")
        .filter(code=code)
        .first()
    )
    if account is None:
        raise NotFound(what=f"tài khoản {code}", what_en=f"Account {code}")
    if not may_keep_copy(actor, account):
        raise NotAllowed(act="đăng ký bản sao", act_en="register a stored copy")
    form = CopyForm(request.POST or None, account=account, initial={"items": account.columns})
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.register_copy(actor=actor, account=account, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("Copy %(number)s was registered.") % {"number": made.number})
            return redirect("sharing-copy", made.number)
    term = UseTerm.objects.filter(service=account.service).select_related("regulation").first()
    context = {
        "account": account,
        "service": account.service,
        "form": form,
        "term": term,
        "method_words": method_words(account.service.method),
        "citations": citations_for("CON-04", "CON-05"),
    }
    return render(request, "sharing/copy_register.html", context, status=422 if form.errors else 200)


@signed_in
@never_cache
def copy(request: Request, number: str) -> HttpResponse:
    """One stored copy: why it is kept, until when it may be used, what comes next."""
    actor: Actor = request.actor
    found = copy_for(actor, number)
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    renew = RenewForm(request.POST if act == "dong-bo" else None)
    erase = EraseForm(request.POST if act == "xoa" else None)
    try:
        if act == "dong-bo" and renew.is_valid():
            commands.renew_copy(actor=actor, copy=found, synced_at=renew.cleaned_data["synced_at"])
            messages.success(request, _("The copy was renewed; its term runs anew."))
            return redirect("sharing-copy", number)
        if act == "xoa" and erase.is_valid():
            commands.erase_copy(actor=actor, copy=found, how=erase.cleaned_data["how"])
            messages.success(request, _("The copy was erased; the provider was told."))
            return redirect("sharing-copy", number)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        say(renew if act == "dong-bo" else erase, error)
    context = {
        **_row(found),
        "renew": renew,
        "erase": erase,
        "keeps": may_keep_copy(actor, found.account) and found.is_kept,
        "provides": may_provide(actor, found.service),
        "method_words": method_words(found.method),
        "events": timeline("sharing.storedcopy", found.pk, request.LANGUAGE_CODE),
        "citations": citations_for("CON-04", "CON-05"),
    }
    wrong = bool(renew.errors or erase.errors)
    return render(request, "sharing/copy.html", context, status=422 if wrong else 200)


@signed_in
@never_cache
def use_term(request: Request, code: str) -> HttpResponse:
    """Set how long data of a service may be used, as its regulation says."""
    actor: Actor = request.actor
    found = service_for(actor, code)
    require_provider(actor, found, "đặt thời hạn sử dụng dữ liệu", "set the use term")
    term = UseTerm.objects.filter(service=found).select_related("regulation").first()
    initial = (
        {"amount": term.amount, "unit": term.unit, "regulation": term.regulation_id, "note": term.note}
        if term
        else {}
    )
    form = UseTermForm(request.POST or None, service=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_use_term(actor=actor, service=found, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The use term was set; the end of every copy was counted anew."))
            return redirect("sharing-record", code)
    context = {
        "service": found,
        "form": form,
        "regulations": list(form.fields["regulation"].queryset),  # type: ignore[attr-defined]
        "method_words": method_words(found.method),
        "kept": StoredCopy.objects.filter(service=found, state=CopyState.VALID).count(),
        "citations": citations_for("CON-04", "REG-07"),
    }
    return render(request, "sharing/use_term.html", context, status=422 if form.errors else 200)
