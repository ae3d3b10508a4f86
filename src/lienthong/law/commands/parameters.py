"""Change a parameter of the law."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries

from ..access import require_change
from ..counting import move, term_of
from ..errors import ProvisionMissing, ReasonMissing, ValueDoesNotFit
from ..events import ParameterChanged
from ..models import Clock, Mark, Parameter, UnitChoice
from ..queries import calendar, provision, running_clocks, why_missing
from ..rules import WITHOUT_VALUE, Unit, typed_value

PIN, MIGRATE = "pin", "migrate"


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
        require_change(actor, row)
        if not reason.strip():
            raise ReasonMissing
        unit_after = Unit(unit) if unit in UnitChoice.values else Unit(row.unit)
        value_after = _fitting(value, unit_after)
        mark_after = mark if mark in Mark.values else Mark.AGENCY
        cited = provision(provision_ref) if provision_ref else None
        if mark_after != Mark.AGENCY and cited is None:
            raise ProvisionMissing
        before = (row.value, row.unit)
        row.value, row.unit, row.mark = value_after, unit_after.value, mark_after
        row.provision = cited
        row.also_cites = []
        row.edited_at, row.edited_because = timezone.now(), reason.strip()
        row._change_reason = reason.strip()[:100]
        row.save()
        touched = touched_by(row)
        if running_cases == MIGRATE:
            for clock in touched:
                _follow(actor, clock, row, reason)
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
                mark=mark_after,
                running_cases=running_cases,
                touched=len(touched),
            ),
            reason=reason.strip(),
        )
    return row


def touched_by(row: Parameter) -> list[Clock]:
    """The running terms that were started from this row: those which a change of it could move."""
    return list(running_clocks().filter(parameter=row))


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
        words = UnitChoice(unit.value).label
        raise ValueDoesNotFit(value=value, unit=words) from None
    return "" if unit in WITHOUT_VALUE else text


def _follow(actor: Actor, clock: Clock, row: Parameter, because: str) -> None:
    """Let a running term follow the new rule, counted from its own anchor."""
    term = term_of(row, clock.anchor_at, calendar())
    clock.value, clock.unit, clock.mark, clock.provision = row.value, row.unit, row.mark, row.provision
    move(actor, clock, term, because)
    clock.save(update_fields=["value", "unit", "mark", "provision"])
