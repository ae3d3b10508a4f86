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
