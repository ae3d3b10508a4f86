"""A made-up country: 34 provinces and 14 ministries with their units, databases, tables, columns, search rows.

Rows go straight into the tables, past the commands: 1,000,000 columns would take those hours. Nothing else is left out:
every row holds what its model holds when it is new, every database of the list is in the search, one of a hundred is secret.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from lienthong.agencies import demo
from lienthong.agencies.models import Agency, AgencyKind
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import (
    Database,
    DataField,
    DataTable,
    EntryState,
    IssuedCatalogue,
    IssuedEntry,
    Tier,
)
from lienthong.foundation.search.models import Entry
from lienthong.foundation.text import in_words, nfc, sort_key, words

FIELDS_EACH = 10
SUBJECTS = (
    "hộ tịch", "đất đai", "dân cư", "giấy phép xây dựng", "y tế", "giáo dục", "lao động", "môi trường", "giao thông",
    "doanh nghiệp", "thuế", "công chức", "bảo hiểm", "thủy lợi", "nông nghiệp", "cấp phép", "tra cứu", "du lịch",
)  # fmt: skip
ITEMS = [{"table": "bang_chinh", "title": f"Cột số {ordinal}", "users": ""} for ordinal in range(FIELDS_EACH)]


def fill(databases: int) -> None:
    """Build the country."""
    chance = random.Random(3)  # noqa: S311 - made-up data
    with transaction.atomic():
        units = list(_agencies())
        _write(Agency, (row for row, _path in units))
        _people()
        leaves = [(row["parent_id"], row["id"]) for row, _path in units if row["parent_id"]]
        names = {row["id"]: row["name"] for row, _path in units}
        made = list(_databases(databases, leaves, chance))
        _write(Database, made)
        _write(DataTable, ({"id": row["id"], "database_id": row["id"], "name": "bang_chinh"} for row in made))
        _write(DataField, _fields(made))
        _write(Entry, _entries(made, names))
        entries = list(_issued(made, names))
        _write(IssuedCatalogue, _catalogues(entries))
        _write(IssuedEntry, entries)
        held = ({"issuedcatalogue_id": row["catalogue_id"], "database_id": row["id"]} for row in entries)
        _write(IssuedCatalogue.databases.through, held)
    for model in (Agency, Database, DataTable, DataField, Entry, IssuedCatalogue, IssuedEntry):
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            connection.cursor().execute(statement)
    # What a server does by itself within minutes.
    connection.cursor().execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _agencies() -> Iterator[tuple[dict[str, Any], str]]:
    number = 1000
    for top in range(48):
        number += 1
        province = top < 34
        name = f"UBND tỉnh Số {top + 1}" if province else f"Bộ Số {top - 33}"
        yield _agency(
            number, f"K{top:02d}", name, AgencyKind.PROVINCE if province else AgencyKind.MINISTRY, None, "/"
        )
        above = number
        for place in range(20):
            number += 1
            label = f"{'Sở' if province else 'Cục'} Số {place + 1}, {name}"
            yield _agency(
                number, f"K{top:02d}.{place:02d}", label, AgencyKind.DEPARTMENT, above, f"/{above}/"
            )


def _agency(
    number: int, code: str, name: str, kind: str, parent: int | None, above: str
) -> tuple[dict[str, Any], str]:
    path = f"{above}{number}/"
    row = {"id": number, "code": code, "name": name, "kind": kind, "parent_id": parent, "path": path,
           "sort_key": sort_key(name)[:420]}  # fmt: skip
    return row, path


def _people() -> None:
    """Who opens the pages: of a province, of one of its departments, of the coordinating ministry."""
    for username, code, role in (
        ("cntt", "K00", Role.IT_UNIT),
        ("nguoi-dung-dau", "K00", Role.HEAD),
        ("chu-quan", "K00.03", Role.DATABASE_OWNER),
        ("dau-moi", "K00.03", Role.FOCAL_OFFICER),
        ("dieu-phoi", "K40", Role.COORDINATING_MINISTRY),
        ("giu-mat", "K00.03", Role.SECRETS_KEEPER),
    ):
        demo.make_post(demo.make_person(username), Agency.objects.get(code=code), role)


def _databases(number: int, leaves: list[tuple[int, int]], chance: random.Random) -> Iterator[dict[str, Any]]:
    tiers = [Tier.LOCAL, Tier.INTERNAL, Tier.MINISTRY, Tier.SECTOR]
    states = [EntryState.NOT_DECLARED, EntryState.DECLARED, EntryState.ISSUED]
    for place in range(1, number + 1):
        owner, unit = leaves[chance.randrange(len(leaves))]
        said = nfc(f"CSDL {' '.join(chance.sample(SUBJECTS, 3))} {place}")
        code = f"U{unit}.DB{place}"
        yield {
            "id": place, "code": code, "name": said, "sort_key": sort_key(said)[:520],
            "folded": in_words(f"{said} {code}"), "tier": chance.choice(tiers), "owner_id": owner, "managing_unit_id": unit,
            "legal_basis": "Quyết định số 15/QĐ-UBND", "purpose": f"Quản lý nhà nước về {chance.choice(SUBJECTS)}",
            "scope": " ".join(chance.sample(SUBJECTS, 6)), "collection": "Cập nhật hằng ngày",
            "entry_state": chance.choice(states), "is_secret": place % 100 == 0,
        }  # fmt: skip


def _fields(made: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    number = 0
    for row in made:
        for ordinal in range(FIELDS_EACH):
            number += 1
            yield {"id": number, "table_id": row["id"], "name": f"cot_{ordinal}", "ordinal": ordinal, "type": "text",
                   "title": f"Cột số {ordinal}"}  # fmt: skip


def _entries(made: list[dict[str, Any]], names: dict[int, str]) -> Iterator[dict[str, Any]]:
    for row in made:
        if row["is_secret"]:
            continue
        summary = f"{row['code']} · {names[row['managing_unit_id']]}"
        text = nfc(f"{row['name']} {summary} {row['purpose']} {row['scope']}")
        yield {
            "kind": "database", "object_id": str(row["id"]), "title": row["name"], "summary": summary,
            "body": f"{row['purpose']} {row['scope']}", "url": f"/lam-viec/csdl/{row['code']}/",
            "folded": " ".join(words(text)), "names": " ".join(words(f"{row['name']} {row['code']}")),
            "audience": f"kdatabase u{row['owner_id']} u{row['managing_unit_id']}", "exact": text.casefold(), "sort_key": row["sort_key"][:400],
            "facets": {"agency": names[row["owner_id"]], "tier": str(row["tier"])},
            "units": f"|{row['owner_id']}|{row['managing_unit_id']}|",
        }  # fmt: skip


def _issued(made: list[dict[str, Any]], names: dict[int, str]) -> Iterator[dict[str, Any]]:
    """What stands in the newest catalogue of every agency, which has the agency's own id."""
    places: Counter[int] = Counter()
    for row in made:
        if row["entry_state"] != EntryState.ISSUED or row["is_secret"]:
            continue
        kept = {
            name: row[name]
            for name in ("code", "name", "tier", "legal_basis", "purpose", "scope", "collection")
        }
        kept |= {
            "tier": str(row["tier"]), "name_en": "", "local_base": "", "specialised_rules": "", "sector_reuse": "",
            "personal_data": "none", "items": {"shared": ITEMS, "private_use": [], "open": []},
            "owner": {"code": f"{row['owner_id']}", "name": names[row["owner_id"]]},
            "managing_unit": {"code": f"{row['managing_unit_id']}", "name": names[row["managing_unit_id"]]},
        }  # fmt: skip
        place = places[row["owner_id"]]
        places[row["owner_id"]] += 1
        yield {
            "id": row["id"],
            "catalogue_id": row["owner_id"],
            "place": place,
            "code": row["code"],
            "entry": kept,
        }


