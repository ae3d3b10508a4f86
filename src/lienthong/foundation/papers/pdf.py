"""A paper as PDF/A, set by typst with faces that come with the product."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from .shapes import Block, Grid, Heading, Paper, Picture, Points, Text

HERE = Path(__file__).parent
FACES = HERE / "fonts"
STANDARD = "a-2b"
# How wide a table is, in centimetres: on a page that stands, and on one that lies.
SHORT_SIDE, LONG_SIDE = 16.5, 26.2
_PICTURE = """#let d = json(bytes(sys.inputs.data))
#set page(width: 480pt, height: auto, margin: 0pt)
#set text(font: "Liberation Serif")
#image(bytes(d.svg), format: "svg", width: 100%)
"""


def to_pdf(paper: Paper) -> bytes:
    """The paper as PDF/A-2b; the same paper gives the same bytes."""
    made = _compile((HERE / "paper.typ").read_bytes(), _data(paper), "pdf", day=paper)
    return made[0]


def to_pictures(paper: Paper, ppi: int = 110) -> list[bytes]:
    """Its pages as PNG, to be looked at."""
    return _compile((HERE / "paper.typ").read_bytes(), _data(paper), "png", ppi=ppi)


def picture_png(svg: str, ppi: int = 144) -> bytes:
    """A drawing as PNG, for programs that show no SVG."""
    return _compile(_PICTURE.encode(), {"svg": svg}, "png", ppi=ppi)[0]


@cache
def _faces() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FACES)])


def _compile(
    source: bytes, data: dict[str, Any], form: Any, *, ppi: int | None = None, day: Paper | None = None
) -> list[bytes]:
    import typst

    options: dict[str, Any] = {"ppi": ppi} if ppi else {}
    if day is not None:
        options |= {"pdf_standards": STANDARD, "timestamp": datetime.combine(day.day, time(0), UTC)}
    compiler = typst.Compiler(input=source, font_paths=_faces(), sys_inputs={"data": json.dumps(data)})
    made = compiler.compile(format=form, **options)
    if made is None:
        return []
    return made if isinstance(made, list) else [made]


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "language": paper.language,
        "above": paper.above,
        "issuer": paper.issuer,
        "number": paper.number,
        "motto": list(paper.motto),
        "dated": paper.dated,
        "title": paper.title,
        "about": paper.about,
        "addressed": paper.addressed,
        "deciding": paper.deciding,
        "basis": paper.basis_lines,
        "blocks": [_block(block) for block in paper.blocks],
        "annexes": [
            {
                "title": annex.title,
                "about": annex.about,
                "attached_to": annex.attached_to,
                "blocks": [_block(block, wide=LONG_SIDE) for block in annex.blocks],
            }
            for annex in paper.annexes
        ],
        "signer": list(paper.signer),
        "signer_name": paper.signer_name,
        "cosigner": list(paper.cosigner),
        "recipients": list(paper.recipients),
        "recipients_title": paper.recipients_title,
    }


def _block(block: Block, wide: float = SHORT_SIDE) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Text():
            return {"kind": "text", "text": block.text, "italic": block.italic}
        case Points():
            return {"kind": "points", "items": list(block.items)}
        case Picture():
            return {"kind": "picture", "svg": block.svg, "caption": block.caption, "said": block.said}
        case Grid():
            columns = [
                {"title": c.title, "width": width, "numeric": c.numeric}
                for c, width in zip(block.columns, block.widths(wide), strict=True)
            ]
            return {
                "kind": "grid",
                "columns": columns,
                "rows": [list(row) for row in block.rows],
                "caption": block.caption,
            }
