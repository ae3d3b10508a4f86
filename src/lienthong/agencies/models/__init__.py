"""Agencies and units, their codes, who holds which post, who is focal officer, what is due from whom; one module per noun."""

from __future__ import annotations

from .agencies import Agency, AgencyKind, IdentifierCode
from .cooperation import Cooperation, CooperationNote, CooperationState
from .focal_officers import FocalAppointment, FocalState, Question, question_token
from .governance import (
    DataDoor,
    GovernanceBody,
    GovernanceBodyKind,
    GovernanceCase,
    GovernanceGroup,
    GovernanceList,
    GovernancePaper,
    GovernancePaperKind,
    GovernanceRole,
    GovernanceRoleKind,
    GovernanceState,
    SteeringCommittee,
)
from .posts import Delegation, Post
from .schemes import CodeScheme
from .work import Work

__all__ = [
    "Agency",
    "AgencyKind",
    "CodeScheme",
    "Cooperation",
    "CooperationNote",
    "CooperationState",
    "DataDoor",
    "Delegation",
    "FocalAppointment",
    "FocalState",
    "GovernanceBody",
    "GovernanceBodyKind",
    "GovernanceCase",
    "GovernanceGroup",
    "GovernanceList",
    "GovernancePaper",
    "GovernancePaperKind",
    "GovernanceRole",
    "GovernanceRoleKind",
    "GovernanceState",
    "IdentifierCode",
    "Post",
    "Question",
    "SteeringCommittee",
    "Work",
    "question_token",
]
