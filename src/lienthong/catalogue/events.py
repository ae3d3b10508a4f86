"""What happens to databases, catalogues, datasets and versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class OfDatabase:
    """What every fact about one database says: its id, by which its history is read, and no name (SEC-01)."""

    subject_kind: ClassVar[str] = "catalogue.database"
    subject_field: ClassVar[str] = "database_id"

    database_id: int


@dataclass(frozen=True)
class DatabaseRegistered(OfDatabase, Fact):
    vi: ClassVar[str] = "Đăng ký cơ sở dữ liệu"
    en: ClassVar[str] = "The database was registered"

    tier: str
    owner_id: int
    managing_unit_id: int


@dataclass(frozen=True)
class DatabaseAmended(OfDatabase, Fact):
    vi: ClassVar[str] = "Sửa thông tin đăng ký: {labels_vi}"
    en: ClassVar[str] = "The registration was amended: {labels_en}"

    changed: tuple[str, ...]
    labels_vi: str
    labels_en: str


@dataclass(frozen=True)
class DatabaseHandedOver(OfDatabase, Fact):
    """The agency that owned or managed the database was merged into another."""

    vi: ClassVar[str] = "Chuyển từ {former_name} sang {successor_name} khi hợp nhất cơ quan"
    en: ClassVar[str] = "Handed over from {former_name} to {successor_name}, into which it was merged"

    former_id: int
    former_name: str
    successor_id: int
    successor_name: str


@dataclass(frozen=True)
class DatabaseDescribed(OfDatabase, Fact):
    """Tables and columns were taken over from a look."""

    vi: ClassVar[str] = (
        "Ghi nhận {tables} bảng, {fields:,} cột từ nguồn: thêm {new_fields:,}, mất {gone_fields:,} cột"
    )
    en: ClassVar[str] = (
        "{tables} tables, {fields:,} columns taken over: {new_fields:,} new, {gone_fields:,} gone"
    )

    tables: int
    fields: int
    new_fields: int
    gone_fields: int
    changed_fields: int


@dataclass(frozen=True)
class FieldsConfirmed(OfDatabase, Fact):
    vi: ClassVar[str] = "Xác nhận mô tả {count:,} cột"
    en: ClassVar[str] = "The description of {count:,} column(s) was confirmed"

    count: int
    field_ids: tuple[int, ...]


@dataclass(frozen=True)
class FieldDescribed(OfDatabase, Fact):
    vi: ClassVar[str] = "Sửa và xác nhận mô tả một cột"
    en: ClassVar[str] = "One column was described and confirmed"

    field_id: int


@dataclass(frozen=True)
class FieldClassified(OfDatabase, Fact):
    """A person said whether a column holds personal data."""

    vi: ClassVar[str] = "Phân loại dữ liệu cá nhân của một cột và xác nhận"
    en: ClassVar[str] = "A column was classed as to personal data and confirmed"

    field_id: int
    personal_data: str


@dataclass(frozen=True)
class CodeListChosen(OfDatabase, Fact):
    vi: ClassVar[str] = "Chọn danh mục dùng chung của một cột: {list_vi}"
    en: ClassVar[str] = "The shared code list of a column was chosen: {list_en}"

    field_id: int
    list_vi: str
    list_en: str


@dataclass(frozen=True)
class RiskAssessed(OfDatabase, Fact):
    """The yearly risk assessment of a database was signed."""

    vi: ClassVar[str] = "Ghi nhận đánh giá rủi ro ngày {assessed_on}, văn bản {paper}"
    en: ClassVar[str] = "A risk assessment of {assessed_on} was recorded, paper {paper}"

    risk_id: int
    assessed_on: date
    paper: str


@dataclass(frozen=True)
class DatabaseDeclared(OfDatabase, Fact):
    vi: ClassVar[str] = "Khai báo vào danh mục cơ sở dữ liệu"
    en: ClassVar[str] = "Declared for the database catalogue"


@dataclass(frozen=True)
class EntryIssued(OfDatabase, Fact):
    """A database stands in a newly issued catalogue."""

    vi: ClassVar[str] = "Ban hành trong danh mục phiên bản {version} theo Quyết định số {decision_number}"
    en: ClassVar[str] = "Issued in version {version} of the catalogue by Decision {decision_number}"

    version: int
    decision_number: str


@dataclass(frozen=True)
class DatabaseMarkedSecret(OfDatabase, Fact):
    vi: ClassVar[str] = "Đưa vào phạm vi bí mật nhà nước"
    en: ClassVar[str] = "Placed within the scope of state secrets"


@dataclass(frozen=True)
class DatabaseUnmarkedSecret(OfDatabase, Fact):
    vi: ClassVar[str] = "Đưa ra khỏi phạm vi bí mật nhà nước"
    en: ClassVar[str] = "Removed from the scope of state secrets"


@dataclass(frozen=True)
class DatabaseWentLive(OfDatabase, Fact):
    vi: ClassVar[str] = "Đưa vào khai thác"
    en: ClassVar[str] = "The database went live"


@dataclass(frozen=True)
class DatabaseLostCompliance(OfDatabase, Fact):
    vi: ClassVar[str] = "Không còn tuân thủ: {because}"
    en: ClassVar[str] = "No longer compliant: {because}"

    because: str


@dataclass(frozen=True)
class CatalogueIssued(Fact):
    subject_kind: ClassVar[str] = "agencies.agency"
    subject_field: ClassVar[str] = "agency_id"
    vi: ClassVar[str] = "Ban hành danh mục cơ sở dữ liệu phiên bản {version}, {entries} cơ sở dữ liệu"
    en: ClassVar[str] = "Version {version} of the database catalogue was issued with {entries} database(s)"

    agency_id: int
    catalogue_id: int
    version: int
    decision_number: str
    decision_date: date
    entries: int
    database_ids: tuple[int, ...]


@dataclass(frozen=True)
class OfDataset:
    """What every fact about one dataset says: its id, by which its history is read."""

    subject_kind: ClassVar[str] = "catalogue.dataset"
    subject_field: ClassVar[str] = "dataset_id"

    dataset_id: int
    database_id: int


@dataclass(frozen=True)
class DatasetDefined(OfDataset, Fact):
    vi: ClassVar[str] = "Lập bộ dữ liệu gồm {columns} cột của bảng {table}"
    en: ClassVar[str] = "The dataset was defined with {columns} column(s) of table {table}"

    table: str
    columns: int


@dataclass(frozen=True)
class VersionPublished(OfDataset, Fact):
    vi: ClassVar[str] = "Phiên bản {number}: {rows:,} dòng, thêm {added:,}, bỏ {removed:,}, sửa {changed:,}"
    en: ClassVar[str] = (
        "Version {number}: {rows:,} rows, {added:,} added, {removed:,} removed, {changed:,} changed"
    )

    number: int
    rows: int
    added: int
    removed: int
    changed: int


@dataclass(frozen=True)
class ReplicaBuilt(OfDataset, Fact):
    """A version can now be answered from its replica."""

    vi: ClassVar[str] = "Phiên bản {number} sẵn sàng phục vụ tra cứu"
    en: ClassVar[str] = "Version {number} is ready to answer"

    number: int


@dataclass(frozen=True)
class DatabasesTakenOver(Fact):
    """A list of databases was taken over from a file."""

    subject_kind: ClassVar[str] = "catalogue.listing"
    subject_field: ClassVar[str] = "file_id"
    vi: ClassVar[str] = (
        "Nhập danh sách “{file_name}”: đăng ký {added:,}, sửa {changed:,}, giữ nguyên {unchanged:,}, không nhận {refused:,}"
    )
    en: ClassVar[str] = (
        "List “{file_name}” taken over: {added:,} registered, {changed:,} amended, {unchanged:,} as before, {refused:,} not taken"
    )

    file_id: int
    file_name: str
    added: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True)
class OfDossier:
    """What every fact about one national dossier says: its id and its database's, no name (SEC-01)."""

    subject_kind: ClassVar[str] = "catalogue.nationaldossier"
    subject_field: ClassVar[str] = "dossier_id"

    dossier_id: int
    database_id: int


