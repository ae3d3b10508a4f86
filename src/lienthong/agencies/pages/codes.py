"""Identifier codes: turned from one form into the other for everybody, and the schemes of codes that begin with Z."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthong.agencies import commands, forms, queries
from lienthong.agencies.access import may_administer, require_administrator
from lienthong.agencies.errors import IdentifierCodeRefused
from lienthong.agencies.models import CodeScheme
from lienthong.foundation.accounts.doors import Request, open_to_all, signed_in
from lienthong.law.queries import citations_for

from .acts import Act, act_page

KEPT = ("name", "purpose", "issuer", "postal", "email", "phone", "structure", "description", "notes", "dated")


@open_to_all
@require_GET
def codes(request: Request) -> HttpResponse:
    """Turn a code from one form into the other, and show whose it is; the schemes of codes below."""
    text = request.GET.get("ma", "").replace("\0", "").strip()[:80]
    found, refusal = None, ""
    if text:
        try:
            found = queries.read_identifier(text)
        except IdentifierCodeRefused as error:
            locale = get_language() or "vi"
            refusal = f"{error.text(locale)} {error.hint(locale)}"
    context = {
        "text": text,
        "found": found,
        "refusal": refusal,
        "schemes": CodeScheme.objects.all(),
        "administers": may_administer(request.actor),
        "citations": citations_for("IDC-01"),
    }
    return render(request, "agencies/codes.html", context, status=422 if refusal else 200)


@signed_in
def register(request: Request) -> HttpResponse:
    """Register a scheme of codes."""
    require_administrator(request.actor, "ghi nhận hệ thống mã", "register a scheme of codes")

    def perform(entered: dict[str, Any]) -> str:
        scheme = commands.register_code_scheme(actor=request.actor, **entered)
        return _("Scheme %(code)s was registered.") % {"code": scheme.code}

    act = _act(_("Register a scheme of codes"), _("Register"))
    return act_page(request, act, forms.NewCodeSchemeForm, perform, initial={"dated": timezone.localdate()})


@signed_in
def correct(request: Request, code: str) -> HttpResponse:
    """Correct the record of a scheme."""
    require_administrator(request.actor, "sửa hệ thống mã", "correct a scheme of codes")
    scheme = get_object_or_404(CodeScheme, code=code)

    def perform(entered: dict[str, Any]) -> str:
        commands.correct_code_scheme(actor=request.actor, scheme=scheme, **entered)
        return _("The record of %(code)s was corrected.") % {"code": scheme.code}

    act = _act(_("Correct scheme %(code)s") % {"code": scheme.code}, _("Save"))
    initial = {name: getattr(scheme, name) for name in KEPT}
    return act_page(request, act, forms.CodeSchemeForm, perform, initial=initial)


@signed_in
def end(request: Request, code: str) -> HttpResponse:
    """End a scheme."""
    require_administrator(request.actor, "kết thúc hệ thống mã", "end a scheme of codes")
    scheme = get_object_or_404(CodeScheme, code=code)

    def perform(entered: dict[str, Any]) -> str:
        commands.end_code_scheme(actor=request.actor, scheme=scheme, **entered)
        return _("Scheme %(code)s was ended; its record stays.") % {"code": scheme.code}

    act = _act(_("End scheme %(code)s") % {"code": scheme.code}, _("End it"), danger=True)
    return act_page(request, act, forms.EndSchemeForm, perform, initial={"ended_on": timezone.localdate()})


def _act(heading: str, submit: str, *, danger: bool = False) -> Act:
    back = reverse("agencies-codes")
    return Act(
        heading=heading, submit=submit, back=back, crumbs=[(back, _("Identifier codes"))], danger=danger
    )
