"""The public list of sharing services, and the page of one with a runnable sample."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import focal_officer_of, unit_of
from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.foundation.pagekit.paging import stretch
from lienthong.foundation.tracing import carries
from lienthong.regulations.queries import regulations_covering

from ..access import may_ask_for, public_services
from ..addresses import gateway_address
from ..errors import (
    AccountEnded,
    AccountForOtherService,
    AccountMissing,
    AccountSuspended,
    ParameterRefused,
    QuotaReached,
    RowUnknown,
    ServiceSuspended,
)
from ..models import SharingService
from ..queries import columns_offered, page_limit, service_on_offer, traffic
from .words import form_words, with_form_words

# Services on one page of the list.
PAGE = 20


@open_to_all
@require_safe
@carries("SVC-05")
def services(request: HttpRequest) -> HttpResponse:
    """Every service on offer: form, method, provider, state."""
    found = public_services().select_related("provider").order_by("name", "pk")
    part = stretch(request.GET.get("sau", ""), found.count(), PAGE)
    context = {
        "rows": with_form_words(found[part.rows]),
        "part": part,
    }
    return render(request, "sharing/services.html", context)


# What a caller may be refused with, in the order in which it meets them.
REFUSALS = (
    AccountMissing, AccountForOtherService, AccountSuspended, AccountEnded, ParameterRefused, RowUnknown, QuotaReached,
    ServiceSuspended,
)  # fmt: skip


@open_to_all
@require_safe
@carries("SVC-04")
def service(request: Request, code: str) -> HttpResponse:
    """What one service gives, on which conditions, and how to call it."""
    found = service_on_offer(code)
    columns = columns_offered(found)
    english = request.LANGUAGE_CODE == "en"
    key = next((name for name in found.dataset.key if name in found.columns), "")
    return render(
        request,
        "sharing/service.html",
        {
            "service": found,
            "columns": columns,
            "form_words": form_words(found.form),
            "latest": found.dataset.latest,
            "may_ask": _may_ask(request),
            "address": request.build_absolute_uri(gateway_address(found.code)),
            "example": columns[0]["name"] if columns else "",
            "key": key,
            "largest": page_limit(),
            "answers": _answers(found, columns),
            "refusals": [(one.status, one.code, one.hint_en if english else one.hint_vi) for one in REFUSALS],
            "focal": focal_officer_of(found.dataset.database.managing_unit),
            "regulations": list(regulations_covering(found.dataset.database, timezone.localdate())),
            "traffic": traffic(found),
        },
    )


def _may_ask(request: Request) -> bool:
    """Whether to offer the form: to visitors, who sign in first, and to those who may ask for their agency."""
    unit = unit_of(request.actor)
    return not request.user.is_authenticated or (unit is not None and may_ask_for(request.actor, unit))


def _answers(found: SharingService, columns: list[dict[str, str]]) -> dict[str, str]:
    """What the gateway answers, in its real shape; values are left out, for they are not public."""
    row = {column["name"]: "…" for column in columns}
    facts = {"service": found.code, "version": found.dataset.latest.number if found.dataset.latest else 1}
    return {
        name: json.dumps(answer, ensure_ascii=False, indent=2)
        for name, answer in {
            "page": {**facts, "digest": "…", "rows": [row], "next": "…", "request_id": "…"},
            "row": {**facts, "digest": "…", "row": row, "request_id": "…"},
            "refused": {
                "error": {
                    "code": AccountMissing.code,
                    "message": AccountMissing.vi,
                    "hint": "…",
                    "message_vi": "…",
                    "message_en": AccountMissing.en,
                },
                "request_id": "…",
            },
        }.items()
    }
