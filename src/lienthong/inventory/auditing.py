"""What holds for a data audit: its periods, who is independent, how a share becomes a level of maturity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from lienthong.foundation.errors import InputRefused
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from .audit_errors import (
    AuditAnswersMissing,
    AuditMeasuresMissing,
    AuditNotAsked,
    AuditorNotIndependent,
    AuditPeriodRefused,
    AuditScopeMissing,
)

QUARTER, YEAR, SCALE = "data_audit.cycle.quarter", "data_audit.cycle.year", "data_maturity.scale"
FIRST_YEAR = 2025


def period_start(year: int, quarter: int) -> date:
    """The first day of a quarter (1 to 4), or of the year (0)."""
    return date(year, 1 + 3 * (quarter - 1 if quarter else 0), 1)


def period_end(year: int, quarter: int) -> date:
    """The last day of a quarter (1 to 4), or of the year (0)."""
    after = date(year + 1, 1, 1) if quarter in (0, 4) else date(year, 1 + 3 * quarter, 1)
    return after - timedelta(days=1)


def quarter_of(day: date) -> int:
    """The quarter in which a day lies, 1 to 4."""
    return (day.month + 2) // 3


def require_period(year: int, quarter: int, today: date) -> None:
    """Refuse a period that is no quarter or year, or that begins after today."""
    if year < FIRST_YEAR or quarter not in range(5) or period_start(year, quarter) > today:
        raise AuditPeriodRefused(first=str(FIRST_YEAR))


def require_rule(found: object, period: str) -> None:
    """Refuse an audit of a period in which no rule on data audits was in force."""
    if found is None:
        raise AuditNotAsked(period=period, period_en=period)


@carries("GOVF-14", "D278-02")
def require_independent(*, in_charge: Sequence[str], related: str = "") -> None:
    """Refuse an auditor who is in charge of what is audited, or is no outsider where one is asked for.

    `in_charge` names databases that the auditing unit or the person manages; `related` the unit that is no outsider.
    """
    if related:
        raise AuditorNotIndependent(
            why=f"{related} thuộc cơ quan được kiểm toán", why_en=f"{related} belongs to the agency audited"
        )
    if in_charge:
        names = "; ".join(in_charge[:3]) + ("…" if len(in_charge) > 3 else "")
        raise AuditorNotIndependent(why=f"đang phụ trách, quản lý {names}", why_en=f"in charge of {names}")


def require_scope(databases: Sequence[object]) -> None:
    """Refuse an audit of nothing."""
    if not databases:
        raise AuditScopeMissing()


@carries("GOVF-14")
def level_of(count: float, whole: float, scale: int) -> int | None:
    """The level of maturity of a share on a scale from 0: equal steps, the highest only for the whole.

    None where there is nothing to measure.
    """
    if whole <= 0:
        return None
    return min(scale, int(scale * max(0.0, count) / whole + 1e-9))


def mean_level(levels: Iterable[int | float | None]) -> float | None:
    """The mean of the levels that are known, to one decimal."""
    known = [level for level in levels if level is not None]
    return round(sum(known) / len(known), 1) if known else None


def require_level(level: int | None, scale: int) -> int:
    """Refuse a level outside the scale."""
    if level is None or not 0 <= level <= scale:
        raise InputRefused(
            name="mức", name_en="The level", why=f"phải từ 0 đến {scale}", why_en=f"it must be 0 to {scale}"
        )
    return level


def require_text(given: str, name: str, name_en: str) -> str:
    """What was written, refused where nothing was."""
    said = nfc(given).strip()
    if not said:
        raise InputRefused(name=name, name_en=name_en, why="chưa nhập", why_en="it is missing")
    return said


@carries("D278-13")
def require_measured(waiting: Sequence[tuple[str, str]]) -> None:
    """Refuse a report while the auditor has indicators to judge; names in both languages."""
    if waiting:
        raise AuditMeasuresMissing(
            names="; ".join(vi for vi, _en in waiting), names_en="; ".join(en for _vi, en in waiting)
        )


def require_settled(open_findings: int) -> None:
    """Refuse to close an audit whose findings are not settled."""
    if open_findings:
        raise AuditAnswersMissing(count=str(open_findings))


def missing_periods(
    today: date, made: Iterable[tuple[int, int]], *, by_quarter: bool, by_year: bool
) -> list[tuple[int, int]]:
    """The periods up to today without an audit, this year's: quarters that began, and the year."""
    done = set(made)
    wanted = [(today.year, quarter) for quarter in range(1, quarter_of(today) + 1)] if by_quarter else []
    if by_year:
        wanted.append((today.year, 0))
    return [one for one in wanted if one not in done]
