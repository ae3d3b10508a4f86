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


@dataclass(frozen=True)
class OfCampaign(Fact):
    """What every fact of the yearly inventory says: the campaign whose history it is."""

    subject_kind: ClassVar[str] = "inventory.campaign"
    subject_field: ClassVar[str] = "campaign_id"

    campaign_id: int


@dataclass(frozen=True)
class CampaignPlanned(OfCampaign):
    vi: ClassVar[str] = "Lập chương trình kiểm kê năm {year}: {units} đơn vị"
    en: ClassVar[str] = "The programme of {year} was prepared: {units} unit(s)"

    year: int
    units: int


@dataclass(frozen=True)
class ProgrammeAmended(OfCampaign):
    vi: ClassVar[str] = "Sửa chương trình kiểm kê: {units} đơn vị"
    en: ClassVar[str] = "The programme was amended: {units} unit(s)"

    units: int


@dataclass(frozen=True)
class ProgrammeReturned(OfCampaign):
    vi: ClassVar[str] = "Trả lại chương trình kiểm kê"
    en: ClassVar[str] = "The programme was sent back"


@dataclass(frozen=True)
class CampaignApproved(OfCampaign):
    vi: ClassVar[str] = "Phê duyệt chương trình kiểm kê, Quyết định số {decision}"
    en: ClassVar[str] = "The programme was approved by decision {decision}"

    decision: str


@dataclass(frozen=True)
class CampaignOpened(OfCampaign):
    vi: ClassVar[str] = "Mở đợt kiểm kê, hạn {due_vi}"
    en: ClassVar[str] = "The campaign was opened, due {due_en}"

    due_vi: str
    due_en: str


@dataclass(frozen=True)
class CampaignSurveyed(OfCampaign):
    vi: ClassVar[str] = "Khảo sát chung: {done} cơ sở dữ liệu đã đọc, {failed} không đọc được"
    en: ClassVar[str] = "Survey of the campaign: {done} database(s) read, {failed} not read"

    done: int
    failed: int


@dataclass(frozen=True)
class UnitsUrged(OfCampaign):
    vi: ClassVar[str] = "Đôn đốc {count} đơn vị: {units}"
    en: ClassVar[str] = "{count} unit(s) were urged: {units}"

    count: int
    units: str
    unit_ids: tuple[int, ...]


@dataclass(frozen=True)
class PartSubmitted(OfCampaign):
    vi: ClassVar[str] = "{unit} gửi kết quả: {databases} cơ sở dữ liệu, {systems} hệ thống"
    en: ClassVar[str] = "{unit} sent its result: {databases} database(s), {systems} system(s)"

    part_id: int
    unit: str
    databases: int
    systems: int


@dataclass(frozen=True)
class PartReturned(OfCampaign):
    vi: ClassVar[str] = "Trả lại kết quả của {unit}"
    en: ClassVar[str] = "The result of {unit} was sent back"

    part_id: int
    unit: str


@dataclass(frozen=True)
class PartVerified(OfCampaign):
    vi: ClassVar[str] = "Xác nhận kết quả của {unit}"
    en: ClassVar[str] = "The result of {unit} was verified"

    part_id: int
    unit: str


@dataclass(frozen=True)
class CampaignConsolidated(OfCampaign):
    vi: ClassVar[str] = "Tổng hợp kết quả {units} đơn vị, {databases} cơ sở dữ liệu, {unfit} chưa đạt"
    en: ClassVar[str] = (
        "Results of {units} unit(s) were consolidated: {databases} database(s), {unfit} not fit"
    )

    units: int
    databases: int
    unfit: int


@dataclass(frozen=True)
class CampaignClosed(OfCampaign):
    vi: ClassVar[str] = "Đóng đợt kiểm kê"
    en: ClassVar[str] = "The campaign was closed"


@dataclass(frozen=True)
class OfSystem(Fact):
    """What every fact of an information system says: which one."""

    subject_kind: ClassVar[str] = "inventory.informationsystem"
    subject_field: ClassVar[str] = "system_id"

    system_id: int


