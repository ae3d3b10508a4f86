"""What the codes of rows set aside mean to a person, in Vietnamese and English."""

from __future__ import annotations

from lienthong.engine.sync.applying import DELETE_REFUSED

_REASONS: dict[str, tuple[str, str]] = {
    "null_refused": ("thiếu giá trị bắt buộc", "a mandatory value is missing"),
    "not_unique": ("trùng giá trị phải là duy nhất", "a value that must be unique is taken"),
    "reference_broken": ("tham chiếu tới dòng không có", "it refers to a row that is not there"),
    "check_broken": ("vi phạm điều kiện kiểm tra của bảng nhận", "a check of the target does not hold"),
    "constraint_broken": ("vi phạm ràng buộc của bảng nhận", "a constraint of the target does not hold"),
    "too_long": ("dài hơn cột nhận", "longer than the column takes"),
    "out_of_range": ("vượt giới hạn của cột nhận", "beyond what the column takes"),
    "decimals_lost": ("có nhiều chữ số thập phân hơn cột nhận", "more decimals than the column keeps"),
    "value_not_of_type": ("giá trị không đúng kiểu của cột nhận", "no value of the column's type"),
    "character_refused": ("có ký tự mà bảng nhận không lưu được", "a character that the target cannot keep"),
    "refused_by_trigger": ("bị thủ tục kiểm tra của bảng nhận từ chối", "refused by a trigger of the target"),
    "key_empty": ("thiếu giá trị khóa", "the key is empty"),
    "key_repeated": ("nhiều dòng cùng một khóa", "several rows have one key"),
    "not_a_day": ("không đọc được thành ngày", "it cannot be read as a day"),
    "not_a_number": ("không đọc được thành số", "it cannot be read as a number"),
    "code_split": ("mã cũ tách thành nhiều mã mới", "several codes follow the old one"),
    "code_unknown": ("mã không có trong bảng chuyển đổi", "the code is not in the table of conversion"),
}
_KEPT = ("chưa xóa được: ", "it could not be deleted: ")


def reason_text(code: str) -> tuple[str, str]:
    """Why a row was set aside, in Vietnamese and English."""
    if code.startswith(DELETE_REFUSED):
        vi, en = reason_text(code.removeprefix(DELETE_REFUSED))
        return _KEPT[0] + vi, _KEPT[1] + en
    return _REASONS.get(code, (code, code))
