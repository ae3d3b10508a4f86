"""Change a parameter of the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from simple_history.utils import update_change_reason

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries

from ..access import require_change
from ..counting import move, term_of
from ..errors import ParameterWithoutTerm, ProvisionMissing, ReasonMissing, ValueDoesNotFit
from ..events import ParameterChanged
from ..models import Clock, Mark, Parameter, Provision, UnitChoice
from ..queries import calendar, provision, running_clocks, why_missing
from ..rules import WITHOUT_VALUE, Unit, typed_value

PIN, MIGRATE = "pin", "migrate"


@dataclass(frozen=True)
class Proposal:
    """A change that may be made: the value as it will be stored."""

    value: str
    unit: str
    mark: str
    provision: Provision | None


@dataclass(frozen=True)
class Effect:
    """What migrating would do to one running term; `after` is None where the new value is no term."""

    clock: Clock
    before: datetime
    after: datetime | None


@carries("CFG-01")
def change_parameter(
    *,
    actor: Actor,
    key: str,
    rule_set: str,
    value: str,
    reason: str,
    unit: str | None = None,
    mark: str | None = None,
    provision_ref: str | None = None,
    database_code: str = "",
    valid_from: date | None = None,
    running_cases: str = PIN,
) -> Parameter:
    """Set another value for a parameter; running terms keep the old rule unless told to migrate.

    Without `mark` the value counts as a rule of the agency; any other mark needs the provision that was read.
    `valid_from` chooses between rows that are dated inside the set (the latest where it is left out). Raises
    ReasonMissing, ValueDoesNotFit, ProvisionMissing, ProvisionUnknown, StatutoryNumber, NotAllowed,
    ParameterNotInForce. Publishes ParameterChanged, and ClockMoved for each term that migrated.
    """
    with transaction.atomic():
        row = _row_to_change(key, rule_set, database_code, valid_from)
        proposal = weigh_change(
            actor=actor,
            row=row,
            value=value,
            reason=reason,
            unit=unit,
            mark=mark,
            provision_ref=provision_ref,
        )
        before = (row.value, row.unit)
        _write(row, proposal, reason.strip())
        touched = touched_by(row)
        if running_cases == MIGRATE:
            for clock in touched:
                _follow(actor, clock, row, reason.strip())
        publish(
            actor=actor,
            fact=ParameterChanged(
                parameter_id=row.pk,
                key=key,
                rule_set=rule_set,
                database_code=database_code,
                before=before[0],
                unit_before=before[1],
                after=row.value,
                unit_after=row.unit,
                mark=row.mark,
                running_cases=running_cases,
                touched=len(touched),
            ),
            reason=reason.strip(),
        )
    return row


def weigh_change(
    *,
    actor: Actor,
    row: Parameter,
    value: str,
    reason: str,
    unit: str | None = None,
    mark: str | None = None,
    provision_ref: str | None = None,
) -> Proposal:
    """Whether a parameter may be changed like this, without doing it; refuses as `change_parameter` does."""
    require_change(actor, row)
    if not reason.strip():
        raise ReasonMissing
    unit_after = Unit(unit) if unit in UnitChoice.values else Unit(row.unit)
    mark_after = str(mark) if mark in Mark.values else Mark.AGENCY.value
    value_after = _fitting(value, unit_after)
    cited = provision(provision_ref.strip()) if provision_ref and provision_ref.strip() else None
    if mark_after != Mark.AGENCY and cited is None:
        raise ProvisionMissing
    return Proposal(value_after, unit_after.value, mark_after, cited)


def effects_of(row: Parameter, proposal: Proposal) -> list[Effect]:
    """What a proposed change would do to each running term, if they were to follow it."""
    days = calendar()
    tried = Parameter(
        key=row.key,
        label_vi=row.label_vi,
        label_en=row.label_en,
        value=proposal.value,
        unit=proposal.unit,
        bound=row.bound,
        ahead=row.ahead,
    )
    found = []
    for clock in touched_by(row):
        try:
            after = term_of(tried, clock.anchor_at, days).due_at
        except ParameterWithoutTerm:
            after = None
        found.append(Effect(clock, clock.due_at, after))
    return found


def touched_by(row: Parameter) -> list[Clock]:
    """The running terms that were started from this row: those which a change of it could move."""
    return list(running_clocks().filter(parameter=row))


def _write(row: Parameter, proposal: Proposal, reason: str) -> None:
    row.value, row.unit, row.mark = proposal.value, proposal.unit, proposal.mark
    row.provision, row.also_cites = proposal.provision, []
    row.edited_at, row.edited_because = timezone.now(), reason
    row.save()
    update_change_reason(row, reason[:100])


def _row_to_change(key: str, rule_set: str, database_code: str, valid_from: date | None) -> Parameter:
    rows = Parameter.objects.select_for_update(of=("self",)).filter(
        key=key, rule_set__code=rule_set, database_code=database_code
    )
    if valid_from is not None:
        rows = rows.filter(valid_from=valid_from)
    row = rows.select_related("rule_set").order_by("valid_from").last()
    if row is not None:
        return row
    raise why_missing(key, valid_from or timezone.localdate(), rule_set)


def _fitting(value: str, unit: Unit) -> str:
    text = value.strip()
    try:
        typed_value(text, unit)
    except ValueError:
        raise ValueDoesNotFit(value=value, unit=UnitChoice(unit.value).label) from None
    return "" if unit in WITHOUT_VALUE else text


def _follow(actor: Actor, clock: Clock, row: Parameter, because: str) -> None:
    """Let a running term follow the new rule, counted from its own anchor."""
    term = term_of(row, clock.anchor_at, calendar())
    clock.value, clock.unit, clock.mark, clock.provision = row.value, row.unit, row.mark, row.provision
    clock.save(update_fields=["value", "unit", "mark", "provision"])
    move(actor, clock, term, because)
