"""The same rows in PostgreSQL, MariaDB and SQLite, each in its own spelling: equal where they are, and not where not."""

import datetime as dt
import decimal
import random
import sqlite3
import unicodedata

import psycopg
import pytest

from lienthong.engine.sync.disagreements import ZoneUnknown
from lienthong.engine.sync.marks import differing, differing_buckets
from lienthong.engine.sync.reconciling import compared, reconcile
from lienthong.engine.sync.shapes import Side
from lienthong.engine.sync.witnesses import Division

from .databases import asked, on_mariadb

HANOI = dt.timezone(dt.timedelta(hours=7))
NAMES = [
    "Xã Đông Hà",
    "Phường Hòa Bình",
    "Thị trấn Bến Lức",
    "Đặc khu Phú Quốc",
    "O'Brien \\ %s|1:x",
    "",
    "Ngõ 5–7 “A”",
]
STRANGE = ["Ⅻ ﬁn Å", "Москва ё", "北京 đường", "😀 Xã"]
COLUMNS = ("id", "ten", "ma", "tien", "ngay", "luc", "co", "do", "gio")

POSTGRESQL = """CREATE TABLE t (id bigint PRIMARY KEY, ten text, ma char(8), tien numeric(18,4), ngay date,
    luc timestamptz, co boolean, "do" double precision, gio time)"""
MARIADB = """CREATE TABLE t (id int PRIMARY KEY, ten varchar(200), ma char(12), tien decimal(14,2), ngay date,
    luc datetime(6), co tinyint(1), `do` double, gio time(6)) CHARACTER SET utf8mb4"""
SQLITE = """CREATE TABLE t (id INTEGER PRIMARY KEY, ten TEXT, ma TEXT, tien NUMERIC, ngay DATE, luc TIMESTAMP, co BOOLEAN,
    "do" REAL, gio TEXT)"""


def some_rows(seed, count=60):
    chance = random.Random(seed)

    def maybe(value):
        return None if chance.random() < 0.15 else value

    rows = []
    for number in range(count):
        moment = dt.datetime(2026, 1, 1, tzinfo=HANOI) + dt.timedelta(
            seconds=chance.randint(-(10**8), 10**8), microseconds=chance.choice([0, 0, 500_000, 123_456])
        )
        rows.append(
            {
                "id": number - 5,
                "ten": maybe(chance.choice(NAMES if chance.random() < 0.8 else STRANGE) + str(number % 7)),
                "ma": maybe(f"{chance.randint(0, 99999):05}"),
                "tien": maybe(decimal.Decimal(chance.randint(-(10**9), 10**9)) / chance.choice([1, 10, 100])),
                "ngay": maybe(dt.date(1940, 1, 1) + dt.timedelta(days=chance.randint(0, 40_000))),
                "luc": maybe(moment),
                "co": maybe(chance.random() < 0.5),
                "do": maybe(chance.choice([0.0, -0.0, 0.1, 1 / 3, 1e16, -2.5e-7, 123456.75, 1e15, 5e-324])),
                "gio": maybe(dt.time(chance.randint(0, 23), chance.randint(0, 59), 0, chance.choice([0, 250_000]))),
            }
        )  # fmt: skip
    return rows


def in_postgresql(address, rows):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'Asia/Ho_Chi_Minh'")
        connection.execute("DROP TABLE IF EXISTS t")
        connection.execute(POSTGRESQL)
        values = ", ".join(f"%({name})s" for name in COLUMNS)
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO t VALUES ({values})", rows)
    return Side(address, "t")


