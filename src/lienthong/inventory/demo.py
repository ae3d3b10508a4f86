"""Sources to try things on: the administrative units of Viet Nam as two databases, and factories for tests and the demo.

The units are those of the package `vietnamadminunits` (MIT): 3,321 communes of 34 provinces since 01/07/2025, 10,040
older ones (five of them districts without communes) and which went where. The national list holds them as they are. The
provincial copy names its columns otherwise, lacks some communes and still has some that are gone: always the same ones.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from lienthong.catalogue.models import Database, Dataset, DatasetVersion
from lienthong.foundation.accounts.actor import SYSTEM, Actor

from .commands import bind_source, conclude_assessment, record_assessment, record_survey
from .commands.surveys import begin_survey
from .models import Assessment, Source, Survey
from .reading import capture, read_tables

NATIONAL = "danh_muc_hanh_chinh.sqlite"
LOCAL = "dm_dvhc_tinh.sqlite"
SEED = 20260701
MISSING, STALE, RENAMED = 100, 100, 60

NATIONAL_TABLES = """
CREATE TABLE tinh (
    ma_tinh TEXT PRIMARY KEY, ten_tinh TEXT NOT NULL, vi_do REAL, kinh_do REAL
);
CREATE TABLE xa (
    ma_xa TEXT PRIMARY KEY, ten_xa TEXT NOT NULL, loai TEXT NOT NULL, ma_tinh TEXT NOT NULL REFERENCES tinh (ma_tinh),
    dien_tich_km2 REAL, vi_do REAL, kinh_do REAL, hieu_luc_tu TEXT NOT NULL
);
CREATE TABLE xa_cu (
    so_thu_tu INTEGER PRIMARY KEY, ma_xa_cu TEXT UNIQUE, ten_xa_cu TEXT, loai TEXT, ma_huyen_cu TEXT NOT NULL,
    ten_huyen_cu TEXT NOT NULL, ma_tinh_cu TEXT NOT NULL, ten_tinh_cu TEXT NOT NULL
);
CREATE TABLE anh_xa_xa (
    ma_xa_cu TEXT NOT NULL REFERENCES xa_cu (ma_xa_cu), ma_xa TEXT NOT NULL REFERENCES xa (ma_xa), kieu TEXT NOT NULL,
    mac_dinh INTEGER NOT NULL, PRIMARY KEY (ma_xa_cu, ma_xa)
);
"""
LOCAL_TABLES = """
CREATE TABLE "DM_DVHC" (
    "MA_DVHC" TEXT PRIMARY KEY, "TEN_DON_VI" TEXT NOT NULL, "CAP" TEXT NOT NULL, "THUOC_TINH" TEXT,
    "DIEN_TICH" REAL, "NGAY_CAP_NHAT" TEXT, "GHI_CHU" TEXT
);
"""


@dataclass(frozen=True)
class Units:
    """The administrative units, row by row as the national list holds them."""

    provinces: tuple[tuple[Any, ...], ...]
    communes: tuple[tuple[Any, ...], ...]
    former: tuple[tuple[Any, ...], ...]
    successors: tuple[tuple[Any, ...], ...]


@cache
def units() -> Units:
    """The administrative units of both eras, read from the package's data files."""
    data = resources.files("vietnamadminunits") / "data"
    with resources.as_file(data / "dataset.db") as path:
        connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        try:
            provinces = connection.execute(
                "SELECT DISTINCT provinceCode, province, provinceLat, provinceLon FROM admin_units ORDER BY 1"
            ).fetchall()
            communes = connection.execute(
                "SELECT wardCode, ward, wardType, provinceCode, wardAreaKm2, wardLat, wardLon, '2025-07-01' "
                "FROM admin_units ORDER BY 1"
            ).fetchall()
            former = connection.execute(
                "SELECT row_number() OVER (ORDER BY provinceCode, districtCode, wardCode), wardCode, ward, wardType, "
                "districtCode, district, provinceCode, province FROM admin_units_legacy ORDER BY 1"
            ).fetchall()
            successors = sorted(
                _successors(connection, json.loads((data / "converter_2025.json").read_text("utf-8")))
            )
        finally:
            connection.close()
    return Units(tuple(provinces), tuple(communes), tuple(former), tuple(successors))


