"""A command given for real, and stopped at its first change: was the one who gave it let in?"""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, transaction

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError

from .table import Cells, Command
from .world import World

# What may be asked of the database before it is known whether the actor may act.
_ASKING = re.compile(r"\s*(SELECT|WITH|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA|EXPLAIN)\b", re.I)
# Not signed in, not allowed, nothing there that this actor may know of.
_REFUSED = {401, 403, 404}


class LetIn(BaseException):
    """The command went on to change something; no `except Exception` in it may hold this back."""


def _stop_at_a_change(execute: Any, sql: Any, parameters: Any, many: bool, context: Any) -> Any:
    if _ASKING.match(str(sql)):
        return execute(sql, parameters, many, context)
    raise LetIn


def is_let_in(command: Command, actor: Actor, arguments: dict[str, Any]) -> bool:
    """Whether this actor gets past the access rule of the command.

    Refused means refused before anything was changed: whatever the command writes, it is stopped there and counts as
    let in. So does any other fault, for whoever is not refused has got past the rule.
    """
    given = arguments | {"actor": actor} if command.takes_an_actor else arguments
    with connection.execute_wrapper(_stop_at_a_change):
        try:
            with transaction.atomic():
                command.give(**given)
        except DomainError as error:
            return error.status not in _REFUSED
        except LetIn:
            return True
        except Exception:
            return True
    return True


def let_in(command: Command, world: World) -> Cells:
    """Everybody who gets past the access rule of the command."""
    arguments = world.arguments(command)
    found = set()
    for who, actor in world.actors.items():
        if is_let_in(command, actor, arguments):
            found.add(who)
            arguments = world.arguments(command)
    return frozenset(found)
