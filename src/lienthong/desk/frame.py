"""The frame of every page: whose site it is, the bar of the portal, the rail of the desk."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from lienthong.agencies.access import LAYING_OUT
from lienthong.agencies.models import Post
from lienthong.agencies.queries import top_agencies, work_of
from lienthong.agencies.roles import Role
from lienthong.catalogue.access import READING as PREPARING
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.accounts.models import User
from lienthong.foundation.pagekit.layout import ActingAs, DemoPerson, Footer, NavGroup, NavItem, Site

# Who looks after the running of the system.
RUNNING = (Role.ADMINISTRATOR, Role.IT_UNIT)


def site(request: Request) -> Site:
    """The agency that runs this installation: the first agency founded here."""
    agency = top_agencies().order_by("pk").first()
    if agency is None:
        return Site()
    locale = request.LANGUAGE_CODE
    return Site(
        unit=agency.display_name(locale),
        home_url=reverse("portal-home"),
        footer=Footer(
            unit=agency.display_name(locale),
            responsible=settings.SITE_RESPONSIBLE,
            address=agency.address,
            phone=agency.phone,
            email=agency.email,
            links=_items(
                (_("Law and parameters"), "law-instruments", ""),
                (_("Focal officers"), "agencies-focal-officers", ""),
                (_("Data governance"), "agencies-governance-list-public", ""),
                (_("Shared code lists"), "catalogue-code-lists-public", ""),
                (_("List of national databases"), "catalogue-national-lists", ""),
                (_("Overlap between databases"), "authority-map", ""),
                (_("Before a form asks"), "sharing-ask-again-public", ""),
                (_("Help"), "portal-help", ""),
                (_("Site map"), "portal-site-map", ""),
            ),
        ),
    )


def bar(request: Request) -> tuple[NavItem, ...]:
    """The public bar: only pages that exist."""
    return _items(
        (_("Data"), "opendata-list", ""),
        (_("Agencies"), "agencies-list", ""),
        (_("Sharing services"), "sharing-services", ""),
        (_("Use regulations"), "regulations-public-list", ""),
        (_("Catalogues"), "catalogue-issued-list", ""),
        (_("For developers"), "api-docs", ""),
    )


# Addresses that belong to a room of the desk but do not begin with its own.
ROOMS = {
    "sharing-desk": ("dich-vu/", "yeu-cau/", "tai-khoan/"),
    "agencies-inbox": ("hoi-dap/",),
    "authority-flows": ("doi-soat/",),
}


def rail(request: Request) -> tuple[NavGroup, ...]:
    """The desk's rail in the order of the work; who has no right to data sees no data rooms."""
    actor = request.actor
    waiting = work_of(actor).filter(done_at__isnull=True).count()
    first = [NavItem(_("My work"), _address("agencies-inbox"), "inbox", waiting, _at_inbox(request))]
    if _works_on_data(actor):
        first += _items(
            (_("Databases"), "catalogue-databases", "database"),
            (_("Shared code lists"), "catalogue-code-lists", "versions"),
            (_("Quality warnings"), "inventory-issues", "flag"),
            (_("Overlap"), "authority-cases", "overlap"),
            (_("Synchronisation"), "authority-flows", "sync"),
            (_("Corrections"), "authority-corrections", "edit"),
            (_("Use regulations"), "regulations-list", "rules"),
            (_("Sharing"), "sharing-desk", "share"),
            (_("Open data"), "opendata-desk", "open"),
        )
        if actor.has(*PREPARING):
            first += _items((_("Issued catalogues"), "catalogue-issue", "versions"))
        if actor.has(*PREPARING, Role.COORDINATING_MINISTRY):
            first += _items((_("National dossiers"), "catalogue-dossiers", "flag"))
    running = ((_("System"), "desk-system", "system"),) if actor.has(*RUNNING) else ()
    layouts = (
        ((_("Layouts of papers"), "agencies-layouts", "file"),)
        if actor.has(*LAYING_OUT) and actor.unit_id
        else ()
    )
    administration = _items(
        (_("Agencies, focal officers"), "agencies-desk", "building"),
        (_("Law, parameters"), "law-desk", "law"),
        *layouts,
        *running,
    )
    steering = (
        _items(
            (_("Catalogue reviews"), "catalogue-reviews", "check"),
            (_("Inventory campaigns"), "inventory-campaigns", "survey"),
            (_("Information systems"), "inventory-systems", "system"),
            (_("Data audits"), "inventory-audits", "report"),
            (_("Upgrade plan"), "inventory-upgrades", "plan"),
            (_("National Data Portal"), "catalogue-portal-registration", "open"),
        )
        if actor.has(*PREPARING)
        else ()
    )
    groups = (
        NavGroup("", _placed(request, first)),
        NavGroup(_("Steering"), steering),
        NavGroup(_("Administration"), administration),
    )
    return tuple(group for group in groups if group.items)


