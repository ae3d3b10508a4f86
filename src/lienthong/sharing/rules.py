"""Decisions of sharing as pure functions: what a request must hold, what a key looks like, what a caller may ask."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lienthong.foundation.tracing import carries

from .errors import (
    ChargeWithoutGround,
    DutiesNotAccepted,
    ItemsNotOffered,
    ParameterRefused,
    PurposeMissing,
    RefusalIncomplete,
    RequestIncomplete,
)

KEY = re.compile(r"^lt_([a-z0-9]{10})_([A-Za-z0-9_-]{43})$")
CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
ACCOUNT_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "prefix", "in")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once, and what is kept of it."""

    account: str
    shown: str
    digest: str
    ending: str


def new_key(account: str | None = None) -> NewKey:
    """A fresh connection key: 256 random bits behind the account's public code."""
    code = account or "".join(secrets.choice(ACCOUNT_LETTERS) for _ in range(10))
    secret = secrets.token_urlsafe(32)
    return NewKey(code, f"lt_{code}_{secret}", digest(secret), secret[-4:])


def digest(secret: str) -> str:
    """What is kept of a key. The secret is random in full, so one plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def parts_of_key(header: str) -> tuple[str, str] | None:
    """Account code and secret out of `Authorization: Bearer lt_…`; None when it is no such key."""
    scheme, _, token = header.partition(" ")
    found = KEY.match(token.strip()) if scheme.lower() == "bearer" else None
    return (found[1], found[2]) if found else None


def fits(secret: str, kept: str) -> bool:
    return hmac.compare_digest(digest(secret), kept)


@carries("DSH-03")
def require_seven_parts(
    *, requester: str, purpose: str, solution: str, items: Iterable[str], service: str, frequency: str
) -> None:
    """Refuse a request that lacks one of its statutory parts; application and other remarks may be empty (D.7)."""
    if not purpose.strip():
        raise PurposeMissing()
    parts = {
        ("bên yêu cầu", "the requester"): requester,
        ("giải pháp sử dụng", "how the data will be used"): solution,
        ("nội dung dữ liệu", "the items asked for"): "".join(items),
        ("dịch vụ", "the service"): service,
        ("tần suất", "the frequency"): frequency,
    }
    missing = [names for names, value in parts.items() if not value.strip()]
    if missing:
        raise RequestIncomplete(
            missing=", ".join(vi for vi, _ in missing), missing_en=", ".join(en for _, en in missing)
        )


@carries("DSH-03")
def require_offered(items: Iterable[str], offered: Iterable[str]) -> list[str]:
    """The items asked for, in the order of the service; refused when one is not offered."""
    asked = list(dict.fromkeys(items))
    known = list(offered)
    strange = [item for item in asked if item not in known]
    if strange:
        raise ItemsNotOffered(items=", ".join(strange))
    return [item for item in known if item in asked]


@carries("DSH-05", "D194-03")
def require_whole_refusal(*, document: str, reason: str, ground: str) -> None:
    """A refusal is a written document with its reason and the law that limits sharing."""
    missing = [
        names
        for names, value in (
            (("số văn bản", "the document number"), document),
            (("lý do", "the reason"), reason),
            (("căn cứ pháp luật", "the legal ground"), ground),
        )
        if not value.strip()
    ]
    if missing:
        raise RefusalIncomplete(
            missing=", ".join(vi for vi, _ in missing), missing_en=", ".join(en for _, en in missing)
        )


@carries("SEC-03")
def require_free_of_charge(charge: int, ground: str, *, most: int) -> None:
    """Sharing costs agencies no more than the law says (nothing), unless the law on fees lists the item."""
    if charge > most and not ground.strip():
        raise ChargeWithoutGround(given=str(charge))


@carries("SEC-05")
def require_same_duties(*, is_state_agency: bool, accepted: bool) -> None:
    """Whoever connects and is no state agency takes the duties of one."""
    if not is_state_agency and not accepted:
        raise DutiesNotAccepted()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call asks for, after its parameters were read."""

    limit: int
    after: str | None
    columns: tuple[str, ...] | None
    filters: tuple[tuple[str, str, object], ...]
    version: int | None = None


