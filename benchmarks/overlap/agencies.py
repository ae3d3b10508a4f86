"""The own Vietnamese benchmark: small databases of make-believe agencies, with the truth about every pair of columns.

Nine sets of eight databases, in 33 domains. Six of them (`TUNED`) may be looked at when weights are set; the other
three (`UNSEEN`) have other domains, other synonyms, other styles of names and other seeds, and are only measured.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.overlap.spelling import Manner, column_name, folded, manner, phrases, written
from benchmarks.overlap.worlds import Row, World

TUNED, UNSEEN = (1, 2, 3, 7, 8, 9), (4, 5, 6)
TIERS = ("national", "sector", "ministry", "local")
_FIRST_DAY = date(2024, 1, 1)
_NOTES = (
    "đã rà soát", "thiếu giấy tờ", "chờ xác minh", "bổ sung sau", "trùng hồ sơ", "đã chuyển đi", "nhập từ sổ cũ",
    "chưa có ảnh", "liên hệ lại", "sai số nhà", "đã đối chiếu", "cấp lại",
)  # fmt: skip
_CLERKS = (
    "admin", "Lan NT", "Hùng TV", "Minh PQ", "Hà LT", "Tuấn NA", "Thảo VT", "canbo1", "canbo2", "Ngọc DT", "Phúc HM", "Yến BT",
)  # fmt: skip
_STALE = ("person.phone", "person.address", "person.account", "firm.phone", "firm.address", "firm.email")
LISTS = frozenset({
    "person.sex", "person.ethnic", "person.religion", "person.hometown", "person.relation", "person.education", "person.job",
    "person.marital", "person.commune_code", "person.commune", "person.province_code", "person.province", "firm.industry",
    "firm.kind", "firm.status", "firm.commune_code", "parcel.use", "parcel.commune_code", "vehicle.brand", "vehicle.colour",
    "vehicle.year", "vehicle.kind", "vehicle.seats", "licence.class", "school.level", "school.commune_code", "pupil.class",
    "teacher.subject", "teacher.coefficient", "visit.icd", "doctor.speciality", "medicine.substance", "aid.kind", "aid.amount",
    "job.wish", "dossier.procedure", "dossier.status", "case.kind", "farm.animal", "forest.kind", "permit.kind",
})  # fmt: skip
UNITS = frozenset({"person.commune_code", "firm.commune_code", "parcel.commune_code", "school.commune_code"})
PLACES = frozenset({"person.province", "person.hometown"})

_P = "person."


def _person(*names: str) -> tuple[str, ...]:
    return tuple(_P + name for name in names)


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of a domain: from which register, with which facts, of which some may be left out."""

    title: str
    english: str
    register: str
    always: tuple[str, ...]
    perhaps: tuple[str, ...] = ()


WHO = _person("id12", "name", "birth")
MORE = _person("sex", "phone", "address", "commune_code", "ethnic", "email", "province", "id_date", "phone2")


def _of(register: str) -> tuple[str, ...]:
    return tuple(fact for fact in phrases() if fact.startswith(register + "."))


