"""Rules across the columns of a table: two days in order, a total and its parts, a code and its name, units and what
they belong to, rows and moments that repeat. Each looks for columns it can be asked of by their names and meanings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Any

from lienthong.engine.profile.checking import Subject, finding
from lienthong.engine.profile.cues import found_in, spoken
from lienthong.engine.profile.lists import unit_lists
from lienthong.engine.profile.placing import Numbered, first_places
from lienthong.engine.session import Connection
from lienthong.engine.shapes import Checked, ColumnProfile, Finding, Place

_NUMBERS = ("integer", "decimal", "double")
_DAYS = ("date", "timestamp")
_ORDERED_CUES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("bat dau", "tu ngay", "start", "from", "ngay vao", "hieu luc tu", "valid from", "begin", "khoi cong", "bd", "tu"),
     ("ket thuc", "den ngay", "end", "to", "het han", "het hieu luc", "valid to", "hoan thanh", "kt", "den", "ngay ra")),
    (("cap", "issue", "issued", "ban hanh", "ky"), ("het han", "expiry", "expire", "expires", "het hieu luc", "han su dung")),
    (("sinh", "birth", "dob", "birthday", "birthdate"),
     ("mat", "chet", "tu vong", "death", "cap", "issue", "ket hon", "nhap hoc", "vao lam", "hire", "bat dau", "dang ky")),
    (("tao", "created", "create", "nhap", "tiep nhan", "nop", "submitted", "received", "order"),
     ("sua", "updated", "update", "modified", "cap nhat", "tra ket qua", "hoan thanh", "completed", "closed", "shipped")),
)  # fmt: skip
_TOTALS = ("tong", "tong so", "total", "tong cong", "cong", "sum", "chung", "toan bo", "ts")
_STATIONS = ("tram", "ma tram", "ten tram", "station", "diem", "diem do", "site", "sensor", "device", "thiet bi", "location",
             "tinh", "city", "dia diem", "vi tri")  # fmt: skip
_HOURS = ("gio", "hour", "time", "khung gio", "ca")
_UPDATED = ("cap nhat", "updated", "update", "modified", "sua", "thoi gian", "thoi diem", "time", "timestamp", "tao", "created",
            "ngay do", "ngay bao cao", "ngay thu thap", "ngay ghi", "moc thoi gian")  # fmt: skip
_PLAIN_DAYS = frozenset({"ngay", "date", "thang", "month", "day", "ky"})
_BIRTHS = ("sinh", "birth", "dob", "birthday", "birthdate", "ns", "nsinh", "yob")
_PAIRS = 12
_MANY = 50_000


@dataclass(slots=True)
class Side:
    """One column as the comparisons see it: how it is read, what it means, and what was counted in it."""

    sql: str
    subject: Subject
    profile: ColumnProfile

    @property
    def name(self) -> str:
        """Its name as reported."""
        return self.subject.column.name

    @property
    def said(self) -> str:
        """The words of its name and comment."""
        return spoken(self.name) + spoken(self.subject.column.comment or "")

    @property
    def filled(self) -> int:
        """Rows with a value."""
        return self.profile.rows - self.profile.nulls


@dataclass(slots=True)
class Compared:
    """What the comparisons of a table come to."""

    checks: list[Checked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    dependencies: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Question:
    """A condition on rows that breaks a rule, and the condition under which it can be asked; asked of such rows alone."""

    rule: str
    broken: str
    asked: str
    facts: Mapping[str, Any]
    told: tuple[str, str] | None = None
    """A name that stands in both conditions, and the expression for which it stands: worked out once for each row."""


def compare(
    connection: Connection,
    relation: str,
    sample: str,
    table: str,
    sides: Sequence[Side],
    rows: int,
    *,
    keyed: bool,
    declared_rhythm: int | None = None,
    at: Numbered | None = None,
    some: str | None = None,
    today: date | None = None,
) -> Compared:
    """Ask every rule across columns that this table can be asked; `keyed` when it declares a key.

    `some` are the rows that tell which column determines another, the first of the sample if not given.
    `declared_rhythm` is every how many days its data are to come; without it the days that came let expect it.
    """
    done = Compared()
    if not rows or not sides:
        return done

    def note(rule: str, tested: int, failed: int, **facts: Any) -> None:
        if tested > 0:
            check = Checked(rule, tested, failed)
            done.checks.append(check)
            if failed:
                done.findings.append(finding(check, Place(table), facts))

    unique = keyed or any(side.profile.key_candidate for side in sides)
    if not unique and rows > 1:
        hashed = f"SELECT DISTINCT hash({', '.join(side.sql for side in sides)}) FROM {relation}"
        distinct = int(_one(connection, f"SELECT count(*) FROM ({hashed})")[0])
        note("duplicate_row", rows, rows - distinct)
    elif unique:
        note("duplicate_row", rows, 0)
    note("key_missing", 1, 0 if unique or rows < 2 else 1)
    questions = [*_days_in_order(sides), *_identity(sides), *_totals(connection, sample, sides)][:_PAIRS]
    _ask(connection, relation if at is None else at.relation, questions, at, note)
    for code, name in _coded(sides):
        failed = _conflicts(connection, relation, code, name)
        note("code_name_conflict", code.filled, failed, code_column=code.name, name_column=name.name)
    for lower, upper, era in _hierarchies(sides):
        tested, failed = _misplaced(connection, relation, lower, upper, era)
        note("unit_hierarchy", tested, failed, lower=lower.name, upper=upper.name)
    _moments(connection, relation, sides, rows, note)
    if declared_rhythm:
        _declared_rhythm(connection, relation, sides, table, declared_rhythm, today or date.today(), done)
    else:
        _rhythm(connection, relation, sides, table, today or date.today(), done)
    done.dependencies = list(
        _dependencies(connection, some or f"(SELECT * FROM {sample} LIMIT 20000)", sides)
    )
    return done


def _ask(
    connection: Connection,
    relation: str,
    questions: Sequence[Question],
    at: Numbered | None,
    note: Callable[..., None],
) -> None:
    """Ask all questions of one row in one read, with the first rows that answer amiss where rows have places."""
    if not questions:
        return
    # Of each row it is settled once: 0 cannot be asked, 1 in order, 2 amiss.
    settled, counted = [], []
    for order, one in enumerate(questions):
        settled.append(
            f"CASE WHEN {one.asked} THEN CASE WHEN {one.broken} THEN 2 ELSE 1 END ELSE 0 END AS q{order}"
        )
        counted += [f"count(*) FILTER (q{order} > 0)", f"count(*) FILTER (q{order} = 2)"]
        counted.append("NULL" if at is None else first_places(f"q{order} = 2", replace(at, place="place")))
    if at is not None:
        settled.append(f"{at.place} AS place")
    if told := dict(one.told for one in questions if one.told is not None):
        # The hidden place of a row of a table must be named to be handed on.
        given = [f"{sql} AS {name}" for name, sql in told.items()] + ["rowid"] * (
            at is not None and at.place == "rowid"
        )
        relation = f"(SELECT *, {', '.join(given)} FROM {relation})"
    rows_of = f"(SELECT {', '.join(settled)} FROM {relation})"
    answers = iter(_one(connection, f"SELECT {', '.join(counted)} FROM {rows_of}"))
    for one in questions:
        tested, failed, rows = int(next(answers)), int(next(answers)), next(answers)
        note(one.rule, tested, failed, **one.facts, **({"rows": list(rows)} if rows else {}))


def _days_in_order(sides: Sequence[Side]) -> Iterator[Question]:
    days = [side for side in sides if side.subject.read_as in _DAYS and side.filled]
    for first, second in combinations(days, 2):
        for start, end in ((first, second), (second, first)):
            if any(found_in(start.said, starts) and found_in(end.said, ends) and not found_in(end.said, starts)
                   for starts, ends in _ORDERED_CUES):  # fmt: skip
                yield Question(
                    "end_before_start",
                    f"{end.sql} < {start.sql}",
                    f"{start.sql} IS NOT NULL AND {end.sql} IS NOT NULL",
                    {"start": start.name, "end": end.name},
                )
                break


def _identity(sides: Sequence[Side]) -> Iterator[Question]:
    numbers = [
        side
        for side in sides
        if side.subject.semantic.name == "citizen_number" and "cấu trúc" not in side.subject.semantic.reason
    ]
    if len(numbers) != 1:
        return
    number = f"CAST({numbers[0].sql} AS VARCHAR)"
    # Sex and century, then the year, in three digits: a third of the cost of taking each of them apart.
    born = '"_digits_4_to_6"'
    if _all_of_form(numbers[0].profile):
        kept = f"({number} < '1' AND {born} < 400)"
    else:
        number = f"lpad({number}, 12, '0')"
        kept = f"regexp_full_match({number}, '0[0-9]{{2}}[0-3][0-9]{{8}}')"
    told = born, f"TRY_CAST({number} AS BIGINT) // 1000000 % 1000"
    years = ", ".join(str(1900 + 100 * (digits // 200) + digits % 100) for digits in range(400))
    year = f"list_extract([{years}], {born} + 1)"
    for side in sides:
        if found_in(side.said, _BIRTHS) is None or not side.filled:
            continue
        if side.subject.read_as in _DAYS:
            of_birth = f"date_part('year', {side.sql})"
        elif side.subject.semantic.name == "year":
            of_birth = f"TRY_CAST({side.sql} AS INTEGER)"
        else:
            continue
        yield Question("birth_against_identity", f"{of_birth} <> {year}", f"{kept} AND {side.sql} IS NOT NULL",
                       {"other": side.name}, told)  # fmt: skip
    for side in sides:
        if side.subject.semantic.name == "sex" and side.subject.read_as == "text":
            word = f"strip_accents(lower(trim({side.sql})))"
            odd = f"{born} // 100 % 2"
            yield Question(
                "birth_against_identity",
                f"({word} IN ('nam', 'male', 'm') AND {odd} = 1) OR ({word} IN ('nu', 'female', 'f') AND {odd} = 0)",
                f"{kept} AND {side.sql} IS NOT NULL",
                {"other": side.name},
                told,
            )


def _all_of_form(profile: ColumnProfile) -> bool:
    """Whether every citizen number was found to be twelve digits, so that none needs to be looked at once more."""
    form = [check for check in profile.checks if check.code == "identifier_form"]
    return bool(form) and not form[0].failed and profile.min_length == 12 and profile.max_length == 12


def _totals(connection: Connection, sample: str, sides: Sequence[Side]) -> Iterator[Question]:
    """A total named so, and the run of columns beside it whose sum it is in most rows."""
    numbers = [side for side in sides if side.subject.read_as in _NUMBERS and side.filled]
    places = {side.name: place for place, side in enumerate(sides)}
    for total in numbers:
        if found_in(total.said, _TOTALS) is None or len(numbers) < 3:
            continue
        at = numbers.index(total)
        tried: list[Sequence[Side]] = []
        for length in range(2, 9):
            for run in (numbers[at + 1 : at + 1 + length], numbers[max(0, at - length) : at]):
                if len(run) == length and places[run[-1].name] - places[run[0].name] == length - 1:
                    tried.append(run)
        if not tried:
            continue
        shares = _one(
            connection,
            "SELECT " + ", ".join(
                f"avg(CAST({_differs(total, run)} AS INTEGER)) FILTER ({_all_filled(total, run)})" for run in tried
            ) + f" FROM {sample}",
        )  # fmt: skip
        best = min(
            ((float(share), -len(run), place) for place, (share, run) in enumerate(zip(shares, tried, strict=True)) if share is not None),
            default=None,
        )  # fmt: skip
        if best is not None and best[0] <= 0.2:
            summed = tried[best[2]]
            parts = ", ".join(side.name for side in summed)
            yield Question(
                "total_not_sum",
                _differs(total, summed),
                _all_filled(total, summed),
                {"total": total.name, "parts": parts},
            )


def _differs(total: Side, run: Sequence[Side]) -> str:
    added = " + ".join(side.sql for side in run)
    exact = all(side.subject.read_as == "integer" for side in (total, *run))
    # Published figures are rounded one by one.
    allowed = "0" if exact else f"(0.06 * {len(run)} + 1e-6 * abs({total.sql}))"
    return f"abs({total.sql} - ({added})) > {allowed}"


def _all_filled(total: Side, run: Sequence[Side]) -> str:
    return " AND ".join(f"{side.sql} IS NOT NULL" for side in (total, *run))


def _coded(sides: Sequence[Side]) -> Iterator[tuple[Side, Side]]:
    """Pairs of a code and its name: `ma_xa` and `ten_xa`, `unit_code` and `unit_name`."""
    names = {}
    for side in sides:
        words = side.subject.column.name and spoken(side.name).split()
        if words and ("ten" in words or "name" in words):
            names[" ".join(word for word in words if word not in ("ten", "name"))] = side
    for side in sides:
        words = spoken(side.name).split()
        if not words or not ({"ma", "code", "id", "so"} & set(words)):
            continue
        about = " ".join(word for word in words if word not in ("ma", "code", "id", "so"))
        name = names.get(about)
        if name is None or not about or name is side or not side.filled:
            continue
        if side.subject.semantic.name in ("citizen_number", "phone") or name.subject.read_as != "text":
            continue
        if 1 < side.profile.distinct <= _MANY and side.profile.distinct < side.filled:
            yield side, name


def _conflicts(connection: Connection, relation: str, code: Side, name: Side) -> int:
    pairs = (
        f"SELECT {code.sql} AS c, {name.sql} AS m, count(*) AS n FROM {relation} "
        f"WHERE {code.sql} IS NOT NULL AND {name.sql} IS NOT NULL GROUP BY ALL"
    )
    per_code = f"SELECT sum(n) AS n, max(n) AS most FROM ({pairs}) GROUP BY c HAVING count(*) > 1"
    found = int(_one(connection, f"SELECT coalesce(sum(n - most), 0) FROM ({per_code})")[0])
    # Where names vary for most codes they are no names of the code.
    return found if found <= 0.3 * code.filled else 0


def _hierarchies(sides: Sequence[Side]) -> Iterator[tuple[Side, Side, str]]:
    coded: dict[tuple[str, str], list[Side]] = {}
    for side in sides:
        if side.subject.semantic.name == "administrative_code" and side.subject.semantic.detail:
            level, _, era = side.subject.semantic.detail.partition(" ")
            coded.setdefault((level, era), []).append(side)
    for era in ("before_2025", "since_2025"):
        chain = ("district", "first") if era == "before_2025" else ("first",)
        for lower in ("commune", "district"):
            uppers = [level for level in chain if level != lower]
            for side in coded.get((lower, era), [])[:1]:
                for level in uppers[:1]:
                    eras = (era,) if level == "district" else (era, "since_2025", "before_2025")
                    upper = next((coded[level, one][0] for one in eras if coded.get((level, one))), None)
                    if upper is not None:
                        yield side, upper, f"{lower} {level} {era}"


def _misplaced(
    connection: Connection, relation: str, lower: Side, upper: Side, about: str
) -> tuple[int, int]:
    low_level, high_level, era = about.split()
    lists = {(units.level, units.era): units for units in unit_lists()}
    above = lists[low_level, era].above  # type: ignore[index]
    widths = {"first": 2, "district": 3, "commune": 5}
    pairs = connection.execute(
        f"SELECT lpad(CAST({lower.sql} AS VARCHAR), {widths[low_level]}, '0'), "
        f"lpad(CAST({upper.sql} AS VARCHAR), {widths[high_level]}, '0'), count(*) FROM {relation} "
        f"WHERE {lower.sql} IS NOT NULL AND {upper.sql} IS NOT NULL GROUP BY ALL LIMIT {4 * _MANY}"
    ).fetchall()
    tested = failed = 0
    for low, high, count in pairs:
        parent = above.get(low)
        if parent is None:
            continue
        tested += count
        failed += count if parent != high else 0
    return tested, failed


def _moments(
    connection: Connection, relation: str, sides: Sequence[Side], rows: int, note: Callable[..., None]
) -> None:
    """Rows that repeat a moment, in a series of measurements at regular moments, per station where there are several."""
    if rows < 24:
        return
    moments = [side for side in sides if side.subject.read_as == "timestamp" and side.filled > 0.5 * rows]
    hours = [
        side for side in sides if side.subject.read_as in ("integer", "time") and found_in(side.said, _HOURS)
    ]
    days = [side for side in sides if side.subject.read_as == "date" and side.filled > 0.5 * rows]
    numbers = [side for side in sides if side.subject.read_as in _NUMBERS]
    series: list[tuple[Side, ...]] = []
    if len(moments) == 1 and _is_regular(connection, relation, moments[0]):
        series.append((moments[0],))
    elif not moments and len(days) == 1 and len(hours) == 1 and len(numbers) > 1:
        series.append((days[0], hours[0]))
    elif not moments and len(days) == 1 and numbers and any(found_in(side.said, _STATIONS) for side in sides):
        series.append((days[0],))
    for moment in series:
        stations = [
            side for side in sides
            if side.subject.read_as in ("text", "integer") and 1 < side.profile.distinct <= rows / 4 and side not in moment
            and (side.subject.read_as == "text" or found_in(side.said, (*_STATIONS, "id", "ma", "code")))
        ][:4]  # fmt: skip
        keys = [
            moment,
            *((*moment, station) for station in stations),
            *((*moment, *two) for two in combinations(stations, 2)),
        ]
        select = ", ".join(f"count(DISTINCT hash({', '.join(side.sql for side in key)}))" for key in keys)
        (filled, *counts) = _one(
            connection,
            f"SELECT count(*), {select} FROM {relation} WHERE {' AND '.join(f'{one.sql} IS NOT NULL' for one in moment)}",
        )
        key, distinct = keys[0], counts[0]
        for candidate, count in zip(keys, counts, strict=True):
            # A further column is part of the key only when it parts many more rows than it would by chance.
            if filled - count < 0.5 * (filled - distinct) and filled - distinct > 0.1 * filled:
                key, distinct = candidate, count
        if filled - distinct <= 0.2 * filled:
            others = [side.name for side in key if side not in moment]
            per = (
                ("của cùng " + ", ".join(others), "of the same " + ", ".join(others)) if others else ("", "")
            )
            note("duplicate_moment", filled, filled - distinct, per_vi=per[0], per_en=per[1],
                 columns=", ".join(side.name for side in key))  # fmt: skip


def _is_regular(connection: Connection, relation: str, moment: Side) -> bool:
    minutes, seconds = _one(
        connection,
        f"SELECT count(DISTINCT date_part('minute', {moment.sql})), max(date_part('second', {moment.sql})) FROM {relation}",
    )
    return (minutes or 0) <= 12 and not seconds


def _declared_rhythm(
    connection: Connection,
    relation: str,
    sides: Sequence[Side],
    table: str,
    rhythm: int,
    today: date,
    done: Compared,
) -> None:
    """Whether the newest day is as new as was declared: what a cycle brings is there when the next one ends.

    Days whose name tells of updates count; without such, the newest of all days that are not of birth or to come.
    """
    days = [
        side for side in sides
        if side.subject.read_as in _DAYS and side.filled and not found_in(side.said, _BIRTHS)
    ]  # fmt: skip
    asked = [side for side in days if found_in(side.said, _UPDATED)] or days
    found: list[tuple[date, str]] = []
    for side in asked:
        day = f"CAST({side.sql} AS DATE)"
        (newest,) = _one(connection, f"SELECT max({day}) FROM {relation} WHERE {day} <= DATE '{today}'")
        if newest is not None:
            found.append((newest, side.name))
    if not found:
        return
    newest, column = max(found)
    age = (today - newest).days
    check = Checked("outdated", 1, 1 if age > 2 * rhythm else 0)
    done.checks.append(check)
    if check.failed:
        facts = {"newest": newest.isoformat(), "days": age, "rhythm": rhythm}
        done.findings.append(finding(check, Place(table, column), facts))


def _rhythm(
    connection: Connection, relation: str, sides: Sequence[Side], table: str, today: date, done: Compared
) -> None:
    """Whether the newest day is as new as the days before let expect."""
    for side in sides:
        if (
            side.subject.read_as not in _DAYS
            or found_in(side.said, _BIRTHS)
            or not found_in(side.said, _UPDATED)
        ):
            continue
        if side.profile.distinct < 8:
            continue
        day = f"CAST({side.sql} AS DATE)"
        newest, gap, days = _one(
            connection,
            f"SELECT max(d), quantile_disc(d - p, 0.9), count(*) FROM (SELECT d, lag(d) OVER (ORDER BY d) AS p FROM "
            f"(SELECT DISTINCT {day} AS d FROM {relation} WHERE {day} <= DATE '{today}' "
            f"ORDER BY d DESC LIMIT 60)) WHERE p IS NOT NULL",
        )
        if newest is None or gap is None or days < 6:
            continue
        age = (today - newest).days
        late = age > 3 * gap + 30
        check = Checked("outdated", 1, 1 if late else 0)
        done.checks.append(check)
        if late:
            facts = {"newest": newest.isoformat(), "days": age, "rhythm": int(gap)}
            done.findings.append(finding(check, Place(table, side.name), facts))
        return


def _dependencies(connection: Connection, some: str, sides: Sequence[Side]) -> Iterator[tuple[str, str]]:
    """Pairs of which the first determines the second, among columns of few values."""
    few = [
        side for side in sides
        if 2 <= side.profile.distinct <= 5_000 and side.profile.distinct * 3 <= side.filled
        and side.subject.read_as in ("text", "integer") and side.filled == side.profile.rows
    ][:6]  # fmt: skip
    if len(few) < 2:
        return
    pairs = list(combinations(few, 2))
    singles = ", ".join(f"count(DISTINCT {side.sql})" for side in few)
    both = ", ".join(f"count(DISTINCT hash({one.sql}, {two.sql}))" for one, two in pairs)
    found = _one(connection, f"SELECT {singles}, {both} FROM {some}")
    alone = dict(zip((side.name for side in few), found, strict=False))
    for (one, two), count in zip(pairs, found[len(few) :], strict=True):
        for first, second in ((one, two), (two, one)):
            if count == alone[first.name] and alone[first.name] >= 3 and alone[second.name] > 1:
                yield first.name, second.name


def _one(connection: Connection, sql: str) -> Sequence[Any]:
    row: Sequence[Any] = connection.execute(sql).fetchall()[0]
    return row