@dataclass(frozen=True)
class DossierBegun(OfDossier, Fact):
    vi: ClassVar[str] = "Lập hồ sơ, áp dụng quy định ngày {proposed_on:day}"
    en: ClassVar[str] = "The dossier was begun, under the rules of {proposed_on:day}"

    kind: str
    proposed_on: date


@dataclass(frozen=True)
class DossierWritten(OfDossier, Fact):
    """A criterion, a part or a legal basis was written."""

    vi: ClassVar[str] = "Ghi “{what_vi}”"
    en: ClassVar[str] = "“{what_en}” was written"

    what_vi: str
    what_en: str


@dataclass(frozen=True)
class DossierEligible(OfDossier, Fact):
    vi: ClassVar[str] = "Đạt đủ {criteria} tiêu chí"
    en: ClassVar[str] = "All {criteria} criteria are met"

    criteria: int


@dataclass(frozen=True)
class DossierReopened(OfDossier, Fact):
    vi: ClassVar[str] = "Nội dung thay đổi, phải kiểm tra lại"
    en: ClassVar[str] = "Contents changed; to be checked again"


@dataclass(frozen=True)
class DossierReady(OfDossier, Fact):
    vi: ClassVar[str] = "Hoàn thành hồ sơ, trình ký"
    en: ClassVar[str] = "The dossier was completed and waits for signature"