def in_mariadb(url, rows):
    with on_mariadb(url) as connection:
        cursor = connection.cursor()
        cursor.execute("DROP TABLE IF EXISTS t")
        cursor.execute(MARIADB)
        for row in rows:
            # Text as a Macintosh writes it, codes padded, moments as naive UTC.
            kept = dict(row)
            kept["ten"] = row["ten"] and unicodedata.normalize("NFD" if row["id"] % 2 else "NFC", row["ten"])
            kept["ma"] = row["ma"] and row["ma"] + "  "
            kept["luc"] = row["luc"] and row["luc"].astimezone(dt.UTC).replace(tzinfo=None)
            marks = ", ".join(["%s"] * len(COLUMNS))
            cursor.execute(f"INSERT INTO t VALUES ({marks})", [kept[name] for name in COLUMNS])
    return Side(url, "t")


def in_sqlite(path, rows):
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute(SQLITE)
        for row in rows:
            kept = dict(row)
            kept["ten"] = row["ten"] and unicodedata.normalize("NFC", row["ten"]) + " " * (row["id"] % 3)
            kept["tien"] = None if row["tien"] is None else str(row["tien"])
            kept["ngay"] = row["ngay"] and row["ngay"].isoformat()
            zone = HANOI if row["id"] % 2 else dt.UTC
            kept["luc"] = row["luc"] and row["luc"].astimezone(zone).isoformat(
                sep="T" if row["id"] % 5 else " "
            )
            kept["gio"] = row["gio"] and row["gio"].isoformat()
            marks = ", ".join(["?"] * len(COLUMNS))
            connection.execute(f"INSERT INTO t VALUES ({marks})", [kept[name] for name in COLUMNS])
    connection.close()
    return Side(str(path), "t")


def changed(row, name, chance):
    """The row with another value in this column."""
    value = row[name]
    others = {
        "ten": "khác", "ma": "x1", "tien": decimal.Decimal("0.07"), "ngay": dt.date(2001, 2, 3),
        "luc": dt.datetime(2001, 2, 3, tzinfo=HANOI), "co": True, "do": 7.25, "gio": dt.time(1, 2, 3),
    }  # fmt: skip
    if value is None:
        return {**row, name: others[name]}
    nearest = {
        "ten": lambda: value + "́" if chance.random() < 0.5 else value.swapcase() + ".",
        "ma": lambda: value.lstrip("0") + "0",
        "tien": lambda: value + decimal.Decimal("0.01"),
        "ngay": lambda: value + dt.timedelta(days=1),
        "luc": lambda: value + dt.timedelta(hours=7),
        "co": lambda: not value,
        "do": lambda: value * (1 + 2**-52) if abs(value) > 1e-300 else 1e-300,
        "gio": lambda: value.replace(second=(value.second + 1) % 60),
    }
    return {**row, name: None if chance.random() < 0.2 else nearest[name]()}


