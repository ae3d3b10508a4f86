"""What a log may hold of an unforeseen fault."""

from __future__ import annotations

import traceback
from typing import Any


def where_it_arose(error: BaseException) -> dict[str, Any]:
    """The kinds of a fault and where it arose. Its text stays out: drivers put connection strings and rows
    into it.
    """
    kinds: list[str] = []
    frames: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 5:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        frames += [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)[-12:]
        ]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return {"kinds": kinds, "frames": frames}
