"""Rows with a wrong identifier: held back from every copy until they are corrected, and told apart from discrepancies."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lienthong.authority import commands
from lienthong.authority.correction_rules import RowSaid
from lienthong.authority.demo import make_flow, reconcile_now, run_now
from lienthong.authority.models import CorrectionCase
from lienthong.authority.tests.test_pages import signed_in, text_of
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.models import DataField
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import capture_now

from .flow_world import MAPPING, Pair, bound, ran


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    """A data directory of the test's own."""
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def pair(tmp_path) -> Pair:
    return Pair(tmp_path)


def blocked(world, *codes, database=None):
    """A confirmed correction of a wrong identifier in rows of the source."""
    database = database or world.national
    DataField.objects.filter(table__database=database, name="ma_xa").update(is_key=True)
    rows = [RowSaid("changed", {"ma_xa": code}, ("ma_xa",)) for code in codes]
    case = commands.report_correction(
        actor=SYSTEM,
        database=database,
        reporter=world.home,
        text="Mã xã sai theo nghị quyết",
        table="xa",
        rows=rows,
    )
    return commands.confirm_discrepancy(actor=SYSTEM, case=case, finding="Đúng là sai mã")


def corrected(case):
    return commands.report_corrected(actor=SYSTEM, case=case, measure="Đã sửa mã", proof="Quyết định 12/QĐ")


@carries("GOVF-12", "OVL-04")
def test_blocked_rows_do_not_travel_are_no_discrepancy_and_come_with_the_run_after(world, pair):
    # given a copy in step, and rows of its source whose identifier was found wrong
    flow = ran(world, pair)
    reconcile_now(flow)
    case = blocked(world, "00003", "00004")
    pair.in_source("UPDATE xa SET ten_xa = 'Phường mới' WHERE ma_xa IN ('00003', '00005')")
    pair.in_source("DELETE FROM xa WHERE ma_xa = '00004'")
    # when it runs
    run = run_now(flow)
    # then they stay as they are, and the run says so and why
    assert (run.updated, run.deleted, run.held, run.held_by, run.set_aside) == (1, 0, 2, [case.number], 0)
    assert (pair.held["00003"], pair.held["00005"]) == ("Phường 3", "Phường mới")
    assert "00004" in pair.held
    # and a reconciliation opens no correction of the copy, now or later
    for _ in range(2):
        found = reconcile_now(flow)
        assert (found.held, found.held_by, found.differing, found.is_equal) == (2, [case.number], 0, False)
    assert CorrectionCase.objects.get() == case
    flow.refresh_from_db()
    assert (flow.in_step, flow.held_back) == (True, 2)
    # nor does mending touch them
    assert run_now(flow, mending=True).held == 2
    # when the correction is done
    corrected(case)
    last = run_now(flow)
    # then they come, and both are equal
    assert (last.updated, last.deleted, last.held, last.held_by) == (1, 1, 0, [])
    assert reconcile_now(flow).is_equal
    flow.refresh_from_db()
    assert flow.held_back == 0


@carries("GOVF-12")
def test_wrong_rows_of_the_copy_itself_are_mended_and_not_held_back(world, pair):
    flow = ran(world, pair)
    DataField.objects.filter(table__database=world.local).update(is_key=True)
    case = commands.report_correction(
        actor=SYSTEM, database=world.local, reporter=world.home, text="Bản sao sai mã", table="dm_xa",
        rows=[RowSaid("changed", {"ma": "00003"}, ("ma_xa",))],
    )  # fmt: skip
    commands.confirm_discrepancy(actor=SYSTEM, case=case, finding="Sai ở bản sao")
    pair.in_copy("UPDATE dm_xa SET ten = 'sai' WHERE ma = '00003'")
    assert run_now(flow, mending=True).held == 0
    assert pair.held["00003"] == "Phường 3"


@carries("GOVF-12", "OVL-04")
def test_what_a_published_dataset_tells_of_a_blocked_row_is_not_lost(world, pair):
    # given a copy that follows versions, each told once
    bound(world, pair)
    dataset = make_dataset(world.national)
    capture_now(dataset)
    flow = make_flow(
        world.local, world.national, source_kind="dataset", dataset=dataset, frequency="on_change"
    )
    commands.map_columns(actor=SYSTEM, flow=flow, target_table="dm_xa", key=["ma"], columns=MAPPING)
    commands.activate_flow(actor=SYSTEM, flow=flow)
    run_now(flow)
    case = blocked(world, "00003")
    pair.in_source("UPDATE xa SET ten_xa = 'Phường mới' WHERE ma_xa = '00003'")
    capture_now(dataset)
    assert run_now(flow).held == 1
    # when the row is let go, though no later version tells of it
    corrected(case)
    run = run_now(flow)
    assert (run.rung, run.updated, pair.held["00003"]) == ("feed", 1, "Phường mới")


@carries("GOVF-12")
def test_the_pages_say_what_is_held_back_and_lead_to_the_correction(world, pair):
    flow = ran(world, pair)
    case = blocked(world, "00003")
    pair.in_source("UPDATE xa SET ten_xa = 'Phường mới' WHERE ma_xa = '00003'")
    run = run_now(flow)
    found = reconcile_now(flow)
    owner, ministry = signed_in(world.owner), signed_in(world.ministry_owner)
    page = text_of(owner.get(reverse("authority-flow", args=[flow.number])))
    assert "1 dòng của nguồn đang được giữ lại" in page
    assert "Khớp nguồn, trừ dòng đang giữ lại" in page
    assert f"giữ lại 1 dòng theo {case.number}" in page
    # the reporter's side and the owner of the source may open it
    link = f'href="{reverse("authority-correction", args=[case.number])}"'
    for client in (owner, ministry):
        told = text_of(client.get(reverse("authority-run", args=[flow.number, run.pk])))
        assert link in told
    told = text_of(owner.get(reverse("authority-reconciliation", args=[found.number])))
    assert "1 dòng đang giữ lại, không tính là sai lệch" in told
    assert owner.get("/api/v1/flows").json()["items"][0]["standing"] == "held"
    assert owner.get(f"/api/v1/reconciliations/{found.number}").json()["held_by"] == [case.number]
    for form in ("pdf", "xlsx"):
        assert (
            owner.get(reverse("authority-reconciliation-paper", args=[found.number, form])).status_code == 200
        )
