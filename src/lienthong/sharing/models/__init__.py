"""The records of sharing: services, requests, accounts, calls; and checks of forms that ask for what is shared already."""

from __future__ import annotations

from .asking import Answer, AskAgainCheck, AskedItem, CheckState
from .copies import CopyState, KeepingReason, StoredCopy, TermUnit, UseTerm
from .services import (
    AccountState,
    Call,
    CallJournal,
    CallsOfDay,
    Channel,
    ConnectionAccount,
    Form,
    Method,
    RequestState,
    ServiceState,
    SharingRequest,
    SharingService,
)

__all__ = [
    "AccountState",
    "Answer",
    "AskAgainCheck",
    "AskedItem",
    "Call",
    "CallJournal",
    "CallsOfDay",
    "Channel",
    "CheckState",
    "ConnectionAccount",
    "CopyState",
    "Form",
    "KeepingReason",
    "Method",
    "RequestState",
    "ServiceState",
    "SharingRequest",
    "SharingService",
    "StoredCopy",
    "TermUnit",
    "UseTerm",
]
