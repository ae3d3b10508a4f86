"""Sketch files: made to leave, handed in to be compared, destroyed when they expire."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database
from lienthong.engine.overlap.sketchfile import SketchFile, read_sketch
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload, path_of, store_file
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.tracing import carries

from ..errors import KeyHeldHere, LevelUnknown, SecretNotSearched, SourceNotBound
from ..events import SketchDestroyed, SketchHandedIn, SketchLeft
from ..models import Direction, SketchPassage
from ..queries import searchable_source
from ..sketching import Made, key_of, keys_held

MEDIA = "application/x-lienthong-sketch"
LABEL = "authority.sketch"
LARGEST = 256_000_000


@carries("OVL-05", "SEC-01")
def make_sketch(*, actor: Actor, database: Database, level: int, period: str = "") -> Job:
    """Make a sketch file of a database, to be compared elsewhere; returns the job that does it.

    Level 2 needs the matching period whose key the server refers to. Raises `SecretNotSearched`, `SourceNotBound`,
    `LevelUnknown`, `KeyUnknown`.
    """
    require_owner(actor, database, "lập tệp phác thảo", "make a sketch file")
    if database.is_secret:
        raise SecretNotSearched()
    if searchable_source(database) is None:
        raise SourceNotBound(name=database.name)
    if level not in (0, 1, 2):
        raise LevelUnknown()
    if level == 2:
        key_of(period)
    return start_job(
        actor=actor,
        name="authority.make_sketch",
        title_vi="Lập tệp phác thảo",
        title_en="Make a sketch file",
        subject=database,
        arguments={"database_id": database.pk, "level": level, "period": period},
        only_once=f"authority.make_sketch:{database.pk}",
    )


@carries("OVL-05")
def record_sketch(
    *, actor: Actor, database: Database, job: Job | None, made: Made, path: Path
) -> SketchPassage:
    """Keep a sketch file that was made, and the audit of it. Publishes `SketchLeft`."""
    with transaction.atomic():
        with path.open("rb") as file:
            stored = store_file(
                actor=actor, name=f"{database.code}-{made.letter.level}.sketch", chunks=iter(lambda: file.read(1 << 20), b""),
                media_type=MEDIA, subject=database, label=LABEL, limit=LARGEST,
            )  # fmt: skip
        columns = [column for table in made.what.sketch.tables for column in table.columns]
        passage, fresh = SketchPassage.objects.get_or_create(
            database=database,
            direction=Direction.OUT,
            digest=made.letter.digest,
            defaults={
                "file": stored,
                "job": job,
                "level": made.letter.level,
                "period": made.letter.period[:60],
                "key": made.letter.key or "",
                "made_by": made.letter.made_by[:200],
                "expires": made.letter.expires,
                "columns": len(columns),
                "hashed": made.what.sets,
                "withheld": len(made.what.withheld),
                "policy": dict(made.letter.policy),
                "passed_by": actor.user_id or actor.origin,
            },
        )
        if fresh:
            publish(
                actor=actor,
                fact=SketchLeft(
                    database_id=database.pk, passage_id=passage.pk, level=passage.level, digest=passage.digest[:16],
                    hashed=passage.hashed, withheld=passage.withheld, expires=passage.expires,
                ),
            )  # fmt: skip
    return passage


@carries("OVL-05", "SEC-01")
def hand_in_sketch(*, actor: Actor, database: Database, upload: Upload) -> SketchPassage:
    """Hand in the sketch file of a database on record; it is checked, kept until it expires, and compared by a job.

    Raises the errors of `SketchError`, `SecretNotSearched`, and `KeyHeldHere` where this server holds its key.
    """
    require_owner(actor, database, "nộp tệp phác thảo", "hand in a sketch file")
    if database.is_secret:
        raise SecretNotSearched()
    folder = Path(settings.DATA_DIR) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sketch-", dir=folder) as place:
        path = Path(place) / "tep.sketch"
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        read = read_sketch(path, today=timezone.localdate())
        if read.letter.key is not None and read.letter.key in keys_held():
            raise KeyHeldHere()
        with transaction.atomic(), path.open("rb") as file:
            stored = store_file(
                actor=actor, name=upload.name or "tep.sketch", chunks=iter(lambda: file.read(1 << 20), b""),
                media_type=MEDIA, subject=database, label=LABEL, limit=LARGEST,
            )  # fmt: skip
            return _keep(actor, database, read, stored)


def _keep(actor: Actor, database: Database, read: SketchFile, stored: StoredFile) -> SketchPassage:
    letter = read.letter
    columns = [column for table in read.sketch.tables for column in table.columns]
    passage, fresh = SketchPassage.objects.get_or_create(
        database=database,
        direction=Direction.IN,
        digest=letter.digest,
        defaults={
            "file": stored,
            "level": letter.level,
            "period": letter.period[:60],
            "key": letter.key or "",
            "made_by": letter.made_by[:200],
            "expires": letter.expires,
            "columns": len(columns),
            "hashed": sum(bool(column.values) for column in columns),
            "withheld": len(letter.withheld),
            "policy": dict(letter.policy),
            "passed_by": actor.user_id or actor.origin,
        },
    )
    if fresh:
        publish(
            actor=actor,
            fact=SketchHandedIn(
                database_id=database.pk, passage_id=passage.pk, level=passage.level, digest=passage.digest[:16],
                hashed=passage.hashed, expires=passage.expires,
            ),
        )  # fmt: skip
        passage.job = start_job(
            actor=actor,
            name="authority.compare_sketch",
            title_vi="So sánh tệp phác thảo",
            title_en="Compare a sketch file",
            subject=database,
            arguments={"passage_id": passage.pk},
        )
        passage.save(update_fields=["job"])
    return passage


@carries("OVL-05")
def destroy_expired_sketches(*, actor: Actor = SYSTEM, on: date | None = None) -> int:
    """Destroy every sketch file whose day has passed; what it was stays in the audit. Returns how many. Run by the tick."""
    today = on or timezone.localdate()
    count = 0
    for passage in SketchPassage.objects.filter(destroyed_at__isnull=True, expires__lt=today).select_related(
        "file"
    ):
        with transaction.atomic():
            taken = SketchPassage.objects.filter(pk=passage.pk, destroyed_at__isnull=True).update(
                destroyed_at=timezone.now(), file=None
            )
            if not taken:
                continue
            if passage.file is not None:
                _destroy(passage.file)
            publish(
                actor=actor,
                fact=SketchDestroyed(
                    database_id=passage.database_id, passage_id=passage.pk, digest=passage.digest[:16]
                ),
            )
            count += 1
    return count


@carries("SEC-01")
def destroy_sketches_of(*, actor: Actor, database: Database) -> int:
    """Destroy every sketch file of a database that became a secret; returns how many."""
    passages = SketchPassage.objects.filter(database=database, destroyed_at__isnull=True).select_related(
        "file"
    )
    count = 0
    for passage in passages:
        SketchPassage.objects.filter(pk=passage.pk).update(destroyed_at=timezone.now(), file=None)
        if passage.file is not None:
            _destroy(passage.file)
        count += 1
    return count


def _destroy(file: StoredFile) -> None:
    digest = file.sha256
    file.delete()
    if not StoredFile.objects.filter(sha256=digest).exists():
        path_of(digest).unlink(missing_ok=True)
