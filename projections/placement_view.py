"""How a placement looks: the coordination sees it whole, a house only what it was offered.

Pure functions from states to values that serialise as they stand. Nothing here reads a store or a clock, so
the same log gives the same bytes. The doors and the pages call it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.codes import PlacementOutcome
from domain.matching.ranking import request_of
from domain.placement.state import Offer, OfferState, Phase, PlacementState
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    CaseId,
    Channel,
    Feature,
    HeldUnit,
    IntakeMode,
    LevelFunction,
    OfferId,
    PlacementId,
    RiskBand,
    Setting,
    ShelterId,
    Urgency,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferView:
    """One hold and the offer made on it, as the coordination sees it."""

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    state: OfferState
    due_at: datetime
    sent: bool
    seen: bool
    conversation_until: datetime | None
    unanswered: bool
    answered_by: AnswerChannel | None
    confirmed_on_screen: bool
    late_yes: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseholdView:
    """Who needs a place: adults, and one age band per child."""

    adults: int
    children: tuple[AgeBand, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementView:
    """A placement as the coordination sees it. Zones are counted, never listed."""

    placement_id: PlacementId
    case_id: CaseId
    version: int
    phase: Phase
    urgency: Urgency
    channel: Channel
    intake_mode: IntakeMode
    level: LevelFunction
    household: HouseholdView
    features_required: tuple[Feature, ...]
    zones_to_avoid_count: int
    risk: RiskBand
    setting: Setting | None
    safe_until: datetime | None
    removal_considered: bool | None
    send_on: bool
    requested_at: datetime
    consent: bool
    stopped: bool
    hold: OfferId | None
    offers: tuple[OfferView, ...]
    woman_accepted: bool
    proximity_checked_by_voice: bool
    outcome: PlacementOutcome | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedView:
    """All that a house sees of an offer before anybody arrives."""

    offer_id: OfferId
    household_size: int
    level: LevelFunction
    due_at: datetime
    state: OfferState


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedPlacementView:
    """A placement as a house sees it: the offers made to this house, and nothing else. No version either: it
    counts what happens with other houses.
    """

    placement_id: PlacementId
    offers: tuple[OfferedView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRequestView:
    """One line of the list of open requests, in the order in which they are owed a place.

    `due_at` is until when the house's answer is awaited: none while nothing is held and once it has said yes.
    """

    placement_id: PlacementId
    version: int
    phase: Phase
    urgency: Urgency
    level: LevelFunction
    intake_mode: IntakeMode
    household_size: int
    requested_at: datetime
    hold: OfferId | None
    due_at: datetime | None
    overdue: bool


def placement_view(placement_id: PlacementId, state: PlacementState, version: int) -> PlacementView:
    """The whole placement, for the coordination. It must have been requested."""
    request = state.request
    assert request is not None, "only a requested placement is shown"
    return PlacementView(
        placement_id=placement_id,
        case_id=request.case_id,
        version=version,
        phase=state.phase,
        urgency=request.urgency,
        channel=request.channel,
        intake_mode=request.intake_mode,
        level=request.level,
        household=HouseholdView(adults=request.household.adults, children=request.household.children),
        features_required=request.features_required,
        zones_to_avoid_count=len(request.zones_to_avoid),
        risk=request.risk,
        setting=request.setting,
        safe_until=request.safe_until,
        removal_considered=request.removal_considered,
        send_on=request.send_on,
        requested_at=request.occurred_at,
        consent=state.consent,
        stopped=state.stopped,
        hold=state.hold,
        offers=tuple(_offer_view(offer) for offer in state.offers.values()),
        woman_accepted=state.woman_accepted,
        proximity_checked_by_voice=state.proximity_checked_by_voice,
        outcome=state.outcome,
    )


def offered_view(
    placement_id: PlacementId, state: PlacementState, houses: frozenset[ShelterId]
) -> OfferedPlacementView:
    """What the operators of these houses see."""
    request = state.request
    assert request is not None, "only a requested placement is shown"
    return OfferedPlacementView(
        placement_id=placement_id,
        offers=tuple(
            OfferedView(
                offer_id=offer.offer_id,
                household_size=request.household.people,
                level=request.level,
                due_at=offer.due_at,
                state=offer.state,
            )
            for offer in offers_to(state, houses)
        ),
    )


def offers_to(state: PlacementState, houses: frozenset[ShelterId]) -> tuple[Offer, ...]:
    """The offers that were really sent to these houses: of a hold not yet offered a house knows nothing."""
    return tuple(offer for offer in state.offers.values() if offer.sent and offer.shelter_id in houses)


def open_requests(
    placements: Iterable[tuple[PlacementId, PlacementState, int]], now: datetime
) -> tuple[OpenRequestView, ...]:
    """Requests that still seek or hold a place, in their order of precedence."""
    seeking = [each for each in placements if each[1].request is not None and not each[1].admitted]
    seeking.sort(key=lambda each: request_of(each[0], each[1]).precedence)
    return tuple(_open_request(*each, now) for each in seeking)


def _open_request(
    placement_id: PlacementId, state: PlacementState, version: int, now: datetime
) -> OpenRequestView:
    request, held = state.request, state.held
    assert request is not None
    return OpenRequestView(
        placement_id=placement_id,
        version=version,
        phase=state.phase,
        urgency=request.urgency,
        level=request.level,
        intake_mode=request.intake_mode,
        household_size=request.household.people,
        requested_at=request.occurred_at,
        hold=state.hold,
        due_at=held.answer_due_at if held is not None else None,
        overdue=held is not None and held.overdue(now),
    )


def _offer_view(offer: Offer) -> OfferView:
    return OfferView(
        offer_id=offer.offer_id,
        shelter_id=offer.shelter_id,
        units=offer.units,
        state=offer.state,
        due_at=offer.due_at,
        sent=offer.sent,
        seen=offer.seen,
        conversation_until=offer.conversation_until,
        unanswered=offer.unanswered,
        answered_by=offer.channel,
        confirmed_on_screen=offer.confirmed,
        late_yes=offer.late_yes,
    )
