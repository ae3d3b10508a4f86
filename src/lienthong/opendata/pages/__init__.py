"""Pages of open data: public ones in `public`, readers' reports in `reports`, the desk in `desk` and `way`."""

from .desk import classify, decide, desk, desk_list, no_change, publish, risk, withdraw
from .public import columns, download, for_programs, permanent, public_list, rows, versions
from .reports import find_report, report, reported

__all__ = [
    "classify",
    "columns",
    "decide",
    "desk",
    "desk_list",
    "download",
    "find_report",
    "for_programs",
    "no_change",
    "permanent",
    "public_list",
    "publish",
    "report",
    "reported",
    "risk",
    "rows",
    "versions",
    "withdraw",
]
