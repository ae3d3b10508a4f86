"""What the name of a column and its comment say about its meaning: the words found, of any spelling."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lienthong.engine.profile.forms import folded

_PIECE = re.compile(r"[^\W_]+")
_LEAST_GLUED = 4
# Words whose parts mean something else: `so du` (a balance) is no part of `co so du lieu` (a database).
_COMPOUNDS = (
    "co so du lieu", "so luong", "chat luong", "khoi luong", "san luong", "trong luong", "dung luong", "nang luong",
    "luc luong", "ho so", "ho tro", "gia dinh", "quoc gia", "chuyen gia", "tham gia", "gia tri su dung", "mat do", "be mat", "mat bang",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A semantic type as `data/semantics.json` describes it, the longest cues first."""

    name: str
    vi: str
    en: str
    cues: tuple[str, ...]
    weak: tuple[str, ...]
    against: tuple[str, ...]
    form: str = ""


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """The shipped semantic types by name."""
    text = files("lienthong.engine.profile").joinpath("data/semantics.json").read_text(encoding="utf-8")
    return {name: _kind(name, entry) for name, entry in json.loads(text)["types"].items()}


def _kind(name: str, entry: Mapping[str, Any]) -> Kind:
    cues, weak, against = (
        tuple(sorted(entry[part], key=len, reverse=True)) for part in ("cues", "weak", "against")
    )
    return Kind(name, entry["vi"], entry["en"], cues, weak, against, entry.get("form", ""))


@lru_cache(maxsize=8)
def by_form(form: str) -> str:
    """The name of the type that has this form."""
    return next(name for name, kind in kinds().items() if kind.form == form)


def spoken(text: str) -> str:
    """A name as folded words between single spaces, with one at each end: `soCCCD_cu` is ` so cccd cu `."""
    parts: list[str] = []
    for piece in _PIECE.findall(unicodedata.normalize("NFC", text)):
        start = 0
        for here in range(1, len(piece)):
            before, now = piece[here - 1], piece[here]
            after = piece[here + 1] if here + 1 < len(piece) else ""
            if (
                (now.isupper() and before.islower())
                or (now.isupper() and before.isupper() and after.islower())
                or now.isdigit() != before.isdigit()
            ):
                parts.append(piece[start:here])
                start = here
        parts.append(piece[start:])
    words = [folded(part) for part in parts]
    said = " " + " ".join(word for word in words if not word.isdigit()) + " "
    for compound in _COMPOUNDS:
        said = said.replace(f" {compound} ", f" {compound.replace(' ', '')} ")
    return said


def found_in(said: str, phrases: tuple[str, ...]) -> str | None:
    """The first of these phrases that stands in the words, also written together: `hoten`, `masothue`."""
    glued = said.replace(" ", "")
    for phrase in phrases:
        if f" {phrase} " in said:
            return phrase
    for phrase in phrases:
        joined = phrase.replace(" ", "")
        if len(joined) >= _LEAST_GLUED and (
            glued == joined
            or (" " in phrase and (f" {joined}" in said or f"{joined} " in said or glued.startswith(joined)))
            or (" " not in phrase and _is_cluster(joined) and joined in glued)
        ):
            return phrase
        if len(joined) == 3 and _is_cluster(joined) and (glued.startswith(joined) or glued.endswith(joined)):
            return phrase
    return None


def _is_cluster(word: str) -> bool:
    """Letters that no word is made of: an abbreviation, known also within a longer word."""
    return not any(vowel in word for vowel in "aeiouy")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that speaks for a type: 2 strongly, 1 a little, 0 not at all, -1 against."""

    strength: int = 0
    word: str = ""


@lru_cache(maxsize=20_000)
def cues_of(name: str, comment: str) -> Mapping[str, Cue]:
    """For every type, what the name says of it, or else the comment."""
    told: dict[str, Cue] = {}
    said, explained = spoken(name), spoken(comment) if comment else ""
    for kind in kinds().values():
        told[kind.name] = _cue(kind, said, explained)
    for name_of, cue in told.items():
        # `ma the bao hiem` speaks of the card; the `ma` in it of nothing. A word within a longer one says little.
        if cue.strength == 2 and any(
            other.strength == 2 and other.word != cue.word and f" {cue.word} " in f" {other.word} "
            for other in told.values()
        ):
            told[name_of] = Cue(1, cue.word)
    return told


def _cue(kind: Kind, said: str, explained: str) -> Cue:
    if (word := found_in(said, kind.against)) is not None:
        return Cue(-1, word)
    for strength, phrases in ((2, kind.cues), (1, kind.weak)):
        if (word := found_in(said, phrases)) is not None:
            return Cue(strength, word)
    if explained:
        for strength, phrases in ((2, kind.cues), (1, kind.weak)):
            if (word := found_in(explained, phrases)) is not None and len(word) > 2:
                return Cue(strength, word)
    return Cue()
