"""The rules of quality: what each counts, which characteristic of ISO/IEC 25012 and which criterion it measures.

A rule is told by a stable code; thirty and more of them are evaluated for the columns they apply to. Criteria are the
five that data are judged by in Viet Nam: đúng (right), đủ (complete), sạch (clean), sống (alive), thống nhất
(consistent). Texts take the facts of a finding: `{count}` of `{tested}`, `{percent}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from lienthong.engine.shapes import Severity

Characteristic = Literal[
    "accuracy", "completeness", "consistency", "credibility", "currentness", "compliance", "precision", "understandability"
]  # fmt: skip
Criterion = Literal["right", "complete", "clean", "alive", "consistent"]
Scope = Literal["column", "table", "source"]

CHARACTERISTICS: Mapping[str, tuple[str, str]] = {
    "accuracy": ("tính chính xác", "accuracy"),
    "completeness": ("tính đầy đủ", "completeness"),
    "consistency": ("tính nhất quán", "consistency"),
    "credibility": ("tính đáng tin cậy", "credibility"),
    "currentness": ("tính cập nhật", "currentness"),
    "compliance": ("tính tuân thủ", "compliance"),
    "precision": ("độ chi tiết", "precision"),
    "understandability": ("tính dễ hiểu", "understandability"),
}
CRITERIA: Mapping[str, tuple[str, str]] = {
    "right": ("đúng", "right"),
    "complete": ("đủ", "complete"),
    "clean": ("sạch", "clean"),
    "alive": ("sống", "alive"),
    "consistent": ("thống nhất", "consistent"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, what it measures, how grave and how heavy it is, and what to say and do about it.

    `counted` tells of what the share is taken, in Vietnamese and English.
    """

    code: str
    characteristic: Characteristic
    criterion: Criterion
    severity: Severity
    weight: float
    scope: Scope
    vi: str
    en: str
    hint_vi: str
    hint_en: str

    def text(self, facts: Mapping[str, Any], locale: str = "vi") -> str:
        """What was found, in Vietnamese, or in English for any locale that begins with `en`."""
        english = locale.startswith("en")
        said = {name: _said(value, english) if name in _COUNTS else value for name, value in facts.items()}
        return (self.en if english else self.vi).format_map(_Facts(said))

    def counted(self, locale: str = "vi") -> str:
        """What the rule counts, without the numbers of a finding."""
        text = self.en if locale.startswith("en") else self.vi
        text = re.sub(r"\s*\(\{percent\}\)", "", text).replace("{count} ", "").replace("{tested} ", "")
        text = re.sub(r"\{[a-z_]+\}", "…", text)
        return text[:1].upper() + text[1:]


_COUNTS = frozenset({"count", "tested", "rows", "distinct"})


