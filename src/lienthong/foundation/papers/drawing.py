"""Drawings for papers and pages: bars in parts, as SVG with nothing in it that a strict page would refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

INKS = {"ok": "#2A8F62", "due": "#E8A317", "late": "#9B1313", "neutral": "#8A97A5", "primary": "#0B4F8A"}
WIDE, LINE, NAMES = 640, 26, 240


@dataclass(frozen=True)
class Part:
    """One part of a bar: how much, and in which ink."""

    value: float
    ink: str


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its parts, and what stands behind it."""

    name: str
    parts: tuple[Part, ...]
    said: str = ""


def bars(rows: Sequence[Bar], *, key: Sequence[tuple[str, str]] = (), most: float = 0.0) -> str:
    """Bars that lie, each in parts, on one scale from zero; `key` says what each ink means."""
    scale = most or max((sum(part.value for part in row.parts) for row in rows), default=0.0) or 1.0
    room = WIDE - NAMES - 70
    high = LINE * len(rows) + (LINE + 6 if key else 4)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" font-family="Liberation Serif" font-size="13">'
    ]
    for place, row in enumerate(rows):
        top = place * LINE
        out.append(
            f'<text x="{NAMES - 8}" y="{top + 17}" text-anchor="end" fill="#17212B">{escape(_short(row.name))}</text>'
        )
        left = float(NAMES)
        for part in row.parts:
            wide = room * part.value / scale
            if wide > 0:
                out.append(
                    f'<rect x="{left:.1f}" y="{top + 5}" width="{wide:.1f}" height="15" fill="{INKS[part.ink]}" stroke="#fff"/>'
                )
            left += wide
        out.append(f'<text x="{left + 6:.1f}" y="{top + 17}" fill="#17212B">{escape(row.said)}</text>')
    left = float(NAMES)
    for name, ink in key:
        top = LINE * len(rows) + 8
        out.append(f'<rect x="{left:.1f}" y="{top}" width="11" height="11" fill="{INKS[ink]}"/>')
        out.append(f'<text x="{left + 16:.1f}" y="{top + 10}" fill="#17212B">{escape(name)}</text>')
        left += 30 + 6.6 * len(name)
    return "".join([*out, "</svg>"])


def _short(name: str) -> str:
    return name if len(name) <= 38 else f"{name[:37].rstrip()}…"
