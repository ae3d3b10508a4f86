"""Facts: frozen dataclasses in the past tense that a command publishes."""

from __future__ import annotations

import calendar
import dataclasses
import string
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

REGISTRY: dict[str, type[Fact]] = {}


@dataclasses.dataclass(frozen=True)
class Fact:
    """Something that has happened.

    Subclasses name their subject (`subject_kind`, and `subject_field`: which field holds the subject's id) and say in
    `vi` and `en` what happened, as format strings over their fields, for the history of the record. `{rows:,}` groups
    the digits of a number and `{due_on:day}` writes a day as the language does; years and version numbers go without.
    """

    subject_kind: ClassVar[str] = ""
    subject_field: ClassVar[str] = ""
    vi: ClassVar[str] = ""
    en: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        REGISTRY[cls.name()] = cls

    @classmethod
    def name(cls) -> str:
        """`catalogue.DatabaseRegistered`: the app and the class, whichever of the app's rooms of events holds it."""
        above, _, room = cls.__module__.rpartition(".")
        module = above if room.endswith("events") else cls.__module__
        return f"{module.rsplit('.', 1)[-1]}.{cls.__name__}"

    @property
    def subject_id(self) -> str:
        return str(getattr(self, self.subject_field))

    def as_payload(self) -> dict[str, Any]:
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}

    @classmethod
    def sentence(cls, payload: dict[str, Any], locale: str) -> str:
        """What happened, as one sentence for the record's history."""
        vietnamese = locale.startswith("vi")
        template = cls.vi if vietnamese else cls.en
        writer = _Vietnamese() if vietnamese else _English()
        # Facts told before a field was added know nothing of it.
        later = {f.name: f.default for f in dataclasses.fields(cls) if f.default is not dataclasses.MISSING}
        try:
            return writer.vformat(template, (), later | payload)
        except (KeyError, IndexError, ValueError):
            return template


class _English(string.Formatter):
    """Writes a day as 5 December 2026."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec != "day":
            return super().format_field(value, format_spec)
        day = datetime.fromisoformat(str(value)).date()
        return f"{day.day} {calendar.month_name[day.month]} {day.year}"


class _Vietnamese(_English):
    """Groups digits with a point, where English has a comma, and writes a day as 05/12/2026."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec == "day":
            return f"{datetime.fromisoformat(str(value)):%d/%m/%Y}"
        text = super().format_field(value, format_spec)
        return text.replace(",", ".") if format_spec == "," else text


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {k: _plain(v) for k, v in dataclasses.asdict(value).items()}
    return value
