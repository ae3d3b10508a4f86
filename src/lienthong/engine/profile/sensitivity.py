"""Whether a column holds data of persons, and of which class, as the machine proposes it; a person confirms.

Classes come from what the values mean and from what the name and comment say: health, ethnicity, religion, biometrics,
accounts, criminal records, whereabouts, politics and sexual life are sensitive, what names a person is basic.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from lienthong.engine.profile.cues import found_in, spoken
from lienthong.engine.profile.forms import folded
from lienthong.engine.shapes import JsonScalar, SemanticType, Sensitivity


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind of personal data: its class, its name for people, the words that tell it."""

    name: str
    sensitivity: Sensitivity
    vi: str
    en: str
    cues: tuple[str, ...]
    about_persons: bool
    """True when the word tells personal data only in a table of persons."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The class proposed for a column, why (Vietnamese, English), and whether it may hold a state secret."""

    sensitivity: Sensitivity = "none"
    reason: tuple[str, str] = ("", "")
    state_secret: bool = False


NOTHING = (
    "không thấy dấu hiệu dữ liệu cá nhân trong tên, chú thích và giá trị",
    "name, comment and values show no sign of personal data",
)
_OF_PERSONS = frozenset({"citizen_number", "old_identity_number", "social_insurance", "health_insurance", "passport",
                         "person_name"})  # fmt: skip


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Concept, ...], Mapping[str, Mapping[str, str]], Mapping[str, tuple[str, ...]]]:
    data = json.loads(
        files("lienthong.engine.profile").joinpath("data/sensitivity.json").read_text(encoding="utf-8")
    )
    concepts = tuple(
        Concept(
            name, entry["class"], entry["vi"], entry["en"],
            tuple(sorted(entry["cues"], key=len, reverse=True)), entry.get("about_persons", False),
        )
        for name, entry in data["concepts"].items()
    )  # fmt: skip
    return concepts, data["types"], {name: tuple(words) for name, words in data["secret"].items()}


def holds_persons(semantics: Iterable[SemanticType]) -> bool:
    """Whether the columns of a table tell that its rows are, or name, persons."""
    return any(semantic.name in _OF_PERSONS for semantic in semantics)


def propose(
    name: str,
    comment: str,
    semantic: SemanticType,
    values: Iterable[JsonScalar] = (),
    *,
    persons: bool = False,
) -> Proposal:
    """Propose the class of a column from its name, comment, meaning and a few frequent values.

    `persons`: the table holds persons (see `holds_persons`).
    """
    concepts, types, _ = _shipped()
    secret = is_marked_secret(name, comment, values)
    said, explained = spoken(name), spoken(comment) if comment else " "
    found: list[tuple[Concept, str]] = []
    for concept in concepts:
        word = found_in(said, concept.cues) or (found_in(explained, concept.cues) if comment else None)
        if word is not None and (persons or not concept.about_persons):
            found.append((concept, word))
    found.sort(key=lambda one: (one[0].sensitivity != "sensitive", -len(one[1])))
    if found and found[0][0].sensitivity == "sensitive":
        return Proposal("sensitive", _said(*found[0]), secret)
    entry = types.get(semantic.name or "")
    if entry is not None and (persons or not entry.get("about_persons")):
        reason = (f"giá trị là {entry['vi']}", f"its values are {entry['en']}")
        return Proposal("sensitive" if entry["class"] == "sensitive" else "basic", reason, secret)
    if found and semantic.name not in ("organisation_name",):
        return Proposal("basic", _said(*found[0]), secret)
    return Proposal("none", NOTHING, secret)


def _said(concept: Concept, word: str) -> tuple[str, str]:
    return (
        f"tên hoặc chú thích cột có “{word}”: {concept.vi}",
        f"its name or comment holds “{word}”: {concept.en}",
    )


def is_marked_secret(name: str, comment: str, values: Iterable[JsonScalar] = ()) -> bool:
    """Whether words in the name or comment, or markings among the values, speak of state secrets."""
    secret = _shipped()[2]
    for text in (name, comment):
        if text and found_in(spoken(text), secret["names"]) is not None:
            return True
        exact = " " + " ".join(unicodedata.normalize("NFC", text).casefold().replace("_", " ").split()) + " "
        if any(f" {word} " in exact for word in secret["exact"]):
            return True
    return any(_is_marking(value, secret) for value in values if isinstance(value, str))


def _is_marking(value: str, secret: Mapping[str, tuple[str, ...]]) -> bool:
    plain = folded(value)
    if plain in secret["sure_values"]:
        return True
    # `Mật` marks a secret; `mất` and `mặt` do not.
    return plain in secret["values"] and "ậ" in unicodedata.normalize("NFC", value).casefold()
