"""What a person writes to name a source, taken apart; and what may be shown of it.

An address of a database may hold a password. It is taken out at once and kept as a `Secret`; what is
displayed, logged and stored is built anew from the harmless parts. An address that cannot be understood
is not repeated at all, since nobody can say which part of it was the password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, unquote_plus

from lienthong.engine.errors import SourceAddressInvalid, SourceKindUnknown

Kind = Literal["path", "sqlite", "postgresql", "mysql", "oracle", "sqlserver"]

_SCHEMES: Mapping[str, Kind] = {
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "oracle": "oracle",
    "mssql": "sqlserver",
    "sqlserver": "sqlserver",
}
_PORTS: Mapping[str, int] = {"postgresql": 5432, "mysql": 3306, "oracle": 1521, "sqlserver": 1433}
_SHOWN_SCHEMES: Mapping[str, str] = {"sqlserver": "mssql"}

OPTIONS: Mapping[str, frozenset[str]] = {
    "postgresql": frozenset(
        {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "host", "port",
         "user", "password", "dbname"}
    ),
    "mysql": frozenset(
        {"ssl_mode", "ssl_ca", "ssl_cert", "ssl_key", "socket", "charset", "connect_timeout", "user",
         "password"}
    ),
    "oracle": frozenset({"protocol", "connect_timeout", "user", "password"}),
    "sqlserver": frozenset({"encrypt", "trust_server_certificate", "connect_timeout", "user", "password"}),
}  # fmt: skip
_CHOICES: Mapping[str, frozenset[str]] = {
    "protocol": frozenset({"tcp", "tcps"}),
    "encrypt": frozenset({"yes", "no", "strict"}),
    "trust_server_certificate": frozenset({"yes", "no"}),
}
_SAME_OPTION = {"ssl-mode": "ssl_mode", "sslmode": "ssl_mode", "ssl-ca": "ssl_ca", "ssl-cert": "ssl_cert",
                "ssl-key": "ssl_key", "unix_socket": "socket"}  # fmt: skip
_SSL_MODES: Mapping[str, frozenset[str]] = {
    "postgresql": frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}),
    "mysql": frozenset({"disabled", "preferred", "required", "verify_ca", "verify_identity"}),
}


class Secret:
    """A password: it can be revealed to a driver and is shown nowhere else."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The password itself, for the driver that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")


@dataclass(frozen=True, slots=True)
class Address:
    """A source as named: a path, or a database with everything needed to reach it."""

    kind: Kind
    display: str
    path: Path | None = None
    host: str = ""
    port: int = 0
    user: str = ""
    database: str = ""
    password: Secret | None = None
    options: Mapping[str, str] = field(default_factory=dict)


def parse_address(text: str, password: str | None = None) -> Address:
    """Take an address apart; a `password` given beside it wins over one written in it.

    The user, password and database may be percent-encoded. A password may also hold `@`, `/`, `:`, `?`
    and `#` as they are: it ends at the last `@` of the address. Raises SourceAddressInvalid,
    SourceKindUnknown.
    """
    if not text.strip():
        raise _invalid("địa chỉ trống", "the address is empty")
    if "\x00" in text:
        raise _invalid("địa chỉ có ký tự NUL", "the address contains a NUL character")
    scheme, separator, rest = text.partition("://")
    if not separator or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*", scheme):
        return Address(kind="path", display=printable(text), path=Path(text))
    name = scheme.lower().split("+")[0]
    kind = _SCHEMES.get(name)
    if kind is None:
        raise SourceKindUnknown(source=f"{name}://…", kind=name)
    if kind == "sqlite":
        return _sqlite(text, rest)
    return _server(kind, name, rest, password)


def _sqlite(text: str, rest: str) -> Address:
    if not rest.startswith("/"):
        raise _invalid("sau sqlite: phải có ba dấu gạch chéo (sqlite:///TỆP)", "sqlite: needs three slashes")
    path = Path(rest[1:])
    if not path.is_absolute() and not path.exists() and Path(rest).exists():
        path = Path(rest)
    if not rest[1:]:
        raise _invalid("thiếu đường dẫn tới tệp SQLite", "the path of the SQLite file is missing")
    return Address(kind="sqlite", display=printable(text), path=path)