FIRST: dict[str, tuple[str, tuple[Kept, ...]]] = {
    "dân cư": ("national", (Kept("công dân", "citizens", "person", WHO, _person(
        "sex", "ethnic", "religion", "phone", "address", "commune_code", "province", "household", "relation", "hometown", "id_date", "father", "mother", "marital", "id9")),)),
    "đất đai": ("sector", (Kept("thửa đất", "parcels", "parcel", ("parcel.code", "parcel.area", "parcel.use"), (
        *_of("parcel")[1:], *_person("id12", "name", "address", "phone"))),)),
    "phương tiện": ("national", (Kept("phương tiện", "vehicles", "vehicle", ("vehicle.plate", "vehicle.chassis"), (
        *_of("vehicle")[2:], *_person("id12", "name", "address", "phone"))),)),
    "giấy phép lái xe": ("sector", (Kept("giấy phép lái xe", "licences", "licence", ("licence.number", *WHO), (*_of("licence")[1:], *MORE)),)),
    "học sinh": ("ministry", (
        Kept("trường học", "schools", "school", ("school.code", "school.name"), ("school.level", "school.phone", "school.commune_code")),
        Kept("học sinh", "pupils", "pupil", ("pupil.code", "person.name", "person.birth", "school.code"), (*_of("pupil")[1:], *_person("sex", "id12", "phone2", "address", "ethnic"))))),
    "bảo hiểm y tế": ("national", (Kept("thẻ bảo hiểm", "cards", "health", ("person.bhyt", *WHO), (*_of("health"), "hospital.code", *_person("sex", "address", "phone"))),)),
    "bảo hiểm xã hội": ("national", (Kept("người tham gia", "insured", "insurance", ("person.bhxh", *WHO), (*_of("insurance"), "firm.mst", "firm.name", *_person("sex", "phone", "tax"))),)),
    "đăng ký doanh nghiệp": ("national", (Kept("doanh nghiệp", "enterprises", "firm", ("firm.mst", "firm.name"), (*_of("firm")[2:], *_person("id12", "name"))),)),
    "hộ nghèo": ("local", (Kept("hộ nghèo", "poor households", "aid", (*_person("id12", "name"), "aid.kind"), (*_of("aid"), *_person("birth", "household", "phone", "address", "commune_code", "ethnic", "account"))),)),
    "việc làm": ("local", (Kept("người tìm việc", "job seekers", "job", WHO, (*_of("job"), *_person("sex", "phone", "email", "education", "job", "address", "bhxh", "phone2"))),)),
    "thuế": ("sector", (Kept("người nộp thuế", "taxpayers", "firm", ("firm.mst", "firm.name", "firm.capital"), (*_of("firm")[3:], *_person("name", "phone"))),)),
    "một cửa": ("local", (Kept("hồ sơ", "dossiers", "dossier", ("dossier.code", *_person("id12", "name")), (*_of("dossier")[1:], *_person("phone", "email", "address", "birth"))),)),
    "dân cư tỉnh khác": ("local", (Kept("nhân khẩu", "residents", "stranger", WHO, _person("sex", "ethnic", "phone", "address", "commune_code", "id_date", "household", "province")),)),
}  # fmt: skip
SECOND: dict[str, tuple[str, tuple[Kept, ...]]] = {
    "hộ tịch": ("national", (Kept("khai sinh", "births", "person", WHO, _person("sex", "ethnic", "father", "mother", "hometown", "address", "commune", "province_code", "marital", "phone")),)),
    "giáo viên": ("ministry", (
        Kept("cơ sở giáo dục", "institutions", "school", ("school.code", "school.name"), ("school.level", "school.commune_code", "school.phone")),
        Kept("nhà giáo", "teachers", "teacher", ("teacher.code", *WHO, "school.code"), (*_of("teacher")[1:], *_person("sex", "phone", "email", "education", "bhxh", "account"))))),
    "khám chữa bệnh": ("ministry", (Kept("lượt khám", "visits", "visit", ("visit.code", "person.bhyt", "person.name", "visit.date"), (*_of("visit")[2:], "hospital.code", *_person("birth", "sex", "address", "phone", "id12"))),)),
    "dược": ("ministry", (Kept("thuốc", "medicines", "medicine", ("medicine.reg", "medicine.name"), ("medicine.substance", "medicine.price")),)),
    "quầy thuốc": ("local", (Kept("danh mục thuốc", "drug list", "medicine", ("medicine.reg", "medicine.name", "medicine.price"), ("medicine.substance",)),)),
    "người có công": ("sector", (Kept("người hưởng", "beneficiaries", "aid", ("aid.code", *WHO), (*_of("aid")[1:], *_person("sex", "phone", "address", "account", "commune", "id9"))),)),
    "an sinh xã hội": ("local", (Kept("đối tượng", "recipients", "aid", (*_person("id12", "name"), "aid.amount"), (*_of("aid"), *_person("birth", "phone", "account", "commune_code", "sex", "address"))),)),
    "tòa án": ("national", (Kept("vụ án", "cases", "case", ("case.number", *_person("name", "id12")), (*_of("case")[1:], *_person("birth", "address", "phone"))),)),
    "trang trại": ("local", (Kept("trang trại", "farms", "farm", ("farm.code", "person.name"), (*_of("farm")[1:], *_person("id12", "phone", "commune_code", "address", "birth"))),)),
    "lâm nghiệp": ("ministry", (Kept("lô rừng", "forest plots", "forest", ("forest.plot", "forest.area"), ("forest.kind", *_person("name", "id12", "commune", "phone", "birth"))),)),
    "quan trắc": ("ministry", (
        Kept("trạm", "stations", "station", _of("station"), ("person.commune_code",)),
        Kept("số đo", "readings", "reading", ("station.code", "reading.time"), ("reading.pm25", "reading.water")))),
    "khí tượng tỉnh": ("local", (Kept("trạm đo", "gauges", "station", ("station.code", "station.name", "station.lat", "station.lon"), ()),)),
    "đầu tư công": ("sector", (Kept("dự án", "projects", "project", ("project.code", "project.name", "project.total"), (*_of("project")[3:], "firm.name", "firm.mst")),)),
    "giám sát đầu tư": ("local", (Kept("công trình", "works", "project", ("project.code", "project.total", "project.decision"), ("project.name", "project.start", "project.end", "firm.name")),)),
    "giấy phép kinh doanh": ("local", (Kept("giấy phép", "permits", "permit", ("permit.number", "firm.mst", "firm.name"), (*_of("permit")[1:], "firm.address", "firm.phone", *_person("name", "id12"))),)),
    "quản lý thị trường": ("sector", (Kept("cơ sở", "premises", "firm", ("firm.name", "firm.mst"), ("firm.address", "firm.commune_code", "firm.industry", "firm.phone", "firm.founded", "firm.status", *_person("name", "phone"))),)),
    "đăng kiểm": ("sector", (Kept("xe kiểm định", "inspected", "vehicle", ("vehicle.plate", "vehicle.chassis", "vehicle.inspected"), (*_of("vehicle")[2:], *_person("name", "address", "phone"))),)),
    "vận tải": ("local", (Kept("xe kinh doanh", "commercial vehicles", "vehicle", ("vehicle.plate", "vehicle.brand", "vehicle.seats"), ("vehicle.chassis", "vehicle.year", "vehicle.engine", "vehicle.reg_date", *_person("name", "id12", "phone"))),)),
    "hành nghề y": ("ministry", (Kept("người hành nghề", "practitioners", "doctor", ("doctor.licence", *WHO), ("doctor.speciality", "hospital.code", "hospital.name", *_person("sex", "phone", "email", "id_date"))),)),
    "cơ quan": ("local", (Kept("đơn vị", "offices", "office", ("office.code", "office.name"), ("office.phone",)),)),
    "danh bạ": ("local", (Kept("danh bạ", "directory", "office", ("office.name", "office.phone", "office.code"), ()),)),
    "nhân khẩu nơi khác": ("local", (Kept("người dân", "people", "stranger", WHO, _person("sex", "ethnic", "phone", "address", "commune_code", "father", "marital", "account")),)),
}  # fmt: skip

