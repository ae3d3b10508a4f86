"""Load and change what is recorded of the law; start and stop terms; keep the working calendar."""

from .clocks import start_clock, stop_clock
from .days import remove_calendar_day, seed_holidays, set_calendar_day
from .instruments import amend_text, record_provision, record_relation, record_text
from .parameters import MIGRATE, PIN, change_parameter, effects_of, touched_by, weigh_change
from .texts import load_law

__all__ = [
    "MIGRATE",
    "PIN",
    "amend_text",
    "change_parameter",
    "effects_of",
    "load_law",
    "record_provision",
    "record_relation",
    "record_text",
    "remove_calendar_day",
    "seed_holidays",
    "set_calendar_day",
    "start_clock",
    "stop_clock",
    "touched_by",
    "weigh_change",
]
