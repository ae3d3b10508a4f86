"""One way to show a form that takes one act on a case or a flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lienthong.authority.forms import ActForm
from lienthong.engine.errors import EngineError
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import DomainError


@dataclass(frozen=True)
class Act:
    """What the page of one act says: heading, what follows from it, its button."""

    heading: str
    submit: str
    effect: str = ""


def act_page(
    request: Request,
    act: Act,
    form: ActForm,
    perform: Callable[[dict[str, Any]], str],
    *,
    back: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Show the form, take the act, say that it is done; a refusal stands at its field, with all kept.

    `perform` is given what was entered and returns the sentence that confirms; `back` is the page of what it is done to.
    """
    if request.method == "POST" and form.is_valid():
        try:
            said = perform(form.cleaned_data)
        except (DomainError, EngineError) as error:
            if error.status in (403, 404):
                raise
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect(back)
    context |= {"form": form, "act": act, "back": back}
    return render(request, template, context, status=422 if form.errors else 200)


def given(request: Request) -> Any:
    """What was entered; None where the form is only shown."""
    return request.POST if request.method == "POST" else None
