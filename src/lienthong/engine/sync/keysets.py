"""Which keys only one of two PostgreSQL tables has, told from counts and hashes of groups of keys.

Both servers count and hash their keys by group. Where a group of whole numbers has lost or gained a single key, the
difference of the two hashes is the hash of that key, which finds it without fetching any other; of groups in which more
happened all keys are fetched. What the source's groups were is remembered with the state: for a day the next runs
compare the source with that, and spare the target. Cost: one scan of the keys on the source (less than 0.1 s of
processor per million whole numbers of a vacuumed table, whose index alone is read; up to 0.2 s otherwise), once a day
on the target too, and a look at the groups in which something came or went.
"""

from __future__ import annotations

import base64
import datetime as dt
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg

from lienthong.engine.session import literal, quoted
from lienthong.engine.sources.explaining import raise_alone
from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sync.pgtarget import PostgresqlTarget
from lienthong.engine.sync.reading import KeyText

_KEYS_PER_GROUP = 256
_GROUPS_AT_MOST = 1 << 15
_GROUPS_TOO_MANY = 4 * _GROUPS_AT_MOST
_REMEMBERED = dt.timedelta(hours=24)
_ONE = struct.Struct("<qQQ")
_MASK = (1 << 64) - 1
_BITS_AT_MOST = 63
"""A number of 64 bits shifted by all of them would stay what it is."""
_LARGE_GROUP = 1 << 14
_OUTGROWN = 8
"""How many times the rows of last time a table may have before its keys are grouped anew."""
Groups = dict[int, tuple[int, int]]
_NOTHING = (0, 0)
Listed = TypeVar("Listed")
_RANGES_AT_MOST = 2000
_SEEN_BY_ALL, _SEEN_IN_ORDER = 0.8, 0.5
"""The share of a table's pages whose rows everyone sees from which its index is read and not the table: for others the
rows are looked up, which is dear (a second per million) unless they lie in the order of the key."""
_IN_ORDER = 0.9


@dataclass(frozen=True, slots=True)
class _Keyed:
    """One of the two tables: how its server is asked, and under which names."""

    ask: Callable[[str], list[tuple[Any, ...]]]
    table: str
    key: tuple[str, ...]
    condition: str = ""
    """Which rows count; all when empty."""

    def rows(self, *tests: str) -> str:
        """What stands behind FROM for the rows that count and pass these tests."""
        where = " AND ".join(f"({test})" for test in (self.condition, *tests) if test)
        return f"{self.table} AS k{f' WHERE {where}' if where else ''}"

    def texts(self) -> str:
        """The key as travelling texts: SQL."""
        return ", ".join(f"{quoted(name)}::text" for name in self.key)


