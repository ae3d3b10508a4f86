"""The life of one database, stop by stop: what is done, what blocks, and the one act that comes next."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lienthong.authority.commands import decide_case, record_overlaps
from lienthong.authority.demo import make_case
from lienthong.catalogue.commands import confirm_fields, mark_non_compliant, put_into_operation
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.models import Database
from lienthong.desk.lifeline import Life, life_of
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.inventory.commands import conclude_assessment
from lienthong.inventory.demo import assess_now, capture_now, make_source, survey_now
from lienthong.opendata.demo import make_classified
from lienthong.regulations.commands import publish_regulation
from lienthong.regulations.demo import issue, make_draft
from lienthong.sharing.commands import make_service_ready, publish_service
from lienthong.sharing.demo import make_service

from .conftest import LOCAL, NATIONAL

pytestmark = [pytest.mark.django_db]

ROWS = "ma_xa,ten_xa\n00001,Phường An Hòa\n00004,Xã Ỗ Ẫ\n"
STOPS = [
    "Đăng ký",
    "Khảo sát",
    "Mô tả",
    "Đánh giá",
    "Chồng lấn",
    "Quy chế",
    "Khai thác",
    "Chia sẻ",
    "Dữ liệu mở",
]


def states(life: Life) -> str:
    """One letter a stop: d(one), c(urrent), b(locked), t(o come)."""
    return "".join(stop.state[0] for stop in life.stops)


def shown(owner: Client, actor: Actor, local: Database, stops: str, label: str, address: str) -> str:
    """The page of the database, which shows these stops and this next act, and leads to pages that answer."""
    local.refresh_from_db()
    life = life_of(local, actor)
    assert [stop.name for stop in life.stops] == STOPS
    assert states(life) == stops, label
    assert (life.next.label if life.next else "") == label
    answer = owner.get(f"/lam-viec/csdl/{LOCAL}/")
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 200
    assert page.count("btn-primary") == (1 if label else 0), label
    if life.next:
        assert address in life.next.href
        assert owner.get(life.next.href).status_code == 200, life.next.href
    for stop in life.stops:
        assert not stop.href or owner.get(stop.href).status_code == 200, stop.href
    return page


def test_a_database_walks_through_the_house_and_the_file_says_what_comes_next(
    world: Any, local: Database, as_officer: Callable[..., Client]
) -> None:
    """From registered to shared and open; at each stage the page opens and offers exactly the next act."""
    owner, actor = as_officer("chu-quan"), world.actors["chu-quan"]
    kept: dict[str, Any] = {}

    def bind() -> None:
        world.folder.mkdir(exist_ok=True)
        (world.folder / "xa.csv").write_text(ROWS, encoding="utf-8")
        make_source(local, world.folder)

    def assess() -> None:
        kept["assessment"] = assess_now(local)

    def conclude() -> None:
        conclude_assessment(
            actor=SYSTEM, assessment=kept["assessment"], shareable=True, quality="Đủ", conclusion="Đạt"
        )

    def overlap() -> None:
        kept["case"] = make_case(local, Database.objects.get(code=NATIONAL))

    def decide() -> None:
        decide_case(actor=SYSTEM, case=kept["case"], outcome="no_overlap", reason="Hai nhiệm vụ khác nhau.")

    def draft() -> None:
        kept["regulation"] = make_draft(local.owner, local, actor=actor)

    def regulate() -> None:
        publish_regulation(actor=SYSTEM, regulation=issue(kept["regulation"]))

    def capture() -> None:
        kept["dataset"] = make_dataset(local, name="Danh sách xã", key=["ma_xa"], slug_text="danh-sach-xa")
        capture_now(kept["dataset"])

    def serve() -> None:
        kept["service"] = make_service(
            kept["dataset"], code="tra-cuu", columns=["ma_xa", "ten_xa"], published=False
        )

    def offer() -> None:
        make_service_ready(actor=SYSTEM, service=kept["service"])
        publish_service(actor=SYSTEM, service=kept["service"])

    def close() -> None:
        make_classified(kept["dataset"], columns=None, classification="restricted", reason="Của bên thứ ba.")

    # What is done, the stops after it, the next act, its address.
    walk: tuple[tuple[Callable[[], object], str, str, str], ...] = (
        (lambda: None, "dcttttttt", "Kết nối nguồn", "/nguon/"),
        (bind, "dcttttttt", "Khảo sát nguồn", "/nguon/"),
        (lambda: survey_now(local), "ddctttttt", "Xác nhận mô tả", "/cot/"),
        (lambda: confirm_fields(actor=SYSTEM, database=local), "dddcttttt", "Đánh giá dữ liệu", "/danh-gia/"),
        (assess, "dddcttttt", "Đánh giá dữ liệu", "/danh-gia/"),
        (conclude, "ddddctttt", "Tìm chồng lấn", "/chong-lan/"),
        (overlap, "ddddbtttt", "Xem, kết luận", "/lam-viec/chong-lan/CL-"),
        (decide, "dddddcttt", "Soạn quy chế", "/lam-viec/quy-che/soan/?csdl="),
        (draft, "dddddcttt", "Mở quy chế", "/lam-viec/quy-che/"),
        (regulate, "ddddddctt", "Xem điều kiện", "/dieu-kien/"),
        (
            lambda: put_into_operation(actor=SYSTEM, database=local),
            "dddddddct",
            "Bộ dữ liệu, phiên bản",
            "/bo-du-lieu/",
        ),
        (capture, "dddddddct", "Lập dịch vụ", "/lam-viec/dich-vu/lap/danh-sach-xa/"),
        (serve, "dddddddct", "Mở dịch vụ", "/lam-viec/dich-vu/tra-cuu/"),
        (offer, "ddddddddc", "Dữ liệu mở", "/lam-viec/du-lieu-mo/danh-sach-xa/"),
        (close, "ddddddddd", "", ""),
    )
    for act, stops, label, address in walk:
        act()
        page = shown(owner, actor, local, stops, label, address)
    assert "Đã qua đủ chín bước" in page
    english = owner.get(f"/en/lam-viec/csdl/{LOCAL}/").content.decode()
    assert "Life of the database" in english
    assert "Đánh giá" not in re.sub(
        r"<[^>]*lang=.vi.[^>]*>.*?<", "<", english.split("<main")[1].split("history")[0]
    )


def test_an_open_dataset_ends_the_line(world: Any, local: Database) -> None:
    dataset = make_dataset_of(world, local)
    found = make_classified(dataset, columns=None)
    assert life_of(local, SYSTEM).stops[-1].state != "done"
    type(found).objects.filter(pk=found.pk).update(state="published")
    stop = life_of(local, SYSTEM).stops[-1]
    assert (stop.state, stop.detail) == ("done", "1 bộ dữ liệu")


def make_dataset_of(world: Any, database: Database) -> Any:
    world.folder.mkdir(exist_ok=True)
    (world.folder / "xa.csv").write_text(ROWS, encoding="utf-8")
    make_source(database, world.folder)
    survey_now(database)
    confirm_fields(actor=SYSTEM, database=database)
    return make_dataset(database, name="Xã", key=["ma_xa"], slug_text="xa")


def test_a_search_that_found_nothing_is_a_stop_behind(world: Any, local: Database) -> None:
    make_dataset_of(world, local)
    record_overlaps(actor=SYSTEM, database=local, job=None, comparisons=[])
    stop = life_of(local, SYSTEM).stops[4]
    assert (stop.state, stop.detail) == ("done", "đã kết luận")


def test_what_is_no_longer_compliant_blocks_and_is_said_on_top(
    local: Database, as_officer: Callable[..., Client]
) -> None:
    record_overlaps(actor=SYSTEM, database=local, job=None, comparisons=[])
    put_into_operation(actor=SYSTEM, database=local)
    mark_non_compliant(actor=SYSTEM, database=local, because="quy chế hết hiệu lực")
    assert life_of(local, SYSTEM).stops[6].state == "blocked"
    page = as_officer("chu-quan").get(f"/lam-viec/csdl/{LOCAL}/").content.decode()
    assert "Không còn tuân thủ từ" in page
    assert "quy chế hết hiệu lực" in page


@pytest.mark.parametrize("officer", ["chu-quan", "cntt", "nguoi-dung-dau", "dau-moi", "giu-mat", "dieu-phoi"])
def test_every_stop_and_tab_opens_for_who_sees_it(
    local: Database, as_officer: Callable[..., Client], officer: str
) -> None:
    browser = as_officer(officer)
    page = browser.get(f"/lam-viec/csdl/{LOCAL}/").content.decode()
    links = set(re.findall(rf'href="(/lam-viec/csdl/{LOCAL}/[^"#]*)"', page))
    assert links
    for link in links:
        assert browser.get(link).status_code == 200, link


def test_who_only_reads_is_offered_no_act(local: Database, as_officer: Callable[..., Client]) -> None:
    assert "btn-primary" in as_officer("chu-quan").get(f"/lam-viec/csdl/{LOCAL}/").content.decode()
    for officer in ("dau-moi", "dieu-phoi"):
        page = as_officer(officer).get(f"/lam-viec/csdl/{LOCAL}/").content.decode()
        assert "btn-primary" not in page
        assert "Việc tiếp theo" in page


def test_the_line_costs_a_bounded_number_of_questions(
    local: Database, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30):
        life_of(local, SYSTEM)


def test_a_regulation_that_others_draft_is_waited_for(world: Any, local: Database) -> None:
    make_dataset_of(world, local)
    record_overlaps(actor=SYSTEM, database=local, job=None, comparisons=[])
    conclude_assessment(
        actor=SYSTEM, assessment=assess_now(local), shareable=True, quality="Đủ", conclusion="Đạt"
    )
    make_draft(local.owner, local)
    following = life_of(local, world.actors["chu-quan"]).next
    assert following is not None
    assert (following.label, following.href) == ("Xem điều kiện", f"/lam-viec/csdl/{LOCAL}/dieu-kien/")
