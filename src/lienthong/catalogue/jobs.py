"""Work that takes time: keeping the store of versions in order."""

from __future__ import annotations

from lienthong.engine.store.errors import StoreBusy
from lienthong.engine.store.keeping import WORTHWHILE
from lienthong.foundation.jobs.context import JobContext
from lienthong.foundation.jobs.registry import job

from .replicas import version_store

# A publication may take long over a slow line; what it has written so far must not be taken for a leftover.
LEFTOVER_HOURS = 48


@job
def order_store(context: JobContext) -> dict[str, int]:
    """Join the files of every table that has many, and remove leftovers. A table that is being written waits a day."""
    store = version_store()
    tables = store.tables()
    ordered = waiting = 0
    for number, table in enumerate(tables):
        context.progress(
            number, len(tables), "Đang sắp xếp tệp của các bảng", "Putting the files of tables in order"
        )
        try:
            done = store.compact(table, least_files=WORTHWHILE)
        except StoreBusy:
            waiting += 1
        else:
            ordered += done.files_after < done.files_before
    return {"ordered": ordered, "waiting": waiting, "removed": store.sweep(older_than_hours=LEFTOVER_HOURS)}
