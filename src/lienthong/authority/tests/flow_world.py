"""Two live SQLite databases for the tests of flows: the ministry's list of communes, and the province's table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lienthong.authority import commands
from lienthong.authority.demo import make_flow, reconcile_now, run_now
from lienthong.authority.models import Reconciliation, SyncFlow
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.inventory.demo import make_source

from .conftest import World

SOURCE = "CREATE TABLE xa (ma_xa TEXT PRIMARY KEY, ten_xa TEXT NOT NULL, ma_tinh TEXT, dien_tich_km2 REAL)"
COPY = "CREATE TABLE dm_xa (ma TEXT PRIMARY KEY, ten TEXT NOT NULL, tinh TEXT, ghi_chu TEXT)"
MAPPING = (
    {"target": "ma", "source": "ma_xa", "conversion": ""},
    {"target": "ten", "source": "ten_xa", "conversion": ""},
    {"target": "tinh", "source": "ma_tinh", "conversion": ""},
)


class Pair:
    """The two files, and how a test changes them."""

    def __init__(self, folder: Path, rows: int = 30) -> None:
        self.source, self.copy = folder / "bo.sqlite", folder / "tinh.sqlite"
        self._do(self.source, SOURCE)
        self._do(self.copy, COPY)
        self.in_source(
            "INSERT INTO xa VALUES (?, ?, ?, ?)",
            [(f"{n:05d}", f"Phường {n}", f"{n % 3 + 1:02d}", float(n)) for n in range(1, rows + 1)],
        )

    def _do(self, path: Path, sql: str, rows: Iterable[tuple[Any, ...]] = ((),)) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(path)
        try:
            found: list[tuple[Any, ...]] = []
            for row in rows:
                found = connection.execute(sql, row).fetchall()
            connection.commit()
        finally:
            connection.close()
        return found

    def in_source(self, sql: str, rows: Iterable[tuple[Any, ...]] = ((),)) -> list[tuple[Any, ...]]:
        return self._do(self.source, sql, rows)

    def in_copy(self, sql: str, rows: Iterable[tuple[Any, ...]] = ((),)) -> list[tuple[Any, ...]]:
        return self._do(self.copy, sql, rows)

    @property
    def held(self) -> dict[str, str]:
        """Code and name of every row of the copy."""
        return dict(self.in_copy("SELECT ma, ten FROM dm_xa"))


def bound(world: World, pair: Pair) -> None:
    """Bind the source read-only and the copy for writing."""
    make_source(world.national, pair.source)
    commands.bind_target(actor=SYSTEM, database=world.local, address=f"sqlite:///{pair.copy}")


def working(world: World, pair: Pair, **given: Any) -> SyncFlow:
    """A flow that was put to work and has not run yet."""
    bound(world, pair)
    flow = make_flow(world.local, world.national, **given)
    commands.map_columns(actor=SYSTEM, flow=flow, target_table="dm_xa", key=["ma"], columns=MAPPING)
    return commands.activate_flow(actor=SYSTEM, flow=flow)


def ran(world: World, pair: Pair, **given: Any) -> SyncFlow:
    """A flow that has run once."""
    flow = working(world, pair, **given)
    run_now(flow)
    flow.refresh_from_db()
    return flow


def differing(world: World, pair: Pair) -> tuple[SyncFlow, Reconciliation]:
    """A flow whose copy somebody has changed by hand, reconciled."""
    flow = ran(world, pair)
    pair.in_copy("UPDATE dm_xa SET ten = 'Phường sửa tay' WHERE ma = '00007'")
    pair.in_copy("DELETE FROM dm_xa WHERE ma = '00008'")
    return flow, reconcile_now(flow)
