"""The source of a database: bound, released."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database
from lienthong.engine.errors import SourceNotFound
from lienthong.engine.sources import Address, parse_address
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload, store_file
from lienthong.foundation.tracing import carries

from .. import rules
from ..errors import SecretReferenceRefused, SourceGivenTwice, SourceMissing, SourceNotBound
from ..events import SourceBound, SourceReleased
from ..models import MeasureChoice, Source, SourceKind, SourceState, StoredSecret
from ..queries import bound_source, source_folders
from ..vault import key_folders, seal

_SCHEMES = {"postgresql": "postgresql", "mysql": "mysql", "oracle": "oracle", "sqlserver": "mssql"}
_ENDINGS = {".sqlite": SourceKind.SQLITE, ".sqlite3": SourceKind.SQLITE, ".db": SourceKind.SQLITE}


@dataclass
class _Place:
    """Where a source is, taken apart: nothing in it is secret but the password."""

    kind: str
    address: str
    password: str = ""


@carries("INV-01", "SEC-01")
def bind_source(
    *,
    actor: Actor,
    database: Database,
    address: str = "",
    password: str = "",
    secret_ref: str = "",
    upload: Upload | None = None,
    measure: str = MeasureChoice.CAPTURED,
) -> Source:
    """Bind the live database or the file behind a database on record; it takes the place of the one before.

    `address`: `postgresql://…`, `mysql://…`, `oracle://…`, `mssql://…`, `sqlite:///PATH` or a path, of which a password is split off at once and
    kept encrypted; or `upload`, a file. `secret_ref` names a password kept elsewhere. Paths are taken only from the
    folders opened for sources, unless the product itself binds. `measure` says whether a database is read once and
    measured here, or counts by itself. Publishes `SourceBound`.
    """
    require_owner(actor, database, "kết nối nguồn dữ liệu", "bind a source to this database")
    if upload is not None and address.strip():
        raise SourceGivenTwice()
    if upload is None and not address.strip():
        raise SourceMissing()
    if password and secret_ref.strip():
        raise SecretReferenceRefused(
            why="đã nhập cả mật khẩu và tham chiếu", why_en="a password was given as well"
        )
    reference = rules.require_reference(secret_ref, key_folders()) if secret_ref.strip() else ""
    if upload is None:
        place = _place_of(actor, address.strip(), password)
        if reference:
            place.password = ""
    else:
        ending = rules.file_ending(upload.name or "")
        place = _Place(_ENDINGS.get(ending, SourceKind.FILE), "")
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        kept = None
        if upload is not None:
            kept = store_file(
                actor=actor,
                name=upload.name or "",
                chunks=upload.chunks(),
                media_type=upload.content_type or "application/octet-stream",
                subject=database,
                label="source",
            )
        before = bound_source(database)
        if before is not None:
            _release(before)
        source = Source.objects.create(
            database=database,
            kind=place.kind,
            address=place.address,
            uploaded=kept,
            secret=_stored(actor, place.password),
            secret_ref=reference,
            measure=MeasureChoice(measure or MeasureChoice.CAPTURED),
            bound_by_id=actor.user_id or None,
        )
        kind_vi, kind_en = rules.KINDS[place.kind]
        publish(
            actor=actor,
            fact=SourceBound(
                database_id=database.pk,
                source_id=source.pk,
                kind=str(place.kind),
                kind_vi=kind_vi,
                kind_en=kind_en,
            ),
        )
    return source


def release_source(*, actor: Actor, database: Database) -> None:
    """Take the source off a database and destroy its stored password; what was seen of it stays."""
    require_owner(actor, database, "gỡ nguồn dữ liệu", "release the source of this database")
    with transaction.atomic():
        source = bound_source(database)
        if source is None:
            raise SourceNotBound()
        _release(source)
        publish(actor=actor, fact=SourceReleased(database_id=database.pk, source_id=source.pk))


def note_look_failed(*, source: Source) -> None:
    """Note that a source could not be read; why stands with the job."""
    Source.objects.filter(pk=source.pk).exclude(state=SourceState.RELEASED).update(state=SourceState.FAILED)


def _place_of(actor: Actor, address: str, password: str) -> _Place:
    named = parse_address(address, password or None)
    if named.kind in _SCHEMES:
        return _server(named)
    path = (named.path or Path()).expanduser() if actor.is_system else named.path or Path()
    if not actor.is_system:
        path = rules.require_inside(path, source_folders())
    if not path.exists():
        raise SourceNotFound(source=address)
    shown = str(path.resolve())
    if named.kind == "sqlite" or path.suffix.lower() in _ENDINGS:
        return _Place(SourceKind.SQLITE, f"sqlite:///{shown}")
    return _Place(SourceKind.FOLDER if path.is_dir() else SourceKind.FILE, shown)


def _server(named: Address) -> _Place:
    options = rules.require_safe_options(named.options)
    host = f"[{named.host}]" if ":" in named.host else quote(named.host, safe="")
    user = f"{quote(named.user, safe='')}@" if named.user else ""
    query = f"?{urlencode(options)}" if options else ""
    address = f"{_SCHEMES[named.kind]}://{user}{host}:{named.port}/{quote(named.database, safe='')}{query}"
    return _Place(named.kind, address, named.password.reveal() if named.password else "")


def _stored(actor: Actor, password: str) -> StoredSecret | None:
    if not password:
        return None
    return StoredSecret.objects.create(ciphertext=seal(password), stored_by=actor.user_id or actor.origin)


def _release(source: Source) -> None:
    secret = source.secret
    source.secret, source.secret_ref = None, ""
    source.state, source.released_at = SourceState.RELEASED, timezone.now()
    source.save(update_fields=["secret", "secret_ref", "state", "released_at"])
    if secret is not None:
        secret.delete()
