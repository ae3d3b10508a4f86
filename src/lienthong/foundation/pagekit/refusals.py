"""Refusals and faults as pages: one place where an error that reaches the door is shown."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from lienthong.engine.errors import EngineError
from lienthong.foundation.errors import DomainError

log = structlog.get_logger(__name__)


class RefusalMiddleware:
    """Show a refusal that a page did not show itself, with its status, its text and what to do next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (DomainError, EngineError)):
            return refusal_page(request, error)
        return None


def refusal_page(request: HttpRequest, error: DomainError | EngineError) -> HttpResponse:
    """The page of one refusal; what may not be known of looks like what does not exist."""
    locale = translation.get_language() or "vi"
    template = "404.html" if error.status == 404 else "403.html" if error.status == 403 else "pagekit/refusal.html"
    context = {"message": error.text(locale), "hint": error.hint(locale), "code": error.code}
    return render(request, template, context, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere: nothing was saved."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
