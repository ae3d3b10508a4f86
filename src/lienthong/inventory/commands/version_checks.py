"""Versions compared, checked against their digest, taken as files: begun here, done by jobs, kept in the audit."""

from __future__ import annotations

from django.db import transaction

from lienthong.catalogue.models import DatasetVersion
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from ..access import require_inside, require_reveal
from ..errors import RevealReasonMissing, SecretNotCaptured
from ..events import VersionRowsTaken, VersionVerified
from ..models import VersionCheck

COMPARE, VERIFY = "inventory.compare_versions", "inventory.verify_version"


def start_comparison(*, actor: Actor, older: DatasetVersion, newer: DatasetVersion) -> Job:
    """Begin to compare two large versions; one that runs already is given back."""
    dataset = older.dataset
    require_inside(actor, dataset.database)
    if dataset.database.is_secret:
        raise SecretNotCaptured()
    return start_job(
        actor=actor,
        name=COMPARE,
        title_vi=f"So sánh phiên bản {older.number} với {newer.number}: {dataset.name}",
        title_en=f"Compare version {older.number} with {newer.number}: {dataset.display_name('en')}",
        subject=dataset,
        arguments={"older": older.pk, "newer": newer.pk},
        only_once=f"{COMPARE}:{older.pk}:{newer.pk}",
    )


def start_verification(*, actor: Actor, version: DatasetVersion) -> Job:
    """Begin to compute the digest of a version anew from its rows; one that runs already is given back."""
    dataset = version.dataset
    require_inside(actor, dataset.database)
    if dataset.database.is_secret:
        raise SecretNotCaptured()
    return start_job(
        actor=actor,
        name=VERIFY,
        title_vi=f"Kiểm chứng phiên bản {version.number}: {dataset.name}",
        title_en=f"Verify version {version.number}: {dataset.display_name('en')}",
        subject=version,
        arguments={"version": version.pk},
        only_once=f"{VERIFY}:{version.pk}",
    )


def record_version_check(*, actor: Actor, version: DatasetVersion, digest: str) -> VersionCheck:
    """Record the digest that was computed anew. Publishes `VersionVerified`."""
    with transaction.atomic():
        check = VersionCheck.objects.create(
            version=version,
            digest=digest[:130],
            equal=digest == version.digest,
            rows=version.rows,
            checked_by_id=int(actor.user_id) if actor.user_id else None,
        )
        words = ("khớp", "equal") if check.equal else ("KHÔNG khớp", "NOT equal")
        publish(
            actor=actor,
            fact=VersionVerified(
                database_id=version.dataset.database_id,
                dataset_id=version.dataset_id,
                number=version.number,
                found_vi=words[0],
                found_en=words[1],
            ),
        )
    return check


@carries("OTH-09", "SEC-02")
def note_rows_taken(
    *, actor: Actor, version: DatasetVersion, form: str, since: int | None = None, reason: str = ""
) -> bool:
    """Keep in the audit that rows of a version were taken as a file, or its personal values shown; returns whether they
    may be shown in full, which needs the right and a `reason`.

    `since`: the older version, where changes are taken. Publishes `VersionRowsTaken`; raises `RevealReasonMissing`.
    """
    database = version.dataset.database
    require_inside(actor, database)
    if database.is_secret:
        raise SecretNotCaptured()
    said = nfc(reason).strip()[:300]
    if said:
        require_reveal(actor, database)
        if len(said) < 5:
            raise RevealReasonMissing()
    with transaction.atomic():
        publish(
            actor=actor,
            reason=said,
            fact=VersionRowsTaken(
                database_id=database.pk,
                dataset_id=version.dataset_id,
                number=version.number,
                since=since or 0,
                form=form,
                in_full=bool(said),
            ),
        )
    return bool(said)
