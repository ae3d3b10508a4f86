"""Pages of sharing: public ones in `public`, services on the desk in `providing`, requests and accounts in `requests`."""

from .providing import desk, prepare, record, step
from .public import service, services
from .requests import account, ask, enter, issue, refuse, request_page

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
]
