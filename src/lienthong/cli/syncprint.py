"""Runs of synchronisation for people."""

from __future__ import annotations

import json

from lienthong.engine.sync.shapes import SyncRun, SyncStatus
from lienthong.engine.sync.wording import reason_text

_PHASES = {
    "never": ("chưa chạy lần nào", "never run"),
    "loading": ("đang nạp lần đầu", "loading for the first time"),
    "following": ("đang theo nguồn", "following its source"),
}


def print_run(run: SyncRun, lang: str) -> str:
    """One run as lines of text."""
    vi = lang == "vi"
    lines = [
        f"{'Cách phát hiện thay đổi' if vi else 'How changes were noticed'}: {run.rung} ({run.rung_vi if vi else run.rung_en})",
        f"{'Vì sao chọn cách này' if vi else 'Why in this way'}: {run.choice_vi if vi else run.choice_en}",
        f"{'Mốc' if vi else 'Mark'}: {run.from_mark or '–'} → {run.to_mark or '–'}",
        (
            f"Đã đọc {run.read} dòng; thêm {run.inserted}, sửa {run.updated}, xóa {run.deleted}, để riêng {run.set_aside}."
            if vi
            else f"{run.read} rows read; {run.inserted} inserted, {run.updated} updated, {run.deleted} deleted, "
            f"{run.set_aside} set aside."
        ),
    ]
    if run.held:
        lines.append(
            f"Giữ lại theo phương án: {run.held} dòng." if vi else f"Held back by the plan: {run.held} rows."
        )
    for row in run.aside[:20]:
        key = ", ".join("–" if part is None else part for part in row.key)
        reason = reason_text(row.reason)[0 if vi else 1]
        lines.append(f"  {key}: {reason}{f' ({row.column})' if row.column else ''}")
    if run.proved:
        lines.append("Bản sao khớp với nguồn." if vi else "The copy equals its source.")
    else:
        lines.append(
            f"{'Chưa khẳng định được khớp' if vi else 'Not proved equal'}: {run.unproved_vi if vi else run.unproved_en}."
        )
    return "\n".join(lines)


def print_status(status: SyncStatus, as_json: bool, lang: str) -> str:
    """Where a plan stands."""
    moment = status.changed_at.isoformat(timespec="seconds") if status.changed_at else None
    if as_json:
        form = {
            "job": status.job, "phase": status.phase, "rung": status.rung, "mark": status.mark,
            "rows_loaded": status.rows_loaded, "set_aside": status.set_aside, "changed_at": moment,
        }  # fmt: skip
        return json.dumps(form, ensure_ascii=False, indent=2)
    vi = lang == "vi"
    phase = _PHASES[status.phase][0 if vi else 1]
    mark = f"{'mốc' if vi else 'mark'} {status.mark or '–'}"
    aside = f"{'để riêng' if vi else 'set aside'} {status.set_aside}"
    return f"{status.job}: {phase}; {mark}; {aside}; {moment or '–'}"
