"""Two databases of the demo's province that hold what the ministry's national list holds, in a running installation.

Run as a program beside the server, on its data: `python -m tests.journey.overlap_world` enters them and prints codes and
case numbers; with a day (`2027-01-31`) it does what the tick does on that day.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

OWNER, UNIT, NATIONAL = "H99", "H99.01", "G99.DB01"
FOLLOWING, APART = "H99.01.DB91", "H99.01.DB92"


def fill() -> dict[str, Any]:
    """Register the databases, describe them, and record what a search found."""
    from lienthong.agencies.models import Agency
    from lienthong.authority.demo import make_case
    from lienthong.catalogue.demo import make_described_database
    from lienthong.catalogue.models import Database

    owner, unit = Agency.objects.get(code=OWNER), Agency.objects.get(code=UNIT)
    national = Database.objects.get(code=NATIONAL)
    made = {
        code: make_described_database(owner, managing_unit=unit, code=code, name=name)
        for code, name in (
            (FOLLOWING, "CSDL xã, phường của Sở Nội vụ tỉnh An Lộc"),
            (APART, "CSDL địa giới hành chính lịch sử tỉnh An Lộc"),
        )
    }
    return {code: make_case(database, national).number for code, database in made.items()}


def on(day: date) -> dict[str, Any]:
    """What the tick does on a day: exceptions whose review has come are opened again, what is overdue is urged."""
    from lienthong.authority.commands import recall_due_exceptions

    return {"recalled": recall_due_exceptions(on=day)}


if __name__ == "__main__":
    import django

    django.setup()
    given = sys.argv[1:]
    print(json.dumps(on(date.fromisoformat(given[0])) if given else fill(), ensure_ascii=False))
