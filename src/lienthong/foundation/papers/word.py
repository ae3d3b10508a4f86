"""A paper as a Word file, in the product's layout or in an office's own.

A layout is a Word file with tags: `{{ so }}`, `{%p for dong in can_cu %}`, `{{p noi_dung }}` where the body goes. It is filled
in a sandbox: a tag can name fields and repeat paragraphs, and nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Any

from .errors import TemplateBroken, TemplateLacks, TemplateNotWord, TemplateTooLarge, TemplateWordUnknown
from .shapes import Block, Column, Grid, Heading, Paper, Picture, Points, Text

UNPACKED_LIMIT = 30_000_000
FACE = "Times New Roman"
# What a layout may name: the tag, what stands there in Vietnamese and in English.
FIELDS: dict[str, tuple[str, str]] = {
    "co_quan_cap_tren": ("tên cơ quan chủ quản trực tiếp", "the body above the issuer"),
    "co_quan": ("tên cơ quan ban hành", "the issuer"),
    "so": ("dòng số, ký hiệu", "the line of the number"),
    "quoc_hieu": ("quốc hiệu", "the name of the state"),
    "tieu_ngu": ("tiêu ngữ", "the motto"),
    "ngay": ("địa danh và thời gian", "place and day"),
    "ten": ("tên loại văn bản", "the kind of paper"),
    "ve_viec": ("trích yếu", "what it is about"),
    "can_cu": ("danh sách căn cứ", "the list of the basis"),
    "noi_dung": (
        "nội dung, viết {{p noi_dung }} thành một đoạn riêng",
        "the body, as {{p noi_dung }} in a paragraph of its own",
    ),
    "nguoi_ky": ("danh sách dòng chức danh người ký", "the lines of the signer's capacity"),
    "ho_ten": ("họ tên người ký", "the signer's name"),
    "noi_nhan": ("danh sách nơi nhận", "the list of recipients"),
    "tieu_de_noi_nhan": ("tiêu đề nơi nhận", "the title over the recipients"),
    "du_lieu": ("số liệu của văn bản theo tên", "the facts of the paper by name"),
}
NEEDED = ("so", "ngay", "noi_dung")
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml$")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
# What a tag may say: a field with a few harmless filters, a loop over a field, a condition. No arithmetic, no calls: a
# layout of ten characters could otherwise ask for a gigabyte.
_NAME = r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*"
_VALUE = rf"(?:{_NAME}|'[^']{{0,60}}'|\"[^\"]{{0,60}}\"|\d{{1,6}})"
_FIELD = re.compile(
    rf"^{_NAME}(?:\s*\|\s*(?:upper|lower|trim|length|join\('[^']{{0,20}}'\)|default\('[^']{{0,60}}'\)))*$"
)
_LOOP = re.compile(rf"^for\s+[A-Za-z]\w*\s+in\s+{_NAME}$")
_CONDITION = re.compile(
    rf"^(?:el)?if\s+(?:not\s+)?{_VALUE}(?:\s+(?:==|!=|and|or|in|and\s+not|or\s+not)\s+{_VALUE})*$"
)
_PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
_RUN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def to_docx(paper: Paper, template: bytes | None = None) -> bytes:
    """The paper as a Word file, in the layout given or the product's own."""
    from docxtpl import DocxTemplate

    filled = DocxTemplate(io.BytesIO(template if template is not None else default_template()))
    filled.init_docx()
    filled.render(_context(paper, _body(filled.docx, paper)), jinja_env=_sandbox())
    filled.docx.core_properties.title = f"{paper.title} {paper.about}"
    out = io.BytesIO()
    filled.save(out)
    return out.getvalue()


def check_template(content: bytes, *, name: str, sample: Paper) -> None:
    """Refuse a layout that cannot be filled, with the place of the fault; a sample is written in it.

    Raises `TemplateNotWord`, `TemplateTooLarge`, `TemplateBroken`, `TemplateWordUnknown`, `TemplateLacks`.
    """
    paragraphs = _paragraphs(content, name)
    named: set[str] = set()
    for part, number, text in paragraphs:
        named |= _words(part, number, text)
    lacking = [word for word in NEEDED if word not in named]
    if lacking:
        raise TemplateLacks(words=", ".join("{{ " + word + " }}" for word in lacking))
    _check_blocks(paragraphs)
    try:
        to_docx(sample, content)
    except Exception as error:
        part, number, text = _where(error, paragraphs)
        raise TemplateBroken(
            part=part, paragraph=number, text=text, why=_why(error), why_en=_why(error)
        ) from None


