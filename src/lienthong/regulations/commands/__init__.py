"""What people do with regulations, exchange structures, sharing processes and the go-live gate."""

from __future__ import annotations

from ..indexing import index_regulation
from .documents import record_exchange_structure, record_sharing_process
from .drafting import (
    amend_draft,
    check_consistency,
    draft_new_version,
    draft_regulation,
    keep_document,
    record_legal_review,
)
from .going_live import request_go_live
from .issuing import expire_regulations, issue_regulation, publish_regulation

__all__ = [
    "amend_draft",
    "check_consistency",
    "draft_new_version",
    "draft_regulation",
    "expire_regulations",
    "index_regulation",
    "issue_regulation",
    "keep_document",
    "publish_regulation",
    "record_exchange_structure",
    "record_legal_review",
    "record_sharing_process",
    "request_go_live",
]
