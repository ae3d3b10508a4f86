"""An address is understood or refused, and a password is never shown."""

from __future__ import annotations

import pickle
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.engine.errors import EngineError, SourceAddressInvalid, SourceKindUnknown
from lienthong.engine.sources.address import Secret, parse_address

printable = st.text(st.characters(min_codepoint=33, max_codepoint=0x1EF9, exclude_categories=["Cs", "Cc"]))


def test_a_path_is_a_path_with_whatever_it_holds() -> None:
    for text in ("so lieu [2024].csv", "/tmp/a?b#c.csv", "thư mục/", "C:/x.csv"):
        named = parse_address(text)
        assert (named.kind, named.path, named.display) == ("path", Path(text), text)


def test_a_path_is_shown_on_one_line() -> None:
    assert parse_address("a\nb\x1b[2J.csv").display == "a b [2J.csv"


def test_an_address_of_a_database_is_taken_apart() -> None:
    named = parse_address("postgresql://doc%40tinh:m%E1%BA%ADt@db.example:5433/dan%20cu?sslmode=require")

    assert (named.kind, named.host, named.port, named.database) == (
        "postgresql",
        "db.example",
        5433,
        "dan cu",
    )
    assert named.user == "doc@tinh"
    assert named.password is not None
    assert named.password.reveal() == "mật"
    assert named.options == {"sslmode": "require"}
    assert named.display == "postgresql://doc@tinh@db.example:5433/dan cu"


@pytest.mark.parametrize(
    ("scheme", "kind", "port"),
    [("postgres", "postgresql", 5432), ("postgresql+psycopg", "postgresql", 5432), ("mysql", "mysql", 3306),
     ("mariadb", "mysql", 3306), ("MySQL+pymysql", "mysql", 3306), ("oracle+oracledb", "oracle", 1521),
     ("mssql", "sqlserver", 1433), ("sqlserver", "sqlserver", 1433)],
)  # fmt: skip
def test_other_names_of_the_same_kind(scheme: str, kind: str, port: int) -> None:
    named = parse_address(f"{scheme}://u@h/d")

    assert (named.kind, named.port, named.password) == (kind, port, None)


@given(password=printable, user=printable.filter(bool))
def test_any_encoded_password_arrives_whole_and_is_not_shown(password: str, user: str) -> None:
    named = parse_address(f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@h/d")

    assert named.user == user
    assert (named.password.reveal() if named.password else "") == password
    assert named.display == f"postgresql://{user}@h/d"
    harmless = repr(parse_address(f"postgresql://{quote(user, safe='')}:@h/d")) + "Secret(***)"
    if len(password) > 2 and password not in harmless:
        assert password not in repr(named)


@pytest.mark.parametrize(
    "password", ["p@ss", "p/a/s", "p#1", "p?x=1", "p:q", "mật khẩu", "100%", "@:/?#", "a%zz"]
)
def test_a_password_may_stand_as_it_is(password: str) -> None:
    named = parse_address(f"mysql://u:{password}@h:3307/d?ssl_mode=disabled")

    assert (named.host, named.port, named.database, named.user) == ("h", 3307, "d", "u")
    assert named.password is not None
    assert named.password.reveal() == password


def test_a_password_given_beside_the_address_wins() -> None:
    named = parse_address("postgresql://u:old@h/d", "new")

    assert named.password is not None
    assert named.password.reveal() == "new"


def test_ipv6_hosts_stand_in_brackets() -> None:
    named = parse_address("postgresql://u@[2001:db8::1]:5433/d")

    assert (named.host, named.port, named.display) == (
        "2001:db8::1",
        5433,
        "postgresql://u@[2001:db8::1]:5433/d",
    )
    with pytest.raises(SourceAddressInvalid):
        parse_address("postgresql://u@2001:db8::1/d")


def test_a_socket_folder_is_no_part_of_what_is_shown() -> None:
    named = parse_address("postgresql:///d?host=/run/postgresql&user=u")

    assert (named.host, named.user, named.display) == ("/run/postgresql", "u", "postgresql://u@/d")


@pytest.mark.parametrize(
    "address",
    [
        "", "   ", "a\x00b", "postgresql://", "postgresql://h", "postgresql://h/", "postgresql://u:s3cret@h",
        "postgresql://u:s3cret@h:x/d", "postgresql://u:s3cret@h:70000/d", "postgresql://u:s3cret@h:0/d",
        "postgresql://u:s3cret@[::1/d", "postgresql://u:s3cret@h1,h2/d", "postgresql://u:s3cret@h/d?options=-c",
        "postgresql://u:s3cret@h/d?s3cret", "postgresql://u:s3cret@h/d?sslmode=s3cret",
        "postgresql://u:s3cret@h/d#x", "postgresql://u:s3cret@h h/d", "mysql://u:s3cret@h/d?connect_timeout=s3cret",
        "sqlite://x.db", "sqlite:///", "postgresql://u:s3cret@h/d\nx",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(SourceAddressInvalid) as refused:
        parse_address(address)

    said = (
        repr(refused.value) + refused.value.text("vi") + refused.value.hint("vi") + str(refused.value.facts)
    )
    assert "s3cret" not in said


def test_an_unknown_kind_is_named_without_the_rest() -> None:
    with pytest.raises(SourceKindUnknown) as refused:
        parse_address("mongodb://u:s3cret@h/d")

    assert refused.value.facts == {"source": "mongodb://…", "kind": "mongodb"}


@given(st.text())
def test_whatever_is_written_there_is_an_answer(text: str) -> None:
    for address in (text, f"postgresql://{text}", f"mysql://u:{text}@h/d", f"sqlite://{text}"):
        with suppress(EngineError):
            assert parse_address(address).display is not None


def test_a_relative_and_an_absolute_sqlite_path(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()

    assert parse_address("sqlite:///a/x.db").path == Path("a/x.db")
    assert parse_address(f"sqlite:///{tmp_path}/x.db").path == tmp_path / "x.db"
    assert parse_address(f"sqlite://{tmp_path}/x.db").path == tmp_path / "x.db"


def test_a_secret_shows_nothing_and_is_not_written_down() -> None:
    secret = Secret("s3cret")

    assert "s3cret" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
