"""What a reader reports on open data: the form, the trap, the limit, the case that opens, the code; the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.authority import commands as authority
from lienthong.authority.models import CorrectionCase, CorrectionOrigin, CorrectionState
from lienthong.catalogue.commands import mark_secret
from lienthong.foundation.accounts.actor import SYSTEM, VISITOR
from lienthong.foundation.errors import DomainError
from lienthong.foundation.tracing import carries
from lienthong.law.queries import clocks_of
from lienthong.opendata import addresses, commands, rules
from lienthong.opendata.errors import ColumnsNotOpened, NotPublished, ReportTooShort
from lienthong.opendata.models import OpenDataset, ReaderReport, report_code

pytestmark = [pytest.mark.django_db]

FORM = "/du-lieu/danh-sach-xa/bao-sai/"
API = "/api/v1/open-datasets/danh-sach-xa/reports"
SAID = "Dân số của phường An Hòa là 21.000, theo Niên giám năm 2025."
SENT = {"subject": "values", "text": SAID, "columns": ["dan_so"], "keys": "00001\n", "publication": "1"}


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def sent(published: OpenDataset) -> ReaderReport:
    return commands.report_open_data(
        actor=VISITOR, open_dataset=published, text=SAID, columns=["dan_so"], keys=["00001"]
    )


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@carries("ODA-14", "QUA-01")
def test_anybody_reports_and_follows_by_the_code(
    published: OpenDataset, client: Client, as_officer: Callable[..., Client]
) -> None:
    # Given the page of the dataset, from which the form is reached.
    assert FORM in text_of(client.get("/du-lieu/danh-sach-xa/"))
    assert "Không cần tài khoản" in text_of(client.get(FORM))
    # When a visitor sends it.
    answer = client.post(FORM, SENT)
    report = ReaderReport.objects.get()
    case = report.case
    # Then a correction has begun, with its terms, and the address with the code is answered.
    assert answer.status_code == 302
    assert (
        answer["Location"]
        == addresses.report_address(report.code)
        == reverse("opendata-reported", args=[report.code])
    )
    assert (case.origin, case.state, case.reporter) == (
        CorrectionOrigin.PUBLIC,
        CorrectionState.REPORTED,
        None,
    )
    assert (case.columns, case.version, case.text) == (["dan_so"], report.publication.version.number, SAID)  # type: ignore[union-attr]
    assert case.rows.get().shown["key"] == {"ma_xa": "00001"}
    assert clocks_of(case).filter(stopped_at__isnull=True).exists()
    followed = client.get(answer["Location"])
    assert case.number in text_of(followed)
    assert SAID in text_of(followed)
    assert "Còn" in text_of(followed)
    assert followed["X-Robots-Tag"] == "noindex"
    # Who answers for the data finds it with the record of the dataset, and on the case that a reader reads along.
    owner = as_officer("chu-quan")
    assert case.number in text_of(owner.get("/lam-viec/du-lieu-mo/danh-sach-xa/"))
    assert "người dùng dữ liệu mở báo" in text_of(owner.get(f"/lam-viec/dinh-chinh/{case.number}/"))
    # And what is found, done and made known, the reader reads by the code; also typed as people type.
    authority.confirm_discrepancy(actor=SYSTEM, case=case, finding="Nhập nhầm hai chữ số")
    typed = report.code.replace("-", " ").lower()
    found = client.get("/bao-sai/", {"ma": typed}, follow=True)
    assert found.redirect_chain[-1][0] == answer["Location"]
    assert "Nhập nhầm hai chữ số" in text_of(found)
    assert "Dữ liệu có sai lệch." in text_of(found)
    assert "The data were found wrong." in text_of(client.get(f"/en{answer['Location']}"))


@carries("ODA-14")
def test_data_found_right_end_the_way_earlier(sent: ReaderReport, client: Client) -> None:
    page = addresses.report_address(sent.code)
    authority.find_no_discrepancy(actor=SYSTEM, case=sent.case, finding="Khớp Niên giám")
    shown = text_of(client.get(page))
    assert "Dữ liệu không sai lệch." in shown
    assert f"/can-bo-dau-moi/{sent.open_dataset.publisher.code}/hoi/" in shown
    assert "Đính chính" not in text_of(client.get(page)).split("Quá trình xử lý")[1].split("</section>")[0]
    authority.close_correction(actor=SYSTEM, case=sent.case, outcome="Đã trả lời")
    assert "Dữ liệu không sai lệch." in text_of(client.get(page))


@carries("QUA-01")
def test_a_correction_that_names_no_column_is_made_known_where_it_was_read(
    published: OpenDataset, client: Client
) -> None:
    report = commands.report_open_data(
        actor=VISITOR, open_dataset=published, text="Thiếu xã Đông Sơn", subject="coverage"
    )
    assert report.case.text.startswith("Thiếu dòng hoặc số liệu đã cũ: ")
    CorrectionCase.objects.filter(pk=report.case_id).update(
        state="broadcast", broadcast_at=report.reported_at, summary="Đã bổ sung xã Đông Sơn"
    )
    assert "Đã bổ sung xã Đông Sơn" in text_of(client.get("/du-lieu/danh-sach-xa/phien-ban/"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": ""}, "Có 1 nội dung cần sửa"),
        ({"text": "Sai"}, "chưa đủ rõ để kiểm tra"),
        ({"keys": "\n".join(str(one) for one in range(21))}, "không quá 20 dòng"),
        ({"website": "https://quang-cao.example"}, "chặn chương trình gửi tự động"),
        ({"columns": ["dien_thoai"]}, "Có 1 nội dung cần sửa"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_typed_is_lost(
    published: OpenDataset, client: Client, changed: dict[str, Any], said: str
) -> None:
    answer = client.post(FORM, SENT | changed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    if "text" not in changed:
        assert SAID in text_of(answer)
    assert not ReaderReport.objects.exists()


def test_a_program_that_sends_on_and_on_is_stopped(published: OpenDataset, client: Client) -> None:
    answers = [client.post(FORM, SENT).status_code for _time in range(11)]
    assert answers == [302] * 10 + [429]
    assert client.post(API, SENT | {"keys": [], "version": 1}, "application/json").status_code == 429
    assert ReaderReport.objects.count() == 10


@carries("SEC-01")
def test_nothing_is_reported_on_what_is_not_published(
    published: OpenDataset, sent: ReaderReport, client: Client
) -> None:
    for columns in (["dien_thoai"], ["khong_co"]):
        with pytest.raises(ColumnsNotOpened):
            commands.report_open_data(actor=VISITOR, open_dataset=published, text=SAID, columns=columns)
    with pytest.raises(ReportTooShort):
        commands.report_open_data(actor=VISITOR, open_dataset=published, text="   ngắn   ")
    commands.withdraw_publication(actor=SYSTEM, open_dataset=published, because="Rà soát lại")
    with pytest.raises(NotPublished):
        commands.report_open_data(actor=VISITOR, open_dataset=published, text=SAID)
    assert client.get(FORM).status_code == 410
    # What was sent is still followed; of what has become secret nothing is left.
    assert client.get(addresses.report_address(sent.code)).status_code == 200
    mark_secret(actor=SYSTEM, database=published.dataset.database, reason="Thuộc danh mục bí mật nhà nước")
    assert client.get(addresses.report_address(sent.code)).status_code == 404


def test_a_code_that_is_not_there_is_told(sent: ReaderReport, client: Client) -> None:
    assert client.get("/bao-sai/").status_code == 200
    for code in ("AAAA-AAAA-AAAA", "' OR 1=1", "Ố"):
        answer = client.get("/bao-sai/", {"ma": code})
        assert answer.status_code == 422
        assert "Không có báo dữ liệu sai nào mang mã này." in text_of(answer)
    assert client.get("/bao-sai/AAAA-AAAA-AAAA/").status_code == 404
    made = {report_code() for _time in range(50)}
    assert len(made) == 50
    assert all(rules.code_of(one.replace("-", "").lower()) == one for one in made)


@carries("ODA-14", "QUA-01")
def test_programs_report_and_follow_too(published: OpenDataset, client: Client) -> None:
    given = {"text": SAID, "columns": ["dan_so"], "keys": ["00001"], "version": 1}
    answer = client.post(API, given, "application/json")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["state"], told["dataset"], told["text"]) == ("reported", "danh-sach-xa", SAID)
    assert told["due_on"]
    assert client.get(f"/api/v1/open-data-reports/{told['code']}").json() == told
    assert client.get("/api/v1/open-data-reports/x").status_code == 404
    assert client.post(API, given | {"columns": ["dien_thoai"]}, "application/json").status_code == 422
    assert client.post(API, given | {"version": 9}, "application/json").status_code == 404
    assert client.post(API, given | {"subject": "khac"}, "application/json").status_code == 422


def test_every_refusal_says_what_to_do() -> None:
    from lienthong.opendata import errors

    found: list[DomainError] = [
        ColumnsNotOpened(columns="x"),
        ReportTooShort(least=10),
        errors.ReportUnknown(),
    ]
    assert all(one.text("vi") and one.hint("en") for one in found)
