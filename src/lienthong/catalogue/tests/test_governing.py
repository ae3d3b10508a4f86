"""How a database is governed: dues by the law of the day, classes, protection, copies, storage."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from lienthong.catalogue import governing
from lienthong.catalogue.commands import (
    amend_database,
    confirm_fields,
    describe_from_look,
    record_risk_assessment,
)
from lienthong.catalogue.demo import make_database, make_dataset, make_described_database, make_look
from lienthong.catalogue.governing_errors import (
    CatalogueDayRefused,
    CriticalityDecisionMissing,
    DueBasisMissing,
    LogTooShort,
    NotOfThisList,
    RiskPaperUsed,
    StorageProcedureMissing,
)
from lienthong.catalogue.models import MasterDataItem
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries

CLASSED = {
    "criticality": "core",
    "criticality_decision": "12/QĐ-STP",
    "criticality_date": date(2026, 9, 1),
}


@pytest.fixture
def database(world):
    return make_database(world.province, managing_unit=world.justice)


def amend(world, database, **changes):
    return amend_database(actor=world.owner, database=database, **changes)


class TestConnection:
    @carries("D278-10")
    @pytest.mark.parametrize(
        ("named", "due", "overdue"),
        [("", date(2026, 12, 31), True), ("thi-hanh-an-hinh-su", date(2027, 7, 1), False)],
    )
    def test_a_decree_may_set_a_day_of_its_own_for_one_database(self, world, database, named, due, overdue):
        amend(world, database, is_mandatory=True, mandatory_item="Phụ lục I, mục 7", named_in_law=named)

        found = governing.connection_due(database, date(2027, 1, 2))

        assert (found.due, found.is_overdue) == (due, overdue)
        assert found.citation_vi

    def test_a_day_of_its_own_on_the_record_names_its_text_and_goes_first(self, world, database):
        with pytest.raises(DueBasisMissing):
            amend(world, database, is_mandatory=True, connect_by=date(2028, 3, 1))

        amend(
            world,
            database,
            is_mandatory=True,
            connect_by=date(2028, 3, 1),
            connect_by_basis="Điều 9 Nghị định 99/2027/NĐ-CP",
        )
        found = governing.connection_due(database, date(2027, 1, 2))
        assert (found.due, found.is_own, found.is_overdue) == (date(2028, 3, 1), True, False)

    def test_what_is_connected_is_not_overdue_and_what_need_not_connect_has_no_day(self, world, database):
        assert governing.connection_due(database, date(2027, 1, 2)) is None

        amend(world, database, is_mandatory=True, connected_on=date(2026, 5, 4))
        found = governing.connection_due(database, date(2027, 1, 2))
        assert not found.is_overdue

    @carries("D278-10")
    def test_databases_of_the_first_appendix_are_standardised_first(self, world, database):
        amend(world, database, is_mandatory=True, is_appendix_one=True)

        found = governing.standardisation_due(database, date(2026, 1, 1))

        assert (found.due, found.is_overdue) == (date(2025, 12, 31), True)
        assert not governing.standardisation_due(database, date(2025, 12, 31)).is_overdue


class TestCriticality:
    @carries("LDL-07")
    def test_a_class_is_a_decision_with_number_and_day(self, world, database):
        with pytest.raises(CriticalityDecisionMissing):
            amend(world, database, criticality="core")
        with pytest.raises(CatalogueDayRefused):
            amend(world, database, **(CLASSED | {"criticality_date": date(2999, 1, 1)}))

        amend(world, database, **CLASSED)

        assert governing.governance_of(database).criticality == "core"

    @carries("LDL-07")
    @pytest.mark.parametrize(
        ("day", "shown"), [(date(2026, 11, 10), False), (date(2026, 11, 11), True), (date(2027, 2, 1), True)]
    )
    def test_the_fine_is_told_from_its_day_and_only_of_what_is_not_classed(self, world, database, day, shown):
        found = governing.governance_of(database, day).fine

        assert (found is not None) is shown
        if shown:
            assert (found.since, found.mark) == (date(2026, 11, 11), "secondary")
            assert "363/2026" in found.citation
        amend(world, database, **CLASSED)
        assert governing.governance_of(database, day).fine is None

    def test_a_dataset_is_classed_by_its_database_or_by_each_of_its_columns(self, world):
        database = make_described_database(world.justice)
        dataset = make_dataset(database)
        fields = database.tables.get().fields.all()
        assert not governing.is_dataset_classed(dataset)

        fields.update(criticality="other")
        assert governing.is_dataset_classed(dataset)
        fields.filter(name="ma_xa").update(criticality="")
        assert not governing.is_dataset_classed(dataset)

    @carries("D165-06")
    @pytest.mark.parametrize(
        ("criticality", "personal", "kind"),
        [
            ("core", True, "critical_personal"),
            ("important", True, "critical_personal"),
            ("core", False, "critical"),
            ("other", True, "personal"),
            ("", False, ""),
        ],
    )
    def test_personal_data_follow_their_own_law_even_when_core(self, criticality, personal, kind):
        assert governing.protection_kind(criticality, personal=personal) == kind

    @carries("D165-06")
    def test_the_rule_that_governs_is_cited_as_of_the_day(self, world, database):
        amend(world, database, personal_data="basic", **CLASSED)

        before = governing.governance_of(database, date(2025, 12, 31)).protection
        after = governing.governance_of(database, date(2026, 1, 1)).protection

        assert "165/2025" in before.provision.citation_vi
        assert "356/2025" in after.provision.citation_vi


class TestStorageAndRisk:
    @carries("D165-01")
    @pytest.mark.parametrize(
        "given",
        [
            {"storage_months": 60},
            {"storage_permanent": True, "storage_procedure": "QT 05"},
            {"storage_months": 60, "storage_procedure_url": "https://vb.example.vn/5"},
        ],
    )
    def test_a_storage_period_goes_with_the_procedure_and_its_link(self, world, database, given):
        with pytest.raises(StorageProcedureMissing):
            amend(world, database, **given)
        database.refresh_from_db()
        assert database.storage_months is None

    @carries("D165-07")
    def test_the_log_of_critical_data_is_kept_as_long_as_the_law_says(self, world, database):
        with pytest.raises(LogTooShort):
            amend(world, database, log_months=5, **CLASSED)
        amend(world, database, log_months=5)
        with pytest.raises(LogTooShort):
            amend(world, database, **CLASSED)
        amend(world, database, log_months=6, **CLASSED)

    @carries("D165-07")
    def test_critical_data_are_assessed_every_year_with_a_signed_result(self, world, database):
        amend(world, database, **CLASSED)
        assert governing.governance_of(database, date(2026, 11, 1)).risk_missing_for == 2026

        given = {"result": "Rủi ro thấp", "signed_by": "Trần Văn Bình", "paper": "07/BC-STP"}
        made = record_risk_assessment(
            actor=world.owner, database=database, assessed_on=date(2026, 3, 2), **given
        )

        assert governing.governance_of(database, date(2026, 11, 1)).risk_missing_for is None
        assert governing.governance_of(database, date(2027, 1, 1)).risk_missing_for == 2027
        assert Event.objects.filter(name__endswith="RiskAssessed", payload__risk_id=made.pk).exists()
        with pytest.raises(RiskPaperUsed):
            record_risk_assessment(
                actor=world.owner, database=database, assessed_on=date(2026, 3, 2), **given
            )

    def test_another_agency_records_nothing(self, world, database):
        with pytest.raises(NotAllowed):
            record_risk_assessment(
                actor=world.actor(world.health, "database_owner"),
                database=database,
                assessed_on=date(2026, 3, 2),
                result="x",
                signed_by="y",
                paper="z",
            )


class TestArticles:
    @carries("LDL-08")
    def test_each_part_of_the_work_rests_on_an_article_once_the_data_law_holds(self, db):
        assert governing.modules_on(date(2025, 6, 30)) == []
        for day in (date(2025, 7, 1), date(2025, 8, 19), date(2025, 10, 22)):
            found = {one.looks_at: one.provision.ref for one in governing.modules_on(day)}
            assert found["sharing"] == "luat-60-2024/17"
            assert found["integrated"] == "luat-60-2024/34"
            assert len(found) == 13


class TestLayersAndCopies:
    @carries("GOVF-01", "GOVF-03", "LDL-05")
    def test_layers_part_and_sources_are_those_of_the_architecture(self, world, database):
        amend(
            world,
            database,
            layers=["open", "original", "master"],
            core_domain="person",
            catalogue_part="own",
            digitised_from=["direct", "digitising"],
        )

        assert database.layers == ["original", "master", "open"]
        assert database.digitised_from == ["digitising", "direct"]
        for wrong in ({"layers": ["gold"]}, {"core_domain": "moon"}, {"catalogue_part": "both"}):
            with pytest.raises(NotOfThisList):
                amend(world, database, **wrong)

    @carries("GOVF-02")
    def test_a_copy_of_national_data_waits_for_its_reason(self, world):
        people = make_database(
            world.ministry, code="G99.DB01", name="CSDL quốc gia về dân cư", tier="national"
        )
        item = MasterDataItem.objects.create(code="ND-01", name="Số định danh cá nhân", source=people)
        ours = make_database(world.justice)
        describe_from_look(
            actor=SYSTEM, database=ours, look=make_look(columns=[("so_dinh_danh", "text"), ("id", "text")])
        )
        confirm_fields(actor=SYSTEM, database=ours)
        ours.tables.get().fields.filter(name="so_dinh_danh").update(master_item=item)

        assert [one.name for one in governing.copies_of_national(ours)] == ["so_dinh_danh"]
        amend(world, ours, copy_reason="Tra cứu khi mất kết nối, theo Quy chế số 5")
        assert governing.copies_of_national(ours) == []


class TestPage:
    def test_the_owner_amends_it_and_a_fault_is_told_beside_its_field(self, world, database, client):
        client.force_login(User.objects.get(pk=world.owner.user_id))
        address = reverse("catalogue-governing", args=[database.code])
        page = client.get(address).content.decode()
        assert "Chưa phân loại" in page

        refused = client.post(address, {"criticality": "core"})
        assert refused.status_code == 422
        assert "Thiếu số hoặc ngày quyết định" in refused.content.decode()

        answers = {"criticality": "core", "criticality_decision": "12/QĐ", "criticality_date": "2026-09-01"}
        client.post(address, answers | {"layers": ["master"], "core_domain": "person"})
        database.refresh_from_db()
        assert (database.criticality, database.layers, database.core_domain) == ("core", ["master"], "person")

        risk = reverse("catalogue-risk", args=[database.code])
        given = {"assessed_on": "2026-03-02", "result": "Thấp", "signed_by": "Trần Văn Bình", "paper": "7/BC"}
        client.post(risk, given)
        assert "7/BC" in client.get(address).content.decode()
