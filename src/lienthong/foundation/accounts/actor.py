"""Who is acting: the one value that every command and every visible list is given."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which unit, in which roles, in which language and through which door.

    `user_id` and `unit_id` are opaque. `roles` are role codes; `origin` is one of web, api, gateway, cli, job, reaction,
    system. A visitor who did not sign in has neither user nor roles.

    Who acts on behalf of another names that person, and `acts`: how the names of the facts begin that may follow from what
    is done (None: no limit). Whatever else would follow is refused when its fact is published.
    """

    user_id: str | None = None
    unit_id: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    locale: str = "vi"
    origin: str = "system"
    on_behalf_of: str = ""
    acts: frozenset[str] | None = None

    def may_cause(self, fact: str) -> bool:
        """Whether a fact of this name may follow from what the actor does."""
        return self.acts is None or fact.startswith(tuple(self.acts))

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_visitor(self) -> bool:
        return self.user_id is None and not self.is_system

    @property
    def is_system(self) -> bool:
        """The product itself: set-up, demo content, ticks and reactions."""
        return self.origin in {"system", "reaction"} and self.user_id is None


VISITOR = Actor(origin="web")
SYSTEM = Actor(origin="system")
