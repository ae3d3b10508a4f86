"""A paper as PDF, Word and workbook: the same facts, the right faces, and layouts of an office's own."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import docx
import pypdf
import pytest
import python_calamine

from lienthong.foundation.papers import drawing, pdf, sheets, word
from lienthong.foundation.papers.errors import (
    TemplateBroken,
    TemplateLacks,
    TemplateNotWord,
    TemplateTooLarge,
    TemplateWordUnknown,
    WorkbookTooLarge,
    WorkbookUnreadable,
)
from lienthong.foundation.papers.shapes import Heading, Paper, Picture, Points, Text, grid

PICTURE = drawing.bars(
    [drawing.Bar("Phòng Ỗ & <b>", (drawing.Part(3, "ok"), drawing.Part(1, "late")), "4")],
    key=[("đạt", "ok"), ("chưa đạt", "late")],
)
PAPER = Paper(
    kind="record",
    above="Cơ quan trên",
    issuer="Phòng Dữ liệu",
    number="Số: 05/BB-PDL",
    title="Biên bản",
    about="Kiểm tra dữ liệu năm 2026",
    day=date(2026, 3, 5),
    dated="An Lộc, ngày 05 tháng 3 năm 2026",
    motto=("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc"),
    basis=("Căn cứ Luật Dữ liệu", "Căn cứ Chương trình kiểm tra;"),
    blocks=(
        Heading("1. Kết quả"),
        Text("Ỗ Ẫ Ệ Ặ, ký tự <b> & {{ so }} đứng nguyên."),
        grid([("TT", 1), ("Tên", 5), ("Dòng", 2, True)], [(1, "Bảng hộ tịch", "1.234")], "Bảng 1"),
        Points(("điểm một", "điểm hai")),
        Picture(PICTURE, "Hình 1", "Bốn mục, một chưa đạt"),
    ),
    signer=("Trưởng phòng",),
    signer_name="Nguyễn Thị Ế",
    recipients=("Như trên", "Lưu: VT"),
    recipients_title="Nơi nhận:",
    data={"muc": [{"ten": "Bảng hộ tịch"}]},
)


def layout(*lines: str) -> bytes:
    """A layout of these paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def lines_of(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


WHOLE = ("{{ so }}", "{{ ngay }}", "{{p noi_dung }}")


class TestPdf:
    def test_holds_the_text_in_the_faces_that_come_with_the_product(self):
        reader = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(PAPER)))
        faces = {
            font.get_object()["/BaseFont"]
            for page in reader.pages
            for font in page["/Resources"]["/Font"].values()
        }
        assert faces
        assert all("+LiberationSerif" in face for face in faces)
        text = " ".join(page.extract_text() for page in reader.pages)
        for part in ("PHÒNG DỮ LIỆU", "Số: 05/BB-PDL", "Ỗ Ẫ Ệ Ặ, ký tự <b> & {{ so }}", "Nguyễn Thị Ế"):
            assert part in text
        assert "Căn cứ Luật Dữ liệu;" in text
        assert "Căn cứ Chương trình kiểm tra." in text

    def test_is_an_archive_file_and_the_same_every_time(self):
        made = pdf.to_pdf(PAPER)
        assert b"pdfaid:part" in made.replace(b"\n", b"") or b"pdfaid" in made
        assert made == pdf.to_pdf(PAPER)

    def test_numbers_its_pages_from_the_second(self):
        long = Paper(**{**vars(PAPER), "blocks": (Text("Dòng dài. " * 900),)})
        pages = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(long))).pages
        assert len(pages) > 1
        assert pages[1].extract_text().strip().splitlines()[0] == "2"
        assert pages[0].extract_text().strip().splitlines()[0] != "1"


