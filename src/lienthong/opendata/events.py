"""What happens in open data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class OpenFact(Fact):
    subject_kind: ClassVar[str] = "opendata.opendataset"
    subject_field: ClassVar[str] = "open_id"
    vi: ClassVar[str] = "“{name}” có thay đổi"
    en: ClassVar[str] = "“{name}” changed"
    open_id: int
    name: str
    database_id: int


@dataclass(frozen=True)
class DatasetClassified(OpenFact):
    vi: ClassVar[str] = "Đã phân loại “{name}”: {classification}"
    en: ClassVar[str] = "“{name}” was classified: {classification}"
    classification: str


@dataclass(frozen=True)
class RiskSignedOff(OpenFact):
    vi: ClassVar[str] = "Đã ký xác nhận đánh giá rủi ro của “{name}”"
    en: ClassVar[str] = "The risk check of “{name}” was signed off"


@dataclass(frozen=True)
class ListedInOpenCatalogue(OpenFact):
    vi: ClassVar[str] = "Đã đưa “{name}” vào danh mục dữ liệu mở theo {decision}"
    en: ClassVar[str] = "“{name}” was put into the open-data catalogue by {decision}"
    decision: str


@dataclass(frozen=True)
class DatasetPublished(OpenFact):
    vi: ClassVar[str] = "Đã công bố phiên bản {version} của “{name}”"
    en: ClassVar[str] = "Version {version} of “{name}” was published"
    version: int


@dataclass(frozen=True)
class NoChangeConfirmed(OpenFact):
    vi: ClassVar[str] = "Đã xác nhận “{name}” không thay đổi"
    en: ClassVar[str] = "“{name}” was confirmed as unchanged"


@dataclass(frozen=True)
class DatasetWithdrawn(OpenFact):
    vi: ClassVar[str] = "Đã thu hồi “{name}”: {because}"
    en: ClassVar[str] = "“{name}” was withdrawn: {because}"
    because: str
