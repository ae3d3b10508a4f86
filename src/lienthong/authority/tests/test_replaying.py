"""Findings computed again, and the precision of the matcher as reviewers saw it."""

from __future__ import annotations

import pytest

from lienthong.authority import commands
from lienthong.authority.demo import make_comparison, make_pair
from lienthong.authority.models import OverlapCase, OverlapPair
from lienthong.authority.replaying import MethodPrecision, precision_in_use, replay, score_of
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries

COLUMNS = [("ma_xa", "ward_code"), ("ten_xa", "name"), ("loai", "kind")]


def found(world, method: str, columns=COLUMNS) -> OverlapCase:
    pairs = [
        make_pair(("xa", left), ("ward", right), base=-1.0, score=score_of(0.65)) for left, right in columns
    ]
    commands.record_overlaps(
        actor=SYSTEM,
        database=world.local,
        job=None,
        comparisons=[make_comparison(world.national, *pairs)],
        method=method,
    )
    return OverlapCase.objects.get()


def review(world, case, **verdicts: str) -> None:
    newest = case.pairs.order_by("-search_id").first().search_id
    for column, verdict in verdicts.items():
        pair = OverlapPair.objects.get(case=case, search=newest, left_column=column)
        commands.review_pair(actor=world.owner, pair=pair, verdict=verdict)


@carries("OVL-05")
def test_a_score_is_computed_again_from_its_signals_and_a_changed_signal_is_seen(world):
    case = found(world, "overlap-9")
    pair = case.pairs.first()
    # weight 2.0 of 1.0, and -0.5 of 0.7, from a base of -1.0
    again = replay(pair)
    assert (again.method, again.agrees) == ("overlap-9", True)
    assert again.again == pytest.approx(pair.score)
    pair.reasons[0]["weight"] = 3.0
    assert not replay(pair).agrees
    pair.base = None
    assert replay(pair).again is None


@carries("OVL-05")
def test_precision_counts_each_pair_once_by_the_version_that_found_it_last(world):
    case = found(world, "overlap-1")
    review(world, case, ma_xa="accept", ten_xa="reject", loai="same_concept_other_population")
    assert [(one.method, one.level, one.accepted, one.rejected, one.other_population) for one in precision_in_use()] == [
        ("overlap-1", None, 1, 1, 1),
        ("overlap-1", 2, 1, 1, 1),
    ]  # fmt: skip
    found(world, "overlap-2", COLUMNS[:2])
    assert [(one.method, one.level, one.reviewed) for one in precision_in_use()] == [
        ("overlap-2", None, 2),
        ("overlap-2", 2, 2),
        ("overlap-1", None, 1),
        ("overlap-1", 2, 1),
    ]


@carries("SEC-01")
def test_nothing_of_a_secret_database_is_counted(world):
    case = found(world, "overlap-1")
    review(world, case, ma_xa="accept")
    type(world.national).objects.filter(pk=world.national.pk).update(is_secret=True)
    assert precision_in_use() == []


@pytest.mark.parametrize(
    ("accepted", "rejected", "low", "high"),
    [(9, 1, 0.596, 0.982), (0, 3, 0.0, 0.562), (50, 50, 0.404, 0.596)],
)
def test_the_interval_is_that_of_wilson(accepted, rejected, low, high):
    one = MethodPrecision("x", None, accepted, rejected, 0)
    assert one.interval == (pytest.approx(low, abs=0.001), pytest.approx(high, abs=0.001))


@carries("OVL-05")
def test_pages_workbook_and_api_say_so(world, client):
    case = found(world, "overlap-1")
    client.force_login(
        User.objects.get(pk=world.owner.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "Chưa có cặp cột nào" in client.get("/lam-viec/chong-lan/do-chinh-xac/").content.decode()
    review(world, case, ma_xa="accept", ten_xa="reject")
    page = client.get("/lam-viec/chong-lan/do-chinh-xac/").content.decode()
    assert "overlap-1" in page
    assert "50%" in page
    book = rows_of(client.get("/lam-viec/chong-lan/do-chinh-xac/?dang=xlsx").content)
    assert any(row[0] == "overlap-1" for row in book)
    (whole, _level) = client.get("/api/v1/overlaps/precision").json()
    assert (whole["method"], whole["reviewed"], whole["precision"]) == ("overlap-1", 2, 0.5)
    again = client.get(f"/lam-viec/chong-lan/{case.number}/tinh-lai/").content.decode()
    assert "3 trong 3 điểm" in again
    book = rows_of(client.get(f"/lam-viec/chong-lan/{case.number}/tinh-lai/?dang=xlsx").content)
    assert sum(row[1] == "overlap-1" for row in book if len(row) > 1) >= 6
    assert [one["agrees"] for one in client.get(f"/api/v1/overlaps/{case.number}/replay").json()] == [
        True
    ] * 3
    client.logout()
    assert client.get("/api/v1/overlaps/precision").status_code == 403
