"""The files of a publication: what was opened and nothing else, the same each time, all or nothing."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lienthong.catalogue.models import Database, DatabaseState, Dataset
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.jobs.models import JobState
from lienthong.foundation.jobs.performing import perform
from lienthong.foundation.tracing import carries
from lienthong.opendata import commands
from lienthong.opendata.demo import OPENED, make_listed
from lienthong.opendata.jobs import make_files
from lienthong.opendata.models import OpenDataset, OpenState, Publication
from lienthong.opendata.reading import replica_path

pytestmark = [pytest.mark.django_db]


def files_of(publication: Publication) -> dict[str, bytes]:
    return {
        one.format: path_of(one.file.sha256).read_bytes() for one in publication.files.select_related("file")
    }


@carries("ODA-12", "ODA-08")
def test_every_format_holds_what_was_opened_and_nothing_else(published: OpenDataset, tmp_path: Path) -> None:
    files = files_of(published.publications.get())
    assert set(files) == {"csv_excel", "csv", "xlsx", "json", "parquet"}
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8"))))
    assert list(rows[0]) == list(OPENED)
    assert [row["ma_xa"] for row in rows] == ["00001", "00004", "00007"]
    assert rows[2]["ten_xa"] == "Đặc khu Đất Đỏ"
    assert files["csv_excel"].startswith(b"\xef\xbb\xbf")
    assert b"00001" in files["csv_excel"]
    assert "An H" in json.dumps(json.loads(files["json"]), ensure_ascii=False)
    with zipfile.ZipFile(io.BytesIO(files["xlsx"])) as book:
        assert b"00001" in b"".join(book.read(name) for name in book.namelist())
    path = tmp_path / "x.parquet"
    path.write_bytes(files["parquet"])
    assert duckdb.sql(f"SELECT count(*), max(ma_xa) FROM '{path}'").fetchone() == (3, "00007")
    replica = sqlite3.connect(f"file:{replica_path(published)}?mode=ro", uri=True)
    everything = b"".join(files.values()) + "".join(map(str, replica.execute("SELECT * FROM rows"))).encode()
    replica.close()
    for personal in (b"dien_thoai", b"0912345678", b"0987654321"):
        assert personal not in everything


def test_making_the_files_again_gives_the_same(published: OpenDataset) -> None:
    version = published.publications.get().version
    again = make_files(published, version, actor=SYSTEM)
    before = {
        one.format: one.file.sha256 for one in published.publications.get().files.select_related("file")
    }
    assert {name: file.sha256 for name, file in again.items() if name != "xlsx"} == {
        name: digest for name, digest in before.items() if name != "xlsx"
    }


@carries("ODA-12")
def test_the_job_publishes_and_leads_to_the_page(dataset: Dataset) -> None:
    found = make_listed(dataset)
    job = commands.start_publication(actor=SYSTEM, open_dataset=found, note="Công bố lần đầu")
    perform(job.pk)
    job.refresh_from_db()
    found.refresh_from_db()
    assert (job.state, found.state) == (JobState.FINISHED, OpenState.PUBLISHED)
    assert job.result["result_url"] == f"/du-lieu/{found.slug}/"
    assert found.publications.get().note == "Công bố lần đầu"
    perform(job.pk)
    assert found.publications.count() == 1


def test_a_job_that_may_no_longer_publish_says_so_and_publishes_nothing(dataset: Dataset) -> None:
    found = make_listed(dataset)
    job = commands.start_publication(actor=SYSTEM, open_dataset=found)
    Database.objects.filter(pk=dataset.database_id).update(state=DatabaseState.NON_COMPLIANT)
    perform(job.pk)
    job.refresh_from_db()
    found.refresh_from_db()
    assert (job.state, found.state, found.publications.count()) == (JobState.FAILED, OpenState.LISTED, 0)
    assert "chưa đưa vào khai thác" in job.error_vi
    assert "not in operation" in job.error_en


def test_progress_is_told_in_words(published: OpenDataset) -> None:
    told: list[tuple[Any, ...]] = []
    make_files(
        published,
        published.publications.get().version,
        actor=SYSTEM,
        progress=lambda done, total, vi, en: told.append((done, total, vi, en)),
    )
    assert [line[0] for line in told] == list(range(told[-1][1]))
    assert "Đang lập tệp CSV (cho Excel)" in {line[2] for line in told}
    assert not any("_" in line[2] + line[3] for line in told)
