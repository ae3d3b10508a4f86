"""Every command of every app, tried by every role from every side, is let in by the table and by nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import models

from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.tracing import carries

from .table import (
    FILE,
    OWN,
    READS,
    SIDE,
    WITHIN,
    Cells,
    Command,
    apps_with_commands,
    commands_of,
    read_table,
)
from .trial import is_let_in, let_in
from .world import World

TABLE = read_table()


def tried(app: str) -> list[Command]:
    """The rows of an app that are tried: all but those which no door gives and those which change nothing."""
    rows = TABLE.rows.get(app, {})
    known = commands_of(app)
    return [
        Command(app, name, known[name], tuple(variant))
        for row, groups in rows.items()
        for name, *variant in [row.split("+")]
        if name in known and groups not in {(WITHIN,), (READS,)}
    ]


def said(cells: Cells) -> list[str]:
    return sorted(f"{role} {place}".strip() for role, place in cells)


@pytest.fixture(scope="module")
def world(standing: Path) -> World:
    return World(command for app in apps_with_commands() for command in tried(app))


@pytest.fixture
def with_secrets(world: World, db: None) -> World:
    """The same world, its databases secret."""
    Database.objects.update(is_secret=True)
    return world


@pytest.mark.parametrize("app", apps_with_commands())
def test_a_command_lets_in_those_whom_the_table_names(app: str, world: World, db: None) -> None:
    wrong = {}
    for command in tried(app):
        found, declared = let_in(command, world), TABLE.allowed(app, command.row)
        if found != declared:
            wrong[command.row] = {
                "let in, not in the table": said(found - declared),
                "in the table, refused": said(declared - found),
            }
    assert wrong == {}, f"mend the rule of the command, or its line in {FILE.name}"


@carries("SEC-01")
@pytest.mark.parametrize("app", apps_with_commands())
def test_a_secret_database_lets_in_its_keepers_alone(app: str, with_secrets: World) -> None:
    keepers = {("secrets_keeper", OWN), ("secrets_keeper", SIDE)}
    wrong = {}
    for command in (command for command in tried(app) if command.takes_an_actor):
        if any(_leads_to_a_database(given) for given in with_secrets.arguments(command).values()):
            found = let_in(command, with_secrets)
            if not found <= keepers:
                wrong[command.row] = said(found - keepers)
    assert wrong == {}


def _leads_to_a_database(given: Any, depth: int = 0) -> bool:
    if isinstance(given, Database):
        return True
    if not isinstance(given, models.Model) or depth > 4:
        return False
    linked = [field for field in given._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return any(_leads_to_a_database(getattr(given, field.name), depth + 1) for field in linked)


def open_wide(*, actor: Actor, database: Database) -> None:
    """A command without a rule."""
    database.save()


def changes_before_it_asks(*, actor: Actor, database: Database) -> None:
    """A command that refuses too late."""
    database.save()
    raise NotAllowed(act="sửa", act_en="change")


@pytest.mark.parametrize("give", [open_wide, changes_before_it_asks])
def test_a_command_without_a_rule_or_with_a_late_one_is_seen(give: Any, world: World, db: None) -> None:
    command = Command("catalogue", give.__name__, give)
    assert let_in(command, world) == set(world.actors)


def test_what_is_let_in_has_changed_nothing(world: World, db: None) -> None:
    database = world.record(Database)
    before = Database.objects.values().get(pk=database.pk)
    assert is_let_in(
        Command("catalogue", "open_wide", open_wide), Actor(), {"database": Database(pk=database.pk)}
    )
    assert Database.objects.values().get(pk=database.pk) == before
