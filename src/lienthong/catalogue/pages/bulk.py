"""Pages on which many databases or columns are amended at once, and on which like names are suggested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.lists.reports import CHANGED, NEW, REFUSED, UNCHANGED, ListReport
from lienthong.foundation.pagekit.figures import number_text
from lienthong.foundation.pagekit.paging import Stretch, stretch
from lienthong.foundation.text import in_words, words

from .. import commands, queries
from ..access import database_for, may_register, require_owner
from ..addresses import fields_address, file_address, here
from ..bulk_forms import ManyDatabasesForm, ManyFieldsForm, ManyForm
from ..duplicates import similar_databases
from ..models import Database, DataField

page = require_http_methods(["GET", "POST"])
# Rows of a page, and how many may be amended at once.
PAGE = 50
MOST_DATABASES, MOST_FIELDS = 200, 2000
# What the buttons of the form ask for; turning its pages asks for nothing.
TRY, SAVE, ALL, NONE, FIND = "thu", "luu", "tat-ca", "bo-het", "tim"
# What needs a look comes first.
ORDER = {REFUSED: 0, CHANGED: 1, NEW: 1, UNCHANGED: 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen of a long list over its pages, which page of it is shown, and what the form asks for."""

    step: str
    chosen: tuple[str, ...]
    listed: Sequence[str]
    page: Stretch

    @property
    def shown(self) -> Sequence[str]:
        return self.listed[self.page.rows]

    @property
    def elsewhere(self) -> str:
        """What was chosen and does not stand on the page."""
        return " ".join(one for one in self.chosen if one not in set(self.shown))


@signed_in
@require_GET
def similar(request: Request) -> HttpResponse:
    """While a name is typed: the databases that may be the same."""
    if not may_register(request.actor):
        raise NotAllowed(act="đăng ký cơ sở dữ liệu", act_en="register a database")
    name = request.GET.get("name", "").replace("\0", " ")[:250]
    found = similar_databases(request.actor, name) if len(name.strip()) >= 4 else []
    return render(request, "catalogue/_similar.html", {"similar": found})


@signed_in
@page
def databases(request: Request) -> HttpResponse:
    """Choose databases and what is said of them alike; see what becomes of each; then save."""
    actor = request.actor
    if not may_register(actor):
        raise NotAllowed(act="sửa nhiều cơ sở dữ liệu", act_en="amend many databases")
    text = _text(request)
    listed = queries.databases_visible(actor, text=text).filter(is_secret=False).order_by("sort_key", "pk")
    choice = _choice(request, list(listed.values_list("code", flat=True)))
    rows = {one.code: one for one in listed.filter(code__in=choice.shown)}
    context: dict[str, Any] = {
        "text": text,
        "heading": _("Amend many databases"),
        "crumbs": [(reverse("catalogue-databases"), _("Databases"))],
        "here": reverse("catalogue-databases-bulk"),
        "rows": [(code, rows[code].shown_name, rows[code].managing_unit.shown_name) for code in choice.shown],
        "beside": _("Managing unit"),
        "most": MOST_DATABASES,
    }

    def give(form: ManyForm, dry_run: bool) -> ListReport:
        found = queries.databases_visible(actor).filter(is_secret=False, code__in=choice.chosen)
        return commands.amend_databases(
            actor=actor,
            databases=list[Database](found.order_by("sort_key", "pk")),
            changes=form.changes(),
            reason=form.cleaned_data["reason"],
            dry_run=dry_run,
        )

    return _answered(request, context, choice, ManyDatabasesForm, give)


