"""Every door names who may pass: a page without a rule is closed to everybody (default deny)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from lienthong.foundation.errors import NotAllowed

from .actor import Actor

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Request(HttpRequest):
    """A request as it reaches a page: it knows who acts, and in which post (None for visitors)."""

    actor: Actor
    post: Any


# Views of libraries that bring a rule of their own.
LIBRARIES = ("allauth.", "ninja.", "django.contrib.staticfiles.", "django.views.i18n", "django.views.static")


def open_to_all(view: View) -> View:
    """A public page: everybody may read it; what it shows is chosen by `visible_to`-queries."""
    view.access_rule = "open to all"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """A page for people who signed in; what each may see and do is decided by the app's `access.py`."""
    return _guarded(view, frozenset())


def for_roles(*roles: str) -> Callable[[View], View]:
    """A page for people who hold one of these roles; what each may see and do is decided by the app's `access.py`."""

    def mark(view: View) -> View:
        return _guarded(view, frozenset(str(role) for role in roles))

    return mark


def _guarded(view: View, roles: frozenset[str]) -> View:
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            here = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('account_login')}?{here}")
        if roles and not request.actor.has(*roles):
            raise NotAllowed(act="mở trang này", act_en="open this page")
        return view(request, *args, **kwargs)

    guarded.access_rule = ", ".join(sorted(roles)) or "signed in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def rule_of(view: Callable[..., Any]) -> str | None:
    """The access rule that a view names; None where it names none."""
    rule = getattr(view, "access_rule", None)
    if rule is None and getattr(view, "__module__", "").startswith(LIBRARIES):
        return "the library's own"
    return rule


class DefaultDenyMiddleware:
    """A page that names no access rule does not exist for anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if rule_of(view) is None:
            raise Http404
