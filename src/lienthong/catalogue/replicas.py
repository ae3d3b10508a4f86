"""Where the versions of datasets lie and from where they are answered; the names are opaque and stable."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from django.conf import settings

from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.fixed import FixedVersions
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.store.placing import places_from

from .models import Dataset

_PLACES = (
    "STORE_CATALOGUE", "STORE_CATALOGUE_PASSWORD_FILE", "STORE_OBJECTS", "STORE_OBJECTS_ENDPOINT",
    "STORE_OBJECTS_REGION", "STORE_OBJECTS_KEY_ID", "STORE_OBJECTS_SECRET_FILE",
)  # fmt: skip


def store_folder() -> Path:
    """The versioned store of this installation."""
    return Path(settings.DATA_DIR) / "store"


def version_store() -> DuckLakeStore:
    """The versioned store, open; one for a process."""
    return _opened(store_folder(), os.getpid())


@cache
def _opened(folder: Path, process: int) -> DuckLakeStore:
    named = {f"LIENTHONG_{name}": str(getattr(settings, name)) for name in _PLACES}
    return DuckLakeStore(places_from(folder, named))


def replica_path(dataset: Dataset) -> Path:
    """The file from which the latest version of a dataset is answered."""
    return Path(settings.DATA_DIR) / "replicas" / f"{dataset.store_table}.sqlite"


def fixed_versions(dataset: Dataset) -> FixedVersions:
    """Earlier versions of a dataset to read from."""
    latest = replica_path(dataset)
    return FixedVersions(latest.with_suffix(".versions"), latest)


def change_sets(dataset: Dataset) -> ChangeSets:
    """What each version of a dataset changed, for those who follow it."""
    return ChangeSets(Path(settings.DATA_DIR) / "replicas" / f"{dataset.store_table}.changes")
