"""A paper as PDF, Word and workbook: the same facts, the right faces, and layouts of an office's own."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import docx
import pypdf
import pytest
import python_calamine

from lienthong.foundation.papers import drawing, layouts, pdf, sheets, word
from lienthong.foundation.papers.errors import (
    TemplateBroken,
    TemplateHoldsMore,
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


FACTS = {"muc": ("danh sách mục", "the items")}


def check(content: bytes) -> None:
    """Try a layout."""
    layouts.check_template(content, name="mau.docx", samples=[PAPER], facts=FACTS)


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

    def test_a_paper_of_two_sides_is_signed_side_by_side(self):
        both = replace(PAPER, cosigner=("Đại diện bên nhận",), signer=("Đại diện bên nguồn",))
        table = docx.Document(io.BytesIO(word.to_docx(both))).tables[-1]
        left, right = ([one.text for one in cell.paragraphs] for cell in table.rows[0].cells)
        assert (left[0], right[0]) == ("ĐẠI DIỆN BÊN NHẬN", "ĐẠI DIỆN BÊN NGUỒN")
        assert left.index("Nơi nhận:") > 0
        # In a layout that knows one signer both are named where it names that one
        own = layout(
            "{{ so }} {{ ngay }}", "{{p noi_dung }}", "{% for dong in nguoi_ky %}{{ dong }} {% endfor %}"
        )
        assert "ĐẠI DIỆN BÊN NHẬN ĐẠI DIỆN BÊN NGUỒN" in " ".join(lines_of(word.to_docx(both, own)))

    def test_takes_the_layout_of_the_office(self):
        own = layout(
            *WHOLE,
            "{%p for muc in du_lieu.muc %}",
            "Mục {{ muc.ten }}{% if muc.ten == 'x' and not so %}, {{ muc.ten | upper }}{% else %}.{% endif %}",
            "{%p endfor %}",
        )
        check(own)
        lines = lines_of(word.to_docx(PAPER, own))
        assert lines[0] == "Số: 05/BB-PDL"
        assert "Mục Bảng hộ tịch." in lines

    @pytest.mark.parametrize(
        ("line", "refusal", "said"),
        [
            ("Số {{ so", TemplateBroken, "đoạn 4: “Số {{ so”"),
            ("{{ so | khong_co }}", TemplateBroken, "đoạn 4"),
            ("{%p for dong in can_cu %}", TemplateBroken, "không có cặp"),
            ("Kính gửi {{ nguoi_nhan }}", TemplateWordUnknown, "“nguoi_nhan”, tại phần nội dung, đoạn 4"),
            ("{{ du_lieu.khong_co }}", TemplateWordUnknown, "“du_lieu.khong_co”, tại phần nội dung, đoạn 4"),
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
            check(layout(*WHOLE, line))
        assert said in refused.value.text("vi")

    def test_a_layout_without_a_needed_field_is_refused(self):
        with pytest.raises(TemplateLacks, match="noi_dung"):
            check(layout("{{ so }}", "{{ ngay }}"))

    def test_what_is_no_word_file_is_refused(self):
        for content in (
            b"",
            b"%PDF-1.7",
            _zipped("xl/workbook.xml", b"<x/>"),
            _zipped("word/document.xml", b"<x"),
        ):
            with pytest.raises(TemplateNotWord):
                check(content)

    def test_one_that_unpacks_without_end_is_refused_before_it_is_read(self):
        bomb = _zipped("word/document.xml", b" " * (layouts.UNPACKED_LIMIT + 1))
        with pytest.raises(TemplateTooLarge):
            check(bomb)

    def test_a_fault_in_a_table_is_named_by_row_and_cell(self):
        document = docx.Document(io.BytesIO(layout(*WHOLE)))
        document.add_table(rows=1, cols=1)
        table = document.add_table(rows=2, cols=3)
        table.cell(1, 2).text = "Họ tên: {{ ho_te }}"
        with pytest.raises(TemplateWordUnknown) as refused:
            check(_saved(document))
        assert "phần nội dung, bảng 2, hàng 2, ô 3" in refused.value.text("vi")
        assert "the body, table 2, row 2, cell 3" in refused.value.text("en")
        assert "{{ ho_ten }}" in refused.value.hint("vi")

    def test_quotes_that_word_bent_and_a_header_are_taken(self):
        document = docx.Document(io.BytesIO(layout(*WHOLE, "{% if so == “x” %}A{% endif %}")))
        document.sections[0].header.paragraphs[0].text = "{{ co_quan }}"
        check(_saved(document))

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("{{ so }} }", "Thẻ chưa được mở hoặc đóng đủ"),
            ("{{p so }}", "viết {{ so }}"),
            ("Nội dung: {{p noi_dung }}", "thành một đoạn riêng"),
            ("{{p noi_dung }}", "viết một lần"),
            ("{{ du_lieu['muc'] }}", "chỉ được nêu trường"),
            ("{{ so._x }}", "chỉ được nêu trường"),
            ("{% macro a() %}", "đoạn 4"),
            ("{% include 'x' %}", "chỉ được nêu trường"),
            ("{% for a in can_cu if a %}{% endfor %}", "chỉ được nêu trường"),
            ("{% for a in can_cu %}{% for b in can_cu %}{% endfor %}{% endfor %}", "phần của vòng ngoài"),
            ("{% else %}", "cần một {% endif %}"),
        ],
    )
    def test_tags_that_do_more_than_name_are_refused_with_what_to_write(self, line, said):
        with pytest.raises(TemplateBroken) as refused:
            check(layout(*WHOLE, line))
        assert said in refused.value.text("vi")
        assert "đoạn 4" in refused.value.text("vi")

    @pytest.mark.parametrize(
        ("member", "content", "said"),
        [
            ("word/vbaProject.bin", b"x", "macro"),
            ("word/embeddings/oleObject1.bin", b"x", "tệp nhúng"),
            ("word/_rels/settings.xml.rels", b"attachedTemplate", "liên kết ra ngoài"),
            ("word/_rels/footer1.xml.rels", b"image", "liên kết ra ngoài"),
            ("docProps/custom.xml", b"<a>{{ 'a' * 1000000000 }}</a>", "thuộc tính tệp"),
            ("customXml/item1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "thực thể"),
        ],
    )
    def test_a_file_that_holds_more_than_a_text_is_refused(self, member, content, said):
        if member.endswith(".rels"):
            content = (
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                b'Id="rId9" TargetMode="External" Target="https://far.example/x" Type="http://schemas.openxmlformats.org/'
                b"officeDocument/2006/relationships/" + content + b'"/></Relationships>'
            )
        with pytest.raises(TemplateHoldsMore) as refused:
            check(_with(layout(*WHOLE), member, content))
        assert said in refused.value.text("vi")
        assert member in refused.value.text("vi")

    @pytest.mark.parametrize(
        "hidden",
        [
            '<w:p><w:r><w:instrText>{{ "a" * 1000000000 }}</w:instrText></w:r></w:p>',
            "<w:p><w:r><w:delText>{{ so }}</w:delText></w:r></w:p>",
            '<w:p w:rsidR="{{ so }}"/>',
            "<w:p><w:r><w:instrText> INCLUDETEXT \\\\far\\x </w:instrText></w:r></w:p>",
        ],
    )
    def test_tags_nobody_sees_and_fields_that_fetch_are_refused(self, hidden):
        whole = layout(*WHOLE)
        body = zipfile.ZipFile(io.BytesIO(whole)).read("word/document.xml")
        changed = body.replace(b"<w:sectPr", hidden.encode() + b"<w:sectPr", 1)
        assert changed != body
        with pytest.raises(TemplateHoldsMore):
            check(_with(whole, "word/document.xml", changed))

    def test_a_link_in_the_head_of_an_office_is_taken(self):
        document = docx.Document(io.BytesIO(layout(*WHOLE)))
        document.part.relate_to("https://anloc.example/", layouts._LINK, is_external=True)
        check(_saved(document))

    def test_the_products_own_layout_passes(self):
        check(word.default_template())


def _saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _with(whole: bytes, name: str, content: bytes) -> bytes:
    """The same file with one member put in or replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for member in before.namelist():
            if member != name:
                after.writestr(member, before.read(member))
        after.writestr(name, content)
    return out.getvalue()


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


