"""The file in which a sketch leaves: what it is, who made it, until when; readable by people but for the hashes.

    LIENTHONG-SKETCH 1
    header <bytes> values <bytes>
    { … }                                the header, JSON in UTF-8
    <bytes>                              packed hashes, where the header says
    sha-256 <64 hex digits>              of everything before
    seal <64 hex digits, or ->           of that digest, by the key

Everything is checked before it is believed: sizes before they are read, the digest before the header, every part of the
header before it is used. See `docs/explanation/sketch-files.md`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from lienthong.engine.overlap.errors import (
    SketchDamaged,
    SketchError,
    SketchExpired,
    SketchKeysDiffer,
    SketchNotOurs,
    SketchNotWritten,
    SketchTooLarge,
    SketchVersionUnknown,
)
from lienthong.engine.overlap.headers import printable, read_database, written_database
from lienthong.engine.overlap.keys import fingerprint, seal
from lienthong.engine.overlap.leaving import Leaving, printed
from lienthong.engine.overlap.packing import pack
from lienthong.engine.overlap.shapes import METHOD, DatabaseSketch

MAGIC = b"LIENTHONG-SKETCH "
VERSION = 1
MOST_BYTES, MOST_HEADER = 256_000_000, 32_000_000
DAYS = 90
_TAIL = len("\nsha-256 ") + 64 + len("\nseal ") + 64 + 1


@dataclass(frozen=True, slots=True)
class Letter:
    """What a file says of itself: by whom, when and for which matching period it was made, and until when it is good.

    `key` is the fingerprint of the key, None when no hashes are in it. `sealed`: whether it carries a seal.
    """

    level: int
    made_by: str
    made_at: datetime
    expires: date
    period: str = ""
    software: str = ""
    key: str | None = None
    policy: Mapping[str, int] = field(default_factory=dict)
    withheld: tuple[Mapping[str, str], ...] = ()
    digest: str = ""
    seal: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The letter in its published form."""
        return {
            "level": self.level,
            "made_by": self.made_by,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "period": self.period,
            "expires": self.expires.isoformat(),
            "software": self.software,
            "key": self.key,
            "policy": dict(self.policy),
            "withheld": [dict(one) for one in self.withheld],
        }


@dataclass(frozen=True, slots=True)
class SketchFile:
    """A file as it was read: what it says of itself, and the sketch."""

    letter: Letter
    sketch: DatabaseSketch
    personal: frozenset[tuple[str, str]]


def usual_expiry(today: date) -> date:
    """Until when a file made today is good when nothing else was said."""
    return today + timedelta(days=DAYS)


def write_sketch(path: Path, what: Leaving, letter: Letter, key: bytes | None) -> Letter:
    """Write the file, whole or not at all, readable by its owner alone; gives the letter with digest and seal.

    Writes over nothing but another sketch file. Raises SketchNotWritten, SketchTooLarge.
    """
    hashed = any(column.values for table in what.sketch.tables for column in table.columns)
    if hashed and key is None:
        raise ValueError("hashes leave only under a key")
    blob = bytearray()
    tables = written_database(what.sketch, what.personal, blob, pack)
    letter = Letter(
        letter.level, printed(letter.made_by), letter.made_at, letter.expires, printed(letter.period), letter.software,
        fingerprint(key) if hashed and key is not None else None, letter.policy,
        tuple(one.as_json() for one in what.withheld),
    )  # fmt: skip
    form = {
        "format": "lienthong-sketch",
        **letter.as_json(),
        "hash": "HMAC-SHA-256, first bits" if hashed else None,
        "method": METHOD,
        "database": what.sketch.name,
        "tables": tables,
    }
    header = json.dumps(form, ensure_ascii=False, indent=1).encode()
    head = MAGIC + f"{VERSION}\nheader {len(header)} values {len(blob)}\n".encode()
    body = b"".join((head, header, b"\n", bytes(blob)))
    if len(body) + _TAIL > MOST_BYTES or len(header) > MOST_HEADER:
        raise SketchTooLarge(file=path.name, limit_mb=MOST_BYTES // 1_000_000)
    digest = hashlib.sha256(body).hexdigest()
    sealed = seal(key, digest.encode()) if key is not None else None
    _replace(path, body + f"\nsha-256 {digest}\nseal {sealed or '-' * 64}\n".encode())
    return Letter(
        letter.level, letter.made_by, letter.made_at, letter.expires, letter.period, letter.software,
        letter.key, letter.policy, letter.withheld, digest, sealed,
    )  # fmt: skip


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not is_sketch_file(path):
        raise SketchNotWritten(
            file=path.name,
            reason_vi="đã có tệp khác mang tên này, không ghi đè",
            reason_en="another file of this name exists and is not written over",
        )
    written: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".sketch-", dir=path.parent)
        written = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        written.replace(path)
    except OSError:
        if written is not None:
            with suppress(OSError):
                written.unlink()
        raise SketchNotWritten(
            file=path.name,
            reason_vi="không có thư mục này, không có quyền ghi hoặc hết chỗ",
            reason_en="there is no such folder, no right to write, or no space left",
        ) from None


