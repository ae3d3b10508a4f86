"""Files are kept once under their digest; over the limit nothing is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.files.commands import FileTooLarge, path_of, safe_name, store_file
from lienthong.foundation.files.models import StoredFile

pytestmark = pytest.mark.django_db


def keep(name: str = "a.csv", content: bytes = b"x", **more: object) -> StoredFile:
    return store_file(actor=SYSTEM, name=name, chunks=[content], media_type="text/csv", **more)  # type: ignore[arg-type]


def test_the_same_content_is_kept_once() -> None:
    one, two = keep("a.csv", b"same"), keep("b.csv", b"same")
    assert one.sha256 == two.sha256
    assert path_of(one.sha256).read_bytes() == b"same"


def test_over_the_limit_nothing_is_kept() -> None:
    before = set((Path(settings.DATA_DIR) / "files").rglob("*"))
    with pytest.raises(FileTooLarge):
        keep(content=b"12345", limit=4)
    assert set((Path(settings.DATA_DIR) / "files").rglob("*")) == before
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.csv", "x.csv"),
        ("so\r\nlieu.csv", "so_lieu.csv"),
        ("", "tep"),
        ("số liệu [2024].csv", "số liệu [2024].csv"),
    ],
)
def test_names_can_do_no_harm(given: str, kept: str) -> None:
    assert safe_name(given) == kept
