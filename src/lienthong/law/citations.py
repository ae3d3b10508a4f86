"""How a text of law and a place in it are cited, in Vietnamese and in English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

KINDS = {
    "code": ("", ""),
    "law": ("", ""),
    "decree": ("Nghị định", "Decree"),
    "decision": ("Quyết định", "Decision"),
    "circular": ("Thông tư", "Circular"),
    "dispatch": ("Công văn", "Dispatch"),
    "notice": ("Thông báo", "Notice"),
    "plan": ("Kế hoạch", "Plan"),
    "standard": ("", ""),
}
_ARTICLE = re.compile(r"^(?P<article>\d+)(?:\.(?P<clause>\d+))?(?:\.(?P<point>[a-zđ]))?$")
_NUMBER = re.compile(r"(?<![\d/])(\d{1,5}(?:/\d{4})?(?:/[A-ZĐ][A-ZĐa-zđ0-9-]*)?)(?![\d])")


@dataclass(frozen=True)
class Place:
    """Article, clause and point; all empty for a text as a whole or a place that has no article number."""

    article: str = ""
    clause: str = ""
    point: str = ""


def place_of(at: str) -> Place:
    """`35.3` is Article 35, clause 3; `16.2.đ` adds a point."""
    found = _ARTICLE.match(at)
    if found is None:
        return Place()
    return Place(found["article"], found["clause"] or "", found["point"] or "")


def place_text(place: Place, locale: str) -> str:
    """`điểm a khoản 2 Điều 35`, or `Article 35, clause 2, point a`."""
    if not place.article:
        return ""
    if locale.startswith("vi"):
        parts = [f"điểm {place.point}"] if place.point else []
        parts += [f"khoản {place.clause}"] if place.clause else []
        return " ".join([*parts, f"Điều {place.article}"])
    parts = [f"Article {place.article}"]
    parts += [f"clause {place.clause}"] if place.clause else []
    parts += [f"point {place.point}"] if place.point else []
    return ", ".join(parts)


def instrument_text(kind: str, number: str, title: str, locale: str) -> str:
    """`Nghị định số 47/2020/NĐ-CP`; laws and codes are cited by their name, standards by their number."""
    vietnamese = locale.startswith("vi")
    word = KINDS[kind][0 if vietnamese else 1]
    if kind == "standard":
        return number
    if not word:
        return f"{title} số {number}" if vietnamese else f"{title} {number}"
    return f"{word} số {number}" if vietnamese else f"{word} {number}"


def full_text(kind: str, number: str, title: str, *, issued_on: date | None, issuer: str) -> str:
    """`Nghị định số 47/2020/NĐ-CP ngày 09 tháng 4 năm 2020 của Chính phủ về quản lý …`; a law by name, number and day."""
    named = instrument_text(kind, number, title, "vi")
    if issued_on is not None:
        month = f"{issued_on.month:02d}" if issued_on.month < 3 else str(issued_on.month)
        named += f" ngày {issued_on.day:02d} tháng {month} năm {issued_on.year}"
    word = KINDS[kind][0]
    if not word:
        return named
    rest = title.removeprefix(word).strip()
    if number in rest:
        return f"{named} của {issuer}"
    return f"{named} của {issuer} {rest[:1].lower()}{rest[1:]}"


def provision_text(place: str, instrument: str, locale: str) -> str:
    """A place and its text: `khoản 3 Điều 35 Nghị định số 47/2020/NĐ-CP`."""
    if not place:
        return instrument
    return f"{place} {instrument}" if locale.startswith("vi") else f"{place}, {instrument}"


def covers(place: str, other: str) -> bool:
    """Whether a change of one place (`20`, or empty for the whole text) touches another (`20.3`)."""
    return not place or place == other or other.startswith(f"{place}.")


def numbers_in(text: str) -> list[str]:
    """What looks like the number of a legal text: `194/2025/NĐ-CP`, `47/2020`, `714/QĐ-TTg`."""
    return [found for found in _NUMBER.findall(text) if "/" in found]


def named_by(number: str, known: Iterable[str]) -> str | None:
    """The known full number that a cited number stands for; `47/2020` stands for `47/2020/NĐ-CP`."""
    wanted = number.casefold()
    for full in known:
        folded = full.casefold()
        if folded == wanted or folded.startswith(f"{wanted}/"):
            return full
    return None