@dataclass(frozen=True)
class SystemRegistered(OfSystem):
    vi: ClassVar[str] = "Ghi nhận hệ thống thông tin {code}"
    en: ClassVar[str] = "Information system {code} was registered"

    code: str


@dataclass(frozen=True)
class SystemAmended(OfSystem):
    vi: ClassVar[str] = "Sửa thông tin hệ thống: {changed}"
    en: ClassVar[str] = "The record was amended: {changed}"

    changed: str


@dataclass(frozen=True)
class SystemReviewed(OfSystem):
    vi: ClassVar[str] = "Rà soát hệ thống: {faults} nội dung chưa đạt về kết nối"
    en: ClassVar[str] = "The record was gone through: {faults} fault(s) in connection"

    faults: int


@dataclass(frozen=True)
class SystemPutIntoUse(OfSystem):
    vi: ClassVar[str] = "Đưa hệ thống vào sử dụng"
    en: ClassVar[str] = "The system was put into use"


@dataclass(frozen=True)
class SystemRetired(OfSystem):
    vi: ClassVar[str] = "Ngừng sử dụng hệ thống"
    en: ClassVar[str] = "The system was taken out of use"


@dataclass(frozen=True)
class OfUpgrade(Fact):
    """What every fact of an upgrade item says: which one."""

    subject_kind: ClassVar[str] = "inventory.upgradeitem"
    subject_field: ClassVar[str] = "item_id"

    item_id: int


@dataclass(frozen=True)
class UpgradeProposed(OfUpgrade):
    vi: ClassVar[str] = "Đề xuất mục nâng cấp {number}"
    en: ClassVar[str] = "Upgrade item {number} was proposed"

    number: str
    criterion: str


@dataclass(frozen=True)
class UpgradePrioritised(OfUpgrade):
    vi: ClassVar[str] = "Đưa vào kế hoạch nâng cấp, mức ưu tiên {priority}"
    en: ClassVar[str] = "It was taken into the plan with priority {priority}"

    priority: int


@dataclass(frozen=True)
class UpgradeDeclined(OfUpgrade):
    vi: ClassVar[str] = "Không đưa vào kế hoạch nâng cấp"
    en: ClassVar[str] = "It was not taken into the plan"


@dataclass(frozen=True)
class UpgradeFunded(OfUpgrade):
    vi: ClassVar[str] = "Bố trí kinh phí: {funding}"
    en: ClassVar[str] = "Funds: {funding}"

    funding: str


@dataclass(frozen=True)
class UpgradeWaitsForFunds(OfUpgrade):
    vi: ClassVar[str] = "Chờ kinh phí"
    en: ClassVar[str] = "It waits for funds"


@dataclass(frozen=True)
class UpgradeBegun(OfUpgrade):
    vi: ClassVar[str] = "Bắt đầu thực hiện nâng cấp"
    en: ClassVar[str] = "The upgrade was begun"


@dataclass(frozen=True)
class UpgradeRechecked(OfUpgrade):
    vi: ClassVar[str] = "Kiểm tra lại: {found_vi}"
    en: ClassVar[str] = "Recheck: {found_en}"

    passed: bool
    found_vi: str
    found_en: str


@dataclass(frozen=True)
class UpgradeDone(OfUpgrade):
    vi: ClassVar[str] = "Hoàn thành nâng cấp"
    en: ClassVar[str] = "The upgrade is done"


@dataclass(frozen=True)
class UpgradeReopened(OfUpgrade):
    vi: ClassVar[str] = "Mở lại mục nâng cấp"
    en: ClassVar[str] = "The item was reopened"


@dataclass(frozen=True)
class OfAudit(Fact):
    """What every fact of a data audit says: its id; databases stand in it as numbers only."""

    subject_kind: ClassVar[str] = "inventory.dataaudit"
    subject_field: ClassVar[str] = "audit_id"

    audit_id: int


@dataclass(frozen=True)
class AuditPlanned(OfAudit):
    vi: ClassVar[str] = "Lập kế hoạch kiểm toán dữ liệu {number}, {span_vi}"
    en: ClassVar[str] = "Data audit {number} was planned for {span_en}"

    number: str
    span_vi: str
    span_en: str


