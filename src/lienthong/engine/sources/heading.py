"""Find the heading of a table that was drawn for people: letterhead, title and unit above, names in one to three rows.

Rows come as `(number, cells)`, numbers as a spreadsheet shows them. CSV and workbooks are treated alike; a workbook
also knows which cells were merged.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthong.engine.profile.cues import found_in, kinds, spoken
from lienthong.engine.profile.forms import family_names_as_written, is_person
from lienthong.engine.shapes import SkippedRow, SkipReason
from lienthong.engine.sources import wording
from lienthong.engine.sources.forms import NUMBERS, form_of
from lienthong.engine.sources.naming import unique_names

Cells = Sequence[Any]
Row = tuple[int, Cells]
Range = tuple[tuple[int, int], tuple[int, int]]
"""Rows and columns of a merged cell, both from 0, ends included."""

LONGEST_NAME = 255
_MOST_PARENTS = 2
_FEW = 2
_YEAR = re.compile(r"(?:năm|year|nam)?\s*(?:19|20)\d\d\b.{0,12}", re.IGNORECASE)
_COUNTED = re.compile(r"\(?\s*(\d{1,3})\s*\)?(?:\s*=.*)?")
_DATES = frozenset({"either_date", "day_first", "month_first", "iso_date", "iso_moment", "clock", "truth"})


@dataclass(frozen=True, slots=True)
class Heading:
    """The names of the columns, where they stand, and what was found above them.

    `positions` are the columns of the file that are kept, from 0; `body_from` is the number of the first row after
    the heading. `rows` are the cells of the heading, to know them again when a page repeats them.
    """

    names: tuple[str, ...]
    positions: tuple[int, ...]
    header_rows: tuple[int, ...]
    body_from: int
    above: tuple[SkippedRow, ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def width(self) -> int:
        """How many cells a row may fill."""
        return self.positions[-1] + 1 if self.positions else 0


def empty(cell: Any) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace() or not cell.strip(BLANKS)))


PLAIN_BLANKS = " \r\n"
BLANKS = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\ufeff"


def filled(cells: Cells) -> list[int]:
    """The positions that hold something."""
    return [place for place, cell in enumerate(cells) if not empty(cell)]


def begins(cells: Cells, longest: int = 120) -> str:
    """How a row begins, for a report."""
    text = " | ".join(_plain(cells[place]) for place in filled(cells)[:4])
    return unicodedata.normalize("NFC", text[: longest - 1] + "…" if len(text) > longest else text)


def is_number(cell: Any) -> bool:
    """Whether a cell is a number, a date or a mark of a missing one, rather than words."""
    if isinstance(cell, str):
        form = form_of(cell.strip(BLANKS))
        return form in NUMBERS or form in _DATES or form == "mark"
    return cell is not None


def is_value(cell: Any) -> bool:
    """Whether a cell is a number or a date: a mark of a missing one may also be the name of a column."""
    return is_number(cell) and not (isinstance(cell, str) and form_of(cell.strip(BLANKS)) == "mark")


def find_heading(
    rows: Sequence[Row],
    *,
    merged: Sequence[Range] = (),
    chosen: tuple[int, ...] | None = None,
    used: Sequence[int] | None = None,
) -> Heading | None:
    """Find the heading among the first rows of a table; None when all are empty.

    `chosen` are the rows that a person named as heading (none of them: the table has no heading). `used` are the
    columns that hold anything, when it is known.
    """
    counts = {number: len(filled(cells)) for number, cells in rows}
    if not any(counts.values()):
        return None
    if chosen is not None:
        heads = [row for row in rows if row[0] in chosen]
        body = max(chosen) + 1 if chosen else next(number for number, many in counts.items() if many)
        return _made(rows, heads, body, merged, used)
    wide = [many for many in counts.values() if many > 1]
    usual = statistics.median_high(wide) if wide else 1
    at = _first_heading(rows, counts, usual)
    if at is None:
        first = next(place for place, (number, _) in enumerate(rows) if counts[number] * 2 >= usual)
        return _made(rows, [], rows[first][0], merged, used)
    top, bottom = at, at
    while top > 0 and at - top < _MOST_PARENTS and _is_parent(rows, top - 1, at, merged):
        top -= 1
    while bottom + 1 < len(rows) and bottom - top < _MOST_PARENTS and _is_child(rows, bottom, merged):
        bottom += 1
    return _made(rows, list(rows[top : bottom + 1]), rows[bottom][0] + 1, merged, used)


def numbers_columns(cells: Cells, below: Sequence[Cells] = ()) -> bool:
    """Whether a row only numbers the columns: A, B, 1, 2 or (1), (2), (3) = (1) + (2).

    Plain 1, 2, 3 may be data: they are taken for numbers of columns only above words.
    """
    texts = [_plain(cell) for cell in cells if not empty(cell)]
    if len(texts) < 3 or len(texts) < len(filled_in_most(below)):
        return False
    letters = 0
    while letters < len(texts) and re.fullmatch(r"\(?[A-ZĐa-z]\)?", texts[letters]):
        letters += 1
    found = [_COUNTED.fullmatch(text) for text in texts[letters:]]
    if letters == len(texts) or not all(found):
        return False
    counted = [int(match.group(1)) for match in found if match]
    if counted != list(range(counted[0], counted[0] + len(counted))) or counted[0] not in (1, letters + 1):
        return False
    if letters or all(text.startswith("(") for text in texts) or any("=" in text for text in texts):
        return True
    worded = [
        place
        for place in filled(cells)
        if any(not empty(row[place]) and not is_number(row[place]) for row in below if place < len(row))
    ]
    return bool(worded)


def filled_in_most(rows: Sequence[Cells]) -> list[int]:
    """The positions that more than half of these rows fill."""
    if not rows:
        return []
    many: dict[int, int] = {}
    for cells in rows:
        for place in filled(cells):
            many[place] = many.get(place, 0) + 1
    return [place for place, times in many.items() if times * 2 > len(rows)]


def _first_heading(rows: Sequence[Row], counts: dict[int, int], usual: int) -> int | None:
    """The first row that fills half of the usual columns with different words, and has rows under it."""
    need = max(2, (usual + 1) // 2) if usual > 1 else 1
    for place, (number, cells) in enumerate(rows):
        if counts[number] < need or any(wording.is_letterhead(c) or wording.is_note(c) for c in cells):
            continue
        texts = {_plain(cells[at]) for at in filled(cells)}
        if len(texts) < 2 < need + 1 and usual > 1:
            continue
        if counts[number] <= 2 < usual and any(wording.is_unit(cell) for cell in cells):
            continue
        below = [other for at, other in rows[place + 1 : place + 200] if counts[at] >= need]
        if counts[number] * 3 < usual * 2 and below and _words(below[0]) > _words(cells):
            # Half filled, above a row with more words: rather the parents of that row.
            continue
        return place if _heads(cells, below) else None
    return None


def _words(cells: Cells) -> int:
    return sum(1 for place in filled(cells) if not is_value(cells[place]))


def _heads(cells: Cells, below: Sequence[Cells]) -> bool:
    """Whether a row of cells names what stands below rather than being of the same kind."""
    places = filled(cells)
    numbers = [place for place in places if is_value(cells[place])]
    if not numbers:
        return not _is_one_of(cells, below)
    years = [int(_plain(cells[place])[:4]) for place in places if _is_year(cells[place])]
    others = [place for place in places if not is_value(cells[place])]
    if (
        len(years) >= 2
        and len(years) == len(numbers)
        and years in (sorted(years), sorted(years, reverse=True))
    ):
        return bool(others) and len(set(years)) >= 2
    contrast = 0
    for place in others:
        under = [row[place] for row in below if place < len(row) and not empty(row[place])]
        contrast += bool(under) and sum(map(is_number, under)) * 5 >= len(under) * 4
    return contrast > 0 and len(others) * 2 >= len(places)


def _is_one_of(cells: Cells, below: Sequence[Cells]) -> bool:
    """Whether a row of words is the first of its table: a person among persons, or values that others repeat."""
    places = filled(cells)
    words = [_plain(cells[place]) for place in places]
    # A heading that is drawn again on every page repeats all its cells.
    others = [under for row in below if (under := _under(row, places)) != words]
    repeated = 0
    for at, word in enumerate(words):
        column = [under[at] for under in others if under[at]]
        if len(column) >= _FEW and _is_somebody(word, column):
            return True
        repeated += column.count(word) >= _FEW and len(set(column)) > 1
    return repeated > 0 and repeated * 4 >= len(places)


def _under(row: Cells, places: Sequence[int]) -> list[str]:
    return [_plain(row[place]) if place < len(row) else "" for place in places]


def _is_somebody(word: str, under: Sequence[str]) -> bool:
    """Whether a cell above names of persons is such a name itself, and no word for names, as `Họ tên` or `Chủ hộ` are."""
    if not is_person(word) or sum(map(is_person, under)) * 5 < len(under) * 4:
        return False
    if word.isascii() and sum(map(str.isascii, under)) * 2 < len(under):
        return False
    written = unicodedata.normalize("NFC", word).casefold().split()[0]
    cues = kinds()["person_name"].cues
    return (written in family_names_as_written() or word.isascii()) and found_in(spoken(word), cues) is None


def _is_year(cell: Any) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:\.0)?", _plain(cell)))


def _plain(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if empty(cell) else " ".join(str(cell).split())


def _is_parent(rows: Sequence[Row], above: int, last: int, merged: Sequence[Range]) -> bool:
    """Whether the row above a heading groups its columns: its cells stand over several, or complete what is empty."""
    (number, cells), (next_number, child) = rows[above], rows[above + 1]
    places = filled(cells)
    if not places or number + 1 != next_number:
        return False
    if any(wording.is_letterhead(cell) or wording.is_note(cell) for cell in cells):
        return False
    if len(places) <= 2 and any(wording.is_unit(cell) for cell in cells):
        return False
    if any(is_value(cells[place]) and not _is_year(cells[place]) for place in places):
        return False
    if any(top + 1 == number < bottom + 1 <= rows[last][0] for (top, _), (bottom, _) in merged):
        return True
    under = {place for _, row in rows[above + 1 : last + 1] for place in filled(row)}
    if places == [0] or (len(places) == 1 and not _YEAR.fullmatch(_plain(cells[places[0]]))):
        return bool(_partly_merged(number, merged, len(under))) and places != [0]
    spans = [
        place
        for place in places
        if place + 1 in under and (place + 1 >= len(cells) or empty(cells[place + 1]))
    ]
    completes = [place for place in places if place not in under]
    same = [place for place in places if place < len(child) and _plain(cells[place]) == _plain(child[place])]
    return bool(spans) and (len(spans) > 1 or set(places) <= {*spans, *completes, *same})


def _partly_merged(number: int, merged: Sequence[Range], wide: int) -> list[Range]:
    """The cells of a row that are merged over several columns, but not over the whole table."""
    return [
        one
        for one in merged
        if one[0][0] + 1 == number and one[1][1] - one[0][1] > 0 and one[1][1] - one[0][1] + 1 < wide
    ]


def _is_child(rows: Sequence[Row], at: int, merged: Sequence[Range]) -> bool:
    """Whether the row under a heading goes on naming columns: words under what the heading spans or leaves empty."""
    (number, cells), (next_number, child) = rows[at], rows[at + 1]
    places = filled(child)
    if not places or next_number != number + 1 or numbers_columns(child):
        return False
    if any(
        (top + 1, bottom + 1) == (number, next_number) or top + 1 == number < bottom + 1
        for (top, _), (bottom, _) in merged
    ):
        return True
    if any(is_value(child[place]) and not _is_year(child[place]) for place in places):
        return False

    def named(place: int) -> bool:
        return place < len(cells) and not empty(cells[place])

    def spanned(place: int) -> bool:
        return named(place) and not named(place + 1) and place + 1 < max(len(child), len(cells))

    if not all(not named(place) or spanned(place) for place in places):
        return False
    left = [place for place in filled(cells) if place >= len(child) or empty(child[place])]
    if left:
        return any(named(place) for place in range(max(places) + 1))
    gaps = sum(1 for place in range(max(places) + 1) if not named(place))
    return (
        gaps * 3 >= len(places)
        and _heads(child, [cells for _, cells in rows[at + 2 : at + 50]])
        and _contrasts(child, [cells for _, cells in rows[at + 2 : at + 50]])
    )


def _contrasts(cells: Cells, below: Sequence[Cells]) -> bool:
    for place in filled(cells):
        under = [row[place] for row in below if place < len(row) and not empty(row[place])]
        if under and not is_number(cells[place]) and sum(map(is_number, under)) * 5 >= len(under) * 4:
            return True
    return False


def _made(
    rows: Sequence[Row],
    heads: Sequence[Row],
    body_from: int,
    merged: Sequence[Range],
    used: Sequence[int] | None,
) -> Heading:
    top = heads[0][0] if heads else body_from
    below = [cells for number, cells in rows if number >= body_from]
    named = {place for _, cells in heads for place in filled(cells)}
    if used is None:
        widths = [places[-1] + 1 for places in map(filled, below) if places]
        width = max([place + 1 for place in named] + ([statistics.mode(widths)] if widths else []), default=1)
        positions = tuple(range(width))
    else:
        inside = {place for cells in below for place in filled(cells)}
        positions = tuple(place for place in used if place in named or place in inside) or tuple(used)
    names = _names([cells for _, cells in heads], [number for number, _ in heads], positions, merged)
    above = [
        SkippedRow(number, _above_reason(cells), begins(cells)) for number, cells in rows if number < top
    ]
    return Heading(
        names=tuple(names),
        positions=positions,
        header_rows=tuple(number for number, _ in heads),
        body_from=body_from,
        above=tuple(above),
        rows=tuple(tuple(wording.folded(cell) for cell in cells) for _, cells in heads),
    )


def _above_reason(cells: Cells) -> SkipReason:
    if not filled(cells):
        return "blank"
    if any(
        wording.is_unit(cell) or wording.is_note(cell) for cell in cells if not wording.is_letterhead(cell)
    ):
        return "note"
    return "title"


def _names(
    heads: Sequence[Cells], numbers: Sequence[int], positions: Sequence[int], merged: Sequence[Range]
) -> list[str]:
    """The names of the columns, each joined from its parents down."""
    spread = [list(cells) + [None] * (max(positions) + 1 - len(cells)) for cells in heads]
    known = [one for one in merged if one[0][0] + 1 in numbers and one[1][1] > one[0][1]]
    if known:
        for (top, left), (_, right) in known:
            line = spread[numbers.index(top + 1)]
            for place in range(left, min(right + 1, len(line))):
                line[place] = line[left]
    else:
        for level, line in enumerate(spread[:-1]):
            last: Any = None
            for place in range(len(line)):
                if not empty(line[place]):
                    last = line[place]
                elif any(place < len(lower) and not empty(lower[place]) for lower in heads[level + 1 :]):
                    line[place] = last
    names = []
    for number, place in enumerate(positions, 1):
        parts: list[str] = []
        for line in spread:
            part = unicodedata.normalize("NFC", _plain(line[place]).strip(BLANKS))
            if part and part not in parts:
                parts.append(part)
        names.append(" ".join(parts)[:LONGEST_NAME].replace("\x00", "") or f"column{number}")
    return unique_names(names)
