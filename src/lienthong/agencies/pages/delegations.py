"""Delegation of a post: given, seen by both persons, ended."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthong.agencies import commands, forms
from lienthong.agencies.access import may_delegate, may_end_delegation
from lienthong.agencies.delegating import DELEGABLE, known
from lienthong.agencies.models import Delegation, Post
from lienthong.agencies.queries import delegations_of, posts_on
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.errors import NotAllowed

from .acts import Act, act_page


@signed_in
def delegations(request: Request) -> HttpResponse:
    """What the signed-in person delegated and was delegated, and the posts that may be delegated."""
    person, today = request.user.pk, timezone.localdate()
    rows = [
        {
            "one": one,
            "areas": known(one.areas),
            "live": one.ended_at is None and (one.post.valid_to is None or one.post.valid_to >= today),
            "given": one.post.delegated_by is not None and one.post.delegated_by.person_id == person,
        }
        for one in delegations_of(person or 0)
    ]
    own = [
        post
        for post in posts_on(person or 0, today)
        if post.delegated_by_id is None and post.role in DELEGABLE
    ]
    return render(request, "agencies/delegations.html", {"rows": rows, "posts": own})


@signed_in
def delegate(request: Request, post_id: int) -> HttpResponse:
    """Let another person act in a post."""
    post = get_object_or_404(Post.objects.select_related("person", "agency"), pk=post_id)
    if not may_delegate(request.actor, post):
        raise NotAllowed(act="ủy quyền vai trò này", act_en="delegate this post")

    def perform(entered: dict[str, Any]) -> str:
        given = commands.delegate_post(actor=request.actor, post=post, **entered)
        return _("%(person)s acts on behalf of %(other)s until %(day)s.") % {
            "person": given.post.person.full_name,
            "other": post.person.full_name,
            "day": f"{entered['valid_to']:%d/%m/%Y}",
        }

    act = Act(
        heading=_("Delegate the role “%(role)s” of %(agency)s")
        % {"role": post.get_role_display(), "agency": post.agency.shown_name},
        submit=_("Delegate"),
        back=reverse("agencies-delegations"),
        crumbs=[(reverse("agencies-roles"), _("Posts")), (reverse("agencies-delegations"), _("Delegations"))],
        effect=_(
            "The delegate acts in these areas and days alone, does not delegate on, and each act names both persons."
        ),
    )
    return act_page(request, act, forms.DelegateForm, perform, initial={"valid_from": timezone.localdate()})


@signed_in
def end(request: Request, delegation_id: int) -> HttpResponse:
    """End a delegation before its last day."""
    one = get_object_or_404(
        Delegation.objects.select_related("post__person", "post__delegated_by__person"), pk=delegation_id
    )
    if not may_end_delegation(request.actor, one):
        raise NotAllowed(act="chấm dứt ủy quyền này", act_en="end this delegation")

    def perform(entered: dict[str, Any]) -> str:
        commands.end_delegation(actor=request.actor, delegation=one, **entered)
        return _("The delegation to %(person)s was ended.") % {"person": one.post.person.full_name}

    act = Act(
        heading=_("End the delegation to %(person)s") % {"person": one.post.person.full_name},
        submit=_("End the delegation"),
        back=reverse("agencies-delegations"),
        crumbs=[(reverse("agencies-roles"), _("Posts")), (reverse("agencies-delegations"), _("Delegations"))],
        effect=_("It ends at once. What was done until now stays on record."),
        danger=True,
    )
    return act_page(request, act, forms.EndDelegationForm, perform)
