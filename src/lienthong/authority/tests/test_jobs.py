"""The search as a job, on live SQLite sources: the administrative units, and small ones made here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.comparing import compare_all
from lienthong.authority.models import OverlapCase, OverlapPair, OverlapSearch
from lienthong.authority.queries import UNDECIDED_HOLD, comparable_with, leading_pair, pairs_of
from lienthong.authority.replaying import replay_case
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Database, EntryState
from lienthong.engine.overlap.shapes import METHOD
from lienthong.engine.overlap.sketching import Plan
from lienthong.engine.overlap.tests.copies import goods, people, sketched
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.performing import perform
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import local_copy, make_source, units, write_demo_sources
from tests.worlds import anew, rolled_back


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    """A data directory of the test's own."""
    settings.DATA_DIR = tmp_path / "data"


def write(path: Path, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> Path:
    listed = list(rows)
    connection = sqlite3.connect(path)
    connection.execute(f'CREATE TABLE "{table}" ({columns})')
    marks = ", ".join("?" * len(columns.split(",")))
    connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', listed)
    connection.commit()
    connection.close()
    return path


def search(world, database: Database | None = None) -> Job:
    job = commands.search_overlaps(actor=SYSTEM, database=database or world.local)
    run_waiting_jobs()
    job.refresh_from_db()
    return job


def test_what_left_the_catalogue_is_no_longer_compared_with(world, tmp_path, db):
    make_source(world.national, write(tmp_path / "b.sqlite", "ward", "ward_code TEXT", [("00004",)]))
    assert [source.database for source in comparable_with(world.local)] == [world.national]
    Database.objects.filter(pk=world.national.pk).update(entry_state=EntryState.ENDED)
    assert not comparable_with(world.local).exists()


@pytest.fixture(scope="class")
def found(built, tmp_path_factory) -> Iterator[Job]:
    """The search from the local side, made once."""
    folder, world = tmp_path_factory.mktemp("found"), anew(built)
    with rolled_back(), override_settings(DATA_DIR=folder / "data"):
        written = write_demo_sources(folder)
        make_source(world.local, written["local"])
        make_source(world.national, written["national"])
        yield search(world)


@pytest.fixture
def searched(found, db) -> Job:
    return found


class TestAdministrativeUnits:
    """The province's own list against the national one, under other names, with gaps and closed communes."""

    @carries("OVL-04", "OVL-05")
    def test_the_copy_is_found_without_being_told_the_columns(self, world, searched):
        job = searched
        assert (job.state, job.error_vi) == (JobState.FINISHED, "")
        case = OverlapCase.objects.get()
        assert (case.lower, case.higher) == (world.local, world.national)
        assert (case.proposed_outcome, case.requirement) == ("must_synchronise", "OVL-04")
        columns = {(shown.lower.column, shown.higher.table, shown.higher.column) for shown in pairs_of(case)}
        assert ("MA_DVHC", "xa", "ma_xa") in columns
        assert ("TEN_DON_VI", "xa", "ten_xa") in columns
        assert open_holds(world.local, "declare").get().code == UNDECIDED_HOLD

    @carries("OVL-05")
    def test_its_shares_cover_the_truth(self, searched):
        pair = next(
            shown
            for shown in pairs_of(OverlapCase.objects.get())
            if (shown.lower.column, shown.higher.column) == ("MA_DVHC", "ma_xa")
        )
        mine = {row[0] for row in local_copy()}
        theirs = {row[0] for row in units().communes}
        for side, truth in (
            (pair.lower, len(mine & theirs) / len(mine)),
            (pair.higher, len(mine & theirs) / len(theirs)),
        ):
            assert side.share == pytest.approx(truth, abs=0.02)
            assert side.low <= truth <= side.high
        assert pair.pair.level == 2
        assert {"code", "vi", "en", "weight", "value"} <= set(pair.pair.reasons[0])
        replays = replay_case(pair.pair.case)
        assert all(one.again == pytest.approx(one.kept, abs=1e-9) for one in replays)
        assert {one.method for one in replays} == {METHOD}

    @carries("SEC-01")
    def test_no_value_and_no_key_is_kept(self, searched):
        kept = str(list(OverlapPair.objects.values())) + str(list(Job.objects.values()))
        for code, name, *_ in units().communes[:400]:
            assert f"'{code}'" not in kept
            assert name not in kept

    def test_a_search_twice_opens_one_case(self, world, searched):
        search(world)
        assert (OverlapSearch.objects.count(), OverlapCase.objects.count()) == (2, 1)
        newest = OverlapSearch.objects.order_by("pk").last()
        assert (newest.opened, newest.known) == (0, 1)
        assert newest.method


class TestOther:
    @carries("OVL-04")
    def test_searched_from_the_national_side_the_local_copy_still_gives_way(self, world, tmp_path):
        written = write_demo_sources(tmp_path)
        make_source(world.local, written["local"])
        make_source(world.national, written["national"])
        search(world, world.national)
        case = OverlapCase.objects.get()
        assert case.lower == world.local
        leading = leading_pair(pairs_of(case))
        assert leading is not None
        assert leading.lower.table == "DM_DVHC"

    @carries("OVL-05")
    def test_a_shared_code_list_alone_opens_no_case(self, world, tmp_path):
        sexes = ["Nam", "Nữ"]
        people = ((f"P{n:05d}", f"Người {n}", sexes[n % 2]) for n in range(400))
        cattle = ((f"{n * 7 + 900_000}", n * 3.5, sexes[n % 2]) for n in range(300))
        make_source(
            world.local,
            write(tmp_path / "a.sqlite", "can_bo", "ma TEXT, ho_ten TEXT, gioi_tinh TEXT", people),
        )
        make_source(
            world.national,
            write(tmp_path / "b.sqlite", "ban_ghi", "so TEXT, khoi_luong REAL, gioi TEXT", cattle),
        )
        job = search(world)
        assert job.error_vi == ""
        assert not OverlapCase.objects.exists()
        assert OverlapSearch.objects.get().code_lists == 1
        assert not open_holds(world.local).exists()

    @carries("OVL-05")
    def test_nothing_in_common_lifts_the_hold_that_waited(self, world, tmp_path):
        commands.require_search(actor=SYSTEM, database=world.local)
        one = ((f"A{n:06d}", n * 1.7) for n in range(300))
        two = ((f"tin {n} {n * n}", f"http://x.vn/{n}") for n in range(300))
        make_source(world.local, write(tmp_path / "a.sqlite", "do_dac", "ma_diem TEXT, cao_do REAL", one))
        make_source(
            world.national, write(tmp_path / "b.sqlite", "tin_tuc", "tieu_de TEXT, duong_dan TEXT", two)
        )
        search(world)
        assert not OverlapCase.objects.exists()
        assert not open_holds(world.local).exists()

    def test_a_source_of_others_that_cannot_be_read_is_named_and_not_where_it_lies(self, world, tmp_path):
        rows = [(f"{n:05d}", f"Xã {n}") for n in range(50)]
        make_source(world.local, write(tmp_path / "a.sqlite", "xa", "ma_xa TEXT, ten_xa TEXT", rows))
        gone = write(tmp_path / "kín.sqlite", "xa", "ma_xa TEXT, ten_xa TEXT", rows)
        make_source(world.national, gone)
        gone.unlink()
        job = search(world)
        assert job.state == JobState.FINISHED
        (left_out,) = OverlapSearch.objects.get().left_out
        assert left_out["database"] == world.national.pk
        assert "kín" not in str(left_out) + str(Job.objects.values())

    def test_when_ones_own_source_is_gone_the_job_says_so(self, world, tmp_path):
        gone = write(tmp_path / "a.sqlite", "xa", "ma_xa TEXT", [("1",)])
        make_source(world.local, gone)
        gone.unlink()
        job = search(world)
        assert (job.state, bool(job.error_vi), bool(job.error_en)) == (JobState.FAILED, True, True)
        assert not OverlapSearch.objects.exists()

    @carries("SEC-01")
    def test_secret_databases_are_not_compared(self, world, tmp_path):
        rows = [(f"{n:05d}", f"Xã {n}") for n in range(50)]
        make_source(world.local, write(tmp_path / "a.sqlite", "xa", "ma_xa TEXT, ten_xa TEXT", rows))
        make_source(world.national, write(tmp_path / "b.sqlite", "xa", "ma_xa TEXT, ten_xa TEXT", rows))
        keeper = world.actor(world.ministry, Role.SECRETS_KEEPER)
        mark_secret(actor=keeper, database=world.national, reason="Quyết định 1")
        search(world)
        found = OverlapSearch.objects.get()
        assert (found.compared.count(), found.left_out, found.opened) == (0, [], 0)

    @carries("OVL-03")
    def test_a_local_database_without_rows_is_told_not_to_collect(self, world, tmp_path):
        rows = [(f"{n:05d}", f"Xã {n}", n / 7) for n in range(50)]
        columns = "ma_xa TEXT, ten_xa TEXT, dien_tich REAL"
        make_source(world.local, write(tmp_path / "a.sqlite", "xa", columns, []))
        make_source(world.national, write(tmp_path / "b.sqlite", "xa", columns, rows))
        search(world)
        case = OverlapCase.objects.get()
        assert (case.proposed_outcome, case.requirement) == ("do_not_collect", "OVL-03")

    def test_begun_again_it_is_recorded_once(self, world, tmp_path):
        rows = [(f"{n:05d}", f"Xã {n}") for n in range(400)]
        make_source(world.local, write(tmp_path / "a.sqlite", "xa", "ma_xa TEXT, ten_xa TEXT", rows))
        make_source(world.national, write(tmp_path / "b.sqlite", "commune", "code TEXT, name TEXT", rows))
        job = search(world)
        perform(job.pk)
        assert (OverlapSearch.objects.count(), OverlapCase.objects.count()) == (1, 1)

    def test_only_one_search_of_a_database_at_a_time(self, world, tmp_path):
        make_source(world.local, write(tmp_path / "a.sqlite", "xa", "ma_xa TEXT", [("1",)]))
        jobs = {commands.search_overlaps(actor=SYSTEM, database=world.local).pk for _ in range(2)}
        assert len(jobs) == 1


@carries("OVL-05")
def test_a_database_is_compared_with_what_is_like_it_and_finds_the_same():
    register = people(3, 200)
    mine = sketched("1", plan=Plan(), dan_cu=register.slice(0, 100))
    copies = {"2": register, "3": register.slice(50, 100).rename_columns([f"c{i}" for i in range(7)])}
    others = [sketched(name, plan=Plan(), t=table) for name, table in copies.items()]
    others += [sketched(str(place), plan=Plan(), hang=goods(place, 60)) for place in range(4, 12)]

    every = compare_all(mine, others, by_names=len(others))
    chosen = compare_all(mine, others, by_names=2)

    assert chosen.scored <= 4 < len(others)
    assert chosen.method == every.method
    assert [one.other for one in chosen.comparisons] == [one.other for one in every.comparisons]
    assert [one.other for one in chosen.comparisons if one.overlaps] == [2, 3]
    assert [one for one in chosen.comparisons if one.overlaps] == [
        one for one in every.comparisons if one.overlaps
    ]
