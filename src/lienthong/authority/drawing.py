"""Where everything stands in a picture of holders by class and the lines between them: plain numbers, no page.

The same question gives the same picture. Classes are columns, the highest on the left; boxes of one group stay together
and are put where their lines cross the least others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

WIDTH = 1000.0
# How wide a box is, by the number of columns.
BOX = {1: 400.0, 2: 330.0, 3: 250.0, 4: 190.0, 5: 156.0}
HEAD = 34.0
PAD, LEFT, LINE, SMALL_LINE = 8.0, 13.0, 18.0, 16.0
SIZE, SMALL_SIZE = 13.5, 12.0
GAP, GROUP_GAP = 8.0, 18.0
PASS, PASS_GAP = 5.0, 4.0
PORT, PORT_WITH_WORDS = 7.0, 17.0
# With more lines than this, words at each of them would only cover one another.
MOST_WORDS = 16
SWEEPS = 6
THIN, THICK = 1.6, 5.5
HEAD_LONG, HEAD_WIDE = 11.0, 6.0
# How far boxes are moved apart where another column is longer, so that lines lie flatter.
MOST_APART = 56.0

# Widths of letters in parts of the size of the type: narrow, wide, capital, other.
_NARROW, _WIDE = set("iljtfrI.,:;'|()[] /-"), set("mwMW%@")


@dataclass(frozen=True, slots=True)
class Item:
    """One box to be drawn."""

    key: str
    column: int
    """The class: smaller stands further left."""
    group: str
    name: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One line to be drawn, from the source to the copy."""

    source: str
    copy: str
    weight: float = 0.0
    """From 0 to 1: how thick."""
    words: str = ""
    pointed: bool = False
    """Whether the copy's end has a head."""


@dataclass(frozen=True, slots=True)
class Words:
    """One line of type."""

    text: str
    x: float
    y: float
    ends: bool = False
    """Whether it ends there instead of beginning."""


@dataclass(frozen=True, slots=True)
class Box:
    key: str
    x: float
    y: float
    width: float
    height: float
    name: tuple[Words, ...]
    under: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line, its head at the copy's end, and its words."""

    link: Link
    path: str
    thick: float
    head: str
    words: Words | None


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    heads: tuple[tuple[int, float], ...]
    """The columns with the place where they begin."""
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def draw(items: Sequence[Item], links: Sequence[Link]) -> Drawing:
    """The picture of these boxes and lines; lines to unknown boxes are left out."""
    known = {item.key: item for item in items}
    drawn = [
        link for link in links if link.source in known and link.copy in known and link.source != link.copy
    ]
    columns = sorted({item.column for item in items})
    wide = BOX[max(len(columns), 1)]
    apart = (WIDTH - len(columns) * wide) / (len(columns) - 1) if len(columns) > 1 else 0.0
    lefts = {column: round(place * (wide + apart), 1) for place, column in enumerate(columns)}
    ways = [_way(place, link, known, columns) for place, link in enumerate(drawn)]
    passes = [one for way in ways for one in way[1:-1]]
    order = _ordered([*items, *passes], ways, columns)
    said = len(drawn) <= MOST_WORDS and any(link.words for link in drawn)
    sizes = _sizes(items, drawn, wide, PORT_WITH_WORDS if said else PORT)
    sizes |= {one.key: _Size([], [], PASS) for one in passes}
    boxes, height = _placed(order, sizes, lefts, wide)
    sides = _Sides(boxes, {item.key: item.column for item in items}, columns[-1] if columns else 0)
    return Drawing(
        width=WIDTH,
        height=height,
        heads=tuple((column, lefts[column]) for column in columns),
        boxes=tuple(boxes[one.key] for column in columns for one in order[column] if one.key in known),
        curves=tuple(sides.curves(drawn, ways, said=said)),
    )


def _way(place: int, link: Link, known: Mapping[str, Item], columns: Sequence[int]) -> list[Item]:
    """The boxes at both ends, and in each column between them a gap through which the line goes."""
    start, end = known[link.source], known[link.copy]
    one, two = columns.index(start.column), columns.index(end.column)
    step = 1 if two > one else -1
    between = [columns[at] for at in range(one + step, two, step)] if one != two else []
    gaps = [Item(f"·{place}·{column}", column, f"·{place}", "") for column in between]
    return [start, *gaps, end]


