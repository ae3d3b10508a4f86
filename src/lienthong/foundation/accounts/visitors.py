"""What visitors may do without an account, as often as a person does it."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from lienthong.foundation.errors import TooManyAttempts


def limit_visits(request: HttpRequest, of: str, most: int, seconds: int = 3600) -> None:
    """Refuse when one address does something more often than a person would; `of` names what is counted.

    The address is kept in the cache alone, for as long as it is counted. Raises `TooManyAttempts`.
    """
    key = f"{of}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, seconds)
    try:
        count = cache.incr(key)
    except ValueError:
        count = 1
    if count > most:
        raise TooManyAttempts()
