"""The coded reasons and outcomes that the log carries. The true code of a no is not among them: see
`domain.withheld`.
"""

from __future__ import annotations

import enum


class RefusalGroup(enum.StrEnum):
    """What the requester is shown of a house's no."""

    NO_CAPACITY = "NO_CAPACITY"
    NOT_SUITABLE = "NOT_SUITABLE"
    NEEDS_SPECIALISED_UNIT = "NEEDS_SPECIALISED_UNIT"
    NOT_NOW = "NOT_NOW"
    SAFETY = "SAFETY"

    @property
    def stops(self) -> bool:
        """A refusal on safety grounds stops the search and asks a person."""
        return self is RefusalGroup.SAFETY


class DeclineGroup(enum.StrEnum):
    """What is shown of a woman's no. A no from her always stops the search and asks."""

    PLACE_NOT_RIGHT = "PLACE_NOT_RIGHT"
    NOT_NOW = "NOT_NOW"
    OTHER_SOLUTION = "OTHER_SOLUTION"
    NOT_SAID = "NOT_SAID"


class ReleaseCause(enum.StrEnum):
    """Why a hold ended before an admission."""

    REFUSED_BY_HOUSE = "REFUSED_BY_HOUSE"
    DECLINED_BY_WOMAN = "DECLINED_BY_WOMAN"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    RELEASED_BY_COORDINATOR = "RELEASED_BY_COORDINATOR"
    DISPLACED_BY_REALITY = "DISPLACED_BY_REALITY"
    EXPIRED_FOR_ANOTHER = "EXPIRED_FOR_ANOTHER"
    UNANSWERED = "UNANSWERED"
    ANOTHER_CHOSEN = "ANOTHER_CHOSEN"
    NOT_ARRIVED = "NOT_ARRIVED"
    NO_LONGER_FITS = "NO_LONGER_FITS"
    NOT_REALLY_FREE = "NOT_REALLY_FREE"
    ADMITTED_ELSEWHERE = "ADMITTED_ELSEWHERE"
    REQUEST_CLOSED = "REQUEST_CLOSED"


class PlacementOutcome(enum.StrEnum):
    """How a placement ends; every placement has exactly one."""

    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    DISCHARGED = "DISCHARGED"
    PLACED_BY_NEIGHBOUR = "PLACED_BY_NEIGHBOUR"
    OTHER_SOLUTION = "OTHER_SOLUTION"
    PERPETRATOR_REMOVED = "PERPETRATOR_REMOVED"
    UNREACHABLE = "UNREACHABLE"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


class DischargeOutcome(enum.StrEnum):
    """How a stay ended (classes of the Istat survey are derived from these)."""

    GOALS_REACHED = "GOALS_REACHED"
    INDEPENDENT_HOUSING = "INDEPENDENT_HOUSING"
    HOSTING_PERIOD_ENDED = "HOSTING_PERIOD_ENDED"
    RETURNED_TO_PERPETRATOR = "RETURNED_TO_PERPETRATOR"
    LEFT_PATH = "LEFT_PATH"
    LEFT_WITHOUT_NOTICE = "LEFT_WITHOUT_NOTICE"
    TRANSFER_HIGHER_LEVEL = "TRANSFER_HIGHER_LEVEL"
    TRANSFER_SEMI_INDEPENDENT = "TRANSFER_SEMI_INDEPENDENT"
    TRANSFER_OTHER_NETWORK = "TRANSFER_OTHER_NETWORK"
    TRANSFER_SPECIALISED = "TRANSFER_SPECIALISED"
    MOVED_TO_FAMILY = "MOVED_TO_FAMILY"
    RULE_BREACH = "RULE_BREACH"
    SECURITY_TRANSFER = "SECURITY_TRANSFER"
    PERPETRATOR_REMOVED_RETURN_HOME = "PERPETRATOR_REMOVED_RETURN_HOME"
    MEDICAL = "MEDICAL"
    DECEASED = "DECEASED"
    OTHER = "OTHER"


class Told(enum.StrEnum):
    """What the woman was told of the place before she said yes."""

    HOUSE_RULES = "HOUSE_RULES"
    SHARED_SPACES = "SHARED_SPACES"
    TELEPHONE_USE = "TELEPHONE_USE"
    LENGTH_OF_STAY = "LENGTH_OF_STAY"
    CHILDREN_AND_SCHOOL = "CHILDREN_AND_SCHOOL"
    LANGUAGE_AND_INTERPRETER = "LANGUAGE_AND_INTERPRETER"


class PauseReason(enum.StrEnum):
    """Why a house takes nobody for now."""

    STAFF = "STAFF"
    MAINTENANCE = "MAINTENANCE"
    HEALTH = "HEALTH"
    OTHER = "OTHER"


