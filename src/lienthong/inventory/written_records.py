"""The papers of the yearly inventory in official form: a unit's written record, the report over all units (INV-06).

Written in Vietnamese, as official papers are; a stranger's eye is helped by the workbook and the pages.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.foundation.pagekit.figures import number_text, percent_text
from lienthong.foundation.papers.drawing import INKS, Bar, Part, bars
from lienthong.foundation.papers.shapes import MOTTO, Block, Grid, Heading, Paper, Picture, Points, Text, grid
from lienthong.foundation.papers.sheets import Chart, Sheet, SheetColumn
from lienthong.foundation.tracing import carries

from .yearly import UNFIT_BECAUSE

RECORD, REPORT = "inventory.record", "inventory.report"
CONTENTS = (
    ("standards", "Tuân thủ tiêu chuẩn, quy chuẩn kỹ thuật"),
    ("accuracy", "Độ chính xác, tính toàn vẹn, bất thường của dữ liệu"),
    ("upkeep", "Duy trì, cập nhật dữ liệu; nhật ký khai thác, sử dụng"),
    ("sharing", "Chia sẻ dữ liệu, đối tượng, mục đích sử dụng so với quy chế"),
    ("other", "Nội dung khác"),
)
CLASSES = {"shared": "Dùng chung", "private_use": "Dùng riêng", "open": "Mở", "": "Chưa phân loại"}
MARKS = {
    "agency": "Hạn gửi kết quả theo quy định của cơ quan.",
    "unverified": "Hạn gửi kết quả chưa xác minh với văn bản gốc.",
    "secondary": "Hạn gửi kết quả theo nguồn thứ cấp, chưa đối chiếu văn bản gốc.",
}


@carries("INV-06")
def record_paper(facts: dict[str, Any]) -> Paper:
    """The written record of a unit's check."""
    databases, systems = facts["databases"], facts["systems"]
    blocks: list[Block] = [
        Text(
            f"{facts['unit']} đã kiểm kê, đánh giá dữ liệu năm {facts['year']} theo đợt kiểm kê {facts['campaign']} "
            f"của {facts['receiver']}, gồm {len(databases)} cơ sở dữ liệu và {len(systems)} hệ thống thông tin. Kết quả như sau:"
        ),
        Heading("1. Kiểm kê dữ liệu"),
        *_databases(databases),
        Heading("2. Hệ thống thông tin phục vụ kết nối, chia sẻ dữ liệu"),
        *_systems(systems),
        Heading("3. Nội dung kiểm tra, đánh giá"),
        *_contents(facts["contents"]),
        *_assessed(databases),
        *_overlapping(databases),
        Heading("4. Khả năng chia sẻ, khai thác bên ngoài"),
        *_shareability(databases),
        Heading("5. Kết luận"),
        *_lines(facts["contents"]["conclusion"], "Không có."),
        Heading("6. Đề xuất duy trì, nâng cấp"),
        *_actions(facts),
    ]
    mark = MARKS.get(facts.get("deadline", {}).get("mark", ""))
    if mark:
        blocks.append(Text(f"Quy định áp dụng: {facts['rule_set']}. {mark}", italic=True))
    return Paper(
        kind=RECORD,
        above=facts["above"],
        issuer=facts["unit"],
        number=f"Số: {facts['number'] or '       /BB-KKDL'}",
        motto=MOTTO,
        dated=facts["dated"],
        day=date.fromisoformat(facts["day"]),
        title="Biên bản",
        about=f"Kiểm kê, kiểm tra, đánh giá dữ liệu năm {facts['year']}",
        basis=tuple(facts["basis"]),
        blocks=tuple(blocks),
        signer=("Thủ trưởng đơn vị",),
        recipients=(f"{facts['receiver']} (đơn vị chuyên trách CNTT)", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"csdl": databases, "he_thong": systems, "noi_dung": facts["contents"], "nam": facts["year"]},
    )


