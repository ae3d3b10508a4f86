"""Answers with a paper or a workbook, for download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from lienthong.agencies.models import Agency
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files.commands import FileTooLarge
from lienthong.foundation.papers import pdf, sheets, word
from lienthong.foundation.papers.queries import layout_bytes
from lienthong.foundation.papers.shapes import Paper
from lienthong.foundation.text import slug

from ..written_records import KIND

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def paper_answer(
    paper: Paper, book: Sequence[sheets.Sheet], form: str, *, agency: Agency, name: str
) -> HttpResponse:
    """A paper in one of its three forms; the Word form in the agency's own layout where it has one."""
    if form == "pdf":
        content = pdf.to_pdf(paper)
    elif form == "docx":
        content = word.to_docx(paper, layout_bytes(agency, KIND))
    elif form == "xlsx":
        content = sheets.to_xlsx(book)
    else:
        raise NotFound(what=f"dạng tệp {form}", what_en=f"Form {form}")
    return download(content, form, name)


def read_upload(upload: Any, limit: int) -> bytes:
    """A file that was handed in, if it is no larger than the limit in bytes; nothing of a larger one is read."""
    if (upload.size or 0) > limit:
        raise FileTooLarge(name=(upload.name or "")[:120], limit_mb=limit // 1_000_000)
    return bytes(upload.read())


def download(content: bytes, form: str, name: str) -> HttpResponse:
    """A file to be saved under a name with marks, and under one without for old programs."""
    answer = HttpResponse(content, content_type=TYPES[form])
    plain = slug(name) or "tep"
    answer["Content-Disposition"] = (
        f"attachment; filename=\"{plain}.{form}\"; filename*=UTF-8''{quote(f'{name}.{form}')}"
    )
    answer["Cache-Control"] = "no-store"
    return answer
