"""The list of people and bodies of data governance in official form, for the National Data Centre (C19).

Written in Vietnamese, as official papers are.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.foundation.papers.shapes import MOTTO, Block, Heading, Paper, Text, dated, grid
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries
from lienthong.law.basis import cited_in_full
from lienthong.law.queries import basis_on

from .models import Agency, GovernanceList

KIND = "agencies.governance_list"
DISPATCH = "cv-4856-2026"


@carries("GOVF-05")
def list_paper(agency: Agency, content: dict[str, Any], sent: GovernanceList | None = None) -> Paper:
    """The list as it was sent; without `sent` the draft of today."""
    day = sent.sent_on if sent else date.fromisoformat(content["day"])
    blocks: list[Block] = [
        Text(
            f"{content['agency']} (mã {content['code']}) gửi danh sách nhân sự, bộ phận quản trị dữ liệu như sau:"
        ),
        Heading("1. Ban chỉ đạo về dữ liệu"),
        *_committee(content["committee"]),
        Heading("2. Người chịu trách nhiệm, nhân sự phụ trách và đầu mối cấp xã"),
        *_people(content["people"]),
        Heading("3. Năm bộ phận"),
        *_bodies(content["bodies"]),
        Heading("4. Nền tảng dữ liệu và điểm kết nối bảo mật"),
        *_door(content["door"]),
        Text(f"Quy định áp dụng ngày {day:%d/%m/%Y}: {content['rule_set']}.", italic=True),
    ]
    return Paper(
        kind=KIND,
        above=agency.parent.name if agency.parent else "",
        issuer=content["agency"],
        number=f"Số: {sent.letter_number if sent else '       /DS'}",
        motto=MOTTO,
        dated=dated("", day),
        day=day,
        title="Danh sách",
        addressed="Trung tâm Dữ liệu quốc gia, Bộ Công an",
        about="Nhân sự, bộ phận quản trị dữ liệu" + ("" if sent else " (dự thảo)"),
        basis=(*basis_on(day), *cited_in_full(DISPATCH, day)),
        blocks=tuple(blocks),
        signer=("Thủ trưởng cơ quan",),
        signer_name=sent.signer if sent else "",
        recipients=("Như trên", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"nhan_su": content["people"], "bo_phan": content["bodies"], "ma": content["code"]},
    )


def _committee(one: dict[str, str] | None) -> list[Block]:
    if one is None:
        return [Text("Chưa thành lập.")]
    said: list[Block] = [
        Text(f"Trưởng ban: {one['leader']}, {one['position']}. Quyết định số {one['decision']}.")
    ]
    if one["members"]:
        said.append(Text(f"Thành viên: {' '.join(one['members'].split())}"))
    return said


def _people(people: list[dict[str, str]]) -> list[Block]:
    if not people:
        return [Text("Chưa có.")]
    rows = [
        (
            place,
            one["role"] + (f": {one['scope']}" if one["scope"] else ""),
            f"{one['name']}, {one['position']}",
            one["unit"],
            one["decision"],
        )
        for place, one in enumerate(people, start=1)
    ]
    titles = [
        ("TT", 0.6), ("Vai trò, lĩnh vực", 2.6), ("Họ và tên, chức vụ", 2.6), ("Đơn vị", 2.4), ("Quyết định", 1.8),
    ]  # fmt: skip
    contacts = [(place, one["name"], one["phone"], one["email"]) for place, one in enumerate(people, start=1)]
    return [
        grid(titles, rows, "Bảng 1. Nhân sự quản trị dữ liệu"),
        grid(
            [("TT", 0.6), ("Họ và tên", 3), ("Điện thoại", 2), ("Thư điện tử", 4)],
            contacts,
            "Bảng 2. Liên hệ",
        ),
        *_lines_of_report(people),
    ]


def _lines_of_report(people: list[dict[str, str]]) -> list[Block]:
    reporting = [one for one in people if one["reports"]]
    if not reporting:
        return []
    rows = [(place, one["name"], *_two(one["reports"])) for place, one in enumerate(reporting, start=1)]
    titles = [("TT", 0.6), ("Nhân sự phụ trách", 2.6), ("Tuyến thứ nhất", 3.2), ("Tuyến thứ hai", 3.2)]
    return [grid(titles, rows, "Bảng 3. Hai tuyến báo cáo")]


def _two(reports: str) -> tuple[str, str]:
    first, _cut, second = reports.partition("; ")
    return first, second


def _bodies(bodies: list[dict[str, str]]) -> list[Block]:
    if not bodies:
        return [Text("Chưa có.")]
    rows = [
        (place, one["body"], one["unit"], one["leader"], one["outsourced"], one["decision"])
        for place, one in enumerate(bodies, start=1)
    ]
    titles = [
        ("TT", 0.6), ("Bộ phận", 2.2), ("Đơn vị đảm nhiệm", 3), ("Người phụ trách", 2.4), ("Thuê ngoài", 1), ("Quyết định", 1.8),
    ]  # fmt: skip
    return [grid(titles, rows, "Bảng 4. Các bộ phận, giao cho đơn vị hiện có")]


def _door(one: dict[str, str] | None) -> list[Block]:
    if one is None:
        return [Text("Chưa ghi nhận.")]
    node = f" Agent Node: {one['node']}" if one["node"] else " Agent Node: chưa ghi nhận"
    site = f", đặt tại {one['site']}" if one["site"] else ""
    since = f", vận hành từ {one['since']}" if one["since"] else ""
    return [Text(f"Nền tảng: {one['platform']}, {one['operator']} vận hành.{node}{site}{since}.")]


def list_sheets(content: dict[str, Any]) -> list[Sheet]:
    """The list as a workbook: people, bodies."""
    head = (
        f"{content['agency']} ({content['code']})",
        f"Danh sách quản trị dữ liệu ngày {date.fromisoformat(content['day']):%d/%m/%Y}",
    )
    return [
        Sheet(
            "Nhân sự",
            (
                SheetColumn("Vai trò", 34), SheetColumn("Họ và tên", 26), SheetColumn("Chức vụ", 30), SheetColumn("Đơn vị", 34),
                SheetColumn("Lĩnh vực, nhóm CSDL", 34), SheetColumn("Điện thoại", 16), SheetColumn("Thư điện tử", 30),
                SheetColumn("Báo cáo", 48), SheetColumn("Quyết định", 28),
            ),
            [
                (one["role"], one["name"], one["position"], one["unit"], one["scope"], one["phone"], one["email"], one["reports"],
                 one["decision"])
                for one in content["people"]
            ],
            head,
        ),
        Sheet(
            "Bộ phận",
            (SheetColumn("Bộ phận", 34), SheetColumn("Đơn vị đảm nhiệm", 40), SheetColumn("Người phụ trách", 34),
             SheetColumn("Thuê ngoài", 12), SheetColumn("Quyết định", 28)),
            [(one["body"], one["unit"], one["leader"], one["outsourced"], one["decision"]) for one in content["bodies"]],
            head,
        ),
    ]  # fmt: skip
