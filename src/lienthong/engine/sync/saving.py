"""The rung `saved_hash`: each row of the source against the hash of it that was saved at the last run.

For a source that tells nothing of changes, with a target that is far away: only rows that changed travel to it. The
hashes lie in the target, written with the rows. Cost: all rows are read from the source; about 30 bytes per row are
kept, and written anew when something changed.
"""

from __future__ import annotations

import base64
import io

from lienthong.engine.session import quoted
from lienthong.engine.sync.reading import KeyText, Part
from lienthong.engine.sync.target import Aside
from lienthong.engine.sync.working import CAPTURED, Work

_NOW = "sync_hashes"
_SAVED = "sync_saved"
_PART_BYTES = 1 << 21


def capture_unsaved(work: Work, *, saved: bool) -> tuple[int, list[KeyText]] | None:
    """Capture the rows that are not as they were saved; how many, and the keys that are gone. None when none were saved."""
    rows = work.capture(Part(work.source_key))
    session, captured = work.reader.session, quoted(CAPTURED)
    keys = [quoted(name) for name in work.plan.key]
    values = ", ".join(
        f"coalesce(length({name}) || ':' || {name}, '')"
        for name in (quoted(column.target) for column in work.columns)
    )
    places = ", ".join(f"_lienthong_k{place}" for place in range(len(work.source_key)))
    there = " AND ".join(f"{name} IS NOT NULL" for name in keys)
    session.execute(
        f"CREATE OR REPLACE TABLE {_NOW} AS SELECT {', '.join(keys)}, {places}, _lienthong_problem IS NULL AS _lienthong_whole, "
        f"left(md5(concat_ws('|', {values})), 16) AS _lienthong_hash FROM {captured} WHERE {there} AND NOT _lienthong_gone"
    )
    content = b"".join(base64.b64decode(part) for part in work.target.saved(work.job)) if saved else b""
    if not content:
        return None
    _load(work, content)
    same = " AND ".join(f"s.{name} = c.{name}" for name in keys)
    gone = session.execute(
        f"SELECT {', '.join(f's.{name}' for name in keys)} FROM {_SAVED} s LEFT JOIN {_NOW} c ON {same} "
        f"WHERE c.{keys[0]} IS NULL"
    ).fetchall()
    session.execute(
        f"DELETE FROM {captured} AS c WHERE _lienthong_problem IS NULL AND EXISTS (SELECT 1 FROM {_SAVED} s JOIN {_NOW} n "
        f"ON s._lienthong_hash = n._lienthong_hash AND {' AND '.join(f's.{name} = n.{name}' for name in keys)} WHERE "
        f"{' AND '.join(f'n.{name} = c.{name}' for name in keys)})"
    )
    # Rows are told apart by their place: what was deleted must leave no gaps.
    session.execute(f"CREATE OR REPLACE TABLE {captured} AS SELECT * FROM {captured}")
    rows = int(session.execute(f"SELECT count(*) FROM {captured}").fetchall()[0][0])
    return rows, [tuple(row) for row in gone]


def save(work: Work, aside: list[Aside]) -> None:
    """Keep the hashes of the rows that the target has now, in the running transaction; rows set aside count as never seen."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    session = work.reader.session
    keys = ", ".join(quoted(name) for name in work.plan.key)
    refused = {row.key for row in aside}
    places = [f"_lienthong_k{place}" for place in range(len(work.source_key))]
    if refused:
        names = pa.table({name: [key[i] for key in refused] for i, name in enumerate(places)})
        session.register("sync_refused", names)
        test = " AND ".join(f"r.{name} = n.{name}" for name in places)
        session.execute(f"DELETE FROM {_NOW} AS n WHERE EXISTS (SELECT 1 FROM sync_refused r WHERE {test})")
        session.unregister("sync_refused")
    table = session.execute(
        f"SELECT {keys}, _lienthong_hash FROM {_NOW} WHERE _lienthong_whole ORDER BY {keys}"
    ).to_arrow_table()
    written = io.BytesIO()
    pq.write_table(table, written, compression="zstd")
    content = written.getvalue()
    parts = [
        base64.b64encode(content[start : start + _PART_BYTES]).decode()
        for start in range(0, len(content), _PART_BYTES)
    ]
    work.target.write_saved(work.job, parts)


def _load(work: Work, content: bytes) -> None:
    import pyarrow.parquet as pq

    session = work.reader.session
    given = pq.read_table(io.BytesIO(content))
    # The hash stands last, under whatever name an earlier version gave it.
    session.register("sync_given_hashes", given.rename_columns([*given.column_names[:-1], "_lienthong_hash"]))
    session.execute(f"CREATE OR REPLACE TABLE {_SAVED} AS SELECT * FROM sync_given_hashes")
    session.unregister("sync_given_hashes")