def _successors(connection: sqlite3.Connection, converter: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    new = {
        (province, ward): code
        for province, ward, code in connection.execute(
            "SELECT provinceKey, wardKey, wardCode FROM admin_units"
        )
    }
    old = {
        f"{province}_{district}_{ward}": code
        for province, district, ward, code in connection.execute(
            "SELECT provinceKey, districtKey, wardKey, wardCode FROM admin_units_legacy WHERE wardCode IS NOT NULL"
        )
    }
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, formers in wards.items():
            yield from ((old[key], new[province, ward], "nguyen_xa", 1) for key in formers if key in old)
    for province, formers in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in formers.items():
            for part in parts:
                main = int(part["isDefaultNewWard"])
                yield old[key], new[province, part["newWardKey"]], "chia_tach", main


@cache
def local_copy() -> tuple[tuple[Any, ...], ...]:
    """The province's own copy: communes missing, communes that are gone, old names, gaps; the same at every call."""
    chance = random.Random(SEED)  # noqa: S311 - the same copy every time
    found = units()
    codes = {row[0] for row in found.communes}
    old_names = {row[1]: row[2] for row in found.former if row[1] in codes}
    closed = [row for row in found.former if row[1] and row[1] not in codes]
    missing = set(chance.sample(sorted(codes), MISSING))
    kept = [row for row in found.communes if row[0] not in missing]
    renamable = [row[0] for row in kept if old_names.get(row[0], row[1]) != row[1]]
    renamed = set(chance.sample(renamable, RENAMED))
    rows: list[tuple[Any, ...]] = [
        (code, name, "TINH", None, None, "2025-07-15", None) for code, name, *_ in found.provinces
    ]
    for code, name, _kind, province, area, *_rest in kept:
        shown = old_names[code] if code in renamed else name
        day = "2021-03-02" if code in renamed else "2025-07-15"
        rows.append((code, shown, "XA", province, area if chance.random() > 0.08 else None, day, None))
    for row in chance.sample(closed, STALE):
        rows.append((row[1], row[2], "XA", row[6], None, "2021-03-02", "Chưa rà soát sau sắp xếp"))
    return tuple(sorted(rows))


def write_demo_sources(folder: Path) -> dict[str, Path]:
    """Write the national list and the provincial copy as SQLite files; returns them as `national` and `local`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = units()
    national = _write(
        folder / NATIONAL,
        NATIONAL_TABLES,
        {
            "tinh": found.provinces,
            "xa": found.communes,
            "xa_cu": found.former,
            "anh_xa_xa": found.successors,
        },
    )
    local = _write(folder / LOCAL, LOCAL_TABLES, {'"DM_DVHC"': local_copy()})
    return {"national": national, "local": local}


def _write(path: Path, tables: str, rows: dict[str, Iterable[tuple[Any, ...]]]) -> Path:
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    connection = sqlite3.connect(partial)
    try:
        connection.executescript(tables)
        for table, found in rows.items():
            listed = list(found)
            marks = ", ".join("?" * len(listed[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", listed)
        connection.commit()
    finally:
        connection.close()
    return partial.replace(path)


def load_national_list(url: str) -> None:
    """Load the national list into an empty PostgreSQL database."""
    found = units()
    _load(
        url,
        NATIONAL_TABLES.replace(" REAL", " double precision").replace("hieu_luc_tu TEXT", "hieu_luc_tu date"),
        {"tinh": found.provinces, "xa": found.communes, "xa_cu": found.former, "anh_xa_xa": found.successors},
    )


def load_local_copy(url: str) -> None:
    """Load the provincial copy into an empty PostgreSQL database."""
    tables = LOCAL_TABLES.replace(" REAL", " double precision").replace(
        '"NGAY_CAP_NHAT" TEXT', '"NGAY_CAP_NHAT" date'
    )
    _load(url, tables, {'"DM_DVHC"': local_copy()})


def _load(url: str, tables: str, rows: dict[str, Iterable[tuple[Any, ...]]]) -> None:
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(tables)
        for table, found in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in found:
                    copy.write_row(row)


def make_source(database: Database, address: str | Path, *, actor: Actor = SYSTEM, **given: Any) -> Source:
    """A source bound to a database."""
    return bind_source(actor=actor, database=database, address=str(address), **given)


def survey_now(database: Database, *, actor: Actor = SYSTEM) -> Survey:
    """Look at the bound source of a database here and now, without a job."""
    survey = begin_survey(actor=actor, database=database)
    found = read_tables(survey)
    return record_survey(actor=actor, survey=survey, findings=found.findings, seconds=found.seconds)


def assess_now(
    database: Database, *, actor: Actor = SYSTEM, shareable: bool | None = None, **written: Any
) -> Assessment:
    """Assess a database here and now; concluded as well when `shareable` is said."""
    assessment = record_assessment(actor=actor, survey=survey_now(database, actor=actor))
    if shareable is None:
        return assessment
    values = {
        "quality": "Khóa duy nhất, không có khóa trống; một số cột không bắt buộc còn trống.",
        "conclusion": "Dữ liệu đủ điều kiện dùng chung trong các cơ quan nhà nước.",
        "standards": "Mã đơn vị hành chính theo danh mục quốc gia.",
        "upkeep": "Cập nhật khi có nghị quyết sắp xếp đơn vị hành chính.",
    }
    return conclude_assessment(actor=actor, assessment=assessment, shareable=shareable, **(values | written))


def capture_now(dataset: Dataset, *, actor: Actor = SYSTEM, note: str = "") -> DatasetVersion:
    """Capture a version of a dataset here and now, with its replica."""
    return capture(dataset, actor=actor, note=note)[0]
