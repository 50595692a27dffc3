"""Who may do what, by role and by how they stand to the case: a table, and nothing else.

Read a line as: this action, by this role, with at least one of these relations. A role that a line does not
name may not, whatever its relation; with RESTRICTED nobody may anything. `deciding` reads it.
Source: `docs/decisions/0020-permissions.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.permissions.actions import Action
from domain.permissions.relations import Relation
from domain.permissions.roles import Role
from domain.vocabulary import Channel

Cell = frozenset[Relation]

ANY: Cell = frozenset(Relation) - {Relation.RESTRICTED}
"""What is not about one case or house, or what the role may do with any."""
_CARE: Cell = frozenset({Relation.ON_CALL, Relation.ENGAGED})
"""The coordination: every open placement, an ended one only where she or her body acted on it."""
_GLASS: Cell = frozenset({Relation.GLASS})
_OWN: Cell = frozenset({Relation.REQUESTED, Relation.REQUESTING_BODY})
_AWAITS: Cell = frozenset({Relation.AWAITING})
"""What is kept for her is no more theirs once their request has ended, whoever asks for her next."""
_HOUSE: Cell = frozenset({Relation.OWN_HOUSE})
_STANDS: Cell = frozenset({Relation.OFFERED, Relation.ACCEPTED, Relation.STAYED})
_ENTRUSTED: Cell = frozenset({Relation.ENTRUSTED})
"""A house that took her by its word alone learns nothing of the vault by it."""
_ANSWERS: Cell = _STANDS | {Relation.FORMERLY_OFFERED}
"""What really happened may be said, and a step may be repeated, also of an offer that has ended."""
_ESCORT: Cell = frozenset({Relation.ESCORTING})

_C, _H, _L = Role.COORDINATOR, Role.SHELTER_OPERATOR, Role.LEAD_BODY
_A, _D, _Y = Role.AUDITOR, Role.DATA_PROTECTION, Role.SYSTEM_ADMINISTRATOR
_S, _E, _P, _N = Role.SOCIAL_SERVICE, Role.EMERGENCY_ROOM, Role.POLICE, Role.NEIGHBOUR_DESK
_T, _R = Role.HEALTH_AGENCY, Role.REGION


def _requesters(cell: Cell) -> dict[Role, Cell]:
    return {_S: cell, _E: cell, _P: cell, _N: cell}


_REQUESTERS_OWN = _requesters(_OWN)
_REQUESTERS_ANY = _requesters(ANY)

MATRIX: Mapping[Action, Mapping[Role, Cell]] = MappingProxyType(
    {
        # Houses and units
        Action.REGISTER_HOUSE: {_L: ANY},
        Action.SEE_HOUSE: {_C: ANY, _L: ANY, _H: _HOUSE},
        Action.SEE_HOLDERS: {_C: ANY, _H: ANY},
        Action.UPDATE_HOUSE: {_C: ANY, _H: _HOUSE},
        Action.DECLARE_TERMS: {_H: _HOUSE},
        Action.CORRECT_AVAILABILITY: {_C: ANY},
        Action.KEEP_AGREEMENTS: {_L: ANY},
        Action.CHANGE_REGISTER_STATUS: {_L: ANY},
        Action.DRAW_ZONE: {_L: ANY},
        Action.SEE_BOARD: {_C: ANY},
        Action.SEE_BANDS: {_L: ANY, _H: ANY, _S: ANY},
        Action.SEE_TREND: {_T: ANY, _R: ANY},
        Action.SEE_AVAILABILITY: {**_REQUESTERS_ANY},
        # Asking for a place
        Action.REQUEST_PLACEMENT: {_C: ANY, **_REQUESTERS_ANY},
        Action.NAME_OTHERS: {_C: ANY},
        Action.ISSUE_CASE_CODES: {_C: ANY},
        Action.SEE_OWN_REQUEST: {**_REQUESTERS_OWN},
        Action.SEE_HANDOVER: {_S: _OWN, _E: _OWN, _N: _OWN, _P: _ESCORT},
        # One placement
        Action.SEE_QUEUE: {_C: ANY},
        Action.SEE_PLACEMENTS: {_C: _CARE | _GLASS, _L: _GLASS},
        Action.SEE_RANKING: {_C: _CARE | _GLASS, _L: _GLASS, _A: ANY, _D: ANY},
        Action.SEE_HISTORY: {_C: _CARE | _GLASS, _L: _GLASS, _A: ANY, _D: ANY},
        Action.SEE_AS_IT_WAS: {_A: ANY, _D: ANY},
        Action.SEE_REDERIVED: {_A: ANY, _D: ANY},
        Action.COORDINATE_PLACEMENT: {_C: _CARE},
        Action.CORRECT_ENTRY: {_C: _CARE},
        Action.ANSWER_BY_TELEPHONE: {_C: _CARE},
        Action.REFUSE_AS_OTHER: {_C: ANY},
        Action.ASK_WELFARE_CHECK: {_C: ANY},
        # A house and what it was offered
        Action.SEE_OFFER: {_H: _STANDS},
        Action.ANSWER_ON_SCREEN: {_H: _ANSWERS},
        Action.TALK: {_H: _ANSWERS, _C: _CARE},
        Action.RECORD_ARRIVAL: {_H: _ANSWERS, _C: _CARE},
        Action.RECORD_DIRECT_ADMISSION: {_H: _ANSWERS, _C: _CARE},
        Action.RECORD_UNASKED_ADMISSION: {_H: _HOUSE, _C: ANY},
        Action.FOLLOW_NEWS: {_C: ANY, _H: ANY, _L: ANY},
        # Values kept apart
        Action.KEEP_VALUES: {_C: _CARE, **_requesters(_AWAITS)},
        Action.OPEN_VALUES: {
            _C: _CARE | _GLASS,
            _H: _ENTRUSTED,
            _L: _GLASS,
            _S: _AWAITS,
            _E: _AWAITS,
            _P: _AWAITS | _ESCORT,
            _N: _AWAITS,
            _A: ANY,
            _D: ANY,
        },
        # Desks and rota
        Action.KEEP_CONTACTS: {_L: ANY, _H: _HOUSE},
        Action.OPEN_CONTACTS: {_C: ANY, _L: ANY},
        Action.ADOPT_ROTA: {_L: ANY},
        Action.SEE_ROTA: {_C: ANY, _L: ANY, _H: ANY, **_REQUESTERS_ANY},
        # Exceptions, and their review
        Action.RESTRICT_ACCESS: {_C: ANY, _L: ANY},
        Action.ENTRUST_ESCORT: {_C: _CARE},
        Action.OVERRIDE_RULE: {_C: _CARE},
        Action.BREAK_GLASS: {_C: ANY, _L: ANY},
        Action.REVIEW: {_L: ANY},
        # What is preserved, destroyed, answered
        Action.KEEP_LEGAL_HOLD: {_D: ANY},
        Action.SHRED: {_L: ANY},
        Action.EXPORT_LOG: {_L: ANY},
        Action.ORDER_DOSSIER: {_L: ANY},
        Action.SEE_DOSSIERS: {_L: ANY, _A: ANY, _D: ANY},
        Action.RECEIVE_INQUIRY: {_D: ANY, _L: ANY},
        Action.ANSWER_INQUIRY: {_D: ANY},
        # What is sealed
        Action.HAVE_RECEIPTS: {_C: ANY, _L: ANY, _A: ANY, _D: ANY},
        Action.SEE_EVIDENCE: {_L: ANY, _A: ANY, _D: ANY},
        # People and devices
        Action.KEEP_REGISTER: {_L: ANY, _Y: ANY},
        Action.NAME_OPERATOR: {_A: ANY, _D: ANY},
        Action.ENROL_DEVICE: {_H: ANY, _L: ANY},
        # Figures
        Action.SEE_UNMET_NEED: {_L: ANY},
        Action.SEE_STATISTICS: {_L: ANY, _R: ANY, _T: ANY, _A: ANY},
        Action.SEE_OWN_STATISTICS: {_H: _HOUSE},
    }
)

KNOWING = (
    Action.SEE_PLACEMENTS,
    Action.SEE_OFFER,
    Action.SEE_OWN_REQUEST,
    Action.SEE_HANDOVER,
    Action.SEE_HISTORY,
)
"""Whoever may do one of these knows that the placement is there: a no may then be told as a no."""

CHANNELS: Mapping[Role, frozenset[Channel]] = MappingProxyType(
    {
        _C: frozenset(Channel),
        _S: frozenset({Channel.SOCIAL_SERVICES, Channel.SOCIAL_EMERGENCY_SERVICE}),
        _E: frozenset({Channel.EMERGENCY_DEPT}),
        _P: frozenset({Channel.LAW_ENFORCEMENT}),
        _N: frozenset({Channel.OTHER_NETWORK}),
    }
)
"""Through which channels a role may ask for a place, of those that the network lists. The coordination writes
down what reaches it through any.
"""
