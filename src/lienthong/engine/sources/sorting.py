"""Tell the rows of data from what else stands under a heading: groups, totals, repeated headings, notes, signatures.

A row is set aside only on good evidence, and never without its number and the reason; what is in doubt stays data.
Rows come as `(number, cells)` and are only passed through, so the size of the file does not matter.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lienthong.engine.shapes import SkippedRow, SkipReason
from lienthong.engine.sources import wording
from lienthong.engine.sources.heading import (
    BLANKS,
    Cells,
    Heading,
    Row,
    begins,
    empty,
    filled,
    is_number,
    is_value,
    numbers_columns,
)

_SAMPLED = 3000
_TAIL = 80
_MOST_SUSPECTS = 50_000
_MOST_BLANKS = 5_000_000
_MOST_KNOWN = 100_000


@dataclass(slots=True)
class Sorted:
    """What was found under a heading: rows set aside by number, empty rows, and the first rows with cells missing."""

    aside: dict[int, SkippedRow] = field(default_factory=dict)
    blanks: array[int] = field(default_factory=lambda: array("q"))
    short: list[int] = field(default_factory=list)
    shorter: int = 0


@dataclass(slots=True)
class _Suspect:
    number: int
    cells: Cells
    places: list[int]
    kind: str


def _all_filled(cells: Cells) -> bool:
    """Whether every cell is a text in which something can be seen; told at once, for most rows are such."""
    try:
        return all(map(str.strip, cells)) and "".join(cells).isprintable()
    except TypeError:
        return False


def sort_rows(
    rows: Iterable[Row],
    heading: Heading,
    *,
    keep: frozenset[int] = frozenset(),
    skip: frozenset[int] = frozenset(),
) -> Sorted:
    """Decide for every row under the heading whether it is data. `keep` and `skip` are what a person decided."""
    return _Sorter(heading, keep, skip).sort(rows)


class _Sorter:
    def __init__(self, heading: Heading, keep: frozenset[int], skip: frozenset[int]) -> None:
        self.heading, self.keep, self.skip = heading, keep, skip
        self.width = heading.width
        self.found = Sorted()
        self.suspects: list[_Suspect] = []
        self.blanks = self.found.blanks
        self.tail: deque[tuple[int, Cells]] = deque(maxlen=_TAIL)
        self.known: dict[str, str | None] = {}
        self.sample: list[Cells] = []
        self.last_filled = 0
        self.titles = {
            wording.folded(row.text) for row in heading.above if row.reason == "title" and "|" not in row.text
        }
        self.first_words = {row[at] for row in heading.rows for at in range(min(3, len(row))) if row[at]}

    def sort(self, rows: Iterable[Row]) -> Sorted:
        for number, cells in rows:
            self._see(number, cells)
        self.found.aside |= {row.number: row for row in self.heading.above}
        self._study()
        self._judge()
        self._end()
        for number in self.blanks[:_MOST_SUSPECTS]:
            if number < self.last_filled:
                self._aside(number, [], "blank")
        kept = [number for number in self.found.short if number not in self.found.aside]
        self.found.shorter -= len(self.found.short) - len(kept)
        self.found.short = kept[:20]
        return self.found

    def _aside(self, number: int, cells: Cells, reason: SkipReason) -> None:
        self.found.aside.setdefault(number, SkippedRow(number, reason, begins(cells)))

    def _see(self, number: int, cells: Cells) -> None:
        count = len(cells) - cells.count("") - cells.count(None)
        if not count:
            self._see_blank(number)
            return
        narrow = count <= 2 < self.width or len(cells) != self.width
        looked_at = narrow or (
            len(self.sample) < _SAMPLED and not (count == self.width and _all_filled(cells))
        )
        places = filled(cells) if looked_at else None
        if places is not None and not places:
            self._see_blank(number)
            return
        self.last_filled = number
        if number in self.skip:
            self._aside(number, cells, "chosen")
            return
        if len(cells) < self.width and number not in self.keep and self.width - len(cells) > 0:
            self.found.shorter += 1
            if len(self.found.short) < _MOST_SUSPECTS:
                self.found.short.append(number)
        if number in self.keep:
            return
        if places is not None and places[-1] >= self.width:
            self._aside(number, cells, "broken")
            return
        kind = self._suspicion(cells, places)
        self.tail.append((number, cells))
        if kind is not None:
            if len(self.suspects) < _MOST_SUSPECTS:
                self.suspects.append(_Suspect(number, cells, places or filled(cells), kind))
        elif len(self.sample) < _SAMPLED:
            self.sample.append(cells)

    def _see_blank(self, number: int) -> None:
        if self.width == 1 and len(self.heading.positions) == 1:
            # A column of its own cannot show a missing value otherwise than by an empty line.
            return
        if len(self.blanks) < _MOST_BLANKS:
            self.blanks.append(number)

    def _suspicion(self, cells: Cells, places: Sequence[int] | None) -> str | None:
        if places is not None and self.width > 1 and len(places) <= (2 if self.width > 3 else 1):
            return "sparse"
        known = self.known
        for place, cell in enumerate(cells[:3]):
            if cell.__class__ is not str or not cell or cell[0].isdigit():
                continue
            kind = known.get(cell, "")
            if kind == "":
                kind = self._kind_of(cell)
                if len(known) < _MOST_KNOWN:
                    known[cell] = kind
            if kind is None:
                continue
            if kind in ("total", "region"):
                return kind
            if kind == "named" and self._repeats(cells):
                return "repeated"
            if place == 0 and kind == "numeral" and self.width > 1:
                return "numbers" if numbers_columns(cells) else "numeral"
        first = cells[0] if cells else None
        if (first in (1, "1") or (first.__class__ is str and first and first[0] == "(")) and numbers_columns(
            cells
        ):
            return "numbers"
        return None

    def _kind_of(self, cell: str) -> str | None:
        """What a cell among the first ones may make of its row."""
        if wording.may_speak(cell):
            if wording.total_of(cell):
                return "total"
            if wording.is_region(cell):
                return "region"
        if wording.folded(cell) in self.first_words:
            return "named"
        return "numeral" if len(cell) <= 8 and wording.is_numbering(cell) else None

    def _repeats(self, cells: Cells) -> bool:
        words = tuple(wording.folded(cell) for cell in cells)
        for row in self.heading.rows:
            named = {place for place, word in enumerate(row) if word}
            same = {
                place for place, word in enumerate(words) if word and place < len(row) and row[place] == word
            }
            there = {place for place, word in enumerate(words) if word}
            if len(named) > 1 and same and same == there and len(same) * 2 >= len(named):
                return True
        return False

    def _study(self) -> None:
        """Learn from the rows without suspicion what the columns hold."""
        self.numeric: set[int] = set()
        self.full: set[int] = set()
        self.words: dict[int, Counter[str]] = {}
        for place in self.heading.positions:
            values = [row[place] for row in self.sample if place < len(row)]
            there = [value for value in values if not empty(value)]
            numbers = sum(map(is_number, there))
            if numbers * 10 >= len(there) * 9 and any(map(is_value, there)):
                self.numeric.add(place)
            elif there and numbers * 2 < len(there):
                self.words[place] = Counter(wording.folded(value) for value in there)
            if there and len(there) == len(self.sample):
                self.full.add(place)
        named = self.heading.rows[-1] if self.heading.rows else ()
        tops = [row[place] for row in self.heading.rows for place in (0,) if place < len(row)]
        first = self.heading.positions[0] if self.heading.positions else 0
        self.order = (
            first
            if first in self.numeric
            and (any(word in wording.ORDER for word in tops) or self._counts_on(first))
            else None
        )
        self.named = named
        self.label = next((place for place in self.heading.positions if place in self.words), None)
        self.measures = self.numeric - {self.order}

    def _counts_on(self, place: int) -> bool:
        values = [row[place] for row in self.sample[:200] if place < len(row) and not empty(row[place])]
        plain = [str(value).strip(BLANKS).removesuffix(".0") for value in values]
        if len(plain) < 3 or not all(text.isdigit() for text in plain):
            return False
        steps = [int(after) - int(before) for before, after in pairwise(plain)]
        return sum(step == 1 or step < 0 for step in steps) * 10 >= len(steps) * 9 and int(plain[0]) <= 1

    def _judge(self) -> None:
        regions = [one for one in self.suspects if one.kind == "region"]
        totals = Counter(self._label_of(one) for one in self.suspects if one.kind == "total")
        sparse = sum(one.kind == "sparse" for one in self.suspects)
        for one in self.suspects:
            if one.kind in ("repeated", "numbers"):
                if one.kind == "repeated" or self._only_numbers(one):
                    self._aside(
                        one.number,
                        one.cells,
                        "repeated_header" if one.kind == "repeated" else "column_numbers",
                    )
            elif one.kind == "total" and self._is_total(one, totals):
                self._aside(one.number, one.cells, "total")
            elif (one.kind == "region" and self._is_region(one, regions)) or (
                one.kind == "numeral" and self._is_numbered_group(one)
            ):
                self._aside(one.number, one.cells, "group")
            elif one.kind == "sparse":
                reason = self._sparse(one, sparse, totals)
                if reason is not None:
                    self._aside(one.number, one.cells, reason)

    def _label_of(self, one: _Suspect) -> str:
        return next(
            (wording.folded(one.cells[at]) for at in one.places if wording.total_of(one.cells[at])), ""
        )

    def _only_numbers(self, one: _Suspect) -> bool:
        right_below = one.number == self.heading.body_from
        after_repeat = self.found.aside.get(one.number - 1)
        beside = right_below or (after_repeat is not None and after_repeat.reason == "repeated_header")
        return beside and numbers_columns(one.cells, self.sample[:50])

    def _words_beside(self, one: _Suspect) -> bool:
        """Whether a row also fills other columns of words: then it may be one entry among others."""
        label = next(
            (at for at in one.places if isinstance(one.cells[at], str) and not is_number(one.cells[at])), None
        )
        return any(place in self.words and place != label for place in one.places)

    def _in_order(self, one: _Suspect) -> bool:
        return self.order is not None and self.order in one.places and is_number(one.cells[self.order])

    def _is_total(self, one: _Suspect, totals: Counter[str]) -> bool:
        at = next(place for place in one.places if wording.total_of(one.cells[place]))
        strength = wording.total_of(one.cells[at])
        measured = any(place in self.measures for place in one.places)
        if self._in_order(one) and at != self.order:
            return False
        if any(place < at and not wording.is_numbering(one.cells[place]) for place in one.places):
            # A code or a number before the word makes it an entry of its own.
            return False
        if sum(self.words.get(at, Counter()).values()) * 2 < len(self.sample) and at in self.words:
            return False
        breaks = self.order is not None and not self._in_order(one)
        if not self.measures or (not measured and len(one.places) > 1):
            return False
        if self.label is not None and at > self.label:
            return False
        often = totals[self._label_of(one)] * 5 > len(self.sample) + 1 and len(self.sample) > 10
        if self._words_beside(one) or (often and not breaks):
            return strength == "strong" and not often and breaks
        if breaks or at not in self.words:
            return True
        unlike = self._mostly_once(at)
        return unlike or (strength == "strong" and totals[self._label_of(one)] * 5 <= len(self.sample) + 5)

    def _mostly_once(self, place: int) -> bool:
        words = self.words.get(place, Counter())
        return bool(words) and len(words) * 10 >= sum(words.values()) * 8

    def _is_region(self, one: _Suspect, regions: list[_Suspect]) -> bool:
        at = next(place for place in one.places if wording.is_region(one.cells[place]))
        others = sum(self.words.get(at, Counter()).values())
        if self._in_order(one) or self._words_beside(one) or (self.label is not None and at > self.label):
            return False
        if self.order is not None and others:
            return True
        names = {wording.folded(other.cells[at]) for other in regions if at < len(other.cells)}
        measured = any(place in self.measures for place in one.places)
        once = len(regions) <= len(names) * 1.2
        return measured and once and len(names) >= 2 and others >= 2 * len(names) and self._mostly_once(at)

    def _is_numbered_group(self, one: _Suspect) -> bool:
        first = self.heading.positions[0] if self.heading.positions else 0
        return first in self.numeric and not self._words_beyond(one, 1)

    def _words_beyond(self, one: _Suspect, at_most: int) -> bool:
        return sum(place in self.words for place in one.places) > at_most

    def _sparse(self, one: _Suspect, sparse: int, totals: Counter[str]) -> SkipReason | None:
        texts = [one.cells[at] for at in one.places]
        if len(one.places) == 1:
            only = texts[0]
            if wording.folded(only) in self.titles:
                return "title"
            if (
                wording.total_of(only)
                and self.measures
                and not (self.width == 2 and not self._breaks_type(one))
            ):
                return "total"
            if not isinstance(only, str) or is_number(only):
                return None
            return self._group_reason(one, sparse)
        if wording.is_numbering(texts[0]) and isinstance(texts[1], str) and not is_number(texts[1]):
            first = one.places[0]
            return (
                "group" if first in self.numeric or (self.label is not None and self._always_more()) else None
            )
        if any(wording.total_of(cell) for cell in texts) and self._is_total_pair(one, totals):
            return "total"
        if wording.is_region(texts[0]) and is_number(texts[1]) and self.measures:
            return "group" if self._always_more() else None
        return None

    def _is_total_pair(self, one: _Suspect, totals: Counter[str]) -> bool:
        at = next(place for place in one.places if wording.total_of(one.cells[place]))
        other = next(place for place in one.places if place != at)
        return other > at and other in self.measures and (self.label is None or at <= self.label)

    def _group_reason(self, one: _Suspect, sparse: int) -> SkipReason | None:
        """A row with one cell of words is a group when the other rows always hold more, or it breaks their kind."""
        at, text = one.places[0], one.cells[one.places[0]]
        if self.width < 3 and not (at in self.numeric and wording.is_numbered(text)):
            return None
        if sparse * 2 > len(self.sample):
            return None
        if wording.is_note(text):
            return "note"
        if self._breaks_type(one) and self._always_more():
            return "group"
        if wording.is_numbered(text) or wording.is_region(text):
            return "group" if self._always_more() else None
        if self.order is not None and at != self.order and self.order in self.full:
            return "group"
        capitals = text.isupper() and not any(
            isinstance(row[at], str) and row[at].isupper() for row in self.sample[:200] if at < len(row)
        )
        measured = bool(self.measures & self.full)
        return (
            "group"
            if (capitals or measured or text.strip(BLANKS).endswith(":")) and self._always_more()
            else None
        )

    def _breaks_type(self, one: _Suspect) -> bool:
        return one.places[0] in self.numeric

    def _always_more(self) -> bool:
        """Whether every row without suspicion fills more than one column."""
        return bool(self.sample) and len(self.full) >= 2

    def _end(self) -> None:
        """Set aside what stands under the last row of data: sources, notes, places, dates and signatures."""
        rows = [
            (number, cells, filled(cells))
            for number, cells in self.tail
            if number not in self.found.aside or self._again(number)
        ]
        usual = self._usual_count()
        start = None
        for at in range(len(rows) - 1, -1, -1):
            number, cells, places = rows[at]
            if self._is_data(cells, places, usual):
                break
            if any(
                wording.is_note(cells[p]) or wording.is_signature(cells[p]) for p in places
            ) or self._apart(rows, at):
                start = at
        if start is None:
            return
        while start > 0 and self._is_lone(rows[start - 1], usual) and self._apart(rows, start - 1):
            start -= 1
        for number, cells, _ in rows[start:]:
            self.found.aside.pop(number, None)
            self._aside(number, cells, "footer")

    def _again(self, number: int) -> bool:
        return self.found.aside[number].reason in ("group", "note", "title")

    def _usual_count(self) -> int:
        counts = sorted(len(filled(cells)) for cells in self.sample[:500])
        return counts[len(counts) // 2] if counts else 1

    def _is_data(self, cells: Cells, places: Sequence[int], usual: int) -> bool:
        """Whether a row near the end belongs to the table: filled like the others, with words and numbers in place."""
        if len(places) * 4 < usual * 3 and any(wording.is_note(cells[place]) for place in places[:1]):
            return False
        if len(places) * 2 < usual or (usual > 1 and len(places) == 1):
            return False
        if any(wording.is_signature(cells[place]) for place in places):
            return any(place in self.measures and is_number(cells[place]) for place in places)
        if not self.measures:
            return len(places) * 2 > usual or usual <= 2
        right = sum(
            is_number(cells[place]) == (place in self.numeric) for place in places if place < self.width
        )
        return right * 2 > len(places) or len(places) * 4 >= usual * 3

    def _is_lone(self, row: tuple[int, Any, list[int]], usual: int) -> bool:
        return not self._is_data(row[1], row[2], usual)

    def _apart(self, rows: Sequence[tuple[int, Any, list[int]]], at: int) -> bool:
        """Whether an empty row stands between this row and what is above it, in a table wide enough to tell."""
        return self.width >= 3 and (rows[at][0] - 1) in self.blanks[-500:]
