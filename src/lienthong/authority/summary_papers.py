"""The frame of a summary in official form: counts in front, the whole table as its annex. Written in Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from lienthong.agencies.models import Agency
from lienthong.foundation.papers.shapes import MOTTO, Annex, Block, Grid, Paper, dated
from lienthong.law.queries import basis_on


def summary_paper(
    kind: str,
    title: str,
    unit: Agency | None,
    day: date,
    blocks: Sequence[Block],
    annex: tuple[str, Sequence[Grid]],
    data: dict[str, Any],
) -> Paper:
    """The paper of the unit that asked for it; `annex` says what it is about and holds its tables, if there are any."""
    about, grids = annex
    attached = Annex(
        title="Phụ lục",
        about=about,
        attached_to=f"Kèm theo {title[:1].lower()}{title[1:]} ngày {day:%d/%m/%Y}",
        blocks=tuple(grids),
    )
    return Paper(
        kind=kind,
        above=unit.parent.name if unit is not None and unit.parent else "",
        issuer=unit.name if unit is not None else "",
        number="Số:       /BC",
        motto=MOTTO,
        dated=dated("", day),
        day=day,
        title=title,
        about=f"(tính đến ngày {day:%d/%m/%Y})",
        basis=tuple(basis_on(day)),
        blocks=tuple(blocks),
        signer=("Người lập bảng",),
        recipients=("Lưu: VT",),
        recipients_title="Nơi nhận:",
        annexes=(attached,) if grids else (),
        data=data,
    )
