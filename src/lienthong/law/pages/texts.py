"""The desk's pages of legal texts: their list, one text with all that is recorded of it, and what is entered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthong.foundation.accounts.doors import Request, for_roles, signed_in
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.queries import history_of

from .. import listing
from ..access import KEEPERS_OF_TEXTS, may_keep_texts
from ..commands import amend_text, record_provision, record_relation, record_text
from ..forms import ActForm, ProvisionForm, RelationForm, TextForm
from ..models import Instrument

SHOWN = 50


@signed_in
def texts(request: Request) -> HttpResponse:
    """Every legal text with its status today; from here one is entered or corrected."""
    wanted = request.GET.get("q", "").strip()[:100].casefold()
    rows = listing.texts_on(timezone.localdate())
    if wanted:
        rows = [row for row in rows if wanted in f"{row.citation} {row.title} {row.issuer}".casefold()]
    context = {
        "rows": rows,
        "text": request.GET.get("q", "").strip()[:100],
        "keeper": may_keep_texts(request.actor),
    }
    return render(request, "law/texts.html", context)


@signed_in
def text(request: Request, slug: str) -> HttpResponse:
    """One legal text: dates, places, what it did to others, and who entered what and why."""
    found = get_object_or_404(Instrument, slug=slug)
    today = timezone.localdate()
    does, undergoes = listing.relations_of(found)
    context = {
        "row": found,
        "day": today,
        "text": listing.text_on(found, today),
        "places": listing.places_of(found, today),
        "does": does,
        "undergoes": undergoes,
        "sources": listing.sources_named(found.sources),
        "keeper": may_keep_texts(request.actor),
        "events": [
            {
                "at": event.occurred_at,
                "actor": event.who,
                "text": f"{event.sentence(request.LANGUAGE_CODE)}. {event.reason}".strip(),
                "href": "",
            }
            for event in history_of("law.instrument", found.pk)[:SHOWN]
        ],
    }
    return render(request, "law/text.html", context)


@for_roles(*KEEPERS_OF_TEXTS)
def record(request: Request) -> HttpResponse:
    """Enter a legal text."""
    form = TextForm(request.POST or None)
    return _entered(
        request,
        form,
        lambda data: record_text(actor=request.actor, **data).slug,
        heading=_("Record a legal text"),
        submit=_("Record the text"),
        said=_("The text has been recorded."),
    )


@for_roles(*KEEPERS_OF_TEXTS)
def amend(request: Request, slug: str) -> HttpResponse:
    """Correct what is recorded of a legal text."""
    found = get_object_or_404(Instrument, slug=slug)
    form = TextForm(request.POST or None, row=found)
    return _entered(
        request,
        form,
        lambda data: amend_text(actor=request.actor, instrument=found, **data).slug,
        row=found,
        heading=_("Correct a legal text"),
        submit=_("Keep the correction"),
        said=_("The correction has been kept."),
    )


@for_roles(*KEEPERS_OF_TEXTS)
def provision(request: Request, slug: str) -> HttpResponse:
    """Enter a place in a legal text, so that a rule can rest on it."""
    found = get_object_or_404(Instrument, slug=slug)
    return _entered(
        request,
        ProvisionForm(request.POST or None),
        lambda data: record_provision(actor=request.actor, instrument=found, **data).instrument.slug,
        row=found,
        heading=_("Record a provision"),
        submit=_("Record the provision"),
        said=_("The provision has been recorded."),
    )


@for_roles(*KEEPERS_OF_TEXTS)
def relation(request: Request, slug: str) -> HttpResponse:
    """Enter what a legal text does to another."""
    found = get_object_or_404(Instrument, slug=slug)
    return _entered(
        request,
        RelationForm(request.POST or None, source=found),
        lambda data: record_relation(actor=request.actor, source=found, **data).source_instrument.slug,
        row=found,
        heading=_("Record what this text does to another"),
        submit=_("Record the relation"),
        said=_("The relation has been recorded."),
        warning=_("A text that is repealed or replaced as a whole holds until the day before."),
    )


def _entered(
    request: Request,
    form: ActForm,
    act: Callable[[dict[str, Any]], str],
    *,
    said: str,
    row: Instrument | None = None,
    **shown: Any,
) -> HttpResponse:
    """One form of one act: shown, refused at the field, or done."""
    if request.method == "POST" and form.is_valid():
        try:
            slug = act(form.cleaned_data)
        except DomainError as error:
            if error.status == 403:
                raise
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("law-text", slug)
    back = reverse("law-text", args=[row.slug]) if row else reverse("law-texts")
    context = {"form": form, "row": row, "back": back, **shown}
    return render(request, "law/enter.html", context, status=422 if form.errors else 200)
