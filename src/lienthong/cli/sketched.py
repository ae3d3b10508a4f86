"""Databases as sketches, for the commands that make, show and compare them: live sources and files of others."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from lienthong.cli.ending import INTERRUPTED, WRONG, say_and_exit, terminated
from lienthong.engine.errors import EngineError
from lienthong.engine.overlap.describing import described, package_of
from lienthong.engine.overlap.errors import SketchKeyMissing, SketchKeysDiffer
from lienthong.engine.overlap.leaving import Leaving, Policy, guarded, leaving, meanings_of, printed
from lienthong.engine.overlap.shapes import DatabaseSketch
from lienthong.engine.overlap.sketchfile import SketchFile, is_sketch_file, read_sketch
from lienthong.engine.overlap.sketching import IN_MEMORY, sketch_source
from lienthong.engine.sources import open_source, parse_address
from lienthong.engine.sources.contract import Source

ENDING = ".sketch"


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """A `with` in which what cannot be done, or is stopped, ends the program with one line in both languages."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, terminated)
    try:
        yield
    except EngineError as error:
        hint = f" {error.hint('vi')} — {error.text('en')} {error.hint('en')}"
        say_and_exit(f"{error.text('vi')}{hint}", WRONG)
    except BrokenPipeError:
        raise
    except OSError as error:
        name = error.filename or "–"
        say_and_exit(
            f"Không đọc hoặc không ghi được {name}. Kiểm tra đường dẫn và quyền trên thư mục. — "
            f"{name} cannot be read or written. Check the path and the rights on the folder.",
            WRONG,
        )
    except KeyboardInterrupt:
        say_and_exit("Đã dừng theo yêu cầu. — Stopped on request.", INTERRUPTED)
    except RuntimeError as error:
        # DuckDB's way to pass a signal on when it falls into a statement of the main thread.
        if str(error) != "Query interrupted":
            raise
        if isinstance(error.__context__, SystemExit):
            raise error.__context__ from None
        say_and_exit("Đã dừng theo yêu cầu. — Stopped on request.", INTERRUPTED)


def is_file(address: str) -> bool:
    """Whether what was written names a sketch file: by how it begins, or by its ending."""
    if "://" in address:
        return False
    path = Path(address)
    return is_sketch_file(path) or (path.suffix.lower() == ENDING and os.path.isfile(path))


def read_file(address: str, key: bytes | None) -> SketchFile:
    """A sketch file that is good today. Raises the errors of `SketchError`."""
    return read_sketch(Path(address), today=date.today(), key=key)


def require_one_key(files: Mapping[str, SketchFile], key: bytes | None, *, live: Sequence[str]) -> None:
    """Refuse to compare hashes made under different keys. Raises SketchKeysDiffer, SketchKeyMissing."""
    hashed = [(Path(address).name, file) for address, file in files.items() if file.letter.key is not None]
    for name, file in hashed[1:]:
        if file.letter.key != hashed[0][1].letter.key:
            raise SketchKeysDiffer(file=hashed[0][0], other=name)
    if hashed and live and key is None:
        raise SketchKeyMissing(file=last_part(live[0]))


def sketched(
    address: str, key: bytes, *, password: str | None = None, policy: Policy | None = None
) -> DatabaseSketch:
    """Sketch a live source for a comparison on this machine; with a `policy` as it may meet the sketches of others."""
    package, name = _package(address, password)
    with open_source(address, password=password) as source:
        _tell_what_is_left_out(source)
        sketch = described(sketch_source(source, name, key, plan=IN_MEMORY), package)
        return sketch if policy is None else guarded(sketch, meanings_of(source), policy)


def leaving_of(
    address: str,
    key: bytes | None,
    policy: Policy,
    *,
    level: int,
    password: str | None = None,
    name: str | None = None,
) -> Leaving:
    """What of a live source may leave at this level."""
    package, own = _package(address, password)
    with open_source(address, password=password) as source:
        _tell_what_is_left_out(source)
        meanings = meanings_of(source, by_names=level == 0)
        # Below the level of hashes the key is random: only which common lists are used is told by it.
        used = key or secrets.token_bytes(32)
        sketch = sketch_source(
            source, name or own, used, plan=replace(policy.plan, bits=64, level=min(2, 2 * level))
        )
        return leaving(described(sketch, package), meanings, policy, level=level)


def _package(address: str, password: str | None) -> tuple[Mapping[str, object], str]:
    path = parse_address(address, password).path
    # A path that is too long is none; the source says so itself.
    package = package_of(path) if path is not None and os.path.isdir(path) else {}
    named = package.get("name")
    return package, printed(named if named and isinstance(named, str) else last_part(address))


def _tell_what_is_left_out(source: Source) -> None:
    """Say of every file of a folder that cannot be read that it was not compared: silence would pass for no overlap."""
    source.tables()
    for finding in source.findings():
        if finding.code == "file_unreadable" and finding.severity == "error":
            said = finding.evidence
            line = f"{finding.place}: bỏ qua. {said['text']} — {finding.place}: left out. {said['text_en']}"
            click.echo(" ".join(printed(line).split()), err=True)


def last_part(address: str) -> str:
    """The last part of a path or address, without a query: the name of the database."""
    if "://" not in address:
        return Path(address).absolute().name or address
    # As it may be shown: a password may hold any sign.
    plain = parse_address(address).display.split("://", 1)[-1].split("?", 1)[0]
    return plain.rstrip("/").rsplit("/", 1)[-1].rsplit("@", 1)[-1]
