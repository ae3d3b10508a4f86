"""The desk's search: what was found, of which kind each is, narrowed to one kind, page by page."""

from __future__ import annotations

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.search.queries import number_found, search_page

PAGE = 30

# What a kind of thing is called beside its name, in a list that mixes them.
WORDS = {
    "database": gettext_lazy("Database"),
    "overlap": gettext_lazy("Overlap"),
    "correction": gettext_lazy("Correction"),
    "flow": gettext_lazy("Synchronisation"),
    "stored_copy": gettext_lazy("Stored copy"),
    "dataset": gettext_lazy("Open data"),
    "service": gettext_lazy("Sharing service"),
    "regulation": gettext_lazy("Use regulation"),
    "catalogue": gettext_lazy("Catalogue"),
    "code_list": gettext_lazy("Code list"),
    "national_list": gettext_lazy("List of national databases"),
    "catalogue_review": gettext_lazy("Catalogue review"),
    "national_dossier": gettext_lazy("National dossier"),
    "data_need": gettext_lazy("Data need"),
    "audit": gettext_lazy("Data audit"),
    "system": gettext_lazy("Information system"),
    "agency": gettext_lazy("Agency"),
}
# The tabs: word of the address, name, the kinds under it.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("csdl", gettext_lazy("Databases"), ("database",)),
    (
        "ho-so",
        gettext_lazy("Cases"),
        ("overlap", "correction", "catalogue_review", "national_dossier", "data_need", "audit"),
    ),
    ("dong-bo", gettext_lazy("Synchronisation"), ("flow", "stored_copy")),
    ("du-lieu", gettext_lazy("Data"), ("dataset", "catalogue", "code_list", "national_list")),
    ("dich-vu", gettext_lazy("Services"), ("service",)),
    ("quy-che", gettext_lazy("Use regulations"), ("regulation",)),
    ("co-quan", gettext_lazy("Agencies"), ("agency",)),
)


def results(text: str, *, actor: Actor, group: str, after: str) -> dict[str, Any]:
    """What a page of results shows; an unknown group is none, a page too far is the last."""
    kinds = next((kinds for slug, _label, kinds in GROUPS if slug == group), ())
    here = group if kinds else ""

    def asked(slug: str) -> dict[str, str]:
        return {"q": text} | ({"loai": slug} if slug else {})

    def address(slug: str) -> str:
        return f"?{urlencode(asked(slug))}"

    counted = [(slug, label, number_found(text, actor=actor, kinds=of)) for slug, label, of in GROUPS]
    found, part = search_page(text, actor=actor, after=after, size=PAGE, query=asked(here), kinds=kinds)
    total = number_found(text, actor=actor) if kinds else found.total
    return {
        "found": found,
        "hits": [(hit, WORDS.get(hit.kind, "")) for hit in found.hits],
        "tabs": [(_("Everything"), address(""), not here, total)]
        + [
            (label, address(slug), slug == here, number)
            for slug, label, number in counted
            if number or slug == here
        ],
        "part": part,
        "total": total,
    }
