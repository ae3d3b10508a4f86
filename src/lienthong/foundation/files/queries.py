from __future__ import annotations

from django.db.models import Model, QuerySet

from lienthong.foundation.holds.queries import subject_of

from .models import StoredFile


def files_of(record: Model, label: str | None = None) -> QuerySet[StoredFile]:
    """The files kept for a record, newest first."""
    kind, identity = subject_of(record)
    files = StoredFile.objects.filter(subject_kind=kind, subject_id=identity)
    return (files.filter(label=label) if label is not None else files).order_by("-stored_at", "-pk")
