"""Delegation: let another person act in one's post, in some areas, from one day to another, by a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lienthong.agencies import events, rules
from lienthong.agencies.access import may_delegate, may_end_delegation
from lienthong.agencies.delegating import AREAS, DELEGABLE, Area, known
from lienthong.agencies.errors import DelegationOver, DelegationRefused
from lienthong.agencies.models import Delegation, Post
from lienthong.agencies.roles import role_words
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc

from .posts import place_in_post


def delegate_post(
    *,
    actor: Actor,
    post: Post,
    person: User,
    areas: Sequence[str],
    decision_number: str,
    decision_date: date,
    valid_from: date,
    valid_to: date,
    reason: str = "",
) -> Delegation:
    """Let another person act in a post, on behalf of its holder, in some areas, until a day which is the last.

    By the holder in person, or by the administrator on the decision. What was delegated is not delegated on; keeping
    secrets, administering and the focal officer's part are not delegated at all. Publishes `PostAssigned` and
    `PostDelegated`; raises `DelegationRefused`.
    """
    if not may_delegate(actor, post):
        raise NotAllowed(act="ủy quyền vai trò này", act_en="delegate this post")
    number = nfc(decision_number).strip()[:60]
    with transaction.atomic():
        post = Post.objects.select_for_update(of=("self",)).select_related("person", "agency").get(pk=post.pk)
        _require_delegable(post, person)
        scope = _scope(areas)
        if not number:
            raise _no("decision_number", "chưa nhập số quyết định", "the decision number is missing")
        _require_days(post, decision_date, valid_from, valid_to)
        _require_free(post, person, valid_from, valid_to)
        acting = place_in_post(
            actor=actor,
            person=person,
            agency=post.agency,
            role=post.role,
            title=post.title,
            valid_from=valid_from,
            valid_to=valid_to,
            delegated_by=post,
            reason=reason,
        )
        delegation = Delegation.objects.create(
            post=acting,
            areas=[area.code for area in scope],
            decision_number=number,
            decision_date=decision_date,
        )
        publish(
            actor=actor,
            fact=events.PostDelegated(
                agency_id=post.agency_id,
                delegation_id=delegation.pk,
                person_id=person.pk,
                person_name=person.full_name,
                giver=post.person.full_name,
                role=post.role,
                areas=tuple(area.code for area in scope),
                areas_vi="; ".join(area.vi for area in scope),
                areas_en="; ".join(area.en for area in scope),
                decision_number=number,
                valid_from=valid_from,
                valid_to=valid_to,
                **role_words(post.role),
            ),
            reason=reason,
        )
    return delegation


def end_delegation(*, actor: Actor, delegation: Delegation, reason: str = "") -> Delegation:
    """End a delegation at once, before its last day: by who gave it, who received it, or the administrator.

    Publishes `DelegationEnded`; raises `DelegationOver`.
    """
    if not may_end_delegation(actor, delegation):
        raise NotAllowed(act="chấm dứt ủy quyền này", act_en="end this delegation")
    today = timezone.localdate()
    with transaction.atomic():
        delegation = (
            Delegation.objects.select_for_update(of=("self",))
            .select_related("post__person")
            .get(pk=delegation.pk)
        )
        post = delegation.post
        if delegation.ended_at is not None or (post.valid_to is not None and post.valid_to < today):
            raise DelegationOver(number=delegation.decision_number)
        delegation.ended_at = timezone.now()
        delegation.save(update_fields=["ended_at"])
        post.valid_to = max(today, post.valid_from)
        post.save()
        publish(
            actor=actor,
            fact=events.DelegationEnded(
                agency_id=post.agency_id,
                delegation_id=delegation.pk,
                person_id=post.person_id,
                person_name=post.person.full_name,
                role=post.role,
                decision_number=delegation.decision_number,
                **role_words(post.role),
            ),
            reason=reason,
        )
    return delegation


def _require_delegable(post: Post, person: User) -> None:
    if post.delegated_by_id is not None:
        raise _no("", "vai trò này là được ủy quyền, không ủy quyền lại", "the post is itself delegated")
    if post.role not in DELEGABLE:
        words = role_words(post.role)
        raise _no(
            "",
            f"vai trò “{words['role_vi']}” không ủy quyền được",
            f"the role “{words['role_en']}” is not delegated",
        )
    if person.pk == post.person_id or not person.is_active:
        raise _no(
            "person",
            "người được ủy quyền phải là người khác, tài khoản đang dùng",
            "it must be another person with an active account",
        )


def _scope(areas: Sequence[str]) -> list[Area]:
    unknown = set(areas) - {area.code for area in AREAS}
    if unknown or not areas:
        raise _no("areas", "chưa chọn phạm vi ủy quyền", "no area was chosen")
    return known(areas)


def _require_days(post: Post, decision_date: date, valid_from: date, valid_to: date) -> None:
    today = timezone.localdate()
    rules.require_decision_dates(decision_date, valid_from, today)
    rules.require_dates_in_order(valid_from, valid_to)
    if valid_to < today:
        raise _no("valid_to", "thời hạn đã qua", "its last day is past")
    if valid_from < post.valid_from or (post.valid_to is not None and valid_to > post.valid_to):
        raise _no(
            "valid_to",
            "thời hạn vượt ra ngoài thời gian giữ vai trò",
            "it goes beyond the time for which the post is held",
        )


def _require_free(post: Post, person: User, valid_from: date, valid_to: date) -> None:
    taken = Post.objects.filter(
        person=person, agency_id=post.agency_id, role=post.role, valid_from__lte=valid_to
    ).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    if taken.filter(Q(delegation__isnull=True) | Q(delegation__ended_at__isnull=True)).exists():
        raise _no(
            "person",
            f"{person.full_name} đã có vai trò này trong thời gian đó",
            f"{person.full_name} has this post in that time already",
        )


def _no(at: str, why: str, why_en: str) -> DelegationRefused:
    return DelegationRefused(at=at, why=why, why_en=why_en)
