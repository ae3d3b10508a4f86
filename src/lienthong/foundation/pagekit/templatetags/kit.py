"""The filters of every page: numbers, dates, time limits, and the icon tag. The writing itself is in `figures`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from lienthong.foundation.pagekit import figures
from lienthong.foundation.pagekit.layout import same_page_in

register = template.Library()

register.filter("short_number", figures.short_number_text)
register.filter("size", figures.size_text)
register.filter("day", figures.day_text)
register.filter("hour", figures.hour_text)
register.filter("moment", figures.moment_text)
register.filter("weekday", figures.weekday_text)
register.filter("due", figures.due_text)
register.filter("term", figures.term_text)
register.filter("long_term", figures.long_term_text)
register.filter("clock_text", figures.clock_text)
register.filter("clock_word", figures.clock_word)
register.filter("clock_date", figures.clock_date)
register.filter("clock_note", figures.clock_note)
register.filter("clock_kind", figures.clock_kind)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """1.234.567,8; with places, as many digits behind the comma."""
    return figures.number_text(value, places)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """45.2 as 45,2%."""
    return figures.percent_text(value, places)


@register.filter
def share(value: Any, places: int = 1) -> str:
    """0.452 as 45,2%."""
    amount = _plain(value)
    return "" if amount is None else figures.percent_text(amount * 100, places)


@register.filter
def coordinate(value: Any, of: Any = 100) -> str:
    """A share of a whole as a number from 0 to 100 for an SVG attribute, always with a point."""
    amount, whole = _plain(value), _plain(of)
    if amount is None or not whole:
        return "0"
    share_of_whole = max(Decimal(0), min(Decimal(100), amount * 100 / whole))
    return f"{share_of_whole:.2f}".rstrip("0").rstrip(".")


@register.filter
def minus(value: Any, other: Any) -> str:
    """A difference for an SVG attribute, always with a point and never below zero."""
    first, second = _plain(value), _plain(other)
    if first is None or second is None:
        return "0"
    return f"{max(Decimal(0), first - second):.2f}"


@register.filter
def is_due_today(clock: Any) -> bool:
    """Whether a running term ends today."""
    return figures.clock_kind(clock) == "due" and not _attribute(clock, "remaining")


@register.filter
def is_going(job: Any) -> bool:
    """Whether a job has still to do something."""
    return _attribute(job, "state") in ("queued", "running")


@register.filter
def state_icon(kind: str) -> str:
    """The icon that stands beside the word of a state."""
    return STATE_MARKS.get(kind, STATE_MARKS["unknown"])[0]


@register.filter
def state_kind(kind: str) -> str:
    """The tint of a state."""
    return STATE_MARKS.get(kind, STATE_MARKS["unknown"])[1]


@register.filter
def state_word(kind: str) -> str:
    """The usual word of a state."""
    return gettext(STATE_MARKS.get(kind, STATE_MARKS["unknown"])[2])


TYPE_WORDS = {
    "text": _("text"),
    "integer": _("whole number"),
    "decimal": _("decimal number"),
    "double": _("decimal number"),
    "boolean": _("yes or no"),
    "date": _("date"),
    "time": _("time of day"),
    "timestamp": _("date and time"),
    "json": _("structure (JSON)"),
    "binary": _("binary data"),
}


@register.filter
def type_word(kind: str) -> str:
    """The type of a column in words; one that is not known stays as it is."""
    return gettext(TYPE_WORDS[kind]) if kind in TYPE_WORDS else str(kind or "")


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a form field is laid out: one box to tick, a group of choices, or a plain control."""
    kind = getattr(field.field.widget, "input_type", "")
    if kind in ("checkbox", "radio"):
        return "group" if hasattr(field.field.widget, "choices") else "check"
    return "control"


