"""The report of a data audit in official form: paper and workbook (D278-13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.foundation.pagekit.figures import percent_text
from lienthong.foundation.papers.drawing import INKS, Bar, Part, bars
from lienthong.foundation.papers.shapes import MOTTO, Block, Heading, Paper, Picture, Text, grid
from lienthong.foundation.papers.sheets import Chart, Sheet, SheetColumn
from lienthong.foundation.tracing import carries

from .audit_facts import level_text

KIND = "data_audit"
MARKS = {
    "secondary": "Bộ chỉ số theo nguồn thứ cấp, chưa đối chiếu văn bản gốc.",
    "unverified": "Bộ chỉ số chưa xác minh với văn bản gốc.",
    "agency": "Bộ chỉ số theo quy định của cơ quan.",
}


@carries("D278-13", "GOVF-14")
def audit_paper(facts: dict[str, Any]) -> Paper:
    """The report of a data audit."""
    scale = facts["scale"]
    blocks: list[Block] = [
        Text(
            f"{facts['auditor']} đã kiểm toán dữ liệu của {facts['agency']} {facts['span']} (từ {facts['first']} đến "
            f"{facts['last']}); hình thức: {facts['kind'].lower()}; người chủ trì: {facts['lead']}. Kết quả như sau:"
        ),
        Heading("1. Mục đích, phạm vi"),
        *[Text(line) for line in facts["aim"].splitlines() if line.strip()],
        grid(
            [("TT", 0.6), ("Cơ sở dữ liệu", 5), ("Đơn vị quản lý", 4)],
            [
                (place, f"{one['name']} ({one['code']})", one["unit"])
                for place, one in enumerate(facts["databases"], start=1)
            ],
            "Bảng 1. Phạm vi kiểm toán",
        ),
        Heading("2. Mức trưởng thành dữ liệu"),
        Text(f"Mức chung: {level_text(facts['levels'].get('total'), scale)}."),
        _picture(facts),
        Heading("3. Kết quả theo bộ chỉ số"),
    ]
    for place, one in enumerate(facts["sets"], start=2):
        blocks += _set(one, scale, place)
    blocks += [Heading("4. Phát hiện, kiến nghị"), *_findings(facts["findings"], len(facts["sets"]) + 2)]
    blocks.append(Heading("5. Kết luận"))
    blocks += [Text(line) for line in facts["conclusion"].splitlines() if line.strip()] or [Text("Không có.")]
    blocks += [Text(line) for line in facts["recommendations"].splitlines() if line.strip()]
    marks = {one["mark"] for group in facts["sets"] for one in group["measures"]} & set(MARKS)
    said = " ".join(MARKS[mark] for mark in sorted(marks))
    blocks.append(
        Text(
            f"Quy định áp dụng: {facts['rule_set']}. {said} Mức từ 0 đến {scale} chia đều theo tỷ lệ đạt; "
            f"mức {scale} khi đạt toàn bộ.",
            italic=True,
        )
    )
    return Paper(
        kind=KIND,
        above="",
        issuer=facts["auditor"],
        number=f"Số: {facts['number'] or '       /BC-KTDL'}",
        motto=MOTTO,
        dated=facts["dated"],
        day=date.fromisoformat(facts["day"]),
        title="Báo cáo",
        about=f"Kiểm toán dữ liệu {facts['span']} tại {facts['agency']}",
        basis=tuple(facts["basis"]),
        blocks=tuple(blocks),
        signer=(f"Người chủ trì: {facts['lead']}", f"Xác nhận của {facts['agency']}"),
        recipients=(facts["agency"], facts["auditor"], "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"bo_chi_so": facts["sets"], "phat_hien": facts["findings"], "csdl": facts["databases"]},
    )


def _picture(facts: dict[str, Any]) -> Picture:
    scale = facts["scale"]
    drawn = bars(
        [
            Bar(
                one["name"],
                (Part(one["level"] or 0, "primary"),),
                level_text(one["level"], scale),
            )
            for one in facts["sets"]
        ],
        most=float(scale or 1),
    )
    said = "; ".join(f"{one['name']}: {level_text(one['level'], scale)}" for one in facts["sets"])
    return Picture(drawn, "Hình 1. Mức trưởng thành theo bộ chỉ số", said)


def _set(group: dict[str, Any], scale: int, place: int) -> list[Block]:
    rows = [
        (
            number,
            one["name"],
            percent_text(one["share"]) if one["share"] is not None else "",
            level_text(one["level"], scale),
            f"Không áp dụng: {one['not_applicable']}" if one["not_applicable"] else one["looked_at"],
        )
        for number, one in enumerate(group["measures"], start=1)
    ]
    titles = [("TT", 0.6), ("Chỉ số", 3.6), ("Tỷ lệ", 1, True), ("Mức", 0.9, True), ("Căn cứ đánh giá", 4)]
    return [
        Heading(f"{group['name']}: {level_text(group['level'], scale)}", 2),
        grid(titles, rows, f"Bảng {place}. {group['name']}"),
    ]


def _findings(findings: list[dict[str, Any]], place: int) -> list[Block]:
    if not findings:
        return [Text("Không có phát hiện.")]
    rows = [
        (number, one["place"], one["text"], one["light"], one["action"], one["follow_up"])
        for number, one in enumerate(findings, start=1)
    ]
    titles = [
        ("TT", 0.6), ("Cơ sở dữ liệu", 2.2), ("Phát hiện", 3.2), ("Mức độ", 0.9), ("Kiến nghị", 3), ("Theo dõi bằng", 1.4)
    ]  # fmt: skip
    return [grid(titles, rows, f"Bảng {place}. Phát hiện và kiến nghị")]


@carries("D278-13", "GOVF-14")
def audit_sheets(facts: dict[str, Any]) -> list[Sheet]:
    """The report as a workbook: levels with a chart, indicators, findings, scope."""
    head = (f"{facts['agency']}: kiểm toán dữ liệu {facts['span']} ({facts['audit']})", facts["dated"])
    rows = [
        (
            group["name"], one["name"], one["share"], one["level"],
            "Người kiểm toán đánh giá" if one["by_hand"] else "Hệ thống đo", one["looked_at"], one["not_applicable"],
        )
        for group in facts["sets"]
        for one in group["measures"]
    ]  # fmt: skip
    return [
        Sheet(
            "Mức trưởng thành",
            (SheetColumn("Bộ chỉ số", 36), SheetColumn("Mức", 12, "number")),
            [*((one["name"], one["level"]) for one in facts["sets"]), ("Chung", facts["levels"].get("total"))],
            head,
            Chart("Mức trưởng thành dữ liệu", (0, 1), (INKS["primary"],)),
        ),
        Sheet(
            "Chỉ số",
            (SheetColumn("Bộ chỉ số", 26), SheetColumn("Chỉ số", 50), SheetColumn("Tỷ lệ", 10, "percent"),
             SheetColumn("Mức", 8, "number"), SheetColumn("Cách đo", 24), SheetColumn("Căn cứ đánh giá", 60),
             SheetColumn("Không áp dụng vì", 30)),
            rows,
            head,
        ),
        Sheet(
            "Phát hiện",
            (SheetColumn("Cơ sở dữ liệu", 36), SheetColumn("Phát hiện", 60), SheetColumn("Mức độ", 10),
             SheetColumn("Kiến nghị", 60), SheetColumn("Theo dõi bằng", 22)),
            [(one["place"], one["text"], one["light"], one["action"], one["follow_up"]) for one in facts["findings"]],
            head,
        ),
        Sheet(
            "Phạm vi",
            (SheetColumn("Mã", 18), SheetColumn("Cơ sở dữ liệu", 50), SheetColumn("Đơn vị quản lý", 40)),
            [(one["code"], one["name"], one["unit"]) for one in facts["databases"]],
            head,
        ),
    ]  # fmt: skip


def sample_audit() -> Paper:
    """A short report with every part, in which a new layout is tried."""
    measure = {
        "name": "CSDL được khảo sát nguồn trong kỳ", "level": 4, "share": 80.0, "looked_at": "4/5 CSDL được khảo sát",
        "by_hand": False, "not_applicable": "", "mark": "secondary",
    }  # fmt: skip
    return audit_paper(
        {
            "audit": "KTDL-2026-0000", "agency": "Cơ quan thử", "auditor": "Đơn vị thử", "lead": "Nguyễn Văn A",
            "kind": "Tự kiểm toán", "span": "quý I/2026", "first": "01/01/2026", "last": "31/03/2026",
            "aim": "Đánh giá độc lập dữ liệu.", "number": "05/BC-KTDL", "day": "2026-03-05",
            "dated": "An Lộc, ngày 05 tháng 3 năm 2026", "basis": ["Căn cứ Luật Dữ liệu"], "rule_set": "Luật Dữ liệu",
            "scale": 5, "levels": {"total": 4},
            "databases": [{"id": 0, "code": "H99.DB01", "name": "CSDL thử", "unit": "Đơn vị thử"}],
            "sets": [{"set": "audit_quality", "name": "Chất lượng và tuân thủ", "level": 4.0, "measures": [measure]}],
            "findings": [
                {"database": None, "place": "Toàn cơ quan", "text": "Thiếu mô tả.", "action": "Bổ sung.",
                 "light": "Vàng", "follow_up": "Mục nâng cấp"}
            ],
            "conclusion": "Đạt yêu cầu.", "recommendations": "Tiếp tục duy trì.",
        }
    )  # fmt: skip
