"""The true codes of a no, which are never written to the log: they can tell where a house is, a health need
or a status.

The log carries the group each one is shown as; the code itself is a value of the vault, bound to the event by
a commitment. The doors take a code and pass its group on.
"""

from __future__ import annotations

import enum

from domain.codes import DeclineGroup, RefusalGroup
from domain.vocabulary import Urgency


class RefusalCode(enum.StrEnum):
    """Why a house says no: the truth, which only its own vault value tells. The log carries the group."""

    NO_CAPACITY = "NO_CAPACITY"
    HOUSEHOLD_TOO_LARGE = "HOUSEHOLD_TOO_LARGE"
    CHILD_AGE_SEX_RULE = "CHILD_AGE_SEX_RULE"
    ACCESSIBILITY = "ACCESSIBILITY"
    PROXIMITY_RISK = "PROXIMITY_RISK"
    SPECIALISED_NEED_MENTAL_HEALTH = "SPECIALISED_NEED_MENTAL_HEALTH"
    SPECIALISED_NEED_ADDICTION = "SPECIALISED_NEED_ADDICTION"
    SPECIALISED_NEED_MEDICAL = "SPECIALISED_NEED_MEDICAL"
    INCOMPATIBLE_WITH_GUESTS = "INCOMPATIBLE_WITH_GUESTS"
    NO_NIGHT_STAFF = "NO_NIGHT_STAFF"
    STAFF_ALONE_TONIGHT = "STAFF_ALONE_TONIGHT"
    NOT_TARGET = "NOT_TARGET"
    RESIDENCE_OR_AGREEMENT = "RESIDENCE_OR_AGREEMENT"
    DOCUMENTS_STATUS = "DOCUMENTS_STATUS"
    NO_SOCIAL_SERVICE_AUTHORISATION = "NO_SOCIAL_SERVICE_AUTHORISATION"
    FEE_NOT_COMMITTED = "FEE_NOT_COMMITTED"
    RISK_ABOVE_HOUSE = "RISK_ABOVE_HOUSE"
    NOT_SELF_SUFFICIENT = "NOT_SELF_SUFFICIENT"
    PET = "PET"
    LANGUAGE_MEDIATION = "LANGUAGE_MEDIATION"
    SECURITY_STANDBY = "SECURITY_STANDBY"
    OTHER = "OTHER"

    @property
    def shown(self) -> RefusalGroup:
        return _SHOWN_OF_REFUSAL[self]


_SHOWN_OF_REFUSAL = {
    RefusalCode.NO_CAPACITY: RefusalGroup.NO_CAPACITY,
    RefusalCode.HOUSEHOLD_TOO_LARGE: RefusalGroup.NOT_SUITABLE,
    RefusalCode.CHILD_AGE_SEX_RULE: RefusalGroup.NOT_SUITABLE,
    RefusalCode.ACCESSIBILITY: RefusalGroup.NOT_SUITABLE,
    RefusalCode.PROXIMITY_RISK: RefusalGroup.SAFETY,
    RefusalCode.SPECIALISED_NEED_MENTAL_HEALTH: RefusalGroup.NEEDS_SPECIALISED_UNIT,
    RefusalCode.SPECIALISED_NEED_ADDICTION: RefusalGroup.NEEDS_SPECIALISED_UNIT,
    RefusalCode.SPECIALISED_NEED_MEDICAL: RefusalGroup.NEEDS_SPECIALISED_UNIT,
    RefusalCode.INCOMPATIBLE_WITH_GUESTS: RefusalGroup.SAFETY,
    RefusalCode.NO_NIGHT_STAFF: RefusalGroup.NOT_NOW,
    RefusalCode.STAFF_ALONE_TONIGHT: RefusalGroup.NOT_NOW,
    RefusalCode.NOT_TARGET: RefusalGroup.NOT_SUITABLE,
    RefusalCode.RESIDENCE_OR_AGREEMENT: RefusalGroup.NOT_SUITABLE,
    RefusalCode.DOCUMENTS_STATUS: RefusalGroup.NOT_SUITABLE,
    RefusalCode.NO_SOCIAL_SERVICE_AUTHORISATION: RefusalGroup.NOT_NOW,
    RefusalCode.FEE_NOT_COMMITTED: RefusalGroup.NOT_NOW,
    RefusalCode.RISK_ABOVE_HOUSE: RefusalGroup.SAFETY,
    RefusalCode.NOT_SELF_SUFFICIENT: RefusalGroup.NEEDS_SPECIALISED_UNIT,
    RefusalCode.PET: RefusalGroup.NOT_SUITABLE,
    RefusalCode.LANGUAGE_MEDIATION: RefusalGroup.NOT_NOW,
    RefusalCode.SECURITY_STANDBY: RefusalGroup.NOT_NOW,
    RefusalCode.OTHER: RefusalGroup.NOT_SUITABLE,
}

_NOT_VALID = {
    RefusalCode.FEE_NOT_COMMITTED: frozenset({Urgency.U1, Urgency.U2}),
    RefusalCode.NO_SOCIAL_SERVICE_AUTHORISATION: frozenset({Urgency.U1}),
}


def valid_for(code: RefusalCode, urgency: Urgency) -> bool:
    """Whether a house may say no so: money and authorisations follow an emergency, they never stand before
    it.
    """
    return urgency not in _NOT_VALID.get(code, ())


class DeclineCode(enum.StrEnum):
    """Why she says no to a place, if she wants to say. The log carries the group; it never counts against
    her.
    """

    TOO_CLOSE = "TOO_CLOSE"
    TOO_FAR = "TOO_FAR"
    WORK_SCHOOL = "WORK_SCHOOL"
    CHILD_NOT_ADMITTED = "CHILD_NOT_ADMITTED"
    PET = "PET"
    SHARED_SPACE = "SHARED_SPACE"
    HOUSE_RULES = "HOUSE_RULES"
    FEAR_FOR_CHILDREN = "FEAR_FOR_CHILDREN"
    LANGUAGE = "LANGUAGE"
    NEEDS_TIME = "NEEDS_TIME"
    NOT_NOW = "NOT_NOW"
    FOUND_SAFE_PLACE = "FOUND_SAFE_PLACE"
    RETURNED_HOME = "RETURNED_HOME"
    UNREACHABLE = "UNREACHABLE"
    NOT_SAID = "NOT_SAID"

    @property
    def shown(self) -> DeclineGroup:
        return _SHOWN_OF_DECLINE[self]


_SHOWN_OF_DECLINE = {
    DeclineCode.TOO_CLOSE: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.TOO_FAR: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.WORK_SCHOOL: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.CHILD_NOT_ADMITTED: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.PET: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.SHARED_SPACE: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.HOUSE_RULES: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.FEAR_FOR_CHILDREN: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.LANGUAGE: DeclineGroup.PLACE_NOT_RIGHT,
    DeclineCode.NEEDS_TIME: DeclineGroup.NOT_NOW,
    DeclineCode.NOT_NOW: DeclineGroup.NOT_NOW,
    DeclineCode.FOUND_SAFE_PLACE: DeclineGroup.OTHER_SOLUTION,
    DeclineCode.RETURNED_HOME: DeclineGroup.OTHER_SOLUTION,
    DeclineCode.UNREACHABLE: DeclineGroup.NOT_SAID,
    DeclineCode.NOT_SAID: DeclineGroup.NOT_SAID,
}
