"""A copy that follows its authority: set up, run, reconciled, corrected, late; on two live SQLite databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.models import Work
from lienthong.authority import commands
from lienthong.authority.demo import make_flow, reconcile_now, run_now
from lienthong.authority.flow_errors import (
    AgreementMissing,
    EqualityNotProved,
    FlowIncomplete,
    MappingRefused,
    NeverRun,
    NothingToConfirm,
    PasswordInAddress,
    ScheduleTooSlow,
)
from lienthong.authority.flow_queries import BRING_IN_STEP, CONFIRM, DIRECT_FLOW, delay_clock
from lienthong.authority.models import (
    CaseState,
    CorrectionCase,
    FlowRun,
    FlowState,
    Reconciliation,
    RunState,
    SyncFlow,
    TargetBinding,
)
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.models import CopyStanding, Database
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import NotAllowed, StepNotAllowed
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import capture_now

from .conftest import ONLINE, decide, mechanism
from .flow_world import MAPPING, Pair, bound, differing, ran, working


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    """A data directory of the test's own."""
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def pair(tmp_path) -> Pair:
    return Pair(tmp_path)


class TestSettingUp:
    @carries("OVL-02", "OVL-04", "CON-01")
    def test_a_flow_is_planned_mapped_and_put_to_work_by_the_copys_people(self, world, pair):
        bound(world, pair)
        owner = world.owner
        flow = commands.plan_flow(
            actor=owner,
            database=world.local,
            source_kind="live",
            source_database=world.national,
            source_table="xa",
            frequency="daily",
            responsible_unit=world.home,
        )
        assert flow.number.startswith("LDB-")
        with pytest.raises(FlowIncomplete) as refusal:
            commands.activate_flow(actor=owner, flow=flow)
        assert "khóa và ánh xạ cột" in refusal.value.text("vi")
        assert "agreement" in refusal.value.text("en")
        commands.map_columns(actor=owner, flow=flow, target_table="dm_xa", key=["ma"], columns=MAPPING)
        with pytest.raises(AgreementMissing):
            commands.activate_flow(actor=owner, flow=flow)
        commands.agree_to_flow(actor=world.ministry_owner, flow=flow)
        commands.activate_flow(actor=owner, flow=flow)
        assert flow.state == FlowState.ACTIVE
        assert flow.next_due_at is not None

    def test_the_source_does_not_agree_for_itself_through_others(self, world, pair):
        bound(world, pair)
        flow = commands.plan_flow(
            actor=world.owner,
            database=world.local,
            source_kind="live",
            source_database=world.national,
            source_table="xa",
            frequency="daily",
            responsible_unit=world.home,
        )
        with pytest.raises(NotAllowed):
            commands.agree_to_flow(actor=world.owner, flow=flow)

    def test_the_machine_proposes_what_goes_where_from_the_case_and_from_names(self, world, pair, case):
        bound(world, pair)
        flow = make_flow(world.local, world.national)
        pair.in_copy("CREATE TABLE xa2 (ma_xa TEXT PRIMARY KEY, TEN_XA TEXT, khac TEXT)")
        commands.try_target(actor=SYSTEM, database=world.local)
        proposed = commands.flows.proposed_columns(flow, "xa2")
        assert [(one["target"], one["source"]) for one in proposed] == [
            ("ma_xa", "ma_xa"),
            ("TEN_XA", "ten_xa"),
        ]

    @pytest.mark.parametrize(
        ("key", "columns", "said"),
        [
            ([], MAPPING, "chưa chọn cột khóa"),
            (["tinh"], MAPPING[:2], "tinh"),
            (["ma"], [*MAPPING, {"target": "ten", "source": "ma_tinh"}], "ten"),
            (["ma"], [*MAPPING, {"target": "ghi_chu", "source": "khong_co"}], "khong_co"),
            (["ma"], [*MAPPING, {"target": "khong_co", "source": "dien_tich_km2"}], "khong_co"),
        ],
    )
    def test_a_mapping_that_cannot_work_is_refused(self, world, pair, key, columns, said):
        bound(world, pair)
        flow = make_flow(world.local, world.national)
        with pytest.raises(MappingRefused) as refusal:
            commands.map_columns(actor=SYSTEM, flow=flow, target_table="dm_xa", key=key, columns=columns)
        assert said in refusal.value.text("vi")
        flow.refresh_from_db()
        assert flow.columns == []

    @carries("D278-12")
    def test_a_schedule_slower_than_the_law_allows_is_refused(self, world, pair):
        Database.objects.filter(pk=world.national.pk).update(named_in_law="ly-lich-tu-phap")
        world.national.refresh_from_db()
        with pytest.raises(ScheduleTooSlow) as refusal:
            make_flow(world.local, world.national, frequency="weekly")
        assert "216/2026" in refusal.value.text("vi")
        assert make_flow(world.local, world.national, frequency="daily").pk

    @carries("SEC-01")
    def test_a_password_is_never_taken_and_a_connection_that_cannot_write_is_refused(self, world, pair):
        with pytest.raises(PasswordInAddress):
            commands.bind_target(
                actor=SYSTEM, database=world.local, address="postgresql://ghi:bimat@10.0.0.5/dm"
            )
        with pytest.raises(NotAllowed):
            commands.bind_target(actor=world.head, database=world.local, address=f"sqlite:///{pair.copy}")
        assert not TargetBinding.objects.exists()

    def test_no_flow_is_planned_out_of_or_into_a_secret(self, world):
        mark_secret(actor=SYSTEM, database=world.national, reason="Theo danh mục bí mật nhà nước")
        world.national.refresh_from_db()
        with pytest.raises(Exception) as refusal:
            make_flow(world.local, world.national)
        assert refusal.value.code == "authority.flow_of_secret"


