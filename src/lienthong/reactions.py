"""When this has happened, do that: the one table of what follows from what.

Each reaction is a short function that gives a fact to a command of the app concerned; the command is idempotent by event.
"""

from __future__ import annotations

from lienthong.foundation.events.delivery import Reaction
from lienthong.foundation.events.facts import Fact

REACTIONS: dict[type[Fact], tuple[Reaction, ...]] = {}
