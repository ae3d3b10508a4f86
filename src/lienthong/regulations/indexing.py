"""What the search knows of regulations."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex

from .access import public_regulations
from .addresses import public_address
from .models import Regulation
from .queries import databases_shown

REGULATION = "regulation"


def index_regulation(regulation: Regulation) -> None:
    """Make the newest published version findable for everybody; a draft leaves no row."""
    newest = public_regulations().filter(slug=regulation.slug).order_by("-version").first()
    if newest is None:
        unindex(REGULATION, regulation.slug)
        return
    names = databases_shown(newest).values_list("name", flat=True)[:200]
    index(
        kind=REGULATION,
        object_id=newest.slug,
        title=newest.title,
        summary=f"{newest.number}, {newest.issuer.name}",
        body=" ".join([newest.topic, newest.use_term, newest.conditions, *names]),
        url=public_address(newest.slug),
        is_public=True,
        facets={"agency": newest.issuer.name, "state": newest.state},
    )