def _databases(databases: list[dict[str, Any]]) -> list[Block]:
    if not databases:
        return [Text("Đơn vị không quản lý cơ sở dữ liệu nào thuộc phạm vi kiểm kê.")]
    rows = [
        (
            place,
            f"{one['name']} ({one['code']})",
            one["tier"],
            number_text(one.get("tables") or 0),
            number_text(one.get("columns") or 0),
            number_text(one.get("rows") or 0),
            percent_text(one.get("completeness") or 0),
            "Đạt" if one.get("shareable") else "Chưa đạt",
        )
        for place, one in enumerate(databases, start=1)
    ]
    titles = [
        ("TT", 0.6), ("Cơ sở dữ liệu", 4.2), ("Loại", 1.5), ("Bảng", 0.9, True), ("Cột", 0.9, True),
        ("Dòng", 1.5, True), ("Độ đầy đủ", 1.2, True), ("Khả năng chia sẻ", 1.4),
    ]  # fmt: skip
    return [grid(titles, rows, "Bảng 1. Cơ sở dữ liệu đã kiểm kê")]


def _systems(systems: list[dict[str, Any]], place: int = 2) -> list[Block]:
    if not systems:
        return [Text("Đơn vị không vận hành hệ thống thông tin nào thuộc phạm vi kiểm kê.")]
    rows = [
        (
            number,
            f"{one['name']} ({one['code']})",
            one["kind"],
            one["connection"],
            str(one["safety_level"] or "Chưa có"),
            f"Chưa đạt: {one['faults']}" if one["faults"] else "Đạt",
        )
        for number, one in enumerate(systems, start=1)
    ]
    titles = [
        ("TT", 0.6), ("Hệ thống", 3.4), ("Loại", 2), ("Khả năng kết nối", 2.2), ("Cấp độ an toàn", 1), ("Đánh giá", 2.6),
    ]  # fmt: skip
    return [grid(titles, rows, f"Bảng {place}. Hệ thống thông tin đã kiểm kê")]


def _contents(contents: dict[str, str]) -> list[Block]:
    found: list[Block] = []
    for name, title in CONTENTS:
        if contents.get(name):
            found += [Heading(title, 2), *_lines(contents[name])]
    return found


def _assessed(databases: list[dict[str, Any]]) -> list[Block]:
    found: list[Block] = []
    for one in databases:
        if "shareable" not in one:
            continue
        found.append(Heading(f"{one['name']} ({one['code']})", 2))
        found.append(
            Text(
                f"Có {one['findings']} phát hiện, trong đó {one['grave']} phát hiện nghiêm trọng. {one['conclusion']}"
            )
        )
        points = [*one["told"]]
        for title, name in (("Chính xác, toàn vẹn, bất thường", "quality"), ("Tiêu chuẩn", "standards"),
                            ("Duy trì, cập nhật, sử dụng", "upkeep")):  # fmt: skip
            if one.get(name):
                points.append(f"{title}: {' '.join(one[name].split())}")
        if points:
            found.append(Points(tuple(points)))
    return found


@carries("OVL-02", "OVL-04", "OVL-05")
def _overlapping(databases: list[dict[str, Any]]) -> list[Block]:
    """What is held elsewhere too: from which source a copy follows, what stops, what stands apart and until when."""
    rows = [
        (one["name"], overlap["number"], overlap["said"])
        for one in databases
        for overlap in one.get("overlaps") or ()
    ]
    if not rows:
        return []
    return [
        Heading("Chồng lấn với CSDL khác, nguồn chuẩn", 2),
        grid([("Cơ sở dữ liệu", 3), ("Hồ sơ", 1.6), ("Kết luận", 6)], rows, ""),
    ]


def _overlap_sheets(databases: list[dict[str, Any]], head: tuple[str, ...]) -> list[Sheet]:
    rows = [
        (one["code"], one["name"], overlap["number"], overlap["said"])
        for one in databases
        for overlap in one.get("overlaps") or ()
    ]
    columns = (
        SheetColumn("Mã", 16),
        SheetColumn("Cơ sở dữ liệu", 40),
        SheetColumn("Hồ sơ chồng lấn", 18),
        SheetColumn("Kết luận", 90),
    )
    return [Sheet("Chồng lấn", columns, rows, head)] if rows else []


