"""What the frame of a page shows: plain values that upper floors fill in, without the kit knowing those floors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import get_language, get_language_info

from lienthong.foundation.text import nfc


@dataclass(frozen=True)
class NavItem:
    """One address in the frame. `current` left at None means: decide by the path."""

    label: str
    href: str
    icon: str = ""
    count: int | None = None
    current: bool | None = None


@dataclass(frozen=True)
class NavGroup:
    """Addresses of the rail under one heading; the first group has none."""

    label: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True)
class Footer:
    """Who answers for the site, as the rules for public sites ask."""

    unit: str = ""
    responsible: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    links: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Site:
    """Whose site this is. The sign (emblem or logo) is shown only if the owner of the site put one there."""

    name: str = "Liên Thông"
    unit: str = ""
    sign_url: str = ""
    sign_text: str = ""
    home_url: str = "/"
    theme_url: str = ""
    footer: Footer = field(default_factory=Footer)


@dataclass(frozen=True)
class ActingAs:
    """In whose name the signed-in person works, in words."""

    text: str
    switch_url: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo whose password is printed on the sign-in page."""

    username: str
    password: str
    name: str
    part: str


@dataclass(frozen=True)
class Language:
    """The same page in another language."""

    code: str
    name: str
    href: str
    current: bool


def marked(items: Iterable[NavItem], path: str) -> list[NavItem]:
    """The items with exactly one marked as current: the one whose address is the longest beginning of the path."""
    listed = list(items)
    if any(item.current for item in listed):
        return [replace(item, current=bool(item.current)) for item in listed]
    fitting = [i for i, item in enumerate(listed) if item.current is None and _begins(path, item.href)]
    best = max(fitting, key=lambda i: len(listed[i].href), default=None)
    return [replace(item, current=i == best) for i, item in enumerate(listed)]


def _begins(path: str, href: str) -> bool:
    address = href.split("?")[0].split("#")[0]
    if not address.startswith("/"):
        return False
    return path == address or (address.count("/") > 1 and path.startswith(address.rstrip("/") + "/"))


def same_page_in(code: str, full_path: str) -> str:
    """The address of the same page in another language: `/du-lieu/?q=x` becomes `/en/du-lieu/?q=x`, and back."""
    path, mark, query = full_path.partition("?")
    for other, _name in settings.LANGUAGES:
        if path == f"/{other}" or path.startswith(f"/{other}/"):
            path = path[len(other) + 1 :] or "/"
            break
    if code != settings.LANGUAGE_CODE:
        path = f"/{code}{path}"
    # A path that begins with two slashes would leave this site.
    return "/" + path.lstrip("/") + mark + query


class Layout:
    """Everything the frame reads in one request; each part is asked for once, and only if it is shown."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def _provided(self, key: str, default: Any) -> Any:
        dotted = getattr(settings, "PAGEKIT", {}).get(key)
        if not dotted:
            return default
        provider: Callable[[HttpRequest], Any] = import_string(dotted)
        return provider(self.request)

    @cached_property
    def site(self) -> Site:
        site: Site = self._provided("site", Site())
        return site

    @cached_property
    def bar(self) -> list[NavItem]:
        return marked(self._provided("bar", ()), self.request.path)

    @cached_property
    def rail(self) -> list[NavGroup]:
        groups: list[NavGroup] = list(self._provided("rail", ()))
        flat = iter(marked([item for group in groups for item in group.items], self.request.path))
        return [replace(group, items=tuple(next(flat) for _ in group.items)) for group in groups]

    @cached_property
    def bottom(self) -> list[NavItem]:
        return marked(self._provided("bottom", ()), self.request.path)

    @cached_property
    def acting_as(self) -> ActingAs | None:
        acting: ActingAs | None = self._provided("acting_as", None)
        return acting

    @cached_property
    def demo_people(self) -> list[DemoPerson]:
        return list(self._provided("demo_people", ()))

    @cached_property
    def links(self) -> dict[str, str]:
        links: dict[str, str] = {
            "search_url": "",
            "help_url": "",
            "login_url": _address("account_login"),
            "logout_url": _address("account_logout"),
            "account_url": _address("account_change_password"),
            **self._provided("links", {}),
        }
        return links

    def __getattr__(self, name: str) -> str:
        if name.endswith("_url"):
            return str(self.links.get(name, ""))
        raise AttributeError(name)

    @cached_property
    def languages(self) -> list[Language]:
        active = get_language() or settings.LANGUAGE_CODE
        full_path = self.request.get_full_path()
        return [
            Language(
                code,
                nfc(get_language_info(code)["name_local"]),
                same_page_in(code, full_path),
                code == active,
            )
            for code, _name in settings.LANGUAGES
        ]

    @property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def frame(self) -> str:
        """The layout for pages that belong to no app: the desk's below its address, else the public one."""
        desk = getattr(settings, "PAGEKIT", {}).get("desk_prefix", "/lam-viec/")
        here = same_page_in(settings.LANGUAGE_CODE, self.request.path)
        return "pagekit/desk.html" if here.startswith(desk) and self.acting_as else "pagekit/portal.html"


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
