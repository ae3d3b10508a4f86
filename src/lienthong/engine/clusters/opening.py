"""A session of Spark: opened by what the configuration names, asked in SQL, its words kept to itself.

The library is imported here and nowhere else. `LIENTHONG_SPARK_REMOTE` names a server of Spark Connect, and
`LIENTHONG_SPARK_MASTER` the master of a cluster, of which this process is then the driver.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from lienthong.engine.clusters.errors import (
    ClusterDriverMissing,
    ClusterFailed,
    ClusterNotNamed,
    ClusterUnreachable,
    FilesOutOfReach,
)

if TYPE_CHECKING:
    import pyarrow as pa

Engine = Literal["duckdb", "spark"]
"""What works on a version: DuckDB on this machine, or Spark on several."""

REMOTE, MASTER = "LIENTHONG_SPARK_REMOTE", "LIENTHONG_SPARK_MASTER"
EXTRA = "lienthong[spark]"
_PATIENCE_SECONDS = 10
_PATTERNS = frozenset("*?[]{}\\")
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.binaryAsString": "false",
    "spark.sql.adaptive.enabled": "true",
}
# Of a cluster that gives no release of a setting, the work itself tells whether it matters.
_UNREACHABLE = ("UNAVAILABLE", "failed to connect", "Connection refused", "All masters are unresponsive", "Name or service",
                "JAVA_GATEWAY_EXITED", "Unable to locate a Java", "CANNOT_CONFIGURE_SPARK_CONNECT", "DNS resolution",
                "RETRIES_EXCEEDED")  # fmt: skip
_NO_FILE = (
    "PATH_NOT_FOUND",
    "FileNotFoundException",
    "FILE_NOT_EXIST",
    "does not exist",
    "No such file",
    "not found",
)


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster answers: a server of Spark Connect (`sc://`), or a master (`spark://`, `local[…]`)."""

    kind: Literal["remote", "master"]
    url: str

    def shown(self) -> str:
        """The address as people may see it: without what follows the host, where tokens stand."""
        return (
            self.url.partition(";")[0].rpartition("@")[2] if "@" in self.url else self.url.partition(";")[0]
        )


def named_cluster(environment: Mapping[str, str] | None = None) -> ClusterAddress:
    """The cluster that the configuration names. Raises ClusterNotNamed unless it names exactly one."""
    known = os.environ if environment is None else environment
    remote, master = known.get(REMOTE, "").strip(), known.get(MASTER, "").strip()
    if bool(remote) == bool(master):
        raise ClusterNotNamed()
    return ClusterAddress("remote", remote) if remote else ClusterAddress("master", master)


class Cluster:
    """An open session; everything is asked in SQL, one statement at a time."""

    def __init__(self, session: Any, address: ClusterAddress) -> None:
        self._session = session
        self.address = address

    def view(self, name: str, files: Sequence[Path | str]) -> None:
        """Give the rows of these Parquet files together a name in SQL. Raises FilesOutOfReach."""
        for file in files:
            if _PATTERNS & set(str(file)):
                # A cluster takes such a name for a pattern, and may read another file.
                raise FilesOutOfReach(file=Path(str(file)).name, address=self.address.shown())
        first = Path(str(files[0])).name
        with self._told(first):
            self._session.read.parquet(*(_uri(file) for file in files)).createOrReplaceTempView(name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a statement with a small answer."""
        with self._told():
            return [tuple(row) for row in self._session.sql(sql).collect()]

    def arrow(self, sql: str) -> pa.Table:
        """The rows of a statement as an Arrow table, in the memory of this machine."""
        with self._told():
            return self._session.sql(sql).toArrow()

    def close(self) -> None:
        """End the session."""
        with self._told():
            self._session.stop()

    @contextmanager
    def _told(self, file: str = "-") -> Iterator[None]:
        try:
            yield
        except (FilesOutOfReach, ClusterFailed, ClusterUnreachable):
            raise
        except Exception as error:
            # What the library says may hold addresses and values: only its kind goes on.
            raise _translated(error, self.address, file) from None


@contextmanager
def open_cluster(address: ClusterAddress) -> Iterator[Cluster]:
    """A session on this cluster, ended at the end. Raises ClusterDriverMissing and ClusterUnreachable."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise ClusterDriverMissing(package=EXTRA) from None
    _answers(address)
    try:
        builder = SparkSession.builder.appName("lienthong")
        if address.kind == "remote":
            session = builder.remote(address.url).getOrCreate()
        else:
            session = (
                builder.master(address.url)
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .getOrCreate()
            )
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
        session.sql("SELECT 1").collect()
    except ImportError:
        raise ClusterDriverMissing(package=EXTRA) from None
    except Exception:
        raise ClusterUnreachable(address=address.shown()) from None
    cluster = Cluster(session, address)
    try:
        yield cluster
    finally:
        cluster.close()


def _answers(address: ClusterAddress) -> None:
    """Raises ClusterUnreachable where nothing listens: the library itself would go on trying for a quarter of an hour."""
    first = urlsplit(address.url.partition(";")[0].partition(",")[0])
    if first.scheme not in ("sc", "spark") or first.hostname is None:
        return
    try:
        port = first.port or {"sc": 15002, "spark": 7077}[first.scheme]
        socket.create_connection((first.hostname, port), timeout=_PATIENCE_SECONDS).close()
    except (OSError, ValueError):
        raise ClusterUnreachable(address=address.shown()) from None


def _uri(file: Path | str) -> str:
    text = str(file)
    if "://" in text:
        # Hadoop reads the object storage under a name of its own.
        return "s3a://" + text[5:] if text.startswith("s3://") else text
    return "file://" + str(Path(text).absolute())


def _translated(error: Exception, address: ClusterAddress, file: str) -> Exception:
    text = str(error)
    if any(sign in text for sign in _NO_FILE):
        return FilesOutOfReach(file=file, address=address.shown())
    if any(sign in text for sign in _UNREACHABLE):
        return ClusterUnreachable(address=address.shown())
    return ClusterFailed(address=address.shown(), reason=type(error).__name__)
