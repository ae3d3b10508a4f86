"""The quality of a database: scores by criterion and characteristic, the worst columns, findings, history, exports."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthong.catalogue.access import may_own
from lienthong.catalogue.models import Database, DataField
from lienthong.engine.formats.dqv import quality_text
from lienthong.engine.formats.qualitybook import write_quality
from lienthong.engine.profile.rules import CHARACTERISTICS, CRITERIA
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotFound
from lienthong.foundation.pagekit.paging import stretch
from lienthong.law.queries import citations_for, find_parameter

from .. import queries, scores, wording
from ..access import inside_of
from ..models import Survey

# Looks in the history, findings on one page.
LOOKS = 12
SHOWN = 50
LIGHTS = {"green": "ok", "yellow": "due", "red": "late", "": "primary"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@never_cache
@require_GET
def quality(request: Request, code: str) -> HttpResponse:
    """How good the data of a database are, as the newest look or an earlier one found."""
    database = inside_of(request.actor, code)
    if queries.last_survey(database) is None:
        return render(request, "inventory/quality_none.html", {"database": database})
    survey = _survey(request, database)
    locale = request.LANGUAGE_CODE
    facts = queries.quality_of(survey)
    score = scores.score_from(facts["score"])
    green, yellow = _thresholds(survey)
    ids = _field_ids(database, facts)

    def lit(told: dict[str, Any]) -> dict[str, Any]:
        one = scores.score_from(told)
        return {"score": one, "kind": LIGHTS[scores.light_of(one.value, green, yellow)]}

    context = {
        "database": database,
        "survey": survey,
        "score": score,
        "rules": facts["rules"],
        "light": LIGHTS[scores.light_of(score.value, green, yellow)],
        "criteria": [
            lit(told) | {"name": wording.here(CRITERIA[name], locale).capitalize()}
            for name, told in facts["criteria"].items()
        ],
        "characteristics": [
            {
                "name": wording.here(CHARACTERISTICS[name], locale),
                "score": scores.score_from(told),
                "for": scores.REQUIREMENTS[name],
            }
            for name, told in facts["characteristics"].items()
        ],
        "worst": [
            lit(one["score"])
            | {
                "place": f"{one['table']}.{one['column']}",
                "href": _href(database, ids, one["table"], one["column"]),
                "why": queries.text_of_seen(one["finding"], locale) if one["finding"] else one["rule"] or "",
            }
            for one in facts["worst"]
        ],
        "tables": [lit(one["score"]) | {"name": one["name"]} for one in facts["tables"]],
        **_findings(request, database, facts, ids),
        "history": _history(database, locale),
        "identifiers": _identifiers(survey, facts["identifiers"]),
        "thresholds": (green, yellow),
        "may_work": may_own(request.actor, database),
        "here": f"?lan={survey.pk}" if request.GET.get("lan") else "?",
        "citations": citations_for("GOVF-11", "INV-02", "INV-04"),
    }
    return render(request, "inventory/quality.html", context)


def _survey(request: Request, database: Database) -> Survey:
    given = request.GET.get("lan", "")
    survey = queries.last_survey(database)
    if given.isdigit() and len(given) < 12:
        survey = queries.surveys_of(database).filter(pk=int(given), finished_at__isnull=False).first()
    if survey is None:
        raise NotFound(what="lần khảo sát đã hoàn thành", what_en="A completed look")
    return survey


def _thresholds(survey: Survey) -> tuple[float | None, float | None]:
    """The thresholds of the lights on the day of a look, where the rules of that day set them."""
    found = [find_parameter(f"dqi.threshold.{light}", on=survey.finished_at) for light in ("green", "yellow")]
    green, yellow = (float(one.value) if one and isinstance(one.value, int) else None for one in found)
    return green, yellow


def _field_ids(database: Database, facts: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Columns on record of the tables that the page names, by table and name; tables by their name alone."""
    named = {one["table"] for one in (*facts["worst"], *facts["findings"])}
    fields = DataField.objects.filter(table__database=database, table__name__in=named)
    found = {(table, name): pk for pk, table, name in fields.values_list("pk", "table__name", "name")}
    return found | {
        (name, ""): pk for pk, name in database.tables.filter(name__in=named).values_list("pk", "name")
    }


def _href(database: Database, ids: dict[tuple[str, str], int], table: str, column: str) -> str:
    field_id = ids.get((table, column))
    if field_id:
        return reverse("inventory-column", args=[database.code, field_id])
    table_id = ids.get((table, ""))
    return reverse("inventory-table", args=[database.code, table_id]) if table_id and not column else ""


