"""Tables and columns of a look: shown in words, judged by a person, personal values sealed and opened with an audit."""

from __future__ import annotations

import json

import pytest
from django.core import serializers
from django.db import connection

from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import describe_field
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.errors import EntryFieldMissing, PersonalDataNotOpen
from lienthong.catalogue.models import Database, DataField
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries
from lienthong.inventory import queries, rules, seen
from lienthong.inventory.commands import (
    begin_survey,
    capture_version,
    decide_secrecy,
    judge_column,
    keep_table,
    record_survey,
    reveal_values,
    seal_personal_values,
)
from lienthong.inventory.demo import make_source
from lienthong.inventory.errors import MeaningUnknown, RevealReasonMissing, SecretUndecided
from lienthong.inventory.models import ColumnJudgement, SealedValues, Secrecy, SurveyedTable

PLANTED = "Nguyễn Thị Kín"
FORM = {
    "name": "cu_tru",
    "kind": "table",
    "rows": 400,
    "primary_key": ["ma"],
    "foreign_keys": [],
    "findings": [
        {"code": "duplicate_rows", "place": "cu_tru", "severity": "warning", "evidence": {"count": 3, "row": PLANTED}}
    ],
    "reading": {
        "encoding": "cp1258",
        "delimiter": ";",
        "sheet": None,
        "header_rows": [3, 4],
        "skipped_rows": [
            {"number": 1, "reason": "title", "text": "BIỂU 05"},
            {"number": 9, "reason": "broken", "text": f"9;{PLANTED}"},
        ],
        "skipped": 2,
        "conversions": {"ma": {"kept_as_text": 400, "decoded:cp1258": 12}},
    },
    "columns": [
        {
            "name": "ma", "type": "text", "nulls": 0, "distinct": 400, "min": "001", "max": "400", "placeholders": 0,
            "semantic_type": {"name": None, "pass_rate": 0, "reason": "", "reason_en": ""},
            "sensitivity": "none", "patterns": [{"pattern": "999", "count": 400}], "top": [], "quantiles": [],
            "findings": [], "sampled": 400,
        },
        {
            "name": "c7", "type": "text", "nulls": 10, "distinct": 380, "min": "An Kín", "max": PLANTED, "placeholders": 5,
            "semantic_type": {
                "name": "person_name", "pass_rate": 0.987, "reason": "98,7% có họ của người Việt",
                "reason_en": "98.7% begin with a Vietnamese family name",
            },
            "sensitivity": "basic",
            "sensitivity_reason": {"vi": "họ và tên người", "en": "names of persons"},
            "patterns": [{"pattern": "Aa Aa Aa", "count": 370}],
            "top": [{"value": PLANTED, "count": 12}, {"value": "Hồ Hiếm Kín", "count": 2}],
            "quantiles": ["An Kín", PLANTED],
            "findings": [
                {"code": "case_variants", "place": "cu_tru.c7", "severity": "error", "evidence": {"count": 4, "examples": [PLANTED]}}
            ],
            "sampled": 400,
        },
        {
            "name": "tuoi", "type": "integer", "nulls": 0, "distinct": 80, "min": 1, "max": 90, "placeholders": 0,
            "semantic_type": {"name": None, "pass_rate": 0}, "sensitivity": "none", "patterns": [],
            "top": [{"value": 30, "count": 9}], "quantiles": [6, 20, 30, 45, 80], "findings": [], "sampled": 400,
        },
    ],
}  # fmt: skip


@pytest.fixture
def looked(world, sources):
    """A database whose newest look saw a table with a column of names under an opaque name."""
    (sources / "x.csv").write_text("ma\n1\n", encoding="utf-8")
    make_source(world.database, sources / "x.csv")
    survey = begin_survey(actor=world.owner, database=world.database)
    keep_table(survey=survey, place=1, form=FORM)
    record_survey(actor=world.owner, survey=survey)
    return world