def _catalogues(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for agency, size in Counter(entry["catalogue_id"] for entry in entries).items():
        yield {"id": agency, "agency_id": agency, "version": 1, "decision_number": "15/QĐ-UBND",
               "decision_date": "2026-01-05", "size": size}  # fmt: skip


def _write(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows whose other columns hold what a new record holds."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    new = model()
    blank = {field.attname: field.pre_save(new, add=True) for field in fields}
    rows = iter(rows)
    first = next(rows)
    if "id" not in first:
        fields = [field for field in fields if not field.primary_key]

    def values(row: dict[str, Any]) -> list[Any]:
        full = blank | row
        return [full[field.attname] for field in fields]

    prepared = [field.get_db_prep_save for field in fields]
    plain = [
        field.get_internal_type() not in {"JSONField", "DateTimeField", "DateField", "BooleanField"}
        for field in fields
    ]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)

    def stored() -> Iterator[list[Any]]:
        for row in (first, *()):
            yield _stored(values(row), plain, prepared)
        for row in rows:
            yield _stored(values(row), plain, prepared)

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(fields))
            cursor.connection.executemany(
                f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks})", stored()
            )
        else:
            with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
                for row in stored():
                    copy.write_row(row)


def _stored(row: list[Any], plain: list[bool], prepared: list[Any]) -> list[Any]:
    return [
        str(value) if simple and isinstance(value, str) else value if simple else prepare(value, connection)
        for value, simple, prepare in zip(row, plain, prepared, strict=True)
    ]
