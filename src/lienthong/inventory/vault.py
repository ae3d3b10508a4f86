"""Passwords of sources: encrypted with a key of this installation, or kept elsewhere and only referred to."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from lienthong.engine.sources import Secret

from .errors import SecretReferenceRefused, SecretUnreadable
from .models import Source
from .rules import require_reference


def key_folders() -> list[Path]:
    """The folders in which a file may hold the password of a source."""
    return [Path(settings.DATA_DIR) / "keys" / "sources"]


def seal(password: str) -> bytes:
    """The password in the form in which it is stored."""
    return Fernet(_key()).encrypt(password.encode())


def seal_values(values: Mapping[str, Any]) -> bytes:
    """Values of rows in the form in which they are stored: only `unsealed` reads them again."""
    return seal(json.dumps(values, ensure_ascii=False, default=str))


def unsealed(ciphertext: bytes) -> dict[str, Any]:
    """The values again; nothing where the key of this installation was lost."""
    try:
        found: dict[str, Any] = json.loads(Fernet(_key()).decrypt(bytes(ciphertext)))
    except (InvalidToken, ValueError):
        return {}
    return found


def password_of(source: Source) -> Secret | None:
    """The password with which a source is opened; none where it needs none. Raises `SecretUnreadable`."""
    if source.secret is not None:
        try:
            return Secret(Fernet(_key()).decrypt(bytes(source.secret.ciphertext)).decode())
        except (InvalidToken, ValueError):
            raise SecretUnreadable() from None
    if not source.secret_ref:
        return None
    try:
        kind, _, name = require_reference(source.secret_ref, key_folders()).partition(":")
        found = os.environ[name] if kind == "env" else Path(name).read_text(encoding="utf-8")
    except (SecretReferenceRefused, KeyError, OSError, ValueError):
        raise SecretUnreadable() from None
    return Secret(found.rstrip("\r\n"))


def _key() -> bytes:
    """The installation's key for passwords, made on first use in `keys/secrets.key` (mode 600)."""
    path = Path(settings.DATA_DIR) / "keys" / "secrets.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".secrets.key.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(Fernet.generate_key())
    try:
        # A link fails where another process was first, so both end with the same key.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    return path.read_bytes()
