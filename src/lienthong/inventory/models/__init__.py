"""The records of the inventory, one module per noun."""

from __future__ import annotations

from .columns import ColumnJudgement, ReadingDecision, SealedValues, Secrecy
from .quality import ErrorType, IssueState, Light, QualityIssue, WarnedBy
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
    "ColumnJudgement",
    "ErrorType",
    "IssueState",
    "Light",
    "QualityIssue",
    "ReadingDecision",
    "SealedValues",
    "Secrecy",
    "Source",
    "SourceKind",
    "SourceState",
    "StoredSecret",
    "Survey",
    "SurveyedTable",
    "WarnedBy",
]
