"""A year's inventory from its programme to its close, by the commands: two units, one returned, one not fit."""

from __future__ import annotations

import io
from datetime import date, timedelta

import docx
import pypdf
import pytest
from django.db import transaction
from django.utils import timezone

from lienthong.agencies.demo import make_agency
from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.demo import make_database
from lienthong.catalogue.events import DatabaseLostCompliance
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM as PRODUCT
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed, StepNotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.jobs.commands import cancel_job
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.notices.models import Notice
from lienthong.foundation.papers import pdf, sheets, word
from lienthong.foundation.tracing import carries
from lienthong.inventory import commands, errors, stocktaking, written_records
from lienthong.inventory.access import campaigns_visible_to, parts_visible_to
from lienthong.inventory.commands import begin_survey
from lienthong.inventory.demo import assess_now, make_source
from lienthong.inventory.models import Campaign, CampaignLook, Survey, UpgradeItem
from lienthong.inventory.written_facts import dated
from tests.worlds import delivered

from .conftest import write_local_sqlite, write_sqlite

today = timezone.localdate
PROGRAMME = {
    "scope": "Toàn bộ cơ sở dữ liệu, hệ thống thông tin của tỉnh.",
    "guidance": "Kết nối nguồn, khảo sát, đánh giá từng cơ sở dữ liệu; gửi biên bản.",
    "place": "An Lộc",
}
SYSTEM = {
    "name": "Hệ thống một cửa",
    "kind": "public_services",
    "purpose": "Giải quyết thủ tục hành chính.",
    "connection": "service",
    "standard": "REST, OpenAPI 3.1",
    "safety_level": 2,
}


@pytest.fixture
def people(world):
    """Who acts: the IT unit and the head of the province, the officers of its departments."""
    return {
        "it": world.actor(world.province, Role.IT_UNIT),
        "head": world.actor(world.province, Role.HEAD),
        "justice": world.owner,
        "health": world.actor(world.health, Role.DATABASE_OWNER),
    }


@pytest.fixture
def planned(world, people):
    return commands.plan_campaign(
        actor=people["it"],
        agency=world.province,
        year=timezone.localdate().year,
        units=[world.justice, world.health],
        **PROGRAMME,
    )


@pytest.fixture
def running(planned, people):
    commands.approve_campaign(
        actor=people["head"], campaign=planned, number="15/QĐ-UBND", day=date(2026, 1, 5)
    )
    commands.open_campaign(actor=people["it"], campaign=planned)
    planned.refresh_from_db()
    return planned


def part_of(campaign, unit):
    return campaign.parts.select_related("unit", "campaign__agency").get(unit=unit)


def send(actor, campaign, unit, conclusion="Dữ liệu đạt yêu cầu."):
    part = part_of(campaign, unit)
    commands.write_part(
        actor=actor, part=part, conclusion=conclusion, record_number="05/BB", record_date=today()
    )
    return commands.submit_part(actor=actor, part=part)


def due(unit, act):
    return Work.objects.filter(unit=unit, act=act, done_at__isnull=True)


