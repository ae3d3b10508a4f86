"""What can be done with agencies, codes, posts, focal officers and work; one module per noun."""

from .agencies import (
    add_identifier_code,
    close_agency,
    correct_agency_contact,
    found_agency,
    merge_agency,
    rename_agency,
)
from .contact_lists import hand_in_commune_contacts, take_over_commune_contacts
from .cooperation import (
    answer_cooperation,
    ask_for_cooperation,
    ask_further,
    close_cooperation,
    withdraw_cooperation,
)
from .delegations import delegate_post, end_delegation
from .focal_officers import (
    appoint_focal_officer,
    confirm_focal_contact,
    end_focal_officer,
    nominate_focal_officer,
    publish_focal_officer,
    raise_focal_alarms,
    withdraw_focal_nomination,
)
from .governance import (
    begin_governance_setup,
    confirm_governance_bodies,
    put_governance_into_operation,
    record_governance_training,
    record_status_review,
    review_governance,
    send_governance_list,
    urge_governance_setup,
)
from .governance_mergers import hand_over_governance
from .governance_papers import record_data_door, record_governance_paper, sign_access_paper
from .governance_roles import (
    appoint_data_officer,
    assign_governance_body,
    end_governance_body,
    end_governance_role,
    name_commune_contact,
    name_steward,
    set_up_steering_committee,
)
from .layouts import place_layout, withdraw_layout
from .posts import assign_post, choose_post, end_post, make_administrator
from .questions import answer_question, ask_focal_officer
from .rosters import hand_in_roster, take_over_roster
from .schemes import correct_code_scheme, end_code_scheme, register_code_scheme
from .work import finish_work, follow_clock, forget_work, open_work

__all__ = [
    "add_identifier_code",
    "answer_cooperation",
    "answer_question",
    "appoint_data_officer",
    "appoint_focal_officer",
    "ask_focal_officer",
    "ask_for_cooperation",
    "ask_further",
    "assign_governance_body",
    "assign_post",
    "begin_governance_setup",
    "choose_post",
    "close_agency",
    "close_cooperation",
    "confirm_focal_contact",
    "confirm_governance_bodies",
    "correct_agency_contact",
    "correct_code_scheme",
    "delegate_post",
    "end_code_scheme",
    "end_delegation",
    "end_focal_officer",
    "end_governance_body",
    "end_governance_role",
    "end_post",
    "finish_work",
    "follow_clock",
    "forget_work",
    "found_agency",
    "hand_in_commune_contacts",
    "hand_in_roster",
    "hand_over_governance",
    "make_administrator",
    "merge_agency",
    "name_commune_contact",
    "name_steward",
    "nominate_focal_officer",
    "open_work",
    "place_layout",
    "publish_focal_officer",
    "put_governance_into_operation",
    "raise_focal_alarms",
    "record_data_door",
    "record_governance_paper",
    "record_governance_training",
    "record_status_review",
    "register_code_scheme",
    "rename_agency",
    "review_governance",
    "send_governance_list",
    "set_up_steering_committee",
    "sign_access_paper",
    "take_over_commune_contacts",
    "take_over_roster",
    "urge_governance_setup",
    "withdraw_cooperation",
    "withdraw_focal_nomination",
    "withdraw_layout",
]
