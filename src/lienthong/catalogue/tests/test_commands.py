from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.commands import merge_agency
from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands, errors, queries
from lienthong.catalogue.access import databases_owned_by, databases_visible_to, may_own
from lienthong.catalogue.demo import make_database, make_dataset, make_described_database, make_look
from lienthong.catalogue.models import Database, DataField, EntryState, IssuedCatalogue
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.errors import InputRefused, NotAllowed, StepHeld
from lienthong.foundation.events.models import Event
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.holds.commands import lift_holds, place_hold
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries
from tests.worlds import delivered

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 11, 19)


def names_of_history(database):
    return [event.name for event in history_of("catalogue.database", database.pk)]


class TestRegister:
    @carries("CAT-01", "CAT-03", "CAT-04", "CAT-06", "LDL-03")
    def test_an_owner_registers_for_the_agency_above(self, world):
        database = make_database(world.province, managing_unit=world.justice, actor=world.owner)

        assert database.code == "H99.07.DB01"
        assert database.entry_state == EntryState.NOT_DECLARED
        assert names_of_history(database) == ["catalogue.DatabaseRegistered"]
        work = Work.objects.get(done_at__isnull=True)
        assert (work.unit, work.role, work.url) == (
            world.justice,
            Role.DATABASE_OWNER,
            "/lam-viec/csdl/H99.07.DB01/nguon/",
        )
        assert Entry.objects.get(kind="database").units == f"|{world.province.pk}|{world.justice.pk}|"

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"tier": ""}, errors.ClassMissing),
            ({"local_base": ""}, errors.LocalBaseMissing),
            ({"legal_basis": " "}, errors.LegalBasisMissing),
            ({"purpose": ""}, errors.EntryFieldMissing),
            ({"code": "có dấu"}, errors.CodeRefused),
            ({"name": "x" * 251}, InputRefused),
            ({"personal_data": "secret"}, InputRefused),
        ],
    )
    def test_what_is_not_right_is_refused_and_nothing_is_kept(self, world, given, refusal):
        with pytest.raises(refusal):
            make_database(world.justice, actor=world.owner, **given)
        assert not Database.objects.exists()
        assert not Event.objects.filter(name__startswith="catalogue.").exists()

    def test_a_code_is_used_once(self, world):
        make_database(world.justice, code="H99.07.DB01")
        with pytest.raises(errors.CodeTaken) as refusal:
            make_database(world.justice, code="h99.07.db01", actor=world.owner)
        assert refusal.value.facts["free"] == "H99.07.DB02"

    def test_the_managing_unit_belongs_to_the_owner(self, world):
        with pytest.raises(errors.UnitOutsideOwner):
            make_database(world.justice, managing_unit=world.health)


class TestAmend:
    @carries("CAT-05")
    def test_what_changed_is_written_down(self, world):
        database = make_database(world.justice, actor=world.owner)

        commands.amend_database(
            actor=world.owner,
            database=database,
            specialised_rules="Thông tư 01/2026/TT-BNV",
            sector_reuse="Bộ Nội vụ sử dụng lại toàn bộ",
            name="CSDL hành chính",
            reason="Bổ sung theo rà soát",
        )

        event = history_of("catalogue.database", database.pk).first()
        assert event.reason == "Bổ sung theo rà soát"
        assert "quy định chuyên ngành" in event.sentence("vi")
        assert Entry.objects.get(kind="database").title == "CSDL hành chính"

    def test_nothing_changed_is_said(self, world):
        database = make_database(world.justice)
        with pytest.raises(errors.NothingAmended):
            commands.amend_database(actor=world.owner, database=database, name=database.name)

    def test_a_changed_class_is_held_to_its_rules(self, world):
        database = make_database(world.justice, tier="internal")
        with pytest.raises(errors.LocalBaseMissing):
            commands.amend_database(actor=world.owner, database=database, tier="local")
        with pytest.raises(InputRefused):
            commands.amend_database(actor=world.owner, database=database, code="H99.DB99")


