"""Reading the published rows of an open dataset: a preview for people, pages for programs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from lienthong.catalogue.replicas import version_store
from lienthong.engine.serve.changesets import ChangeSets
from lienthong.engine.serve.fixed import FixedVersions
from lienthong.engine.serve.following import ChangesPage, Following
from lienthong.engine.serve.replica import Page, Replica
from lienthong.foundation.pagekit.figures import day_text, in_vietnamese, moment_text, number_text

from .errors import ColumnsOpenedAnew
from .models import OpenDataset, Publication

PREVIEW = 50
MOST = 1000
# Conditions that the table on the portal takes at once.
MOST_CONDITIONS = 6
FILTERS = {
    "eq": gettext_lazy("is"),
    "prefix": gettext_lazy("begins with"),
    "ge": gettext_lazy("is at least"),
    "le": gettext_lazy("is at most"),
    "ne": gettext_lazy("is not"),
}
NUMBERS = frozenset({"integer", "decimal", "double"})
# What a version of the opened table was taken from, as its note says.
CAPTURED = re.compile(r" v(\d+)$")
ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
# Whole numbers below this are shown without marks: years, numbers of articles.
GROUPED_FROM = 10_000


@dataclass(frozen=True)
class Condition:
    """One condition on the rows, as the address and the reader have it."""

    column: str
    operator: str
    value: str

    @property
    def address(self) -> str:
        return f"{self.column}:{self.operator}:{self.value}"


@dataclass(frozen=True)
class Heading:
    """The head of one column of the table."""

    name: str
    title: str
    numeric: bool


@dataclass(frozen=True)
class Preview:
    """Some rows as cells in the order of the columns: the value as the reader writes it, None where nothing is."""

    headings: list[Heading]
    rows: list[list[tuple[str | None, bool]]]
    """Each cell with whether its column is numeric."""
    next: str | None
    total: int


def replica_path(open_dataset: OpenDataset) -> Path:
    """The file from which the published version is answered: only what was opened is in it."""
    return Path(settings.DATA_DIR) / "replicas" / f"open_{open_dataset.pk}.sqlite"


def change_sets(open_dataset: OpenDataset) -> ChangeSets:
    """What each version of the opened table changed; other columns are another table."""
    return ChangeSets(replica_path(open_dataset).with_suffix(".changes") / opened_table(open_dataset))


def opened_table(open_dataset: OpenDataset, columns: Sequence[str] = ()) -> str:
    """The table that holds what is opened. Other columns are another table: what is no longer opened stays behind."""
    named = "\0".join(columns or open_dataset.columns).encode()
    return f"open_{open_dataset.pk}_{zlib.crc32(named):08x}"


@cache
def _opened(path: Path) -> Replica:
    return Replica(path, largest_page=MOST)


def types_of(open_dataset: OpenDataset) -> dict[str, str]:
    """The columns that are out with their types, in order."""
    return {column.name: column.type for column in _opened(replica_path(open_dataset)).about().columns}


def rows_of(
    open_dataset: OpenDataset,
    *,
    after: str | None = None,
    limit: int = 100,
    filters: tuple[tuple[str, str, Any], ...] = (),
    publication: Publication | None = None,
) -> tuple[Page, int]:
    """A page of published rows, of the newest or of an earlier publication, and how many pass the filters; a wrong filter
    is refused by name.
    """
    replica = (
        _opened(replica_path(open_dataset)) if publication is None else earlier(open_dataset, publication)
    )
    return replica.page(after=after, limit=limit, filters=filters), replica.count(filters)


def earlier(open_dataset: OpenDataset, publication: Publication) -> Replica:
    """A version that was published before, to read from."""
    table = opened_table(open_dataset, publication.columns)
    latest = replica_path(open_dataset)
    kept = FixedVersions(latest.with_suffix(".versions") / table, latest)
    return kept.replica(version_store, table, version_in_store(open_dataset, publication), largest_page=MOST)


def version_in_store(open_dataset: OpenDataset, publication: Publication) -> int:
    """The version of the opened table that a publication gave out: rows published again are no new version."""
    return _version_in_store(opened_table(open_dataset, publication.columns), publication.version.number)


@cache
def _version_in_store(table: str, captured: int) -> int:
    """The last version of the table that was taken from this captured one, or from one before it."""
    numbers = [1]
    for version in version_store().versions(table):
        taken = CAPTURED.search(version.note)
        if taken and int(taken[1]) <= captured:
            numbers.append(version.number)
    return max(numbers)


def changes_of(
    open_dataset: OpenDataset,
    *,
    since: Publication | None = None,
    after: str | None = None,
    limit: int = 100,
    filters: tuple[tuple[str, str, Any], ...] = (),
) -> ChangesPage:
    """What has changed in the published rows since a publication (None: from nothing), or behind a mark: in all of
    them, or in those that pass the filters.

    Raises `ColumnsOpenedAnew` when other columns were opened since: then there is nothing to go on from.
    """
    if since is not None and list(since.columns) != list(open_dataset.columns):
        raise ColumnsOpenedAnew(version=since.number)
    number = version_in_store(open_dataset, since) if since is not None else None
    following = Following(
        _opened(replica_path(open_dataset)), change_sets(open_dataset), version_store, largest_page=MOST
    )
    return following.page(after, since=number, limit=limit, filters=filters)


def conditions_in(asked: Iterable[str]) -> tuple[Condition, ...]:
    """The conditions that stand in an address as `column:operator:value`; what is none is passed over."""
    found: dict[str, Condition] = {}
    for text in asked:
        column, _, rest = text.partition(":")
        operator, _, value = rest.partition(":")
        if column and operator in FILTERS and value.strip():
            condition = Condition(column[:255], operator, value.strip()[:200])
            found.setdefault(condition.address, condition)
    return tuple(found.values())[:MOST_CONDITIONS]


def preview(
    open_dataset: OpenDataset, *, after: str | None = None, conditions: Iterable[Condition] = ()
) -> Preview:
    """The first rows, or those that pass every condition."""
    fields = {field.name: field for field in open_dataset.dataset.table.fields.all()}
    kinds = {
        name: _kind(kind, fields[name].seen if name in fields else {})
        for name, kind in types_of(open_dataset).items()
    }
    filters = tuple(
        (one.column, one.operator, as_asked(one.value, kinds.get(one.column, ""))) for one in conditions
    )
    page, total = rows_of(open_dataset, after=after, limit=PREVIEW, filters=filters)
    return Preview(
        headings=[
            Heading(
                name, (fields[name].title if name in fields else "") or name, kinds.get(name, "") in NUMBERS
            )
            for name in page.columns
        ],
        rows=[
            [
                (as_read(row.get(name), kinds.get(name, "")), kinds.get(name, "") in NUMBERS)
                for name in page.columns
            ]
            for row in page.rows
        ],
        next=page.next,
        total=total,
    )


def _kind(kind: str, seen: Mapping[str, Any]) -> str:
    """The type of a column; text whose least and greatest value are ISO days holds days."""
    ends = (str(seen.get("min") or ""), str(seen.get("max") or ""))
    return "date" if kind == "text" and all(ISO_DAY.match(end) for end in ends) else kind


def as_read(value: Any, kind: str) -> str | None:
    """A published value in the reader's format: decimal comma, day before month, words for true and false."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if kind in NUMBERS:
        return _number(value)
    if kind in {"date", "timestamp"}:
        return _moment(str(value)) or str(value)
    return str(value)


def _number(value: Any) -> str:
    text = number_text(value)
    if not text:
        return str(value)
    small = abs(Decimal(str(value))) < GROUPED_FROM
    return text.replace("." if in_vietnamese() else ",", "") if small else text


def _moment(text: str) -> str:
    try:
        return (
            day_text(date.fromisoformat(text))
            if ISO_DAY.match(text)
            else moment_text(datetime.fromisoformat(text))
        )
    except ValueError:
        return ""


def as_asked(value: str, kind: str) -> str:
    """A value as the reader writes it, in the form that the data have: `2,97` and `01/07/2025` are understood."""
    day = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value, re.ASCII)
    if day and kind in {"date", "timestamp"}:
        return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"
    if "," in value and kind in NUMBERS:
        return value.replace(".", "").replace(",", ".") if in_vietnamese() else value.replace(",", "")
    if kind == "boolean":
        return {gettext("Yes").lower(): "true", gettext("No").lower(): "false"}.get(value.lower(), value)
    return value
