"""The connection over which the copy in a database is written: bound, tried, released."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.models import Database
from lienthong.engine.sources import Address, parse_address
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries
from lienthong.inventory.queries import bound_source
from lienthong.inventory.rules import require_inside, require_safe_options

from ..access import require
from ..flow_access import may_bind_target
from ..flow_errors import (
    FlowOfSecret,
    PasswordInAddress,
    TargetIsReadOnlySource,
    TargetKindRefused,
    TargetNotBound,
)
from ..flow_events import TargetBound, TargetReleased, TargetTried
from ..flow_queries import target_binding
from ..following import require_target_reference, seen_over, target_folders
from ..models import TargetBinding

_KINDS = {"postgresql": "postgresql", "mysql": "mysql", "sqlite": "sqlite", "path": "sqlite"}


@carries("CON-01", "SEC-01")
def bind_target(*, actor: Actor, database: Database, address: str, secret_ref: str = "") -> TargetBinding:
    """Bind the connection over which the copy in a database is written; it takes the place of the one before.

    `address`: `postgresql://…`, `mysql://…`, `sqlite:///PATH`, without a password: `secret_ref` says where the server
    finds it (`env:LIENTHONG_TARGET_NAME`, or `file:` in `keys/targets`). The account of the looks at the source is
    refused. It is tried at once and refused if it may not write. Publishes `TargetBound`, `TargetTried`.
    """
    require(may_bind_target(actor, database), "khai báo kết nối ghi", "bind a connection for writing")
    if database.is_secret:
        raise FlowOfSecret()
    kind, place = _place_of(actor, address.strip())
    reference = require_target_reference(secret_ref) if secret_ref.strip() else ""
    read_only = bound_source(database)
    if kind != "sqlite" and read_only is not None and _same_account(read_only.address, place):
        raise TargetIsReadOnlySource()
    tables = seen_over(place, reference)
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        before = target_binding(database)
        if before is not None:
            before.released_at, before.secret_ref = timezone.now(), ""
            before.save(update_fields=["released_at", "secret_ref"])
        binding = TargetBinding.objects.create(
            database=database,
            kind=kind,
            address=place,
            secret_ref=reference,
            bound_by_id=actor.user_id or None,
            tried_at=timezone.now(),
            tables=tables,
        )
        publish(actor=actor, fact=TargetBound(database_id=database.pk, binding_id=binding.pk, kind=kind))
        publish(
            actor=actor,
            fact=TargetTried(database_id=database.pk, binding_id=binding.pk, tables=len(tables)),
        )
    return binding


@carries("CON-01")
def try_target(*, actor: Actor, database: Database) -> TargetBinding:
    """Try the connection for writing again: it must answer and let itself be written to; its tables are read anew.

    Publishes `TargetTried`; raises what the connection is refused for, and then no longer counts as tried.
    """
    require(may_bind_target(actor, database), "thử kết nối ghi", "try the connection for writing")
    binding = target_binding(database)
    if binding is None:
        raise TargetNotBound(name=database.name, name_en=database.display_name("en"))
    TargetBinding.objects.filter(pk=binding.pk).update(tried_at=None)
    tables = seen_over(binding.address, binding.secret_ref)
    with transaction.atomic():
        binding.tried_at, binding.tables = timezone.now(), tables
        binding.save(update_fields=["tried_at", "tables"])
        publish(
            actor=actor,
            fact=TargetTried(database_id=database.pk, binding_id=binding.pk, tables=len(tables)),
        )
    return binding


@carries("SEC-01")
def release_target(*, actor: Actor, database: Database) -> None:
    """Take the connection for writing off a database: nothing is written there any more. Publishes `TargetReleased`."""
    require(may_bind_target(actor, database), "gỡ kết nối ghi", "release the connection for writing")
    with transaction.atomic():
        binding = target_binding(database)
        if binding is None:
            raise TargetNotBound(name=database.name, name_en=database.display_name("en"))
        binding.released_at, binding.secret_ref = timezone.now(), ""
        binding.save(update_fields=["released_at", "secret_ref"])
        publish(actor=actor, fact=TargetReleased(database_id=database.pk, binding_id=binding.pk))


def _place_of(actor: Actor, address: str) -> tuple[str, str]:
    """Kind and address of what is to be written to, without anything secret."""
    named = parse_address(address)
    if named.kind not in _KINDS:
        raise TargetKindRefused()
    if named.password is not None:
        raise PasswordInAddress()
    if named.path is not None:
        path = named.path.expanduser() if actor.is_system else require_inside(named.path, target_folders())
        return "sqlite", f"sqlite:///{path.resolve()}"
    return named.kind, _server(named)


def _server(named: Address) -> str:
    options = require_safe_options(named.options)
    host = f"[{named.host}]" if ":" in named.host else quote(named.host, safe="")
    user = f"{quote(named.user, safe='')}@" if named.user else ""
    query = f"?{urlencode(options)}" if options else ""
    return f"{named.kind}://{user}{host}:{named.port}/{quote(named.database, safe='')}{query}"


def _same_account(read_only: str, writing: str) -> bool:
    if "://" not in read_only:
        return False
    one, two = parse_address(read_only), parse_address(writing)
    return (one.kind, one.host, one.port, one.user) == (two.kind, two.host, two.port, two.user)
