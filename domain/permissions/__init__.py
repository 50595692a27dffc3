"""Who may ask for what, by role (`may`) and, for a house's operator, by whose house it is (`bound_to`).

It denies by default. Relation to the case, state and network configuration join here. The caller turns a
denial into 403, or 404 where even existence may not be known.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from domain.vocabulary import MemberId, ShelterId


class Role(enum.StrEnum):
    """In which task somebody acts. ENGINE is the program's own loops and set-up. Those from SOCIAL_SERVICE to
    NEIGHBOUR_DESK ask for a place and see their own request; DATA_PROTECTION keeps what must be preserved and
    answers inquiries; a SYSTEM_ADMINISTRATOR sees no case.
    """

    COORDINATOR = "COORDINATOR"
    SHELTER_OPERATOR = "SHELTER_OPERATOR"
    LEAD_BODY = "LEAD_BODY"
    AUDITOR = "AUDITOR"
    ENGINE = "ENGINE"
    SOCIAL_SERVICE = "SOCIAL_SERVICE"
    EMERGENCY_ROOM = "EMERGENCY_ROOM"
    POLICE = "POLICE"
    NEIGHBOUR_DESK = "NEIGHBOUR_DESK"
    HEALTH_AGENCY = "HEALTH_AGENCY"
    REGION = "REGION"
    DATA_PROTECTION = "DATA_PROTECTION"
    SYSTEM_ADMINISTRATOR = "SYSTEM_ADMINISTRATOR"


class Action(enum.StrEnum):
    """What a door lets somebody ask for."""

    REGISTER_HOUSE = "REGISTER_HOUSE"
    SEE_HOUSE = "SEE_HOUSE"
    UPDATE_HOUSE = "UPDATE_HOUSE"
    SEE_BOARD = "SEE_BOARD"
    REQUEST_PLACEMENT = "REQUEST_PLACEMENT"
    SEE_PLACEMENTS = "SEE_PLACEMENTS"
    SEE_RANKING = "SEE_RANKING"
    SEE_HISTORY = "SEE_HISTORY"
    COORDINATE_PLACEMENT = "COORDINATE_PLACEMENT"
    ANSWER_ON_SCREEN = "ANSWER_ON_SCREEN"
    ANSWER_BY_TELEPHONE = "ANSWER_BY_TELEPHONE"
    SEE_OFFER = "SEE_OFFER"
    TALK = "TALK"
    RECORD_ARRIVAL = "RECORD_ARRIVAL"
    SEE_UNMET_NEED = "SEE_UNMET_NEED"
    REFUSE_AS_OTHER = "REFUSE_AS_OTHER"
    RECORD_DIRECT_ADMISSION = "RECORD_DIRECT_ADMISSION"
    CORRECT_ENTRY = "CORRECT_ENTRY"
    DECLARE_TERMS = "DECLARE_TERMS"
    CORRECT_AVAILABILITY = "CORRECT_AVAILABILITY"
    KEEP_AGREEMENTS = "KEEP_AGREEMENTS"
    CHANGE_REGISTER_STATUS = "CHANGE_REGISTER_STATUS"
    DRAW_ZONE = "DRAW_ZONE"
    KEEP_VALUES = "KEEP_VALUES"
    OPEN_VALUES = "OPEN_VALUES"
    KEEP_CONTACTS = "KEEP_CONTACTS"
    OPEN_CONTACTS = "OPEN_CONTACTS"
    ADOPT_ROTA = "ADOPT_ROTA"
    SEE_ROTA = "SEE_ROTA"
    RESTRICT_ACCESS = "RESTRICT_ACCESS"
    ENTRUST_ESCORT = "ENTRUST_ESCORT"
    OVERRIDE_RULE = "OVERRIDE_RULE"
    BREAK_GLASS = "BREAK_GLASS"
    REVIEW = "REVIEW"
    KEEP_LEGAL_HOLD = "KEEP_LEGAL_HOLD"
    SHRED = "SHRED"
    RECEIVE_INQUIRY = "RECEIVE_INQUIRY"
    ANSWER_INQUIRY = "ANSWER_INQUIRY"
    KEEP_REGISTER = "KEEP_REGISTER"
    NAME_OPERATOR = "NAME_OPERATOR"
    ENROL_DEVICE = "ENROL_DEVICE"
    SEE_STATISTICS = "SEE_STATISTICS"


_COORDINATION = frozenset({Role.COORDINATOR})
_HOUSE = frozenset({Role.SHELTER_OPERATOR})
_LEAD = frozenset({Role.LEAD_BODY})
_AUDIT = frozenset({Role.AUDITOR})
_REQUESTERS = frozenset({Role.SOCIAL_SERVICE, Role.EMERGENCY_ROOM, Role.POLICE, Role.NEIGHBOUR_DESK})
_PRIVACY = frozenset({Role.DATA_PROTECTION})
_ADMINISTRATION = frozenset({Role.SYSTEM_ADMINISTRATOR})

_ALLOWED: dict[Action, frozenset[Role]] = {
    Action.REGISTER_HOUSE: _LEAD,
    Action.SEE_HOUSE: _HOUSE | _COORDINATION | _LEAD,
    Action.UPDATE_HOUSE: _HOUSE | _COORDINATION,
    Action.SEE_BOARD: _COORDINATION | _LEAD,
    Action.REQUEST_PLACEMENT: _COORDINATION,
    Action.SEE_PLACEMENTS: _COORDINATION,
    Action.SEE_RANKING: _COORDINATION | _AUDIT,
    Action.SEE_HISTORY: _COORDINATION | _AUDIT,
    Action.COORDINATE_PLACEMENT: _COORDINATION,
    Action.ANSWER_ON_SCREEN: _HOUSE,
    Action.ANSWER_BY_TELEPHONE: _COORDINATION,
    Action.SEE_OFFER: _HOUSE | _COORDINATION,
    Action.TALK: _HOUSE | _COORDINATION,
    Action.RECORD_ARRIVAL: _HOUSE | _COORDINATION,
    Action.SEE_UNMET_NEED: _LEAD,
    Action.REFUSE_AS_OTHER: _COORDINATION,
    Action.RECORD_DIRECT_ADMISSION: _HOUSE | _COORDINATION,
    Action.CORRECT_ENTRY: _COORDINATION,
    Action.DECLARE_TERMS: _HOUSE,
    Action.CORRECT_AVAILABILITY: _COORDINATION,
    Action.KEEP_AGREEMENTS: _LEAD,
    Action.CHANGE_REGISTER_STATUS: _LEAD,
    Action.DRAW_ZONE: _LEAD,
    Action.KEEP_VALUES: _COORDINATION | _REQUESTERS,
    Action.OPEN_VALUES: _COORDINATION | _REQUESTERS | _HOUSE | _LEAD | _AUDIT,
    Action.KEEP_CONTACTS: _LEAD | _HOUSE,
    Action.OPEN_CONTACTS: _COORDINATION | _LEAD,
    Action.ADOPT_ROTA: _LEAD,
    Action.SEE_ROTA: _COORDINATION | _LEAD | _HOUSE | _REQUESTERS,
    Action.RESTRICT_ACCESS: _COORDINATION | _LEAD,
    Action.ENTRUST_ESCORT: _COORDINATION,
    Action.OVERRIDE_RULE: _COORDINATION,
    Action.BREAK_GLASS: _COORDINATION | _LEAD,
    Action.REVIEW: _LEAD,
    Action.KEEP_LEGAL_HOLD: _PRIVACY,
    Action.SHRED: _LEAD,
    Action.RECEIVE_INQUIRY: _PRIVACY | _LEAD,
    Action.ANSWER_INQUIRY: _PRIVACY,
    Action.KEEP_REGISTER: _LEAD | _ADMINISTRATION,
    Action.NAME_OPERATOR: _AUDIT | _PRIVACY,
    Action.ENROL_DEVICE: _HOUSE | _LEAD,
    Action.SEE_STATISTICS: _LEAD | frozenset({Role.REGION, Role.HEALTH_AGENCY, Role.AUDITOR}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """Who asks: the role they act in, the member body they act for and, for a house's operator, their
    houses.
    """

    role: Role
    houses: frozenset[ShelterId] = frozenset()
    member: MemberId | None = None

    @property
    def bound_to(self) -> frozenset[ShelterId] | None:
        """The houses an operator acts for, and no other; None for everybody else."""
        return self.houses if self.role is Role.SHELTER_OPERATOR else None


def may(role: Role, *actions: Action) -> bool:
    """Whether somebody in this role may ask for at least one of these."""
    return any(role in _ALLOWED[action] for action in actions)
