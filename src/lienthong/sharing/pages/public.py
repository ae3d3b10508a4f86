"""The public list of sharing services, and the page of one with a runnable sample."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import focal_officer_of
from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.tracing import carries
from lienthong.regulations.queries import regulations_covering

from ..access import public_services
from ..addresses import gateway_address
from ..queries import columns_offered, service_on_offer, traffic
from .words import form_words


@open_to_all
@require_safe
@carries("SVC-05")
def services(request: HttpRequest) -> HttpResponse:
    """Every service on offer: form, method, provider, state."""
    found = public_services().select_related("provider").order_by("name")[:500]
    return render(request, "sharing/services.html", {"rows": [(one, form_words(one.form)) for one in found]})


@open_to_all
@require_safe
@carries("SVC-04")
def service(request: HttpRequest, code: str) -> HttpResponse:
    """What one service gives, on which conditions, and how to call it."""
    found = service_on_offer(code)
    columns = columns_offered(found)
    return render(
        request,
        "sharing/service.html",
        {
            "service": found,
            "name": found.display_name(request.LANGUAGE_CODE),
            "columns": columns,
            "form_words": form_words(found.form),
            "latest": found.dataset.latest,
            "address": request.build_absolute_uri(gateway_address(found.code)),
            "example": columns[0]["name"] if columns else "",
            "focal": focal_officer_of(found.dataset.database.managing_unit),
            "regulations": list(regulations_covering(found.dataset.database, timezone.localdate())),
            "traffic": traffic(found),
        },
    )