def read_parameters(parameters: Mapping[str, list[str]], *, offered: Iterable[str], most: int) -> Asked:
    """`limit`, `after`, `fields=a,b`, `version=n` and filters `column=value` or `column__ge=value`; anything else is refused by name."""
    known = list(offered)
    limit, after, columns, version = min(100, most), None, None, None
    filters: list[tuple[str, str, object]] = []
    for name, values in parameters.items():
        if name != name.strip() or len(name) > 100:
            raise ParameterRefused(name=name[:100], why="tên không đúng", why_en="malformed name")
        if name == "limit":
            limit = _limit(values[-1], most)
        elif name == "after":
            after = values[-1]
        elif name == "fields":
            columns = tuple(require_fields(values[-1].split(","), known))
        elif name == "version" and name not in known:
            version = _version(name, values[-1])
        else:
            filters += [_filter(name, value, known) for value in values]
    return Asked(limit, after, columns, tuple(filters), version)


@dataclass(frozen=True, slots=True)
class ChangesAsked:
    """What a call for changes asks, after its parameters were read."""

    limit: int
    after: str | None
    since: int | None
    columns: tuple[str, ...] | None
    filters: tuple[tuple[str, str, object], ...] = ()


def read_changes_parameters(
    parameters: Mapping[str, list[str]], *, offered: Iterable[str], most: int
) -> ChangesAsked:
    """`since` (a version) or `after` (a mark), `limit`, `fields=a,b`, and filters as rows take them; anything else is refused by name.

    A column that is called like one of these words is filtered by with its comparison: `limit__eq=5`.
    """
    known = list(offered)
    limit, after, since, columns = min(100, most), None, None, None
    filters: list[tuple[str, str, object]] = []
    for name, values in parameters.items():
        if name != name.strip() or len(name) > 100:
            raise ParameterRefused(name=name[:100], why="tên không đúng", why_en="malformed name")
        if name == "limit":
            limit = _limit(values[-1], most)
        elif name == "after":
            after = values[-1]
        elif name == "since":
            since = _version(name, values[-1])
        elif name == "fields":
            columns = tuple(require_fields(values[-1].split(","), known))
        else:
            filters += [_filter(name, value, known) for value in values]
    if after is not None and since is not None:
        raise ParameterRefused(name="since", why="dùng since hoặc after", why_en="give either since or after")
    return ChangesAsked(limit, after, since, columns, tuple(filters))


def _version(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ParameterRefused(name=name, why="cần số phiên bản", why_en="the number of a version")
    return int(text)


def require_fields(names: Iterable[str], known: list[str]) -> list[str]:
    asked = [name.strip() for name in names if name.strip()]
    strange = [name for name in asked if name not in known]
    if strange or not asked:
        listed = ", ".join(known)
        raise ParameterRefused(name="fields", why=f"chọn trong: {listed}", why_en=f"choose among: {listed}")
    return asked


def _limit(text: str, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= most:
        raise ParameterRefused(
            name="limit", why=f"cần số từ 1 đến {most}", why_en=f"a number from 1 to {most}"
        )
    return int(text)


def _filter(name: str, value: str, known: list[str]) -> tuple[str, str, object]:
    column, _, operator = name.partition("__")
    if name in known:
        column, operator = name, ""
    if column not in known:
        raise ParameterRefused(name=name, why="không có tham số này", why_en="there is no such parameter")
    chosen = operator or "eq"
    if chosen not in OPERATORS:
        listed = ", ".join(OPERATORS)
        raise ParameterRefused(name=name, why=f"phép so sánh: {listed}", why_en=f"comparisons: {listed}")
    return column, chosen, value.split(",") if chosen == "in" else value
