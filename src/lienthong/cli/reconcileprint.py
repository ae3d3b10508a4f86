"""What `lienthong reconcile` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lienthong.engine.shapes import Difference
from lienthong.engine.sync.reconciling import Reconciliation
from lienthong.engine.sync.verifying import Verification

_KINDS = {
    "vi": {"missing": "thiếu ở bên nhận", "extra": "thừa ở bên nhận", "changed": "khác giá trị"},
    "en": {"missing": "missing on the right", "extra": "extra on the right", "changed": "changed"},
}


def print_reconciliation(found: Reconciliation, lang: str) -> str:
    """The certificate, what is to be known besides, and the differences."""
    lines = [found.certificate.text(lang)]
    for finding in found.findings:
        evidence = finding.evidence
        text = evidence.get("text_en" if lang == "en" else "text_vi") or evidence.get("text") or finding.code
        lines.append(f"- {finding.place}: {text}")
    if found.differences:
        listed, all_of_them = len(found.differences), found.certificate.differences
        lines += [
            "",
            f"Dòng khác nhau ({listed}/{all_of_them}):"
            if lang == "vi"
            else f"Rows that differ ({listed} of {all_of_them}):",
        ]
        lines += [_told(one, found.certificate.key, lang) for one in found.differences]
    return "\n".join(lines)


def print_verification(told: Verification, as_json: bool, lang: str) -> str:
    """Whether the data are as a certificate says."""
    if as_json:
        return json.dumps(
            {
                "holds": told.holds,
                "left": {"holds": told.left_holds, "then": told.certificate.left.digest, "now": told.left},
                "right": {
                    "holds": told.right_holds,
                    "then": told.certificate.right.digest,
                    "now": told.right,
                },
                "equal_then": told.certificate.equal,
                "equal_now": told.left == told.right,
            },
            ensure_ascii=False,
            indent=2,
        )
    lines = []
    for side, holds, now in (
        (told.certificate.left, told.left_holds, told.left),
        (told.certificate.right, told.right_holds, told.right),
    ):
        words = (
            ("đúng như giấy ghi", "KHÔNG còn như giấy ghi")
            if lang == "vi"
            else ("as certified", "NOT as certified")
        )
        lines.append(f"{side.source} · {side.table}: {words[0] if holds else words[1]} ({now})")
    if lang == "vi":
        lines.insert(
            0,
            "Giấy chứng nhận nguyên vẹn; "
            + ("dữ liệu vẫn như khi lập." if told.holds else "dữ liệu đã khác."),
        )
    else:
        lines.insert(
            0,
            "The certificate is whole; "
            + ("the data are as they were." if told.holds else "the data are no longer those."),
        )
    return "\n".join(lines)


def _told(one: Difference, key: tuple[str, ...], lang: str) -> str:
    named = ", ".join(f"{name}={_value(value)}" for name, value in zip(key, one.key, strict=True))
    left, right = one.left or {}, one.right or {}
    if one.kind == "changed":
        parts = [f"{name}: {_value(left.get(name))} → {_value(right.get(name))}" for name in one.columns]
    else:
        parts = _others(right if one.kind == "extra" else left, key)
    return f"  {named}: {_KINDS[lang][one.kind]}" + (f"; {'; '.join(parts)}" if parts else "")


def _others(values: Mapping[str, Any], key: tuple[str, ...]) -> list[str]:
    return [f"{name}: {_value(value)}" for name, value in values.items() if name not in key]


def _value(value: Any) -> str:
    return "∅" if value is None else f"“{value}”" if isinstance(value, str) else str(value)
