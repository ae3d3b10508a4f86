"""Whole flows between live servers: set up by reference, run, found to differ, corrected and certified."""

from __future__ import annotations

import pytest

from lienthong.authority import commands
from lienthong.authority.models import CorrectionCase, CorrectionState, FlowState
from lienthong.engine.sync.certifying import Certificate
from lienthong.engine.sync.tests.databases import asked
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import make_source
from tests.servers import PASSWORD, PASSWORD_IN_URL

from .flow_world import MAPPING

ROWS = 30


@carries("OVL-02", "OVL-04", "CON-01", "D278-12")
@pytest.mark.parametrize("server", ["postgres", "mariadb"])
def test_a_copy_on_a_server_follows_is_found_to_differ_is_corrected_and_certified(
    server, world, request, settings, tmp_path, monkeypatch
):
    # given a source and a copy on servers, and the password of the copy in the server's environment alone
    make = request.getfixturevalue(f"{server}_databases")
    source, copy = make(), make()
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setenv("LIENTHONG_TARGET_DM", PASSWORD)
    values = ", ".join(f"('{n:05d}', 'Phường {n}', '{n % 3 + 1:02d}')" for n in range(1, ROWS + 1))
    asked(source, "CREATE TABLE xa (ma_xa varchar(9) PRIMARY KEY, ten_xa varchar(60) NOT NULL, ma_tinh varchar(2))",
          f"INSERT INTO xa VALUES {values}")  # fmt: skip
    asked(
        copy,
        "CREATE TABLE dm_xa (ma varchar(9) PRIMARY KEY, ten varchar(60) NOT NULL, tinh varchar(2), ghi_chu text)",
    )
    make_source(world.national, source)
    owner, ministry = world.owner, world.ministry_owner
    address = copy.replace(f":{PASSWORD_IN_URL}", "")
    commands.bind_target(
        actor=owner, database=world.local, address=address, secret_ref="env:LIENTHONG_TARGET_DM"
    )
    flow = commands.plan_flow(
        actor=owner, database=world.local, source_kind="live", source_database=world.national, source_table="xa",
        frequency="daily", responsible_unit=world.home,
    )  # fmt: skip
    commands.map_columns(actor=owner, flow=flow, target_table="dm_xa", key=["ma"], columns=MAPPING)
    commands.agree_to_flow(actor=ministry, flow=flow)
    commands.activate_flow(actor=owner, flow=flow)
    # when it runs, it is proved
    commands.start_due_runs()
    run_waiting_jobs()
    flow.refresh_from_db()
    assert (flow.state, flow.in_step, flow.runs.get().inserted) == (FlowState.ACTIVE, True, ROWS)
    # when somebody changes the copy by hand
    asked(copy, "UPDATE dm_xa SET ten = 'sửa tay', ghi_chu = 'riêng' WHERE ma = '00007'",
          "DELETE FROM dm_xa WHERE ma = '00008'", "INSERT INTO dm_xa VALUES ('9', 'thừa', NULL, NULL)")  # fmt: skip
    commands.start_reconciliation(actor=ministry, flow=flow)
    run_waiting_jobs()
    found = flow.reconciliations.first()
    assert (found.missing, found.extra, found.changed, found.is_equal) == (1, 1, 1, False)
    correction = CorrectionCase.objects.get(database=world.local)
    commands.confirm_discrepancy(actor=owner, case=correction, finding="Bản sao bị sửa tay")
    # and the copy is mended from its source, both told apart by digests on the servers
    commands.start_run(actor=owner, flow=flow, mending=True)
    run_waiting_jobs()
    run = flow.runs.first()
    assert (run.rung, run.inserted, run.updated, run.deleted) == ("digests", 1, 1, 1)
    assert "mã băm" in run.why["vi"]
    # then they are equal again, which is the proof of the correction, and columns of the copy's own are as they were
    proof = flow.reconciliations.first()
    correction.refresh_from_db()
    assert Certificate.from_json(proof.certificate).equal
    assert (correction.state, correction.proof) == (
        CorrectionState.CORRECTED,
        f"{flow.number}, {proof.number}",
    )
    assert asked(copy, "SELECT ten, ghi_chu FROM dm_xa WHERE ma = '00007'") == [("Phường 7", "riêng")]
