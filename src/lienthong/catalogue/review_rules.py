"""Decisions about the review of a catalogue, on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from .review_errors import (
    DatabasesUnanswered,
    DeclarationReasonMissing,
    EndedReasonMissing,
    HoldsNoneNotSaid,
    ReviewDayRefused,
    ReviewPaperMissing,
)

NAMES_TOLD = 5
OLDEST = 366
"""A review is entered while it is going on: its paper is not more than this many days old."""


@carries("CAT-03")
def require_paper(
    *, number: str, guidance: str, place: str, units: Sequence[object], opened_on: date | None, today: date
) -> date:
    """A review is opened by a paper with number and day, guides the units, and names them; returns the day."""
    for at, given, name, name_en in (
        ("document_number", number, "số văn bản tổ chức rà soát", "The number of the paper that opens the review"),
        ("guidance", guidance, "nội dung rà soát, hướng dẫn các đơn vị", "The guidance for the units"),
        ("place", place, "địa danh ghi trên văn bản", "The place named on papers"),
    ):  # fmt: skip
        if not given.strip():
            raise ReviewPaperMissing(at=at, name=name, name_en=name_en)
    if not units:
        raise ReviewPaperMissing(at="units", name="đơn vị tham gia", name_en="The units that take part")
    if opened_on is None:
        raise ReviewPaperMissing(
            at="opened_on", name="ngày văn bản tổ chức rà soát", name_en="The date of the paper"
        )
    return require_day(
        opened_on, at="opened_on", first=today - timedelta(days=OLDEST), today=today,
        before="quá một năm trước", before_en="it is more than a year ago",
    )  # fmt: skip


def require_day(day: date | None, *, at: str, first: date, today: date, before: str, before_en: str) -> date:
    """The day of a paper of the review: not to come, not before what it follows."""
    if day is None:
        raise ReviewPaperMissing(at=at, name="ngày văn bản", name_en="The date of the paper")
    told = f"{day:%d/%m/%Y}"
    if day > today:
        raise ReviewDayRefused(at=at, day=told, why="sau hôm nay", why_en="it is after today")
    if day < first:
        raise ReviewDayRefused(at=at, day=told, why=before, why_en=before_en)
    return day


@carries("CAT-03")
def require_answers(*, unanswered: Sequence[str], databases: int, holds_none: bool) -> bool:
    """A unit declares when it has spoken of each of its databases; that it holds none it says on purpose."""
    if unanswered:
        raise DatabasesUnanswered(count=len(unanswered), names=told(unanswered))
    if not databases and not holds_none:
        raise HoldsNoneNotSaid()
    return not databases


@carries("CAT-03")
def require_ended_reasons(ended: Mapping[str, str]) -> None:
    """What is no longer in use leaves the catalogue with a reason."""
    without = [name for name, reason in ended.items() if not reason.strip()]
    if without:
        raise EndedReasonMissing(names=told(without))


def require_reason(reason: str) -> str:
    """What is sent back or amended says why."""
    said = nfc(reason).strip()
    if not said:
        raise DeclarationReasonMissing()
    return said


def told(names: Iterable[str]) -> str:
    """A few of many names."""
    listed = list(names)
    shown = ", ".join(listed[:NAMES_TOLD])
    return f"{shown}, …" if len(listed) > NAMES_TOLD else shown


def day_told(day: date) -> tuple[str, str]:
    """A day as people say it in Vietnamese and English."""
    return f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}"
