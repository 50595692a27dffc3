"""How a placement looks to a house: the offers that stand with it and whom it took in, and nothing else.

Before its yes a house sees how many people come, when, at which level, and whether what it wants known first
is met; afterwards who they are in bands, what they need and the band of risk. Of an offer that has ended it
sees nothing any more. Pure functions from states to values that serialise as they stand. The doors, the news
and the pages call it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.codes import Escort
from domain.matching.places import Places
from domain.permissions import Relation, relation_of_offer
from domain.placement.events import PlacementRequested
from domain.placement.state import Offer, OfferState, PlacementState
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    Criterion,
    Feature,
    LevelFunction,
    OfferId,
    PlacementId,
    RiskBand,
    ShelterId,
    UnitId,
)

Declared = Callable[[UnitId], tuple[Criterion, ...]]
"""What the house wants known before it takes somebody in a unit, by its own declaration."""


class Standing(enum.StrEnum):
    """How an offer stands with its house. OVER: it is not the house's any more, for whatever reason."""

    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    OVER = "OVER"


@dataclass(frozen=True, kw_only=True, slots=True)
class CriterionView:
    """Something the house wants known first, and whether it is met. Not met: nobody has said."""

    criterion: Criterion
    met: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WhoComesView:
    """Who comes, for the house that has said yes."""

    adults: int
    children: tuple[AgeBand, ...]
    features_required: tuple[Feature, ...]
    risk: RiskBand


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedView:
    """All that a house sees of an offer that stands. `units` are its own rooms that are kept for it;
    `expected_at` and `escort` once the handover was agreed; `who_comes` from its yes until they leave.
    `to_confirm`: its yes was recorded from the telephone, and awaits its own word.
    """

    offer_id: OfferId
    units: tuple[UnitId, ...]
    household_size: int
    level: LevelFunction
    due_at: datetime
    state: Standing
    seen: bool
    conversation_until: datetime | None
    to_confirm: bool
    criteria: tuple[CriterionView, ...]
    expected_at: datetime | None
    escort: Escort | None
    not_arrived: bool
    arrived: bool
    who_comes: WhoComesView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedPlacementView:
    """A placement as a house sees it: the offers that stand with this house, and nothing else. No version
    either: it counts what happens with other houses.
    """

    placement_id: PlacementId
    offers: tuple[OfferedView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingOffers:
    """What stands with a house now: what awaits its answer, who is expected, who is there; in each, what is
    due soonest first.
    """

    as_of: datetime
    items: tuple[OfferedPlacementView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AnsweredOfferView:
    """How an offer stands after a step of its house. `due_at` while an answer is awaited."""

    offer_id: OfferId
    state: Standing
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnsweredPlacementView:
    """A placement after a step of a house: how the offers made to it stand, and nothing of who comes."""

    placement_id: PlacementId
    offers: tuple[AnsweredOfferView, ...]


def offered_view(
    placement_id: PlacementId, state: PlacementState, houses: frozenset[ShelterId], declared: Declared
) -> OfferedPlacementView:
    """What the operators of these houses see."""
    request = state.request
    assert request is not None, "only a requested placement is shown"
    shown = (
        _offered_view(offer, state, request, declared)
        for offer in offers_to(state, houses)
        if relation_of_offer(offer, state) is not Relation.FORMERLY_OFFERED
    )
    return OfferedPlacementView(placement_id=placement_id, offers=tuple(shown))


def standing_offers(
    found: Iterable[tuple[PlacementId, PlacementState]], house: ShelterId, declared: Declared, as_of: datetime
) -> StandingOffers:
    """Of placements that have places in this house. A hold that was not offered yet is not among them."""
    shown = (_standing(placement_id, state, house, declared) for placement_id, state in found)
    items = sorted((each for each in shown if each.offers), key=lambda each: _order(each.offers[0]))
    return StandingOffers(as_of=as_of, items=tuple(items))


def answered_view(
    placement_id: PlacementId, state: PlacementState, houses: frozenset[ShelterId]
) -> AnsweredPlacementView:
    """What they are answered to a step of theirs, whatever became of her elsewhere."""
    offers = tuple(_answered(offer, state) for offer in offers_to(state, houses))
    return AnsweredPlacementView(placement_id=placement_id, offers=offers)


def offers_to(state: PlacementState, houses: frozenset[ShelterId]) -> tuple[Offer, ...]:
    """The offers that these houses know of or knew of: those really sent to them, and whom they took in
    directly. Of a hold not yet offered a house knows nothing.
    """
    return tuple(
        offer
        for offer in state.offers.values()
        if offer.shelter_id in houses and relation_of_offer(offer, state) is not None
    )


def declared_in(places: Places) -> Declared:
    """What houses have declared of their units in these places."""

    def of_unit(unit_id: UnitId) -> tuple[Criterion, ...]:
        terms = places.units[unit_id].terms
        return terms.criteria if terms is not None else ()

    return of_unit


def _offered_view(
    offer: Offer, state: PlacementState, request: PlacementRequested, declared: Declared
) -> OfferedView:
    agreed = state.handover
    agreed = agreed if agreed is not None and agreed.offer_id == offer.offer_id else None
    here = relation_of_offer(offer, state) is Relation.ACCEPTED
    return OfferedView(
        offer_id=offer.offer_id,
        units=tuple(held.unit_id for held in offer.units),
        household_size=request.household.people,
        level=request.level,
        due_at=offer.due_at,
        state=Standing(offer.state),
        seen=offer.seen,
        conversation_until=offer.conversation_until,
        to_confirm=here and offer.channel is AnswerChannel.TELEPHONE and not offer.confirmed,
        criteria=_criteria(offer, request, declared),
        expected_at=agreed.expected_at if agreed is not None else None,
        escort=agreed.escort if agreed is not None else None,
        not_arrived=here and state.not_arrived and not state.admitted,
        arrived=here and state.admitted,
        who_comes=_who_comes(request) if here else None,
    )


def _standing(
    placement_id: PlacementId, state: PlacementState, house: ShelterId, declared: Declared
) -> OfferedPlacementView:
    """The one offer that keeps places; not an earlier one of the same house."""
    view = offered_view(placement_id, state, frozenset({house}), declared)
    offers = tuple(offer for offer in view.offers if offer.offer_id == state.hold)
    return replace(view, offers=offers)


def _order(offer: OfferedView) -> tuple[bool, bool, datetime]:
    accepted = offer.state is Standing.ACCEPTED
    return offer.arrived, accepted, offer.expected_at if accepted and offer.expected_at else offer.due_at


def _criteria(offer: Offer, request: PlacementRequested, declared: Declared) -> tuple[CriterionView, ...]:
    wanted = dict.fromkeys(each for held in offer.units for each in declared(held.unit_id))
    return tuple(CriterionView(criterion=each, met=each in request.criteria_met) for each in wanted)


def _who_comes(request: PlacementRequested) -> WhoComesView:
    return WhoComesView(
        adults=request.household.adults,
        children=request.household.children,
        features_required=request.features_required,
        risk=request.risk,
    )


def _answered(offer: Offer, state: PlacementState) -> AnsweredOfferView:
    over = relation_of_offer(offer, state) is Relation.FORMERLY_OFFERED
    awaited = not over and offer.state is OfferState.SENT
    return AnsweredOfferView(
        offer_id=offer.offer_id,
        state=Standing.OVER if over else Standing(offer.state),
        due_at=offer.due_at if awaited else None,
    )
