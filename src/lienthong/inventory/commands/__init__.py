"""What people do with sources, looks, assessments and captured versions; one module per noun."""

from __future__ import annotations

from .assessments import conclude_assessment, record_assessment, start_assessment
from .campaigns import (
    amend_programme,
    approve_campaign,
    close_campaign,
    consolidate_campaign,
    keep_look,
    open_campaign,
    plan_campaign,
    record_campaign_survey,
    return_programme,
    survey_campaign,
    urge_units,
)
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
from .mergers import hand_over_inventory
from .parts import return_part, submit_part, verify_part, write_part
from .readings import choose_reading, leave_reading_to_machine
from .secrecy import keep_secret_out_of_papers
from .sources import bind_source, note_look_failed, release_source
from .surveys import begin_survey, keep_table, keep_unread, record_survey, seal_personal_values, start_survey
from .systems import (
    amend_system,
    enter_systems,
    put_system_into_use,
    register_system,
    retire_system,
    review_system,
)
from .upgrades import (
    begin_upgrade,
    decline_upgrade,
    finish_upgrade,
    fund_upgrade,
    leave_waiting_for_funds,
    prioritise_upgrade,
    propose_for_compliance,
    propose_from_assessment,
    propose_upgrade,
    recheck_upgrade,
    reopen_upgrade,
)
from .versions import capture_version, record_captured

__all__ = [
    "amend_programme",
    "amend_system",
    "approve_campaign",
    "begin_survey",
    "begin_upgrade",
    "bind_source",
    "capture_version",
    "choose_reading",
    "close_campaign",
    "close_issue",
    "conclude_assessment",
    "confirm_issue",
    "consolidate_campaign",
    "decide_secrecy",
    "decline_upgrade",
    "enter_systems",
    "finish_upgrade",
    "fund_upgrade",
    "hand_over_inventory",
    "judge_column",
    "keep_look",
    "keep_secret_out_of_papers",
    "keep_table",
    "keep_unread",
    "leave_reading_to_machine",
    "leave_waiting_for_funds",
    "list_issues_anew",
    "note_look_failed",
    "open_campaign",
    "open_issue",
    "open_issue_from_finding",
    "plan_campaign",
    "prioritise_upgrade",
    "propose_for_compliance",
    "propose_from_assessment",
    "propose_upgrade",
    "put_system_into_use",
    "recheck_issue",
    "recheck_mended",
    "recheck_upgrade",
    "record_assessment",
    "record_campaign_survey",
    "record_captured",
    "record_survey",
    "register_system",
    "release_source",
    "reopen_upgrade",
    "report_mended",
    "report_overdue_issues",
    "retire_system",
    "return_part",
    "return_programme",
    "reveal_values",
    "review_system",
    "seal_personal_values",
    "start_assessment",
    "start_survey",
    "submit_part",
    "survey_campaign",
    "urge_units",
    "verify_part",
    "write_part",
]
