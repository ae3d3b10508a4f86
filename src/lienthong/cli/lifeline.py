"""How a child ends with its parent: by one signal in the ordinary case, surely when the parent was killed.

Each child holds the reading end of a pipe whose writing end is only in the parent. When the parent is gone,
however it went, the pipe ends; the kernel also sends a signal, where it can. A child that then does not leave
is made to.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable

# What a child is given to leave once its parent is gone (seconds).
LAST_CALL = 7.0
_PR_SET_PDEATHSIG = 1


def end_with_parent(pipe: int, *, last_call: float = LAST_CALL) -> None:
    """Send this process SIGTERM once the parent is gone, and end its whole group when that was not enough."""
    signal_on_parents_death(signal.SIGTERM)

    def watch() -> None:
        while True:
            try:
                if os.read(pipe, 1) == b"":
                    break
            except OSError:
                break
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(last_call)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def signal_on_parents_death(number: signal.Signals, parent: int | None = None) -> None:
    """Ask the kernel (Linux) for a signal when the parent dies; with `parent`, see that it has not died
    already.
    """
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number))
    except (AttributeError, OSError):
        return
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), number)


def listen_for_the_end() -> Callable[[], None]:
    """Take SIGTERM and SIGINT from now on; what it gives waits, in the main thread, for the first. More
    change nothing.
    """
    came, send = os.pipe()
    os.set_blocking(send, False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(send, warn_on_full_buffer=False)

    def wait() -> None:
        os.read(came, 1)

    return wait
