"""What the governance of data says of a database: dues, classes, protection, copies, by the law of a day.

The decisions are pure functions on plain values; what asks the law or the records says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthong.foundation.pagekit.figures import day_text
from lienthong.foundation.tracing import carries
from lienthong.law.answers import ChecklistItem, ParameterValue, here
from lienthong.law.errors import NoRuleSetOn
from lienthong.law.models import Parameter
from lienthong.law.queries import checklist, find_parameter, rule_set_on, rule_sets

from .governing_errors import (
    CatalogueDayRefused,
    CriticalityDecisionMissing,
    DueBasisMissing,
    LogTooShort,
    NotOfThisList,
    SharingClassEnded,
    StorageProcedureMissing,
    UserGroupsMissing,
)
from .models import (
    FORMER_CLASSES,
    CataloguePart,
    CoreDomain,
    Criticality,
    Database,
    DataField,
    DataLayer,
    Dataset,
    DigitisedFrom,
    PersonalDataClass,
    RiskAssessment,
    ShareAbility,
    SharingClass,
    Tier,
)
from .portal_registration import require_share_note

CRITICAL = (Criticality.CORE, Criticality.IMPORTANT)
_CHOICES: dict[str, Any] = {
    "core_domain": CoreDomain,
    "catalogue_part": CataloguePart,
    "criticality": Criticality,
    "share_ability": ShareAbility,
}
_LISTS: dict[str, Any] = {"layers": DataLayer, "digitised_from": DigitisedFrom}


@carries("GOVF-01", "GOVF-02", "GOVF-03", "LDL-05")
def require_known(given: Mapping[str, Any]) -> dict[str, Any]:
    """Layers, domain, part and sources are of the lists that the architecture names; several are put in their order."""
    kept = dict(given)
    for name, choices in _CHOICES.items():
        if kept.get(name) and kept[name] not in choices.values:
            raise NotOfThisList(at=name, given=str(kept[name])[:60])
    for name, choices in _LISTS.items():
        if name in kept:
            chosen = list(kept[name] or [])
            unknown = [value for value in chosen if value not in choices.values]
            if unknown:
                raise NotOfThisList(at=name, given=str(unknown[0])[:60])
            kept[name] = [value for value in choices.values if value in chosen]
    return kept


@carries("D165-01")
def require_storage(
    months: int | None, *, permanent: bool, procedure: str, url: str, has_file: bool = False
) -> None:
    """Who sets for how long data are stored names the technical storage procedure, with the paper or a link to it."""
    if url.strip() and not url.strip().startswith(("https://", "http://")):
        raise NotOfThisList(at="storage_procedure_url", given=url[:60])
    if (months or permanent) and not (procedure.strip() and (url.strip() or has_file)):
        raise StorageProcedureMissing()


@carries("LDL-07")
def require_classing(criticality: str, decision: str, day: date | None, today: date) -> None:
    """A class of criticality is the owner's decision, with number and date."""
    if not criticality:
        return
    if not decision.strip() or day is None:
        raise CriticalityDecisionMissing()
    if day > today:
        raise CatalogueDayRefused(at="criticality_date", given=f"{day:%d/%m/%Y}")


@carries("D278-10")
def require_due_basis(connect_by: date | None, basis: str) -> None:
    """A day of connection that differs from the general one rests on a text."""
    if connect_by is not None and not basis.strip():
        raise DueBasisMissing()


@carries("D165-07")
def require_log_kept(months: int | None, least: int | None, *, critical: bool) -> None:
    """The processing log of core and important data is kept as long as the law says, or longer."""
    if critical and months is not None and least is not None and months < least:
        raise LogTooShort(given=str(months), least=str(least))


def least_log_months(on: date | None = None) -> int | None:
    """For how many months the processing log is kept at least, by the law of the day."""
    found = _parameter("processing_log.core_important", on)
    return int(found.value) if found is not None and isinstance(found.value, int) else None


