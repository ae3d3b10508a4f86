"""Ask both sides at the same time, and stop both when asked to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lienthong.engine.session import Interrupted, ShouldStop

Left = TypeVar("Left")
Right = TypeVar("Right")

_POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 10.0


def both(
    left: Callable[[], Left],
    right: Callable[[], Right],
    interrupts: tuple[Callable[[], None], Callable[[], None]],
    should_stop: ShouldStop | None = None,
) -> tuple[Left, Right]:
    """The answers of both sides, asked at the same time. The first error of either stops the other.

    Raises Interrupted soon after `should_stop` says so.
    """
    answers: dict[int, object] = {}
    failures: list[BaseException] = []

    def run(order: int, call: Callable[[], object]) -> None:
        try:
            answers[order] = call()
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=run, args=(order, call), daemon=True)
        for order, call in enumerate((left, right))
    ]
    stopped = False
    try:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) and not failures:
            if should_stop is not None and should_stop():
                stopped = True
                break
            next((thread for thread in threads if thread.is_alive()), threads[0]).join(_POLL_SECONDS)
    finally:
        _end(threads, interrupts)
    if stopped:
        raise Interrupted
    if failures:
        raise failures[0] from None
    return answers[0], answers[1]  # type: ignore[return-value]


def _end(threads: list[threading.Thread], interrupts: tuple[Callable[[], None], Callable[[], None]]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    said = 0.0
    while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
        if time.monotonic() - said > 1:
            said = time.monotonic()
            for thread, interrupt in zip(threads, interrupts, strict=True):
                if thread.is_alive():
                    interrupt()
        for thread in threads:
            thread.join(_POLL_SECONDS)
