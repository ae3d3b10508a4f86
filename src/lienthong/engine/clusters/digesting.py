"""The digest of a version, computed by a cluster from the version's files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from lienthong.engine.clusters.opening import Cluster
from lienthong.engine.clusters.sparksql import TEXTS, canonical_value, loose_row, quoted, row_halves
from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.evidence.digests import canonical_value as canonical_here
from lienthong.engine.session import quoted as quoted_here

_VIEW = "lienthong_version"
_MASK = (1 << 64) - 1


def digest_files(
    cluster: Cluster, files: Sequence[Path | str], columns: Sequence[tuple[str, str]]
) -> RowDigest:
    """The digest `c1` of the rows in these Parquet files, with (name, stored type) columns in the order of the table.

    Costs one read on the cluster. Rows with a loose value (see `sparksql`) cost a second one, come here and are hashed
    here: text in NFD, doubles of more than 15 digits, days outside of the years 1 to 9999.
    """
    if not files:
        return RowDigest()
    cluster.view(_VIEW, files)
    found = cluster.rows(
        "SELECT loose, count(*), bit_xor(high), bit_xor(low), sum(CAST(high AS DECIMAL(20,0))), "
        f"sum(CAST(low AS DECIMAL(20,0))) FROM ({row_halves(columns, _VIEW)}) GROUP BY loose"
    )
    total, loose = RowDigest(), 0
    for is_loose, rows, high, low, highs, lows in found:
        if is_loose:
            loose += int(rows)
        else:
            total += RowDigest(
                int(rows), (int(high) << 32) | int(low), ((int(highs) << 32) + int(lows)) & _MASK
            )
    if loose:
        total += _hashed_here(cluster.arrow(_half_written(columns)), columns)
    return total


def _half_written(columns: Sequence[tuple[str, str]]) -> str:
    """SQL (Spark) for the loose rows: what it cannot write is left as it is, the rest is canonical text."""
    shown = ", ".join(
        f"{_carried(quoted(name), native)} AS c{number}" for number, (name, native) in enumerate(columns)
    )
    return f"SELECT {shown} FROM {_VIEW} WHERE {loose_row(columns)}"


def _carried(value: str, native: str) -> str:
    kind = native.upper()
    if kind in (*TEXTS, "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"):
        return value
    return canonical_value(value, native)


def _hashed_here(rows: pa.Table, columns: Sequence[tuple[str, str]]) -> RowDigest:
    parts = []
    for number, (_, native) in enumerate(columns):
        name, kind = quoted_here(f"c{number}"), native.upper()
        if _carried("c", native) == "c":
            parts.append(canonical_here(f"CAST({name} AS {kind})", kind))
        else:
            parts.append(name)
    text = "concat(" + ", '|', ".join(parts) + ")"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("loose", rows)
        counted = connection.execute(
            "SELECT count(*), bit_xor(h), sum(h) FROM "
            f"(SELECT CAST('0x' || left(md5({text}), 16) AS UBIGINT) AS h FROM loose)"
        ).fetchone()
    return RowDigest.of(counted or ())
