"""Pages of open data: public ones in `public`, those of the desk in `desk`, what comes next there in `way`."""

from .desk import classify, decide, desk, desk_list, no_change, publish, risk, withdraw
from .public import columns, download, for_programs, permanent, public_list, rows, versions

__all__ = [
    "classify",
    "columns",
    "decide",
    "desk",
    "desk_list",
    "download",
    "for_programs",
    "no_change",
    "permanent",
    "public_list",
    "publish",
    "risk",
    "rows",
    "versions",
    "withdraw",
]
