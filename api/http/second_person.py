"""Where two must agree, the second is somebody else: not the first, nor anybody whom the first could be."""

from __future__ import annotations

from uuid import UUID

from api.http.entering import Entered
from domain.refusals import Refusal
from domain.world import Decided, Decision


async def tied_to_caller(entered: Entered) -> frozenset[UUID]:
    """For whom the caller is no second person: they themselves among them. Errors: the ledger's."""
    return await entered.doors.identity.independence.tied_to(entered.caller.actor)


def by_another(decided: Decided, first: UUID | None, tied: frozenset[UUID]) -> Decided:
    """What the second person's word leads to: SAME_PERSON where `first` is tied to them."""
    changes = isinstance(decided, Decision) and bool(decided.events)
    return Refusal.SAME_PERSON if changes and first in tied else decided
