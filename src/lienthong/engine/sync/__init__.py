"""Keep a copy of a table in step with its source: notice what changed, apply it whole, know where it stands.

`running.run_sync` does one run of a `shapes.SyncPlan`. What a run must remember lies in the target, written with the
rows. Whether two copies are equal is told by `reconciling`. Versions are kept by `engine.store`.
"""
