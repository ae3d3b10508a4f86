"""One question over HTTPS: the name is resolved once, and the address that was allowed is the one that is asked."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from .errors import OutboundAddressInvalid, OutboundRefused

SECONDS = 30.0
MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status and body; `cut` when the body was longer than what was allowed."""

    status: int
    body: bytes
    cut: bool = False


def ask(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Ask an `https://` address. Redirects are not followed: an answer that sends elsewhere is given back as it is.

    Private, local and reserved addresses are refused unless the host or a range that holds the address stands in
    `OUTBOUND_ALLOWED`. Raises `OutboundAddressInvalid`, `OutboundRefused`, and `OSError` or
    `http.client.HTTPException` where the line fails.
    """
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme != "https" or not host or parts.username or parts.password:
        raise OutboundAddressInvalid()
    try:
        port = parts.port or 443
    except ValueError:
        raise OutboundAddressInvalid() from None
    place = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    plain = socket.create_connection((_allowed_address(host, port), port), timeout=seconds)
    try:
        line = _context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
    connection = http.client.HTTPSConnection(host, port, timeout=seconds)
    connection.sock = line
    try:
        connection.request("GET", place, headers={"Accept": "application/json", **(headers or {})})
        answer = connection.getresponse()
        body = answer.read(most_bytes + 1)
        return Answer(answer.status, body[:most_bytes], cut=len(body) > most_bytes)
    finally:
        connection.close()


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.OUTBOUND_CA:
        context.load_verify_locations(cafile=settings.OUTBOUND_CA)
    return context


def _allowed_address(host: str, port: int) -> str:
    """An address of the host that may be asked."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if may_ask(host, address):
            return address
    raise OutboundRefused(host=host)


def may_ask(host: str, address: str) -> bool:
    """Whether this address of a host may be asked: public ones, and those that were opened by name or range."""
    place = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(place, "ipv4_mapped", None)
    place = mapped or place
    if place.is_global and not place.is_multicast:
        return True
    for opened in settings.OUTBOUND_ALLOWED:
        if opened.casefold() == host.casefold():
            return True
        try:
            if place in ipaddress.ip_network(opened, strict=False):
                return True
        except (ValueError, TypeError):
            continue
    return False
