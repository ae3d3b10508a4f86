"""Searching a database for overlaps, and taking over what the search found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.holds.commands import lift_holds, place_hold
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.tracing import carries
from lienthong.law.queries import provision_of

from .. import rules
from ..addresses import search_address
from ..errors import SecretNotSearched, SourceNotBound
from ..events import OverlapDetected, OverlapSearched
from ..indexing import index_case
from ..models import OverlapCase, OverlapPair, OverlapSearch, PairKind
from ..queries import (
    NOT_SEARCHED,
    last_search,
    live_case_between,
    searchable_source,
    settled_columns_between,
    side_of,
    trusted_in,
)
from .due import HELD_STEPS, ask_for_decision, note_standing, place_holds

CASE_SERIES = "CL"


@carries("OVL-05")
def require_search(*, actor: Actor, database: Database) -> None:
    """Hold the declaration and the go-live of a database until it was searched for overlaps; once searched,
    nothing.
    """
    if database.is_secret or last_search(database) is not None:
        return
    for step in HELD_STEPS:
        place_hold(
            actor=actor,
            subject=database,
            step=step,
            code=NOT_SEARCHED,
            text_vi="Chưa tìm chồng lấn với mọi CSDL khác.",
            text_en="Overlaps with all other databases have not been searched.",
            url=search_address(database.code),
        )


@carries("OVL-05")
def search_overlaps(*, actor: Actor, database: Database) -> Job:
    """Search a database for overlaps with every other that has a bound source; returns the job that does it.

    Raises `SecretNotSearched`, `SourceNotBound`; a search under way is returned instead of a second one.
    """
    require_owner(actor, database, "tìm chồng lấn", "search for overlaps")
    if database.is_secret:
        raise SecretNotSearched()
    if searchable_source(database) is None:
        raise SourceNotBound(name=database.name)
    return start_job(
        actor=actor,
        name="authority.search",
        title_vi="Tìm chồng lấn",
        title_en="Search for overlaps",
        subject=database,
        arguments={"database_id": database.pk},
        only_once=f"authority.search:{database.pk}",
    )


@carries("OVL-05")
def record_overlaps(
    *,
    actor: Actor,
    database: Database,
    job: Job | None,
    comparisons: Sequence[rules.Comparison],
    left_out: Sequence[rules.LeftOut] = (),
    started_at: datetime | None = None,
    method: str = "",
) -> OverlapSearch:
    """Take over what a search found: a case for each overlap not settled before; recorded once for a job.

    Shared code lists are kept and never open a case. The lower side is held where the law asks something of
    it. Publishes `OverlapSearched`, and `OverlapDetected` for each new case.
    """
    if database.is_secret:
        raise SecretNotSearched()
    with transaction.atomic():
        if job is not None and (done := OverlapSearch.objects.filter(job=job).first()) is not None:
            return done
        search = OverlapSearch.objects.create(
            database=database,
            job=job,
            started_at=started_at or timezone.now(),
            finished_at=timezone.now(),
            left_out=[{"database": one.other, "vi": one.why_vi, "en": one.why_en} for one in left_out],
            method=method,
        )
        others = Database.objects.select_related("owner", "managing_unit").in_bulk(
            [comparison.other for comparison in comparisons]
        )
        compared = [c for c in comparisons if c.other in others and not others[c.other].is_secret]
        search.compared.set([comparison.other for comparison in compared])
        for comparison in compared:
            _take_over(actor, search, database, others[comparison.other], comparison)
        search.save(update_fields=["opened", "known", "code_lists"])
        lift_holds(actor=actor, subject=database, code=NOT_SEARCHED, because="đã tìm chồng lấn")
        publish(
            actor=actor,
            fact=OverlapSearched(
                database_id=database.pk,
                search_id=search.pk,
                compared=len(compared),
                opened=search.opened,
                code_lists=search.code_lists,
            ),
        )
    return search


def _take_over(
    actor: Actor,
    search: OverlapSearch,
    database: Database,
    other: Database,
    comparison: rules.Comparison,
) -> None:
    case = live_case_between(database, other)
    if comparison.overlaps and comparison.overlapping:
        if case is not None:
            search.known += 1
        elif rules.opens_new_case(_columns(comparison), settled_columns_between(database, other)):
            case = _open_case(actor, database, other, comparison)
            search.opened += 1
        else:
            search.known += 1
    waiting = case if case is not None and not case.is_decided else None
    said = _verdicts(waiting) if waiting is not None else {}
    for pair in comparison.pairs:
        row = _row(search, database, other, pair)
        if row.kind == PairKind.CODE_LIST:
            search.code_lists += 1
        elif waiting is not None:
            row.case = waiting
            row.verdict, row.verdict_by_id, row.verdict_at = said.get(_key(row), ("", None, None))
        row.save()


def _open_case(
    actor: Actor, database: Database, other: Database, comparison: rules.Comparison
) -> OverlapCase:
    columns = _columns(comparison)
    turned = [(there, its, here, own) for here, own, there, its in columns]
    mine = side_of(
        database,
        built=comparison.left_rows != 0,
        is_national_master=trusted_in(database, other, columns),
    )
    theirs = side_of(
        other, built=comparison.right_rows != 0, is_national_master=trusted_in(other, database, turned)
    )
    swap, _equal = rules.in_order(mine, theirs)
    lower, higher = (other, database) if swap else (database, other)
    proposal = rules.propose_outcome(*((theirs, mine) if swap else (mine, theirs)))
    case = OverlapCase.objects.create(
        number=next_number(CASE_SERIES),
        lower=lower,
        higher=higher,
        pair_class=proposal.pair_class,
        proposed_outcome=proposal.outcome,
        requirement=proposal.requirement,
        provision=provision_of(proposal.requirement),
    )
    if proposal.blocks_lower:
        place_holds(actor, case)
    note_standing(case)
    ask_for_decision(actor, case)
    index_case(case)
    publish(
        actor=actor,
        fact=OverlapDetected(
            case_id=case.pk,
            number=case.number,
            lower_id=lower.pk,
            higher_id=higher.pk,
            proposed_outcome=proposal.outcome,
        ),
    )
    return case


def _columns(comparison: rules.Comparison) -> list[rules.Columns]:
    return [
        (pair.left_table, pair.left_column, pair.right_table, pair.right_column)
        for pair in comparison.overlapping
    ]


def _key(pair: OverlapPair) -> frozenset[tuple[int, str, str]]:
    # The same two columns, from whichever side they were searched.
    return frozenset(
        {
            (pair.left_database_id, pair.left_table, pair.left_column),
            (pair.right_database_id, pair.right_table, pair.right_column),
        }
    )


def _verdicts(
    case: OverlapCase,
) -> dict[frozenset[tuple[int, str, str]], tuple[str, int | None, datetime | None]]:
    return {
        _key(pair): (pair.verdict, pair.verdict_by_id, pair.verdict_at)
        for pair in case.pairs.exclude(verdict="").order_by("search_id")
    }


def _row(search: OverlapSearch, database: Database, other: Database, pair: rules.FoundPair) -> OverlapPair:
    left, right = pair.left_share, pair.right_share
    return OverlapPair(
        search=search,
        left_database=database,
        left_table=pair.left_table,
        left_column=pair.left_column,
        right_database=other,
        right_table=pair.right_table,
        right_column=pair.right_column,
        kind=pair.kind,
        score=pair.score,
        base=pair.base,
        level=pair.level,
        is_key=pair.is_key,
        left_share=left.value if left else None,
        left_low=left.low if left else None,
        left_high=left.high if left else None,
        right_share=right.value if right else None,
        right_low=right.low if right else None,
        right_high=right.high if right else None,
        reasons=list(pair.reasons),
        against=list(pair.against),
    )
