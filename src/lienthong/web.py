"""The root: every address of the product, and the WSGI application in which gateway and Django stand side by side."""

from __future__ import annotations

import os
from typing import Any

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.product")
if not apps.ready:
    django.setup()

from importlib import import_module
from importlib.util import find_spec

from allauth.account import views as account_views
from django.conf.urls.i18n import i18n_patterns
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from lienthong import __version__
from lienthong.api.documents import docs
from lienthong.api.root import api
from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.pagekit import refusals
from lienthong.sharing.gateway import PREFIX, gateway


@open_to_all
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the product answers: for supervisors and load balancers, without a database query."""
    return JsonResponse({"status": "ok", "version": __version__})


# Upper floors first: a page that composes several floors stands before the pages of one.
PAGES = (
    "portal",
    "desk",
    "opendata",
    "sharing",
    "regulations",
    "authority",
    "inventory",
    "catalogue",
    "agencies",
    "law",
    "foundation.jobs",
    "foundation.notices",
)


def pages(which: str) -> list[Any]:
    """The addresses that every app offers to the portal or to the desk."""
    found: list[Any] = []
    for app in PAGES:
        name = f"lienthong.{app}.urls"
        if find_spec(name) is not None:
            found += getattr(import_module(name), which, [])
    return found


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("api/docs", docs, name="api-docs"),
        path("tai-khoan/", include("allauth.urls")),
        # Vietnamese addresses for what people meet; `reverse` takes the last of a name.
        path("tai-khoan/dang-nhap/", account_views.login, name="account_login"),
        path("tai-khoan/dang-xuat/", account_views.logout, name="account_logout"),
        path("tai-khoan/doi-mat-khau/", account_views.password_change, name="account_change_password"),
        path("lam-viec/", include(pages("desk_urls"))),
        path("", include(pages("portal_urls"))),
        prefix_default_language=False,
    ),
]

# What Django calls when there is no page, no right, no sense in a request, or a fault.
handler400 = refusals.bad_request
handler403 = refusals.not_allowed
handler404 = refusals.not_found
handler500 = refusals.server_error

_pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer one request: the gateway's own addresses by the gateway, everything else by Django."""
    if environ.get("PATH_INFO", "").startswith(PREFIX):
        return gateway(environ, start_response)
    return _pages(environ, start_response)
