"""The gateway: keyed answers from the replica of a published version, every call logged.

A thin WSGI application beside Django: no session, no template, no middleware, so that a call costs little more than its
query and its log row. `GET /chia-se/v1/<service>/` gives a page of rows, `GET /chia-se/v1/<service>/<key>` one row,
`GET /chia-se/v1/<service>/$cot` what the columns are. Default deny: a key is asked for before anything is looked up.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog
from django.core.signals import request_finished, request_started
from django.utils import timezone

from lienthong.catalogue.replicas import replica_path
from lienthong.engine.errors import EngineError
from lienthong.engine.serve.replica import Replica
from lienthong.foundation.errors import DomainError
from lienthong.foundation.faults import where_it_arose

from .errors import (
    AccountEnded,
    AccountForOtherService,
    AccountMissing,
    AccountSuspended,
    AddressRefused,
    MethodRefused,
    ParameterRefused,
    QuotaReached,
    RowUnknown,
    ServiceNotPublished,
    ServiceSuspended,
    ServiceUnknown,
)
from .models import AccountState, Call, ConnectionAccount, ServiceState, SharingService
from .queries import calls_today, columns_offered, page_limit
from .rules import fits, parts_of_key, read_parameters

log = structlog.get_logger(__name__)

PREFIX = "/chia-se/v1/"
COLUMNS = "$cot"
# A key value in an address: what codes are made of. Percent signs, backslashes, dots in a row and control characters are not.
SAFE = re.compile(r"^[\w$.~:@ -]{1,200}$", re.UNICODE)
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
STATUS = {
    200: "200 OK", 400: "400 Bad Request", 401: "401 Unauthorized", 403: "403 Forbidden", 404: "404 Not Found",
    405: "405 Method Not Allowed", 409: "409 Conflict", 422: "422 Unprocessable Content", 429: "429 Too Many Requests",
    500: "500 Internal Server Error", 503: "503 Service Unavailable",
}  # fmt: skip


@dataclass
class CallMade:
    """What one call asked, who made it, and how it ended: the row of the log in the making."""

    asked: str
    request_id: str = field(default_factory=lambda: secrets.token_hex(8).upper())
    service: SharingService | None = None
    account: ConnectionAccount | None = None
    status: int = 200
    refusal: str = ""
    version: int | None = None
    rows: int = 0


def gateway(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one call of a sharing service, or refuse it in both languages; either way it is logged."""
    started = time.perf_counter()
    # As for any other request: connections are looked after by those who listen to these signals.
    request_started.send(sender=gateway, environ=environ)
    path = _decoded(environ.get("PATH_INFO", ""))
    call = CallMade(asked=CONTROL.sub("?", f"{path}?{environ.get('QUERY_STRING', '')}".rstrip("?"))[:500])
    locale = "en" if environ.get("HTTP_ACCEPT_LANGUAGE", "").lower().startswith("en") else "vi"
    structlog.contextvars.bind_contextvars(request_id=call.request_id)
    try:
        body = _answer(environ, path, call)
    except (DomainError, EngineError) as refusal:
        call.status, call.refusal, call.rows = refusal.status, refusal.code, 0
        body = {"error": _refused(refusal, locale)}
    except Exception as error:
        log.error("gateway_fault", **where_it_arose(error))
        call.status, call.refusal = 500, "sharing.fault"
        body = {"error": _fault(call.request_id)}
    content = orjson.dumps({**body, "request_id": call.request_id})
    if not _logged(call, len(content), started):
        # What cannot be logged is not given.
        call.status = 500
        content = orjson.dumps({"error": _fault(call.request_id), "request_id": call.request_id})
    request_finished.send(sender=gateway)
    start_response(STATUS.get(call.status, f"{call.status} Error"), _headers(call, content))
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [content]


def _decoded(path: str) -> str:
    """WSGI hands bytes in disguise; addresses are UTF-8."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")


def _answer(environ: dict[str, Any], path: str, call: CallMade) -> dict[str, Any]:
    if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
        raise MethodRefused()
    code, key = _address(path)
    account = call.account = _account(environ.get("HTTP_AUTHORIZATION", ""))
    service = call.service = (
        SharingService.objects.select_related("dataset__table", "dataset__database").filter(code=code).first()
    )
    if service is None or service.dataset.database.is_secret:
        raise ServiceUnknown(service=code)
    _require_open(account, service)
    offered = [name for name in service.columns if name in account.columns]
    if key == COLUMNS:
        return {
            "service": service.code,
            "columns": [c for c in columns_offered(service) if c["name"] in offered],
        }
    asked = read_parameters(_parameters(environ), offered=offered, most=page_limit())
    replica = _replica(service)
    about = replica.about()
    call.version = about.version
    facts = {"service": service.code, "version": about.version, "digest": about.digest}
    columns = list(asked.columns or offered)
    # A mask holds for filters too: also for columns that this call does not show.
    mask = {name: how for name, how in service.masked.items() if name in offered}
    if key:
        row = replica.get(key, columns=columns, mask=mask)
        if row is None:
            raise RowUnknown()
        call.rows = 1
        return {**facts, "row": row}
    page = replica.page(
        after=asked.after, limit=asked.limit, columns=columns, filters=asked.filters, mask=mask
    )
    call.rows, call.version = len(page.rows), page.version
    return {**facts, "version": page.version, "rows": page.rows, "next": page.next}


@cache
def _opened(path: Path) -> Replica:
    """One reader per file; it notices by itself when a new version is swapped in."""
    return Replica(path, largest_page=page_limit())


def _replica(service: SharingService) -> Replica:
    return _opened(replica_path(service.dataset))


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
    try:
        return parse_qs(
            environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=50, errors="strict"
        )
    except (ValueError, UnicodeError):
        raise ParameterRefused(
            name="?", why="quá nhiều hoặc sai mã ký tự", why_en="too many, or badly encoded"
        )


def _account(header: str) -> ConnectionAccount:
    parts = parts_of_key(header)
    if parts is None:
        raise AccountMissing()
    account = ConnectionAccount.objects.select_related("consumer").filter(code=parts[0]).first()
    if account is None or not fits(parts[1], account.key_digest):
        raise AccountMissing()
    return account


def _require_open(account: ConnectionAccount, service: SharingService) -> None:
    if account.service_id != service.pk:
        raise AccountForOtherService(service=service.code)
    if account.state == AccountState.SUSPENDED:
        raise AccountSuspended(because=account.suspended_because)
    expired = account.valid_to is not None and account.valid_to < timezone.localdate()
    if account.state == AccountState.TERMINATED or expired:
        raise AccountEnded()
    if service.state == ServiceState.SUSPENDED:
        until = (
            timezone.localtime(service.returns_at).strftime("%H:%M %d/%m/%Y") if service.returns_at else "?"
        )
        raise ServiceSuspended(because=service.suspended_because, until=until)
    if service.state != ServiceState.PUBLISHED:
        raise ServiceNotPublished(service=service.name, service_en=service.display_name("en"))
    if calls_today(account) >= account.daily_quota:
        raise QuotaReached(quota=account.daily_quota)


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
    """One row of the sharing log (LOG-01); whether it was written."""
    try:
        Call.objects.create(
            service=call.service,
            account=call.account,
            consumer_code=call.account.consumer.code if call.account else "",
            asked=call.asked,
            status=call.status,
            refusal=call.refusal,
            version=call.version,
            rows=call.rows,
            bytes=size,
            milliseconds=int((time.perf_counter() - started) * 1000),
            request_id=call.request_id,
        )
    except Exception as error:
        log.error("call_not_logged", request_id=call.request_id, **where_it_arose(error))
        return False
    return True
