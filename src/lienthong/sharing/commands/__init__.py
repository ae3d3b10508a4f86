"""The verbs of sharing, a file per noun."""

from .accounts import replace_key, restore_account, suspend_account, terminate_account
from .asking import answer_item, check_form, conclude_check
from .calls import collect_calls, enter_calls, forget_journal
from .copies import (
    erase_copy,
    outdate_copies,
    register_copy,
    renew_copy,
    set_use_term,
    show_copies_anew,
    void_copies_of,
    watch_copies,
)
from .correcting import report_wrong_data, tell_consumers_of_service_corrected
from .requests import issue_account, receive_request, refuse_request
from .services import (
    make_service_ready,
    prepare_service,
    publish_service,
    restore_service,
    suspend_service,
    terminate_service,
)

__all__ = [
    "answer_item",
    "check_form",
    "collect_calls",
    "conclude_check",
    "enter_calls",
    "erase_copy",
    "forget_journal",
    "issue_account",
    "make_service_ready",
    "outdate_copies",
    "prepare_service",
    "publish_service",
    "receive_request",
    "refuse_request",
    "register_copy",
    "renew_copy",
    "replace_key",
    "report_wrong_data",
    "restore_account",
    "restore_service",
    "set_use_term",
    "show_copies_anew",
    "suspend_account",
    "suspend_service",
    "tell_consumers_of_service_corrected",
    "terminate_account",
    "terminate_service",
    "void_copies_of",
    "watch_copies",
]
