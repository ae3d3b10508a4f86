"""Datasets and their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc, slug
from lienthong.foundation.tracing import carries

from .. import rules
from ..access import require_owner
from ..errors import (
    DatasetNameTaken,
    EntryFieldMissing,
    FieldUnknown,
    SecretLeavesWorkflow,
    VersionDiffers,
    VersionOutOfOrder,
)
from ..events import DatasetDefined, ReplicaBuilt, VersionPublished
from ..models import Database, Dataset, DatasetVersion, DataTable


@carries("SEC-01")
def define_dataset(
    *,
    actor: Actor,
    database: Database,
    table: DataTable,
    name: str,
    key: Sequence[str],
    columns: Sequence[str] = (),
    slug_text: str = "",
    name_en: str = "",
    description: str = "",
    description_en: str = "",
    update_rhythm: str = "",
) -> Dataset:
    """Define a part of a database that will be kept in versions, so that it can be shared or opened.

    `columns`: names of columns of the table, all of them when left empty; `key`: those that name one row.
    Publishes `DatasetDefined`; raises `SecretLeavesWorkflow`, `ColumnsUnknown`, `KeyRefused`,
    `DatasetNameTaken`.
    """
    require_owner(actor, database, "lập bộ dữ liệu", "define a dataset of this database")
    if database.is_secret:
        raise SecretLeavesWorkflow()
    if table.database_id != database.pk or table.gone_since is not None:
        raise FieldUnknown()
    if not name.strip():
        raise EntryFieldMissing(at="name", name="tên bộ dữ liệu", name_en="The name of the dataset")
    limits = (("name", name), ("name_en", name_en), ("update_rhythm", update_rhythm))
    for field, text in limits:
        limit = Dataset._meta.get_field(field).max_length or 0  # type: ignore[union-attr]
        if len(text.strip()) > limit:
            raise InputRefused(
                name=text[:40], why=f"dài quá {limit} ký tự", why_en=f"over {limit} characters"
            )
    known = [field.name for field in table.fields.filter(gone_since__isnull=True)]
    kept, named = rules.require_columns(table.name, known, columns, key)
    address = slug(slug_text or name, 100)
    if not address or Dataset.objects.filter(slug=address).exists():
        raise DatasetNameTaken(slug=address)
    with transaction.atomic():
        try:
            with transaction.atomic():
                dataset = Dataset.objects.create(
                    slug=address,
                    name=nfc(name).strip(),
                    name_en=name_en.strip(),
                    description=nfc(description).strip(),
                    description_en=description_en.strip(),
                    database=database,
                    table=table,
                    columns=kept,
                    key=named,
                    update_rhythm=nfc(update_rhythm).strip(),
                )
        except IntegrityError:
            raise DatasetNameTaken(slug=address) from None
        publish(
            actor=actor,
            fact=DatasetDefined(
                dataset_id=dataset.pk, database_id=database.pk, table=table.name, columns=len(kept)
            ),
        )
    return dataset


@carries("SEC-01")
def record_version(
    *,
    actor: Actor,
    dataset: Dataset,
    number: int,
    rows: int,
    digest: str,
    columns: Sequence[Mapping[str, Any]],
    diff: Mapping[str, int] | None = None,
    note: str = "",
) -> DatasetVersion:
    """Record a version that the store holds; recording the same version twice changes nothing.

    `columns`: name, type and title of each; `diff`: rows `added`, `removed`, `changed` against the version
    before. Publishes `VersionPublished`; raises `VersionOutOfOrder`, `VersionDiffers`,
    `SecretLeavesWorkflow`.
    """
    require_owner(actor, dataset.database, "công bố phiên bản", "publish a version of this dataset")
    if dataset.database.is_secret:
        raise SecretLeavesWorkflow()
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=dataset.pk)
        existing = dataset.versions.filter(number=number).first()
        if existing is not None:
            if existing.digest != digest or existing.rows != rows:
                raise VersionDiffers(number=number)
            return existing
        last = dataset.latest
        latest = last.number if last else 0
        if number != latest + 1:
            raise VersionOutOfOrder(number=number, latest=latest)
        counts = {name: int((diff or {}).get(name) or 0) for name in ("added", "removed", "changed")}
        version = DatasetVersion.objects.create(
            dataset=dataset,
            number=number,
            rows=rows,
            digest=digest,
            columns=[dict(column) for column in columns],
            note=nfc(note).strip()[:300],
            published_by=actor.user_id or actor.origin,
            **counts,
        )
        publish(
            actor=actor,
            fact=VersionPublished(
                dataset_id=dataset.pk, database_id=dataset.database_id, number=number, rows=rows, **counts
            ),
        )
    return version


def mark_replica_built(*, actor: Actor, version: DatasetVersion) -> DatasetVersion:
    """Note that a version can be answered from its replica; noting it twice changes nothing."""
    dataset = version.dataset
    require_owner(actor, dataset.database, "công bố phiên bản", "publish a version of this dataset")
    with transaction.atomic():
        fresh = DatasetVersion.objects.filter(pk=version.pk, replica_at__isnull=True)
        if fresh.update(replica_at=timezone.now()):
            publish(
                actor=actor,
                fact=ReplicaBuilt(
                    dataset_id=dataset.pk, database_id=dataset.database_id, number=version.number
                ),
            )
    version.refresh_from_db()
    return version
