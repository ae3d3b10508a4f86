"""Making the files of a publication: what is opened goes into a table of its own, and from there into files and a replica."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from lienthong.catalogue.models import DatasetVersion
from lienthong.catalogue.replicas import version_store
from lienthong.engine.serve.exporting import export
from lienthong.engine.serve.refreshing import refresh_replica
from lienthong.engine.serve.replica import Replica
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.files.commands import store_file
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.jobs.context import JobContext
from lienthong.foundation.jobs.registry import job

from .addresses import public_address
from .commands import record_publication
from .errors import NoVersion
from .models import OpenDataset, Publication
from .reading import change_sets, opened_table, replica_path
from .rules import FORMAT_NAMES, MEDIA, formats_for

Progress = Callable[[int, int, str, str], None]


@job
def publish(context: JobContext) -> dict[str, Any] | None:
    """Put the opened columns of a version into their own table, replica and files; then publish."""
    open_dataset = OpenDataset.objects.select_related("dataset").get(pk=context.arguments["open_dataset"])
    version = DatasetVersion.objects.get(pk=context.arguments["version"])
    files = make_files(open_dataset, version, actor=context.actor, progress=context.progress)
    with context.finish_once() as result:
        publication = record_publication(
            actor=context.actor,
            open_dataset=open_dataset,
            version=version,
            files=files,
            note=str(context.arguments.get("note", "")),
        )
        result |= {"publication": publication.number, "result_url": public_address(open_dataset.slug)}
    return None


def publish_now(open_dataset: OpenDataset, *, actor: Actor, note: str = "") -> Publication:
    """Publish the latest version here and now, without a job."""
    version = open_dataset.dataset.latest
    if version is None:
        raise NoVersion(dataset=open_dataset.dataset.name)
    files = make_files(open_dataset, version, actor=actor)
    return record_publication(actor=actor, open_dataset=open_dataset, version=version, files=files, note=note)


def make_files(
    open_dataset: OpenDataset,
    version: DatasetVersion,
    *,
    actor: Actor,
    progress: Progress = lambda done, total, vi, en: None,
) -> dict[str, StoredFile]:
    """The replica and the files of what is opened of a version; making them again gives the same."""
    formats = formats_for(version.rows)
    steps = len(formats) + 2
    progress(0, steps, "Đang tách các cột được công bố", "Taking the opened columns")
    _publish_opened(open_dataset, version)
    progress(1, steps, "Đang dựng bản phục vụ tra cứu", "Building the copy that is read from")
    refresh_replica(
        version_store(),
        opened_table(open_dataset),
        None,
        replica_path(open_dataset),
        sets=change_sets(open_dataset),
    )
    files: dict[str, StoredFile] = {}
    with tempfile.TemporaryDirectory(dir=Path(settings.DATA_DIR) / "tmp") as folder:
        for number, form in enumerate(formats, 2):
            vi, en = FORMAT_NAMES[form]
            progress(number, steps, f"Đang lập tệp {vi}", f"Writing the file {en}")
            files[form] = _file(actor, open_dataset, form, Path(folder))
    return files


def _publish_opened(open_dataset: OpenDataset, version: DatasetVersion) -> None:
    """Only what is opened is ever in reach of the public side. Publishing the same rows again changes nothing."""
    dataset = open_dataset.dataset
    store = version_store()
    rows = store.at(dataset.store_table, version.number)
    store.publish(
        opened_table(open_dataset),
        full=rows.arrow(columns=open_dataset.columns),
        key=dataset.key,
        note=f"{dataset.slug} v{version.number}",
    )


def _file(actor: Actor, open_dataset: OpenDataset, form: str, folder: Path) -> StoredFile:
    path = folder / f"{open_dataset.slug}.{form}"
    export(Replica(replica_path(open_dataset)), form, path)
    return store_file(
        actor=actor,
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
