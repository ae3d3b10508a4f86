"""Bytes become text, and tones come home to their vowels."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from lienthong.engine.sources import encoding
from lienthong.engine.sources.encoding import encoding_of, transcode
from lienthong.engine.sources.tests.test_csv import as_1258

TEXT = "Cộng hòa Xã hội Chủ nghĩa Việt Nam\nĐộc lập - Tự do - Hạnh phúc\n"


TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam\n§éc lËp - Tù do - H¹nh phóc\n"
VNI = "Coäng hoøa Xaõ hoäi Chuû nghóa Vieät Nam\nÑoäc laäp - Töï do - Haïnh phuùc\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (TCVN3.encode("latin-1"), "tcvn3"),
        (VNI.encode("latin-1"), "vni"),
        ("Å Ä Ö Århus, Malmö, smörgås, été, naïve\n".encode("latin-1"), "cp1252"),
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (b"ma,so\n1,2\n".decode().encode("utf-16-le"), "utf-16-le"),
        (b"ma,so\n1,2\n".decode().encode("utf-16-be"), "utf-16-be"),
        (as_1258(TEXT), "cp1258"),
        ("Café,Zoë,Müller\n".encode("latin-1"), "cp1252"),
        (b"\x81\x8d caf\xe9", "latin-1"),
        (b"plain", "utf-8"),
        (b"\x00\x01\x02\x00\x00\xff" * 50, "binary"),
        (b"\x01\x02\x03\x04\xff" * 50, "binary"),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    assert encoding_of(path, whole=True) == expected


def test_a_letter_on_the_border_of_a_block_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "_BLOCK", 7)
    path, target = tmp_path / "x", tmp_path / "y"
    path.write_bytes(as_1258(TEXT * 20))

    transcode(path, "cp1258", target)

    assert target.read_text(encoding="utf-8") == unicodedata.normalize("NFC", TEXT * 20)


def test_valid_text_cut_by_a_block_is_still_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_BLOCK", 5)
    path = tmp_path / "x"
    path.write_text("ạạạạạạạạạ", encoding="utf-8")

    assert encoding_of(path, whole=False) == "utf-8"
    assert encoding_of(path, whole=True) == "utf-8"


@pytest.mark.parametrize(("encoding", "text"), [("tcvn3", TCVN3), ("vni", VNI)])
def test_fonts_before_unicode_become_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, text: str
) -> None:
    monkeypatch.setattr("lienthong.engine.sources.encoding._BLOCK", 5)
    path, target = tmp_path / "x", tmp_path / "y"
    path.write_bytes((text * 3).encode("latin-1"))

    transcode(path, encoding, target)

    assert target.read_text(encoding="utf-8").casefold() == (TEXT * 3).casefold()
