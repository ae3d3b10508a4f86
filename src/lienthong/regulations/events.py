"""What has happened to regulations and at the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class OfRegulation(Fact):
    """A fact about one version of a regulation, by whose id its history is read."""

    subject_kind: ClassVar[str] = "regulations.regulation"
    subject_field: ClassVar[str] = "regulation_id"

    regulation_id: int


@dataclass(frozen=True)
class RegulationDrafted(OfRegulation):
    vi: ClassVar[str] = "Soạn dự thảo “{title}”, phiên bản {version}"
    en: ClassVar[str] = "Draft of “{title}”, version {version}, was opened"

    title: str
    version: int


@dataclass(frozen=True)
class DraftAmended(OfRegulation):
    vi: ClassVar[str] = "Sửa dự thảo"
    en: ClassVar[str] = "The draft was changed"

    changed: tuple[str, ...]


@dataclass(frozen=True)
class ConsistencyChecked(OfRegulation):
    vi: ClassVar[str] = "Kiểm tra tính thống nhất với {compared} quy chế: {conflicts} mâu thuẫn"
    en: ClassVar[str] = "Consistency checked against {compared} regulation(s): {conflicts} conflict(s)"

    compared: int
    conflicts: int


@dataclass(frozen=True)
class LegalReviewRecorded(OfRegulation):
    vi: ClassVar[str] = "Ghi nhận ý kiến pháp chế của {reviewer}"
    en: ClassVar[str] = "Legal opinion of {reviewer} recorded"

    reviewer: str


@dataclass(frozen=True)
class RegulationIssued(OfRegulation):
    vi: ClassVar[str] = "Ban hành số {number}, hiệu lực từ {effective_from}"
    en: ClassVar[str] = "Issued as {number}, in force from {effective_from}"

    number: str
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True)
class RegulationPublished(OfRegulation):
    vi: ClassVar[str] = "Công khai quy chế số {number}"
    en: ClassVar[str] = "Regulation {number} published"

    number: str
    slug: str
    version: int


@dataclass(frozen=True)
class RegulationReplaced(OfRegulation):
    vi: ClassVar[str] = "Phiên bản {by_version} thay thế, hết hiệu lực sau ngày {last_day}"
    en: ClassVar[str] = "Replaced by version {by_version}; last day in force {last_day}"

    by_version: int
    last_day: date


@dataclass(frozen=True)
class RegulationExpired(OfRegulation):
    vi: ClassVar[str] = "Hết hiệu lực sau ngày {last_day}; {left_without} CSDL không còn quy chế"
    en: ClassVar[str] = "Expired after {last_day}; {left_without} database(s) left without a regulation"

    last_day: date | None
    left_without: int


@dataclass(frozen=True)
class OfDatabase(Fact):
    """A fact about one database, in whose history it is read."""

    subject_kind: ClassVar[str] = "catalogue.database"
    subject_field: ClassVar[str] = "database_id"

    database_id: int


@dataclass(frozen=True)
class ExchangeStructureRecorded(OfDatabase):
    vi: ClassVar[str] = "Ghi nhận cấu trúc dữ liệu trao đổi số {document_number}, khớp {matched}/{total} cột"
    en: ClassVar[str] = "Exchange structure {document_number} recorded, {matched} of {total} columns match"

    structure_id: int
    document_number: str
    matched: int
    total: int


@dataclass(frozen=True)
class SharingProcessRecorded(OfDatabase):
    vi: ClassVar[str] = "Ghi nhận quy trình chia sẻ dữ liệu số {document_number}"
    en: ClassVar[str] = "Sharing process {document_number} recorded"

    process_id: int
    document_number: str


@dataclass(frozen=True)
class AgencySharingProcessRecorded(Fact):
    """The process holds for every database of the agency."""

    subject_kind: ClassVar[str] = "agencies.agency"
    subject_field: ClassVar[str] = "agency_id"
    vi: ClassVar[str] = "Ghi nhận quy trình chia sẻ dữ liệu của cơ quan, số {document_number}"
    en: ClassVar[str] = "Sharing process {document_number} of the agency recorded"

    agency_id: int
    process_id: int
    document_number: str


@dataclass(frozen=True)
class GoLiveRefused(OfDatabase):
    vi: ClassVar[str] = "Đề nghị đưa vào khai thác: {failed}/{total} điều kiện chưa đạt"
    en: ClassVar[str] = "Asked to go live: {failed} of {total} conditions not met"

    gate_run_id: int
    failed: int
    total: int
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class GatePassed(OfDatabase):
    vi: ClassVar[str] = "Đủ {total}/{total} điều kiện đưa vào khai thác"
    en: ClassVar[str] = "All {total} conditions for going live are met"

    gate_run_id: int
    total: int
