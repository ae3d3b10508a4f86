"""What happens to the copies that consumers keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.foundation.events.facts import Fact

from .events import ServiceFact


@dataclass(frozen=True)
class UseTermSet(ServiceFact):
    vi: ClassVar[str] = "Đặt thời hạn sử dụng dữ liệu: {term_vi}"
    en: ClassVar[str] = "The use term was set: {term_en}"
    term_vi: str
    term_en: str


@dataclass(frozen=True)
class CopyFact(Fact):
    subject_kind: ClassVar[str] = "sharing.storedcopy"
    subject_field: ClassVar[str] = "copy_id"
    vi: ClassVar[str] = "Bản sao {number} có thay đổi"
    en: ClassVar[str] = "Copy {number} changed"
    copy_id: int
    number: str


@dataclass(frozen=True)
class CopyRegistered(CopyFact):
    vi: ClassVar[str] = "Đăng ký bản sao {number}"
    en: ClassVar[str] = "Copy {number} was registered"
    reason: str


@dataclass(frozen=True)
class CopyRenewed(CopyFact):
    vi: ClassVar[str] = "Đồng bộ lại bản sao {number}"
    en: ClassVar[str] = "Copy {number} was renewed"


@dataclass(frozen=True)
class CopyWarned(CopyFact):
    vi: ClassVar[str] = "Nhắc: bản sao {number} sắp hết thời hạn sử dụng"
    en: ClassVar[str] = "Reminder: copy {number} is about to expire"


@dataclass(frozen=True)
class CopyBecameVoid(CopyFact):
    vi: ClassVar[str] = "Bản sao {number} hết hiệu lực: {because}"
    en: ClassVar[str] = "Copy {number} is void: {because_en}"
    because: str
    because_en: str


@dataclass(frozen=True)
class CopyOutdated(CopyFact):
    vi: ClassVar[str] = "Dữ liệu đã được đính chính theo {correction}; bản sao {number} phải đồng bộ lại"
    en: ClassVar[str] = "The data were corrected by {correction}; copy {number} is to be renewed"
    correction: str


@dataclass(frozen=True)
class CopyErased(CopyFact):
    vi: ClassVar[str] = "Đã xóa bản sao {number}"
    en: ClassVar[str] = "Copy {number} was erased"


# Their own commands tell whom it concerns.
COPY_FACTS = (
    UseTermSet,
    CopyFact,
    CopyRegistered,
    CopyRenewed,
    CopyWarned,
    CopyBecameVoid,
    CopyOutdated,
    CopyErased,
)
