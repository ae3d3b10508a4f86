"""What happens to data governance in an agency: its set-up, people, bodies, papers and lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lienthong.foundation.events.facts import Fact

from .events import OfAgency


@dataclass(frozen=True)
class GovernanceBegun(OfAgency, Fact):
    vi: ClassVar[str] = "Mở hồ sơ thiết lập quản trị dữ liệu {number}, tính hạn từ {anchored_on:day}"
    en: ClassVar[str] = "Governance set-up {number} was begun, terms run from {anchored_on:day}"

    agency_id: int
    case_id: int
    number: str
    group: int
    anchored_on: date


@dataclass(frozen=True)
class GovernanceStatusReviewed(OfAgency, Fact):
    vi: ClassVar[str] = "Rà soát hiện trạng quản trị dữ liệu ngày {reviewed_on:day}"
    en: ClassVar[str] = "The status of data governance was reviewed on {reviewed_on:day}"

    agency_id: int
    case_id: int
    reviewed_on: date


@dataclass(frozen=True)
class DataOfficerTakenUp(OfAgency, Fact):
    vi: ClassVar[str] = "Hồ sơ {number} chuyển sang bước đã cử người chịu trách nhiệm dữ liệu"
    en: ClassVar[str] = "Set-up {number} went on: the chief data officer is appointed"

    agency_id: int
    case_id: int
    number: str


@dataclass(frozen=True)
class GovernanceRoleGiven(OfAgency, Fact):
    vi: ClassVar[str] = "Cử {full_name} làm {role_vi} theo Quyết định số {decision_number}"
    en: ClassVar[str] = "{full_name} was made {role_en} by Decision {decision_number}"

    agency_id: int
    role_id: int
    kind: str
    role_vi: str
    role_en: str
    full_name: str
    decision_number: str
    valid_from: date
    unit: str = ""


@dataclass(frozen=True)
class GovernanceRoleLaidDown(OfAgency, Fact):
    vi: ClassVar[str] = "{full_name} thôi làm {role_vi} từ sau ngày {valid_to:day}"
    en: ClassVar[str] = "{full_name} ceased to be {role_en} after {valid_to:day}"

    agency_id: int
    role_id: int
    kind: str
    role_vi: str
    role_en: str
    full_name: str
    valid_to: date


@dataclass(frozen=True)
class GovernanceBodyGiven(OfAgency, Fact):
    vi: ClassVar[str] = "Giao {unit} làm {body_vi} theo Quyết định số {decision_number}"
    en: ClassVar[str] = "{unit} was given the work of the {body_en} by Decision {decision_number}"

    agency_id: int
    body_id: int
    kind: str
    body_vi: str
    body_en: str
    unit: str
    decision_number: str
    outsourced: bool = False


@dataclass(frozen=True)
class GovernanceBodyTaken(OfAgency, Fact):
    vi: ClassVar[str] = "{unit} thôi làm {body_vi} từ sau ngày {valid_to:day}"
    en: ClassVar[str] = "{unit} ceased to do the work of the {body_en} after {valid_to:day}"

    agency_id: int
    body_id: int
    kind: str
    body_vi: str
    body_en: str
    unit: str
    valid_to: date


@dataclass(frozen=True)
class GovernanceBodiesCompleted(OfAgency, Fact):
    vi: ClassVar[str] = "Hoàn tất năm bộ phận quản trị dữ liệu"
    en: ClassVar[str] = "The five bodies of data governance are complete"

    agency_id: int
    case_id: int


@dataclass(frozen=True)
class SteeringCommitteeSetUp(OfAgency, Fact):
    vi: ClassVar[str] = (
        "Lập ban chỉ đạo về dữ liệu theo Quyết định số {decision_number}, trưởng ban {leader_name}"
    )
    en: ClassVar[str] = (
        "The data steering committee was set up by Decision {decision_number}, led by {leader_name}"
    )

    agency_id: int
    committee_id: int
    leader_name: str
    led_by_head: bool
    decision_number: str
    decision_date: date


@dataclass(frozen=True)
class DataDoorRecorded(OfAgency, Fact):
    vi: ClassVar[str] = "Ghi nhận cửa kết nối “{platform}”"
    en: ClassVar[str] = "The door “{platform}” was recorded"

    agency_id: int
    door_id: int
    platform: str
    node: str = ""


@dataclass(frozen=True)
class GovernancePaperKept(OfAgency, Fact):
    vi: ClassVar[str] = "Ghi nhận {kind_vi}: {title}"
    en: ClassVar[str] = "{kind_en} recorded: {title}"

    agency_id: int
    paper_id: int
    kind: str
    kind_vi: str
    kind_en: str
    title: str


@dataclass(frozen=True)
class GovernancePaperSigned(OfAgency, Fact):
    vi: ClassVar[str] = "{signer} ký {kind_vi}: {title}"
    en: ClassVar[str] = "{signer} signed: {kind_en}, {title}"

    agency_id: int
    paper_id: int
    kind: str
    kind_vi: str
    kind_en: str
    title: str
    signer: str


@dataclass(frozen=True)
class GovernanceListSent(OfAgency, Fact):
    vi: ClassVar[str] = (
        "Gửi danh sách quản trị dữ liệu bản {version} đến Trung tâm Dữ liệu quốc gia, công văn {letter_number}"
    )
    en: ClassVar[str] = (
        "List {version} of data governance went to the National Data Centre, letter {letter_number}"
    )

    agency_id: int
    case_id: int
    version: int
    letter_number: str
    sent_on: date


@dataclass(frozen=True)
class GovernancePeopleTrained(OfAgency, Fact):
    vi: ClassVar[str] = "Tập huấn quản trị dữ liệu ngày {trained_on:day}"
    en: ClassVar[str] = "Training in data governance on {trained_on:day}"

    agency_id: int
    case_id: int
    trained_on: date


@dataclass(frozen=True)
class GovernancePutIntoOperation(OfAgency, Fact):
    vi: ClassVar[str] = "Quản trị dữ liệu vận hành từ {running_since:day}"
    en: ClassVar[str] = "Data governance is in operation from {running_since:day}"

    agency_id: int
    case_id: int
    running_since: date


@dataclass(frozen=True)
class GovernanceReviewed(OfAgency, Fact):
    vi: ClassVar[str] = "Đánh giá quản trị dữ liệu ngày {reviewed_on:day}"
    en: ClassVar[str] = "Data governance was reviewed on {reviewed_on:day}"

    agency_id: int
    case_id: int
    reviewed_on: date


@dataclass(frozen=True)
class GovernanceUrged(OfAgency, Fact):
    vi: ClassVar[str] = "Đôn đốc thiết lập quản trị dữ liệu: {waiting_vi}"
    en: ClassVar[str] = "The governance set-up was urged: {waiting_en}"

    agency_id: int
    case_id: int
    number: str
    waiting_vi: str
    waiting_en: str


@dataclass(frozen=True)
class GovernanceHandedOver(OfAgency, Fact):
    """What a merged agency or unit carried in data governance went to the one that received it, or ended."""

    vi: ClassVar[str] = "Tiếp nhận từ {former_name} khi hợp nhất: {moved} vai trò, bộ phận; kết thúc {ended}"
    en: ClassVar[str] = (
        "Taken over from {former_name} upon its merger: {moved} roles and bodies; {ended} ended"
    )

    agency_id: int
    former_id: int
    former_name: str
    moved: int
    ended: int


@dataclass(frozen=True)
class CommuneContactsTakenOver(OfAgency, Fact):
    """A list of commune contacts was taken over from a file."""

    vi: ClassVar[str] = (
        "Nhập danh sách đầu mối dữ liệu cấp xã từ tệp {file_name}: thêm {added}, thay {changed}, không nhận {refused}"
    )
    en: ClassVar[str] = (
        "Commune contacts were taken over from {file_name}: {added} new, {changed} replaced, {refused} not taken"
    )

    agency_id: int
    file_id: int
    file_name: str
    added: int
    changed: int
    refused: int
