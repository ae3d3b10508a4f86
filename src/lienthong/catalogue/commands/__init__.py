"""What people do with databases, fields, catalogues, code lists, datasets and versions."""

from __future__ import annotations

from .catalogues import declare_entry, issue_catalogue
from .databases import (
    amend_database,
    hand_over_databases,
    mark_non_compliant,
    mark_secret,
    put_into_operation,
    register_database,
    unmark_secret,
)
from .datasets import define_dataset, mark_replica_built, record_version, register_code_list
from .dossiers import (
    agree_master_data,
    begin_dossier,
    check_criteria,
    cite_basis,
    complete_dossier,
    remove_basis,
    report_connection,
    send_dossier,
    set_connection_day,
    show_criterion,
    write_part,
)
from .fields import (
    choose_code_list,
    classify_field,
    confirm_field,
    confirm_fields,
    describe_field,
    describe_from_look,
    describe_table,
)
from .listings import hand_in_listing, take_over_listing
from .national_lists import (
    approve_list,
    bring_lists_into_force,
    consolidate_dossiers,
    record_earlier_list,
    return_dossier,
    submit_list,
    turn_down_list,
)

__all__ = [
    "agree_master_data",
    "amend_database",
    "approve_list",
    "begin_dossier",
    "bring_lists_into_force",
    "check_criteria",
    "choose_code_list",
    "cite_basis",
    "classify_field",
    "complete_dossier",
    "confirm_field",
    "confirm_fields",
    "consolidate_dossiers",
    "declare_entry",
    "define_dataset",
    "describe_field",
    "describe_from_look",
    "describe_table",
    "hand_in_listing",
    "hand_over_databases",
    "issue_catalogue",
    "mark_non_compliant",
    "mark_replica_built",
    "mark_secret",
    "put_into_operation",
    "record_earlier_list",
    "record_version",
    "register_code_list",
    "register_database",
    "remove_basis",
    "report_connection",
    "return_dossier",
    "send_dossier",
    "set_connection_day",
    "show_criterion",
    "submit_list",
    "take_over_listing",
    "turn_down_list",
    "unmark_secret",
    "write_part",
]
