"""What happens to sources, looks and assessments: the history of the database, without names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class OfDatabase:
    """What every fact here says: the id of the database whose history it is, and no name (SEC-01)."""

    subject_kind: ClassVar[str] = "catalogue.database"
    subject_field: ClassVar[str] = "database_id"

    database_id: int


@dataclass(frozen=True)
class SourceBound(OfDatabase, Fact):
    vi: ClassVar[str] = "Kết nối nguồn dữ liệu: {kind_vi}"
    en: ClassVar[str] = "A source was bound: {kind_en}"

    source_id: int
    kind: str
    kind_vi: str
    kind_en: str


@dataclass(frozen=True)
class SourceReleased(OfDatabase, Fact):
    """A source was taken off its database; its password was destroyed."""

    vi: ClassVar[str] = "Gỡ nguồn dữ liệu, hủy mật khẩu đã lưu"
    en: ClassVar[str] = "The source was released and its stored password destroyed"

    source_id: int


@dataclass(frozen=True)
class SourceLookedAt(OfDatabase, Fact):
    vi: ClassVar[str] = "Khảo sát nguồn: {tables} bảng, {columns:,} cột, {rows:,} dòng; {drifts} thay đổi"
    en: ClassVar[str] = (
        "The source was looked at: {tables} tables, {columns:,} columns, {rows:,} rows; {drifts} changes"
    )

    survey_id: int
    tables: int
    columns: int
    rows: int
    drifts: int


@dataclass(frozen=True)
class ReadingChosen(OfDatabase, Fact):
    vi: ClassVar[str] = "Chọn cách đọc tệp nguồn: {changes} nội dung"
    en: ClassVar[str] = "The reading of the source file was chosen: {changes} matter(s)"

    source_id: int
    changes: int


@dataclass(frozen=True)
class ReadingLeft(OfDatabase, Fact):
    """The reading of one table was left to the machine again."""

    vi: ClassVar[str] = "Trả việc đọc tệp nguồn về tự động"
    en: ClassVar[str] = "The reading of the source file was left to the machine again"

    source_id: int


@dataclass(frozen=True)
class ColumnJudged(OfDatabase, Fact):
    """A person decided what a column means and whether it is personal, after the machine's proposal."""

    vi: ClassVar[str] = "Kết luận ý nghĩa, mức nhạy cảm của một cột"
    en: ClassVar[str] = "The meaning and sensitivity of a column were decided"

    field_id: int
    personal_data: str
    as_proposed: bool


@dataclass(frozen=True)
class SecretSuspected(OfDatabase, Fact):
    """Somebody who keeps no secrets thinks that a column holds one; the keeper decides."""

    vi: ClassVar[str] = "Chuyển người giữ bí mật nhà nước xem xét một cột"
    en: ClassVar[str] = "A column was passed on to the keeper of secrets"

    field_id: int


@dataclass(frozen=True)
class ColumnSecrecyDecided(OfDatabase, Fact):
    """The keeper of secrets decided on a column."""

    vi: ClassVar[str] = "Người giữ bí mật nhà nước kết luận về một cột"
    en: ClassVar[str] = "The keeper of secrets decided on a column"

    field_id: int


@dataclass(frozen=True)
class ValuesRevealed(OfDatabase, Fact):
    """Somebody looked at the sealed values of a personal column: the audit entry of it (SEC-02)."""

    vi: ClassVar[str] = "Xem giá trị đã che của một cột dữ liệu cá nhân"
    en: ClassVar[str] = "The masked values of a personal column were looked at"

    field_id: int
    survey_id: int


@dataclass(frozen=True)
class AssessmentRecorded(OfDatabase, Fact):
    vi: ClassVar[str] = "Lập đánh giá năm {year}: độ đầy đủ {completeness}%, {findings} phát hiện"
    en: ClassVar[str] = "Assessment {year} was drafted: {completeness}% complete, {findings} finding(s)"

    assessment_id: int
    year: int
    completeness: int
    findings: int


@dataclass(frozen=True)
class AssessmentConcluded(OfDatabase, Fact):
    vi: ClassVar[str] = "Kết luận đánh giá năm {year}: {verdict_vi}"
    en: ClassVar[str] = "Assessment {year} was concluded: {verdict_en}"

    assessment_id: int
    year: int
    shareable: bool
    verdict_vi: str
    verdict_en: str


@dataclass(frozen=True)
class OfIssue(OfDatabase):
    """What every fact about a quality warning says: its number and id beside the database."""

    issue_id: int
    number: str


@dataclass(frozen=True)
class IssueOpened(OfIssue, Fact):
    vi: ClassVar[str] = "Mở phiếu cảnh báo chất lượng {number}"
    en: ClassVar[str] = "Quality warning {number} was opened"

    light: str


@dataclass(frozen=True)
class IssueConfirmed(OfIssue, Fact):
    vi: ClassVar[str] = "Xác minh nguyên nhân của phiếu cảnh báo {number}"
    en: ClassVar[str] = "The cause of quality warning {number} was confirmed"


@dataclass(frozen=True)
class IssueMended(OfIssue, Fact):
    vi: ClassVar[str] = "Báo đã sửa dữ liệu theo phiếu cảnh báo {number}"
    en: ClassVar[str] = "Data were mended for quality warning {number}"


@dataclass(frozen=True)
class IssueReopened(OfIssue, Fact):
    """The newest look still shows what was said to be mended."""

    vi: ClassVar[str] = "Mở lại phiếu cảnh báo {number}: khảo sát lại vẫn còn lỗi"
    en: ClassVar[str] = "Quality warning {number} was reopened: the error is still there"


@dataclass(frozen=True)
class IssueClosed(OfIssue, Fact):
    vi: ClassVar[str] = "Đóng phiếu cảnh báo chất lượng {number}"
    en: ClassVar[str] = "Quality warning {number} was closed"

    by_look: bool


@dataclass(frozen=True)
class IssueOverdue(OfIssue, Fact):
    """A quality warning ran past its term; the head of the owner is told (GOVF-12)."""

    vi: ClassVar[str] = "Phiếu cảnh báo chất lượng {number} quá hạn, báo cáo người đứng đầu"
    en: ClassVar[str] = "Quality warning {number} is overdue; the head was told"
