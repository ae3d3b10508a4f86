"""Vietnamese text: fold for searching, sort key for lists, one spelling for storage.

SQLite's own case folding and ordering stop at ASCII, and `đ` is a letter of its own rather than a `d` with a mark;
so both are computed here and stored in columns.
"""

from __future__ import annotations

import re
import unicodedata

_D = str.maketrans({"đ": "d", "Đ": "D"})
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: index for index, letter in enumerate(_LETTERS)}
# Order of tones in Vietnamese dictionaries: level, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}
_SIGNS = "0123456789abcdefghijklmnopqrstuv"
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def nfc(text: str) -> str:
    """The one spelling in which text is stored and compared."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without any mark: `Dữ liệu đất đai` becomes `du lieu dat dai`."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize(
        "NFC", "".join(c for c in decomposed if not unicodedata.combining(c))
    ).casefold()


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def in_words(text: str) -> str:
    """The folded words with a space before and behind each, so that a whole word is sought as ` word `."""
    return f" {' '.join(words(text))} "


def slug(text: str, limit: int = 80) -> str:
    """An address part without marks: `Danh mục xã, phường` becomes `danh-muc-xa-phuong`."""
    return "-".join(words(text))[:limit].strip("-")


def sort_key(text: str) -> str:
    """A string whose order is the Vietnamese dictionary order (a ă â, d đ, e ê, o ô ơ, u ư; tones last).

    It holds digits and small letters only, so that every database orders it alike whatever its collation.
    """
    primary: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFC", text).casefold():
        weight, tone = _weight(character)
        primary.append(weight)
        tones.append(str(tone))
    return "".join(primary) + "00" + "".join(tones)


def _weight(character: str) -> tuple[str, int]:
    """Two signs for a letter (more for a foreign one), and its tone."""
    tone = 0
    kept = []
    for part in unicodedata.normalize("NFD", character):
        if part in _TONES:
            tone = _TONES[part]
        elif part in _SHAPES or not unicodedata.combining(part):
            kept.append(part)
    letter = unicodedata.normalize("NFC", "".join(kept))
    rank = _RANK.get(letter)
    if rank is not None:
        return _signs(0x100 + rank), tone
    if character.isspace():
        return _signs(1), tone
    number = ord(letter[0]) if letter else 1
    return _signs(max(2, number)) if number < 0x100 else "vv" + f"{number:06x}", tone


def _signs(number: int) -> str:
    return _SIGNS[number >> 5] + _SIGNS[number & 31]
