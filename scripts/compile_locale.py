"""Compile the Vietnamese catalogues: every `locale/*/LC_MESSAGES/*.po` of the product to `.mo`; quick when nothing changed.

`--check` compiles nothing and says what is wrong with them: texts without Vietnamese, empty or uncertain entries,
placeholders that differ, and one English text with two Vietnamese ones. Used by `make setup`, `make check`, the wheel build.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "lienthong"
# One entry of a file: its context and English text, its Vietnamese; and how a long text goes on in the next line.
ENTRY = re.compile(
    r'^(?P<key>(?:msgctxt ".*"\n)?msgid (?:".*"\n)+)(?P<text>(?:msg(?!id |ctxt).+\n(?:".*"\n)*)+)',
    re.MULTILINE,
)
WRAPPED = re.compile(r'"\n"|\n$')
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdr]|(?<!%)%[sd]|\{(\w*)\}")


def catalogues(package: Path = PACKAGE) -> list[Path]:
    """Every catalogue of the product."""
    return sorted(package.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Compile what is newer than its result; answers the catalogues that were compiled."""
    compiled = []
    for po in catalogues(package):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=_locale_of(po), abort_invalid=True)
        # Several processes may do this at once: each writes a file of its own and puts it in place.
        draft = mo.with_name(f".{mo.name}.{os.getpid()}")
        with draft.open("wb") as target:
            write_mo(target, catalogue)
        os.replace(draft, mo)
        compiled.append(po)
    return compiled


def faults(package: Path = PACKAGE) -> Iterator[str]:
    """What is wrong with the catalogues, one sentence each."""
    said: dict[tuple[str | None, str], tuple[str, Path]] = {}
    for po in catalogues(package):
        yield from _said_twice(po, package)
        with po.open("rb") as source:
            catalogue = read_po(source, locale=_locale_of(po), abort_invalid=True)
        for message in catalogue:
            if not message.id:
                continue
            yield from _entry_faults(po.relative_to(package), message)
            key, text = _first(message.id), _first(message.string)
            other = said.setdefault((message.context, key), (text, po))
            if other[0] != text:
                yield f"{po.relative_to(package)}: “{key}” is “{text}” here and “{other[0]}” in {other[1].relative_to(package)}"


def _said_twice(po: Path, package: Path) -> Iterator[str]:
    """English texts that one file gives twice with two Vietnamese ones: reading it keeps the later without a word."""
    said: dict[str, str] = {}
    for found in ENTRY.finditer(po.read_text(encoding="utf-8")):
        key, text = (WRAPPED.sub("", found[part]) for part in ("key", "text"))
        if said.setdefault(key, text) != text:
            yield f"{po.relative_to(package)}: {key} is given twice, as {said[key]} and as {text}"


def _entry_faults(po: Path, message: Message) -> Iterator[str]:
    key = _first(message.id)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        yield f"{po}: “{key}” is marked as uncertain"
    if not all(strings):
        yield f"{po}: “{key}” has no Vietnamese"
        return
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    allowed = set().union(*(_placeholders(text) for text in ids))
    for text in strings:
        if not _placeholders(text) <= allowed or (len(ids) == 1 and _placeholders(text) != allowed):
            yield f"{po}: placeholders of “{key}” differ in “{text}”"


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _locale_of(po: Path) -> str:
    return po.parent.parent.name


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="say what is wrong instead of compiling")
    if not parser.parse_args().check:
        for po in compile_all():
            print(f"compiled {po.relative_to(PACKAGE)}")
        return 0
    from missing_texts import missing

    found = [
        *faults(),
        *(f"{path}:{line}: “{text[1]}” has no Vietnamese" for path, line, text in missing([PACKAGE])),
    ]
    print("\n".join(found) or "All texts have their Vietnamese.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
