"""The records of the inventory, one module per noun."""

from __future__ import annotations

from .audits import (
    AuditFinding,
    AuditKind,
    AuditMeasure,
    AuditPeriod,
    AuditSet,
    AuditState,
    DataAudit,
    FollowUp,
)
from .campaigns import DEADLINE, Campaign, CampaignLook, CampaignPart, CampaignState, PartState
from .columns import ColumnJudgement, ReadingDecision, SealedValues, Secrecy
from .quality import ErrorType, IssueState, Light, QualityIssue, WarnedBy
from .sources import (
    VERDICTS,
    Assessment,
    AssessmentState,
    MeasureChoice,
    Source,
    SourceKind,
    SourceState,
    StoredSecret,
    Survey,
    SurveyedTable,
    SurveyQuality,
)
from .systems import Connection, InformationSystem, SafetyLevel, SystemKind, SystemState
from .upgrades import OVER, PLANNED, Priority, UpgradeItem, UpgradeOrigin, UpgradeState
from .versions import VersionCheck

__all__ = [
    "DEADLINE",
    "OVER",
    "PLANNED",
    "VERDICTS",
    "Assessment",
    "AssessmentState",
    "AuditFinding",
    "AuditKind",
    "AuditMeasure",
    "AuditPeriod",
    "AuditSet",
    "AuditState",
    "Campaign",
    "CampaignLook",
    "CampaignPart",
    "CampaignState",
    "ColumnJudgement",
    "Connection",
    "DataAudit",
    "ErrorType",
    "FollowUp",
    "InformationSystem",
    "IssueState",
    "Light",
    "MeasureChoice",
    "PartState",
    "Priority",
    "QualityIssue",
    "ReadingDecision",
    "SafetyLevel",
    "SealedValues",
    "Secrecy",
    "Source",
    "SourceKind",
    "SourceState",
    "StoredSecret",
    "Survey",
    "SurveyQuality",
    "SurveyedTable",
    "SystemKind",
    "SystemState",
    "UpgradeItem",
    "UpgradeOrigin",
    "UpgradeState",
    "VersionCheck",
    "WarnedBy",
]
