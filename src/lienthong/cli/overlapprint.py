"""Overlaps for people at a terminal, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lienthong.authority import rules
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
        "alike": "giống nhau",
        "alike_only": "Có {n} cặp cột giống nhau, chưa đủ để kết luận hai bên cùng giữ một dữ liệu; không đề xuất xử lý",
        "proposed": "Đề xuất",
        "no_tiers": "Chưa nêu cấp của cả hai bên (--tier), nên chưa có đề xuất xử lý",
        rules.MUST_SYNCHRONISE: "đồng bộ từ nguồn chuẩn",
        rules.STOP_COLLECTING: "ngừng thu thập",
        rules.DO_NOT_COLLECT: "không thu thập",
        rules.NAME_AUTHORITY: "xác định nguồn chuẩn",
        rules.ONE_STORE: "chỉ lưu tại một hệ thống",
        rules.BLOCKED_SOURCE: "hai nguồn của cùng một dữ liệu chủ quốc gia",
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
        "alike": "alike",
        "alike_only": "{n} pair(s) of columns are alike, too little to say that both hold the same data; nothing is proposed",
        "proposed": "Proposed",
        "no_tiers": "The class of both was not given (--tier), so nothing is proposed yet",
        rules.MUST_SYNCHRONISE: "synchronise from the authority",
        rules.STOP_COLLECTING: "stop collecting",
        rules.DO_NOT_COLLECT: "do not collect",
        rules.NAME_AUTHORITY: "name the authority",
        rules.ONE_STORE: "keep in one system only",
        rules.BLOCKED_SOURCE: "two sources of one national master item",
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
        matches = [
            match
            for match in found["correspondences"]
            if (match["left"]["database"], match["right"]["database"]) == (verdict["left"], verdict["right"])
        ]
        lines += _proposal(verdict, matches, words)
        for table in verdict["tables"]:
            rows = f"{_count(table['left_rows'], lang)} / {_count(table['right_rows'], lang)} {words['rows']}"
            lines.append(f"  {table['left_table']} ↔ {table['right_table']}: {words[table['kind']]}, {rows}")
        for match in matches:
            lines += _match(match, words, lang, overlaps=verdict["overlaps"])
        lines.append("")
    return "\n".join(map(printed, lines)).rstrip()


def _proposal(
    verdict: Mapping[str, Any], matches: Sequence[Mapping[str, Any]], words: Mapping[str, str]
) -> list[str]:
    """Whose copy counts and what is asked of the other; why nothing is, where columns are alike."""
    if not verdict["overlaps"]:
        alike = sum(match["kind"] == "overlap" for match in matches)
        return [f"  {words['alike_only'].format(n=alike)}"] if alike else []
    if verdict["proposed_outcome"] is None:
        return [f"  {words['no_tiers']}"]
    lines = [f"  {words['source']}: {verdict['authority']}"] if verdict["authority"] else []
    return [*lines, f"  {words['proposed']}: {words[verdict['proposed_outcome']]} ({verdict['requirement']})"]


def _match(match: Mapping[str, Any], words: Mapping[str, str], lang: str, *, overlaps: bool) -> list[str]:
    kind = match["kind"] if overlaps or match["kind"] != "overlap" else "alike"
    left, right = match["left"], match["right"]
    lines = [
        f"  • {left['table']}.{left['column']} = {right['table']}.{right['column']}"
        f"  [{words[kind]}, {_percent(match['score'], lang)}]"
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
