"""Which values kept for her somebody may open, and for what: a table by role, relation and purpose.

`OPEN_VALUES` in `matrix` says who may ask at all; this says for which of them. No by default, and nobody is
shown more than the purpose needs (`domain.case.keeping`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from domain.case.keeping import CODES, OF_CASE, OPENED_FOR
from domain.kept import OpeningPurpose, ValueKind
from domain.permissions.relations import Relation
from domain.permissions.roles import Role

_P = OpeningPurpose
_OF_HOUSE = OF_CASE - {ValueKind.NOTES}
_CARE = frozenset({Relation.ON_CALL, Relation.ENGAGED, Relation.GLASS})
_AWAITS = frozenset({Relation.AWAITING})
_TO_MEET_HER = (_P.CALL_HER, _P.AGREE_HANDOVER, _P.PREPARE_ARRIVAL)

_Line = tuple[frozenset[Relation], tuple[OpeningPurpose, ...], frozenset[ValueKind]]
_REQUESTER: _Line = (_AWAITS, (_P.CALL_HER, _P.AGREE_HANDOVER), OF_CASE)
_ESCORT: _Line = (
    frozenset({Relation.ESCORTING}),
    (_P.AGREE_HANDOVER,),
    frozenset({ValueKind.HANDOVER_POINT}),
)
_EVERYBODY = frozenset(Relation) - {Relation.RESTRICTED}

OPENS: Mapping[Role, tuple[_Line, ...]] = MappingProxyType(
    {
        Role.COORDINATOR: ((_CARE, _TO_MEET_HER, OF_CASE),),
        Role.SHELTER_OPERATOR: ((frozenset({Relation.ENTRUSTED}), _TO_MEET_HER, _OF_HOUSE),),
        Role.LEAD_BODY: (
            (frozenset({Relation.GLASS}), (*_TO_MEET_HER, _P.REVIEW, _P.UNDERSTAND_NO), OF_CASE | CODES),
        ),
        Role.SOCIAL_SERVICE: (_REQUESTER,),
        Role.EMERGENCY_ROOM: (_REQUESTER,),
        Role.NEIGHBOUR_DESK: (_REQUESTER,),
        Role.POLICE: (_REQUESTER, _ESCORT),
        Role.DATA_PROTECTION: ((_EVERYBODY, (_P.ANSWER_INQUIRY,), OF_CASE),),
        Role.AUDITOR: ((_EVERYBODY, (_P.JUDICIAL_ORDER,), OF_CASE | CODES),),
    }
)


def opens(role: Role, relations: frozenset[Relation], purpose: OpeningPurpose) -> frozenset[ValueKind]:
    """The kinds that somebody in this role, who stands so to the case, may open for this purpose."""
    if Relation.RESTRICTED in relations:
        return frozenset()
    allowed: frozenset[ValueKind] = frozenset()
    for needed, purposes, kinds in OPENS.get(role, ()):
        if purpose in purposes and not needed.isdisjoint(relations):
            allowed |= kinds & OPENED_FOR[purpose]
    return allowed
