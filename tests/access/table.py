"""The access table read: which command may be given by which role, from which unit; and which commands there are."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.architecture.house import APPS, PACKAGE

FILE = Path(__file__).parent / "table.yaml"

# Where the one who acts stands to the unit that the record belongs to.
OWN, ABOVE, BELOW, SIDE, ELSEWHERE = "own", "above", "below", "side", "elsewhere"
PLACES = (OWN, ABOVE, BELOW, SIDE, ELSEWHERE)
# Those who act without a role, wherever they stand.
IN_PERSON, NO_ROLE, VISITOR = "in_person", "no_role", "visitor"
WITHOUT_ROLE = (IN_PERSON, NO_ROLE, VISITOR)
# A command that no page, API, gateway or command line gives: other commands, jobs and reactions do, having asked.
WITHIN = "within"
# A function beside the commands that changes nothing.
READS = "reads"

Cells = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Command:
    """One public command. `variant` names optional arguments that, when given, make it another act."""

    app: str
    name: str
    give: Callable[..., Any]
    variant: tuple[str, ...] = ()

    @property
    def row(self) -> str:
        return "+".join((self.name, *self.variant))

    @property
    def takes_an_actor(self) -> bool:
        return "actor" in inspect.signature(self.give).parameters


def apps_with_commands() -> list[str]:
    """Every app of the domain and of the foundation that has commands, in the order of the floors."""
    below = sorted(path.parent.name for path in PACKAGE.glob("foundation/*/commands*"))
    return [*(f"foundation.{name}" for name in below), *APPS]


def commands_of(app: str) -> dict[str, Callable[..., Any]]:
    """The public commands of an app: what `__all__` of its `commands` names; without one, every public function there.

    A command takes an actor; so does each function of another name that another app could call to change a record.
    """
    module = importlib.import_module(f"lienthong.{app}.commands")
    names = getattr(module, "__all__", None)
    if names is not None:
        return {name: found for name in names if inspect.isfunction(found := getattr(module, name))}
    return {
        name: found
        for name, found in vars(module).items()
        if not name.startswith("_") and inspect.isfunction(found) and found.__module__ == module.__name__
    }


@dataclass(frozen=True)
class Group:
    """A named set of people: who they are in both languages, and from where each role reaches."""

    vi: str
    en: str
    cells: Cells


@dataclass(frozen=True)
class AccessTable:
    """The declared table: groups, and of each app's commands which groups may give it."""

    groups: Mapping[str, Group]
    rows: Mapping[str, Mapping[str, tuple[str, ...]]]

    def allowed(self, app: str, row: str) -> Cells:
        """Who may, as pairs of role and place. Raises KeyError where the table has no such row."""
        found: set[tuple[str, str]] = set()
        for group in self.rows[app][row]:
            found |= self.groups[group].cells
        return frozenset(found)


def read_table(path: Path = FILE) -> AccessTable:
    """The table as it stands in the file."""
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    groups = {
        name: Group(group["vi"], group["en"], frozenset(_cells(group["may"])))
        for name, group in written["groups"].items()
    }
    rows = {
        app: {row: tuple(str(given).split()) for row, given in (lines or {}).items()}
        for app, lines in written["commands"].items()
    }
    return AccessTable(groups, rows)


def _cells(may: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    from lienthong.agencies.roles import Role

    for who, where in may.items():
        if who in WITHOUT_ROLE:
            yield who, ""
            continue
        for role in [Role(who)] if who != "every_role" else Role:
            for place in PLACES if where == "everywhere" else where.split():
                assert place in PLACES, f"{place}: not one of {', '.join(PLACES)}"
                yield str(role), place


def doors() -> Iterator[tuple[str, str, str]]:
    """Every command that a page, the API or the gateway gives: its app, its name, and the file of the door.

    The command line is no such door: whoever runs it keeps the machine, and acts as the product itself.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        room = parts[-2] if parts[-2:-1] == ("pages",) else path.stem
        is_door = parts[0] in {"desk", "portal", "api"} or room in {"pages", "api", "gateway"}
        if is_door and "tests" not in parts:
            for app, name in _given(path, parts):
                yield app, name, str(path.relative_to(PACKAGE))


def _given(path: Path, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The commands that a file names: imported by name, or taken from an imported `commands`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = ["lienthong", *parts[: len(parts) - node.level]] if node.level else []
        origin = [*base, *(node.module or "").split(".")] if node.module else base
        for alias in node.names:
            if "commands" in origin:
                yield ".".join(origin[1 : origin.index("commands")]), alias.name
            elif alias.name == "commands":
                modules[alias.asname or alias.name] = ".".join(origin[1:])
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield modules[node.value.id], node.attr
