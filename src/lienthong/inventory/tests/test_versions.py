"""The versions of a dataset on the desk: compared, narrowed, masked, verified, taken as files."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from lienthong.agencies.acting import POST_KEY
from lienthong.agencies.demo import make_agency
from lienthong.agencies.models import Post
from lienthong.agencies.roles import Role
from lienthong.catalogue.commands import classify_field, confirm_fields
from lienthong.catalogue.demo import make_database, make_dataset
from lienthong.catalogue.models import DataField, Dataset, DatasetVersion
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.events.models import Event
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries
from lienthong.inventory import version_differences
from lienthong.inventory.demo import capture_now, make_source, survey_now
from lienthong.inventory.models import VersionCheck

from .conftest import World

FIRST = "ma,ten,dan_so\n1,Nguyễn An,10\n2,Trần Bình,20\n3,Lê Chi,30\n"
SECOND = "ma,ten,dan_so\n1,Nguyễn An,11\n3,Lê Chi,30\n4,=HYPERLINK(1),40\n"


@pytest.fixture(autouse=True)
def data_directory(standing: Path) -> Path:
    """The data directory of the world that stands for all these tests."""
    return standing


@pytest.fixture(scope="module")
def built(standing: Path) -> tuple[World, int]:
    """A dataset in two versions, whose column of names is personal; made once."""
    province = make_agency("H99", "UBND tỉnh An Lộc")
    justice = make_agency("H99.07", "Sở Tư pháp", kind="department", parent=province)
    health = make_agency("H99.11", "Sở Y tế", kind="department", parent=province)
    database = make_database(province, managing_unit=justice)
    folder = standing / "nguon"
    folder.mkdir()
    (folder / "so.csv").write_text(FIRST, encoding="utf-8")
    make_source(database, folder)
    survey_now(database)
    confirm_fields(actor=SYSTEM, database=database)
    for field in DataField.objects.filter(table__database=database):
        classify_field(actor=SYSTEM, field=field, personal_data="basic" if field.name == "ten" else "none")
    found = make_dataset(database, name="Sổ", key=["ma"], slug_text="so")
    capture_now(found)
    (folder / "so.csv").write_text(SECOND, encoding="utf-8")
    capture_now(found)
    return World(province, justice, health, province, database), found.pk


@pytest.fixture
def world(built: tuple[World, int], db: None) -> World:
    return built[0]


@pytest.fixture
def dataset(built: tuple[World, int], db: None) -> Dataset:
    return Dataset.objects.select_related("database", "table").get(pk=built[1])


def browser(actor: Actor) -> Client:
    client = Client()
    post = Post.objects.get(person_id=actor.user_id, role=next(iter(actor.roles)))
    client.force_login(post.person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[POST_KEY] = post.pk
    session.save()
    return client


@pytest.fixture
def owner(world: World) -> Client:
    return browser(world.owner)


def text_of(response: Any) -> str:
    return response.content.decode()


def page(dataset: Dataset, rest: str = "") -> str:
    return f"/lam-viec/csdl/{dataset.database.code}/bo-du-lieu/{dataset.slug}/{rest}"


@carries("SEC-02")
def test_what_changed_is_a_table_with_both_values(owner: Client, dataset: Dataset) -> None:
    listed = text_of(owner.get(page(dataset)))
    assert "2 phiên bản" in listed
    assert dataset.latest is not None
    assert dataset.latest.digest.replace(":", ":<wbr>") in listed
    told = text_of(owner.get(page(dataset, "so-sanh/?tu=1&den=2")))
    assert "thêm 1 dòng, bỏ 1, sửa 1" in told
    assert "<del>10</del>" in told
    assert "<ins>11</ins>" in told
    # Names of people are masked for everybody until a reason is given.
    assert "Trần Bình" not in told
    assert "******ình" in told
    english = text_of(owner.get(f"/en{page(dataset, 'so-sanh/?tu=2&den=1')}"))
    assert "1 rows added, 1 removed, 1 changed" in english
    assert "giống nhau" in text_of(owner.get(page(dataset, "so-sanh/?tu=2&den=2")))
    assert owner.get(page(dataset, "so-sanh/?tu=1&den=7")).status_code == 404


def test_the_table_is_narrowed_by_kind_column_and_key(owner: Client, dataset: Dataset) -> None:
    removed = text_of(owner.get(page(dataset, "so-sanh/?tu=1&den=2&loai=delete")))
    assert "<del>10</del>" not in removed
    assert "1 dòng" in removed
    assert "<ins>11</ins>" in text_of(owner.get(page(dataset, "so-sanh/?tu=1&den=2&cot=dan_so")))
    assert "Bỏ điều kiện lọc" in text_of(owner.get(page(dataset, "so-sanh/?tu=1&den=2&khoa=9")))


@carries("OTH-09", "SEC-02")
def test_the_owner_sees_personal_values_with_a_reason_that_is_kept(
    world: World, owner: Client, dataset: Dataset
) -> None:
    address = page(dataset, "so-sanh/?tu=1&den=2")
    assert "Trần Bình" not in text_of(owner.post(address, {"reason": ""}))
    assert "Trần Bình" in text_of(owner.post(address, {"reason": "Đối chiếu hồ sơ gốc"}))
    assert Event.objects.filter(name="inventory.VersionRowsTaken", reason="Đối chiếu hồ sơ gốc").exists()
    above = browser(world.actor(world.province, Role.IT_UNIT))
    assert above.post(address, {"reason": "Đối chiếu hồ sơ gốc"}).status_code == 403


@carries("OTH-09")
def test_changes_are_taken_as_files(owner: Client, dataset: Dataset) -> None:
    content = b"".join(owner.get(page(dataset, "so-sanh/bang.csv?tu=1&den=2"))).decode("utf-8-sig")
    lines = content.splitlines()
    assert lines[0] == "Thay đổi,ma,Cột,Trước,Sau"
    assert "Sửa,1,dan_so,10,11" in lines
    assert not any("=HYPERLINK" in line.split(",")[4][:1] for line in lines[1:])
    book = owner.get(page(dataset, "so-sanh/bang.xlsx?tu=1&den=2&loai=insert"))
    rows = rows_of(book.content)
    assert ["Thêm", "4", "dan_so", "", "40"] in rows
    assert Event.objects.filter(name="inventory.VersionRowsTaken").count() == 2


@carries("OTH-09", "SEC-02")
def test_the_rows_of_any_version_are_taken_masked_or_in_full(
    world: World, owner: Client, dataset: Dataset
) -> None:
    first = page(dataset, "1/tai/parquet/")
    table = pq.read_table(io.BytesIO(b"".join(owner.get(first)))).to_pylist()
    assert [row["dan_so"] for row in table] == [10, 20, 30]
    assert table[1]["ten"] == "******ình"
    whole = b"".join(owner.post(page(dataset, "1/tai/csv/"), {"reason": "Đối chiếu hồ sơ gốc"})).decode()
    assert "Trần Bình" in whole
    assert owner.get(page(dataset, "1/tai/docx/")).status_code == 404
    above = browser(world.actor(world.province, Role.IT_UNIT))
    assert above.post(page(dataset, "1/tai/csv/"), {"reason": "Đối chiếu hồ sơ gốc"}).status_code == 403


def test_a_workbook_that_would_take_long_is_not_begun(owner: Client, dataset: Dataset) -> None:
    # Given a version of more rows than a workbook is written for while somebody waits.
    assert "1/tai/xlsx/" in text_of(owner.get(page(dataset)))
    DatasetVersion.objects.filter(dataset=dataset, number=1).update(rows=250_000)
    # Then it is not offered, and whoever asks for it is told what to take instead.
    assert "1/tai/xlsx/" not in text_of(owner.get(page(dataset)))
    assert "1/tai/csv_excel/" in text_of(owner.get(page(dataset)))
    answer = owner.get(page(dataset, "1/tai/xlsx/"))
    assert answer.status_code == 413
    assert "250.000 dòng" in text_of(answer)
    assert "Tải CSV (Excel)" in text_of(answer)


def test_a_version_is_verified_against_its_digest(owner: Client, dataset: Dataset) -> None:
    assert owner.post(page(dataset, "2/kiem-chung/")).status_code == 302
    run_waiting_jobs()
    check = VersionCheck.objects.get()
    assert check.equal
    assert "Đúng như khi công bố" in text_of(owner.get(page(dataset)))
    # What is not as it was published is said so.
    DatasetVersion.objects.filter(dataset=dataset, number=1).update(digest="c1:3:0:0")
    owner.post(page(dataset, "1/kiem-chung/"))
    run_waiting_jobs()
    assert "Khác khi công bố" in text_of(owner.get(page(dataset)))


def test_large_versions_are_compared_by_a_job(
    owner: Client, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version_differences, "ROWS_AT_ONCE", 1)
    shutil.rmtree(version_differences.differences_folder(), ignore_errors=True)
    address = page(dataset, "so-sanh/?tu=1&den=2")
    assert "So sánh hai phiên bản" in text_of(owner.get(address))
    asked = f"/api/v1/datasets/{dataset.slug}/difference?older=1&newer=2"
    assert owner.get(asked).status_code == 409
    assert owner.post(address, {"viec": "so-sanh"}).status_code == 302
    run_waiting_jobs()
    assert "<del>10</del>" in text_of(owner.get(address))
    told = owner.get(asked).json()
    assert (told["inserted"], told["updated"], told["deleted"]) == (1, 1, 1)
    assert told["masked"] == ["ten"]
    assert "Trần Bình" not in str(told)
    assert [row["change"] for row in told["rows"]] == ["update", "delete", "insert"]


@carries("SEC-01")
def test_nobody_else_looks_inside(world: World, dataset: Dataset) -> None:
    stranger = browser(world.actor(world.health, Role.DATABASE_OWNER))
    for rest in ("", "so-sanh/?tu=1&den=2", "1/tai/csv/"):
        assert stranger.get(page(dataset, rest)).status_code in (403, 404)
