"""Steps of a record, over django-fsm-2: the states live on the model, the step is taken here.

A transition carries in `custom=` its label in both languages and, where the law asks, its provision and the key of its term:
`@transition(field=state, source="draft", target="issued", custom={"vi": "Ban hành", "en": "Issue", "provision": "..."})`.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.signals import class_prepared
from django.utils import translation
from django_fsm import FSMFieldMixin, TransitionNotAllowed, can_proceed

from .accounts.actor import Actor
from .errors import StepNotAllowed
from .events.commands import publish
from .events.facts import Fact
from .holds.queries import require_no_hold

Record = TypeVar("Record", bound=models.Model)
HISTORIC = "__fake__"
"""The module of the models that migrations make of earlier states."""


def spare_historic_models() -> None:
    """Keep fields of earlier states from waiting for further models: they have no steps.

    Each would be called for every model made after it; with the states of a hundred migrations that doubles
    the time in which tables are brought up to date.
    """
    contribute = FSMFieldMixin.contribute_to_class

    def contribute_to_class(field: Any, model: type[models.Model], name: str, **options: Any) -> None:
        contribute(field, model, name, **options)
        if model.__module__ == HISTORIC:
            class_prepared.disconnect(field._collect_transitions)

    FSMFieldMixin.contribute_to_class = contribute_to_class


def take_step(
    *, actor: Actor, record: Record, step: str, fact: Fact, reason: str = "", **arguments: Any
) -> Record:
    """Take one step of a record's life: refuse while a hold is open, move, save, write the event; all or nothing.

    `step` is the name of the transition method; a hold placed for that name blocks it.
    """
    with transaction.atomic():
        locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
        move = getattr(locked, step)
        if not can_proceed(move):
            raise refused(locked, step)
        require_no_hold(locked, step)
        try:
            move(**arguments)
        except TransitionNotAllowed:
            raise refused(locked, step) from None
        locked.save()
        publish(actor=actor, fact=fact, reason=reason)
    record.refresh_from_db()
    return locked


def refused(record: models.Model, step: str) -> StepNotAllowed:
    """The refusal of a step, in the words of the record's own states and steps."""
    label = step_label(record, step)
    shown = getattr(record, "get_state_display", lambda: getattr(record, "state", ""))
    with translation.override("vi"):
        state = str(shown())
    with translation.override("en"):
        state_en = str(shown())
    return StepNotAllowed(step=label["vi"], step_en=label["en"], state=state, state_en=state_en)


def step_label(record: models.Model | type[models.Model], step: str) -> dict[str, str]:
    """The step's name in both languages, from the transition's `custom`."""
    method = getattr(type(record) if isinstance(record, models.Model) else record, step)
    for found in method._django_fsm.transitions.values():
        if "vi" in found.custom:
            return {"vi": found.custom["vi"], "en": found.custom["en"]}
    return {"vi": step.replace("_", " "), "en": step.replace("_", " ")}
