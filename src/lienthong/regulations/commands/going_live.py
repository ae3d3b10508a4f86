"""Asking to put a database into operation."""

from __future__ import annotations

from django.db import transaction

from lienthong.agencies.commands import finish_work
from lienthong.authority.commands import require_search
from lienthong.catalogue.access import require_owner
from lienthong.catalogue.commands import put_into_operation
from lienthong.catalogue.errors import SecretLeavesWorkflow
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries

from ..errors import GateNotPassed
from ..events import GatePassed, GoLiveRefused
from ..models import GateRun
from ..queries import GateResult, evaluate_gate


@carries("REG-04")
def request_go_live(*, actor: Actor, database: Database) -> GateRun:
    """Ask to put a database into operation: the gate is evaluated, its finding kept, and the database goes
    live or not.

    A refusal is kept as well: `GateNotPassed` names the first failure with what to do, `lines` holds all.
    Publishes `GatePassed` (and the catalogue's `DatabaseWentLive`), or `GoLiveRefused`.
    """
    require_owner(actor, database, "đề nghị đưa vào khai thác", "ask to go live")
    if database.is_secret:
        raise SecretLeavesWorkflow()
    with transaction.atomic():
        # What must be cleared is opened as a hold when the step is asked for.
        require_search(actor=actor, database=database)
        result = evaluate_gate(actor=actor, database=database)
        run = GateRun.objects.create(
            database=database,
            asked_by_id=actor.user_id,
            asked_at=result.evaluated_at,
            passed=result.passed,
            rule_set=result.rule_set,
            lines=result.as_json(),
        )
        if result.passed:
            publish(
                actor=actor,
                fact=GatePassed(database_id=database.pk, gate_run_id=run.pk, total=len(result.lines)),
            )
            put_into_operation(actor=actor, database=database)
            finish_work(actor=actor, subject=database, act="renew_regulation")
        else:
            publish(actor=actor, fact=_refused(database, run, result))
    if not result.passed:
        # Raised outside: the refusal itself stays on record.
        raise _not_passed(result)
    database.refresh_from_db()
    return run


def _refused(database: Database, run: GateRun, result: GateResult) -> GoLiveRefused:
    return GoLiveRefused(
        database_id=database.pk,
        gate_run_id=run.pk,
        failed=len(result.failed),
        total=len(result.lines),
        requirements=tuple(line.requirement for line in result.failed),
    )


def _not_passed(result: GateResult) -> GateNotPassed:
    first = result.failed[0] if result.failed else None
    return GateNotPassed(
        failed=len(result.failed),
        total=len(result.lines),
        first=f"{first.text_vi}: {first.found_vi}." if first else "",
        first_en=f"{first.text_en}: {first.found_en}." if first else "",
        hint=first.hint_vi if first else "",
        hint_en=first.hint_en if first else "",
        lines=result.failed,
    )
