"""One correction: what is wrong, what was found, its proof, who was told when; the step that comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.agencies.queries import layout_for, unit_of
from lienthong.authority import commands
from lienthong.authority.correction_access import (
    correction_for,
    may_close_correction,
    may_contest,
    may_correct,
    may_pass_on,
    may_receive_correction,
    may_see_values,
    may_settle,
    may_urge_correction,
)
from lienthong.authority.correction_forms import CloseForm, CorrectForm, WordsForm
from lienthong.authority.correction_papers import KIND, correction_paper
from lienthong.authority.correction_records import due_on, followers_of, notices_of, running_terms
from lienthong.authority.correction_rules import LEVELS, is_equal
from lienthong.authority.models import CorrectionCase, CorrectionState
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, InputRefused
from lienthong.foundation.events.queries import timeline
from lienthong.foundation.papers.answers import paper_answer
from lienthong.law.queries import citations_for, clock_view, clock_views, clocks_of

from .corrections import STATE_KINDS

ROWS = 100
KIND_ICONS = {"missing": "−", "extra": "+", "changed": "→"}


class Steps:
    """The forms of one case, and what each does when it is sent."""

    def __init__(self, request: Request, case: CorrectionCase) -> None:
        self.request, self.case = request, case
        given = request.POST if request.method == "POST" else None
        self.act = request.POST.get("viec", "") if given is not None else ""
        self.verify = WordsForm(given if self.act in VERIFYING else None, at="finding", prefix="kiem-tra")
        self.correct = CorrectForm(given if self.act == "dinh-chinh" else None, case=case)
        self.broadcast = WordsForm(
            given if self.act == "thong-bao" else None, at="summary", initial=self._summary()
        )
        self.reopen = WordsForm(
            given if self.act == "mo-lai" else None, at="finding", rows=2, prefix="mo-lai"
        )
        self.contest = WordsForm(given if self.act == "vuong-mac" else None, at="because")
        self.settle = WordsForm(given if self.act in SETTLING else None, at="settlement")
        self.close = CloseForm(given if self.act == "ket-thuc" else None, is_slip=case.is_slip)
        self.reveal = WordsForm(given if self.act == "xem-gia-tri" else None, at="reason", rows=2)

    def _summary(self) -> dict[str, str]:
        place = f" ({self.case.place})" if self.case.place else ""
        said = f"{self.case.database.name}{place}: {self.case.measure}".strip()
        return {"summary": said if self.case.measure else ""}

    def forms(self) -> dict[str, WordsForm]:
        return {
            name: getattr(self, name)
            for name in ("verify", "correct", "broadcast", "reopen", "contest", "settle", "close", "reveal")
        }

    def sent(self) -> WordsForm | None:
        """The form that was sent, if any."""
        return next((form for form in self.forms().values() if form.is_bound), None)


VERIFYING: dict[str, Callable[..., Any]] = {
    "xac-nhan": commands.confirm_discrepancy,
    "khong-sai": commands.find_no_discrepancy,
    "chua-ro": commands.note_unclear,
}
SETTLING = {"ket-luan-sai": True, "ket-luan-dung": False}


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: Request, number: str) -> HttpResponse:
    """One correction with its steps."""
    case = correction_for(request.actor, number)
    steps = Steps(request, case)
    refusal: DomainError | None = None
    opened: dict[int, dict[str, Any]] = {}
    if request.method == "POST":
        form = steps.sent()
        if form is None or form.is_valid():
            try:
                opened = _take(request, case, steps)
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                case.refresh_from_db()
                if form is not None:
                    form.refuse(error)
                else:
                    refusal = error
            else:
                if not opened:
                    return redirect("authority-correction", number)
    context = _context(request, case, steps, opened) | {
        "refusal": refusal,
        "refusal_text": refusal.text(request.LANGUAGE_CODE) if refusal else "",
        "refusal_hint": refusal.hint(request.LANGUAGE_CODE) if refusal else "",
    }
    wrong = refusal is not None or any(form.errors for form in steps.forms().values())
    return render(request, "authority/correction.html", context, status=422 if wrong else 200)


@signed_in
@require_safe
def paper(request: Request, number: str, form: str) -> HttpResponse:
    """The report of a correction as Word or PDF, personal values masked."""
    case = correction_for(request.actor, number)
    return paper_answer(
        correction_paper(case, request.LANGUAGE_CODE),
        None,
        form,
        layout=layout_for(case.database.managing_unit, KIND),
        name=f"Báo cáo đính chính {case.number}",
    )


def _take(request: Request, case: CorrectionCase, steps: Steps) -> dict[int, dict[str, Any]]:
    """Take the step that was asked for; gives back the values that were opened, if that was the step."""
    actor, act = request.actor, steps.act
    said: dict[str, Any] = {"actor": actor, "case": case}
    form = steps.sent()
    data: Mapping[str, Any] = form.cleaned_data if form is not None else {}
    if act == "tiep-nhan":
        commands.acknowledge_correction(**said)
    elif act in VERIFYING:
        VERIFYING[act](**said, finding=data["finding"])
    elif act == "dinh-chinh":
        use = request.POST.get("chung-nhan") and is_equal(case.proof_certificate)
        commands.report_corrected(
            **said,
            measure=data["measure"],
            version=steps.correct.versions.get(data["version"]),
            certificate=case.proof_certificate if use else None,
            proof=data["proof"] or (case.proof if use else ""),
        )
    elif act == "thong-bao":
        commands.broadcast_correction(**said, summary=data["summary"])
        messages.success(request, _("The consumers are being told; each is listed with the moment."))
    elif act == "mo-lai":
        commands.reopen_correction(**said, finding=data["finding"])
    elif act == "vuong-mac":
        commands.contest_finding(**said, because=data["because"])
    elif act == "chuyen-cap":
        commands.pass_issue_on(**said)
    elif act in SETTLING:
        commands.settle_issue(**said, wrong=SETTLING[act], settlement=data["settlement"])
    elif act == "ket-thuc":
        commands.close_correction(**said, outcome=data["outcome"], resync=data["resync"])
    elif act == "da-nhan":
        own = unit_of(actor)
        if own is not None:
            commands.confirm_correction_received(**said, agency=own)
    elif act == "don-doc":
        commands.urge_correction(**said)
        messages.success(request, _("Urged: whoever owes the next act was told."))
    elif act == "xem-gia-tri":
        return commands.reveal_correction_rows(**said, reason=data["reason"])
    else:
        raise InputRefused(name="viec", why="không có bước này", why_en="there is no such step")
    return {}


def _context(
    request: Request, case: CorrectionCase, steps: Steps, opened: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    actor = request.actor
    running = running_terms([case]).get(case.pk)
    clocks = clocks_of(case).select_related("parameter", "rule_set", "provision__instrument")
    notices = list(notices_of(case))
    own = unit_of(actor)
    mine = [
        one
        for one in notices
        if own is not None and one.agency_id == own.pk and one.received_at is None
        and may_receive_correction(actor, case, one.agency)
    ]  # fmt: skip
    rows = [_row(row, opened.get(row.place)) for row in case.rows.all()[:ROWS]]
    return {
        "case": case,
        "database": case.database,
        "kind": STATE_KINDS[CorrectionState(case.state)],
        "clock": clock_view(running) if running is not None and case.is_live else None,
        "terms": clock_views(clocks),
        "steps": steps,
        "rows": rows,
        "row_columns": _columns(rows),
        "listed": case.rows.count(),
        "masked": case.rows.exclude(sealed=None).exists() and not opened,
        "certificate": _certificate(case.certificate),
        "proof_certificate": _certificate(case.proof_certificate),
        "offered": is_equal(case.proof_certificate) and case.state != CorrectionState.CLOSED,
        "notices": notices,
        "received": sum(one.received_at is not None for one in notices),
        "may_receive": bool(mine),
        "followers": len(followers_of(case.database)),
        "may_correct": may_correct(actor, case),
        "may_contest": may_contest(actor, case),
        "may_settle": case.state == CorrectionState.DISPUTED and may_settle(actor, case),
        "may_pass_on": case.state == CorrectionState.DISPUTED and case.level != LEVELS[-1] and may_pass_on(actor, case),
        "may_close": may_close_correction(actor, case),
        "may_urge": may_urge_correction(actor, case) and not may_correct(actor, case) and due_on(case).exists(),
        "may_see_values": may_see_values(actor, case),
        "events": timeline("authority.correctioncase", case.pk, request.LANGUAGE_CODE, 50),
        "citations": citations_for("QUA-01", *(("GOVF-12",) if case.is_slip or case.is_critical else ()),
                               *(("DIS-02", "DIS-03", "DIS-04") if case.level else ())),
    }  # fmt: skip


def _row(row: Any, opened: dict[str, Any] | None) -> dict[str, Any]:
    shown = opened or row.shown
    left, right = shown.get("left") or {}, shown.get("right") or {}
    return {
        "place": row.place,
        "kind": row.kind,
        "sign": KIND_ICONS.get(row.kind, ""),
        "key": ", ".join(f"{value}" for value in (shown.get("key") or {}).values()),
        "key_columns": ", ".join(shown.get("key") or {}),
        "cells": [
            {"name": name, "left": left.get(name), "right": right.get(name)}
            for name in (row.columns or [*dict.fromkeys([*left, *right])])
        ],
    }


def _columns(rows: list[dict[str, Any]]) -> str:
    return rows[0]["key_columns"] if rows else ""


def _certificate(certificate: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a certificate says that a page shows; nothing where there is none."""
    if not certificate:
        return None
    sides = [
        {
            "name": name,
            "table": side.get("table") or "",
            "rows": side.get("rows"),
            "digest": str(side.get("digest") or ""),
            "at": _moment(side.get("seen_at") or side.get("at")),
        }
        for name, side in (
            (_("What counts"), certificate.get("left")),
            (_("The data"), certificate.get("right")),
        )
        if isinstance(side, Mapping)
    ]
    return {
        "equal": is_equal(certificate),
        "sides": sides,
        "form": certificate.get("form") or "",
        "digest": str(certificate.get("digest") or ""),
        "at": _moment(certificate.get("made_at")),
        "columns": len(certificate.get("columns") or ()),
    }


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
