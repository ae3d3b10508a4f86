"""The matrix of overlaps in official form: a paper whose annex lies on its long side, and a workbook.

Written in Vietnamese, as official papers are.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import override

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Tier
from lienthong.foundation.papers.shapes import Block, Grid, Paper, Text, grid
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries

from .mapping import Holder
from .matrix import Matrix
from .summary_papers import summary_paper

KIND = "authority.overlap_matrix"
TITLE = "Bảng tổng hợp chồng lấn dữ liệu"


@carries("OVL-05")
def matrix_paper(found: Matrix, unit: Agency | None, day: date) -> Paper:
    """The matrix as a paper of the unit that asked for it: the counts in front, the matrix as its annex."""
    with override("vi"):
        counts = [
            (place, str(standing.label), count)
            for place, (standing, count) in enumerate(found.standings, start=1)
        ]
        blocks: list[Block] = [
            Text(
                f"Đến ngày {day:%d/%m/%Y} có {found.graph.cases} hồ sơ chồng lấn giữa {found.graph.databases} cơ sở dữ "
                "liệu thuộc phạm vi theo dõi, như sau:"
            ),
            grid(
                [("TT", 0.6), ("Tình trạng", 6), ("Số hồ sơ", 1.6, True)],
                counts,
                "Bảng 1. Hồ sơ theo tình trạng",
            ),
        ]
        if found.graph.within:
            blocks.append(
                Text(
                    f"Ngoài bảng ở phụ lục còn {found.graph.within} hồ sơ giữa các cơ sở dữ liệu của cùng một đơn vị."
                )
            )
        blocks.append(
            Text(
                "Dòng là bản sao, cột là nguồn; trong ô là tình trạng của hồ sơ và tỷ lệ giá trị của bản sao cũng có ở "
                "nguồn. Cơ sở dữ liệu thuộc phạm vi bí mật nhà nước không đưa vào bảng này.",
                italic=True,
            )
        )
        grids = tuple(_grids(found))
    return summary_paper(
        KIND,
        TITLE,
        unit,
        day,
        blocks,
        ("Ma trận chồng lấn", grids),
        data={
            "tinh_trang": [{"ten": name, "so": count} for _place, name, count in counts],
            "ho_so": found.graph.cases,
            "csdl": found.graph.databases,
        },
    )


def _grids(found: Matrix) -> list[Grid]:
    sheets = found.sheets()
    grids = []
    for place, sheet in enumerate(sheets, start=1):
        titles = [
            ("Bản sao", 2.4),
            *((_named(one), 2) for one in sheet.columns),
        ]
        rows = [
            (
                _named(copy),
                *(cell.text if cell else "" for cell in cells),
            )
            for copy, cells in sheet.lines
        ]
        caption = "Bảng 2. Ma trận chồng lấn"
        grids.append(
            grid(titles, rows, caption if len(sheets) == 1 else f"{caption} ({place}/{len(sheets)})")
        )
    return grids


def _named(one: Holder) -> str:
    return f"{_tier(one.tier)}: {one.name}, {one.under}"


def _tier(tier: str) -> str:
    return str(Tier(tier).label)


@carries("OVL-05")
def matrix_sheets(found: Matrix, unit: Agency | None, day: date) -> list[Sheet]:
    """The matrix as a workbook, with every case on a sheet of its own."""
    with override("vi"):
        across = [
            SheetColumn("Bản sao", 40),
            SheetColumn("Cấp", 12),
            *(SheetColumn(_named(one), 26) for one in found.sources),
        ]
        lines = [
            (
                f"{copy.name}, {copy.under}",
                _tier(copy.tier),
                *(
                    cell.text if (cell := found.cells.get((copy.key, source.key))) else ""
                    for source in found.sources
                ),
            )
            for copy in found.copies
        ]
        said = (TITLE, f"{unit.name if unit is not None else ''} · {day:%d/%m/%Y}".strip(" ·"))
        cases = [
            (
                case.number,
                case.lower.code,
                case.lower.name,
                _tier(case.lower.tier),
                case.lower.managing_unit.name,
                case.higher.code,
                case.higher.name,
                _tier(case.higher.tier),
                case.higher.managing_unit.name,
                str(case.standing.label),
            )
            for tie in found.graph.ties
            for case in tie.cases
        ]
    titles = (
        ("Hồ sơ", 16), ("Mã bản sao", 18), ("Bản sao", 40), ("Cấp", 12), ("Đơn vị quản lý", 30), ("Mã nguồn", 18),
        ("Nguồn", 40), ("Cấp của nguồn", 12), ("Đơn vị quản lý nguồn", 30), ("Tình trạng", 24),
    )  # fmt: skip
    return [
        Sheet("Ma trận", tuple(across), lines, lines=said),
        Sheet("Hồ sơ", tuple(SheetColumn(title, width) for title, width in titles), cases),
    ]
