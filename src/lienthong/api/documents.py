"""The page on which a developer reads and tries the API, under the strict content policy of every other page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lienthong.foundation.accounts.doors import open_to_all


@open_to_all
def docs(request: HttpRequest) -> HttpResponse:
    """The API, operation by operation."""
    return render(request, "api/docs.html")
