"""The pages of flows: the list at a glance, setting one up, a run, a reconciliation; who sees which values; programs."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from lienthong.authority import addresses, commands
from lienthong.authority.demo import reconcile_now
from lienthong.authority.models import TargetBinding
from lienthong.authority.tests.test_pages import signed_in, text_of
from lienthong.catalogue.models import DataField
from lienthong.engine.sync.certifying import Certificate
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.search.queries import number_found
from lienthong.foundation.tracing import carries

from .flow_world import Pair, bound, differing, ran


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    """A data directory of the test's own, in which files may be written to."""
    settings.DATA_DIR = tmp_path / "data"
    settings.TARGET_FOLDERS = [str(tmp_path)]


@pytest.fixture
def pair(tmp_path) -> Pair:
    return Pair(tmp_path)


def test_stored_addresses_are_those_of_the_pages():
    assert addresses.flow_address("LDB-2026-0001") == reverse("authority-flow", args=["LDB-2026-0001"])
    number = "DS-2026-0001"
    assert addresses.reconciliation_address(number) == reverse("authority-reconciliation", args=[number])


class TestSettingUp:
    @carries("OVL-04", "CON-01")
    def test_a_flow_is_set_up_page_by_page(self, world, pair):
        bound(world, pair)
        commands.release_target(actor=SYSTEM, database=world.local)
        owner, ministry = signed_in(world.owner), signed_in(world.ministry_owner)
        target = reverse("authority-target", args=[world.local.code])
        page = text_of(owner.post(target, {"address": f"sqlite:///{pair.copy}"}, follow=True))
        assert "Đã khai báo và thử kết nối ghi" in page
        plan = f"{reverse('authority-flow-plan')}?csdl={world.local.code}"
        assert "Bộ dữ liệu đã công bố" in text_of(owner.get(plan))
        refused = owner.post(
            plan,
            {"source_kind": "live", "carried_out": "here", "frequency": "daily", "run_at": "01:00", "responsible_unit": world.home.pk},
        )  # fmt: skip
        assert refused.status_code == 422
        assert "chưa chọn CSDL và bảng nguồn" in text_of(refused)
        flow = commands.plan_flow(
            actor=world.owner, database=world.local, source_kind="live", source_database=world.national,
            source_table="xa", frequency="daily", responsible_unit=world.home,
        )  # fmt: skip
        page = reverse("authority-flow", args=[flow.number])
        assert "Khóa và ánh xạ cột" in text_of(owner.get(page))
        mapping = reverse("authority-flow-mapping", args=[flow.number])
        assert "dm_xa" in text_of(owner.get(mapping))
        said = {
            "source_0": "ma_xa",
            "key_0": "on",
            "source_1": "ten_xa",
            "conversion_1": "trim",
            "source_2": "ma_tinh",
        }
        assert "Đã lưu ánh xạ cột" in text_of(owner.post(f"{mapping}?bang=dm_xa", said, follow=True))
        assert "chưa đồng ý" in text_of(owner.post(page, {"viec": "dua-vao-chay"}, follow=True))
        assert "Đồng ý cho đọc nguồn" in text_of(ministry.get(page))
        ministry.post(page, {"viec": "dong-y"})
        assert "Đã đưa luồng vào chạy" in text_of(owner.post(page, {"viec": "dua-vao-chay"}, follow=True))
        assert "LDB-" in text_of(owner.get(reverse("authority-flows")))

    @carries("SEC-01")
    def test_a_bad_connection_is_one_clear_refusal_and_no_password_is_repeated(self, world, pair):
        owner = signed_in(world.owner)
        target = reverse("authority-target", args=[world.local.code])
        for address, said in (
            ("postgresql://ghi:Bimat-9@127.0.0.1:1/dm", "không được nhập vào đây"),
            ("sqlite:////etc/passwd", ""),
            ("mssql://ghi@127.0.0.1/dm", "Chỉ ghi được vào PostgreSQL"),
            ("không phải địa chỉ", ""),
        ):
            answer = owner.post(target, {"address": address})
            assert answer.status_code == 422, address
            assert said in text_of(answer)
            assert "Lỗi:" in text_of(answer)
        assert not TargetBinding.objects.exists()

    def test_only_the_owner_and_the_it_unit_see_the_connection(self, world):
        target = reverse("authority-target", args=[world.local.code])
        assert signed_in(world.it_unit).get(target).status_code == 200
        assert signed_in(world.head).get(target).status_code == 403
        assert signed_in(world.stranger).get(target).status_code == 404


