"""The facts that come with the product: the files of `law/data`, read once and kept for the life of the
process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RULE_SET_FILES = {
    "ND47-ORIGINAL": "nd47-original",
    "ND47-AS-AMENDED-194": "nd47-as-amended-194",
    "DATA-LAW-2025": "data-law-2025",
}


@dataclass(frozen=True)
class Requirement:
    """One obligation that the product carries: who bears it, where it is written, how sure that is."""

    id: str
    vi: str
    en: str
    actors: tuple[str, ...]
    cites: tuple[str, ...]
    sources: tuple[str, ...]
    mark: str

    def text(self, locale: str = "vi") -> str:
        return self.vi if locale.startswith("vi") else self.en


@cache
def requirements() -> dict[str, Requirement]:
    """Every requirement by its id, in the order of the file."""
    rows = {}
    for row in read("requirements.yaml"):
        rows[row["id"]] = Requirement(
            id=row["id"],
            vi=row["vi"],
            en=row["en"],
            actors=tuple(row["actors"]),
            cites=tuple(row["cites"]),
            sources=tuple(row["sources"]),
            mark=row["mark"],
        )
    return rows


@cache
def anchors() -> dict[str, dict[str, str]]:
    """The words for the events from which terms run."""
    return dict(read("parameters/anchors.yaml"))


@cache
def parameter_groups() -> dict[str, dict[str, str]]:
    """The groups under which parameters are listed."""
    return dict(read("parameters/keys.yaml")["groups"])


@cache
def read(path: str) -> Any:
    """The content of one file of `law/data`."""
    return yaml.load(_folder().joinpath(path).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506


@cache
def provisions() -> list[dict[str, Any]]:
    """Every provision with its instrument, place and reference, in the order of the files."""
    found = []
    for name in ("luat", "nd-47-2020", "nghi-dinh", "khac"):
        for slug, rows in read(f"provisions/{name}.yaml").items():
            for row in rows:
                at = row["at"]
                found.append({**row, "instrument": slug, "ref": f"{slug}/{at}" if at else slug})
    return found


@cache
def digest() -> str:
    """A digest of all the files: tells whether the tables hold this edition."""
    total = hashlib.sha256()
    for path, content in sorted(_contents(_folder(), "")):
        total.update(path.encode())
        total.update(content)
    return total.hexdigest()


def _folder() -> Traversable:
    return files(__package__).joinpath("data")


def _contents(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _contents(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            found.append((f"{prefix}{entry.name}", entry.read_bytes()))
    return found
