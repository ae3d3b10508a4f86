"""Decisions about identifier codes and focal officers, on plain values.

Codes: Decision 20/2020/QĐ-TTg Art. 4-6, amended by Decision 09/2025/QĐ-TTg; the former form is that of
QCVN 102:2016/BTTTT.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lienthong.foundation.tracing import carries

from .errors import (
    DatesReversed,
    DecisionDateRefused,
    FocalFieldMissing,
    FocalPeriodTaken,
    IdentifierCodeRefused,
)

LONGEST_CODE = 35
_LEVEL_ONE = re.compile(r"[A-Y][0-9]{2}")
_GROUP = re.compile(r"[0-9A-Z]+")
_FORMER = re.compile(r"([0-9A-Z]{3})\.([0-9A-Z]{2})\.([0-9A-Z]{2})\.([A-Y][0-9]{2})")
_OTHER_BODY = re.compile(r"Z[0-9]{2}[0-9A-Z]{1,32}")
_BUSINESS = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?")
_BUSINESS_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")


class CodeForm(StrEnum):
    """In which form a code is written."""

    CURRENT = "current"
    FORMER = "former"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A code as it was understood: how it is kept (`H41.12`), and in which form it was given."""

    code: str
    form: CodeForm

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups from the top agency down; one for a body outside the tree."""
        return (self.code,) if self.form is CodeForm.OTHER else tuple(self.code.split("."))


@carries("IDC-01")
def read_code(text: str) -> ReadCode:
    """Understand an identifier code in any form: `H41.12`, `000.00.12.H41`, `Z99…`, a business number.

    Letters may be small and blanks may stand anywhere. Raises `IdentifierCodeRefused` with what is wrong.
    """
    given = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not given:
        raise _refused(text, "chưa nhập mã", "nothing was entered")
    business = _BUSINESS.fullmatch(given)
    if business:
        return ReadCode(_business_number(text, *business.groups()), CodeForm.OTHER)
    if len(given) > LONGEST_CODE:
        raise _refused(
            text,
            f"dài {len(given)} ký tự, tối đa {LONGEST_CODE}",
            f"it has {len(given)} characters, {LONGEST_CODE} at most",
        )
    if given.startswith("Z"):
        if not _OTHER_BODY.fullmatch(given):
            raise _refused(
                text,
                "mã của tổ chức khác gồm Z, 2 chữ số và 1 đến 32 chữ số hoặc chữ cái viết liền",
                "the code of another body is Z, 2 digits and 1 to 32 digits or letters without a separator",
            )
        return ReadCode(given, CodeForm.OTHER)
    former = _FORMER.fullmatch(given)
    if former and not _LEVEL_ONE.fullmatch(former[1]):
        return ReadCode(_turned(text, former), CodeForm.FORMER)
    _require_groups(text, given)
    return ReadCode(given, CodeForm.CURRENT)


def _require_groups(text: str, given: str) -> None:
    groups = given.split(".")
    if not _LEVEL_ONE.fullmatch(groups[0]):
        raise _refused(
            text,
            "nhóm đầu phải gồm một chữ cái từ A đến Y và 2 chữ số",
            "the first group must be a letter from A to Y and 2 digits",
        )
    if not all(_GROUP.fullmatch(group) for group in groups):
        raise _refused(
            text,
            "mỗi nhóm sau dấu chấm chỉ gồm chữ số và chữ cái A đến Z, không để trống",
            "each group after a dot holds digits and letters A to Z only, and is not empty",
        )


def _turned(text: str, former: re.Match[str]) -> str:
    """`000.00.12.H41` read from the bottom up: `H41.12`."""
    lowest, third, second, top = former.groups()
    below = [second, third, lowest]
    while below and not below[-1].strip("0"):
        below.pop()
    if any(not group.strip("0") for group in below):
        raise _refused(text, "thiếu mã của một cấp ở giữa", "the code of a level in between is missing")
    return ".".join([top, *below])


def _business_number(text: str, number: str, branch: str | None) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_BUSINESS_WEIGHTS, number, strict=False))
    if 10 - total % 11 != int(number[9]):
        raise _refused(
            text, "mã số doanh nghiệp sai chữ số kiểm tra", "the check digit of the business number is wrong"
        )
    return f"{number}-{branch}" if branch else number


def _refused(text: str, why: str, why_en: str) -> IdentifierCodeRefused:
    return IdentifierCodeRefused(given=text.strip()[:60], why=why, why_en=why_en)


@carries("IDC-01")
def current_form(text: str) -> str:
    """The code as it is kept and printed today: `000.00.12.H41` becomes `H41.12`."""
    return read_code(text).code


@carries("IDC-01")
def former_form(text: str) -> str | None:
    """The same code in the form of QCVN 102:2016, `000.00.12.H41`; None where that form has no place."""
    read = read_code(text)
    if read.form is CodeForm.OTHER or len(read.groups) > 4:
        return None
    top, *below = read.groups
    second, third, lowest = [*below, *["00", "00", "000"][len(below) :]]
    written = f"{lowest}.{third}.{second}.{top}"
    try:
        # Groups of another length, or zeros in them, would be read back as another code.
        fits = read_code(written) == ReadCode(read.code, CodeForm.FORMER)
    except IdentifierCodeRefused:
        return None
    return written if fits else None


@carries("IDC-01")
def stands_below(code: str, parent: str) -> bool:
    """Whether a code is one level or more below another; bodies outside the tree stand below nothing."""
    below, above = read_code(code), read_code(parent)
    if CodeForm.OTHER in (below.form, above.form):
        return False
    return len(below.groups) > len(above.groups) and below.groups[: len(above.groups)] == above.groups


@dataclass(frozen=True, slots=True)
class Content:
    """A content that the papers of a focal officer must hold, and its name in both languages."""

    field: str
    vi: str
    en: str


# What everybody may know of a focal officer (FOC-05).
PUBLIC_FIELDS = (
    Content("full_name", "họ và tên", "full name"),
    Content("position", "chức vụ", "position"),
    Content("function", "chức năng", "function"),
    Content("phone", "điện thoại", "phone"),
    Content("email", "thư điện tử", "e-mail"),
)
NOMINATED_FIELDS = PUBLIC_FIELDS
# What the decision that appoints must name (FOC-02, FOC-03).
DECIDED_FIELDS = (
    Content("professional_field", "lĩnh vực chuyên môn, kỹ thuật", "professional field"),
    Content("capability", "năng lực tham mưu", "capability to advise"),
    Content("decision_number", "số quyết định", "decision number"),
    Content("duties", "nhiệm vụ, trách nhiệm", "duties"),
    Content("powers", "thẩm quyền", "powers"),
)


@carries("FOC-02", "FOC-03", "FOC-05")
def require_contents(values: Mapping[str, str], needed: Iterable[Content]) -> None:
    """Refuse while a needed content is empty, or while phone or e-mail cannot be used."""
    for content in needed:
        value = values.get(content.field, "").strip()
        if not value or not _usable(content.field, value):
            raise FocalFieldMissing(at=content.field, name=content.vi, name_en=content.en)


def _usable(field: str, value: str) -> bool:
    if field == "phone":
        return 8 <= sum(c.isdigit() for c in value) <= 20 and not any(c.isalpha() for c in value)
    if field == "email":
        return _EMAIL.fullmatch(value) is not None
    return True


@dataclass(frozen=True, slots=True)
class Service:
    """That one person served as focal officer from one date to another (None: still does)."""

    holder: str
    valid_from: date
    valid_to: date | None


@carries("FOC-01")
def require_free_period(valid_from: date, served: Iterable[Service]) -> None:
    """Refuse a term that begins while another officer's term cannot end before it: one officer on any date.

    Who still serves is replaced on the eve of the new term, so it must have begun earlier.
    """
    for service in served:
        last_taken = service.valid_from if service.valid_to is None else service.valid_to
        if valid_from <= last_taken:
            raise FocalPeriodTaken(holder=service.holder, **told(valid_from=valid_from, after=last_taken))


def eve_of(day: date) -> date:
    """The day before: the last day of whoever is replaced on this one."""
    return day - timedelta(days=1)


def require_decision_dates(decision_date: date, valid_from: date, today: date) -> None:
    """Refuse a decision that is not signed yet, or a term that begins before the signing."""
    if decision_date > today:
        why, why_en = "sau ngày hôm nay", "it lies in the future"
    elif decision_date > valid_from:
        why, why_en = "sau ngày bắt đầu", "the term would begin before it"
    else:
        return
    raise DecisionDateRefused(why=why, why_en=why_en, **told(decision_date=decision_date))


def require_dates_in_order(valid_from: date | None, valid_to: date | None) -> None:
    """Refuse an end that lies before its beginning."""
    if valid_from and valid_to and valid_to < valid_from:
        raise DatesReversed(**told(valid_from=valid_from, valid_to=valid_to))


def with_former_name(former_names: str, name: str, limit: int = 400) -> str:
    """The list of former names with one more in front; the oldest give way when it grows too long."""
    names = [name, *[former for former in former_names.split("; ") if former and former != name]]
    while len("; ".join(names)) > limit and len(names) > 1:
        names.pop()
    return "; ".join(names)[:limit]


def told(**days: date) -> dict[str, str]:
    """Dates as the facts of a refusal: 19/11/2026, and under `<name>_en` 19 November 2026."""
    vietnamese = {name: f"{day:%d/%m/%Y}" for name, day in days.items()}
    english = {f"{name}_en": f"{day.day} {day:%B %Y}" for name, day in days.items()}
    return {**vietnamese, **english}


_PLACE = re.compile(r"\b(?:tỉnh|thành phố|phường|xã|đặc khu)\s+(.+)$", re.I)


def place_named(*names: str) -> str:
    """The place that stands on the papers of an agency, as far as its name, or that of the one above, tells it."""
    for name in names:
        found = _PLACE.search(name)
        if found:
            return found.group(1).strip()
    return ""
