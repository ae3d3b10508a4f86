"""Every page, route and gateway path names an access rule; what names none is closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from lienthong.foundation.accounts.doors import DefaultDenyMiddleware, open_to_all, rule_of

from .house import PACKAGE


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def test_every_page_names_its_access_rule() -> None:
    unruled = [
        path for path, view in views(get_resolver()) if rule_of(view) is None and "api-root" not in path
    ]
    # The root of the API is no page: it answers 404 by itself.
    assert [path for path in unruled if path != "api/v1/"] == []


def test_a_page_without_a_rule_is_closed() -> None:
    from django.http import Http404

    def forgotten(request: object) -> HttpResponse:
        return HttpResponse("open")

    middleware = DefaultDenyMiddleware(lambda request: HttpResponse())
    with pytest.raises(Http404):
        middleware.process_view(RequestFactory().get("/"), forgotten, (), {})
    assert middleware.process_view(RequestFactory().get("/"), open_to_all(forgotten), (), {}) is None


def test_desk_pages_ask_for_a_sign_in() -> None:
    open_desk = [
        path for path, view in views(get_resolver()) if "lam-viec/" in path and rule_of(view) == "open to all"
    ]
    assert open_desk == []


def test_every_fact_stands_in_the_reaction_table() -> None:
    """Even where nothing follows, so that a reader sees that nothing does."""
    from lienthong.foundation.events.facts import REGISTRY
    from lienthong.reactions import REACTIONS

    from .test_language import every_module

    every_module()
    listed = {fact.name() for fact in REACTIONS}
    missing = [
        name
        for name, fact in REGISTRY.items()
        if fact.__module__.startswith("lienthong.")
        and ".tests." not in fact.__module__
        and not fact.__subclasses__()
        and name not in listed
    ]
    assert missing == []


def test_every_template_compiles() -> None:
    """A page that no test opens would fault in front of its reader otherwise."""
    broken = {}
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        name = path.as_posix().rsplit("/templates/", 1)[1]
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            broken[name] = str(error)
    assert broken == {}