class TestRunsAndReconciliations:
    @carries("D278-12")
    def test_what_differs_is_shown_with_both_values_to_those_who_may_see_them(self, world, pair):
        flow, found = differing(world, pair)
        page = reverse("authority-reconciliation", args=[found.number])
        owner = signed_in(world.owner)
        said = text_of(owner.get(page))
        for words in ("Phường 7", "Phường sửa tay", "00008", "hồ sơ đính chính"):
            assert words in said, words
        assert "Sai lệch với nguồn" in text_of(owner.get(reverse("authority-flows")))
        assert "00008" not in text_of(owner.get(f"{page}?loai=changed"))
        assert signed_in(world.stranger).get(page).status_code == 404
        certificate = reverse("authority-certificate", args=[found.number])
        assert signed_in(world.coordinator).get(certificate).status_code == 403
        assert (
            signed_in(world.coordinator).get(f"/api/v1/reconciliations/{found.number}").json()["certificate"]
            is None
        )
        coordinator = text_of(signed_in(world.coordinator).get(page))
        assert "sửa tay" not in coordinator
        assert "2 dòng sai lệch" in coordinator
        flow_page = text_of(owner.get(reverse("authority-flow", args=[flow.number])))
        assert "Sửa bản sao theo nguồn" in flow_page
        # Its history says once what was found
        assert f"Đối soát {found.number}: 2 dòng sai lệch" in flow_page
        assert f"Đối soát {found.number} có" not in flow_page

    @carries("SEC-01", "D278-12")
    def test_values_of_personal_columns_are_masked_for_all_but_the_owners(self, world, pair):
        DataField.objects.filter(table__database=world.national, name="ten_xa").update(personal_data="basic")
        _flow, found = differing(world, pair)
        page = reverse("authority-reconciliation", args=[found.number])
        assert "Phường sửa tay" in text_of(signed_in(world.owner).get(page))
        seen = text_of(signed_in(world.it_unit).get(page))
        assert "Phường sửa tay" not in seen
        assert "00007" in seen

    @carries("D278-12")
    def test_the_certificate_goes_out_as_json_paper_and_workbook(self, world, pair):
        flow = ran(world, pair)
        found = reconcile_now(flow)
        owner = signed_in(world.owner)
        answer = owner.get(reverse("authority-certificate", args=[found.number]))
        assert Certificate.from_json(json.loads(text_of(answer))).equal
        for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
            paper = owner.get(reverse("authority-reconciliation-paper", args=[found.number, form]))
            assert paper.content.startswith(start)
        english = owner.get(f"/en{reverse('authority-reconciliation', args=[found.number])}")
        assert "Both sides are equal: 30 rows" in text_of(english)

    def test_a_run_says_what_it_did_and_how(self, world, pair):
        flow = ran(world, pair)
        run = flow.runs.get()
        said = text_of(signed_in(world.owner).get(reverse("authority-run", args=[flow.number, run.pk])))
        assert "Nạp lần đầu" in said
        assert "Bên nhận chưa ghi mốc nào của việc này." in said
        assert ">30<" in said
        assert str(run.pk) in text_of(
            signed_in(world.owner).get(reverse("authority-runs", args=[flow.number]))
        )

    def test_a_flow_is_paused_let_on_and_ended_with_reasons(self, world, pair):
        flow = ran(world, pair)
        owner = signed_in(world.owner)
        pause = reverse("authority-flow-pause", args=[flow.number])
        assert owner.post(pause, {"reason": ""}).status_code == 422
        assert "Đã tạm dừng" in text_of(owner.post(pause, {"reason": "Bảo trì"}, follow=True))
        page = reverse("authority-flow", args=[flow.number])
        assert "chạy tiếp" in text_of(owner.post(page, {"viec": "chay-tiep"}, follow=True))
        end = reverse("authority-flow-end", args=[flow.number])
        assert "Đã kết thúc luồng" in text_of(owner.post(end, {"reason": "Thôi dùng"}, follow=True))
        assert owner.post(page, {"viec": "la-viec-gi"}).status_code == 404

    def test_the_list_goes_out_as_a_workbook_and_the_schedule_is_changed(self, world, pair):
        flow = ran(world, pair)
        owner = signed_in(world.owner)
        assert owner.get(reverse("authority-flows-file")).content.startswith(b"PK")
        schedule = reverse("authority-flow-schedule", args=[flow.number])
        entered = {
            "frequency": "weekly", "run_at": "02:30", "responsible_unit": world.home.pk, "rung": "auto", "watermark": "",
            "deletes": "auto", "tombstone": "", "guard_percent": "5", "bad_rows": "stop",
        }  # fmt: skip
        assert "Đã lưu lịch chạy" in text_of(owner.post(schedule, entered, follow=True))
        flow.refresh_from_db()
        assert (flow.frequency, flow.guard_percent, flow.bad_rows) == ("weekly", 5, "stop")


@carries("SEC-01")
def test_programs_and_the_search_tell_of_flows_to_both_sides_alone(world, pair):
    flow = ran(world, pair)
    found = reconcile_now(flow)
    owner = signed_in(world.owner)
    listed = owner.get("/api/v1/flows").json()
    assert [(one["number"], one["standing"], one["in_step"]) for one in listed["items"]] == [
        (flow.number, "in_step", True)
    ]
    assert owner.get(f"/api/v1/flows/{flow.number}/runs").json()["items"][0]["inserted"] == 30
    assert owner.get(f"/api/v1/reconciliations/{found.number}").json()["is_equal"] is True
    stranger = signed_in(world.stranger)
    assert stranger.get("/api/v1/flows").json()["items"] == []
    assert stranger.get(f"/api/v1/flows/{flow.number}").status_code == 404
    assert number_found(flow.number, actor=world.owner, kinds=("flow",)) == 1
    assert number_found(flow.number, actor=world.stranger, kinds=("flow",)) == 0


@carries("SEC-02")
def test_a_password_typed_into_an_address_is_refused_and_not_shown_again(world, pair):
    owner = signed_in(world.owner)
    place = reverse("authority-target", args=[world.local.code])
    typed = {"address": "postgresql://ghi:Bi.Mat:1@10.0.0.5/danhmuc", "secret_ref": ""}
    answer = owner.post(place, typed)
    assert answer.status_code == 422
    assert "Bi.Mat" not in answer.content.decode()
    assert "postgresql://ghi@10.0.0.5/danhmuc" in answer.content.decode()