class TestProgramme:
    @carries("INV-07")
    def test_is_prepared_by_the_it_unit_and_approved_by_the_head(self, world, people, planned):
        assert planned.number == f"KK-{planned.year}-0001"
        assert due(world.province, "approve").get().role == Role.HEAD
        with pytest.raises(NotAllowed):
            commands.approve_campaign(actor=people["it"], campaign=planned, number="1", day=date(2026, 1, 5))
        with pytest.raises(errors.DecisionMissing):
            commands.approve_campaign(actor=people["head"], campaign=planned, number=" ", day=None)
        commands.approve_campaign(
            actor=people["head"], campaign=planned, number="15/QĐ", day=date(2026, 1, 5)
        )
        assert planned.state == "approved"
        assert not due(world.province, "approve").exists()
        assert due(world.province, "open").get().role == Role.IT_UNIT

    def test_sent_back_it_is_amended_and_approved(self, world, people, planned):
        commands.return_programme(actor=people["head"], campaign=planned, reason="Thiếu Sở Y tế")
        assert due(world.province, "amend").exists()
        commands.amend_programme(actor=people["it"], campaign=planned, units=[world.justice], **PROGRAMME)
        assert [part.unit for part in planned.parts.all()] == [world.justice]
        assert planned.returned_because == ""
        assert due(world.province, "approve").exists()

    @pytest.mark.parametrize("missing", ["scope", "guidance", "place"])
    @carries("INV-07")
    def test_names_contents_guidance_and_units(self, world, people, missing):
        given = PROGRAMME | {missing: " "}
        with pytest.raises(errors.ProgrammeMissing) as refused:
            commands.plan_campaign(
                actor=people["it"],
                agency=world.province,
                year=timezone.localdate().year,
                units=[world.justice],
                **given,
            )
        assert refused.value.field == missing
        assert not Campaign.objects.exists()

    def test_one_a_year_of_this_year_or_the_next(self, world, people, planned):
        with pytest.raises(errors.CampaignExists):
            commands.plan_campaign(
                actor=people["it"],
                agency=world.province,
                year=planned.year,
                units=[world.justice],
                **PROGRAMME,
            )
        with pytest.raises(errors.CampaignYearRefused):
            commands.plan_campaign(
                actor=people["it"],
                agency=world.province,
                year=planned.year - 1,
                units=[world.justice],
                **PROGRAMME,
            )

    MATRIX = {
        "plan": {Role.IT_UNIT},
        "open": {Role.IT_UNIT},
        "approve": {Role.HEAD},
        "fill": {Role.IT_UNIT, Role.HEAD, Role.DATABASE_OWNER},
        "see": {Role.IT_UNIT, Role.HEAD, Role.DATABASE_OWNER, Role.FOCAL_OFFICER},
    }

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.CITIZEN])
    def test_matrix(self, world, planned, role):
        from lienthong.inventory import access

        actor = world.actor(world.province, role)
        part = part_of(planned, world.justice)
        allowed = {
            "plan": access.may_plan(actor, world.province),
            "open": access.may_plan(actor, planned.agency),
            "approve": access.may_approve(actor, world.province),
            "fill": (role != Role.DATABASE_OWNER and access.may_fill(actor, part))
            or (role == Role.DATABASE_OWNER and access.may_fill(world.actor(world.justice, role), part)),
            "see": campaigns_visible_to(actor).filter(pk=planned.pk).exists(),
        }
        assert allowed == {act: role in roles for act, roles in self.MATRIX.items()}


class TestRunning:
    @carries("INV-01")
    def test_each_unit_has_its_work_and_its_term_before_31_december(self, world, running):
        for unit in (world.justice, world.health):
            work = due(unit, "fill").get()
            assert work.role == Role.DATABASE_OWNER
            assert work.clock.due_on == date(running.year, 12, 30)
            assert work.clock.parameter_key == "data_check.report"
        assert stocktaking.ending_of(running).vi == f"trước 31/12/{running.year}"

    @carries("INV-01", "INV-05")
    def test_completion_counts_databases_and_systems(self, world, people, running, tmp_path):
        def percent():
            return stocktaking.progress_of_part(part_of(running, world.justice)).percent

        assert percent() == 0
        commands.register_system(actor=people["justice"], code="H99.07.HT01", owner=world.justice, **SYSTEM)
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        assess_now(world.database, shareable=True)
        assert percent() == 50
        system = world.justice.operated_systems.get()
        assert commands.review_system(actor=people["justice"], system=system) == []
        assert percent() == 75
        send(people["justice"], running, world.justice)
        assert percent() == 100

    @carries("INV-06")
    def test_what_is_not_concluded_is_not_sent(self, world, people, running):
        part = part_of(running, world.justice)
        with pytest.raises(errors.PartIncomplete, match=world.database.name):
            commands.submit_part(actor=people["justice"], part=part)
        part.refresh_from_db()
        assert part.state == "open"
        empty = part_of(running, world.health)
        with pytest.raises(errors.PartIncomplete) as refused:
            commands.submit_part(actor=people["health"], part=empty)
        assert "kết luận" in refused.value.text("vi")

    def test_a_record_is_dated_between_the_decision_and_today(self, world, people, running):
        part = part_of(running, world.health)
        for day in (today() + timedelta(days=1), running.decision_date - timedelta(days=1)):
            commands.write_part(actor=people["health"], part=part, conclusion="Xong", record_date=day)
            with pytest.raises(errors.PaperDateRefused) as refused:
                commands.submit_part(actor=people["health"], part=part)
            assert refused.value.field == "record_date"

    def test_units_see_their_own_part_and_the_it_unit_all(self, world, people, running):
        assert {part.unit for part in parts_visible_to(people["justice"], running)} == {world.justice}
        assert parts_visible_to(people["it"], running).count() == 2
        outsider = world.actor(world.ministry, Role.IT_UNIT)
        assert not campaigns_visible_to(outsider).exists()

    @carries("INV-01")
    def test_units_that_have_not_sent_are_urged(self, world, people, running):
        send(people["health"], running, world.health, "Đơn vị không quản lý dữ liệu nào.")
        urged = commands.urge_units(actor=people["it"], campaign=running)
        assert [part.unit for part in urged] == [world.justice]
        told = Notice.objects.get(text_vi__startswith="Đôn đốc")
        assert str(told.person_id) == people["justice"].user_id
        assert part_of(running, world.justice).times_urged == 1
        with pytest.raises(NotAllowed):
            commands.urge_units(actor=people["justice"], campaign=running)


