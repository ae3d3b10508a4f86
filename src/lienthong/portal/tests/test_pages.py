"""What everybody sees: home, search in any spelling with facets, one agency, the map of the site, help."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import mark_secret
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.search.models import Entry
from lienthong.foundation.tracing import carries
from lienthong.opendata import commands as opendata
from lienthong.opendata.models import OpenDataset
from lienthong.sharing import commands as sharing
from lienthong.sharing.models import SharingService
from tests.worlds import delivered

pytestmark = [pytest.mark.django_db]

PLACE = 'href="/du-lieu/danh-muc-xa-phuong/"'


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def main_of(answer: Any) -> str:
    return text_of(answer).split("<main")[1].split("</main")[0]


# Home


def test_home_finds_counts_and_tells_what_is_new(world: Any, client: Client) -> None:
    page = main_of(client.get("/"))
    assert page.count("<h1") == 1
    assert 'role="search" action="/tim-kiem/"' in page
    for number, words in (("1", "bộ dữ liệu mở"), ("1", "dịch vụ chia sẻ"), ("1", "danh mục đã ban hành")):
        assert re.search(rf"counted-value\">{number} ?</span><span class=\"counted-label\">{words}", page), (
            words
        )
    for words in (
        "Danh mục xã, phường", "Tra cứu xã, phường", "Danh mục cơ sở dữ liệu của UBND tỉnh An Lộc", "Địa giới, hành chính",
        "Mới trên cổng",
    ):  # fmt: skip
        assert words in page
    english = main_of(client.get("/en/"))
    for words in ("Communes and wards", "Look up communes", "New on the portal", "An Loc Provincial"):
        assert words in english
    assert "Mới trên cổng" not in english


def test_every_link_of_the_home_page_opens(world: Any, client: Client) -> None:
    for before in ("", "/en"):
        links = set(re.findall(r'href="(/[^"#]*)"', text_of(client.get(f"{before}/"))))
        for link in links:
            address = link.replace("&amp;", "&")
            if not address.startswith("/tinh/"):
                assert client.get(address).status_code in {200, 302}, address


def test_examples_can_be_found(world: Any, client: Client) -> None:
    page = main_of(client.get("/"))
    examples = re.findall(r'href="(/tim-kiem/\?q=[^"]+)"', page)
    assert 2 <= len(examples) <= 5
    for example in examples:
        assert "Không tìm thấy kết quả" not in main_of(client.get(example))


def test_an_empty_portal_says_what_will_be_there(world: Any, client: Client) -> None:
    OpenDataset.objects.update(state="classified")
    assert "Chưa công bố bộ dữ liệu nào" in main_of(client.get("/du-lieu/"))
    assert client.get("/").status_code == 200


def test_the_filling_of_the_demo_is_shown_to_everybody(world: Any, client: Client) -> None:
    job = Job.objects.create(
        name="demo.fill",
        title_vi="Lập dữ liệu trình diễn",
        title_en="Fill the demo in",
        state=JobState.RUNNING,
    )
    assert "Lập dữ liệu trình diễn" in main_of(client.get("/"))
    assert "Fill the demo in" in main_of(client.get("/en/"))
    Job.objects.filter(pk=job.pk).update(state=JobState.FINISHED)
    assert "Lập dữ liệu trình diễn" not in main_of(client.get("/"))


# Search


@pytest.mark.parametrize(
    "q",
    [
        "du lieu xa phuong",
        "DỮ LIỆU XÃ PHƯỜNG",
        "danh mục xã",
        "DANH MUC XA",
        "xã phường",
        "ma_xa",
        "communes",
    ],
)
def test_a_dataset_is_found_in_any_spelling(world: Any, client: Client, q: str) -> None:
    assert PLACE in main_of(client.get("/tim-kiem/", {"q": q}))


def test_results_are_told_by_kind_and_narrowed_by_facet(world: Any, client: Client) -> None:
    answer = client.get("/tim-kiem/", {"q": "xa phuong"})
    page = main_of(answer)
    assert PLACE in page
    assert 'href="/dich-vu/tra-cuu-xa/"' in page
    narrowed = main_of(client.get("/tim-kiem/", {"q": "xa phuong", "loai": "du-lieu", "dinh_dang": "CSV"}))
    assert PLACE in narrowed
    assert 'href="/dich-vu/tra-cuu-xa/"' not in narrowed
    assert "Định dạng: CSV" in narrowed
    none = main_of(client.get("/tim-kiem/", {"q": "xa phuong", "co_quan": "Không có cơ quan này"}))
    assert "Không có kết quả với 1 điều kiện lọc." in none
    assert "Bỏ điều kiện lọc" in none


def test_facets_say_how_many_and_can_be_followed(world: Any, client: Client) -> None:
    page = main_of(client.get("/tim-kiem/", {"q": "xa phuong"}))
    options = re.findall(
        r'class="facet-option" href="([^"]+)".*?facet-word">([^<]+)<.*?facet-count">(\d+)<', page
    )
    assert {word for _href, word, _count in options} >= {
        "UBND tỉnh An Lộc",
        "CSV",
        "Parquet",
        "Địa giới, hành chính",
    }
    for href, _word, count in options:
        found = main_of(client.get(href.replace("&amp;", "&")))
        assert f"{count} kết quả" in found


def test_nothing_found_offers_near_hits_and_a_person(world: Any, client: Client) -> None:
    page = main_of(client.get("/tim-kiem/", {"q": "phường khôngtồntại"}))
    assert "Không tìm thấy kết quả cho “phường khôngtồntại”" in page
    assert "Gần với nội dung tìm" in page or PLACE in page
    assert "/can-bo-dau-moi/" in page


def test_what_is_withdrawn_suspended_or_secret_follows_in_the_search(
    opened: OpenDataset, service: SharingService, client: Client
) -> None:
    def found() -> str:
        return main_of(client.get("/tim-kiem/", {"q": "xã phường"}))

    with delivered():
        opendata.withdraw_publication(actor=SYSTEM, open_dataset=opened, because="Sai sót.")
    assert PLACE not in found()
    with delivered():
        sharing.suspend_service(actor=SYSTEM, service=service, because="Bảo trì")
    assert "/dich-vu/tra-cuu-xa/" in found()
    with delivered():
        mark_secret(actor=SYSTEM, database=service.dataset.database, reason="Theo danh mục")
    assert "/dich-vu/tra-cuu-xa/" not in found()


@carries("SEC-01")
def test_a_secret_leaves_no_trace_on_the_portal(opened: OpenDataset, client: Client) -> None:
    with delivered():
        mark_secret(actor=SYSTEM, database=opened.dataset.database, reason="Theo danh mục")
    for path in (
        "/",
        "/tim-kiem/?q=xa+phuong",
        "/tim-kiem/",
        "/du-lieu/",
        "/dich-vu/",
        "/co-quan/H99/",
        "/co-quan/H99.01/",
    ):
        page = main_of(client.get(path))
        for words in ("danh-muc-xa-phuong", "tra-cuu-xa", "Danh mục xã, phường", "Tra cứu xã, phường"):
            assert words not in page, path
    assert not Entry.objects.filter(is_public=True, title__contains="xã, phường").exists()
    assert 'counted-value">0 ' in main_of(client.get("/")).replace("</span>", " ")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "loai", "co_quan", "chu_de", "dinh_dang", "sau"]),
        st.text(max_size=40)
        | st.sampled_from(["'", '"', "%", "\x00", "9" * 400, "-1", "<script>", "NEAR(", "a* OR b", "ỗẫ"]),
    )
)
def test_no_question_is_a_fault(world: Any, query: dict[str, str]) -> None:
    answer = Client().get("/tim-kiem/", query)
    assert answer.status_code == 200
    assert "<script>" not in main_of(answer)


def test_the_field_keeps_what_was_typed(world: Any, client: Client) -> None:
    page = main_of(client.get("/tim-kiem/", {"q": 'xã "phường" <b>'}))
    assert 'value="xã &quot;phường&quot; &lt;b&gt;"' in page


# One agency, the map, help


@carries("FOC-05")
def test_an_agency_shows_what_it_offers_and_who_answers(world: Any, client: Client) -> None:
    page = main_of(client.get("/co-quan/H99/"))
    for words in (
        "UBND tỉnh An Lộc", "Nguyễn Thị Thu Hà", "Danh mục xã, phường", "Tra cứu xã, phường", "15/QĐ-UBND", "Sở Nội vụ tỉnh An Lộc",
    ):  # fmt: skip
        assert words in page
    none = main_of(client.get("/co-quan/H99.11/"))
    assert "Cơ quan chưa công bố dữ liệu mở tại đây" in none
    assert "An Loc Provincial" in main_of(client.get("/en/co-quan/H99/"))
    for missing in ("X00", "..", "H99'", "%00", "9" * 200):
        assert client.get(f"/co-quan/{missing}/").status_code == 404


def test_a_renamed_code_leads_to_the_agency(world: Any, client: Client) -> None:
    former = client.get("/co-quan/000.00.00.H99/")
    assert (former.status_code, former["Location"]) == (301, "/co-quan/H99/")


def test_the_map_leads_everywhere(world: Any, client: Client) -> None:
    links = set(re.findall(r'href="(/[^"#]*)"', main_of(client.get("/so-do/"))))
    assert {"/", "/tim-kiem/", "/du-lieu/", "/co-quan/", "/dich-vu/", "/api/docs", "/tro-giup/"} <= links
    for link in links:
        assert client.get(link).status_code in {200, 302}, link


def test_help_tells_visitors_of_the_demo_where_the_passwords_are(
    world: Any, client: Client, settings: Any
) -> None:
    settings.DEMO = False
    assert "mật khẩu" not in main_of(client.get("/tro-giup/"))
    settings.DEMO = True
    assert "mật khẩu" in main_of(client.get("/tro-giup/"))


def test_public_pages_set_no_cookie_and_ask_for_no_sign_in(world: Any, client: Client) -> None:
    for path in ("/", "/tim-kiem/?q=x", "/co-quan/H99/", "/so-do/", "/tro-giup/", "/du-lieu/", "/dich-vu/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not answer.cookies, path
        assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_a_closed_agency_says_since_when(world: Any, client: Client) -> None:
    agency = Agency.objects.get(code="H99.11")
    Agency.objects.filter(pk=agency.pk).update(valid_to="2026-01-31")
    assert "31/01/2026" in main_of(client.get("/co-quan/H99.11/"))
