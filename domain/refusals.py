"""Every "no" to a command that cannot apply, in order of precedence: the first that holds is the one
returned.

A refusal is a value, not an exception, and leaves no event. A "no" that a court may ask about is an event
instead. `api/http/refusal_texts.py` gives each one a text and a status; a test proves that table total.
"""

from __future__ import annotations

import enum


class Refusal(enum.Enum):
    """A command that cannot apply, and why."""

    # what is named does not exist
    NETWORK_NOT_BORN = enum.auto()
    NETWORK_ALREADY_BORN = enum.auto()
    POLICY_NOT_ADOPTED = enum.auto()
    DISTRICT_UNKNOWN = enum.auto()
    MEMBER_UNKNOWN = enum.auto()
    SHELTER_UNKNOWN = enum.auto()
    LEVEL_UNKNOWN = enum.auto()
    UNIT_UNKNOWN = enum.auto()
    PLACE_UNKNOWN = enum.auto()
    OCCUPANCY_UNKNOWN = enum.auto()
    CASE_UNKNOWN = enum.auto()
    PLACEMENT_UNKNOWN = enum.auto()
    OFFER_UNKNOWN = enum.auto()
    ZONE_UNKNOWN = enum.auto()
    AGREEMENT_UNKNOWN = enum.auto()
    BRIDGE_UNKNOWN = enum.auto()
    NEIGHBOUR_UNKNOWN = enum.auto()
    NEIGHBOUR_NOT_ASKED = enum.auto()
    ALARM_UNKNOWN = enum.auto()
    ENTRY_UNKNOWN = enum.auto()
    REVIEW_UNKNOWN = enum.auto()
    LEGAL_HOLD_UNKNOWN = enum.auto()
    SHREDDING_UNKNOWN = enum.auto()
    INQUIRY_UNKNOWN = enum.auto()
    DESK_UNKNOWN = enum.auto()
    # what is asked contradicts itself
    CODE_MALFORMED = enum.auto()
    POLICY_MALFORMED = enum.auto()
    STAY_LIMIT_MALFORMED = enum.auto()
    DESK_MALFORMED = enum.auto()
    CODE_ALREADY_USED = enum.auto()
    VALUE_NOT_OF_DESK = enum.auto()
    VALUE_NOT_FOR_PURPOSE = enum.auto()
    ROTA_MALFORMED = enum.auto()
    HOUR_UNCOVERED = enum.auto()
    REFERENCE_MALFORMED = enum.auto()
    OUTCOME_NOT_FOR_ASKER = enum.auto()
    INQUIRY_ALREADY_RECEIVED = enum.auto()
    INQUIRY_ALREADY_DECIDED = enum.auto()
    ARCHIVE_AUTHORISATION_NEEDED = enum.auto()
    MUNICIPALITY_ALREADY_ASSIGNED = enum.auto()
    UNIT_WITHOUT_BEDS = enum.auto()
    PLACE_REPEATED = enum.auto()
    TOO_FEW_UNSUITABLE_ZONES = enum.auto()
    TERMS_MALFORMED = enum.auto()
    HOUSEHOLD_EMPTY = enum.auto()
    HOUSEHOLD_WITHOUT_HER = enum.auto()
    SPLIT_DOES_NOT_ADD_UP = enum.auto()
    CONTINUITY_ONLY_PLANNED = enum.auto()
    NOT_SAFE_WITH_PERPETRATOR = enum.auto()
    BRIDGE_OVER_BEFORE_CHECK = enum.auto()
    CODE_NOT_VALID_FOR_URGENCY = enum.auto()
    REASON_NEEDED = enum.auto()
    OCCURRED_IN_THE_FUTURE = enum.auto()
    NOT_IN_THE_FUTURE = enum.auto()
    TOO_FAR_AHEAD = enum.auto()
    OLDER_THAN_KNOWN = enum.auto()
    INVENTORY_ALREADY_TAKEN = enum.auto()
    # who asks, and whether it may be asked
    ACCESS_RESTRICTED = enum.auto()
    SAME_PERSON = enum.auto()
    CHANNEL_MAY_NOT_REQUEST = enum.auto()
    CASE_HAS_OPEN_PLACEMENT = enum.auto()
    # where the placement stands
    PLACEMENT_ENDED = enum.auto()
    ALREADY_ADMITTED = enum.auto()
    CONSENT_NOT_RECORDED = enum.auto()
    SEARCH_STOPPED_FOR_A_PERSON = enum.auto()
    HOLD_STANDS = enum.auto()
    NO_HOLD = enum.auto()
    HOLD_NOT_OVERDUE = enum.auto()
    CANDIDATE_NOT_HELD = enum.auto()
    OFFER_NOT_SENT = enum.auto()
    OFFER_ALREADY_REFUSED = enum.auto()
    OFFER_ALREADY_ACCEPTED = enum.auto()
    OFFER_NO_LONGER_HELD = enum.auto()
    HOUSE_HAS_NOT_ACCEPTED = enum.auto()
    WOMAN_HAS_NOT_ACCEPTED = enum.auto()
    NOT_ADMITTED = enum.auto()
    BRIDGE_ALREADY_ENDED = enum.auto()
    CANDIDATE_NOT_ELIGIBLE = enum.auto()
    NOT_AN_OVERRIDE = enum.auto()
    RULE_STANDS = enum.auto()
    # what must be preserved, and what is gone
    KEY_DESTROYED = enum.auto()
    LEGAL_HOLD_STANDS = enum.auto()
    SHREDDING_ALREADY_PROPOSED = enum.auto()
    SHREDDING_NOT_APPROVED = enum.auto()
    # where the desk stands
    DESK_CLOSED = enum.auto()
    DESK_ON_ROTA = enum.auto()
    VALUE_NOT_KEPT = enum.auto()
    NOT_TO_BE_CALLED = enum.auto()
    OPENED_TOO_OFTEN = enum.auto()
    HOUSE_NOT_ASKED = enum.auto()
    # where the house stands
    PLACE_CLAIMED = enum.auto()
