"""The document of a regulation as a file."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_safe

from lienthong.foundation.accounts.doors import Request, open_to_all
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files.commands import path_of
from lienthong.regulations.access import regulation_for


@open_to_all
@require_safe
def document(request: Request, slug: str, version: int) -> HttpResponse:
    """Hand out the document: of a published version to everybody, of a draft to those who work on it."""
    found = regulation_for(request.actor, slug, version)
    kept = found.document
    if kept is None or not (place := path_of(kept.sha256)).exists():
        raise NotFound(what="tệp văn bản này", what_en="This document")
    # Always handed out as a file, whatever it says it is: nothing that was handed in is shown by the browser.
    return FileResponse(  # type: ignore[return-value]
        place.open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )
