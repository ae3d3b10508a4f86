"""A data audit from its plan to its close: who may, what is measured, what follows from it, what it says on paper."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import mark_secret
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import InputRefused, NotAllowed, NotFound, StepNotAllowed
from lienthong.foundation.papers import word
from lienthong.foundation.papers.sheets import rows_of, to_xlsx
from lienthong.foundation.tracing import carries
from lienthong.inventory import audit_errors as errors
from lienthong.inventory import auditing, commands
from lienthong.inventory.audit_access import audit_for, audits_visible_to
from lienthong.inventory.audit_papers import audit_paper, audit_sheets
from lienthong.inventory.demo import assess_now, make_source
from lienthong.inventory.models import DataAudit, QualityIssue, UpgradeItem

from .conftest import write_sqlite

AIM = "Đánh giá độc lập dữ liệu của tỉnh."


@pytest.fixture
def people(world):
    return {
        "it": world.actor(world.province, Role.IT_UNIT),
        "head": world.actor(world.province, Role.HEAD),
        "auditor": world.actor(world.health, Role.IT_UNIT),
        "owner": world.owner,
    }


@pytest.fixture
def planned(world, people):
    return plan(people["it"], world, world.health)


@pytest.fixture
def measured(planned, people, world, tmp_path):
    make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
    assess_now(world.database, shareable=True)
    commands.scope_audit(actor=people["auditor"], audit=planned, databases=[world.database])
    commands.measure_audit(actor=people["auditor"], audit=planned)
    return planned


def plan(actor, world, auditor, **given):
    today = timezone.localdate()
    wanted = {"kind": "self", "year": today.year, "quarter": auditing.quarter_of(today)} | given
    return commands.plan_audit(
        actor=actor, agency=world.province, auditor=auditor, lead="Trần Thị B", aim=AIM, **wanted
    )


def judge_all(audit, actor):
    for one in audit.measures.filter(by_hand=True):
        commands.enter_measure(
            actor=actor, audit=audit, key=one.key, level=3, evidence="Quyết định số 12/QĐ, đã xem."
        )


def reported(audit, actor):
    judge_all(audit, actor)
    return commands.report_audit(actor=actor, audit=audit, conclusion="Dữ liệu đạt yêu cầu cơ bản.")


def due(act):
    return Work.objects.filter(act=act, done_at__isnull=True)


@pytest.mark.parametrize(
    ("count", "whole", "level"), [(0, 4, 0), (1, 5, 1), (4, 5, 4), (99, 100, 4), (7, 7, 5), (0, 0, None)]
)
@carries("GOVF-14")
def test_a_share_becomes_a_level_in_equal_steps_the_highest_for_the_whole_only(count, whole, level):
    assert auditing.level_of(count, whole, 5) == level


def test_periods_begin_and_end_with_their_quarter_or_year():
    assert (auditing.period_start(2026, 4), auditing.period_end(2026, 4)) == (
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    assert (auditing.period_start(2026, 0), auditing.period_end(2026, 0)) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    found = auditing.missing_periods(date(2026, 5, 2), [(2026, 1)], by_quarter=True, by_year=True)
    assert found == [(2026, 2), (2026, 0)]


class TestPlan:
    @carries("GOVF-14")
    def test_gives_the_auditing_unit_its_work(self, world, people, planned):
        assert planned.number.startswith("KTDL-")
        waiting = due("scope").get()
        assert waiting.unit == world.health
        assert timezone.localdate(waiting.due_at) == planned.last_day
        with pytest.raises(errors.AuditExists):
            plan(people["it"], world, world.health)

    @carries("D278-02")
    def test_is_refused_to_whoever_does_not_run_the_agency_and_for_times_without_a_rule(self, world, people):
        with pytest.raises(NotAllowed):
            plan(people["owner"], world, world.health)
        with pytest.raises(errors.AuditNotAsked):
            plan(people["it"], world, world.health, year=2025, quarter=3)
        with pytest.raises(errors.AuditPeriodRefused):
            plan(people["it"], world, world.health, year=timezone.localdate().year + 1)

    @carries("D278-02")
    def test_of_a_cross_audit_names_an_outsider(self, world, people):
        with pytest.raises(errors.AuditorNotIndependent):
            plan(people["it"], world, world.health, kind="cross")
        assert plan(people["it"], world, world.ministry, kind="cross").auditor == world.ministry
        with pytest.raises(InputRefused):
            plan(people["it"], world, world.ministry, quarter=0)


class TestScope:
    @carries("D278-02")
    def test_is_refused_to_a_unit_that_manages_the_data_and_nothing_is_half_done(self, world, people):
        audit = plan(people["it"], world, world.justice)
        with pytest.raises(errors.AuditorNotIndependent):
            commands.scope_audit(
                actor=world.actor(world.justice, Role.IT_UNIT), audit=audit, databases=[world.database]
            )
        audit.refresh_from_db()
        assert audit.state == "planned"
        assert not audit.databases.exists()

    @carries("D278-02")
    def test_is_refused_to_a_person_who_owns_the_data(self, world, people):
        audit = plan(people["it"], world, world.province)
        both = world.actor(world.province, Role.IT_UNIT, Role.DATABASE_OWNER)
        with pytest.raises(errors.AuditorNotIndependent):
            commands.scope_audit(actor=both, audit=audit, databases=[world.database])
        with pytest.raises(errors.AuditScopeMissing):
            commands.scope_audit(actor=people["it"], audit=audit, databases=[])

    @carries("SEC-01")
    def test_holds_no_secret_and_forgets_what_becomes_one(self, world, people, measured):
        commands.note_finding(
            actor=people["auditor"], audit=measured, text="Thiếu mô tả", action="Mô tả", light="red",
            database=world.database, follow_up="upgrade",
        )  # fmt: skip
        reported(measured, people["auditor"])
        mark_secret(actor=world.keeper, database=world.database, reason="Quyết định")
        world.database.refresh_from_db()
        commands.keep_secret_out_of_papers(database=world.database)
        measured.refresh_from_db()
        assert not measured.databases.exists()
        assert world.database.name not in str(measured.facts)
        assert not measured.found.exists()


class TestMeasuring:
    @carries("GOVF-14", "D278-12", "D278-13")
    def test_says_of_each_indicator_what_was_looked_at(self, world, measured):
        by_key = {one.key: one for one in measured.measures.all()}
        assert {one.set for one in by_key.values()} == {
            "audit_governance",
            "audit_quality",
            "audit_technology",
        }
        looked = by_key["looked_at"]
        assert (looked.count, looked.whole, looked.level) == (1, 1, 5)
        assert "1/1 CSDL được khảo sát trong kỳ" in looked.seen["vi"]
        assert looked.seen["rows"] == [[world.database.pk, 1.0, 1.0]]
        assert by_key["issued_catalogue"].level == 0
        assert by_key["kept_versions"].level == 0
        assert by_key["yearly_assessment"].level == 5
        assert by_key["quality_score"].share == pytest.approx(
            world.database.surveys.get().scores["total"], abs=0.01
        )
        assert by_key["connectable_systems"].level is None
        assert all(one.mark in ("secondary", "verified") for one in by_key.values())
        assert measured.scale == 5
        assert measured.levels["audit_quality"] is not None

    @carries("GOVF-11", "LTE-04")
    def test_leaves_to_the_auditor_only_what_no_record_shows(self, people, measured):
        waiting = [one.key for one in measured.measures.all() if one.is_waiting]
        assert waiting == ["governance_bodies", "governance_papers", "rules_kept", "access_logs"]
        actor = people["auditor"]
        with pytest.raises(errors.AuditMeasureByMachine):
            commands.enter_measure(actor=actor, audit=measured, key="looked_at", level=5, evidence="x")
        with pytest.raises(InputRefused):
            commands.enter_measure(actor=actor, audit=measured, key="rules_kept", level=6, evidence="x")
        with pytest.raises(InputRefused):
            commands.enter_measure(actor=actor, audit=measured, key="rules_kept", level=5, evidence=" ")
        with pytest.raises(errors.AuditMeasuresMissing) as refusal:
            commands.report_audit(actor=actor, audit=measured, conclusion="Đạt")
        assert "Nhật ký truy cập" in refusal.value.text("vi")
        commands.enter_measure(
            actor=actor, audit=measured, key="access_logs", level=None, not_applicable="Chưa có hệ thống"
        )
        commands.measure_audit(actor=actor, audit=measured)
        kept = measured.measures.get(key="access_logs")
        assert (kept.level, kept.not_applicable) == (None, "Chưa có hệ thống")


class TestReport:
    @carries("D278-13")
    def test_is_signed_by_the_head_and_may_be_sent_back_before(self, people, measured):
        audit = reported(measured, people["auditor"])
        assert due("sign").get().role == Role.HEAD
        with pytest.raises(NotAllowed):
            commands.sign_audit(actor=people["auditor"], audit=audit, number="7/BC", day=timezone.localdate())
        commands.send_audit_back(actor=people["head"], audit=audit, reason="Bổ sung minh chứng")
        assert audit.state == "measured"
        reported(audit, people["auditor"])
        commands.sign_audit(actor=people["head"], audit=audit, number="7/BC-KTDL", day=timezone.localdate())
        assert audit.state == "signed"
        assert audit.facts["number"] == "7/BC-KTDL"
        with pytest.raises(StepNotAllowed):
            commands.measure_audit(actor=people["auditor"], audit=audit)

    @carries("GOVF-14", "GOVF-12", "INV-08")
    def test_leads_to_upgrade_items_warnings_and_answers_until_all_is_settled(self, world, people, measured):
        note = {"actor": people["auditor"], "audit": measured, "action": "Khắc phục tại nguồn"}
        commands.note_finding(
            **note, text="Thiếu mô tả cột", light="yellow", database=world.database, follow_up="upgrade"
        )
        commands.note_finding(
            **note, text="Mã xã trống", light="red", database=world.database, follow_up="issue"
        )
        commands.note_finding(**note, text="Chưa giao bộ phận tuân thủ", light="red")
        with pytest.raises(InputRefused):
            commands.note_finding(**note, text="x", light="red", follow_up="issue")
        audit = reported(measured, people["auditor"])
        commands.sign_audit(actor=people["head"], audit=audit, number="7/BC", day=timezone.localdate())
        commands.follow_audit_up(actor=people["it"], audit=audit)
        item, issue = UpgradeItem.objects.get(), QualityIssue.objects.get()
        assert (item.origin, issue.warned_by, issue.light) == ("audit", "audit", "red")
        assert audit.number in item.found_vi
        with pytest.raises(errors.AuditAnswersMissing):
            commands.close_audit(actor=people["it"], audit=audit)
        question = audit.found.get(database=None)
        commands.answer_finding(actor=people["it"], audit=audit, finding=question, answer="Đã giao tại QĐ 15")
        commands.decline_upgrade(actor=people["it"], item=item, reason="Cột không còn dùng")
        commands.close_issue(actor=people["owner"], issue=issue, outcome="Không có lỗi")
        commands.close_audit(actor=people["it"], audit=audit)
        assert audit.state == "closed"
        assert not due("close").exists()

    @carries("D278-13")
    def test_stands_on_paper_with_levels_findings_and_basis(self, people, measured, world):
        audit = reported(measured, people["auditor"])
        paper = audit_paper(audit.facts)
        said = "\n".join(one.text for one in docx.Document(io.BytesIO(word.to_docx(paper))).paragraphs)
        assert "Kiểm toán dữ liệu" in said
        assert "Mức chung" in said
        assert any("278/2025" in line for line in paper.basis)
        first = rows_of(to_xlsx(audit_sheets(audit.facts)))
        assert [row[0] for row in first if row[0].startswith("Chất")] == ["Chất lượng và tuân thủ"]


class TestSeeing:
    @carries("GOVF-14")
    def test_is_for_the_agency_its_units_and_the_auditor(self, world, people):
        audit = plan(people["it"], world, world.ministry, kind="cross")
        assert audit_for(people["it"], audit.number) == audit
        assert audit_for(world.actor(world.ministry, Role.FOCAL_OFFICER), audit.number) == audit
        assert audits_visible_to(world.owner).count() == 1
        assert not audits_visible_to(world.actor(world.ministry, Role.ADMINISTRATOR)).exists()
        with pytest.raises(NotFound):
            audit_for(world.actor(world.health, Role.ADMINISTRATOR), audit.number)


def test_its_pages_lead_from_the_plan_to_the_signed_report(client, world, people, tmp_path):
    make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
    assess_now(world.database, shareable=True)

    def post(who, name, *args, **given):
        client.force_login(User.objects.get(pk=people[who].user_id))
        return client.post(reverse(name, args=args), given)

    today = timezone.localdate()
    answer = post(
        "it", "inventory-audit-plan", kind="self", year=today.year, quarter=0, auditor=world.health.pk,
        lead="Trần Thị B", aim=AIM,
    )  # fmt: skip
    audit = DataAudit.objects.get()
    assert answer.url == reverse("inventory-audit", args=[audit.number])
    assert post("auditor", "inventory-audit-scope", audit.number).status_code == 422
    post("auditor", "inventory-audit-scope", audit.number, databases=[world.database.pk])
    post("auditor", "inventory-audit", audit.number, viec="do")
    page = client.get(reverse("inventory-audit", args=[audit.number]), headers={"accept-language": "vi"})
    assert "Quản trị dữ liệu" in page.content.decode()
    for key in ("governance_bodies", "governance_papers", "rules_kept", "access_logs"):
        given = {f"{key}-key": key, f"{key}-level": "4", f"{key}-evidence": "Đã xem"}
        assert post("auditor", "inventory-audit-measure", audit.number, key, **given).status_code == 302
    details = client.get(reverse("inventory-audit-measure", args=[audit.number, "looked_at"]))
    assert world.database.name in details.content.decode()
    finding = {"text": "Thiếu", "action": "Bổ sung", "light": "yellow", "follow_up": "statement"}
    assert post("auditor", "inventory-audit-finding", audit.number, **finding).status_code == 302
    assert post("auditor", "inventory-audit-report", audit.number, conclusion="Đạt").status_code == 302
    assert post("auditor", "inventory-audit-sign", audit.number, number="7/BC", day=today).status_code == 403
    assert post("head", "inventory-audit-sign", audit.number, number="7/BC", day=today).status_code == 302
    assert post("it", "inventory-audit", audit.number, viec="theo-doi").status_code == 302
    refused = post("it", "inventory-audit", audit.number, viec="dong")
    assert refused.status_code == 409
    paper = client.get(reverse("inventory-audit-paper", args=[audit.number, "xlsx"]))
    assert paper.status_code == 200
    listed = client.get("/api/v1/data-audits").json()["items"]
    assert listed[0]["number"] == audit.number
    told = client.get(f"/api/v1/data-audits/{audit.number}").json()
    assert told["findings"][0]["settled"] is False
    assert len(told["measures"]) == audit.measures.count()
    last_day = min(audit.last_day, today).isoformat()
    assert {(one["provision"]["on"], one["provision"]["standing"]) for one in told["measures"]} == {
        (last_day, "holds")
    }