@pytest.fixture
def browse(client, looked):
    def as_(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return as_


def field(name: str) -> DataField:
    return DataField.objects.select_related("table__database").get(name=name)


def at(name: str, world) -> str:
    return f"/lam-viec/csdl/{world.database.code}/cot/{field(name).pk}/du-lieu/"


class TestMasking:
    @carries("SEC-02")
    def test_no_value_of_a_personal_column_is_stored_in_the_clear(self, looked):
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}"')
                assert "Kín" not in repr(cursor.fetchall()), table
        kept = SurveyedTable.objects.get().form
        assert kept["columns"][1]["patterns"]
        assert kept["columns"][1]["findings"][0]["evidence"] == {"count": 4}
        assert kept["columns"][2]["max"] == 90
        assert [row["text"] for row in kept["reading"]["skipped_rows"]] == ["BIỂU 05", ""]

    @carries("SEC-02")
    def test_a_column_found_to_be_personal_later_is_sealed_then(self, looked):
        judge_column(actor=looked.owner, field=field("tuoi"), personal_data="basic")
        assert seal_personal_values(database=looked.database) == 1
        form = SurveyedTable.objects.get().form
        assert form["columns"][2]["max"] is None
        assert form["columns"][2]["top"] == []
        assert seal_personal_values(database=looked.database) == 0
        assert reveal_values(actor=looked.owner, field=field("tuoi"), reason="Đối chiếu")["max"] == 90

    def test_what_a_person_confirmed_as_harmless_is_shown_at_the_next_look(self, looked):
        judge_column(actor=looked.owner, field=field("c7"), personal_data="none")
        assert ("cu_tru", "c7") not in queries.personal_in(looked.database, [FORM])

    def test_the_look_proposes_the_class_of_a_column_with_an_opaque_name(self, looked):
        assert field("c7").personal_data == "basic"
        assert field("c7").seen["sensitivity_reason"]["vi"] == "họ và tên người"
        assert field("ma").personal_data == "none"

    def test_a_later_look_raises_what_nobody_has_confirmed(self, looked):
        survey = begin_survey(actor=looked.owner, database=looked.database)
        columns = [
            {**one, "sensitivity": "sensitive"} if one["name"] == "tuoi" else one for one in FORM["columns"]
        ]
        keep_table(survey=survey, place=1, form={**FORM, "columns": columns})
        record_survey(actor=looked.owner, survey=survey)
        assert (field("tuoi").personal_data, field("tuoi").sharing_class) == ("sensitive", "private_use")


class TestJudging:
    @carries("INV-02", "SEC-02")
    def test_a_person_confirms_what_is_proposed(self, looked):
        judged = judge_column(
            actor=looked.owner, field=field("c7"), personal_data="basic", meaning="person_name", note="Đúng"
        )
        assert judged.proposed["meaning"] == "person_name"
        assert field("c7").confirmed_at is not None
        fact = Event.objects.filter(name__endswith="ColumnJudged").get()
        assert fact.facts["as_proposed"] is True

    def test_what_is_no_answer_is_refused(self, looked):
        with pytest.raises(MeaningUnknown):
            judge_column(actor=looked.owner, field=field("c7"), personal_data="basic", meaning="horoscope")
        with pytest.raises(EntryFieldMissing):
            judge_column(actor=looked.owner, field=field("c7"), personal_data="perhaps")
        describe_field(actor=looked.owner, field=field("tuoi"), title="Tuổi", sharing_class="open")
        with pytest.raises(PersonalDataNotOpen):
            judge_column(actor=looked.owner, field=field("tuoi"), personal_data="basic")
        assert not ColumnJudgement.objects.exists()

    def test_who_may_not_decide(self, looked):
        for role in (Role.FOCAL_OFFICER, Role.SECRETS_KEEPER):
            with pytest.raises(NotAllowed):
                judge_column(
                    actor=looked.actor(looked.justice, role), field=field("c7"), personal_data="none"
                )
        with pytest.raises(NotAllowed):
            decide_secrecy(actor=looked.owner, field=field("c7"), is_secret=True)

    @carries("SEC-01")
    def test_a_suspicion_stops_versions_until_the_keeper_decides(self, looked):
        judged = judge_column(actor=looked.owner, field=field("ma"), personal_data="none", is_secret=True)
        assert judged.secrecy == Secrecy.REFERRED
        assert not Database.objects.get().is_secret
        assert Work.objects.filter(act="decide_secrecy", role=Role.SECRETS_KEEPER, done_at=None).count() == 1
        dataset = make_dataset(looked.database, table="cu_tru")
        with pytest.raises(SecretUndecided):
            capture_version(actor=looked.owner, dataset=dataset)
        again = judge_column(actor=looked.owner, field=field("ma"), personal_data="none", is_secret=False)
        assert again.secrecy == Secrecy.REFERRED
        keeper = looked.actor(looked.justice, Role.SECRETS_KEEPER)
        decide_secrecy(actor=keeper, field=field("ma"), is_secret=False)
        assert not Work.objects.filter(act="decide_secrecy", done_at=None).exists()
        capture_version(actor=looked.owner, dataset=dataset)

    @carries("SEC-01")
    def test_a_keeper_who_finds_a_secret_takes_the_database_out_of_sight(self, looked, browse):
        judge_column(actor=looked.keeper, field=field("ma"), personal_data="none", is_secret=True)
        assert Database.objects.get().is_secret
        for address in (at("ma", looked), f"/lam-viec/csdl/{looked.database.code}/nguon/"):
            assert browse(looked.owner).get(address).status_code == 404
        assert "đưa vào" not in browse(looked.owner).get("/lam-viec/").content.decode()