def bottom(request: Request) -> tuple[NavItem, ...]:
    """The bar under the thumb at phone width."""
    found = [NavItem(_("Work"), _address("agencies-inbox"), "inbox", current=_at_inbox(request))]
    if _works_on_data(request.actor):
        found += _items((_("Databases"), "catalogue-databases", "database"))
    return (*found, *_items((_("Search"), "desk-search", "search")))


def _works_on_data(actor: Actor) -> bool:
    return bool(actor.roles - {Role.ADMINISTRATOR})


def _at_inbox(request: Request) -> bool:
    """Every address of the desk begins with that of the inbox; it is current on its own pages only."""
    inbox = _address("agencies-inbox")
    return request.path == inbox or request.path.startswith(
        tuple(f"{inbox}{part}" for part in ROOMS["agencies-inbox"])
    )


def _placed(request: Request, items: list[NavItem]) -> tuple[NavItem, ...]:
    """The items, the room of this page marked where its address does not say so by itself."""
    root = _address("agencies-inbox")
    here = {
        _address(name)
        for name, parts in ROOMS.items()
        if name != "agencies-inbox" and request.path.startswith(tuple(f"{root}{part}" for part in parts))
    }
    return tuple(replace(item, current=True) if item.href in here else item for item in items)


def acting_as(request: Request) -> ActingAs | None:
    """In which post the signed-in person works."""
    if not request.user.is_authenticated:
        return None
    post = request.post
    if not post:
        return ActingAs(request.user.full_name)
    if post.delegated_by_id is not None:
        return ActingAs(
            _("%(name)s, on behalf of %(other)s")
            % {"name": request.user.full_name, "other": post.delegated_by.person.full_name}
            + f", {post.get_role_display()}, {post.agency.display_name(request.LANGUAGE_CODE)}",
            _address("agencies-roles"),
        )
    return ActingAs(
        f"{request.user.full_name}, {post.title or post.get_role_display()}, "
        f"{post.agency.display_name(request.LANGUAGE_CODE)}",
        _address("agencies-roles"),
    )


def demo_people(request: Request) -> list[DemoPerson]:
    """The officers of the demo with their printed passwords; nobody where the demo's banner is not shown."""
    if not settings.DEMO:
        return []
    people = User.objects.exclude(demo_password="").filter(is_active=True).order_by("pk")
    posts: dict[int, Post] = {}
    for post in Post.objects.filter(person__in=people).select_related("agency").order_by("pk"):
        posts.setdefault(post.person_id, post)
    return [
        DemoPerson(
            username=person.username,
            password=person.demo_password,
            name=f"{person.full_name}, {posts[person.pk].agency.display_name(request.LANGUAGE_CODE)}"
            if person.pk in posts
            else person.full_name,
            part=posts[person.pk].get_role_display() if person.pk in posts else "",
        )
        for person in people
    ]


def links(request: Request) -> dict[str, str]:
    """Where search, help, the desk and the second step of signing in are."""
    on_desk = "/lam-viec/" in request.path
    return {
        "search_url": _address("desk-search" if on_desk else "portal-search"),
        "help_url": _address("portal-help"),
        "desk_url": _address("agencies-inbox"),
        "mfa_url": _address("mfa_index"),
    }


def _items(*found: tuple[str, str, str]) -> tuple[NavItem, ...]:
    return tuple(NavItem(label, _address(name), icon) for label, name, icon in found if _address(name))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
