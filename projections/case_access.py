"""Who may not see which case, and who may for a while: restrictions, broken glass and escorts, kept in memory
beside the index of places.

Only cases of which something of the kind was ever recorded are known here; of every other it is true that
nobody is kept from it and nobody let in. `projections.places_index` feeds it, the doors ask it.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

from domain import case
from domain.case import (
    CaseAccessRestored,
    CaseAccessRestricted,
    CaseEvent,
    CaseState,
    EscortEntrusted,
    GlassBroken,
)
from domain.event import Event
from domain.vocabulary import CaseId

_ABOUT_ACCESS = (CaseAccessRestricted, CaseAccessRestored, GlassBroken, EscortEntrusted)
_NO_CASES: frozenset[CaseId] = frozenset()


class CaseAccess:
    """Of each case with an exception, its state in this respect; of each person, the cases kept from them."""

    def __init__(self) -> None:
        self._cases: dict[CaseId, CaseState] = {}
        self._kept_from: dict[UUID, frozenset[CaseId]] = {}

    def apply(self, stream: UUID, event: Event) -> None:
        """Take in the next event of the log, whatever it is."""
        if not isinstance(event, _ABOUT_ACCESS):
            return
        case_id = CaseId(stream)
        self._cases[case_id] = case.evolve(self.of(case_id), cast(CaseEvent, event))
        match event:
            case CaseAccessRestricted(actor=actor):
                self._kept_from[actor] = self.kept_from(actor) | {case_id}
            case CaseAccessRestored(actor=actor):
                self._kept_from[actor] = self.kept_from(actor) - {case_id}
            case _:
                pass

    def of(self, case_id: CaseId) -> CaseState:
        """The case as far as access goes: nothing else of it is kept here."""
        return self._cases.get(case_id, case.initial)

    def kept_from(self, actor: UUID) -> frozenset[CaseId]:
        """The cases that are not there for this person."""
        return self._kept_from.get(actor, _NO_CASES)
