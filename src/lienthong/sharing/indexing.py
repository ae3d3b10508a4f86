"""Sharing services in the search."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex

from .access import public_services
from .addresses import copy_address, public_address
from .models import SharingService, StoredCopy
from .queries import columns_offered

SERVICE, COPY = "service", "stored_copy"


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


def index_copy(copy: StoredCopy) -> None:
    """Make a stored copy findable for who keeps it and who provides the data; of a secret none leaves a row."""
    database = copy.service.dataset.database
    if database.is_secret or not copy.is_kept:
        unindex(COPY, copy.pk)
        return
    index(
        kind=COPY,
        object_id=copy.pk,
        title=f"{copy.number} {copy.service.name}",
        summary=f"{copy.consumer.name}, {copy.place}",
        url=copy_address(copy.number),
        units=dict.fromkeys((copy.consumer_id, database.owner_id, database.managing_unit_id)),
        facets={"agency": copy.consumer.name},
    )


def search_rows() -> int:
    """Index every service anew; returns how many there are."""
    ids = list(SharingService.objects.values_list("pk", flat=True))
    for service_id in ids:
        index_service(service_id)
    return len(ids)
