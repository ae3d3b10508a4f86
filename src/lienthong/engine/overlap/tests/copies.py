"""Make-believe copies of a real list, as local offices keep them: renamed, cut, stale, spelt otherwise.

Everything follows from a seed. The list is that of the 3,321 communes in the package `vietnamadminunits`; the
10,040 units before July 2025 give the stale rows.
"""

from __future__ import annotations

import random
import sqlite3
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import duckdb
import pyarrow as pa

from lienthong.engine.overlap.shapes import DatabaseSketch, TableSketch
from lienthong.engine.overlap.sketching import IN_MEMORY, Plan, sketch_table
from lienthong.engine.shapes import Table

KEY = bytes(range(32))
NATIONAL = ("ma_xa", "ten_xa", "loai", "ma_tinh", "ten_tinh", "vi_do", "kinh_do", "dien_tich_km2")

NAMES = {
    "vi": ("ma_don_vi", "ten_don_vi", "phan_loai", "ma_tinh", "ten_tinh", "vi_do", "kinh_do", "dien_tich"),
    "glued": ("maxa", "tenxa", "loaihinh", "matinh", "tentinh", "vido", "kinhdo", "dientich"),
    "camel": ("maDVHC", "tenDVHC", "loaiDVHC", "maTinh", "thuocTinh", "toaDoY", "toaDoX", "dienTichTuNhien"),
    "capitals": ("COMMUNE_ID", "COMMUNE_NAME", "COMMUNE_TYPE", "PROVINCE_ID", "PROVINCE_NAME", "LAT", "LNG", "AREA"),
    "short": ("mx", "ten_xp", "loai", "mt", "tinh", "lat", "long", "dtich"),
    "spaced": ("Mã xã, phường", "Tên đơn vị", "Loại", "Mã tỉnh", "Thuộc tỉnh", "Vĩ độ", "Kinh độ", "Diện tích (km2)"),
    "opaque": ("c01", "c02", "c03", "c04", "c05", "c06", "c07", "c08"),
}  # fmt: skip
OWN = ("stt", "dan_so", "ghi_chu", "ngay_cap_nhat", "nguoi_lien_he", "so_dien_thoai")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ")
GIVEN = ("Văn An", "Thị Bình", "Minh Châu", "Quốc Dũng", "Thị Hà", "Ngọc Lan", "Đức Long", "Thu Trang")


@dataclass(frozen=True)
class Copy:
    """A copy with the truth about it: which column of the list each of its columns was made from."""

    table: pa.Table
    truth: dict[str, str]
    lost_zeros: bool


@lru_cache(maxsize=1)
def communes() -> tuple[tuple, ...]:
    """The list: code, name, kind, code and name of the unit above, latitude, longitude, area."""
    return _read(
        "SELECT wardCode, ward, wardType, provinceCode, province, wardLat, wardLon, wardAreaKm2 FROM admin_units"
    )


@lru_cache(maxsize=1)
def old_communes() -> tuple[tuple, ...]:
    """The units before July 2025: code, name, kind, code and name of the unit above, latitude, longitude."""
    return _read(
        "SELECT wardCode, ward, wardType, provinceCode, province, wardLat, wardLon, NULL FROM admin_units_legacy "
        "WHERE wardCode IS NOT NULL"
    )


@lru_cache(maxsize=1)
def old_units() -> tuple[tuple, ...]:
    """The units before July 2025 with code and name of the district between as columns 8 and 9."""
    return _read(
        "SELECT wardCode, ward, wardType, provinceCode, province, wardLat, wardLon, NULL, districtCode, district "
        "FROM admin_units_legacy WHERE districtCode IS NOT NULL"
    )


def _read(sql: str) -> tuple[tuple, ...]:
    with as_file(files("vietnamadminunits") / "data" / "dataset.db") as path:
        connection = sqlite3.connect(path)
        try:
            return tuple(connection.execute(sql).fetchall())
        finally:
            connection.close()


def national() -> pa.Table:
    """The list as a table."""
    return as_table(NATIONAL, communes())


def as_table(names: tuple[str, ...], rows: list[tuple] | tuple[tuple, ...]) -> pa.Table:
    """Rows under these names."""
    return pa.table({name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)})


