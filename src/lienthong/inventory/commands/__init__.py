"""What people do with sources, looks, assessments and captured versions; one module per noun."""

from __future__ import annotations

from .assessments import conclude_assessment, record_assessment, start_assessment
from .columns import decide_secrecy, judge_column, reveal_values
from .issues import (
    close_issue,
    confirm_issue,
    list_issues_anew,
    open_issue,
    open_issue_from_finding,
    recheck_issue,
    recheck_mended,
    report_mended,
    report_overdue_issues,
)
from .sources import bind_source, note_look_failed, release_source
from .surveys import begin_survey, keep_table, record_survey, seal_personal_values, start_survey
from .versions import capture_version, record_captured

__all__ = [
    "begin_survey",
    "bind_source",
    "capture_version",
    "close_issue",
    "conclude_assessment",
    "confirm_issue",
    "decide_secrecy",
    "judge_column",
    "keep_table",
    "list_issues_anew",
    "note_look_failed",
    "open_issue",
    "open_issue_from_finding",
    "recheck_issue",
    "recheck_mended",
    "record_assessment",
    "record_captured",
    "record_survey",
    "release_source",
    "report_mended",
    "report_overdue_issues",
    "reveal_values",
    "seal_personal_values",
    "start_assessment",
    "start_survey",
]