class TestRevealing:
    @carries("SEC-02")
    def test_masked_values_are_opened_with_a_reason_and_an_audit_entry(self, looked):
        with pytest.raises(RevealReasonMissing):
            reveal_values(actor=looked.owner, field=field("c7"), reason=" ")
        values = reveal_values(actor=looked.owner, field=field("c7"), reason="Rà soát tên trùng")
        assert values["max"] == PLANTED
        entry = Event.objects.filter(name__endswith="ValuesRevealed").get()
        assert entry.reason == "Rà soát tên trùng"
        assert "Kín" not in json.dumps(entry.facts, ensure_ascii=False)

    @pytest.mark.parametrize("role", [Role.HEAD, Role.IT_UNIT, Role.FOCAL_OFFICER, Role.ADMINISTRATOR])
    def test_only_the_owner_of_the_data_opens_them(self, looked, role):
        with pytest.raises(NotAllowed):
            reveal_values(actor=looked.actor(looked.justice, role), field=field("c7"), reason="Muốn biết")

    def test_what_is_sealed_cannot_be_read_without_the_key(self, looked):
        stored = serializers.serialize("json", SealedValues.objects.all())
        assert "K\\u00edn" not in stored
        assert "Kín" not in stored


class TestPages:
    def test_the_table_tells_how_it_was_read(self, looked, browse):
        table = field("c7").table
        page = (
            browse(looked.owner)
            .get(f"/lam-viec/csdl/{looked.database.code}/bang/{table.pk}/")
            .content.decode()
        )
        for text in (
            "cp1258",
            "dấu chấm phẩy",
            "3-4",
            "1 tiêu đề, 1 dòng hỏng",
            "BIỂU 05",
            "giữ 400 mã ở dạng chữ",
        ):
            assert text in page
        assert "họ và tên người" in page
        assert "Kín" not in page
        english = browse(looked.owner).get(f"/en/lam-viec/csdl/{looked.database.code}/bang/{table.pk}/")
        assert "400 codes were kept as text" in english.content.decode()

    def test_a_column_is_proposed_with_its_reason_and_confirmed(self, looked, browse):
        browser = browse(looked.owner)
        page = browser.get(at("c7", looked)).content.decode()
        assert "98,7% có họ của người Việt" in page
        assert 'data-key="x"' in page
        assert "Kín" not in page
        assert "Aa Aa Aa" in page
        answer = browser.post(at("c7", looked), {"personal_data": "basic", "meaning": "person_name"})
        assert answer["Location"].endswith(f"/cot/{field('tuoi').pk}/du-lieu/")
        assert "ác nhận lúc" in browser.get(at("c7", looked)).content.decode()

    def test_a_histogram_is_drawn_and_told(self, looked, browse):
        page = browse(looked.owner).get(at("tuoi", looked)).content.decode()
        assert page.count('<rect class="fill-primary graph-edge"') == 6
        assert 'x="0.00"' in page

    @carries("SEC-02")
    def test_masked_values_are_shown_once_to_who_gives_a_reason(self, looked, browse):
        browser = browse(looked.owner)
        opened = browser.post(
            at("c7", looked), {"viec": "xem-gia-tri", "reason": "Rà soát tên trùng"}
        ).content.decode()
        assert PLANTED in opened
        assert "Hiếm" not in opened
        assert "Chưa nêu lý do" in browser.post(at("c7", looked), {"viec": "xem-gia-tri"}).content.decode()
        focal = looked.actor(looked.justice, Role.FOCAL_OFFICER)
        refused = browse(focal).post(at("c7", looked), {"viec": "xem-gia-tri", "reason": "Muốn biết"})
        assert "Kín" not in refused.content.decode()

    @carries("CAT-07")
    def test_a_code_list_is_chosen_or_its_lack_explained(self, looked, browse):
        browser = browse(looked.owner)
        assert "Chưa nhập lý do" in browser.post(at("ma", looked), {"viec": "danh-muc"}).content.decode()
        browser.post(at("ma", looked), {"viec": "danh-muc", "reason": "Mã nội bộ của phần mềm"})
        assert field("ma").no_code_list == "Mã nội bộ của phần mềm"
        assert "Mã nội bộ của phần mềm" in browser.get(at("ma", looked)).content.decode()

    @pytest.mark.parametrize(("role", "unit", "status"), [
        (Role.DATABASE_OWNER, "justice", 200), (Role.FOCAL_OFFICER, "justice", 200), (Role.HEAD, "province", 200),
        (Role.SECRETS_KEEPER, "justice", 200), (Role.ADMINISTRATOR, "justice", 404), (Role.DATABASE_OWNER, "health", 404),
        (Role.COORDINATING_MINISTRY, "ministry", 403),
    ])  # fmt: skip
    def test_who_sees_a_column(self, looked, browse, role, unit, status):
        browser = browse(looked.actor(getattr(looked, unit), role))
        assert browser.get(at("c7", looked)).status_code == status
        table = f"/lam-viec/csdl/{looked.database.code}/bang/{field('c7').table_id}/"
        assert browser.get(table).status_code == status

    def test_the_look_lists_findings_and_leads_to_columns(self, looked, browse):
        page = browse(looked.owner).get(f"/lam-viec/csdl/{looked.database.code}/nguon/").content.decode()
        assert "2 phát hiện về dữ liệu" in page
        assert at("c7", looked) in page
        assert "Kín" not in page