class TestDescribe:
    @carries("INV-01")
    def test_tables_and_columns_come_from_the_look(self, world):
        database = make_database(world.justice)

        taken = commands.describe_from_look(actor=world.owner, database=database, look=make_look())

        assert (taken.tables, taken.fields, taken.new_fields) == (1, 4, 4)
        table = database.tables.get()
        assert (table.rows, table.primary_key) == (3321, ["ma_xa"])
        key = table.fields.get(name="ma_xa")
        assert key.is_key
        assert key.confirmed_at is None
        assert key.sharing_class == "shared"
        assert Work.objects.get(done_at__isnull=True).act == "describe"

    def test_a_second_look_keeps_descriptions_and_marks_what_is_gone(self, world):
        database = make_described_database(world.justice)
        field = DataField.objects.get(name="ten_xa")
        commands.describe_field(
            actor=world.owner,
            field=field,
            title="Tên xã, phường",
            sharing_class="open",
            description="Tên chính thức",
        )
        columns = [("ma_xa", "text"), ("ten_xa", "text"), ("dien_tich_km2", "text"), ("ghi_chu", "text")]

        taken = commands.describe_from_look(
            actor=world.owner, database=database, look=make_look(columns=columns, rows=3400)
        )

        assert (taken.new_fields, taken.changed_fields, taken.gone_fields) == (1, 1, 1)
        field.refresh_from_db()
        assert (field.title, field.description) == ("Tên xã, phường", "Tên chính thức")
        assert field.confirmed_at is not None
        assert DataField.objects.get(name="ma_tinh").gone_since is not None
        assert DataField.objects.get(name="dien_tich_km2").confirmed_at is None
        back = commands.describe_from_look(actor=world.owner, database=database, look=make_look())
        assert back.changed_fields == 2
        assert DataField.objects.get(name="ma_tinh").gone_since is None

    def test_a_table_that_is_gone_is_marked_with_its_columns(self, world):
        database = make_described_database(world.justice)
        commands.describe_from_look(actor=SYSTEM, database=database, look=make_look("tinh"))
        gone = database.tables.get(name="xa")
        assert gone.gone_since is not None
        assert not gone.fields.filter(gone_since__isnull=True).exists()
        assert [table.name for table in queries.tables_with_fields(database)] == ["tinh"]

    @carries("SEC-02")
    def test_values_of_personal_columns_are_not_kept(self, world):
        database = make_database(world.justice)
        look = make_look("nguoi", [("ho_ten", "text"), ("so_nha", "integer")], primary_key=())
        for column in look["tables"][0]["columns"]:
            column["min"], column["max"] = "An", "Yến"
        commands.describe_from_look(actor=SYSTEM, database=database, look=look)
        assert DataField.objects.get(name="ho_ten").seen["min"] is None
        assert DataField.objects.get(name="so_nha").seen["max"] == "Yến"

    @pytest.mark.parametrize(
        "look",
        [
            {},
            {"tables": [{}]},
            {"tables": ["xa"]},
            {"tables": [{"name": "x" * 256}]},
            {"tables": [{"name": "xa", "columns": [{"name": ""}]}]},
        ],
    )
    def test_what_is_no_look_is_refused(self, world, look):
        database = make_database(world.justice)
        with pytest.raises(errors.LookUnreadable):
            commands.describe_from_look(actor=SYSTEM, database=database, look=look)
        assert not database.tables.exists()


class TestConfirm:
    @carries("CAT-06")
    def test_all_that_waits_is_confirmed_at_once(self, world):
        database = make_database(world.justice)
        commands.describe_from_look(actor=SYSTEM, database=database, look=make_look())

        count = commands.confirm_fields(actor=world.owner, database=database)

        assert count == 4
        assert str(DataField.objects.first().confirmed_by_id) == world.owner.user_id
        assert Work.objects.get(done_at__isnull=True).act == "declare"
        with pytest.raises(errors.NothingToConfirm):
            commands.confirm_fields(actor=world.owner, database=database)

    def test_one_is_confirmed_twice_without_harm(self, world):
        database = make_database(world.justice)
        commands.describe_from_look(actor=SYSTEM, database=database, look=make_look())
        field = DataField.objects.get(name="ma_xa")
        at = commands.confirm_field(actor=world.owner, field=field).confirmed_at
        assert commands.confirm_field(actor=world.owner, field=field).confirmed_at == at
        assert Work.objects.get(done_at__isnull=True).title_vi == "Xác nhận mô tả 3 cột"

    def test_a_column_of_another_database_is_unknown(self, world):
        database, other = make_database(world.justice), make_described_database(world.health)
        commands.describe_from_look(actor=SYSTEM, database=database, look=make_look())
        foreign = DataField.objects.filter(table__database=other).first()
        with pytest.raises(errors.FieldUnknown):
            commands.confirm_fields(actor=world.owner, database=database, fields=[foreign])

    @carries("CAT-07", "LDL-01", "SEC-02")
    def test_a_column_is_described_in_the_owners_words(self, world):
        database = make_described_database(world.justice)
        assert [field.name for field in queries.fields_without_code_list(database)] == ["ma_tinh"]
        code_list = commands.register_code_list(
            actor=world.owner, code="tinh", name="Danh mục tỉnh", owner=world.justice
        )
        field = DataField.objects.get(name="ma_tinh")
        commands.describe_field(
            actor=world.owner,
            field=field,
            title="Mã tỉnh",
            sharing_class="open",
            code_list=code_list,
            user_groups="Mọi cơ quan",
        )
        assert queries.fields_without_code_list(database) == []
        assert queries.entry_of(database)["items"]["open"] == [
            {"table": "Xa", "title": "Mã tỉnh", "users": "Mọi cơ quan"}
        ]
        with pytest.raises(errors.PersonalDataNotOpen):
            commands.describe_field(
                actor=world.owner, field=field, title="x", sharing_class="open", personal_data="basic"
            )
        with pytest.raises(errors.EntryFieldMissing):
            commands.describe_field(actor=world.owner, field=field, title=" ", sharing_class="open")


