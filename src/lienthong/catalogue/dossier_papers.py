"""The papers of a national dossier in official form: the dossier, its letter, the draft list with its submission.

Written in Vietnamese, as official papers are.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation

from lienthong.foundation.papers.shapes import MOTTO, Block, Heading, Paper, Points, Text, dated, grid
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries
from lienthong.law.basis import status_on
from lienthong.law.queries import basis_on, rule_set_on

from .models import DossierKind, DossierState, NationalDossier, NationalListDraft
from .national import approver_on, bases_of, coordinating_unit, criteria_of, dossiers_in, list_entry, parts_of

EXPLANATION, LETTER, LIST = (
    "catalogue.national_explanation",
    "catalogue.national_letter",
    "catalogue.national_list",
)
ASKED = {
    DossierKind.ADD: "bổ sung vào danh mục",
    DossierKind.EDIT: "sửa đổi trong danh mục",
    DossierKind.WITHDRAW: "rút khỏi danh mục",
}


def _coordinator() -> str:
    """To whom a dossier goes: the body of the unit that receives dossiers, or its part in the law where nobody does."""
    unit = coordinating_unit()
    if unit is None:
        return "Cơ quan chủ trì tổng hợp danh mục cơ sở dữ liệu quốc gia"
    return (unit.parent or unit).name


def _lines(text: str) -> list[Block]:
    return [Text(line.strip()) for line in text.splitlines() if line.strip()] or [Text("(Chưa viết)")]


@carries("NDB-03", "LTE-03")
def dossier_paper(dossier: NationalDossier) -> Paper:
    """The dossier itself: criteria with evidence, parts, legal texts with their status on the day."""
    with translation.override("vi"):
        database, day = dossier.database, dossier.proposed_on
        blocks: list[Block] = [
            Text(
                f"{database.owner.name} đề xuất {ASKED[DossierKind(dossier.kind)]} cơ sở dữ liệu quốc gia đối với "
                f"{database.name} (mã {database.code}). Nội dung thuyết minh theo quy định áp dụng ngày "
                f"{day:%d/%m/%Y}: {rule_set_on(day).title_vi}."
            )
        ]
        if dossier.reason:
            blocks += [Heading("Lý do đề xuất"), *_lines(dossier.reason)]
        if dossier.kind != DossierKind.WITHDRAW:
            blocks.append(Heading("I. Đáp ứng tiêu chí cơ sở dữ liệu quốc gia"))
            blocks.append(_criteria(dossier))
            blocks.append(Heading("II. Nội dung thuyết minh"))
            for place, line in enumerate(parts_of(dossier), start=1):
                blocks += [Heading(f"{place}. {line.item.vi}", 2), *_lines(line.text)]
            blocks.append(Heading("III. Văn bản, chủ trương liên quan"))
            blocks.append(_bases(dossier))
        return Paper(
            kind=EXPLANATION,
            above=database.owner.parent.name if database.owner.parent else "",
            issuer=database.owner.name,
            number=f"Số hồ sơ: {dossier.number}",
            motto=MOTTO,
            dated=dated(dossier.place, dossier.letter_date or timezone.localdate()),
            day=dossier.letter_date or timezone.localdate(),
            title="Thuyết minh",
            about=f"Đề xuất cơ sở dữ liệu quốc gia: {database.name}",
            basis=tuple(basis_on(day)),
            blocks=tuple(blocks),
            signer=("Thủ trưởng cơ quan",),
            signer_name=dossier.signer,
            data={"ho_so": dossier.number, "ma": database.code},
        )


def _criteria(dossier: NationalDossier) -> Block:
    rows = [
        (
            place,
            f"{line.item.vi} ({line.item.provision.citation_vi})",
            "Đạt" if line.is_met and line.is_shown else "Chưa đạt",
            " ".join(line.evidence.split())
            + (f" Tệp kèm theo: {', '.join(file.name for file in line.files)}." if line.files else ""),
        )
        for place, line in enumerate(criteria_of(dossier), start=1)
    ]
    return grid(
        [("TT", 0.6), ("Tiêu chí", 3.4), ("Kết quả", 1.1), ("Minh chứng", 4.2)],
        rows,
        "Bảng 1. Đối chiếu tiêu chí",
    )


def _bases(dossier: NationalDossier) -> Block:
    day = dossier.proposed_on
    rows = [
        (place, line.basis.text, line.basis.says, status_on(line.basis.text, day))
        for place, line in enumerate(bases_of(dossier), start=1)
    ]
    if not rows:
        return Text("Chưa ghi văn bản nào.")
    return grid(
        [("TT", 0.6), ("Văn bản", 3.4), ("Nội dung", 3), (f"Hiệu lực tại {day:%d/%m/%Y}", 2)],
        rows,
        "Bảng 2. Văn bản, chủ trương nêu cơ sở dữ liệu",
    )


@carries("NDB-04")
def letter_paper(dossier: NationalDossier) -> Paper:
    """The official letter with which the dossier is sent."""
    database = dossier.database
    day = dossier.letter_date or timezone.localdate()
    asked = ASKED[DossierKind(dossier.kind)]
    blocks: list[Block] = [
        Text(
            f"{database.owner.name} đề nghị {asked} cơ sở dữ liệu quốc gia đối với {database.name} "
            f"(mã {database.code})."
        ),
    ]
    if dossier.reason:
        blocks.append(Text(f"Lý do: {' '.join(dossier.reason.split())}"))
    if dossier.times_returned:
        blocks.append(
            Text(
                "Hồ sơ đã được bổ sung theo ý kiến của cơ quan tổng hợp: "
                + " ".join(dossier.returned_because.split())
            )
        )
    blocks += [
        Text("Hồ sơ kèm theo gồm:"),
        Points(
            (
                f"Thuyết minh đề xuất cơ sở dữ liệu quốc gia, số hồ sơ {dossier.number};",
                "Tài liệu minh chứng theo từng tiêu chí.",
            )
        ),
        Text("Đề nghị cơ quan chủ trì tổng hợp, trình cấp có thẩm quyền phê duyệt./."),
    ]
    return Paper(
        kind=LETTER,
        above=database.owner.parent.name if database.owner.parent else "",
        issuer=database.owner.name,
        number=f"Số: {dossier.letter_number or '       '}",
        motto=MOTTO,
        dated=dated(dossier.place, day),
        day=day,
        title="",
        about=f"đề nghị {asked} cơ sở dữ liệu quốc gia",
        addressed=_coordinator(),
        basis=tuple(basis_on(day)),
        blocks=tuple(blocks),
        signer=("Thủ trưởng cơ quan",),
        signer_name=dossier.signer,
        recipients=("Như trên", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"ho_so": dossier.number, "ma": database.code},
    )


@carries("NDB-05", "NDB-06", "LTE-03")
def list_paper(draft: NationalListDraft) -> Paper:
    """The draft list with what each entry says, for submission to the approver of the day."""
    day = draft.submitted_on or timezone.localdate()
    approver = draft.approver_vi or approver_on(day).vi
    dossiers = list(dossiers_in(draft))
    rows = [
        (place, list_entry(one, 0)["name"], one.database.owner.name, one.get_kind_display(), one.number)
        for place, one in enumerate(dossiers, start=1)
    ]
    blocks: list[Block] = [
        Text(
            f"{draft.agency.name} đã tổng hợp {len(dossiers)} hồ sơ đề xuất của các cơ quan và kính trình {approver} "
            "xem xét, phê duyệt danh mục cơ sở dữ liệu quốc gia."
        ),
        grid(
            [("TT", 0.6), ("Cơ sở dữ liệu", 3.6), ("Chủ quản", 2.4), ("Đề xuất", 1.8), ("Hồ sơ", 1.4)],
            rows,
            "Bảng 1. Dự thảo danh mục cơ sở dữ liệu quốc gia",
        ),
    ]
    for place, one in enumerate(dossiers, start=1):
        entry = list_entry(one, 0)
        blocks.append(Heading(f"{place}. {entry['name']}"))
        if one.kind == DossierKind.WITHDRAW:
            blocks.append(Text(f"Đề nghị rút. Lý do: {' '.join(one.reason.split())}"))
            continue
        blocks.append(
            grid(
                [("Nội dung", 2.4), ("Chi tiết", 6)],
                [(part["vi"], part["text"]) for part in entry["parts"] if part["key"] != "name"],
            )
        )
        if entry["official_value"]:
            blocks.append(Text("Dữ liệu chủ có giá trị sử dụng chính thức như văn bản giấy.", italic=True))
    return Paper(
        kind=LIST,
        above=draft.agency.parent.name if draft.agency.parent else "",
        issuer=draft.agency.name,
        number=f"Số: {draft.submission_number or '       /TTr'}",
        motto=MOTTO,
        dated=dated("", day),
        day=day,
        title="Tờ trình",
        about="Phê duyệt danh mục cơ sở dữ liệu quốc gia",
        basis=tuple(basis_on(day)),
        blocks=tuple(blocks),
        signer=("Thủ trưởng cơ quan",),
        recipients=(approver, "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"du_thao": draft.number, "so_ho_so": len(dossiers)},
    )


def dossier_sheets(dossier: NationalDossier) -> list[Sheet]:
    """A dossier as a workbook: parts, criteria, legal texts."""
    head = (
        f"Hồ sơ {dossier.number}: {dossier.database.name}",
        f"Quy định ngày {dossier.proposed_on:%d/%m/%Y}",
    )
    return [
        Sheet(
            "Thuyết minh",
            (SheetColumn("Phần", 36), SheetColumn("Nội dung", 90)),
            [(line.item.vi, line.text) for line in parts_of(dossier)],
            head,
        ),
        Sheet(
            "Tiêu chí",
            (SheetColumn("Tiêu chí", 48), SheetColumn("Căn cứ", 36), SheetColumn("Đạt", 8), SheetColumn("Minh chứng", 80)),
            [
                (line.item.vi, line.item.provision.citation_vi, "Có" if line.is_met else "Chưa", line.evidence)
                for line in criteria_of(dossier)
            ],
            head,
        ),
        Sheet(
            "Văn bản",
            (SheetColumn("Văn bản", 60), SheetColumn("Nội dung", 60), SheetColumn("Hiệu lực", 30)),
            [
                (line.basis.text, line.basis.says, status_on(line.basis.text, dossier.proposed_on))
                for line in bases_of(dossier)
            ],
            head,
        ),
    ]  # fmt: skip


def list_sheets(draft: NationalListDraft) -> list[Sheet]:
    """The draft list as a workbook, one row for each database with every part."""
    dossiers = list(dossiers_in(draft))
    titles: dict[str, str] = {}
    entries: list[tuple[NationalDossier, dict[str, Any]]] = [(one, list_entry(one, 0)) for one in dossiers]
    for _, entry in entries:
        titles |= {part["key"]: part["vi"] for part in entry["parts"] if part["key"] != "name"}
    rows = []
    for one, entry in entries:
        texts = {part["key"]: part["text"] for part in entry["parts"]}
        with translation.override("vi"):
            rows.append(
                (entry["code"], entry["name"], entry["owner"], str(one.get_kind_display()), one.number,
                 str(DossierState(one.state).label), *(texts.get(key, "") for key in titles))
            )  # fmt: skip
    columns = (
        SheetColumn("Mã", 12), SheetColumn("Cơ sở dữ liệu", 28), SheetColumn("Chủ quản", 18), SheetColumn("Đề xuất", 14),
        SheetColumn("Hồ sơ", 16), SheetColumn("Trạng thái", 16), *(SheetColumn(title, 28) for title in titles.values()),
    )  # fmt: skip
    return [
        Sheet(
            "Dự thảo danh mục", columns, rows, (f"Dự thảo {draft.number}: danh mục cơ sở dữ liệu quốc gia",)
        )
    ]