def is_sketch_file(path: Path) -> bool:
    """Whether a file begins as sketch files do, whatever its name; False for what cannot be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read_sketch(path: Path, *, today: date, key: bytes | None = None) -> SketchFile:
    """Read a sketch file that somebody else may have made, believing nothing of it.

    With the key its seal is checked as well. Raises the errors of `SketchError`.
    """
    body, digest, sealed = _checked(path)
    header, blob = _parts(path, body)
    try:
        form = json.loads(header)
    except (ValueError, RecursionError):
        raise damaged(path, "phần đầu không phải JSON", "its header is no JSON") from None
    problem: SketchError | None = None
    try:
        read = _read(form, blob, digest, sealed)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError, AttributeError):
        problem = damaged(path, "phần đầu không đúng mẫu", "its header does not keep the form")
    if problem is not None:
        raise problem
    if read.letter.expires < today:
        raise SketchExpired(file=path.name, expires=read.letter.expires.isoformat())
    if key is not None:
        require_key(read.letter, key, path.name)
        # What carries no hashes may have been made without a key, and then has no seal to check.
        unsealed = read.letter.key is None and read.letter.seal is None
        if not unsealed and read.letter.seal != seal(key, digest.encode()):
            raise damaged(path, "niêm phong không khớp với khóa", "its seal was not made with the key")
    return read


def require_key(letter: Letter, key: bytes, name: str) -> None:
    """Refuse a file whose hashes were made under another key. Raises SketchKeysDiffer."""
    if letter.key is not None and not hmac.compare_digest(letter.key, fingerprint(key)):
        raise SketchKeysDiffer(file=name, other="--key-file")


def damaged(path: Path, vi: str, en: str) -> SketchDamaged:
    """The error for a file in which something is wrong."""
    return SketchDamaged(file=path.name, reason_vi=vi, reason_en=en)


def _checked(path: Path) -> tuple[bytes, str, str | None]:
    """The body of the file, whose size and digest are right, with digest and seal."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise SketchTooLarge(file=path.name, limit_mb=MOST_BYTES // 1_000_000)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError:
        raise SketchNotOurs(file=path.name) from None
    if not content.startswith(MAGIC):
        raise SketchNotOurs(file=path.name)
    version = content[len(MAGIC) :].split(b"\n", 1)[0][:20].decode("ascii", "replace")
    if version != str(VERSION):
        raise SketchVersionUnknown(file=path.name, version=version)
    body, tail = content[:-_TAIL], content[-_TAIL:]
    digest, sealed = tail[9:73], tail[79:143]
    if tail[:9] != b"\nsha-256 " or tail[73:79] != b"\nseal " or tail[143:] != b"\n":
        raise damaged(path, "thiếu phần cuối", "its end is missing")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise damaged(path, "mã băm SHA-256 không khớp", "its SHA-256 digest is another")
    return body, digest.decode(), None if sealed == b"-" * 64 else sealed.decode("ascii", "replace")


def _parts(path: Path, body: bytes) -> tuple[bytes, bytes]:
    lines = body[:100].split(b"\n", 2)
    words = lines[1].split(b" ") if len(lines) == 3 else []
    if len(words) == 4 and (words[0], words[2]) == (b"header", b"values"):
        with suppress(ValueError):
            first = len(lines[0]) + len(lines[1]) + 2
            header, values = int(words[1]), int(words[3])
            if 0 <= header <= MOST_HEADER and values >= 0 and first + header + 1 + values == len(body):
                return body[first : first + header], body[first + header + 1 :]
    raise damaged(path, "độ dài các phần không khớp", "the lengths of its parts are others")


def _read(form: Any, blob: bytes, digest: str, sealed: str | None) -> SketchFile:
    if (
        form["format"] != "lienthong-sketch"
        or form["level"] not in (0, 1, 2)
        or isinstance(form["level"], bool)
    ):
        raise ValueError("another form")
    key = form["key"]
    if key is not None and (not isinstance(key, str) or len(key) != 16):
        raise ValueError("no fingerprint")
    letter = Letter(
        level=form["level"],
        made_by=printable(form["made_by"]),
        made_at=datetime.fromisoformat(form["made_at"]),
        expires=date.fromisoformat(form["expires"]),
        period=printable(form.get("period", "")),
        software=printable(form.get("software", "")),
        key=key,
        policy={str(name): int(value) for name, value in form["policy"].items()},
        withheld=tuple(
            {printable(name): printable(text) for name, text in one.items()} for one in form["withheld"]
        ),
        digest=digest,
        seal=sealed,
    )
    sketch, personal = read_database(form, blob, letter.level)
    if key is None and any(column.values for table in sketch.tables for column in table.columns):
        raise ValueError("hashes without a key")
    return SketchFile(letter, sketch, personal)
