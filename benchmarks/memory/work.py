"""The work of which the memory is looked at: an export of a replica, or a first load of a copy. Prints the rows it moved."""

from __future__ import annotations

import sys
from pathlib import Path


def export(replica: str, form: str, path: str) -> int:
    """Take a whole version out of its replica as a file."""
    from lienthong.engine.serve.exporting import export as exported
    from lienthong.engine.serve.replica import Replica

    rows = exported(Replica(Path(replica)), form, path).rows
    Path(path).unlink()
    return rows


def sync(source: str, target: str, table: str, key: str) -> int:
    """Load a copy for the first time."""
    from lienthong.engine.sync.running import run_sync
    from lienthong.engine.sync.shapes import Side, SyncPlan

    copy = target.removeprefix("sqlite:///")
    if copy != target:
        Path(copy).unlink(missing_ok=True)
    run = run_sync(
        SyncPlan(Side(source, table), Side(target, f"{table}_copy"), (key,), create=True, job="memory")
    )
    return run.inserted


def reconcile(left: str, right: str, table: str, key: str) -> int:
    """Prove the copy equal to its source."""
    from lienthong.engine.sync.reconciling import reconcile as reconciled
    from lienthong.engine.sync.shapes import Side

    found = reconciled(Side(left, table), Side(right, f"{table}_copy"), key=(key,))
    if not found.equal:
        raise SystemExit(f"not equal: {found.certificate.as_json()}")
    return found.certificate.left.rows


def nothing(act: str) -> int:
    """What a process holds that has loaded what an act needs and does nothing: the limit."""
    if act == "export":
        import lienthong.engine.serve.exporting
    elif act == "sync":
        import lienthong.engine.sync.running
    else:
        import lienthong.engine.sync.reconciling  # noqa: F401
    return 0


if __name__ == "__main__":
    print(
        {"export": export, "sync": sync, "reconcile": reconcile, "nothing": nothing}[sys.argv[1]](
            *sys.argv[2:]
        )
    )
