"""What the law answers on a day: boundaries of the rule sets, overlays inside them, words, roles,
checklists.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lienthong.foundation.tracing import carries
from lienthong.law.errors import (
    LabelNotInForce,
    NoAuthorityNamed,
    NoRuleSetOn,
    ParameterNotInForce,
    ParameterUnknown,
    ProvisionUnknown,
)
from lienthong.law.models import Instrument, InstrumentStatus
from lienthong.law.queries import (
    authority_role,
    calendar,
    checklist,
    find_parameter,
    instrument_cited,
    instruments_cited,
    label,
    parameter,
    parameters_on,
    provision,
    provision_of,
    rule_set_on,
)
from lienthong.law.rules import notice_in_time
from lienthong.law.standing import endings_on

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@carries("CFG-01", "DSH-04", "D194-11", "D278-19")
@pytest.mark.parametrize(
    ("day", "value", "mark", "rule_set"),
    [
        (date(2025, 8, 18), 5, "verified", "ND47-ORIGINAL"),
        (date(2025, 8, 19), 2, "verified", "ND47-AS-AMENDED-194"),
        (date(2025, 10, 21), 2, "verified", "ND47-AS-AMENDED-194"),
        (date(2025, 10, 22), 2, "agency", "DATA-LAW-2025"),
    ],
)
def test_account_is_due_in_5_then_2_then_2_days_set_by_the_agency(law, day, value, mark, rule_set) -> None:
    found = parameter("default_share.account", on=day)
    assert (found.value, found.unit, found.mark, found.rule_set) == (value, "working_day", mark, rule_set)


def test_a_moment_is_the_day_in_vietnam(law) -> None:
    # 18:00 UTC on 18/08 is already 19/08 in Vietnam
    assert parameter("default_share.account", on=datetime(2025, 8, 18, 18, tzinfo=UTC)).value == 2
    assert rule_set_on(datetime(2025, 8, 18, 16, tzinfo=UTC)).code == "ND47-ORIGINAL"


def test_parameter_says_where_it_is_written(law) -> None:
    found = parameter("default_share.account", on=date(2025, 8, 18))
    assert found.provision is not None
    assert found.provision.citation_vi == "khoản 3 Điều 35 Nghị định số 47/2020/NĐ-CP"
    assert found.provision.citation_en == "Article 35, clause 3, Decree 47/2020/NĐ-CP"
    assert found.source == ("PD47",)
    assert found.label_vi == "Thời hạn cấp tài khoản kết nối"
    assert parameter("default_share.account", on=date(2026, 1, 1)).citation == ""


def test_planned_stop_of_online_information_has_a_rule_from_july_2026(law) -> None:
    # Given a stop of the open-data page announced 6 working days ahead
    given, stop = datetime(2026, 6, 30, 2, tzinfo=UTC), datetime(2026, 7, 8, 2, tzinfo=UTC)
    # Then no rule is known on 30/06/2026, and on 01/07/2026 it comes too late
    assert find_parameter("online_suspension.notice", on=date(2026, 6, 30)) is None
    with pytest.raises(ParameterNotInForce) as refused:
        parameter("online_suspension.notice", on=date(2026, 6, 30))
    assert "30/06/2026" in refused.value.text("vi")
    assert "2026-06-30" in refused.value.text("en")
    rule = parameter("online_suspension.notice", on=date(2026, 7, 1))
    assert (rule.value, rule.unit, rule.bound, rule.ahead, rule.mark) == (
        7, "working_day", "at_least", True, "verified",
    )  # fmt: skip
    assert not notice_in_time(given, stop, rule.value, rule.unit, calendar())


@carries("D278-10", "CON-06")
def test_one_decree_may_give_one_database_its_own_deadline(law) -> None:
    day = date(2027, 1, 2)
    own = parameter("mandatory.connect.all", on=day, database_code="thi-hanh-an-hinh-su")
    assert (own.value, own.mark, own.key) == (date(2027, 7, 1), "verified", "mandatory.connect.by_db")
    assert own.value > day
    other = parameter("mandatory.connect.all", on=day, database_code="dat-dai")
    assert other.value == date(2026, 12, 31)
    assert other.value < day
    assert parameter("mandatory.connect.all", on=day).value == date(2026, 12, 31)
    assert parameter("mandatory.connect.by_db", on=day, database_code="thi-hanh-an-hinh-su") == own
    with pytest.raises(ParameterNotInForce):
        parameter("mandatory.connect.by_db", on=day, database_code="dat-dai")


@carries("OTH-11")
def test_fines_are_told_from_the_day_they_hold(law) -> None:
    assert find_parameter("sanction.from", on=date(2026, 11, 10)) is None
    assert parameter("sanction.from", on=date(2026, 11, 11)).value == date(2026, 11, 11)


@carries("NDB-06", "LTE-03")
@pytest.mark.parametrize(
    ("day", "role"),
    [
        (date(2020, 5, 25), "government"),
        (date(2024, 6, 30), "government"),
        (date(2024, 7, 1), "prime_minister"),
        (date(2026, 3, 28), "prime_minister"),
    ],
)
def test_approver_of_the_national_list_changes_inside_a_rule_set(law, day, role) -> None:
    assert parameter("ndb.list.approver", on=day).value == role
    assert authority_role("national_list_approval", day).role == role


@carries("LTE-11", "ODA-08")
def test_open_data_are_free_and_ask_for_no_name_under_every_rule_set(law) -> None:
    for day in (date(2020, 6, 1), date(2024, 7, 1), date(2025, 9, 1), date(2026, 11, 19)):
        assert parameter("open.access.identification", on=day).value is False
        assert parameter("open.access.fee", on=day).value == 0


def test_what_is_not_in_force_is_said_clearly(law) -> None:
    with pytest.raises(NoRuleSetOn, match="2020-05-24"):
        parameter("default_share.account", on=date(2020, 5, 24))
    with pytest.raises(ParameterUnknown):
        parameter("no.such.key", on=date(2026, 1, 1))
    with pytest.raises(ParameterNotInForce) as refused:
        parameter("catalogue.first_issue", on=date(2026, 1, 1))
    assert "Luật Dữ liệu" in refused.value.text("vi")
    assert find_parameter("no.such.key", on=date(2026, 1, 1)) is None


def test_what_the_law_leaves_open_has_no_value(law) -> None:
    none = parameter("specific_share.answer", on=date(2021, 1, 1))
    assert (none.value, none.unit, none.is_term) == (None, "none", False)
    promptly = parameter("service.update", on=date(2021, 1, 1))
    assert (promptly.value, promptly.unit) == (None, "immediate")
    assert parameter("ndop.request.type2.days", on=date(2026, 1, 1)).unit == "unknown"


def test_families_and_days_are_listed(law) -> None:
    keys = {found.key for found in parameters_on(date(2026, 11, 19), "pdp.")}
    assert "pdp.breach.notify" in keys
    assert len(keys) == 11
    assert not parameters_on(date(2025, 11, 19), "pdp.")


@carries("D165-02")
def test_open_list_goes_to_public_security_inside_the_first_rule_set(law) -> None:
    assert find_parameter("open_list.send_to_mps", on=date(2025, 6, 30)) is None
    assert parameter("open_list.send_to_mps", on=date(2025, 7, 1)).value is True
    assert authority_role("open_list_receiver", date(2025, 7, 1)).role == "public_security_ministry"


def test_words_follow_the_rule_set(law) -> None:
    assert label("DEFAULT_SHARING", date(2025, 10, 21)).vi == "chia sẻ dữ liệu mặc định"
    assert "mặc định" not in label("DEFAULT_SHARING", date(2025, 10, 22)).vi
    assert label("CDO", date(2025, 1, 1)).vi == "cán bộ đầu mối"
    assert label("NDOP", date(2026, 1, 1)).en == "National Data Orchestration Platform"
    with pytest.raises(LabelNotInForce):
        label("NDOP", date(2025, 10, 21))


def test_competent_role_is_missing_where_the_law_names_none(law) -> None:
    with pytest.raises(NoAuthorityNamed):
        authority_role("master_data_list", date(2025, 10, 21))
    assert authority_role("master_data_list", date(2025, 10, 22)).role == "public_security_minister"


@carries("REG-04", "REG-05", "REG-06", "CAT-02", "INV-02", "LTE-07")
@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (date(2021, 1, 1), "nd-47-2020/22.1"),
        (date(2025, 9, 1), "nd-47-2020/22.1"),
        (date(2025, 10, 22), "luat-20-2023/42.1.c"),
    ],
)
def test_gate_has_five_lines_with_the_basis_of_the_day(law, day, basis) -> None:
    lines = checklist("go_live", day)
    assert [line.requirement for line in lines] == ["REG-04", "REG-05", "REG-06", "CAT-02", "INV-02"]
    assert lines[0].provision.ref == basis
    for line in lines:
        assert line.provision.citation_vi
        assert line.hint_vi
        assert line.hint_en
        assert endings_on(day).holds(provision(line.provision.ref)), line


def test_provision_of_a_requirement_is_one_that_is_in_force(law) -> None:
    assert provision_of("REG-04", date(2025, 10, 21)) == "nd-47-2020/22.1"
    assert provision_of("REG-04", date(2025, 10, 22)) == "luat-20-2023/42.1.c"
    assert provision_of("ODA-10", date(2025, 8, 18)) == "nd-47-2020/20.3"
    assert provision_of("ODA-10", date(2026, 1, 1)) == "nd-194-2025/22"
    assert (
        provision("nd-47-2020/16.2.đ").citation("vi") == "điểm đ khoản 2 Điều 16 Nghị định số 47/2020/NĐ-CP"
    )
    assert provision("qd-2439-2025").citation("vi") == "Quyết định số 2439/QĐ-TTg"
    assert provision("cv-4856-2026/pl4-2").citation("en") == "Appendix 4, step 2, Dispatch 4856/BCA-TTDLQG"
    with pytest.raises(ProvisionUnknown):
        provision_of("ABC-99")
    with pytest.raises(ProvisionUnknown):
        provision("nd-47-2020/999")


@carries("D194-11")
def test_a_repealed_place_no_longer_holds(law) -> None:
    place = provision("nd-47-2020/20.3")
    assert endings_on(date(2025, 8, 18)).holds(place)
    assert not endings_on(date(2025, 8, 19)).holds(place)
    kept = provision("nd-47-2020/22.1")
    assert endings_on(date(2025, 10, 21)).holds(kept)
    assert not endings_on(date(2025, 10, 22)).holds(kept)


def test_status_of_a_text_on_a_day(law) -> None:
    decree = Instrument.objects.get(slug="nd-47-2020")
    assert decree.status_on(date(2020, 5, 24)) == InstrumentStatus.NOT_YET
    assert decree.status_on(date(2020, 5, 25)) == InstrumentStatus.IN_FORCE
    assert decree.status_on(date(2025, 9, 1), touched=True) == InstrumentStatus.PARTLY
    assert decree.status_on(date(2025, 10, 22)) == InstrumentStatus.ENDED
    assert (
        Instrument.objects.get(slug="luat-148-2025").status_on(date(2026, 1, 1)) == InstrumentStatus.UNKNOWN
    )


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("khoản 2 Điều 16 Nghị định 194/2025/NĐ-CP", ["nd-194-2025"]),
        ("Nghị định 47/2020, Nghị định số 47/2024/NĐ-CP", ["nd-47-2020", "nd-47-2024"]),
        ("Quyết định 714/QĐ-TTg ngày 22/05/2015", ["qd-714-2015"]),
        ("Luật Dữ liệu số 60/2024/QH15", ["luat-60-2024"]),
        ("theo quy định hiện hành, ngày 19/11/2026", []),
        ("", []),
    ],
)
def test_texts_are_recognised_by_their_number(law, text, slugs) -> None:
    assert [found.slug for found in instruments_cited(text)] == slugs
    first = instrument_cited(text)
    assert (first.slug if first else None) == (slugs[0] if slugs else None)


def test_one_lookup_is_one_query(law, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        parameter("default_share.account", on=date(2026, 1, 1))
