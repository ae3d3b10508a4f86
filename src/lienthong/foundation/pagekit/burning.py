"""The burn-up picture of work that many owe by a day: what came in and what was accepted, drawn by the server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDE, HIGH = 600, 180


@dataclass(frozen=True)
class Line:
    """One line of the picture as a path, with the same points for its table."""

    name: str
    kind: str
    path: str
    last: int
    y: float
    x: float


@dataclass(frozen=True)
class Picture:
    """Where everything stands in a box of 600 by 180."""

    units: int
    start: date
    end: date
    lines: tuple[Line, ...]
    today_x: float | None
    rows: tuple[tuple[date, int, int], ...]
    """Day, sent by then, verified by then."""

    @property
    def sent(self) -> int:
        return self.lines[0].last

    @property
    def verified(self) -> int:
        return self.lines[1].last


def burn_up(start: date, end: date, today: date, days: Iterable[date]) -> list[tuple[date, int]]:
    """How many had come in by each day from the start to today, where the number changes."""
    counted: dict[date, int] = {}
    for day in days:
        counted[day] = counted.get(day, 0) + 1
    last = min(max(today, start), max(end, today))
    points, total = [(start, 0)], 0
    for day in sorted(counted):
        total += counted[day]
        at = min(max(day, start), last)
        if points[-1][0] == at:
            points[-1] = (at, total)
        else:
            points.append((at, total))
    if points[-1][0] != last:
        points.append((last, total))
    return points


def burn_up_picture(found: dict[str, Any]) -> Picture | None:
    """The picture of what `burn_up_of` counted; none where there is nothing to draw."""
    if not found or not found["units"]:
        return None
    start, end, today = found["start"], found["end"], found["today"]
    last = max(end, today)
    span = max((last - start).days, 1)

    def x(day: date) -> float:
        return float(round(WIDE * (day - start).days / span, 1))

    def y(count: int) -> float:
        return float(round(HIGH - HIGH * count / found["units"], 1))

    lines = []
    for name, kind in (("sent", "1"), ("verified", "3")):
        points = found[name]
        path = f"M{x(points[0][0])} {y(points[0][1])}"
        for day, count in points[1:]:
            path += f"H{x(day)}V{y(count)}"
        lines.append(Line(name, kind, path, points[-1][1], y(points[-1][1]), x(points[-1][0])))
    return Picture(
        units=found["units"],
        start=start,
        end=end,
        lines=tuple(lines),
        today_x=x(today) if start <= today <= last else None,
        rows=_rows(found),
    )


def _rows(found: dict[str, Any]) -> tuple[tuple[date, int, int], ...]:
    days = sorted({day for day, _count in [*found["sent"], *found["verified"]]})

    def by(points: list[tuple[date, int]], day: date) -> int:
        return max((count for at, count in points if at <= day), default=0)

    return tuple((day, by(found["sent"], day), by(found["verified"], day)) for day in days)