@pytest.fixture(scope="module")
def places(postgres_databases, mariadb_databases, tmp_path_factory):
    """Where each engine keeps its table."""
    folder = tmp_path_factory.mktemp("lite")
    addresses = postgres_databases(), mariadb_databases(), folder / "t.sqlite"
    makers = in_postgresql, in_mariadb, in_sqlite
    return [
        lambda rows, make=make, place=place: make(place, rows)
        for make, place in zip(makers, addresses, strict=True)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_equal_rows_are_equal_on_every_pair_of_engines_and_a_changed_value_is_not(places, seed):
    rows = some_rows(seed)
    sides = [make(rows) for make in places]
    pairs = [(0, 1), (0, 2), (1, 2)]

    for one, other in pairs:
        found = reconcile(sides[one], sides[other], settle_seconds=0)
        assert found.equal, (one, other, found.differences[:3])
        assert found.certificate.left.digest == found.certificate.right.digest

    chance = random.Random(seed)
    for name in COLUMNS[1:]:
        place = chance.randrange(len(rows))
        mutated = [*rows[:place], changed(rows[place], name, chance), *rows[place + 1 :]]
        which = chance.randrange(3)
        sides[which] = places[which](mutated)
        one, other = next(pair for pair in pairs if which in pair)
        found = reconcile(sides[one], sides[other], settle_seconds=0)
        assert [(d.kind, d.key[0], d.columns) for d in found.differences] == [
            ("changed", rows[place]["id"], (name,))
        ], (name, one, other)
        sides[which] = places[which](rows)


def test_every_engine_tells_the_same_of_a_few_buckets_and_of_all_rows(places):
    # given equal rows, the buckets of which a probe would ask for
    sides = [make(some_rows(3)) for make in places]
    few, whole = Division(3, (0, 2, 5)), Division(3)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        with compared(sides[one], sides[other], key=["id"]) as both:
            both.begin()
            # when both sides are asked
            here, there = both.left.pairs(both.terms.left, few), both.right.pairs(both.terms.right, few)
            flats = both.left.flat(both.terms.left), both.right.flat(both.terms.right)
            buckets = both.left.buckets(both.terms.left, whole), both.right.buckets(both.terms.right, whole)
            for witness in (both.left, both.right):
                # A large table is folded without a temporary one.
                witness.expected_rows = 60 if one == 0 else 10**9
            totals = both.totals()
        # then no row is taken for one that differs, whatever engine hashed it
        assert here == there
        assert len(here) == 24
        assert totals[0].digest == totals[1].digest
        assert differing(*flats).count() == 0
        assert differing_buckets(*buckets).size == 0


def test_a_key_of_text_pairs_rows_whatever_the_collation_and_spelling(places):
    rows = some_rows(7, 20)
    for number, row in enumerate(rows):
        # Keys that a collation without case or marks would take for one.
        row["ma"], row["ten"] = f"{number // 4:03}", ["Hoa", "Hòa", "HOA", "ho\u0301a"][number % 4]
    sides = [make(rows) for make in places]
    less = places[2]([row for row in rows if row["id"] != 3])

    for side in sides[:2]:
        found = reconcile(side, less, key=["ma", "ten"], settle_seconds=0)
        assert [(one.kind, one.key[0].strip()) for one in found.differences] == [("missing", rows[8]["ma"])]
        assert found.certificate.missing == 1
    assert reconcile(sides[0], sides[1], key=["ma", "ten"], settle_seconds=0).equal


@pytest.mark.parametrize("zone", ["+07:00", "Asia/Ho_Chi_Minh"])
def test_local_time_without_a_zone_is_told_by_the_side(
    places, postgres_databases, mariadb_databases, tmp_path, zone
):
    aware, local = postgres_databases(), mariadb_databases()
    with psycopg.connect(aware, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, luc timestamptz)")
        connection.execute("INSERT INTO t VALUES (1, '2026-03-01 06:30+07'), (2, NULL)")
        connection.execute("CREATE TABLE l (id int PRIMARY KEY, luc timestamp)")
        connection.execute("INSERT INTO l VALUES (1, '2026-03-01 06:30'), (2, NULL)")
    asked(
        local,
        "CREATE TABLE t (id int PRIMARY KEY, luc datetime)",
        "INSERT INTO t VALUES (1, '2026-03-01 06:30'), (2, NULL)",
    )
    with sqlite3.connect(tmp_path / "l.sqlite") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, luc DATETIME)")
        connection.execute("INSERT INTO t VALUES (1, '2026-03-01 06:30:00'), (2, NULL)")
    connection.close()

    for address, table in ((aware, "l"), (local, "t"), (str(tmp_path / "l.sqlite"), "t")):
        told = reconcile(Side(aware, "t"), Side(address, table, {"zone": zone}), settle_seconds=0)
        untold = reconcile(Side(aware, "t"), Side(address, table), key=["id"], settle_seconds=0)
        assert told.equal, (address, told.differences)
        assert untold.certificate.changed == 1
        assert untold.findings[0].code == "naive_taken_as_utc"
    with pytest.raises(ZoneUnknown):
        reconcile(Side(aware, "t"), Side(aware, "t", {"zone": "Hà Nội"}))
