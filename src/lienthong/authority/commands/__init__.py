"""What people do about overlaps and about flows of synchronisation: search, decide, carry out; plan, run, reconcile."""

from __future__ import annotations

from .carrying_out import carry_out_by_proof, close_case, start_synchronisation
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
    take_in_reader_report,
)
from .decisions import (
    decide_case,
    recall_due_exceptions,
    return_exception,
    sign_exception,
)
from .exceptions import announce_due_exceptions
from .flow_dues import escalate_late_flows, report_late_flows
from .flows import (
    activate_flow,
    agree_to_flow,
    amend_flow,
    end_flow,
    map_columns,
    pause_flow,
    plan_flow,
    resume_flow,
)
from .reconciliations import (
    record_reconciliation,
    start_due_reconciliations,
    start_reconciliation,
)
from .runs import (
    begin_run,
    confirm_deletions,
    follow_change,
    note_trouble,
    record_guarded_run,
    record_run,
    record_run_cancelled,
    record_run_failed,
    set_aside_flows,
    settle_lost_runs,
    start_due_runs,
    start_run,
    take_up_flows,
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
from .targets import bind_target, release_target, try_target
from .urging import direct_case, escalate_overdue_cases, urge_case, urge_overdue_cases

__all__ = [
    "acknowledge_correction",
    "activate_flow",
    "add_differences",
    "agree_to_flow",
    "amend_flow",
    "announce_due_exceptions",
    "assess_case",
    "assign_case",
    "begin_run",
    "bind_target",
    "broadcast_correction",
    "carry_out_by_proof",
    "close_case",
    "close_correction",
    "confirm_correction_received",
    "confirm_deletions",
    "confirm_discrepancy",
    "contest_finding",
    "decide_case",
    "destroy_expired_sketches",
    "destroy_sketches_of",
    "direct_case",
    "end_flow",
    "escalate_late_flows",
    "escalate_overdue_cases",
    "find_no_discrepancy",
    "follow_change",
    "hand_in_sketch",
    "make_sketch",
    "map_columns",
    "name_authority",
    "note_correction_proved",
    "note_trouble",
    "note_unclear",
    "pass_issue_on",
    "pause_flow",
    "plan_flow",
    "recall_due_exceptions",
    "record_guarded_run",
    "record_overlaps",
    "record_reconciliation",
    "record_run",
    "record_run_cancelled",
    "record_run_failed",
    "record_sketch",
    "record_warning_slip",
    "release_target",
    "reopen_correction",
    "report_corrected",
    "report_correction",
    "report_late_flows",
    "report_overdue_corrections",
    "require_search",
    "resume_flow",
    "return_exception",
    "reveal_correction_rows",
    "review_pair",
    "search_overlaps",
    "set_aside_cases",
    "set_aside_flows",
    "set_corrections_aside",
    "settle_issue",
    "settle_lost_runs",
    "sign_exception",
    "start_due_reconciliations",
    "start_due_runs",
    "start_reconciliation",
    "start_run",
    "start_synchronisation",
    "take_corrections_up",
    "take_in_reader_report",
    "take_up_cases",
    "take_up_flows",
    "tell_consumer_of_correction",
    "try_target",
    "urge_case",
    "urge_correction",
    "urge_overdue_cases",
]
