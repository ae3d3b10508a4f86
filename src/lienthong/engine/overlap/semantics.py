"""What kind of value a column holds, told from the values: rules with the share that must pass.

A rule alone proves little (one random number in eleven is a valid tax code), a whole column that passes
proves much. Structure of citizen numbers is evidence, never a gate: newer numbers need not keep it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A semantic type, the pattern its values match (RE2, on trimmed text) and its name for people."""

    name: str
    pattern: str
    vi: str
    en: str
    identifies: bool = False
    """Values of this type name one subject wherever they occur."""


RULES: tuple[Rule, ...] = (
    Rule("citizen_number", r"^0[0-9]{11}$", "số định danh 12 chữ số", "12-digit citizen number", True),
    Rule("old_identity_number", r"^[0-9]{9}$", "số 9 chữ số", "9-digit number"),
    Rule("tax_code", r"^[0-9]{10}(-?[0-9]{3})?$", "mã 10 hoặc 13 chữ số", "10- or 13-digit code"),
    Rule(
        "phone",
        r"^(\+84|0084|84|0)[ .()-]*([35789][0-9 .()-]{8,12}|2[0-9 .()-]{9,13})$",
        "số điện thoại",
        "telephone number",
        True,
    ),
    Rule("email", r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$", "thư điện tử", "e-mail address", True),
    Rule("url", r"^(https?://|www\.)\S+$", "địa chỉ trang thông tin", "web address"),
    Rule("uuid", r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "UUID", "UUID", True),
    Rule("health_card", r"^[A-Z]{2}[1-5][0-9]{12}$", "số thẻ 15 ký tự", "15-character card number", True),
    Rule(
        "day_first",
        r"^[0-3]?[0-9][/.-][01]?[0-9][/.-](1[89]|20)[0-9]{2}$",
        "ngày/tháng/năm",
        "day/month/year",
    ),
    Rule("iso_day", r"^(1[89]|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$", "ngày ISO", "ISO day"),
    Rule(
        "packed_day",
        r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$",
        "ngày viết liền",
        "packed day",
    ),
    Rule("digits", r"^[0-9]+$", "chữ số", "digits"),
    Rule("decimal", r"^-?[0-9]+([.,][0-9]+)?$", "số", "numbers"),
    Rule("leading_zero", r"^0[0-9]+$", "số 0 đứng đầu", "leading zero"),
    Rule("with_letter", r"[A-Za-zÀ-ỹĐđ]", "có chữ", "with letters"),
    Rule("with_digit", r"[0-9]", "có số", "with digits"),
    Rule("several_words", r"\S\s+\S", "nhiều từ", "several words"),
)
BY_NAME = {rule.name: rule for rule in RULES}

# Types that set columns apart when one column has one and the other has another.
TELLING = (
    "citizen_number", "tax_code", "phone", "email", "url", "uuid", "health_card", "old_identity_number",
)  # fmt: skip
DAYS = ("day_first", "iso_day", "packed_day")
PASSED = 0.9


def telling(semantics: dict[str, float]) -> str | None:
    """The semantic type that a column has beyond doubt, or None."""
    for name in TELLING:
        if semantics.get(name, 0.0) >= PASSED:
            return name
    return None
