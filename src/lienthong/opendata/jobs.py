"""Making the files of a publication: what is opened goes into a table of its own, and from there into files and a replica."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from lienthong.catalogue.models import DatasetVersion
from lienthong.catalogue.replicas import store_folder
from lienthong.engine.serve.building import build_replica
from lienthong.engine.serve.exporting import export
from lienthong.engine.serve.replica import Replica
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.foundation.files.commands import store_file
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.jobs.context import JobContext
from lienthong.foundation.jobs.registry import job

from .commands import record_publication
from .models import OpenDataset
from .reading import replica_path
from .rules import formats_for

MEDIA = {
    "csv_excel": "text/csv; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@job
def publish(context: JobContext) -> dict[str, Any]:
    """Put the opened columns of a version into their own table, replica and files; then publish."""
    open_dataset = OpenDataset.objects.select_related("dataset").get(pk=context.arguments["open_dataset"])
    version = DatasetVersion.objects.get(pk=context.arguments["version"])
    formats = formats_for(version.rows)
    steps = len(formats) + 2
    context.progress(0, steps, "Đang tách các cột được công bố", "Taking the opened columns")
    _opened_table(open_dataset, version)
    context.progress(1, steps, "Đang dựng bản phục vụ tra cứu", "Building the copy that is read from")
    table = f"open_{open_dataset.pk}"
    store = DuckLakeStore(store_folder())
    try:
        build_replica(store, table, None, replica_path(open_dataset))
    finally:
        store.close()
    files: dict[str, StoredFile] = {}
    with tempfile.TemporaryDirectory(dir=Path(settings.DATA_DIR) / "tmp") as folder:
        for number, form in enumerate(formats, 2):
            context.progress(number, steps, f"Đang lập tệp {form}", f"Writing the {form} file")
            files[form] = _file(context, open_dataset, form, Path(folder))
    with context.finish_once() as result:
        publication = record_publication(
            actor=context.actor,
            open_dataset=open_dataset,
            version=version,
            files=files,
            note=str(context.arguments.get("note", "")),
        )
        result |= {"publication": publication.number, "files": list(files)}
    return {"publication": publication.number, "files": list(files)}


def _opened_table(open_dataset: OpenDataset, version: DatasetVersion) -> None:
    """Only what is opened is ever in reach of the public side. Publishing the same rows again changes nothing."""
    dataset = open_dataset.dataset
    store = DuckLakeStore(store_folder())
    try:
        rows = store.at(dataset.store_table, version.number)
        store.publish(
            f"open_{open_dataset.pk}",
            full=rows.arrow(columns=open_dataset.columns),
            key=dataset.key,
            new_columns=True,
            note=f"{dataset.slug} v{version.number}",
        )
    finally:
        store.close()


def _file(context: JobContext, open_dataset: OpenDataset, form: str, folder: Path) -> StoredFile:
    path = folder / f"{open_dataset.slug}.{form}"
    export(Replica(replica_path(open_dataset)), form, path)
    return store_file(
        actor=context.actor,
        name=f"{open_dataset.slug}.{form}",
        chunks=_chunks(path),
        media_type=MEDIA[form],
        subject=open_dataset,
        label=form,
        limit=1 << 40,
    )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(1 << 20):
            yield chunk
