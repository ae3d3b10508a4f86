"""What has happened around corrections. Facts hold numbers and ids, never a value (SEC-02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class CorrectionFact(Fact):
    subject_kind: ClassVar[str] = "authority.correctioncase"
    subject_field: ClassVar[str] = "case_id"
    vi: ClassVar[str] = "Hồ sơ đính chính {number} có thay đổi"
    en: ClassVar[str] = "Correction {number} changed"
    case_id: int
    number: str


@dataclass(frozen=True)
class DiscrepancyReported(CorrectionFact):
    """Data were said to be wrong; the provider is to verify it."""

    vi: ClassVar[str] = "Báo dữ liệu sai lệch, lập hồ sơ đính chính {number}"
    en: ClassVar[str] = "Data reported as wrong, correction {number} opened"
    database_id: int
    origin: str
    is_critical: bool


@dataclass(frozen=True)
class DiscrepancyAcknowledged(CorrectionFact):
    vi: ClassVar[str] = "Đã tiếp nhận {number}, đang kiểm tra"
    en: ClassVar[str] = "{number} acknowledged, being verified"


@dataclass(frozen=True)
class DiscrepancyConfirmed(CorrectionFact):
    vi: ClassVar[str] = "Xác nhận dữ liệu sai lệch"
    en: ClassVar[str] = "The data were found wrong"


@dataclass(frozen=True)
class DiscrepancyNotConfirmed(CorrectionFact):
    vi: ClassVar[str] = "Kết luận dữ liệu không sai lệch"
    en: ClassVar[str] = "The data were found right"


@dataclass(frozen=True)
class DiscrepancyUnclear(CorrectionFact):
    vi: ClassVar[str] = "Chưa xác định được đúng, sai; thời hạn xử lý được kéo dài theo quy định"
    en: ClassVar[str] = "Right or wrong cannot be decided yet; the longer term runs"


@dataclass(frozen=True)
class FindingContested(CorrectionFact):
    vi: ClassVar[str] = "Bên báo không đồng ý, nêu vướng mắc"
    en: ClassVar[str] = "The reporter contests the finding as an issue"


@dataclass(frozen=True)
class IssuePassedOn(CorrectionFact):
    vi: ClassVar[str] = "Vướng mắc chuyển lên: {level_vi}"
    en: ClassVar[str] = "The issue goes on to {level_en}"
    level_vi: str
    level_en: str


@dataclass(frozen=True)
class IssueSettled(CorrectionFact):
    vi: ClassVar[str] = "Vướng mắc đã được giải quyết: {settled_vi}"
    en: ClassVar[str] = "The issue was settled: {settled_en}"
    settled_vi: str
    settled_en: str


@dataclass(frozen=True)
class DataCorrected(CorrectionFact):
    """The provider mended the data and named its proof."""

    vi: ClassVar[str] = "Đã đính chính dữ liệu; chứng minh: {proof}"
    en: ClassVar[str] = "The data were corrected; proof: {proof_en}"
    database_id: int
    proof: str
    proof_en: str = ""

    @classmethod
    def sentence(cls, payload: dict[str, Any], locale: str) -> str:
        """As of every fact; one told before proofs had English words is told in its own."""
        return super().sentence(payload | {"proof_en": payload.get("proof_en") or payload["proof"]}, locale)


@dataclass(frozen=True)
class DifferencesFoundAgain(CorrectionFact):
    vi: ClassVar[str] = "Đối soát lại: còn {rows:,} dòng sai lệch"
    en: ClassVar[str] = "Reconciled again; rows that still differ: {rows:,}"
    rows: int


@dataclass(frozen=True)
class CorrectionReopened(CorrectionFact):
    vi: ClassVar[str] = "Mở lại: dữ liệu còn sai"
    en: ClassVar[str] = "Opened again: the data are still wrong"


@dataclass(frozen=True)
class CorrectionBroadcast(CorrectionFact):
    """The provider made a correction known; whoever uses the data is told."""

    vi: ClassVar[str] = "Đã thông báo đính chính cho các bên khai thác"
    en: ClassVar[str] = "The consumers were informed of the correction"
    database_id: int
    dataset_id: int | None


@dataclass(frozen=True)
class ConsumerTold(CorrectionFact):
    vi: ClassVar[str] = "Đã thông báo cho {agency}"
    en: ClassVar[str] = "{agency_en} was informed"
    agency_id: int
    agency: str
    agency_en: str


@dataclass(frozen=True)
class CorrectionReceived(CorrectionFact):
    vi: ClassVar[str] = "{agency} xác nhận đã nhận thông báo đính chính"
    en: ClassVar[str] = "{agency_en} confirmed that it received the correction"
    agency_id: int
    agency: str
    agency_en: str


@dataclass(frozen=True)
class CorrectionClosed(CorrectionFact):
    vi: ClassVar[str] = "Kết thúc hồ sơ đính chính {number}"
    en: ClassVar[str] = "Correction {number} closed"


@dataclass(frozen=True)
class CorrectionUrged(CorrectionFact):
    vi: ClassVar[str] = "Đôn đốc hồ sơ {number}, lần thứ {times}"
    en: ClassVar[str] = "Correction {number} urged, time {times}"
    times: int


@dataclass(frozen=True)
class CorrectionOverdue(CorrectionFact):
    vi: ClassVar[str] = "Hồ sơ {number} quá hạn, đã báo cáo người đứng đầu"
    en: ClassVar[str] = "Correction {number} is overdue, the head was told"
    database_id: int


@dataclass(frozen=True)
class CorrectionRowsRevealed(CorrectionFact):
    vi: ClassVar[str] = "Xem giá trị dữ liệu cá nhân trong {rows:,} dòng của hồ sơ"
    en: ClassVar[str] = "Personal values of the case were seen; rows: {rows:,}"
    rows: int


# Facts from which nothing follows beyond what their own command did.
QUIET = (
    CorrectionFact,
    DiscrepancyReported,
    DiscrepancyAcknowledged,
    DiscrepancyConfirmed,
    DiscrepancyNotConfirmed,
    DiscrepancyUnclear,
    FindingContested,
    IssuePassedOn,
    IssueSettled,
    DataCorrected,
    DifferencesFoundAgain,
    CorrectionReopened,
    ConsumerTold,
    CorrectionReceived,
    CorrectionClosed,
    CorrectionUrged,
    CorrectionOverdue,
    CorrectionRowsRevealed,
)
