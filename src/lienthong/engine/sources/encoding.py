"""Text files as they come from offices: find out how a file is encoded, and hand it on as UTF-8.

UTF-8 with or without its mark, UTF-16, and the eight-bit code pages of older Vietnamese machines. Encodings are
named as Python names them. Windows-1258 writes a tone as a separate mark behind its vowel, so what is transcoded
from it is also put into composed form (NFC). The file is read in a stream; its size does not matter.
"""

from __future__ import annotations

import codecs
import unicodedata
from itertools import pairwise
from pathlib import Path

from lienthong.engine.sources.legacy import LEGACY, vietnamese_share

_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TONES_1258 = frozenset(b"\xcc\xd2\xde\xec\xf2")
_LETTERS_1258 = frozenset(b"\xc3\xd0\xd5\xdd\xe3\xf0\xf5\xfd\xc2\xca\xd4\xe2\xea\xf4")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 11, 12, 13, 26))
UTF8 = frozenset({"utf-8", "utf-8-sig"})
_COMPOSED = frozenset({"cp1258"})


class EncodingMismatch(Exception):
    """The text is not written in this encoding; `line` is the first that shows it, from 1."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


def encoding_of(path: Path, *, whole: bool) -> str:
    """The name of the encoding of a text file; `binary` when it is no text in any that is known.

    Judges by the first megabyte, or by the whole file: text can look like UTF-8 for a long time.
    """
    with path.open("rb") as file:
        start = file.read(_BLOCK)
        for mark, name in _MARKS:
            if start.startswith(mark) and (name != "utf-8-sig" or not whole):
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
    return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"


def known_encoding(name: str) -> str | None:
    """The name under which we know an encoding that a person named; None when there is none of this name."""
    plain = name.strip().lower().replace("_", "-")
    if plain in LEGACY:
        return plain
    try:
        found = codecs.lookup("cp1258" if plain in ("windows-1258", "cp-1258") else plain).name
    except (LookupError, ValueError):
        return None
    found = {"iso8859-1": "latin-1", "utf-16": "utf-16-le"}.get(found, found)
    try:
        "a".encode(found).decode(found)
    except (LookupError, ValueError, TypeError):
        return None
    return found


def transcode(path: Path, encoding: str, target: Path, *, strict: bool = False) -> None:
    """Write the text of `path` into `target` as UTF-8, with line ends kept.

    `strict` raises EncodingMismatch where the text is not in this encoding; else such bytes are shown by a sign.
    """
    turn = LEGACY.get(encoding) or (_nfc if encoding in _COMPOSED else None)
    codec = "latin-1" if encoding in LEGACY else encoding
    decoder = codecs.getincrementaldecoder(codec)("strict" if strict else "replace")
    held, lines, first = "", 0, True
    with path.open("rb") as source, target.open("w", encoding="utf-8", errors="replace", newline="") as sink:
        while True:
            block = source.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise EncodingMismatch(lines + block[: error.start].count(b"\n") + 1) from None
            if first:
                text, first = text.removeprefix("\ufeff"), False
            lines += text.count("\n")
            if turn is None:
                sink.write(text)
            else:
                held += text
                # A mark at the start of the next block belongs to the last letter of this one.
                cut = len(held) if not block else _last_letter(held)
                sink.write(turn(held[:cut]))
                held = held[cut:]
            if not block:
                return


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _last_letter(text: str) -> int:
    """Where a text may be cut: behind the last sign that is no letter."""
    for cut in range(len(text), max(len(text) - 4096, 0), -1):
        if text[cut - 1] < "A":
            return cut
    return 0 if len(text) < 4096 else len(text)


def _utf16_without_mark(start: bytes) -> str:
    pairs = max(1, len(start) // 2)
    if start[1::2].count(0) > pairs * 0.4 and start[0::2].count(0) < pairs * 0.1:
        return "utf-16-le"
    if start[0::2].count(0) > pairs * 0.4 and start[1::2].count(0) < pairs * 0.1:
        return "utf-16-be"
    return "binary"


def _controls(start: bytes) -> int:
    return len(start) - len(start.translate(None, _CONTROLS))


def _eight_bit(text: bytes) -> str:
    """The code page in which the words are Vietnamese: Windows-1258, or a font before Unicode; else Latin-1."""
    vowels = frozenset(b"aeiouyAEIOUY\xc2\xca\xd4\xe2\xea\xf4\xc3\xe3\xd5\xf5\xdd\xfd")
    high = sum(1 for code in text if code >= 0x80)
    toned = sum(1 for before, code in pairwise(text) if code in _TONES_1258 and before in vowels)
    lettered = sum(1 for code in text if code in _LETTERS_1258)
    windows = vietnamese_share(text.decode("cp1258", "replace"))
    plain = text.decode("latin-1")
    shares = {name: vietnamese_share(turn(plain)) for name, turn in LEGACY.items()}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] >= 0.7 and shares[best] > max(windows, vietnamese_share(plain)) + 0.2:
        return best
    if toned and (toned + lettered) * 4 >= high:
        return "cp1258"
    try:
        text.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"
