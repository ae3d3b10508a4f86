"""The records of the inventory, one module per noun."""

from __future__ import annotations

from .sources import (
    VERDICTS,
    Assessment,
    AssessmentState,
    Source,
    SourceKind,
    SourceState,
    StoredSecret,
    Survey,
    SurveyedTable,
)

__all__ = [
    "VERDICTS",
    "Assessment",
    "AssessmentState",
    "Source",
    "SourceKind",
    "SourceState",
    "StoredSecret",
    "Survey",
    "SurveyedTable",
]
