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

__all__ = [
    "amend_database",
    "choose_code_list",
    "classify_field",
    "confirm_field",
    "confirm_fields",
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
    "record_version",
    "register_code_list",
    "register_database",
    "take_over_listing",
    "unmark_secret",
]
