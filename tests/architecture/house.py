"""The rules of the house as functions over a source tree: each lists its violations, so that a planted one can be shown to be seen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "lienthong"

APPS = ("law", "agencies", "catalogue", "inventory", "authority", "regulations", "sharing", "opendata")
FLOORS = (
    "settings",
    "engine",
    "foundation",
    *APPS,
    "reactions",
    "portal",
    "desk",
    "api",
    "cli",
    "demo",
    "web",
)
ROOMS = {
    "__init__", "apps", "errors", "events", "rules", "models", "access", "queries", "commands", "forms", "pages",
    "urls", "api", "jobs", "demo",
}  # fmt: skip
REFUSED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "manager",
    "managers",
}
FOLDERS = {"templates", "static", "locale", "migrations", "tests", "data", "commands", "templatetags"}
# Words of the trade that the two lowest floors must not say.
UNSAID = re.compile(
    r"(?<![a-z])(agency|agencies|ministry|ministries|province|provinces|provincial|decree|decrees|provision|provisions|"
    r"regulation|regulations|duty|duties|focal|campaign|campaigns|authority|authorities)(?![a-z])",
    re.IGNORECASE,
)
# `provision` on a hold, a step or a refusal is an opaque text handed down from above.
OPAQUE = re.compile(r"\bprovision\b")
LONGEST_FILE = 600
LONGEST_FUNCTION = 80
LONGEST_TEMPLATE = 150


def python_files(package: Path = PACKAGE, *, tests: bool = False) -> Iterator[Path]:
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).parts
        if "migrations" in parts or "__pycache__" in parts or ("tests" in parts and not tests):
            continue
        yield path


def refused_names(package: Path = PACKAGE) -> list[str]:
    """Files and folders named for a technique instead of a thing."""
    return [
        f"{path.relative_to(package)}: refused name"
        for path in sorted(package.rglob("*"))
        if "__pycache__" not in path.parts
        and (path.suffix == ".py" or path.is_dir())
        and path.stem in REFUSED
    ]


def oversized(package: Path = PACKAGE) -> list[str]:
    """Files past 600 lines, functions past 80, templates past 150."""
    found = []
    for path in python_files(package, tests=True):
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(package)
        if (lines := text.count("\n")) > LONGEST_FILE:
            found.append(f"{where}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{where}:{node.lineno} {node.name}: {length} lines")
    for path in sorted(package.rglob("*.html")):
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_TEMPLATE:
            found.append(f"{path.relative_to(package)}: {lines} lines")
    return found


def unknown_floors(package: Path = PACKAGE) -> list[str]:
    """A folder or module beside the floors that the house does not know."""
    return [
        f"{path.name}: not a floor of the house"
        for path in sorted(package.iterdir())
        if path.name != "__pycache__"
        and path.stem not in {*FLOORS, "__init__"}
        and (path.is_dir() or path.suffix == ".py")
    ]


def rooms_with_code_in_init(package: Path = PACKAGE) -> list[str]:
    """An app's `__init__.py` holds its docstring and nothing else; it says what lives there and what does not."""
    found = []
    for app in APPS:
        path = package / app / "__init__.py"
        if not path.exists():
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            found.append(f"{app}/__init__.py: no docstring")
        if len(tree.body) > 1:
            found.append(f"{app}/__init__.py: more than a docstring")
    return found


def words_unsaid(package: Path = PACKAGE) -> list[str]:
    """The engine and the foundation speak no word of the trade: they would serve any other trade as well."""
    found = []
    for floor in ("engine", "foundation"):
        for path in python_files(package / floor):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                spoken = OPAQUE.sub("", line) if floor == "foundation" else line
                if word := UNSAID.search(re.sub(r"lienthong\.[a-z_.]+", "", spoken)):
                    found.append(
                        f"{floor}/{path.relative_to(package / floor)}:{number}: says “{word.group()}”"
                    )
    return found


def models_written_elsewhere(package: Path = PACKAGE) -> list[str]:
    """A model is written only by its own app: no create, save, update or delete on another app's models."""
    owners = _model_owners(package)
    writes = {
        "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "acreate", "raw_delete",
    }  # fmt: skip
    found = []
    for path in python_files(package):
        app = _app_of(path, package)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = _models_imported(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = _written_model(node, writes)
            if name in imported and owners.get(name) not in {None, app}:
                found.append(
                    f"{path.relative_to(package)}:{node.lineno}: writes {name}, which belongs to {owners[name]}"
                )
    return found


def _app_of(path: Path, package: Path) -> str:
    parts = path.relative_to(package).parts
    return ".".join(parts[:2]) if parts[0] == "foundation" and len(parts) > 2 else parts[0]


def _model_owners(package: Path) -> dict[str, str]:
    owners: dict[str, str] = {}
    for path in sorted([*package.rglob("models.py"), *package.rglob("models/*.py")]):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                owners[node.name] = _app_of(path, package)
    return owners


def _models_imported(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and re.search(r"(^|\.)models(\.|$)", node.module or "")
        for alias in node.names
    }


def _written_model(call: ast.Call, writes: set[str]) -> str | None:
    """`Model.objects.create(…)`, `Model.objects.filter(…).update(…)`, `….delete()`, `Model(…).save()`: the model's name."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in {*writes, "update", "delete", "save"}:
        return None
    inner: ast.expr = function.value
    through_objects = False
    while True:
        if isinstance(inner, ast.Attribute):
            through_objects |= inner.attr in {"objects", "_default_manager"}
            inner = inner.value
        elif isinstance(inner, ast.Call):
            inner = inner.func
        else:
            break
    if isinstance(inner, ast.Name) and (through_objects or function.attr == "save"):
        return inner.id
    return None


def inline_styles(package: Path = PACKAGE) -> list[str]:
    """What the strict content policy would refuse: inline style, inline script, inline event handlers."""
    pattern = re.compile(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(\bsrc=|application/json|application/ld\+json))", re.I
    )
    found = []
    for path in sorted(package.rglob("*.html")):
        text = re.sub(
            r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(package)}:{line}: {match.group().strip()}")
    return found


def extensions_loaded_elsewhere(package: Path = PACKAGE) -> list[str]:
    """DuckDB's extensions are loaded in one place, which has their signatures checked: connections load any."""
    says = re.compile(r"""["'](?:FORCE )?(?:LOAD|INSTALL) |allow_unsigned_extensions""")
    return [
        f"{path.relative_to(package)}: {found[0]}"
        for path in python_files(package)
        if path.relative_to(package).as_posix() != "engine/session.py"
        for found in says.finditer(path.read_text(encoding="utf-8"))
    ]


def promises(package: Path = PACKAGE) -> list[str]:
    """Words that promise instead of doing."""
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError|mark\.(skip|xfail)|pytest\.skip")
    return [
        f"{path.relative_to(package)}:{number}: {match.group()}"
        for path in python_files(package, tests=True)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := pattern.search(line))
    ]