class TestRuns:
    @carries("OVL-04", "CON-01")
    def test_the_first_run_loads_and_the_next_bring_changes(self, world, pair):
        flow = ran(world, pair)
        first = flow.runs.get()
        assert (first.first, first.inserted, first.state) == (True, 30, RunState.DONE)
        pair.in_source("UPDATE xa SET ten_xa = 'Phường mới' WHERE ma_xa = '00003'")
        pair.in_source("DELETE FROM xa WHERE ma_xa = '00004'")
        pair.in_copy("UPDATE dm_xa SET ghi_chu = 'riêng' WHERE ma = '00005'")
        second = run_now(flow)
        assert (second.inserted, second.updated, second.deleted) == (0, 1, 1)
        assert pair.held["00003"] == "Phường mới"
        assert pair.in_copy("SELECT ghi_chu FROM dm_xa WHERE ma = '00005'") == [("riêng",)]

    def test_a_job_runs_it_and_reconciles_it_after_the_first_time(self, world, pair):
        flow = working(world, pair)
        assert commands.start_due_runs() == 1
        assert commands.start_due_runs() == 0
        run_waiting_jobs()
        flow.refresh_from_db()
        assert list(Job.objects.order_by("pk").values_list("name", "state")) == [
            ("authority.run_flow", "finished"),
            ("authority.reconcile_flow", "finished"),
        ]
        assert flow.in_step is True
        assert flow.proved_at is not None
        assert flow.next_due_at > timezone.now()

    def test_the_guard_stops_a_run_and_lets_it_on_once_when_confirmed(self, world, pair):
        flow = ran(world, pair)
        pair.in_source("DELETE FROM xa WHERE ma_xa <= '00015'")
        commands.start_run(actor=world.owner, flow=flow)
        run_waiting_jobs()
        flow.refresh_from_db()
        run = flow.runs.first()
        assert (flow.state, run.state, run.would_delete, run.of_rows) == ("stopped", "guarded", 15, 30)
        assert len(pair.held) == 30
        assert Work.objects.filter(act=CONFIRM, done_at__isnull=True).count() == 1
        commands.confirm_deletions(actor=world.owner, flow=flow)
        run_waiting_jobs()
        flow.refresh_from_db()
        assert (flow.state, len(pair.held), flow.delete_confirmed) == ("active", 15, None)
        assert not Work.objects.filter(act=CONFIRM, done_at__isnull=True).exists()
        with pytest.raises(NothingToConfirm):
            commands.confirm_deletions(actor=world.owner, flow=flow)

    def test_a_row_that_cannot_be_kept_is_set_aside_with_its_reason(self, world, pair):
        pair.in_source("INSERT INTO xa VALUES ('99999', '', NULL, NULL)")
        pair.in_copy("DROP TABLE dm_xa")
        pair.in_copy(
            "CREATE TABLE dm_xa (ma TEXT PRIMARY KEY, ten TEXT NOT NULL CHECK (ten <> ''), tinh TEXT)"
        )
        flow = ran(world, pair)
        run = flow.runs.get()
        assert (run.inserted, run.set_aside, run.proved) == (30, 1, False)
        kept = run.rows_set_aside.get()
        assert "99999" not in kept.key
        assert (kept.code, kept.why_vi) == ("check_broken", "vi phạm điều kiện kiểm tra của bảng nhận")

    def test_what_a_repeat_cannot_mend_stops_the_flow_until_a_person_lets_it_on(self, world, pair):
        flow = ran(world, pair)
        pair.in_source("ALTER TABLE xa RENAME COLUMN ten_xa TO ten_goi")
        commands.start_run(actor=world.owner, flow=flow)
        run_waiting_jobs()
        flow.refresh_from_db()
        run = flow.runs.first()
        assert (flow.state, run.state) == ("stopped", "failed")
        assert "ten_xa" in run.error["vi"]
        with pytest.raises(StepNotAllowed):
            commands.start_run(actor=world.owner, flow=flow)
        pair.in_source("ALTER TABLE xa RENAME COLUMN ten_goi TO ten_xa")
        commands.resume_flow(actor=world.owner, flow=flow)
        assert commands.start_due_runs() == 1
        run_waiting_jobs()
        assert flow.runs.first().state == RunState.DONE

    def test_a_paused_flow_does_not_run_and_its_term_goes_on(self, world, pair):
        flow = ran(world, pair)
        commands.pause_flow(actor=world.owner, flow=flow, reason="Bảo trì máy chủ")
        SyncFlow.objects.update(next_due_at=timezone.now())
        assert commands.start_due_runs() == 0
        assert not Job.objects.exists()
        assert delay_clock(flow) is not None
        assert Work.objects.get(act=BRING_IN_STEP, done_at__isnull=True).unit == world.home

    @carries("OVL-04", "CON-01")
    def test_a_copy_follows_the_versions_of_a_dataset_as_soon_as_they_are_published(self, world, pair):
        bound(world, pair)
        dataset = make_dataset(world.national)
        capture_now(dataset)
        flow = make_flow(
            world.local, world.national, source_kind="dataset", dataset=dataset, frequency="on_change"
        )
        commands.map_columns(actor=SYSTEM, flow=flow, target_table="dm_xa", key=["ma"], columns=MAPPING)
        commands.activate_flow(actor=SYSTEM, flow=flow)
        run_now(flow)
        assert reconcile_now(flow).is_equal
        pair.in_source("UPDATE xa SET ten_xa = 'Phường mới' WHERE ma_xa = '00003'")
        capture_now(dataset)
        assert commands.follow_change(actor=SYSTEM, dataset=dataset) == 1
        run_waiting_jobs()
        run = flow.runs.first()
        assert (run.rung, run.updated, run.read, run.proved) == ("feed", 1, 1, True)
        assert pair.held["00003"] == "Phường mới"


