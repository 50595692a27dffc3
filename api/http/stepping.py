"""What every step of a placement does in the same way: enter, reach the placement, read the body, ask.

Also which offer a step is about, where the caller names none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from fastapi import Request

from api.http.commanding import Asked, ask, invalid
from api.http.entering import enter
from api.http.models.fields import Body
from api.http.reaching import SEEING, reach
from api.http.reading import read_body
from domain.permissions import Action
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import OfferId, PlacementId, ShelterId
from ledger.store.transact import Done
from projections.offered_view import offers_to

_Body = TypeVar("_Body", bound=Body)


async def step(
    request: Request, placement_id: UUID, model: type[_Body], *actions: Action, also: UUID | None = None
) -> tuple[Asked, PlacementId, _Body]:
    """`also` is a second id of the address.

    Errors: problems 401, 429, 403, 404 (none, or none they may know of), then of the body, then of its key.
    """
    entered = await enter(request, *actions)
    known = PlacementId(placement_id)
    await reach(entered, known)
    body = await read_body(request, model)
    named = (placement_id,) if also is None else (placement_id, also)
    return ask(entered, body, *named), known, body


async def must_still_see(asked: Asked, placement_id: PlacementId, done: Done) -> None:
    """For a door that makes the placement, and so reaches none: a repeated receipt tells what was done then,
    and only who may see it now is told. Errors: as `reach`.
    """
    if done.receipt.repeated:
        await reach(replace(asked.entered, actions=SEEING), placement_id)


async def has_been_shown(asked: Asked, position: int | None) -> None:
    """Errors: problem 422 for a position that no page can have shown yet."""
    if position is None:
        return
    places = (await asked.entered.doors.engine.index.catch_up()).places
    if position > places.position:
        raise invalid(
            "/shown_position",
            "NOT_THERE_YET",
            "Il registro non è ancora arrivato a questa posizione.",
            "The log has not reached this position yet.",
        )


def offer_meant(
    state: PlacementState, named: OfferId | None, houses: frozenset[ShelterId] | None
) -> OfferId | Refusal:
    """The offer named; without a name the one held, else the only one there is. An operator's own only."""
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    own = state.offers.values() if houses is None else offers_to(state, houses)
    ids = [offer.offer_id for offer in own]
    if named is not None:
        return named if named in ids else Refusal.OFFER_UNKNOWN
    if state.hold in ids:
        assert state.hold is not None
        return state.hold
    return ids[0] if len(ids) == 1 else Refusal.OFFER_UNKNOWN