def _server(kind: Kind, name: str, rest: str, password: str | None) -> Address:
    userinfo, at, place = rest.rpartition("@")
    if not at:
        userinfo, place = "", rest
    place, _, query = place.partition("?")
    if "#" in place or "#" in query:
        raise _invalid("có dấu # (viết là %23)", "it contains a # (write it as %23)")
    hostport, _, database = place.partition("/")
    options = _options(kind, query)
    host, port = _host_and_port(kind, hostport)
    raw_user, colon, raw_password = userinfo.partition(":")
    user = unquote(raw_user) or options.pop("user", "")
    secret = options.pop("password", None)
    if colon:
        secret = unquote(raw_password)
    if password is not None:
        secret = password
    host = options.pop("host", "") or host
    if "port" in options:
        port = _port(options.pop("port"))
    database = unquote(database) or options.pop("dbname", "")
    if not database:
        raise _invalid("thiếu tên cơ sở dữ liệu sau tên máy chủ", "the name of the database is missing")
    if "," in host:
        raise _invalid("chỉ được ghi một máy chủ", "only one host may be given")
    if any(control in value for value in (host, user, database) for control in "\r\n\t\x00"):
        raise _invalid("có ký tự điều khiển", "it contains control characters")
    shown_host = f"[{host}]" if ":" in host else (host if "/" not in host else "")
    shown_port = f":{port}" if port != _PORTS[kind] else ""
    shown_user = f"{user}@" if user else ""
    return Address(
        kind=kind,
        display=f"{_SHOWN_SCHEMES.get(kind, kind)}://{shown_user}{shown_host}{shown_port}/{database}",
        host=host or ("localhost" if "socket" not in options else ""),
        port=port,
        user=user,
        database=database,
        password=Secret(secret) if secret else None,
        options=options,
    )


def _host_and_port(kind: Kind, text: str) -> tuple[str, int]:
    standard = _PORTS[kind]
    if text.startswith("["):
        host, bracket, after = text[1:].partition("]")
        if (
            not bracket
            or (after and not after.startswith(":"))
            or not re.fullmatch(r"[0-9A-Fa-f:.%\w]+", host)
        ):
            raise _invalid("địa chỉ IPv6 phải viết trong [ ]", "an IPv6 address must stand in [ ]")
        return host, _port(after[1:]) if after[1:] else standard
    if text.count(":") > 1 and "," not in text:
        raise _invalid("địa chỉ IPv6 phải viết trong [ ]", "an IPv6 address must stand in [ ]")
    if "," in text:
        raise _invalid("chỉ được ghi một máy chủ", "only one host may be given")
    host, _, port = text.partition(":")
    host = unquote(host)
    if re.search(r"[\s@:?#\\\[\]]", host):
        raise _invalid("tên máy chủ không đọc được", "the host name cannot be read")
    return host, _port(port) if port else standard


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) < 65536:
        raise _invalid("cổng phải là số từ 1 đến 65535", "the port must be a number from 1 to 65535")
    return int(text)


def _options(kind: Kind, query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    allowed = OPTIONS[kind]
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")
        name = unquote(name).lower()
        if kind == "mysql":
            name = _SAME_OPTION.get(name, name)
        if not equals or name not in allowed:
            # The name is not repeated: where a password holds a raw "?", it is a piece of it.
            listed = ", ".join(sorted(allowed - {"password"}))
            raise _invalid(
                f"tham số sau dấu ? chỉ được là: {listed}", f"after the ? only these are understood: {listed}"
            )
        options[name] = unquote_plus(value) if name != "password" else unquote(value)
    for name, taken in _CHOICES.items():
        if name in options and options[name].lower() not in taken:
            listed = ", ".join(sorted(taken))
            raise _invalid(f"{name} phải là một trong: {listed}", f"{name} must be one of: {listed}")
    mode = options.get("sslmode" if kind == "postgresql" else "ssl_mode")
    if mode is not None and mode.lower().replace("-", "_") not in {
        known.replace("-", "_") for known in _SSL_MODES[kind]
    }:
        listed = ", ".join(sorted(_SSL_MODES[kind]))
        raise _invalid(f"chế độ SSL phải là một trong: {listed}", f"the SSL mode must be one of: {listed}")
    if "connect_timeout" in options and not options["connect_timeout"].isdigit():
        raise _invalid("connect_timeout phải là số giây", "connect_timeout must be a number of seconds")
    return options


def printable(text: str) -> str:
    """The text on one line, without control characters, and whole in UTF-8 whatever bytes a file name holds."""
    plain = "".join(" " if ord(letter) < 32 or ord(letter) == 127 else letter for letter in text)
    return plain.encode("utf-8", "replace").decode("utf-8")


def _invalid(reason_vi: str, reason_en: str) -> SourceAddressInvalid:
    return SourceAddressInvalid(source="…", reason_vi=reason_vi, reason_en=reason_en)
