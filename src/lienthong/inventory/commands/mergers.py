"""What a merged unit leaves to the one that received it: systems, upgrade items, its part in a running campaign."""

from __future__ import annotations

from django.db import transaction

from lienthong.agencies.models import Agency

from ..indexing import index_system
from ..models import OVER, CampaignPart, CampaignState, InformationSystem, PartState, UpgradeItem


def hand_over_inventory(*, former_id: int, successor_id: int) -> None:
    """Hand systems, upgrade items and open parts of a merged unit over; doing it again changes nothing.

    What was sent stays under the name of the unit that sent it.
    """
    successor = Agency.objects.get(pk=successor_id)
    with transaction.atomic():
        for name in ("owner", "operator"):
            for system in InformationSystem.objects.filter(**{f"{name}_id": former_id}):
                setattr(system, name, successor)
                system.save()
                index_system(system)
        UpgradeItem.objects.filter(unit_id=former_id).exclude(state__in=OVER).update(unit=successor)
        open_parts = CampaignPart.objects.filter(
            unit_id=former_id, state=PartState.OPEN, campaign__state__in=[CampaignState.PLANNED,
            CampaignState.APPROVED, CampaignState.RUNNING],
        )  # fmt: skip
        for part in open_parts:
            if not CampaignPart.objects.filter(campaign=part.campaign, unit=successor).exists():
                CampaignPart.objects.filter(pk=part.pk).update(unit=successor)