class KeySets:
    """The keys of a source table and of the target: `key` in the source's names, `condition` says which rows count there."""

    def __init__(
        self,
        source: PostgresqlSource,
        table: str,
        key: Sequence[str],
        target: PostgresqlTarget,
        remembered: Mapping[str, Any] | None = None,
        *,
        condition: str = "",
    ) -> None:
        self._source, self._target = source, target
        self._there = _Keyed(self._ask_source, table, tuple(key), condition)
        self._here = _Keyed(target.ask, target.own_name, target.key)
        columns = {column.name: column for column in target.columns()}
        self._whole = len(key) == 1 and columns[target.key[0]].type == "integer"
        oldest = min(source.session.info.server_version, target.session.info.server_version)
        self.rows_before = 0
        """How many rows the target had, once compared."""
        self.to_remember: dict[str, Any] = {}
        """What the next run is to be given as `remembered`, once compared."""
        self._remembered = remembered if remembered and _fresh(remembered) else None
        self._looked_up = self._whole and self._indexed(self._there) and self._indexed(self._here)
        self._by_xor = oldest >= 140_000
        self._bits = 0

    def at_source(self) -> Groups:
        """The source's groups: the dear part. Asks the source alone, so that the target may be at work meanwhile."""
        if self._remembered is not None:
            self._bits = int(self._remembered["bits"])
            self._by_range(self._remembered.get("ranges") is not False)
            there = self._groups(self._there)
            before = _rows(_unpacked(self._remembered["groups"]))
            if len(there) <= _GROUPS_TOO_MANY and _rows(there) <= max(before, _LARGE_GROUP) * _OUTGROWN:
                return there
            self._remembered = None
        self._bits = self._grouping()
        there = self._groups(self._there)
        if self._whole and max((count for count, _ in there.values()), default=0) > _LARGE_GROUP:
            # A few numbers far off make the ranges wide: nearly all keys share one.
            self._by_range(False)
            self._bits = self._grouping()
            there = self._groups(self._there)
        return there

    def _by_range(self, holds: bool) -> None:
        """Whether a group is a range of numbers; otherwise it is told by the hash of the key."""
        self._whole, self._looked_up = self._whole and holds, self._looked_up and holds

    def compared(self, there: Groups) -> tuple[list[KeyText], list[KeyText]]:
        """The keys that only the target has, and those that only the source has; `there` are the source's groups."""
        known = self._remembered
        here = self._groups(self._here) if known is None else _unpacked(known["groups"])
        self.rows_before = _rows(here)
        checked = dt.datetime.now(dt.UTC).isoformat() if known is None else known["checked"]
        self.to_remember = {
            "bits": self._bits, "ranges": self._whole, "checked": checked, "groups": _packed(there),
        }  # fmt: skip
        lost: dict[int, int] = {}
        gained: dict[int, int] = {}
        unclear: list[int] = []
        for group in {**there, **here}:
            before, now = here.get(group, _NOTHING), there.get(group, _NOTHING)
            if before == now:
                continue
            change = now[0] - before[0]
            if self._looked_up and abs(change) == 1:
                (lost if change < 0 else gained)[group] = self._difference(before[1], now[1], change)
            else:
                unclear.append(group)
        gone, doubted = self._only(self._here, self._there, lost)
        missed, doubted_too = self._only(self._there, self._here, gained)
        unclear += doubted + doubted_too
        if unclear:
            at_source, at_target = self._keys(self._there, unclear), self._keys(self._here, unclear)
            gone |= at_target - at_source
            missed |= at_source - at_target
        return sorted(gone), sorted(missed)

    def _only(self, side: _Keyed, other: _Keyed, hashes: Mapping[int, int]) -> tuple[set[KeyText], list[int]]:
        """The keys of these hashes (by group) that one side has and the other lacks; and groups that tell no single key."""
        found: dict[int, list[str]] = {}
        for part in _parts(list(hashes.items())):
            looked_for = ", ".join(
                f"({low}, {high}, '{_signed(told)}'::bigint)"
                for group, told in part
                for low, high in [self._bounds(group)]
            )
            name = quoted(side.key[0])
            # OFFSET 0: each range is looked up, where a join by hash would read the whole table.
            for group, key in side.ask(
                f"SELECT {self._group(side)}, {name}::text FROM (VALUES {looked_for}) AS g (low, high, told) "
                f"CROSS JOIN LATERAL (SELECT {name} FROM {side.rows(f'{name} BETWEEN g.low AND g.high')} OFFSET 0) AS r "
                f"WHERE {self._hash(side)} = g.told"
            ):
                found.setdefault(int(group), []).append(str(key))
        certain = {group: keys[0] for group, keys in found.items() if len(keys) == 1}
        # A hash may be that of another key: the other side is asked before anything is removed.
        there_too = self._among(other, list(certain.values()))
        only: set[KeyText] = {(key,) for key in certain.values() if key not in there_too}
        return only, [group for group in hashes if group not in certain]

    def _among(self, side: _Keyed, keys: Sequence[str]) -> set[str]:
        there: set[str] = set()
        for part in _parts(keys):
            test = f"{quoted(side.key[0])} IN ({', '.join(part)})"
            there |= {str(row[0]) for row in side.ask(f"SELECT {side.texts()} FROM {side.rows(test)}")}
        return there

    def _grouping(self) -> int:
        """How keys are grouped: bits to shift a number by, or for other keys bits of the hash to keep."""
        side = self._there
        # As dense as when it was last counted, and as large as it is now; with all its partitions.
        size = side.ask(
            f"WITH RECURSIVE part (oid) AS (SELECT to_regclass({literal(side.table)})::oid UNION "
            "SELECT inhrelid FROM pg_inherits JOIN part ON inhparent = part.oid) "
            "SELECT sum(pg_relation_size(oid) * CASE WHEN reltuples > 0 AND relpages > 0 "
            "THEN reltuples / relpages / current_setting('block_size')::float8 ELSE 0.01 END)::bigint "
            "FROM pg_class JOIN part USING (oid) WHERE relkind = 'r'"
        )
        rows = max(int(size[0][0] or 0), 1)
        groups = max(1, min(_GROUPS_AT_MOST, rows // _KEYS_PER_GROUP))
        if not self._whole:
            return groups.bit_length()
        low, high = self._ends(side)
        return min(_BITS_AT_MOST, ((high - low) // groups).bit_length())

    def _ends(self, side: _Keyed) -> tuple[int, int]:
        name = quoted(side.key[0])
        low, high = side.ask(f"SELECT min({name}), max({name}) FROM {side.table}")[0]
        return int(low or 0), int(high or 0)

    def _indexed(self, side: _Keyed) -> bool:
        """Whether an index leads to single keys and to ranges of them."""
        return bool(
            side.ask(
                "SELECT 1 FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam "
                "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
                f"WHERE i.indrelid = to_regclass({literal(side.table)}) AND a.attname = {literal(side.key[0])} "
                "AND m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL LIMIT 1"
            )
        )

    def _hash(self, side: _Keyed) -> str:
        if self._whole:
            return f"hashint8extended({quoted(side.key[0])}::bigint, 7)"
        texts = " || chr(31) || ".join(f"{quoted(name)}::text" for name in side.key)
        return f'hashtextextended(({texts}) COLLATE "C", 7)'

    def _group(self, side: _Keyed) -> str:
        if self._whole:
            return f"({quoted(side.key[0])}::bigint >> {self._bits})"
        return f"({self._hash(side)} & {(1 << self._bits) - 1})"

    def _bounds(self, group: int) -> tuple[int, int]:
        return group << self._bits, ((group + 1) << self._bits) - 1

    def _groups(self, side: _Keyed) -> Groups:
        folded = ("bit_xor({h})" if self._by_xor else "sum(({h})::numeric)").format(h=self._hash(side))
        sql = self._by_ranges(side, folded)
        if sql is None:
            sql = f"SELECT {self._group(side)}, count(*), {folded} FROM {side.rows()} GROUP BY 1"
        return {int(row[0]): (int(row[1]), int(row[2]) & _MASK) for row in side.ask(sql)}

    def _by_ranges(self, side: _Keyed, folded: str) -> str | None:
        """The groups as ranges of the key's index, which need no table of groups on the server; None where that does not pay."""
        if not self._looked_up or side.condition:
            return None
        pays = (
            f"relallvisible >= greatest(relpages, 1) * CASE WHEN abs(correlation) >= {_IN_ORDER} "
            f"THEN {_SEEN_IN_ORDER} ELSE {_SEEN_BY_ALL} END"
        )
        told = side.ask(
            f"SELECT {pays} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stats s "
            f"ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = {literal(side.key[0])} "
            f"AND NOT s.inherited WHERE c.oid = to_regclass({literal(side.table)}) AND c.relkind = 'r' "
            "AND NOT c.relhassubclass"
        )
        if not told or not told[0][0]:
            return None
        low, high = self._ends(side)
        first, last = low >> self._bits, high >> self._bits
        if last - first > _GROUPS_TOO_MANY:
            return None
        name = quoted(side.key[0])
        return (
            f"SELECT g, t.c, t.h FROM generate_series('{first}'::bigint, '{last}'::bigint) AS g CROSS JOIN LATERAL "
            f"(SELECT count(*) AS c, {folded} AS h FROM {side.table} WHERE {name} BETWEEN g << {self._bits} "
            f"AND (g << {self._bits}) | {(1 << self._bits) - 1}) AS t WHERE t.c > 0"
        )

    def _difference(self, before: int, now: int, change: int) -> int:
        """The hash of the one key by which two groups differ."""
        return before ^ now if self._by_xor else (now - before) * change & _MASK

    def _keys(self, side: _Keyed, groups: Sequence[int]) -> set[KeyText]:
        if self._looked_up and len(groups) <= _RANGES_AT_MOST:
            bounds = ", ".join(str(self._bounds(group)) for group in groups)
            test = f"{quoted(side.key[0])} BETWEEN g.low AND g.high"
            sql = f"SELECT {side.texts()} FROM (VALUES {bounds}) AS g (low, high), {side.rows(test)}"
        else:
            test = f"{self._group(side)} IN ({', '.join(map(str, groups))})"
            sql = f"SELECT {side.texts()} FROM {side.rows(test)}"
        return {tuple(row) for row in side.ask(sql)}

    def _ask_source(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            return list(self._source.session.execute(sql.encode()).fetchall())
        except psycopg.Error as error:
            failure = self._source.explained_refusal(error)
        return raise_alone(failure)


def _rows(groups: Groups) -> int:
    return sum(count for count, _ in groups.values())


def _fresh(remembered: Mapping[str, Any]) -> bool:
    try:
        age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(str(remembered["checked"]))
    except (KeyError, ValueError):
        return False
    return dt.timedelta(0) <= age < _REMEMBERED


def _parts(listed: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    return (listed[first : first + _RANGES_AT_MOST] for first in range(0, len(listed), _RANGES_AT_MOST))


def _signed(number: int) -> int:
    return number - (1 << 64) if number >= 1 << 63 else number


def _packed(groups: Groups) -> str:
    return base64.b64encode(b"".join(_ONE.pack(one, *told) for one, told in groups.items())).decode()


def _unpacked(text: str) -> Groups:
    return {one: (count, folded) for one, count, folded in _ONE.iter_unpack(base64.b64decode(text))}
