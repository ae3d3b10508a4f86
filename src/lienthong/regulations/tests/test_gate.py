"""Each line of the go-live gate, passing and failing, and what happens when going live is asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.roles import Role
from lienthong.authority.commands import decide_case
from lienthong.authority.demo import make_case
from lienthong.catalogue.commands import describe_from_look, mark_secret
from lienthong.catalogue.demo import COMMUNE_COLUMNS, make_described_database, make_look
from lienthong.catalogue.errors import SecretLeavesWorkflow
from lienthong.catalogue.models import Database, DatabaseState
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import NotAllowed, NotFound, StepNotAllowed
from lienthong.foundation.events.queries import events_named
from lienthong.foundation.holds.commands import place_hold
from lienthong.foundation.holds.queries import open_holds
from lienthong.foundation.tracing import carries
from lienthong.inventory.models import Assessment
from lienthong.law.queries import checklist, grounds_at
from lienthong.regulations import commands, demo
from lienthong.regulations.errors import GateNotPassed
from lienthong.regulations.models import GateRun
from lienthong.regulations.queries import GateResult, evaluate_gate
from lienthong.regulations.queries.gate import LOOKS, lines_of
from lienthong.regulations.rules import FAILED, MET, GateLine

TODAY = timezone.localdate
DAY = timedelta(days=1)


def gate(database: Database, **given: object) -> GateResult:
    return evaluate_gate(**({"actor": SYSTEM, "database": database} | given))


def line(database: Database, code: str) -> GateLine:
    (found,) = [one for one in gate(database).lines if one.code == code]
    return found


class TestLines:
    @carries("REG-04")
    def test_the_gate_asks_what_the_law_asks_on_the_day(self, world):
        asked = {item.looks_at for item in checklist("go_live")}
        assert asked <= {one.code for one in gate(world.local).lines}
        assert asked == set(LOOKS)

    @carries("REG-04", "REG-05", "REG-06", "CAT-02", "INV-02", "OVL-05")
    def test_a_new_database_fails_every_line_and_each_shows_the_way(self, world):
        result = gate(world.local)
        assert not result.passed
        assert {one.state for one in result.lines} == {FAILED}
        for one in result.lines:
            assert one.provision
            assert one.found_vi
            assert one.found_en
            assert one.hint_vi
            assert one.fix.startswith("/lam-viec/")
            assert one.fix_vi
            (ground,) = grounds_at(one.provision)
            assert ground.cited.citation_vi != ground.cited.citation_en

    @carries("REG-04", "REG-05", "REG-06", "CAT-02", "INV-02", "OVL-05")
    def test_when_all_is_there_every_line_is_met(self, world):
        world.ready()
        result = gate(world.local)
        assert [one.code for one in result.lines if one.state != MET] == []
        assert result.passed
        assert result.rule_set

    @carries("REG-04")
    def test_regulation_none(self, world):
        found = line(world.local, "use_regulation")
        assert found.found_vi == "Đã xem 0 quy chế, không có quy chế nào áp dụng"
        assert found.fix == f"/lam-viec/quy-che/soan/?csdl={world.local.code}"

    @carries("REG-04")
    def test_regulation_for_others_only(self, world):
        demo.make_published(world.province, world.other)
        found = line(world.local, "use_regulation")
        assert (found.state, found.found_vi) == (FAILED, "Đã xem 1 quy chế, không có quy chế nào áp dụng")

    @carries("REG-04")
    def test_regulation_still_a_draft_leads_to_it(self, world):
        draft = demo.make_draft(world.province, world.local)
        found = line(world.local, "use_regulation")
        assert found.state == FAILED
        assert "chưa ban hành" in found.found_vi
        assert found.fix == f"/lam-viec/quy-che/{draft.slug}/1/"

    @carries("REG-04")
    def test_regulation_issued_and_not_public(self, world):
        demo.make_issued(world.province, world.local)
        assert "chưa công khai" in line(world.local, "use_regulation").found_vi

    @carries("REG-04")
    def test_regulation_not_yet_in_force(self, world):
        demo.make_published(world.province, world.local, effective_from=TODAY() + DAY)
        found = line(world.local, "use_regulation")
        assert (found.state, "có hiệu lực từ ngày" in found.found_vi) == (FAILED, True)

    @carries("REG-04")
    def test_regulation_run_out(self, world):
        regulation = demo.make_published(world.province, world.local, effective_to=TODAY())
        assert line(world.local, "use_regulation").state == MET
        commands.expire_regulations(on=TODAY() + DAY)
        later = gate(world.local, on=TODAY() + DAY)
        found = next(one for one in later.lines if one.code == "use_regulation")
        assert found.state == FAILED
        assert f"{regulation.effective_to:%d/%m/%Y}" in found.found_vi

    @carries("REG-04")
    def test_regulation_of_the_whole_agency_will_do(self, world):
        regulation = demo.make_published(world.province)
        found = line(world.local, "use_regulation")
        assert found.state == MET
        assert regulation.number in found.found_vi
        assert (found.hint_vi, found.fix) == ("", "")

    @carries("REG-05")
    def test_structure_complete_then_outdated(self, world):
        demo.make_structure(world.local)
        found = line(world.local, "exchange_structure")
        assert (found.state, "khớp 4/4 cột" in found.found_vi) == (MET, True)
        describe_from_look(
            actor=SYSTEM,
            database=world.local,
            look=make_look(columns=(*COMMUNE_COLUMNS, ("dan_so", "integer"))),
        )
        found = line(world.local, "exchange_structure")
        assert found.state == FAILED
        assert "khớp 4/5 cột; chưa khớp: xa.dan_so" in found.found_vi

    @carries("REG-06")
    def test_process_of_the_agency_will_do(self, world):
        demo.make_process(agency=world.province)
        found = line(world.local, "sharing_process")
        assert (found.state, world.province.name in found.found_vi) == (MET, True)

    @carries("CAT-02")
    def test_catalogue_step_by_step(self, world):
        assert line(world.local, "issued_catalogue").fix.endswith("/khai-bao/")
        world.catalogued()
        found = line(world.local, "issued_catalogue")
        assert found.state == MET
        assert "15/QĐ-UBND" in found.found_vi

    @carries("INV-02")
    def test_assessment_holds_for_its_cycle(self, world):
        made = world.assessed()
        assert line(world.local, "assessment").state == MET
        long_ago = timezone.now() - timedelta(days=800)
        Assessment.objects.filter(pk=made.pk).update(concluded_at=long_ago, year=long_ago.year)
        found = line(world.local, "assessment")
        assert (found.state, "quá chu kỳ 1 năm" in found.found_vi) == (FAILED, True)

    @carries("OVL-05")
    def test_overlap_searched(self, world):
        world.searched()
        found = line(world.local, "overlap_search")
        assert (found.state, "so với 0 CSDL" in found.found_vi) == (MET, True)

    @carries("OVL-05")
    def test_an_undecided_overlap_stands_in_the_way_until_decided(self, world):
        world.ready()
        national = make_described_database(world.ministry, tier="national")
        case = make_case(world.local, national)
        assert "đã được so khi tìm từ 1 CSDL khác" in line(national, "overlap_search").found_vi
        result = gate(world.local)
        (first, *others) = result.lines
        assert (first.state, first.requirement, first.provision) == (FAILED, "OVL-04", case.provision)
        assert first.fix == f"/lam-viec/chong-lan/{case.number}/"
        assert {one.state for one in others} == {MET}
        decide_case(actor=SYSTEM, case=case, outcome="no_overlap", reason="Khác đối tượng")
        assert gate(world.local).passed

    def test_any_other_hold_stands_in_the_way(self, world):
        world.ready()
        place_hold(
            actor=SYSTEM,
            subject=world.local,
            step="go_live",
            code="x.y",
            text_vi="Chờ kiểm tra an ninh.",
            text_en="Awaits a security check.",
        )
        (first, *_) = gate(world.local).lines
        assert (first.text("vi"), first.text("en")) == ("Chờ kiểm tra an ninh", "Awaits a security check")

    @carries("REG-04")
    def test_an_earlier_day_is_judged_by_the_rules_of_that_day(self, world):
        older = gate(world.local, on=date(2025, 8, 1))
        assert older.rule_set == "ND47-ORIGINAL"
        assert gate(world.local, on=date(2025, 10, 30)).rule_set == "DATA-LAW-2025"

    @carries("SEC-01")
    def test_nobody_sees_the_gate_of_a_database_unknown_to_them(self, world):
        with pytest.raises(NotFound):
            evaluate_gate(actor=world.stranger, database=world.local)

    def test_evaluating_changes_nothing(self, world):
        gate(world.local)
        assert not GateRun.objects.exists()
        assert not open_holds(world.local).exists()


class TestGoingLive:
    @carries("REG-04")
    def test_refused_with_the_first_failure_and_kept(self, world):
        with pytest.raises(GateNotPassed) as refused:
            commands.request_go_live(actor=world.owner, database=world.local)
        assert refused.value.facts["failed"] == refused.value.facts["total"] == 6
        assert "0 quy chế" in refused.value.text("vi")
        assert "regulation" in refused.value.text("en")
        assert refused.value.hint("vi").startswith("Soạn quy chế")
        run = GateRun.objects.get()
        assert (run.passed, len(lines_of(run.lines))) == (False, 6)
        assert events_named("regulations.GoLiveRefused").count() == 1
        world.local.refresh_from_db()
        assert world.local.state == DatabaseState.REGISTERED

    @carries("OVL-05")
    def test_asking_opens_the_hold_that_a_search_lifts(self, world):
        with pytest.raises(GateNotPassed):
            commands.request_go_live(actor=world.owner, database=world.local)
        assert open_holds(world.local, "go_live").count() == 1
        world.searched()
        assert not open_holds(world.local).exists()

    @carries("REG-04")
    def test_goes_live_when_all_is_met(self, world):
        world.ready()
        run = commands.request_go_live(actor=world.owner, database=world.local)
        assert run.passed
        assert str(run.asked_by_id) == world.owner.user_id
        assert world.local.state == DatabaseState.IN_OPERATION
        assert events_named("regulations.GatePassed").count() == 1
        assert events_named("catalogue.DatabaseWentLive").count() == 1

    def test_not_twice(self, world):
        world.ready()
        commands.request_go_live(actor=world.owner, database=world.local)
        with pytest.raises(StepNotAllowed):
            commands.request_go_live(actor=world.owner, database=world.local)
        assert GateRun.objects.count() == 1

    @carries("REG-04")
    def test_back_after_a_new_regulation(self, world):
        world.ready()
        commands.request_go_live(actor=world.owner, database=world.local)
        regulation = world.local.regulations.get()
        regulation.effective_to = TODAY()
        regulation.save()
        commands.expire_regulations(on=TODAY() + DAY)
        world.local.refresh_from_db()
        assert world.local.state == DatabaseState.NON_COMPLIANT
        demo.make_published(world.province, world.local, number="06/2026/QĐ-UBND")
        commands.request_go_live(actor=world.owner, database=world.local)
        assert world.local.state == DatabaseState.IN_OPERATION

    @pytest.mark.parametrize("who", ["colleague", "stranger", "administrator"])
    def test_others_may_not_ask(self, world, who):
        world.ready()
        with pytest.raises(NotAllowed):
            commands.request_go_live(actor=getattr(world, who), database=world.local)
        assert not GateRun.objects.exists()

    @carries("SEC-01")
    def test_a_secret_does_not_go_through_here(self, world):
        keeper = world.actor(world.home, Role.SECRETS_KEEPER, Role.DATABASE_OWNER)
        mark_secret(actor=keeper, database=world.local, reason="Quyết định 1")
        with pytest.raises(SecretLeavesWorkflow):
            commands.request_go_live(actor=keeper, database=world.local)
