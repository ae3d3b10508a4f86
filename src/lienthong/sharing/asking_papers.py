"""A check of a form as a paper and as a workbook. Written in Vietnamese, as official papers are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone, translation

from lienthong.foundation.papers.shapes import MOTTO, Paper, Text, dated, grid
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries
from lienthong.law.queries import basis_on, grounds_for

from .asking_showing import ShownItem
from .models import AskAgainCheck

KIND = "sharing.ask_again"
REQUIREMENTS = ("OVL-06", "OVL-07", "D224-03")


@carries("OVL-06", "OVL-07")
def check_paper(check: AskAgainCheck, items: Sequence[ShownItem]) -> Paper:
    """What a form may ask for and what it may not, item by item with who holds it."""
    day = timezone.localdate(check.concluded_at or check.made_at)
    with translation.override("vi"):
        rows = [(one.item.place, str(one.item), _holders(one), one.verdict, _why(one)) for one in items]
        counts = [one.may_be_asked for one in items]
    return Paper(
        kind=KIND,
        above=check.unit.parent.name if check.unit.parent else "",
        issuer=check.unit.name,
        number=f"Số: {check.number}",
        motto=MOTTO,
        dated=dated("", day),
        day=day,
        title="Phiếu tra cứu",
        about=f"Thông tin được yêu cầu cung cấp tại: {check.title}",
        basis=(*basis_on(day), *_basis(day)),
        blocks=(
            Text(
                f"Trước khi yêu cầu người dân, doanh nghiệp cung cấp, {check.unit.name} đã tra cứu {len(items)} mục thông tin: "
                f"{counts.count(True)} mục được yêu cầu, {counts.count(False)} mục không được yêu cầu, "
                f"{counts.count(None)} mục chưa xử lý."
            ),
            grid(
                [
                    ("TT", 0.6),
                    ("Mục thông tin", 2.4),
                    ("Nơi đang giữ, chia sẻ", 4),
                    ("Kết luận", 2.2),
                    ("Lý do, căn cứ", 2.6),
                ],
                rows,
            ),
        ),
        signer=("Thủ trưởng đơn vị",),
        recipients=("Như trên", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"so": check.number, "bieu_mau": check.title, "muc": [list(row) for row in rows]},
    )


def _basis(day: date) -> list[str]:
    return [f"Căn cứ {one.cited.citation_vi}" for one in grounds_for(*REQUIREMENTS, on=day) if one.holds]


def _holders(one: ShownItem) -> str:
    return (
        "; ".join(
            f"{hit.name} ({hit.owner}, {hit.tier_label})"
            + (f", dịch vụ “{hit.service_name}”" if hit.service else "")
            for hit in one.hits
        )
        or "Chưa thấy nơi nào giữ"
    )


def _why(one: ShownItem) -> str:
    return ". ".join(part for part in (one.ground, one.item.legal_ground, one.item.reason) if part)


def check_sheets(check: AskAgainCheck, items: Sequence[ShownItem]) -> list[Sheet]:
    """The same as a workbook, a row for each holder of each item."""
    columns = (
        SheetColumn("TT", 6, "number"), SheetColumn("Mục thông tin", 34), SheetColumn("Kết luận", 34), SheetColumn("Nơi giữ", 40),
        SheetColumn("Chủ quản", 30), SheetColumn("Cấp", 14), SheetColumn("Bảng, cột", 34), SheetColumn("Giống (%)", 10, "number"),
        SheetColumn("Dịch vụ chia sẻ", 34), SheetColumn("Yêu cầu", 12), SheetColumn("Trường hợp", 34), SheetColumn("Căn cứ", 30),
        SheetColumn("Lý do", 50),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    with translation.override("vi"):
        for one in items:
            head = (one.item.place, str(one.item), one.verdict)
            tail = (one.ground, one.item.legal_ground, one.item.reason)
            if not one.hits:
                rows.append((*head, "", "", "", "", None, "", "", *tail))
            rows += [
                (*head, hit.name, hit.owner, hit.tier_label, f"{hit.table}: {hit.title}", hit.likeness, hit.service_name,
                 hit.requirement, *tail)
                for hit in one.hits
            ]  # fmt: skip
    return [Sheet("Tra cứu", columns, rows, (f"{check.number}: {check.title}", check.unit.name))]
