"""What people do about overlaps: search, assign, review, decide, name the authority, carry out."""

from __future__ import annotations

from .cases import assess_case, assign_case, name_authority, review_pair
from .correction_broadcast import (
    broadcast_correction,
    confirm_correction_received,
    tell_consumer_of_correction,
)
from .correction_differences import add_differences, note_correction_proved
from .correction_issues import (
    contest_finding,
    pass_issue_on,
    report_overdue_corrections,
    set_corrections_aside,
    settle_issue,
    take_corrections_up,
    urge_correction,
)
from .corrections import (
    acknowledge_correction,
    close_correction,
    confirm_discrepancy,
    find_no_discrepancy,
    note_unclear,
    record_warning_slip,
    reopen_correction,
    report_corrected,
    report_correction,
    reveal_correction_rows,
)
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
    "acknowledge_correction",
    "add_differences",
    "assess_case",
    "assign_case",
    "broadcast_correction",
    "close_case",
    "close_correction",
    "confirm_correction_received",
    "confirm_discrepancy",
    "contest_finding",
    "decide_case",
    "destroy_expired_sketches",
    "destroy_sketches_of",
    "direct_case",
    "escalate_overdue_cases",
    "find_no_discrepancy",
    "hand_in_sketch",
    "make_sketch",
    "name_authority",
    "note_correction_proved",
    "note_unclear",
    "pass_issue_on",
    "recall_due_exceptions",
    "record_overlaps",
    "record_sketch",
    "record_warning_slip",
    "reopen_correction",
    "report_corrected",
    "report_correction",
    "report_overdue_corrections",
    "require_search",
    "return_exception",
    "reveal_correction_rows",
    "review_pair",
    "search_overlaps",
    "set_aside_cases",
    "set_corrections_aside",
    "settle_issue",
    "sign_exception",
    "start_synchronisation",
    "take_corrections_up",
    "take_up_cases",
    "tell_consumer_of_correction",
    "urge_case",
    "urge_correction",
    "urge_overdue_cases",
]
