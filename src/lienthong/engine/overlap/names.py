"""What the name of a column says: words of any spelling, in Vietnamese or English, taken to concepts."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_D = str.maketrans({"đ": "d", "Đ": "D"})
_WORD = re.compile(r"[^\W_]+")
_GENERIC, _UNKNOWN, _SHORT = 0.35, 0.8, 0.4
_NEAR = 0.6
_GENERIC_AT_MOST = 0.6
_TABLE_WEIGHT = 0.6
_LONGEST_PHRASE = 6
_LEAST_GLUED = 4
_OF_SOMEBODY_ELSE = 0.8
_ONE_LETTER, _FIRST_LETTERS, _INITIALS, _LAST_WORDS = 0.4, 0.8, 1.0, 0.5
_OPAQUE = re.compile(
    r"(col|column|cot|truong|field|fld|var|attr|att|attribute|[a-z])?[_-]*[0-9]{1,4}|[a-z]|(col|column|cot|field)[_-]*[a-z]"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The shipped vocabulary, see `data/words.json`."""

    expand: Mapping[str, tuple[str, ...]]
    phrases: Mapping[tuple[str, ...], str]
    generic: frozenset[str]
    near: frozenset[frozenset[str]]
    ignored: frozenset[str]
    bookkeeping: frozenset[str]
    roles: frozenset[str]
    known: frozenset[str]
    lists: frozenset[str]


@lru_cache(maxsize=1)
def words() -> Words:
    """The shipped vocabulary."""
    data: dict[str, Any] = json.loads(
        files("lienthong.engine.overlap").joinpath("data/words.json").read_text(encoding="utf-8")
    )
    phrases: dict[tuple[str, ...], str] = {}
    for concept, spellings in data["concepts"].items():
        for spelling in spellings:
            phrases.setdefault(tuple(spelling.split()), concept)
    known = {word for phrase in phrases for word in phrase}
    known |= {word for phrase in data["glue"] for word in phrase.split()}
    return Words(
        expand={short: tuple(phrase.split()) for short, phrase in data["expand"].items()},
        phrases=phrases,
        generic=frozenset(data["generic"]),
        near=frozenset(frozenset(pair) for pair in data["near"]),
        ignored=frozenset(data["ignored"]),
        bookkeeping=frozenset(data["bookkeeping"]),
        roles=frozenset(data["roles"]),
        known=frozenset(word for word in known if len(word) > 1),
        lists=frozenset(data["lists"]),
    )