def _shareability(databases: list[dict[str, Any]]) -> list[Block]:
    rows = []
    for place, one in enumerate(databases, start=1):
        items = one.get("items") or []
        fit = sum(1 for item in items if item["shareable"])
        rows.append(
            (
                place,
                one["name"],
                number_text(len(items)),
                number_text(fit),
                number_text(len(items) - fit),
                "Chia sẻ được" if one.get("shareable") else f"Chưa chia sẻ được: {one.get('reason', '')}",
            )
        )
    if not rows:
        return [Text("Không có mục dữ liệu nào.")]
    titles = [
        ("TT", 0.6), ("Cơ sở dữ liệu", 3.4), ("Mục dữ liệu", 1.1, True), ("Chia sẻ được", 1.1, True),
        ("Chưa hoặc không", 1.1, True), ("Kết luận", 3.6),
    ]  # fmt: skip
    return [
        grid(
            titles,
            rows,
            "Bảng 3. Khả năng chia sẻ theo mục dữ liệu (danh sách từng mục kèm theo ở tệp Excel)",
        )
    ]


def _actions(facts: dict[str, Any]) -> list[Block]:
    found: list[Block] = list(_lines(facts["contents"]["proposed_actions"]))
    rows = [
        (item["number"], one["name"], item["action"])
        for one in [*facts["databases"], *facts["systems"]]
        for item in one["plan"]
    ]
    if rows:
        found.append(
            grid(
                [("Số", 1.8), ("Cơ sở dữ liệu, hệ thống", 3), ("Việc cần làm", 5)],
                rows,
                "Bảng 4. Các mục nâng cấp",
            )
        )
    return found or [Text("Tiếp tục duy trì, cập nhật theo quy định; không có đề xuất nâng cấp.")]


def _lines(text: str, nothing: str = "") -> list[Block]:
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return [Text(line) for line in lines] or ([Text(nothing)] if nothing else [])


@carries("INV-06")
def report_paper(facts: dict[str, Any]) -> Paper:
    """The report of the IT unit over all units, with totals and pictures."""
    totals, units = facts["totals"], facts["units"]
    blocks: list[Block] = [
        Text(
            f"Đợt kiểm kê {facts['campaign']} năm {facts['year']} có {len(units)} đơn vị gửi kết quả, gồm "
            f"{number_text(totals['databases'])} cơ sở dữ liệu với {number_text(totals['tables'])} bảng, "
            f"{number_text(totals['columns'])} cột, {number_text(totals['rows'])} dòng và {number_text(totals['systems'])} "
            "hệ thống thông tin."
        ),
        Heading("1. Kết quả theo đơn vị"),
        _by_unit(facts),
        *_pictures(units),
        Heading("2. Cơ sở dữ liệu"),
        *_databases_of_all(facts["databases"]),
        Heading("3. Hệ thống thông tin phục vụ kết nối, chia sẻ dữ liệu"),
        *_systems(facts["systems"], 3),
        Heading("4. Dữ liệu, hệ thống chưa đạt và kế hoạch nâng cấp"),
        *_unfit(facts["unfit"]),
        *_overlapping(facts["databases"]),
        Heading("5. Đề xuất của các đơn vị"),
        *_proposals(units),
    ]
    return Paper(
        kind=REPORT,
        above=facts["above"],
        issuer=facts["agency"],
        number=f"Số: {facts['number'] or '       /BC-KKDL'}",
        motto=MOTTO,
        dated=facts["dated"],
        day=date.fromisoformat(facts["day"]),
        title="Báo cáo",
        about=f"Tổng hợp kết quả kiểm kê, đánh giá dữ liệu năm {facts['year']}",
        basis=tuple(facts["basis"]),
        blocks=tuple(blocks),
        signer=("Đơn vị chuyên trách công nghệ thông tin",),
        recipients=("Người đứng đầu cơ quan (để báo cáo)", "Các đơn vị tham gia", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"don_vi": units, "tong": totals, "chua_dat": facts["unfit"], "nam": facts["year"]},
    )


