"""A run by digests: both sides say what differs, and only those rows are read."""

from __future__ import annotations

from lienthong.engine.sync.disagreements import ColumnsIncomparable, KeylessRows
from lienthong.engine.sync.discovering import differing_keys
from lienthong.engine.sync.logged import LoggedReader
from lienthong.engine.sync.reading import DatabaseReader, KeyText, Part
from lienthong.engine.sync.working import Work, waiting

KEYS_AT_MOST = 100_000
"""Rows that differ which are read by their keys; beyond, all rows are."""


def against_digests(work: Work) -> tuple[str, str] | None:
    """Why a run cannot go by digests; None where it can."""
    reader = work.reader
    if isinstance(reader, LoggedReader):
        return ("nguồn có dòng thay đổi của nó", "the source has a log of its own")
    if not isinstance(reader, DatabaseReader) or reader.source.dialect not in ("postgresql", "mysql"):
        return ("nguồn không tự tính được mã băm", "the source cannot hash its rows by itself")
    if work.plan.tombstone is not None:
        return ("phương án dùng cột đánh dấu xóa", "the plan has a column that marks removed rows")
    if any(
        one.conversion is not None or one.source is None
        for one in work.columns
        if one.target in work.plan.key
    ):
        return ("khóa được chuyển đổi giá trị", "the key is converted")
    return None


def capture_differing(work: Work) -> tuple[int, list[KeyText]] | None:
    """Capture the source's rows that the target has otherwise or not at all; how many, and the keys that are gone.

    None where so many differ that reading all rows is cheaper, where a pair of columns has no digest in common, or where
    rows have no key by which they could be told. Costs one read of each side, at most two.
    """
    try:
        found = differing_keys(
            work.plan.source, work.plan.target, key=work.plan.key, columns=work.columns,
            should_stop=work.should_stop,
        )  # fmt: skip
    except (ColumnsIncomparable, KeylessRows):
        return None
    wanted = [*found.missing, *found.changed]
    if len(wanted) > KEYS_AT_MOST:
        return None
    again, deletes_again = waiting(work)
    keys = tuple(dict.fromkeys([*wanted, *again]))
    part = (
        Part(work.source_key, keys=keys, only_keys=True) if keys else Part(work.source_key, condition="1 = 0")
    )
    return work.capture(part), [*found.extra, *deletes_again]
