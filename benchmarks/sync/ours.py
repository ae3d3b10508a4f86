"""Ours: one run of a plan, the first or a later one, and what it did."""

import json
import sys

from lienthong.engine.sync.running import run_sync
from lienthong.engine.sync.shapes import Side, SyncPlan

source, target, table = sys.argv[1:4]
plan = SyncPlan(
    Side(source, table), Side(target, table), ("so_thu_tu",), create=True,
    job="bench",
)  # fmt: skip
run = run_sync(plan)
print(json.dumps({"rung": run.rung, "read": run.read, "inserted": run.inserted, "updated": run.updated,
                  "deleted": run.deleted, "chunks": run.chunks}))  # fmt: skip
