"""What data governance keeps: the one door of an agency, the papers kept, the papers that its chief data officer signs."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import governance, governance_events
from lienthong.agencies.access import GOVERNING, require_acting_for, signs_as_data_officer
from lienthong.agencies.errors import GovernanceContentMissing, NotTheDataOfficer
from lienthong.agencies.models import Agency, DataDoor, GovernancePaper, GovernancePaperKind, GovernanceRole
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries

from .agencies import require_open
from .governance import date_refused, require_at_the_top
from .governance_roles import within, words, written


@carries("GOVF-07", "D278-09")
def record_data_door(
    *,
    actor: Actor,
    agency: Agency,
    platform: str,
    operator: Agency,
    node: str = "",
    node_site: str = "",
    running_since: date | None = None,
) -> DataDoor:
    """Record the one door of an agency: its data platform, who operates it, its secured connection point.

    A unit has none of its own. What stood before is corrected, and kept in its history. Publishes `DataDoorRecorded`.
    """
    require_acting_for(actor, agency, GOVERNING, "ghi nhận cửa kết nối dữ liệu", "record the data door")
    values = written(
        (("platform", "tên nền tảng dữ liệu", "name of the data platform"),),
        platform=platform,
        node=node,
        node_site=node_site,
    )
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(pk=agency.pk)
        require_at_the_top(agency)
        require_open(agency)
        within(operator, agency, "operator")
        door = agency.data_doors.filter(ended_on__isnull=True).first() or DataDoor(agency=agency)
        door.platform, door.node, door.node_site = values["platform"], values["node"], values["node_site"]
        door.operator, door.running_since = operator, running_since
        door.save()
        publish(
            actor=actor,
            fact=governance_events.DataDoorRecorded(
                agency_id=agency.pk, door_id=door.pk, platform=door.platform, node=door.node
            ),
        )
    return door


@carries("GOVF-06")
def record_governance_paper(
    *,
    actor: Actor,
    agency: Agency,
    kind: str,
    title: str,
    dated: date,
    number: str = "",
    kept_at: str = "",
    text: str = "",
) -> GovernancePaper:
    """Record a paper that the agency keeps: dictionary, catalogue, audit log, retention policy.

    Access rules are approved by the chief data officer (`sign_access_paper`). Publishes `GovernancePaperKept`.
    """
    require_acting_for(
        actor, agency, GOVERNING, "ghi nhận văn bản quản trị dữ liệu", "record a paper of data governance"
    )
    if kind not in governance.KEPT or kind in governance.SIGNED:
        raise GovernanceContentMissing(at="kind", name="loại văn bản", name_en="kind of paper")
    with transaction.atomic():
        require_at_the_top(agency)
        paper = _paper(agency, kind, title, dated, number, kept_at, text)
        fact = governance_events.GovernancePaperKept(
            agency_id=agency.pk, paper_id=paper.pk, kind=kind, title=paper.title, **_paper_words(kind)
        )
        publish(actor=actor, fact=fact)
    return paper


@carries("GOVF-05", "GOVF-06")
def sign_access_paper(
    *,
    actor: Actor,
    agency: Agency,
    kind: str,
    title: str,
    dated: date | None = None,
    number: str = "",
    kept_at: str = "",
    text: str = "",
) -> GovernancePaper:
    """Approve the access rules of the agency, or sign an access request to the National Data Centre.

    Only the serving chief data officer in person. Publishes `GovernancePaperSigned`; raises `NotTheDataOfficer`.
    """
    appointment = signs_as_data_officer(actor, agency)
    if appointment is None:
        raise NotTheDataOfficer(name=agency.name)
    if kind not in governance.SIGNED:
        raise GovernanceContentMissing(at="kind", name="loại văn bản", name_en="kind of paper")
    day = dated or timezone.localdate()
    with transaction.atomic():
        paper = _paper(agency, kind, title, day, number, kept_at, text, appointment)
        fact = governance_events.GovernancePaperSigned(
            agency_id=agency.pk,
            paper_id=paper.pk,
            kind=kind,
            title=paper.title,
            signer=appointment.full_name,
            **_paper_words(kind),
        )
        publish(actor=actor, fact=fact)
    return paper


def _paper(
    agency: Agency,
    kind: str,
    title: str,
    dated: date,
    number: str,
    kept_at: str,
    text: str,
    signed_by: GovernanceRole | None = None,
) -> GovernancePaper:
    values = written(
        (("title", "tên văn bản", "title"),), title=title, number=number, kept_at=kept_at, text=text
    )
    if dated > timezone.localdate():
        raise date_refused("dated", dated, "sau ngày hôm nay", "it lies in the future")
    if signed_by is None and not values["number"] and not values["kept_at"]:
        raise GovernanceContentMissing(
            at="kept_at", name="số văn bản hoặc nơi lưu", name_en="number or place where it is kept"
        )
    return GovernancePaper.objects.create(
        agency=agency, kind=kind, dated=dated, signed_by=signed_by, **values
    )


def _paper_words(kind: str) -> dict[str, str]:
    return words("kind", GovernancePaperKind(kind))
