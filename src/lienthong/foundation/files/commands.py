"""Keep a file."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db.models import Model

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError
from lienthong.foundation.holds.queries import subject_of
from lienthong.foundation.text import nfc

from .models import StoredFile

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


class Upload(Protocol):
    """A file that was handed in, as Django gives it."""

    name: str | None
    content_type: str | None

    def chunks(self) -> Iterable[bytes]: ...


class FileTooLarge(DomainError):
    code = "files.too_large"
    status = 413
    field = "file"
    vi = "Tệp “{name}” lớn hơn giới hạn {limit_mb} MB."
    en = "File “{name}” is larger than the limit of {limit_mb} MB."
    hint_vi = "Chia nhỏ tệp hoặc kết nối trực tiếp nguồn dữ liệu."
    hint_en = "Split the file, or connect the source directly."


def safe_name(name: str) -> str:
    """A file name with nothing in it that a file system or a header could misread."""
    cleaned = _UNSAFE.sub("_", nfc(os.path.basename(name.replace("\\", "/")))).strip(". ")
    return cleaned[-200:] or "tep"


def store_file(
    *,
    actor: Actor,
    name: str,
    chunks: Iterable[bytes],
    media_type: str,
    subject: Model | None = None,
    label: str = "",
    limit: int | None = None,
) -> StoredFile:
    """Keep a file's content once under its digest, and who handed it in; over the limit it is refused and nothing is kept."""
    root = Path(settings.DATA_DIR) / "files"
    root.mkdir(parents=True, exist_ok=True)
    allowed = limit if limit is not None else settings.UPLOAD_LIMIT
    digest = hashlib.sha256()
    size = 0
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > allowed:
                    raise FileTooLarge(name=safe_name(name), limit_mb=allowed // 1_000_000)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        sha256 = digest.hexdigest()
        target = path_of(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    kind, identity = subject_of(subject) if subject is not None else ("", "")
    return StoredFile.objects.create(
        name=safe_name(name),
        media_type=media_type,
        size=size,
        sha256=sha256,
        subject_kind=kind,
        subject_id=identity,
        label=label,
        stored_by=actor.user_id or actor.origin,
    )


def path_of(sha256: str) -> Path:
    """Where the content of a digest lies."""
    return Path(settings.DATA_DIR) / "files" / sha256[:2] / sha256