class TestWord:
    def test_holds_the_same_text_table_and_picture(self):
        document = docx.Document(io.BytesIO(word.to_docx(PAPER)))
        lines = [paragraph.text for paragraph in document.paragraphs]
        assert "BIÊN BẢN" in lines
        assert "Căn cứ Chương trình kiểm tra." in lines
        assert "Ỗ Ẫ Ệ Ặ, ký tự <b> & {{ so }} đứng nguyên." in lines
        table = document.tables[1]
        assert [cell.text for cell in table.rows[1].cells] == ["1", "Bảng hộ tịch", "1.234"]
        assert len(document.inline_shapes) == 1
        assert document.sections[0].left_margin.mm == pytest.approx(30, abs=0.1)

    def test_takes_the_layout_of_the_office(self):
        own = layout(
            *WHOLE,
            "{%p for muc in du_lieu.muc %}",
            "Mục {{ muc.ten }}{% if muc.ten == 'x' and not so %}, {{ muc.ten | upper }}{% else %}.{% endif %}",
            "{%p endfor %}",
        )
        word.check_template(own, name="mau.docx", sample=PAPER)
        lines = lines_of(word.to_docx(PAPER, own))
        assert lines[0] == "Số: 05/BB-PDL"
        assert "Mục Bảng hộ tịch." in lines

    @pytest.mark.parametrize(
        ("line", "refusal", "said"),
        [
            ("Số {{ so", TemplateBroken, "đoạn 4: “Số {{ so”"),
            ("{{ so | khong_co }}", TemplateBroken, "đoạn 4"),
            ("{%p for dong in can_cu %}", TemplateBroken, "không có cặp"),
            ("Kính gửi {{ nguoi_nhan }}", TemplateWordUnknown, "“nguoi_nhan”, tại document, đoạn 4"),
            ("{{ du_lieu.khong_co }}", TemplateBroken, "đoạn 4"),
            ("{{ so.__class__.__mro__ }}", TemplateBroken, "đoạn 4"),
            ("{{ so * 1000000000 }}", TemplateBroken, "chỉ được nêu trường"),
            ("{{ 'a'.ljust(1000000000) }}", TemplateBroken, "chỉ được nêu trường"),
            ("{{ so | center(1000000000) }}", TemplateBroken, "chỉ được nêu trường"),
            ("{%p for i in range(9) %}", TemplateBroken, "đoạn 4"),
            ("{% set so = 1 %}", TemplateBroken, "đoạn 4"),
        ],
    )
    def test_a_faulty_layout_is_refused_with_its_place(self, line, refusal, said):
        with pytest.raises(refusal) as refused:
            word.check_template(layout(*WHOLE, line), name="mau.docx", sample=PAPER)
        assert said in refused.value.text("vi")

    def test_a_layout_without_a_needed_field_is_refused(self):
        with pytest.raises(TemplateLacks, match="noi_dung"):
            word.check_template(layout("{{ so }}", "{{ ngay }}"), name="mau.docx", sample=PAPER)

    def test_what_is_no_word_file_is_refused(self):
        for content in (
            b"",
            b"%PDF-1.7",
            _zipped("xl/workbook.xml", b"<x/>"),
            _zipped("word/document.xml", b"<x"),
        ):
            with pytest.raises(TemplateNotWord):
                word.check_template(content, name="mau.docx", sample=PAPER)

    def test_one_that_unpacks_without_end_is_refused_before_it_is_read(self):
        bomb = _zipped("word/document.xml", b" " * (word.UNPACKED_LIMIT + 1))
        with pytest.raises(TemplateTooLarge):
            word.check_template(bomb, name="mau.docx", sample=PAPER)

    def test_the_products_own_layout_passes(self):
        word.check_template(word.default_template(), name="mau.docx", sample=PAPER)


def _zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


class TestWorkbook:
    SHEET = sheets.Sheet(
        "Tổng hợp",
        (
            sheets.SheetColumn("Tên"),
            sheets.SheetColumn("Số", 8, "number"),
            sheets.SheetColumn("Ngày", 12, "date"),
        ),
        [("=1+1", 3, datetime(2026, 3, 5)), ("https://a.vn", None, None)],
        lines=("Báo cáo",),
        chart=sheets.Chart("Số theo tên", (0, 1), ("#2A8F62",)),
    )

    def test_keeps_texts_as_texts_and_numbers_as_numbers(self):
        content = sheets.to_xlsx([self.SHEET])
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_name("Tổng hợp").to_python(skip_empty_area=False)
        assert rows[2] == ["Tên", "Số", "Ngày"]
        assert rows[3][:2] == ["=1+1", 3.0]
        packed = zipfile.ZipFile(io.BytesIO(content))
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
        assert "xl/charts/chart1.xml" in packed.namelist()

    def test_is_read_back_as_texts(self):
        assert sheets.rows_of(sheets.to_xlsx([self.SHEET]))[3][:2] == ["=1+1", "3"]

    def test_one_that_cannot_be_read_or_is_too_large_is_refused(self):
        with pytest.raises(WorkbookUnreadable):
            sheets.rows_of(b"khong phai excel")
        with pytest.raises(WorkbookUnreadable):
            sheets.rows_of(_zipped("xl/nothing.xml", b"<x/>"))
        with pytest.raises(WorkbookTooLarge):
            sheets.rows_of(sheets.to_xlsx([self.SHEET]), limit=2)