STYLES_FIRST = ("snake", "accents", "glued", "short", "english", "opaque0", "capitals", "camel", "opaque2")
STYLES_SECOND = (
    "pascal",
    "prefixed",
    "mixed",
    "english_camel",
    "opaque1",
    "french",
    "short_capitals",
    "accents_capitals",
    "opaque3",
    "english_capitals",
)


PAIRS = (
    (("đăng ký doanh nghiệp", "thuế"), ("phương tiện", "đất đai")),
    (
        ("dược", "quầy thuốc"), ("quan trắc", "khí tượng tỉnh"), ("đầu tư công", "giám sát đầu tư"),
        ("giấy phép kinh doanh", "quản lý thị trường"), ("đăng kiểm", "vận tải"), ("cơ quan", "danh bạ"),
    ),
)  # fmt: skip


@dataclass(slots=True)
class MadeColumn:
    """A column with what it holds: which fact of which subjects."""

    name: str
    fact: str
    title: str
    subjects: frozenset[int]
    values: list[str]
    home: bool


@dataclass(slots=True)
class MadeTable:
    """A table of a made database."""

    name: str
    register: str
    columns: list[MadeColumn] = field(default_factory=list)


@dataclass(slots=True)
class MadeDatabase:
    """A database with its class, and what is known of it."""

    name: str
    tier: str
    style: str
    described: bool
    tables: list[MadeTable] = field(default_factory=list)


