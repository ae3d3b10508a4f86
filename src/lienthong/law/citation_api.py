"""How a program is told of a provision, wherever in the API one is named: its words, and how it stands on a day."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils import translation
from ninja import Field, Schema

from lienthong.foundation.tracing import carries

from .answers import Ground


class CitationOut(Schema):
    """A provision as it is cited, and how it stands on the day that was asked for."""

    ref: str = Field(description="Text and place, such as `nd-47-2020/35.3`")
    citation_vi: str
    citation_en: str
    on: date = Field(description="The day on which it was judged")
    standing: Literal["holds", "ended", "not_yet", "guides_ended"] = Field(
        description="`holds`; `ended`; `not_yet` in force; `guides_ended`: a guidance whose text has ended"
    )
    since: date | None = Field(
        description="From which day it, or the text that it guides, has ended or will hold"
    )
    kept: bool = Field(description="Whether what it asked for goes on as a rule of the agency")
    remark_vi: str = Field(description="What a paper has to say of it; empty where it holds")
    remark_en: str


@carries("CFG-01")
def citation_out(ground: Ground | None, on: date) -> dict[str, object] | None:
    """A provision with how it stands on a day; nothing where none is known."""
    if ground is None:
        return None
    told: dict[str, object] = {
        "ref": ground.ref,
        "citation_vi": ground.cited.citation_vi,
        "citation_en": ground.cited.citation_en,
        "on": on,
        "standing": ground.standing.value,
        "since": ground.since,
        "kept": ground.goes_on,
    }
    for locale in ("vi", "en"):
        with translation.override(locale):
            told[f"remark_{locale}"] = ground.remark
    return told
