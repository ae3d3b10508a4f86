"""The record of a reconciliation in official form, in either language; the workbook of its rows and of all flows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone, translation

from lienthong.foundation.pagekit.figures import number_text, percent_text
from lienthong.foundation.papers.shapes import MOTTO, Block, Heading, Paper, Text, dated, grid, sample
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries
from lienthong.law.answers import Cited
from lienthong.law.queries import grounds_for

from .flow_rows import ShownRow
from .models import DifferenceKind, Reconciliation

KIND = "authority.reconciliation"
TITLE, TITLE_EN = "Biên bản đối soát", "Record of reconciliation"


def certificate_facts(found: Reconciliation) -> dict[str, Any]:
    """What a reconciliation found, as its paper and its workbook say it."""
    flow = found.flow
    source = flow.source_database
    return {
        "number": found.number,
        "flow": flow.number,
        "database": flow.database,
        "source_name": flow.source_name,
        "source_owner": source.owner if source is not None else None,
        "feed_owner": flow.feed_owner,
        "table": flow.target_table,
        "made_at": timezone.localtime(found.made_at),
        "source_at": found.source_at,
        "target_at": found.target_at,
        "source_rows": found.source_rows,
        "target_rows": found.target_rows,
        "missing": found.missing,
        "extra": found.extra,
        "changed": found.changed,
        "differing": found.differing,
        "held": found.held,
        "held_by": ", ".join(found.held_by),
        "is_equal": found.is_equal,
        "completeness": found.completeness,
        "accuracy": found.accuracy,
        "timeliness": found.timeliness,
        "runs_due": found.runs_due,
        "runs_in_time": found.runs_in_time,
        "certificate": found.certificate,
        "digest": found.digest,
        "unit": flow.responsible_unit,
    }


def _basis(day: date) -> list[Cited]:
    return [ground.cited for ground in grounds_for("D278-12", on=day) if ground.holds]


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M:%S %d/%m/%Y}" if at is not None else "—"


@carries("D278-12")
def certificate_paper(facts: dict[str, Any], locale: str = "vi") -> Paper:
    """The record of a reconciliation of a copy with its source, with the certificate, in one of the two languages."""
    language = "vi" if locale.startswith("vi") else "en"
    vi = language == "vi"
    with translation.override(language):
        database, owner = facts["database"], facts["source_owner"]
        blocks = _blocks(facts, language)
        day = facts["made_at"].date()
        unit = database.managing_unit
        return Paper(
            kind=KIND,
            above=unit.parent.display_name(language) if unit.parent else "",
            issuer=unit.display_name(language),
            number="Số:       /BB-ĐS" if vi else f"No. {facts['number']}",
            motto=MOTTO if vi else (),
            dated=dated("", day) if vi else f"{day.day} {day:%B %Y}",
            day=day,
            title=TITLE if vi else TITLE_EN,
            about=(
                f"{facts['number']}: {database.display_name(language)} với nguồn {facts['source_name']}"
                if vi
                else f"{facts['number']}: {database.display_name(language)} with its source {facts['source_name']}"
            ),
            basis=tuple(
                f"Căn cứ {one.citation_vi}" if vi else f"Under {one.citation_en}" for one in _basis(day)
            ),
            blocks=tuple(blocks),
            cosigner=(f"Đại diện {facts['unit'].name}" if vi else f"For {facts['unit'].display_name('en')}",),
            signer=(
                f"Đại diện {owner.name if owner else facts['feed_owner']}"
                if vi
                else f"For {owner.display_name('en') if owner else facts['feed_owner']}",
            ),
            recipients=("Hai bên", "Lưu: VT") if vi else ("Both sides",),
            recipients_title="Nơi nhận:" if vi else "To:",
            language=language,
            data={
                "luong": facts["flow"],
                "ket_qua": "bằng nhau" if facts["is_equal"] else f"{facts['differing']} dòng sai lệch",
                "giu_lai": facts["held"],
                "chung_nhan": facts["certificate"],
            },
        )


def _blocks(facts: dict[str, Any], language: str) -> list[Block]:
    vi = language == "vi"

    def said(one: str, other: str) -> str:
        return one if vi else other

    left, right = facts["certificate"].get("left", {}), facts["certificate"].get("right", {})
    verdict = (
        said("Hai bên bằng nhau.", "Both sides are equal.")
        if facts["is_equal"]
        else said(
            f"Có {number_text(facts['differing'])} dòng sai lệch: thiếu {number_text(facts['missing'])}, thừa "
            f"{number_text(facts['extra'])}, khác giá trị {number_text(facts['changed'])}.",
            f"{number_text(facts['differing'])} rows differ: {number_text(facts['missing'])} missing, "
            f"{number_text(facts['extra'])} only in the copy, {number_text(facts['changed'])} with different values.",
        )
        if facts["differing"]
        else said(
            "Không có sai lệch ngoài các dòng đang giữ lại.", "No discrepancy besides the rows held back."
        )
        if facts["held"]
        else said("Nguồn đang thay đổi khi đối soát.", "The source was changing while it was compared.")
    )
    held = said(
        f"Giữ lại {number_text(facts['held'])} dòng theo hồ sơ đính chính {facts['held_by']}, không tính là sai lệch.",
        f"{number_text(facts['held'])} rows are held back by correction {facts['held_by']}; they are no discrepancies.",
    )
    timeliness = (
        said("Không có lượt đến hạn từ lần đối soát trước", "No run was due since the one before")
        if facts["timeliness"] is None
        else f"{percent_text(facts['timeliness'], 1)} ({facts['runs_in_time']}/{facts['runs_due']})"
    )
    return [
        Heading(said("1. Kết quả", "1. Result")),
        Text(verdict),
        *([Text(held)] if facts["held"] else []),
        grid(
            [(said("Chỉ tiêu", "Measure"), 3), (said("Giá trị", "Value"), 3)],
            [
                (said("Đầy đủ", "Completeness"), percent_text(facts["completeness"], 3)),
                (said("Chính xác", "Accuracy"), percent_text(facts["accuracy"], 3)),
                (said("Kịp thời", "Timeliness"), timeliness),
            ],
            said("Bảng 1. Đầy đủ, chính xác, kịp thời", "Table 1. Completeness, accuracy, timeliness"),
        ),
        Heading(said("2. Số liệu hai bên", "2. Figures of both sides")),
        grid(
            [("", 2), (said("Nguồn", "Source"), 4), (said("Bản sao", "Copy"), 4)],
            [
                (said("Dữ liệu", "Data"), facts["source_name"], f"{facts['database'].display_name(language)}, {facts['table']}"),
                (said("Số dòng", "Rows"), number_text(facts["source_rows"]), number_text(facts["target_rows"])),
                (said("Đọc lúc", "Read at"), _moment(facts["source_at"]), _moment(facts["target_at"])),
                (said("Mã kiểm tra", "Digest"), _broken(left.get("digest", "")), _broken(right.get("digest", ""))),
            ],
            said("Bảng 2. Nguồn và bản sao", "Table 2. Source and copy"),
        ),
        Heading(said("3. Chứng nhận", "3. Certificate")),
        grid(
            [(said("Nội dung", "Item"), 3), (said("Giá trị", "Value"), 7)],
            [
                (said("Dạng chuẩn", "Canonical form"), facts["certificate"].get("form", "")),
                (said("Mã kiểm tra của chứng nhận", "Digest of the certificate"), _broken(facts["digest"])),
                (
                    said("Các cột đã so", "Columns compared"),
                    ", ".join(str(one.get("right", "")) for one in facts["certificate"].get("columns", [])),
                ),
            ],
            said("Bảng 3. Chứng nhận", "Table 3. The certificate"),
        ),
        Text(
            said(
                "Tệp JSON kèm theo kiểm chứng được bằng lệnh lienthong reconcile --verify.",
                "The JSON file that goes with it is verified by lienthong reconcile --verify.",
            )
        ),
    ]  # fmt: skip


def _broken(digest: str) -> str:
    """A digest in groups, so that a narrow cell can break it."""
    return " ".join(digest[place : place + 16] for place in range(0, len(digest), 16))


@carries("D278-12")
def discrepancy_sheets(facts: dict[str, Any], rows: Sequence[ShownRow]) -> list[Sheet]:
    """The reconciliation as a workbook; the rows that differ as the reader may see them."""
    words = {kind: str(DifferenceKind(kind).label) for kind in DifferenceKind.values}
    head = (
        f"{facts['number']}: {facts['source_name']} → {facts['database'].shown_name}",
        _moment(facts["made_at"]),
    )
    return [
        Sheet(
            "Kết quả",
            (SheetColumn("Chỉ tiêu", 34), SheetColumn("Nguồn", 30), SheetColumn("Bản sao", 30)),
            [
                ("Số dòng", facts["source_rows"], facts["target_rows"]),
                ("Thiếu ở bản sao", "", facts["missing"]),
                ("Chỉ có ở bản sao", "", facts["extra"]),
                ("Khác giá trị", "", facts["changed"]),
                *([("Đang giữ lại", "", facts["held"])] if facts["held"] else []),
                ("Đầy đủ (%)", "", facts["completeness"]),
                ("Chính xác (%)", "", facts["accuracy"]),
                ("Kịp thời (%)", "", facts["timeliness"]),
                ("Mã kiểm tra của chứng nhận", facts["digest"], ""),
            ],
            head,
        ),
        Sheet(
            "Sai lệch",
            (SheetColumn("Khóa", 24), SheetColumn("Loại", 22), SheetColumn("Cột", 24), SheetColumn("Nguồn", 36),
             SheetColumn("Bản sao", 36)),
            [
                (one.key, words[one.row.kind], cell.column, cell.source, cell.copy)
                for one in rows
                for cell in one.cells
            ],
            head,
        ),
    ]  # fmt: skip


def flow_sheet(rows: Iterable[tuple[Any, Any]]) -> Sheet:
    """All flows of a reader as one sheet, each with how it stands."""
    columns = (
        SheetColumn("Số", 16), SheetColumn("Bản sao", 44), SheetColumn("Bảng", 24), SheetColumn("Nguồn", 44),
        SheetColumn("Tình trạng", 26), SheetColumn("Tần suất", 20), SheetColumn("Lượt tiếp theo", 20),
        SheetColumn("Đồng bộ xong lúc", 20), SheetColumn("Đối soát lúc", 20), SheetColumn("Đơn vị chịu trách nhiệm", 36),
        SheetColumn("Hồ sơ chồng lấn", 18),
    )  # fmt: skip
    lines = [
        (
            flow.number, flow.database.shown_name, flow.target_table, flow.source_name, standing.word,
            flow.get_frequency_display(), _moment(flow.next_due_at), _moment(flow.last_good_at),
            _moment(flow.reconciled_at), flow.responsible_unit.shown_name, flow.case.number if flow.case else "",
        )
        for flow, standing in rows
    ]  # fmt: skip
    return Sheet("Luồng đồng bộ", columns, lines, lines=("Luồng đồng bộ, đối soát",))


def sample_paper() -> Paper:
    """A short record, in which a new layout is tried."""
    data = {"luong": "LDB-2026-0000", "ket_qua": "bằng nhau", "chung_nhan": {"form": "c1"}}
    return sample(KIND, TITLE, "DS-2026-0000: danh mục thử với nguồn", data)
