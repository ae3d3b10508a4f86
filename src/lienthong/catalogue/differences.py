"""What separates an entry of a catalogue from its earlier form, field by field with both values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lienthong.foundation.tracing import carries

from . import rules

Entry = Mapping[str, Any]

LABELS: dict[str, rules.Label] = rules.AMENDABLE | {
    "owner": ("chủ quản", "owner"),
    "state": ("trạng thái khai thác", "state of operation"),
    "items": ("mục dữ liệu", "data items"),
    "code_lists": ("danh mục dùng chung", "shared code lists"),
    "keys": ("khóa dữ liệu", "keys of the data"),
    "copies": ("nguồn chuẩn, cơ chế đồng bộ", "source and synchronisation"),
}


@dataclass(frozen=True)
class FieldChange:
    """One field with its value before and after; of data items, those that left and those that came."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def label(self, locale: str) -> str:
        """The field's name as people read it."""
        vi, en = LABELS.get(self.field, (self.field, self.field))
        return vi if locale.startswith("vi") else en


@dataclass(frozen=True)
class Difference:
    """How one database stands against an earlier version: `new`, `changed`, `same` or `ended`."""

    code: str
    name: str
    kind: str
    fields: tuple[FieldChange, ...] = ()
    name_en: str = ""
    unit: str = ""
    unit_code: str = ""

    def shown_name(self, locale: str) -> str:
        return self.name if locale.startswith("vi") or not self.name_en else self.name_en


@carries("CAT-02", "CAT-06")
def difference_of(older: Entry | None, newer: Entry) -> Difference:
    """How a database's entry differs from its earlier form. What the earlier form did not hold at all is not compared."""
    if older is None:
        return _told(newer, "new")
    fields = []
    for name in newer:
        if name in ("code", "catalogue_part") or name not in older or older[name] == newer[name]:
            continue
        before, after = values_of(older[name]), values_of(newer[name])
        if isinstance(newer[name], Mapping | list) and name != "owner" and name != "managing_unit":
            left = tuple(one for one in before if one not in set(after))
            came = tuple(one for one in after if one not in set(before))
            before, after = left, came
        if before != after:
            fields.append(FieldChange(name, before, after))
    return _told(newer, "changed" if fields else "same", tuple(fields))


@carries("CAT-02")
def differences(
    older: Iterable[Entry], newer: Iterable[Entry], *, kinds: Sequence[str] = ("new", "changed", "ended")
) -> list[Difference]:
    """What separates two issued catalogues, database by database in the order of the newer, those ended last."""
    before = {str(entry["code"]): entry for entry in older}
    after = {str(entry["code"]): entry for entry in newer}
    found = [difference_of(before.get(code), entry) for code, entry in after.items()]
    found += [_told(entry, "ended") for code, entry in before.items() if code not in after]
    return [one for one in found if one.kind in kinds]


def _told(entry: Entry, kind: str, fields: tuple[FieldChange, ...] = ()) -> Difference:
    unit = entry.get("managing_unit")
    unit = unit if isinstance(unit, Mapping) else {}
    return Difference(
        code=str(entry["code"]),
        name=str(entry.get("name", "")),
        name_en=str(entry.get("name_en", "")),
        kind=kind,
        fields=fields,
        unit=str(unit.get("name", "")),
        unit_code=str(unit.get("code", "")),
    )


def values_of(value: Any) -> tuple[str, ...]:
    """Any value of an entry as lines that people can read and compare."""
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return ("Có",) if value else ("Không",)
    if isinstance(value, Mapping):
        if "name" in value and "code" in value:
            return (f"{value['name']} ({value['code']})",)
        if "said" in value:
            return (str(value["said"]),)
        if "title" in value:
            return (_item(value),)
        return tuple(
            f"{_GROUPS.get(str(group), str(group))}: {line}" if line else str(group)
            for group, inner in value.items()
            for line in values_of(inner)
        )
    if isinstance(value, list | tuple):
        return tuple(line for one in value for line in values_of(one))
    return (str(value),)


# The groups of items as the lines of a comparison name them; codes of other maps stay as they are.
_GROUPS = {"open": "Dữ liệu mở", "shared": "Dùng chung", "private_use": "Dùng riêng"}


def _item(item: Mapping[str, Any]) -> str:
    users = f" ({item['users']})" if item.get("users") else ""
    table = f"{item['table']}: " if item.get("table") else ""
    return f"{table}{item['title']}{users}"
