"""What happens in open data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class OpenFact(Fact):
    subject_kind: ClassVar[str] = "opendata.opendataset"
    subject_field: ClassVar[str] = "open_id"
    vi: ClassVar[str] = "“{dataset}” có thay đổi"
    en: ClassVar[str] = "“{dataset}” changed"
    open_id: int
    dataset: str
    database_id: int


@dataclass(frozen=True)
class DatasetClassified(OpenFact):
    vi: ClassVar[str] = "Đã phân loại “{dataset}”: {words}"
    en: ClassVar[str] = "“{dataset}” was classified: {words_en}"
    classification: str
    words: str
    words_en: str


@dataclass(frozen=True)
class RiskSignedOff(OpenFact):
    vi: ClassVar[str] = "Đã ký xác nhận đánh giá rủi ro của “{dataset}”"
    en: ClassVar[str] = "The risk check of “{dataset}” was signed off"


@dataclass(frozen=True)
class ListedInOpenCatalogue(OpenFact):
    vi: ClassVar[str] = "Đã đưa “{dataset}” vào danh mục dữ liệu mở theo {decision}"
    en: ClassVar[str] = "“{dataset}” was put into the open-data catalogue by {decision}"
    decision: str


@dataclass(frozen=True)
class DatasetPublished(OpenFact):
    vi: ClassVar[str] = "Đã công bố phiên bản {version} của “{dataset}”"
    en: ClassVar[str] = "Version {version} of “{dataset}” was published"
    version: int


@dataclass(frozen=True)
class NoChangeConfirmed(OpenFact):
    vi: ClassVar[str] = "Đã xác nhận “{dataset}” không thay đổi"
    en: ClassVar[str] = "“{dataset}” was confirmed as unchanged"


@dataclass(frozen=True)
class DatasetWithdrawn(OpenFact):
    vi: ClassVar[str] = "Đã thu hồi “{dataset}”: {because}"
    en: ClassVar[str] = "“{dataset}” was withdrawn: {because}"
    because: str


@dataclass(frozen=True)
class ReaderReported(OpenFact):
    """A reader said that the data are wrong; the correction that it opened is on its way."""

    vi: ClassVar[str] = "Người dùng báo dữ liệu sai: {number}"
    en: ClassVar[str] = "A reader reported wrong data: {number}"
    number: str