def _by_unit(facts: dict[str, Any]) -> Grid:
    titles = [
        ("TT", 0.6), ("Đơn vị", 3.4), ("CSDL", 0.9, True), ("Dòng", 1.6, True), ("Chia sẻ được", 1, True),
        ("Chưa đạt", 1, True), ("Mục dữ liệu", 1.1, True), ("Mục chia sẻ được", 1.1, True), ("Hệ thống", 1, True),
    ]  # fmt: skip
    names = ("databases", "rows", "shareable", "unfit", "items", "items_shareable", "systems")
    rows: list[tuple[Any, ...]] = [
        (place, unit["unit"], *(number_text(unit[name]) for name in names))
        for place, unit in enumerate(facts["units"], start=1)
    ]
    rows.append(("", "Tổng cộng", *(number_text(facts["totals"][name]) for name in names)))
    return grid(titles, rows, "Bảng 1. Tổng hợp theo đơn vị")


def _pictures(units: list[dict[str, Any]]) -> list[Block]:
    held = [unit for unit in units if unit["databases"]]
    if not held:
        return []
    fit = sum(unit["shareable"] for unit in held)
    whole = sum(unit["databases"] for unit in held)
    drawn = bars(
        [
            Bar(
                unit["unit"],
                (Part(unit["shareable"], "ok"), Part(unit["unfit"], "late")),
                f"{unit['shareable']}/{unit['databases']}",
            )
            for unit in sorted(held, key=lambda one: (-one["databases"], one["unit"]))
        ],
        key=[("Chia sẻ được", "ok"), ("Chưa đạt", "late")],
    )
    said = f"{fit}/{whole} cơ sở dữ liệu chia sẻ được"
    return [Picture(drawn, f"Hình 1. {said}", said)]


def _databases_of_all(databases: list[dict[str, Any]]) -> list[Block]:
    if not databases:
        return [Text("Không có cơ sở dữ liệu nào thuộc phạm vi kiểm kê.")]
    rows = [
        (
            place,
            f"{one['name']} ({one['code']})",
            one["unit"],
            number_text(one.get("rows") or 0),
            number_text(one.get("grave") or 0),
            "Đạt" if one.get("shareable") else "Chưa đạt",
        )
        for place, one in enumerate(databases, start=1)
    ]
    titles = [
        ("TT", 0.6), ("Cơ sở dữ liệu", 3.8), ("Đơn vị", 2.6), ("Dòng", 1.4, True), ("Phát hiện nghiêm trọng", 1.3, True),
        ("Chia sẻ", 1.1),
    ]  # fmt: skip
    return [grid(titles, rows, "Bảng 2. Cơ sở dữ liệu của các đơn vị")]


def _unfit(unfit: list[dict[str, Any]]) -> list[Block]:
    if not unfit:
        return [Text("Không có dữ liệu, hệ thống nào bị đánh giá chưa đạt.")]
    rows = [(one["name"], one["unit"], one["number"] or "Chưa có", one["action"]) for one in unfit]
    return [
        grid([("Cơ sở dữ liệu, hệ thống", 3), ("Đơn vị", 2), ("Mục nâng cấp", 1.9), ("Việc cần làm", 3.6)], rows,
             "Bảng 4. Mục chưa đạt và kế hoạch nâng cấp")
    ]  # fmt: skip


def _proposals(units: list[dict[str, Any]]) -> list[Block]:
    said = [
        f"{unit['unit']}: {' '.join(unit['actions'].split())}" for unit in units if unit["actions"].strip()
    ]
    return [Points(tuple(said))] if said else [Text("Các đơn vị không có đề xuất.")]


