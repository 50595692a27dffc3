"""The coded reasons that people give: why a house says no, why a woman says no, why a hold ended.

The true code of a no can tell where a house is or what a woman lives through, so the log carries only the
group shown and whether the search stops and asks; the code itself is a value of the vault, bound to the event
by a commitment.
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


class PlacementOutcome(enum.StrEnum):
    """How a placement ends; every placement has exactly one."""

    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    DISCHARGED = "DISCHARGED"


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
