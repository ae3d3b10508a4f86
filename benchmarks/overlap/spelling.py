"""How agencies spell: names of columns in many styles, and the same values in many formats."""

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

EXCEL_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a fact is called: Vietnamese with marks, abbreviated, in English, in French."""

    vi: tuple[str, ...]
    short: tuple[str, ...]
    en: tuple[str, ...]
    fr: tuple[str, ...]


@lru_cache(maxsize=1)
def phrases() -> dict[str, Phrases]:
    """Every fact with its phrases, see `phrases.csv`."""
    with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["fact"]: Phrases(*(tuple(row[key].split(";")) for key in ("vi", "short", "en", "fr")))
            for row in csv.DictReader(file)
        }


def folded(text: str) -> str:
    """Without marks."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _words(text: str) -> list[str]:
    return [word for word in "".join(c if c.isalnum() else " " for c in folded(text)).split() if word]


def _camel(words: Sequence[str]) -> str:
    return words[0].lower() + "".join(word.capitalize() for word in words[1:])


STYLES: dict[str, tuple[str, Callable[[list[str], str], str]]] = {
    "snake": ("vi", lambda words, _: "_".join(words).lower()),
    "glued": ("vi", lambda words, _: "".join(words).lower()),
    "camel": ("vi", lambda words, _: _camel(words)),
    "pascal": ("vi", lambda words, _: "".join(word.capitalize() for word in words)),
    "capitals": ("vi", lambda words, _: "_".join(words).upper()),
    "accents": ("vi", lambda _, phrase: phrase[0].upper() + phrase[1:]),
    "accents_capitals": ("vi", lambda _, phrase: phrase.upper()),
    "prefixed": ("vi", lambda words, _: "f_" + "_".join(words).lower()),
    "short": ("short", lambda _, phrase: phrase),
    "short_capitals": ("short", lambda _, phrase: phrase.upper()),
    "english": ("en", lambda words, _: "_".join(words).lower()),
    "english_camel": ("en", lambda words, _: _camel(words)),
    "english_capitals": ("en", lambda words, _: "_".join(words).upper()),
    "french": ("fr", lambda words, _: "_".join(words).lower()),
}
OPAQUE = ("c{:02d}", "F_{}", "COL{}", "truong{}")


def column_name(fact: str, style: str, place: int, part: int, chance: random.Random) -> str:
    """The name of a column for a fact; the two parts of the benchmark use different synonyms where there are some."""
    if style.startswith("opaque"):
        return OPAQUE[int(style[-1])].format(place)
    if style == "mixed":
        style = chance.choice(("snake", "short", "english", "camel"))
    language, make = STYLES[style]
    options = getattr(phrases()[fact], language)
    options = options[part::2] or options
    phrase = chance.choice(options)
    return make(_words(phrase), phrase)


@dataclass(frozen=True, slots=True)
class Manner:
    """How one database writes values."""

    day: str
    names: str
    sex: tuple[str, str]
    phone: str
    address: int
    bare_units: bool
    lost_zeros: bool
    thousands: bool
    comma: bool


def manner(chance: random.Random) -> Manner:
    """A manner drawn at random."""
    return Manner(
        day=chance.choice(("iso", "slash", "slash", "dash", "packed", "serial", "moment", "short")),
        names=chance.choice(("as", "as", "upper", "bare", "bare upper", "nfd")),
        sex=chance.choice((("Nam", "Nữ"), ("Nam", "Nữ"), ("1", "0"), ("M", "F"), ("1", "2"), ("NAM", "NU"))),
        phone=chance.choice(("as", "as", "+84", "spaced", "number", "84")),
        address=chance.randrange(3),
        bare_units=chance.random() < 0.3,
        lost_zeros=chance.random() < 0.25,
        thousands=chance.random() < 0.2,
        comma=chance.random() < 0.2,
    )


def written(fact: str, value: Any, how: Manner) -> str:
    """One value as this database writes it."""
    if isinstance(value, date):
        return _day(value, how.day)
    if isinstance(value, tuple):
        return _address(value, how)
    if isinstance(value, float):
        text = f"{value:g}" if abs(value) < 1e5 else f"{value:.1f}"
        return text.replace(".", ",") if how.comma else text
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".") if how.thousands and value >= 10_000 else str(value)
    if fact == "person.sex":
        return how.sex[0] if value == "Nam" else how.sex[1]
    if fact.endswith(("phone", "phone2", "fax")):
        return _phone(value, how.phone)
    if value.isdigit():
        return value.lstrip("0") if how.lost_zeros else value
    if fact in ("person.commune", "person.province", "person.hometown") and how.bare_units:
        value = (
            value.removeprefix("Phường ").removeprefix("Xã ").removeprefix("Tỉnh ").removeprefix("Thành phố ")
        )
    if fact.endswith(("name", "commune", "province", "hometown", "father", "mother")):
        return _cased(value, how.names)
    return value


def _day(value: date, how: str) -> str:
    if how == "serial":
        return str((value - EXCEL_DAY_ZERO).days)
    if how == "short":
        return f"{value.day}/{value.month}/{value.year}"
    form = {
        "iso": "%Y-%m-%d",
        "slash": "%d/%m/%Y",
        "dash": "%d-%m-%Y",
        "packed": "%Y%m%d",
        "moment": "%Y-%m-%d 00:00:00",
    }
    return value.strftime(form[how])


def _phone(value: str, how: str) -> str:
    if how in ("+84", "84"):
        return how + value[1:]
    if how == "spaced":
        return f"{value[:4]} {value[4:7]} {value[7:]}"
    return value[1:] if how == "number" else value


def _address(value: tuple[str, str, str], how: Manner) -> str:
    street, commune, province = value
    if how.address == 0:
        return ", ".join(value)
    number, _, road = street.partition(" ")
    small = commune.replace("Phường ", "P. ").replace("Xã ", "X. ")
    if how.address == 1:
        return f"Số {number}, đường {road}, {small}, {province.replace('Tỉnh ', 'T. ').replace('Thành phố ', 'TP. ')}"
    return f"{number} {road} - {small} - {province}".upper()


def _cased(value: str, how: str) -> str:
    if "bare" in how:
        value = folded(value)
    if "upper" in how:
        value = value.upper()
    return unicodedata.normalize("NFD", value) if how == "nfd" else value
