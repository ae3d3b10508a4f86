"""A store of several machines: catalogue in PostgreSQL, data files in an object storage, writers that share nothing else."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pytest

from lienthong.engine.store import errors
from lienthong.engine.store.ducklake import DuckLakeStore
from lienthong.engine.store.places import ObjectStorage, Places, PostgresCatalogue
from tests.objectstore import KEY_ID, running_object_storage
from tests.trials.trying import nursery

SECRET = "bí-mật-kho"


def catalogue_at(url: str) -> PostgresCatalogue:
    parts = urlsplit(url)
    return PostgresCatalogue(
        host=str(parts.hostname), port=parts.port or 5432, user=str(parts.username),
        password=unquote(str(parts.password)), database=parts.path.lstrip("/"),
    )  # fmt: skip


def host(folder: Path, url: str, endpoint: str) -> Places:
    """What one machine knows: a folder of its own, and the two places that all share."""
    objects = ObjectStorage("kho", KEY_ID, SECRET, endpoint=endpoint, tls=False)
    return Places(folder, catalogue_at(url), objects)


def counting(places: Places, times: int, name: str) -> None:
    """Count up in one row of a table that others count in too; publish a table of one's own beside it."""
    store = DuckLakeStore(places, threads=1)
    for turn in range(times):
        while True:
            seen = store.at("counter")
            number = seen.arrow().read_all().to_pylist()[0]["number"]
            row = pa.table({"_change": ["update"], "id": [0], "number": [number + 1]})
            try:
                store.publish("counter", changes=row, base=seen.version.number)
                break
            except (errors.VersionMoved, errors.StoreBusy):
                continue
        store.publish(name, full=pa.table({"id": [1, 2], "number": [turn, 7]}), key=("id",))


def test_two_hosts_lose_no_version_and_read_each_others(new_postgres_database, tmp_path):
    with running_object_storage() as (endpoint, objects):
        here = host(tmp_path / "here", new_postgres_database, endpoint)
        store = DuckLakeStore(here, threads=1)
        store.publish("counter", full=pa.table({"id": [0], "number": [0]}), key=("id",))
        others = [
            nursery(["lienthong.engine.store.ducklake", __name__]).Process(
                target=counting, args=(host(tmp_path / name, new_postgres_database, endpoint), 3, name)
            )
            for name in ("a", "b")
        ]
        for process in others:
            process.start()
        for process in others:
            process.join()

        assert [process.exitcode for process in others] == [0, 0]
        assert store.at("counter").arrow().read_all().to_pylist() == [{"id": 0, "number": 6}]
        for name, expected in (("counter", 7), ("a", 3), ("b", 3)):
            assert [version.number for version in store.versions(name)] == list(range(1, expected + 1))
            assert all(store.proved(name, number) for number in range(1, expected + 1))
        assert store.changes("counter", 1, 7).counts() == {"insert": 0, "update": 1, "delete": 0}
        assert objects
        assert all(path.startswith("kho/store/main/") for path in objects)
        assert not list((tmp_path / "here").rglob("*.parquet"))
        assert store.files("a", 3)[0].is_file()
        store.close()


def test_who_is_not_let_in_is_told_so_without_the_secret(new_postgres_database, tmp_path):
    with running_object_storage() as (endpoint, _):
        right = host(tmp_path, new_postgres_database, endpoint)
        strange = ObjectStorage("kho", "someone", SECRET, endpoint=endpoint, tls=False)
        wrong = PostgresCatalogue("127.0.0.1", "none", "nobody", SECRET, port=1, connect_seconds=2)
        for places, error in (
            (Places(tmp_path, wrong, right.objects), errors.CatalogueUnreachable),
            (Places(tmp_path, right.catalogue, strange), errors.ObjectStorageRefused),
        ):
            with pytest.raises(error) as refused:
                DuckLakeStore(places).versions("t")
            for said in (
                refused.value.text("vi"),
                refused.value.hint("vi"),
                repr(refused.value),
                repr(places),
            ):
                assert SECRET not in said
            assert refused.value.__cause__ is None
