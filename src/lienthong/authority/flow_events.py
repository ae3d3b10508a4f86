"""What has happened around flows of synchronisation. Facts hold ids of databases, never their names (SEC-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lienthong.foundation.events.facts import Fact


class OfFlow:
    """What happened to one flow."""

    subject_kind = "authority.syncflow"
    subject_field = "flow_id"


@dataclass(frozen=True)
class FlowPlanned(OfFlow, Fact):
    vi = "Lập luồng đồng bộ {number}"
    en = "Flow {number} planned"

    flow_id: int
    number: str
    database_id: int
    source_database_id: int | None
    source_kind: str


@dataclass(frozen=True)
class FlowAmended(OfFlow, Fact):
    vi = "Sửa luồng đồng bộ {number}: {what_vi}"
    en = "Flow {number} amended: {what_en}"

    flow_id: int
    number: str
    what_vi: str
    what_en: str


@dataclass(frozen=True)
class TargetBound(Fact):
    subject_kind = "catalogue.database"
    subject_field = "database_id"
    vi = "Khai báo kết nối ghi ({kind})"
    en = "Connection for writing bound ({kind})"

    database_id: int
    binding_id: int
    kind: str


@dataclass(frozen=True)
class TargetTried(Fact):
    subject_kind = "catalogue.database"
    subject_field = "database_id"
    vi = "Đã thử kết nối ghi: {tables} bảng"
    en = "Connection for writing tried: {tables} tables"

    database_id: int
    binding_id: int
    tables: int


@dataclass(frozen=True)
class TargetReleased(Fact):
    subject_kind = "catalogue.database"
    subject_field = "database_id"
    vi = "Gỡ kết nối ghi"
    en = "Connection for writing released"

    database_id: int
    binding_id: int


@dataclass(frozen=True)
class FlowAgreed(OfFlow, Fact):
    vi = "Chủ quản nguồn đồng ý cho luồng {number} đọc nguồn"
    en = "The source's owner agreed that flow {number} reads it"

    flow_id: int
    number: str


@dataclass(frozen=True)
class FlowActivated(OfFlow, Fact):
    vi = "Đưa luồng đồng bộ {number} vào chạy"
    en = "Flow {number} put to work"

    flow_id: int
    number: str
    next_due_at: datetime | None


@dataclass(frozen=True)
class FlowPaused(OfFlow, Fact):
    vi = "Tạm dừng luồng đồng bộ {number}"
    en = "Flow {number} paused"

    flow_id: int
    number: str


@dataclass(frozen=True)
class FlowResumed(OfFlow, Fact):
    vi = "Luồng đồng bộ {number} chạy tiếp"
    en = "Flow {number} goes on"

    flow_id: int
    number: str


@dataclass(frozen=True)
class FlowEnded(OfFlow, Fact):
    vi = "Kết thúc luồng đồng bộ {number}"
    en = "Flow {number} ended"

    flow_id: int
    number: str


@dataclass(frozen=True)
class FlowRan(OfFlow, Fact):
    """A run came to its end and what it found was applied."""

    vi = "Đồng bộ xong: thêm {inserted:,}, sửa {updated:,}, xóa {deleted:,}, để riêng {set_aside:,} dòng{held_vi}"
    en = "Synchronised: {inserted:,} added, {updated:,} changed, {deleted:,} deleted, {set_aside:,} set aside{held_en}"

    flow_id: int
    run_id: int
    number: str
    database_id: int
    inserted: int
    updated: int
    deleted: int
    set_aside: int
    held_vi: str = ""
    held_en: str = ""


@dataclass(frozen=True)
class FlowRunFailed(OfFlow, Fact):
    vi = "Lượt đồng bộ không thành: {why_vi}"
    en = "The run did not succeed: {why_en}"

    flow_id: int
    run_id: int
    number: str
    code: str
    why_vi: str
    why_en: str


@dataclass(frozen=True)
class FlowGuarded(OfFlow, Fact):
    """A run stopped before it would delete more rows than its guard allows."""

    vi = "Dừng trước khi xóa {would_delete:,} trong {of_rows:,} dòng, quá mức cho phép"
    en = "Stopped before deleting {would_delete:,} of {of_rows:,} rows, more than allowed"

    flow_id: int
    run_id: int
    number: str
    would_delete: int
    of_rows: int


@dataclass(frozen=True)
class DeletionsConfirmed(OfFlow, Fact):
    vi = "Xác nhận một lần: được xóa tới {rows:,} dòng"
    en = "Confirmed once: up to {rows:,} rows may be deleted"

    flow_id: int
    number: str
    rows: int


@dataclass(frozen=True)
class FlowReconciled(OfFlow, Fact):
    vi = "Đối soát {reconciliation}: {verdict_vi}"
    en = "Reconciliation {reconciliation}: {verdict_en}"

    flow_id: int
    reconciliation_id: int
    reconciliation: str
    number: str
    is_equal: bool
    missing: int
    extra: int
    changed: int
    verdict_vi: str
    verdict_en: str


@dataclass(frozen=True)
class DiscrepanciesFound(OfFlow, Fact):
    """A copy differs from its source; each row is listed with the reconciliation."""

    vi = "Đối soát {reconciliation} có {differing:,} dòng sai lệch"
    en = "Rows that differ in reconciliation {reconciliation}: {differing:,}"

    flow_id: int
    reconciliation_id: int
    reconciliation: str
    number: str
    database_id: int
    differing: int


@dataclass(frozen=True)
class FlowProved(OfFlow, Fact):
    """For the first time a copy was proved equal to its source."""

    vi = "Luồng {number} có chứng nhận đối soát bằng nhau đầu tiên"
    en = "Flow {number} has its first certificate of equality"

    flow_id: int
    number: str
    case_id: int | None


@dataclass(frozen=True)
class FlowFellLate(OfFlow, Fact):
    vi = "Luồng {number} quá hạn đồng bộ"
    en = "Flow {number} is past its term"

    flow_id: int
    number: str
    database_id: int
    due_at: datetime


@dataclass(frozen=True)
class FlowEscalated(OfFlow, Fact):
    vi = "Luồng {number} quá hạn, chuyển {unit} chỉ đạo"
    en = "Flow {number} overdue, taken up to {unit_en}"

    flow_id: int
    number: str
    unit_id: int
    unit: str
    unit_en: str


FLOW_FACTS = (
    FlowPlanned,
    FlowAmended,
    TargetBound,
    TargetTried,
    TargetReleased,
    FlowAgreed,
    FlowActivated,
    FlowPaused,
    FlowResumed,
    FlowEnded,
    FlowRan,
    FlowRunFailed,
    FlowGuarded,
    DeletionsConfirmed,
    FlowReconciled,
    DiscrepanciesFound,
    FlowProved,
    FlowFellLate,
    FlowEscalated,
)
