"""The key of a matching period: random bytes that whoever compares sketches never has."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from lienthong.engine.overlap.errors import SketchKeyInvalid, SketchNotWritten

LEAST_BYTES, MOST_BYTES = 16, 4096
_LEAST_DIFFERENT = 6


def read_key(path: Path) -> bytes:
    """The key in this file: its bytes without the line break at the end. Raises SketchKeyInvalid."""
    try:
        with path.open("rb") as file:
            key = file.read(MOST_BYTES + 1).rstrip(b"\r\n")
    except OSError:
        raise _invalid(path, "không đọc được tệp", "the file cannot be read") from None
    if len(key) > MOST_BYTES:
        raise _invalid(path, f"dài quá {MOST_BYTES} byte", f"it is longer than {MOST_BYTES} bytes")
    if len(key) < LEAST_BYTES:
        raise _invalid(path, f"phải có ít nhất {LEAST_BYTES} byte", f"it needs at least {LEAST_BYTES} bytes")
    if len(set(key)) < _LEAST_DIFFERENT:
        raise _invalid(path, "không phải khóa ngẫu nhiên", "it is not random")
    return key


def _invalid(path: Path, vi: str, en: str) -> SketchKeyInvalid:
    return SketchKeyInvalid(file=path.name, reason_vi=vi, reason_en=en)


def write_new_key(path: Path) -> str:
    """Write a new random key of 256 bits, readable by its owner alone, and give its fingerprint.

    Never writes over a file: a key that is lost makes what was hashed under it useless. Raises SketchNotWritten.
    """
    key = secrets.token_hex(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SketchNotWritten(
            file=path.name,
            reason_vi="tệp đã có, không ghi đè khóa",
            reason_en="it exists, and a key is never written over",
        ) from None
    except OSError:
        raise SketchNotWritten(
            file=path.name,
            reason_vi="không có quyền ghi hoặc không có thư mục",
            reason_en="no such folder, or no right to write",
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(key + "\n")
    return fingerprint(key.encode())


def fingerprint(key: bytes) -> str:
    """By what a key is known without being told: 64 bits that only the same key gives."""
    return _derived(key, b"lienthong sketch fingerprint")[:16]


def seal(key: bytes, digest: bytes) -> str:
    """What shows holders of the key that a holder of it wrote what has this digest."""
    return _derived(key, b"lienthong sketch seal\x00" + digest)


def _derived(key: bytes, words: bytes) -> str:
    # A key of its own, so that no value that is hashed can give the same.
    own = hmac.new(key, b"\x00lienthong sketch derived key\x00", hashlib.sha256).digest()
    return hmac.new(own, words, hashlib.sha256).hexdigest()
