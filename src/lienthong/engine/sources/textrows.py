"""The rows of a text file with delimiters: how they are parted, and each with its number, in bounded memory."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from lienthong.engine.errors import SourceTooLarge
from lienthong.engine.sources.heading import Row

LONGEST_LINE = 16 << 20
"""Characters of one line, or of one quoted cell over several lines; a longer one is refused, not held in memory."""
MOST_COLUMNS = 5000
_HEAD = 1 << 17
_DELIMITERS = (";", "\t", "|", ",")

_SINGLE = re.compile(r"(?:^|[,;\t|])'[^'\n]*[,;\t|][^'\n]*'(?:$|[,;\t|])", re.MULTILINE)

csv.field_size_limit(LONGEST_LINE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a file are parted and quoted; `quote` is empty when marks of quotation are plain signs."""

    delimiter: str
    quote: str = '"'
    escape: str = '"'
    new_line: str = "\\n"

    def options(self, *, strict: bool = True) -> dict[str, Any]:
        """The same for Python's reader."""
        if not self.quote:
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE}
        options: dict[str, Any] = {"delimiter": self.delimiter, "quotechar": self.quote, "strict": strict}
        if self.escape != self.quote:
            options |= {"escapechar": self.escape, "doublequote": False}
        return options


def lines_of(path: Path, display: str) -> Iterator[str]:
    """The lines of a text in UTF-8. Raises SourceTooLarge at a line that no memory should hold."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        while line := file.readline(LONGEST_LINE):
            if len(line) >= LONGEST_LINE:
                raise SourceTooLarge(source=display, limit="một dòng 16 MB", limit_en="one line of 16 MB")
            yield line.replace("\x00", "")


def rows_of(path: Path, dialect: Dialect, display: str) -> Iterator[Row]:
    """The rows with their numbers from 1; raises csv.Error where quotation marks do not close."""
    yield from enumerate(csv.reader(lines_of(path, display), **dialect.options()), 1)


def first_rows(path: Path, dialect: Dialect, display: str, most: int = 1000) -> list[Row]:
    """The rows at the beginning of the file; fewer when a quotation does not close."""
    rows: list[Row] = []
    read = 0
    try:
        for number, cells in islice(rows_of(path, dialect, display), most):
            rows.append((number, cells))
            read += sum(map(len, cells)) + len(cells)
            if read > _HEAD:
                break
    except csv.Error:
        return rows
    return rows


def dialect_of(path: Path, display: str, ending: str, chosen: str | None = None) -> Dialect:
    """How the file is written, judged by its beginning."""
    lines: list[str] = []
    size = 0
    for line in lines_of(path, display):
        lines.append(line)
        size += len(line)
        if size > _HEAD or len(lines) >= 500:
            break
    text = "".join(lines)
    new_line = "\\r\\n" if "\r\n" in text else "\\r" if "\r" in text and "\n" not in text else "\\n"
    ways = [('"', '"')] + ([('"', "\\")] if '\\"' in text else []) + [("", "")]
    if '"' not in text and _SINGLE.search(text):
        ways.insert(0, ("'", "'"))
    order = ("\t", ";", "|", ",") if ending == ".tsv" else _DELIMITERS
    for quote, escape in ways:
        best: tuple[float, Dialect] | None = None
        for delimiter in (chosen,) if chosen else order:
            dialect = Dialect(delimiter, quote, escape, new_line)
            score = _score(lines, dialect)
            if score is not None and (best is None or score > best[0]):
                best = (score, dialect)
        if best is not None:
            found = best[1]
            # One column: no delimiter is seen at all.
            return found if best[0] > 0 or chosen else Dialect(",", quote, escape, new_line)
    return Dialect(chosen or ",", "", "", new_line)


def _score(lines: list[str], dialect: Dialect) -> float | None:
    """How well a delimiter parts these lines into rows of the same length; None when quotations break."""
    counts: list[int] = []
    reader = csv.reader(iter(lines), **dialect.options())
    try:
        for cells in reader:
            if cells and any(cells):
                counts.append(len(cells))
    except csv.Error:
        # The last quotation may only be cut off by the end of the sample.
        if reader.line_num < len(lines) or len(counts) < 2:
            return None
    if not counts:
        return 0.0
    several = Counter(count for count in counts if count > 1)
    if not several:
        return 0.0
    usual, many = several.most_common(1)[0]
    first = next(count for count in counts if count > 1)
    single_first = counts[0] == 1 and len(counts) > 1 and many + 1 >= len(counts)
    return many / len(counts) + 0.5 * (first == usual) + min(usual, 20) / 1000 - 0.4 * single_first
