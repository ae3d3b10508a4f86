"""What a kind of fault is, and how it is tried at many points."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Literal

State = Literal["old", "new"]


@dataclasses.dataclass(frozen=True)
class Told:
    """What one trial has found: the state that was left, the code of the error that was told, chunks done twice."""

    state: State
    code: str = ""
    repeated: int = 0


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of fault. `trial(seed, folder)` brings one about, checks all that must hold and says what it found.

    It fails by AssertionError. The folder is empty and its own; a kind keeps what trials share in a module variable.
    """

    name: str
    vi: str
    en: str
    trial: Callable[[int, Path], Told]


@dataclasses.dataclass
class Tally:
    """What many trials of one kind came to."""

    kind: str
    points: int
    old: int
    new: int
    most_repeated: int
    codes: dict[str, int]


def tried(kind: Kind, points: int, folder: Path, *, first_seed: int = 0) -> Tally:
    """Try one kind at so many points; the seed of a point that fails is in its error."""
    states: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    repeated = 0
    for seed in range(first_seed, first_seed + points):
        place = folder / f"{kind.name}-{seed}"
        place.mkdir(parents=True)
        try:
            told = kind.trial(seed, place)
        except AssertionError as error:
            raise AssertionError(f"{kind.name}, seed {seed}: {error}") from error
        states[told.state] += 1
        codes[told.code] += bool(told.code)
        repeated = max(repeated, told.repeated)
    found = {code: count for code, count in sorted(codes.items()) if count}
    return Tally(kind.name, points, states["old"], states["new"], repeated, found)


def nursery(modules: Sequence[str]) -> ForkServerContext:
    """A place from which processes are forked that have these modules imported and nothing else running.

    `nursery(["engine.module"]).Process(target=f, args=...)` starts in some hundredths of a second. The first
    caller in a process decides for all what is imported.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*modules, "tests.trials.checked"])
    return context


def killed_within(process: Any, seconds: float, seed: int) -> bool:
    """Kill a started process at a seeded moment within so many seconds; True when it was still at work."""
    process.join(random.Random(seed).uniform(0, seconds))
    alive = bool(process.is_alive())
    if alive:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            # It ended by itself in between.
            alive = False
    process.join()
    return alive


def timed(process: Any) -> float:
    """Seconds that a process takes from start to end; it must end well."""
    began = time.monotonic()
    process.start()
    process.join()
    assert process.exitcode == 0, f"ended with {process.exitcode}"
    return time.monotonic() - began
