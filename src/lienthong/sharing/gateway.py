"""The gateway: keyed answers from the replica of a published version, every call logged.

A thin WSGI application beside Django: no session, no template, no middleware, so that a call costs little more than its
query and its log row. `GET /chia-se/v1/<service>/` gives a page of rows, `GET /chia-se/v1/<service>/<key>` one row,
`GET /chia-se/v1/<service>/$cot` what the columns are, `GET /chia-se/v1/<service>/$thay-doi` what has changed.
Default deny: a key is asked for before anything is looked up.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from lienthong.catalogue.replicas import version_store
from lienthong.engine.errors import EngineError
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.errors import VersionUnknown
from lienthong.foundation.errors import DomainError
from lienthong.foundation.faults import where_it_arose

from .admission import Caller, Offer, Opened, caller_of, offer_of, opened_to, today
from .calls import FIELDS, JOURNAL
from .errors import AddressRefused, MethodRefused, ParameterRefused, RowUnknown
from .models import Call
from .queries import columns_offered, page_limit
from .rules import read_changes_parameters, read_parameters

log = structlog.get_logger(__name__)

PREFIX = "/chia-se/v1/"
COLUMNS = "$cot"
CHANGES = "$thay-doi"
# A key value in an address: what codes are made of. Percent signs, backslashes, dots in a row and control characters are not.
SAFE = re.compile(r"^[\w$.~:@ -]{1,200}$", re.UNICODE)
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
STATUS = {
    200: "200 OK", 400: "400 Bad Request", 401: "401 Unauthorized", 403: "403 Forbidden", 404: "404 Not Found",
    405: "405 Method Not Allowed", 409: "409 Conflict", 422: "422 Unprocessable Content", 429: "429 Too Many Requests",
    500: "500 Internal Server Error", 503: "503 Service Unavailable",
}  # fmt: skip


@dataclass(slots=True)
class CallMade:
    """What one call asked, who made it, and how it ended: the row of the log in the making."""

    asked: str
    request_id: str = field(default_factory=lambda: os.urandom(8).hex().upper())
    offer: Offer | None = None
    caller: Caller | None = None
    status: int = 200
    refusal: str = ""
    version: int | None = None
    rows: int = 0


def gateway(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one call of a sharing service, or refuse it in both languages; either way it is logged."""
    started = time.perf_counter()
    path = _decoded(environ.get("PATH_INFO", ""))
    query = environ.get("QUERY_STRING", "")
    asked = (f"{path}?{query}" if query else path)[:500]
    call = CallMade(asked if asked.isprintable() else CONTROL.sub("?", asked))
    try:
        body = _answer(environ, path, call)
    except (DomainError, EngineError) as refusal:
        call.status, call.refusal, call.rows = refusal.status, refusal.code, 0
        locale = "en" if environ.get("HTTP_ACCEPT_LANGUAGE", "").lower().startswith("en") else "vi"
        body = {"error": _refused(refusal, locale)}
    except Exception as error:
        log.error("gateway_fault", request_id=call.request_id, **where_it_arose(error))
        call.status, call.refusal = 500, "sharing.fault"
        body = {"error": _fault(call.request_id)}
    body["request_id"] = call.request_id
    content = orjson.dumps(body)
    if not _logged(call, len(content), started):
        # What cannot be logged is not given.
        call.status = 500
        content = orjson.dumps({"error": _fault(call.request_id), "request_id": call.request_id})
    start_response(STATUS.get(call.status, f"{call.status} Error"), _headers(call, content))
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [content]


def _decoded(path: str) -> str:
    """WSGI hands bytes in disguise; addresses are UTF-8."""
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")


def _answer(environ: dict[str, Any], path: str, call: CallMade) -> dict[str, Any]:
    if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
        raise MethodRefused()
    code, key = _address(path)
    caller = call.caller = caller_of(environ.get("HTTP_AUTHORIZATION", ""))
    offer = call.offer = offer_of(code)
    opened = opened_to(caller, offer)
    if key == COLUMNS:
        described = [one for one in columns_offered(offer.record) if one["name"] in opened.offered]
        return {"service": offer.code, "columns": described}
    if key == CHANGES:
        return _changes(opened, _parameters(environ), call)
    return _rows(opened, key, _parameters(environ), call)


def _rows(opened: Opened, key: str, parameters: dict[str, list[str]], call: CallMade) -> dict[str, Any]:
    asked = read_parameters(parameters, offered=opened.offered, most=page_limit())
    columns, replica = asked.columns or opened.offered, opened.replica
    if asked.version is not None:
        replica, columns = _earlier(opened, asked.version, columns)
    mask = (
        opened.mask
        if replica is opened.replica
        else {n: how for n, how in opened.mask.items() if n in columns}
    )
    if key:
        row, about = replica.found(key, columns=columns, mask=mask)
        call.version = about.version
        if row is None:
            raise RowUnknown()
        call.rows = 1
        return {"service": opened.offer.code, "version": about.version, "digest": about.digest, "row": row}
    page = replica.page(
        after=asked.after, limit=asked.limit, columns=columns, filters=asked.filters, mask=mask
    )
    call.rows, call.version = len(page.rows), page.version
    return {
        "service": opened.offer.code,
        "version": page.version,
        "digest": page.digest,
        "rows": page.rows,
        "next": page.next,
    }