class TestDeclareAndIssue:
    @carries("CAT-02", "CAT-03", "CAT-06")
    def test_the_head_issues_what_the_units_declared(self, world):
        justice, health = make_described_database(world.justice), make_described_database(world.health)
        make_database(world.justice, name="CSDL chưa khai báo")
        for database in (justice, health):
            commands.declare_entry(actor=SYSTEM, database=database)

        catalogue = commands.issue_catalogue(
            actor=world.head, agency=world.province, decision_number="15/QĐ-UBND", decision_date=TODAY
        )

        assert catalogue.version == 1
        assert {entry["code"] for entry in catalogue.entries} == {justice.code, health.code}
        justice.refresh_from_db()
        assert justice.entry_state == EntryState.ISSUED
        assert queries.catalogue_with(justice) == catalogue
        assert "catalogue.EntryIssued" in names_of_history(justice)
        assert not Work.objects.filter(act="issue_catalogue", done_at__isnull=True).exists()
        assert Entry.objects.get(kind="catalogue").is_public

    @carries("CAT-02")
    def test_a_change_after_issue_waits_for_the_next_version(self, world):
        database = make_described_database(world.justice)
        commands.declare_entry(actor=SYSTEM, database=database)
        first = commands.issue_catalogue(
            actor=world.head, agency=world.province, decision_number="1/QĐ", decision_date=TODAY
        )
        commands.amend_database(actor=SYSTEM, database=database, purpose="Mục đích mới")
        other = make_described_database(world.health)
        commands.declare_entry(actor=SYSTEM, database=other)
        second = commands.issue_catalogue(
            actor=world.head, agency=world.province, decision_number="2/QĐ", decision_date=TODAY
        )
        kept = next(entry for entry in second.entries if entry["code"] == database.code)
        assert kept["purpose"] != "Mục đích mới"
        assert [change.kind for change in queries.compare_catalogues(first, second)] == ["new"]

        commands.declare_entry(actor=SYSTEM, database=database)
        third = commands.issue_catalogue(
            actor=world.head, agency=world.province, decision_number="3/QĐ", decision_date=TODAY
        )
        (change,) = queries.compare_catalogues(second, third)
        assert (change.kind, [field.field for field in change.fields]) == ("changed", ["purpose"])
        assert change.fields[0].after == ("Mục đích mới",)
        assert len(IssuedCatalogue.objects.get(version=1).entries) == 1

    @carries("CAT-02")
    def test_a_hold_stops_the_declaration_until_it_is_lifted(self, world):
        database = make_described_database(world.justice)
        place_hold(
            actor=SYSTEM,
            subject=database,
            step="declare",
            code="overlap.open",
            text_vi="Còn vụ việc CL-2026-0001",
            text_en="Case CL-2026-0001 is open",
        )
        with pytest.raises(StepHeld, match="CL-2026-0001"):
            commands.declare_entry(actor=world.owner, database=database)
        assert Database.objects.get().entry_state == EntryState.NOT_DECLARED
        lift_holds(actor=SYSTEM, subject=database, code="overlap.open")
        assert commands.declare_entry(actor=world.owner, database=database).entry_state == EntryState.DECLARED

    def test_what_is_missing_stops_the_declaration(self, world):
        database = make_database(world.justice)
        with pytest.raises(errors.EntryIncomplete):
            commands.declare_entry(actor=world.owner, database=database)

    def test_what_cannot_be_issued_is_said(self, world):
        def issue(number="1/QĐ", day=TODAY):
            return commands.issue_catalogue(
                actor=world.head, agency=world.province, decision_number=number, decision_date=day
            )

        with pytest.raises(errors.NothingToIssue):
            issue()
        database = make_described_database(world.justice)
        commands.declare_entry(actor=SYSTEM, database=database)
        with pytest.raises(errors.DecisionNumberMissing):
            issue(" ")
        with pytest.raises(errors.DecisionDateRefused):
            issue(day=timezone.localdate() + timedelta(days=1))
        issue()
        commands.declare_entry(actor=SYSTEM, database=database)
        with pytest.raises(errors.DecisionNumberUsed):
            issue()

    @carries("REG-04")
    def test_a_database_goes_live_and_may_lose_its_compliance(self, world):
        database = make_database(world.justice)
        commands.put_into_operation(actor=world.owner, database=database)
        assert database.in_operation_at is not None
        commands.mark_non_compliant(actor=SYSTEM, database=database, because="quy chế hết hiệu lực")
        commands.mark_non_compliant(actor=SYSTEM, database=database, because="lần nữa")
        assert database.non_compliant_because == "quy chế hết hiệu lực"
        assert names_of_history(database)[:2] == [
            "catalogue.DatabaseLostCompliance",
            "catalogue.DatabaseWentLive",
        ]