@register.filter
def get(thing: Any, key: Any) -> Any:
    """An entry of a mapping by a key held in a variable; nothing when there is none."""
    try:
        return thing[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.filter
def forms_with_errors(forms: Any) -> list[Any]:
    """Those of the forms that were filled in wrongly; takes one form, a list of forms, or nothing."""
    listed = forms if isinstance(forms, (list, tuple)) else [forms]
    return [form for form in listed if form and getattr(form, "errors", None)]


@register.filter
def fault_count(forms: Any) -> int:
    """How many texts the error box of these forms holds."""
    return sum(len(texts) for form in forms_with_errors(forms) for texts in form.errors.values())


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """One outline of the sprite; hidden from screen readers unless it has a label of its own."""
    return _outline(name, size, str(label))


@lru_cache(maxsize=2000)
def _outline(name: str, size: int, label: str) -> SafeString:
    """Written once: the address of the sprite does not change while the server runs, and a list has a hundred icons."""
    address = static("lienthong/icons.svg")
    if label:
        return format_html(
            '<svg class="icon icon-{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            size, label, address, name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon icon-{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        size, address, name,
    )  # fmt: skip


@register.simple_tag
def state_badge(kind: str, word: str = "") -> SafeString:
    """What `<c-state>` writes, for the rows of long lists: a component for every badge would take most of their time."""
    return format_html(
        '<span class="badge-state is-{}">{}<span>{}</span></span>',
        state_kind(kind), icon(state_icon(kind)), word or state_word(kind),
    )  # fmt: skip


def _plain(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return amount if amount.is_finite() else None


# state: icon, tint, usual word
STATE_MARKS: dict[str, tuple[str, str, str]] = {
    "met": ("check", "ok", _("Met")),
    "done": ("check", "ok", _("Done")),
    "ok": ("check", "ok", _("In order")),
    "decided": ("check", "ok", _("Decided")),
    "due": ("due", "due", _("Due soon")),
    "waiting": ("clock", "due", _("Waiting")),
    "late": ("late", "late", _("Overdue")),
    "failed": ("cross", "late", _("Not met")),
    "blocked": ("late", "late", _("Blocked")),
    "stopped": ("pause", "late", _("Suspended")),
    "withdrawn": ("stop", "late", _("Withdrawn")),
    "none": ("none", "neutral", _("Not applicable")),
    "unknown": ("unknown", "neutral", _("Could not be assessed")),
    "todo": ("todo", "neutral", _("Not started")),
    "draft": ("edit", "neutral", _("Draft")),
    "ended": ("none", "neutral", _("Ended")),
    "running": ("half", "info", _("In progress")),
    "open": ("open", "info", _("Open")),
    "proposed": ("proposal", "proposed", _("Proposed")),
    "secret": ("lock", "secret", _("State secret")),
}


class FramedNode(template.Node):
    """Puts a frame around a content only if there is any."""

    child_nodelists = ("before", "content", "after")

    def __init__(
        self, before: template.NodeList, content: template.NodeList, after: template.NodeList
    ) -> None:
        self.before, self.content, self.after = before, content, after

    def render(self, context: template.Context) -> str:
        content = self.content.render(context)
        if not content.strip():
            return ""
        return f"{self.before.render(context)}{content}{self.after.render(context)}"


@register.tag
def framed(parser: template.base.Parser, token: template.base.Token) -> FramedNode:
    """`{% framed %}before{% inside %}content{% closing %}after{% endframed %}`: nothing at all without a content."""
    before = parser.parse(("inside",))
    parser.delete_first_token()
    content = parser.parse(("closing",))
    parser.delete_first_token()
    after = parser.parse(("endframed",))
    parser.delete_first_token()
    return FramedNode(before, content, after)


@register.filter
def described(field: BoundField, help_text: Any = "") -> SafeString:
    """The control of a form field, tied to its hint and its errors."""
    ids = [f"{field.auto_id}_helptext"] if help_text else []
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    attrs: dict[str, Any] = {"aria-describedby": " ".join(ids)} if ids else {}
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def unless(value: Any, hidden: Any) -> Any:
    """The value, or nothing when it is to be hidden."""
    return "" if hidden else value


@register.filter
def stop_now(stops: Any) -> dict[str, Any]:
    """The stop of a life line at which the work stands: blocked first, then current, then the first not done."""
    for wanted in ("blocked", "current", "todo"):
        for place, stop in enumerate(stops or (), start=1):
            if _attribute(stop, "state") == wanted:
                return {"place": place, "name": _attribute(stop, "name")}
    last = len(stops or ())
    return {"place": last, "name": _attribute(stops[-1], "name") if last else ""}


@register.filter
def stop_word(state: str) -> str:
    """The state of a stop for those who do not see its mark."""
    return gettext(STOP_WORDS.get(state, STOP_WORDS["todo"]))


@register.filter
def stacked(parts: Any) -> list[dict[str, Any]]:
    """The parts of a stacked bar with their place from 0 to 100 for SVG attributes."""
    values = [max(Decimal(0), _plain(_attribute(part, "value")) or Decimal(0)) for part in parts or ()]
    whole = sum(values) or Decimal(1)
    placed, start = [], Decimal(0)
    for part, value in zip(parts or (), values, strict=True):
        placed.append(
            {
                "label": _attribute(part, "label"),
                "kind": _attribute(part, "kind"),
                "value": value,
                "start": f"{start * 100 / whole:.2f}",
                "wide": f"{value * 100 / whole:.2f}",
            }
        )
        start += value
    return placed


def _attribute(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


STOP_WORDS = {
    "done": _("done"),
    "current": _("in progress"),
    "blocked": _("blocked"),
    "todo": _("to come"),
}


@register.filter
def in_reading_language(address: str) -> str:
    """A stored address, which knows no language, as the same page in the reader's language."""
    return same_page_in(get_language() or "vi", address) if address.startswith("/") else address
