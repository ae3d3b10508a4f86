"""A paper as a Word file, in the product's layout or in an office's own.

A layout is a Word file with tags: `{{ so }}`, `{%p for dong in can_cu %}`, `{{p noi_dung }}` where the body goes. It is filled
in a sandbox: a tag can name fields and repeat paragraphs, and nothing else; `layouts` sees to it before one is taken.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from .shapes import Annex, Block, Column, Grid, Heading, Paper, Picture, Points, Text

FACE = "Times New Roman"
# The field of a layout for the side that signs as well.
COSIGNER = "ben_cung_ky"


def to_docx(paper: Paper, template: bytes | None = None) -> bytes:
    """The paper as a Word file, in the layout given or the product's own."""
    from docxtpl import DocxTemplate

    filled = DocxTemplate(io.BytesIO(template if template is not None else default_template()))
    filled.init_docx()
    context = _context(paper, _body(filled.docx, paper))
    if paper.cosigner and COSIGNER not in filled.get_undeclared_template_variables(jinja_env=sandbox()):
        # A layout of before knows one signer: it names both sides where it names that one
        context["nguoi_ky"] = [*context[COSIGNER], *context["nguoi_ky"]]
    filled.render(context, jinja_env=sandbox())
    filled.docx.core_properties.title = f"{paper.title} {paper.about}".strip()
    out = io.BytesIO()
    filled.save(out)
    return _with_annexes(out.getvalue(), paper) if paper.annexes else out.getvalue()


def _with_annexes(content: bytes, paper: Paper) -> bytes:
    """The filled file with its annexes behind it; read anew, since what was filled is no longer the body it was."""
    from docx import Document

    document = Document(io.BytesIO(content))
    for annex in paper.annexes:
        _annex(document, annex)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sandbox() -> Any:
    """Where a layout is filled: names that are not there are faults, nothing of Python is within reach."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _context(paper: Paper, body: str) -> dict[str, Any]:
    from markupsafe import Markup

    return {
        "co_quan_cap_tren": paper.above.upper(),
        "co_quan": paper.issuer.upper(),
        "so": paper.number,
        "quoc_hieu": paper.motto[0].upper() if paper.motto else "",
        "tieu_ngu": paper.motto[1] if len(paper.motto) > 1 else "",
        "ngay": paper.dated,
        "ten": paper.title.upper(),
        "ve_viec": paper.about,
        "kinh_gui": paper.addressed,
        "tham_quyen": paper.deciding,
        "can_cu": paper.basis_lines,
        # Made here from escaped texts; it is the XML of finished paragraphs and tables.
        "noi_dung": Markup(body),  # noqa: S704
        "nguoi_ky": [line.upper() for line in paper.signer],
        "ho_ten": paper.signer_name,
        COSIGNER: [line.upper() for line in paper.cosigner],
        "noi_nhan": [
            f"- {line}{'.' if place + 1 == len(paper.recipients) else ';'}"
            for place, line in enumerate(paper.recipients)
        ],
        "tieu_de_noi_nhan": paper.recipients_title,
        "du_lieu": paper.data,
    }


def _body(document: Any, paper: Paper) -> str:
    """The blocks as the XML that stands in the place of `noi_dung`; pictures go into the same file."""
    from docx.text.paragraph import Paragraph
    from lxml import etree

    before = list(document.element.body)
    for block in paper.blocks:
        _add(document, block)
    made = [element for element in document.element.body if element not in before]
    if made and made[-1].tag.endswith("}p"):
        # Who signs never stands alone on a page.
        Paragraph(made[-1], document).paragraph_format.keep_with_next = True
    xml = ""
    for element in made:
        document.element.body.remove(element)
        xml += etree.tostring(element, encoding="unicode")
    return xml


def _annex(document: Any, annex: Annex) -> None:
    """Pages that lie on their long side, with the numbering of the pages before them."""
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Mm, Pt

    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    section.different_first_page_header_footer = False
    _line(document, annex.title.upper(), 14, bold=True, after=0)
    _line(document, annex.about, 14, bold=True, after=0)
    if annex.attached_to:
        _line(document, f"({annex.attached_to})", 13, italic=True, after=8)
    for block in annex.blocks:
        _add(document, block, wide=LONG_SIDE)
    # What Word asks for behind a table takes no room: a full page is not followed by an empty one.
    last = document.paragraphs[-1]
    if not last.text:
        shape = last.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = Pt(1)


# How wide a table is, in centimetres: on a page that stands, and on one that lies.
SHORT_SIDE, LONG_SIDE = 16.2, 26.0


def _add(document: Any, block: Block, wide: float = SHORT_SIDE) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Mm

    match block:
        case Heading():
            paragraph = _paragraph(document, block.text, bold=True, italic=block.level > 1, indent=False)
            paragraph.paragraph_format.keep_with_next = True
            if block.level == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Text():
            _paragraph(document, block.text, italic=block.italic)
        case Points():
            for item in block.items:
                _paragraph(document, f"- {item}")
        case Picture():
            from .pdf import picture_png

            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            shape = paragraph.add_run().add_picture(io.BytesIO(picture_png(block.svg)), width=Mm(160))
            shape._inline.docPr.set("descr", block.said)
            _caption(document, block.caption)
        case Grid():
            _caption(document, block.caption)
            table = document.add_table(rows=1, cols=len(block.columns))
            _framed(table)
            table.autofit = False
            widths = [Cm(width) for width in block.widths(wide)]
            _row(table.rows[0], [column.title for column in block.columns], block.columns, head=True)
            for row in block.rows:
                _row(table.add_row(), row, block.columns)
            _widen(table, widths)
            _paragraph(document, "", indent=False)


def _paragraph(
    document: Any, text: str, *, bold: bool = False, italic: bool = False, indent: bool = True
) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    run.font.name, run.font.size = FACE, Pt(13)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(3), Pt(3)
    if indent:
        shape.first_line_indent = Mm(10)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def _framed(table: Any) -> None:
    """Lines around every cell, whatever styles the layout has."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in sides)
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"))


