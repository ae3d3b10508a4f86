"""The report of a correction in official form, in either language: what was wrong, what was found, mended, made known."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation

from lienthong.foundation.pagekit.figures import due_text, number_text
from lienthong.foundation.papers.shapes import MOTTO, Block, Grid, Heading, Paper, Text, dated, grid, sample
from lienthong.foundation.tracing import carries
from lienthong.law.queries import basis_on, citations_for, clock_views, clocks_of

from .correction_records import notices_of
from .correction_rules import is_equal
from .models import CorrectionCase, CorrectionRow, CorrectionState

KIND = "authority.correction"
TITLE, TITLE_EN = "Báo cáo", "Report"
# Rows of the paper; further ones are counted.
MOST_ROWS = 100
NUMBER = re.compile(r"^(Bảng|Table) \d+\.")
KINDS = {
    "missing": ("thiếu", "missing"),
    "extra": ("thừa", "one too many"),
    "changed": ("sai", "wrong"),
}


@carries("QUA-01", "SEC-02")
def correction_paper(case: CorrectionCase, locale: str = "vi", day: date | None = None) -> Paper:
    """What was reported, what the provider found, how it was mended and by which proof, who was told and when.

    Values of personal columns stand masked, as they are kept. Costs one read of the rows it shows, of the terms and of who
    was told.
    """
    language = "vi" if locale.startswith("vi") else "en"
    on = day or timezone.localdate()
    with translation.override(language):
        unit = case.database.managing_unit
        rests_on = citations_for("QUA-01", *(("GOVF-12",) if case.is_slip or case.is_critical else ()),
                             *(("DIS-02",) if case.level else ()), on=on)  # fmt: skip
        vi = language == "vi"
        return Paper(
            kind=KIND,
            above=unit.parent.display_name(language) if unit.parent else "",
            issuer=unit.display_name(language),
            number="Số:       /BC" if vi else f"No. {case.number}",
            motto=MOTTO if vi else (),
            dated=dated("", on) if vi else f"{on.day} {on:%B %Y}",
            day=on,
            title=TITLE if vi else TITLE_EN,
            about=(
                f"Kết quả xử lý dữ liệu sai lệch, hồ sơ {case.number}"
                if vi
                else f"Wrong data and their correction, case {case.number}"
            ),
            basis=tuple(basis_on(on)) if vi else (),
            blocks=tuple(_blocks(case, language, rests_on)),
            signer=("Thủ trưởng đơn vị",) if vi else ("Head of the unit",),
            recipients=(*_recipients(case, language), *(("Lưu: VT",) if vi else ())),
            recipients_title="Nơi nhận:" if vi else "To:",
            language=language,
            data=_data(case),
        )


def _recipients(case: CorrectionCase, language: str) -> list[str]:
    told = [one.agency.display_name(language) for one in notices_of(case)]
    if not told and case.reporter is not None:
        told = [case.reporter.display_name(language)]
    return list(dict.fromkeys(told))[:20]


def _data(case: CorrectionCase) -> dict[str, Any]:
    return {
        "ho_so": case.number,
        "csdl": case.database.name,
        "noi_dung_sai": case.text,
        "trang_thai": str(CorrectionState(case.state).label),
        "ket_qua": case.finding,
        "cach_dinh_chinh": case.measure,
        "chung_minh": case.proof,
        "noi_dung_thong_bao": case.summary,
        "ben_duoc_thong_bao": [
            {
                "ten": one.agency.name,
                "luc": _moment(one.told_at),
                "nhan_luc": _moment(one.received_at) if one.received_at else "",
            }
            for one in notices_of(case)
        ],
    }


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at is not None else "–"


def _blocks(case: CorrectionCase, language: str, rests_on: list[str]) -> list[Block]:
    vi = language == "vi"

    def said(one: str, other: str) -> str:
        return one if vi else other

    parts = [
        (said("Dữ liệu bị báo sai", "Data reported as wrong"), _reported(case, said, language)),
        (said("Kết quả kiểm tra", "Result of the check"), _checked(case, said)),
        (said("Đính chính", "Correction"), _corrected(case, said)),
        (said("Thông báo cho các bên khai thác", "Consumers informed"), _told(case, said, language)),
        (said("Thời hạn", "Terms"), _terms(case, said)),
    ]
    blocks: list[Block] = []
    for place, (title, inner) in enumerate(parts, start=1):
        blocks += [Heading(f"{place}. {title}"), *inner]
    if case.outcome:
        blocks.append(Text(said("Kết thúc hồ sơ: ", "The case was closed: ") + case.outcome))
    if rests_on:
        line = (
            said("Quy định về việc đính chính: ", "Provisions on corrections: ") + "; ".join(rests_on) + "."
        )
        blocks.append(Text(line, italic=True))
    return _numbered(blocks)


def _numbered(blocks: list[Block]) -> list[Block]:
    """The same with the captions of its tables counted through: a part that has nothing to tell has no table."""
    count = itertools.count(1)
    return [
        replace(block, caption=NUMBER.sub(lambda found: f"{found[1]} {next(count)}.", block.caption))
        if isinstance(block, Grid)
        else block
        for block in blocks
    ]


def _reported(case: CorrectionCase, said: Any, language: str) -> list[Block]:
    dataset = case.dataset
    lines = [
        (said("Cơ sở dữ liệu", "Database"), f"{case.database.display_name(language)} ({case.database.code})"),
        (said("Bộ dữ liệu", "Dataset"), dataset.display_name(language) if dataset is not None else ""),
        (said("Phiên bản bị báo sai", "Version reported on"), case.version or ""),
        (said("Bảng, cột", "Table, columns"), case.place),
        (said("Báo qua", "Reported through"), case.get_origin_display()),
        (said("Số phiếu cảnh báo", "Warning slip"), case.slip),
        (said("Bên báo", "Reporter"), case.reporter.display_name(language) if case.reporter else ""),
        (said("Báo lúc", "Reported at"), _moment(case.reported_at)),
        (
            said("Số dòng sai lệch", "Rows that differ"),
            said(
                f"{number_text(case.counted)}: thiếu {number_text(case.missing)}, thừa {number_text(case.extra)}, "
                f"khác giá trị {number_text(case.changed)}",
                f"{number_text(case.counted)}: {number_text(case.missing)} missing, {number_text(case.extra)} too "
                f"many, {number_text(case.changed)} with different values",
            )
            if case.counted
            else "",
        ),
    ]
    blocks: list[Block] = [
        grid(
            [(said("Nội dung", "Item"), 2.2), (said("Thông tin", "Fact"), 5)],
            [line for line in lines if line[1]],
            said("Bảng 1. Thông tin hồ sơ", "Table 1. The case"),
        ),
        *[Text(line) for line in case.text.splitlines() if line.strip()],
    ]
    if case.is_critical:
        blocks.append(
            Text(said("Có cột định danh bị sai; các dòng này không được đồng bộ cho đến khi đính chính.",
                      "An identifying column is at fault; these rows are not synchronised until they are mended."))
        )  # fmt: skip
    return blocks + _rows(case, said)


def _rows(case: CorrectionCase, said: Any) -> list[Block]:
    kept = list(case.rows.all()[:MOST_ROWS])
    if not kept:
        return []
    in_all = case.rows.count()
    blocks: list[Block] = [
        grid(
            [
                (said("Khóa", "Key"), 2), (said("Sai lệch", "Difference"), 1.4), (said("Cột", "Column"), 2),
                (said("Bên làm chuẩn", "What counts"), 3), (said("Giá trị bị báo", "Value reported"), 3),
            ],
            [line for row in kept for line in _row_lines(row, said)],
            said("Bảng 2. Các dòng bị báo sai", "Table 2. Rows reported as wrong"),
        )
    ]  # fmt: skip
    if in_all > len(kept):
        blocks.append(
            Text(said(f"Bảng nêu {len(kept)} trong {number_text(in_all)} dòng.",
                      f"The table shows {len(kept)} of {number_text(in_all)} rows."), italic=True)
        )  # fmt: skip
    if any(row.sealed for row in kept):
        blocks.append(
            Text(said("Giá trị dữ liệu cá nhân đã được che.", "Personal values are masked."), italic=True)
        )
    return blocks


def _row_lines(row: CorrectionRow, said: Any) -> list[tuple[str, ...]]:
    shown = row.shown
    left, right = shown.get("left") or {}, shown.get("right") or {}
    key = ", ".join(str(value) for value in (shown.get("key") or {}).values())
    kind = said(*KINDS.get(row.kind, (row.kind, row.kind)))
    columns = list(row.columns or [*dict.fromkeys([*left, *right])])[:20] or [""]
    return [(key, kind, name, _value(left.get(name)), _value(right.get(name))) for name in columns]


def _value(value: Any) -> str:
    return "–" if value is None else str(value)[:120]


def _checked(case: CorrectionCase, said: Any) -> list[Block]:
    if case.verified_at is None:
        words = case.finding or said("Chưa có kết quả kiểm tra.", "Nothing has been found yet.")
        return [Text(line) for line in words.splitlines() if line.strip()]
    verdict = (
        said("Dữ liệu không sai lệch", "The data were found right")
        if case.found_right
        else said("Dữ liệu có sai lệch", "The data were found wrong")
    )
    blocks: list[Block] = [
        Text(f"{verdict} ({_moment(case.verified_at)}). {case.finding}".strip()),
    ]
    if case.contested:
        blocks.append(Text(said("Bên báo không đồng ý: ", "Contested by the reporter: ") + case.contested))
    if case.settlement:
        blocks.append(
            Text(
                f"{said('Kết luận giải quyết', 'Settlement')} ({case.get_settled_at_level_display()}): {case.settlement}"
            )
        )
    return blocks


def _corrected(case: CorrectionCase, said: Any) -> list[Block]:
    if case.corrected_at is None:
        return [Text(said("Không có nội dung đính chính.", "Nothing was corrected."))]
    proof = (
        said(
            f"phiên bản {case.proof_version.number}, công bố lúc {_moment(case.proof_version.published_at)}",
            f"version {case.proof_version.number}, published at {_moment(case.proof_version.published_at)}",
        )
        if case.proof_version is not None
        else case.proof
    )
    blocks: list[Block] = [
        Text(f"{_moment(case.corrected_at)}: {case.measure}"),
        Text(f"{said('Chứng minh', 'Proof')}: {proof}."),
    ]
    if case.checked_rows is not None:
        blocks.append(
            Text(said(f"Trong các dòng bị báo, {number_text(case.checked_rows)} dòng đã thay đổi ở phiên bản này.",
                      f"Of the rows reported, {number_text(case.checked_rows)} changed in this version."))
        )  # fmt: skip
    if is_equal(case.proof_certificate):
        digest = str(case.proof_certificate.get("digest") or "")
        blocks.append(
            Text(said(f"Chứng nhận đối soát: hai bên bằng nhau; mã kiểm tra {digest}.",
                      f"Certificate of reconciliation: both sides are equal; digest {digest}."))
        )  # fmt: skip
    return blocks


def _told(case: CorrectionCase, said: Any, language: str) -> list[Block]:
    notices = list(notices_of(case))
    if case.broadcast_at is None:
        return [Text(said("Chưa thông báo.", "Nobody was informed yet."))]
    blocks: list[Block] = [Text(f"{_moment(case.broadcast_at)}: {case.summary}")]
    if notices:
        blocks.append(
            grid(
                [
                    (said("Cơ quan", "Agency"), 4), (said("Khai thác qua", "Uses the data through"), 3),
                    (said("Thông báo lúc", "Told at"), 2), (said("Xác nhận nhận lúc", "Received at"), 2),
                ],
                [
                    (
                        one.agency.display_name(language),
                        f"{one.get_through_display()} {one.reference}".strip(),
                        _moment(one.told_at),
                        _moment(one.received_at),
                    )
                    for one in notices
                ],
                said("Bảng 3. Các bên được thông báo", "Table 3. Who was told"),
            )
        )  # fmt: skip
    return blocks


def _terms(case: CorrectionCase, said: Any) -> list[Block]:
    terms = clock_views(clocks_of(case).select_related("parameter", "rule_set", "provision__instrument"))
    if not terms:
        return [Text(said("Không có thời hạn nào được đặt.", "No term was set."))]
    return [
        grid(
            [
                (said("Thời hạn", "Term"), 4), (said("Đến hạn", "Due at"), 2), (said("Kết thúc lúc", "Ended at"), 2),
                (said("Kết quả", "Result"), 1.6),
            ],
            [
                (
                    one.label,
                    due_text(one.due_at),
                    _moment(one.stopped),
                    said("đang tính", "running")
                    if one.stopped is None
                    else said("đúng hạn", "in time")
                    if one.stopped <= one.due_at
                    else said("quá hạn", "late"),
                )
                for one in terms
            ],
            said("Bảng 4. Các thời hạn", "Table 4. Terms"),
        )
    ]  # fmt: skip


def sample_paper() -> Paper:
    """A short report, in which a new layout is tried."""
    data = {
        "ho_so": "SL-2026-0000",
        "csdl": "Cơ sở dữ liệu thử",
        "noi_dung_sai": "Tên xã còn cũ",
        "trang_thai": "Đã kết thúc",
        "ket_qua": "Đúng là tên cũ",
        "cach_dinh_chinh": "Sửa tại nguồn",
        "chung_minh": "phiên bản 2",
        "noi_dung_thong_bao": "Tên xã đã được đính chính",
        "ben_duoc_thong_bao": [{"ten": "Sở thử", "luc": "08:00 05/03/2026", "nhan_luc": ""}],
    }
    return sample(KIND, TITLE, "Kết quả xử lý dữ liệu sai lệch, hồ sơ SL-2026-0000", data)
