"""Who acts in a request: the signed-in person in one of his or her posts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from lienthong.foundation.accounts.actor import Actor

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


def acting_post(request: HttpRequest) -> Post | None:
    """The post chosen in this session, else the person's first; none for a visitor."""
    if not request.user.is_authenticated:
        return None
    posts = list(posts_on(request.user.pk, timezone.localdate()))
    chosen = request.session.get(POST_KEY)
    return next((post for post in posts if post.pk == chosen), posts[0] if posts else None)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request: roles are those that the person holds in the unit acted for."""
    locale = translation.get_language() or "vi"
    if not request.user.is_authenticated:
        return Actor(locale=locale, origin="web")
    post: Post | None = acting_post(request)
    if post is None:
        return Actor(user_id=str(request.user.pk), locale=locale, origin="web")
    roles = [
        other.role
        for other in posts_on(request.user.pk, timezone.localdate())
        if other.agency_id == post.agency_id
    ]
    return Actor(
        user_id=str(request.user.pk),
        unit_id=str(post.agency_id),
        roles=frozenset(roles),
        locale=locale,
        origin="web",
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
