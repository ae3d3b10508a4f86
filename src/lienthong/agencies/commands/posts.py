"""Posts: give a person a role in a unit, end it, choose the one to act in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import events
from lienthong.agencies.access import require_administrator
from lienthong.agencies.acting import POST_KEY
from lienthong.agencies.errors import (
    LastAdministrator,
    PostAlreadyHeld,
    PostNotHeld,
    PostNotOwn,
    RoleNotAssignable,
)
from lienthong.agencies.models import Agency, AgencyKind, Post
from lienthong.agencies.queries import is_id, posts_on
from lienthong.agencies.roles import ASSIGNABLE, Role, role_words
from lienthong.agencies.rules import current_form, require_dates_in_order, told
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotFound
from lienthong.foundation.events.commands import publish

from .agencies import found_agency, require_open


def assign_post(
    *,
    actor: Actor,
    person: User,
    agency: Agency,
    role: str,
    title: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    delegated_by: Post | None = None,
    reason: str = "",
) -> Post:
    """Give a person a role in an agency or unit from a date on (today). Publishes `PostAssigned`.

    The focal officer's role is not given here: it follows from the decision that appoints.
    """
    require_administrator(actor, "giao vai trò", "assign a post")
    if role not in ASSIGNABLE:
        words = role_words(role) if role in Role.values else {"role_vi": role, "role_en": role}
        raise RoleNotAssignable(role=words["role_vi"], role_en=words["role_en"])
    return place_in_post(
        actor=actor,
        person=person,
        agency=agency,
        role=role,
        title=title,
        valid_from=valid_from,
        valid_to=valid_to,
        delegated_by=delegated_by,
        reason=reason,
    )


def end_post(*, actor: Actor, post: Post, valid_to: date | None = None, reason: str = "") -> Post:
    """End a post with a day (today), which is its last. Publishes `PostEnded`.

    Refuses to leave the product without an administrator; a focal officer's post ends with the appointment.
    """
    require_administrator(actor, "kết thúc vai trò", "end a post")
    if post.role == Role.FOCAL_OFFICER:
        words = role_words(post.role)
        raise RoleNotAssignable(role=words["role_vi"], role_en=words["role_en"])
    return remove_from_post(actor=actor, post=post, valid_to=valid_to, reason=reason)


def choose_post(*, actor: Actor, session: Any, post_id: int | str) -> Post:
    """Act in one of one's own posts from now on, in this session.

    `session` is that of the request. Raises `PostNotOwn` for a post that the person does not hold today.
    """
    posts = posts_on(actor.user_id, timezone.localdate()) if actor.user_id else Post.objects.none()
    post = posts.filter(pk=post_id).first() if is_id(str(post_id)) else None
    if post is None:
        raise PostNotOwn()
    session[POST_KEY] = post.pk
    return post


def place_in_post(
    *,
    actor: Actor,
    person: User,
    agency: Agency,
    role: str,
    title: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    delegated_by: Post | None = None,
    reason: str = "",
) -> Post:
    """Open a post without asking who may: for the commands of this app, which have asked."""
    day = valid_from or timezone.localdate()
    require_dates_in_order(day, valid_to)
    words = role_words(role)
    with transaction.atomic():
        require_open(agency)
        held = posts_on(person.pk, day).filter(agency=agency, role=role)
        if held.exists() or Post.objects.filter(
            person=person, agency=agency, role=role, valid_to__isnull=True
        ):
            raise PostAlreadyHeld(
                person=person.full_name,
                agency=agency.name,
                role=words["role_vi"],
                role_en=words["role_en"],
            )
        post = Post.objects.create(
            person=person,
            agency=agency,
            role=role,
            title=title.strip(),
            valid_from=day,
            valid_to=valid_to,
            delegated_by=delegated_by,
        )
        publish(
            actor=actor,
            fact=events.PostAssigned(
                agency_id=agency.pk,
                post_id=post.pk,
                person_id=person.pk,
                person_name=person.full_name,
                role=role,
                valid_from=day,
                **words,
            ),
            reason=reason,
        )
    return post


def remove_from_post(*, actor: Actor, post: Post, valid_to: date | None = None, reason: str = "") -> Post:
    """End a post without asking who may: for the commands of this app, which have asked."""
    day = valid_to or timezone.localdate()
    with transaction.atomic():
        post = Post.objects.select_for_update(of=("self",)).select_related("person", "agency").get(pk=post.pk)
        if post.valid_to is not None and post.valid_to <= timezone.localdate():
            raise PostNotHeld(**told(ended_on=post.valid_to))
        require_dates_in_order(post.valid_from, day)
        if post.role == Role.ADMINISTRATOR and not _another_administrator(post):
            raise LastAdministrator()
        post.valid_to = day
        post.save()
        publish(
            actor=actor,
            fact=events.PostEnded(
                agency_id=post.agency_id,
                post_id=post.pk,
                person_id=post.person_id,
                person_name=post.person.full_name,
                role=post.role,
                valid_to=day,
                **role_words(post.role),
            ),
            reason=reason,
        )
    return post


def _another_administrator(post: Post) -> bool:
    others = Post.objects.filter(role=Role.ADMINISTRATOR, valid_to__isnull=True, person__is_active=True)
    return others.exclude(pk=post.pk).exists()


def make_administrator(
    *,
    actor: Actor,
    username: str,
    agency_code: str,
    agency_name: str = "",
    kind: str = AgencyKind.PROVINCE,
) -> Agency:
    """Give an account the role of administrator in an agency, which is entered when it is new.

    So the first administrator comes to an empty installation: from the command line, by who runs the machine. Raises
    `NotFound` for an account that does not exist, and where the agency is new and no name is given.
    """
    require_administrator(actor, "giao quyền quản trị", "make an administrator")
    person = User.objects.filter(username=username).first()
    if person is None:
        raise NotFound(what=f"tài khoản {username}", what_en=f"Account {username}")
    code = current_form(agency_code)
    with transaction.atomic():
        agency = Agency.objects.filter(code=code).first()
        if agency is None:
            if not agency_name.strip():
                raise NotFound(what=f"cơ quan có mã {code}", what_en=f"An agency with code {code}")
            agency = found_agency(actor=actor, code=code, name=agency_name, kind=kind)
        if not Post.objects.filter(
            person=person, agency=agency, role=Role.ADMINISTRATOR, valid_to=None
        ).exists():
            assign_post(actor=actor, person=person, agency=agency, role=Role.ADMINISTRATOR)
    return agency
