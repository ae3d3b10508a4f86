"""Where a store is kept: on one machine in a folder, or for several with a PostgreSQL catalogue and an object storage.

Secrets are handed over as values and never written down; what a driver says is never passed on, since it may quote them.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lienthong.engine.session import literal, load_extension
from lienthong.engine.store.errors import CatalogueUnreachable, ObjectStorageRefused
from lienthong.engine.store.locks import held

if TYPE_CHECKING:
    import duckdb
    import psycopg

_PAUSE = 0.05
# So that these locks meet no other advisory locks of the same database: "ltst" in ASCII.
_SPACE = 0x6C747374


@dataclass(frozen=True, slots=True)
class PostgresCatalogue:
    """The catalogue as tables of a PostgreSQL database that is the store's own."""

    host: str
    database: str
    user: str
    password: str = field(default="", repr=False)
    port: int = 5432
    sslmode: str = "prefer"
    connect_seconds: int = 10

    def parameters(self) -> dict[str, str]:
        """The parameters of a connection, as libpq names them."""
        return {
            "host": self.host,
            "port": str(self.port),
            "dbname": self.database,
            "user": self.user,
            "password": self.password,
        }


@dataclass(frozen=True, slots=True)
class ObjectStorage:
    """A bucket of an S3-compatible object storage, and the folder in it under which data files lie."""

    bucket: str
    key_id: str
    secret: str = field(default="", repr=False)
    endpoint: str = ""
    prefix: str = "store"
    region: str = "us-east-1"
    tls: bool = True
    path_style: bool = True

    def address(self) -> str:
        """Where data files lie."""
        return f"s3://{self.bucket}/{self.prefix.strip('/')}/"


@dataclass(frozen=True, slots=True)
class Places:
    """A folder of this machine for what is only passing through, the catalogue, and the data files.

    Without more, catalogue and data files lie in the folder too. A catalogue in PostgreSQL and data files in an object
    storage may be used from many machines; a folder that many machines share may hold data files beside such a catalogue.
    """

    root: Path
    catalogue: PostgresCatalogue | None = None
    objects: ObjectStorage | None = None

    @property
    def local_data(self) -> Path | None:
        """The folder of data files; None when they are elsewhere."""
        return None if self.objects else self.root / "data"

    def attach(self, instance: duckdb.DuckDBPyConnection, name: str) -> None:
        """Make the lake known to an engine under this name. Raises CatalogueUnreachable or ObjectStorageRefused."""
        load_extension(instance, "ducklake")
        data = f"{self.root / 'data'}{os.sep}"
        if self.objects is not None:
            self._know_objects(instance, self.objects)
            data = self.objects.address()
        if self.catalogue is None:
            load_extension(instance, "sqlite_scanner")
            catalogue = f"sqlite:{self.root / 'catalog.sqlite'}"
            options = "META_BUSY_TIMEOUT 10000, META_JOURNAL_MODE 'WAL'"
        else:
            self._know_catalogue(instance, self.catalogue)
            catalogue = f"postgres:sslmode={self.catalogue.sslmode}"
            options = "META_SECRET 'store_catalogue'"
        # Rows kept inside the catalogue would be cheaper for tiny changes, but reading them makes this engine
        # forget tables at older snapshots; and files must hold all there is.
        instance.execute(
            f"ATTACH {literal(f'ducklake:{catalogue}')} AS {name} (DATA_PATH {literal(data)}, "
            f"OVERRIDE_DATA_PATH true, DATA_INLINING_ROW_LIMIT 0, {options})"
        )

    def _know_catalogue(self, instance: duckdb.DuckDBPyConnection, catalogue: PostgresCatalogue) -> None:
        load_extension(instance, "postgres_scanner")
        # Asked first, so that a wrong address or password is told apart without the engine, which quotes both.
        with self._session(catalogue):
            pass
        given = catalogue.parameters()
        names = {"host": "HOST", "port": "PORT", "dbname": "DATABASE", "user": "USER", "password": "PASSWORD"}
        fields = ", ".join(f"{names[name]} {literal(value)}" for name, value in given.items() if value)
        instance.execute(f"CREATE OR REPLACE TEMPORARY SECRET store_catalogue (TYPE postgres, {fields})")

    def _know_objects(self, instance: duckdb.DuckDBPyConnection, objects: ObjectStorage) -> None:
        load_extension(instance, "httpfs")
        fields = {
            "KEY_ID": objects.key_id,
            "SECRET": objects.secret,
            "REGION": objects.region,
            "URL_STYLE": "path" if objects.path_style else "vhost",
            "ENDPOINT": objects.endpoint,
        }
        given = ", ".join(f"{name} {literal(value)}" for name, value in fields.items() if value)
        instance.execute(
            f"CREATE OR REPLACE TEMPORARY SECRET store_objects (TYPE s3, {given}, USE_SSL {objects.tls}, "
            f"SCOPE {literal(f's3://{objects.bucket}')})"
        )

    def exists(self) -> bool:
        """Whether the catalogue was made before; a catalogue of PostgreSQL is asked when it is attached."""
        return self.catalogue is None and (self.root / "catalog.sqlite").is_file()

    @contextmanager
    def held(self, name: str, *, seconds: float) -> Iterator[None]:
        """Hold the lock of this name before everybody who uses the same catalogue; TimeoutError after so many seconds."""
        if self.catalogue is None:
            with held(self.root / "locks" / f"{name}.lock", seconds=seconds):
                yield
            return
        with self._session(self.catalogue) as session:
            number = zlib.crc32(name.encode()) - (1 << 31)
            end = time.monotonic() + seconds
            # A session that dies lets its locks go, on whatever machine.
            while not session.execute("SELECT pg_try_advisory_lock(%s, %s)", (_SPACE, number)).fetchone()[0]:  # type: ignore[index]
                if time.monotonic() >= end:
                    raise TimeoutError(name)
                time.sleep(_PAUSE)
            yield

    @contextmanager
    def _session(self, catalogue: PostgresCatalogue) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        import psycopg

        session = None
        try:
            session = psycopg.connect(
                **catalogue.parameters(),  # type: ignore[arg-type]
                sslmode=catalogue.sslmode,
                connect_timeout=catalogue.connect_seconds,
                application_name="lienthong store",
                autocommit=True,
            )
        except psycopg.Error:
            failed = True
        else:
            failed = False
        if failed or session is None:
            raise CatalogueUnreachable(table="-", host=catalogue.host, database=catalogue.database)
        try:
            yield session
        finally:
            session.close()

    def tried(self, instance: duckdb.DuckDBPyConnection) -> None:
        """Look into the object storage once. Raises ObjectStorageRefused."""
        import duckdb

        if self.objects is None:
            return
        try:
            instance.execute(f"SELECT count(*) FROM glob({literal(self.objects.address() + '*')})").fetchall()
        except duckdb.Error:
            refused = True
        else:
            refused = False
        if refused:
            raise ObjectStorageRefused(table="-", bucket=self.objects.bucket)
