"""Jobs that count, refuse, break, wait and will not stop."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from lienthong.engine.errors import LookInterrupted, SourceUnreachable
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.jobs.context import JobContext
from lienthong.foundation.jobs.registry import job
from lienthong.foundation.numbers.commands import next_number

SECRET = "mat-khau-cua-toi"


@job
def slow(context: JobContext) -> None:
    """Count to `steps`, `pause` seconds each; every step and the end leave a line in the file `trace`.

    Where a file `enough` is named, the job ends as soon as it is there.
    """
    trace, steps = Path(context.arguments["trace"]), context.arguments["steps"]
    enough = Path(context.arguments.get("enough", "/nowhere"))
    for step in range(context.checkpoint.get("done", 0), steps):
        if enough.exists():
            break
        context.progress(step, steps, f"Bước {step + 1}", f"Step {step + 1}")
        time.sleep(context.arguments["pause"])
        with trace.open("a") as out:
            out.write(f"step {step}\n")
        context.save_checkpoint({"done": step + 1})
    with context.finish_once() as result:
        result["number"] = next_number("PROBE", year=2026)
    with trace.open("a") as out:
        out.write("end\n")


@job
def polite(context: JobContext) -> dict[str, Any]:
    """Do as the engine does: ask whether to stop, and then say so in an error of its own."""
    deadline = time.monotonic() + context.arguments.get("seconds", 30)
    while time.monotonic() < deadline:
        if context.should_stop():
            raise LookInterrupted(source="nguồn")
        time.sleep(0.02)
    return {"answer": 42}


@job
def stubborn(context: JobContext) -> None:
    """Stay inside one long call, deaf to every order, and only then reach for the end."""
    Path(context.arguments["trace"]).write_text("begun\n")
    time.sleep(context.arguments["seconds"])
    with context.finish_once():
        next_number("PROBE", year=2026)


@job
def refuses(context: JobContext) -> None:
    raise InputRefused(name="Tên", name_en="Name", why="để trống", why_en="it is empty")


@job
def breaks(context: JobContext) -> None:
    try:
        raise ConnectionError(f"could not connect: postgresql://u:{SECRET}@h/d")
    except ConnectionError as error:
        raise RuntimeError(f"driver said {SECRET}") from error


@job
def unreachable(context: JobContext) -> dict[str, Any]:
    if context.job.attempts < context.arguments["answers_at"]:
        context.say_kept("2 bảng được giữ.", "2 tables are kept.")
        raise SourceUnreachable(source="10.0.0.1")
    return {"attempts": context.job.attempts}


def unmarked(context: JobContext) -> None:
    raise AssertionError("a function that is not marked must never be run")
