"""Pages of sharing.

Public ones in `public`; on the desk services in `providing`, requests in `requests`, what is confirmed before it is done
in `stopping`.
"""

from .providing import desk, prepare, record, step
from .public import service, services
from .requests import ask, enter, issue, refuse, request_page
from .stopping import account, suspend, terminate

__all__ = [
    "account",
    "ask",
    "desk",
    "enter",
    "issue",
    "prepare",
    "record",
    "refuse",
    "request_page",
    "service",
    "services",
    "step",
    "suspend",
    "terminate",
]