class TestSecret:
    @carries("SEC-01")
    def test_a_secret_leaves_lists_search_work_and_catalogue(self, world):
        database = make_described_database(world.justice)
        commands.declare_entry(actor=SYSTEM, database=database)
        catalogue = commands.issue_catalogue(
            actor=world.head, agency=world.province, decision_number="1/QĐ", decision_date=TODAY
        )
        commands.declare_entry(actor=SYSTEM, database=database)

        commands.mark_secret(actor=world.keeper, database=database, reason="Quyết định 9/QĐ-TTg")

        for outsider in (world.owner, world.head, world.actor(world.ministry, Role.COORDINATING_MINISTRY)):
            assert not databases_visible_to(outsider).exists()
        assert databases_visible_to(world.keeper).get() == database
        assert not Entry.objects.filter(kind="database").exists()
        assert not Work.objects.filter(done_at__isnull=True).exists()
        assert queries.entries_shown(catalogue) == []
        assert queries.catalogue_draft(world.province).entries == 0
        with pytest.raises(errors.NothingToIssue):
            commands.issue_catalogue(
                actor=world.head, agency=world.province, decision_number="2/QĐ", decision_date=TODAY
            )
        for refused in (
            lambda: commands.declare_entry(actor=SYSTEM, database=database),
            lambda: make_dataset(database),
        ):
            with pytest.raises(errors.SecretLeavesWorkflow):
                refused()

        commands.unmark_secret(actor=world.keeper, database=database, reason="Giải mật")
        assert databases_visible_to(world.owner).get() == database
        assert Entry.objects.filter(kind="database").exists()

    @carries("SEC-01")
    def test_no_event_of_a_database_holds_its_name_or_code(self, world):
        database = make_described_database(world.justice, name="CSDL kho đạn")
        commands.mark_secret(actor=world.keeper, database=database, reason="r")
        for event in Event.objects.all():
            assert "kho đạn" not in str(event.payload)
            assert database.code not in str(event.payload)

    def test_it_needs_a_reason_and_a_change(self, world):
        database = make_database(world.justice)
        with pytest.raises(errors.ReasonMissing):
            commands.mark_secret(actor=world.keeper, database=database, reason=" ")
        with pytest.raises(errors.SecretMarkUnchanged):
            commands.unmark_secret(actor=world.keeper, database=database, reason="r")