class TestReconciliation:
    @carries("D278-12")
    def test_an_equal_copy_is_certified_with_its_figures(self, world, pair):
        flow = ran(world, pair)
        found = reconcile_now(flow)
        assert found.is_equal
        assert (found.completeness, found.accuracy, found.source_rows) == (100.0, 100.0, 30)
        assert found.certificate["equal"] is True
        assert found.digest.startswith("sha256:")
        flow.refresh_from_db()
        assert (flow.in_step, flow.proved_at is not None) == (True, True)

    @carries("D278-12", "QUA-01")
    def test_what_differs_is_listed_sealed_and_becomes_a_correction_until_it_is_mended(self, world, pair):
        flow, found = differing(world, pair)
        assert (found.missing, found.changed, found.extra, found.is_equal) == (1, 1, 0, False)
        assert found.completeness < 100
        assert found.accuracy < 100
        assert all("sửa tay".encode() not in bytes(one.sealed) for one in found.discrepancies.all())
        correction = CorrectionCase.objects.get()
        assert (correction.database, correction.through, correction.counted) == (world.local, flow.number, 2)
        flow.refresh_from_db()
        assert flow.in_step is False
        commands.confirm_discrepancy(actor=world.owner, case=correction, finding="Sửa tay trên bản sao.")
        run = run_now(flow, mending=True)
        assert (run.inserted, run.updated) == (1, 1)
        again = reconcile_now(flow)
        assert again.is_equal
        correction.refresh_from_db()
        assert correction.state == "corrected"
        assert again.number in correction.proof
        assert not found.discrepancies.filter(settled_at__isnull=True).exists()

    def test_nothing_is_reconciled_before_the_first_run(self, world, pair):
        flow = working(world, pair)
        with pytest.raises(NeverRun):
            commands.start_reconciliation(actor=world.owner, flow=flow)

    def test_both_sides_may_ask_for_it_and_nobody_else(self, world, pair):
        flow = ran(world, pair)
        assert commands.start_reconciliation(actor=world.ministry_owner, flow=flow).pk
        with pytest.raises(NotAllowed):
            commands.start_reconciliation(actor=world.stranger, flow=flow)

    def test_it_is_made_again_in_the_rhythm(self, world, pair):
        flow = ran(world, pair)
        reconcile_now(flow)
        flow.refresh_from_db()
        assert timedelta(days=27) < flow.next_check_at - timezone.now() < timedelta(days=32)
        assert commands.start_due_reconciliations(now=timezone.now() + timedelta(days=40)) == 1
        assert Job.objects.get().name == "authority.reconcile_flow"


