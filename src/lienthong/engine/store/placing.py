"""Where a store is, as an environment says it: `LIENTHONG_STORE_CATALOGUE`, `LIENTHONG_STORE_OBJECTS` and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from lienthong.engine.store.errors import PlacesInvalid
from lienthong.engine.store.places import ObjectStorage, Places, PostgresCatalogue

PREFIX = "LIENTHONG_STORE_"


def places_from(root: Path, environment: Mapping[str, str]) -> Places:
    """The places of a store whose passing files lie under `root`. Raises PlacesInvalid.

    `…CATALOGUE` is `postgresql://user@host:port/database?sslmode=…` with the password in `…CATALOGUE_PASSWORD`;
    `…OBJECTS` is `s3://bucket/folder` with `…OBJECTS_KEY_ID`, `…OBJECTS_SECRET`, and `…OBJECTS_ENDPOINT` (host:port, or a
    URL whose scheme says whether TLS is used) and `…OBJECTS_REGION` where they are needed. Instead of a secret itself, the file
    that holds it may be named: `…CATALOGUE_PASSWORD_FILE`, `…OBJECTS_SECRET_FILE`.
    """
    given = {
        name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)
    }
    catalogue = _catalogue(given) if given.get("CATALOGUE") else None
    objects = _objects(given) if given.get("OBJECTS") else None
    if objects is not None and catalogue is None:
        raise PlacesInvalid(table="-", setting=f"{PREFIX}CATALOGUE")
    return Places(root, catalogue, objects)


def _content(path: str, setting: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise PlacesInvalid(table="-", setting=setting) from None


def _catalogue(given: Mapping[str, str]) -> PostgresCatalogue:
    try:
        parts = urlsplit(given["CATALOGUE"])
        port = parts.port or 5432
    except ValueError:
        raise PlacesInvalid(table="-", setting=f"{PREFIX}CATALOGUE") from None
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname or not database:
        raise PlacesInvalid(table="-", setting=f"{PREFIX}CATALOGUE")
    return PostgresCatalogue(
        host=parts.hostname,
        port=port,
        database=database,
        user=unquote(parts.username or "postgres"),
        password=given.get("CATALOGUE_PASSWORD") or unquote(parts.password or ""),
        sslmode=parse_qs(parts.query).get("sslmode", ["prefer"])[0],
    )


def _objects(given: Mapping[str, str]) -> ObjectStorage:
    parts = urlsplit(given["OBJECTS"])
    if parts.scheme != "s3" or not parts.netloc:
        raise PlacesInvalid(table="-", setting=f"{PREFIX}OBJECTS")
    endpoint = given.get("OBJECTS_ENDPOINT", "")
    scheme, _, host = endpoint.rpartition("://")
    return ObjectStorage(
        bucket=parts.netloc,
        prefix=parts.path.strip("/") or "store",
        key_id=given.get("OBJECTS_KEY_ID", ""),
        secret=given.get("OBJECTS_SECRET", ""),
        endpoint=host,
        region=given.get("OBJECTS_REGION", "us-east-1"),
        tls=scheme != "http",
        path_style=bool(host),
    )
