"""The id of the running request or job: in every log line, every event and every fault page."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar

import structlog
from django.http import HttpRequest, HttpResponse

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    return _request_id.get()


def begin(request_id: str | None = None) -> str:
    """Start a unit of work under an id of its own."""
    value = request_id or secrets.token_hex(4).upper()
    _request_id.set(value)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=value)
    return value


class RequestIdMiddleware:
    """Give every request an id; it is shown on fault pages, so an officer can name it on the telephone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = begin()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response
