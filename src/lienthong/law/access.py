"""Who may change what is recorded of the law.

Reading is open to everybody: the law is public. Changing follows from where a number comes from:

- What no text sets (marked as a rule of the agency or not verified, or "no limit in law") is the agency's
  own to decide; its IT unit guides and follows up data sharing (Decree 47/2020 Art. 32.2), so the role
  `it_unit` may set it.
- A number that stands in a text is corrected only against that text, by the `administrator`, who keeps the
  reference data of the installation and has no right to any agency's data, or by the
  `coordinating_ministry`, which guides.
- Legal texts, their provisions and what they do to each other are entered and corrected by the same two.
- The working calendar is kept by the `administrator` or the `it_unit`: it records what the competent body
  announced.
"""

from __future__ import annotations

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed

from .errors import StatutoryNumber
from .models import Parameter

KEEPERS_OF_TEXTS = ("administrator", "coordinating_ministry")
KEEPERS_OF_SETTINGS = (*KEEPERS_OF_TEXTS, "it_unit")
KEEPERS_OF_THE_CALENDAR = ("administrator", "it_unit")


def may_change_parameters(actor: Actor) -> bool:
    """Whether the actor may change any parameter at all."""
    return actor.is_system or actor.has(*KEEPERS_OF_SETTINGS)


def may_change(actor: Actor, parameter: Parameter) -> bool:
    """Whether the actor may change this parameter."""
    if actor.is_system or actor.has(*KEEPERS_OF_TEXTS):
        return True
    return actor.has("it_unit") and parameter.left_to_the_agency


def require_change(actor: Actor, parameter: Parameter) -> None:
    """Refuse whoever may not change this parameter."""
    if may_change(actor, parameter):
        return
    if actor.has("it_unit"):
        raise StatutoryNumber(label=parameter.label_vi, label_en=parameter.label_en)
    raise NotAllowed(act="thay đổi tham số pháp luật", act_en="change a parameter of the law")


def may_keep_texts(actor: Actor) -> bool:
    """Whether the actor may enter and correct legal texts."""
    return actor.is_system or actor.has(*KEEPERS_OF_TEXTS)


def require_text_keeper(actor: Actor) -> None:
    """Refuse whoever may not enter or correct legal texts."""
    if not may_keep_texts(actor):
        raise NotAllowed(act="ghi nhận văn bản pháp luật", act_en="enter a legal text")


def may_keep_calendar(actor: Actor) -> bool:
    """Whether the actor may edit the working calendar."""
    return actor.is_system or actor.has(*KEEPERS_OF_THE_CALENDAR)


def require_calendar_keeper(actor: Actor) -> None:
    """Refuse whoever may not edit the working calendar."""
    if not may_keep_calendar(actor):
        raise NotAllowed(act="sửa lịch làm việc", act_en="edit the working calendar")
