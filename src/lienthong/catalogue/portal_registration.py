"""The yearly registration on the National Data Portal: what an agency has, what of it is open, what can be shared, what it needs.

Secret databases are in none of it, not even for their keepers: it is what goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotFound
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries

from .access import databases_visible_to, needs_visible_to
from .models import Database, DataField, DataNeed, NeedState, PortalState, ShareAbility, SharingClass
from .portal_errors import PortalDayRefused, PortalReasonMissing, PortalStepRefused, ShareNoteMissing

# Which state may follow which.
_STEPS: dict[str, frozenset[str]] = {
    PortalState.NOT_SENT: frozenset({PortalState.SENT}),
    PortalState.SENT: frozenset({PortalState.PUBLISHED, PortalState.REJECTED}),
    PortalState.REJECTED: frozenset({PortalState.SENT}),
    PortalState.PUBLISHED: frozenset({PortalState.SENT}),
}


@carries("PRT-01", "PRT-03")
def state_in(record: Database | DataNeed, year: int) -> PortalState:
    """Where a record stands for a year: each year is registered anew, what was published last year is not sent yet."""
    if record.portal_year != year or not record.portal_state:
        return PortalState.NOT_SENT
    return PortalState(record.portal_state)


@carries("PRT-03")
def require_portal_step(record: Database | DataNeed, state: str, year: int, day: date, note: str) -> None:
    """A step from one state to the next, on a day that has come; what was sent back says why."""
    before, after = state_in(record, year), PortalState(state)
    name = record.code if isinstance(record, Database) else record.number
    if after not in _STEPS[before]:
        (said, said_en), (wanted, wanted_en) = words_of(before), words_of(after)
        raise PortalStepRefused(
            name=name, before=said, before_en=said_en, after=wanted, after_en=wanted_en, year=str(year)
        )
    earliest = record.portal_on if record.portal_year == year else None
    if day > timezone.localdate() or (earliest is not None and day < earliest):
        raise PortalDayRefused(given=f"{day:%d/%m/%Y}", name=name)
    if state == PortalState.REJECTED and not note.strip():
        raise PortalReasonMissing()


def words_of(state: PortalState | NeedState) -> tuple[str, str]:
    """How a state is called in Vietnamese and in English."""
    said = []
    for locale in ("vi", "en"):
        with override(locale):
            said.append(str(state.label))
    return said[0], said[1]


@carries("PRT-01")
def require_share_note(share_ability: str, note: str) -> None:
    """What cannot be shared, or only after an upgrade, says why."""
    if share_ability in (ShareAbility.AFTER_UPGRADE, ShareAbility.CANNOT) and not note.strip():
        raise ShareNoteMissing()


@dataclass(frozen=True)
class RegisteredDatabase:
    """One database in the registration: how many items it has, how many are open, where it stands this year."""

    database: Database
    items: int
    open_items: int
    state: PortalState

    @property
    def key(self) -> str:
        """Its number, as the form that ticks rows writes it."""
        return str(self.database.pk)


@dataclass(frozen=True)
class RegisteredNeed:
    """One need in the registration, and where it stands this year."""

    need: DataNeed
    state: PortalState

    @property
    def key(self) -> str:
        """Its number, as the form that ticks rows writes it."""
        return str(self.need.pk)


@dataclass(frozen=True)
class Registration:
    """What an agency registers for a year."""

    agency: Agency
    year: int
    databases: list[RegisteredDatabase]
    needs: list[RegisteredNeed]
    counts: dict[str, int] = field(default_factory=dict)
    """How many records stand in each state."""

    @property
    def total(self) -> int:
        return len(self.databases) + len(self.needs)

    @property
    def without_ability(self) -> int:
        """Of how many databases nobody has said whether they can be shared."""
        return sum(not one.database.share_ability for one in self.databases)

    @property
    def open_ones(self) -> list[RegisteredDatabase]:
        return [one for one in self.databases if one.open_items]


@carries("PRT-01")
def registration_of(actor: Actor, agency: Agency, year: int) -> Registration:
    """The four parts of an agency's registration for a year: data, open data, ability to share, needs for others' data."""
    databases = [
        RegisteredDatabase(one, one.items, one.open_items, state_in(one, year))  # type: ignore[attr-defined]
        for one in _databases(actor, agency)
    ]
    needs = [RegisteredNeed(one, state_in(one, year)) for one in needs_of(actor, agency, year)]
    states = [one.state for one in databases] + [one.state for one in needs]
    return Registration(
        agency, year, databases, needs, {state.value: states.count(state) for state in PortalState}
    )


def _databases(actor: Actor, agency: Agency) -> QuerySet[Database]:
    live = Q(tables__fields__gone_since__isnull=True, tables__gone_since__isnull=True)
    return (
        databases_visible_to(actor)
        .filter(Q(owner__path__startswith=agency.path) | Q(managing_unit__path__startswith=agency.path))
        .filter(is_secret=False)
        .exclude(entry_state="ended")
        .select_related("owner", "managing_unit")
        .annotate(
            items=Count("tables__fields", filter=live),
            open_items=Count(
                "tables__fields", filter=live & Q(tables__fields__sharing_class=SharingClass.OPEN)
            ),
        )
        .order_by("sort_key", "pk")
    )


def needs_of(actor: Actor, agency: Agency, year: int) -> QuerySet[DataNeed]:
    """The needs that units of an agency registered for a year and that still stand."""
    return (
        needs_visible_to(actor)
        .filter(unit__path__startswith=agency.path, year=year)
        .exclude(state=NeedState.WITHDRAWN)
        .select_related("unit", "database")
    )


def need_for(actor: Actor, number: str) -> DataNeed:
    """The need of this number, or one refusal whether it is not there or may not be known of."""
    found = needs_visible_to(actor).select_related("unit", "database").filter(number=number).first()
    if found is None:
        raise NotFound(what=f"nhu cầu {number}", what_en=f"Need {number}")
    return found


def database_named(actor: Actor, code: str) -> Database:
    """The database of this code, of those whose file one may open and of those in an issued catalogue."""
    wanted = Database.objects.filter(code=code.strip().upper(), is_secret=False)
    issued = wanted.filter(entry_state="issued")
    found = issued.first() or databases_visible_to(actor).filter(pk__in=wanted.values("pk")).first()
    if found is None:
        raise NotFound(what=f"cơ sở dữ liệu {code[:60]}", what_en=f"Database {code[:60]}")
    return found


@carries("PRT-02")
def registration_sheets(found: Registration) -> list[Sheet]:
    """The package that is handed in on the portal: data, open data item by item, ability to share, needs; nothing secret."""
    head = (
        found.agency.name.upper(),
        _("Registration on the National Data Portal, %(year)s") % {"year": found.year},
    )
    return [
        Sheet(
            _("Data"),
            (
                SheetColumn(_("Code"), 16), SheetColumn(_("Name"), 44), SheetColumn(_("Class"), 18),
                SheetColumn(_("Managing unit"), 34), SheetColumn(_("Purpose"), 40), SheetColumn(_("Scope and content"), 44),
                SheetColumn(_("Data items"), 12, "number"), SheetColumn(_("On the National Data Portal"), 22),
            ),
            [
                (one.database.code, one.database.shown_name, one.database.get_tier_display(),
                 one.database.managing_unit.shown_name, one.database.purpose, one.database.scope, one.items,
                 str(one.state.label))
                for one in found.databases
            ],
            lines=head,
        ),
        Sheet(
            _("Open data"),
            (
                SheetColumn(_("Code"), 16), SheetColumn(_("Database"), 44), SheetColumn(_("Table"), 28),
                SheetColumn(_("Column"), 24), SheetColumn(_("Title"), 36), SheetColumn(_("Description"), 44),
            ),
            [
                (one.table.database.code, one.table.database.shown_name, one.table.title or one.table.name, one.name,
                 one.title, one.description)
                for one in _open_items(one.database for one in found.open_ones)
            ],
            lines=head,
        ),
        Sheet(
            _("Ability to share"),
            (
                SheetColumn(_("Code"), 16), SheetColumn(_("Database"), 44), SheetColumn(_("Ability to share"), 26),
                SheetColumn(_("How, or why not"), 50),
            ),
            [
                (one.database.code, one.database.shown_name,
                 one.database.get_share_ability_display() or _("Not said yet"), one.database.share_ability_note)
                for one in found.databases
            ],
            lines=head,
        ),
        Sheet(
            _("Needs for data of others"),
            (
                SheetColumn(_("Number"), 14), SheetColumn(_("Unit that needs the data"), 30), SheetColumn(_("Data needed"), 36),
                SheetColumn(_("Data items"), 40), SheetColumn(_("Agency that holds them"), 30),
                SheetColumn(_("Purpose of use"), 40), SheetColumn(_("Legal basis"), 34), SheetColumn(_("Frequency"), 18),
                SheetColumn(_("On the National Data Portal"), 22),
            ),
            [
                (one.need.number, one.need.unit.shown_name, one.need.title, one.need.items, one.need.holder_name,
                 one.need.purpose, one.need.basis, one.need.frequency, str(one.state.label))
                for one in found.needs
            ],
            lines=head,
        ),
    ]  # fmt: skip


def _open_items(databases: Iterable[Database]) -> QuerySet[DataField]:
    return (
        DataField.objects.filter(
            table__database__in=list(databases),
            sharing_class=SharingClass.OPEN,
            gone_since__isnull=True,
            table__gone_since__isnull=True,
        )
        .select_related("table__database")
        .order_by("table__database__sort_key", "table__name", "ordinal")
    )
