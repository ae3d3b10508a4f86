"""Pages for what did not work: refusals of the product, missing pages, faults. Rendered here and nowhere else.

A refusal says what happened, where, what to do next and what was kept, in the reader's language.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext

from lienthong.foundation.errors import DomainError
from lienthong.foundation.pagekit.layout import Site

log = structlog.get_logger(__name__)

_PAGES = {403: "403.html", 404: "404.html", 410: "410.html"}


class RefusalMiddleware:
    """Turns a refusal raised by a page into the page that explains it; APIs answer in their own form before this."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return refusal(request, exception)
        return None


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page that explains a refusal; for a part of a page asked for by htmx, only a notice."""
    language = get_language() or "vi"
    context = {
        "refusal_text": error.text(language),
        "refusal_hint": error.hint(language),
        "refusal_code": error.code,
    }
    if error.status >= 500:
        log.error("fault", code=error.code)
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "pagekit/_refusal.html", context, status=error.status)
    return render(request, _PAGES.get(error.status, "pagekit/refusal.html"), context, status=error.status)


def gone(request: HttpRequest, *, title: str, reason: str = "", since: date | None = None) -> HttpResponse:
    """The page of something withdrawn: what it was, since when, and why (410)."""
    context = {"gone_title": title, "gone_reason": reason, "gone_since": since}
    return render(request, "410.html", context, status=410)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address, or nothing that this reader may know of (404)."""
    return render(request, "404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The account has no right to this page (403)."""
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request could not be read (400)."""
    if not hasattr(request, "actor"):
        # Turned away before it was known who asks, as for a host name that is not ours: there is no frame.
        return HttpResponse(_plain_page(gettext("The request could not be read")), status=400)
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere: it is to be opened again (403)."""
    return render(request, "403_csrf.html", {"again_url": request.path}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of the product: nothing was saved, and a code that can be named on the telephone (500).

    The page stands alone: it asks neither the database nor the frame, since one of them may be what failed.
    """
    code = fault_code(request)
    log.error("fault_page_shown", fault=code)
    try:
        page: str = render_to_string("500.html", {"fault_code": code, "product": Site().name})
    except Exception:
        page = _plain_fault(code)
    return HttpResponse(page, status=500)


def fault_code(request: Any) -> str:
    """The id of the request, as the logs have it; a random one if it has none."""
    return str(getattr(request, "request_id", "")) or secrets.token_hex(4).upper()


def _plain_fault(code: str) -> str:
    text = gettext("The system met a fault. No change has been saved. Fault code: %(code)s.") % {"code": code}
    return _plain_page(text)


def _plain_page(text: str) -> str:
    return f'<!doctype html><html lang="{get_language() or "vi"}"><meta charset="utf-8"><title>{Site().name}</title><p>{text}</p>'
