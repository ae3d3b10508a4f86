from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor

from .models import Notice
from .queries import notices_of


def notify(
    *, people: Iterable[int | str], text_vi: str, text_en: str, url: str = "", event_id: str = ""
) -> None:
    """Tell people something once; the same event tells a person the same thing only once."""
    Notice.objects.bulk_create(
        [
            Notice(person_id=person, text_vi=text_vi, text_en=text_en, url=url, event_id=event_id)
            for person in dict.fromkeys(people)
        ],
        ignore_conflicts=True,
    )


def mark_read(*, actor: Actor, notice_ids: Iterable[int] | None = None) -> int:
    """Mark one's own notices as read: those named, or all."""
    notices = notices_of(actor).filter(read_at__isnull=True)
    if notice_ids is not None:
        notices = notices.filter(pk__in=list(notice_ids))
    return notices.update(read_at=timezone.now())
