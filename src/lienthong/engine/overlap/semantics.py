"""What kind of value a column holds, told from the values: rules with the share that must pass.

A rule alone proves little (one random number in eleven is a valid tax code), a whole column that passes
proves much. Structure of citizen numbers is evidence, never a gate: newer numbers need not keep it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lienthong.engine.overlap.shapes import ValueKind
from lienthong.engine.session import literal
from lienthong.engine.shapes import ColumnType


@dataclass(frozen=True, slots=True)
class Rule:
    """A semantic type, the pattern its values match (RE2, on trimmed text) and its name for people."""

    name: str
    pattern: str
    vi: str
    en: str
    identifies: bool = False
    """Values of this type name one subject wherever they occur."""
    folded: bool = False
    """The pattern is for the text without marks, in small letters."""
    strength: float = 1.0
    """How much it says that two columns both hold it: in many tables several columns are names of people."""
    check: str = ""
    """SQL on the trimmed text `t` or the folded text `f` that must hold besides the pattern."""
    passes: float = 0.0
    """The share of values that must pass where it is not the usual one."""

    @property
    def sql(self) -> str:
        """SQL: whether a value passes, from its trimmed text `t` and its folded text `f`."""
        passes = f"regexp_matches({'f' if self.folded else 't'}, {literal(self.pattern)})"
        return f"CASE WHEN {passes} THEN {self.check} ELSE FALSE END" if self.check else passes


FAMILY_NAMES = (
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong", "ly",
    "dinh", "truong", "mai", "doan", "luong", "ta", "cao", "ha", "chau", "to", "trinh", "dao", "lam", "tang", "luu", "quach",
    "thai", "la", "kieu", "chu", "nghiem", "phung", "tu", "ton", "vuong", "khuat", "lo", "quang", "hua", "nong", "sung",
    "trieu", "vi", "ma", "giang", "vang", "thao", "mua", "lau", "ban", "be", "luc", "au", "leo", "lu", "tong", "ca", "deo",
    "dieu", "moong", "lang", "than", "tieu", "diep", "thach", "son", "kim", "danh", "lieu", "ong", "ninh", "mac", "bach",
    "cam", "dam", "khong", "khuong", "lai", "phi", "phu", "sam", "tan", "thieu", "tiet", "uong", "van", "vong", "chau",
    "cu", "hang", "chang", "tan", "chao", "phan", "lo", "siu", "ksor", "rmah", "kpa", "nay", "nie", "mlo", "y", "h",
)  # fmt: skip


_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_TAX_SUM = " + ".join(
    f"{weight} * CAST(substr(t, {place}, 1) AS INTEGER)" for place, weight in enumerate(_TAX_WEIGHTS, 1)
)
_TAX_CHECK = f"(10 - ({_TAX_SUM}) % 11) = CAST(substr(t, 10, 1) AS INTEGER)"

OVER_DECADES = "over_decades"
_DECADES = 20 * 365.25

RULES: tuple[Rule, ...] = (
    Rule("citizen_number", r"^0[0-9]{11}$", "số định danh 12 chữ số", "12-digit citizen number", True),
    Rule(
        "bare_citizen_number",
        r"^[1-9][0-9]?[0-3][0-9]{8}$",
        "số định danh mất số 0",
        "citizen number without its first zeros",
    ),
    Rule("eleven_digits", r"^[1-9][0-9]{10}$", "số 11 chữ số", "11-digit number"),
    Rule(
        "bare_phone",
        r"^([35789][0-9]{8}|2[0-9]{9})$",
        "số điện thoại mất số 0",
        "telephone number without its zero",
    ),
    Rule(
        "checked_tax_code",
        r"^[0-9]{10}(-?[0-9]{3})?$",
        "mã số thuế có chữ số kiểm tra đúng",
        "tax code with a right check digit",
        True,
        check=_TAX_CHECK,
    ),
    Rule("old_identity_number", r"^[0-9]{9}$", "số 9 chữ số", "9-digit number", strength=0.4),
    Rule(
        "tax_code", r"^[0-9]{10}(-?[0-9]{3})?$", "mã 10 hoặc 13 chữ số", "10- or 13-digit code", strength=0.5
    ),
    Rule(
        "phone",
        r"^(\+84|0084|84|0)[ .()-]*([35789]([ .()-]*[0-9]){8}|2([ .()-]*[0-9]){8,9})$",
        "số điện thoại",
        "telephone number",
        True,
    ),
    Rule("mobile", r"^(\+84|0084|84|0)?[ .()-]*[35789]([ .()-]*[0-9]){8}$", "số di động", "mobile number"),
    Rule("landline", r"^(\+84|0084|84|0)?[ .()-]*2([ .()-]*[0-9]){8,9}$", "số máy bàn", "landline number"),
    Rule("email", r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$", "thư điện tử", "e-mail address", True),
    Rule("url", r"^(https?://|www\.)\S+$", "địa chỉ trang thông tin", "web address"),
    Rule("uuid", r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "UUID", "UUID", True),
    Rule("health_card", r"^[A-Z]{2}[1-5][0-9]{12}$", "số thẻ 15 ký tự", "15-character card number", True),
    Rule(
        "plate",
        r"^[0-9]{2}[ -]?[A-Z][A-Z0-9]?[ .-]*[0-9]{3}[ .]?[0-9]{1,2}$",
        "biển số xe",
        "vehicle plate",
        True,
    ),
    Rule("chassis", r"^[A-HJ-NPR-Z]{2}[A-HJ-NPR-Z0-9]{15}$", "số khung", "chassis number", True),
    Rule(
        "person_name",
        rf"^({'|'.join(FAMILY_NAMES)})( [a-z']+){{1,5}}$",
        "họ tên người",
        "names of people",
        folded=True,
        strength=0.8,
        # `hộ nghèo` is no Mr Hồ.
        check="NOT regexp_matches(f, '^ho (ngheo|can ngheo|thoat|gia dinh|khong|tai ngheo|kinh doanh|dan|ca the)\\b')",
        passes=0.8,
    ),
    Rule(
        "unit_name",
        r"^(xa|phuong|thi tran|tt|p|x|quan|huyen|tinh|thanh pho|tp|thi xa|tx|dac khu)[ .]",
        "tên đơn vị hành chính",
        "names of units",
        folded=True,
    ),
    Rule(
        "company_name",
        r"^(cong ty|cty|doanh nghiep|hop tac xa|htx|dntn|tap doan|tong cong ty|ho kinh doanh|chi nhanh)\b",
        "tên doanh nghiệp",
        "names of businesses",
        folded=True,
        strength=0.8,
    ),
    Rule(
        "organization_name",
        r"^(truong (tieu|trung|mam|mau|th|thcs|thpt|ptdt|pho thong|dai hoc|cao dang|dao tao|lien cap)|benh vien|tram y te|phong kham"
        r"|nha tre|trung tam|uy ban|ubnd|chi cuc|cuc|van phong|phong (giao|y te|tai|noi|van|tu phap|kinh|lao|nong|cong)"
        r"|so (giao|y te|xay|cong|tai|noi vu|khoa|nong|tu phap|van hoa|du lich|ke hoach|lao dong|thong tin|ngoai vu|dan toc)"
        r"|ban (quan ly|chi dao|tiep|dan toc|to chuc|tuyen|noi chinh)|vien (kiem|nghien|khoa|kinh)|hoi (nong|cuu|lien|chu thap|nguoi))\b",
        "tên cơ quan, đơn vị",
        "names of offices",
        folded=True,
        strength=0.8,
    ),
    Rule("address", r"^[^,;-]*[0-9][^,;]*( - |, ?)\S.*( - |, ?)\S", "địa chỉ", "addresses", strength=0.7),
    Rule(
        "day_first",
        r"^[0-3]?[0-9][/.-][01]?[0-9][/.-](1[89]|20)[0-9]{2}( 0?0:00(:00)?)?$",
        "ngày/tháng/năm",
        "day/month/year",
    ),
    Rule(
        "month_first",
        r"^[01]?[0-9][/-][0-3]?[0-9][/-](1[89]|20)[0-9]{2}$",
        "tháng/ngày/năm",
        "month/day/year",
    ),
    Rule(
        "iso_day",
        r"^(1[89]|20)[0-9]{2}[/-][01]?[0-9][/-][0-3]?[0-9]([ T]0?0:00(:00(\.0+)?)?)?$",
        "ngày ISO",
        "ISO day",
    ),
    Rule(
        "packed_day",
        r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$",
        "ngày viết liền",
        "packed day",
    ),
    Rule(
        "packed_day_first",
        r"^(0?[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])(19|20)[0-9]{2}$",
        "ngày viết liền, ngày trước",
        "packed day, day first",
    ),
    Rule(
        "moment",
        r"^[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}[ T][0-2]?[0-9]:[0-5][0-9]",
        "thời điểm",
        "points in time",
    ),
    Rule(
        "to_the_minute",
        r"[ T][0-2]?[0-9]:([1-5][0-9]|0[1-9]|00:([1-5][0-9]|0[1-9]))",
        "thời điểm có phút hoặc giây",
        "points in time with minutes or seconds",
    ),
    Rule("thousands", r"^-?[0-9]{1,3}([.][0-9]{3}){2,}(,[0-9]+)?$", "số có dấu chấm", "numbers with points"),
    # Told from the quantiles, not from single values.
    Rule(
        OVER_DECADES,
        r"^$",
        "ngày trải qua nhiều thập niên, như ngày sinh",
        "days over decades, as births are",
        strength=0.9,
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
    "citizen_number", "checked_tax_code", "phone", "tax_code", "email", "url", "uuid", "health_card", "plate", "chassis",
    "company_name", "organization_name", "person_name", "address", OVER_DECADES,
)  # fmt: skip
NUMBERS_A_SUBJECT = ("citizen_number", "health_card", "checked_tax_code", "plate", "chassis")
NAMES_A_SUBJECT = (*NUMBERS_A_SUBJECT, "person_name", "company_name")
"""Types whose values name or number one subject, whatever the column is called."""
_WITHOUT_ZERO = {
    "bare_citizen_number": "citizen_number",
    "bare_phone": "phone",
    "old_identity_number": "old_identity_number",
}
DAYS = ("day_first", "iso_day", "packed_day", "month_first", "packed_day_first")
PASSED, _SOME_OF_ELEVEN = 0.9, 0.1
_PASSES = {name: BY_NAME[name].passes or PASSED for name in TELLING}


def kind_of(kind: ColumnType, semantics: Mapping[str, float]) -> ValueKind:
    """What the values of a column are, from the type they are kept in and the rules they pass."""
    if kind == "boolean":
        return "boolean"
    if kind in ("date", "timestamp", "time"):
        return "date" if semantics["iso_day"] >= 0.99 else "moment"
    if kind == "integer":
        return "date" if max(semantics["packed_day"], semantics["packed_day_first"]) >= 0.97 else "number"
    if kind in ("decimal", "double"):
        return "number"
    if max(semantics[name] for name in DAYS) >= PASSED:
        return "date"
    if semantics["moment"] >= PASSED:
        return "moment"
    if semantics["digits"] >= PASSED or semantics["phone"] >= PASSED:
        return "code"
    if semantics["decimal"] + semantics["thousands"] >= 0.95:
        return "number"
    if semantics["with_digit"] >= 0.6 and semantics["several_words"] <= 0.1:
        return "code"
    return "text"


def over_decades(quantiles: Sequence[float]) -> bool:
    """True when days lie as far apart as the births of people do."""
    return len(quantiles) > 1 and quantiles[-1] - quantiles[0] >= _DECADES


def telling(semantics: Mapping[str, float]) -> str | None:
    """The semantic type that a column has beyond doubt, or None; numbers that lost their first zero keep theirs."""
    for name, passes in _PASSES.items():
        if name in semantics and semantics[name] >= passes:
            return name
    for bare, name in _WITHOUT_ZERO.items():
        if bare == "bare_citizen_number" and semantics.get("eleven_digits", 0.0) < _SOME_OF_ELEVEN:
            # Ten digits alone may be a number of any kind.
            continue
        if semantics.get(bare, 0.0) >= PASSED:
            return name
    return None
