"""The days on which rules change: what each rule says before and after, who is competent, and what things are called."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.foundation.tracing import carries
from lienthong.law import queries
from lienthong.law.errors import LabelNotInForce, NoAuthorityNamed, ParameterNotInForce
from lienthong.law.models import Mark, Parameter

pytestmark = pytest.mark.django_db

DAYS = (date(2025, 8, 18), date(2025, 8, 19), date(2025, 10, 22), date(2026, 7, 1), date(2026, 11, 11))
MARKS = {"v": Mark.VERIFIED, "s": Mark.SECONDARY, "u": Mark.UNVERIFIED, "a": Mark.AGENCY}
WORDS = {
    "SIX": "name,purpose,scope_and_master_data,users_and_purposes,sources,sharing_method",
    "LIST": "name,purpose,scope,master_data,users_and_purposes,sources,sharing_method",
    "THREE": "written,reason,limiting_law",
}
# Key (@ the database it is for) | what holds on each of the five days, with its mark: v read in the text, s told by others,
# u not verified, a a rule of the agency. A value without a number is its unit. Checked against the reading of the texts.
VALUES = """
access_log.other.level2                            | -                | -                | 1 s              | 1 s              | 1 s
access_log.other.level5                            | -                | -                | 12 s             | 12 s             | 12 s
catalogue.first_issue                              | 6 v              | -                | -                | -                | -
data_audit.cycle.quarter                           | -                | -                | -                | 1 s              | 1 s
data_audit.cycle.year                              | -                | -                | -                | 1 s              | 1 s
data_check.cycle                                   | 1 v              | 1 v              | 1 a              | 1 a              | 1 a
data_check.report                                  | 12-31 v          | 12-31 v          | 12-31 a          | 12-31 a          | 12-31 a
data_crosscheck.all                                | 1 a              | 1 a              | 1 a              | 1 a              | 1 a
data_crosscheck.by_db@thi-hanh-an-hinh-su          | -                | -                | -                | 1 v              | 1 v
data_crosscheck.security.by_db@thi-hanh-an-hinh-su | -                | -                | -                | 1 v              | 1 v
data_maturity.scale                                | -                | -                | -                | 5 s              | 5 s
db.ranking.cycle                                   | -                | -                | 1 u              | 1 u              | 1 u
default_list.review                                | 6 v              | 6 v              | 6 a              | 6 a              | 6 a
default_share.account                              | 5 v              | 2 v              | 2 a              | 2 a              | 2 a
discrepancy.repair                                 | immediate v      | immediate v      | immediate a      | immediate a      | immediate a
dispute.it_unit                                    | 7 v              | 7 v              | 7 a              | 7 a              | 7 a
dispute.ministry_pm                                | none v           | none v           | none u           | none u           | none u
dispute.provider                                   | 7 v              | 7 v              | 7 a              | 7 a              | 7 a
dqi.identifier_fields                              | -                | -                | -                | -                | 100 s
dqi.threshold.green                                | -                | -                | -                | -                | 90 s
dqi.threshold.yellow                               | -                | -                | -                | -                | 75 s
focal.contact_confirmation                         | 6 a              | 6 a              | 6 a              | 6 a              | 6 a
governance.phase1.group1                           | -                | -                | -                | -                | 30 s
governance.phase1.group2                           | -                | -                | -                | -                | 45 s
governance.phase2.group1                           | -                | -                | -                | -                | 4 s
governance.phase2.group2                           | -                | -                | -                | -                | 6 s
governance.phase3.review                           | -                | -                | -                | -                | 1 s
governance.status_review                           | -                | -                | -                | -                | 15 s
id_code.migration                                  | 24 v             | -                | -                | -                | -
mandatory.appendix1.standardised                   | -                | -                | 2025-12-31 s     | 2025-12-31 s     | 2025-12-31 s
mandatory.connect.all                              | -                | -                | 2026-12-31 s     | 2026-12-31 s     | 2026-12-31 s
mandatory.connect.by_db@thi-hanh-an-hinh-su        | -                | -                | -                | 2027-07-01 v     | 2027-07-01 v
mandatory_list.review                              | -                | -                | unknown u        | unknown u        | unknown u
ndb.dossier.deadline.decree                        | 3 v              | -                | -                | -                | -
ndb.dossier.deadline.dispatch                      | 2020-07-30 s     | -                | -                | -                | -
ndb.dossier.parts                                  | SIX v            | LIST u           | LIST u           | LIST u           | LIST u
ndb.list.approver                                  | prime_minister v | prime_minister v | prime_minister v | prime_minister v | prime_minister v
ndop.dossier.appraisal                             | -                | -                | -                | -                | 14 s
ndop.request.type1.approval                        | -                | -                | -                | -                | none s
ndop.request.type2.days                            | -                | -                | unknown u        | unknown u        | unknown u
ndop.request.type3.days                            | -                | -                | unknown u        | unknown u        | unknown u
ndop.security_minutes.validity                     | -                | -                | -                | -                | 6 s
nonopen_request.reply@xay-dung                     | -                | -                | -                | 3 v              | 3 v
online_suspension.notice                           | -                | -                | -                | 7 v              | 7 v
open.access.fee                                    | 0 v              | 0 v              | 0 v              | 0 v              | 0 v
open.access.identification                         | false v          | false v          | false v          | false v          | false v
open.min_datasets_per_unit                         | 1 s              | 1 a              | 1 a              | 1 a              | 1 a
open_catalogue.review                              | 6 v              | 6 u              | 6 a              | 6 a              | 6 a
open_dataset.update                                | 3 v              | 3 u              | 3 a              | 3 a              | 3 a
open_list.send_to_mps                              | true s           | true s           | true s           | true s           | true s
overlap.decision                                   | 10 a             | 10 a             | 10 a             | 10 a             | 10 a
pdp.breach.notify                                  | -                | -                | -                | 72 s             | 72 s
pdp.dpia.submit                                    | -                | -                | -                | 60 s             | 60 s
pdp.dpia.update                                    | -                | -                | -                | 6 s              | 6 s
pdp.dpia.update.big_change                         | -                | -                | -                | 10 s             | 10 s
pdp.request.perform.delete                         | -                | -                | -                | 20 s             | 20 s
pdp.request.perform.delete_third_party             | -                | -                | -                | 30 s             | 30 s
pdp.request.perform.limit                          | -                | -                | -                | 15 s             | 15 s
pdp.request.perform.limit_third_party              | -                | -                | -                | 20 s             | 20 s
pdp.request.perform.view                           | -                | -                | -                | 10 s             | 10 s
pdp.request.perform.view_third_party               | -                | -                | -                | 15 s             | 15 s
pdp.request.reply                                  | -                | -                | -                | 2 s              | 2 s
platform.minimum.existing                          | -                | -                | -                | 2028-12-31 v     | 2028-12-31 v
platform.minimum.new                               | -                | -                | -                | 2027-07-01 v     | 2027-07-01 v
processing_log.core_important                      | -                | -                | 6 s              | 6 s              | 6 s
quality.incident.complex                           | -                | -                | -                | -                | 15 s
quality.incident.fix                               | -                | -                | -                | -                | 5 s
quality.incident.fix.total                         | -                | -                | -                | -                | 10 s
quality.incident.verify                            | -                | -                | -                | -                | 5 s
refusal.content                                    | reason v         | THREE v          | THREE v          | THREE v          | THREE v
refusal.days                                       | 5 u              | 2 u              | 2 a              | 2 a              | 2 a
risk_assessment.core_important                     | -                | -                | 1 s              | 1 s              | 1 s
roles.cdo                                          | -                | -                | -                | -                | 1 s
roles.commune_contact                              | -                | -                | -                | -                | 1 s
roles.focal_officer                                | 1 v              | 1 v              | 1 a              | 1 a              | 1 a
roles.steward                                      | -                | -                | -                | -                | 1 s
sanction.from                                      | -                | -                | -                | -                | 2026-11-11 s
service.publish                                    | 1 v              | 1 v              | 1 a              | 1 a              | 1 a
service.update                                     | immediate v      | immediate v      | immediate a      | immediate a      | immediate a
share.fee.between_agencies                         | 0 v              | 0 v              | 0 v              | 0 v              | 0 v
specific_share.answer                              | none v           | none v           | none u           | none u           | none u
specific_share.sign                                | none v           | none v           | none u           | none u           | none u
steering_committee.setup                           | -                | -                | -                | 2026-01-31 v     | 2026-01-31 v
suspend.planned.notice                             | 7 v              | 7 v              | 7 a              | 7 a              | 7 a
suspend.violation.notice                           | 1 v              | 1 v              | 1 a              | 1 a              | 1 a
sync.escalation                                    | 3 a              | 3 a              | 3 a              | 3 a              | 3 a
sync.max_delay.all                                 | 1 a              | 1 a              | 1 a              | 1 a              | 1 a
sync.max_delay.by_db@ly-lich-tu-phap               | -                | -                | -                | 1 v              | 1 v
"""
AUTHORITIES = """
digital_architecture         | science_technology_ministry s | science_technology_ministry s | science_technology_ministry s | science_technology_ministry v | science_technology_ministry v
fines                        | -                             | -                             | -                             | -                             | not_confirmed u
issue_last_level             | prime_minister v              | prime_minister v              | public_security_ministry u    | public_security_ministry u    | public_security_ministry u
master_data_list             | -                             | -                             | public_security_minister s    | public_security_minister s    | public_security_minister s
master_data_sync             | -                             | -                             | -                             | owner_with_public_security v  | owner_with_public_security v
national_exchange_platform   | science_technology_ministry u | science_technology_ministry u | science_technology_ministry v | science_technology_ministry v | science_technology_ministry v
national_list_approval       | prime_minister v              | prime_minister v              | prime_minister v              | prime_minister v              | prime_minister v
national_list_consolidation  | science_technology_ministry u | science_technology_ministry u | not_confirmed u               | not_confirmed u               | not_confirmed u
open_list_receiver           | public_security_ministry s    | public_security_ministry s    | public_security_ministry s    | public_security_ministry s    | public_security_ministry s
orchestration_platform       | -                             | public_security_ministry s    | public_security_ministry s    | public_security_ministry s    | public_security_ministry s
province_compliance          | -                             | -                             | province_police u             | province_police u             | province_police u
province_coordination        | province_science_department u | province_science_department u | province_science_department u | province_science_department v | province_science_department v
request_content              | provider v                    | provider v                    | data_owner s                  | data_owner s                  | data_owner s
request_technical_appraisal  | -                             | -                             | national_data_centre s        | national_data_centre s        | national_data_centre s
sharing_guidance_inspection  | science_technology_ministry u | science_technology_ministry u | public_security_ministry s    | public_security_ministry s    | public_security_ministry s
"""
LABELS = """
AGENT_NODE           | -                                  | điểm kết nối bảo mật (Agent Node)
CDO                  | cán bộ đầu mối                     | người chịu trách nhiệm quản trị, quản lý dữ liệu
DATA_AUDIT           | kiểm tra, đánh giá dữ liệu         | kiểm toán dữ liệu
DEFAULT_SHARING      | chia sẻ dữ liệu mặc định           | chia sẻ bắt buộc, dữ liệu dùng chung
MANDATORY_SHARING    | -                                  | chia sẻ bắt buộc
NATIONAL_MASTER_DATA | dữ liệu chủ                        | dữ liệu chủ quốc gia
NDOP                 | -                                  | nền tảng chia sẻ, điều phối dữ liệu
OPEN_DATA            | dữ liệu mở                         | dữ liệu mở
PRIVATE_USE          | -                                  | dữ liệu dùng riêng
SHARED_DATA          | -                                  | dữ liệu dùng chung
SPECIFIC_SHARING     | chia sẻ dữ liệu theo yêu cầu đặc thù | khai thác theo yêu cầu, đặc biệt
"""


def rows(table: str) -> dict[str, list[str]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return {name: cells for name, *cells in lines}


@carries("CFG-01", "D194-11", "D278-19", "OTH-10")
def test_every_parameter_says_what_the_texts_say_on_the_days_on_which_they_change(law: None) -> None:
    table = rows(VALUES)
    told = {(name.partition("@")[0], name.partition("@")[2]) for name in table}
    assert told <= {(row.key, row.database_code) for row in Parameter.objects.all()}
    for name, cells in table.items():
        key, _, database = name.partition("@")
        for day, cell in zip(DAYS, cells, strict=True):
            found = queries.parameter_row(key, on=day, database_code=database or None)
            if cell == "-":
                assert found is None, (name, day)
                continue
            value, mark = cell.split(" ")
            assert found is not None, (name, day)
            assert (found.value or found.unit) == WORDS.get(value, value), (name, day)
            assert found.mark == MARKS[mark], (name, day)
            assert found.rule_set.holds_on(day), (name, day)


@carries("D278-16")
def test_every_topic_names_who_is_competent_on_these_days(law: None) -> None:
    for topic, cells in rows(AUTHORITIES).items():
        for day, cell in zip(DAYS, cells, strict=True):
            if cell == "-":
                with pytest.raises(NoAuthorityNamed):
                    queries.authority_role(topic, on=day)
                continue
            role, mark = cell.split(" ")
            found = queries.authority_role(topic, on=day)
            assert (found.role, found.mark) == (role, MARKS[mark]), (topic, day)


@carries("CFG-01")
def test_every_word_is_that_of_the_rule_set_of_the_day(law: None) -> None:
    for code, (before, after) in rows(LABELS).items():
        for day in DAYS:
            expected = before if day < DAYS[2] else after
            if expected == "-":
                with pytest.raises(LabelNotInForce):
                    queries.label(code, on=day)
            else:
                assert queries.label(code, on=day).vi == expected, (code, day)


@carries("OTH-02", "D278-18")
def test_one_database_has_its_own_day_and_all_others_the_general_one(law: None) -> None:
    def due(database: str, day: date) -> object:
        return queries.parameter("mandatory.connect.all", on=day, database_code=database).value

    assert due("thi-hanh-an-hinh-su", date(2026, 6, 30)) == date(2026, 12, 31)
    assert due("thi-hanh-an-hinh-su", date(2026, 7, 1)) == date(2027, 7, 1)
    assert due("ly-lich-tu-phap", date(2026, 11, 11)) == date(2026, 12, 31)
    with pytest.raises(ParameterNotInForce):
        queries.parameter("sync.max_delay.by_db", on=date(2026, 7, 1), database_code="thi-hanh-an-hinh-su")
    delay = queries.parameter("sync.max_delay.by_db", on=date(2026, 7, 1), database_code="ly-lich-tu-phap")
    assert (delay.value, delay.unit) == (1, "working_day")


def test_fines_are_none_the_day_before_they_hold(law: None) -> None:
    assert queries.find_parameter("sanction.from", on=date(2026, 11, 10)) is None
    assert queries.find_parameter("sanction.from", on=date(2026, 11, 11)) is not None
    assert queries.find_parameter("online_suspension.notice", on=date(2026, 6, 30)) is None
