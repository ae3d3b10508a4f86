"""The items of a form out of what was handed in: a pasted list, a workbook or CSV file, a `datapackage.json`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from lienthong.engine.session import Limits
from lienthong.engine.sources import open_source
from lienthong.foundation.files.commands import FileTooLarge, Upload
from lienthong.foundation.lists.errors import ListKindRefused
from lienthong.foundation.lists.reading import ENDINGS, fields_of
from lienthong.foundation.text import nfc

from .asking_errors import DescriptionUnreadable
from .asking_rules import MOST_ITEMS, FormItem, require_items

LARGEST = 5_000_000
ACCEPTED = (*ENDINGS, ".json")
# What the headings of such lists say; the narrower come first.
CUES = (
    ("title", ("tieu de", "ten day du", "ten hien thi", "nhan", "title", "label")),
    ("description", ("mo ta", "giai thich", "dien giai", "description", "ghi chu", "note")),
    ("name", ("ten truong", "ma truong", "ten cot", "truong thong tin", "muc thong tin", "muc du lieu", "thong tin",
              "field", "column", "truong", "cot", "chi tieu", "noi dung", "ten", "name", "ma")),
)  # fmt: skip


def items_of(upload: Upload) -> list[FormItem]:
    """The items that a file names; nothing of the file is kept.

    Raises `ListKindRefused`, `FileTooLarge`, `DescriptionUnreadable`, `NothingAsked`, `TooManyItems`, and what reading the
    file raises.
    """
    name = upload.name or ""
    ending = Path(name).suffix.lower()
    if ending not in ACCEPTED:
        raise ListKindRefused(name=name[:120])
    folder = Path(settings.DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ask-", dir=folder) as place:
        path = Path(place) / f"bieu_mau{ending}"
        size = 0
        with path.open("wb") as out:
            for chunk in upload.chunks():
                size += len(chunk)
                if size > LARGEST:
                    raise FileTooLarge(name=name[:120], limit_mb=LARGEST // 1_000_000)
                out.write(chunk)
        if ending == ".json":
            return require_items(_described(path, name))
        return require_items(_listed(path, Path(place)))


def _described(path: Path, name: str) -> list[FormItem]:
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise DescriptionUnreadable(name=name[:120]) from None
    found = list(_fields(read))
    if not found:
        raise DescriptionUnreadable(name=name[:120])
    return found[: MOST_ITEMS + 1]


def _fields(read: Any) -> Iterator[FormItem]:
    """The fields of a Data Package, or of one Table Schema."""
    whole = read if isinstance(read, Mapping) else {}
    schemas = [whole, whole.get("schema"), *(one.get("schema") for one in _maps(whole.get("resources")))]
    for schema in schemas:
        for field in _maps(schema.get("fields") if isinstance(schema, Mapping) else None):
            asked = FormItem(
                *(
                    _text(field.get(part))[:most]
                    for part, most in (("name", 250), ("title", 250), ("description", 2000))
                )
            )
            if asked.name or asked.title:
                yield asked if asked.name else FormItem(asked.title, asked.title, asked.description)


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _listed(path: Path, place: Path) -> list[FormItem]:
    limits = Limits(temp_directory=place, memory_mb=512)
    found: dict[str, FormItem] = {}
    with open_source(str(path), limits=limits) as source:
        for table in source.tables():
            headings = [column.name for column in table.columns]
            fields = fields_of(headings, CUES)
            if "name" not in fields.values() and "title" not in fields.values():
                fields = {headings[0]: "name"} if headings else {}
            for batch in source.read_arrow(table):
                for row in batch.to_pylist():
                    given = {part: _text(row.get(heading)) for heading, part in fields.items()}
                    name = given.get("name") or given.get("title") or ""
                    if name:
                        asked = FormItem(
                            name[:250], given.get("title", "")[:250], given.get("description", "")[:2000]
                        )
                        found.setdefault(name.casefold(), asked)
                    if len(found) > MOST_ITEMS:
                        return list(found.values())
    return list(found.values())


def _text(value: Any) -> str:
    return (
        " ".join(nfc(str(value)).split()) if value is not None and not isinstance(value, dict | list) else ""
    )
