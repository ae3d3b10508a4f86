"""`lienthong start` as people use it: real processes, real signals."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import stat
import subprocess
import time

from .conftest import Installation, stretched, until

ENQUEUE = """
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.jobs.commands import start_job
given = {arguments!r}
print(start_job(actor=SYSTEM, name="probe.{name}", title_vi="Thử", title_en="Try", arguments=given).pk)
"""


def enqueue(installation: Installation, name: str, **arguments: object) -> str:
    return installation.run(ENQUEUE.format(name=name, arguments=arguments))


def test_a_job_that_is_interrupted_in_every_way_is_finished_once(empty_installation, tmp_path):
    installation = empty_installation
    trace, enough = tmp_path / "trace", tmp_path / "enough"

    def lines() -> list[str]:
        return trace.read_text().splitlines() if trace.exists() else []

    assert installation.start() < stretched(20), "the first start, on an empty directory"
    assert stat.S_IMODE((installation.data / "keys").stat().st_mode) == 0o700
    job = enqueue(installation, "slow", trace=str(trace), enough=str(enough), steps=10_000, pause=0.1)
    for number, interruptions in ((signal.SIGINT, 1), (signal.SIGTERM, 2), (signal.SIGKILL, 3)):
        begun = len(lines())
        until(lambda begun=begun: len(lines()) > begun + 2, 20, "the next steps of the job")
        assert installation.end(number) < stretched(10)
        state = installation.job(job)
        assert (state["state"], state["crashes"]) == ("queued", 0), number.name
        assert state["interruptions"] == interruptions
        assert "end" not in lines()
        assert installation.start() < stretched(10), "a further start"
    enough.touch()
    until(lambda: "end" in lines(), 30, "the end of the job")
    assert installation.job(job)["state"] == "finished"
    assert lines() == [f"step {step}" for step in range(len(lines()) - 1)] + ["end"]
    assert installation.row("SELECT last FROM numbers_counter WHERE series = 'PROBE'") == (1,)
    assert installation.end(signal.SIGTERM) < stretched(10)


def test_a_job_comes_through_the_death_of_its_worker_and_of_the_web(installation, tmp_path):
    trace, enough = tmp_path / "trace", tmp_path / "enough"
    installation.start()
    job = enqueue(installation, "slow", trace=str(trace), enough=str(enough), steps=10_000, pause=0.1)
    until(trace.exists, 20, "the first step of the job")
    os.kill(installation.process("worker"), signal.SIGKILL)
    os.kill(installation.process("web"), signal.SIGKILL)
    until(lambda: installation.job(job)["crashes"] == 1, 30, "the return of the job")
    enough.touch()
    until(lambda: "end" in trace.read_text(), 30, "the end of the job")
    assert installation.job(job)["state"] == "finished"
    assert trace.read_text().count("end") == 1
    assert installation.row("SELECT last FROM numbers_counter WHERE series = 'PROBE'") == (1,)
    until(installation.answers, 20, "an answer of the new web process")
    assert installation.out.read_text().count("dừng bất ngờ") == 2
    assert installation.end(signal.SIGINT) < stretched(10)


def test_a_job_deaf_to_orders_holds_nobody_up_and_takes_effect_once(installation, tmp_path):
    trace = tmp_path / "trace"
    installation.start("--host", "localhost")
    job = enqueue(installation, "stubborn", trace=str(trace), seconds=60)
    until(trace.exists, 20, "the beginning of the job")
    installation.started.kill()
    installation.started.wait(stretched(5))
    trace.unlink()
    # At once: the next start waits for what the killed one has left behind.
    installation.start()
    until(trace.exists, 20, "the second beginning of the job")
    assert installation.job(job)["interruptions"] == 1
    os.kill(installation.started.pid, signal.SIGINT)
    time.sleep(0.3)
    # The same order once more, as `make` or an impatient hand gives it.
    assert installation.end(signal.SIGINT) < stretched(10)
    state = installation.job(job)
    assert (state["state"], state["interruptions"], state["crashes"]) == ("queued", 2, 0)


def test_a_start_that_cannot_be_says_why_in_one_line(installation, tmp_path):
    installation.start()
    in_use = installation.refusal()
    assert "đang được một tiến trình lienthong khác sử dụng" in in_use
    assert "in use by another lienthong" in in_use
    other = Installation(tmp_path / "other")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port_taken = other.refusal("--port", str(taken.getsockname()[1]))
    assert "cannot be opened" in port_taken
    # The port of a running installation as well, though its server lets others share it.
    assert "cannot be opened" in other.refusal("--port", str(installation.port))
    (tmp_path / "file").write_text("")
    no_folder = other.refusal("--data", str(tmp_path / "file"))
    everywhere = other.refusal("--host", "0.0.0.0")
    assert "LIENTHONG_ALLOWED_HOSTS" in everywhere
    nowhere = other.refusal("--host", "khong-co-may-nay.invalid")
    for line in (in_use, port_taken, no_folder, everywhere, nowhere):
        assert line.count("\n") == 1
        assert " / " in line
        assert "Traceback" not in line
    assert installation.answers()
    assert other.processes() == {}


def test_a_start_is_ended_while_it_still_prepares(empty_installation):
    installation = empty_installation
    process = subprocess.Popen(
        installation.command(), env=installation.environment, stdout=subprocess.DEVNULL
    )
    until(lambda: len(installation.processes()) > 1, 10, "the preparing child")
    process.send_signal(signal.SIGINT)
    assert process.wait(stretched(10)) == 0
    until(lambda: not installation.processes(), 5, "the end of all processes")


def test_it_ends_with_the_one_who_started_it_unless_put_into_the_background(installation):
    command = shlex.join(installation.command())
    out = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": installation.environment}
    before = subprocess.Popen(["sh", "-c", f"{command}; true"], **out)
    until(installation.is_up, 60, "an answer of /healthz")
    before.kill()
    before.wait(stretched(5))
    until(lambda: not installation.processes(), 10, "the end of all processes")
    installation.environment["LIENTHONG_ALLOWED_HOSTS"] = "data.example.vn"
    subprocess.run(["sh", "-c", f"{command} --host 0.0.0.0 & "], **out, check=True)
    until(installation.is_up, 60, "an answer of /healthz")
    time.sleep(2.5)
    for name, status in (("data.example.vn", 200), ("localhost", 200), ("evil.example", 400)):
        assert installation.healthz(name)[0] == status, name
    os.kill(installation.process("start"), signal.SIGINT)
    until(lambda: not installation.processes(), 10, "the end of all processes")
