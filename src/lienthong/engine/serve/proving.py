"""Whether a replica holds exactly its version: kept values brought back to the stored ones, and digested."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from lienthong.engine.evidence.digests import RowDigest, digest_query
from lienthong.engine.serve.building import attached
from lienthong.engine.serve.errors import ReplicaDamaged
from lienthong.engine.serve.replica import Replica
from lienthong.engine.serve.values import keeping
from lienthong.engine.session import quoted
from lienthong.engine.shapes import Column

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_WIDE = 10**38


def proved(path: Path | str) -> bool:
    """True when the rows of a replica, read again, give the digest of the version that it says it holds.

    Reads every row. NaN is not kept in a replica, so a version that holds it is never proved.
    """
    replica = Replica(path)
    try:
        about = replica.about()
    finally:
        replica.close()
    return str(digest_of(Path(path), about.columns)) == about.digest


def digest_of(path: Path, columns: Sequence[Column], *, where: str = "true") -> RowDigest:
    """The digest of the rows in a file, as the store would tell it; ReplicaDamaged when they cannot be read."""
    picked = ", ".join(f"{restored(column)} AS {quoted(column.name)}" for column in columns)
    pairs = [(column.name, str(column.native_type)) for column in columns]
    try:
        with attached(path, read_only=True) as (connection, name):
            rows = f"(SELECT {picked} FROM {name}.rows WHERE {where})"
            found = connection.execute(digest_query(rows, pairs)).fetchone()
    except duckdb.Error:
        raise ReplicaDamaged(replica=path.name) from None
    return RowDigest.of(found or ())


def restored(column: Column) -> str:
    """SQL (DuckDB) from the kept value of a column to the stored one."""
    name, native, k = quoted(column.name), str(column.native_type), keeping(column)
    if column.type == "decimal":
        number = name
        if k.wide:
            number = (
                f"(CAST(substr({name}, 2) AS HUGEINT) - "
                f"CASE WHEN left({name}, 1) = '0' THEN {_WIDE}::HUGEINT ELSE 0::HUGEINT END)"
            )
        if not k.scale:
            return f"CAST({number} AS {native})"
        plain = f"CAST(abs({number}) AS VARCHAR)"
        digits = f"lpad({plain}, CAST(greatest({k.scale + 1}, length({plain})) AS INTEGER), '0')"
        return (
            f"CAST(CASE WHEN {number} < 0 THEN '-' ELSE '' END || left({digits}, -{k.scale}) || '.' || "
            f"right({digits}, {k.scale}) AS {native})"
        )
    if k.zoned:
        return f"timezone('UTC', CAST({name} AS TIMESTAMP))"
    if column.type in ("date", "time", "timestamp", "boolean", "json"):
        return f"CAST({name} AS {native})"
    return name
