"""What the owner of a folder of files says of its columns: `datapackage.json` with Table Schema."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lienthong.engine.errors import FileMalformed
from lienthong.engine.overlap.shapes import ColumnSketch, DatabaseSketch, TableSketch
from lienthong.engine.shapes import ColumnType
from lienthong.engine.sources.files import DESCRIPTOR as FILE

_LARGEST = 10_000_000
_TYPES: Mapping[str, ColumnType] = {
    "string": "text",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "timestamp",
    "year": "integer",
    "object": "json",
    "array": "json",
}


def package_of(folder: Path) -> Mapping[str, Any]:
    """The description beside the files; empty when there is none. FileMalformed when it cannot be read."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("too large")
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        raise FileMalformed(source=FILE, kind="JSON") from None
    return read if isinstance(read, dict) else {}


def described(database: DatabaseSketch, package: Mapping[str, Any]) -> DatabaseSketch:
    """The sketch with the titles, descriptions and types that the description gives."""
    resources = {
        key: resource
        for resource in _list(package, "resources")
        for key in (_text(resource.get("name")), *_stems(resource.get("path")))
        if key
    }
    tables = tuple(
        _described_table(table, resources[name]) if (name := _text(table.name)) in resources else table
        for table in database.tables
    )
    return replace(database, tables=tables)


def _stems(path: object) -> list[str]:
    """The names of the files of a resource, which has one path or a list of them."""
    return [Path(_text(one)).stem for one in (path if isinstance(path, list) else [path]) if _text(one)]


def _text(given: object) -> str:
    """A text of the description in one spelling; of one that is given in several languages, the first."""
    if isinstance(given, dict):
        given = next(iter(given.values()), "")
    return unicodedata.normalize("NFC", given).strip() if isinstance(given, str) else ""


def _described_table(table: TableSketch, resource: Mapping[str, Any]) -> TableSketch:
    schema = resource.get("schema")
    fields = {
        _text(field.get("name")): field
        for field in _list(schema if isinstance(schema, dict) else {}, "fields")
    }
    columns = tuple(
        _described_column(column, fields[name]) if (name := _text(column.name)) in fields else column
        for column in table.columns
    )
    return replace(table, columns=columns, title=_text(resource.get("title")) or table.title)


def _described_column(column: ColumnSketch, field: Mapping[str, Any]) -> ColumnSketch:
    return replace(
        column,
        title=_text(field.get("title")),
        description=_text(field.get("description")) or column.description,
        type=_TYPES.get(str(field.get("type")), column.type),
    )


def _list(place: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = place.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
