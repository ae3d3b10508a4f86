"""What has happened around overlaps. Facts hold ids of databases, never their names (SEC-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class OverlapSearched(Fact):
    """A database was compared with every other that may be compared."""

    subject_kind = "catalogue.database"
    subject_field = "database_id"
    vi = "Đã tìm chồng lấn: so với {compared} CSDL, {opened} hồ sơ mới, {code_lists} danh mục dùng chung"
    en = (
        "Overlaps searched: {compared} databases compared, {opened} new cases, {code_lists} shared code lists"
    )

    database_id: int
    search_id: int
    compared: int
    opened: int
    code_lists: int


@dataclass(frozen=True)
class OverlapDetected(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Phát hiện chồng lấn, lập hồ sơ {number}"
    en = "Overlap found, case {number} opened"

    case_id: int
    number: str
    lower_id: int
    higher_id: int
    proposed_outcome: str


@dataclass(frozen=True)
class OverlapAssigned(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Giao hồ sơ {number} cho {unit}"
    en = "Case {number} assigned to {unit_en}"

    case_id: int
    number: str
    unit_id: int
    unit: str
    unit_en: str


@dataclass(frozen=True)
class OverlapPairReviewed(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Nhận xét cặp cột {left} và {right}: {verdict_vi}"
    en = "Column pair {left} and {right} reviewed: {verdict_en}"

    case_id: int
    pair_id: int
    left: str
    right: str
    verdict: str
    verdict_vi: str
    verdict_en: str


@dataclass(frozen=True)
class OverlapAssessed(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Đã đánh giá hồ sơ {number}: giữ {accepted} cặp cột, bỏ {rejected}"
    en = "Case {number} assessed; column pairs kept: {accepted}, rejected: {rejected}"

    case_id: int
    number: str
    accepted: int
    rejected: int


@dataclass(frozen=True)
class AuthorityNamed(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Xác định nguồn chuẩn của hồ sơ {number}"
    en = "The authority in case {number} was named"

    case_id: int
    number: str
    authority_id: int


@dataclass(frozen=True)
class ExceptionRequested(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Trình người đứng đầu ngoại lệ của hồ sơ {number}, xem xét lại ngày {review_date:day}"
    en = "Exception in case {number} submitted to the head of agency, to be reviewed on {review_date:day}"

    case_id: int
    number: str
    review_date: date


@dataclass(frozen=True)
class ExceptionReturned(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Người đứng đầu không ký ngoại lệ, hồ sơ {number} trả lại để kết luận"
    en = "The head of agency did not sign the exception; case {number} returned for a decision"

    case_id: int
    number: str


@dataclass(frozen=True)
class OverlapDecided(Fact):
    """The legal consequence of an overlap is settled; upper floors and the catalogue may rest on it."""

    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Kết luận hồ sơ {number}: {outcome_vi}"
    en = "Case {number} decided: {outcome_en}"

    case_id: int
    number: str
    lower_id: int
    higher_id: int
    outcome: str
    outcome_vi: str
    outcome_en: str
    requirement: str
    review_date: date | None = None


@dataclass(frozen=True)
class SynchronisationStarted(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Đồng bộ của hồ sơ {number} chạy từ ngày {started_on:day}"
    en = "Synchronisation of case {number} running since {started_on:day}"

    case_id: int
    number: str
    started_on: date


@dataclass(frozen=True)
class OverlapClosed(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Kết thúc hồ sơ {number}"
    en = "Case {number} closed"

    case_id: int
    number: str
    outcome: str


@dataclass(frozen=True)
class ExceptionFellDue(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Đến ngày xem xét lại ngoại lệ, mở lại hồ sơ {number}"
    en = "The exception is due for review; case {number} reopened"

    case_id: int
    number: str
    review_date: date | None


@dataclass(frozen=True)
class OverlapUrged(Fact):
    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Đôn đốc hồ sơ {number} lần {times}: {act_vi}"
    en = "Case {number} urged ({times}): {act_en}"

    case_id: int
    number: str
    act_vi: str
    act_en: str
    times: int


@dataclass(frozen=True)
class OverlapEscalated(Fact):
    """An overdue case went one step up, to be directed there."""

    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Hồ sơ {number} quá hạn, chuyển {unit} chỉ đạo"
    en = "Case {number} overdue, taken up to {unit_en}"

    case_id: int
    number: str
    unit_id: int
    unit: str
    unit_en: str


@dataclass(frozen=True)
class OverlapDirected(Fact):
    """What is to be done was directed from above; the direction itself is the reason."""

    subject_kind = "authority.overlapcase"
    subject_field = "case_id"
    vi = "Chỉ đạo xử lý hồ sơ {number}"
    en = "Case {number} directed"

    case_id: int
    number: str
    until: date | None = None


@dataclass(frozen=True)
class SketchLeft(Fact):
    """A sketch file was made to leave the agency."""

    subject_kind = "catalogue.database"
    subject_field = "database_id"
    vi = "Lập tệp phác thảo mức {level} ({digest}): {hashed} cột có mã băm, giữ lại {withheld}, hết hạn {expires:day}"
    en = "Sketch file of level {level} made ({digest}): {hashed} columns hashed, {withheld} held back, good until {expires:day}"

    database_id: int
    passage_id: int
    level: int
    digest: str
    hashed: int
    withheld: int
    expires: date


@dataclass(frozen=True)
class SketchHandedIn(Fact):
    subject_kind = "catalogue.database"
    subject_field = "database_id"
    vi = "Nhận tệp phác thảo mức {level} ({digest}): {hashed} cột có mã băm, hết hạn {expires:day}"
    en = (
        "Sketch file of level {level} handed in ({digest}): {hashed} columns hashed, good until {expires:day}"
    )

    database_id: int
    passage_id: int
    level: int
    digest: str
    hashed: int
    expires: date


@dataclass(frozen=True)
class SketchDestroyed(Fact):
    subject_kind = "catalogue.database"
    subject_field = "database_id"
    vi = "Hủy tệp phác thảo hết hạn ({digest})"
    en = "Expired sketch file destroyed ({digest})"

    database_id: int
    passage_id: int
    digest: str


# Facts about a case from which nothing follows beyond what their own command did.
QUIET = (
    OverlapAssigned,
    OverlapPairReviewed,
    OverlapAssessed,
    AuthorityNamed,
    ExceptionRequested,
    ExceptionReturned,
    OverlapDecided,
    SynchronisationStarted,
    OverlapClosed,
    ExceptionFellDue,
    OverlapUrged,
    OverlapEscalated,
    OverlapDirected,
    SketchLeft,
    SketchHandedIn,
    SketchDestroyed,
)
