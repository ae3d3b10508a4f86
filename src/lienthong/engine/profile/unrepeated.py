"""Columns in which hardly a value comes twice: to group them reduces nothing, so their rows are asked as they are.

How many values differ is told from their 64-bit hashes, sorted: equal values have equal hashes, and values whose hashes
are equal are looked at themselves. Texts are held in memory meanwhile, and whether any of many texts is odd is told from
their bytes. A fifth of what grouping two million such values costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from lienthong.engine.portable import Measured, of_values
from lienthong.engine.profile.checking import LONGEST_LOOKED_AT, NOT_OF_DIGITS, OF_ODD_TEXTS, may_be_cut
from lienthong.engine.profile.relating import KEPT_HASHES, hash_of
from lienthong.engine.profile.sampling import Shown
from lienthong.engine.session import Connection

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow

    Hashes = npt.NDArray[np.uint64]

FEW_REPEATS = 0.995
"""The share of different values in the sample from which a column counts as one in which hardly a value comes twice."""
_LEAST = 10_000
_AT_MOST = 16_000_000
_HELD_AT_MOST = 256 << 20
"""Bytes of texts that are held in memory while they are looked at; where there are more, they are read twice."""
_MUCH_LONGER, _PIECE = 2, 65_536
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
    shown: Shown,
    rows: int,
) -> dict[str, Any] | None:
    """The measures of a column and what else is asked of it, as `portable.grouped` gives them; None when it must be grouped.

    Numbers and moments are read twice, texts once. Cost: linear, with a sort of one number a row.
    """
    texts = [text.encode() for text in shown.values] if column.type == "text" else []
    likely = rows * (8 + sum(map(len, texts)) // len(texts)) if texts else 0
    rows_held = _held(cursor, column, relation) if 0 < likely <= _HELD_AT_MOST else None
    if rows_held is None:
        value = column.expression
        read = f"(SELECT {value} AS v, {hash_of(column.type, value)} AS h FROM {relation})"
        return _measured(cursor, column, read, extra)
    with _asked(cursor, rows_held, texts) as (name, told, spared):
        asked = [one for one in extra if one[0] not in spared]
        found = _measured(cursor, column, name, asked, told=told)
        nothing = dict.fromkeys({rule for rule, _ in extra} & set(spared), 0)
        return None if found is None else {**found, **nothing}


def _held(cursor: Connection, column: Measured, relation: str) -> pyarrow.Table | None:
    """The texts of a column with their hashes; None where they turn out far longer than those of the sample."""
    import pyarrow

    value = column.expression
    asked = f"SELECT {value} AS v, {hash_of('text', value)} AS h FROM {relation} WHERE {value} IS NOT NULL"
    reader = cursor.execute(asked).to_arrow_reader(_PIECE)
    pieces: list[pyarrow.RecordBatch] = []
    size = 0
    for piece in reader:
        size += piece.nbytes
        if size > _MUCH_LONGER * _HELD_AT_MOST:
            return None
        pieces.append(piece)
    return pyarrow.Table.from_batches(pieces, reader.schema)


@contextmanager
def _asked(
    cursor: Connection, held: pyarrow.Table, some: Sequence[bytes]
) -> Iterator[tuple[str, bool, Sequence[str]]]:
    """A name in SQL for texts that are held, whether their bytes were asked, and the rules that need not be.

    Bytes are not asked where `some` of the texts stand out already: then hardly any are told of together.
    """
    import pyarrow

    from lienthong.engine.profile.letters import told_by_bytes

    spared: Sequence[str] = ()
    if told := bool(told_by_bytes(pyarrow.chunked_array([pyarrow.array(some, pyarrow.string())]))[1].all()):
        digits, fine = told_by_bytes(held.column("v"))
        held = held.append_column("digits", pyarrow.array(digits)).append_column("fine", pyarrow.array(fine))
        spared = NOT_OF_DIGITS if digits.all() else OF_ODD_TEXTS if fine.all() else ()
    name = f"held_{next(_numbers)}"
    cursor.register(name, held)
    try:
        yield name, told, spared
    finally:
        cursor.unregister(name)


def _measured(
    cursor: Connection,
    column: Measured,
    held: str,
    extra: Sequence[tuple[str, str]],
    *,
    told: bool = False,
) -> dict[str, Any] | None:
    """The same of SQL that gives the values `v` of a column and their hashes `h`."""
    # Only here: a look at small tables need not wait for it.
    import numpy as np

    read = cursor.execute(f"SELECT h FROM {held} WHERE v IS NOT NULL").fetchnumpy()
    hashes = np.require(read.pop("h"), np.uint64, "W")
    hashes.sort()
    again = hashes[1:][hashes[1:] == hashes[:-1]]
    doubtful = np.unique(again)
    if len(doubtful) > _REPEATS_LOOKED_AT:
        return None
    different, least = len(hashes) - len(again) - len(doubtful), _first_different(hashes)
    del hashes
    wanted = {name for name, _ in extra}
    asked = [one for one in extra if one[0] not in ("longest", "sketch")]
    with _named(cursor, doubtful) as name:
        doubt = ""
        if name is not None:
            asked.append(("among", "count(DISTINCT v) FILTER (doubtful)"))
            doubt = f", h IN (SELECT h FROM {name}) AS doubtful"
        rows = f"SELECT *, 1 AS n{doubt} FROM {held}"
        statement = of_values(column, rows, 0, asked, told=told)
        _, (found,) = statement.read(cursor.execute(statement.sql).fetchall()[0])
    found["distinct"] = different + int(found.pop("among", 0))
    if "sketch" in wanted:
        found["sketch"] = least
    if "longest" in wanted:
        found["longest"] = _longest(cursor, held, found)
    return found


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


def _longest(cursor: Connection, held: str, found: dict[str, Any]) -> list[int]:
    """The lengths of the longest different texts where they tell something: of those as long as the longest, or one less."""
    if not may_be_cut(found):
        return []
    (lengths,) = cursor.execute(
        f"SELECT max(length(v), {LONGEST_LOOKED_AT}) FROM (SELECT DISTINCT v FROM {held} "
        f"WHERE length(v) >= {int(found['max_length']) - 1})"
    ).fetchall()[0]
    return list(lengths or ())
