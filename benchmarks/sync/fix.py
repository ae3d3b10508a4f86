"""Ours: find by digests which rows of a copy are not those of its source, and mend them in one transaction."""

import json
import sys

from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan

source, target, table = sys.argv[1:4]
plan = SyncPlan(
    Side(source, table), Side(target, table), ("so_thu_tu",), rung="digests", create=True, job="bench",
)  # fmt: skip
run = run_sync(plan)
print(json.dumps({"rung": run.rung, "read": run.read, "inserted": run.inserted, "updated": run.updated,
                  "deleted": run.deleted, "proved": run.proved}))  # fmt: skip
