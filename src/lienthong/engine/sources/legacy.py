"""Vietnamese before Unicode: the fonts TCVN3 (ABC) and VNI, whose letters are other signs in any code page.

A text in them is told by its words: read in the right way, they are syllables as Vietnamese has them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_TCVN3 = "ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
_FROM_TCVN3 = {0xA1 + place: letter for place, letter in enumerate(unicodedata.normalize("NFC", _TCVN3))}
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HATTED = {
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_MARKS = _TONES | _HATTED
_ALONE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
_VNI = re.compile(
    f"([aeouy])([{''.join(_MARKS)}])|([ôö])([{''.join(_TONES)}]?)|([{''.join(_ALONE)}])", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?:[iuo]?[aăâeêioôơuưy]|[aâeêioôơuư][iouy]|[iuưyoê]{1,2}[êơôâa][ui]?|u[yoâ][êaiu]?|uyê|oa[iy]|oe[o]?|[iy]êu|ươ[iu]|uôi|ưu|ây|ay)"
    r"(?:ch|ng|nh|[ckmnpt])?"
)
_TONE_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323")

LEGACY: dict[str, Callable[[str], str]] = {}


def from_tcvn3(text: str) -> str:
    """The text of a file in TCVN3 that was read as Latin-1."""
    return unicodedata.normalize("NFC", text.translate(_FROM_TCVN3))


def from_vni(text: str) -> str:
    """The text of a file in VNI for Windows that was read as Latin-1: marks stand behind their letters."""
    return unicodedata.normalize("NFC", _VNI.sub(_composed, text))


def _composed(found: re.Match[str]) -> str:
    base, mark, horned, tone, alone = found.groups()
    if base:
        return base + _MARKS[mark.lower()]
    if horned:
        plain = {"ô": "ơ", "ö": "ư"}[horned.lower()]
        return (plain.upper() if horned.isupper() else plain) + _TONES.get((tone or "").lower(), "")
    letter = _ALONE[alone.lower()]
    return letter.upper() if alone.isupper() else letter


LEGACY |= {"tcvn3": from_tcvn3, "vni": from_vni}


def vietnamese_share(text: str) -> float:
    """The share of the words beyond ASCII in a text that are Vietnamese syllables; 0 when there are too few to tell."""
    words = [word for word in _WORD.findall(text)[:4000] if not word.isascii()]
    return sum(map(_is_syllable, words)) / len(words) if len(words) >= 3 else 0.0


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).lower())
    tones = [mark for mark in apart if mark in _TONE_MARKS]
    bare = unicodedata.normalize("NFC", "".join(letter for letter in apart if letter not in _TONE_MARKS))
    return len(tones) <= 1 and len(word) <= 9 and _SYLLABLE.fullmatch(bare) is not None
