"""What has happened to the law as recorded here, and to the terms that run under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lienthong.foundation.events.facts import Fact


@dataclass(frozen=True)
class LawLoaded(Fact):
    """The shipped facts were read into the tables."""

    subject_kind = "law.ruleset"
    subject_field = "digest"
    vi = "Nạp {instruments} văn bản, {parameters} tham số"
    en = "{instruments} legal texts and {parameters} parameters were loaded"
    digest: str
    instruments: int
    parameters: int


@dataclass(frozen=True)
class ParameterChanged(Fact):
    """A parameter has a new value; `running_cases` says whether running terms were pinned or migrated."""

    subject_kind = "law.parameter"
    subject_field = "parameter_id"
    vi = "Đổi tham số {key} ({rule_set}): {before} {unit_before} thành {after} {unit_after}"
    en = "Parameter {key} ({rule_set}) changed from {before} {unit_before} to {after} {unit_after}"
    parameter_id: int
    key: str
    rule_set: str
    database_code: str
    before: str
    unit_before: str
    after: str
    unit_after: str
    mark: str
    running_cases: str
    touched: int


@dataclass(frozen=True)
class ClockStarted(Fact):
    """A term began to run for a record."""

    subject_kind = "law.clock"
    subject_field = "clock_id"
    vi = "Bắt đầu tính thời hạn {key}, hết hạn {due_at:day}"
    en = "The term {key} began to run, due {due_at:day}"
    clock_id: int
    of_kind: str
    of_id: str
    key: str
    rule_set: str
    due_at: datetime


@dataclass(frozen=True)
class ClockStopped(Fact):
    """A term ended for a record."""

    subject_kind = "law.clock"
    subject_field = "clock_id"
    vi = "Kết thúc tính thời hạn {key}: {outcome}"
    en = "The term {key} ended: {outcome}"
    clock_id: int
    of_kind: str
    of_id: str
    key: str
    outcome: str
    in_time: bool


@dataclass(frozen=True)
class ClockMoved(Fact):
    """The end of a running term moved, because of the calendar or by a decision to follow the new rule."""

    subject_kind = "law.clock"
    subject_field = "clock_id"
    vi = "Thời hạn {key} chuyển từ {before:day} sang {due_at:day}"
    en = "The term {key} moved from {before:day} to {due_at:day}"
    clock_id: int
    of_kind: str
    of_id: str
    key: str
    before: datetime
    due_at: datetime
    because: str


@dataclass(frozen=True)
class CalendarDaySet(Fact):
    """A day of the working calendar was entered or changed."""

    subject_kind = "law.calendarday"
    subject_field = "day"
    vi = "Lịch làm việc: {day:day}, {name_vi} ({kind})"
    en = "Working calendar: {day:day}, {name_en} ({kind})"
    day: date
    kind: str
    name_vi: str
    name_en: str
    moved: int


@dataclass(frozen=True)
class CalendarDayRemoved(Fact):
    """An entry of the working calendar was removed."""

    subject_kind = "law.calendarday"
    subject_field = "day"
    vi = "Lịch làm việc: bỏ mục ngày {day:day} ({kind})"
    en = "Working calendar: entry of {day:day} removed ({kind})"
    day: date
    kind: str
    moved: int


@dataclass(frozen=True)
class HolidaysSeeded(Fact):
    """The first guess of the holidays of some years was entered."""

    subject_kind = "law.calendarday"
    subject_field = "first_year"
    vi = "Nhập dự kiến ngày nghỉ lễ từ năm {first_year} đến năm {last_year}: {added} ngày"
    en = "First guess of holidays {first_year} to {last_year}: {added} days"
    first_year: int
    last_year: int
    added: int


@dataclass(frozen=True)
class TextRecorded(Fact):
    """A legal text was entered by this installation."""

    subject_kind = "law.instrument"
    subject_field = "instrument_id"
    vi = "Ghi nhận {citation}"
    en = "{citation_en} was recorded"
    instrument_id: int
    citation: str
    citation_en: str
    mark: str


@dataclass(frozen=True)
class TextAmended(Fact):
    """What is recorded of a legal text was corrected: each part as it was and as it is."""

    subject_kind = "law.instrument"
    subject_field = "instrument_id"
    vi = "Sửa thông tin {citation}"
    en = "The record of {citation_en} was corrected"
    instrument_id: int
    citation: str
    citation_en: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True)
class ProvisionRecorded(Fact):
    """A place in a legal text was entered, so that rules can rest on it."""

    subject_kind = "law.instrument"
    subject_field = "instrument_id"
    vi = "Ghi nhận {citation}"
    en = "{citation_en} was recorded"
    instrument_id: int
    ref: str
    citation: str
    citation_en: str


@dataclass(frozen=True)
class RelationRecorded(Fact):
    """What one text does to another was entered; a text that is ended as a whole holds until the day before."""

    subject_kind = "law.instrument"
    subject_field = "instrument_id"
    vi = "{source} {kind_vi} {target}"
    en = "{source_en} {kind_en} {target_en}"
    instrument_id: int
    target_id: int
    kind: str
    kind_vi: str
    kind_en: str
    source: str
    source_en: str
    target: str
    target_en: str