@dataclass(frozen=True)
class DossierSent(OfDossier, Fact):
    vi: ClassVar[str] = "Ký và gửi kèm Công văn số {letter_number} ngày {letter_date:day}"
    en: ClassVar[str] = "Signed and sent with Letter {letter_number} of {letter_date:day}"

    letter_number: str
    letter_date: date


@dataclass(frozen=True)
class DossierReturned(OfDossier, Fact):
    vi: ClassVar[str] = "Trả lại để bổ sung lần {times}"
    en: ClassVar[str] = "Returned to be completed, time {times}"

    times: int


@dataclass(frozen=True)
class DossierConsolidated(OfDossier, Fact):
    vi: ClassVar[str] = "Tổng hợp vào dự thảo {draft}"
    en: ClassVar[str] = "Taken into draft {draft}"

    draft: str


@dataclass(frozen=True)
class DossierWithApprover(OfDossier, Fact):
    vi: ClassVar[str] = "Trình {approver_vi} phê duyệt"
    en: ClassVar[str] = "Submitted to the {approver_en} for approval"

    approver_vi: str
    approver_en: str


@dataclass(frozen=True)
class DossierApproved(OfDossier, Fact):
    """The database stands in the list as proposed, or left it."""

    vi: ClassVar[str] = "Được phê duyệt tại danh mục phiên bản {version}, Quyết định số {decision_number}"
    en: ClassVar[str] = "Approved in version {version} of the list, Decision {decision_number}"

    version: int
    decision_number: str


@dataclass(frozen=True)
class DossierTurnedDown(OfDossier, Fact):
    vi: ClassVar[str] = "Không được phê duyệt"
    en: ClassVar[str] = "Not approved"


@dataclass(frozen=True)
class MasterDataAgreed(OfDossier, Fact):
    vi: ClassVar[str] = "Thống nhất dữ liệu chủ theo văn bản số {agreement_number}"
    en: ClassVar[str] = "The master data were agreed by paper {agreement_number}"

    agreement_number: str


@dataclass(frozen=True)
class ConnectionDue(OfDossier, Fact):
    vi: ClassVar[str] = "Hạn kết nối: {connect_by:day}"
    en: ClassVar[str] = "To be connected by {connect_by:day}"

    connect_by: date


@dataclass(frozen=True)
class ConnectionReported(OfDossier, Fact):
    vi: ClassVar[str] = "Xác nhận đã kết nối"
    en: ClassVar[str] = "The connection was reported"


@dataclass(frozen=True)
class TierFollowedList(OfDatabase, Fact):
    """The class of a database follows the national list."""

    vi: ClassVar[str] = "Loại cơ sở dữ liệu theo danh mục quốc gia phiên bản {version}"
    en: ClassVar[str] = "The class follows version {version} of the national list"

    tier: str
    version: int


@dataclass(frozen=True)
class OfListDraft:
    """What every fact about one draft list says."""

    subject_kind: ClassVar[str] = "catalogue.nationallistdraft"
    subject_field: ClassVar[str] = "draft_id"

    draft_id: int


@dataclass(frozen=True)
class ListDrafted(OfListDraft, Fact):
    vi: ClassVar[str] = "Tổng hợp {dossiers:,} hồ sơ"
    en: ClassVar[str] = "{dossiers:,} dossier(s) were consolidated"

    dossiers: int


@dataclass(frozen=True)
class ListSubmitted(OfListDraft, Fact):
    vi: ClassVar[str] = "Trình {approver_vi} theo Tờ trình số {submission_number}"
    en: ClassVar[str] = "Submitted to the {approver_en} by Submission {submission_number}"

    approver_vi: str
    approver_en: str
    submission_number: str


@dataclass(frozen=True)
class ListTurnedDown(OfListDraft, Fact):
    vi: ClassVar[str] = "Không được phê duyệt"
    en: ClassVar[str] = "Not approved"


