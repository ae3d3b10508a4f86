"""Children of `start`: each in a session of its own, begun again when it dies, ended by one signal."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

# What children are given to leave after their one signal, before they are made to (seconds).
LEAVING = 8.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A child that lived this long has its pause between restarts forgiven.
SOUND = 60.0
LOG_LIMIT = 5_000_000


class Signals:
    """The order to stop as a value to be asked for; a dying child wakes whoever waits.

    The order is SIGINT, SIGTERM or SIGHUP, or the death of the process that started this one. Not so for what
    was put into the background on purpose, by `nohup` or by `&` in a script: a shell then has SIGHUP or
    SIGINT ignored.
    """

    def __init__(self) -> None:
        self.orders: list[float] = []
        ignored = {
            number for number in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_IGN
        }
        self._parent = None if ignored else os.getppid()
        self._came, send = os.pipe()
        for end in (self._came, send):
            os.set_blocking(end, False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ordered)
        if signal.SIGHUP not in ignored:
            signal.signal(signal.SIGHUP, self._ordered)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(send, warn_on_full_buffer=False)

    def _ordered(self, number: int, frame: FrameType | None) -> None:
        self.orders.append(time.monotonic())

    def wait(self, seconds: float) -> None:
        """Sleep, but not past a signal."""
        select.select([self._came], [], [], max(0.0, seconds))
        try:
            os.read(self._came, 4096)
        except BlockingIOError:
            pass

    @property
    def told_to_stop(self) -> bool:
        orphaned = self._parent is not None and os.getppid() != self._parent
        return bool(self.orders) or orphaned

    @property
    def in_a_hurry(self) -> bool:
        """A second order well after the first: a terminal and `make` may send one order twice."""
        return len(self.orders) > 1 and self.orders[-1] - self.orders[0] > 1.5


class Child:
    """One child: how it is begun, and whether it is there."""

    def __init__(self, name: str, command: list[str], *, log: Path | None, pass_fds: tuple[int, ...]) -> None:
        self.name = name
        self.log = log
        self.restarts = 0
        self.not_before = 0.0
        self._command = command
        self._pass_fds = pass_fds
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = 0.0

    def begin(self, *, held: bool = False) -> None:
        """Begin the child; held, it loads itself and then waits for `release`."""
        out = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640) if self.log else None
        try:
            self._process = subprocess.Popen(
                [*self._command, "--held"] if held else self._command,
                stdin=subprocess.PIPE if held else subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=self._pass_fds,
                start_new_session=True,
            )
        finally:
            if out is not None:
                os.close(out)
        self._begun = time.monotonic()

    def release(self) -> None:
        """Let a held child go on."""
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.write(b"go\n")
                self._process.stdin.close()
            except BrokenPipeError:
                # It has died meanwhile, and will be begun again.
                pass

    @property
    def runs(self) -> bool:
        return self._process is not None

    def tell(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            if self._process.stdin is not None:
                # One that is still held learns of it this way.
                self._process.stdin.close()

    def sweep(self) -> None:
        """End everything in the child's session."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def ended(self) -> int | None:
        """How the child ended, once it has; whatever it left behind in its session is ended before its number
        is free.
        """
        if self._process is None:
            return None
        if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self.sweep()
        code = self._process.wait()
        self._process = None
        return code

    def postpone(self) -> float:
        """How long to wait before the child is begun again."""
        now = time.monotonic()
        self.restarts = 1 if now - self._begun > SOUND else self.restarts + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self.restarts - 1))
        self.not_before = now + pause
        return pause

    def keep_log_small(self) -> None:
        """Keep the last two pieces of the log. It is emptied in place, since the child keeps it open for
        appending.
        """
        if self.log is None or not self.log.exists() or self.log.stat().st_size < LOG_LIMIT:
            return
        older = self.log.with_suffix(".1.log")
        older.write_bytes(self.log.read_bytes())
        os.truncate(self.log, 0)


def supervise(
    children: list[Child],
    signals: Signals,
    *,
    say: Callable[[str], None],
    meanwhile: Callable[[], float | None],
) -> bool:
    """Keep the children running until an order to stop; True when it came, False when `meanwhile` gave up.

    `meanwhile` is called in every round and says how long the next pause may be (seconds), or None to give
    up.
    """
    while not signals.told_to_stop:
        for child in children:
            code = child.ended()
            if code is not None:
                later = child.postpone()
                say(
                    f"Tiến trình {child.name} dừng bất ngờ (mã {code}), chạy lại sau {later:g} giây. / "
                    f"Process {child.name} ended unexpectedly ({code}); begun again in {later:g} s. "
                    f"{child.log or ''}"
                )
            if not child.runs and time.monotonic() >= child.not_before:
                child.begin()
            child.keep_log_small()
        pause = meanwhile()
        if pause is None:
            return False
        signals.wait(min(pause, 1.0) if all(child.runs for child in children) else min(pause, 0.1))
    return True


def end_all(children: list[Child], signals: Signals) -> None:
    """Tell every child once, wait, and end what is still there."""
    for child in children:
        child.tell(signal.SIGTERM)
    deadline = time.monotonic() + LEAVING
    while any(child.runs and child.ended() is None for child in children):
        if time.monotonic() > deadline or signals.in_a_hurry:
            for child in children:
                child.sweep()
        signals.wait(0.1)