class TestReading:
    def test_histograms_only_of_what_lies_on_a_line(self):
        assert seen.bars_of("a", ["b", "c", "d", "e", "f"], "g") == []
        assert seen.bars_of(3, [3, 3, 3, 3, 3], 3) == []
        assert seen.bars_of(1, [2, 3], 4) == []
        days = ["2020-01-02", "2020-02-01", "2020-03-01", "2023-01-01", "2023-06-01"]
        bars = seen.bars_of("2020-01-01", days, "2024-01-01")
        assert [bar["share"] for bar in bars] == [5, 20, 25, 25, 20, 5]
        assert (bars[0]["from"], bars[-1]["to"]) == ("2020-01-01", "2024-01-01")
        # 25 % of the rows within a month lie closer together than 25 % within three years.
        assert float(bars[2]["height"]) > float(bars[3]["height"]) * 10

    def test_rare_values_of_sensitive_columns_are_held_back(self):
        top = [{"value": "a", "count": 10}, {"value": "b", "count": 9}]
        assert seen.shown_top(top, sensitive=True) == (top[:1], 1)
        assert seen.shown_top(top, sensitive=False) == (top, 0)

    def test_the_gravest_finding_names_a_column(self):
        assert rules.gravest([{"severity": "info"}, {"severity": "error"}]) == "error"
        assert rules.gravest([]) == ""


class TestProgrammes:
    """What programs read of a look."""

    @carries("SEC-02")
    def test_tables_and_columns_without_personal_values(self, looked, browse):
        base = f"/api/v1/databases/{looked.database.code}/surveys"
        browser = browse(looked.owner)
        assert browser.get(base).json()[0]["columns"] == 3
        found = browser.get(f"{base}/latest/tables").json()
        assert found["tables"][0]["columns"][1]["semantic_type"]["name"] == "person_name"
        assert found["tables"][0]["reading"]["encoding"] == "cp1258"
        assert "Kín" not in json.dumps(found, ensure_ascii=False)
        assert browser.get(f"{base}/latest/tables?table=khac").json()["tables"] == []

    @pytest.mark.parametrize(
        ("role", "unit", "status"),
        [(Role.FOCAL_OFFICER, "justice", 200), (Role.DATABASE_OWNER, "health", 404), (Role.ADMINISTRATOR, "justice", 404)],
    )  # fmt: skip
    def test_who_may_read_them(self, looked, browse, client, role, unit, status):
        address = f"/api/v1/databases/{looked.database.code}/surveys/latest/tables"
        assert client.get(address).status_code == 403
        assert browse(looked.actor(getattr(looked, unit), role)).get(address).status_code == status
