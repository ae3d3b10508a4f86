"""Before a form asks citizens or firms: who holds it already, what the unit answers, what it concludes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step

from .. import asking_rules as rules
from ..access import may_ask_for
from ..asking import grounds, known_databases, who_holds
from ..asking_errors import ItemsUnanswered, SourceMissing, TitleMissing
from ..asking_rules import FormItem
from ..events import AskedItemAnswered, FormChecked, FormConcluded
from ..models import AskAgainCheck, AskedItem, CheckState

SERIES = "YL"
WORDS = {
    rules.TAKE: ("khai thác từ nơi đang giữ, không yêu cầu", "taken from where it is held, not asked for"),
    rules.EXCEPTION: ("vẫn yêu cầu theo ngoại lệ", "asked for by an exception"),
    rules.OTHER_DATA: ("không phải cùng dữ liệu", "not the same data"),
}


@carries("OVL-06", "LTE-05", "LDL-04", "D224-03")
def check_form(
    *, actor: Actor, for_unit: Agency, title: str, items: Iterable[FormItem], on_paper: bool = False
) -> AskAgainCheck:
    """Look up for a unit who holds what its form is about to ask for, and keep what was found.

    Publishes `FormChecked`; raises `TitleMissing`, `NothingAsked`, `TooManyItems`.
    """
    _require(
        may_ask_for(actor, for_unit),
        "tra cứu trước khi yêu cầu cung cấp thông tin",
        "check a form for this unit",
    )
    named = nfc(title).strip()
    if not named:
        raise TitleMissing()
    asked = rules.require_items(items)
    lookup = who_holds(asked, actor=actor, unit=for_unit)
    with transaction.atomic():
        check = AskAgainCheck.objects.create(
            number=next_number(SERIES),
            unit=for_unit,
            title=named[:250],
            on_paper=on_paper,
            made_by_id=actor.user_id,
            looked_at=lookup.looked_at,
        )
        AskedItem.objects.bulk_create(
            AskedItem(
                check_of=check,
                place=place,
                name=nfc(one.asked.name)[:250],
                title=nfc(one.asked.title)[:250],
                description=nfc(one.asked.description)[:2000],
                hits=[hit.as_json() for hit in one.hits],
            )
            for place, one in enumerate(lookup.found, start=1)
        )
        publish(
            actor=actor,
            fact=FormChecked(
                check_id=check.pk,
                number=check.number,
                items=len(lookup.found),
                held=sum(bool(one.hits) for one in lookup.found),
            ),
        )
    return check


@carries("OVL-06", "LTE-05", "D224-03")
def answer_item(
    *,
    actor: Actor,
    item: AskedItem,
    answer: str,
    source: int | None = None,
    ground: str = "",
    reason: str = "",
    legal_ground: str = "",
) -> AskedItem:
    """Answer who holds an item: taken from there, asked for by a lawful exception with its reason, or not the same data.

    Answered until the check is concluded; the last word counts. Publishes `AskedItemAnswered`; raises `AnswerMissing`,
    `SourceMissing`, `ExceptionUnknown`, `WhyMissing`, `LawMissing`.
    """
    check = item.check_of
    _require(may_ask_for(actor, check.unit), "xử lý mục thông tin", "answer this item")
    rules.require_whole_answer(
        answer,
        source=source is not None,
        ground=ground,
        grounds=[one.looks_at for one in grounds()],
        reason=reason,
        legal_ground=legal_ground,
    )
    if answer == rules.TAKE and source not in known_databases(item.hits):
        raise SourceMissing()
    with transaction.atomic():
        locked = AskAgainCheck.objects.select_for_update().get(pk=check.pk)
        if locked.state != CheckState.OPEN:
            raise refused(locked, "conclude")
        item.answer = answer
        item.source = source if answer == rules.TAKE else None
        item.ground = ground if answer == rules.EXCEPTION else ""
        item.legal_ground = nfc(legal_ground).strip()[:300] if answer == rules.EXCEPTION else ""
        item.reason = nfc(reason).strip()
        item.answered_by_id, item.answered_at = actor.user_id, timezone.now()
        item.save()
        vi, en = WORDS[answer]
        publish(
            actor=actor,
            reason=item.reason,
            fact=AskedItemAnswered(
                check_id=check.pk,
                number=check.number,
                place=item.place,
                answer=answer,
                answer_vi=vi,
                answer_en=en,
            ),
        )
    return item


@carries("OVL-06", "OVL-07")
def conclude_check(*, actor: Actor, check: AskAgainCheck) -> AskAgainCheck:
    """Conclude what a form may ask for and what it may not, once every item that somebody holds is answered.

    Publishes `FormConcluded`; raises `ItemsUnanswered`.
    """
    _require(may_ask_for(actor, check.unit), "kết luận phiếu tra cứu", "conclude this check")
    items = list(check.items.all())
    said = [rules.may_be_asked((hit["kind"] for hit in item.hits), item.answer) for item in items]
    open_items = [item for item, allowed in zip(items, said, strict=True) if allowed is None]
    if open_items and check.state == CheckState.OPEN:
        raise ItemsUnanswered(count=len(open_items), first=str(open_items[0]))
    with transaction.atomic():
        take_step(
            actor=actor,
            record=check,
            step="conclude",
            fact=FormConcluded(
                check_id=check.pk, number=check.number, allowed=said.count(True), refused=said.count(False)
            ),
        )
        check.concluded_by_id = actor.user_id
        check.save(update_fields=["concluded_by"])
    return check


def _require(allowed: bool, act: str, act_en: str) -> None:
    if not allowed:
        raise NotAllowed(act=act, act_en=act_en)
