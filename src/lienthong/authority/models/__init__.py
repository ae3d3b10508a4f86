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
from .sketches import Direction, SketchPassage

__all__ = [
    "LEVELS",
    "UNDECIDED",
    "CaseState",
    "Direction",
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
    "Verdict",
]
