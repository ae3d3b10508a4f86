"""Open data for programs: no key, no sign-in; filters by column, pages by mark; hostile input is refused in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from lienthong.catalogue.commands import mark_secret
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import capture_now
from lienthong.opendata import commands
from lienthong.opendata.demo import OPENED, make_dataset_with_version, make_published
from lienthong.opendata.jobs import publish_now
from lienthong.opendata.models import OpenDataset

from .conftest import World

pytestmark = [pytest.mark.django_db]

ONE = "/api/v1/open-datasets/danh-sach-xa"
ROWS = f"{ONE}/rows"


@carries("ODA-08", "ODA-12")
def test_a_dataset_tells_its_columns_files_and_licence(published: OpenDataset, client: Client) -> None:
    (listed,) = client.get("/api/v1/open-datasets").json()["datasets"]
    one = client.get(ONE).json()
    assert listed == one
    assert [column["name"] for column in one["columns"]] == list(OPENED)
    assert {file["format"] for file in one["files"]} == {"csv_excel", "csv", "xlsx", "json", "parquet"}
    assert one["next_update"].endswith("+07:00")
    assert (one["version"], one["rows"], one["publisher_code"]) == (1, 3, "H99")
    for file in one["files"]:
        answer = client.get(file["url"])
        assert len(b"".join(answer.streaming_content)) == file["bytes"]  # type: ignore[attr-defined]


@carries("ODA-08")
def test_rows_are_filtered_by_column_and_compared(published: OpenDataset, client: Client) -> None:
    def codes(**query: Any) -> list[str]:
        return [row["ma_xa"] for row in client.get(ROWS, query).json()["rows"]]

    assert codes() == ["00001", "00004", "00007"]
    assert codes(ma_xa="00004") == ["00004"]
    assert codes(ten_xa__prefix="Xã") == ["00004"]
    assert codes(dien_tich__ge="100") == ["00004", "00007"]
    assert codes(ma_xa__in="00001,00007") == ["00001", "00007"]
    assert codes(dac_khu="true", thanh_lap__lt="2025-01-01") == ["00007"]
    assert client.get(ROWS, {"dan_so__ge": 9000}).json()["total"] == 1


def test_pages_follow_one_another_by_the_mark(published: OpenDataset, client: Client) -> None:
    codes, after = [], None
    while True:
        page = client.get(ROWS, {"limit": 1, **({"after": after} if after else {})}).json()
        codes += [row["ma_xa"] for row in page["rows"]]
        after = page["next"]
        if after is None:
            break
    assert codes == ["00001", "00004", "00007"]
    assert page["version"] == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"dien_thoai": "0912345678"}, 422),
        ({"khong_co": "1"}, 422),
        ({"ma_xa__like": "%"}, 400),
        ({"dan_so": "nhiều"}, 400),
        ({"ma_xa__in": ",".join(["1"] * 5000)}, 400),
        ({"after": "khong-phai-dau"}, 400),
        ({"after": "x" * 3000}, 422),
        ({"limit": "0"}, 422),
        ({"limit": "1001"}, 422),
        ({"limit": "9" * 400}, 422),
        ({"limit": "-1"}, 422),
        ({"limit": "x"}, 422),
        ({"ma_xa; DROP TABLE rows": "1"}, 422),
        ({"": "1"}, 422),
    ],
)
def test_hostile_questions_are_refused_in_both_languages(
    published: OpenDataset, client: Client, query: dict[str, str], status: int
) -> None:
    answer = client.get(ROWS, query)
    error = answer.json()["error"]
    assert answer.status_code in {status, 400, 422}
    assert error["message_vi"] != error["message_en"]
    assert "0912345678" not in error["message_vi"].replace("0912345678", "", 1) or status == 422


@carries("ODA-01", "SEC-01")
def test_withdrawn_is_gone_and_secret_is_nothing(published: OpenDataset, client: Client) -> None:
    missing = client.get("/api/v1/open-datasets/khong-co")
    commands.withdraw_publication(actor=SYSTEM, open_dataset=published, because="Sai cột diện tích.")
    for address in (ONE, ROWS):
        gone = client.get(address)
        assert gone.status_code == 410
        assert "Sai cột diện tích." in gone.json()["error"]["message_vi"]
    assert client.get("/api/v1/open-datasets").json()["datasets"] == []
    mark_secret(actor=SYSTEM, database=published.dataset.database, reason="Theo danh mục")
    for address in (ONE, ROWS):
        secret = client.get(address)
        assert secret.status_code == missing.status_code == 404
        assert secret.json()["error"]["code"] == missing.json()["error"]["code"]
        assert "Danh sách xã" not in secret.content.decode()


def test_the_callers_language_is_answered(published: OpenDataset, client: Client) -> None:
    english = client.get("/api/v1/open-datasets/khong-co", headers={"accept-language": "en"}).json()["error"]
    assert english["message"] == english["message_en"]
    vietnamese = client.get("/api/v1/open-datasets/khong-co").json()["error"]
    assert vietnamese["message"] == vietnamese["message_vi"]


@carries("ODA-08")
def test_changes_are_followed_and_earlier_versions_stay_readable(
    published: OpenDataset, world: World, client: Client, tmp_path: Path
) -> None:
    with override_settings(DATA_DIR=tmp_path):  # versions outlive a transaction that is rolled back
        for name in ("store", "replicas", "tmp", "files"):
            (tmp_path / name).mkdir()
        managing = world.agencies["H99.01"]
        one = make_published(
            make_dataset_with_version(
                world.agencies["H99"], tmp_path / "nguon", slug="xa-doi", managing_unit=managing
            )
        )
        changes, rows = f"/api/v1/open-datasets/{one.slug}/changes", f"/api/v1/open-datasets/{one.slug}/rows"
        first = client.get(changes, {"limit": 2}).json()
        rest = client.get(changes, {"limit": 2, "after": first["next"]}).json()
        assert [one["change"] for one in first["changes"] + rest["changes"]] == ["insert"] * 3
        assert (first["more"], rest["more"]) == (True, False)
        assert {one["name"] for one in rest["columns"]} == set(rest["changes"][0]["row"])

        source = tmp_path / "nguon" / "xa.csv"
        lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        source.write_text("".join(lines[:2] + lines[3:]), encoding="utf-8")
        capture_now(one.dataset)
        publish_now(one, actor=SYSTEM)

        later = client.get(changes, {"since": 1}).json()
        gone = lines[2].split(",")[0]
        assert later["changes"] == [{"change": "delete", "row": {"ma_xa": gone}}]
        assert client.get(changes, {"after": rest["next"]}).json()["changes"] == later["changes"]
        assert (later["version"], later["more"]) == (2, False)
        mine, others = {"since": 1, "ma_xa": gone}, {"since": 1, "ma_xa__ne": gone}
        assert client.get(changes, mine).json()["changes"] == later["changes"]
        nothing = client.get(changes, others).json()
        assert (nothing["changes"], nothing["version"], nothing["more"]) == ([], 2, False)
        strange = client.get(changes, {"after": nothing["next"], "ma_xa": gone})
        assert (strange.status_code, strange.json()["error"]["code"]) == (409, "serve.condition_other")
        assert client.get(changes, {"since": 0, "khong_co": 1}).status_code == 422
        assert client.get(rows).json()["total"] == 2
        before = client.get(rows, {"version": 1}).json()
        assert (before["version"], before["total"]) == (1, 3)
        page = client.get(rows, {"version": 1, "limit": 2}).json()
        assert len(client.get(rows, {"version": 1, "after": page["next"]}).json()["rows"]) == 1
        for query in ({"since": 9}, {"after": "zz"}):
            assert client.get(changes, query).status_code in {400, 404}, query
        assert client.get(rows, {"version": 9}).json()["error"]["code"] == "opendata.publication_unknown"