def require_governed(database: Database, today: date) -> None:
    """What is said of the governance of a database agrees with itself and with the law of the day."""
    require_storage(
        database.storage_months,
        permanent=database.storage_permanent,
        procedure=database.storage_procedure,
        url=database.storage_procedure_url,
        has_file=database.storage_procedure_file_id is not None,
    )
    require_classing(database.criticality, database.criticality_decision, database.criticality_date, today)
    require_due_basis(database.connect_by, database.connect_by_basis)
    require_log_kept(database.log_months, least_log_months(today), critical=database.criticality in CRITICAL)
    require_share_note(database.share_ability, database.share_ability_note)
    for name in ("connected_on", "standardised_on"):
        day = getattr(database, name)
        if day is not None and day > today:
            raise CatalogueDayRefused(at=name, given=f"{day:%d/%m/%Y}")


# --- Sharing classes by the rule set of a day


def classes_on(day: date) -> list[ChecklistItem]:
    """The sharing classes that the law of a day knows, in its own words."""
    return checklist("sharing_class", day)


def class_choices() -> list[tuple[str, str]]:
    """Every class to choose from: those of today in today's words, then those that ended, with their last day."""
    today = timezone.localdate()
    found = {item.looks_at: item.text for item in classes_on(today)}
    for rule_set in reversed(list(rule_sets())):
        if rule_set.valid_to is None:
            continue
        for item in classes_on(rule_set.valid_from):
            found.setdefault(
                item.looks_at,
                _("%(word)s (until %(day)s)") % {"word": item.text, "day": day_text(rule_set.valid_to)},
            )
    return list(found.items())


@carries("LDL-01", "CAT-06")
def require_class_of_day(sharing_class: str, user_groups: str, day: date, today: date) -> None:
    """The class is one of the rule set that held on the day it was decided; a specific one names its users."""
    if day > today:
        raise CatalogueDayRefused(at="classed_on", given=f"{day:%d/%m/%Y}")
    known = [item.looks_at for item in classes_on(day)]
    if sharing_class not in known:
        raise SharingClassEnded(
            given=SharingClass(sharing_class).label
            if sharing_class in SharingClass.values
            else sharing_class,
            day=f"{day:%d/%m/%Y}",
        )
    if sharing_class == SharingClass.SPECIFIC and not user_groups.strip():
        raise UserGroupsMissing()


@dataclass(frozen=True)
class EndedClass:
    """A class whose basis has ended: what it is called by the law of its day, and since when that law is gone."""

    sharing_class: str
    word_vi: str
    word_en: str
    ended_on: date

    @property
    def word(self) -> str:
        return here(self.word_vi, self.word_en)


@carries("LDL-01")
def ended_class(sharing_class: str, classed_on: date | None, today: date) -> EndedClass | None:
    """The class of an item whose basis ended before today: it is never turned into another by itself.

    The word is that of the day of the decision; without one, of the last day on which the law knew the class.
    """
    if sharing_class not in FORMER_CLASSES:
        return None
    try:
        if sharing_class in {item.looks_at for item in classes_on(today)}:
            return None
        held = rule_set_on(classed_on) if classed_on else None
    except NoRuleSetOn:
        held = None
    last = held
    for candidate in rule_sets():
        day = candidate.valid_from
        if sharing_class in {item.looks_at for item in classes_on(day)}:
            last = candidate
    if last is None or last.valid_to is None:
        return None
    day = classed_on if held is not None and classed_on else last.valid_from
    words = {item.looks_at: (item.vi, item.en) for item in classes_on(day)}
    vi, en = words.get(sharing_class, (sharing_class, sharing_class))
    return EndedClass(sharing_class, vi, en, _day_after(last.valid_to))


def fields_with_ended_class(database: Database) -> QuerySet[DataField]:
    """The live columns whose sharing class rests on a law that has ended: the owner chooses anew."""
    return DataField.objects.filter(
        table__database=database, gone_since__isnull=True, sharing_class__in=FORMER_CLASSES
    ).select_related("table")


@carries("LDL-08")
def modules_on(day: date) -> list[ChecklistItem]:
    """On which article of the data law each part of the work rests on a day; nothing before that law."""
    try:
        return checklist("module", day)
    except NoRuleSetOn:
        return []


