"""What happens to the yearly registration on the National Data Portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lienthong.foundation.events.facts import Fact

from .events import OfDatabase


@dataclass(frozen=True)
class OfNeed:
    """What every fact about a need says: its id and number."""

    subject_kind: ClassVar[str] = "catalogue.dataneed"
    subject_field: ClassVar[str] = "need_id"

    need_id: int
    number: str


@dataclass(frozen=True)
class DataNeedNoted(OfNeed, Fact):
    vi: ClassVar[str] = "Ghi nhận nhu cầu khai thác dữ liệu {number} của năm {year}"
    en: ClassVar[str] = "Need {number} for data of others was noted for {year}"

    year: int


@dataclass(frozen=True)
class DataNeedAmended(OfNeed, Fact):
    vi: ClassVar[str] = "Sửa nhu cầu khai thác dữ liệu {number}"
    en: ClassVar[str] = "Need {number} for data of others was amended"


@dataclass(frozen=True)
class DataNeedEnded(OfNeed, Fact):
    vi: ClassVar[str] = "Kết thúc nhu cầu khai thác dữ liệu {number}: {state_vi}"
    en: ClassVar[str] = "Need {number} for data of others ended: {state_en}"

    state: str
    state_vi: str
    state_en: str


@dataclass(frozen=True)
class PortalStateRecorded(OfDatabase, Fact):
    """Where the registration of a database stands on the portal for a year."""

    vi: ClassVar[str] = "Đăng ký năm {year} trên Cổng dữ liệu quốc gia: {state_vi}"
    en: ClassVar[str] = "Registration of {year} on the National Data Portal: {state_en}"

    year: int
    state: str
    state_vi: str
    state_en: str


@dataclass(frozen=True)
class NeedPortalStateRecorded(OfNeed, Fact):
    """Where the registration of a need stands on the portal for a year."""

    vi: ClassVar[str] = "Nhu cầu {number}, đăng ký năm {year} trên Cổng dữ liệu quốc gia: {state_vi}"
    en: ClassVar[str] = "Need {number}, registration of {year} on the National Data Portal: {state_en}"

    year: int
    state: str
    state_vi: str
    state_en: str


FACTS: tuple[type[Fact], ...] = (
    DataNeedNoted,
    DataNeedAmended,
    DataNeedEnded,
    PortalStateRecorded,
    NeedPortalStateRecorded,
)
