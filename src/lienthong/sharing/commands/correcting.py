"""Consumers and wrong data: they report them through the service they use, and are told when these were corrected."""

from __future__ import annotations

from collections.abc import Iterable

from lienthong.agencies.models import Agency
from lienthong.authority.commands import report_correction, tell_consumer_of_correction
from lienthong.authority.correction_rules import RowSaid
from lienthong.authority.models import CorrectionCase, CorrectionOrigin, ToldThrough
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.tracing import carries

from ..access import may_ask_for
from ..errors import NotAConsumer, ServiceUnknown
from ..models import AccountState, ConnectionAccount, SharingService
from ..queries import consumers_of_data
from ..rules import require_offered


@carries("QUA-01")
def report_wrong_data(
    *,
    actor: Actor,
    service: SharingService,
    reporter: Agency,
    text: str,
    columns: Iterable[str] = (),
    keys: Iterable[str] = (),
) -> CorrectionCase:
    """Report, for an agency with an account on a service, that data it was given are wrong.

    `columns`: items of the service; `keys`: values of the key, of the rows that are wrong. Raises `NotAConsumer`,
    `ItemsNotOffered`.
    """
    if not may_ask_for(actor, reporter):
        raise NotAllowed(act="báo sai lệch thay cho cơ quan này", act_en="report wrong data for this agency")
    accounts = ConnectionAccount.objects.filter(service=service, consumer=reporter)
    if service.dataset.database.is_secret:
        raise ServiceUnknown(service=service.code)
    if not accounts.exclude(state=AccountState.TERMINATED).exists():
        raise NotAConsumer(service=service.name, service_en=service.display_name("en"))
    latest = service.dataset.latest
    named = require_offered(columns, service.columns)
    key = service.dataset.key
    rows = [
        RowSaid(kind="changed", key=dict(zip(key, (value,), strict=False)), columns=named)
        for value in dict.fromkeys(one.strip() for one in keys if one.strip())
        if len(key) == 1
    ]
    return report_correction(
        actor=actor,
        database=service.dataset.database,
        dataset=service.dataset,
        reporter=reporter,
        text=text,
        columns=named,
        rows=rows,
        origin=CorrectionOrigin.CONSUMER,
        through=service.code,
        version=latest.number if latest else None,
    )


@carries("QUA-01")
def tell_consumers_of_service_corrected(*, case: CorrectionCase) -> int:
    """Tell every agency with an account on a service of the corrected data, once for each service; returns how many
    were told. Copies that they took before the correction are out of date from now on.
    """
    told = 0
    if case.database.is_secret:
        return 0
    for consumer, service in consumers_of_data(case.database, case.dataset):
        tell_consumer_of_correction(
            actor=SYSTEM,
            case=case,
            agency=consumer,
            through=ToldThrough.SERVICE,
            reference=service.code,
            name=service.name,
        )
        told += 1
    return told