@carries("INV-03", "INV-06")
def record_sheets(facts: dict[str, Any]) -> list[Sheet]:
    """A unit's record as a workbook: databases, each data item, systems, contents."""
    head = (f"{facts['unit']}: kiểm kê, đánh giá dữ liệu năm {facts['year']}", facts["dated"])
    return [
        _database_sheet(facts["databases"], head),
        Sheet(
            "Mục dữ liệu",
            (SheetColumn("Cơ sở dữ liệu", 32), SheetColumn("Bảng", 24), SheetColumn("Cột", 24),
             SheetColumn("Phân loại", 16), SheetColumn("Chia sẻ được", 14), SheetColumn("Lý do", 44)),
            [
                (one["name"], item["table"], item["column"], CLASSES.get(item["class"], item["class"]),
                 "Có" if item["shareable"] else "Không",
                 UNFIT_BECAUSE[item["because"]][0] if item.get("because") in UNFIT_BECAUSE else "")
                for one in facts["databases"] for item in one.get("items") or []
            ],
            head,
        ),
        _system_sheet(facts["systems"], head),
        *_overlap_sheets(facts["databases"], head),
        Sheet(
            "Nội dung đánh giá",
            (SheetColumn("Nội dung", 40), SheetColumn("Kết quả", 90)),
            [*((title, facts["contents"].get(name, "")) for name, title in CONTENTS),
             ("Kết luận", facts["contents"]["conclusion"]), ("Đề xuất", facts["contents"]["proposed_actions"])],
            head,
        ),
    ]  # fmt: skip


def _database_sheet(databases: list[dict[str, Any]], head: tuple[str, ...], unit: bool = False) -> Sheet:
    columns = (
        SheetColumn("Mã", 16), SheetColumn("Cơ sở dữ liệu", 40), *((SheetColumn("Đơn vị", 28),) if unit else ()),
        SheetColumn("Loại", 14), SheetColumn("Bảng", 9, "number"), SheetColumn("Cột", 9, "number"),
        SheetColumn("Dòng", 14, "number"), SheetColumn("Độ đầy đủ", 11, "percent"), SheetColumn("Phát hiện", 11, "number"),
        SheetColumn("Nghiêm trọng", 13, "number"), SheetColumn("Chia sẻ được", 13), SheetColumn("Lý do", 40),
        SheetColumn("Kết luận", 50), SheetColumn("Đề xuất", 50), SheetColumn("Mục nâng cấp", 24),
    )  # fmt: skip
    rows = [
        (
            one["code"], one["name"], *((one["unit"],) if unit else ()), one["tier"], one.get("tables"), one.get("columns"),
            one.get("rows"), one.get("completeness"), one.get("findings"), one.get("grave"),
            "Có" if one.get("shareable") else "Chưa", one.get("reason"), one.get("conclusion"), one.get("actions"),
            ", ".join(item["number"] for item in one["plan"]),
        )
        for one in databases
    ]  # fmt: skip
    return Sheet("Cơ sở dữ liệu", columns, rows, head)


def _system_sheet(systems: list[dict[str, Any]], head: tuple[str, ...]) -> Sheet:
    columns = (
        SheetColumn("Mã", 16), SheetColumn("Hệ thống", 40), SheetColumn("Loại", 26), SheetColumn("Khả năng kết nối", 30),
        SheetColumn("Tiêu chuẩn", 26), SheetColumn("Cấp độ an toàn", 11, "number"), SheetColumn("Trạng thái", 18),
        SheetColumn("Cơ sở dữ liệu dùng", 30), SheetColumn("Chưa đạt", 40),
    )  # fmt: skip
    rows = [
        (one["code"], one["name"], one["kind"], one["connection"], one["standard"], one["safety_level"], one["state"],
         ", ".join(one["databases"]), one["faults"])
        for one in systems
    ]  # fmt: skip
    return Sheet("Hệ thống", columns, rows, head)


