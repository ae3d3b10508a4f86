"""List the texts of our pages and code that have no Vietnamese: `python scripts/missing_texts.py [FOLDER ...]`.

Reads `{% trans %}` and gettext calls below the folders (default: all of the product) and prints, as the beginning of
entries for a catalogue, each text that no catalogue of ours translates. Django's own Vietnamese does not count: of the
words that it has, some are not those of an office.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "lienthong"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Text = tuple[str | None, str, str | None]


def texts_of(folder: Path) -> Iterator[tuple[Path, int, Text]]:
    """Every text below a folder: file, line, (context, text, plural)."""
    for path in sorted(folder.rglob("*")):
        if "node_modules" in path.parts or "tests" in path.parts or not path.is_file():
            continue
        if path.suffix in (".html", ".txt") and "templates" in path.parts:
            source = _as_calls(path)
        elif path.suffix == ".py":
            source = path.read_text("utf-8")
        else:
            continue
        for line, text in _calls(source):
            yield path, line, text


def _as_calls(path: Path) -> str:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation import templatize

    # What is no call comes back as runs of letters; their indentation would not be Python.
    blanked = templatize(path.read_text("utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in blanked.splitlines())


def _calls(source: str) -> Iterator[tuple[int, Text]]:
    lines = io.BytesIO(source.encode("utf-8"))
    for line, message, _comments, context in extract("python", lines, KEYWORDS, ()):
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        if singular:
            yield line, (context, singular, plural)


def translated(po: Path) -> set[tuple[str | None, str]]:
    """The texts for which a catalogue holds a complete, certain translation."""
    with po.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    found = set()
    for message in catalogue:
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and all(strings) and not message.fuzzy:
            text = message.id[0] if isinstance(message.id, tuple | list) else message.id
            found.add((message.context, text))
    return found


def missing(folders: Iterable[Path]) -> list[tuple[Path, int, Text]]:
    """The texts below the folders without any Vietnamese."""
    known: set[tuple[str | None, str]] = set()
    for po in PACKAGE.rglob("locale/vi/LC_MESSAGES/*.po"):
        known |= translated(po)
    found, seen = [], set()
    for folder in folders:
        for path, line, text in texts_of(folder):
            key = (text[0], text[1])
            if key not in known and key not in seen:
                seen.add(key)
                found.append((path, line, text))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[PACKAGE])
    entries = missing(parser.parse_args().folders)
    for path, line, (context, text, plural) in entries:
        print(f"#: {path}:{line}")
        if context:
            print(f"msgctxt {_quoted(context)}")
        print(f"msgid {_quoted(text)}")
        if plural:
            print(f'msgid_plural {_quoted(plural)}\nmsgstr[0] ""\n')
        else:
            print('msgstr ""\n')
    print(f"{len(entries)} text(s) without Vietnamese", file=sys.stderr)
    return 1 if entries else 0


def _quoted(text: str) -> str:
    return '"' + re.sub(r"([\\\"])", r"\\\1", text).replace("\n", "\\n") + '"'


if __name__ == "__main__":
    raise SystemExit(main())