class TestProof:
    @carries("OVL-02", "OVL-04")
    def test_a_case_is_carried_out_by_a_run_and_a_certificate_and_not_by_a_word(self, world, pair, case):
        decide(world, case, "must_synchronise")
        with pytest.raises(EqualityNotProved):
            commands.start_synchronisation(actor=world.owner, case=case, started_on=timezone.localdate())
        flow = ran(world, pair, case=case)
        assert case.state == CaseState.SYNC_PLANNED
        pair.in_copy("DELETE FROM dm_xa WHERE ma = '00008'")
        reconcile_now(flow)
        case.refresh_from_db()
        assert case.state == CaseState.SYNC_PLANNED
        run_now(flow, mending=True)
        proof = reconcile_now(flow)
        case.refresh_from_db()
        assert case.state == CaseState.CLOSED
        assert proof.number in case.closing_note
        assert CopyStanding.objects.get(number=case.number).started_on == timezone.localdate()
        assert not open_holds(world.local, "go_live")

    def test_where_no_copy_is_kept_the_record_is_enough(self, world, case):
        decide(world, case, "must_synchronise", mechanism=mechanism(world, **ONLINE))
        commands.start_synchronisation(actor=world.owner, case=case, started_on=timezone.localdate())
        assert case.state == CaseState.SYNC_LIVE


class TestLateness:
    @carries("D278-12")
    def test_a_copy_that_stays_behind_becomes_work_falls_late_and_goes_to_the_head(self, world, pair):
        flow = ran(world, pair)
        pair.source.rename(pair.source.with_suffix(".xa"))
        now = timezone.now()
        SyncFlow.objects.update(next_due_at=now)
        commands.start_due_runs(now=now)
        run_waiting_jobs()
        flow.refresh_from_db()
        assert flow.runs.first().state == RunState.FAILED
        clock = delay_clock(flow)
        assert Work.objects.get(act=BRING_IN_STEP, done_at__isnull=True).clock == clock
        assert commands.report_late_flows(now=clock.due_at + timedelta(minutes=1)) == 1
        assert commands.report_late_flows(now=clock.due_at + timedelta(minutes=1)) == 0
        assert commands.escalate_late_flows(now=clock.due_at + timedelta(days=20)) == 1
        assert Work.objects.get(act=DIRECT_FLOW, done_at__isnull=True).unit == world.province
        pair.source.with_suffix(".xa").rename(pair.source)
        flow.refresh_from_db()
        if flow.state == FlowState.STOPPED:
            commands.resume_flow(actor=world.owner, flow=flow)
        run_now(flow)
        flow.refresh_from_db()
        assert (flow.late_since, flow.escalated_at, delay_clock(flow)) == (None, None, None)
        assert not Work.objects.filter(act__in=[BRING_IN_STEP, DIRECT_FLOW], done_at__isnull=True).exists()

    @carries("D278-12")
    def test_runs_in_time_and_runs_missed_make_the_figure_of_timeliness(self, world, pair):
        flow = ran(world, pair)
        reconcile_now(flow)
        early = timezone.now() + timedelta(days=1)
        run_now(flow, due=early)
        FlowRun.objects.create(
            flow=flow, cause="schedule", due_at=early + timedelta(days=1), state=RunState.FAILED
        )
        found = reconcile_now(flow)
        assert (found.runs_due, found.runs_in_time, found.timeliness) == (2, 1, 50.0)


@carries("SEC-01")
def test_flows_of_a_database_that_becomes_a_secret_are_paused_and_seen_by_nobody_else(world, pair):
    flow = ran(world, pair)
    mark_secret(actor=SYSTEM, database=world.local, reason="Theo danh mục bí mật nhà nước")
    world.local.refresh_from_db()
    assert commands.set_aside_flows(actor=SYSTEM, database=world.local) == 1
    flow.refresh_from_db()
    assert flow.state == FlowState.PAUSED
    assert commands.start_due_runs(now=timezone.now() + timedelta(days=3)) == 0
    assert Reconciliation.objects.count() == 0
