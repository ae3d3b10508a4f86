"""Schemes of codes for bodies outside the tree of agencies: registered, corrected, ended (IDC-01, D.14)."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import events, rules
from lienthong.agencies.access import require_administrator
from lienthong.agencies.errors import SchemeRefused
from lienthong.agencies.models import CodeScheme
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

_CODE = re.compile(r"Z[0-9]{2}")
MOST_WORDS = 100
NEEDED = {
    "name": ("tên hệ thống mã", "name of the scheme"),
    "purpose": ("mục đích, phạm vi", "purpose and scope"),
    "issuer": ("cơ quan phát hành", "issuing body"),
    "postal": ("địa chỉ bưu chính", "postal address"),
    "email": ("thư điện tử", "e-mail"),
    "phone": ("điện thoại", "phone"),
    "structure": ("cấu trúc mã", "structure of the codes"),
    "description": ("mô tả", "description"),
}


@carries("IDC-01")
def register_code_scheme(
    *,
    actor: Actor,
    code: str,
    name: str,
    purpose: str,
    issuer: str,
    postal: str,
    email: str,
    phone: str,
    structure: str,
    description: str,
    dated: date,
    notes: str = "",
) -> CodeScheme:
    """Register a scheme of codes that begin with Z and two digits; the description holds 100 words at most.

    Publishes `CodeSchemeRegistered`; raises `SchemeRefused`.
    """
    require_administrator(actor, "ghi nhận hệ thống mã", "register a scheme of codes")
    written = "".join(code.split()).upper()
    if not _CODE.fullmatch(written):
        raise SchemeRefused(at="code", why=f"mã “{code[:20]}”", why_en=f"code “{code[:20]}”")
    values = _written(
        name=name,
        purpose=purpose,
        issuer=issuer,
        postal=postal,
        email=email,
        phone=phone,
        structure=structure,
        description=description,
        notes=notes,
    )
    _require_past(dated, "dated")
    with transaction.atomic():
        if CodeScheme.objects.filter(code=written).exists():
            raise SchemeRefused(
                at="code", why=f"mã {written} đã có bản ghi", why_en=f"{written} is on record already"
            )
        scheme = CodeScheme.objects.create(code=written, dated=dated, **values)
        fact = events.CodeSchemeRegistered(scheme_id=scheme.pk, code=written, scheme_name=scheme.name)
        publish(actor=actor, fact=fact)
    return scheme


@carries("IDC-01")
def correct_code_scheme(
    *,
    actor: Actor,
    scheme: CodeScheme,
    name: str,
    purpose: str,
    issuer: str,
    postal: str,
    email: str,
    phone: str,
    structure: str,
    description: str,
    dated: date,
    notes: str = "",
    reason: str = "",
) -> CodeScheme:
    """Correct the record of a scheme; its code stays. Publishes `CodeSchemeCorrected`; raises `SchemeRefused`."""
    require_administrator(actor, "sửa hệ thống mã", "correct a scheme of codes")
    values = _written(
        name=name,
        purpose=purpose,
        issuer=issuer,
        postal=postal,
        email=email,
        phone=phone,
        structure=structure,
        description=description,
        notes=notes,
    )
    _require_past(dated, "dated")
    with transaction.atomic():
        scheme = CodeScheme.objects.select_for_update().get(pk=scheme.pk)
        for field, value in {**values, "dated": dated}.items():
            setattr(scheme, field, value)
        scheme.save()
        fact = events.CodeSchemeCorrected(scheme_id=scheme.pk, code=scheme.code)
        publish(actor=actor, fact=fact, reason=reason)
    return scheme


@carries("IDC-01")
def end_code_scheme(*, actor: Actor, scheme: CodeScheme, ended_on: date, reason: str = "") -> CodeScheme:
    """End a scheme with a day, which is its last; the record stays. Publishes `CodeSchemeEnded`."""
    require_administrator(actor, "kết thúc hệ thống mã", "end a scheme of codes")
    with transaction.atomic():
        scheme = CodeScheme.objects.select_for_update().get(pk=scheme.pk)
        rules.require_dates_in_order(scheme.dated, ended_on)
        scheme.ended_on = ended_on
        scheme.save(update_fields=["ended_on"])
        fact = events.CodeSchemeEnded(scheme_id=scheme.pk, code=scheme.code, ended_on=ended_on)
        publish(actor=actor, fact=fact, reason=reason)
    return scheme


def _written(**values: str) -> dict[str, str]:
    kept = {name: nfc(value).strip() for name, value in values.items()}
    for name, (vi, en) in NEEDED.items():
        if not kept[name]:
            raise SchemeRefused(at=name, why=f"chưa nhập {vi}", why_en=f"the {en} is missing")
    words = len(kept["description"].split())
    if words > MOST_WORDS:
        raise SchemeRefused(
            at="description",
            why=f"phần mô tả có {words} từ, tối đa {MOST_WORDS}",
            why_en=f"the description has {words} words, {MOST_WORDS} at most",
        )
    return kept


def _require_past(day: date, at: str) -> None:
    if day > timezone.localdate():
        raise SchemeRefused(at=at, why="ngày sau hôm nay", why_en="the date lies in the future")
