"""Pages of databases and their catalogue. The file of one database is composed above, in `desk`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import TextChoices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from lienthong.agencies.queries import agency_and_above, unit_of
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.lists.pages import Intake, hand_in_page, rows_page
from lienthong.law.queries import citations_for

from .. import commands, queries
from ..access import (
    database_for,
    may_issue,
    may_keep_secrets_of,
    may_own,
    may_prepare_catalogue,
    may_register,
    require_owner,
)
from ..addresses import fields_address, file_address, here, source_address
from ..commands.listings import LABEL as LISTING
from ..duplicates import similar_databases
from ..forms import AmendForm, DatasetForm, FieldForm, IssueForm, RegisterForm, SecretForm, say
from ..governing import ended_class
from ..models import FORMER_CLASSES, Database, DatabaseState, DataField, EntryState, Tier
from ..writing import databases_workbook

page = require_http_methods(["GET", "POST"])
MOST_IN_WORKBOOK = 20_000


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """A workbook to be kept as a file."""
    answer = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@signed_in
@require_GET
def databases(request: Request) -> HttpResponse:
    """The databases of one's unit, found by name in any spelling, narrowed by class and state."""
    given = request.GET
    narrowed = {
        "text": given.get("q", "")[:200],
        "tier": given.get("loai", ""),
        "entry_state": given.get("danh-muc", ""),
    }
    if given.get("dang") == "xlsx":
        found = queries.databases_visible(request.actor, **narrowed).order_by("sort_key", "pk")
        return workbook_answer(databases_workbook(found[:MOST_IN_WORKBOOK]), "co-so-du-lieu.xlsx")
    listed = queries.databases_page(
        request.actor,
        after=given.get("sau", ""),
        before=given.get("truoc", ""),
        **narrowed,  # type: ignore[arg-type]
    )
    asked = {
        name: value
        for name, value in given.dict().items()
        if isinstance(value, str) and value and name not in {"sau", "truoc"} and len(value) < 200
    }
    context = {
        "listed": listed,
        "asked": asked,
        "active": sum(bool(value) for value in narrowed.values()),
        "tiers": _options(request, "loai", Tier.choices, asked),
        "entry_states": _options(request, "danh-muc", EntryState.choices, asked),
        "next_url": _with(asked, sau=listed.after),
        "previous_url": _with(asked, truoc=listed.before),
        "workbook_url": _with(asked, dang="xlsx"),
        "may_register": may_register(request.actor),
        "list_url": request.path,
        "words": {"tier": _words(Tier)},
        "marks": {
            "state": {
                value: (STATE_MARKS.get(value, "todo"), word) for value, word in _words(DatabaseState).items()
            },
            "entry": {
                value: (ENTRY_MARKS.get(value, "todo"), word) for value, word in _words(EntryState).items()
            },
        },
    }
    return render(request, "catalogue/databases.html", context)


# How the states of a database and of its entry are marked in a list.
STATE_MARKS: dict[str, str] = {
    DatabaseState.REGISTERED: "todo",
    DatabaseState.IN_OPERATION: "met",
    DatabaseState.NON_COMPLIANT: "failed",
}
ENTRY_MARKS: dict[str, str] = {
    EntryState.NOT_DECLARED: "todo",
    EntryState.DECLARED: "waiting",
    EntryState.ISSUED: "met",
    EntryState.ENDED: "ended",
}


def _words(choices: type[TextChoices]) -> dict[str, str]:
    """The words of all values in the reader's language, looked up once for a whole list."""
    return {value: str(label) for value, label in choices.choices}


@signed_in
def hand_in_list(request: Request) -> HttpResponse:
    """Hand in a list of databases."""
    return hand_in_page(request, request.actor, _intake(request))


@signed_in
def look_through_list(request: Request, file_id: int) -> HttpResponse:
    """What would become of each row of the list; then take it over."""
    return rows_page(request, request.actor, _intake(request), file_id)


def _intake(request: Request) -> Intake:
    if not may_register(request.actor):
        raise NotAllowed(act="nhập danh sách cơ sở dữ liệu", act_en="take over a list of databases")
    return Intake(
        heading=_("Take over a list of databases"),
        understood=(
            _(
                "Name, code, class, owner, managing unit, legal basis, purpose, scope and content, how data are collected, base of a local database, rules of the sector, personal data, name in English. Other columns are left aside."
            ),
            _(
                "A database is known by its code, or by its name in the unit that manages it. What a row leaves empty stays as it is."
            ),
        ),
        crumb=("catalogue-databases", _("Databases")),
        label=LISTING,
        hand_in="catalogue-list",
        rows="catalogue-list-file",
        keep=commands.hand_in_listing,
        take_over=commands.take_over_listing,
    )


