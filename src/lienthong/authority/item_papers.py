"""The picture of data items in official form: a paper with the picture as its annex, and a workbook.

Written in Vietnamese, as official papers are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import override

from lienthong.agencies.models import Agency
from lienthong.foundation.papers.shapes import Block, Grid, Paper, Text, grid
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries

from .items import DataItem, Holding, ItemPicture, Mark
from .summary_papers import summary_paper

KIND = "authority.data_items"
TITLE = "Bảng tổng hợp mục dữ liệu và nguồn chuẩn"
# How many agencies stand beside each other on a sheet that lies.
ACROSS = 8


@carries("OVL-05")
def items_paper(found: ItemPicture, unit: Agency | None, day: date) -> Paper:
    """The picture as a paper of the unit that asked for it: the counts in front, the picture as its annex."""
    with override("vi"):
        counts = [(f"{mark.sign} {mark.label}", number) for mark, number in found.marks.items()]
        blocks: list[Block] = [
            Text(
                f"Đến ngày {day:%d/%m/%Y} có {found.settled} mục dữ liệu đã có nguồn chuẩn, {found.under_way} mục đang "
                f"xử lý trong {len(found.items)} mục thuộc phạm vi theo dõi, như sau:"
            ),
            grid([("Ký hiệu", 6), ("Số mục dữ liệu", 1.6, True)], counts, "Bảng 1. Mục dữ liệu theo ký hiệu"),
            Text(
                "Một mục có thể có nhiều ký hiệu. Cơ sở dữ liệu thuộc phạm vi bí mật nhà nước không đưa vào bảng này.",
                italic=True,
            ),
        ]
        grids = tuple(_grids(found))
    return summary_paper(
        KIND,
        TITLE,
        unit,
        day,
        blocks,
        ("Mục dữ liệu và cơ quan nắm giữ", grids),
        data={
            "ky_hieu": [{"ten": name, "so": count} for name, count in counts],
            "muc": len(found.items),
            "co_nguon_chuan": found.settled,
            "dang_xu_ly": found.under_way,
        },
    )


def _grids(found: ItemPicture) -> list[Grid]:
    parts = [found.columns[start : start + ACROSS] for start in range(0, len(found.columns), ACROSS)]
    grids = []
    for place, columns in enumerate(parts, start=1):
        rows = [
            (f"{item.tier_name}: {item.name}, {item.under}", *(signs(item, one) for one in columns))
            for item in _in(columns, found.items)
        ]
        caption = "Bảng 2. " + ", ".join(f"{mark.sign} {str(mark.label).lower()}" for mark in found.marks)
        title = caption if len(parts) == 1 else f"{caption} ({place}/{len(parts)})"
        grids.append(grid([("Mục dữ liệu", 3.2), *((one.name, 1) for one in columns)], rows, title))
    return grids


def _in(columns: Sequence[Holding], items: Iterable[DataItem]) -> list[DataItem]:
    return [item for item in items if any(one.code in item.cells for one in columns)]


def signs(item: DataItem, column: Holding) -> str:
    """How an agency holds an item, as signs."""
    return " ".join(cell.mark.sign for cell in item.cells.get(column.code, ()))


@carries("OVL-05")
def items_sheets(found: ItemPicture, unit: Agency | None, day: date) -> list[Sheet]:
    """The picture as a workbook: items down, agencies across; and on a sheet of its own every mark with its cases."""
    with override("vi"):
        said = (
            TITLE,
            f"{unit.name if unit is not None else ''} · {day:%d/%m/%Y}".strip(" ·"),
            "; ".join(f"{mark.sign} {str(mark.label).lower()}" for mark in Mark),
        )
        across = [
            SheetColumn("Mục dữ liệu", 44),
            SheetColumn("Lưu tại", 40),
            SheetColumn("Cấp", 12),
            *(SheetColumn(one.name, 22) for one in found.columns),
        ]
        lines = [
            (item.name, item.under, item.tier_name, *(signs(item, one) for one in found.columns))
            for item in found.items
        ]
        names = {one.code: one.name for one in found.columns}
        marks = [
            (
                item.name,
                names[code],
                str(cell.mark.label),
                ", ".join(cell.databases),
                ", ".join(case.number for case in cell.cases),
            )
            for item in found.items
            for code, cells in item.cells.items()
            for cell in cells
        ]
    titles = (("Mục dữ liệu", 44), ("Cơ quan", 36), ("Nắm giữ", 28), ("Mã CSDL", 24), ("Hồ sơ", 24))
    return [
        Sheet("Mục dữ liệu", tuple(across), lines, lines=said),
        Sheet("Nắm giữ", tuple(SheetColumn(title, width) for title, width in titles), marks),
    ]
