"""The graph of overlaps as a picture: boxes with their class, lines with what they say to those who do not see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lienthong.authority.drawing import Box, Curve, Drawing, Item, Link, draw
from lienthong.authority.mapping import STROKES, Grouping, OverlapGraph, Tie, tier_levels
from lienthong.catalogue.models import Tier

# A picture higher than this is cut into sheets when printed.
TALL = 720


@dataclass(frozen=True, slots=True)
class ShownBox:
    box: Box
    level: int
    href: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    curve: Curve
    stroke: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws, in the order in which it is drawn."""

    drawing: Drawing
    heads: tuple[tuple[float, float, str, int], ...]
    boxes: tuple[ShownBox, ...]
    lines: tuple[ShownLine, ...]

    @property
    def is_tall(self) -> bool:
        """Whether it is too tall to be read on one sheet that lies."""
        return self.drawing.height > TALL


def legend(ties: Iterable[Tie]) -> list[tuple[str, str]]:
    """The kinds of line that are drawn, each with its words."""
    words = {
        "open": _("awaiting a decision"),
        "asked": _("exception awaiting signature"),
        "follow": _("the copy follows its source"),
        "stop": _("the copy is no longer collected"),
        "exception": _("signed exception"),
        "none": _("no overlap"),
    }
    drawn = {STROKES[tie.leading.standing] for tie in ties}
    return [(stroke, said) for stroke, said in words.items() if stroke in drawn]


def picture_of(
    graph: OverlapGraph,
    *,
    shares: Mapping[int, float],
    words: Mapping[Tie, str],
    targets: Mapping[Tie, str],
    focus: Callable[[str], str],
) -> Picture | None:
    """The picture of a graph; none where there is nothing to draw."""
    if not graph.ties:
        return None
    levels, names = tier_levels(), dict(Tier.choices)
    most = max(len(tie.cases) for tie in graph.ties)
    items = [Item(one.key, levels[one.tier], one.group, one.name, one.under) for one in graph.holders]
    ties = {(tie.higher, tie.lower): tie for tie in graph.ties}
    by_share = graph.grouping == Grouping.DATABASE
    drawing = draw(
        items,
        [
            Link(
                source=tie.higher,
                copy=tie.lower,
                weight=shares.get(tie.leading.pk, 0.0) if by_share else len(tie.cases) / most,
                words=words[tie],
                pointed=tie.leading.is_directed and STROKES[tie.leading.standing] == "follow",
            )
            for tie in graph.ties
        ],
    )
    return Picture(
        drawing=drawing,
        heads=tuple((x, x + 18, str(names[Tier.values[level - 1]]), level) for level, x in drawing.heads),
        boxes=tuple(
            ShownBox(
                box=box,
                level=levels[graph.by_key[box.key].tier],
                href=focus(box.key),
            )
            for box in drawing.boxes
        ),
        lines=tuple(
            ShownLine(
                curve=curve,
                stroke=STROKES[tie.leading.standing],
                href=targets[tie],
                label=_label(graph, tie, words[tie] if by_share else ""),
            )
            for curve in drawing.curves
            for tie in (ties[curve.link.source, curve.link.copy],)
        ),
    )


def _label(graph: OverlapGraph, tie: Tie, share: str) -> str:
    facts = {
        "number": tie.leading.number if len(tie.cases) == 1 or share else "",
        "lower": graph.by_key[tie.lower].name,
        "higher": graph.by_key[tie.higher].name,
        "standing": ", ".join(
            f"{count} {str(standing.label).lower()}" if len(tie.cases) > 1 else str(standing.label).lower()
            for standing, count in tie.counted
        ),
        "share": share,
    }
    if share:
        return _("%(number)s: %(share)s of “%(lower)s” is also in “%(higher)s”; %(standing)s") % facts
    if facts["number"]:
        return _("%(number)s: “%(lower)s” and “%(higher)s”; %(standing)s") % facts
    return _("“%(lower)s” and “%(higher)s”: %(standing)s") % facts
