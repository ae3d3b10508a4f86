"""What can be done with agencies, codes, posts, focal officers and work; one module per noun."""

from .agencies import (
    add_identifier_code,
    close_agency,
    correct_agency_contact,
    found_agency,
    merge_agency,
    rename_agency,
)
from .cooperation import (
    answer_cooperation,
    ask_for_cooperation,
    ask_further,
    close_cooperation,
    withdraw_cooperation,
)
from .focal_officers import (
    appoint_focal_officer,
    confirm_focal_contact,
    end_focal_officer,
    nominate_focal_officer,
    publish_focal_officer,
    raise_focal_alarms,
    withdraw_focal_nomination,
)
from .layouts import place_layout, withdraw_layout
from .posts import assign_post, choose_post, end_post, make_administrator
from .questions import answer_question, ask_focal_officer
from .rosters import hand_in_roster, take_over_roster
from .work import finish_work, follow_clock, forget_work, open_work

__all__ = [
    "add_identifier_code",
    "answer_cooperation",
    "answer_question",
    "appoint_focal_officer",
    "ask_focal_officer",
    "ask_for_cooperation",
    "ask_further",
    "assign_post",
    "choose_post",
    "close_agency",
    "close_cooperation",
    "confirm_focal_contact",
    "correct_agency_contact",
    "end_focal_officer",
    "end_post",
    "finish_work",
    "follow_clock",
    "forget_work",
    "found_agency",
    "hand_in_roster",
    "make_administrator",
    "merge_agency",
    "nominate_focal_officer",
    "open_work",
    "place_layout",
    "publish_focal_officer",
    "raise_focal_alarms",
    "rename_agency",
    "take_over_roster",
    "withdraw_cooperation",
    "withdraw_focal_nomination",
    "withdraw_layout",
]
