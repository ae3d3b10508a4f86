"""The list of national databases: dossiers received, returned, consolidated, submitted; its versions recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency, AgencyKind
from lienthong.agencies.queries import unit_of
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc, slug, words
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step
from lienthong.law.queries import rule_set_on

from .. import rules
from ..access import may_coordinate, may_return_dossier
from ..errors import (
    DecisionNumberMissing,
    LetterRefused,
    ListDecisionUsed,
    ListDraftEmpty,
    NoDossierChosen,
    ReasonMissing,
    SecretLeavesWorkflow,
)
from ..events import (
    DossierApproved,
    DossierConsolidated,
    DossierReturned,
    DossierTurnedDown,
    DossierWithApprover,
    ListDrafted,
    ListSubmitted,
    ListTurnedDown,
    NationalListRecorded,
    TierFollowedList,
)
from ..indexing import index_database, index_national_list
from ..models import (
    Database,
    DossierKind,
    ListDraftState,
    LocalBase,
    NationalDossier,
    NationalList,
    NationalListDraft,
    Tier,
)
from ..national import (
    approver_on,
    asked_after_listing,
    coordinating_unit,
    dossiers_in,
    dossiers_received,
    is_governed,
    list_entry,
    same_name,
)
from . import work

SERIES = "DM"


@carries("NDB-05")
def return_dossier(*, actor: Actor, dossier: NationalDossier, because: str) -> NationalDossier:
    """Return a dossier to be completed, with the reasons; its owner writes and sends it again.

    Publishes `DossierReturned`; raises ReasonMissing.
    """
    if not may_return_dossier(actor, dossier):
        raise NotAllowed(act="trả lại hồ sơ", act_en="return a dossier")
    reason = nfc(because).strip()[:4000]
    if not reason:
        raise ReasonMissing()
    _require_open(dossier)
    with transaction.atomic():
        take_step(
            actor=actor,
            record=dossier,
            step="return_for_more",
            because=reason,
            reason=reason,
            fact=DossierReturned(
                dossier_id=dossier.pk, database_id=dossier.database_id, times=dossier.times_returned + 1
            ),
        )
        work.settled(actor, dossier)
        work.dossier_due(dossier, returned=True)
    return dossier


@carries("NDB-05")
def consolidate_dossiers(
    *, actor: Actor, dossiers: Iterable[NationalDossier], draft: NationalListDraft | None = None
) -> NationalListDraft:
    """Take dossiers into one draft list: into the one given, else into a new one.

    Publishes `DossierConsolidated` for each and `ListDrafted`. Raises NoDossierChosen.
    """
    _require_coordinator(actor, "tổng hợp danh mục CSDL quốc gia", "consolidate the national list")
    chosen = {dossier.pk for dossier in dossiers}
    with transaction.atomic():
        waiting = [one for one in dossiers_received() if one.pk in chosen]
        if not waiting or len(waiting) != len(chosen):
            raise NoDossierChosen()
        if draft is None:
            draft = NationalListDraft.objects.create(
                number=next_number(SERIES), agency=_coordinating_agency(actor, waiting[0])
            )
        else:
            draft = NationalListDraft.objects.select_for_update().get(pk=draft.pk)
            if draft.state != ListDraftState.DRAFTING:
                raise NoDossierChosen()
        for dossier in waiting:
            take_step(
                actor=actor,
                record=dossier,
                step="consolidate",
                draft=draft,
                fact=DossierConsolidated(
                    dossier_id=dossier.pk, database_id=dossier.database_id, draft=draft.number
                ),
            )
            work.settled(actor, dossier)
        publish(actor=actor, fact=ListDrafted(draft_id=draft.pk, dossiers=len(waiting)))
        work.list_due(draft, work.SUBMIT_LIST)
    return draft


@carries("NDB-05", "NDB-06", "LTE-03")
def submit_list(
    *, actor: Actor, draft: NationalListDraft, submission_number: str, submitted_on: date
) -> NationalListDraft:
    """Submit a draft list to whom the law of that day names as approver.

    Publishes `ListSubmitted`, and `DossierWithApprover` for each dossier. Raises ListDraftEmpty, LetterRefused.
    """
    _require_coordinator(actor, "trình danh mục CSDL quốc gia", "submit the national list")
    number, today = nfc(submission_number).strip()[:60], timezone.localdate()
    if not number or submitted_on > today or not is_governed(submitted_on):
        raise LetterRefused(
            why="tờ trình cần số và ngày không sau hôm nay",
            why_en="a number and a date not after today are needed",
        )
    with transaction.atomic():
        dossiers = list(dossiers_in(draft))
        if not dossiers:
            raise ListDraftEmpty(number=draft.number)
        sent = max((one.letter_date for one in dossiers if one.letter_date), default=None)
        if sent is not None and submitted_on < sent:
            raise LetterRefused(
                why="ngày trình trước ngày công văn của hồ sơ", why_en="a dossier's letter is of a later date"
            )
        approver = approver_on(submitted_on)
        take_step(
            actor=actor,
            record=draft,
            step="submit",
            fact=ListSubmitted(
                draft_id=draft.pk,
                approver_vi=approver.vi,
                approver_en=approver.en,
                submission_number=number,
            ),
        )
        draft.submission_number, draft.submitted_on = number, submitted_on
        draft.approver_role, draft.approver_cites = approver.role, approver.cites
        draft.approver_vi, draft.approver_en = approver.vi, approver.en
        draft.save()
        for dossier in dossiers:
            take_step(
                actor=actor,
                record=dossier,
                step="go_to_approver",
                fact=DossierWithApprover(
                    dossier_id=dossier.pk,
                    database_id=dossier.database_id,
                    approver_vi=approver.vi,
                    approver_en=approver.en,
                ),
            )
        work.settled(actor, draft)
        work.list_due(draft, work.DECIDE_LIST)
    return draft


@carries("NDB-06", "NDB-07", "LTE-02", "LTE-03", "OTH-02")
def approve_list(
    *,
    actor: Actor,
    draft: NationalListDraft,
    decision_number: str,
    decision_date: date,
    effective_on: date,
    refused: Mapping[int, str] | None = None,
) -> NationalList:
    """Record the decision that approved a draft list, as the next version; earlier ones stay as they are.

    `refused` names dossiers that were not approved, by id, with the reason. From the day it binds, the class of
    each database follows. Publishes `NationalListRecorded`, and `DossierApproved` or `DossierTurnedDown` for each.
    Raises ListDecisionUsed, ListOutOfOrder, ListDraftEmpty, ReasonMissing.
    """
    _require_coordinator(actor, "ghi nhận phê duyệt danh mục", "record the approved list")
    turned_down = dict(refused or {})
    if any(not reason.strip() for reason in turned_down.values()):
        raise ReasonMissing()
    with transaction.atomic():
        locked = NationalListDraft.objects.select_for_update().get(pk=draft.pk)
        dossiers = list(dossiers_in(locked))
        accepted = [one for one in dossiers if one.pk not in turned_down]
        if not accepted:
            raise ListDraftEmpty(number=locked.number)
        number, last = _next_place(decision_number, decision_date, effective_on, earliest=locked.submitted_on)
        version = last.version + 1 if last else 1
        made = NationalList.objects.create(
            version=version,
            decision_number=number,
            decision_date=decision_date,
            effective_on=effective_on,
            approver_role=locked.approver_role,
            approver_vi=locked.approver_vi,
            approver_en=locked.approver_en,
            approver_cites=locked.approver_cites,
            rule_set=rule_set_on(decision_date).code,
            draft=locked,
            entries=_entries(last, accepted, version),
        )
        leaving = {one.database_id for one in accepted if one.kind == DossierKind.WITHDRAW}
        standing = set(last.databases.values_list("pk", flat=True)) if last else set()
        made.databases.set((standing | {one.database_id for one in accepted}) - leaving)
        fact = NationalListRecorded(list_id=made.pk, version=version, decision_number=number)
        take_step(actor=actor, record=draft, step="approve", fact=fact)
        for dossier in dossiers:
            _decide(actor, dossier, made, turned_down.get(dossier.pk))
        work.settled(actor, draft)
    bring_lists_into_force()
    made.refresh_from_db()
    return made


def _decide(actor: Actor, dossier: NationalDossier, made: NationalList, refusal: str | None) -> None:
    if refusal is not None:
        take_step(
            actor=actor,
            record=dossier,
            step="turn_down",
            because=refusal.strip(),
            reason=refusal.strip(),
            fact=DossierTurnedDown(dossier_id=dossier.pk, database_id=dossier.database_id),
        )
        return
    withdrawn = dossier.kind == DossierKind.WITHDRAW
    take_step(
        actor=actor,
        record=dossier,
        step="leave_list" if withdrawn else "enter_list",
        fact=DossierApproved(
            dossier_id=dossier.pk,
            database_id=dossier.database_id,
            version=made.version,
            decision_number=made.decision_number,
        ),
    )
    if not withdrawn and asked_after_listing(made.effective_on):
        work.agreement_due(dossier)


@carries("NDB-06")
def turn_down_list(*, actor: Actor, draft: NationalListDraft, because: str) -> NationalListDraft:
    """Record that a draft list was not approved: none of its dossiers is. Publishes `ListTurnedDown`."""
    _require_coordinator(actor, "ghi nhận danh mục không được phê duyệt", "record that it was not approved")
    reason = nfc(because).strip()[:4000]
    if not reason:
        raise ReasonMissing()
    with transaction.atomic():
        take_step(
            actor=actor, record=draft, step="turn_down", reason=reason, fact=ListTurnedDown(draft_id=draft.pk)
        )
        for dossier in dossiers_in(draft):
            take_step(
                actor=actor,
                record=dossier,
                step="turn_down",
                because=reason,
                reason=reason,
                fact=DossierTurnedDown(dossier_id=dossier.pk, database_id=dossier.database_id),
            )
        work.settled(actor, draft)
    return draft


@carries("NDB-07", "OTH-02")
def record_earlier_list(
    *,
    actor: Actor,
    decision_number: str,
    decision_date: date,
    effective_on: date,
    approver: str,
    entries: str,
) -> NationalList:
    """Record a list that was approved outside the product, one database a line, as the next version.

    Databases known here under exactly that name are linked, secret ones never. Publishes `NationalListRecorded`;
    raises ListEntryUnreadable, ListDecisionUsed, ListOutOfOrder.
    """
    _require_coordinator(actor, "ghi nhận danh mục CSDL quốc gia", "record a national list")
    lines = rules.list_lines(entries)
    with transaction.atomic():
        number, last = _next_place(decision_number, decision_date, effective_on, earliest=None)
        version = last.version + 1 if last else 1
        before = {entry["code"]: entry for entry in last.entries} if last else {}
        linked, kept = [], []
        for name, owner in lines:
            known = same_name(name)
            if known is not None:
                linked.append(known)
            code = known.code if known is not None else slug(name)[:120]
            since = before.get(code, {}).get("since", version)
            parts = before.get(code, {}).get("parts", [])
            kept.append({"code": code, "name": name, "owner": owner, "parts": parts, "official_value": True,
                         "rule_set": "", "since": since})  # fmt: skip
        said = nfc(approver).strip()[:200]
        made = NationalList.objects.create(
            version=version,
            decision_number=number,
            decision_date=decision_date,
            effective_on=effective_on,
            approver_role="recorded",
            approver_vi=said,
            approver_en=said,
            rule_set=rule_set_on(decision_date).code if is_governed(decision_date) else "",
            entries=kept,
        )
        made.databases.set(linked)
        publish(
            actor=actor,
            fact=NationalListRecorded(list_id=made.pk, version=version, decision_number=number),
        )
    bring_lists_into_force()
    made.refresh_from_db()
    return made


@carries("NDB-07", "LTE-01")
def bring_lists_into_force() -> int:
    """Let the class of each database follow the versions of the list that bind by today; returns how many changed.

    Done by the product itself, at every tick; doing it again changes nothing.
    """
    changed = 0
    waiting = NationalList.objects.filter(in_effect=False, effective_on__lte=timezone.localdate())
    for one in waiting.order_by("version"):
        with transaction.atomic():
            locked = NationalList.objects.select_for_update().get(pk=one.pk)
            if locked.in_effect:
                continue
            before = NationalList.objects.filter(version__lt=locked.version).first()
            standing = {database.pk: database for database in locked.databases.all()}
            gone = (
                [database for database in before.databases.all() if database.pk not in standing]
                if before
                else []
            )
            for database in standing.values():
                changed += _follow(database, Tier.NATIONAL, "", locked.version)
            for database in gone:
                changed += _follow(database, *_tier_before(database), locked.version)
            locked.in_effect = True
            locked.save(update_fields=["in_effect"])
            index_national_list()
    return changed


def _follow(database: Database, tier: str, local_base: str, version: int) -> int:
    found = Database.objects.select_for_update().get(pk=database.pk)
    if found.tier == tier:
        return 0
    found.tier, found.local_base = tier, local_base
    found.save()
    index_database(found)
    publish(
        actor=SYSTEM,
        fact=TierFollowedList(database_id=found.pk, tier=tier, version=version),
    )
    return 1


def _tier_before(database: Database) -> tuple[str, str]:
    """The class that a database had before it became national; by its owner where nobody remembers."""
    earlier = database.history.exclude(tier=Tier.NATIONAL).first()
    if earlier is not None:
        return earlier.tier, earlier.local_base
    if database.owner.kind == AgencyKind.MINISTRY:
        return Tier.MINISTRY, ""
    return Tier.LOCAL, LocalBase.ASSIGNED_BY_LAW


def _entries(
    last: NationalList | None, accepted: list[NationalDossier], version: int
) -> list[dict[str, Any]]:
    entries = {entry["code"]: entry for entry in last.entries} if last else {}
    for dossier in accepted:
        code = dossier.database.code
        if dossier.kind == DossierKind.WITHDRAW:
            entries.pop(code, None)
            continue
        entry = list_entry(dossier, entries.get(code, {}).get("since", version))
        same = [
            key for key, one in entries.items() if words(one["name"]) == words(entry["name"]) and key != code
        ]
        for key in same:
            entry["since"] = entries.pop(key)["since"]
        entries[code] = entry
    return list(entries.values())


def _next_place(
    decision_number: str, decision_date: date, effective_on: date, *, earliest: date | None
) -> tuple[str, NationalList | None]:
    number = nfc(decision_number).strip()[:60]
    if not number:
        raise DecisionNumberMissing()
    used = NationalList.objects.filter(decision_number=number).first()
    if used is not None:
        raise ListDecisionUsed(number=number, version=used.version)
    last = NationalList.objects.select_for_update().first()
    rules.require_list_order(
        decision_date,
        effective_on,
        last=last.decision_date if last else None,
        earliest=earliest,
        today=timezone.localdate(),
    )
    return number, last


def _coordinating_agency(actor: Actor, dossier: NationalDossier) -> Agency:
    return unit_of(actor) or coordinating_unit() or dossier.database.owner


def _require_coordinator(actor: Actor, act: str, act_en: str) -> None:
    if not may_coordinate(actor):
        raise NotAllowed(act=act, act_en=act_en)


def _require_open(dossier: NationalDossier) -> None:
    if dossier.database.is_secret:
        raise SecretLeavesWorkflow()
