"""The catalogue of an agency's databases: units declare, the head issues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from .. import rules
from ..access import may_issue, require_owner
from ..errors import DecisionNumberUsed, NothingToIssue, SecretLeavesWorkflow
from ..events import CatalogueIssued, DatabaseDeclared, EntryEnded, EntryIssued
from ..governing import ended_class
from ..indexing import index_catalogue
from ..models import (
    FORMER_CLASSES,
    CatalogueReview,
    Database,
    DataField,
    EntryState,
    IssuedCatalogue,
    IssuedEntry,
    ReviewState,
)
from ..queries import databases_of, entries_of
from ..review_errors import ReviewRunning
from . import work

PAST_DECLARING = (ReviewState.OVERLAP_CHECKED, ReviewState.DRAFTED, ReviewState.SUBMITTED)


@carries("CAT-02", "CAT-03", "SEC-01")
def declare_entry(*, actor: Actor, database: Database) -> Database:
    """Declare a database for the catalogue of its agency.

    Refused while a hold on the step `declare` is open (`StepHeld`), while contents are missing
    (`EntryIncomplete`), and for secrets (`SecretLeavesWorkflow`). Publishes `DatabaseDeclared`.
    """
    require_owner(actor, database, "khai báo vào danh mục", "declare this database for the catalogue")
    if database.is_secret:
        raise SecretLeavesWorkflow()
    with transaction.atomic():
        locked = Database.objects.select_for_update().get(pk=database.pk)
        fields = DataField.objects.filter(table__database=locked, gone_since__isnull=True)
        rules.require_complete_entry(
            {name: getattr(locked, name) for name in rules.ENTRY_FIELDS},
            fields=fields.count(),
            unconfirmed=fields.filter(confirmed_at__isnull=True).count(),
            without_class=fields.filter(sharing_class="").count(),
            ended_class=fields.filter(sharing_class__in=_ended_today()).count(),
        )
        take_step(actor=actor, record=locked, step="declare", fact=DatabaseDeclared(database_id=locked.pk))
        work.done(actor, locked, work.DECLARE)
        work.issue_due(locked)
    database.refresh_from_db()
    return database


@carries("CAT-02", "CAT-06", "SEC-01")
def issue_catalogue(
    *, actor: Actor, agency: Agency, decision_number: str, decision_date: date
) -> IssuedCatalogue:
    """Issue the next version of an agency's catalogue of databases, its own and its units'.

    Only the head of the agency issues. Holds every declared entry as it is now, and those issued before as
    they were issued; never a secret one. Publishes `CatalogueIssued`, and `EntryIssued` for each new entry.
    Raises `NothingToIssue`, `DecisionNumberMissing`, `DecisionNumberUsed`, `DecisionDateRefused`, and `ReviewRunning`
    while a review of the catalogue is past its declarations: its draft is what the head issues then.
    """
    if not may_issue(actor, agency):
        raise NotAllowed(act="ban hành danh mục cơ sở dữ liệu", act_en="issue the catalogue of databases")
    number = rules.require_decision(decision_number, decision_date, timezone.localdate())
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        last = IssuedCatalogue.objects.filter(agency=agency).first()
        running = CatalogueReview.objects.filter(agency=agency, state__in=PAST_DECLARING).first()
        if running is not None:
            raise ReviewRunning(
                number=running.number, agency=agency.name, agency_en=agency.display_name("en")
            )
        if IssuedCatalogue.objects.filter(agency=agency, decision_number=number).exists():
            raise _used(agency, number)
        waiting = databases_of(agency).filter(entry_state=EntryState.DECLARED).exclude(is_secret=True)
        declared = list(waiting.select_related("owner", "managing_unit").order_by("sort_key", "pk"))
        if not declared:
            raise NothingToIssue(agency=agency.name, agency_en=agency.display_name("en"))
        standing = databases_of(agency).filter(entry_state=EntryState.ISSUED).exclude(is_secret=True)
        return put_in_force(
            actor=actor,
            agency=agency,
            number=number,
            day=decision_date,
            entries=standing_entries(declared, list(standing), last),
            databases=[*declared, *standing],
        )


def put_in_force(
    *,
    actor: Actor,
    agency: Agency,
    number: str,
    day: date,
    entries: list[dict[str, Any]],
    databases: Sequence[Database],
    ending: Sequence[Database] = (),
) -> IssuedCatalogue:
    """Keep a version with its entries for good; the declared databases stand in it, those that end leave the catalogue.

    For the commands that issue: they ask who may, and run in their own transaction.
    """
    last = IssuedCatalogue.objects.filter(agency=agency).first()
    if IssuedCatalogue.objects.filter(agency=agency, decision_number=number).exists():
        raise _used(agency, number)
    catalogue = IssuedCatalogue.objects.create(
        agency=agency,
        version=last.version + 1 if last else 1,
        decision_number=number,
        decision_date=day,
        issued_by_id=actor.user_id or None,
        size=len(entries),
    )
    IssuedEntry.objects.bulk_create(
        IssuedEntry(catalogue=catalogue, place=place, code=entry["code"], entry=entry)
        for place, entry in enumerate(entries)
    )
    catalogue.databases.set(databases)
    declared = [database for database in databases if database.entry_state == EntryState.DECLARED]
    for database in declared:
        work.done(actor, database, work.ISSUE)
        take_step(
            actor=actor,
            record=database,
            step="issue",
            fact=EntryIssued(database_id=database.pk, version=catalogue.version, decision_number=number),
        )
    for database in ending:
        work.done(actor, database)
        take_step(
            actor=actor,
            record=database,
            step="end_entry",
            fact=EntryEnded(database_id=database.pk, version=catalogue.version, decision_number=number),
        )
    index_catalogue(catalogue)
    publish(
        actor=actor,
        fact=CatalogueIssued(
            agency_id=agency.pk,
            catalogue_id=catalogue.pk,
            version=catalogue.version,
            decision_number=number,
            decision_date=day,
            entries=catalogue.size,
            database_ids=tuple(database.pk for database in declared),
        ),
    )
    return catalogue


def _used(agency: Agency, number: str) -> DecisionNumberUsed:
    used = IssuedCatalogue.objects.get(agency=agency, decision_number=number)
    return DecisionNumberUsed(number=number, version=used.version)


def _ended_today() -> list[str]:
    today = timezone.localdate()
    return [value for value in FORMER_CLASSES if ended_class(value, None, today)]


def standing_entries(
    declared: list[Database], standing: list[Database], last: IssuedCatalogue | None
) -> list[dict[str, Any]]:
    """The entries of a version without a review: those declared as they are now, the others as they were issued."""
    before = {entry["code"]: entry for entry in last.entries} if last else {}
    now = entries_of([*declared, *(one for one in standing if one.code not in before)])
    entries = {database.code: now[database.pk] for database in declared}
    for database in standing:
        entries[database.code] = before.get(database.code) or now[database.pk]
    order = {database.code: (database.sort_key, database.pk) for database in [*declared, *standing]}
    return sorted(entries.values(), key=lambda entry: order[entry["code"]])
