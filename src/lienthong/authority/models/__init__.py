"""Searches for overlaps, the case made of each, its column pairs, and how the lower copy follows."""

from __future__ import annotations

from lienthong.catalogue.models import SyncFrequency, SyncMethod

from .cases import (
    LEVELS,
    UNDECIDED,
    CaseState,
    Outcome,
    OverlapCase,
    OverlapPair,
    OverlapSearch,
    PairClass,
    PairKind,
    ProposedOutcome,
    SearchState,
    SyncMechanism,
    Verdict,
)
from .corrections import (
    CorrectionCase,
    CorrectionNotice,
    CorrectionOrigin,
    CorrectionRow,
    CorrectionState,
    IssueLevel,
    ToldThrough,
)
from .sketches import Direction, SketchPassage

__all__ = [
    "LEVELS",
    "UNDECIDED",
    "CaseState",
    "CorrectionCase",
    "CorrectionNotice",
    "CorrectionOrigin",
    "CorrectionRow",
    "CorrectionState",
    "Direction",
    "IssueLevel",
    "Outcome",
    "OverlapCase",
    "OverlapPair",
    "OverlapSearch",
    "PairClass",
    "PairKind",
    "ProposedOutcome",
    "SearchState",
    "SketchPassage",
    "SyncFrequency",
    "SyncMechanism",
    "SyncMethod",
    "ToldThrough",
    "Verdict",
]
