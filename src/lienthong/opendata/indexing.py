"""Open datasets in the search."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex

from .access import public_datasets
from .addresses import public_address
from .models import OpenDataset
from .queries import columns_described, latest_publication

DATASET = "dataset"
SHOWN = {"csv": "CSV", "csv_excel": "CSV", "xlsx": "XLSX", "json": "JSON", "parquet": "Parquet"}


def index_open_dataset(open_id: int) -> None:
    """Make a published dataset findable for everybody; one that is not published leaves no row."""
    found = public_datasets().select_related("dataset__table", "publisher").filter(pk=open_id).first()
    if found is None:
        unindex(DATASET, open_id)
        return
    publication = latest_publication(found)
    columns = columns_described(found)
    index(
        kind=DATASET,
        object_id=found.pk,
        title=found.dataset.name,
        summary=found.dataset.description[:600],
        body=" ".join(
            [
                found.dataset.name_en,
                found.dataset.description_en,
                found.topic,
                found.publisher.name,
                *(f"{column['name']} {column['title']}" for column in columns),
            ]
        ),
        url=public_address(found.slug),
        is_public=True,
        facets={
            "agency": found.publisher.name,
            "topic": [found.topic] if found.topic else [],
            "format": sorted({SHOWN.get(file.format, file.format) for file in publication.files.all()})
            if publication
            else [],
        },
    )


def search_rows() -> int:
    """Index every open dataset anew; returns how many there are."""
    ids = list(OpenDataset.objects.values_list("pk", flat=True))
    for open_id in ids:
        index_open_dataset(open_id)
    return len(ids)