def databases(number: int) -> list[MadeDatabase]:
    """The eight databases of one set."""
    part = 0 if number in TUNED else 1
    chance = random.Random(f"set {number}")  # noqa: S311 - the same sets every time
    world, domains = World(number), (FIRST, SECOND)[part]
    chosen = _chosen(part, chance)
    styles = list((STYLES_FIRST, STYLES_SECOND)[part])
    chance.shuffle(styles)
    made = []
    for order, domain in enumerate(chosen):
        tier, kept = domains[domain]
        made.append(_database(world, domain, tier, kept, styles[order % len(styles)], part, chance))
    return made


def _chosen(part: int, chance: random.Random) -> list[str]:
    """Eight domains, of which several keep the same registers."""
    pairs = chance.sample(PAIRS[part], (1, 2)[part])
    others = [domain for domain in (FIRST, SECOND)[part] if all(domain not in pair for pair in PAIRS[part])]
    chosen = [domain for pair in pairs for domain in pair]
    chosen += chance.sample(others, 8 - len(chosen))
    chance.shuffle(chosen)
    return chosen


def _database(
    world: World, domain: str, tier: str, kept: Sequence[Kept], style: str, part: int, chance: random.Random
) -> MadeDatabase:
    how = manner(chance)
    described = chance.random() < (0.5 if style.startswith("opaque") else 0.15)
    made = MadeDatabase("-".join(folded(domain).split()), tier, style, described)
    size = chance.choice((250, 600, 900) if tier == "national" else (7, 40, 120, 250, 400, 400, 600))
    for order, table in enumerate(kept):
        rows = world.rows(table.register)
        # A small office keeps the first of a register, as those do that follow one commune.
        near = rows[: max(60, size)] if size < 60 else rows
        taken = chance.sample(near, min(len(near), size))
        facts = [
            *table.always,
            *(f for f in dict.fromkeys(table.perhaps) if f not in table.always and chance.random() < 0.6),
        ]
        facts += [
            own
            for own in ("own.row", "own.note", "own.updated", "own.clerk", "own.key", "own.state")
            if chance.random() < 0.25
        ]
        if chance.random() < 0.6:
            chance.shuffle(facts)
        name = _table_name(table, style, order)
        columns: dict[str, MadeColumn] = {}
        for place, fact in enumerate(facts, 1):
            column = _column(
                table, fact, taken, column_name(fact, style, place, part, chance), how, part, chance
            )
            if column.name in columns:
                column.name = f"{column.name}_{place}"
            columns[column.name] = column
        made.tables.append(MadeTable(name, table.register, list(columns.values())))
    return made


def _table_name(table: Kept, style: str, order: int) -> str:
    if style.startswith("opaque"):
        return f"T{order + 1:02d}"
    words = folded(table.english if style.startswith("english") else table.title).split()
    return "_".join(words).upper() if "capitals" in style else "_".join(words)


def _column(
    table: Kept, fact: str, rows: Sequence[Row], name: str, how: Manner, part: int, chance: random.Random
) -> MadeColumn:
    title = chance.choice(phrases()[fact].vi[part::2] or phrases()[fact].vi)
    owner = fact.split(".")[0]
    home = owner == table.register
    if owner == "own":
        vocabulary = chance.sample(_NOTES if fact == "own.note" else _CLERKS, 4)
        values = [_own(fact, place, how, chance, vocabulary) for place, _ in enumerate(rows, 1)]
        return MadeColumn(name, fact, title, frozenset(), values, home)
    others = [row[fact] for row in rows if fact in row]
    values = []
    for row in rows:
        value: Any = row.get(fact)
        if value is None or chance.random() < 0.02:
            values.append("")
            continue
        if (fact in _STALE and chance.random() < 0.12) or chance.random() < 0.01:
            value = chance.choice(others)
        text = written(fact, value, how)
        if len(text) > 4 and fact not in LISTS and chance.random() < 0.01:
            at = chance.randrange(len(text))
            text = text[:at] + text[at + 1 :]
        values.append(text)
    subjects = frozenset(row["*" + owner] for row in rows if "*" + owner in row)
    return MadeColumn(name, fact, title, subjects, values, home)