def _earlier(opened: Opened, version: int, columns: tuple[str, ...]) -> tuple[Replica, tuple[str, ...]]:
    """An earlier version to read from, and those of the columns that it has; none that is not yet served."""
    about = opened.replica.about()
    if version == about.version:
        return opened.replica, columns
    if not 0 < version < about.version:
        raise VersionUnknown(table=opened.offer.code, version=version, latest=about.version)
    earlier = opened.earlier.replica(version_store, about.table, version, largest_page=page_limit())
    had = {column.name for column in earlier.about().columns}
    return earlier, tuple(name for name in columns if name in had)


def _changes(opened: Opened, parameters: dict[str, list[str]], call: CallMade) -> dict[str, Any]:
    """What has changed since a version or a mark, with access, masks, filters and columns as rows have them."""
    asked = read_changes_parameters(parameters, offered=opened.offered, most=page_limit())
    key = opened.following.replica.about().key
    hidden = {name: "hide" for name in key if name not in opened.offered}
    page = opened.following.page(
        asked.after,
        since=asked.since,
        limit=asked.limit,
        columns=asked.columns or opened.offered,
        filters=asked.filters,
        mask={**opened.mask, **hidden},
    )
    call.rows, call.version = len(page.changes), page.served
    return {
        "service": opened.offer.code,
        "version": page.served,
        "since": page.since,
        "to": page.to,
        "columns": page.described(),
        "changes": [{"change": one.change, "row": one.row} for one in page.changes],
        "next": page.next,
        "more": page.more,
    }


def _address(path: str) -> tuple[str, str]:
    """Service code and key out of the path. granian keeps `..` in a decoded path, so it is refused here."""
    rest = path.removeprefix(PREFIX)
    parts = rest.split("/")
    if len(parts) > 2 or ".." in rest or "%" in rest or "\\" in rest or not parts[0]:
        raise AddressRefused()
    code, key = parts[0], parts[1] if len(parts) == 2 else ""
    if not SAFE.match(code) or (key and not SAFE.match(key)):
        raise AddressRefused()
    return code, key


def _parameters(environ: dict[str, Any]) -> dict[str, list[str]]:
    query = environ.get("QUERY_STRING", "")
    if not query:
        return {}
    try:
        return parse_qs(query, keep_blank_values=True, max_num_fields=50, errors="strict")
    except (ValueError, UnicodeError):
        raise ParameterRefused(
            name="?", why="quá nhiều hoặc sai mã ký tự", why_en="too many, or badly encoded"
        )


def _refused(refusal: DomainError | EngineError, locale: str) -> dict[str, str]:
    return {
        "code": refusal.code,
        "message": refusal.text(locale),
        "hint": refusal.hint(locale),
        "message_vi": refusal.text("vi"),
        "message_en": refusal.text("en"),
    }


def _fault(request_id: str) -> dict[str, str]:
    vi = f"Hệ thống gặp sự cố. Mã sự cố: {request_id}."
    en = f"The system has a fault. Fault code: {request_id}."
    return {"code": "sharing.fault", "message": vi, "message_vi": vi, "message_en": en, "hint": ""}


def _headers(call: CallMade, content: bytes) -> list[tuple[str, str]]:
    headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Request-Id", call.request_id),
    ]
    if call.status == 401:
        headers.append(("WWW-Authenticate", 'Bearer realm="chia-se"'))
    if call.status == 405:
        headers.append(("Allow", "GET, HEAD"))
    return headers


def _logged(call: CallMade, size: int, started: float) -> bool:
    """One row of the sharing log (LOG-01); whether it was written down."""
    caller, status = call.caller, call.status
    line = (
        time.time(),
        call.offer.pk if call.offer else None,
        caller.pk if caller else None,
        caller.consumer if caller else "",
        call.asked,
        status,
        call.refusal,
        call.version,
        call.rows,
        size,
        int((time.perf_counter() - started) * 1000),
        call.request_id,
    )
    try:
        if connections[DEFAULT_DB_ALIAS].in_atomic_block:
            # Whoever calls from within a transaction has the row in it.
            Call.objects.create(**dict(zip(FIELDS, (timezone.now(), *line[1:]), strict=True)))
        elif caller and status < 400:
            _, day = today()
            JOURNAL.append((*line, day), (caller.pk, day))
        else:
            JOURNAL.append((*line, ""), None)
    except Exception as error:
        log.error("call_not_logged", request_id=call.request_id, **where_it_arose(error))
        return False
    return True
