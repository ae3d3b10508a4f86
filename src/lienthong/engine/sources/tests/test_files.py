"""Parquet files, folders, and everything else that a path may lead to."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import duckdb
import pytest

from lienthong.engine.errors import (
    FileEncrypted,
    FileMalformed,
    LookInterrupted,
    SourceEmpty,
    SourceKindUnknown,
    SourceNotFound,
    TableNotFound,
)
from lienthong.engine.sources import Source, open_source


def parquet(path: Path, sql: str) -> Path:
    duckdb.sql(sql).write_parquet(str(path))
    return path


def test_a_parquet_file_is_looked_at_in_place(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "x.parquet",
        "SELECT n::UBIGINT AS n, (n / 4)::DECIMAL(9, 2) AS m, [n] AS l, {'a': n} AS s, 'x'::BLOB AS b, "
        "NULL::DATE AS d FROM range(300000) AS r(n)",
    )

    with open_source(str(path)) as source:
        seen = source.look()

    found = {c.name: (c.type, c.nulls, c.distinct, c.min, c.max) for c in seen.tables[0].profile.columns}
    assert found == {
        "n": ("integer", 0, 300000, 0, 299999),
        "m": ("decimal", 0, 300000, 0, 74999.75),
        "l": ("json", 0, 300000, None, None),
        "s": ("json", 0, 300000, None, None),
        "b": ("binary", 0, 1, None, None),
        "d": ("date", 300000, 0, None, None),
    }
    assert seen.tables[0].table.column("m").native_type == "DECIMAL(9,2)"


def test_damaged_and_locked_parquet_files_are_refused(tmp_path: Path) -> None:
    good = parquet(tmp_path / "good.parquet", "SELECT 1 AS a").read_bytes()
    for content, refusal in (
        (b"", SourceEmpty), (b"hello", FileMalformed), (good[:-6], FileMalformed),
        (b"PAR1" + b"\xff" * 50, FileMalformed), (b"PARE" + good[4:], FileEncrypted),
    ):  # fmt: skip
        (tmp_path / "x.parquet").write_bytes(content)
        with pytest.raises(refusal), open_source(str(tmp_path / "x.parquet")) as source:
            source.look()


def test_the_files_of_a_folder_are_tables_and_what_is_damaged_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "b.tsv").write_text("x\ty\n1\t2\n")
    parquet(tmp_path / "a.parquet", "SELECT 1 AS p")
    (tmp_path / "bad.csv").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "empty.csv").touch()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "gone.csv").symlink_to("nowhere.csv")
    (tmp_path / "below.csv").mkdir()
    (tmp_path / ".hidden.csv").write_text("x\n1\n")
    (tmp_path / "readme.md").write_text("# no data")
    (tmp_path / "datapackage.json").write_text('{"name": "x"}')
    os.mkfifo(tmp_path / "pipe.csv")

    with open_source(str(tmp_path)) as source:
        seen = source.look()

    assert [looked.table.name for looked in seen.tables] == ["a.csv", "a", "b"] or [
        looked.table.name for looked in seen.tables
    ] == ["a", "a.parquet", "b"]
    told = {str(finding.place): finding.severity for finding in seen.findings}
    assert told == {
        "bad.csv": "error", "empty.csv": "info", "loop.csv": "error", "gone.csv": "error", "pipe.csv": "error",
    }  # fmt: skip


def test_a_folder_without_data_is_empty(tmp_path: Path) -> None:
    with pytest.raises(SourceEmpty), open_source(str(tmp_path)) as source:
        source.look()
    (tmp_path / "self").symlink_to(tmp_path)
    with pytest.raises(SourceEmpty), open_source(str(tmp_path)) as source:
        source.look()


def test_what_is_not_there_or_no_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.docx").touch()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    for name, refusal in (
        ("nothing.csv", SourceNotFound), ("nothing/x.csv", SourceNotFound), ("x" * 400, SourceNotFound),
        ("loop.csv", SourceNotFound), ("x.docx", SourceKindUnknown), ("pipe.csv", SourceKindUnknown),
    ):  # fmt: skip
        with pytest.raises(refusal):
            open_source(str(tmp_path / name))
    with pytest.raises(SourceKindUnknown):
        open_source("/dev/zero")


def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    from lienthong.engine.sources import reaching

    path = tmp_path / "x.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    asked: list[int] = []

    class Refusing:
        R_OK, X_OK = os.R_OK, os.X_OK
        stat_result = os.stat_result

        @staticmethod
        def access(where: Path, how: int) -> bool:
            asked.append(how)
            return bool(where.stat().st_mode & stat.S_IRUSR)

    before = reaching.os
    reaching.os = Refusing  # type: ignore[assignment]
    try:
        with pytest.raises(reaching.SourceUnreadable):
            open_source(str(path))
    finally:
        reaching.os = before
    assert asked == [os.R_OK]


def test_a_table_is_asked_for_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n2\n")

    with open_source(str(tmp_path / "a.csv")) as source:
        assert source.profile("a").rows == 2
        assert source.profile(source.table("a")).rows == 2
        for ask in (source.profile, source.relation, source.read_arrow, source.table):
            with pytest.raises(TableNotFound):
                ask("b")


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("x\nạ\n".encode("utf-16"))
    source: Source
    with open_source(str(tmp_path)) as source:
        folder = source.folder
        source.look()
        assert any(folder.iterdir())
    assert not folder.exists()


def test_a_stopped_look_says_so_and_can_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n2\n")

    with open_source(str(tmp_path / "a.csv")) as source:
        with pytest.raises(LookInterrupted) as stopped:
            source.look(should_stop=lambda: True)
        assert source.look().tables[0].profile.rows == 2
    assert stopped.value.transient


def test_progress_counts_columns_over_all_tables(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "b.csv").write_text("x,y,z\n1,2,3\n")
    steps: list[tuple[int, int, str]] = []

    with open_source(str(tmp_path)) as source:
        source.look(lambda *step: steps.append(step))

    assert steps[0] == (0, 5, "a")
    assert steps[-1] == (5, 5, "b")
    assert [step[0] for step in steps] == sorted(step[0] for step in steps)
