"""Overlaps for people at a terminal, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lienthong.engine.overlap.leaving import printed

_TEXT = {
    "vi": {
        "overlap": "chồng lấn",
        "code_list": "dùng chung danh mục",
        "none": "không có kết luận",
        "yes": "CÓ dữ liệu chồng lấn",
        "no": "Không thấy dữ liệu chồng lấn",
        "source": "Nguồn chuẩn theo cấp",
        "left": "bên trái có ở bên phải",
        "right": "bên phải có ở bên trái",
        "for": "Vì",
        "against": "Nhưng",
        "rows": "dòng",
    },
    "en": {
        "overlap": "overlap",
        "code_list": "common code list",
        "none": "no verdict",
        "yes": "The same data IS held in both",
        "no": "No common data was found",
        "source": "Authority by class",
        "left": "of the left is on the right",
        "right": "of the right is on the left",
        "for": "Because",
        "against": "But",
        "rows": "rows",
    },
}


def print_overlaps(found: Mapping[str, Any], lang: str) -> str:
    """The verdicts, the tables behind them, and each match with its reasons."""
    words = _TEXT[lang]
    lines: list[str] = []
    for verdict in found["verdicts"]:
        lines.append(
            f"{verdict['left']} ↔ {verdict['right']}: {words['yes' if verdict['overlaps'] else 'no']}"
        )
        if verdict["authority"]:
            lines.append(
                f"  {words['source']}: {verdict['authority']} → {verdict['proposed_outcome'] or '-'}"
            )
        for table in verdict["tables"]:
            rows = f"{_count(table['left_rows'], lang)} / {_count(table['right_rows'], lang)} {words['rows']}"
            lines.append(f"  {table['left_table']} ↔ {table['right_table']}: {words[table['kind']]}, {rows}")
        for match in found["correspondences"]:
            if (match["left"]["database"], match["right"]["database"]) == (verdict["left"], verdict["right"]):
                lines += _match(match, words, lang)
        lines.append("")
    return "\n".join(map(printed, lines)).rstrip()


def _match(match: Mapping[str, Any], words: Mapping[str, str], lang: str) -> list[str]:
    left, right = match["left"], match["right"]
    lines = [
        f"  • {left['table']}.{left['column']} = {right['table']}.{right['column']}"
        f"  [{words[match['kind']]}, {_percent(match['score'], lang)}]"
    ]
    if match["containment"] is not None:
        for side in ("left", "right"):
            share = match["containment"][side]
            lines.append(f"      {_percent(share['value'], lang)} {words[side]}{_interval(share, lang)}")
    for group, heading in (("reasons", "for"), ("against", "against")):
        told = "; ".join(reason[lang] for reason in match[group])
        if told:
            lines.append(f"      {words[heading]}: {told}")
    return lines


def _interval(share: Mapping[str, float], lang: str) -> str:
    if share["high"] - share["low"] < 0.001:
        return ""
    return f" ({_percent(share['low'], lang)} - {_percent(share['high'], lang)})"


def _percent(value: float, lang: str) -> str:
    text = f"{100 * value:.1f}%"
    return text.replace(".", ",") if lang == "vi" else text


def _count(value: int | None, lang: str) -> str:
    if value is None:
        return "?"
    text = f"{value:,}"
    return text.replace(",", ".") if lang == "vi" else text