class TestColumns:
    def test_no_word_is_broken_where_there_is_room(self):
        titles = [("TT", 0.1), ("Đơn vị", 6), ("CSDL", 0.1, True), ("Hệ thống", 0.1, True)]
        table = grid(titles, [(1, "Sở Nội vụ", "1.234.567", "0")])
        wide = table.widths(16.2)
        assert sum(wide) == pytest.approx(16.2)
        assert wide[2] >= len("1.234.567") * 0.2
        assert wide[3] >= len("thống") * 0.2
        assert wide[1] == max(wide)

    def test_columns_share_what_there_is_when_words_are_too_long(self):
        table = grid([("A" * 40, 1)] * 6, [("x",) * 6])
        assert table.widths(16.2) == pytest.approx([2.7] * 6)


def test_rows_of_a_workbook_are_as_high_as_their_text():
    sheet = sheets.Sheet("S", (sheets.SheetColumn("Tên", 10),), [("chữ " * 40,), ("a",)])
    xml = zipfile.ZipFile(io.BytesIO(sheets.to_xlsx([sheet]))).read("xl/worksheets/sheet1.xml").decode()
    heights = [float(part.split('"')[0]) for part in xml.split(' ht="')[1:]]
    assert heights[1] > 10 * heights[2]


def test_a_letter_says_what_it_is_about_below_its_number():
    letter = Paper(**{**vars(PAPER), "title": "", "about": "đề nghị cấp số liệu", "addressed": "Sở Tư pháp"})
    document = docx.Document(io.BytesIO(word.to_docx(letter)))
    left = document.tables[0].rows[0].cells[0].text
    assert left.index("Số: 05/BB-PDL") < left.index("V/v đề nghị cấp số liệu")
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "Kính gửi: Sở Tư pháp" in lines
    assert "đề nghị cấp số liệu" not in lines
    text = pypdf.PdfReader(io.BytesIO(pdf.to_pdf(letter))).pages[0].extract_text()
    assert text.index("V/v đề nghị") < text.index("Kính gửi: Sở Tư pháp")
