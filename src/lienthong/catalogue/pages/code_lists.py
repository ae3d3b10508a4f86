"""Pages of shared code lists: kept on the desk in versions, read by everybody on the portal."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.foundation.accounts.doors import Request, open_to_all, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.lists.pages import Intake, hand_in_page, rows_page
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.queries import citations_for

from .. import code_lists as reads
from .. import commands
from ..access import may_keep_code_list, may_register
from ..addresses import code_list_address, code_list_version_address, here
from ..code_list_forms import CodeListForm, OnDayForm, PairsForm, ValuesForm, VersionForm
from ..commands.code_lists import MAPPING_LABEL, VALUES_LABEL
from ..forms import say
from ..models import CodeList, CodeListState, CodeListVersion, CodeValue
from .databases import workbook_answer

page = require_http_methods(["GET", "POST"])
SHOWN = 50
PAIRS_SHOWN = 50
COLUMNS_SHOWN = 200


@signed_in
@require_GET
def listed(request: Request) -> HttpResponse:
    """The shared code lists, found by name in any spelling."""
    text = request.GET.get("q", "").replace("\0", " ")[:100]
    context = {
        "lists": [(one, _newest(one), _draft(one)) for one in reads.code_lists(text)],
        "text": text,
        "may_register": may_register(request.actor),
        "citations": citations_for("CAT-07", "LTE-04"),
    }
    return render(request, "catalogue/code_lists.html", context)


def _newest(one: CodeList) -> CodeListVersion | None:
    return next((v for v in one.versions.all() if v.state == CodeListState.ISSUED), None)


def _draft(one: CodeList) -> CodeListVersion | None:
    return next((v for v in one.versions.all() if v.state == CodeListState.DRAFT), None)


@signed_in
@page
def register(request: Request) -> HttpResponse:
    """Register a shared code list."""
    if not may_register(request.actor):
        raise NotAllowed(act="lập danh mục dùng chung", act_en="register a shared code list")
    form = CodeListForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.register_code_list(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("Code list “%(name)s” is on record.") % {"name": made.shown_name})
            return redirect(here(code_list_address(made.code)))
    act = {
        "heading": _("Register a code list"),
        "submit": _("Register the code list"),
        "back": reverse("catalogue-code-lists"),
        "crumbs": [(reverse("catalogue-code-lists"), _("Shared code lists"))],
    }
    return render(
        request, "catalogue/act.html", {"form": form, "act": act}, status=422 if form.errors else 200
    )


@signed_in
@page
def one(request: Request, code: str) -> HttpResponse:
    """One code list: its versions, the columns that follow it; begin the next version."""
    code_list = reads.code_list_named(code)
    may_keep = may_keep_code_list(request.actor, code_list.owner)
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.begin_code_list_version(
                actor=request.actor, code_list=code_list, **form.cleaned_data
            )
        except DomainError as error:
            if error.status == 403:
                raise
            say(form, error)
        else:
            return redirect(here(code_list_version_address(code, made.number)))
    context = {
        "list": code_list,
        "draft": reads.draft_of(code_list) if may_keep else None,
        "versions": reads.issued_versions(code_list),
        "in_force": reads.version_on(code_list, timezone.localdate()),
        "fields": reads.fields_following(request.actor, code_list)[:COLUMNS_SHOWN],
        "form": form,
        "may_keep": may_keep,
        "events": timeline("catalogue.code_list", code_list.pk, request.LANGUAGE_CODE, 10),
        "citations": citations_for("CAT-07", "GOVF-13"),
    }
    return render(request, "catalogue/code_list.html", context, status=422 if form.errors else 200)


@signed_in
@page
def version(request: Request, code: str, number: int) -> HttpResponse:
    """One version: its values and what became of old codes; while it is prepared it is filled, issued or dropped."""
    found = _version(request, code, number)
    may_keep = may_keep_code_list(request.actor, found.code_list.owner)
    form = ValuesForm(request.POST if request.POST.get("viec") == "nhap" else None)
    pairs_form = PairsForm(request.POST if request.POST.get("viec") == "nhap-anh-xa" else None)
    if request.method == "POST":
        answer = _work(request, found, form, pairs_form)
        if answer is not None:
            return answer
    if request.GET.get("dang") in ("xlsx", "csv"):
        return download(list(found.values.all()), f"{code}-v{number}", request.GET["dang"])
    if request.GET.get("dang") == "anh-xa":
        return download_pairs(found)
    text, paged = _paged(request, found.values.all(), {})
    context = {
        "version": found,
        "list": found.code_list,
        **paged,
        "all": found.values.count() if text else paged["listed"].total,
        "mappings": reads.pairs_of(found, PAIRS_SHOWN, text),
        "pairs": found.mappings.count(),
        "changes": reads.changes_in(found),
        "form": form,
        "pairs_form": pairs_form,
        "may_keep": may_keep,
        "is_draft": found.state == CodeListState.DRAFT,
        "citations": citations_for("CAT-07", "GOVF-13"),
    }
    status = 422 if form.errors or pairs_form.errors else 200
    return render(request, "catalogue/code_list_version.html", context, status=status)


def _paged(request: Request, values: QuerySet[CodeValue], kept: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """The page of values that was asked for: by words, after a code or before one; `kept` stays in the addresses."""
    given = {
        name: request.GET.get(name, "").replace("\0", " ").strip()[:80] for name in ("q", "sau", "truoc")
    }
    text = given["q"]
    found = reads.found_in(values, text)
    shown = reads.page_of(found, after=given["sau"], before=given["truoc"], size=SHOWN)
    asked = kept | ({"q": text} if text else {})
    return text, {
        "listed": shown,
        "values": shown.values,
        "text": text,
        "previous_url": f"?{urlencode(asked | {'truoc': shown.before})}" if shown.before else "",
        "next_url": f"?{urlencode(asked | {'sau': shown.after})}" if shown.after else "",
    }


def _work(
    request: Request, found: CodeListVersion, form: ValuesForm, pairs_form: PairsForm
) -> HttpResponse | None:
    actor, code, number = request.actor, found.code_list.code, found.number
    match request.POST.get("viec"):
        case "ban-hanh":
            commands.issue_code_list_version(actor=actor, version=found)
            messages.success(
                request, _("Version %(version)s of the code list was issued.") % {"version": number}
            )
        case "bo":
            commands.drop_code_list_draft(actor=actor, version=found)
            return redirect(here(code_list_address(code)))
        case "nhap" if form.is_valid():
            try:
                report = commands.enter_code_values(
                    actor=actor, version=found, values=form.cleaned_data["values"]
                )
            except DomainError as error:
                if error.status == 403:
                    raise
                say(form, error)
                return None
            messages.success(request, _("%(count)s values were changed.") % {"count": report.changes})
        case "nhap-anh-xa" if pairs_form.is_valid():
            try:
                report = commands.enter_code_mapping(
                    actor=actor, version=found, pairs=pairs_form.cleaned_data["pairs"]
                )
            except DomainError as error:
                if error.status == 403:
                    raise
                say(pairs_form, error)
                return None
            messages.success(request, _("%(count)s pairs were changed.") % {"count": report.changes})
        case _:
            return None
    return redirect(here(code_list_version_address(code, number)))


def _version(request: Request, code: str, number: int) -> CodeListVersion:
    code_list = reads.code_list_named(code)
    found = code_list.versions.select_related("code_list__owner").filter(number=number).first()
    hidden = found is not None and found.state == CodeListState.DRAFT
    if found is None or (hidden and not may_keep_code_list(request.actor, code_list.owner)):
        raise NotFound(what="phiên bản này", what_en="This version")
    return found


@signed_in
def hand_in_values(request: Request, code: str, number: int) -> HttpResponse:
    """Hand in the values of a version."""
    return hand_in_page(request, request.actor, _values_intake(request, code, number))


@signed_in
def look_through_values(request: Request, code: str, number: int, file_id: int) -> HttpResponse:
    """What each row of the values changes; then take them over."""
    return rows_page(request, request.actor, _values_intake(request, code, number), file_id)


@signed_in
def hand_in_mapping(request: Request, code: str, number: int) -> HttpResponse:
    """Hand in what old codes became."""
    return hand_in_page(request, request.actor, _mapping_intake(request, code, number))


@signed_in
def look_through_mapping(request: Request, code: str, number: int, file_id: int) -> HttpResponse:
    """What each row of the mapping says; then take it over."""
    return rows_page(request, request.actor, _mapping_intake(request, code, number), file_id)


def _values_intake(request: Request, code: str, number: int) -> Intake:
    found = _kept_version(request, code, number)
    return Intake(
        heading=_("Take over the values of a code list"),
        understood=(
            _(
                "Code, name, name in English, code above, in force from, in force until. Other columns are left aside."
            ),
            _("The file holds the whole list: what it lacks goes out of force, and the old code is kept."),
        ),
        crumb=("catalogue-code-list-version", f"{found.code_list.shown_name}, v{number}"),
        label=VALUES_LABEL,
        hand_in="catalogue-code-values",
        rows="catalogue-code-values-file",
        keep=commands.hand_in_code_values,
        take_over=partial(commands.take_over_code_values, version=found),
        arguments=(code, number),
    )


def _mapping_intake(request: Request, code: str, number: int) -> Intake:
    found = _kept_version(request, code, number)
    return Intake(
        heading=_("Take over what old codes became"),
        understood=(
            _(
                "Former code, new code, whether it is the usual one of several, note. Other columns are left aside."
            ),
            _(
                "One old code may stand in several rows: it was split. Old codes are those of the version before."
            ),
        ),
        crumb=("catalogue-code-list-version", f"{found.code_list.shown_name}, v{number}"),
        label=MAPPING_LABEL,
        hand_in="catalogue-code-mapping",
        rows="catalogue-code-mapping-file",
        keep=commands.hand_in_code_mapping,
        take_over=partial(commands.take_over_code_mapping, version=found),
        arguments=(code, number),
    )


def _kept_version(request: Request, code: str, number: int) -> CodeListVersion:
    found = _version(request, code, number)
    if not may_keep_code_list(request.actor, found.code_list.owner):
        raise NotAllowed(act="sửa danh mục dùng chung", act_en="amend this shared code list")
    return found


def download(values: list[Any], name: str, form: str) -> HttpResponse:
    """Values as a workbook, or as CSV with UTF-8 and its mark, so that a spreadsheet reads it."""
    titles = [
        _("Code"),
        _("Name"),
        _("Name in English"),
        _("Code above"),
        _("In force from"),
        _("In force until"),
    ]
    rows = [
        [value.code, value.name, value.name_en, value.parent, _said(value.valid_from), _said(value.valid_to)]
        for value in values
    ]
    if form == "xlsx":
        columns = tuple(
            SheetColumn(title, width) for title, width in zip(titles, (16, 44, 32, 16, 14, 14), strict=True)
        )
        answer = HttpResponse(
            to_xlsx([Sheet(_("Values"), columns, rows)]),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    else:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(titles)
        writer.writerows(rows)
        answer = HttpResponse(("\ufeff" + out.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def download_pairs(version: CodeListVersion) -> HttpResponse:
    """What old codes became in a version, as a workbook that can be taken over again."""
    columns = (
        SheetColumn(_("Former code"), 16),
        SheetColumn(_("Former name"), 40),
        SheetColumn(_("New code"), 16),
        SheetColumn(_("New name"), 40),
        SheetColumn(_("Usual"), 12),
        SheetColumn(_("Note"), 24),
    )
    rows = [
        (pair.old_code, former, pair.new_code, present, "1" if pair.is_usual else "0", pair.note)
        for pair, former, present in reads.pairs_of(version)
    ]
    name = f"{version.code_list.code}-v{version.number}-ma-cu-ma-moi.xlsx"
    return workbook_answer(to_xlsx([Sheet(_("Pairs"), columns, rows)]), name)


def _said(day: Any) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


@open_to_all
@require_GET
def public_list(request: Request) -> HttpResponse:
    """The shared code lists that were issued."""
    text = request.GET.get("q", "").replace("\0", " ")[:100]
    listed_ = [(one, _newest(one)) for one in reads.code_lists(text)]
    context = {
        "lists": [(one, newest) for one, newest in listed_ if newest is not None],
        "text": text,
        "citations": citations_for("CAT-07"),
    }
    return render(request, "catalogue/code_lists_public.html", context)


@open_to_all
@require_GET
def public_one(request: Request, code: str) -> HttpResponse:
    """The values of a code list on a day, and what an old code became."""
    code_list = reads.code_list_named(code)
    versions = reads.issued_versions(code_list)
    if not versions:
        raise NotFound(what=f"danh mục dùng chung {code}", what_en=f"Shared code list {code}")
    form = OnDayForm(request.GET or None)
    asked: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    day = asked.get("ngay") or timezone.localdate()
    values, holding = reads.values_on(code_list, day), reads.version_on(code_list, day)
    if request.GET.get("dang") in ("xlsx", "csv"):
        return download(list(values), f"{code}-{day.isoformat()}", request.GET["dang"])
    if request.GET.get("dang") == "anh-xa" and holding is not None:
        return download_pairs(holding)
    translation, refusal = None, ""
    if asked.get("ma"):
        try:
            translation = reads.translate(code_list, asked["ma"].strip(), known_on=asked.get("tu"), on=day)
        except DomainError as error:
            refusal = f"{error.text(request.LANGUAGE_CODE)} {error.hint(request.LANGUAGE_CODE)}"
    text, paged = _paged(request, values, {"ngay": day.isoformat()})
    context = {
        "list": code_list,
        "versions": versions,
        "version": holding,
        "pairs": holding.mappings.count() if holding is not None else 0,
        **paged,
        "all": values.count() if text else paged["listed"].total,
        "day": day,
        "form": form,
        "translation": translation,
        "refusal": refusal,
        "asked": urlencode({"ngay": day.isoformat()}),
        "citations": citations_for("CAT-07", "GOVF-13"),
    }
    return render(request, "catalogue/code_list_public.html", context, status=422 if form.errors else 200)
