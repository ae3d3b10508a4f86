"""Findings checked afterwards: a case computed again from its stored signals, and the precision of the matcher in use."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthong.agencies.roles import Role
from lienthong.authority.access import case_for
from lienthong.authority.models import LEVELS
from lienthong.authority.replaying import MethodPrecision, Replay, precision_in_use, replay_case
from lienthong.catalogue.access import READING
from lienthong.foundation.accounts.doors import Request, for_roles, signed_in
from lienthong.foundation.papers.answers import paper_answer
from lienthong.foundation.papers.sheets import Sheet, SheetColumn

# A finding, and of each of its signals the words, the weight, the value, and what it adds.
Replayed = tuple[Replay, list[tuple[str, float, float, float]]]


@signed_in
@require_safe
def replayed(request: Request, number: str) -> HttpResponse:
    """Every finding of a case with its signals, and the score that they give again; also as a workbook."""
    case = case_for(request.actor, number)
    found = replay_case(case)
    language = "vi" if request.actor.locale.startswith("vi") else "en"
    rows: list[Replayed] = [
        (
            one,
            [
                (signal[language], signal["weight"], signal["value"], signal["weight"] * signal["value"])
                for signal in [*one.pair.reasons, *one.pair.against]
            ],
        )
        for one in found
    ]
    if request.GET.get("dang") == "xlsx":
        return paper_answer(
            None, [_signals_sheet(case.number, rows)], "xlsx", layout=None, name=f"Tính lại {case.number}"
        )
    context = {
        "case": case,
        "rows": rows,
        "agreeing": sum(one.agrees for one in found),
        "methods": sorted({one.method for one in found if one.method}),
    }
    return render(request, "authority/replay.html", context)


@for_roles(*READING, Role.COORDINATING_MINISTRY)
@require_safe
def precision(request: Request) -> HttpResponse:
    """How often reviewers agreed with the matcher, by its version; also as a workbook."""
    found = precision_in_use()
    if request.GET.get("dang") == "xlsx":
        return paper_answer(None, [_sheet(found)], "xlsx", layout=None, name="Độ chính xác của bộ đối sánh")
    context = {"rows": [(one, _level(one)) for one in found], "at": timezone.now()}
    return render(request, "authority/precision.html", context)


def _signals_sheet(number: str, rows: list[Replayed]) -> Sheet:
    columns = (
        SheetColumn(_("Column pair"), 60),
        SheetColumn(_("Version of the matcher"), 18),
        SheetColumn(_("Signal"), 44),
        SheetColumn(_("Weight"), 12, "number"),
        SheetColumn(_("Value"), 12, "number"),
        SheetColumn(_("Adds"), 12, "number"),
        SheetColumn(_("Score kept"), 14, "number"),
        SheetColumn(_("Computed again"), 14, "number"),
    )
    lines: list[tuple[Any, ...]] = []
    for one, signals in rows:
        pair = one.pair
        about = f"{pair.left_table}.{pair.left_column} · {pair.right_table}.{pair.right_column}"
        scores = (one.kept, "" if one.again is None else one.again)
        lines.append((about, one.method, _("Before any signal"), "", "", pair.base or 0.0, *scores))
        lines += [(about, one.method, *signal, *scores) for signal in signals]
    said = _("Counted on %(day)s") % {"day": f"{timezone.localdate():%d/%m/%Y}"}
    return Sheet(number, columns, lines, (f"{number} · {said}",))


def _level(one: MethodPrecision) -> str:
    return _("All levels") if one.level is None else str(LEVELS.get(one.level, one.level))


def _sheet(found: list[MethodPrecision]) -> Sheet:
    columns = (
        SheetColumn(_("Version of the matcher"), 22),
        SheetColumn(_("Level of evidence"), 44),
        SheetColumn(_("Reviewed"), 12, "number"),
        SheetColumn(_("Same data"), 12, "number"),
        SheetColumn(_("Not the same data"), 18, "number"),
        SheetColumn(_("Same concept, other population"), 28, "number"),
        SheetColumn(_("Precision"), 14, "percent"),
        SheetColumn(_("Interval from"), 14, "percent"),
        SheetColumn(_("Interval to"), 14, "percent"),
    )
    rows = [
        (
            one.method,
            _level(one),
            one.reviewed,
            one.accepted,
            one.rejected,
            one.other_population,
            *(round(part * 100, 1) for part in (one.share or 0.0, *(one.interval or (0.0, 1.0)))),
        )
        for one in found
    ]
    said = _("Counted on %(day)s") % {"day": f"{timezone.localdate():%d/%m/%Y}"}
    return Sheet(_("Precision"), columns, rows, (said,))