def _options(request: Request, name: str, choices: Any, asked: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for value, label in choices:
        active = asked.get(name) == value
        href = _with(
            {key: kept for key, kept in asked.items() if key != name}, **({} if active else {name: value})
        )
        found.append({"label": label, "href": href or request.path, "active": active, "count": None})
    return found


def _with(asked: dict[str, str], **more: str | None) -> str:
    if any(value is None for value in more.values()):
        return ""
    query = urlencode(asked | more)
    return f"?{query}" if query else ""


@signed_in
@page
def register(request: Request) -> HttpResponse:
    """Register a database: fill in, check the answers, send."""
    actor = request.actor
    if request.method == "GET":
        return render(request, "catalogue/register.html", {"form": RegisterForm(actor=actor)})
    form = RegisterForm(request.POST, actor=actor)
    step = request.POST.get("buoc", "kiem-tra")
    if step == "sua" or not form.is_valid():
        if step == "sua":
            form.errors.clear()
        return render(request, "catalogue/register.html", {"form": form})
    if step == "kiem-tra":
        similar = similar_databases(actor, form.cleaned_data["name"])
        return render(request, "catalogue/register_check.html", {"form": form, "similar": similar})
    try:
        database = commands.register_database(actor=actor, **form.cleaned_data)
    except DomainError as error:
        say(form, error)
        return render(request, "catalogue/register.html", {"form": form})
    messages.success(
        request,
        _("Registered “%(name)s” under code %(code)s. Next: bind its source.")
        % {"name": database.shown_name, "code": database.code},
    )
    return redirect(here(source_address(database.code)))


@signed_in
@page
def amend(request: Request, code: str) -> HttpResponse:
    """Amend what was registered of a database."""
    database = _own(request, code, "sửa thông tin cơ sở dữ liệu", "amend this database")
    form = AmendForm(request.POST or None, database=database)
    if request.method == "POST" and form.is_valid():
        try:
            commands.amend_database(
                actor=request.actor,
                database=database,
                reason=form.cleaned_data["reason"],
                **form.changes(),
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(
                request, _("The changes were saved; the issued catalogue stays as it was issued.")
            )
            return redirect(here(file_address(code)))
    return render(request, "catalogue/amend.html", {"form": form, "database": database})


@signed_in
@page
def fields(request: Request, code: str) -> HttpResponse:
    """Tables and columns: what is proposed (dashed) and what was confirmed (solid); confirm all or some."""
    actor = request.actor
    database = database_for(actor, code)
    if request.method == "POST":
        chosen = request.POST.getlist("cot")
        count = commands.confirm_fields(
            actor=actor,
            database=database,
            fields=[int(value) for value in chosen if value.isdigit()] if chosen else None,
        )
        messages.success(
            request,
            ngettext(
                "The description of %(count)s column was confirmed.",
                "The descriptions of %(count)s columns were confirmed.",
                count,
            )
            % {"count": count},
        )
        return redirect(here(fields_address(code)))
    context = {
        "database": database,
        "tables": queries.tables_with_fields(database),
        "counts": queries.field_counts(database),
        "uncoded": queries.fields_without_code_list(database),
        "may_work": may_own(actor, database),
        "first_waiting": _next_waiting(database, None),
        "former": FORMER_CLASSES,
        "citations": citations_for("CAT-06", "CAT-07"),
    }
    return render(request, "catalogue/fields.html", context)


@signed_in
@page
def field(request: Request, code: str, field_id: int) -> HttpResponse:
    """One column: what was seen, what is proposed and why, what the owner says; then the next that waits."""
    actor = request.actor
    database = _own(request, code, "sửa mô tả cột", "describe this column")
    found = DataField.objects.filter(table__database=database, pk=field_id)
    one = found.select_related(
        "table__database__owner", "table__database__managing_unit", "confirmed_by"
    ).first()
    if one is None:
        raise NotFound(what="cột này", what_en="This column")
    form = FieldForm(request.POST or None, field=one)
    if request.method == "POST" and form.is_valid():
        try:
            commands.describe_field(actor=actor, field=one, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            after = _next_waiting(database, one)
            messages.success(
                request, _("Column “%(name)s” is described and confirmed.") % {"name": one.title}
            )
            if after is None:
                return redirect(here(fields_address(code)))
            return redirect(reverse("catalogue-field", args=[code, after.pk]))
    context = {
        "database": database,
        "field": one,
        "form": form,
        "proposal": queries.proposal_for(one),
        "ended": ended_class(one.sharing_class, one.classed_on, timezone.localdate()),
        "counts": queries.field_counts(database),
    }
    return render(request, "catalogue/field.html", context)


def _next_waiting(database: Database, after: DataField | None) -> DataField | None:
    waiting = DataField.objects.filter(
        table__database=database, confirmed_at__isnull=True, gone_since__isnull=True
    ).select_related("table")
    ordered = list(waiting.order_by("table__name", "ordinal", "pk"))
    if after is not None:
        here_ = (after.table.name, after.ordinal, after.pk)
        later = [one for one in ordered if (one.table.name, one.ordinal, one.pk) > here_]
        ordered = later or ordered
    return ordered[0] if ordered else None


@signed_in
@page
def declare(request: Request, code: str) -> HttpResponse:
    """Declare a database for the catalogue: what will stand in it, what is missing, what holds it back."""
    actor = request.actor
    database = _own(request, code, "khai báo vào danh mục", "declare this database for the catalogue")
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            commands.declare_entry(actor=actor, database=database)
        except DomainError as error:
            refusal = error
        else:
            messages.success(
                request, _("Declared. The head of the agency issues the catalogue that will hold this entry.")
            )
            return redirect(here(file_address(code)))
    context = {
        "database": database,
        "entry": queries.entry_of(database),
        "counts": queries.field_counts(database),
        "holds": open_holds(database, "declare"),
        "refusal": refusal,
        "refusal_text": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
        "catalogue": queries.catalogue_with(database),
        "citations": citations_for("CAT-02", "CAT-06"),
    }
    return render(request, "catalogue/declare.html", context, status=refusal.status if refusal else 200)


@signed_in
@page
def secret(request: Request, code: str) -> HttpResponse:
    """Place a database within the scope of state secrets, or take it out: for keepers of secrets."""
    actor = request.actor
    database = database_for(actor, code)
    if not may_keep_secrets_of(actor, database):
        raise NotFound(what="trang này", what_en="This page")
    form = SecretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = commands.unmark_secret if database.is_secret else commands.mark_secret
        try:
            act(actor=actor, database=database, reason=form.cleaned_data["reason"])
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The secrecy mark was changed."))
            return redirect(here(file_address(code)))
    return render(request, "catalogue/secret.html", {"form": form, "database": database})


@signed_in
@page
def dataset(request: Request, code: str, table_id: int) -> HttpResponse:
    """Make a dataset of a table: which columns are kept, what names one row."""
    database = _own(request, code, "lập bộ dữ liệu", "define a dataset of this database")
    table = database.tables.prefetch_related("fields").filter(pk=table_id, gone_since__isnull=True).first()
    if table is None:
        raise NotFound(what="bảng này", what_en="This table")
    form = DatasetForm(request.POST or None, table=table)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.define_dataset(
                actor=request.actor,
                database=database,
                table=table,
                **form.cleaned_data,
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("Dataset “%(name)s” was defined.") % {"name": made.shown_name})
            return redirect(here(f"{file_address(code)}bo-du-lieu/"))
    return render(request, "catalogue/dataset.html", {"form": form, "database": database, "table": table})


@signed_in
@page
def issue(request: Request) -> HttpResponse:
    """The agency's catalogue: what waits, what stands, what is not declared; the head issues the next."""
    actor = request.actor
    own = unit_of(actor)
    agency = (
        next((a for a in agency_and_above(own) if may_prepare_catalogue(actor, a)), None) if own else None
    )
    if agency is None:
        raise NotFound(what="danh mục của đơn vị", what_en="A catalogue of your unit")
    form = IssueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.issue_catalogue(actor=actor, agency=agency, **form.cleaned_data)
        except DomainError as error:
            say(form, error)
        else:
            messages.success(
                request,
                _("Version %(version)s of the catalogue was issued by Decision %(number)s.")
                % {"version": made.version, "number": made.decision_number},
            )
            return redirect("catalogue-issue")
    context = {
        "draft": queries.catalogue_draft(agency),
        "catalogues": queries.issued_catalogues(agency),
        "form": form,
        "may_issue": may_issue(actor, agency),
        "citations": citations_for("CAT-02"),
    }
    return render(request, "catalogue/issue.html", context)


def _own(request: Request, code: str, act: str, act_en: str) -> Database:
    database = database_for(request.actor, code)
    require_owner(request.actor, database, act, act_en)
    return database
