"""What happens to agencies, posts, focal officers and the questions that are put to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lienthong.foundation.events.facts import Fact


class OfAgency:
    """What makes a fact part of the history of one agency."""

    subject_kind: ClassVar[str] = "agencies.agency"
    subject_field: ClassVar[str] = "agency_id"


@dataclass(frozen=True)
class AgencyFounded(OfAgency, Fact):
    vi: ClassVar[str] = "Ghi nhận {agency_name}, mã {code}"
    en: ClassVar[str] = "{agency_name} was entered under code {code}"

    agency_id: int
    agency_name: str
    code: str
    parent_id: int | None = None


@dataclass(frozen=True)
class AgencyRenamed(OfAgency, Fact):
    vi: ClassVar[str] = "Đổi tên từ “{former_name}” thành “{agency_name}”"
    en: ClassVar[str] = "Renamed from “{former_name}” to “{agency_name}”"

    agency_id: int
    former_name: str
    agency_name: str
    valid_from: date


@dataclass(frozen=True)
class AgencyContactCorrected(OfAgency, Fact):
    vi: ClassVar[str] = "Sửa thông tin liên hệ"
    en: ClassVar[str] = "Contact details were corrected"

    agency_id: int
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class AgencyClosed(OfAgency, Fact):
    vi: ClassVar[str] = "{agency_name} ngừng hoạt động"
    en: ClassVar[str] = "{agency_name} was closed"

    agency_id: int
    agency_name: str
    closed_on: date


@dataclass(frozen=True)
class IdentifierCodeAdded(OfAgency, Fact):
    vi: ClassVar[str] = "Thêm mã định danh điện tử {code}"
    en: ClassVar[str] = "Identifier code {code} was added"

    agency_id: int
    code: str
    form: str
    became_current: bool
    former_code: str = ""


@dataclass(frozen=True)
class PostAssigned(OfAgency, Fact):
    vi: ClassVar[str] = "Giao vai trò “{role_vi}” cho {person_name}"
    en: ClassVar[str] = "{person_name} was given the role “{role_en}”"

    agency_id: int
    post_id: int
    person_id: int
    person_name: str
    role: str
    role_vi: str
    role_en: str
    valid_from: date


@dataclass(frozen=True)
class PostEnded(OfAgency, Fact):
    vi: ClassVar[str] = "Kết thúc vai trò “{role_vi}” của {person_name}"
    en: ClassVar[str] = "The role “{role_en}” of {person_name} ended"

    agency_id: int
    post_id: int
    person_id: int
    person_name: str
    role: str
    role_vi: str
    role_en: str
    valid_to: date


@dataclass(frozen=True)
class FocalOfficerNominated(OfAgency, Fact):
    vi: ClassVar[str] = "Đề cử {full_name} làm cán bộ đầu mối"
    en: ClassVar[str] = "{full_name} was nominated as focal officer"

    agency_id: int
    appointment_id: int
    full_name: str


@dataclass(frozen=True)
class FocalOfficerAppointed(OfAgency, Fact):
    vi: ClassVar[str] = "Cử {full_name} làm cán bộ đầu mối theo Quyết định số {decision_number}"
    en: ClassVar[str] = "{full_name} was appointed focal officer by Decision {decision_number}"

    agency_id: int
    appointment_id: int
    full_name: str
    decision_number: str
    decision_date: date
    valid_from: date
    replaced_id: int | None = None


@dataclass(frozen=True)
class FocalOfficerPublished(OfAgency, Fact):
    vi: ClassVar[str] = "Công bố cán bộ đầu mối {full_name}"
    en: ClassVar[str] = "Focal officer {full_name} was published"

    agency_id: int
    appointment_id: int
    full_name: str


@dataclass(frozen=True)
class FocalContactConfirmed(OfAgency, Fact):
    vi: ClassVar[str] = "Xác nhận thông tin liên hệ của cán bộ đầu mối {full_name} còn đúng"
    en: ClassVar[str] = "The contact of focal officer {full_name} was confirmed"

    agency_id: int
    appointment_id: int
    full_name: str


@dataclass(frozen=True)
class FocalOfficerEnded(OfAgency, Fact):
    vi: ClassVar[str] = "{full_name} thôi làm cán bộ đầu mối"
    en: ClassVar[str] = "{full_name} ceased to be focal officer"

    agency_id: int
    appointment_id: int
    full_name: str
    valid_to: date
    replaced: bool = False


@dataclass(frozen=True)
class FocalNominationWithdrawn(OfAgency, Fact):
    vi: ClassVar[str] = "Rút đề cử {full_name} làm cán bộ đầu mối"
    en: ClassVar[str] = "The nomination of {full_name} as focal officer was withdrawn"

    agency_id: int
    appointment_id: int
    full_name: str


class OfQuestion:
    """What makes a fact part of the history of one question."""

    subject_kind: ClassVar[str] = "agencies.question"
    subject_field: ClassVar[str] = "question_id"


@dataclass(frozen=True)
class QuestionAsked(OfQuestion, Fact):
    vi: ClassVar[str] = "Gửi câu hỏi {number} đến cán bộ đầu mối"
    en: ClassVar[str] = "Question {number} was sent to the focal officer"

    question_id: int
    agency_id: int
    number: str


@dataclass(frozen=True)
class QuestionAnswered(OfQuestion, Fact):
    vi: ClassVar[str] = "Trả lời câu hỏi {number}"
    en: ClassVar[str] = "Question {number} was answered"

    question_id: int
    agency_id: int
    number: str


@dataclass(frozen=True)
class AgencyMerged(OfAgency, Fact):
    """An agency went into another; what it was responsible for goes with it."""

    vi: ClassVar[str] = "{agency_name} hợp nhất vào {into_name}, {units:,} đơn vị chuyển theo"
    en: ClassVar[str] = "{agency_name} was merged into {into_name}; {units:,} unit(s) moved along"

    agency_id: int
    agency_name: str
    into_id: int
    into_name: str
    merged_on: date
    units: int


@dataclass(frozen=True)
class RosterTakenOver(Fact):
    """A list of agencies was taken over from a file."""

    subject_kind: ClassVar[str] = "agencies.roster"
    subject_field: ClassVar[str] = "file_id"
    vi: ClassVar[str] = (
        "Nhập danh sách “{file_name}”: thêm {added:,}, sửa {changed:,}, giữ nguyên {unchanged:,}, để lại {refused:,}"
    )
    en: ClassVar[str] = (
        "List “{file_name}” taken over: {added:,} new, {changed:,} changed, {unchanged:,} as before, {refused:,} refused"
    )

    file_id: int
    file_name: str
    added: int
    changed: int
    unchanged: int
    refused: int


class OfCooperation:
    """What makes a fact part of the history of one matter between two focal officers."""

    subject_kind: ClassVar[str] = "agencies.cooperation"
    subject_field: ClassVar[str] = "cooperation_id"


@dataclass(frozen=True)
class CooperationAsked(OfCooperation, Fact):
    vi: ClassVar[str] = "{asking} đề nghị {asked} phối hợp, trả lời trước hết ngày {due_on:day}"
    en: ClassVar[str] = "{asking} asked {asked} to cooperate, answer wanted by {due_on:day}"

    cooperation_id: int
    asking: str
    asked: str
    due_on: date


@dataclass(frozen=True)
class CooperationAnswered(OfCooperation, Fact):
    vi: ClassVar[str] = "{asked} trả lời"
    en: ClassVar[str] = "{asked} answered"

    cooperation_id: int
    asked: str


@dataclass(frozen=True)
class CooperationAskedFurther(OfCooperation, Fact):
    vi: ClassVar[str] = "{asking} hỏi tiếp, trả lời trước hết ngày {due_on:day}"
    en: ClassVar[str] = "{asking} asked further, answer wanted by {due_on:day}"

    cooperation_id: int
    asking: str
    due_on: date


@dataclass(frozen=True)
class CooperationClosed(OfCooperation, Fact):
    vi: ClassVar[str] = "{asking} kết thúc phối hợp"
    en: ClassVar[str] = "{asking} settled the matter"

    cooperation_id: int
    asking: str


@dataclass(frozen=True)
class CooperationWithdrawn(OfCooperation, Fact):
    vi: ClassVar[str] = "{asking} rút đề nghị phối hợp"
    en: ClassVar[str] = "{asking} withdrew the request"

    cooperation_id: int
    asking: str


@dataclass(frozen=True)
class LayoutPlaced(OfAgency, Fact):
    vi: ClassVar[str] = "Dùng mẫu riêng cho giấy tờ “{paper}”: {file}"
    en: ClassVar[str] = "An own layout is used for the paper “{paper_en}”: {file}"

    agency_id: int
    kind: str
    paper: str
    paper_en: str
    file: str


@dataclass(frozen=True)
class LayoutWithdrawn(OfAgency, Fact):
    vi: ClassVar[str] = "Dùng lại mẫu có sẵn cho giấy tờ “{paper}”"
    en: ClassVar[str] = "The product's own layout is used again for the paper “{paper_en}”"

    agency_id: int
    kind: str
    paper: str
    paper_en: str


@dataclass(frozen=True)
class PostDelegated(OfAgency, Fact):
    vi: ClassVar[str] = (
        "{giver} ủy quyền vai trò “{role_vi}” cho {person_name} từ {valid_from:day} đến {valid_to:day} "
        "theo {decision_number}: {areas_vi}"
    )
    en: ClassVar[str] = (
        "{giver} delegated the role “{role_en}” to {person_name} from {valid_from:day} to {valid_to:day} "
        "by {decision_number}: {areas_en}"
    )

    agency_id: int
    delegation_id: int
    person_id: int
    person_name: str
    giver: str
    role: str
    role_vi: str
    role_en: str
    areas: tuple[str, ...]
    areas_vi: str
    areas_en: str
    decision_number: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class DelegationEnded(OfAgency, Fact):
    vi: ClassVar[str] = "Chấm dứt ủy quyền vai trò “{role_vi}” cho {person_name} theo {decision_number}"
    en: ClassVar[str] = (
        "The delegation of the role “{role_en}” to {person_name} by {decision_number} was ended"
    )

    agency_id: int
    delegation_id: int
    person_id: int
    person_name: str
    role: str
    role_vi: str
    role_en: str
    decision_number: str


class OfScheme:
    """What makes a fact part of the history of one scheme of codes."""

    subject_kind: ClassVar[str] = "agencies.codescheme"
    subject_field: ClassVar[str] = "scheme_id"


@dataclass(frozen=True)
class CodeSchemeRegistered(OfScheme, Fact):
    vi: ClassVar[str] = "Ghi nhận hệ thống mã {code}: {scheme_name}"
    en: ClassVar[str] = "Scheme of codes {code} was registered: {scheme_name}"

    scheme_id: int
    code: str
    scheme_name: str


@dataclass(frozen=True)
class CodeSchemeCorrected(OfScheme, Fact):
    vi: ClassVar[str] = "Sửa bản ghi hệ thống mã {code}"
    en: ClassVar[str] = "The record of scheme {code} was corrected"

    scheme_id: int
    code: str


@dataclass(frozen=True)
class CodeSchemeEnded(OfScheme, Fact):
    vi: ClassVar[str] = "Hệ thống mã {code} hết hiệu lực sau ngày {ended_on:day}"
    en: ClassVar[str] = "Scheme of codes {code} ended after {ended_on:day}"

    scheme_id: int
    code: str
    ended_on: date