def _findings(
    request: Request, database: Database, facts: dict[str, Any], ids: dict[tuple[str, str], int]
) -> dict[str, Any]:
    locale = request.LANGUAGE_CODE
    asked = {name: value[:40] for name in ("muc", "tieu-chi") if (value := request.GET.get(name, ""))}

    def wanted(severity: str, criterion: str) -> bool:
        return asked.get("muc", severity) == severity and asked.get("tieu-chi", criterion) == criterion

    kept = [one for one in facts["findings"] if wanted(one["severity"], scores.criterion_of(one))]
    found = sum(count for group, count in facts["counts"].items() if wanted(*group.split(" ", 1)))
    part = stretch(request.GET.get("sau", ""), len(kept), SHOWN, asked, anchor="phat-hien")
    listed = [
        {
            "severity": one["severity"],
            "text": queries.text_of_seen(one, locale),
            "place": ".".join(filter(None, (one["table"], one["column"]))),
            "href": _href(database, ids, one["table"], one["column"]),
        }
        for one in kept[part.rows]
    ]
    weights = [("error", _("Error")), ("warning", _("Caution")), ("info", _("Note"))]
    return {
        "findings": listed,
        "found": found,
        "every": sum(facts["counts"].values()),
        "filters": [
            _options(asked, "muc", weights),
            _options(
                asked,
                "tieu-chi",
                [(name, wording.here(words, locale).capitalize()) for name, words in CRITERIA.items()],
            ),
        ],
        "active": len(asked),
        "part": part,
    }


def _options(asked: dict[str, str], name: str, choices: list[tuple[str, str]]) -> list[dict[str, Any]]:
    listed = []
    for value, label in choices:
        kept = {key: given for key, given in asked.items() if key != name}
        active = asked.get(name) == value
        query = urlencode(kept if active else kept | {name: value})
        listed.append({"label": label, "href": f"?{query}#phat-hien", "active": active})
    return listed


def _history(database: Database, locale: str) -> list[dict[str, Any]]:
    """The looks that have a score, the oldest first, with their place in the picture."""
    found = queries.surveys_of(database).filter(finished_at__isnull=False).order_by("-finished_at", "-pk")
    looks = [one for one in found[: LOOKS * 2] if one.scores.get("total") is not None][:LOOKS][::-1]
    wide = 100 / max(len(looks), 1)
    return [
        {
            "id": one.pk,
            "at": one.finished_at,
            "total": one.scores["total"],
            "rows": one.rows,
            "x": f"{place * wide + wide * 0.15:.2f}",
            "width": f"{wide * 0.7:.2f}",
            "y": f"{40 - 0.4 * one.scores['total']:.2f}",
            "height": f"{0.4 * one.scores['total']:.2f}",
        }
        for place, one in enumerate(looks)
    ]


def _identifiers(survey: Survey, listed: list[list[Any]]) -> dict[str, Any] | None:
    """Identifier columns that are not as the rules of the day ask of identifiers."""
    asked = find_parameter("dqi.identifier_fields", on=survey.finished_at)
    if asked is None or not isinstance(asked.value, int) or not listed:
        return None
    short = [
        f"{table}.{column}" for table, column, least in listed if least is not None and least < asked.value
    ]
    return {"asked": asked, "columns": len(listed), "short": short}


@signed_in
@never_cache
@require_GET
def columns_csv(request: Request, code: str) -> HttpResponse:
    """The scores of every column as CSV: the table behind the pictures."""
    database = inside_of(request.actor, code)
    survey = _survey(request, database)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["table", "column", "score", "low", "high", *CRITERIA, "tested", "failed"])
    for table, part in scores.columns_in(scores.score_of(queries.forms_of(survey))):
        criteria = [part.criteria[name].value if name in part.criteria else "" for name in CRITERIA]
        whole = part.score
        place = [_plain(table), _plain(part.name)]
        writer.writerow([*place, whole.value, whole.low, whole.high, *criteria, whole.tested, whole.failed])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chat-luong-{database.code}.csv"'
    return answer


def _plain(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in "=+-@\t\r" else name


@signed_in
@never_cache
@require_GET
def workbook(request: Request, code: str) -> HttpResponse:
    """Scores, the worst fields, findings and rules as a workbook."""
    database = inside_of(request.actor, code)
    survey = _survey(request, database)
    forms = queries.forms_of(survey)
    with tempfile.TemporaryDirectory(prefix="quality-", dir=queries.work_folder()) as folder:
        path = Path(folder) / "quality.xlsx"
        write_quality(path, scores.score_of(forms, database.shown_name), forms, request.LANGUAGE_CODE)
        answer = HttpResponse(path.read_bytes(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="chat-luong-{database.code}.xlsx"'
    return answer


DQV = {"ttl": ("turtle", "text/turtle; charset=utf-8"), "jsonld": ("json-ld", "application/ld+json")}


@signed_in
@never_cache
@require_GET
def vocabulary(request: Request, code: str, ending: str) -> HttpResponse:
    """Scores and measurements in the Data Quality Vocabulary, as Turtle or JSON-LD."""
    database = inside_of(request.actor, code)
    if ending not in DQV:
        raise NotFound(what="dạng tệp này", what_en="This form of file")
    survey = _survey(request, database)
    score = scores.score_of(queries.forms_of(survey), database.shown_name)
    about = request.build_absolute_uri(reverse("inventory-quality", args=[database.code]))
    form, media = DQV[ending]
    text = quality_text(score, about, form, measured_at=survey.finished_at)  # type: ignore[arg-type]
    answer = HttpResponse(text, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="chat-luong-{database.code}.{ending}"'
    return answer
