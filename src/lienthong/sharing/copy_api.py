"""Stored copies for programs, as who keeps them and who provides the data may see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from ninja.security import django_auth

from lienthong.foundation.accounts.doors import Request

from .access import copies_visible_to
from .models import StoredCopy

router = Router()


class CopyOut(Schema):
    number: str
    service: str
    consumer: str
    method: str
    reason: str
    ground: str
    place: str
    items: list[str]
    version: int | None
    taken_at: datetime
    synced_at: datetime
    expires_at: datetime | None
    state: str
    void_because: str
    outdated_by: str
    erased_at: datetime | None

    @staticmethod
    def resolve_service(copy: StoredCopy) -> str:
        return copy.service.code

    @staticmethod
    def resolve_consumer(copy: StoredCopy) -> str:
        return copy.consumer.code


class CopiesOut(Schema):
    items: list[CopyOut]
    after: str | None


@router.get("/stored-copies", response=CopiesOut, auth=django_auth, summary="Stored copies one may know of")
def stored_copies(
    request: Request,
    service: str = "",
    consumer: str = "",
    state: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The copies kept of shared data with their end, newest first; go on with `after`."""
    exact = {"service__code": service, "consumer__code": consumer, "state": state}
    found = copies_visible_to(request.actor).filter(**{name: value for name, value in exact.items() if value})
    if after:
        edge = found.filter(number=after).values_list("pk", flat=True).first()
        found = found.filter(pk__lt=edge or 0)
    listed = list(found.select_related("service", "consumer").order_by("-pk")[: limit + 1])
    return {"items": listed[:limit], "after": listed[limit - 1].number if len(listed) > limit else None}
