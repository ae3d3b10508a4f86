"""Which column of a handed-in list is what, told from headings as people write them."""

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

from .errors import ListColumnsMissing, ListKindRefused, ListTooLong

ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".tsv")
LONGEST = 6_000
"""Rows of one list."""

Cues = Sequence[tuple[str, Sequence[str]]]
"""Field and what its heading may say, in folded words; the narrower fields come first, as they choose first."""


@dataclass(frozen=True)
class Needed:
    """A field, or one of several, that the list cannot be without, and its name in both languages."""

    fields: frozenset[str]
    vi: str
    en: str


@dataclass(frozen=True)
class ListRow:
    """One row of the list: its number as the spreadsheet counts its rows, and what it says per field."""

    number: int
    given: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.given.get(field, "")


def rows_of(
    file: StoredFile, cues: Cues, needed: Sequence[Needed], *, longest: int = LONGEST
) -> list[ListRow]:
    """The rows of the first table of a file that has the needed columns; rows without a word are left out.

    Raises ListKindRefused, ListColumnsMissing, ListTooLong, and what reading the file raises.
    """
    ending = require_list(file.name)
    folder = Path(settings.DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="list-", dir=folder) as place:
        link = Path(place) / f"danh_sach{ending}"
        os.symlink(path_of(file.sha256), link)
        limits = Limits(temp_directory=Path(place), memory_mb=512)
        with open_source(str(link), limits=limits) as source:
            seen: list[str] = []
            for table in source.tables():
                fields = fields_of([column.name for column in table.columns], cues)
                if all(one.fields & set(fields.values()) for one in needed):
                    read = source.read_arrow(table)
                    return list(_rows(read, fields, source.row_numbers(table), longest))
                seen += [column.name for column in table.columns]
    raise ListColumnsMissing(
        needed=", ".join(f"“{one.vi}”" for one in needed),
        needed_en=", ".join(f"“{one.en}”" for one in needed),
        columns=", ".join(seen)[:300],
    )


def require_list(name: str) -> str:
    """The ending of a file that can hold a list; others are refused."""
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise ListKindRefused(name=name[:120])
    return ending


def fields_of(headings: Sequence[str], cues: Cues) -> dict[str, str]:
    """Which column holds what: heading to field; each field is taken from the first column that names it."""
    found: dict[str, str] = {}
    for field, said in cues:
        if field in found.values():
            continue
        for cue in said:
            heading = next(
                (one for one in headings if one not in found and f" {cue} " in f" {_spoken(one)} "), None
            )
            if heading is not None:
                found[heading] = field
                break
    return found


def _spoken(heading: str) -> str:
    return " ".join(words(heading.replace("_", " ")))


def _rows(
    batches: Iterable[Any], fields: Mapping[str, str], numbers: Sequence[int] | None, longest: int
) -> Iterator[ListRow]:
    place = 0
    for batch in batches:
        for row in batch.to_pylist():
            place += 1
            if place > longest:
                raise ListTooLong(limit=longest)
            number = numbers[place - 1] if numbers is not None and place <= len(numbers) else place
            given = {field: _text(row[heading]) for heading, field in fields.items() if heading in row}
            if any(given.values()):
                yield ListRow(number, given)


def _text(value: Any) -> str:
    return " ".join(nfc(str(value)).split()) if value is not None else ""