def folded(text: str) -> str:
    """Small letters without any mark: `Mã_Xã` becomes `ma_xa`."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).translate(_D))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def split(name: str) -> list[str]:
    """The folded words of a name: by separators, by capitals, and between letters and digits."""
    parts: list[str] = []
    for piece in _WORD.findall(unicodedata.normalize("NFC", name)):
        start = 0
        for position in range(1, len(piece)):
            before, here = piece[position - 1], piece[position]
            after = piece[position + 1] if position + 1 < len(piece) else ""
            if (
                (here.isupper() and before.islower())
                or (here.isupper() and before.isupper() and after.islower())
                or (here.isdigit() != before.isdigit())
            ):
                parts.append(piece[start:position])
                start = position
        parts.append(piece[start:])
    return [folded(part) for part in parts]


@lru_cache(maxsize=50_000)
def concepts(name: str) -> Mapping[str, float]:
    """The concepts of a name and how much each says; unknown words stand for themselves."""
    vocabulary = words()
    tokens: list[str] = []
    written = split(name)
    whole = vocabulary.phrases.get(tuple(written)) if len(written) > 1 else None
    if whole is not None:
        # `so gt` is a paper's number, though `gt` alone is the sex.
        return {whole: _GENERIC if whole in vocabulary.generic else 1.0}
    for word in written:
        if word.isdigit():
            continue
        singular = word.removesuffix("s")
        if word not in vocabulary.known and len(singular) > 3 and singular in vocabulary.known:
            word = singular
        if word in vocabulary.expand:
            tokens.extend(vocabulary.expand[word])
        elif word in vocabulary.known:
            tokens.append(word)
        else:
            tokens.extend(_unglued(word))
    found: dict[str, float] = {}
    position = 0
    while position < len(tokens):
        for length in range(min(_LONGEST_PHRASE, len(tokens) - position), 0, -1):
            concept = vocabulary.phrases.get(tuple(tokens[position : position + length]))
            if concept is not None:
                found[concept] = _GENERIC if concept in vocabulary.generic else 1.0
                position += length
                break
        else:
            word = tokens[position]
            if word not in vocabulary.ignored:
                found["=" + word] = _UNKNOWN if len(word) > 2 else _SHORT
            position += 1
    return found


def _unglued(word: str) -> list[str]:
    """`matinh` is `ma tinh`: the fewest known words that make up the whole, or the word itself."""
    vocabulary = words()
    if len(word) < _LEAST_GLUED:
        return [word]
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 12), end):
            before, piece = best[start], word[start:end]
            if before is None:
                continue
            if piece in vocabulary.known:
                made = [*before, piece]
            elif piece in vocabulary.expand and len(piece) > 2:
                made = [*before, *vocabulary.expand[piece]]
            else:
                continue
            current = best[end]
            if current is None or len(made) < len(current):
                best[end] = made
    whole = best[len(word)]
    return whole if whole is not None else [word]


@lru_cache(maxsize=50_000)
def in_table(column: str, table: str) -> Mapping[str, float]:
    """The concepts of a column; a column with a generic name (`ma`, `name`) is told by its table too."""
    own = concepts(column)
    generic = words().generic
    if any(concept not in generic and not concept.startswith("=") for concept in own):
        return own
    told = {concept: _TABLE_WEIGHT * weight for concept, weight in concepts(table).items()}
    return {**told, **own} if own else told


def concept_similarity(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """How much of what two names say they say alike, from 0 to 1; related concepts count for a part."""
    if not left or not right:
        return 0.0
    total = sum(left.values()) + sum(right.values())
    shared = 0.0
    for one, other in ((left, right), (right, left)):
        for concept, weight in one.items():
            shared += weight * max(_alike(concept, candidate) for candidate in other)
    return shared / total


@lru_cache(maxsize=200_000)
def _alike(left: str, right: str) -> float:
    if left == right:
        return 1.0
    if frozenset((left, right)) in words().near:
        return _NEAR
    if left[0] == "=" and right[0] == "=" and min(len(left), len(right)) > 4:
        similar = trigrams_alike(left[1:], right[1:])
        return similar if similar >= 0.5 else 0.0
    return 0.0


@lru_cache(maxsize=200_000)
def trigrams_alike(left: str, right: str) -> float:
    """Dice coefficient of the letter trigrams of two folded words, with their ends marked."""
    one, other = _trigrams(left), _trigrams(right)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


@lru_cache(maxsize=50_000)
def _trigrams(text: str) -> frozenset[str]:
    marked = f"^{text}$"
    return frozenset(marked[i : i + 3] for i in range(len(marked) - 2))


def similarity(
    left: str,
    right: str,
    *,
    left_table: str = "",
    right_table: str = "",
    extra: Iterable[tuple[str, str]] = (),
) -> float:
    """How alike two column names are, from 0 to 1; `extra` are pairs of titles to try as well.

    Equal names that say little (`id`, `name`) are no proof: they stay below one unless their tables agree.
    """
    best = _pair(left, right, left_table, right_table)
    for one, other in extra:
        if one and other:
            best = max(best, _pair(one, other, left_table, right_table))
    return best


@lru_cache(maxsize=200_000)
def abbreviates(left: str, right: str) -> float:
    """How surely one name is made of the first letters of the words of the other, from 0 to 1: `CName` of `CustomerName`."""
    return max(_shortened(left, right), _shortened(right, left))


def _shortened(short: str, long: str) -> float:
    letters, words_of = "".join(split(short)), split(long)
    if not letters.isalpha() or len(letters) >= sum(map(len, words_of)):
        return 0.0
    if _taken(letters, tuple(words_of)):
        if len(words_of) == 1:
            return _ONE_LETTER if len(letters) == 1 else _FIRST_LETTERS if len(letters) > 2 else 0.0
        return _INITIALS
    return _LAST_WORDS if any(letters == "".join(words_of[at:]) for at in range(1, len(words_of))) else 0.0


def _taken(letters: str, words_of: tuple[str, ...]) -> bool:
    """Whether these letters are the beginnings of these words, one after the other, of each at least a letter."""
    if not words_of:
        return not letters
    first = words_of[0]
    return any(
        first.startswith(letters[:size]) and _taken(letters[size:], words_of[1:])
        for size in range(min(len(first), len(letters)), 0, -1)
    )


@lru_cache(maxsize=50_000)
def _joined(name: str) -> str:
    return "".join(split(name))


@lru_cache(maxsize=50_000)
def opaque(name: str) -> bool:
    """True when a name only numbers columns: `c01`, `F_12`, `COL3`, `truong5`."""
    return _OPAQUE.fullmatch(folded(name).replace(" ", "")) is not None


def told_apart(left: str, right: str, left_table: str = "", right_table: str = "") -> float:
    """How surely two names speak of different things, from 0 to 1.

    Both are understood and have nothing in common, or one is of somebody else (`dien_thoai_nguoi_than`) and the
    table of the other is not about him.
    """
    if opaque(left) or opaque(right):
        return 0.0
    one, other = _understood(left), _understood(right)
    roles = words().roles
    for mine, theirs, here, there in (
        (one, other, left_table, right_table),
        (other, one, right_table, left_table),
    ):
        # The telephone of a school in a table of schools is of whom the row is.
        of_others = (mine & roles) - set(concepts(here))
        if of_others and theirs and not of_others & (theirs | set(concepts(there))):
            return _OF_SOMEBODY_ELSE
    if not one or not other or any(_alike(a, b) > 0 for a in one for b in other):
        return 0.0
    return 1.0


_RELATIVES = frozenset({"father", "mother", "spouse", "relative"})


def of_relatives(*names: str) -> bool:
    """True when one of the names speaks of a parent, spouse or other relative, and not all do."""
    said = [bool(_RELATIVES & set(concepts(name))) for name in names]
    return any(said) and not all(said)


@lru_cache(maxsize=50_000)
def _understood(name: str) -> frozenset[str]:
    """The concepts of a name that say something, when all of its words are known."""
    found = concepts(name)
    if any(concept.startswith("=") for concept in found):
        return frozenset()
    return frozenset(concept for concept in found if concept not in words().generic)


@lru_cache(maxsize=50_000)
def speaks(name: str) -> bool:
    """True when a name says what it is of: `ma_sach`, not `ma` or `id`."""
    return not opaque(name) and any(concept not in words().generic for concept in concepts(name))


@lru_cache(maxsize=50_000)
def contains(name: str, part: str) -> bool:
    """True when all words of one name stand together in another: `staff_id` in `manager_staff_id`."""
    whole, words_of = split(name), split(part)
    size = len(words_of)
    return bool(size) and any(whole[at : at + size] == words_of for at in range(len(whole) - size + 1))


@lru_cache(maxsize=50_000)
def bookkeeping(name: str) -> bool:
    """True when a name says that the column keeps the table itself: row number, remark, last change, who entered it."""
    found = set(concepts(name))
    return bool(found & words().bookkeeping) and not found - words().bookkeeping - words().generic


@lru_cache(maxsize=50_000)
def names_a_list(name: str) -> bool:
    """True when a name says that the column is filled from a list: sex, kind of land, unit, trade."""
    said = set(concepts(name)) - words().generic
    return bool(said) and said <= words().lists


@lru_cache(maxsize=200_000)
def _pair(left: str, right: str, left_table: str, right_table: str) -> float:
    if opaque(left) or opaque(right):
        return 0.0
    told = in_table(left, left_table), in_table(right, right_table)
    by_concept = concept_similarity(*told)
    if all(concept in words().generic for concept in (*told[0], *told[1])):
        by_concept *= _GENERIC_AT_MOST
    one, other = _joined(left), _joined(right)
    if one == other:
        generic = all(concept in words().generic for concept in concepts(left))
        return max(by_concept, _GENERIC_AT_MOST if generic else 1.0)
    by_spelling = 0.7 * trigrams_alike(one, other) if min(len(one), len(other)) > 3 else 0.0
    return max(by_concept, by_spelling if by_spelling >= 0.4 else 0.0)
