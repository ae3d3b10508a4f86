"""What a paper is, as plain values: head, basis, body in blocks, signature, recipients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

# Centimetres that a small letter of a table takes, a capital, the edges of a cell, and that one word may ask for.
LETTER, CAPITAL, EDGE, WORD = 0.205, 0.3, 0.45, 4.0


@dataclass(frozen=True)
class Heading:
    """The title of a part; level 1 is the highest, level 0 stands in the middle of the line."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """One paragraph."""

    text: str
    italic: bool = False


@dataclass(frozen=True)
class Points:
    """Points of a list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, how wide it is beside the others, and whether it holds numbers."""

    title: str
    width: float = 1.0
    numeric: bool = False


def _room(word: str) -> float:
    """About how many centimetres a word takes in a table; capitals are wider."""
    return sum(CAPITAL if letter.isupper() else LETTER for letter in word)


@dataclass(frozen=True)
class Grid:
    """A table with its caption. Cells are texts, already written in the language of the paper."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def widths(self, whole: float) -> list[float]:
        """How wide each column stands in a table as wide as `whole` centimetres: by its share, but no word is broken."""
        shares = sum(column.width for column in self.columns) or 1.0
        least = [
            min(
                max(
                    (_room(word) for text in (column.title, *(row[place] for row in self.rows)) for word in text.split()),
                    default=LETTER,
                ) + EDGE,
                WORD,
            )
            for place, column in enumerate(self.columns)
        ]  # fmt: skip
        wide = [max(whole * column.width / shares, least[place]) for place, column in enumerate(self.columns)]
        over = sum(wide) - whole
        room = sum(width - narrow for width, narrow in zip(wide, least, strict=True))
        if over <= 0 or room <= 0:
            return [width * whole / sum(wide) for width in wide]
        return [
            width - over * (width - narrow) / room if room > over else narrow * whole / sum(least)
            for width, narrow in zip(wide, least, strict=True)
        ]


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, with what it says in words for those who do not see it."""

    svg: str
    caption: str
    said: str


MOTTO = ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc")


def long_day(day: date) -> str:
    """05 tháng 3 năm 2026: days under ten and the months one and two with a zero."""
    return f"{day.day:02d} tháng {f'{day.month:02d}' if day.month < 3 else day.month} năm {day.year}"


def dated(place: str, day: date) -> str:
    """An Lộc, ngày 05 tháng 3 năm 2026; dots where the place is still to be written."""
    return f"{place or '............'}, ngày {long_day(day)}"


Block = Heading | Text | Points | Grid | Picture


@dataclass(frozen=True)
class Annex:
    """What is attached behind the signature, on pages of its own that lie on their long side."""

    title: str
    about: str
    attached_to: str = ""
    """The line that says with which paper it was issued."""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Paper:
    """One paper of an office, laid out as official papers are; every text is in the language of the paper."""

    kind: str
    """Which layout of the office it takes."""
    issuer: str
    title: str
    """The kind of paper; empty for a letter, which says what it is about below its number."""
    about: str
    day: date
    dated: str
    """Place and day as they stand on the paper: `An Lộc, ngày 05 tháng 3 năm 2026`."""
    above: str = ""
    number: str = ""
    motto: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    addressed: str = ""
    """To whom a letter goes."""
    deciding: str = ""
    """In what capacity a decision is taken; stands above the basis."""
    signer: tuple[str, ...] = ()
    """In what capacity it is signed, line by line."""
    signer_name: str = ""
    cosigner: tuple[str, ...] = ()
    """Who signs beside, line by line, where a paper is that of two sides; the recipients then stand below."""
    recipients: tuple[str, ...] = ()
    recipients_title: str = ""
    annexes: tuple[Annex, ...] = ()
    language: str = "vi"
    data: dict[str, Any] = field(default_factory=dict)
    """The same facts by name, for an office's own layout."""

    @property
    def basis_lines(self) -> list[str]:
        """The basis as it is printed: each line ends with a semicolon, the last with a full stop."""
        last = len(self.basis) - 1
        return [
            f"{line.rstrip(';. ')}{'.' if place == last else ';'}" for place, line in enumerate(self.basis)
        ]


def sample(kind: str, title: str, about: str, data: dict[str, Any]) -> Paper:
    """A made-up paper with every part, in which a layout is tried."""
    return Paper(
        kind=kind,
        above="Cơ quan cấp trên",
        issuer="Cơ quan thử mẫu",
        number="Số: 05/TM",
        motto=MOTTO,
        dated="An Lộc, ngày 05 tháng 3 năm 2026",
        day=date(2026, 3, 5),
        title=title,
        about=about,
        basis=("Căn cứ Luật Dữ liệu", "Căn cứ chương trình công tác năm"),
        blocks=(
            Heading("1. Nội dung"),
            Text("Nội dung thử mẫu."),
            Points(("Ý thứ nhất;", "Ý thứ hai.")),
            grid([("TT", 0.6), ("Tên", 4), ("Số", 1, True)], [(1, "Dòng thử", "1.234")], "Bảng 1. Bảng thử"),
        ),
        addressed="" if title else "Cơ quan nhận",
        signer=("Thủ trưởng cơ quan",),
        signer_name="Nguyễn Văn An",
        recipients=("Như trên", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data=data,
    )


def grid(titles: Sequence[tuple[Any, ...]], rows: Any, caption: str = "") -> Grid:
    """A table from titles with widths, and rows of anything that can be written."""
    columns = tuple(Column(one[0], one[1], bool(one[2]) if len(one) > 2 else False) for one in titles)
    return Grid(
        columns, tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows), caption
    )
