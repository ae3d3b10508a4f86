"""Answers with a paper or a workbook, for download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from lienthong.foundation.errors import NotFound
from lienthong.foundation.files.commands import FileTooLarge
from lienthong.foundation.text import slug

from . import pdf, sheets, word
from .shapes import Paper

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def paper_answer(
    paper: Paper | None, book: Sequence[sheets.Sheet] | None, form: str, *, layout: bytes | None, name: str
) -> HttpResponse:
    """A paper in one of its forms; the Word form in the layout given, or the product's own. Raises `NotFound`."""
    if form == "pdf" and paper is not None:
        return download(pdf.to_pdf(paper), form, name)
    if form == "docx" and paper is not None:
        return download(word.to_docx(paper, layout), form, name)
    if form == "xlsx" and book is not None:
        return download(sheets.to_xlsx(book), form, name)
    raise NotFound(what=f"dạng tệp {form[:10]}", what_en=f"Form {form[:10]}")


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
