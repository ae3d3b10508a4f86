"""Prepare, publish, suspend and end a sharing service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.commands import finish_work, open_work
from lienthong.agencies.queries import unit_holding
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import Database, DatabaseState, Dataset
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.law.commands import start_clock, stop_clock
from lienthong.law.queries import find_parameter

from ..access import may_provide, require_provider
from ..addresses import service_address
from ..errors import CodeTaken, DatabaseNotInOperation, NoVersion
from ..events import (
    ServiceFact,
    ServiceMadeReady,
    ServicePrepared,
    ServicePublished,
    ServiceRestored,
    ServiceSuspendedForAll,
    ServiceTerminated,
)
from ..models import Form, Method, SharingService
from ..rules import CODE, require_free_of_charge, require_offered


def fact(kind: type[ServiceFact], service: SharingService) -> ServiceFact:
    return kind(service_id=service.pk, code=service.code, database_id=service.dataset.database_id)


@carries("SVC-01", "SVC-02", "SVC-04", "SEC-03")
def prepare_service(
    *,
    actor: Actor,
    dataset: Dataset,
    code: str,
    name: str,
    description: str,
    columns: Iterable[str],
    masked: Mapping[str, str] | None = None,
    name_en: str = "",
    form: str = Form.SHARED,
    method: str = Method.ONLINE_QUERY,
    capacity: int = 10_000,
    conditions: str = "",
    guide: str = "",
    contact: str = "",
    charge: int = 0,
    charge_ground: str = "",
) -> SharingService:
    """Prepare a sharing service on the latest version of a dataset. Any connection between systems goes through one.

    `charge`: VND, nothing unless the law on fees lists it (`charge_ground`). Raises `ChargeWithoutGround`.
    """
    database: Database = dataset.database
    service = SharingService(
        code=code.strip().lower(),
        name=name.strip(),
        name_en=name_en.strip(),
        description=description.strip(),
        dataset=dataset,
        provider=database.owner,
        form=form,
        method=method,
        masked=dict(masked or {}),
        capacity=capacity,
        conditions=conditions,
        guide=guide,
        contact=contact,
        charge=charge,
        charge_ground=charge_ground.strip(),
    )
    if not may_provide(actor, service):
        raise NotAllowed(act="lập dịch vụ chia sẻ", act_en="prepare a sharing service")
    require_free_of_charge(charge, charge_ground, most=_free_up_to())
    if dataset.latest is None:
        raise NoVersion(dataset=dataset.name, dataset_en=dataset.display_name("en"))
    if not CODE.match(service.code) or SharingService.objects.filter(code=service.code).exists():
        raise CodeTaken(taken=service.code)
    service.columns = require_offered(columns, [column["name"] for column in dataset.latest.columns])
    service.masked = {
        name: how
        for name, how in service.masked.items()
        if name in service.columns and how in {"hide", "partial"}
    }
    with transaction.atomic():
        service.save()
        publish(actor=actor, fact=fact(ServicePrepared, service))
    return service


def _free_up_to() -> int:
    """What state agencies may ask of each other for sharing, by the law of today (VND)."""
    found = find_parameter("share.fee.between_agencies", on=timezone.localdate())
    return found.value if found is not None and isinstance(found.value, int) else 0


@carries("SVC-02", "REG-04")
def make_service_ready(*, actor: Actor, service: SharingService) -> SharingService:
    """Declare that a service can be connected to; from now on runs the term for publishing it."""
    require_provider(actor, service, "xác nhận dịch vụ sẵn sàng", "declare the service ready")
    database = service.dataset.database
    if database.state != DatabaseState.IN_OPERATION:
        raise DatabaseNotInOperation(database=database.name, database_en=database.display_name("en"))
    with transaction.atomic():
        take_step(actor=actor, record=service, step="make_ready", fact=fact(ServiceMadeReady, service))
        clock = start_clock(
            actor=actor,
            subject=service,
            key="service.publish",
            anchor_event="service_ready",
            anchor_at=timezone.now(),
        )
        SharingService.objects.filter(pk=service.pk).update(publish_clock=clock)
        open_work(
            subject=service,
            act="publish_service",
            title_vi="công bố dịch vụ chia sẻ",
            title_en="publish the sharing service",
            about=service.name,
            url=service_address(service.code),
            unit=unit_holding(database.managing_unit, Role.DATABASE_OWNER),
            role=Role.DATABASE_OWNER,
            clock=clock,
            due_at=clock.due_at,
            number=service.code,
        )
    service.refresh_from_db()
    return service


@carries("SVC-02", "SVC-05")
def publish_service(*, actor: Actor, service: SharingService) -> SharingService:
    """Publish a service on the public list; its term ends."""
    require_provider(actor, service, "công bố dịch vụ", "publish the service")
    with transaction.atomic():
        take_step(actor=actor, record=service, step="publish", fact=fact(ServicePublished, service))
        if service.publish_clock is not None:
            stop_clock(actor=actor, clock=service.publish_clock, outcome="published")
        finish_work(actor=actor, subject=service, act="publish_service")
    return service


@carries("SUS-01")
def suspend_service(
    *, actor: Actor, service: SharingService, because: str, returns_at: datetime | None = None
) -> SharingService:
    """Suspend a service for all; the gateway refuses from now on and says until when."""
    require_provider(actor, service, "tạm ngừng dịch vụ", "suspend the service")
    with transaction.atomic():
        take_step(
            actor=actor,
            record=service,
            step="suspend",
            fact=fact(ServiceSuspendedForAll, service),
            reason=because,
            because=because,
            returns_at=returns_at,
        )
    return service


@carries("SUS-01")
def restore_service(*, actor: Actor, service: SharingService) -> SharingService:
    """Restore a suspended service."""
    require_provider(actor, service, "khôi phục dịch vụ", "restore the service")
    take_step(actor=actor, record=service, step="restore", fact=fact(ServiceRestored, service))
    return service


@carries("SUS-03")
def terminate_service(*, actor: Actor, service: SharingService, because: str) -> SharingService:
    """End a service for good; its accounts get no answer any more."""
    require_provider(actor, service, "chấm dứt dịch vụ", "terminate the service")
    take_step(
        actor=actor, record=service, step="terminate", fact=fact(ServiceTerminated, service), reason=because
    )
    return service
