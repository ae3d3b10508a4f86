"""The regulations that an officer works with."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import unit_of
from lienthong.catalogue.access import OWNING
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.regulations.access import regulations_visible_to
from lienthong.regulations.models import DRAFTING_STATES, RegulationState

from .showing import force_kind, force_text

PAGE = 50
GROUPS = {
    "dang-soan": (*DRAFTING_STATES, RegulationState.ISSUED),
    "da-cong-khai": (RegulationState.PUBLISHED,),
    "het-hieu-luc": (RegulationState.EXPIRED, RegulationState.AMENDED),
}


@signed_in
@require_safe
def regulation_list(request: Request) -> HttpResponse:
    """Drafts and regulations of one's own agency, newest first; those of others are on the portal."""
    actor = request.actor
    visible = regulations_visible_to(actor)
    own = unit_of(actor)
    if own is not None:
        top = f"/{own.top_id}/"
        visible = visible.filter(Q(issuer__path__startswith=top) | Q(drafting_unit__path__startswith=top))
    group = request.GET.get("nhom", "")
    chosen = visible.filter(state__in=GROUPS[group]) if group in GROUPS else visible
    after = request.GET.get("sau", "")
    if after.isdigit() and len(after) < 12:
        chosen = chosen.filter(pk__lt=int(after))
    rows = list(chosen.order_by("-pk")[: PAGE + 1])
    counts = dict(visible.values_list("state").annotate(n=Count("pk")).order_by())
    tabs = [
        (key, label, sum(counts.get(state, 0) for state in GROUPS[key]))
        for key, label in (
            ("dang-soan", _("In preparation")),
            ("da-cong-khai", _("Made public")),
            ("het-hieu-luc", _("No longer in force")),
        )
    ]
    query: dict[str, str] = {"nhom": group} if group in GROUPS else {}
    context = {
        "rows": [(row, force_kind(row), force_text(row)) for row in rows[:PAGE]],
        "next_url": f"?{urlencode({**query, 'sau': str(rows[PAGE - 1].pk)})}" if len(rows) > PAGE else "",
        "tabs": tabs,
        "group": group if group in GROUPS else "",
        "total": sum(counts.values()),
        "preparing": tabs[0][2],
        "may_draft": actor.has(*OWNING),
    }
    return render(request, "regulations/list.html", context)
