"""`lienthong look` as a person and as a program meet it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from lienthong.engine.sources.tests.test_faults import kill_while_it_sleeps
from tests.servers import PASSWORD, PASSWORD_IN_URL, running_postgres

MAIN = [sys.executable, "-c", "from lienthong.cli.main import main; main()"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MAIN, "look", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def test_a_source_that_goes_away_leaves_what_was_read_and_exit_code_3() -> None:
    with running_postgres() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE a AS SELECT 1 AS n; CREATE VIEW b AS SELECT pg_sleep(60)::text || n AS x FROM a"
            )
        killing = kill_while_it_sleeps(url)
        done = run(url, "--json")
        killing.join(10)

    assert done.returncode == 3, done.stderr
    assert [table["name"] for table in json.loads(done.stdout)["tables"]] == ["a"]
    assert "đã đọc 1/2 bảng; chưa đọc: b" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr


@pytest.fixture
def units(tmp_path: Path) -> Path:
    (tmp_path / "tinh.csv").write_text("ma,ten\n01,Hà Nội\n46,Huế\n79,\n", encoding="utf-8")
    (tmp_path / "xa.csv").write_text("ma,ma_tinh,dien_tich\n00001,01,0.92\n00004,01,1.5\n", encoding="utf-8")
    return tmp_path


def test_json_has_the_published_form(units: Path) -> None:
    done = run(str(units), "--json")

    assert (done.returncode, done.stderr) == (0, "")
    form = json.loads(done.stdout)
    assert form["source"] == str(units)
    table = form["tables"][0]
    assert {"name", "rows", "primary_key", "foreign_keys", "columns"} <= set(table)
    assert (table["name"], table["rows"]) == ("tinh", 3)
    assert {"name", "type", "nulls", "distinct", "min", "max"} <= set(table["columns"][0])
    assert [(c["name"], c["type"], c["nulls"], c["distinct"], c["min"], c["max"]) for c in table["columns"]] == [
        ("ma", "text", 0, 3, "01", "79"), ("ten", "text", 1, 2, "Huế", "Hà Nội"),
    ]  # fmt: skip


def test_a_file_drawn_for_people_is_reported_and_read_as_a_person_chooses(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Biểu 1\nMã;Số\n01;1,5\n;\n02;..\nNguồn: tự tính\n", encoding="utf-8")
    (tmp_path / "r.json").write_text('{"x": {"skip_rows": [3], "types": {"Số": "text"}}}', encoding="utf-8")
    (tmp_path / "bad.json").write_text('{"x": {"types": {"Số": "date"}}}', encoding="utf-8")

    told = json.loads(run(str(tmp_path / "x.csv"), "--json").stdout)["tables"][0]["reading"]
    printed = run(str(tmp_path / "x.csv"), "--lang", "en").stdout
    chosen = json.loads(run(str(tmp_path / "x.csv"), "--json", "--reading", str(tmp_path / "r.json")).stdout)
    refused = run(str(tmp_path / "x.csv"), "--reading", str(tmp_path / "bad.json"))

    assert {key: told[key] for key in ("encoding", "delimiter", "sheet", "header_rows", "skipped", "conversions")} == {
        "encoding": "utf-8", "delimiter": ";", "sheet": None, "header_rows": [2], "skipped": 3,
        "conversions": {"Mã": {"kept_as_text": 2}, "Số": {"decimal_comma": 1, "missing_mark": 1}},
    }  # fmt: skip
    assert [(row["number"], row["reason"]) for row in told["skipped_rows"]] == [
        (1, "title"), (4, "blank"), (6, "footer"),
    ]  # fmt: skip
    assert "heading row 2" in printed
    assert "row 6: foot: source, notes, signatures – Nguồn: tự tính" in printed
    assert chosen["tables"][0]["rows"] == 1
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Dòng 3, cột “Số”" in refused.stderr


def test_people_read_it_in_vietnamese_and_on_request_in_english(units: Path) -> None:
    vietnamese, english = run(str(units)), run(str(units), "--lang", "en")

    assert "Nguồn:" in vietnamese.stdout
    assert "số thực" in vietnamese.stdout
    assert "1 (33%)" in vietnamese.stdout
    assert "Primary key" not in vietnamese.stdout
    assert "Source:" in english.stdout
    assert "double" in english.stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [("gone.csv", None), ("empty.csv", b""), ("bad.csv", bytes(range(256)) * 20), ("bad.xlsx", b"PK\x03\x04"),
     ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 70), ("bad.sqlite", b"words " * 100),
     ("bad.parquet", b"words"), ("x.docx", b"words"), ("nhiều\ndòng.csv", None)],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line_and_exit_code_2(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    done = run(str(tmp_path / name), "--json")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert " — " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_is_looked_at_and_its_password_shown_nowhere(new_postgres_database: str) -> None:
    with psycopg.connect(new_postgres_database) as connection:
        connection.execute(
            "CREATE TABLE xa (ma text PRIMARY KEY, ten text); INSERT INTO xa VALUES ('01', NULL)"
        )
    parts = urlsplit(new_postgres_database)
    place = f"{parts.hostname}:{parts.port}{parts.path}"

    answers = [
        run(new_postgres_database, "--json"),
        run(f"postgresql://postgres@{place}", "--json", "--password-env", "MAT_KHAU", MAT_KHAU=PASSWORD),
        run(new_postgres_database),
    ]
    refusals = [
        run(f"postgresql://postgres:wr0ng-s3cret@{place}", "--json"),
        run(f"postgresql://postgres@{place}", "--password-env", "MAT_KHAU", MAT_KHAU="wr0ng-s3cret"),
        run(f"postgresql://postgres@{place}", "--password-env", "NO_SUCH_VARIABLE"),
        run(f"{new_postgres_database}_gone"),
        run(f"postgresql://u:wr0ng-s3cret@{parts.hostname}:1/d"),
        run("postgresql://u:wr0ng-s3cret@h:x/d"),
        run(f"{new_postgres_database}?wr0ng-s3cret=1"),
    ]

    assert [done.returncode for done in answers] == [0, 0, 0]
    assert json.loads(answers[0].stdout) == json.loads(answers[1].stdout)
    assert json.loads(answers[0].stdout)["source"] == f"postgresql://postgres@{place}"
    assert [done.returncode for done in refusals] == [2] * len(refusals)
    for done in answers + refusals:
        for secret in (PASSWORD, PASSWORD_IN_URL, "wr0ng-s3cret"):
            assert secret not in done.stdout + done.stderr
    for done in refusals:
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_soon_and_cleanly(
    new_postgres_database: str, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    with psycopg.connect(new_postgres_database) as connection:
        connection.execute("CREATE VIEW slow AS SELECT pg_sleep(50)::text AS nap")
    looking = subprocess.Popen(
        [*MAIN, "look", new_postgres_database], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    wait_until(lambda: bool(list(tmp_path.glob("lienthong-*"))) and is_reading(new_postgres_database))

    began = time.monotonic()
    looking.send_signal(sent)
    _, err = looking.communicate(timeout=45)

    assert time.monotonic() - began < 40
    assert looking.returncode == code
    assert "Traceback" not in err
    assert err.count("\n") == (1 if sent is signal.SIGINT else 0)
    assert not list(tmp_path.iterdir())


def is_reading(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
            "AND pid <> pg_backend_pid() AND query LIKE '%slow%'"
        ).fetchone()
    return bool(row and row[0])


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_looking_does_not_load_the_product(units: Path) -> None:
    code = (
        "import sys; from lienthong.cli.main import main\n"
        f"try: main(['look', {str(units)!r}])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "loaded = [name for name in ('django', 'pyarrow', 'psycopg', 'pymysql', 'numpy') if name in sys.modules]\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr


def test_help_is_there() -> None:
    done = run("--help")

    assert done.returncode == 0
    assert "SOURCE" in done.stdout
