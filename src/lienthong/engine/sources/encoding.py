"""Text files as they come from offices: find out how a file is encoded, and hand it on as UTF-8.

UTF-8 with or without its mark, UTF-16, and the two eight-bit code pages of older Vietnamese machines.
Windows-1258 writes a tone as a separate mark behind its vowel, so whatever is transcoded is also put
into composed form (NFC). The file is read in a stream; its size does not matter.
"""

from __future__ import annotations

import codecs
import unicodedata
from itertools import pairwise
from pathlib import Path

_BLOCK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TONES_1258 = frozenset(b"\xcc\xd2\xde\xec\xf2")
_LETTERS_1258 = frozenset(b"\xc3\xd0\xd5\xdd\xe3\xf0\xf5\xfd\xc2\xca\xd4\xe2\xea\xf4")


def encoding_of(path: Path, *, whole: bool) -> str:
    """The name of the encoding of a text file; `binary` when it is no text in any that is known.

    Judges by the first megabyte, or by the whole file: text can look like UTF-8 for a long time.
    """
    with path.open("rb") as file:
        start = file.read(_BLOCK)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        if b"\x00" in start:
            return _utf16_without_mark(start)
        if _controls(start) > len(start) // 100:
            return "binary"
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = start
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK) if whole else b""
            decoder.decode(b"", final=whole or len(start) < _BLOCK)
        except UnicodeDecodeError:
            return _eight_bit(block or start)
    return "utf-8"


def transcode(path: Path, encoding: str, target: Path) -> None:
    """Write the text of `path` into `target` as UTF-8 in composed form, with line ends kept."""
    composed = ""
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as sink,
    ):
        while block := source.read(_BLOCK):
            composed += block
            # A combining mark at the start of the next block belongs to the last letter of this one.
            cut = len(composed)
            while cut > 0 and (cut == len(composed) or unicodedata.combining(composed[cut])):
                cut -= 1
            sink.write(unicodedata.normalize("NFC", composed[:cut]))
            composed = composed[cut:]
        sink.write(unicodedata.normalize("NFC", composed))


def _utf16_without_mark(start: bytes) -> str:
    pairs = max(1, len(start) // 2)
    if start[1::2].count(0) > pairs * 0.4 and start[0::2].count(0) < pairs * 0.1:
        return "utf-16-le"
    if start[0::2].count(0) > pairs * 0.4 and start[1::2].count(0) < pairs * 0.1:
        return "utf-16-be"
    return "binary"


def _controls(start: bytes) -> int:
    return sum(start.count(bytes([code])) for code in range(32) if code not in (9, 10, 11, 12, 13, 26))


def _eight_bit(text: bytes) -> str:
    """Windows-1258 when tones follow vowels as only Vietnamese has them, else Latin-1 as Windows means it."""
    vowels = frozenset(b"aeiouyAEIOUY\xc2\xca\xd4\xe2\xea\xf4\xc3\xe3\xd5\xf5\xdd\xfd")
    high = sum(1 for code in text if code >= 0x80)
    toned = sum(1 for before, code in pairwise(text) if code in _TONES_1258 and before in vowels)
    lettered = sum(1 for code in text if code in _LETTERS_1258)
    if toned and (toned + lettered) * 4 >= high:
        return "cp1258"
    try:
        text.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"
