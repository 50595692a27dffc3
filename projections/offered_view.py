"""How a placement looks to a house: the offers made to it and whom it took in, and nothing else.

Pure functions from states to values that serialise as they stand. The doors, the news and the pages call it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import Escort
from domain.placement.events import PlacementRequested
from domain.placement.state import Offer, OfferState, PlacementState
from domain.vocabulary import LevelFunction, OfferId, PlacementId, ShelterId


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedView:
    """All that a house sees of an offer: who comes is a number. `expected_at` and `escort` once the handover
    was agreed.
    """

    offer_id: OfferId
    household_size: int
    level: LevelFunction
    due_at: datetime
    state: OfferState
    expected_at: datetime | None
    escort: Escort | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedPlacementView:
    """A placement as a house sees it: the offers made to this house, and nothing else. No version either: it
    counts what happens with other houses.
    """

    placement_id: PlacementId
    offers: tuple[OfferedView, ...]


def offered_view(
    placement_id: PlacementId, state: PlacementState, houses: frozenset[ShelterId]
) -> OfferedPlacementView:
    """What the operators of these houses see."""
    request = state.request
    assert request is not None, "only a requested placement is shown"
    return OfferedPlacementView(
        placement_id=placement_id,
        offers=tuple(_offered_view(offer, state, request) for offer in offers_to(state, houses)),
    )


def offers_to(state: PlacementState, houses: frozenset[ShelterId]) -> tuple[Offer, ...]:
    """The offers that these houses know: those really sent to them, and whom they took in directly. Of a hold
    not yet offered a house knows nothing.
    """
    return tuple(
        offer
        for offer in state.offers.values()
        if offer.shelter_id in houses and (offer.sent or offer.state is OfferState.ACCEPTED)
    )


def _offered_view(offer: Offer, state: PlacementState, request: PlacementRequested) -> OfferedView:
    agreed = state.handover
    agreed = agreed if agreed is not None and agreed.offer_id == offer.offer_id else None
    return OfferedView(
        offer_id=offer.offer_id,
        household_size=request.household.people,
        level=request.level,
        due_at=offer.due_at,
        state=offer.state,
        expected_at=agreed.expected_at if agreed is not None else None,
        escort=agreed.escort if agreed is not None else None,
    )
