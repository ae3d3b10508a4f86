"""Enter and correct legal texts, the places in them, and what they do to each other."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc, slug
from lienthong.foundation.tracing import carries

from ..access import require_text_keeper
from ..citations import Place, place_of, place_text
from ..errors import (
    PlaceRefused,
    PlaceTaken,
    ReasonMissing,
    RelationRefused,
    TextDatesRefused,
    TextFieldMissing,
    TextNumberTaken,
)
from ..events import ProvisionRecorded, RelationRecorded, TextAmended, TextRecorded
from ..models import FactSource, Force, Instrument, InstrumentKind, Mark, Provision, ProvisionRelation

# What a text cannot be recorded without: field to its words.
NEEDED: dict[str, tuple[str, str]] = {
    "number": ("số, ký hiệu", "The number"),
    "title_vi": ("trích yếu", "The title"),
    "issuer_vi": ("cơ quan ban hành", "The body that issued it"),
}
_WRITTEN = ("number", "title_vi", "title_en", "issuer_vi", "issuer_en", "note_vi", "note_en")
_DATES = ("issued_on", "in_force_from", "in_force_to")
_CHOSEN = {"kind": InstrumentKind, "force": Force, "mark": Mark}
# What is entered here stands behind what was shipped.
_BEHIND = 10_000
# How the relation of two texts is said in their history.
RELATION_WORDS: dict[str, tuple[str, str]] = {
    "repeals": ("bãi bỏ", "repeals"),
    "amends": ("sửa đổi, bổ sung", "amends"),
    "replaces": ("thay thế", "replaces"),
    "details": ("quy định chi tiết", "details"),
    "issues": ("ban hành", "issues"),
}


@carries("CFG-01")
def record_text(*, actor: Actor, reason: str, read_in: str = "", **written: Any) -> Instrument:
    """Record a legal text that this installation does not know yet.

    `written` holds kind, force, number, titles, issuers, the days of issue and force, mark and notes as in
    `Instrument`; English words fall back to the Vietnamese ones. Raises TextFieldMissing, TextNumberTaken,
    TextDatesRefused, ReasonMissing, NotAllowed. Publishes TextRecorded.
    """
    require_text_keeper(actor)
    given = _weighed(written)
    because = _because(reason)
    with transaction.atomic():
        _require_free(given["number"])
        row = Instrument(**given, slug=_free_slug(given["kind"], given["number"]), position=_last() + 1)
        row.sources = _sources(row.slug, read_in)
        row.touch(because)
        row.save()
        publish(
            actor=actor,
            fact=TextRecorded(
                instrument_id=row.pk,
                citation=row.citation("vi"),
                citation_en=row.citation("en"),
                mark=row.mark,
            ),
            reason=because,
        )
    return row


@carries("CFG-01")
def amend_text(
    *, actor: Actor, instrument: Instrument, reason: str, read_in: str = "", **written: Any
) -> Instrument:
    """Correct what is recorded of a legal text; a new edition of the shipped facts leaves it alone from then on.

    Parts left out stay as they are, and when nothing changes nothing is written. Raises and refuses as
    `record_text`. Publishes TextAmended with each part as it was and as it is.
    """
    require_text_keeper(actor)
    because = _because(reason)
    with transaction.atomic():
        row = Instrument.objects.select_for_update().get(pk=instrument.pk)
        present = {name: getattr(row, name) for name in (*_WRITTEN, *_DATES, *_CHOSEN)}
        given = _weighed(present | written)
        _require_free(given["number"], besides=row.pk)
        changed = [name for name in given if given[name] != present[name]]
        if not changed and not read_in.strip():
            return row
        for name in changed:
            setattr(row, name, given[name])
        row.sources = [*row.sources, *_sources(row.slug, read_in)] if read_in.strip() else row.sources
        row.touch(because)
        row.save()
        publish(
            actor=actor,
            fact=TextAmended(
                instrument_id=row.pk,
                citation=row.citation("vi"),
                citation_en=row.citation("en"),
                before={name: str(present[name] or "") for name in changed},
                after={name: str(given[name] or "") for name in changed},
            ),
            reason=because,
        )
    return row


@carries("CFG-01")
def record_provision(
    *,
    actor: Actor,
    instrument: Instrument,
    place: str,
    summary_vi: str,
    reason: str,
    summary_en: str = "",
    mark: str = Mark.UNVERIFIED,
) -> Provision:
    """Record a place in a legal text (`35.3`), so that parameters and gates can rest on it.

    Raises PlaceRefused, PlaceTaken, TextFieldMissing, ReasonMissing, NotAllowed. Publishes ProvisionRecorded.
    """
    require_text_keeper(actor)
    because = _because(reason)
    at, found = _place(place, needed=True)
    said = nfc(summary_vi).strip()
    if not said:
        raise TextFieldMissing(at="summary_vi", name="nội dung điều khoản", name_en="What the provision says")
    ref = f"{instrument.slug}/{at}"
    with transaction.atomic():
        if Provision.objects.filter(ref=ref).exists():
            raise PlaceTaken(place=place_text(found, "vi"))
        last = instrument.provisions.aggregate(last=Max("position"))["last"]
        row = Provision(
            ref=ref,
            instrument=instrument,
            at=at,
            article=found.article,
            clause=found.clause,
            point=found.point,
            summary_vi=said[:400],
            summary_en=(nfc(summary_en).strip() or said)[:400],
            mark=mark if mark in Mark.values else Mark.UNVERIFIED,
            position=(last or 0) + 1,
        )
        row.touch(because)
        row.save()
        publish(
            actor=actor,
            fact=ProvisionRecorded(
                instrument_id=instrument.pk,
                ref=ref,
                citation=row.citation("vi"),
                citation_en=row.citation("en"),
            ),
            reason=because,
        )
    return row


@carries("CFG-01")
def record_relation(
    *,
    actor: Actor,
    kind: str,
    source: Instrument,
    target: Instrument,
    effective_on: date,
    reason: str,
    source_place: str = "",
    target_place: str = "",
    mark: str = Mark.UNVERIFIED,
) -> ProvisionRelation:
    """Record that one text repeals, amends, replaces or details another, or a place in it, from a day on.

    A text that is repealed or replaced as a whole holds until the day before. Raises RelationRefused, PlaceRefused,
    ReasonMissing, NotAllowed. Publishes RelationRecorded.
    """
    require_text_keeper(actor)
    because = _because(reason)
    if kind not in RELATION_WORDS:
        raise RelationRefused(why="chưa chọn quan hệ", why_en="no kind of relation was chosen")
    if source.pk == target.pk:
        raise RelationRefused(why="hai văn bản là một", why_en="both are the same text")
    if source.issued_on and effective_on < source.issued_on:
        raise RelationRefused(
            why="ngày có hiệu lực trước ngày ban hành văn bản tác động",
            why_en="the day lies before the acting text was issued",
        )
    at, to = _place(source_place)[0], _place(target_place)[0]
    with transaction.atomic():
        same = {
            "kind": kind, "source_instrument": source, "source_place": at,
            "target_instrument": target, "target_place": to,
        }  # fmt: skip
        if ProvisionRelation.objects.filter(**same).exists():
            raise RelationRefused(why="quan hệ này đã được ghi nhận", why_en="it is already recorded")
        row = ProvisionRelation(
            **same,
            effective_on=effective_on,
            mark=mark if mark in Mark.values else Mark.UNVERIFIED,
        )
        row.touch(because)
        row.save()
        if row.ends_its_target and not to:
            _end(target, effective_on - timedelta(days=1), because)
        publish(actor=actor, fact=_told(row), reason=because)
    return row


def _end(target: Instrument, last_day: date, because: str) -> None:
    ended = Instrument.objects.select_for_update().get(pk=target.pk)
    if ended.in_force_to is None or ended.in_force_to > last_day:
        ended.in_force_to = last_day
        ended.touch(because)
        ended.save()


def _told(row: ProvisionRelation) -> RelationRecorded:
    vi, en = RELATION_WORDS[row.kind]
    return RelationRecorded(
        instrument_id=row.source_instrument_id,
        target_id=row.target_instrument_id,
        kind=row.kind,
        kind_vi=vi,
        kind_en=en,
        source=row.source_words("vi"),
        source_en=row.source_words("en"),
        target=row.target_words("vi"),
        target_en=row.target_words("en"),
    )


def _weighed(written: dict[str, Any]) -> dict[str, Any]:
    """The parts of a text as they will be stored; refused where one is missing or does not fit."""
    given: dict[str, Any] = {name: nfc(str(written.get(name) or "")).strip() for name in _WRITTEN}
    for name, (vi, en) in NEEDED.items():
        if not given[name]:
            raise TextFieldMissing(at=name, name=vi, name_en=en)
    for name, choices in _CHOSEN.items():
        chosen = str(written.get(name) or "")
        if chosen not in choices.values:
            raise TextFieldMissing(at=name, name="phân loại", name_en="The kind")
        given[name] = chosen
    for name in ("title", "issuer"):
        given[f"{name}_en"] = given[f"{name}_en"] or given[f"{name}_vi"]
    given |= {name: written.get(name) for name in _DATES}
    issued, since, until = (given[name] for name in _DATES)
    if issued and since and since < issued:
        raise TextDatesRefused(
            why="ngày có hiệu lực trước ngày ban hành", why_en="it would hold before it was issued"
        )
    if since and until and until < since:
        raise TextDatesRefused(
            why="ngày hết hiệu lực trước ngày có hiệu lực", why_en="it would end before it begins to hold"
        )
    for name in _WRITTEN:
        given[name] = given[name][: getattr(Instrument._meta.get_field(name), "max_length", None)]
    return given


def _require_free(number: str, *, besides: int | None = None) -> None:
    # Compared here, because databases fold only the letters of English.
    others = [row for row in Instrument.objects.only("number") if row.pk != besides]
    if number.casefold() in {row.number.casefold() for row in others}:
        raise TextNumberTaken(number=number)


def _because(reason: str) -> str:
    because = nfc(reason).strip()
    if not because:
        raise ReasonMissing
    return because


def _place(given: str, *, needed: bool = False) -> tuple[str, Place]:
    at = re.sub(r"\s+", "", nfc(given)).lower()
    found = place_of(at)
    if (at or needed) and not found.article:
        raise PlaceRefused(given=given.strip()[:40])
    return at, found


def _free_slug(kind: str, number: str) -> str:
    wanted = slug(f"{kind} {number}")[:56] or kind
    name, count = wanted, 2
    while Instrument.objects.filter(slug=name).exists():
        name, count = f"{wanted}-{count}", count + 1
    return name


def _last() -> int:
    last = Instrument.objects.aggregate(last=Max("position"))["last"]
    return max(int(last or 0), _BEHIND)


def _sources(text: str, read_in: str) -> list[str]:
    said = nfc(read_in).strip()[:300]
    if not said:
        return []
    existing = FactSource.objects.filter(vi=said).first()
    if existing is not None:
        return [existing.key]
    count = FactSource.objects.filter(key__startswith="here-").count()
    return [FactSource.objects.create(key=f"here-{count + 1}", vi=said, en=said).key]
