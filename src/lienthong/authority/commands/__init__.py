"""What people do about overlaps: search, assign, review, decide, name the authority, carry out."""

from __future__ import annotations

from .cases import assess_case, assign_case, name_authority, review_pair
from .decisions import (
    close_case,
    decide_case,
    recall_due_exceptions,
    return_exception,
    sign_exception,
    start_synchronisation,
)
from .searches import record_overlaps, require_search, search_overlaps
from .secrecy import set_aside_cases, take_up_cases
from .sketches import (
    destroy_expired_sketches,
    destroy_sketches_of,
    hand_in_sketch,
    make_sketch,
    record_sketch,
)
from .urging import direct_case, escalate_overdue_cases, urge_case, urge_overdue_cases

__all__ = [
    "assess_case",
    "assign_case",
    "close_case",
    "decide_case",
    "destroy_expired_sketches",
    "destroy_sketches_of",
    "direct_case",
    "escalate_overdue_cases",
    "hand_in_sketch",
    "make_sketch",
    "name_authority",
    "recall_due_exceptions",
    "record_overlaps",
    "record_sketch",
    "require_search",
    "return_exception",
    "review_pair",
    "search_overlaps",
    "set_aside_cases",
    "sign_exception",
    "start_synchronisation",
    "take_up_cases",
    "urge_case",
    "urge_overdue_cases",
]
