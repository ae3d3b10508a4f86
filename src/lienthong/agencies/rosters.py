"""A list of agencies handed in as a file: which column is what, read from headings as people write them.

Not here: what becomes of each row (`commands.rosters`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from lienthong.engine.session import Limits
from lienthong.engine.sources import open_source
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.text import nfc, words

from .errors import RosterColumnsMissing, RosterKindRefused, RosterTooLong

ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".tsv")
LONGEST = 6_000
"""Rows of one list; a list of every commune of the country fits."""

# What a heading says, in folded words; the first that stands in it decides, so the narrower come first.
CUES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("parent", ("cap tren", "truc thuoc", "co quan chu quan", "don vi chu quan", "parent")),
    ("former", ("qcvn 102", "qcvn", "ma cu", "dinh danh cu", "dang cu", "former")),
    ("name_en", ("tieng anh", "name en", "english")),
    ("address", ("dia chi", "tru so", "address")),
    ("phone", ("dien thoai", "so dt", "sdt", "phone")),
    ("email", ("thu dien tu", "email", "e mail")),
    ("website", ("trang tin", "trang thong tin", "website", "cong thong tin")),
    ("kind", ("loai", "phan loai", "kind")),
    ("code", ("ma dinh danh", "ma co quan", "ma don vi", "ma to chuc", "identifier", "code", "ma")),
    ("name", ("ten co quan", "ten don vi", "ten to chuc", "co quan", "don vi", "ten", "name")),
)  # fmt: skip


@dataclass(frozen=True)
class RosterRow:
    """One row of the list: its number among the rows of data, from 1, and what it says per field."""

    number: int
    given: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.given.get(field, "")


def rows_of(file: StoredFile) -> list[RosterRow]:
    """The rows of the list in a file: the first table that has a name and a code for each agency.

    Raises RosterKindRefused, RosterColumnsMissing, RosterTooLong, and what reading the file raises.
    """
    ending = require_list(file.name)
    folder = Path(settings.DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="roster-", dir=folder) as place:
        link = Path(place) / f"danh_sach{ending}"
        os.symlink(path_of(file.sha256), link)
        limits = Limits(temp_directory=Path(place), memory_mb=512)
        with open_source(str(link), limits=limits) as source:
            seen: list[str] = []
            for table in source.tables():
                fields = fields_of([column.name for column in table.columns])
                if {"name"} <= set(fields.values()) and {"code", "former"} & set(fields.values()):
                    return list(_rows(source.read_arrow(table), fields))
                seen += [column.name for column in table.columns]
    raise RosterColumnsMissing(columns=", ".join(seen)[:300])


def require_list(name: str) -> str:
    """The ending of a file that can hold a list; others are refused."""
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise RosterKindRefused(name=name[:120])
    return ending


def fields_of(headings: Sequence[str]) -> dict[str, str]:
    """Which column holds what: heading to field; each field is taken from one column, the first that names it."""
    found: dict[str, str] = {}
    for field, cues in CUES:
        for cue in cues:
            heading = next(
                (one for one in headings if one not in found and f" {cue} " in f" {' '.join(_spoken(one))} "),
                None,
            )
            if heading is not None:
                found[heading] = field
                break
    return found


def _spoken(heading: str) -> list[str]:
    return words(heading.replace("_", " "))


def _rows(batches: Iterable[Any], fields: Mapping[str, str]) -> Iterator[RosterRow]:
    number = 0
    for batch in batches:
        for row in batch.to_pylist():
            number += 1
            if number > LONGEST:
                raise RosterTooLong(limit=LONGEST)
            yield RosterRow(
                number,
                {field: _text(row[heading]) for heading, field in fields.items() if heading in row},
            )


def _text(value: Any) -> str:
    return " ".join(nfc(str(value)).split()) if value is not None else ""