def _said(value: Any, english: bool) -> Any:
    """A number with its digits grouped as the language does."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return f"{value:,}" if english else f"{value:,}".replace(",", ".")


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


_MADE: list[Rule] = []


def _rule(
    code: str, characteristic: Characteristic, criterion: Criterion, severity: Severity, weight: float,
    texts: tuple[str, str], hints: tuple[str, str], scope: Scope = "column",
) -> None:  # fmt: skip
    _MADE.append(Rule(code, characteristic, criterion, severity, weight, scope, *texts, *hints))


_rule(
    "value_missing",
    "completeness",
    "complete",
    "warning",
    1.0,
    ("{count} dòng bỏ trống ({percent})", "{count} rows are empty ({percent})"),
    (
        "Bổ sung giá trị, hoặc ghi rõ trường không bắt buộc.",
        "Fill the values in, or state that the field is optional.",
    ),
)
_rule(
    "value_placeholder",
    "completeness",
    "complete",
    "warning",
    1.0,
    (
        "{count} dòng ghi giá trị thay cho bỏ trống như “không có”, “N/A”, 01/01/1900 ({percent})",
        "{count} rows hold a value that stands for nothing, such as “N/A” or 01/01/1900 ({percent})",
    ),
    ("Để trống khi chưa có dữ liệu; không ghi giá trị giả.", "Leave the value empty when it is not known."),
)
_rule(
    "text_empty",
    "completeness",
    "complete",
    "info",
    0.5,
    (
        "{count} dòng là chuỗi rỗng hoặc toàn dấu cách thay vì để trống ({percent})",
        "{count} rows hold an empty text or blanks instead of no value ({percent})",
    ),
    ("Thống nhất một cách ghi khi không có dữ liệu.", "Write missing values in one way only."),
)
_rule(
    "mandatory_missing",
    "completeness",
    "complete",
    "error",
    2.0,
    (
        "{count} dòng thiếu giá trị ở cột khóa hoặc cột bắt buộc ({percent})",
        "{count} rows lack a value in a key or mandatory column ({percent})",
    ),
    (
        "Bổ sung ngay: bản ghi không có khóa thì không đối chiếu được.",
        "Fill in at once: a row without key cannot be matched.",
    ),
)
_rule(
    "column_empty",
    "completeness",
    "complete",
    "warning",
    0.0,
    ("Cột không có giá trị nào trong {tested} dòng", "The column holds no value in {tested} rows"),
    ("Bỏ cột không dùng, hoặc bắt đầu thu thập.", "Drop the column, or begin to collect it."),
)
_rule(
    "column_constant",
    "precision",
    "clean",
    "info",
    0.0,
    ("Mọi dòng có giá trị đều ghi cùng một giá trị", "Every filled row holds the same value"),
    ("Xem lại cột có còn cần thiết không.", "Consider whether the column is still needed."),
)
_rule(
    "text_untrimmed",
    "consistency",
    "clean",
    "info",
    0.5,
    (
        "{count} dòng thừa dấu cách ở đầu, cuối hoặc giữa ({percent})",
        "{count} rows have surplus blanks ({percent})",
    ),
    ("Cắt dấu cách thừa khi nhập và khi nhận dữ liệu.", "Trim blanks on entry and on receipt."),
)
_rule(
    "control_character",
    "accuracy",
    "clean",
    "warning",
    1.0,
    (
        "{count} dòng có ký tự điều khiển hoặc ký tự ẩn ({percent})",
        "{count} rows hold control or invisible characters ({percent})",
    ),
    (
        "Loại ký tự không in được; kiểm tra phần mềm xuất dữ liệu.",
        "Remove them; check the program that exported the data.",
    ),
)
_rule(
    "markup_left",
    "accuracy",
    "clean",
    "warning",
    1.0,
    ("{count} dòng còn sót thẻ HTML ({percent})", "{count} rows hold leftover HTML ({percent})"),
    ("Chỉ lưu văn bản thuần.", "Keep plain text only."),
)
_rule(
    "mojibake",
    "accuracy",
    "clean",
    "error",
    1.5,
    (
        "{count} dòng bị lỗi mã chữ tiếng Việt ({percent})",
        "{count} rows hold wrongly decoded text ({percent})",
    ),
    ("Xuất lại dữ liệu bằng UTF-8 từ nguồn.", "Export the data again as UTF-8 from its source."),
)
_rule(
    "decomposed_text",
    "consistency",
    "consistent",
    "info",
    0.5,
    (
        "{count} dòng ghi chữ tổ hợp (NFD) thay vì dựng sẵn (NFC) ({percent})",
        "{count} rows are decomposed Unicode (NFD) instead of NFC ({percent})",
    ),
    ("Chuẩn hóa về Unicode dựng sẵn theo TCVN 6909.", "Normalise to precomposed Unicode (TCVN 6909)."),
)
_rule(
    "spelling_variant",
    "consistency",
    "consistent",
    "warning",
    1.0,
    (
        "{count} dòng ghi cùng một giá trị bằng nhiều cách (hoa thường, dấu cách, tổ hợp) ({percent})",
        "{count} rows write a value in another way than most do (case, blanks, marks) ({percent})",
    ),
    ("Chọn một cách ghi và thay thế các cách còn lại.", "Choose one spelling and replace the others."),
)
_rule(
    "mixed_types",
    "accuracy",
    "right",
    "warning",
    1.0,
    (
        "{count} dòng ghi chữ trong cột số ({percent})",
        "{count} rows hold words in a column of numbers ({percent})",
    ),
    ("Tách ghi chú sang cột khác.", "Move remarks to a column of their own."),
)
_rule(
    "text_truncated",
    "precision",
    "complete",
    "warning",
    1.0,
    (
        "{count} dòng dài đúng {length} ký tự, có thể đã bị cắt ({percent})",
        "{count} rows are exactly {length} characters long, perhaps cut ({percent})",
    ),
    ("Nới độ dài của cột ở nguồn.", "Widen the column at its source."),
)
_rule(
    "date_as_text",
    "compliance",
    "consistent",
    "info",
    0.5,
    ("Ngày được lưu dạng chữ trong cả {tested} dòng", "Days are kept as text in all {tested} rows"),
    ("Chuyển sang kiểu ngày, trao đổi theo ISO 8601.", "Use a date type; exchange days as ISO 8601."),
)
_rule(
    "identifier_form",
    "accuracy",
    "right",
    "warning",
    1.5,
    (
        "{count} dòng không đúng dạng {form_vi} ({percent})",
        "{count} rows lack the form of a {form_en} ({percent})",
    ),
    (
        "Kiểm tra với giấy tờ gốc hoặc cơ sở dữ liệu quốc gia.",
        "Check with the original paper or the national database.",
    ),
)
_rule(
    "check_digit",
    "accuracy",
    "right",
    "error",
    2.0,
    ("{count} dòng sai số kiểm tra ({percent})", "{count} rows have a wrong check digit ({percent})"),
    ("Tra cứu lại mã số thuế; thường do gõ nhầm.", "Look the code up again; it is mostly a slip of typing."),
)
_rule(
    "leading_zero_lost",
    "accuracy",
    "right",
    "warning",
    1.0,
    ("{count} dòng mất số 0 đứng đầu ({percent})", "{count} rows have lost their leading zero ({percent})"),
    (
        "Lưu mã dạng chữ; không mở bằng bảng tính rồi lưu lại.",
        "Keep codes as text; do not save them from a spreadsheet.",
    ),
)
_rule(
    "email_invalid",
    "accuracy",
    "right",
    "warning",
    1.0,
    (
        "{count} dòng không phải địa chỉ thư điện tử ({percent})",
        "{count} rows are no e-mail address ({percent})",
    ),
    ("Kiểm tra khi nhập.", "Check on entry."),
)
_rule(
    "phone_invalid",
    "accuracy",
    "right",
    "warning",
    1.0,
    ("{count} dòng không phải số điện thoại ({percent})", "{count} rows are no telephone number ({percent})"),
    ("Chuyển đầu số cũ sang mới; kiểm tra khi nhập.", "Move old prefixes to the new ones; check on entry."),
)
_rule(
    "date_impossible",
    "accuracy",
    "right",
    "error",
    1.5,
    (
        "{count} dòng ghi ngày không có thật hoặc sai dạng ({percent})",
        "{count} rows write a day that does not exist ({percent})",
    ),
    ("Đối chiếu giấy tờ gốc, ví dụ 31/02.", "Compare with the original, for example 31/02."),
)
_rule(
    "date_in_future",
    "accuracy",
    "right",
    "warning",
    1.0,
    ("{count} dòng có ngày ở tương lai ({percent})", "{count} rows have a day in the future ({percent})"),
    ("Kiểm tra ngày nhập.", "Check the day that was entered."),
)
_rule(
    "date_too_old",
    "accuracy",
    "right",
    "warning",
    1.0,
    ("{count} dòng có ngày trước năm 1900 ({percent})", "{count} rows have a day before 1900 ({percent})"),
    ("Kiểm tra năm nhập.", "Check the year that was entered."),
)
_rule(
    "year_out_of_range",
    "accuracy",
    "right",
    "warning",
    1.0,
    ("{count} dòng có năm ngoài khoảng hợp lý ({percent})", "{count} rows have an unlikely year ({percent})"),
    ("Kiểm tra năm nhập.", "Check the year that was entered."),
)
_rule(
    "negative_amount",
    "accuracy",
    "right",
    "warning",
    1.0,
    (
        "{count} dòng có số âm ở cột tiền hoặc số lượng ({percent})",
        "{count} rows are negative in a column of amounts ({percent})",
    ),
    ("Kiểm tra dấu và ý nghĩa của số âm.", "Check the sign and what a negative number means."),
)
_rule(
    "coordinate_out_of_range",
    "accuracy",
    "right",
    "warning",
    1.0,
    (
        "{count} dòng có tọa độ ngoài lãnh thổ Việt Nam ({percent})",
        "{count} rows lie outside Viet Nam ({percent})",
    ),
    ("Kiểm tra thứ tự vĩ độ, kinh độ và hệ tọa độ.", "Check the order of the axes and the reference system."),
)
_rule(
    "outlier",
    "credibility",
    "right",
    "info",
    0.5,
    (
        "{count} dòng có giá trị lệch xa phần còn lại ({percent})",
        "{count} rows are far from all others ({percent})",
    ),
    ("Kiểm tra đơn vị tính.", "Check the unit of measure."),
)
_rule(
    "code_unknown",
    "compliance",
    "consistent",
    "warning",
    1.5,
    (
        "{count} dòng có mã hoặc tên không thuộc danh mục {list_vi} ({percent})",
        "{count} rows hold a code or name outside the list of {list_en} ({percent})",
    ),
    ("Cập nhật theo danh mục dùng chung.", "Bring the codes up to the shared list."),
)
_rule(
    "key_repeated",
    "consistency",
    "right",
    "error",
    2.0,
    ("{count} dòng trùng khóa ({percent})", "{count} rows repeat a key ({percent})"),
    ("Gộp hoặc xóa bản ghi trùng.", "Merge or delete repeated records."),
)
_rule(
    "nearly_unique",
    "consistency",
    "right",
    "warning",
    1.5,
    (
        "{count} dòng trùng giá trị ở cột gần như mỗi dòng một giá trị ({percent})",
        "{count} rows repeat a value in a column that is otherwise unique ({percent})",
    ),
    ("Rà soát bản ghi trùng.", "Look for repeated records."),
)
_rule(
    "outdated",
    "currentness",
    "alive",
    "warning",
    1.5,
    (
        "Giá trị mới nhất là {newest}, đã {days} ngày, trong khi nhịp cập nhật khoảng {rhythm} ngày",
        "The newest value is {newest}, {days} days old, while data come about every {rhythm} days",
    ),
    ("Cập nhật dữ liệu, hoặc công bố đã ngừng cập nhật.", "Update the data, or state that they are closed."),
)
_rule(
    "duplicate_row",
    "consistency",
    "clean",
    "warning",
    1.5,
    (
        "{count} dòng trùng hoàn toàn với dòng khác ({percent})",
        "{count} rows are the same as another row ({percent})",
    ),
    ("Xóa dòng trùng.", "Delete repeated rows."),
    "table",
)
_rule(
    "duplicate_moment",
    "consistency",
    "clean",
    "warning",
    1.5,
    (
        "{count} dòng trùng thời điểm {per_vi} ({percent})",
        "{count} rows repeat a moment {per_en} ({percent})",
    ),
    ("Giữ một giá trị cho mỗi thời điểm; kiểm tra múi giờ.", "Keep one value per moment; check time zones."),
    "table",
)
_rule(
    "end_before_start",
    "consistency",
    "right",
    "error",
    1.5,
    ("{count} dòng có {end} trước {start} ({percent})", "{count} rows have {end} before {start} ({percent})"),
    ("Kiểm tra hai ngày với hồ sơ gốc.", "Check both days with the original."),
    "table",
)
_rule(
    "birth_against_identity",
    "credibility",
    "right",
    "warning",
    1.0,
    (
        "{count} dòng có {other} không khớp số định danh ({percent})",
        "{count} rows where {other} differs from what the citizen number tells ({percent})",
    ),
    (
        "Chỉ là cảnh báo: đối chiếu Cơ sở dữ liệu quốc gia về dân cư.",
        "A warning only: compare with the national population database.",
    ),
    "table",
)
_rule(
    "unit_hierarchy",
    "consistency",
    "consistent",
    "error",
    1.5,
    (
        "{count} dòng có {lower} không thuộc {upper} ({percent})",
        "{count} rows where {lower} is no part of {upper} ({percent})",
    ),
    (
        "Đối chiếu danh mục đơn vị hành chính đúng thời kỳ.",
        "Compare with the list of administrative units of that time.",
    ),
    "table",
)
_rule(
    "total_not_sum",
    "consistency",
    "right",
    "warning",
    1.5,
    (
        "{count} dòng có {total} khác tổng của {parts} ({percent})",
        "{count} rows where {total} is not the sum of {parts} ({percent})",
    ),
    ("Tính lại, hoặc ghi rõ phần còn thiếu.", "Calculate again, or state what is missing."),
    "table",
)
_rule(
    "code_name_conflict",
    "consistency",
    "consistent",
    "warning",
    1.0,
    (
        "{count} dòng có mã {code_column} đi với nhiều hơn một {name_column} ({percent})",
        "{count} rows where a {code_column} goes with more than one {name_column} ({percent})",
    ),
    ("Mỗi mã một tên: sửa theo danh mục.", "One name for each code: follow the list."),
    "table",
)
_rule(
    "key_missing",
    "understandability",
    "consistent",
    "info",
    0.5,
    (
        "Bảng không khai báo khóa và không có cột nào mỗi dòng một giá trị",
        "The table declares no key and no column is unique",
    ),
    ("Bổ sung khóa để đối chiếu và cập nhật được.", "Add a key, so that rows can be matched and updated."),
    "table",
)
_rule("orphan_reference", "consistency", "consistent", "error", 2.0,
      ("{count} dòng tham chiếu {ref} không có ở bảng đích ({percent})", "{count} rows refer to a {ref} that does not exist ({percent})"),
      ("Bổ sung bản ghi ở bảng đích hoặc sửa mã tham chiếu.", "Add the missing record or mend the reference."), "source")  # fmt: skip

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _MADE}
assert set(get_args(Characteristic)) == set(CHARACTERISTICS)
assert set(get_args(Criterion)) == set(CRITERIA)


def percent(share: float, locale: str = "vi") -> str:
    """A share as people read it: `1,7%`, and `< 0,1%` for what would be zero."""
    if 0 < share < 0.001:
        text = "< 0.1%"
    else:
        text = f"{share * 100:.1f}".removesuffix(".0") + "%"
    return text if locale.startswith("en") else text.replace(".", ",")


def grouped_digits(number: int, locale: str = "vi") -> str:
    """A number as people read it: `1.234.567`."""
    text = f"{number:,}"
    return text if locale.startswith("en") else text.replace(",", ".")
