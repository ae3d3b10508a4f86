"""The engine's DuckDB keeps to itself, and stops when told."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import duckdb
import pytest

from lienthong.engine.errors import DriverMissing
from lienthong.engine.session import (
    Interrupted,
    Limits,
    literal,
    load_extension,
    open_session,
    quoted,
    run_each,
)

ENDLESS = "SELECT count(*) FROM range(100000000000) a WHERE hash(a.range) = 7"


def test_nothing_is_fetched_from_outside(tmp_path: Path) -> None:
    with (
        open_session(Limits(), tmp_path) as session,
        pytest.raises(duckdb.Error, match="spatial"),
    ):
        session.execute("LOAD spatial")


def test_a_variable_of_python_is_no_table(tmp_path: Path) -> None:
    secret_rows = [1, 2]
    with open_session(Limits(), tmp_path) as session, pytest.raises(duckdb.CatalogException):
        session.execute("SELECT * FROM secret_rows")
    assert secret_rows


def test_the_extensions_that_are_needed_are_installed(tmp_path: Path) -> None:
    with open_session(Limits(), tmp_path) as session:
        for name in ("postgres_scanner", "mysql_scanner", "sqlite_scanner"):
            load_extension(session, name)


def test_an_extension_that_was_altered_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.find_spec("duckdb_extension_sqlite_scanner")
    assert spec is not None
    assert spec.origin is not None
    package = tmp_path / "duckdb_extension_altered"
    folder = package / "extensions" / f"v{duckdb.__version__}"
    folder.mkdir(parents=True)
    (package / "__init__.py").touch()
    lying = Path(spec.origin).parent / folder.relative_to(package) / "sqlite_scanner.duckdb_extension"
    altered = bytearray(lying.read_bytes())
    altered[len(altered) // 2] ^= 1
    (folder / "altered.duckdb_extension").write_bytes(altered)
    monkeypatch.syspath_prepend(str(tmp_path))

    with open_session(Limits(), tmp_path) as session:
        for _turn in range(2):
            with pytest.raises(duckdb.IOException, match="signature"):
                load_extension(session, "altered")


def test_a_missing_extension_is_named(tmp_path: Path) -> None:
    with open_session(Limits(), tmp_path) as session, pytest.raises(DriverMissing) as refused:
        load_extension(session, "no_such")
    assert "duckdb-extension-no-such==" in refused.value.text("en")


def test_memory_and_threads_are_bounded(tmp_path: Path) -> None:
    with open_session(Limits(memory_mb=300, threads=1), tmp_path) as session:
        found = session.execute(
            "SELECT current_setting('memory_limit'), current_setting('threads')"
        ).fetchall()[0]
    assert found == ("286.1 MiB", 1)


def test_names_and_texts_are_quoted() -> None:
    found = duckdb.sql(f"SELECT {literal(chr(39) + 'x')} AS {quoted('a' + chr(34))}").fetchall()

    assert found == [("'x",)]


def test_work_is_done_side_by_side_and_answered_in_order(tmp_path: Path) -> None:
    done: list[int] = []
    with open_session(Limits(), tmp_path) as session:
        jobs = [lambda cursor, n=n: cursor.execute(f"SELECT {n}").fetchall()[0][0] for n in range(9)]
        assert run_each(session, jobs, workers=3, on_done=done.append) == list(range(9))
    assert done == list(range(1, 10))


def test_the_first_error_stops_the_rest(tmp_path: Path) -> None:
    with open_session(Limits(threads=1), tmp_path) as session, pytest.raises(duckdb.CatalogException):
        run_each(
            session,
            [lambda cursor: cursor.execute("FROM nowhere"), lambda cursor: cursor.execute(ENDLESS)],
            workers=2,
        )


def test_a_stop_interrupts_running_statements(tmp_path: Path) -> None:
    began = time.monotonic()
    with open_session(Limits(), tmp_path) as session:
        with pytest.raises(Interrupted):
            run_each(
                session,
                [lambda cursor: cursor.execute(ENDLESS).fetchall()] * 2,
                workers=2,
                should_stop=lambda: time.monotonic() - began > 0.3,
            )
        assert session.execute("SELECT 1").fetchall() == [(1,)]
    assert time.monotonic() - began < 20
