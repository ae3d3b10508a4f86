"""Entries of catalogues and what separates them, in the words that people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lienthong.foundation.text import fold

from .differences import Difference, FieldChange
from .models import DatabaseState, LocalBase, PersonalDataClass, Tier

KINDS = ("new", "changed", "ended")
_CHOICES: dict[str, Any] = {
    "tier": Tier,
    "local_base": LocalBase,
    "personal_data": PersonalDataClass,
    "state": DatabaseState,
}


@dataclass(frozen=True)
class ShownChange:
    """One field that changed: its name, and what stood and stands there."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class ShownDifference:
    """One database that differs, ready for a page or a sheet."""

    code: str
    name: str
    kind: str
    word: str
    unit: str
    changes: tuple[ShownChange, ...]


def kind_words() -> dict[str, str]:
    """What each kind of difference is called."""
    return {
        "new": _("Newly added"),
        "changed": _("Has changed"),
        "ended": _("Has left"),
        "same": _("Unchanged"),
    }


def shown_change(change: FieldChange, locale: str) -> ShownChange:
    """A change with codes as words."""
    choices = _CHOICES.get(change.field)

    def told(values: tuple[str, ...]) -> tuple[str, ...]:
        if choices is None:
            return values
        known = dict(choices.choices)
        return tuple(str(known.get(value, value)) for value in values)

    label = change.label(locale)
    return ShownChange(label[:1].upper() + label[1:], told(change.before), told(change.after))


def shown_differences(found: Iterable[Difference], locale: str) -> list[ShownDifference]:
    """The differences in the reader's language."""
    words = kind_words()
    return [
        ShownDifference(
            code=one.code,
            name=one.shown_name(locale),
            kind=one.kind,
            word=words[one.kind],
            unit=one.unit,
            changes=tuple(shown_change(change, locale) for change in one.fields),
        )
        for one in found
    ]


def narrowed(
    found: Sequence[Difference], *, kind: str = "", unit: str = "", text: str = ""
) -> list[Difference]:
    """Those of one kind, of one unit, whose name or code has these words in any spelling."""
    words = fold(text).split()[:12]
    return [
        one
        for one in found
        if (not kind or one.kind == kind)
        and (not unit or one.unit_code == unit)
        and all(word in fold(f"{one.name} {one.name_en} {one.code}") for word in words)
    ]


def counted(found: Iterable[Difference]) -> dict[str, int]:
    """How many databases were added, changed and ended."""
    listed = list(found)
    return {kind: sum(one.kind == kind for one in listed) for kind in KINDS}
