"""Information systems in the search."""

from __future__ import annotations

from lienthong.foundation.search.commands import index, unindex

from .addresses import system_address
from .models import InformationSystem, SystemState

SYSTEM = "system"


def index_system(system: InformationSystem) -> None:
    """Make a system findable for the people of its owner and operator; one out of use is found no more."""
    if system.state == SystemState.RETIRED:
        unindex(SYSTEM, system.pk)
        return
    index(
        kind=SYSTEM,
        object_id=system.pk,
        title=system.name,
        summary=f"{system.code} · {system.operator.name}",
        body=" ".join([system.name_en, system.purpose, system.connected_to, system.standard]),
        url=system_address(system.code),
        units=dict.fromkeys([system.owner_id, system.operator_id]),
        facets={"agency": system.owner.name},
    )
