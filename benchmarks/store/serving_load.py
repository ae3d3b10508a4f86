"""Ask a server over kept connections, one question after another on each, and say how many it answered.

Bare sockets: what the asking costs is the same for everyone and as little as Python allows.
"""

from __future__ import annotations

import argparse
import json
import random
import selectors
import socket
import sys
import time

KEY_STEP, KEY_START = 379, 1_000_000_000


def main() -> None:
    """`ADDRESS with {key}`, for so many seconds; prints requests, seconds, refusals, bytes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("path", help="the address; {key} becomes a random key")
    parser.add_argument("--header", default="")
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=4)
    asked = parser.parse_args()
    print(json.dumps(_asked(asked)))


def _asked(asked: argparse.Namespace) -> dict[str, float]:
    rng = random.Random(20261122)  # noqa: S311
    before, _, after = asked.path.partition("{key}")
    extra = f"{asked.header}\r\n" if asked.header else ""
    head = f"GET {before}"
    tail = f"{after} HTTP/1.1\r\nHost: localhost\r\n{extra}\r\n"

    def question() -> bytes:
        return f"{head}{KEY_START + rng.randrange(asked.rows - 200) * KEY_STEP:012d}{tail}".encode()

    chosen = selectors.DefaultSelector()
    for _ in range(asked.connections):
        line = socket.create_connection(("127.0.0.1", asked.port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chosen.register(line, selectors.EVENT_READ, bytearray())
        line.sendall(question())
    done = refused = size = 0
    began = time.perf_counter()
    end = began + asked.seconds
    while time.perf_counter() < end:
        for ready, _ in chosen.select(1):
            line, got = ready.fileobj, ready.data
            part = line.recv(1 << 18)  # type: ignore[union-attr]
            if not part:
                sys.exit("the server closed the connection")
            got += part
            if not _whole(got):
                continue
            done += 1
            refused += not got.startswith(b"HTTP/1.1 200")
            size += len(got)
            got.clear()
            line.sendall(question())  # type: ignore[union-attr]
    seconds = time.perf_counter() - began
    return {"requests": done, "seconds": seconds, "refused": refused, "bytes": size}


def _whole(got: bytearray) -> bool:
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(got[:end]).lower()
    place = head.find(b"content-length:")
    if place < 0:
        return got.endswith(b"0\r\n\r\n")
    length = int(head[place + 15 :].split(b"\r\n", 1)[0])
    return len(got) >= end + 4 + length


if __name__ == "__main__":
    main()
