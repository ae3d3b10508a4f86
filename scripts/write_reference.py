"""Write the reference pages from the code: settings, commands, errors, facts, requirements, parameters, workflows, words.

`--check` writes nothing and fails where a committed page differs from what the code says.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "lienthong"
TARGET = ROOT / "docs" / "reference"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.testing")

import django  # noqa: E402

django.setup()

import click  # noqa: E402
import yaml  # noqa: E402
from django.apps import apps  # noqa: E402

from tests.architecture.test_language import every_module, subclasses, texts_of  # noqa: E402
from tests.architecture.test_tracing import in_code, in_tests  # noqa: E402

Rows = list[tuple[str, ...]]


def table(head: tuple[str, ...], rows: Rows) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def first_line(text: str | None) -> str:
    return (text or "").strip().split("\n\n")[0].replace("\n", " ").strip()


def settings_page() -> str:
    """Each `setting("kind", "KEY", default)` with the comment above it."""
    source = (PACKAGE / "settings" / "product.py").read_text(encoding="utf-8").splitlines()
    rows: Rows = []
    for number, line in enumerate(source):
        found = re.search(r'setting\("(\w+)", "(\w+)", (.+?)\)(?:\)|$|\.)', line)
        if not found:
            continue
        above = []
        for earlier in reversed(source[:number]):
            if not earlier.startswith("#"):
                break
            above.insert(0, earlier.lstrip("# "))
        rows.append((f"`LIENTHONG_{found[2]}`", found[1], f"`{found[3]}`", " ".join(above)))
    rows.append(
        ("`LIENTHONG_DATABASE_URL`", "str", "SQLite in the data directory", "`postgres://…` in production.")
    )
    rows.append(("`LIENTHONG_SECRET_KEY`", "str", "made in `keys/`", "The key that signs sessions."))
    return "# Settings\n\nEvery key is an environment variable.\n\n" + table(
        ("key", "kind", "default", "meaning"), sorted(rows)
    )


def commands_page() -> str:
    from lienthong.cli.main import main

    context = click.Context(main, info_name="lienthong")
    parts = ["# The command `lienthong`\n"]

    def write(command: click.Command, parent: click.Context, name: str) -> None:
        own = click.Context(command, info_name=name, parent=parent)
        parts.append(f"## `{own.command_path}`\n\n```text\n{command.get_help(own)}\n```\n")
        if isinstance(command, click.Group):
            for child in command.list_commands(own):
                found = command.get_command(own, child)
                if found is not None:
                    write(found, own, child)

    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if command is not None:
            write(command, context, name)
    return "\n".join(parts)


def errors_page() -> str:
    from lienthong.engine.errors import EngineError
    from lienthong.foundation.errors import DomainError

    rows = {
        (f"`{error.code}`", str(error.status), *texts_of(error), f"{error.hint_vi}<br>{error.hint_en}")
        for error in (*subclasses(DomainError), *subclasses(EngineError))
        if "code" in vars(error)
    }
    return "# Refusals\n\nOne code, two languages, what to do next.\n\n" + table(
        ("code", "status", "Vietnamese", "English", "hint"), sorted(rows)
    )


def facts_page() -> str:
    from lienthong.foundation.events.facts import REGISTRY
    from lienthong.reactions import REACTIONS

    follows = {
        fact.name(): [reaction.__name__ for reaction in reactions] for fact, reactions in REACTIONS.items()
    }
    rows = [
        (
            f"`{name}`",
            fact.vi,
            ", ".join(f"`{field}`" for field in fact.__dataclass_fields__),
            ", ".join(f"`{reaction}`" for reaction in follows.get(name, [])) or "nothing",
        )
        for name, fact in sorted(REGISTRY.items())
        if fact.__module__.startswith("lienthong.")
        and ".tests." not in fact.__module__
        and not fact.__subclasses__()
    ]
    return "# Facts\n\nWhat commands publish, and what follows.\n\n" + table(
        ("fact", "in the history", "fields", "reactions"), rows
    )


def requirements_page() -> str:
    text = (PACKAGE / "law" / "data" / "requirements.yaml").read_text(encoding="utf-8")
    code, tests = in_code(), in_tests()
    rows = [
        (
            row["id"],
            str(row.get("vi", "")),
            "<br>".join(sorted(set(code.get(row["id"], [])))),
            "<br>".join(sorted(set(tests.get(row["id"], [])))),
        )
        for row in yaml.safe_load(text)
    ]
    done = sum(1 for row in rows if row[2])
    return (
        f"# Requirements\n\n{done} of {len(rows)} requirements of the law are carried by code so far; each carried one is "
        "shown by a test.\n\n" + table(("id", "requirement", "carried by", "shown by"), rows)
    )


def workflows_page() -> str:
    parts = ["# Workflows\n\nStates and steps, drawn from the models.\n"]
    for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
        if not model.__module__.startswith("lienthong."):
            continue
        steps: dict[str, Any] = {
            name: method._django_fsm
            for name, method in vars(model).items()
            if callable(method) and hasattr(method, "_django_fsm")
        }
        if not steps:
            continue
        parts.append(f"## {model._meta.label}\n")
        rows = [
            (
                f"`{name}`",
                str(source),
                str(found.target),
                str(found.custom.get("vi", "")),
                str(found.custom.get("requirement", "")),
                f"`{found.custom['clock']}`" if "clock" in found.custom else "",
            )
            for name, step in sorted(steps.items())
            for source, found in step.transitions.items()
        ]
        parts.append(table(("step", "from", "to", "Vietnamese", "requirement", "term"), rows))
    return "\n".join(parts)


def parameters_page() -> str:
    """Every parameter of every rule set, as the files of the law hold it."""
    parts = ["# Parameters of the law\n"]
    for rule_set, rows in shipped_parameters().items():
        found: Rows = [
            (
                f"`{row['key']}`",
                str(row.get("value", "")),
                str(row.get("unit", "")),
                str(row.get("anchor", "")),
                ", ".join(row.get("cites", [])),
                str(row.get("mark", "")),
            )
            for row in rows
        ]
        parts.append(
            f"## {rule_set}\n\n" + table(("key", "value", "unit", "counts from", "provision", "mark"), found)
        )
    return "\n".join(parts)


def shipped_parameters() -> dict[str, list[dict[str, Any]]]:
    from lienthong.law.shipped import RULE_SET_FILES, read

    found = {}
    for rule_set, name in RULE_SET_FILES.items():
        rows = read(f"parameters/{name}.yaml")
        listed = rows if isinstance(rows, list) else [{"key": key, **row} for key, row in rows.items()]
        found[rule_set] = listed
    return found


def words_page() -> str:
    words = yaml.safe_load((ROOT / "docs" / "glossary.yaml").read_text(encoding="utf-8"))
    rows = [(word["vi"], word["en"], f"`{word['code']}`", ", ".join(word.get("law", []))) for word in words]
    return "# Words\n\nOne domain word, one English identifier, one Vietnamese term.\n\n" + table(
        ("Vietnamese", "English", "in code", "law"), rows
    )


def access_page() -> str:
    """Every public command with its first line and the requirements it carries, by app."""
    parts = [
        "# Commands of the apps\n\nWhat can be done to a record; each is refused unless the app's `access.py` allows it.\n"
    ]
    for app in (
        "law",
        "agencies",
        "catalogue",
        "inventory",
        "authority",
        "regulations",
        "sharing",
        "opendata",
    ):
        rows: Rows = []
        files = sorted([*PACKAGE.glob(f"{app}/commands.py"), *PACKAGE.glob(f"{app}/commands/*.py")])
        for path in files:
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if (
                    isinstance(node, ast.FunctionDef)
                    and not node.name.startswith("_")
                    and node.args.kwonlyargs
                ):
                    rows.append((f"`{node.name}`", first_line(ast.get_docstring(node))))
        parts.append(f"## {app}\n\n" + table(("command", "what it does"), sorted(rows)))
    return "\n".join(parts)


PLACES = {
    "own": ("C", "đơn vị của chính mình (own unit)"),
    "above": ("T", "đơn vị cấp trên (a unit above)"),
    "below": ("D", "đơn vị trực thuộc (a unit below)"),
    "side": ("K", "bên kia của một việc giữa hai đơn vị (the other side of a matter between two units)"),
    "elsewhere": ("N", "đơn vị khác (any other unit)"),
}


def table_of_access_page() -> str:
    """Every command, every role, from where: the table that `tests/access` tries, drawn."""
    from django.utils import translation

    from lienthong.agencies.roles import Role
    from tests.access.table import READS, WITHIN, WITHOUT_ROLE, read_table

    declared = read_table()
    head = []
    for role in Role:
        with translation.override("vi"):
            vi = str(role.label)
        with translation.override("en"):
            head.append(f"{vi}<br>{role.label}")
    head += ["Đích thân<br>In person", "Không vai trò<br>No role", "Không đăng nhập<br>Visitor"]
    letters = {place: letter for place, (letter, _words) in PLACES.items()}
    parts = [ACCESS_INTRODUCTION]
    parts.append(
        table(
            ("", "nghĩa / meaning"),
            [(letter, words) for letter, words in PLACES.values()] + [("●", "mọi nơi (everywhere)")],
        )
    )
    parts.append("## Các nhóm người / Groups of people\n")
    parts.append(
        table(
            ("group", "tiếng Việt", "English"), [(f"`{n}`", g.vi, g.en) for n, g in declared.groups.items()]
        )
    )
    for app, rows in declared.rows.items():
        drawn: Rows = []
        for row, groups in rows.items():
            if groups in {(WITHIN,), (READS,)}:
                continue
            cells = declared.allowed(app, row)
            line = [_places([p for p in letters if (str(role), p) in cells], letters) for role in Role]
            line += ["●" if (who, "") in cells else "" for who in WITHOUT_ROLE]
            drawn.append((f"`{row}`", ", ".join(f"`{group}`" for group in groups), *line))
        inner = [f"`{row}`" for row, groups in rows.items() if groups == (WITHIN,)]
        reads = [f"`{row}`" for row, groups in rows.items() if groups == (READS,)]
        parts.append(f"## {app}\n")
        if drawn:
            parts.append(table(("lệnh / command", "nhóm / groups", *head), drawn))
        if inner:
            parts.append(f"Không cửa nào mở / no door: {', '.join(inner)}.\n")
        if reads:
            parts.append(f"Chỉ đọc / reads only: {', '.join(reads)}.\n")
    return "\n".join(parts)


def _places(reached: list[str], letters: dict[str, str]) -> str:
    return "●" if len(reached) == len(letters) else " ".join(letters[place] for place in reached)


ACCESS_INTRODUCTION = """# Ai được làm gì / Who may do what

