"""Every command stands in the table of access, and no page gives one that the table keeps within."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap

from tests.access.table import FILE, READS, WITHIN, apps_with_commands, commands_of, doors, read_table

TABLE = read_table()
LINE = "tests/access/table.yaml, commands, {app}: add `{row}: <group>` (a group of the same file, or within, or reads)"
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
}


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    apps = apps_with_commands()
    listed = {(app, row.split("+")[0]) for app, rows in TABLE.rows.items() for row in rows}
    known = {(app, name) for app in apps for name in commands_of(app)}
    missing = [LINE.format(app=app, row=name) for app, name in sorted(known - listed)]
    assert missing == [], "\n".join(("a command that the table does not name:", *missing))
    gone = [f"{app}: {name}" for app, name in sorted(listed - known)]
    assert gone == [], f"rows of {FILE.name} without a command: take them out"


def test_the_table_names_known_groups_alone() -> None:
    unknown = {
        f"{app}.{row}: {group}"
        for app, rows in TABLE.rows.items()
        for row, groups in rows.items()
        for group in groups
        if group not in TABLE.groups and groups not in {(WITHIN,), (READS,)}
    }
    assert unknown == set()


def test_a_page_gives_no_command_but_those_of_the_table() -> None:
    """What stands `within` has no door, and a door opens on nothing that the table leaves out."""
    wrong = []
    for app, name, file in doors():
        module = importlib.import_module(f"lienthong.{app}.commands")
        found = getattr(module, name, None)
        if found is None or not inspect.isfunction(found):
            continue
        rows = [row for row in TABLE.rows[app] if row.split("+")[0] == name]
        if not rows or any(TABLE.rows[app][row] == (WITHIN,) for row in rows):
            wrong.append(f"{file} gives {app}.{name}, of which the table says no door gives it")
    assert wrong == []


def test_what_only_reads_writes_nothing() -> None:
    wrong = []
    for app, rows in TABLE.rows.items():
        for row in (row for row, groups in rows.items() if groups == (READS,)):
            source = ast.parse(textwrap.dedent(inspect.getsource(commands_of(app)[row])))
            called = {node.func.attr for node in ast.walk(source) if isinstance(node, ast.Call)
                      and isinstance(node.func, ast.Attribute)}  # fmt: skip
            wrong += [f"{app}.{row}: {name}" for name in called & WRITES]
    assert wrong == []
