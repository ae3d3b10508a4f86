"""Ours: compare two tables and certify what came out."""

import json
import sys

from lienthong.engine.sync.reconciling import reconcile
from lienthong.engine.sync.shapes import Side

left, right, table = sys.argv[1:4]
found = reconcile(Side(left, table), Side(right, table), limit=10, settle_seconds=0)
one = found.certificate
print(json.dumps({"equal": one.equal, "method": one.method, "form": one.form, "missing": one.missing,
                  "extra": one.extra, "changed": one.changed}))  # fmt: skip