Bảng này là `tests/access/table.yaml`, vẽ ra. Cái gì không ghi trong bảng thì bị từ chối. Mỗi ô là một phép thử: lệnh
được gọi thật, bởi người có vai trò ấy, đứng ở đơn vị ấy so với đơn vị của hồ sơ.

This is `tests/access/table.yaml`, drawn. What is not written there is refused.

**What is proven, and how.** `tests/access/test_table.py` gives every command below for real, once for every role from each
of the five places, once by the person named in the record, once by somebody signed in without a role and once by a
visitor. The records come straight from the tables and hold no more than their columns require. The database lets the
command read and stops it at its first change. So *refused* means: refused with 401, 403 or 404, before anything was
changed. *Let in* means: it came as far as a change, or failed on the record itself. Whoever is let in and not in the
table, or in the table and refused, fails the test; so does a command without a line, and a line without a command.
Every command about a database is tried a second time with the database secret: then nobody but the keepers of secrets of
its units is let in (SEC-01). A command that stands as *no door* asks nothing itself: no page, no API and no gateway may
name it, which is read from their source; commands, jobs and reactions give it after they have asked. The command line
acts as the product itself, for whoever keeps the machine. What is *not* proven here: which rows of a list a person sees
(each app's `access.py`, tried in its own tests), and what a command does once it has let somebody in.
"""


def quality_page() -> str:
    """Every rule of quality and every semantic type, from their registries."""
    from lienthong.engine.profile.cues import kinds
    from lienthong.engine.profile.rules import CHARACTERISTICS, CRITERIA, RULES

    rules: Rows = [
        (
            f"`{rule.code}`",
            " / ".join(CRITERIA[rule.criterion]),
            " / ".join(CHARACTERISTICS[rule.characteristic]),
            rule.severity,
            f"{rule.weight:g}",
            f"{rule.counted()} / {rule.counted('en')}",
            f"{rule.hint_vi} / {rule.hint_en}",
        )
        for rule in RULES.values()
    ]
    types: Rows = [(f"`{kind.name}`", kind.vi, kind.en) for kind in kinds().values()]
    return (
        "# Rules of quality and semantic types\n\n"
        f"{len(RULES)} rules, evaluated over all rows for the columns they apply to. A rule of weight 0 is told and does not "
        "count in scores. A rule scores the share of values that keep it; a criterion of a field is the mean of its rules by "
        "weight, a field the mean of its criteria, a table the mean of its fields, a database the mean of its tables by "
        "their number of fields.\n\n"
        + table(
            ("code", "criterion", "ISO/IEC 25012", "severity", "weight", "what it counts", "what to do"),
            rules,
        )
        + "\n## Semantic types\n\n"
        + table(("name", "tiếng Việt", "English"), types)
    )


PAGES: dict[str, Callable[[], str]] = {
    "settings": settings_page,
    "command-line": commands_page,
    "refusals": errors_page,
    "facts": facts_page,
    "requirements": requirements_page,
    "workflows": workflows_page,
    "parameters": parameters_page,
    "words": words_page,
    "quality-rules": quality_page,
    "commands": access_page,
    "access": table_of_access_page,
}


def main(arguments: list[str]) -> int:
    every_module()
    stale = []
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, write in PAGES.items():
        path, text = TARGET / f"{name}.md", write()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        print(f"docs/reference is stale: {', '.join(stale)}; run make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
