"""What a paper is, as plain values: head, basis, body in blocks, signature, recipients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Heading:
    """The title of a part; level 1 is the highest."""

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


@dataclass(frozen=True)
class Grid:
    """A table with its caption. Cells are texts, already written in the language of the paper."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, with what it says in words for those who do not see it."""

    svg: str
    caption: str
    said: str


Block = Heading | Text | Points | Grid | Picture


@dataclass(frozen=True)
class Paper:
    """One paper of an office, laid out as official papers are; every text is in the language of the paper."""

    kind: str
    """Which layout of the office it takes."""
    issuer: str
    title: str
    about: str
    day: date
    dated: str
    """Place and day as they stand on the paper: `An Lộc, ngày 05 tháng 3 năm 2026`."""
    above: str = ""
    number: str = ""
    motto: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    signer: tuple[str, ...] = ()
    """In what capacity it is signed, line by line."""
    signer_name: str = ""
    recipients: tuple[str, ...] = ()
    recipients_title: str = ""
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
        motto=("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc"),
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