@carries("INV-06")
def report_sheets(facts: dict[str, Any]) -> list[Sheet]:
    """The report as a workbook: units with totals and a chart, databases, systems, what is not fit."""
    head = (f"{facts['agency']}: tổng hợp kiểm kê, đánh giá dữ liệu năm {facts['year']}", facts["dated"])
    names = ("databases", "tables", "columns", "rows", "shareable", "unfit", "grave", "items", "items_shareable",
             "systems", "systems_unfit")  # fmt: skip
    titles = ("CSDL", "Bảng", "Cột", "Dòng", "Chia sẻ được", "Chưa đạt", "Phát hiện nghiêm trọng", "Mục dữ liệu",
              "Mục chia sẻ được", "Hệ thống", "Hệ thống chưa đạt")  # fmt: skip
    columns = (SheetColumn("Đơn vị", 40), *(SheetColumn(title, 13, "number") for title in titles))
    rows = [(unit["unit"], *(unit[name] for name in names)) for unit in facts["units"]]
    return [
        Sheet("Theo đơn vị", columns, rows, head,
              Chart("Cơ sở dữ liệu chia sẻ được và chưa đạt", (0, 5, 6), (INKS["ok"], INKS["late"]))),
        Sheet("Tổng cộng", (SheetColumn("Chỉ tiêu", 30), SheetColumn("Số", 16, "number")),
              [(title, facts["totals"][name]) for title, name in zip(titles, names, strict=True)], head),
        _database_sheet(facts["databases"], head, unit=True),
        *_overlap_sheets(facts["databases"], head),
        _system_sheet(facts["systems"], head),
        Sheet("Chưa đạt", (SheetColumn("Cơ sở dữ liệu, hệ thống", 40), SheetColumn("Đơn vị", 30),
                           SheetColumn("Mục nâng cấp", 16), SheetColumn("Việc cần làm", 60)),
              [(one["name"], one["unit"], one["number"], one["action"]) for one in facts["unfit"]], head),
    ]  # fmt: skip


def sample_paper() -> Paper:
    """A short paper with every part, in which a new layout is tried."""
    contents = {name: "Nội dung thử." for name, _title in CONTENTS} | {
        "conclusion": "Đạt yêu cầu.",
        "proposed_actions": "Tiếp tục duy trì.",
    }
    return record_paper(
        {
            "year": 2026,
            "campaign": "KK-2026-0000",
            "unit": "Đơn vị thử",
            "above": "Cơ quan thử",
            "receiver": "Cơ quan thử",
            "number": "05/BB-KKDL",
            "day": "2026-03-05",
            "dated": "An Lộc, ngày 05 tháng 3 năm 2026",
            "basis": ["Căn cứ Luật Dữ liệu"],
            "rule_set": "Luật Dữ liệu",
            "deadline": {},
            "databases": [
                {"code": "H99.DB01", "name": "CSDL thử", "tier": "Địa phương", "plan": [], "tables": 1, "columns": 2,
                 "rows": 3, "completeness": 90.0, "shareable": True, "items": [], "findings": 0, "grave": 0, "told": [],
                 "conclusion": "Đạt.", "quality": "", "standards": "", "upkeep": "", "reason": ""}
            ],
            "systems": [],
            "contents": contents,
        }
    )  # fmt: skip


def sample_report() -> Paper:
    """A short report with every part, in which a new layout is tried."""
    totals = {"databases": 1, "tables": 1, "columns": 2, "rows": 3, "shareable": 1, "unfit": 1, "grave": 0, "items": 2,
              "items_shareable": 1, "systems": 0, "systems_unfit": 0}  # fmt: skip
    database = {
        "code": "H99.DB01",
        "name": "CSDL thử",
        "unit": "Đơn vị thử",
        "rows": 3,
        "grave": 0,
        "shareable": True,
    }
    return report_paper(
        {
            "year": 2026,
            "campaign": "KK-2026-0000",
            "agency": "Cơ quan thử",
            "above": "",
            "number": "06/BC-KKDL",
            "day": "2026-03-05",
            "dated": "An Lộc, ngày 05 tháng 3 năm 2026",
            "basis": ["Căn cứ Luật Dữ liệu"],
            "totals": totals,
            "units": [{"unit": "Đơn vị thử", "actions": "Tiếp tục duy trì.", **totals}],
            "databases": [database],
            "systems": [],
            "unfit": [
                {"name": "CSDL thử", "unit": "Đơn vị thử", "number": "NC-2026-0001", "action": "Bổ sung."}
            ],
        }
    )