class LateReason(enum.StrEnum):
    """Why a yes that came after the hold had ended took nothing."""

    PLACES_TAKEN = "PLACES_TAKEN"
    SHELTER_NOT_ADMITTING = "SHELTER_NOT_ADMITTING"
    PLACEMENT_ENDED = "PLACEMENT_ENDED"
    ANOTHER_HOLD = "ANOTHER_HOLD"
    DECLINED_BY_WOMAN = "DECLINED_BY_WOMAN"
    SEARCH_STOPPED = "SEARCH_STOPPED"
    NOT_TO_ASK = "NOT_TO_ASK"
    OWED_TO_ANOTHER = "OWED_TO_ANOTHER"
    NO_LONGER_FITS = "NO_LONGER_FITS"


class UrgencyReason(enum.StrEnum):
    """Why a person raised or lowered an urgency."""

    RISK_HIGHER = "RISK_HIGHER"
    RISK_LOWER = "RISK_LOWER"
    SAFE_PLACE_LOST = "SAFE_PLACE_LOST"
    SAFE_PLACE_FOUND = "SAFE_PLACE_FOUND"
    PERPETRATOR_RELEASED = "PERPETRATOR_RELEASED"
    PERPETRATOR_REMOVED = "PERPETRATOR_REMOVED"
    HEALTH = "HEALTH"
    SET_WRONGLY = "SET_WRONGLY"


class RevisionReason(enum.StrEnum):
    """Why what a household needs was entered anew."""

    CHILD_JOINED = "CHILD_JOINED"
    CHILD_STAYS_ELSEWHERE = "CHILD_STAYS_ELSEWHERE"
    ADULT_JOINED = "ADULT_JOINED"
    AGE_CORRECTED = "AGE_CORRECTED"
    NEED_LEARNED = "NEED_LEARNED"
    ENTERED_WRONGLY = "ENTERED_WRONGLY"


class SplitDestination(enum.StrEnum):
    """Where the part of a household goes that, by the mother's own choice, does not come with her."""

    RELATIVES = "RELATIVES"
    FRIENDS = "FRIENDS"
    MINORS_FACILITY = "MINORS_FACILITY"
    OTHER_FACILITY = "OTHER_FACILITY"
    OTHER_PARENT = "OTHER_PARENT"


class ChoiceReason(enum.StrEnum):
    """Why a coordinator chose another candidate than the first."""

    HER_WISH = "HER_WISH"
    KNOWN_CONFLICT = "KNOWN_CONFLICT"
    DISTANCE_BY_VOICE = "DISTANCE_BY_VOICE"
    HOUSE_TELEPHONED = "HOUSE_TELEPHONED"
    SUPPORT_NEEDED = "SUPPORT_NEEDED"
    LANGUAGE = "LANGUAGE"
    CONTINUITY = "CONTINUITY"


class AskAgainReason(enum.StrEnum):
    """Why a unit that had said no, or that she had declined, may be asked again within the same request."""

    HOUSE_CHANGED_ITS_MIND = "HOUSE_CHANGED_ITS_MIND"
    SHE_CHANGED_HER_MIND = "SHE_CHANGED_HER_MIND"
    HOUSEHOLD_CHANGED = "HOUSEHOLD_CHANGED"
    REASON_GONE = "REASON_GONE"
    ANSWER_ENTERED_WRONGLY = "ANSWER_ENTERED_WRONGLY"


class BridgeKind(enum.StrEnum):
    """What carries a household to the place that is still sought."""

    EMERGENCY_DEPARTMENT_OBSERVATION = "EMERGENCY_DEPARTMENT_OBSERVATION"
    VETTED_HOTEL_WITH_ESCORT = "VETTED_HOTEL_WITH_ESCORT"
    POLICE_UNTIL_MORNING = "POLICE_UNTIL_MORNING"
    TRUSTED_PERSON = "TRUSTED_PERSON"
    NON_SPECIALISED_FACILITY = "NON_SPECIALISED_FACILITY"
    OTHER_NETWORK = "OTHER_NETWORK"


class CheckedBy(enum.StrEnum):
    """Who checks on a household in a bridge, by task."""

    CAV = "CAV"
    SOCIAL_SERVICES = "SOCIAL_SERVICES"
    SOCIAL_EMERGENCY_SERVICE = "SOCIAL_EMERGENCY_SERVICE"
    EMERGENCY_DEPARTMENT = "EMERGENCY_DEPARTMENT"
    LAW_ENFORCEMENT = "LAW_ENFORCEMENT"
    COORDINATION = "COORDINATION"


class BridgeEnd(enum.StrEnum):
    """Why a bridge is over."""

    PLACE_FOUND = "PLACE_FOUND"
    TIME_OVER = "TIME_OVER"
    NO_LONGER_POSSIBLE = "NO_LONGER_POSSIBLE"
    LEFT = "LEFT"
    REPLACED = "REPLACED"


class NeighbourAnswer(enum.StrEnum):
    """What a neighbouring network's desk said."""

    YES = "YES"
    NO = "NO"
    NO_ANSWER = "NO_ANSWER"


class AlarmKind(enum.StrEnum):
    """What a person is called for."""

    SAFE_UNTIL = "SAFE_UNTIL"
    BRIDGE_CHECK = "BRIDGE_CHECK"
    BRIDGE_ENDS = "BRIDGE_ENDS"
    LATE_ARRIVAL = "LATE_ARRIVAL"
    NO_PLACE_YET = "NO_PLACE_YET"
    HOUSES_SILENT = "HOUSES_SILENT"
    ALL_REFUSED = "ALL_REFUSED"
    PLACE_LOST = "PLACE_LOST"
    LATE_YES = "LATE_YES"
    NOT_SETTLED = "NOT_SETTLED"


