"""Pages of sharing: public ones in `public`, services on the desk in `services`, requests and accounts in `requests`."""

from .public import service, services
from .requests import account, ask, enter, issue, refuse, request_page
from .services import desk, prepare, record, step

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