# --- The day of connection


@dataclass(frozen=True)
class ConnectionDue:
    """By when a database that must connect does, by which text, and how it stands."""

    due: date
    citation_vi: str
    citation_en: str
    mark: str
    is_own: bool
    """Whether a text sets this day for this one database."""
    done_on: date | None
    today: date

    @property
    def citation(self) -> str:
        return here(self.citation_vi, self.citation_en)

    @property
    def is_overdue(self) -> bool:
        return self.done_on is None and self.today > self.due

    @property
    def was_late(self) -> bool:
        return self.done_on is not None and self.done_on > self.due


@carries("D278-10")
def connection_due(database: Database, on: date | None = None) -> ConnectionDue | None:
    """By when a database of the mandatory list is connected; a day that one text sets for it goes before the general one."""
    today = on or timezone.localdate()
    if not database.is_mandatory:
        return None
    if database.connect_by is not None:
        basis = database.connect_by_basis
        return ConnectionDue(database.connect_by, basis, basis, "", True, database.connected_on, today)
    found = _parameter("mandatory.connect.all", today, database.named_in_law)
    return _due(found, database.connected_on, today)


@carries("D278-10")
def standardisation_due(database: Database, on: date | None = None) -> ConnectionDue | None:
    """By when a database of Appendix I is standardised."""
    today = on or timezone.localdate()
    if not (database.is_mandatory and database.is_appendix_one):
        return None
    found = _parameter("mandatory.appendix1.standardised", today, database.named_in_law)
    return _due(found, database.standardised_on, today)


def databases_named_in_law() -> list[tuple[str, str]]:
    """The databases for which a text sets limits of its own: name in the parameters, words for people."""
    rows = Parameter.objects.exclude(database_code="").order_by("database_code", "pk")
    names: dict[str, str] = {}
    for row in rows:
        names.setdefault(row.database_code, here(row.note_vi, row.note_en) or row.database_code)
    return list(names.items())


def _due(found: ParameterValue | None, done: date | None, today: date) -> ConnectionDue | None:
    if found is None or not isinstance(found.value, date):
        return None
    cited = found.provision
    return ConnectionDue(
        found.value,
        cited.citation_vi if cited else "",
        cited.citation_en if cited else "",
        found.mark,
        bool(found.database_code),
        done,
        today,
    )


# --- Criticality and protection


@carries("D165-06")
def protection_kind(criticality: str, *, personal: bool) -> str:
    """Which rules of protection govern: of core or important personal data the personal-data law, not Decree 165."""
    if criticality in CRITICAL:
        return "critical_personal" if personal else "critical"
    return "personal" if personal else ""


def gravest(classes: Iterable[str]) -> str:
    """The gravest of some classes of criticality; empty when none was classed."""
    order = [value for value in Criticality.values if value in set(classes)]
    return order[0] if order else ""


@dataclass(frozen=True)
class FineHint:
    """That not classing data is fined from a day on: shown from that day, with how far the rule was checked."""

    since: date
    citation: str
    mark: str


@carries("LDL-07")
def fine_hint(*, classed: bool, on: date | None = None) -> FineHint | None:
    """What is said beside data that nobody has classed, from the day on which fines apply."""
    today = on or timezone.localdate()
    found = None if classed else _parameter("sanction.from", today)
    if found is None or not isinstance(found.value, date) or today < found.value:
        return None
    return FineHint(found.value, found.citation, found.mark)


def is_dataset_classed(dataset: Dataset) -> bool:
    """Whether the data of a dataset are classed: its database as a whole, or each of its columns."""
    if dataset.database.criticality:
        return True
    live = dataset.table.fields.filter(gone_since__isnull=True)
    kept = live.filter(name__in=dataset.columns) if dataset.columns else live
    return kept.exists() and not kept.filter(criticality="").exists()


