"""What left in a sketch file, for people at a terminal, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT = {
    "vi": {
        "made": "Đã lập tệp phác thảo",
        "shown": "Tệp phác thảo",
        "database": "Cơ sở dữ liệu",
        "level": "Mức công bố",
        "0": "chỉ tên và kiểu cột",
        "1": "tên, kiểu và thống kê đã làm mờ",
        "2": "tên, kiểu, thống kê đã làm mờ và mã băm có khóa",
        "by": "Người lập",
        "at": "lúc",
        "period": "Kỳ đối chiếu",
        "expires": "Hết hạn, phải hủy sau ngày",
        "key": "Khóa",
        "no_key": "không có mã băm nào",
        "digest": "SHA-256",
        "leaves": "Ra ngoài",
        "withheld": "Giữ lại",
        "nothing": "không giữ lại gì",
        "rows": "khoảng {rows} dòng",
        "few": "ít dòng",
        "hashes": "{count} mã băm",
        "profile": "thống kê",
        "name": "tên",
        "personal": "dữ liệu cá nhân",
        "whole": "Tệp nguyên vẹn.",
        "sealed": "Tệp nguyên vẹn và do người giữ khóa lập.",
    },
    "en": {
        "made": "Made the sketch file",
        "shown": "Sketch file",
        "database": "Database",
        "level": "Level of disclosure",
        "0": "names and types of columns only",
        "1": "names, types and a suppressed profile",
        "2": "names, types, a suppressed profile and keyed hashes",
        "by": "Made by",
        "at": "at",
        "period": "Matching period",
        "expires": "Expires, to be destroyed after",
        "key": "Key",
        "no_key": "no hashes",
        "digest": "SHA-256",
        "leaves": "Leaves",
        "withheld": "Held back",
        "nothing": "nothing",
        "rows": "about {rows} rows",
        "few": "few rows",
        "hashes": "{count} hashes",
        "profile": "profile",
        "name": "name",
        "personal": "personal data",
        "whole": "The file is whole.",
        "sealed": "The file is whole and was made by a holder of the key.",
    },
}


def print_left(told: Mapping[str, Any], lang: str) -> str:
    """What was just written."""
    return "\n".join([f"{_TEXT[lang]['made']} {told['file']}", *_body(told, lang)])


def print_file(told: Mapping[str, Any], lang: str, *, sealed: bool) -> str:
    """What is in a file of somebody."""
    words = _TEXT[lang]
    lines = [f"{words['shown']} {told['file']}", words["sealed" if sealed else "whole"], *_body(told, lang)]
    return "\n".join(lines)


def _body(told: Mapping[str, Any], lang: str) -> list[str]:
    words = _TEXT[lang]
    lines = [
        f"{words['database']}: {told['database']}",
        f"{words['level']}: {told['level']} ({words[str(told['level'])]})",
        f"{words['by']}: {told['made_by']}, {words['at']} {told['made_at']}",
        f"{words['expires']}: {_day(told['expires'], lang)}",
        f"{words['key']}: {told['key'] or words['no_key']}",
        f"{words['digest']}: {told['digest']}",
    ]
    if told["period"]:
        lines.insert(3, f"{words['period']}: {told['period']}")
    lines += ["", f"{words['leaves']}:"]
    for table in told["tables"]:
        rows = (
            words["few"] if table["rows"] is None else words["rows"].format(rows=_count(table["rows"], lang))
        )
        lines.append(f"  {table['name']}" + (f" ({rows})" if told["level"] else ""))
        lines += [f"    {column['name']}: {_left(column, words, lang)}" for column in table["columns"]]
    lines += ["", f"{words['withheld']}:"]
    lines += [f"  {one['table']}.{one['column']}: {one[lang]}" for one in told["withheld"]]
    if not told["withheld"]:
        lines.append(f"  {words['nothing']}")
    return lines


def _left(column: Mapping[str, Any], words: Mapping[str, str], lang: str) -> str:
    parts = [words["name"]]
    if column["level"] >= 1:
        parts.append(words["profile"])
    if column["hashes"]:
        parts.append(words["hashes"].format(count=_count(max(column["hashes"].values()), lang)))
    if column["personal"]:
        parts.append(words["personal"])
    return ", ".join(parts)


def _count(count: int, lang: str) -> str:
    text = f"{count:,}"
    return text.replace(",", ".") if lang == "vi" else text


def _day(iso: str, lang: str) -> str:
    return "/".join(reversed(iso.split("-"))) if lang == "vi" else iso
