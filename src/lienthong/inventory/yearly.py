"""Decisions about the yearly inventory, systems and upgrade items, on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from lienthong.foundation.tracing import carries

from .errors import (
    CampaignYearRefused,
    ContinuityMissing,
    DeclineReasonMissing,
    FundingMissing,
    PaperDateRefused,
    PartIncomplete,
    ProgrammeMissing,
    ReturnReasonMissing,
    SystemFactMissing,
    UpgradeMissing,
)

SHAREABLE, COMPLIANCE, CONNECTION, STATEMENT = "shareable", "compliance", "connection", "statement"
FINDING = "finding:"
NAMES_TOLD = 5


@carries("INV-01")
def completion(
    *, databases: int, surveyed: int, assessed: int, systems: int, reviewed: int, submitted: bool
) -> int:
    """How far a unit is, in percent: each database surveyed and assessed, each system gone through, the result sent.

    Each of these counts as one step; only what was sent is complete.
    """
    steps = 2 * databases + systems + 1
    done = min(surveyed, databases) + min(assessed, databases) + min(reviewed, systems) + int(submitted)
    return min(100 * done // steps, 100 if submitted else 99)


@carries("INV-07")
def require_programme(*, scope: str, guidance: str, place: str, units: Sequence[object]) -> None:
    """A programme says what is checked, guides the units, and names them."""
    for at, given, name, name_en in (
        ("scope", scope, "phạm vi, nội dung kiểm tra", "The scope and contents of the check"),
        ("guidance", guidance, "hướng dẫn các đơn vị tự kiểm tra", "The guidance for the units"),
        ("place", place, "địa danh ghi trên văn bản", "The place named on papers"),
    ):
        if not given.strip():
            raise ProgrammeMissing(at=at, name=name, name_en=name_en)
    if not units:
        raise ProgrammeMissing(at="units", name="đơn vị tham gia", name_en="The units that take part")


def require_year(year: int, today: date) -> int:
    """A campaign is of this year or the next: what is past cannot be planned any more."""
    if year not in (today.year, today.year + 1):
        raise CampaignYearRefused(year=str(year), this=str(today.year), next=str(today.year + 1))
    return year


def anchor_of(year: int, opened: datetime) -> datetime:
    """The moment from which the term of a year's campaign runs: when it was opened, held within that year."""
    first = opened.replace(year=year, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    last = first.replace(month=12, day=30)
    return min(max(opened, first), last)


def term_end(due_on: date, bound: str) -> tuple[str, str]:
    """The end of a term as people say it: “trước 31/12/2026” when the law says before, else the last day."""
    if bound == "before":
        day = due_on + timedelta(days=1)
        return f"trước {day:%d/%m/%Y}", f"before {day.day} {day:%B %Y}"
    return f"{due_on:%d/%m/%Y}", f"{due_on.day} {due_on:%B %Y}"


@carries("INV-01", "INV-05", "INV-06")
def require_complete(
    *, not_assessed: Sequence[str], not_reviewed: Sequence[str], conclusion: str, record_date: date | None
) -> None:
    """A unit sends its result when each database is assessed, each system gone through, and a conclusion written."""
    if not_assessed:
        raise PartIncomplete(
            at="conclusion",
            what=f"{len(not_assessed)} cơ sở dữ liệu chưa có kết luận đánh giá trong năm: {told(not_assessed)}",
            what_en=f"{len(not_assessed)} database(s) have no concluded assessment this year: {told(not_assessed)}",
            hint_to="Mở từng cơ sở dữ liệu, khảo sát nguồn rồi kết luận đánh giá.",
            hint_to_en="Open each database, look at its source and conclude its assessment.",
        )
    if not_reviewed:
        raise PartIncomplete(
            at="conclusion",
            what=f"{len(not_reviewed)} hệ thống thông tin chưa rà soát trong năm: {told(not_reviewed)}",
            what_en=f"{len(not_reviewed)} information system(s) were not gone through this year: {told(not_reviewed)}",
            hint_to="Mở từng hệ thống, sửa nếu cần rồi xác nhận thông tin còn đúng.",
            hint_to_en="Open each system, amend it if need be and confirm that its record is right.",
        )
    if not conclusion.strip():
        raise PartIncomplete(
            at="conclusion",
            what="chưa có kết luận của đơn vị",
            what_en="the unit's conclusion is missing",
            hint_to="Nhập kết luận; nếu đơn vị không quản lý dữ liệu nào thì ghi rõ.",
            hint_to_en="Write the conclusion; if the unit holds no data, say so.",
        )
    if record_date is None:
        raise PartIncomplete(
            at="record_date",
            what="chưa có ngày lập biên bản",
            what_en="the record has no date",
            hint_to="Nhập ngày lập biên bản.",
            hint_to_en="Enter the date of the record.",
        )


def require_paper_date(day: date, *, decided: date | None, today: date, at: str) -> date:
    """A paper of a campaign is dated when it is drawn up: not to come, not before the campaign was decided."""
    if day > today or (decided is not None and day < decided):
        first = decided or day
        raise PaperDateRefused(
            at=at,
            day=f"{day:%d/%m/%Y}",
            first=f"{first:%d/%m/%Y}",
            day_en=day.isoformat(),
            first_en=first.isoformat(),
        )
    return day


def told(names: Sequence[str]) -> str:
    """A few of many names."""
    shown = ", ".join(names[:NAMES_TOLD])
    return f"{shown}, …" if len(names) > NAMES_TOLD else shown


def require_return_reason(reason: str) -> str:
    """What is sent back says why."""
    if not reason.strip():
        raise ReturnReasonMissing()
    return reason.strip()


@carries("UPG-01")
def require_upgrades(without: Sequence[str]) -> None:
    """A campaign is closed when everything judged not fit stands in the upgrade plan."""
    if without:
        raise UpgradeMissing(count=len(without), names=told(without))


@dataclass(frozen=True)
class Defect:
    """One kind of grave defect of a database, with the columns in which it was found."""

    criterion: str
    places: tuple[tuple[str, str], ...]
    finding: Mapping[str, Any] = field(hash=False, compare=False)


@carries("INV-08")
def defects_in(findings: Iterable[Mapping[str, Any]]) -> list[Defect]:
    """The grave findings of an assessment, one defect for each rule with all its columns."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for finding in findings:
        if finding.get("severity") == "error":
            grouped.setdefault(str(finding["code"]), []).append(finding)
    return [
        Defect(f"{FINDING}{code}"[:120], tuple(place_of(one) for one in found), found[0])
        for code, found in grouped.items()
    ]


def place_of(finding: Mapping[str, Any]) -> tuple[str, str]:
    """The table and the column of a finding."""
    return str(finding.get("table") or ""), str(finding.get("column") or "")


# Why a data item is not fit to be shared: code to its text in Vietnamese and English.
UNFIT_BECAUSE: dict[str, tuple[str, str]] = {
    "database": ("cơ sở dữ liệu được kết luận chưa chia sẻ được", "its database was concluded as not fit"),
    "private_use": ("dữ liệu dùng riêng", "private use"),
    "defect": ("cột có lỗi nghiêm trọng", "the column has a grave defect"),
}


@carries("INV-03")
def unfit_because(*, fit: bool, private_use: bool, grave: bool) -> str:
    """Why others cannot be given a data item, as a code; empty when they can and can use it."""
    if not fit:
        return "database"
    if private_use:
        return "private_use"
    return "defect" if grave else ""


def still_there(
    code: str, places: Iterable[Sequence[str]], findings: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    """Of the columns in which a defect was found, those in which it is found again."""
    wanted = {(one[0], one[1]) for one in places}
    return sorted(
        {place_of(one) for one in findings if one.get("code") == code and one.get("severity") == "error"}
        & wanted
    )


@carries("INV-05")
def require_system(
    *, code: str, name: str, purpose: str, state: str, in_use_since: int | None, today: date
) -> None:
    """A system on record has a code, a name and a purpose; a year of use that is not to come."""
    for at, given, word, word_en in (
        ("code", code, "mã hệ thống", "The code"),
        ("name", name, "tên hệ thống", "The name"),
        ("purpose", purpose, "mục đích, đối tượng sử dụng", "The purpose and users"),
    ):
        if not given.strip():
            raise SystemFactMissing(at=at, name=word, name_en=word_en)
    if in_use_since is not None and not 1975 <= in_use_since <= today.year:
        raise SystemFactMissing(
            at="in_use_since",
            name=f"năm đưa vào sử dụng, từ 1975 đến {today.year}",
            name_en=f"A year of use from 1975 to {today.year}",
        )


# What a running system lacks for being connected: code to its text in Vietnamese and English.
FAULTS: dict[str, tuple[str, str]] = {
    "cannot_connect": ("chưa có khả năng kết nối qua dịch vụ", "it offers no connection by services"),
    "no_standard": ("chưa nêu tiêu chuẩn kỹ thuật kết nối", "no technical standard of connection is named"),
    "no_safety_level": (
        "chưa được phê duyệt cấp độ an toàn hệ thống thông tin",
        "its level of safety is not approved",
    ),
}
ABLE = frozenset({"service", "local_platform", "national_platform"})


@carries("UPG-02")
def connection_faults(*, connection: str, standard: str, safety_level: int | None) -> list[str]:
    """What a running system lacks for receiving connection and sharing; empty when it lacks nothing."""
    found = []
    if connection not in ABLE:
        found.append("cannot_connect")
    elif not standard.strip():
        found.append("no_standard")
    if safety_level is None:
        found.append("no_safety_level")
    return found


def fault_text(faults: Iterable[str], locale: str) -> str:
    """What a system lacks, in one line."""
    return "; ".join(FAULTS[code][0 if locale.startswith("vi") else 1] for code in faults)


def require_funding(funding: str) -> str:
    """Funds have a source; work without cost says so."""
    if not funding.strip():
        raise FundingMissing()
    return funding.strip()


@carries("UPG-03")
def require_continuity(text: str) -> str:
    """An upgrade begins when it is said how existing connections are kept alive."""
    if not text.strip():
        raise ContinuityMissing(at="continuity", name="cách duy trì các kết nối đang hoạt động",
                                name_en="How existing connections are kept alive")  # fmt: skip
    return text.strip()


@carries("UPG-03")
def require_compliance(text: str) -> str:
    """A recheck says how compliance of the upgraded part was checked."""
    if not text.strip():
        raise ContinuityMissing(at="compliance", name="kết quả kiểm tra tuân thủ của phần nâng cấp",
                                name_en="How compliance of the upgraded part was checked")  # fmt: skip
    return text.strip()


def require_decline_reason(reason: str) -> str:
    """What is not taken up says why."""
    if not reason.strip():
        raise DeclineReasonMissing()
    return reason.strip()
