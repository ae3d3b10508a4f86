"""What people see of open data: the list, one dataset with its filters and files, the way to publication on the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.agencies.queries import focal_officer_of
from lienthong.authority import commands as authority
from lienthong.catalogue.commands import mark_secret
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.jobs.models import Job
from lienthong.foundation.tracing import carries
from lienthong.opendata import addresses, commands
from lienthong.opendata.demo import OPENED, make_classified
from lienthong.opendata.models import OpenDataset, OpenState
from lienthong.opendata.reading import replica_path

pytestmark = [pytest.mark.django_db]

SignIn = Callable[..., Client]
PLACE = "/du-lieu/danh-sach-xa/"
TABS = ("", "cot/", "phien-ban/", "api/")
DESK = "/lam-viec/du-lieu-mo/xa-chua-cong-bo/"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def table_of(answer: Any) -> str:
    found = re.search(r"<tbody>.*</tbody>", text_of(answer))
    return found[0] if found else ""


def test_stored_addresses_are_those_of_the_pages() -> None:
    assert addresses.public_address("x") == reverse("opendata-dataset", args=["x"])
    assert addresses.desk_address("x") == reverse("opendata-record", args=["x"])


# Public


@carries("ODA-08")
def test_everybody_finds_the_list_without_signing_in(published: OpenDataset, client: Client) -> None:
    page = text_of(client.get("/du-lieu/"))
    assert "Danh sách xã" in page
    assert "1 bộ dữ liệu" in page
    assert "List of communes" in text_of(client.get("/en/du-lieu/"))
    assert "Không có bộ dữ liệu" in text_of(client.get("/du-lieu/", {"chu_de": "Y tế"}))
    for page_far in ("99999", "-1", "x", "٣", "1e5", ""):
        assert client.get("/du-lieu/", {"sau": page_far}).status_code == 200


@carries("ODA-02", "ODA-13")
def test_a_dataset_shows_rows_files_licence_quality_and_who_answers(
    published: OpenDataset, client: Client
) -> None:
    page = text_of(client.get(PLACE))
    focal = focal_officer_of(published.dataset.database.managing_unit)
    assert focal is not None
    for words in (
        "Phường An Hòa", "12.000", "2,97", "01/07/2025", "1234,25", "CSV (cho Excel)", "XLSX", "Parquet",
        "Phải trích dẫn, ghi nhận cơ quan công bố dữ liệu.", "/100", focal.full_name, "Tổng hợp từ hồ sơ của Sở.",
        "22/QĐ-UBND", "gop-y@anloc.example",
    ):  # fmt: skip
        assert words in page, words
    for hidden in ("csv_excel", "dien_thoai", "0912345678"):
        assert hidden not in page.replace("/tai/1/csv_excel/", "")
    english = text_of(client.get(f"/en{PLACE}"))
    for words in (
        "List of communes",
        "1 July 2025",
        "1234.25",
        "Cite and credit the publishing agency.",
        "Download",
    ):
        assert words in english
    assert 'lang="en"' in english


def test_every_tab_opens_in_both_languages(published: OpenDataset, client: Client) -> None:
    for tab in TABS:
        for before in ("", "/en"):
            assert client.get(f"{before}{PLACE}{tab}").status_code == 200
    assert "số nguyên" in text_of(client.get(f"{PLACE}cot/"))
    assert "ma_xa=…" in text_of(client.get(f"{PLACE}api/"))
    assert "Công bố lần đầu" in text_of(client.get(f"{PLACE}phien-ban/"))


def test_rows_are_filtered_by_several_conditions_each_of_which_can_be_taken_off(
    published: OpenDataset, client: Client
) -> None:
    answer = client.get(
        PLACE, {"loc": "dac_khu:eq:false", "cot": "dien_tich", "phep": "ge", "gia_tri": "100,5"}
    )
    assert "Xã Ỗ Ẫ" in table_of(answer)
    assert "Phường An Hòa" not in table_of(answer)
    page = text_of(answer)
    assert "1 dòng thỏa mãn điều kiện" in page
    assert 'href="/du-lieu/danh-sach-xa/?loc=dac_khu%3Aeq%3Afalse"' in page
    assert "Không có dòng nào thỏa mãn" in text_of(client.get(PLACE, {"loc": "ma_xa:eq:99999"}))


@pytest.mark.parametrize(
    "query",
    [
        {"cot": "dien_thoai", "phep": "eq", "gia_tri": "0912345678"},
        {"cot": "khong_co", "phep": "eq", "gia_tri": "x"},
        {"cot": "dan_so", "phep": "ge", "gia_tri": "nhiều"},
        {"cot": "dan_so", "phep": "prefix", "gia_tri": "1"},
        {"cot": "thanh_lap", "phep": "eq", "gia_tri": "31/02/2025"},
        {"cot": "ma_xa' OR 1=1 --", "phep": "eq", "gia_tri": "x"},
        {"cot": "ma_xa", "phep": "eq", "gia_tri": "x\x00y"},
        {"cot": "ma_xa", "phep": "eq", "gia_tri": "9" * 5000},
        {"loc": ["a:eq:b"] * 100},
        {"sau": "khong-phai-dau"},
        {"sau": "\x00"},
    ],
)
def test_a_condition_that_cannot_be_asked_is_told_and_the_table_stays(
    published: OpenDataset, client: Client, query: dict[str, Any]
) -> None:
    answer = client.get(PLACE, query)
    assert answer.status_code == 200
    assert "0912345678" not in table_of(answer)


def test_a_refused_condition_keeps_what_was_typed(published: OpenDataset, client: Client) -> None:
    page = text_of(client.get(PLACE, {"cot": "dan_so", "phep": "ge", "gia_tri": "nhiều"}))
    assert "Chưa áp dụng điều kiện lọc" in page
    assert 'value="nhiều"' in page
    assert "Phường An Hòa" in page


def test_a_table_that_cannot_be_read_leaves_the_files(published: OpenDataset, client: Client) -> None:
    replica = replica_path(published)
    aside = replica.with_suffix(".aside")
    replica.rename(aside)
    try:
        page = client.get(PLACE)
    finally:
        aside.rename(replica)
    assert page.status_code == 200
    assert "vẫn tải được các tệp" in text_of(page)


@carries("ODA-08", "ODA-12")
def test_files_are_downloaded_by_anybody_and_counted(published: OpenDataset, client: Client) -> None:
    answer = client.get(f"{PLACE}tai/1/csv_excel/")
    assert answer["Content-Disposition"] == 'attachment; filename="danh-sach-xa-v1-excel.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")  # type: ignore[attr-defined]
    published.refresh_from_db()
    assert published.downloads == 1
    for missing in ("tai/2/csv/", "tai/1/exe/", "tai/999999999999999999999/csv/", "tai/1/csv_excel2/"):
        assert client.get(f"{PLACE}{missing}").status_code == 404


def test_the_permanent_address_leads_to_the_page(published: OpenDataset, client: Client) -> None:
    answer = client.get(f"/d/{published.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, PLACE)
    for missing in ("0", "999999999", "9" * 30):
        assert client.get(f"/d/{missing}/").status_code == 404


@carries("ODA-01")
def test_a_withdrawn_dataset_is_gone_with_its_reason_everywhere(
    published: OpenDataset, client: Client
) -> None:
    commands.withdraw_publication(actor=SYSTEM, open_dataset=published, because="Sai cột diện tích.")
    for address in (*(PLACE + tab for tab in TABS), f"{PLACE}tai/1/csv/", f"/d/{published.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert "Sai cột diện tích." in text_of(answer)
        assert "Danh sách xã" in text_of(answer)
    assert "was withdrawn on" in text_of(client.get(f"/en{PLACE}"))
    assert "Danh sách xã" not in text_of(client.get("/du-lieu/"))


@carries("SEC-01")
def test_a_secret_is_as_if_it_had_never_been(
    published: OpenDataset, dataset: Dataset, client: Client
) -> None:
    mark_secret(actor=SYSTEM, database=published.dataset.database, reason="Theo danh mục")
    for missing, secret in (
        (("/du-lieu/", "khong-co"), ("/du-lieu/", "danh-sach-xa")),
        (("/d/", "1000000"), ("/d/", str(published.pk))),
    ):
        first, second = (client.get(f"{place}{name}/") for place, name in (missing, secret))
        assert first.status_code == second.status_code == 404
        told = text_of(second)
        for around in (f"{secret[0]}%s/", "“%s”"):
            told = told.replace(around % secret[1], around % missing[1])
        assert told == text_of(first)
    assert client.get(f"{PLACE}tai/1/csv/").status_code == 404


def test_what_is_not_published_is_not_there(dataset: Dataset, client: Client) -> None:
    found = make_classified(dataset)
    assert client.get(f"/du-lieu/{found.slug}/").status_code == 404
    assert "xa-chua-cong-bo" not in text_of(client.get(f"/d/{found.pk}/"))


# The desk


def test_the_way_from_classification_to_publication(
    dataset: Dataset, as_officer: SignIn, client: Client
) -> None:
    owner = as_officer("chu-quan")
    assert "Phân loại bộ dữ liệu" in text_of(owner.get(DESK))
    given = {"classification": "open", "kind": "statistics", "columns": OPENED}
    assert owner.post(f"{DESK}phan-loai/", given)["Location"] == DESK
    assert "Đánh giá rủi ro" in text_of(owner.get(DESK))
    assert "không có trong các cột công bố" in text_of(owner.get(f"{DESK}rui-ro/"))
    owner.post(f"{DESK}rui-ro/", {"personal": "Không", "combination": "Không", "security": "Không"})
    owner.post(f"{DESK}danh-muc/", {"decision_number": "22/QĐ-UBND", "decision_date": "2026-01-12"})
    assert "Quyết định số 22/QĐ-UBND ngày 12/01/2026" in text_of(owner.get(DESK))
    assert "CSV (cho Excel), CSV, XLSX, JSON, Parquet" in text_of(owner.get(f"{DESK}cong-bo/"))
    assert owner.post(f"{DESK}cong-bo/", {"note": "Lần đầu"})["Location"] == DESK
    job = Job.objects.get()
    assert (job.name, job.arguments["note"]) == ("opendata.publish", "Lần đầu")
    assert "Công bố “Xã chưa công bố”" in text_of(owner.get(DESK))
    assert OpenDataset.objects.get(dataset=dataset).state == OpenState.LISTED


def test_what_is_wrong_with_a_form_is_told_and_nothing_typed_is_lost(
    dataset: Dataset, as_officer: SignIn
) -> None:
    owner = as_officer("chu-quan")
    given = {"classification": "open", "kind": "statistics", "columns": ["ten_xa"], "topic": "Địa giới"}
    keyless = text_of(owner.post(f"{DESK}phan-loai/", given))
    assert "Phải công bố cả cột khóa" in keyless
    assert "<title>Lỗi:" in keyless
    assert 'value="Địa giới"' in keyless
    reasonless = text_of(owner.post(f"{DESK}phan-loai/", given | {"classification": "restricted"}))
    assert "Chưa nêu lý do." in reasonless
    strange = owner.post(f"{DESK}phan-loai/", given | {"classification": "secret", "columns": ["x"]})
    assert strange.status_code == 200
    assert not OpenDataset.objects.filter(dataset=dataset).exists()
    owner.post(f"{DESK}phan-loai/", given | {"columns": [*OPENED, "dien_thoai"]})
    assert "không có trong các cột công bố" not in text_of(owner.get(f"{DESK}rui-ro/"))
    refused = text_of(
        owner.post(f"{DESK}rui-ro/", {"personal": "Không", "combination": "Không", "security": "Không"})
    )
    assert "Dừng công bố: cột “dien_thoai” là dữ liệu cá nhân." in refused


def test_a_published_dataset_is_confirmed_or_withdrawn(published: OpenDataset, as_officer: SignIn) -> None:
    owner, place = as_officer("chu-quan"), "/lam-viec/du-lieu-mo/danh-sach-xa/"
    page = text_of(owner.get(place))
    for words in (
        "Xác nhận không thay đổi",
        "Thu hồi…",
        "Xem trên cổng",
        "tính cả ngày nghỉ",
        "Chương dữ liệu mở Nghị định số 194/2025",
    ):
        assert words in page
    assert owner.post(f"{place}khong-doi/")["Location"] == place
    assert "Phiên bản 1 đã được công bố." in text_of(owner.post(f"{place}cong-bo/", {"note": ""}))
    assert "lượt tải" in text_of(owner.get(f"{place}thu-hoi/"))
    assert "Lỗi:" in text_of(owner.post(f"{place}thu-hoi/", {"because": ""}))
    owner.post(f"{place}thu-hoi/", {"because": "Sai cột diện tích."})
    page = text_of(owner.get(place))
    assert "Sai cột diện tích." in page
    assert "Đánh giá rủi ro để công bố lại" in page


OFFICERS = ("dau-moi", "chu-quan", "cntt", "nguoi-dung-dau", "khai-thac", "giu-mat", "quan-tri", "chu-quan-bo",
            "nguoi-dung-dau-bo", "dieu-phoi")  # fmt: skip
WORK = {"chu-quan", "cntt", "nguoi-dung-dau"}
# Who may read the record without working on it.
READ = WORK | {"dau-moi", "giu-mat", "dieu-phoi"}


@pytest.mark.parametrize("officer", OFFICERS)
def test_the_record_opens_for_readers_and_the_acts_for_those_who_work(
    published: OpenDataset, as_officer: SignIn, officer: str
) -> None:
    browser, place = as_officer(officer), "/lam-viec/du-lieu-mo/danh-sach-xa/"
    record = browser.get(place)
    assert record.status_code == (200 if officer in READ else 404)
    if officer in READ:
        assert ("Xác nhận không thay đổi" in text_of(record)) == (officer in WORK)
    for act in ("phan-loai/", "rui-ro/", "danh-muc/", "cong-bo/", "thu-hoi/"):
        status = browser.get(f"{place}{act}").status_code
        assert status == 200 if officer in WORK else status in {403, 404}, act


def test_visitors_are_asked_to_sign_in(published: OpenDataset, client: Client) -> None:
    for path in ("/lam-viec/du-lieu-mo/", DESK, f"{DESK}phan-loai/"):
        assert client.get(path)["Location"].startswith("/tai-khoan/dang-nhap/")


def test_the_list_of_the_desk_shows_how_far_each_is(
    published: OpenDataset, dataset: Dataset, as_officer: SignIn
) -> None:
    page = text_of(as_officer("chu-quan").get("/lam-viec/du-lieu-mo/"))
    assert "Đã công bố" in page
    assert "Chưa phân loại" in page
    assert "Danh sách xã" not in text_of(as_officer("khai-thac").get("/lam-viec/du-lieu-mo/"))


@carries("QUA-01", "ODA-14")
def test_readers_are_told_of_corrections_of_opened_columns_alone(
    client: Client, published: OpenDataset
) -> None:
    dataset = published.dataset
    for columns, summary in (
        ([published.columns[0]], "Đã sửa mã xã 00004"),
        (["dien_thoai"], "Đã sửa số điện thoại"),
    ):
        case = authority.report_correction(
            actor=SYSTEM, database=dataset.database, dataset=dataset, reporter=published.publisher, text="Dữ liệu sai",
            columns=columns,
        )  # fmt: skip
        authority.confirm_discrepancy(actor=SYSTEM, case=case, finding="Đúng là sai")
        authority.report_corrected(actor=SYSTEM, case=case, measure="Đã sửa", certificate={"equal": True})
        authority.broadcast_correction(actor=SYSTEM, case=case, summary=summary)
    page = client.get(f"/du-lieu/{published.slug}/phien-ban/").content.decode()
    assert "Đã sửa mã xã 00004" in page
    assert "số điện thoại" not in page


def test_the_desk_finds_a_dataset_by_words_without_marks(as_officer: SignIn) -> None:
    owner = as_officer("chu-quan")
    assert "Danh sách xã" in text_of(owner.get("/lam-viec/du-lieu-mo/?q=danh+sach+xa"))
    missed = text_of(owner.get("/lam-viec/du-lieu-mo/?q=khong+co"))
    assert "Danh sách xã" not in missed
    assert "Không có bộ dữ liệu nào" in missed
    assert "Danh sách xã" in text_of(owner.get("/lam-viec/du-lieu-mo/?sau=99999"))