@lru_cache(maxsize=4_000)
def wrapped(text: str, room: float, size: float) -> Sequence[str]:
    """A text in lines no wider than the room, broken between words, a longer word within it."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        tried = f"{line} {word}".strip()
        if not line or _room(tried, size) <= room:
            line = tried
        else:
            lines.append(line)
            line = word
        while _room(line, size) > room and len(line) > 1:
            cut = next(
                place for place in range(len(line), 0, -1) if _room(line[:place], size) <= room or place == 1
            )
            lines.append(line[:cut])
            line = line[cut:]
    return (*lines, line) if line else tuple(lines)


def _room(text: str, size: float) -> float:
    wide = 0.0
    for letter in text:
        if letter in _NARROW:
            wide += 0.34
        elif letter in _WIDE:
            wide += 0.92
        else:
            wide += 0.68 if letter.isupper() else 0.6
    return wide * size


def _ordered(
    items: Sequence[Item], ways: Sequence[Sequence[Item]], columns: Sequence[int]
) -> dict[int, list[Item]]:
    """The items of each column from top to bottom: groups together, each near what it is tied to."""
    order = {
        column: sorted(
            (one for one in items if one.column == column), key=lambda one: (one.group, one.name, one.key)
        )
        for column in columns
    }
    near: dict[str, list[str]] = defaultdict(list)
    for way in ways:
        for one, two in pairwise(way):
            near[one.key].append(two.key)
            near[two.key].append(one.key)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            at = {
                one.key: (place + 0.5) / len(order[other])
                for other in columns
                for place, one in enumerate(order[other])
            }
            elsewhere = {one.key for other in columns if other != column for one in order[other]}
            order[column] = _swept(order[column], near, at, elsewhere)
    return order


def _swept(
    here: list[Item], near: Mapping[str, list[str]], at: Mapping[str, float], elsewhere: set[str]
) -> list[Item]:
    pull = {
        item.key: _mean([at[key] for key in near[item.key] if key in elsewhere], at[item.key])
        for item in here
    }
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in here:
        groups[item.group].append(item)
    ranked = sorted(groups, key=lambda group: (_mean([pull[one.key] for one in groups[group]], 0.5), group))
    return [
        item
        for group in ranked
        for item in sorted(groups[group], key=lambda one: (pull[one.key], one.name, one.key))
    ]


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


@dataclass(frozen=True, slots=True)
class _Size:
    name: Sequence[str]
    under: Sequence[str]
    height: float


def _sizes(items: Sequence[Item], links: Sequence[Link], wide: float, port: float) -> dict[str, _Size]:
    ends: dict[str, int] = defaultdict(int)
    for link in links:
        ends[link.source] += 1
        ends[link.copy] += 1
    found = {}
    for item in items:
        name = wrapped(item.name, wide - LEFT - PAD, SIZE)
        under = wrapped(item.under, wide - LEFT - PAD, SMALL_SIZE)
        text = 2 * PAD + LINE * len(name) + SMALL_LINE * len(under)
        found[item.key] = _Size(name, under, max(text, ends[item.key] * port + 8))
    return found


def _placed(
    order: Mapping[int, list[Item]], sizes: Mapping[str, _Size], lefts: Mapping[int, float], wide: float
) -> tuple[dict[str, Box], float]:
    heights = {
        column: sum(sizes[item.key].height for item in here)
        + sum(_gap(one, other) for one, other in pairwise(here))
        for column, here in order.items()
    }
    tallest = max(heights.values(), default=0.0)
    boxes = {}
    for column, here in order.items():
        named = sum(bool(one.name or other.name) for one, other in pairwise(here))
        apart = min((tallest - heights[column]) / (named + 1), MOST_APART) if named else 0.0
        y = HEAD + (tallest - heights[column] - apart * named) / 2
        before: Item | None = None
        for item in here:
            if before is not None:
                y += _gap(before, item) + (apart if before.name or item.name else 0.0)
            boxes[item.key] = _box(item, sizes[item.key], lefts[column], round(y, 1), wide)
            y += sizes[item.key].height
            before = item
    return boxes, round(HEAD + tallest + 4, 1)


def _gap(one: Item, other: Item) -> float:
    if one.name and other.name:
        return GAP if one.group == other.group else GROUP_GAP
    return PASS_GAP if not (one.name or other.name) else GAP


def _box(item: Item, size: _Size, x: float, y: float, wide: float) -> Box:
    text = LINE * len(size.name) + SMALL_LINE * len(size.under)
    top = y + (size.height - text) / 2
    name = tuple(
        Words(line, x + LEFT, round(top + LINE * place + 13.5, 1)) for place, line in enumerate(size.name)
    )
    top += LINE * len(size.name)
    under = tuple(
        Words(line, x + LEFT, round(top + SMALL_LINE * place + 12, 1))
        for place, line in enumerate(size.under)
    )
    return Box(item.key, x, y, wide, round(size.height, 1), name, under)


class _Sides:
    """On which side of its boxes each line ends, and how high."""

    def __init__(self, boxes: Mapping[str, Box], columns: Mapping[str, int], last: int) -> None:
        self.boxes, self.columns, self.last = boxes, columns, last
        self.alone = len(set(columns.values())) < 2

    def right_of(self, key: str, other: str) -> bool:
        """Whether a line to the other box leaves on the right."""
        if self.columns[key] != self.columns[other]:
            return self.columns[key] < self.columns[other]
        return self.alone or self.columns[key] != self.last

    def curves(self, links: Sequence[Link], ways: Sequence[Sequence[Item]], *, said: bool) -> list[Curve]:
        """Every line, the ends on one side of a box in the order of where they go next."""
        ends: dict[tuple[str, bool], list[tuple[float, int]]] = defaultdict(list)
        for place, (link, way) in enumerate(zip(links, ways, strict=True)):
            for key, other, towards in (
                (link.source, link.copy, way[1].key),
                (link.copy, link.source, way[-2].key),
            ):
                box = self.boxes[towards]
                ends[key, self.right_of(key, other)].append((box.y + box.height / 2, place))
        at: dict[tuple[int, str], float] = {}
        for (key, _right), found in ends.items():
            box = self.boxes[key]
            step = box.height / len(found)
            for number, (_y, place) in enumerate(sorted(found)):
                at[place, key] = round(box.y + step * (number + 0.5), 1)
        return [
            self._curve(link, way, at[place, link.source], at[place, link.copy], said)
            for place, (link, way) in enumerate(zip(links, ways, strict=True))
        ]

    def _curve(self, link: Link, way: Sequence[Item], y1: float, y2: float, said: bool) -> Curve:
        out, into = self.right_of(link.source, link.copy), self.right_of(link.copy, link.source)
        x1, x2 = self._edge(link.source, out), self._edge(link.copy, into)
        sign = 1 if into else -1
        tip, x2 = x2, round(x2 + sign * HEAD_LONG * 0.7, 1) if link.pointed else x2
        if out == into:
            bulge = 26 + min(60.0, abs(y2 - y1) * 0.25)
            middle = round(x1 + (bulge if out else -bulge), 1)
            path = f"M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
        else:
            path = f"M{x1:.0f} {y1:.0f}"
            x, y = x1, y1
            for one in way[1:-1]:
                box = self.boxes[one.key]
                level = round(box.y + box.height / 2, 1)
                path += _bend(x, y, self._edge(one.key, not out), level) + f"H{self._edge(one.key, out):.0f}"
                x, y = self._edge(one.key, out), level
            path += _bend(x, y, x2, y2)
        return Curve(
            link=link,
            path=path,
            thick=round(THIN + (THICK - THIN) * min(max(link.weight, 0.0), 1.0), 1),
            head=f"M{tip:.0f} {y2:.0f}l{sign * HEAD_LONG:g} -{HEAD_WIDE:g}v{2 * HEAD_WIDE:g}z"
            if link.pointed
            else "",
            words=Words(link.words, round(tip + sign * 13, 1), round(y2 - 6, 1), ends=not into)
            if said and link.words
            else None,
        )

    def _edge(self, key: str, right: bool) -> float:
        box = self.boxes[key]
        return round(box.x + (box.width if right else 0.0), 1)


def _bend(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = round((x1 + x2) / 2, 1)
    return f"C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
