"""Checking again by the criterion of the finding: what was looked at since the work began, and whether it passes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from lienthong.catalogue.models import DatabaseState
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.tracing import carries

from . import yearly
from .errors import NewLookMissing
from .models import Assessment, AssessmentState, UpgradeItem
from .stocktaking import faults_of


@carries("INV-08")
def look_again(item: UpgradeItem, *, passed: bool | None = None) -> dict[str, Any]:
    """Whether an item's criterion is met now: `passed`, what was found in both languages, what was looked at.

    Raises `NewLookMissing` where nothing was looked at since the work began.
    """
    since = item.started_at or item.proposed_at
    if item.criterion == yearly.SHAREABLE:
        return _shareable(item, since)
    if item.criterion.startswith(yearly.FINDING):
        return _finding(item, since)
    if item.criterion == yearly.COMPLIANCE:
        return _compliance(item)
    if item.criterion == yearly.CONNECTION:
        return _connection(item, since)
    if passed is None:
        raise InputRefused(
            name="kết quả kiểm tra lại",
            name_en="The result of the recheck",
            why="chưa chọn đạt hay chưa đạt",
            why_en="passed or not passed was not chosen",
        )
    vi, en = ("Cán bộ xác nhận đã đạt", "The officer says that it passes")
    if not passed:
        vi, en = ("Cán bộ xác nhận chưa đạt", "The officer says that it does not pass")
    return _result(passed, vi, en, "statement", timezone.now())


def _result(passed: bool, vi: str, en: str, looked_at: str, at: datetime | None) -> dict[str, Any]:
    moment = (at or timezone.now()).isoformat()
    return {"passed": passed, "vi": vi, "en": en, "looked_at": looked_at, "at": moment}


def _missing(since: datetime, what: str, what_en: str) -> NewLookMissing:
    moment = f"{timezone.localtime(since):%H:%M %d/%m/%Y}"
    return NewLookMissing(what=what, what_en=what_en, since=moment, since_en=moment)


def _shareable(item: UpgradeItem, since: datetime) -> dict[str, Any]:
    newest = (
        Assessment.objects.filter(
            database=item.database, state=AssessmentState.CONCLUDED, concluded_at__gt=since
        )
        .order_by("-concluded_at")
        .first()
    )
    if newest is None:
        raise _missing(since, "kết luận đánh giá", "concluded assessment")
    at = f"{timezone.localtime(newest.concluded_at):%d/%m/%Y}"
    if newest.shareable:
        vi, en = (
            f"Đánh giá ngày {at}: dữ liệu chia sẻ được",
            f"Assessment of {at}: the data are fit to be shared",
        )
    else:
        vi = f"Đánh giá ngày {at}: dữ liệu vẫn chưa chia sẻ được. {newest.reason}"
        en = f"Assessment of {at}: the data are still not fit to be shared. {newest.reason}"
    return _result(bool(newest.shareable), vi, en, f"assessment:{newest.pk}", newest.concluded_at)


def _finding(item: UpgradeItem, since: datetime) -> dict[str, Any]:
    newest = Assessment.objects.filter(database=item.database, made_at__gt=since).order_by("-made_at").first()
    if newest is None:
        raise _missing(since, "lần khảo sát, đánh giá", "look or assessment")
    code = item.criterion.removeprefix(yearly.FINDING)
    left = yearly.still_there(code, item.places, newest.findings)
    at = f"{timezone.localtime(newest.made_at):%d/%m/%Y}"
    if not left:
        vi = f"Đánh giá ngày {at}: không còn phát hiện này"
        en = f"Assessment of {at}: this finding is gone"
    else:
        named = yearly.told([".".join(part for part in place if part) for place in left])
        vi = f"Đánh giá ngày {at}: vẫn còn tại {named}"
        en = f"Assessment of {at}: still found in {named}"
    return _result(not left, vi, en, f"assessment:{newest.pk}", newest.made_at)


def _compliance(item: UpgradeItem) -> dict[str, Any]:
    database = item.database
    met = database is not None and database.state == DatabaseState.IN_OPERATION
    if met:
        vi, en = (
            "Cơ sở dữ liệu đã đáp ứng lại các điều kiện khai thác",
            "The database meets its conditions again",
        )
    else:
        why = database.non_compliant_because if database is not None else ""
        vi = f"Cơ sở dữ liệu vẫn chưa đáp ứng điều kiện khai thác: {why}".rstrip(": ")
        en = f"The database still does not meet its conditions: {why}".rstrip(": ")
    return _result(met, vi, en, "go_live", None)


def _connection(item: UpgradeItem, since: datetime) -> dict[str, Any]:
    system = item.system
    if system is None or system.reviewed_at is None or system.reviewed_at <= since:
        raise _missing(since, "lần rà soát hệ thống", "review of the system")
    faults = faults_of(system)
    at = f"{timezone.localtime(system.reviewed_at):%d/%m/%Y}"
    if not faults:
        vi, en = (
            f"Rà soát ngày {at}: hệ thống kết nối, chia sẻ được",
            f"Review of {at}: the system can be connected",
        )
    else:
        vi = f"Rà soát ngày {at}: hệ thống vẫn {yearly.fault_text(faults, 'vi')}"
        en = f"Review of {at}: {yearly.fault_text(faults, 'en')}"
    return _result(not faults, vi, en, f"review:{system.pk}", system.reviewed_at)
