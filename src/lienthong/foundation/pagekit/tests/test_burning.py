from __future__ import annotations

from datetime import date

from lienthong.foundation.pagekit.burning import burn_up


def test_growth_is_counted_by_day_and_never_before_the_start():
    start, end = date(2026, 3, 1), date(2026, 12, 30)
    days = [date(2026, 2, 27), date(2026, 3, 5), date(2026, 3, 5)]
    assert burn_up(start, end, date(2026, 3, 9), days) == [
        (start, 1),
        (date(2026, 3, 5), 3),
        (date(2026, 3, 9), 3),
    ]
    assert burn_up(start, end, date(2026, 2, 1), []) == [(start, 0)]
