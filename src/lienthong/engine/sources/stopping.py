"""Waiting that ends when its caller says so, or when its time is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from lienthong.engine.session import Interrupted, ShouldStop

Answer = TypeVar("Answer")


class Due:
    """Says when to stop: when the caller says so, or when the time is over."""

    def __init__(self, seconds: float, should_stop: ShouldStop | None) -> None:
        self._end = time.monotonic() + seconds
        self._should_stop = should_stop
        self.is_over = False

    def __call__(self) -> bool:
        if self._should_stop is not None and self._should_stop():
            return True
        self.is_over = time.monotonic() > self._end
        return self.is_over


def stoppable(
    call: Callable[[], Answer], interrupt: Callable[[], None], should_stop: ShouldStop | None
) -> Answer:
    """Run a call to a driver that cannot be stopped from within; interrupt it when `should_stop` says so."""
    outcome: list[Answer] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
        while thread.is_alive():
            thread.join(0.05)
            if thread.is_alive() and should_stop is not None and should_stop():
                raise Interrupted
    except BaseException:
        interrupt()
        if thread.is_alive():
            thread.join(10)
        raise
    if failure:
        raise failure[0]
    return outcome[0]


def waited(seconds: float, should_stop: ShouldStop | None) -> None:
    """Wait so long. Raises Interrupted when `should_stop` says so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if should_stop is not None and should_stop():
            raise Interrupted
        time.sleep(0.05)
