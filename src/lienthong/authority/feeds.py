"""The changes feed of another node, asked page by page over HTTPS; what goes wrong is told as the engine tells it."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pyarrow as pa
from pyarrow import parquet

from lienthong.engine.errors import (
    FileMalformed,
    SourceBusy,
    SourceLost,
    SourceNotFound,
    SourceRefused,
    SourceTimedOut,
    SourceTlsFailed,
    SourceTooLarge,
    SourceUnreachable,
    WrongPassword,
)
from lienthong.engine.sync.errors import MarkUnusable
from lienthong.foundation.outbound.asking import SECONDS, ask

PAGE = 1000


class NodeFeed:
    """A changes feed as the gateway of a node gives it: `GET address?after=MARK&limit=…` under a key, of all rows or, with
    a condition in the address, of those that meet it.
    """

    def __init__(self, address: str, key: Callable[[], str | None]) -> None:
        self._address, self._key = address, key
        self.display = urlsplit(address).hostname or "https://…"

    def page(self, after: str | None) -> Mapping[str, Any]:
        """The changes behind a mark; from the beginning without one. Raises the errors of `SourceError`."""
        key = self._key()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        query = urlencode({"limit": PAGE} | ({"after": after} if after else {}))
        try:
            # An address may hold a condition: then the copy follows a part of the rows.
            joined = "&" if urlsplit(self._address).query else "?"
            answer = ask(f"{self._address}{joined}{query}", headers=headers)
        except ssl.SSLError:
            raise SourceTlsFailed(source=self.display) from None
        except TimeoutError:
            raise SourceTimedOut(source=self.display, seconds=round(SECONDS)) from None
        except (OSError, http.client.HTTPException):
            raise SourceUnreachable(source=self.display) from None
        if answer.cut:
            raise SourceTooLarge(source=self.display)
        self._require_well(answer.status, after)
        try:
            page = json.loads(answer.body)
            held = {
                "columns": [_column(one) for one in page.get("columns") or ()],
                "changes": [
                    {"change": str(one["change"]), "row": dict(one["row"])} for one in page["changes"]
                ],
                "next": page.get("next"),
                "more": bool(page.get("more")),
            }
        except (ValueError, TypeError, KeyError, AttributeError):
            raise FileMalformed(source=self.display, kind="JSON") from None
        return held

    def _require_well(self, status: int, after: str | None) -> None:
        if status == 200:
            return
        if status in (401, 403):
            raise WrongPassword(source=self.display, user="")
        if status == 404:
            raise SourceNotFound(source=self.display)
        if status in (409, 410) and after:
            raise MarkUnusable(
                mark=after,
                reason_vi="nguồn không còn giữ thay đổi từ mốc này",
                reason_en="the feed no longer holds the changes since this mark",
            )
        if status == 429 or status >= 500:
            raise SourceBusy(source=self.display)
        raise SourceRefused(source=self.display)


def _column(told: Any) -> dict[str, str]:
    """A column as a page tells of it: by name and type, or by its name alone."""
    if isinstance(told, str):
        return {"name": told, "type": ""}
    return {"name": str(told["name"]), "type": str(told.get("type") or "")}


def rows_of_feed(
    feed: NodeFeed,
    key: Sequence[str],
    columns: Sequence[str],
    path: Path,
    should_stop: Callable[[], bool],
) -> Path:
    """Write what all changes of a feed come to into a file, one row per key, so that a copy can be compared with it; these
    columns are there whether or not any row has told of them.

    Costs one reading of the whole feed and memory for its rows.
    """
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    told: dict[str, None] = {}
    after: str | None = None
    while True:
        page = feed.page(after)
        told.update(dict.fromkeys(one["name"] for one in page["columns"]))
        for one in page["changes"]:
            identity = tuple(one["row"].get(name) for name in key)
            if one["change"] == "delete":
                rows.pop(identity, None)
            else:
                rows[identity] = one["row"]
        following = page["next"]
        if not page["more"]:
            break
        if should_stop() or not following or following == after:
            raise SourceLost(source=feed.display)
        after = str(following)
    names = list(dict.fromkeys([*key, *columns, *told, *(name for row in rows.values() for name in row)]))
    values = {name: [row.get(name) for row in rows.values()] for name in names}
    try:
        # Of a column without any value no type can be told; text takes part in every comparison.
        arrays = {
            name: pa.array(one, None if any(value is not None for value in one) else pa.string())
            for name, one in values.items()
        }
        parquet.write_table(pa.table(arrays), path)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise FileMalformed(source=feed.display, kind="JSON") from None
    return path
