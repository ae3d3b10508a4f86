"""Columns in which hardly a value comes twice: to group them reduces nothing, so their rows are asked as they are.

How many values differ is told from their 64-bit hashes, sorted: equal values have equal hashes, and values whose hashes
are equal are looked at themselves. A quarter of what grouping two million such values costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from lienthong.engine.portable import Measured, of_values
from lienthong.engine.profile.checking import LONGEST_LOOKED_AT, may_be_cut
from lienthong.engine.profile.relating import KEPT_HASHES
from lienthong.engine.profile.sampling import Shown
from lienthong.engine.session import Connection

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

FEW_REPEATS = 0.995
"""The share of different values in the sample from which a column counts as one in which hardly a value comes twice."""
_LEAST = 10_000
_AT_MOST = 16_000_000
_LONG = 24
_REPEATS_LOOKED_AT = 100_000
_KINDS = frozenset({"text", "integer", "decimal", "double", "timestamp"})
_numbers = count(1)


def hardly_repeats(column: Measured, shown: Shown, rows: int) -> bool:
    """Whether this column is asked by its rows; of very many rows the hashes would take too much memory (8 bytes a row)."""
    return (
        column.type in _KINDS
        and rows <= _AT_MOST
        and shown.filled >= _LEAST
        and shown.distinct >= FEW_REPEATS * shown.filled
    )


def measured_by_rows(
    cursor: Connection,
    column: Measured,
    relation: str,
    extra: Sequence[tuple[str, str]],
    shown: Shown | None = None,
) -> dict[str, Any] | None:
    """The measures of a column and what else is asked of it, as `portable.grouped` gives them; None when it must be grouped.

    The column is read twice, long texts once. Cost: linear, with a sort of one number a row.
    """
    texts = shown.values if shown is not None and column.type == "text" else ()
    if sum(map(len, texts)) < _LONG * max(1, len(texts)):
        return _measured(cursor, column, relation, extra)
    # Long texts are the dearest to read: they are held while they are looked at, on disk where memory does not do.
    name = f"held_{next(_numbers)}"
    cursor.execute(f"CREATE TEMP TABLE {name} AS SELECT {column.expression} AS v FROM {relation}")
    try:
        return _measured(cursor, column.reduced(), name, extra)
    finally:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")


def _measured(
    cursor: Connection, column: Measured, relation: str, extra: Sequence[tuple[str, str]]
) -> dict[str, Any] | None:
    # Only here: a look at small tables need not wait for it.
    import numpy as np

    hashes = _sorted_hashes(cursor, column, relation)
    again = hashes[1:][hashes[1:] == hashes[:-1]]
    doubtful = np.unique(again)
    if len(doubtful) > _REPEATS_LOOKED_AT:
        return None
    different = len(hashes) - len(again) - len(doubtful)
    asked = [one for one in extra if one[0] not in ("longest", "sketch")]
    wanted = {name for name, _ in extra}
    if "sketch" in wanted and column.type != "text":
        asked.append(("sketch", f"min(hash(CAST(v AS VARCHAR)), {2 * KEPT_HASHES}) FILTER (v IS NOT NULL)"))
    with _named(cursor, doubtful) as name:
        doubt = ""
        if name is not None:
            asked.append(("among", "count(DISTINCT v) FILTER (doubtful)"))
            doubt = f", hash({column.expression}) IN (SELECT h FROM {name}) AS doubtful"
        rows = f"SELECT {column.expression} AS v, 1 AS n{doubt} FROM {relation}"
        statement = of_values(column, rows, 0, asked)
        _, (found,) = statement.read(cursor.execute(statement.sql).fetchall()[0])
    found["distinct"] = distinct = different + int(found.pop("among", 0))
    if "sketch" in wanted:
        told = _first_different(hashes) if column.type == "text" else sorted(set(found["sketch"] or ()))
        if len(told) < min(KEPT_HASHES, distinct):
            return None
        found["sketch"] = told[:KEPT_HASHES]
    if "longest" in wanted:
        found["longest"] = _longest(cursor, column, relation, found)
    return found


def _sorted_hashes(cursor: Connection, column: Measured, relation: str) -> Hashes:
    import numpy as np

    value = column.expression
    read = cursor.execute(
        f"SELECT hash({value}) AS h FROM {relation} WHERE {value} IS NOT NULL"
    ).fetchnumpy()["h"]
    hashes = np.asarray(read, np.uint64)
    hashes.sort()
    return hashes


@contextmanager
def _named(cursor: Connection, hashes: Hashes) -> Iterator[str | None]:
    """A name in SQL for these hashes; None when there are none."""
    if not len(hashes):
        yield None
        return
    import pyarrow

    name = f"hashes_{next(_numbers)}"
    cursor.register(name, pyarrow.table({"h": hashes}))
    try:
        yield name
    finally:
        cursor.unregister(name)


def _first_different(hashes: Hashes) -> list[int]:
    """The least hashes that differ, of sorted ones; there may be few among the first when one value comes often."""
    import numpy as np

    found: list[int] = []
    step = 4 * KEPT_HASHES
    for first in range(0, len(hashes), step):
        found = np.unique([*found, *hashes[first : first + step].tolist()]).tolist()
        if len(found) >= KEPT_HASHES:
            break
    return found[:KEPT_HASHES]


def _longest(cursor: Connection, column: Measured, relation: str, found: dict[str, Any]) -> list[int]:
    """The lengths of the longest different texts where they tell something: of those as long as the longest, or one less."""
    if not may_be_cut(found):
        return []
    value = column.expression
    (lengths,) = cursor.execute(
        f"SELECT max(length(v), {LONGEST_LOOKED_AT}) FROM (SELECT DISTINCT {value} AS v FROM {relation} "
        f"WHERE length({value}) >= {int(found['max_length']) - 1})"
    ).fetchall()[0]
    return list(lengths or ())
