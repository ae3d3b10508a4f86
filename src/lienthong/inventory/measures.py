"""What a data audit measures from the records: each measure says what it looked at, how much of it is as it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.agencies.queries import people_in_role
from lienthong.agencies.roles import Role
from lienthong.catalogue.models import Database, DataField, DatasetVersion, EntryState
from lienthong.catalogue.queries import fields_without_code_list
from lienthong.foundation.pagekit.figures import number_text
from lienthong.foundation.tracing import carries
from lienthong.law.queries import find_parameter

from .models import (
    Assessment,
    AssessmentState,
    InformationSystem,
    QualityIssue,
    Source,
    SourceState,
    Survey,
    SystemState,
    UpgradeItem,
)
from .models.upgrades import OVER
from .stocktaking import faults_of

GREEN = "dqi.threshold.green"


@dataclass(frozen=True)
class Measured:
    """What one measure found: how many of how many, said in both languages; by database where it is about databases."""

    count: float
    whole: float
    vi: str
    en: str
    rows: tuple[tuple[int, float, float], ...] = ()
    """Database, count, whole."""


@dataclass(frozen=True)
class Scope:
    """What is audited: databases, whose they are, which days."""

    agency: Agency
    databases: Sequence[Database]
    first: date
    last: date

    @cached_property
    def ids(self) -> list[int]:
        return [one.pk for one in self.databases]

    @cached_property
    def since(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @cached_property
    def until(self) -> datetime:
        """The end of the period, or now while it runs."""
        return min(timezone.make_aware(datetime.combine(self.last, time.max)), timezone.now())

    @cached_property
    def newest(self) -> dict[int, Survey]:
        """The newest look at each database up to the end of the period."""
        found: dict[int, Survey] = {}
        looks = Survey.objects.filter(database__in=self.ids, finished_at__lte=self.until)
        for look in looks.only("database_id", "finished_at", "scores").order_by("finished_at", "pk"):
            found[look.database_id] = look
        return found

    @cached_property
    def systems(self) -> list[InformationSystem]:
        """The systems in use that serve these databases, or that the agency and its units operate."""
        ours = Q(databases__in=self.ids) | Q(operator__path__startswith=self.agency.path)
        return list(InformationSystem.objects.filter(ours, state=SystemState.RUNNING).distinct())


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}"


def _of_databases(scope: Scope, good: set[int], what: str, what_en: str) -> Measured:
    """So many databases of the scope are as they should be."""
    count, whole = len(good & set(scope.ids)), len(scope.ids)
    return Measured(
        count,
        whole,
        f"{count}/{whole} CSDL {what}; xem ngày {_day(scope.until)}",
        f"{count} of {whole} databases {what_en}; looked at on {_day(scope.until)}",
        tuple((pk, float(pk in good), 1.0) for pk in scope.ids),
    )


def _nothing(scope: Scope, what: str, what_en: str) -> Measured:
    """There is nothing of the kind to measure, and so no level."""
    return Measured(
        0,
        0,
        f"Không có gì để đo ({what}); xem ngày {_day(scope.until)}",
        f"Nothing to measure ({what_en}); looked at on {_day(scope.until)}",
    )


def _of_things(scope: Scope, counts: Counter[int], wholes: Counter[int], what: str, what_en: str) -> Measured:
    """So many things in the databases of the scope are as they should be."""
    count, whole = sum(counts.values()), sum(wholes.values())
    if not whole:
        return _nothing(scope, what, what_en)
    said, said_of = number_text(count), number_text(whole)
    return Measured(
        count,
        whole,
        f"{said}/{said_of} {what}; xem ngày {_day(scope.until)}",
        f"{count:,} of {whole:,} {what_en}; looked at on {_day(scope.until)}",
        tuple((pk, float(counts[pk]), float(wholes[pk])) for pk in scope.ids if wholes[pk]),
    )


def data_officers(scope: Scope) -> Measured:
    """Databases whose managing unit has somebody in charge of the data."""
    units = {one.managing_unit_id: one.managing_unit for one in scope.databases}
    staffed = {pk for pk, unit in units.items() if people_in_role(unit, Role.DATABASE_OWNER)}
    good = {one.pk for one in scope.databases if one.managing_unit_id in staffed}
    return _of_databases(scope, good, "có người phụ trách dữ liệu", "have somebody in charge of the data")


def issued_catalogue(scope: Scope) -> Measured:
    """Databases that stand in an issued catalogue."""
    good = {one.pk for one in scope.databases if one.entry_state == EntryState.ISSUED}
    return _of_databases(scope, good, "có trong danh mục đã ban hành", "stand in an issued catalogue")


def _fields(scope: Scope, good: Q, what: str, what_en: str) -> Measured:
    rows = DataField.objects.filter(table__database__in=scope.ids, gone_since__isnull=True).values_list(
        "table__database"
    )
    found = rows.annotate(whole=Count("pk"), good=Count("pk", filter=good)).order_by()
    counts, wholes = Counter[int](), Counter[int]()
    for pk, whole, count in found:
        wholes[pk], counts[pk] = whole, count
    return _of_things(scope, counts, wholes, what, what_en)


def described_fields(scope: Scope) -> Measured:
    """Fields that their owner has confirmed."""
    return _fields(scope, Q(confirmed_at__isnull=False), "cột đã được xác nhận", "fields were confirmed")


def sharing_classes(scope: Scope) -> Measured:
    """Fields whose sharing class is decided."""
    return _fields(scope, ~Q(sharing_class=""), "cột đã phân loại", "fields were classed")


def yearly_assessment(scope: Scope) -> Measured:
    """Databases whose assessment of the year was concluded by the end of the period."""
    found = Assessment.objects.filter(
        database__in=scope.ids, year=scope.last.year, state=AssessmentState.CONCLUDED,
        concluded_at__lte=scope.until,
    )  # fmt: skip
    good = set(found.values_list("database_id", flat=True))
    return _of_databases(scope, good, "đã kết luận đánh giá trong năm", "were assessed this year")


@carries("GOVF-14", "GOVF-11")
def quality_score(scope: Scope) -> Measured:
    """The mean score of the newest looks; a database that was never looked at has no score."""
    totals = {
        pk: float(look.scores["total"])
        for pk, look in scope.newest.items()
        if look.scores.get("total") is not None
    }
    whole, seen = len(scope.ids), len(totals)
    mean = sum(totals.values()) / seen if seen else 0.0
    return Measured(
        sum(totals.values()) / 100,
        float(seen),
        f"Điểm trung bình {number_text(round(mean, 1))} của {seen}/{whole} CSDL đã khảo sát; xem ngày {_day(scope.until)}",
        f"Mean score {mean:.1f} of {seen} of {whole} databases looked at; seen on {_day(scope.until)}",
        tuple((pk, total / 100, 1.0) for pk, total in totals.items()),
    )


def green_databases(scope: Scope) -> Measured:
    """Databases whose score is at or above the green threshold of the day."""
    found = find_parameter(GREEN, on=scope.until)
    if found is None:
        return Measured(0, 0, "Chưa có ngưỡng trong kỳ này", "No threshold holds in this period")
    threshold = float(str(found.value))
    scored = {pk: look.scores.get("total") for pk, look in scope.newest.items()}
    good = {pk for pk, total in scored.items() if total is not None and total >= threshold}
    return _of_databases(scope, good, f"đạt từ {number_text(threshold)} điểm", f"score {threshold:g} or more")


@carries("GOVF-14", "D278-12")
def looked_at(scope: Scope) -> Measured:
    """Databases whose source was looked at in the period."""
    good = {pk for pk, look in scope.newest.items() if look.finished_at and look.finished_at >= scope.since}
    return _of_databases(scope, good, "được khảo sát trong kỳ", "were looked at in the period")


def warnings_in_term(scope: Scope) -> Measured:
    """Quality warnings that were open in the period, and kept their term."""
    found = QualityIssue.objects.filter(database__in=scope.ids, opened_at__lte=scope.until).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=scope.since)
    )
    counts, wholes = Counter[int](), Counter[int]()
    for issue in found.select_related("clock"):
        wholes[issue.database_id] += 1
        ended = issue.closed_at or issue.mended_at or scope.until
        counts[issue.database_id] += issue.clock is None or ended <= issue.clock.due_at
    return _of_things(scope, counts, wholes, "phiếu cảnh báo trong hạn", "warnings kept their term")


@carries("LTE-04")
def code_lists(scope: Scope) -> Measured:
    """Code columns that refer to a shared list, or say why none applies."""
    settled = DataField.objects.filter(table__database__in=scope.ids, gone_since__isnull=True).filter(
        Q(code_list__isnull=False) | ~Q(no_code_list="")
    )
    counts = Counter[int](settled.values_list("table__database", flat=True))
    wholes = counts.copy()
    for database in scope.databases:
        wholes[database.pk] += len(fields_without_code_list(database))
    return _of_things(scope, counts, wholes, "cột mã đã gắn danh mục", "code columns use a list")


def live_sources(scope: Scope) -> Measured:
    """Databases whose source was read at the last look."""
    found = Source.objects.filter(database__in=scope.ids, state=SourceState.REACHED)
    good = set(found.values_list("database_id", flat=True))
    return _of_databases(scope, good, "đọc được từ nguồn", "are read from their source")


def kept_versions(scope: Scope) -> Measured:
    """Databases of which a version is kept."""
    found = DatasetVersion.objects.filter(dataset__database__in=scope.ids)
    good = set(found.values_list("dataset__database_id", flat=True))
    return _of_databases(scope, good, "có phiên bản dữ liệu", "have a version kept")


def _of_systems(scope: Scope, good: Sequence[InformationSystem], what: str, what_en: str) -> Measured:
    count, whole = len(good), len(scope.systems)
    if not whole:
        return _nothing(scope, f"hệ thống {what}", f"systems {what_en}")
    return Measured(
        count,
        whole,
        f"{count}/{whole} hệ thống {what}; xem ngày {_day(scope.until)}",
        f"{count} of {whole} systems {what_en}; looked at on {_day(scope.until)}",
    )


def connectable_systems(scope: Scope) -> Measured:
    """Systems in use that pass the check of connection."""
    good = [one for one in scope.systems if not faults_of(one)]
    return _of_systems(scope, good, "kết nối được", "can be connected")


def safety_levels(scope: Scope) -> Measured:
    """Systems in use whose level of safety is on record."""
    good = [one for one in scope.systems if one.safety_level]
    return _of_systems(scope, good, "có cấp độ an toàn", "have a level of safety")


def upgrades_in_time(scope: Scope) -> Measured:
    """Upgrade items under way whose day has not passed."""
    found = UpgradeItem.objects.filter(database__in=scope.ids, planned_until__isnull=False)
    counts, wholes = Counter[int](), Counter[int]()
    for item in found.exclude(state__in=OVER):
        wholes[item.database_id] += 1  # type: ignore[index]
        counts[item.database_id] += item.planned_until >= timezone.localdate(scope.until)  # type: ignore[index,operator]
    return _of_things(scope, counts, wholes, "mục nâng cấp trong hạn", "upgrade items are in time")


MEASURES: dict[str, Callable[[Scope], Measured]] = {
    one.__name__: one
    for one in (
        data_officers, issued_catalogue, described_fields, sharing_classes, yearly_assessment, quality_score,
        green_databases, looked_at, warnings_in_term, code_lists, live_sources, kept_versions, connectable_systems,
        safety_levels, upgrades_in_time,
    )
}  # fmt: skip
"""What the product measures by itself; an indicator that is not among them is judged by the auditor."""


def seen_of(found: Measured) -> dict[str, Any]:
    """What is kept of a measure."""
    return {"vi": found.vi, "en": found.en, "rows": [list(row) for row in found.rows]}
