"""Layouts of papers: which kinds there are, the one in use, an own one tried and taken into use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.papers.answers import download, read_upload
from lienthong.foundation.papers.commands import LARGEST
from lienthong.foundation.papers.kinds import PaperKind, kind_at, paper_kinds
from lienthong.foundation.papers.layouts import FIELDS, check_template
from lienthong.foundation.papers.queries import content_of, layout_in_use, layouts_of, specimens
from lienthong.foundation.papers.word import default_template, to_docx

from .. import commands
from ..access import may_lay_out
from ..forms import LayoutForm
from ..models import Agency
from ..queries import is_id, layout_for, top_agencies, unit_of

TRY, RETURN = "xem-thu", "mau-co-san"


@signed_in
@require_safe
def layouts(request: Request) -> HttpResponse:
    """Every kind of paper, and in which layout the agency writes it."""
    agency = _laying_out(request)
    rows = [
        {"kind": kind, "name": _named(kind, request), "in_use": layout_in_use(agency, kind.code),
         "above": layout_for(agency, kind.code) is not None}
        for kind in paper_kinds()
    ]  # fmt: skip
    return render(request, "agencies/layouts.html", {"agency": agency, "rows": rows})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: Request, kind: str) -> HttpResponse:
    """One kind of paper: the layout in use, an own one tried, taken into use or given up, those of before."""
    agency, found = _laying_out(request), kind_at(kind)
    form = LayoutForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST":
        answer = _act(request, agency, found, form)
        if answer is not None:
            return answer
    past = list(layouts_of(agency, found.code)[:50])
    people = {str(one.pk): one.full_name for one in User.objects.filter(pk__in=_ids(past))}
    locale = request.LANGUAGE_CODE
    context = {
        "form": form,
        "agency": agency,
        "kind": found,
        "name": _named(found, request),
        "in_use": layout_in_use(agency, found.code),
        "above": layout_for(agency, found.code) is not None,
        "real": found.latest(agency) is not None,
        "past": [{"layout": one, "by": people.get(one.placed_by, "")} for one in past],
        "fields": _fields(found, locale),
    }
    return render(request, "agencies/layout.html", context, status=422 if form.errors else 200)


def _act(request: Request, agency: Agency, kind: PaperKind, form: LayoutForm) -> HttpResponse | None:
    """What the page was asked to do; nothing where the form must be shown again."""
    actor, asked = request.actor, request.POST.get("viec")
    try:
        if asked == RETURN:
            commands.withdraw_layout(actor=actor, agency=agency, kind=kind)
            messages.success(request, _("The product's own layout is used again."))
            return redirect("agencies-layout", kind.slug)
        if not form.is_valid():
            return None
        upload = form.cleaned_data["upload"]
        content = read_upload(upload, LARGEST)
        if asked == TRY:
            papers = specimens(agency, kind)
            check_template(content, name=upload.name, samples=papers, facts=kind.facts)
            return download(to_docx(papers[-1], content), "docx", f"Xem thử {kind.vi}")
        commands.place_layout(actor=actor, agency=agency, kind=kind, name=upload.name, content=content)
    except DomainError as error:
        if not form.is_bound or not form.is_valid():
            raise
        form.refuse(error)
        return None
    messages.success(request, _("The layout is in use for this kind of paper."))
    return redirect("agencies-layout", kind.slug)


@signed_in
@require_safe
def layout_file(request: Request, kind: str, which: str) -> HttpResponse:
    """A layout as a Word file: the product's own, the one in use, or one of before."""
    agency, found = _laying_out(request), kind_at(kind)
    if which == "co-san":
        return download(default_template(), "docx", f"Mẫu có sẵn {found.vi}")
    if which == "dang-dung":
        return download(layout_for(agency, found.code) or default_template(), "docx", f"Mẫu {found.vi}")
    if which == "xem-thu":
        papers = specimens(agency, found)
        return download(to_docx(papers[-1], layout_for(agency, found.code)), "docx", f"Xem thử {found.vi}")
    earlier = layouts_of(agency, found.code).filter(pk=int(which)).first() if is_id(which) else None
    if earlier is None:
        raise NotFound(what="mẫu này", what_en="This layout")
    return download(content_of(earlier), "docx", f"Mẫu {found.vi} {earlier.placed_at:%Y-%m-%d}")


def _laying_out(request: Request) -> Agency:
    """The agency whose layouts the actor decides on: the own unit."""
    actor = request.actor
    own = top_agencies().order_by("pk").first() if actor.is_system else unit_of(actor)
    if own is None or not may_lay_out(actor, own):
        raise NotAllowed(act="xem, thay mẫu giấy tờ của cơ quan", act_en="see or replace layouts of papers")
    return own


def _named(kind: PaperKind, request: Request) -> str:
    return kind.vi if request.LANGUAGE_CODE.startswith("vi") else kind.en


def _fields(kind: PaperKind, locale: str) -> list[tuple[str, str]]:
    """What a layout of this kind may name, as it is written, and what stands there."""
    place = 0 if locale.startswith("vi") else 1
    written = {"noi_dung": "{{p noi_dung }}"}
    lists = {"can_cu", "nguoi_ky", "noi_nhan"}
    found = [
        (
            f"{{%p for dong in {word} %}} {{{{ dong }}}} {{%p endfor %}}"
            if word in lists
            else written.get(word, f"{{{{ {word} }}}}"),
            said[place],
        )
        for word, said in FIELDS.items()
        if word != "du_lieu"
    ]
    return found + [(f"du_lieu.{word}", said[place]) for word, said in kind.facts.items()]


def _ids(past: list[Any]) -> list[int]:
    return [int(one.placed_by) for one in past if is_id(one.placed_by)]
