"""Overlap cases for programs: what was found and decided, never a value; and the public counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from lienthong.agencies.roles import Role
from lienthong.catalogue.access import READING
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.accounts.doors import Request
from lienthong.foundation.errors import NotAllowed
from lienthong.law.citation_api import CitationOut, citation_out

from .access import case_for, cases_visible_to
from .correction_api import router as corrections
from .flow_api import router as flows
from .items import ON_PAGE, DataItem, item_picture
from .mapping import Grouping, MapQuestion, OverlapGraph, Progress, overlap_graph, shares_of
from .matrix import overlap_matrix
from .models import OverlapCase
from .public_items import public_items
from .public_map import public_map
from .queries import ShownPair, ShownSide, grounds_of_cases, pairs_of
from .replaying import precision_in_use, replay_case

router = Router()
router.add_router("", corrections)
router.add_router("", flows)


class CaseOut(Schema):
    number: str
    state: str
    lower: str
    higher: str
    pair_class: str
    proposed_outcome: str
    requirement: str
    provision: CitationOut | None
    outcome: str
    review_date: date | None
    detected_at: datetime
    decided_at: datetime | None
    closed_at: datetime | None


class CasePageOut(Schema):
    items: list[CaseOut]
    after: str | None


class SideOut(Schema):
    table: str
    column: str
    share: float | None
    low: float | None
    high: float | None


class PairOut(Schema):
    lower: SideOut
    higher: SideOut
    kind: str
    score: float
    level: int
    reasons: list[dict[str, Any]]
    against: list[dict[str, Any]]
    verdict: str


class CaseWithPairsOut(CaseOut):
    pairs: list[PairOut]


class PrecisionOut(Schema):
    method: str
    level: int | None
    reviewed: int
    accepted: int
    rejected: int
    other_population: int
    precision: float | None
    low: float | None
    high: float | None


class ReplayOut(Schema):
    left: str
    right: str
    method: str
    base: float | None
    kept: float
    again: float | None
    agrees: bool
    reasons: list[dict[str, Any]]
    against: list[dict[str, Any]]


class MapRowOut(Schema):
    lower_tier: str
    higher_tier: str
    with_authority: int | None
    synchronised: int | None


class MapDomainOut(Schema):
    domain: str
    with_authority: int | None
    synchronised: int | None


class PublicMarkOut(Schema):
    agency: str
    mark: str


class PublicItemOut(Schema):
    key: str
    name: str
    tier: str
    marks: list[PublicMarkOut]


class MapOut(Schema):
    rows: list[MapRowOut]
    domains: list[MapDomainOut]
    with_authority: int | None
    synchronised: int | None
    databases: int
    counted_at: datetime
    items: list[PublicItemOut]


# The names of the page's address, in the words of the API.
GROUPINGS = {Grouping.DATABASE: "database", Grouping.UNIT: "unit", Grouping.AGENCY: "agency"}
PROGRESS = {
    Progress.UNDECIDED: "undecided",
    Progress.UNDER_WAY: "under_way",
    Progress.CLOSED: "closed",
}


class GraphQuestion(Schema):
    tier: Literal["", "national", "sector", "ministry", "local", "internal"] = ""
    agency: str = Field("", max_length=60)
    other: str = Field("", max_length=60)
    progress: Literal["", "undecided", "under_way", "closed"] = ""
    outcome: Literal["", "must_synchronise", "stop_collecting", "no_overlap", "exception"] = ""
    domain: str = Field("", max_length=16)
    database: str = Field("", max_length=60)
    text: str = Field("", max_length=120)
    grouping: Literal["", "database", "unit", "agency"] = ""

    def question(self) -> MapQuestion:
        """The same question in the words of the page."""
        asked = self.dict()
        asked["grouping"] = _turned(GROUPINGS, self.grouping)
        asked["progress"] = _turned(PROGRESS, self.progress)
        return MapQuestion(**asked)


def _turned(names: Mapping[Any, str], asked: str) -> str:
    return next((str(key.value) for key, name in names.items() if name == asked), "")


class HolderOut(Schema):
    key: str
    code: str
    name: str
    tier: str
    databases: int
    folded: bool


class CaseOnMapOut(Schema):
    number: str
    standing: str


class TieOut(Schema):
    lower: str
    higher: str
    share: float | None
    cases: list[CaseOnMapOut]


class GraphBaseOut(Schema):
    grouping: str
    cases: int
    waiting: int
    within: int
    beyond: int
    holders: list[HolderOut]


class GraphOut(GraphBaseOut):
    ties: list[TieOut]


class CellOut(Schema):
    lower: str
    higher: str
    share: float | None
    standings: dict[str, int]


class MatrixOut(GraphBaseOut):
    lower: list[str]
    higher: list[str]
    cells: list[CellOut]


class HoldingOut(Schema):
    code: str
    name: str
    folded: int


class MarkOut(Schema):
    column: str
    mark: str
    databases: list[str]
    cases: list[CaseOnMapOut]


class DataItemOut(Schema):
    key: str
    name: str
    under: str
    tier: str
    database: str
    marks: list[MarkOut]


class ItemsOut(Schema):
    grouping: str
    settled: int
    under_way: int
    beyond: int
    columns: list[HoldingOut]
    items: list[DataItemOut]
    total: int
    next_page: int | None


@router.get("/overlaps", response=CasePageOut, summary="Overlap cases of one's databases")
def overlaps(
    request: Request,
    state: str = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """The newest first, each with its provision as it stands today; `after` is the number of the last case of the page
    before.
    """
    found = cases_visible_to(_signed_in(request)).select_related("lower", "higher").order_by("-pk")
    if state:
        found = found.filter(state=state[:20])
    if after:
        last = OverlapCase.objects.filter(number=after[:20]).values_list("pk", flat=True).first()
        found = found.filter(pk__lt=last or 0)
    rows = list(found[: limit + 1])
    return {"items": _cases(rows[:limit]), "after": rows[limit - 1].number if len(rows) > limit else None}


@router.get("/overlaps/map", response=MapOut, summary="Counts of decided overlaps by class of database")
def overlap_map(request: Request) -> object:
    """Open to all. Counts that are too small to be told are null; items are those of issued catalogues."""
    counted = public_map(timezone.now())
    told = {name: getattr(counted, name) for name in MapOut.model_fields if name != "items"}
    return told | {
        "items": [
            {"key": item.key, "name": item.name, "tier": item.tier}
            | {
                "marks": [
                    {"agency": agency, "mark": cell.mark.value}
                    for agency, cells in item.cells.items()
                    for cell in cells
                ]
            }
            for item in public_items().items
        ]
    }


@router.get("/overlaps/graph", response=GraphOut, summary="Databases and who holds whose data")
def graph(request: Request, asked: Annotated[GraphQuestion, Query()]) -> dict[str, object]:
    """As the map shows it: the cases of one's databases, narrowed as asked; by unit or agency where there are many."""
    found = overlap_graph(_signed_in(request), asked.question())
    by_share = found.grouping == Grouping.DATABASE
    shares = shares_of(tie.leading for tie in found.ties) if by_share else {}
    return _graph(found) | {
        "ties": [
            {
                "lower": tie.lower,
                "higher": tie.higher,
                "share": shares.get(tie.leading.pk),
                "cases": [{"number": case.number, "standing": case.standing} for case in tie.cases],
            }
            for tie in found.ties
        ],
    }


