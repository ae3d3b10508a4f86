"""An overlap case before its decision: given to a unit, its pairs reviewed, the authority named."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import refused, take_step

from .. import rules
from ..access import may_assess, may_decide, may_name_authority, require
from ..errors import NotOneOfTheTwo, ReasonMissing
from ..events import AuthorityNamed, OverlapAssessed, OverlapAssigned, OverlapPairReviewed
from ..indexing import index_case
from ..models import UNDECIDED, OverlapCase, OverlapPair, Verdict
from ..queries import pairs_of
from .due import ask_for_decision, note_standing, place_holds

# Each verdict of a reviewer in both languages, as the history says it.
VERDICT_WORDS = {
    Verdict.ACCEPT: ("đúng là cùng dữ liệu", "the same data"),
    Verdict.REJECT: ("không phải cùng dữ liệu", "not the same data"),
    Verdict.OTHER_POPULATION: ("cùng khái niệm, khác đối tượng", "same concept, other population"),
}


@carries("OVL-05")
def assign_case(*, actor: Actor, case: OverlapCase, unit: Agency) -> OverlapCase:
    """Give a case to a unit of the agency that owns the lower database. Publishes `OverlapAssigned`."""
    require(may_decide(actor, case), "giao xử lý hồ sơ chồng lấn", "assign this overlap case")
    if not unit.path.startswith(case.lower.owner.path):
        raise InputRefused(
            name="Đơn vị xử lý",
            name_en="Unit",
            why=f"không thuộc {case.lower.owner.name}",
            why_en=f"not part of {case.lower.owner.display_name('en')}",
        )
    with transaction.atomic():
        fact = OverlapAssigned(
            case_id=case.pk,
            number=case.number,
            unit_id=unit.pk,
            unit=unit.name,
            unit_en=unit.display_name("en"),
        )
        take_step(actor=actor, record=case, step="assign", fact=fact, unit=unit)
        ask_for_decision(actor, case)
    return case


@carries("OVL-05")
def review_pair(*, actor: Actor, pair: OverlapPair, verdict: str) -> OverlapPair:
    """Say of two columns whether they hold the same data, not the same, or the same of other subjects.

    Reviewed until the case is decided; the last word counts. Publishes `OverlapPairReviewed`.
    """
    case = pair.case
    if case is None:
        raise InputRefused(
            name="Cặp cột", name_en="Column pair", why="không thuộc hồ sơ nào", why_en="it belongs to no case"
        )
    require(may_assess(actor, case), "nhận xét cặp cột", "review this column pair")
    if verdict not in Verdict.values:
        raise InputRefused(
            name="Nhận xét", name_en="Verdict", why="không có lựa chọn này", why_en="no such choice"
        )
    with transaction.atomic():
        case = OverlapCase.objects.select_for_update().get(pk=case.pk)
        if case.state not in UNDECIDED:
            raise refused(case, "assess")
        pair.verdict, pair.verdict_by_id, pair.verdict_at = verdict, actor.user_id, timezone.now()
        pair.save(update_fields=["verdict", "verdict_by", "verdict_at"])
        vi, en = VERDICT_WORDS[Verdict(verdict)]
        publish(
            actor=actor,
            fact=OverlapPairReviewed(
                case_id=case.pk,
                pair_id=pair.pk,
                left=f"{pair.left_table}.{pair.left_column}",
                right=f"{pair.right_table}.{pair.right_column}",
                verdict=verdict,
                verdict_vi=vi,
                verdict_en=en,
            ),
        )
    return pair


@carries("OVL-05")
def assess_case(*, actor: Actor, case: OverlapCase) -> OverlapCase:
    """Say that the column pairs of a case have been gone through; what was not rejected stands. Publishes
    `OverlapAssessed`.
    """
    require(may_assess(actor, case), "đánh giá hồ sơ chồng lấn", "assess this overlap case")
    pairs = [shown.pair for shown in pairs_of(case)]
    rejected = sum(pair.verdict == Verdict.REJECT for pair in pairs)
    take_step(
        actor=actor,
        record=case,
        step="assess",
        fact=OverlapAssessed(
            case_id=case.pk, number=case.number, accepted=len(pairs) - rejected, rejected=rejected
        ),
    )
    return case


@carries("OVL-05", "D224-05")
def name_authority(*, actor: Actor, case: OverlapCase, authority: Database, reason: str) -> OverlapCase:
    """Name one of two databases of equal class as the authority; the other becomes the lower copy and must
    follow.

    Head or IT unit of the nearest common superior, or the coordinating ministry. Publishes `AuthorityNamed`;
    raises `NotOneOfTheTwo`, `ReasonMissing`.
    """
    require(may_name_authority(actor, case), "xác định nguồn chuẩn", "name the authority")
    if not reason.strip():
        raise ReasonMissing()
    with transaction.atomic():
        locked = OverlapCase.objects.select_for_update().get(pk=case.pk)
        if authority.pk not in {locked.lower_id, locked.higher_id}:
            raise NotOneOfTheTwo()
        if not locked.needs_authority or locked.state not in UNDECIDED:
            raise refused(locked, "assess")
        if authority.pk == locked.lower_id:
            locked.lower, locked.higher = locked.higher, locked.lower
        locked.authority = authority
        locked.authority_named_by_id, locked.authority_named_at = actor.user_id, timezone.now()
        locked.proposed_outcome = rules.MUST_SYNCHRONISE
        locked.save()
        place_holds(actor, locked)
        note_standing(locked)
        ask_for_decision(actor, locked)
        index_case(locked)
        publish(
            actor=actor,
            reason=reason.strip(),
            fact=AuthorityNamed(case_id=locked.pk, number=locked.number, authority_id=authority.pk),
        )
    case.refresh_from_db()
    return case
