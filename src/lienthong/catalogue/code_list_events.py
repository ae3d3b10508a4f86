"""What happens to shared code lists and national master data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lienthong.foundation.events.facts import Fact

from .events import OfDatabase


@dataclass(frozen=True)
class OfCodeList:
    """What every fact about one shared code list says."""

    subject_kind: ClassVar[str] = "catalogue.code_list"
    subject_field: ClassVar[str] = "code_list_id"

    code_list_id: int


@dataclass(frozen=True)
class CodeListRegistered(OfCodeList, Fact):
    vi: ClassVar[str] = "Lập danh mục dùng chung {code}: {title}"
    en: ClassVar[str] = "Shared code list {code} was registered: {title}"

    code: str
    title: str


@dataclass(frozen=True)
class CodeListVersionBegun(OfCodeList, Fact):
    vi: ClassVar[str] = "Chuẩn bị phiên bản {number}, có hiệu lực từ {valid_from}"
    en: ClassVar[str] = "Version {number} is being prepared, in force from {valid_from}"

    number: int
    valid_from: date


@dataclass(frozen=True)
class CodeListVersionDropped(OfCodeList, Fact):
    vi: ClassVar[str] = "Bỏ phiên bản {number} đang chuẩn bị"
    en: ClassVar[str] = "Version {number}, which was being prepared, was dropped"

    number: int


@dataclass(frozen=True)
class CodeValuesTaken(OfCodeList, Fact):
    vi: ClassVar[str] = "Nhập giá trị của phiên bản {number}: {values:,} mã"
    en: ClassVar[str] = "The values of version {number} were taken over: {values:,} codes"

    number: int
    values: int


@dataclass(frozen=True)
class CodeMappingTaken(OfCodeList, Fact):
    vi: ClassVar[str] = "Nhập bảng ánh xạ mã cũ sang mã mới của phiên bản {number}: {pairs:,} cặp"
    en: ClassVar[str] = "The mapping to version {number} was taken over: {pairs:,} pairs"

    number: int
    pairs: int


@dataclass(frozen=True)
class CodeListIssued(OfCodeList, Fact):
    vi: ClassVar[str] = "Ban hành phiên bản {number} theo Quyết định số {decision_number}: {values:,} mã"
    en: ClassVar[str] = "Version {number} was issued by Decision {decision_number}: {values:,} codes"

    number: int
    decision_number: str
    valid_from: date
    values: int


@dataclass(frozen=True)
class MasterDataListRecorded(Fact):
    """A version of the list of national master data stands on record."""

    subject_kind: ClassVar[str] = "catalogue.master_data_list"
    subject_field: ClassVar[str] = "list_id"
    vi: ClassVar[str] = "Ghi nhận danh mục dữ liệu chủ quốc gia phiên bản {version}, {items} mục"
    en: ClassVar[str] = "Version {version} of the list of national master data was recorded: {items} items"

    list_id: int
    version: int
    items: int


@dataclass(frozen=True)
class TrustedSourceNamed(OfDatabase, Fact):
    """A database is the single trusted source of an item of national master data."""

    vi: ClassVar[str] = "Là nguồn tin cậy duy nhất của mục dữ liệu chủ {item}"
    en: ClassVar[str] = "Is the single trusted source of master data item {item}"

    item: str


FACTS: tuple[type[Fact], ...] = (
    CodeListRegistered,
    CodeListVersionBegun,
    CodeListVersionDropped,
    CodeValuesTaken,
    CodeMappingTaken,
    CodeListIssued,
    MasterDataListRecorded,
    TrustedSourceNamed,
)
