"""The root: every address of the product, and the WSGI application in which gateway and Django stand side by side."""

from __future__ import annotations

import os
from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from lienthong.foundation.accounts.doors import open_to_all

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.product")


@open_to_all
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the product answers."""
    return JsonResponse({"status": "ok"})


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *i18n_patterns(path("tai-khoan/", include("allauth.urls")), prefix_default_language=False),
]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer one request."""
    return _django()(environ, start_response)


def _django() -> Any:
    global _handler
    if _handler is None:
        from django.core.wsgi import get_wsgi_application

        _handler = get_wsgi_application()
    return _handler


_handler: Any = None