@signed_in
@page
def fields(request: Request, code: str) -> HttpResponse:
    """Choose columns of a database and what is said of them alike; see what becomes of each; then save."""
    actor = request.actor
    database = database_for(actor, code)
    require_owner(actor, database, "sửa mô tả nhiều cột", "describe many columns")
    text = _text(request)
    listed = DataField.objects.filter(table__database=database, gone_since__isnull=True)
    listed = listed.order_by("table__name", "ordinal", "pk")
    asked = words(text)
    choice = _choice(
        request,
        [
            str(one)
            for one, *names in listed.values_list("pk", "table__name", "name", "title")
            if all(f" {word}" in in_words(" ".join(names)) for word in asked)
        ],
    )
    rows = {str(one.pk): one for one in listed.filter(pk__in=choice.shown).select_related("table")}
    context: dict[str, Any] = {
        "text": text,
        "heading": _("Describe many columns"),
        "crumbs": [
            (reverse("catalogue-databases"), _("Databases")),
            (here(file_address(code)), database.shown_name),
            (here(fields_address(code)), _("Tables and columns")),
        ],
        "here": reverse("catalogue-fields-bulk", args=[code]),
        "rows": [
            (
                one,
                f"{rows[one].table.name}.{rows[one].name}",
                f"{rows[one].title} · {rows[one].get_sharing_class_display()}",
            )
            for one in choice.shown
        ],
        "beside": _("Title and sharing class"),
        "most": MOST_FIELDS,
    }

    def give(form: ManyForm, dry_run: bool) -> ListReport:
        numbers = [int(one) for one in choice.chosen if one.isascii() and one.isdigit() and len(one) < 19]
        found = listed.filter(pk__in=numbers).select_related(
            "table__database__owner", "table__database__managing_unit", "code_list"
        )
        return commands.amend_fields(
            actor=actor, database=database, fields=list(found), changes=form.changes(), dry_run=dry_run
        )

    return _answered(request, context, choice, ManyFieldsForm, give)


def _text(request: Request) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return given.get("q", "").replace("\0", " ").strip()[:200]


def _choice(request: Request, listed: Sequence[str]) -> Choice:
    """What stands chosen once the page that was sent in and the pages before it are taken together."""
    given = request.POST
    seen = "dang-xem" in given
    step = given.get("buoc") or (TRY if seen and "sau" in given else "")
    chosen = dict.fromkeys([*given.get("da-chon", "").split(), *given.getlist("chon")])
    if step == ALL:
        chosen |= dict.fromkeys(listed)
    elif step == NONE:
        chosen = {}
    # While what becomes of each is looked at, the pages turned are those of the report
    place = "" if step == FIND else given.get("tai", "") if seen or step else given.get("sau", "")
    return Choice(
        step=step,
        chosen=tuple(one.replace("\0", "") for one in chosen),
        listed=listed,
        page=stretch(place, len(listed), PAGE),
    )


def _answered(
    request: Request,
    context: dict[str, Any],
    choice: Choice,
    form_of: type[ManyForm],
    give: Callable[[ManyForm, bool], ListReport],
) -> HttpResponse:
    """The list to choose from; or what becomes of each row; or, once that is done, the list again."""
    trying = request.method == "POST" and choice.step in (TRY, SAVE)
    kept = {name: request.POST.get(name, "") for name in form_of.base_fields}
    form = form_of(request.POST) if trying else form_of(initial=kept)
    if trying and form.is_valid():
        report = _tried(form, context, choice, give)
        if report is not None and choice.step == SAVE:
            said = ngettext(
                "%(count)s row was changed; %(refused)s refused.",
                "%(count)s rows were changed; %(refused)s refused.",
                report.changes,
            )
            messages.success(request, said % {"count": report.changes, "refused": report.count(REFUSED)})
            return redirect(context["here"])
        if report is not None:
            lines = sorted(report.lines, key=lambda line: ORDER.get(line.verdict, 1))
            seen = stretch(request.POST.get("sau", ""), len(lines), PAGE)
            context |= {
                "report": report,
                "lines": lines[seen.rows],
                "part": seen,
                "changed": report.count(CHANGED),
                "refused": report.count(REFUSED),
            }
    context |= {
        "form": form,
        "choice": choice,
        "number": len(choice.chosen),
        "all": " ".join(choice.chosen),
        "total": len(choice.listed),
    }
    return render(request, "catalogue/bulk.html", context, status=422 if form.errors else 200)


def _tried(
    form: ManyForm, context: dict[str, Any], choice: Choice, give: Callable[[ManyForm, bool], ListReport]
) -> ListReport | None:
    """What becomes of each row that was chosen; nothing where the form says too little or asks for too much."""
    if len(choice.chosen) > context["most"]:
        form.add_error(
            None,
            _("%(chosen)s rows are chosen; at most %(most)s are changed at once. Choose fewer.")
            % {"chosen": number_text(len(choice.chosen)), "most": number_text(context["most"])},
        )
        return None
    report = give(form, choice.step != SAVE) if choice.chosen and form.changes() else None
    if report is None or not report.lines:
        form.add_error(None, _("Choose at least one row, and at least one thing to change."))
        return None
    return report
