"""A live database walks the whole line: registered, looked at, described, compared, decided, regulated, shared, opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import load_local_copy, local_copy, units
from tests.servers import PASSWORD, PASSWORD_IN_URL

from .conftest import Served
from .walk import Walk

pytestmark = [
    pytest.mark.journey,
    pytest.mark.both_databases,
    pytest.mark.timeout(600),
]


def share_in_common() -> float:
    """Of the copy's identifiers, how many the national list holds too; counted here, apart from the product."""
    national = {row[0] for row in units().communes}
    copy = {row[0] for row in local_copy()}
    return 100 * len(copy & national) / len(copy)


@carries("FOC-05", "CAT-01", "INV-02", "OVL-04", "OVL-05", "REG-04", "DSH-03", "DSH-04", "ODA-12")
def test_a_live_database_walks_through_the_whole_house(
    browser: Browser, served: Served, postgres_databases: Callable[[], str], pictures: Path | None
) -> None:
    source = postgres_databases()
    load_local_copy(source)
    walk = Walk(browser, served, source, pictures)
    walk.registers()
    walk.binds_and_looks(PASSWORD)
    walk.describes()
    walk.assesses()
    case = walk.is_held_by_an_overlap()
    card = walk.reads_the_card(case)
    shown = [float(text.replace(",", ".")) for text in re.findall(r"(\d{1,3}(?:,\d)?)\s?%", card)]
    assert any(abs(value - share_in_common()) < 0.1 for value in shown), (share_in_common(), shown)
    walk.decides(case)
    walk.declares_and_head_issues()
    walk.is_refused_at_the_gate()
    walk.regulates()
    walk.passes_the_gate()
    walk.captures_a_version()
    walk.offers_a_service()
    walk.asks()
    walk.answers()
    walk.suspends()
    terms = {day: walk.enters_from_paper(day) for day in ("2025-08-18", "2025-08-19", "2025-10-22")}
    assert "5 ngày làm việc" in terms["2025-08-18"]
    assert "2 ngày làm việc" in terms["2025-08-19"]
    assert "cơ quan đặt" not in terms["2025-08-19"]
    assert "2 ngày làm việc (cơ quan đặt)" in terms["2025-10-22"]
    walk.opens()
    walk.is_found()
    walk.close()
    no_password_anywhere(served)


def no_password_anywhere(served: Served) -> None:
    """In no row, no log and no file of the installation, in either form."""
    places = [path for path in served.data.rglob("*") if path.is_file()]
    assert places
    needles = (PASSWORD.encode(), PASSWORD_IN_URL.encode())
    assert [path for path in places if any(needle in path.read_bytes() for needle in needles)] == []
    if served.database_url:
        dumped = dump(served.database_url)
        assert not any(needle in dumped for needle in needles)


def dump(url: str) -> bytes:
    """Every row of a PostgreSQL control plane as text."""
    import psycopg

    found = b""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as rows:  # type: ignore[arg-type]
                found += b"".join(bytes(part) for part in rows)
    return found
