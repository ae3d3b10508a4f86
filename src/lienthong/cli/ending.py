"""How a command ends that could not do what was asked: one line in both languages, and its exit code."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from lienthong.engine.errors import SourceAddressInvalid

WRONG = 2
BROKEN_OFF = 3
INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


def say_and_exit(line: str, code: int) -> NoReturn:
    """Say this in one line on the error stream, and end the program."""
    click.echo(" ".join(line.split()), err=True)
    sys.exit(code)


def terminated(number: int, frame: FrameType | None) -> None:
    """What a request to end does: everything opened is closed on the way out."""
    raise SystemExit(TERMINATED)


def password_from(name: str | None) -> str | None:
    """The password in this environment variable. Raises SourceAddressInvalid when there is none."""
    if name is None:
        return None
    value = os.environ.get(name)
    if value is None:
        raise SourceAddressInvalid(
            source="…",
            reason_vi=f"không có biến môi trường {name}",
            reason_en=f"there is no environment variable {name}",
        )
    return value
