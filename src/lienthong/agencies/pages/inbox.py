"""The inbox (D1), and the choice of the post in which one acts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext

from lienthong.agencies import commands
from lienthong.agencies.addresses import in_language
from lienthong.agencies.inbox import Inbox, done_by, inbox_of
from lienthong.agencies.queries import posts_on
from lienthong.foundation.accounts.doors import Request, signed_in
from lienthong.foundation.notices.commands import mark_read
from lienthong.foundation.notices.queries import notices_of

from .cooperation import cooperation_list


@signed_in
def inbox(request: Request) -> HttpResponse:
    """What is due from whoever is signed in, in the order in which it runs out."""
    here, actor = reverse("agencies-inbox"), request.actor
    if request.GET.get("xem") == "de-biet":
        return _notices(request, here)
    if request.GET.get("xem") == "phoi-hop":
        return cooperation_list(request, inbox_of(actor).waiting)
    after = request.GET.get("sau", "")
    if request.GET.get("xem") == "da-xu-ly":
        done = done_by(actor, after=after)
        waiting = inbox_of(actor).waiting
        context = {
            "done": done,
            "waiting": waiting,
            "here": here,
            "next_url": f"{here}?xem=da-xu-ly&sau={done.next_after}" if done.next_after else "",
            "previous_url": f"{here}?xem=da-xu-ly" if after else "",
        }
        return render(request, "agencies/inbox_done.html", context)
    found = inbox_of(actor, after=after)
    context = {
        "inbox": found,
        "summary": _summary(found),
        "here": here,
        "next_url": f"{here}?sau={found.next_after}" if found.next_after else "",
        "previous_url": here if after else "",
    }
    return render(request, "agencies/inbox.html", context)


NOTICES = 100


def _notices(request: Request, here: str) -> HttpResponse:
    """What one should know: nothing is due from it; read when marked so."""
    actor = request.actor
    if request.method == "POST":
        mark_read(actor=actor)
        return redirect(f"{here}?xem=de-biet")
    locale = request.LANGUAGE_CODE
    rows = [
        {
            "text": notice.text(locale),
            "href": in_language(notice.url) if notice.url else "",
            "at": notice.created_at,
            "unread": notice.read_at is None,
        }
        for notice in notices_of(actor)[:NOTICES]
    ]
    context = {
        "notices": rows,
        "unread": sum(1 for row in rows if row["unread"]),
        "to_know": True,
        "waiting": inbox_of(actor).waiting,
        "here": here,
    }
    return render(request, "agencies/inbox_notices.html", context)


@signed_in
def roles(request: Request) -> HttpResponse:
    """In which of one's posts to act from now on."""
    if request.method == "POST":
        post = commands.choose_post(
            actor=request.actor,
            session=request.session,
            post_id=request.POST.get("post", ""),
        )
        messages.success(
            request,
            gettext("Acting as %(role)s of %(agency)s from now on.")
            % {"role": post.get_role_display(), "agency": post.agency.shown_name},
        )
        return redirect(_safe_next(request))
    posts = list(posts_on(request.user.pk, timezone.localdate()))  # type: ignore[arg-type]
    return render(request, "agencies/roles.html", {"posts": posts, "acting": request.post})


def _safe_next(request: Request) -> str:
    given = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if given and here else reverse("agencies-inbox")


def _summary(found: Inbox) -> str:
    if not found.waiting:
        return ""
    parts = []
    if found.overdue:
        parts.append(gettext("%(count)s overdue") % {"count": found.overdue})
    if found.today:
        parts.append(gettext("%(count)s due today") % {"count": found.today})
    waiting = ngettext("%(count)s act waiting", "%(count)s acts waiting", found.waiting) % {
        "count": found.waiting
    }
    return f"{waiting}: {', '.join(parts)}" if parts else waiting
