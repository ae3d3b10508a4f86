"""Sharing services in the search."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex

from .access import public_services
from .addresses import public_address
from .models import SharingService
from .queries import columns_offered

SERVICE = "service"


def index_service(service_id: int) -> None:
    """Make a service on offer findable for everybody; one that is not public leaves no row."""
    found = public_services().select_related("dataset__table", "provider").filter(pk=service_id).first()
    if found is None:
        unindex(SERVICE, service_id)
        return
    columns = columns_offered(found)
    index(
        kind=SERVICE,
        object_id=found.pk,
        title=found.name,
        summary=found.description,
        body=" ".join([found.name_en, found.provider.name, *(f"{c['name']} {c['title']}" for c in columns)]),
        url=public_address(found.code),
        is_public=True,
        facets={"agency": found.provider.name},
    )


def search_rows() -> int:
    """Index every service anew; returns how many there are."""
    ids = list(SharingService.objects.values_list("pk", flat=True))
    for service_id in ids:
        index_service(service_id)
    return len(ids)
