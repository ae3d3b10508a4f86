"""A database that became secret leaves the papers, lines and lists of the yearly inventory (SEC-01)."""

from __future__ import annotations

from django.db import transaction

from lienthong.agencies.commands import forget_work
from lienthong.catalogue.models import Database
from lienthong.foundation.tracing import carries

from ..audit_facts import audits_with, without_secret
from ..models import Campaign, CampaignLook, CampaignPart, InformationSystem, UpgradeItem
from ..written_facts import without_database, without_database_in_report


@carries("SEC-01")
def keep_secret_out_of_papers(*, database: Database) -> None:
    """Take every trace of a secret database out of what units and the IT unit see of the yearly inventory."""
    if not database.is_secret:
        return
    with transaction.atomic():
        for audit in audits_with(database.pk):
            without_secret(audit, database.pk)
        CampaignLook.objects.filter(database=database).delete()
        for system in InformationSystem.objects.filter(databases=database):
            system.databases.remove(database)
        for item in UpgradeItem.objects.filter(database=database):
            forget_work(subject=item)
        touched = set()
        for part in CampaignPart.objects.select_for_update().exclude(facts={}):
            kept = without_database(part.facts, database.pk)
            if kept != part.facts:
                CampaignPart.objects.filter(pk=part.pk).update(facts=kept)
                touched.add(part.campaign_id)
        for campaign in Campaign.objects.select_for_update().filter(pk__in=touched).exclude(facts={}):
            parts = [part.facts for part in campaign.parts.order_by("unit__sort_key")]
            kept = without_database_in_report(campaign.facts, database.pk, parts)
            Campaign.objects.filter(pk=campaign.pk).update(facts=kept)