@dataclass(frozen=True)
class NationalListRecorded(Fact):
    """A version of the list of national databases was recorded."""

    subject_kind: ClassVar[str] = "catalogue.nationallist"
    subject_field: ClassVar[str] = "list_id"
    vi: ClassVar[str] = "Ghi nhận danh mục phiên bản {version} theo Quyết định số {decision_number}"
    en: ClassVar[str] = "Version {version} of the list was recorded by Decision {decision_number}"

    list_id: int
    version: int
    decision_number: str


@dataclass(frozen=True)
class OfReview:
    """What every fact about one review of a catalogue says: its id. No database is named or counted (SEC-01)."""

    subject_kind: ClassVar[str] = "catalogue.cataloguereview"
    subject_field: ClassVar[str] = "review_id"

    review_id: int


@dataclass(frozen=True)
class ReviewOpened(OfReview, Fact):
    vi: ClassVar[str] = (
        "Mở đợt rà soát danh mục theo văn bản số {document}: {units} đơn vị, hạn khai báo {due_vi}"
    )
    en: ClassVar[str] = "The review was opened by paper {document}: {units} unit(s), to declare by {due_en}"

    document: str
    units: int
    due_vi: str
    due_en: str


@dataclass(frozen=True)
class UnitDeclared(OfReview, Fact):
    vi: ClassVar[str] = "{unit} gửi khai báo"
    en: ClassVar[str] = "{unit} sent its declaration"

    declaration_id: int
    unit: str


@dataclass(frozen=True)
class DeclarationReturned(OfReview, Fact):
    vi: ClassVar[str] = "Trả lại khai báo của {unit}"
    en: ClassVar[str] = "The declaration of {unit} was sent back"

    declaration_id: int
    unit: str


@dataclass(frozen=True)
class DeclarationAccepted(OfReview, Fact):
    vi: ClassVar[str] = "Chấp nhận khai báo của {unit}"
    en: ClassVar[str] = "The declaration of {unit} was accepted"

    declaration_id: int
    unit: str


@dataclass(frozen=True)
class UnitsUrgedToDeclare(OfReview, Fact):
    vi: ClassVar[str] = "Đôn đốc {count} đơn vị khai báo: {units}"
    en: ClassVar[str] = "{count} unit(s) were urged to declare: {units}"

    count: int
    units: str
    unit_ids: tuple[int, ...]


@dataclass(frozen=True)
class DeclarationsCompleted(OfReview, Fact):
    vi: ClassVar[str] = "Các đơn vị khai báo xong"
    en: ClassVar[str] = "All units have declared"


@dataclass(frozen=True)
class DeclarationsReopened(OfReview, Fact):
    vi: ClassVar[str] = "Mở lại khai báo"
    en: ClassVar[str] = "The declarations are open again"


@dataclass(frozen=True)
class OverlapsChecked(OfReview, Fact):
    vi: ClassVar[str] = "Kiểm tra chồng lấn: không còn hồ sơ nào mở"
    en: ClassVar[str] = "Overlaps were checked: none is open"


@dataclass(frozen=True)
class CatalogueDrafted(OfReview, Fact):
    vi: ClassVar[str] = "Lập dự thảo danh mục phiên bản {version}"
    en: ClassVar[str] = "The draft of version {version} was drawn up"

    version: int


@dataclass(frozen=True)
class CatalogueSubmitted(OfReview, Fact):
    vi: ClassVar[str] = "Trình người đứng đầu ban hành danh mục, văn bản số {document}"
    en: ClassVar[str] = "The draft was submitted to the head by paper {document}"

    document: str


@dataclass(frozen=True)
class CatalogueDraftReturned(OfReview, Fact):
    vi: ClassVar[str] = "Người đứng đầu trả lại dự thảo"
    en: ClassVar[str] = "The head sent the draft back"


@dataclass(frozen=True)
class ReviewIssued(OfReview, Fact):
    vi: ClassVar[str] = "Ban hành danh mục phiên bản {version} theo Quyết định số {decision}"
    en: ClassVar[str] = "Version {version} was issued by Decision {decision}"

    version: int
    decision: str


@dataclass(frozen=True)
class CatalogueAmending(OfReview, Fact):
    vi: ClassVar[str] = "Bắt đầu sửa đổi danh mục đã ban hành"
    en: ClassVar[str] = "The issued catalogue is being amended"


@dataclass(frozen=True)
class EntryEnded(OfDatabase, Fact):
    """The catalogue was issued without it, for it is no longer in use."""

    vi: ClassVar[str] = "Đưa ra khỏi danh mục từ phiên bản {version}, Quyết định số {decision_number}"
    en: ClassVar[str] = "Left the catalogue with version {version}, Decision {decision_number}"

    version: int
    decision_number: str