@router.get("/overlaps/items", response=ItemsOut, summary="Data items and who holds them")
def items(
    request: Request,
    asked: Annotated[GraphQuestion, Query()],
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> dict[str, object]:
    """As the picture shows it: by item who is the authority, who follows, what is being settled; 25 items a page."""
    found = item_picture(_signed_in(request), asked.question())
    shown = found.items[(page - 1) * ON_PAGE : page * ON_PAGE]
    return {
        "grouping": GROUPINGS[found.grouping],
        "settled": found.settled,
        "under_way": found.under_way,
        "beyond": found.beyond,
        "columns": found.columns,
        "items": [
            {name: getattr(item, name) for name in ("key", "name", "under", "tier", "database")}
            | {"marks": _marks(item)}
            for item in shown
        ],
        "total": len(found.items),
        "next_page": page + 1 if page * ON_PAGE < len(found.items) else None,
    }


def _marks(item: DataItem) -> list[dict[str, object]]:
    return [
        {
            "column": column,
            "mark": cell.mark.value,
            "databases": list(cell.databases),
            "cases": [{"number": case.number, "standing": case.standing} for case in cell.cases],
        }
        for column, cells in item.cells.items()
        for cell in cells
    ]


@router.get(
    "/overlaps/matrix", response=MatrixOut, summary="Copies against sources, with the state of each pair"
)
def matrix(request: Request, asked: Annotated[GraphQuestion, Query()]) -> dict[str, object]:
    """As the matrix shows it: a cell for each pair that has a case."""
    found = overlap_matrix(_signed_in(request), asked.question())
    return _graph(found.graph) | {
        "lower": [one.key for one in found.copies],
        "higher": [one.key for one in found.sources],
        "cells": [
            {
                "lower": lower,
                "higher": higher,
                "share": cell.share,
                "standings": dict(cell.tie.counted),
            }
            for (lower, higher), cell in found.cells.items()
        ],
    }


def _graph(found: OverlapGraph) -> dict[str, Any]:
    return {
        "grouping": GROUPINGS[found.grouping],
        "cases": found.cases,
        "waiting": found.waiting,
        "within": found.within,
        "beyond": found.beyond,
        "holders": [
            {name: getattr(one, name) for name in ("key", "code", "name", "tier", "databases", "folded")}
            for one in found.holders
        ],
    }


@router.get(
    "/overlaps/precision", response=list[PrecisionOut], summary="How often reviewers agreed with the matcher"
)
def precision(request: Request) -> object:
    """By version of the matcher and level of evidence; `level` null holds all levels of a version."""
    actor = _signed_in(request)
    if not actor.is_system and not actor.has(*READING, Role.COORDINATING_MINISTRY):
        raise NotAllowed(act="xem độ chính xác của bộ đối sánh", act_en="see the precision of the matcher")
    return [
        {
            "method": one.method,
            "level": one.level,
            "reviewed": one.reviewed,
            "accepted": one.accepted,
            "rejected": one.rejected,
            "other_population": one.other_population,
            "precision": one.share,
            "low": (one.interval or (None, None))[0],
            "high": (one.interval or (None, None))[1],
        }
        for one in precision_in_use()
    ]


@router.get(
    "/overlaps/{number}/replay", response=list[ReplayOut], summary="The scores of a case computed again"
)
def replayed(request: Request, number: str) -> object:
    """From the stored signals alone: the score kept, the score they give again, by which version of the matcher."""
    case = case_for(_signed_in(request), number)
    return [
        {
            "left": f"{one.pair.left_table}.{one.pair.left_column}",
            "right": f"{one.pair.right_table}.{one.pair.right_column}",
            "method": one.method,
            "base": one.pair.base,
            "kept": one.kept,
            "again": one.again,
            "agrees": one.agrees,
            "reasons": one.pair.reasons,
            "against": one.pair.against,
        }
        for one in replay_case(case)
    ]


@router.get("/overlaps/{number}", response=CaseWithPairsOut, summary="One overlap case with its column pairs")
def overlap(request: Request, number: str) -> dict[str, object]:
    """What was found, with every signal, its value and weight, so that the finding can be replayed."""
    case = case_for(_signed_in(request), number)
    return _cases([case])[0] | {"pairs": [_pair(shown) for shown in pairs_of(case)]}


def _cases(cases: list[OverlapCase]) -> list[dict[str, object]]:
    today = timezone.localdate()
    grounds = grounds_of_cases(cases)
    names = [name for name in CaseOut.model_fields if name not in ("lower", "higher", "provision")]
    return [
        {name: getattr(case, name) for name in names}
        | {
            "lower": case.lower.code,
            "higher": case.higher.code,
            "provision": citation_out(grounds[case.pk], today),
        }
        for case in cases
    ]


def _pair(shown: ShownPair) -> dict[str, object]:
    pair = shown.pair
    return {
        "lower": _side(shown.lower),
        "higher": _side(shown.higher),
        "kind": pair.kind,
        "score": pair.score,
        "level": pair.level,
        "reasons": pair.reasons,
        "against": pair.against,
        "verdict": pair.verdict,
    }


def _side(side: ShownSide) -> dict[str, object]:
    return {name: getattr(side, name) for name in ("table", "column", "share", "low", "high")}


def _signed_in(request: Request) -> Actor:
    actor: Actor = request.actor
    if actor.is_visitor:
        raise NotAllowed(act="xem hồ sơ chồng lấn", act_en="see overlap cases")
    return actor
