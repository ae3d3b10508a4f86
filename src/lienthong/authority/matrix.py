"""Copies against sources: in each cell what became of the overlap between the two, for the screen and for print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.pagekit.figures import number_text, percent_text
from lienthong.foundation.tracing import carries

from .mapping import (
    STROKES,
    Grouping,
    Holder,
    Limits,
    MapQuestion,
    OverlapGraph,
    Standing,
    Tie,
    overlap_graph,
    shares_of,
    tier_levels,
)

# Lines and columns beyond which units, then agencies are shown.
READABLE = Limits(in_class=30, boxes=45, ties=1_000)
# How many columns stand beside each other on a sheet that lies.
ON_SHEET = {"a4": 7, "a3": 12}


@dataclass(frozen=True, slots=True)
class Cell:
    """What the two have in common: where each case stands, and how much of the copy the source has too."""

    tie: Tie
    said: tuple[tuple[Standing, str], ...]
    share: float | None
    """Of one: only where the two are databases."""

    @property
    def stroke(self) -> str:
        return STROKES[self.tie.leading.standing]

    @property
    def text(self) -> str:
        """The cell in words."""
        share = f" ({percent_text(self.share * 100)})" if self.share is not None else ""
        return "; ".join(words for _standing, words in self.said) + share


@dataclass(frozen=True, slots=True)
class Sheetful:
    """The columns that stand beside each other on one sheet, with the lines that have something in them."""

    columns: tuple[Holder, ...]
    lines: tuple[tuple[Holder, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Copies down, sources across."""

    graph: OverlapGraph
    copies: tuple[Holder, ...]
    sources: tuple[Holder, ...]
    cells: Mapping[tuple[str, str], Cell]

    @property
    def standings(self) -> list[tuple[Standing, int]]:
        """How many cases stand where."""
        counts = dict.fromkeys(Standing, 0)
        for cell in self.cells.values():
            for standing, count in cell.tie.counted:
                counts[standing] += count
        return [(standing, count) for standing, count in counts.items() if count]

    def sheets(self, paper: str = "a4") -> list[Sheetful]:
        """Cut into sheets of this size."""
        across = ON_SHEET.get(paper, ON_SHEET["a4"])
        found = []
        for start in range(0, len(self.sources), across):
            columns = self.sources[start : start + across]
            lines = [
                (copy, tuple(self.cells.get((copy.key, source.key)) for source in columns))
                for copy in self.copies
            ]
            found.append(Sheetful(columns, tuple(line for line in lines if any(line[1]))))
        return found


@carries("OVL-05")
def overlap_matrix(actor: Actor, question: MapQuestion) -> Matrix:
    """The cases that the actor may know of, narrowed as asked, as a matrix of copies and sources."""
    graph = overlap_graph(actor, question, limits=READABLE)
    shares = shares_of(tie.leading for tie in graph.ties) if graph.grouping == Grouping.DATABASE else {}
    cells = {
        (tie.lower, tie.higher): Cell(tie, tuple(_said(tie)), shares.get(tie.leading.pk))
        for tie in graph.ties
    }
    levels = tier_levels()
    lines = sorted(graph.holders, key=lambda one: (levels[one.tier], one.group, one.name, one.key))
    copies, sources = {lower for lower, _ in cells}, {higher for _, higher in cells}
    return Matrix(
        graph=graph,
        copies=tuple(one for one in lines if one.key in copies),
        sources=tuple(one for one in lines if one.key in sources),
        cells=cells,
    )


def _said(tie: Tie) -> list[tuple[Standing, str]]:
    if len(tie.cases) == 1:
        return [(tie.leading.standing, str(tie.leading.standing.label))]
    return [
        (standing, f"{number_text(count)} {str(standing.label)[:1].lower()}{str(standing.label)[1:]}")
        for standing, count in tie.counted
    ]
