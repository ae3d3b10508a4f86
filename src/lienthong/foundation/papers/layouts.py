"""Whether a layout of an office's own can be used: what the file holds, what its tags say, whether papers can be written in it.

A layout comes from outside. Nothing in it is run, fetched or multiplied: every tag is read as a tree and may name a field,
repeat over one, or ask a condition.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .errors import (
    TemplateBroken,
    TemplateHoldsMore,
    TemplateLacks,
    TemplateNotWord,
    TemplateTooLarge,
    TemplateWordUnknown,
)
from .shapes import Paper
from .word import sandbox, to_docx

UNPACKED_LIMIT = 30_000_000
# One part with its tags, and how many tags a file may have: filling works over the text of a part more than once.
PART_LIMIT = 4_000_000
TAG_LIMIT = 2_000
MEMBER_LIMIT = 2_000
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
    "kinh_gui": ("nơi nhận công văn, viết sau “Kính gửi:”", "to whom a letter goes"),
    "tham_quyen": ("chức danh người ra quyết định, viết trên căn cứ", "who decides, above the basis"),
    "can_cu": ("danh sách căn cứ", "the list of the basis"),
    "noi_dung": (
        "nội dung, viết {{p noi_dung }} thành một đoạn riêng",
        "the body, as {{p noi_dung }} in a paragraph of its own",
    ),
    "nguoi_ky": ("danh sách dòng chức danh người ký", "the lines of the signer's capacity"),
    "ho_ten": ("họ tên người ký", "the signer's name"),
    "ben_cung_ky": (
        "danh sách dòng của bên cùng ký, khi văn bản có hai bên ký",
        "the lines of the side that signs as well, where two sides sign",
    ),
    "noi_nhan": ("danh sách nơi nhận", "the list of recipients"),
    "tieu_de_noi_nhan": ("tiêu đề nơi nhận", "the title over the recipients"),
    "du_lieu": ("số liệu của văn bản theo tên", "the facts of the paper by name"),
}
NEEDED = ("so", "ngay", "noi_dung")
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml$")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
# Word turns straight quotes into these while one types.
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_PREFIX = re.compile(r"^(\{[{%#])(tr|tc|p|r)\s")
_FILTERS = frozenset({"upper", "lower", "trim", "length", "join", "default"})
_NODES = frozenset(
    {"Template", "Output", "TemplateData", "Name", "Getattr", "Filter", "For", "If", "Compare", "Operand", "And", "Or", "Not", "Const"}
)  # fmt: skip
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_MARK = re.compile(r"\{[{%#]|[}%#]\}")
_FETCHING = re.compile(r"\b(INCLUDEPICTURE|INCLUDETEXT|DDEAUTO|DDE|LINK|DATABASE|IMPORT)\b", re.IGNORECASE)
_PART_NAMES = {
    "document": ("phần nội dung", "the body"),
    "header": ("đầu trang", "the header"),
    "footer": ("chân trang", "the footer"),
    "footnotes": ("chú thích", "the footnotes"),
}


@dataclass(frozen=True)
class Place:
    """A paragraph of a layout: where it stands, in words somebody with the file open in Word can follow."""

    part: str
    vi: str
    en: str
    text: str


def check_template(
    content: bytes,
    *,
    name: str,
    samples: Sequence[Paper],
    facts: Mapping[str, tuple[str, str]] | None = None,
) -> None:
    """Refuse a layout that cannot be used, with the place of the fault; every sample is written in it.

    `facts` are the names that may follow `du_lieu.`; where they are not given, any may. Raises `TemplateNotWord`,
    `TemplateTooLarge`, `TemplateHoldsMore`, `TemplateBroken`, `TemplateWordUnknown`, `TemplateLacks`.
    """
    places = _places(content, name)
    for place in places:
        _check_paragraph(place)
    _check_pairs(places)
    _check_names(places, facts)
    lacking = [word for word in NEEDED if not any(_names(place, word) for place in places)]
    if lacking:
        raise TemplateLacks(words=", ".join(_written(word) for word in lacking))
    _check_body(places)
    _check_parts(content)
    for sample in samples:
        try:
            written = to_docx(sample, content)
            _read_again(written)
        except Exception as error:
            raise _broken(_where(error, places), _why(error), _why(error)) from None


def _written(word: str) -> str:
    return "{{p noi_dung }}" if word == "noi_dung" else "{{ " + word + " }}"


# --- the file


def _places(content: bytes, name: str) -> list[Place]:
    """Every paragraph with a tag, in the order of the parts; a file that is more than a text is refused."""
    from lxml import etree

    reader = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            if (
                len(members) > MEMBER_LIMIT
                or sum(member.file_size for member in members) > UNPACKED_LIMIT
                or any(member.file_size > PART_LIMIT for member in members if _PARTS.match(member.filename))
            ):
                raise TemplateTooLarge(limit_mb=UNPACKED_LIMIT // 1_000_000)
            names = [member.filename for member in members]
            if "word/document.xml" not in names or "[Content_Types].xml" not in names:
                raise TemplateNotWord(name=name)
            _check_members(packed, names, reader)
            found: list[Place] = []
            for part in sorted(one for one in names if _PARTS.match(one)):
                tree = etree.fromstring(packed.read(part), reader)
                found += _paragraphs(part.removeprefix("word/").removesuffix(".xml"), tree)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, RuntimeError, NotImplementedError, EOFError):
        raise TemplateNotWord(name=name) from None
    if sum(len(_TAG.findall(place.text)) for place in found) > TAG_LIMIT:
        raise TemplateTooLarge(limit_mb=UNPACKED_LIMIT // 1_000_000)
    return found


def _check_members(packed: zipfile.ZipFile, names: list[str], reader: Any) -> None:
    """No macros, no embedded programs, nothing that Word would fetch from elsewhere, no tags where nobody sees them."""
    from lxml import etree

    for one in names:
        low = one.lower()
        if "vbaproject" in low or "vbadata" in low:
            raise TemplateHoldsMore(what="macro", what_en="macros", where=one)
        if low.startswith(("word/embeddings/", "word/activex/")) or low.endswith((".exe", ".bin")):
            raise TemplateHoldsMore(what="tệp nhúng", what_en="an embedded file", where=one)
        if not low.endswith((".xml", ".rels")):
            continue
        text = packed.read(one)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise TemplateHoldsMore(
                what="khai báo thực thể XML", what_en="an XML entity declaration", where=one
            )
        tree = etree.fromstring(text, reader)
        if low == "[content_types].xml" and b"macroenabled" in text.lower():
            raise TemplateHoldsMore(what="macro", what_en="macros", where=one)
        if low.endswith(".rels"):
            _check_links(tree, one)
        elif low.startswith("docprops/") and _MARK.search("".join(tree.itertext())):
            raise TemplateHoldsMore(
                what="thẻ trong thuộc tính tệp", what_en="a tag in the properties of the file", where=one
            )


def _check_links(tree: Any, part: str) -> None:
    for link in tree.iter():
        if not isinstance(link.tag, str):
            continue
        target = str(link.get("Target", ""))
        kind = str(link.get("Type", ""))
        outside = link.get("TargetMode", "").lower() == "external"
        if kind.endswith("/aFChunk"):
            raise TemplateHoldsMore(what="đoạn nhập từ tệp khác", what_en="an imported piece", where=part)
        # An address in a header is a link one may press; anything else outside is fetched by itself when the file is opened.
        if outside and not (
            kind == _LINK and target.lower().startswith(("http://", "https://", "mailto:", "tel:"))
        ):
            raise TemplateHoldsMore(
                what=f"liên kết ra ngoài “{target[:80]}”",
                what_en=f"a link to the outside “{target[:80]}”",
                where=part,
            )


def _paragraphs(part: str, tree: Any) -> list[Place]:
    found: list[Place] = []
    tables = {table: place for place, table in enumerate(tree.iter(f"{_W}tbl"), start=1)}
    free = 0
    texts: dict[Any, list[str]] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        said = element.text or ""
        if element.tag == f"{_W}t":
            holder = next(element.iterancestors(f"{_W}p"), None)
            if holder is not None:
                texts.setdefault(holder, []).append(said)
                said = ""
        elif element.tag in (f"{_W}instrText", f"{_W}fldSimple"):
            code = said + str(element.get(f"{_W}instr", ""))
            if _FETCHING.search(code):
                raise TemplateHoldsMore(
                    what=f"trường lấy nội dung từ nơi khác “{code.strip()[:60]}”",
                    what_en=f"a field that fetches from elsewhere “{code.strip()[:60]}”",
                    where=part,
                )
        hidden = [said, element.tail or "", *(str(value) for value in element.attrib.values())]
        if any(_MARK.search(one) for one in hidden) or "{" in said or "}" in said:
            raise TemplateHoldsMore(
                what="thẻ ở chỗ không nhìn thấy (thuộc tính ẩn hoặc nội dung đã xóa còn theo dõi)",
                what_en="a tag in a place that is not seen (a hidden attribute or a tracked deletion)",
                where=part,
            )
    for paragraph in tree.iter(f"{_W}p"):
        cell = next(paragraph.iterancestors(f"{_W}tc"), None)
        free += cell is None
        text = "".join(texts.get(paragraph, []))
        if "{" in text or "}" in text:
            vi, en = _cell(cell, tables) if cell is not None else (f"đoạn {free}", f"paragraph {free}")
            name_vi, name_en = _PART_NAMES[part.rstrip("0123456789")]
            found.append(Place(part, f"{name_vi}, {vi}", f"{name_en}, {en}", text.strip()))
    return found


def _cell(cell: Any, tables: Mapping[Any, int]) -> tuple[str, str]:
    row = next(cell.iterancestors(f"{_W}tr"))
    table = next(cell.iterancestors(f"{_W}tbl"))
    down = list(table.iterchildren(f"{_W}tr")).index(row) + 1 if row.getparent() is table else 1
    along = list(row.iterchildren(f"{_W}tc")).index(cell) + 1 if cell.getparent() is row else 1
    number = tables[table]
    return f"bảng {number}, hàng {down}, ô {along}", f"table {number}, row {down}, cell {along}"


# --- the tags


def _bare(tag: str) -> str:
    """A tag without the letter that says what it repeats."""
    return _PREFIX.sub(r"\1 ", tag).translate(_QUOTES)


def _inside(tag: str) -> str:
    return _bare(tag)[2:-2].strip("- \t\n")


def _check_paragraph(place: Place) -> None:
    """Tags are opened and closed, and each says something that is allowed."""
    rest = _TAG.sub("", place.text)
    if "{" in rest or "}" in rest:
        raise _broken(
            place,
            "Thẻ chưa được mở hoặc đóng đủ; viết trọn trong một đoạn, thí dụ {{ so }} hoặc {% if so %}.",
            "A tag is not opened or closed; write it whole in one paragraph, such as {{ so }} or {% if so %}.",
        )
    for tag in _TAG.findall(place.text):
        if tag.startswith("{#"):
            continue
        inner = _inside(tag)
        letter = _PREFIX.match(tag)
        if tag.startswith("{{") and letter is not None and (letter[2] != "p" or inner != "noi_dung"):
            raise _broken(
                place,
                f"Chỉ nội dung được viết dạng {{{{p noi_dung }}}}; trường này viết {{{{ {inner} }}}}.",
                f"Only the body is written {{{{p noi_dung }}}}; write this field {{{{ {inner} }}}}.",
            )
        if inner in ("endfor", "endif", "else"):
            continue
        _check_tree(place, _whole(tag, inner))


def _whole(tag: str, inner: str) -> str:
    """The tag as a text that can be read by itself."""
    word = inner.split(" ", 1)[0] if inner else ""
    if tag.startswith("{{"):
        return f"{{{{ {inner} }}}}"
    if word == "for":
        return f"{{% {inner} %}}{{% endfor %}}"
    if word in ("if", "elif"):
        return f"{{% if {inner.split(' ', 1)[-1]} %}}{{% endif %}}"
    return f"{{% {inner} %}}"


def _check_tree(place: Place, text: str) -> None:
    from jinja2 import TemplateSyntaxError

    try:
        tree = sandbox().parse(text)
    except TemplateSyntaxError as error:
        raise _broken(
            place,
            f"{_why(error)}. Viết {{{{ tên_trường }}}}, {{% for dong in danh_sách %}} hoặc {{% if tên_trường %}}.",
            f"{_why(error)}. Write {{{{ field }}}}, {{% for line in list %}} or {{% if field %}}.",
        ) from None
    if not _harmless(tree):
        raise _broken(
            place,
            "Thẻ chỉ được nêu trường, lặp hoặc điều kiện; viết {{ tên_trường }} và để hệ thống tính sẵn số liệu.",
            "A tag may only name a field, a loop or a condition; write {{ field }}, the figures are counted beforehand.",
        )


def _harmless(tree: Any) -> bool:
    """Whether a tree of tags names, repeats and asks, and does nothing else: no calls, no arithmetic, no inner names."""
    from jinja2 import nodes

    for node in _all_nodes(tree):
        if type(node).__name__ not in _NODES:
            return False
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            return False
        if isinstance(node, nodes.Name) and node.name.startswith("_"):
            return False
        if isinstance(node, nodes.Const) and len(str(node.value)) > 60:
            return False
        if isinstance(node, nodes.For) and (
            not isinstance(node.target, nodes.Name)
            or not isinstance(node.iter, (nodes.Name, nodes.Getattr))
            or node.test is not None
            or node.recursive
            or node.else_
        ):
            return False
        if isinstance(node, nodes.Filter):
            plain = all(isinstance(one, nodes.Const) and isinstance(one.value, str) for one in node.args)
            if node.name not in _FILTERS or node.kwargs or node.dyn_args or node.dyn_kwargs or not plain:
                return False
    return True


def _all_nodes(tree: Any) -> Iterator[Any]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _all_nodes(child)


@dataclass
class _Opened:
    word: str
    place: Place
    target: str = ""


def _check_pairs(places: Sequence[Place]) -> None:
    """What is opened is closed, part by part; a loop within a loop goes over what the outer one holds."""
    opened: list[_Opened] = []
    part_now = ""
    for place in places:
        if place.part != part_now:
            _require_closed(opened)
            part_now = place.part
        for tag in _TAG.findall(place.text):
            if not tag.startswith("{%"):
                continue
            inner = _inside(tag)
            word = inner.split(" ", 1)[0]
            if word == "for":
                target, over = (one.strip() for one in inner[4:].split(" in ", 1))
                outer = [one.target for one in opened if one.word == "for"]
                if outer and over.split(".")[0] not in outer:
                    raise _broken(
                        place,
                        f"Vòng lặp trong vòng lặp chỉ được đi qua phần của vòng ngoài, thí dụ {{% for con in {outer[-1]}.ten %}}.",
                        f"A loop within a loop may only go over a part of the outer one, such as {{% for one in {outer[-1]}.name %}}.",
                    )
                opened.append(_Opened("for", place, target))
            elif word == "if":
                opened.append(_Opened("if", place))
            elif word in ("endfor", "endif"):
                if not opened or opened[-1].word != word.removeprefix("end"):
                    raise _unpaired(place, word.removeprefix("end"))
                opened.pop()
            elif not opened:
                raise _unpaired(place, "if")
    _require_closed(opened)


def _require_closed(opened: list[_Opened]) -> None:
    if opened:
        raise _unpaired(opened[-1].place, opened[-1].word)


def _unpaired(place: Place, word: str) -> TemplateBroken:
    return _broken(
        place,
        f"Thẻ lặp hoặc điều kiện không có cặp mở, đóng: mỗi {{% {word} … %}} cần một {{% end{word} %}}.",
        f"A loop or condition lacks its opening or its end: every {{% {word} … %}} needs one {{% end{word} %}}.",
    )


def _check_names(places: Sequence[Place], facts: Mapping[str, tuple[str, str]] | None) -> None:
    """Every name is a field, a fact of this kind of paper, or what a loop around it names."""
    from jinja2 import meta, nodes

    loops: list[str] = []
    for place in places:
        for tag in _TAG.findall(place.text):
            inner = _inside(tag)
            if tag.startswith("{#") or inner in ("endif", "else"):
                continue
            if inner == "endfor":
                loops.pop()
                continue
            tree = sandbox().parse(_whole(tag, inner))
            known = set(FIELDS) | set(loops) | {"loop"}
            unknown = meta.find_undeclared_variables(tree) - known
            if unknown:
                raise _unknown(place, sorted(unknown)[0], sorted(known - {"loop"}))
            for node in tree.find_all(nodes.Getattr):
                of_facts = isinstance(node.node, nodes.Name) and node.node.name == "du_lieu"
                if facts is not None and of_facts and node.attr not in facts:
                    raise _unknown(place, f"du_lieu.{node.attr}", [f"du_lieu.{one}" for one in facts])
            if inner.startswith("for "):
                loops.append(inner[4:].split(" in ", 1)[0].strip())


def _unknown(place: Place, word: str, known: Sequence[str]) -> TemplateWordUnknown:
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return TemplateWordUnknown(
        word=word,
        place=place.vi,
        place_en=place.en,
        text=place.text[:120],
        known=", ".join(_written(one) for one in (near or known)),
    )


def _names(place: Place, word: str) -> bool:
    return any(
        not tag.startswith("{#") and re.search(rf"\b{word}\b", _inside(tag))
        for tag in _TAG.findall(place.text)
    )


def _check_body(places: Sequence[Place]) -> None:
    """The body stands once, in a paragraph of its own, in no loop."""
    depth = 0
    seen = False
    for place in places:
        for tag in _TAG.findall(place.text):
            inner = _inside(tag)
            depth += inner.startswith("for ")
            depth -= inner == "endfor"
            if tag.startswith("{#") or not re.search(r"\bnoi_dung\b", inner):
                continue
            alone = tag.startswith("{{p ") and inner == "noi_dung" and place.text == tag
            if not alone or seen or depth or not place.part.startswith("document"):
                raise _broken(
                    place,
                    "Nội dung văn bản viết một lần là {{p noi_dung }}, thành một đoạn riêng, ngoài vòng lặp.",
                    "The body is written once as {{p noi_dung }}, in a paragraph of its own, outside loops.",
                )
            seen = True


def _check_parts(content: bytes) -> None:
    """What will be filled is read once more as a whole, exactly as it is going to be filled."""
    from docxtpl import DocxTemplate

    whole = DocxTemplate(io.BytesIO(content))
    whole.init_docx()
    texts = [whole.get_xml()]
    for uri in (whole.HEADER_URI, whole.FOOTER_URI):
        texts += [whole.get_part_xml(part) for _key, part in whole.get_headers_footers(uri)]
    for text in texts:
        if not _harmless(sandbox().parse(whole.patch_xml(text))):
            raise TemplateHoldsMore(
                what="thẻ không được phép", what_en="a tag that is not allowed", where="document"
            )


def _read_again(content: bytes) -> None:
    from docx import Document

    Document(io.BytesIO(content))


# --- what went wrong


def _broken(place: Place, why: str, why_en: str) -> TemplateBroken:
    return TemplateBroken(place=place.vi, place_en=place.en, text=place.text[:120], why=why, why_en=why_en)


def _where(error: Exception, places: Sequence[Place]) -> Place:
    """The paragraph that a failure while filling speaks of: the one with the word in its message, else the first."""
    said = set(re.findall(r"\w{4,}", str(error)))
    for place in places:
        tags = " ".join(_TAG.findall(place.text))
        if said & set(re.findall(r"\w{4,}", tags)):
            return place
    return places[0]


def _why(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")[:160] if str(error) else type(error).__name__
