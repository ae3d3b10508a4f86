"""Versions of datasets, captured from the bound source."""

from __future__ import annotations

from django.db import transaction

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.commands import record_version
from lienthong.catalogue.models import Dataset, DatasetVersion
from lienthong.engine.store.versions import Version
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.tracing import carries

from ..errors import SecretNotCaptured, SecretUndecided, SourceNotBound
from ..queries import bound_source, secrecy_waits

CAPTURE = "inventory.capture"


@carries("SEC-01")
def capture_version(*, actor: Actor, dataset: Dataset, note: str = "") -> Job:
    """Capture the present rows of a dataset from its source as the next version; done by a job.

    A capture under way is returned instead of a second one. Rows that did not change make no new version. Raises
    `SourceNotBound`, `SecretNotCaptured`, `SecretUndecided`.
    """
    database = dataset.database
    require_owner(actor, database, "công bố phiên bản", "publish a version of this dataset")
    if database.is_secret:
        raise SecretNotCaptured()
    if secrecy_waits(database):
        raise SecretUndecided()
    if bound_source(database) is None:
        raise SourceNotBound()
    return start_job(
        actor=actor,
        name=CAPTURE,
        title_vi=f"Công bố phiên bản: {dataset.name}",
        title_en=f"Publish a version: {dataset.display_name('en')}",
        subject=dataset,
        arguments={"dataset_id": dataset.pk, "note": note.strip()[:300]},
        only_once=f"{CAPTURE}:{dataset.pk}",
    )


def record_captured(*, actor: Actor, dataset: Dataset, version: Version) -> DatasetVersion:
    """Record a version that the store has published; recording it again changes nothing."""
    titles = {field.name: field.title for field in dataset.table.fields.all()}
    with transaction.atomic():
        return record_version(
            actor=actor,
            dataset=dataset,
            number=version.number,
            rows=version.rows,
            digest=version.digest,
            columns=[
                {"name": column.name, "type": column.type, "title": titles.get(column.name, "")}
                for column in version.columns
            ],
            diff={"added": version.inserted, "removed": version.deleted, "changed": version.updated},
            note=version.note,
        )
