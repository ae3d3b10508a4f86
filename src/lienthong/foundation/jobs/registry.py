"""Which function a job's name stands for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps

from .errors import JobUnknown

if TYPE_CHECKING:
    from .context import JobContext

F = TypeVar("F", bound="Callable[[JobContext], dict[str, Any] | None]")


def job(function: F) -> F:
    """Mark a function of an app's `jobs.py` as a job; it is started by the name `<app>.<function>`.

    It is given a `JobContext` and returns what is worth keeping as the job's result, a dict of plain values.
    It may be begun again at its checkpoint, so each of its effects is a command that may run twice, or stands
    in `finish_once`.
    """
    function.is_job = True  # type: ignore[attr-defined]
    return function


def find_job(name: str) -> Callable[[JobContext], dict[str, Any] | None]:
    """The function that `inventory.look` stands for: `look` in the `jobs.py` of the installed app
    `inventory`.
    """
    label, _, function_name = name.partition(".")
    try:
        home = apps.get_app_config(label).name
    except LookupError:
        home = f"lienthong.{label}"
    try:
        found = getattr(import_module(f"{home}.jobs"), function_name, None)
    except ModuleNotFoundError as error:
        if not f"{home}.jobs".startswith(error.name or " "):
            raise
        found = None
    if not getattr(found, "is_job", False):
        raise JobUnknown(name=name)
    return found  # type: ignore[return-value]
