"""Reads of shared code lists and master data: values on a day, what an old code became, which columns follow none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lienthong.agencies.queries import is_id
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.text import fold, words
from lienthong.foundation.tracing import carries

from .access import databases_visible_to
from .governing_errors import CodeUnknown
from .models import (
    CodeList,
    CodeListState,
    CodeListVersion,
    CodeMapping,
    CodeValue,
    DataField,
    MasterDataItem,
    MasterDataList,
)


def code_lists(text: str = "") -> list[CodeList]:
    """The shared code lists by name, narrowed by words in any spelling, with their versions."""
    listed = CodeList.objects.select_related("owner").prefetch_related("versions").order_by("name", "pk")
    sought = fold(text).split()
    return [
        one for one in listed if all(word in fold(f"{one.name} {one.name_en} {one.code}") for word in sought)
    ]


def code_list_named(code: str) -> CodeList:
    """The shared code list of this code."""
    found = CodeList.objects.select_related("owner", "dataset").filter(code=code).first()
    if found is None:
        raise NotFound(what=f"danh mục dùng chung {code}", what_en=f"Shared code list {code}")
    return found


def issued_versions(code_list: CodeList) -> list[CodeListVersion]:
    """The versions that were issued, the newest first."""
    return list(code_list.versions.filter(state=CodeListState.ISSUED).order_by("-number"))


def draft_of(code_list: CodeList) -> CodeListVersion | None:
    """The version that is being prepared."""
    return code_list.versions.filter(state=CodeListState.DRAFT).first()


@carries("CAT-07")
def version_on(code_list: CodeList, day: date) -> CodeListVersion | None:
    """The version of a list that was in force on a day; a version that is prepared is in force on none."""
    issued = code_list.versions.filter(state=CodeListState.ISSUED, valid_from__lte=day)
    return issued.order_by("-valid_from").first()


def values_on(code_list: CodeList, day: date) -> QuerySet[CodeValue]:
    """The values in force on a day: of the version of that day, without those whose own time is over or to come."""
    version = version_on(code_list, day)
    if version is None:
        return CodeValue.objects.none()
    began = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    goes_on = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return version.values.filter(began & goes_on)


def found_in(values: QuerySet[CodeValue], text: str) -> QuerySet[CodeValue]:
    """Of some values those whose code or name holds every word, in any spelling."""
    for word in fold(text).split():
        values = values.filter(folded__contains=word)
    return values


@dataclass(frozen=True)
class ValuePage:
    """Some values in the order of their codes, and by which codes the page before and the next are asked for."""

    values: list[CodeValue]
    total: int
    before: str = ""
    after: str = ""


def page_of(values: QuerySet[CodeValue], *, after: str = "", before: str = "", size: int) -> ValuePage:
    """One page of values: after a code, before a code, or the first; as quick at the end of a long list as at its head."""
    total = values.count()
    if before:
        back = list(values.filter(code__lt=before).order_by("-code")[: size + 1])
        shown, has_before = back[:size][::-1], len(back) > size
        has_after = bool(shown)
    else:
        ahead = list((values.filter(code__gt=after) if after else values).order_by("code")[: size + 1])
        shown, has_after, has_before = ahead[:size], len(ahead) > size, bool(after)
    return ValuePage(
        shown,
        total,
        shown[0].code if shown and has_before else "",
        shown[-1].code if shown and has_after else "",
    )


def pairs_of(
    version: CodeListVersion, most: int | None = None, text: str = ""
) -> list[tuple[CodeMapping, str, str]]:
    """What old codes became in a version, each with the name it had and the name it has.

    With words, the pairs of which either side is found by them; at most so many as asked for.
    """
    before = version.code_list.versions.filter(state=CodeListState.ISSUED, number__lt=version.number)
    earlier = before.order_by("-number").first()
    held = earlier.values.all() if earlier is not None else CodeValue.objects.none()
    wanted = version.mappings.all()
    if text:
        wanted = wanted.filter(
            Q(old_code__in=found_in(held, text).values("code"))
            | Q(new_code__in=found_in(version.values.all(), text).values("code"))
        )
    pairs = list(wanted[:most] if most else wanted)
    if most:
        held = held.filter(code__in=[pair.old_code for pair in pairs])
    former = dict(held.values_list("code", "name"))
    present = dict(version.values.values_list("code", "name"))
    return [(pair, former.get(pair.old_code, ""), present.get(pair.new_code, "")) for pair in pairs]


@dataclass(frozen=True)
class BecameCode:
    """One code that an old code became; `is_usual`: the one to take where it was split."""

    code: str
    name: str
    is_usual: bool


@dataclass(frozen=True)
class Translation:
    """What a code of one day is on another: none when nobody has written what became of it."""

    code: str
    name: str
    known_on: date
    on: date
    became: list[BecameCode] = field(default_factory=list)
    lost_on: date | None = None
    """The day from which it is out of force with no code in its place."""

    @property
    def is_split(self) -> bool:
        return len(self.became) > 1


@carries("GOVF-13")
def translate(
    code_list: CodeList, code: str, *, known_on: date | None = None, on: date | None = None
) -> Translation:
    """What an old code is on a day, through every merger in between; a code that goes on under its number stays.

    `known_on`: the day on which the code was written, since a code may mean another thing on another day; without
    it the newest version that holds the code counts. Raises `CodeUnknown`.
    """
    target = on or timezone.localdate()
    issued = [version for version in reversed(issued_versions(code_list)) if version.valid_from <= target]
    start = _start(code_list, code, known_on, issued)
    current: dict[str, bool] = {code: True}
    lost: date | None = None
    for version in issued:
        if version.number <= start.number:
            continue
        current = _step(version, current)
        if not current:
            lost = version.valid_from
            break
    last = [version for version in issued if version.number >= start.number][-1]
    names = dict(last.values.filter(code__in=current).values_list("code", "name"))
    first = start.values.get(code=code)
    became = [
        BecameCode(one, names.get(one, ""), usual)
        for one, usual in sorted(current.items(), key=lambda item: (not item[1], item[0]))
    ]
    return Translation(code, first.name, known_on or start.valid_from, target, became, lost)


def _start(
    code_list: CodeList, code: str, known_on: date | None, issued: list[CodeListVersion]
) -> CodeListVersion:
    if known_on is not None:
        version = version_on(code_list, known_on)
        if version is not None and version in issued and version.values.filter(code=code).exists():
            return version
    else:
        for version in reversed(issued):
            if version.values.filter(code=code).exists():
                return version
    where = f"danh mục {code_list.name}" + (f" ngày {known_on:%d/%m/%Y}" if known_on else "")
    where_en = f"list {code_list.code}" + (f" on {known_on.isoformat()}" if known_on else "")
    raise CodeUnknown(given=code[:80], where=where, where_en=where_en)


@carries("GOVF-13")
def codes_became(version: CodeListVersion) -> dict[str, list[str]]:
    """Every code that may stand in older data, with what it is in this version: one code, or several after a split.

    A code that goes on unchanged stands for itself, unless it is said what it became.
    """
    became: dict[str, list[str]] = {}
    for old, new in version.mappings.order_by("old_code", "new_code").values_list("old_code", "new_code"):
        became.setdefault(old, []).append(new)
    for code in version.values.values_list("code", flat=True):
        became.setdefault(code, [code])
    return became


def _step(version: CodeListVersion, current: dict[str, bool]) -> dict[str, bool]:
    mapped: dict[str, list[CodeMapping]] = {}
    for row in version.mappings.filter(old_code__in=current):
        mapped.setdefault(row.old_code, []).append(row)
    staying = set(
        version.values.filter(code__in=[code for code in current if code not in mapped]).values_list(
            "code", flat=True
        )
    )
    after: dict[str, bool] = {}
    for code, usual in current.items():
        for row in mapped.get(code, []):
            after[row.new_code] = after.get(row.new_code, False) or (usual and row.is_usual)
        if code in staying:
            after[code] = after.get(code, False) or usual
    return after


@dataclass(frozen=True)
class VersionChanges:
    """What separates a version from the one before."""

    added: int
    renamed: int
    ended: int
    unmapped: list[CodeValue]
    """Codes that ended and of which nobody wrote what they became (at most 200)."""


@carries("GOVF-13")
def changes_in(version: CodeListVersion) -> VersionChanges | None:
    """How a version differs from the one before; None for the first."""
    before = (
        version.code_list.versions.filter(state=CodeListState.ISSUED, number__lt=version.number)
        .order_by("-number")
        .first()
    )
    if before is None:
        return None
    older = dict(before.values.values_list("code", "name"))
    newer = dict(version.values.values_list("code", "name"))
    mapped = set(version.mappings.values_list("old_code", flat=True))
    ended = [code for code in older if code not in newer]
    unmapped = [code for code in ended if code not in mapped]
    return VersionChanges(
        added=sum(code not in older for code in newer),
        renamed=sum(code in older and older[code] != name for code, name in newer.items()),
        ended=len(ended),
        unmapped=list(before.values.filter(code__in=unmapped[:200])),
    )


def fields_following(actor: Actor, code_list: CodeList) -> QuerySet[DataField]:
    """The columns of databases that one may know of whose values follow a list."""
    return (
        DataField.objects.filter(
            code_list=code_list, gone_since__isnull=True, table__database__in=databases_visible_to(actor)
        )
        .select_related("table__database")
        .order_by("table__database__sort_key", "table__name", "ordinal")
    )


# --- Columns that follow no list


@carries("LTE-04", "CAT-07")
def fields_following_none(actor: Actor, *, every: bool = False, text: str = "") -> QuerySet[DataField]:
    """The columns that neither follow an issued code list nor match national master data, of databases one may know of.

    Those whose name says that they hold codes; with `every` all but keys. A reason why no list applies settles one.
    """
    issued = CodeListVersion.objects.filter(code_list=OuterRef("code_list"), state=CodeListState.ISSUED)
    follows = Q(code_list__isnull=False) & (Q(code_list__dataset__isnull=False) | Exists(issued))
    found = DataField.objects.filter(
        ~follows,
        table__database__in=databases_visible_to(actor).values("pk"),
        gone_since__isnull=True,
        table__gone_since__isnull=True,
        master_item__isnull=True,
        no_code_list="",
        is_key=False,
    )
    if not every:
        found = found.filter(holds_codes=True)
    for word in words(text)[:6]:
        found = found.filter(table__database__folded__contains=f" {word}")
    return found.select_related("table__database__managing_unit", "code_list").order_by(*IN_ORDER)


IN_ORDER = ("table__database__sort_key", "table__database_id", "table__name", "ordinal", "pk")


def columns_beyond(
    found: QuerySet[DataField], *, after: str = "", before: str = "", limit: int
) -> tuple[list[DataField], str, str]:
    """A page of columns in the order of their databases, by keyset, and the columns from which the neighbours go on.

    `after` and `before` are ids of columns; one that is not in the list leads to its beginning.
    """
    edge = before or after
    place = found.filter(pk=int(edge)).values_list(*IN_ORDER).first() if is_id(edge) else None
    backwards = bool(before and place)
    if place is not None:
        found = found.filter(_beyond(place, "lt" if backwards else "gt"))
    order = [f"-{name}" for name in IN_ORDER] if backwards else IN_ORDER
    rows = list(found.order_by(*order)[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit][::-1] if backwards else rows[:limit]
    if not rows:
        return rows, "", ""
    return (
        rows,
        str(rows[-1].pk) if more or backwards else "",
        str(rows[0].pk) if (more if backwards else place is not None) else "",
    )


def _beyond(place: Sequence[object], step: str) -> Q:
    """Past a place of the list; the bound of the first part alone is what an index is read from."""
    past = Q()
    for at, name in enumerate(IN_ORDER):
        past |= Q(**dict(zip(IN_ORDER[:at], place, strict=False)), **{f"{name}__{step}": place[at]})
    return Q(**{f"{IN_ORDER[0]}__{step}e": place[0]}) & past


# --- National master data


def master_lists() -> list[MasterDataList]:
    """The versions of the list of national master data, the newest first."""
    return list(MasterDataList.objects.all())


def master_items(actor: Actor) -> list[MasterDataItem]:
    """The items of the list, with how many columns match each, of databases one may know of."""
    visible = databases_visible_to(actor).values("pk")
    live = Q(fields__gone_since__isnull=True, fields__table__database__in=visible)
    return list(
        MasterDataItem.objects.select_related("source", "listed_in").annotate(
            columns=Count("fields", filter=live),
            databases=Count("fields__table__database", filter=live, distinct=True),
        )
    )


def items_without_source(items: Iterable[MasterDataItem]) -> list[MasterDataItem]:
    """The items of which nobody has said which database is their trusted source."""
    return [item for item in items if item.left_on is None and not item.source_id and not item.source_name]
