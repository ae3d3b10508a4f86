"""The graph of overlaps as a picture: boxes with their class, lines with what they say to those who do not see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.authority.drawing import Box, Curve, Drawing, Item, Link, Words, draw
from lienthong.authority.mapping import STROKES, Grouping, OverlapGraph, Tie, tier_levels
from lienthong.catalogue.models import Tier
from lienthong.foundation.pagekit.figures import number_text

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
    """Everything that is drawn, in the order in which it is drawn."""

    drawing: Drawing
    heads: tuple[tuple[float, str, int], ...]
    boxes: tuple[ShownBox, ...]
    lines: tuple[ShownLine, ...]

    @property
    def is_tall(self) -> bool:
        """Whether it is too tall to be read on one sheet that lies."""
        return self.drawing.height > TALL

    @property
    def parts(self) -> SafeString:
        """What stands within the SVG; a line's wide reach is the same path used again, boxes reckon from their corner."""
        drawn = [*map(_head, self.heads), *map(_line, range(len(self.lines)), self.lines)]
        columns = [
            f'<g class="who-boxes tier-mark-{level}" transform="translate({x:g})">{"".join(map(_shape, boxes))}</g>'
            for (level, x), boxes in groupby(self.boxes, key=lambda one: (one.level, one.box.x))
        ]
        said = [_said(line.curve.words) for line in self.lines if line.curve.words]
        return SafeString("".join([*drawn, *columns, *said]))


def _head(head: tuple[float, str, int]) -> str:
    x, name, level = head
    return (
        f'<g class="who-head tier-mark-{level}"><rect x="{x:g}" y="4" width="10" height="18"/>'
        f'<text x="{x + 18:g}" y="18">{escape(name)}</text></g>'
    )


def _line(place: int, line: ShownLine) -> str:
    curve = line.curve
    point = f'<path d="{curve.head}"/>' if curve.head else ""
    inner = (
        f'<title>{escape(line.label)}</title><use href="#l{place}"/>'
        f'<path id="l{place}" d="{curve.path}"/>{point}'
    )
    given = f'class="who-tie who-{line.stroke}" stroke-width="{curve.thick:g}"'
    return f'<a {given} href="{escape(line.href)}">{inner}</a>' if line.href else f"<g {given}>{inner}</g>"


def _shape(shown: ShownBox) -> str:
    box = shown.box
    inner = (
        f'<rect width="{box.width:g}" height="{box.height:g}"/><path d="M0 0h4v{box.height:g}H0z"/>'
        + "".join(_words(line, box) for line in box.name)
        + "".join(_words(line, box, "who-under") for line in box.under)
    )
    given = f'transform="translate(0 {box.y:g})"'
    return f'<a {given} href="{escape(shown.href)}">{inner}</a>' if shown.href else f"<g {given}>{inner}</g>"


def _words(line: Words, box: Box, kind: str = "") -> str:
    given = f' class="{kind}"' if kind else ""
    return f'<text{given} x="{line.x - box.x:g}" y="{round(line.y - box.y, 1):g}">{escape(line.text)}</text>'


def _said(words: Words) -> str:
    ends = ' text-anchor="end"' if words.ends else ""
    return f'<text class="who-said" x="{words.x:g}" y="{words.y:g}"{ends}>{escape(words.text)}</text>'


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
        heads=tuple((x, str(names[Tier.values[level - 1]]), level) for level, x in drawing.heads),
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
        "number": tie.leading.number,
        "lower": graph.by_key[tie.lower].name,
        "higher": graph.by_key[tie.higher].name,
        "standing": str(tie.leading.standing.label).lower(),
        "share": share,
    }
    if share:
        return _("%(number)s: %(share)s of “%(lower)s” is also in “%(higher)s”; %(standing)s") % facts
    if len(tie.cases) == 1:
        return _("%(number)s: “%(lower)s” and “%(higher)s”; %(standing)s") % facts
    return ngettext(
        "“%(lower)s” and “%(higher)s”: %(n)s case",
        "“%(lower)s” and “%(higher)s”: %(n)s cases",
        len(tie.cases),
    ) % (facts | {"n": number_text(len(tie.cases))})
