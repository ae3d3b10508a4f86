"""Databases and catalogues in the search."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex
from lienthong.foundation.tracing import carries

from .addresses import catalogue_address, file_address
from .models import Database, IssuedCatalogue
from .queries import latest_catalogues

DATABASE = "database"
CATALOGUE = "catalogue"


@carries("SEC-01")
def index_database(database: Database) -> None:
    """Make a database findable for the people of its units; a secret one leaves no row."""
    if database.is_secret:
        unindex(DATABASE, database.pk)
        return
    index(
        kind=DATABASE,
        object_id=database.pk,
        title=database.name,
        summary=f"{database.code} · {database.managing_unit.name}",
        body=" ".join([database.name_en, database.purpose, database.scope]),
        url=file_address(database.code),
        units=dict.fromkeys([database.owner_id, database.managing_unit_id]),
        facets={"agency": database.owner.name, "tier": database.tier},
    )


def index_catalogue(catalogue: IssuedCatalogue) -> None:
    """Make the newest issued catalogue of an agency findable for everybody, in place of the one before."""
    index(
        kind=CATALOGUE,
        object_id=catalogue.agency_id,
        title=f"Danh mục cơ sở dữ liệu của {catalogue.agency.name}",
        summary=f"Phiên bản {catalogue.version}, Quyết định số {catalogue.decision_number}",
        url=catalogue_address(catalogue.agency.code, catalogue.version),
        is_public=True,
        facets={"agency": catalogue.agency.name},
    )


def search_rows() -> int:
    """Index every database and catalogue anew; returns how many there are."""
    count = 0
    for database in Database.objects.select_related("owner", "managing_unit").order_by("pk").iterator():
        index_database(database)
        count += 1
    for catalogue in latest_catalogues():
        index_catalogue(catalogue)
        count += 1
    return count
