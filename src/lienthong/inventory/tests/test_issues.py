"""Quality warnings: from a finding to a newer look that shows it gone; terms, lists, rights, secrets, the workbook."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import DataField
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed, StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries
from lienthong.inventory import rules
from lienthong.inventory.commands import (
    begin_survey,
    close_issue,
    confirm_issue,
    keep_table,
    list_issues_anew,
    open_issue,
    open_issue_from_finding,
    recheck_issue,
    recheck_mended,
    record_survey,
    report_mended,
    report_overdue_issues,
)
from lienthong.inventory.demo import make_source
from lienthong.inventory.errors import FindingGone, IssueIncomplete, LookNeeded, StillFound
from lienthong.inventory.models import IssueState, QualityIssue
from lienthong.law.queries import clocks_of

FINDING = {
    "code": "check_digit", "place": "doanh_nghiep.mst", "severity": "error",
    "evidence": {"count": 7, "text": "7 dòng sai số kiểm tra (1,2%)", "text_en": "7 rows have a wrong check digit (1.2%)"},
}  # fmt: skip


def look(world, *findings) -> None:
    """A look at the database that made these findings in its column."""
    survey = begin_survey(actor=world.owner, database=world.database)
    column = {
        "name": "mst", "type": "text", "nulls": 0, "distinct": 600, "min": "01", "max": "99", "findings": list(findings),
    }  # fmt: skip
    form = {"name": "doanh_nghiep", "rows": 600, "primary_key": [], "foreign_keys": [], "columns": [column]}
    keep_table(survey=survey, place=1, form=form)
    record_survey(actor=world.owner, survey=survey)


@pytest.fixture
def warned(world, sources):
    (sources / "x.csv").write_text("mst\n1\n", encoding="utf-8")
    make_source(world.database, sources / "x.csv")
    look(world, FINDING)
    return world


@pytest.fixture
def issue(warned):
    return open_issue_from_finding(
        actor=warned.owner, database=warned.database, table="doanh_nghiep", column="mst", rule="check_digit"
    )


@pytest.fixture
def browse(client):
    def as_(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return as_


class TestOpening:
    @carries("GOVF-12", "LDL-06")
    def test_a_finding_becomes_a_warning_with_its_terms_once(self, warned, issue):
        again = open_issue_from_finding(
            actor=warned.owner,
            database=warned.database,
            table="doanh_nghiep",
            column="mst",
            rule="check_digit",
        )
        assert again == issue
        assert (issue.error_type, issue.light, issue.warned_by) == ("wrong_value", "red", "look")
        assert issue.text("vi").startswith("7 dòng sai số kiểm tra")
        assert issue.text("en").startswith("7 rows")
        assert issue.field == DataField.objects.get(name="mst")
        terms = {clock.parameter_key: clock.value for clock in clocks_of(issue)}
        assert terms == {"quality.incident.fix.total": "10", "quality.incident.verify": "5"}
        work = Work.objects.get(act="settle_quality_issue", done_at=None)
        assert (work.number, work.due_at) == (issue.number, issue.clock.due_at)

    def test_a_warning_from_before_the_rule_has_no_term(self, warned):
        made = open_issue(
            actor=warned.owner, database=warned.database, text="Sai tên xã", error_type="wrong_value", light="yellow",
            received_at=timezone.now().replace(year=2026, month=3, day=2),
        )  # fmt: skip
        assert made.clock is None

    def test_a_complex_warning_has_the_longer_term(self, warned):
        made = open_issue(
            actor=warned.owner, database=warned.database, text="Chưa rõ bên nào đúng", error_type="off_authority",
            light="yellow", warned_by="authority", is_complex=True,
        )  # fmt: skip
        assert made.clock.value == "15"

    def test_what_is_not_found_any_more_opens_nothing(self, warned):
        with pytest.raises(FindingGone):
            open_issue_from_finding(
                actor=warned.owner,
                database=warned.database,
                table="doanh_nghiep",
                column="mst",
                rule="outlier",
            )
        with pytest.raises(IssueIncomplete):
            open_issue(
                actor=warned.owner, database=warned.database, text=" ", error_type="stale", light="red"
            )

    def test_who_may_not_warn(self, warned):
        for agency, role in ((warned.health, Role.DATABASE_OWNER), (warned.justice, Role.ADMINISTRATOR)):
            with pytest.raises(NotAllowed):
                open_issue(
                    actor=warned.actor(agency, role), database=warned.database, text="Sai tên", error_type="stale", light="red"
                )  # fmt: skip

    def test_every_rule_has_one_of_the_eight_types(self):
        from lienthong.inventory.models import ErrorType

        assert set(rules.ERROR_TYPES.values()) < set(ErrorType.values)
        assert len(ErrorType.values) == 8


class TestSettling:
    @carries("GOVF-12")
    def test_only_a_newer_look_closes_what_a_look_has_found(self, warned, issue):
        confirm_issue(actor=warned.owner, issue=issue, cause="Nhập tay sai")
        assert "quality.incident.fix" in {c.parameter_key for c in clocks_of(issue) if c.is_running}
        report_mended(actor=warned.owner, issue=issue, measure="Tra cứu, sửa 7 mã")
        with pytest.raises(LookNeeded):
            recheck_issue(actor=warned.owner, issue=issue)
        with pytest.raises(StillFound):
            close_issue(actor=warned.owner, issue=issue, outcome="Đã sửa xong")
        look(warned, FINDING)
        assert recheck_mended(actor=warned.owner, database=warned.database) == 1
        issue.refresh_from_db()
        assert issue.state == IssueState.CONFIRMED
        report_mended(actor=warned.owner, issue=issue, measure="Sửa nốt")
        look(warned)
        recheck_mended(actor=warned.owner, database=warned.database)
        issue.refresh_from_db()
        assert issue.state == IssueState.CLOSED
        assert issue.rechecked is not None
        assert not Work.objects.filter(act="settle_quality_issue", done_at=None).exists()
        assert not [clock for clock in clocks_of(issue) if clock.is_running]

    def test_what_is_no_error_is_closed_with_a_reason(self, warned, issue):
        with pytest.raises(IssueIncomplete):
            close_issue(actor=warned.owner, issue=issue, outcome="ok")
        close_issue(actor=warned.owner, issue=issue, outcome="Mã nước ngoài, không có số kiểm tra")
        with pytest.raises(StepNotAllowed):
            close_issue(actor=warned.owner, issue=issue, outcome="Thêm lần nữa")

    @carries("GOVF-12")
    def test_what_is_overdue_is_reported_to_the_head_once(self, warned, issue):
        assert report_overdue_issues(now=timezone.now()) == 0
        late = issue.clock.due_at + timedelta(minutes=1)
        assert report_overdue_issues(now=late) == 1
        assert report_overdue_issues(now=late) == 0
        assert Event.objects.filter(name__endswith="IssueOverdue").count() == 1
        work = Work.objects.get(act="quality_issue_overdue")
        assert (work.unit, work.role) == (warned.province, Role.HEAD)

    @carries("SEC-01")
    def test_a_secret_takes_its_warnings_off_the_lists(self, warned, issue):
        mark_secret(actor=warned.keeper, database=warned.database, reason="r")
        warned.database.refresh_from_db()
        list_issues_anew(database=warned.database)
        work = Work.objects.get(subject_kind="inventory.qualityissue")
        assert (work.role, work.about) == (Role.SECRETS_KEEPER, "")


class TestPages:
    def test_one_press_opens_a_warning_and_it_is_walked_to_its_end(self, warned, browse):
        browser = browse(warned.owner)
        column = f"/lam-viec/csdl/{warned.database.code}/cot/{DataField.objects.get().pk}/du-lieu/"
        assert 'name="ma" value="check_digit"' in browser.get(column).content.decode()
        opened = browser.post(
            f"/lam-viec/csdl/{warned.database.code}/canh-bao/", {"bang": "doanh_nghiep", "cot": "mst", "ma": "check_digit"}
        )  # fmt: skip
        issue = QualityIssue.objects.get()
        address = opened["Location"]
        assert issue.number in browser.get(column).content.decode()
        assert "7 dòng sai số kiểm tra" in browser.get(address).content.decode()
        assert "Chưa nhập nguyên nhân" in browser.post(address, {"viec": "xac-minh"}).content.decode()
        browser.post(address, {"viec": "xac-minh", "cause": "Nhập tay sai"})
        browser.post(address, {"viec": "da-sua", "measure": "Đã sửa 7 mã"})
        assert browser.post(address, {"viec": "kiem-tra"}).status_code == 409
        assert browser.post(address, {"viec": "khac"}).status_code == 422
        assert "Mended, to be rechecked" in browser.get("/en" + address).content.decode()

    def test_the_log_is_filtered_and_downloaded(self, warned, issue, browse):
        browser = browse(warned.owner)
        assert issue.number in browser.get("/lam-viec/chat-luong/?muc=red&loai=wrong_value").content.decode()
        assert (
            "Không có kết quả với 1 điều kiện lọc"
            in browser.get("/lam-viec/chat-luong/?muc=green").content.decode()
        )
        book = browser.get("/lam-viec/chat-luong/xuat.xlsx")
        rows = rows_of(book.content)
        assert rows[2][0] == "Mã"
        assert rows[3][0] == issue.number
        assert rows[3][5] == "Đỏ"

    def test_programs_read_the_log(self, warned, issue, browse):
        found = browse(warned.owner).get("/api/v1/quality-warnings?severity=red").json()
        assert [one["number"] for one in found["items"]] == [issue.number]
        assert found["items"][0]["due_on"] == issue.clock.due_on.isoformat()
        assert browse(warned.actor(warned.health, Role.DATABASE_OWNER)).get("/api/v1/quality-warnings").json() == {
            "items": [], "after": None,
        }  # fmt: skip

    def test_a_warning_is_opened_by_hand(self, warned, browse):
        browser = browse(warned.actor(warned.justice, Role.FOCAL_OFFICER))
        address = f"/lam-viec/csdl/{warned.database.code}/canh-bao/"
        assert "errors-box" in browser.post(address, {}).content.decode()
        given = {
            "text": "Sở Y tế báo sai 12 mã",
            "error_type": "wrong_value",
            "light": "yellow",
            "warned_by": "consumer",
        }
        made = browser.post(address, given)
        assert "Sở Y tế báo sai 12 mã" in browser.get(made["Location"]).content.decode()

    @pytest.mark.parametrize(
        ("role", "unit", "status"),
        [
            (Role.DATABASE_OWNER, "justice", 200), (Role.FOCAL_OFFICER, "justice", 200), (Role.HEAD, "province", 200),
            (Role.ADMINISTRATOR, "justice", 404), (Role.DATABASE_OWNER, "health", 404),
            (Role.COORDINATING_MINISTRY, "ministry", 404),
        ],
    )  # fmt: skip
    def test_who_sees_a_warning(self, warned, issue, browse, role, unit, status):
        browser = browse(warned.actor(getattr(warned, unit), role))
        assert browser.get(f"/lam-viec/chat-luong/{issue.number}/").status_code == status
        listed = browser.get("/lam-viec/chat-luong/").content.decode()
        assert (issue.number in listed) == (status == 200)
