"""Who acts in a request: the signed-in person in one of his or her posts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from lienthong.foundation.accounts.actor import Actor

from .delegating import facts_of, opens
from .models import Post
from .queries import posts_on

POST_KEY = "acting_post"


class ActorMiddleware:
    """Give every request its actor (`request.actor`) and its post (`request.post`, None for visitors)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.post = SimpleLazyObject(lambda: acting_post(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Tell the door of the request, on which the rights of a delegate depend."""
        door = str(getattr(view, "__module__", ""))
        request.actor = SimpleLazyObject(lambda: actor_of(request, door))  # type: ignore[attr-defined]


def posts_held(request: HttpRequest) -> list[Post]:
    """The posts that the signed-in person holds today, asked for once in a request."""
    held: list[Post] | None = getattr(request, "_posts_held", None)
    if held is None:
        held = request._posts_held = list(posts_on(request.user.pk or 0, timezone.localdate()))  # type: ignore[attr-defined]
    return held


def acting_post(request: HttpRequest) -> Post | None:
    """The post chosen in this session, else the person's first own one; none for a visitor."""
    if not request.user.is_authenticated:
        return None
    posts = posts_held(request)
    chosen = request.session.get(POST_KEY)
    own = next((post for post in posts if post.delegated_by_id is None), None)
    return next((post for post in posts if post.pk == chosen), own)


def actor_of(request: HttpRequest, door: str = "") -> Actor:
    """The actor of a request: roles are those that the person holds in the unit acted for.

    Whoever acts on behalf of another has that one role, and only behind the doors of the areas that were delegated.
    """
    locale = translation.get_language() or "vi"
    if not request.user.is_authenticated:
        return Actor(locale=locale, origin="web")
    post: Post | None = acting_post(request)
    if post is None:
        return Actor(user_id=str(request.user.pk), locale=locale, origin="web")
    if post.delegated_by_id is not None:
        return delegate_of(post, door, locale)
    roles = [
        other.role
        for other in posts_held(request)
        if other.agency_id == post.agency_id and other.delegated_by_id is None
    ]
    return Actor(
        user_id=str(request.user.pk),
        unit_id=str(post.agency_id),
        roles=frozenset(roles),
        locale=locale,
        origin="web",
    )


def delegate_of(post: Post, door: str, locale: str = "vi") -> Actor:
    """The actor of a person in a delegated post behind a door; outside the areas a person without a post."""
    source, areas = post.delegated_by, post.delegation.areas
    if source is None or not opens(door, areas):
        return Actor(user_id=str(post.person_id), locale=locale, origin="web")
    return Actor(
        user_id=str(post.person_id),
        unit_id=str(post.agency_id),
        roles=frozenset({post.role}),
        locale=locale,
        origin="web",
        on_behalf_of=str(source.person_id),
        acts=facts_of(areas),
    )


def actor_for(post: Post, *, origin: str = "web", locale: str = "vi") -> Actor:
    """The actor of a person in one post: for jobs, the command line and the demo."""
    return Actor(
        user_id=str(post.person_id),
        unit_id=str(post.agency_id),
        roles=frozenset({post.role}),
        locale=locale,
        origin=origin,
    )