class TestVersions:
    COLUMNS = ({"name": "ma_xa", "type": "text", "title": "Mã xã"},)

    def record(self, dataset, number=1, digest="sha-256:a", **given):
        return commands.record_version(
            actor=SYSTEM, dataset=dataset, number=number, rows=3, digest=digest, columns=self.COLUMNS, **given
        )

    def test_versions_follow_each_other_and_are_recorded_once(self, world):
        dataset = make_dataset(make_described_database(world.justice))
        first = self.record(dataset, diff={"added": 3})
        assert self.record(dataset) == first
        assert dataset.versions.count() == 1
        with pytest.raises(errors.VersionDiffers):
            self.record(dataset, digest="sha-256:b")
        with pytest.raises(errors.VersionOutOfOrder):
            self.record(dataset, number=3)
        second = self.record(dataset, number=2, digest="sha-256:b", diff={"removed": 1})
        assert dataset.latest == second
        events = history_of("catalogue.dataset", dataset.pk)
        assert events.filter(name="catalogue.VersionPublished").count() == 2

    def test_a_replica_is_noted_once(self, world):
        version = self.record(make_dataset(make_described_database(world.justice)))
        at = commands.mark_replica_built(actor=SYSTEM, version=version).replica_at
        assert commands.mark_replica_built(actor=SYSTEM, version=version).replica_at == at
        assert Event.objects.filter(name="catalogue.ReplicaBuilt").count() == 1

    @carries("SEC-01")
    def test_no_version_of_a_secret_is_published(self, world):
        dataset = make_dataset(make_described_database(world.justice))
        commands.mark_secret(actor=world.keeper, database=dataset.database, reason="r")
        with pytest.raises(errors.SecretLeavesWorkflow):
            self.record(dataset)

    def test_a_dataset_has_an_address_of_its_own(self, world):
        database = make_described_database(world.justice)
        dataset = make_dataset(database, name="Danh mục xã, phường")
        assert dataset.slug == "danh-muc-xa-phuong"
        assert dataset.columns == ["ma_xa", "ten_xa", "ma_tinh", "dien_tich_km2"]
        with pytest.raises(errors.DatasetNameTaken):
            make_dataset(database, name="Danh mục xã phường")
        with pytest.raises(errors.KeyRefused):
            make_dataset(database, name="khác", key=[])


@pytest.mark.parametrize(
    ("role", "unit", "sees"),
    [
        (Role.DATABASE_OWNER, "justice", True),
        (Role.FOCAL_OFFICER, "justice", True),
        (Role.SECRETS_KEEPER, "justice", True),
        (Role.ADMINISTRATOR, "justice", False),
        (Role.CONSUMER_OFFICER, "justice", False),
        (Role.DATABASE_OWNER, "province", False),
        (Role.HEAD, "province", True),
        (Role.IT_UNIT, "province", True),
        (Role.HEAD, "health", False),
        (Role.COORDINATING_MINISTRY, "ministry", True),
        (Role.DATABASE_OWNER, "ministry", False),
    ],
)
def test_who_sees_a_database(world, role, unit, sees):
    make_database(world.justice)
    assert databases_visible_to(world.actor(getattr(world, unit), role)).exists() is sees


def test_the_databases_of_a_merged_agency_go_to_the_one_that_received_it(world):
    owned = make_database(world.province, managing_unit=world.justice, actor=world.owner)
    with delivered():
        merge_agency(actor=SYSTEM, agency=world.justice, into=world.health, reason="Nghị quyết")
    owned.refresh_from_db()
    assert (owned.owner, owned.managing_unit) == (world.province, world.health)
    told = Event.objects.filter(name="catalogue.DatabaseHandedOver", subject_id=str(owned.pk))
    assert [event.payload["former_id"] for event in told] == [world.justice.pk]
    assert Entry.objects.get(kind="database").units == f"|{world.province.pk}|{world.health.pk}|"

    handing = {"former_id": world.justice.pk, "successor_id": world.health.pk}
    assert commands.hand_over_databases(actor=SYSTEM, **handing) == 0
    with pytest.raises(NotAllowed):
        commands.hand_over_databases(actor=world.head, **handing)


def test_the_databases_that_an_actor_owns_are_those_on_which_he_works(world):
    """The list in one question agrees with the rule for a database at hand, for every role at every unit."""
    make_database(world.province, managing_unit=world.justice, name="Hộ tịch")
    make_database(world.justice, name="Công chứng")
    secret = make_database(world.province, name="Phương án bảo vệ")
    commands.mark_secret(
        actor=world.actor(world.province, Role.SECRETS_KEEPER), database=secret, reason="Quyết định 9/QĐ-TTg"
    )
    listed = list(Database.objects.select_related("owner", "managing_unit"))
    for role in Role:
        for unit in (world.province, world.justice):
            actor = world.actor(unit, role, Role.SECRETS_KEEPER if role == Role.HEAD else role)
            expected = {one.pk for one in listed if may_own(actor, one)}
            assert {one.pk for one in databases_owned_by(actor)} == expected, (role, unit)