def _own(fact: str, place: int, how: Manner, chance: random.Random, vocabulary: Sequence[str]) -> str:
    if fact == "own.row":
        return str(place)
    if fact == "own.note":
        return chance.choice(("", "", "", *vocabulary))
    if fact == "own.updated":
        return written(fact, _FIRST_DAY + timedelta(days=chance.randrange(700)), how)
    if fact == "own.clerk":
        return chance.choice(vocabulary)
    if fact == "own.key":
        return f"{chance.getrandbits(64):016x}"
    return chance.choice(("1", "1", "1", "0"))


Ref = tuple[str, str, str]


@dataclass(slots=True)
class Truth:
    """Pairs that must be found with their kind, and pairs that may be: too few common subjects, or other codes."""

    must: dict[frozenset[Ref], str] = field(default_factory=dict)
    may: dict[frozenset[Ref], str] = field(default_factory=dict)


def truth_of(made: Sequence[MadeDatabase]) -> Truth:
    """The truth about all pairs of columns of different databases."""
    truth = Truth()
    for left, right in itertools.combinations(made, 2):
        for one, other in itertools.product(_columns(left), _columns(right)):
            found = _standing(left, one, right, other)
            if found is not None:
                must, kind = found
                pair = frozenset(
                    ((left.name, one[0].name, one[1].name), (right.name, other[0].name, other[1].name))
                )
                (truth.must if must else truth.may)[pair] = kind
    return truth


def _columns(database: MadeDatabase) -> Iterable[tuple[MadeTable, MadeColumn]]:
    return ((table, column) for table in database.tables for column in table.columns)


def _standing(
    left: MadeDatabase,
    one: tuple[MadeTable, MadeColumn],
    right: MadeDatabase,
    other: tuple[MadeTable, MadeColumn],
) -> tuple[bool, str] | None:
    a, b = one[1], other[1]
    if a.fact != b.fact and any({a.fact, b.fact} <= same for same in (UNITS, PLACES)):
        return False, "code_list"
    if a.fact != b.fact or a.fact.startswith("own."):
        return None
    shared = len(a.subjects & b.subjects)
    part = shared / max(1, min(len(a.subjects), len(b.subjects)))
    if a.fact in LISTS:
        values = {folded(v).lower() for v in a.values if v}, {folded(v).lower() for v in b.values if v}
        alike = len(values[0] & values[1]) / max(1, min(len(values[0]), len(values[1])))
        return alike >= 0.5 and min(map(len, values)) >= 2, "code_list"
    if not shared:
        return None
    homes = [
        any(column.fact == a.fact and column.home for _, column in _columns(side)) for side in (left, right)
    ]
    certain = (
        (a.home and b.home) or (not any(homes)) or (a.home and not homes[1]) or (b.home and not homes[0])
    )
    certain = certain or one[0].register == other[0].register
    return certain and shared >= 3 and part >= 0.08, "overlap"


def write(made: Sequence[MadeDatabase], folder: Path) -> None:
    """A folder of CSV files for each database, and `truth.json` beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for database in made:
        home = folder / database.name
        home.mkdir(exist_ok=True)
        for table in database.tables:
            with (home / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                out = csv.writer(file)
                out.writerow([column.name for column in table.columns])
                out.writerows(zip(*(column.values for column in table.columns), strict=True))
        package: dict[str, Any] = {"name": database.name, "resources": []}
        if database.described:
            package["resources"] = [
                {"name": table.name, "path": f"{table.name}.csv", "schema": {"fields": [
                    {"name": column.name, "title": column.title[0].upper() + column.title[1:], "type": "string"} for column in table.columns]}}
                for table in database.tables
            ]  # fmt: skip
        (home / "datapackage.json").write_text(
            json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    truth = truth_of(made)
    told = {
        "tiers": {database.name: database.tier for database in made},
        "must": [[*map(list, sorted(pair)), kind] for pair, kind in truth.must.items()],
        "may": [[*map(list, sorted(pair)), kind] for pair, kind in truth.may.items()],
    }
    (folder / "truth.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