def _caption(document: Any, text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if text:
        paragraph = _paragraph(document, text, italic=True, indent=False)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True


def _widen(table: Any, widths: list[Any]) -> None:
    """The widths of columns and of their cells; some programs look at one, some at the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _row(row: Any, texts: Any, columns: tuple[Column, ...], *, head: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    if head:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, text in enumerate(texts):
        cell = row.cells[place]
        paragraph = cell.paragraphs[0]
        shape = paragraph.paragraph_format
        shape.space_before, shape.space_after, shape.line_spacing = Pt(2), Pt(2), 1.0
        run = paragraph.add_run(text)
        run.font.name, run.font.size = FACE, Pt(11)
        run.bold = head or None
        if head:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif columns[place].numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


@cache
def default_template() -> bytes:
    """The product's own layout, to be filled or to be taken as the beginning of an office's own."""
    from docx import Document
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(13)
    _page_numbers(section)
    _head(document)
    _line(document, "{%p if ten %}", 13)
    _line(document, "{{ ten }}", 14, bold=True, before=12)
    _line(document, "{{ ve_viec }}", 14, bold=True, after=10)
    _line(document, "{%p endif %}", 13)
    _line(document, "{%p if kinh_gui %}", 13)
    _line(document, "Kính gửi: {{ kinh_gui }}", 13, before=14, after=10)
    _line(document, "{%p endif %}", 13)
    _line(document, "{%p if tham_quyen %}", 13)
    _line(document, "{{ tham_quyen | upper }}", 13, bold=True, before=8, after=6)
    _line(document, "{%p endif %}", 13)
    _line(document, "{%p for dong in can_cu %}", 13)
    _line(document, "{{ dong }}", 13, italic=True, centred=False)
    _line(document, "{%p endfor %}", 13)
    _line(document, "{{p noi_dung }}", 13)
    _foot(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _line(
    place: Any,
    text: str,
    size: int,
    *,
    bold: bool = False,
    italic: bool = False,
    centred: bool = True,
    before: int = 0,
    after: int = 3,
) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    paragraph = place.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    run.font.name, run.font.size = FACE, Pt(size)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        shape.first_line_indent = Mm(10)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def _head(document: Any) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    _widen(table, [Mm(65), Mm(100)])
    for cell in (left, right):
        cell._tc.remove(cell.paragraphs[0]._p)
    _line(left, "{%p if co_quan_cap_tren %}", 12)
    _line(left, "{{ co_quan_cap_tren }}", 12, after=0)
    _line(left, "{%p endif %}", 12)
    _line(left, "{{ co_quan }}", 12, bold=True, after=0)
    _line(left, "─────", 8, after=0)
    _line(left, "{{ so }}", 13)
    _line(left, "{%p if not ten %}", 12)
    _line(left, "V/v {{ ve_viec }}", 12, after=0)
    _line(left, "{%p endif %}", 12)
    _line(right, "{{ quoc_hieu }}", 12, bold=True, after=0)
    _line(right, "{{ tieu_ngu }}", 13, bold=True, after=0)
    _line(right, "──────────────", 8, after=0)
    _line(right, "{{ ngay }}", 13, italic=True)


def _foot(document: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    # Recipients and signature stand on one page, below the last words that they belong to.
    document.add_paragraph().paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    left, right = table.rows[0].cells
    _widen(table, [Mm(80), Mm(85)])
    for cell in (left, right):
        cell._tc.remove(cell.paragraphs[0]._p)
    _line(left, "{%p if ben_cung_ky %}", 13, after=0)
    _line(left, "{%p for dong in ben_cung_ky %}", 13, after=0)
    _line(left, "{{ dong }}", 13, bold=True, after=0)
    _line(left, "{%p endfor %}", 13, after=0)
    _line(left, "", 13, before=64)
    _line(left, "{%p endif %}", 13, after=0)
    beside = len(left.paragraphs)
    _line(left, "{{ tieu_de_noi_nhan }}", 12, bold=True, italic=True, after=0)
    _line(left, "{%p for dong in noi_nhan %}", 11, after=0)
    _line(left, "{{ dong }}", 11, after=0)
    _line(left, "{%p endfor %}", 11, after=0)
    for paragraph in left.paragraphs[beside:]:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _line(right, "{%p for dong in nguoi_ky %}", 13, after=0)
    _line(right, "{{ dong }}", 13, bold=True, after=0)
    _line(right, "{%p endfor %}", 13, after=0)
    _line(right, "{{ ho_ten }}", 13, bold=True, before=64)


def _page_numbers(section: Any) -> None:
    """A number on top of every page from the second on."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
