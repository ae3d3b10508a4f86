"""A reconciliation: figures of both ends, the certificate, the rows that differ, and its papers."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lienthong.agencies.queries import layout_for
from lienthong.authority.addresses import correction_address
from lienthong.authority.correction_records import live_correction_of
from lienthong.authority.flow_access import may_see_personal, may_see_rows, may_work_on, reconciliation_for
from lienthong.authority.flow_papers import KIND, certificate_facts, certificate_paper, discrepancy_sheets
from lienthong.authority.flow_queries import personal_targets
from lienthong.authority.flow_rows import shown_rows
from lienthong.authority.models import CorrectionCase
from lienthong.catalogue.addresses import here
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import grounds_for

from . import flow_showing

PAGE = 50


@signed_in
@never_cache
@require_safe
def reconciliation(request: Request, number: str) -> HttpResponse:
    """One reconciliation of a flow; the rows that differ for those who may look inside either database."""
    actor = request.actor
    found = reconciliation_for(actor, number)
    flow = found.flow
    kind = request.GET.get("loai", "")
    rows = found.discrepancies.all()
    if kind in {"missing", "extra", "changed"}:
        rows = rows.filter(kind=kind)
    after = request.GET.get("sau", "")
    if after.isdigit() and len(after) < 18:
        rows = rows.filter(pk__gt=int(after))
    page = list(rows[: PAGE + 1])
    query = f"loai={kind}&" if kind else ""
    corrections = CorrectionCase.objects.filter(database=flow.database, through=flow.number)
    correction = live_correction_of(flow.database, flow.number) or corrections.order_by("-pk").first()
    context = {
        "found": found,
        "flow": flow,
        "said": flow_showing.reconciliation_said(found),
        "kind": kind,
        "kinds": [
            (code, label, count)
            for code, label, count in (
                ("missing", flow_showing.kind_word("missing"), found.missing),
                ("extra", flow_showing.kind_word("extra"), found.extra),
                ("changed", flow_showing.kind_word("changed"), found.changed),
            )
            if count
        ],
        "rows": shown_rows(actor, flow, page[:PAGE]),
        "may_see": may_see_rows(actor, flow),
        "masks": bool(personal_targets(flow)) and not may_see_personal(actor, flow),
        "next_url": f"?{query}sau={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "correction": correction,
        "correction_url": here(correction_address(correction.number)) if correction is not None else "",
        "holding": flow_showing.holding_corrections(actor, found.held_by),
        "is_newest": flow.reconciliations.first() == found,
        "may_work": may_work_on(actor, flow),
        "settled": not found.discrepancies.filter(settled_at__isnull=True).exists(),
        "certificate": found.certificate,
        "basis": grounds_for("D278-12"),
    }
    return render(request, "authority/reconciliation.html", context)


@signed_in
@require_safe
def certificate(request: Request, number: str) -> HttpResponse:
    """The certificate as a file that anybody can verify; it holds no value of any row.

    It names where each side's data lie, so it is given to those who may look inside either database alone.
    """
    found = reconciliation_for(request.actor, number)
    if not may_see_rows(request.actor, found.flow):
        raise NotAllowed(act="tải chứng nhận đối soát", act_en="take this certificate")
    text = json.dumps(found.certificate, ensure_ascii=False, indent=2)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chung-nhan-{found.number}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@signed_in
@require_safe
def paper(request: Request, number: str, form: str) -> HttpResponse:
    """The record of a reconciliation as Word or PDF; as a workbook with the rows that differ, as the reader may see
    them.
    """
    found = reconciliation_for(request.actor, number)
    facts = certificate_facts(found)
    book = None
    if form == "xlsx":
        book = discrepancy_sheets(facts, shown_rows(request.actor, found.flow, found.discrepancies.all()))
    unit = found.flow.database.managing_unit
    return paper_answer(
        certificate_paper(facts, request.LANGUAGE_CODE),
        book,
        form,
        layout=layout_for(unit, KIND),
        name=f"Biên bản đối soát {found.number}",
    )
