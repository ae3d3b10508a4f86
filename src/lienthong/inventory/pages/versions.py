"""The versions of a dataset: what each holds, what changed between any two as a table, checked, taken as files."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthong.catalogue.access import may_own
from lienthong.catalogue.models import Dataset, DatasetVersion
from lienthong.catalogue.replicas import version_store
from lienthong.engine.errors import EngineError
from lienthong.engine.serve.exporting import export
from lienthong.engine.store.differing import KINDS, VersionDifference
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.jobs.queries import live_job
from lienthong.foundation.jobs.showing import progress_of
from lienthong.foundation.papers.sheets import Sheet, SheetColumn, to_xlsx
from lienthong.law.queries import citations_for

from .. import commands
from ..access import inside_of, may_reveal
from ..commands.version_checks import COMPARE, VERIFY
from ..errors import DifferenceTooLarge, VersionsNotComparable
from ..models import VersionCheck
from ..queries import work_folder
from ..rules import require_workbook_fits, workbook_fits
from ..version_differences import (
    ShownRow,
    difference_of,
    is_small,
    masked_columns,
    shown_row,
    standing_difference,
    titles_of,
    version_numbered,
)

PAGE = 50
# Lines of a workbook of changes: one for each column of each row.
MOST_LINES = 200_000
FORMS = {
    "csv": ("CSV", "text/csv; charset=utf-8", "csv"),
    "csv_excel": ("CSV (Excel)", "text/csv; charset=utf-8", "csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "json": ("JSON", "application/json", "json"),
    "parquet": ("Parquet", "application/vnd.apache.parquet", "parquet"),
}
SIGNS = {"insert": "+", "update": "→", "delete": "−"}


def dataset_inside(request: Request, code: str, slug: str) -> Dataset:
    """The dataset whose rows the actor may look at; of a secret none is shown here."""
    database = inside_of(request.actor, code)
    found = database.datasets.select_related("table", "database__owner", "database__managing_unit").filter(
        slug=slug
    )
    dataset = found.first()
    if dataset is None or database.is_secret:
        raise NotFound(what=f"bộ dữ liệu {slug}", what_en=f"Dataset {slug}")
    return dataset


@signed_in
@never_cache
@require_GET
def versions(request: Request, code: str, slug: str) -> HttpResponse:
    """Every version of a dataset, the newest first; two of them are chosen to be compared."""
    dataset = dataset_inside(request, code, slug)
    before = _number(request.GET.get("truoc"))
    found = dataset.versions.order_by("-number")
    if before:
        found = found.filter(number__lt=before)
    listed = list(found[: PAGE + 1])
    kept = listed[:PAGE]
    numbers = list(dataset.versions.order_by("-number").values_list("number", flat=True)[:500])
    checks = {
        check.version_id: check for check in VersionCheck.objects.filter(version__in=kept).order_by("pk")
    }
    context = {
        "database": dataset.database,
        "dataset": dataset,
        "rows": [_version_row(request, one, checks.get(one.pk)) for one in kept],
        "total": dataset.versions.count(),
        "newest": numbers[0] if numbers else None,
        "numbers": numbers,
        "older": numbers[1] if len(numbers) > 1 else None,
        "next_url": f"?truoc={kept[-1].number}" if len(listed) > PAGE else "",
        "masked": sorted(masked_columns(dataset.database, dataset.table.name, _names(kept))),
        "may_reveal": may_reveal(request.actor, dataset.database),
        "may_work": may_own(request.actor, dataset.database),
        "citations": citations_for("LDL-06", "OTH-09"),
    }
    return render(request, "inventory/versions.html", context)


def _names(listed: list[DatasetVersion]) -> list[str]:
    return [str(column["name"]) for column in listed[0].columns] if listed else []


def _version_row(request: Request, version: DatasetVersion, check: VersionCheck | None) -> dict[str, Any]:
    job: Job | None = live_job(version, VERIFY)
    return {
        "version": version,
        "check": check,
        "job": progress_of(job, request.actor) if job is not None else None,
        "digest": version.digest.split(":"),
        "files": [
            {"label": label, "form": form}
            for form, (label, _media, _suffix) in FORMS.items()
            if form != "xlsx" or workbook_fits(version.rows)
        ],
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


@signed_in
@never_cache
@require_POST
def verify(request: Request, code: str, slug: str, number: int) -> HttpResponse:
    """Compute the digest of a version anew."""
    dataset = dataset_inside(request, code, slug)
    commands.start_verification(actor=request.actor, version=version_numbered(dataset, number))
    messages.success(
        request, _("The digest of version %(number)s is being computed anew.") % {"number": number}
    )
    return redirect("inventory-versions", code, slug)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: Request, code: str, slug: str, number: int, form: str) -> FileResponse:
    """All rows of a version as a file; personal columns are masked unless a reason is given by who may see them."""
    dataset = dataset_inside(request, code, slug)
    version = version_numbered(dataset, number)
    if form not in FORMS:
        raise NotFound(what=f"dạng tệp {form[:20]}", what_en=f"File form {form[:20]}")
    if form == "xlsx":
        require_workbook_fits(version.rows)
    reason = request.POST.get("reason", "") if request.method == "POST" else ""
    in_full = commands.note_rows_taken(actor=request.actor, version=version, form=form, reason=reason)
    rows = version_store().at(dataset.store_table, version.number)
    names = rows.version.column_names()
    hidden = set() if in_full else masked_columns(dataset.database, dataset.table.name, names)
    _label, media, suffix = FORMS[form]
    # Written whole before the first byte leaves: what breaks on the way is told as an error, never half a file.
    with tempfile.TemporaryDirectory(prefix="version-", dir=work_folder()) as folder:
        path = Path(folder) / f"rows.{suffix}"
        export(rows, form, path, mask=dict.fromkeys(hidden, "partial"))
        # The open file outlives its folder: it is gone from the disk as soon as it was sent.
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=f"{slug}-v{number}.{suffix}", content_type=media
        )


class Comparison:
    """Two versions and how their difference is narrowed, as the address says it."""

    def __init__(self, request: Request, dataset: Dataset) -> None:
        first, second = _number(request.GET.get("tu")), _number(request.GET.get("den"))
        self.dataset = dataset
        self.older = version_numbered(dataset, min(first, second))
        self.newer = version_numbered(dataset, max(first, second))
        self.asked = {
            name: value[:200]
            for name in ("loai", "cot", "khoa")
            if (value := request.GET.get(name, "").replace("\0", "").strip())
        }
        if self.asked.get("loai", "insert") not in KINDS:
            del self.asked["loai"]
        self.narrowing = {
            "kind": self.asked.get("loai", ""),
            "column": self.asked.get("cot", ""),
            "key": self.asked.get("khoa", ""),
        }

    @property
    def pair(self) -> dict[str, int]:
        return {"tu": self.older.number, "den": self.newer.number}

    def address(self, **more: Any) -> str:
        """The same question with something more."""
        return f"?{urlencode({**self.pair, **self.asked, **more})}"

    def options(self, name: str, choices: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
        """Links that narrow by one more condition, or take it off again."""
        kept = {key: value for key, value in self.asked.items() if key != name}
        return [
            {
                "label": label,
                "count": count,
                "active": self.asked.get(name) == value,
                "href": f"?{urlencode({**self.pair, **kept, **({} if self.asked.get(name) == value else {name: value})})}",
            }
            for value, label, count in choices
        ]


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: Request, code: str, slug: str) -> HttpResponse:
    """What changed between any two versions: counts, columns, and each row with its values before and after."""
    dataset = dataset_inside(request, code, slug)
    asked = Comparison(request, dataset)
    if request.POST.get("viec") == "so-sanh":
        commands.start_comparison(actor=request.actor, older=asked.older, newer=asked.newer)
        return redirect(f"{request.path}{asked.address()}")
    context: dict[str, Any] = {
        "database": dataset.database,
        "dataset": dataset,
        "older": asked.older,
        "newer": asked.newer,
        "numbers": list(dataset.versions.order_by("-number").values_list("number", flat=True)[:500]),
        "citations": citations_for("LDL-06"),
        "may_reveal": may_reveal(request.actor, dataset.database),
    }
    try:
        found = _found(asked)
        if found is not None:
            context |= _compared(request, asked, found)
        else:
            job = live_job(dataset, COMPARE)
            context["job"] = progress_of(job, request.actor) if job is not None else None
    except EngineError as refusal:
        locale = request.LANGUAGE_CODE
        context |= {"refusal_text": refusal.text(locale), "refusal_hint": refusal.hint(locale)}
    return render(request, "inventory/compare.html", context)


def _found(asked: Comparison) -> VersionDifference | None:
    """The difference, where it was made before or is made in no time; else a person has it made by a job."""
    standing = standing_difference(asked.older, asked.newer)
    if standing is None and is_small(asked.older, asked.newer):
        return difference_of(asked.older, asked.newer)
    return standing


def _compared(request: Request, asked: Comparison, found: VersionDifference) -> dict[str, Any]:
    summary, dataset = found.summary, asked.dataset
    hidden = masked_columns(
        dataset.database, dataset.table.name, [*summary.columns, *summary.columns_removed]
    )
    refusal = ""
    opened = False
    if request.method == "POST":
        try:
            opened = commands.note_rows_taken(
                actor=request.actor, version=asked.newer, since=asked.older.number, form="trang",
                reason=request.POST.get("reason", "") or " - ",
            )  # fmt: skip
        except DomainError as error:
            if error.status in (403, 404):
                raise
            refusal = f"{error.text(request.LANGUAGE_CODE)} {error.hint(request.LANGUAGE_CODE)}"
    place = _number(request.GET.get("sau"))
    listed = found.page(after=place, limit=PAGE + 1, **asked.narrowing)
    titles = titles_of(asked.older) | titles_of(asked.newer)
    rows = [
        shown_row(row, key=summary.key, masked=set() if opened else hidden, titles=titles)
        for row in listed[:PAGE]
    ]
    kinds = [("insert", _("Added"), summary.inserted), ("update", _("Changed"), summary.updated),
             ("delete", _("Removed"), summary.deleted)]  # fmt: skip
    columns = [(name, titles.get(name) or name, times) for name, times in summary.changed_columns.items()]
    return {
        "summary": summary,
        "rows": [{"row": row, "sign": SIGNS[row.kind]} for row in rows],
        "key": summary.key,
        "columns": [
            {"name": name, "title": title, "times": times, "masked": name in hidden}
            for name, title, times in columns
        ],
        "found": found.count(**asked.narrowing) if asked.asked else summary.rows,
        "first": place == 0,
        "active": len(asked.asked),
        "facets": [
            (_("What happened to the row"), asked.options("loai", kinds)),
            (_("Column changed"), asked.options("cot", list(columns)[:40])),
        ],
        "typed_key": asked.asked.get("khoa", ""),
        "kept": [(name, value) for name, value in {**asked.pair, **asked.asked}.items() if name != "khoa"],
        "clear_url": f"?{urlencode(asked.pair)}",
        "next_url": asked.address(sau=rows[-1].place) if len(listed) > PAGE else "",
        "previous_url": asked.address() if place else "",
        "query": urlencode({**asked.pair, **asked.asked}),
        "masked": sorted(hidden) if not opened else [],
        "opened": opened,
        "reason_refused": refusal,
    }


@signed_in
@never_cache
@require_GET
def compare_file(request: Request, code: str, slug: str, form: str) -> HttpResponse | StreamingHttpResponse:
    """The changes between two versions as a file, narrowed as the page is: a line for each column of each row."""
    dataset = dataset_inside(request, code, slug)
    asked = Comparison(request, dataset)
    found = _found(asked)
    if form not in ("csv", "xlsx") or found is None:
        raise VersionsNotComparable(number=asked.newer.number)
    if form == "xlsx" and found.count(**asked.narrowing) > MOST_LINES:
        raise DifferenceTooLarge(most=MOST_LINES)
    commands.note_rows_taken(actor=request.actor, version=asked.newer, since=asked.older.number, form=form)
    lines = _lines(asked, found)
    name = f"{slug}-v{asked.older.number}-v{asked.newer.number}.{form}"
    heading = [_("Change"), *found.summary.key, _("Column"), _("Before"), _("After")]
    if form == "csv":
        stream = StreamingHttpResponse(_csv([heading], lines), content_type="text/csv; charset=utf-8")
        stream["Content-Disposition"] = f'attachment; filename="{name}"'
        return stream
    columns = tuple(SheetColumn(str(title), 24) for title in heading)
    told = _("Version %(older)s to %(newer)s") % {"older": asked.older.number, "newer": asked.newer.number}
    sheet = Sheet(_("Changes"), columns, list(lines), lines=(dataset.shown_name, told))
    answer = HttpResponse(to_xlsx([sheet]), content_type=FORMS["xlsx"][1])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(asked: Comparison, found: VersionDifference) -> Iterator[list[str]]:
    summary, dataset = found.summary, asked.dataset
    hidden = masked_columns(
        dataset.database, dataset.table.name, [*summary.columns, *summary.columns_removed]
    )
    words = {"insert": _("Added"), "update": _("Changed"), "delete": _("Removed")}
    for row in found.every(**asked.narrowing):
        shown: ShownRow = shown_row(row, key=summary.key, masked=hidden, titles={})
        beginning = [words[row.kind], *(value or "" for value in shown.key)]
        for cell in shown.cells:
            yield [*beginning, cell.name, cell.before or "", cell.after or ""]
        if not shown.cells:
            yield [*beginning, "", "", ""]


def _csv(heading: list[list[str]], lines: Iterator[list[str]]) -> Iterator[bytes]:
    """CSV for Excel: a mark in front, and nothing that it would take for a formula."""
    yield b"\xef\xbb\xbf"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows(heading)
    for count, line in enumerate(lines):
        writer.writerow([f"'{value}" if value[:1] in "=+-@\t\r" and value else value for value in line])
        if count % 1000 == 999:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
