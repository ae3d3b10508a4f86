"""Regulations on the public site: found without signing in, with their versions and dates (REG-03, P9)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.pagekit.paging import stretch
from lienthong.foundation.text import words
from lienthong.law.queries import grounds_for
from lienthong.regulations.access import public_regulation, public_regulations
from lienthong.regulations.models import RegulationState
from lienthong.regulations.queries import databases_shown, versions_of

from . import showing

PAGE = 50


@open_to_all
@require_safe
def regulation_list(request: HttpRequest) -> HttpResponse:
    """The regulations that hold, and on request those that ended."""
    ended = request.GET.get("trang-thai") == "het-hieu-luc"
    text = request.GET.get("q", "").strip()[:200]
    today = timezone.localdate()
    found = public_regulations()
    over = found.filter(state=RegulationState.EXPIRED) | found.filter(
        state=RegulationState.PUBLISHED, effective_to__lt=today
    )
    chosen = over if ended else found.filter(state=RegulationState.PUBLISHED).exclude(effective_to__lt=today)
    rows = list(chosen.order_by("sort_key", "pk"))
    if text:
        wanted = words(text)
        rows = [
            row for row in rows if set(wanted) <= set(words(f"{row.title} {row.number} {row.issuer.name}"))
        ]
    query = {
        name: value for name, value in (("q", text), ("trang-thai", "het-hieu-luc" if ended else "")) if value
    }
    part = stretch(request.GET.get("sau", ""), len(rows), PAGE, query)
    context = {
        "rows": [(row, showing.force_kind(row), showing.force_text(row)) for row in rows[part.rows]],
        "text": text,
        "ended": ended,
        "count": len(rows),
        "part": part,
    }
    return render(request, "regulations/public_list.html", context)


@open_to_all
@require_safe
def regulation(request: HttpRequest, slug: str) -> HttpResponse:
    """One regulation: its five clauses, what it covers, its versions; an older version by its number."""
    asked = request.GET.get("phien-ban", "")
    version = int(asked) if asked.isdigit() and len(asked) < 6 else None
    found = public_regulation(slug, version)
    context = {
        "regulation": found,
        "kind": showing.force_kind(found),
        "force": showing.force_text(found),
        "clauses": showing.clauses(found),
        "databases": databases_shown(found)[:200],
        "versions": [(one, showing.force_text(one)) for one in versions_of(found)],
        "basis": grounds_for("REG-01", "REG-03"),
    }
    return render(request, "regulations/public.html", context)
