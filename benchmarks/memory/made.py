"""Make what is exported: a version of so many rows of the table `citizen`, and its replica. Prints where it lies."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.sources import open_source
from lienthong.engine.store.ducklake import DuckLakeStore

folder, source, table, key = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
with open_source(source) as opened:
    found = opened.table(table)
    store = DuckLakeStore(folder / "store")
    batches = opened.connect().execute(f"SELECT * FROM {opened.relation(found)}").to_arrow_reader(50_000)
    store.publish(table, full=batches, key=(key,))
refresh_replica(store, table, None, folder / "replica.sqlite")
store.close()
print(folder / "replica.sqlite")