@dataclass(frozen=True)
class AuditScoped(OfAudit):
    vi: ClassVar[str] = "Xác định phạm vi: {databases} cơ sở dữ liệu"
    en: ClassVar[str] = "The scope was decided: {databases} database(s)"

    databases: int


@dataclass(frozen=True)
class AuditMeasured(OfAudit):
    vi: ClassVar[str] = "Đo {measured} chỉ số; còn {waiting} chỉ số do người kiểm toán đánh giá"
    en: ClassVar[str] = "{measured} indicators were measured; {waiting} are left to the auditor"

    measured: int
    waiting: int


@dataclass(frozen=True)
class MeasureEntered(OfAudit):
    vi: ClassVar[str] = "Đánh giá chỉ số “{name_vi}”: {level}"
    en: ClassVar[str] = "Indicator “{name_en}” was judged: {level}"

    name_vi: str
    name_en: str
    level: str


@dataclass(frozen=True)
class FindingNoted(OfAudit):
    vi: ClassVar[str] = "Ghi phát hiện thứ {findings}"
    en: ClassVar[str] = "Finding number {findings} was noted"

    findings: int


@dataclass(frozen=True)
class FindingDropped(OfAudit):
    vi: ClassVar[str] = "Bỏ một phát hiện"
    en: ClassVar[str] = "A finding was dropped"


@dataclass(frozen=True)
class AuditReported(OfAudit):
    vi: ClassVar[str] = "Báo cáo kết quả kiểm toán: {findings} phát hiện"
    en: ClassVar[str] = "The result was reported: {findings} finding(s)"

    findings: int


@dataclass(frozen=True)
class AuditSentBack(OfAudit):
    vi: ClassVar[str] = "Trả lại báo cáo kiểm toán"
    en: ClassVar[str] = "The report was sent back"


@dataclass(frozen=True)
class AuditSigned(OfAudit):
    vi: ClassVar[str] = "Ký xác nhận báo cáo kiểm toán số {report}"
    en: ClassVar[str] = "Report {report} was signed"

    report: str


@dataclass(frozen=True)
class AuditFollowedUp(OfAudit):
    vi: ClassVar[str] = "Mở {upgrades} mục nâng cấp, {issues} phiếu cảnh báo, {statements} câu hỏi cho đơn vị"
    en: ClassVar[str] = "{upgrades} upgrade items, {issues} warnings and {statements} questions were opened"

    upgrades: int
    issues: int
    statements: int


@dataclass(frozen=True)
class FindingAnswered(OfAudit):
    vi: ClassVar[str] = "Đơn vị trả lời một phát hiện"
    en: ClassVar[str] = "The unit answered a finding"


@dataclass(frozen=True)
class AuditClosed(OfAudit):
    vi: ClassVar[str] = "Đóng cuộc kiểm toán dữ liệu"
    en: ClassVar[str] = "The data audit was closed"


AUDIT_FACTS: tuple[type[Fact], ...] = (
    AuditPlanned,
    AuditScoped,
    AuditMeasured,
    MeasureEntered,
    FindingNoted,
    FindingDropped,
    AuditReported,
    AuditSentBack,
    AuditSigned,
    AuditFollowedUp,
    FindingAnswered,
    AuditClosed,
)


@dataclass(frozen=True)
class VersionVerified(OfDatabase, Fact):
    """The digest of a version was computed anew from its rows."""

    vi: ClassVar[str] = "Kiểm chứng phiên bản {number}: {found_vi} với mã băm khi công bố"
    en: ClassVar[str] = "Version {number} verified: {found_en} to the digest it was published with"

    dataset_id: int
    number: int
    found_vi: str
    found_en: str


@dataclass(frozen=True)
class VersionRowsTaken(OfDatabase, Fact):
    """Rows of a version, or what changed in it, were taken as a file or shown in full."""

    vi: ClassVar[str] = "Lấy dữ liệu phiên bản {number} ({form})"
    en: ClassVar[str] = "Rows of version {number} were taken ({form})"

    dataset_id: int
    number: int
    since: int
    form: str
    in_full: bool