@pytest.mark.both_databases
class TestSurveyOfAll:
    @carries("INV-01")
    def test_goes_on_past_a_source_that_is_away_and_is_resumed(self, world, people, running, tmp_path):
        other = make_database(world.province, managing_unit=world.health, code="H99.11.DB07")
        away = tmp_path / "mat.sqlite"
        make_source(world.database, write_sqlite(away))
        make_source(other, write_local_sqlite(tmp_path / "b.sqlite"))
        away.unlink()

        commands.survey_campaign(actor=people["it"], campaign=running)
        run_waiting_jobs()

        assert Job.objects.get(name="inventory.survey_campaign").state == "finished"
        looks = {look.database_id: look for look in CampaignLook.objects.all()}
        assert looks[world.database.pk].failed
        assert looks[world.database.pk].text_vi
        assert looks[world.database.pk].hint_vi
        assert not looks[other.pk].failed
        assert other.assessments.get().state == "draft"
        assert commands.campaigns.databases_to_survey(running) == [world.database]

        write_sqlite(away)
        commands.survey_campaign(actor=people["it"], campaign=running)
        run_waiting_jobs()
        assert not CampaignLook.objects.get(database=world.database).failed
        with pytest.raises(errors.NothingToSurvey):
            commands.survey_campaign(actor=people["it"], campaign=running)

    def test_is_stopped_by_a_person_and_begun_again(self, world, people, running, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        job = commands.survey_campaign(actor=people["it"], campaign=running)
        assert commands.survey_campaign(actor=people["it"], campaign=running) == job
        cancel_job(actor=people["it"], job=job)
        run_waiting_jobs()
        assert not CampaignLook.objects.exists()
        commands.survey_campaign(actor=people["it"], campaign=running)
        run_waiting_jobs()
        assert CampaignLook.objects.get().survey.tables == 4

    def test_goes_on_from_the_database_at_which_it_was_cut_off(self, world, people, running, tmp_path):
        other = make_database(world.province, managing_unit=world.health, code="H99.11.DB07")
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        make_source(other, write_local_sqlite(tmp_path / "b.sqlite"))
        job = commands.survey_campaign(actor=people["it"], campaign=running)
        first, second = job.arguments["databases"]
        begun = begin_survey(actor=people["it"], database=Database.objects.get(pk=second))
        Job.objects.filter(pk=job.pk).update(checkpoint={"done": 1, "survey": begun.pk})
        run_waiting_jobs()
        assert CampaignLook.objects.get().database_id == second
        assert CampaignLook.objects.get().survey == begun
        assert not Survey.objects.filter(database_id=first).exists()

    @carries("SEC-01")
    def test_where_a_source_is_stays_with_those_who_may_look_inside(
        self, world, people, running, tmp_path, client
    ):
        own = make_database(world.justice, managing_unit=world.justice, code="H99.07.DB09")
        away = write_sqlite(tmp_path / "noi-cat-giu.sqlite")
        make_source(own, away)
        away.unlink()
        commands.survey_campaign(actor=people["it"], campaign=running)
        run_waiting_jobs()
        path = f"/lam-viec/kiem-ke/{running.number}/khao-sat/"
        for actor, sees in ((people["it"], True), (world.actor(world.province, Role.FOCAL_OFFICER), False)):
            client.force_login(User.objects.get(pk=actor.user_id))
            page = client.get(path).content.decode()
            assert own.code in page
            assert ("noi-cat-giu" in page) is sees

    def test_a_unit_looks_at_its_own_and_at_no_others(self, world, people, running, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        part = part_of(running, world.justice)
        with pytest.raises(NotAllowed):
            commands.survey_campaign(actor=people["health"], campaign=running, part=part)
        commands.survey_campaign(actor=people["justice"], campaign=running, part=part)
        run_waiting_jobs()
        assert CampaignLook.objects.get().database == world.database


class TestPapers:
    @carries("INV-03", "INV-04", "INV-05", "INV-06")
    def test_record_and_report_say_the_same_in_every_form(self, world, people, running, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        assess_now(world.database, shareable=True)
        part = send(people["justice"], running, world.justice)
        send(people["health"], running, world.health, "Đơn vị không quản lý dữ liệu nào.")
        paper = written_records.record_paper(part.facts)
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.to_pdf(paper))).pages)
        for said in ("SỞ TƯ PHÁP", "Số: 05/BB", dated("An Lộc", today()), "Căn cứ Luật Dữ liệu",
                     "15/QĐ-UBND", world.database.code):  # fmt: skip
            assert said in " ".join(text.split()), said
        assert "47/2020" not in text
        document = docx.Document(io.BytesIO(word.to_docx(paper)))
        assert world.database.code in document.tables[1].rows[1].cells[1].text
        rows = sheets.rows_of(sheets.to_xlsx(written_records.record_sheets(part.facts)))
        assert [row[0] for row in rows][-1] == world.database.code

        for one in running.parts.all():
            commands.verify_part(actor=people["it"], part=part_of(running, one.unit))
        commands.consolidate_campaign(actor=people["it"], campaign=running, number="07/BC", day=today())
        report = written_records.report_paper(running.facts)
        assert running.facts["totals"]["databases"] == 1
        assert running.facts["totals"]["rows"] == part.facts["databases"][0]["rows"]
        told = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.to_pdf(report))).pages)
        assert "1/1 cơ sở dữ liệu chia sẻ được" in told
        assert dated("An Lộc", today()) in " ".join(told.split())
        sheets.to_xlsx(written_records.report_sheets(running.facts))

    @carries("SEC-01")
    def test_a_database_that_becomes_secret_leaves_them(self, world, people, running, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        with delivered():
            assess_now(world.database, shareable=False, reason="Trùng khóa", proposed_actions="Sửa")
        part = send(people["justice"], running, world.justice)
        assert Work.objects.filter(act="plan", done_at__isnull=True).exists()
        with delivered():
            mark_secret(actor=world.keeper, database=world.database, reason="Danh mục bí mật")
        part.refresh_from_db()
        assert world.database.code not in str(part.facts)
        assert world.database.name not in str(part.facts)
        assert (
            not Work.objects.filter(about__contains=world.database.name)
            .exclude(role=Role.SECRETS_KEEPER)
            .exclude(act="assess")
            .exists()
        )
        assert stocktaking.progress_of_part(part_of(running, world.justice)).databases == []


@pytest.mark.both_databases
class TestJourney:
    @carries("INV-01", "INV-06", "INV-08", "UPG-01", "UPG-02")
    def test_from_programme_to_close(self, world, people, running, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        with delivered():
            assess_now(
                world.database,
                actor=people["justice"],
                shareable=False,
                reason="Thiếu mã đơn vị",
                proposed_actions="Bổ sung mã đơn vị",
            )
        part = send(people["justice"], running, world.justice)
        assert due(world.province, "verify").count() == 1
        commands.return_part(actor=people["it"], part=part, reason="Thiếu nhật ký sử dụng")
        assert due(world.justice, "fill_again").get().clock.due_on == date(running.year, 12, 30)
        commands.write_part(
            actor=people["justice"],
            part=part,
            upkeep="Nhật ký lưu 24 tháng",
            conclusion="Chưa đạt",
            record_date=today(),
        )
        commands.submit_part(actor=people["justice"], part=part)
        assert part.facts["contents"]["upkeep"] == "Nhật ký lưu 24 tháng"
        commands.verify_part(actor=people["it"], part=part)
        with pytest.raises(errors.PartsNotVerified, match=world.health.name):
            commands.consolidate_campaign(actor=people["it"], campaign=running, number="", day=None)
        send(people["health"], running, world.health, "Không quản lý dữ liệu.")
        commands.verify_part(actor=people["it"], part=part_of(running, world.health))
        commands.consolidate_campaign(actor=people["it"], campaign=running, number="", day=None)
        assert running.facts["totals"]["unfit"] == 1

        item = UpgradeItem.objects.get(criterion="shareable")
        with pytest.raises(errors.UpgradeMissing, match=world.database.name):
            commands.close_campaign(actor=people["it"], campaign=running)
        with pytest.raises(errors.DeclineNotAllowed):
            commands.decline_upgrade(actor=people["it"], item=item, reason="Không cần")
        commands.prioritise_upgrade(
            actor=people["it"], item=item, priority=1, planned_until=timezone.localdate() + timedelta(days=90)
        )
        commands.close_campaign(actor=people["it"], campaign=running)

        assert running.state == "closed"
        assert not Work.objects.filter(subject_kind="inventory.campaign", done_at__isnull=True).exists()
        with pytest.raises(StepNotAllowed):
            commands.return_part(actor=people["it"], part=part, reason="Muộn")


class TestUpgrades:
    @pytest.fixture
    def item(self, world, people, tmp_path):
        make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
        with delivered():
            assess_now(world.database, shareable=False, reason="Thiếu mã", proposed_actions="Bổ sung mã")
        return UpgradeItem.objects.get(criterion="shareable")

    def begun(self, people, item):
        commands.prioritise_upgrade(actor=people["it"], item=item, priority=1)
        commands.leave_waiting_for_funds(actor=people["head"], item=item)
        with pytest.raises(errors.FundingMissing):
            commands.fund_upgrade(actor=people["head"], item=item, funding=" ")
        commands.fund_upgrade(actor=people["head"], item=item, funding="Dự toán 2027")
        with pytest.raises(errors.ContinuityMissing):
            commands.begin_upgrade(actor=people["justice"], item=item, continuity="")
        commands.begin_upgrade(actor=people["justice"], item=item, continuity="Không có kết nối")
        return item

    @carries("UPG-01", "UPG-03", "INV-08")
    def test_is_done_only_when_the_same_criterion_passes_on_a_newer_look(self, world, people, item):
        self.begun(people, item)
        with pytest.raises(errors.NewLookMissing):
            commands.recheck_upgrade(actor=people["justice"], item=item, compliance="Đã kiểm tra")
        with delivered():
            assess_now(world.database, shareable=False, reason="Vẫn thiếu", proposed_actions="Làm tiếp")
        commands.recheck_upgrade(actor=people["justice"], item=item, compliance="Đã kiểm tra")
        with pytest.raises(errors.StillFails, match="Vẫn thiếu"):
            commands.finish_upgrade(actor=people["it"], item=item)
        commands.reopen_upgrade(actor=people["it"], item=item, reason="Chưa đạt")
        commands.begin_upgrade(actor=people["justice"], item=item, continuity="Không có kết nối")
        with delivered():
            assess_now(world.database, shareable=True)
        commands.recheck_upgrade(actor=people["justice"], item=item, compliance="Đã kiểm tra")
        commands.finish_upgrade(actor=people["it"], item=item)
        assert item.state == "done"
        assert not Work.objects.filter(
            subject_kind="inventory.upgradeitem", subject_id=item.pk, done_at__isnull=True
        ).exists()

    def test_the_same_failure_is_proposed_once_while_it_lives(self, world, item):
        with delivered():
            assess_now(world.database, shareable=False, reason="Vẫn thiếu", proposed_actions="Làm tiếp")
        again = UpgradeItem.objects.get(criterion="shareable")
        assert (again.pk, again.action) == (item.pk, "Làm tiếp")

    @carries("UPG-02")
    def test_a_running_system_that_cannot_be_connected_goes_into_the_plan(self, world, people):
        system = commands.register_system(
            actor=people["justice"],
            code="H99.07.HT02",
            owner=world.justice,
            **(SYSTEM | {"connection": "none", "safety_level": None}),
        )
        assert commands.review_system(actor=people["justice"], system=system) == [
            "cannot_connect",
            "no_safety_level",
        ]
        item = self.begun(people, UpgradeItem.objects.get(system=system))
        commands.amend_system(actor=people["justice"], system=system, connection="service", safety_level=2)
        with pytest.raises(errors.NewLookMissing):
            commands.recheck_upgrade(actor=people["justice"], item=item, compliance="Đã kiểm tra")
        commands.review_system(actor=people["justice"], system=system)
        item.refresh_from_db()
        commands.recheck_upgrade(
            actor=people["justice"], item=UpgradeItem.objects.get(pk=item.pk), compliance="Đã kiểm tra"
        )
        item.refresh_from_db()
        assert item.has_passed

    @carries("UPG-02")
    def test_a_database_that_lost_compliance_is_proposed(self, world):
        made = commands.propose_for_compliance(
            actor=world.actor(world.province, Role.IT_UNIT),
            database=world.database,
            because="Quy chế hết hiệu lực",
        )
        assert (made.criterion, made.origin, made.priority) == ("compliance", "compliance", 1)
        assert due(world.province, "plan").get().number == made.number

    @carries("UPG-02")
    def test_losing_compliance_puts_a_running_database_into_the_plan(self, world):
        with delivered(), transaction.atomic():
            publish(
                actor=PRODUCT,
                fact=DatabaseLostCompliance(database_id=world.database.pk, because="Quy chế hết hiệu lực"),
            )
        assert "Quy chế hết hiệu lực" in UpgradeItem.objects.get(criterion="compliance").found_vi

    def test_who_may_plan_and_who_carries_out(self, world, people, item):
        for who in ("justice", "health"):
            with pytest.raises(NotAllowed):
                commands.prioritise_upgrade(actor=people[who], item=item, priority=1)
        commands.prioritise_upgrade(actor=people["head"], item=item, priority=1)
        commands.fund_upgrade(actor=people["it"], item=item, funding="Không cần kinh phí")
        with pytest.raises(NotAllowed):
            commands.begin_upgrade(actor=people["health"], item=item, continuity="Không có")

    def test_a_defect_may_be_declined_with_its_reason(self, world, people):
        made = commands.propose_upgrade(
            actor=people["justice"], database=world.database, found="Chậm", action="Thêm chỉ mục"
        )
        with pytest.raises(errors.DeclineReasonMissing):
            commands.decline_upgrade(actor=people["it"], item=made, reason=" ")
        commands.decline_upgrade(actor=people["it"], item=made, reason="Đã có máy chủ mới")
        assert made.state == "declined"


class TestSystems:
    @carries("INV-05")
    def test_is_registered_amended_and_retired(self, world, people):
        with pytest.raises(NotAllowed):
            commands.register_system(
                actor=people["health"], code="H99.07.HT01", owner=world.justice, **SYSTEM
            )
        system = commands.register_system(
            actor=people["justice"],
            code="h99.07.ht01",
            owner=world.justice,
            databases=[world.database],
            **SYSTEM,
        )
        assert (system.code, system.state) == ("H99.07.HT01", "running")
        assert list(system.databases.all()) == [world.database]
        with pytest.raises(errors.SystemExists):
            commands.register_system(
                actor=people["justice"], code="H99.07.HT01", owner=world.justice, **SYSTEM
            )
        with pytest.raises(errors.SystemFactMissing):
            commands.amend_system(actor=people["justice"], system=system, kind="khac")
        commands.amend_system(actor=people["justice"], system=system, name="Hệ thống một cửa điện tử")
        commands.retire_system(actor=people["justice"], system=system, reason="Thay bằng hệ thống mới")
        with pytest.raises(StepNotAllowed):
            commands.review_system(actor=people["justice"], system=system)

    @carries("INV-05")
    def test_a_workbook_is_taken_whole_or_not_at_all(self, world, people):
        good = {"row": 2, "code": "H99.07.HT01", "owner": world.justice.code} | SYSTEM
        bad = {"row": 3, "code": "H99.07.HT02", "owner": "X", "databases": "KHONG.CO"} | SYSTEM
        with pytest.raises(errors.SystemsFileRefused, match="row 3"):
            commands.enter_systems(actor=people["justice"], rows=[good, bad])
        assert not world.justice.operated_systems.exists()
        assert commands.enter_systems(actor=people["justice"], rows=[good]) == (1, 0)
        assert commands.enter_systems(actor=people["justice"], rows=[good | {"note": "Mới"}]) == (0, 1)


@pytest.mark.both_databases
class TestMerger:
    def test_systems_items_and_open_parts_go_to_the_receiving_unit(self, world, people, running):
        system = commands.register_system(
            actor=people["health"],
            code="H99.11.HT01",
            owner=world.health,
            **(SYSTEM | {"connection": "none"}),
        )
        commands.review_system(actor=people["health"], system=system)
        office = make_agency("H99.20", "Sở Y tế và Xã hội", kind="department", parent=world.province)
        commands.hand_over_inventory(former_id=world.health.pk, successor_id=office.pk)
        system.refresh_from_db()
        assert (system.owner, system.operator) == (office, office)
        assert UpgradeItem.objects.get(system=system).unit == office
        assert {part.unit for part in running.parts.all()} == {world.justice, office}
        commands.hand_over_inventory(former_id=world.health.pk, successor_id=office.pk)
        assert running.parts.count() == 2