@dataclass(frozen=True)
class Governance:
    """What the page of a database says of its governance on a day."""

    layers: list[str]
    digitised_from: list[str]
    connection: ConnectionDue | None
    standardisation: ConnectionDue | None
    criticality: str
    """The gravest class of the database and its columns."""
    protection: ChecklistItem | None
    fine: FineHint | None
    risks: list[RiskAssessment]
    risk_missing_for: int | None
    """The year for which a risk assessment is due and none is recorded."""
    least_log: int | None
    copies: list[DataField]
    ended: list[DataField]
    trusted_for: list[Any]
    today: date

    @property
    def is_critical(self) -> bool:
        return self.criticality in CRITICAL

    @property
    def criticality_word(self) -> str:
        return str(Criticality(self.criticality).label) if self.criticality else ""

    @property
    def findings(self) -> int:
        """How many things wait for the owner."""
        dues = [due for due in (self.connection, self.standardisation) if due and due.is_overdue]
        return (
            len(dues) + bool(self.fine) + bool(self.risk_missing_for) + bool(self.copies) + bool(self.ended)
        )


def governance_of(database: Database, on: date | None = None) -> Governance:
    """What the records and the law of a day say of the governance of one database."""
    today = on or timezone.localdate()
    live = DataField.objects.filter(table__database=database, gone_since__isnull=True)
    said = list(
        live.order_by().values_list("criticality", "personal_data", "sharing_class", "master_item").distinct()
    )
    worst = gravest({database.criticality, *(one[0] for one in said if one[0])})
    personal = any(
        one != PersonalDataClass.NONE for one in (database.personal_data, *(one[1] for one in said))
    )
    kind = protection_kind(worst, personal=personal)
    risks = list(database.risk_assessments.all()[:10])
    return Governance(
        layers=[str(DataLayer(value).label) for value in database.layers if value in DataLayer.values],
        digitised_from=[
            str(DigitisedFrom(value).label)
            for value in database.digitised_from
            if value in DigitisedFrom.values
        ],
        connection=connection_due(database, today),
        standardisation=standardisation_due(database, today),
        criticality=worst,
        protection=_protection(kind, today),
        fine=None if database.is_secret else fine_hint(classed=bool(database.criticality), on=today),
        risks=risks,
        risk_missing_for=_risk_year(worst, [risk.assessed_on for risk in risks], today),
        least_log=least_log_months(today) if worst in CRITICAL else None,
        copies=copies_of_national(database) if any(one[3] for one in said) else [],
        ended=list(fields_with_ended_class(database)[:50])
        if any(one[2] in FORMER_CLASSES for one in said)
        else [],
        trusted_for=list(database.trusted_for.filter(left_on__isnull=True)),
        today=today,
    )


@carries("D165-07")
def _risk_year(criticality: str, assessed: Sequence[date], today: date) -> int | None:
    """The year in which core or important data were not assessed, where the law of the day asks for it every year."""
    if criticality not in CRITICAL or _parameter("risk_assessment.core_important", today) is None:
        return None
    return None if any(day.year == today.year for day in assessed) else today.year


@carries("GOVF-02")
def copies_of_national(database: Database) -> list[DataField]:
    """The columns that hold national master data whose trusted source is another database, with no reason given.

    Copies are not the default: such data are used through a connection, or the reason for a copy is written down.
    """
    if database.tier == Tier.NATIONAL or database.copy_reason.strip():
        return []
    held = DataField.objects.filter(
        table__database=database, gone_since__isnull=True, master_item__isnull=False
    ).filter(~Q(master_item__source=database))
    known = Q(master_item__source__isnull=False) | ~Q(master_item__source_name="")
    return list(held.filter(known).select_related("table", "master_item__source")[:50])


def _protection(kind: str, day: date) -> ChecklistItem | None:
    if not kind:
        return None
    try:
        lines = checklist("protection", day)
    except NoRuleSetOn:
        return None
    return next((line for line in lines if line.looks_at == kind), None)


def _parameter(key: str, on: date | None, database_code: str = "") -> ParameterValue | None:
    return find_parameter(key, on=on, database_code=database_code or None)


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