class Escort(enum.StrEnum):
    """Who brings the household; where to is spoken, never written."""

    LAW_ENFORCEMENT = "LAW_ENFORCEMENT"
    CAV = "CAV"
    SOCIAL_SERVICES = "SOCIAL_SERVICES"
    HOUSE = "HOUSE"
    AMBULANCE = "AMBULANCE"
    ON_THEIR_OWN = "ON_THEIR_OWN"


class CorrectionReason(enum.StrEnum):
    """Why an entry of the record is declared wrong. The entry itself stays as it is."""

    WRONG_TIME = "WRONG_TIME"
    WRONG_VALUE = "WRONG_VALUE"
    WRONG_PLACEMENT = "WRONG_PLACEMENT"
    ENTERED_TWICE = "ENTERED_TWICE"
    DID_NOT_HAPPEN = "DID_NOT_HAPPEN"


class ToConfirm(enum.StrEnum):
    """What nobody knows yet of a place that would otherwise fit: the house is asked by voice."""

    AVAILABILITY_OLD = "AVAILABILITY_OLD"
    BOYS_AGE = "BOYS_AGE"
    INTERVIEW_FIRST = "INTERVIEW_FIRST"
    SELF_SUFFICIENT = "SELF_SUFFICIENT"
    CAV_IN_CHARGE = "CAV_IN_CHARGE"
    SOCIAL_SERVICE_AUTHORISATION = "SOCIAL_SERVICE_AUTHORISATION"
    FEE_COMMITTED = "FEE_COMMITTED"
    RESIDENCE_OR_AGREEMENT = "RESIDENCE_OR_AGREEMENT"
    DOCUMENTS_SEEN = "DOCUMENTS_SEEN"


class OverrideReason(enum.StrEnum):
    """Why somebody acted against a hard rule at night. A second person is told, and it is reviewed."""

    IMMEDIATE_DANGER = "IMMEDIATE_DANGER"
    HOUSE_AGREED_BY_VOICE = "HOUSE_AGREED_BY_VOICE"
    RULE_DATA_WRONG = "RULE_DATA_WRONG"
    SHE_ASKED_FOR_IT = "SHE_ASKED_FOR_IT"
    COURT_ORDER = "COURT_ORDER"


class GlassReason(enum.StrEnum):
    """Why somebody without a part in a case must see it now."""

    DANGER_TO_LIFE = "DANGER_TO_LIFE"
    COLLEAGUE_UNREACHABLE = "COLLEAGUE_UNREACHABLE"
    JUDICIAL_ORDER = "JUDICIAL_ORDER"
    SYSTEM_FAULT = "SYSTEM_FAULT"


class ReviewOutcome(enum.StrEnum):
    """What the person who looked at it afterwards found."""

    JUSTIFIED = "JUSTIFIED"
    NOT_JUSTIFIED = "NOT_JUSTIFIED"
    RULE_TO_CHANGE = "RULE_TO_CHANGE"


class LegalHoldAsker(enum.StrEnum):
    """Who asked that nothing of a case be destroyed."""

    WOMAN = "WOMAN"
    HER_LAWYER = "HER_LAWYER"
    PROSECUTOR = "PROSECUTOR"
    COURT = "COURT"
    COURT_OF_AUDITORS = "COURT_OF_AUDITORS"
    DATA_PROTECTION_AUTHORITY = "DATA_PROTECTION_AUTHORITY"


class DossierKind(enum.StrEnum):
    """Which copy of a case a court is given: what may be shown of it, or the annex that is kept back."""

    OSTENSIBLE = "OSTENSIBLE"
    RESERVED = "RESERVED"


class DeskKind(enum.StrEnum):
    """Whom a desk reaches; a ZONE's keeps what the zone means."""

    COORDINATION = "COORDINATION"
    HOUSE = "HOUSE"
    SERVICE = "SERVICE"
    NEIGHBOUR = "NEIGHBOUR"
    ZONE = "ZONE"


class InquiryAsker(enum.StrEnum):
    """Who asks what is known of a person."""

    HERSELF = "HERSELF"
    HER_LAWYER = "HER_LAWYER"
    CO_PARENT = "CO_PARENT"
    CO_PARENTS_LAWYER = "CO_PARENTS_LAWYER"
    AUTHORITY = "AUTHORITY"
    OTHER = "OTHER"


class InquiryOutcome(enum.StrEnum):
    """What was answered. NOTHING_TO_SAY is the same words whether or not anything is known."""

    GIVEN_TO_HER = "GIVEN_TO_HER"
    NOTHING_TO_SAY = "NOTHING_TO_SAY"
    SENT_TO_AUTHORITY = "SENT_TO_AUTHORITY"
    ASKER_NOT_IDENTIFIED = "ASKER_NOT_IDENTIFIED"