Place = tuple[str, int, str]


def _paragraphs(content: bytes, name: str) -> list[Place]:
    """Every paragraph with a tag: its part of the file, its number there and its text."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > UNPACKED_LIMIT:
                raise TemplateTooLarge(limit_mb=UNPACKED_LIMIT // 1_000_000)
            parts = sorted(member for member in packed.namelist() if _PARTS.match(member))
            if "word/document.xml" not in parts:
                raise TemplateNotWord(name=name)
            reader = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            found: list[Place] = []
            for part in parts:
                tree = etree.fromstring(packed.read(part), reader)
                shown = part.removeprefix("word/").removesuffix(".xml")
                for number, paragraph in enumerate(tree.iter(_PARAGRAPH), start=1):
                    text = "".join(run.text or "" for run in paragraph.iter(_RUN))
                    if "{" in text or "}" in text:
                        found.append((shown, number, text.strip()))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, RuntimeError, NotImplementedError):
        raise TemplateNotWord(name=name) from None
    return found


def _words(part: str, number: int, text: str) -> set[str]:
    """The fields that a paragraph names; a tag that is not closed or names something unknown is refused."""
    from jinja2 import TemplateSyntaxError, meta

    bare = _TAG.sub("", text)
    if any(mark in bare for mark in ("{{", "}}", "{%", "%}")):
        raise TemplateBroken(
            part=part,
            paragraph=number,
            text=text[:120],
            why="Thẻ chưa được mở hoặc đóng đủ.",
            why_en="A tag is not opened or closed.",
        )
    named: set[str] = set()
    environment = _sandbox()
    for tag in _TAG.findall(text):
        clean = re.sub(r"^(\{[{%])(?:tr|tc|p|r)\s", r"\1 ", tag)
        inner = clean.strip("{}% -")
        if clean.startswith("{%"):
            word = inner.split(" ", 1)[0] if inner else ""
            expression = inner
            if inner in ("endfor", "endif", "else"):
                continue
            if word == "for":
                expression = f"{{% {inner} %}}{{% endfor %}}"
            elif word in ("if", "elif"):
                expression = f"{{% if {inner.split(' ', 1)[-1]} %}}{{% endif %}}"
            else:
                expression = clean
        else:
            expression = clean
        try:
            asked = meta.find_undeclared_variables(environment.parse(expression))
        except TemplateSyntaxError as error:
            raise TemplateBroken(
                part=part, paragraph=number, text=text[:120], why=_why(error), why_en=_why(error)
            ) from None
        if not _harmless(clean):
            raise TemplateBroken(
                part=part,
                paragraph=number,
                text=text[:120],
                why="Thẻ chỉ được nêu trường, lặp hoặc điều kiện.",
                why_en="A tag may only name a field, a loop or a condition.",
            )
        named |= asked
    return named


def _harmless(tag: str) -> bool:
    inner = tag[2:-2].strip("- \t\n")
    if tag.startswith("{#"):
        return True
    if tag.startswith("{{"):
        return _FIELD.match(inner) is not None
    return inner in ("endfor", "endif", "else") or bool(_LOOP.match(inner) or _CONDITION.match(inner))


def _check_blocks(paragraphs: list[Place]) -> None:
    """Loops that are opened are closed, part by part; what a loop names may be used inside it; the rest must be known."""
    open_tags: list[tuple[str, Place, set[str]]] = []
    part_now = ""
    for place in paragraphs:
        part, _number, text = place
        if part != part_now:
            _require_closed(open_tags)
            part_now = part
        for tag in _TAG.findall(text):
            inner = re.sub(r"^\{[{%](?:tr|tc|p|r)?\s*-?\s*", "", tag).rstrip("}%- ")
            word = inner.split(" ", 1)[0]
            known = set(FIELDS) | {name for _kind, _place, names in open_tags for name in names} | {"loop"}
            if tag.startswith("{%"):
                if word in ("for", "if"):
                    names = set()
                    if word == "for":
                        names = {one.strip() for one in inner[4:].split(" in ", 1)[0].split(",")}
                    open_tags.append((word, place, names))
                    _require_known(_words(*place[:2], f"{{% {inner} %}}") - known - names, place)
                elif word in ("endfor", "endif"):
                    if not open_tags or open_tags[-1][0] != word.removeprefix("end"):
                        raise _unpaired(place)
                    open_tags.pop()
                else:
                    _require_known(_words(*place[:2], tag) - known, place)
            elif tag.startswith("{{"):
                _require_known(_words(*place[:2], tag) - known, place)
    _require_closed(open_tags)


def _require_closed(open_tags: list[tuple[str, Place, set[str]]]) -> None:
    if open_tags:
        raise _unpaired(open_tags[-1][1])


def _unpaired(place: Place) -> TemplateBroken:
    return TemplateBroken(
        part=place[0],
        paragraph=place[1],
        text=place[2][:120],
        why="Thẻ lặp hoặc điều kiện không có cặp mở, đóng.",
        why_en="A loop or condition lacks its opening or its end.",
    )


def _require_known(unknown: set[str], place: Place) -> None:
    if unknown:
        raise TemplateWordUnknown(
            word=sorted(unknown)[0],
            part=place[0],
            paragraph=place[1],
            text=place[2][:120],
            known=", ".join(FIELDS),
        )


def _where(error: Exception, paragraphs: list[Place]) -> Place:
    """The paragraph that a failure while filling speaks of: the one with the word in its message, else the first."""
    said = str(error)
    for place in paragraphs:
        if any(word in said for word in re.findall(r"\w+", place[2]) if len(word) > 3):
            return place[0], place[1], place[2][:120]
    return paragraphs[0][0], paragraphs[0][1], paragraphs[0][2][:120]


def _why(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__


def _sandbox() -> Any:
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
        "can_cu": paper.basis_lines,
        # Made here from escaped texts; it is the XML of finished paragraphs and tables.
        "noi_dung": Markup(body),  # noqa: S704
        "nguoi_ky": [line.upper() for line in paper.signer],
        "ho_ten": paper.signer_name,
        "noi_nhan": [
            f"- {line}{'.' if place + 1 == len(paper.recipients) else ';'}"
            for place, line in enumerate(paper.recipients)
        ],
        "tieu_de_noi_nhan": paper.recipients_title,
        "du_lieu": paper.data,
    }


def _body(document: Any, paper: Paper) -> str:
    """The blocks as the XML that stands in the place of `noi_dung`; pictures go into the same file."""
    from lxml import etree

    before = list(document.element.body)
    for block in paper.blocks:
        _add(document, block)
    made = [element for element in document.element.body if element not in before]
    xml = ""
    for element in made:
        document.element.body.remove(element)
        xml += etree.tostring(element, encoding="unicode")
    return xml


def _add(document: Any, block: Block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Mm

    match block:
        case Heading():
            paragraph = _paragraph(document, block.text, bold=True, italic=block.level > 1, indent=False)
            paragraph.paragraph_format.keep_with_next = True
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
            whole = sum(column.width for column in block.columns)
            widths = [Cm(16.2 * column.width / whole) for column in block.columns]
            _row(table.rows[0], [column.title for column in block.columns], block.columns, widths, head=True)
            for row in block.rows:
                _row(table.add_row(), row, block.columns, widths)
            document.add_paragraph()


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


def _row(row: Any, texts: Any, columns: tuple[Column, ...], widths: list[Any], *, head: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    if head:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, text in enumerate(texts):
        cell = row.cells[place]
        cell.width = widths[place]
        paragraph = cell.paragraphs[0]
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
    _line(document, "{{ ten }}", 14, bold=True, before=12)
    _line(document, "{{ ve_viec }}", 14, bold=True, after=10)
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
    return paragraph


def _head(document: Any) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.width, right.width = Mm(65), Mm(100)
    for cell in (left, right):
        cell._tc.remove(cell.paragraphs[0]._p)
    _line(left, "{{ co_quan_cap_tren }}", 12, after=0)
    _line(left, "{{ co_quan }}", 12, bold=True, after=0)
    _line(left, "─────", 8, after=0)
    _line(left, "{{ so }}", 13)
    _line(right, "{{ quoc_hieu }}", 12, bold=True, after=0)
    _line(right, "{{ tieu_ngu }}", 13, bold=True, after=0)
    _line(right, "──────────────", 8, after=0)
    _line(right, "{{ ngay }}", 13, italic=True)


def _foot(document: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    document.add_paragraph()
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.width, right.width = Mm(80), Mm(85)
    for cell in (left, right):
        cell._tc.remove(cell.paragraphs[0]._p)
    _line(left, "{{ tieu_de_noi_nhan }}", 12, bold=True, italic=True, after=0)
    _line(left, "{%p for dong in noi_nhan %}", 11, after=0)
    _line(left, "{{ dong }}", 11, after=0)
    _line(left, "{%p endfor %}", 11, after=0)
    for paragraph in left.paragraphs:
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
