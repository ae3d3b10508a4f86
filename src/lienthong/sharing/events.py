"""What happens in sharing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class ServiceFact(Fact):
    subject_kind: ClassVar[str] = "sharing.sharingservice"
    subject_field: ClassVar[str] = "service_id"
    vi: ClassVar[str] = "Dịch vụ {code} có thay đổi"
    en: ClassVar[str] = "Service {code} changed"
    service_id: int
    code: str
    database_id: int


@dataclass(frozen=True)
class ServicePrepared(ServiceFact):
    vi: ClassVar[str] = "Đã lập dịch vụ chia sẻ {code}"
    en: ClassVar[str] = "Sharing service {code} was prepared"


@dataclass(frozen=True)
class ServiceMadeReady(ServiceFact):
    vi: ClassVar[str] = "Dịch vụ {code} sẵn sàng kết nối"
    en: ClassVar[str] = "Service {code} is ready to be connected to"


@dataclass(frozen=True)
class ServicePublished(ServiceFact):
    vi: ClassVar[str] = "Đã công bố dịch vụ {code}"
    en: ClassVar[str] = "Service {code} was published"


@dataclass(frozen=True)
class ServiceSuspendedForAll(ServiceFact):
    vi: ClassVar[str] = "Đã tạm ngừng dịch vụ {code}"
    en: ClassVar[str] = "Service {code} was suspended"


@dataclass(frozen=True)
class ServiceRestored(ServiceFact):
    vi: ClassVar[str] = "Đã khôi phục dịch vụ {code}"
    en: ClassVar[str] = "Service {code} was restored"


@dataclass(frozen=True)
class ServiceTerminated(ServiceFact):
    vi: ClassVar[str] = "Đã chấm dứt dịch vụ {code}"
    en: ClassVar[str] = "Service {code} was terminated"


@dataclass(frozen=True)
class RequestFact(Fact):
    subject_kind: ClassVar[str] = "sharing.sharingrequest"
    subject_field: ClassVar[str] = "request_id"
    vi: ClassVar[str] = "Yêu cầu {number} có thay đổi"
    en: ClassVar[str] = "Request {number} changed"
    request_id: int
    number: str
    service_id: int


@dataclass(frozen=True)
class RequestReceived(RequestFact):
    vi: ClassVar[str] = "{requester} gửi yêu cầu {number}; hệ thống lập phiếu tiếp nhận"
    en: ClassVar[str] = "{requester} sent request {number}; a slip of receipt was made"
    requester: str
    channel: str


@dataclass(frozen=True)
class AccountIssued(RequestFact):
    vi: ClassVar[str] = "Đã cấp tài khoản kết nối {account} cho {requester}"
    en: ClassVar[str] = "Connection account {account} was issued to {requester}"
    requester: str
    account: str


@dataclass(frozen=True)
class RequestRefused(RequestFact):
    vi: ClassVar[str] = "Đã từ chối yêu cầu {number} bằng văn bản {document}"
    en: ClassVar[str] = "Request {number} was refused in document {document}"
    document: str


@dataclass(frozen=True)
class AccountFact(Fact):
    subject_kind: ClassVar[str] = "sharing.connectionaccount"
    subject_field: ClassVar[str] = "account_id"
    vi: ClassVar[str] = "Tài khoản {account} có thay đổi"
    en: ClassVar[str] = "Account {account} changed"
    account_id: int
    account: str
    request_id: int


@dataclass(frozen=True)
class AccountWasSuspended(AccountFact):
    vi: ClassVar[str] = "Đã tạm ngừng tài khoản {account}: {because}"
    en: ClassVar[str] = "Account {account} was suspended: {because}"
    because: str


@dataclass(frozen=True)
class AccountRestored(AccountFact):
    vi: ClassVar[str] = "Đã khôi phục tài khoản {account}"
    en: ClassVar[str] = "Account {account} was restored"


@dataclass(frozen=True)
class AccountTerminated(AccountFact):
    vi: ClassVar[str] = "Đã chấm dứt tài khoản {account}: {because}"
    en: ClassVar[str] = "Account {account} was terminated: {because}"
    because: str


@dataclass(frozen=True)
class KeyReplaced(AccountFact):
    vi: ClassVar[str] = "Đã thay khóa của tài khoản {account}"
    en: ClassVar[str] = "The key of account {account} was replaced"


@dataclass(frozen=True)
class AskAgainFact(Fact):
    subject_kind: ClassVar[str] = "sharing.askagaincheck"
    subject_field: ClassVar[str] = "check_id"
    vi: ClassVar[str] = "Phiếu tra cứu {number} có thay đổi"
    en: ClassVar[str] = "Check {number} changed"
    check_id: int
    number: str


@dataclass(frozen=True)
class FormChecked(AskAgainFact):
    """A form was held against what agencies hold and share, before it asks."""

    vi: ClassVar[str] = "Đã tra cứu {items} mục thông tin, {held} mục đã có nơi giữ"
    en: ClassVar[str] = "{items} items looked up, {held} are held already"
    items: int
    held: int


@dataclass(frozen=True)
class AskedItemAnswered(AskAgainFact):
    vi: ClassVar[str] = "Mục {place}: {answer_vi}"
    en: ClassVar[str] = "Item {place}: {answer_en}"
    place: int
    answer: str
    answer_vi: str
    answer_en: str


@dataclass(frozen=True)
class FormConcluded(AskAgainFact):
    vi: ClassVar[str] = "Kết luận: được yêu cầu {allowed} mục, không được yêu cầu {refused} mục"
    en: ClassVar[str] = "Concluded: {allowed} items may be asked for, {refused} may not"
    allowed: int
    refused: int


# Facts about such checks; nothing follows from them.
ASK_AGAIN = (AskAgainFact, FormChecked, AskedItemAnswered, FormConcluded)
