"""Who opens data; everybody reads it."""

from __future__ import annotations

from django.db.models import QuerySet

from lienthong.catalogue.access import databases_visible_to, may_own
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed

from .models import Classification, OpenDataset, OpenState


def public_datasets() -> QuerySet[OpenDataset]:
    """Published open datasets: no account, no identification (ODA-08)."""
    return OpenDataset.objects.filter(
        classification=Classification.OPEN, state=OpenState.PUBLISHED, dataset__database__is_secret=False
    )


def open_datasets_visible_to(actor: Actor) -> QuerySet[OpenDataset]:
    """The records of open datasets on the desk: those of databases whose file the actor may open."""
    return OpenDataset.objects.filter(dataset__database__in=databases_visible_to(actor))


def require_opener(actor: Actor, database: Database, act: str, act_en: str) -> None:
    if not may_own(actor, database):
        raise NotAllowed(act=act, act_en=act_en)
