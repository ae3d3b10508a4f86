"""One way to show a form that takes one act, and what happened to an agency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from lienthong.agencies.forms import ActForm
from lienthong.agencies.models import Agency
from lienthong.foundation.errors import DomainError
from lienthong.foundation.events.queries import history_of

HISTORY_SHOWN = 50


@dataclass(frozen=True)
class Act:
    """What the page of one act says: heading, button, what follows from it, where it goes back to."""

    heading: str
    submit: str
    back: str
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    effect: str = ""
    danger: bool = False


def act_page(
    request: HttpRequest,
    act: Act,
    form_type: type[ActForm],
    perform: Callable[[dict[str, Any]], str],
    *,
    initial: dict[str, Any] | None = None,
    template: str = "agencies/act.html",
    **context: Any,
) -> HttpResponse:
    """Show the form, take the act, say that it is done; a refusal is shown at its field with everything kept.

    `perform` is given what was entered and returns the sentence that confirms.
    """
    posted = request.method == "POST"
    form = form_type(request.POST if posted else None, request.FILES if posted else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            said = perform(form.cleaned_data)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect(act.back)
    context |= {"form": form, "act": act}
    return render(request, template, context, status=422 if form.errors else 200)


def history_lines(agency: Agency, only: str | tuple[str, ...] = "") -> list[dict[str, Any]]:
    """What happened to an agency, newest first, in the reader's language; `only` is how the facts' names begin."""
    locale = get_language() or "vi"
    wanted = Q()
    for beginning in (only,) if isinstance(only, str) else only:
        wanted |= Q(name__startswith=f"agencies.{beginning}")
    events = history_of("agencies.agency", agency.pk).filter(wanted)
    events = events[:HISTORY_SHOWN]
    return [
        {"at": event.occurred_at, "actor": event.who, "text": _line(event, locale), "href": ""}
        for event in events
    ]


def _line(event: Any, locale: str) -> str:
    sentence = event.sentence(locale)
    return f"{sentence}. {event.reason}" if event.reason else sentence
