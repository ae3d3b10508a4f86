"""The public picture of data items: what the issued catalogues say themselves of who holds whose data, and no more (P10).

An issued entry names the source that its database follows, or from which it stops collecting, and is public word by word.
Nothing is read from the cases: neither an open one nor one that was decided since the last issue shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from lienthong.catalogue.models import (
    CopyStanding,
    Database,
    EntryState,
    IssuedEntry,
    MasterDataItem,
    Standing,
)
from lienthong.catalogue.queries import latest_catalogues
from lienthong.foundation.text import in_words
from lienthong.foundation.tracing import carries

from .items import DataItem, Holding, ItemPicture, Mark, MarkedCell
from .mapping import Grouping, MappedDatabase, mapped_databases, tier_levels

_OF_THE_COPY = {Standing.STOP: Mark.UNDER_WAY, Standing.EXCEPTION: Mark.EXCEPTION}


@carries("OVL-05", "SEC-01")
def public_items() -> ItemPicture:
    """The items whose source stands in an issued catalogue, with the agencies that say in theirs how they hold them.

    Agencies are the owners. A source that is trusted for one item of national master data goes by the name of the item.
    """
    issued = Database.objects.filter(entry_state=EntryState.ISSUED, is_secret=False)
    masters = list(
        MasterDataItem.objects.filter(left_on__isnull=True, listed_in__isnull=False, source__in=issued)
    )
    said = _said()
    codes = {source for _code, source, _mark in said} | {code for code, _source, _mark in said}
    wanted = issued.filter(code__in=codes) | issued.filter(pk__in=[item.source_id for item in masters])
    databases = {one.code: one for one in mapped_databases(wanted.values_list("pk", flat=True)).values()}
    cells: dict[str, dict[str, dict[Mark, set[str]]]] = {}
    sources = {one.pk: one for one in databases.values()}
    for code in [one.code for one in sources.values() if one.pk in {item.source_id for item in masters}]:
        cells.setdefault(code, {})
    for code, source, mark in said:
        if code in databases and source in databases:
            held = cells.setdefault(source, {})
            if mark is not None:
                held.setdefault(databases[code].owner.code, {}).setdefault(mark, set()).add(code)
    for source, held in cells.items():
        held.setdefault(databases[source].owner.code, {})[Mark.SOURCE] = {source}
    items = _items(cells, databases, masters)
    counts = Counter(mark for item in items for mark in item.marks)
    return ItemPicture(
        grouping=Grouping.AGENCY,
        columns=tuple(_columns(items, databases)),
        items=tuple(items),
        known=len(said),
        marks={mark: counts[mark] for mark in Mark if counts[mark]},
    )


def _said() -> list[tuple[str, str, Mark | None]]:
    """What the newest entries say: code of the copy, code of its source, how it is held; None: no longer collected."""
    secret = set(Database.objects.filter(is_secret=True).values_list("code", flat=True))
    copies = CopyStanding.objects.values("database__code")
    newest = [one.pk for one in latest_catalogues()]
    entries = IssuedEntry.objects.filter(catalogue__in=newest, code__in=copies).values_list("code", "entry")
    return [
        (code, copy["source"]["code"], _mark(copy))
        for code, entry in entries.order_by("code")
        for copy in entry.get("copies", ())
        if code not in secret and copy["source"]["code"] not in secret
    ]


def _mark(copy: Mapping[str, Any]) -> Mark | None:
    if copy["standing"] == Standing.SYNCHRONISE:
        return Mark.FOLLOWS if copy.get("started_on") else Mark.UNDER_WAY
    return _OF_THE_COPY.get(copy["standing"])


def _items(
    cells: Mapping[str, Mapping[str, Mapping[Mark, set[str]]]],
    databases: Mapping[str, MappedDatabase],
    masters: list[MasterDataItem],
) -> list[DataItem]:
    locale = get_language() or "vi"
    order = list(Mark)
    trusted = Counter(item.source_id for item in masters)
    found = []
    for code, held in cells.items():
        source = databases[code]
        by_agency = {
            agency: tuple(
                MarkedCell(mark, tuple(sorted(marks[mark])), ()) for mark in sorted(marks, key=order.index)
            )
            for agency, marks in held.items()
        }
        own = [item for item in masters if item.source_id == source.pk]
        name, under = source.display_name(locale), source.owner.display_name(locale)
        if trusted[source.pk] == 1:
            under, name = name, own[0].name
        elif own:
            alone = {source.owner.code: (MarkedCell(Mark.SOURCE, (code,), ()),)}
            found += [DataItem(f"mdm:{one.code}", one.name, name, source.tier, code, alone) for one in own]
        if trusted[source.pk] < 2 or len(by_agency) > 1:
            found.append(DataItem(code, name, under, source.tier, code, by_agency))
    return sorted(found, key=lambda one: (tier_levels()[one.tier], in_words(one.name), one.key))


def _columns(items: list[DataItem], databases: Mapping[str, MappedDatabase]) -> list[Holding]:
    locale = get_language() or "vi"
    held = {code for item in items for code in item.cells}
    found: dict[str, Holding] = {}
    for one in sorted(databases.values(), key=lambda each: tier_levels()[each.tier]):
        if one.owner.code in held:
            level = tier_levels()[one.tier]
            found.setdefault(one.owner.code, Holding(one.owner.code, one.owner.display_name(locale), level))
    return sorted(found.values(), key=lambda one: (one.level, one.code))
