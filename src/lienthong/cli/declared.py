"""What a caller of `lienthong look` knows of the data beforehand: the codes of columns, the cycle of updates."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lienthong.engine.errors import SourceAddressInvalid
from lienthong.engine.profile.conforming import CodeList
from lienthong.engine.profile.rhythms import days_of
from lienthong.engine.session import quoted
from lienthong.engine.shapes import Look
from lienthong.engine.sources import open_source

ANY = "*"


@dataclass(frozen=True, slots=True)
class Declared:
    """Code lists by table and column, cycles of updates by table; `*` is any table."""

    code_lists: dict[str, dict[str, CodeList]] = field(default_factory=dict)
    rhythms: dict[str, int] = field(default_factory=dict)

    def require_places_in(self, look: Look) -> None:
        """Refuse what was declared of a table or column that is not there: it was tested nowhere."""
        columns = {looked.table.name: {one.name for one in looked.profile.columns} for looked in look.tables}
        every = set().union(*columns.values()) if columns else set()
        for table, lists in self.code_lists.items():
            for column in lists:
                if column not in (every if table == ANY else columns.get(table, set())):
                    raise _refused(
                        f"--codes {column}", f"không có cột “{column}”", f"there is no column “{column}”"
                    )
        for table in self.rhythms:
            if table != ANY and table not in columns:
                raise _refused(
                    f"--rhythm {table}", f"không có bảng “{table}”", f"there is no table “{table}”"
                )


def declared_from(codes: tuple[str, ...], rhythms: tuple[str, ...]) -> Declared:
    """What was written on the command line. Raises `SourceAddressInvalid`, and what keeps a file of codes from being read."""
    declared = Declared()
    for given in codes:
        place, equals, path = given.partition("=")
        table, _, column = place.rpartition(".")
        if not equals or not column or not path:
            raise _refused(f"--codes {given}", "phải viết [bảng.]cột=tệp", "write [table.]column=file")
        declared.code_lists.setdefault(table or ANY, {})[column] = _codes_in(path, column)
    for given in rhythms:
        table, equals, cycle = given.rpartition("=")
        days = days_of(cycle)
        if days is None:
            why = "phải là số ngày, hoặc hằng ngày, hằng tuần, hằng tháng, hằng quý, hằng năm"
            raise _refused(
                f"--rhythm {given}", why, "give days, or daily, weekly, monthly, quarterly, yearly"
            )
        declared.rhythms[table if equals else ANY] = days
    return declared


def _codes_in(path: str, column: str) -> CodeList:
    """The codes in a file: the column of the same name in its first table, else the first column."""
    with open_source(path) as source:
        table = source.tables()[0]
        source.profile(table)
        names = [one.name for one in source.seen(table).columns]
        name = quoted(column if column in names else names[0])
        found = source.connect().execute(
            f"SELECT DISTINCT CAST({name} AS VARCHAR) FROM {source.relation(table)} WHERE {name} IS NOT NULL"
        )
        values = frozenset(str(code).strip() for (code,) in found.fetchall())
    called = Path(path).name
    return CodeList(called, called, values)


def _refused(source: str, vi: str, en: str) -> SourceAddressInvalid:
    return SourceAddressInvalid(source=source, reason_vi=vi, reason_en=en)