def local_copy(seed: int, *, style: str | None = None, lost_zeros: bool | None = None) -> Copy:
    """One copy of a part of the list: some units above, 2-15 % of rows missing, up to 15 % stale."""
    chance = random.Random(seed)
    style = style or chance.choice(sorted(NAMES))
    above = sorted({row[3] for row in communes()})
    kept = set(chance.sample(above, chance.choice((2, 3, 5, 8, 12, 20))))
    rows = [row for row in communes() if row[3] in kept and chance.random() > chance.uniform(0.02, 0.15)]
    known = {row[0] for row in communes()}
    stale = [row for row in old_communes() if row[3] in kept and row[0] not in known]
    rows += chance.sample(stale, min(len(stale), int(len(rows) * chance.uniform(0.0, 0.15))))
    chance.shuffle(rows)
    lost = chance.random() < 0.3 if lost_zeros is None else lost_zeros
    spelt = chance.choice(("same", "core", "upper", "nfd", "dotted"))
    digits = chance.choice((None, None, 3))
    made = [_respelt(row, lost, spelt, digits) for row in rows]
    present = [0, 1, *(part for part in (2, 3, 4, 5, 6, 7) if chance.random() < 0.65)]
    columns = {NAMES[style][part]: [row[part] for row in made] for part in present}
    truth = {NAMES[style][part]: NATIONAL[part] for part in present}
    for position, name in enumerate(chance.sample(OWN, chance.randint(1, 4))):
        own = f"x{position}" if style == "opaque" else name
        columns[own] = _own(name, len(made), chance)
    order = list(columns)
    chance.shuffle(order)
    return Copy(pa.table({name: columns[name] for name in order}), truth, lost)


def _respelt(row: tuple, lost: bool, spelt: str, digits: int | None) -> tuple:
    code, name, kind, above, above_name, latitude, longitude, area = row
    if spelt == "core":
        name = name.removeprefix(f"{kind} ")
    elif spelt == "upper":
        name = name.upper()
    elif spelt == "nfd":
        name = unicodedata.normalize("NFD", name)
    elif spelt == "dotted":
        name = name.replace("Phường ", "P. ").replace("Xã ", "X. ")
    if digits is not None:
        latitude, longitude = (None if v is None else round(v, digits) for v in (latitude, longitude))
    if lost:
        code, above = int(code), int(above)
    return code, name, kind, above, above_name, latitude, longitude, area


def _own(name: str, size: int, chance: random.Random) -> list:
    if name == "stt":
        return list(range(1, size + 1))
    if name == "dan_so":
        return [chance.randint(2_000, 90_000) for _ in range(size)]
    if name == "ghi_chu":
        return [chance.choice((None, None, "đã rà soát", "chờ xác minh")) for _ in range(size)]
    if name == "ngay_cap_nhat":
        return [f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/2025" for _ in range(size)]
    if name == "so_dien_thoai":
        return [f"09{chance.randint(0, 99_999_999):08d}" for _ in range(size)]
    return [f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}" for _ in range(size)]


def people(seed: int, size: int) -> pa.Table:
    """A register of make-believe people: numbers, names, days of birth, telephones and where they live."""
    chance = random.Random(f"people {seed}")
    places = chance.sample(communes(), 40)
    rows = []
    for _ in range(size):
        place = chance.choice(places)
        day = f"{chance.randint(1950, 2010)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        number = f"0{chance.randint(10, 96):02d}{chance.randint(0, 3)}{chance.randint(0, 99):02d}"
        rows.append(
            (
                number + f"{chance.randint(0, 999_999):06d}",
                f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}",
                day,
                chance.choice(("Nam", "Nữ")),
                f"09{chance.randint(0, 99_999_999):08d}",
                place[0],
                place[4],
            )
        )
    return as_table(("so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh", "dien_thoai", "ma_xa", "tinh"), rows)


def goods(seed: int, size: int) -> pa.Table:
    """Goods of a make-believe store, that have nothing to do with people or places."""
    chance = random.Random(f"goods {seed}")
    rows = [
        (
            f"SP{chance.randint(0, 999_999):06d}",
            f"{chance.choice(('Bàn', 'Ghế', 'Tủ', 'Đèn'))} {chance.choice('ABCDEFGH')}{chance.randint(10, 999)}",
            chance.randint(1, 400) * 1000,
            round(chance.uniform(0.1, 90), 2),
            f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/2024",
        )
        for _ in range(size)
    ]
    return as_table(("ma_hang", "ten_hang", "don_gia", "khoi_luong", "ngay_nhap"), rows)


def sketched(
    name: str, *, key: bytes = KEY, rank: int | None = None, plan: Plan = IN_MEMORY, **tables: pa.Table
) -> DatabaseSketch:
    """A database with these tables, sketched."""
    made: list[TableSketch] = []
    connection = duckdb.connect(config={"threads": 1})
    try:
        for table_name, table in tables.items():
            connection.register("handed_over", table)
            described: Table | str = table_name
            made.append(sketch_table(connection, "handed_over", described, key, plan=plan))
            connection.unregister("handed_over")
    finally:
        connection.close()
    return DatabaseSketch(name, tuple(made), rank)
