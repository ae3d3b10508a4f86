"""How much of one column lies where another may, told from quantiles alone."""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.engine.overlap.shapes import QUANTILES

HARDLY_INSIDE = 0.25
"""Below this part, two ranges are apart."""


def inside(left: Sequence[float], right: Sequence[float]) -> float:
    """The greater part of one that lies within the range of the other, from 0 to 1."""
    spans = span(left), span(right)
    return max(_part_within(left, spans[0], spans[1]), _part_within(right, spans[1], spans[0]))


def apart(left: Sequence[float], right: Sequence[float]) -> float:
    """How surely two ranges are apart, from 0 to 1."""
    return max(0.0, 1.0 - inside(left, right) / HARDLY_INSIDE)


def span(quantiles: Sequence[float]) -> tuple[float, float]:
    """From where to where values lie, when they thin out beyond the outer quantiles as they do before them."""
    low, next_low, *_, next_high, high = quantiles
    beyond = QUANTILES[0] / (QUANTILES[1] - QUANTILES[0])
    return low - beyond * (next_low - low), high + beyond * (high - next_high)


def _part_within(quantiles: Sequence[float], own: tuple[float, float], other: tuple[float, float]) -> float:
    edges, marks = (own[0], *quantiles, own[1]), (0.0, *QUANTILES, 1.0)
    part = 0.0
    for low, high, less, more in zip(edges, edges[1:], marks, marks[1:], strict=False):
        if high <= low:
            part += (more - less) if other[0] <= low <= other[1] else 0.0
        else:
            part += (more - less) * max(0.0, min(high, other[1]) - max(low, other[0])) / (high - low)
    return part
