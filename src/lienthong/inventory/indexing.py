"""Information systems and data audits in the search."""

from __future__ import annotations

from django.utils import translation

from lienthong.foundation.search.commands import index, unindex

from .addresses import audit_address, system_address
from .models import DataAudit, InformationSystem, SystemState

SYSTEM = "system"
AUDIT = "audit"


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


def index_audit(audit: DataAudit) -> None:
    """Make a data audit findable for the people of the agency audited and of the unit that audits."""
    with translation.override("vi"):
        span = audit.span
    index(
        kind=AUDIT,
        object_id=audit.pk,
        title=f"Kiểm toán dữ liệu {span}, {audit.agency.name}",
        summary=f"{audit.number} · {audit.auditor.name}",
        body=" ".join([audit.number, audit.lead, audit.aim]),
        url=audit_address(audit.number),
        units=dict.fromkeys([audit.agency_id, audit.auditor_id]),
        facets={"agency": audit.agency.name},
    )
